import subprocess
import sys

from cockpit.runtime.header import Header, installed, make_header, settings_hash


def test_the_hash_does_not_depend_on_the_order_of_keys() -> None:
    one = settings_hash({"a": 1, "b": {"c": [1, 2], "d": None}})
    assert one == settings_hash({"b": {"d": None, "c": [1, 2]}, "a": 1})
    assert one != settings_hash({"a": 1, "b": {"c": [2, 1], "d": None}})
    assert len(one) == 32


def test_a_header_names_what_recorded() -> None:
    header = make_header(created=3, settings={"a": 1}, seed=9, clock_offset=-2, capabilities=["polled"])
    assert header == Header(
        version=installed("cockpit"),
        python=".".join(map(str, sys.version_info[:2])),
        numpy=installed("numpy"),
        scipy=installed("scipy"),
        created=3,
        settings={"a": 1},
        settings_hash=settings_hash({"a": 1}),
        seed=9,
        clock_offset=-2,
        capabilities=("polled",),
    )
    assert header.numpy[0].isdigit()


def test_a_package_that_is_not_there_has_no_version() -> None:
    assert installed("no-such-package-anywhere") == ""


def test_versions_are_read_without_importing() -> None:
    code = (
        "import sys; from cockpit.runtime.header import make_header; make_header(created=0, settings={});"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'scipy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.returncode == 0

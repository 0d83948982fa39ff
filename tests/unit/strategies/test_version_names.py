"""A version by name, with other parameters in brackets."""

import msgspec
import pytest

from cockpit.domain.errors import SettingsError
from cockpit.domain.units import SECOND
from cockpit.strategies.versions import V15, VERSIONS, known, version


@pytest.mark.parametrize("name", VERSIONS)
def test_a_plain_name_is_the_version_itself(name: str) -> None:
    assert version(name) is VERSIONS[name]
    assert known(name)


def test_parameters_are_replaced_however_deep() -> None:
    made = version("V15[threshold=0.03;blend.w=0.5;ttl_ns=10000000000]")
    blend = msgspec.structs.replace(V15.blend, w=0.5)
    assert made == msgspec.structs.replace(V15, threshold=0.03, blend=blend, ttl_ns=10 * SECOND)
    assert version("V15[threshold=none]") == msgspec.structs.replace(V15, threshold=None)
    assert version("homeUnderdog+P[margin=0.03;model=false]") == msgspec.structs.replace(
        VERSIONS["homeUnderdog"],  # type: ignore[type-var]
        margin=0.03,
    )
    assert version("V15[threshold=0.05]") == V15


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("V99", "no strategy version 'V99'; known: V10"),
        ("V15[threshold=0.03", "no strategy version"),
        ("", "no strategy version"),
        ("V15[mood=1]", "no parameter 'mood'; known: blend, theta"),
        ("V15[]", "no parameter ''"),
        ("V15[blend.mood=1]", "no parameter 'mood'; known: w"),
        ("V15[theta.x=1]", "no parameter 'x'; known: none"),
        ("V15[threshold=much]", "threshold: Expected"),
        ("V15[ttl_ns=0.5]", "ttl_ns: Expected"),
        ("V15[gate]", "gate: Expected"),
    ],
)
def test_what_is_none_is_refused_by_name(name: str, why: str) -> None:
    with pytest.raises(SettingsError, match=r"(?s)" + why.replace("[", r"\[")):
        version(name)
    assert not known(name)

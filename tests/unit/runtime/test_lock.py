"""The pen: one process holds it, and however it ends the next one gets it."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

import cockpit
from cockpit.domain.errors import InputError, LockHeld
from cockpit.runtime.lock import Holder, ProfileLock

CHILD = """
import sys
from pathlib import Path
from cockpit.runtime.lock import ProfileLock
lock = ProfileLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
for line in sys.stdin:
    if line == "release\\n":
        lock.release()
        print("released", flush=True)
    else:
        sys.exit()
"""


class Other:
    """Another process that holds the lock."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.pid = process.pid
        assert self.hear() == "held"

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        return self.process.wait()


@contextmanager
def other_holding(path: Path) -> Iterator[Other]:
    environment = os.environ | {"PYTHONPATH": str(Path(cockpit.__file__).parents[1])}
    command = [sys.executable, "-c", CHILD, str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) as process:
        try:
            yield Other(process)
        finally:
            process.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "default.lock"


def test_another_process_holds_it(path: Path) -> None:
    lock = ProfileLock(path)
    with other_holding(path) as other:
        with pytest.raises(LockHeld, match=rf"default\.lock: held by process {other.pid} since \d{{4}}-"):
            lock.acquire()
        assert not lock.held
        holder = lock.holder()
        assert holder is not None
        assert holder.pid == other.pid
        assert abs(datetime.now(UTC) - datetime.fromisoformat(holder.since)).total_seconds() < 600


def test_kill_9_of_the_holder_frees_it(path: Path) -> None:
    lock = ProfileLock(path)
    with other_holding(path) as other:
        other.process.kill()
        assert other.end() == -9
        assert str(other.pid) in path.read_text()
        assert lock.holder() is None
        lock.acquire()
        assert lock.holder() == Holder(os.getpid(), path.read_text().split()[1])
    lock.release()


def test_the_holders_ordinary_end_frees_it(path: Path) -> None:
    with other_holding(path) as other:
        other.tell("end")
        assert other.end() == 0
        with ProfileLock(path) as lock:
            assert lock.held


def test_a_release_frees_it_while_its_holder_lives(path: Path) -> None:
    with other_holding(path) as other:
        other.tell("release")
        assert other.hear() == "released"
        assert ProfileLock(path).holder() is None
        with ProfileLock(path) as lock:
            assert lock.held


def test_a_shorter_name_leaves_nothing_of_a_longer_one(path: Path) -> None:
    path.write_text("1234567 2026-11-23T00:00:00+00:00 and more\n")
    with ProfileLock(path) as lock:
        pid, since = path.read_text().split()
        assert lock.holder() == (os.getpid(), since) == (int(pid), since)


def test_two_objects_of_one_process_exclude_each_other(path: Path) -> None:
    with ProfileLock(path), pytest.raises(LockHeld, match=str(os.getpid())):
        ProfileLock(path).acquire()


def test_reading_the_holder_does_not_stand_in_the_way(path: Path) -> None:
    reader = ProfileLock(path)
    assert reader.holder() is None
    assert not path.exists()
    with ProfileLock(path) as lock:
        assert reader.holder() is not None
        assert reader.holder() == lock.holder()
        assert not reader.held
    assert reader.holder() is None
    with ProfileLock(path):
        pass


def test_a_context_that_raises_gives_it_back(path: Path) -> None:
    lock = ProfileLock(path)
    with pytest.raises(KeyError), lock:
        raise KeyError
    assert not lock.held
    with ProfileLock(path):
        pass


def test_taking_and_giving_twice_is_once(path: Path) -> None:
    lock = ProfileLock(path)
    lock.release()
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()
    with ProfileLock(path):
        pass


def test_a_child_program_does_not_inherit_it(path: Path) -> None:
    lock = ProfileLock(path)
    lock.acquire()
    command = [sys.executable, "-c", "import sys; print('up', flush=True); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"up\n"
        lock.release()
        with ProfileLock(path) as again:
            assert again.held
        process.kill()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "77",
        "one 2026-11-23",
        "-1 2026-11-23",
        "0 2026-11-23",
        f"{'9' * 30} 2026-11-23",
        "1 2 3",
        "\xff\xfe",
    ],
)
def test_a_file_that_names_nobody(path: Path, text: str) -> None:
    path.write_bytes(text.encode("latin-1"))
    assert ProfileLock(path).holder() is None
    with ProfileLock(path) as lock:
        assert lock.held


def test_a_holder_that_has_not_written_its_name_yet(path: Path) -> None:
    with ProfileLock(path):
        path.write_text("")
        with pytest.raises(LockHeld, match=r"default\.lock: held by another process"):
            ProfileLock(path).acquire()


def test_the_file_is_the_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        with ProfileLock(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_place_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing" / "default.lock"):
        lock = ProfileLock(path)
        with pytest.raises(InputError, match="cannot be locked"):
            lock.acquire()
        assert not lock.held
        assert lock.holder() is None

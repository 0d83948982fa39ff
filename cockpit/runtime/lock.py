"""The pen of a profile: one process holds it and writes; others find it held and read.

The kernel gives the lock back when its holder ends, however it ends, so a lock left behind never stands in the way;
only the holder's name stays in the file until the next one writes its own.
"""

import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from cockpit.domain.errors import InputError, LockHeld


class Holder(NamedTuple):
    """Who holds a lock: process id, and when it took it (ISO 8601, UTC)."""

    pid: int
    since: str


class ProfileLock:
    """An exclusive lock on a file; a context manager that takes it and gives it back.

    A process that forks shares the lock with its child until both have ended; a new program does not inherit it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def acquire(self) -> None:
        """Take the lock at once or not at all; nothing happens when this object holds it.

        Raises:
            LockHeld: naming the file and the process that holds it.
            InputError: when the file cannot be opened, or cannot be locked where it lies.
        """
        if self._file is not None:
            return
        try:
            file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise InputError(f"{self.path}: cannot be locked ({error.strerror})") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(file, 0)
            os.pwrite(file, _name_self(), 0)
        except OSError as error:
            os.close(file)
            if isinstance(error, BlockingIOError):
                raise LockHeld(f"{self.path}: held by {self._holder_in_words()}") from None
            raise InputError(f"{self.path}: cannot be locked ({error.strerror})") from None
        self._file = file

    def release(self) -> None:
        """Give the lock back; nothing happens when it is not held."""
        if self._file is None:
            return
        file, self._file = self._file, None
        try:
            os.ftruncate(file, 0)
        finally:
            os.close(file)

    def holder(self) -> Holder | None:
        """Who holds the lock, read without touching it; None when nobody does.

        It is what the file says, if that process is alive. To know, acquire.
        """
        try:
            pid, since = self.path.read_text(encoding="ascii").split()
            holder = Holder(int(pid), since)
        except (OSError, ValueError):
            return None
        return holder if _alive(holder.pid) else None

    def _holder_in_words(self) -> str:
        holder = self.holder()
        if holder is None:
            return "another process"
        return f"process {holder.pid} since {holder.since}"


def _name_self() -> bytes:
    return f"{os.getpid()} {datetime.now(UTC).isoformat(timespec='seconds')}\n".encode("ascii")


def _alive(pid: int) -> bool:
    """Whether a process of this number exists; signal 0 only asks."""
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True

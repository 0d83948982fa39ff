"""A profile's place on the disk: its lock, its journal, its recordings. One cockpit holds the pen, others read."""

from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from cockpit.domain.errors import InputError, LockHeld, OutputError
from cockpit.engine.engine import Engine, restore
from cockpit.engine.restart import resume
from cockpit.runtime.journal import Journal
from cockpit.runtime.lock import ProfileLock
from cockpit.settings.files import data_dir
from cockpit.settings.tree import Settings


class Profile:
    """An open profile; a context manager that gives back the pen.

    ``held`` names who holds the pen when it is not us; then nothing is written, and the account is as of its last
    commit.

    Raises:
        OutputError: when its folder cannot be made.
        InputError: when its lock or journal cannot be opened.
    """

    def __init__(self, settings: Settings, *, root: Path | None = None) -> None:
        self.folder = (root or data_dir()) / settings.profile
        self.sessions = sessions_folder(settings, root=root)
        for folder in (self.folder, self.sessions):
            _make(folder)
        self.held = ""
        self._lock = ProfileLock(self.folder / "lock")
        try:
            self._lock.acquire()
        except LockHeld as error:
            self.held = str(error)
        self.journal: Journal | None = None
        path = self.folder / "journal.sqlite3"
        try:
            if not self.held or path.exists():
                self.journal = Journal(path, read_only=bool(self.held))
        except BaseException:
            self._lock.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back."""
        if self.journal is not None:
            self.journal.close()
        self._lock.release()

    def engine(self, settings: Settings, now: int, polled: tuple[str, ...] = ()) -> Engine:
        """An engine that goes on from the stored account, or from nothing.

        Raises:
            InputError: when the account is not one of this version's.
        """
        stored = self.journal.account() if self.journal is not None else None
        try:
            state = restore(stored) if stored is not None else None
        except msgspec.MsgspecError as error:
            raise InputError(
                f"{self.folder}: the stored account is not one of this version's ({error})"
            ) from None
        config = settings.engine(polled=polled)
        return Engine(config, resume(state, now) if state is not None else None)


def sessions_folder(settings: Settings, *, root: Path | None = None) -> Path:
    """Where a profile's recordings go."""
    if settings.record.folder:
        return Path(settings.record.folder).expanduser()
    return (root or data_dir()) / settings.profile / "sessions"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror}") from None

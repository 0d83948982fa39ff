"""The recording of a live run, in one file after another: by size, by time, and anew after a disk was full."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cockpit.domain.errors import OutputError
from cockpit.domain.units import SECOND
from cockpit.engine.engine import Engine
from cockpit.runtime.header import make_header
from cockpit.runtime.recorder import Recorder
from cockpit.settings.tree import Settings

AGAIN_NS = 10 * SECOND
"""How long after a failure the recording is tried again."""
MEGA = 1_000_000


class Reel:
    """Begins the files of a run. Times are ns UTC.

    Args:
        folder: where they go, or the first file's own path when ``first`` is given.
        settings: recorded in every header, without anything secret.
        capabilities: what the recordings hold; see `cockpit.runtime.header.Header`.
        first: a path for the first file instead of a name made from the time.
        offset: tells the clock's present offset, ns.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        capabilities: Iterable[str],
        *,
        first: Path | None = None,
        overwrite: bool = False,
        offset: Callable[[], int] = lambda: 0,
        seed: int = 0,
    ) -> None:
        self.folder = first.absolute().parent if first is not None else folder
        self._settings = settings
        self._capabilities = tuple(capabilities)
        self._first = self._named = first
        self._overwrite = overwrite
        self._offset = offset
        self._seed = seed
        self._began = 0
        self._failed_at = 0
        self.trouble = ""
        """Why nothing is recorded; empty while it is."""
        self.recorder: Recorder | None = None
        self.done = 0
        """Bytes in the files before this one."""

    def check(self) -> None:
        """Make the folder, and refuse early what would be refused late.

        Raises:
            OutputError: when the folder cannot be made, or the first file exists already.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"{self.folder}: {error.strerror}") from None
        if self._first is not None and self._first.exists() and not self._overwrite:
            raise OutputError(f"{self._first}: exists already")

    def begin(self, engine: Engine, now: int) -> Recorder:
        """The next file, opening with the engine as it is.

        Raises:
            OutputError: when it cannot be made.
        """
        header = make_header(
            created=now,
            settings=self._settings.public(),
            seed=self._seed,
            clock_offset=self._offset(),
            capabilities=self._capabilities,
        )
        path = self._path(now)
        recorder = Recorder(path, header, engine.opening(), overwrite=self._overwrite and path == self._named)
        self.done += self.recorder.size if self.recorder is not None else 0
        self.recorder, self._began, self.trouble = recorder, now, ""
        return recorder

    def due(self, now: int) -> bool:
        """Whether a new file is to be begun: the old one is large or old enough, or was lost a while ago."""
        if self.trouble:
            return now - self._failed_at >= AGAIN_NS
        record, recorder = self._settings.record, self.recorder
        if recorder is None:
            return False
        return (
            recorder.size >= record.rotate_mb * MEGA or now - self._began >= record.rotate_min * 60 * SECOND
        )

    def failed(self, error: OutputError, now: int) -> None:
        """The recording ended against our will, or could not be begun."""
        self.trouble, self._failed_at = str(error), now
        if self.recorder is not None:
            self.done += self.recorder.size
            with suppress(OutputError):
                self.recorder.close()
            self.recorder = None

    def words(self) -> str:
        """What is recorded, for a status line."""
        if self.recorder is None:
            return ""
        return f"{self.recorder.path.name} {(self.recorder.size + self.done) / MEGA:.1f} MB"

    def free(self) -> int | None:
        """Bytes free on the disk; None when nobody can say."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError:
            return None

    def _path(self, now: int) -> Path:
        """A name that does not exist yet."""
        first, self._first = self._first, None
        if first is not None:
            return first
        when = datetime.fromtimestamp(now // SECOND, UTC)
        stem = f"{when:%Y%m%dT%H%M%SZ}"
        if self._named is not None:
            stem = f"{self._named.name.removesuffix('.jsonl.zst')}-{stem}"
        path, number = self.folder / f"{stem}.jsonl.zst", 1
        while path.exists():
            number += 1
            path = self.folder / f"{stem}-{number}.jsonl.zst"
        return path

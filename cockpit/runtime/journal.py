"""The journal: what was decided, ordered, filled and settled, and the account, in one SQLite file.

    listen(effects)            rows wait in memory
    commit(opening, seq, ts)   they and the account are written in one transaction: both, or neither
    post(opening, seq, ts)     the same in a thread, while the run goes on

A process killed at any moment leaves the account of the last commit and exactly the rows that led to it, so that the
next run goes on from there. With WAL and ``synchronous=NORMAL`` a power cut may lose the last commits, whole ones.
Ending a run loses nothing only if the last thing done is a commit.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from cockpit.domain.effects import Effect
from cockpit.domain.errors import InputError
from cockpit.engine.engine import restore
from cockpit.runtime import tables
from cockpit.runtime.pen import Entered, Entry, Pen, faults
from cockpit.runtime.scribe import Change, Scribe
from cockpit.runtime.tables import (
    AlertRow,
    DecisionRow,
    FillRow,
    OrderRow,
    PairRow,
    PositionRow,
    QueueRow,
    SettlementRow,
    TicketRow,
)

_BUSY = 1.0
"""Seconds to wait for another process that writes; the lock file keeps there from being one."""

_R = TypeVar("_R", bound=msgspec.Struct)


class Journal:
    """One profile's journal; a context manager. Reads see what is committed.

    A read-only one hears and writes nothing, and may stand beside the one that writes.

    Raises:
        InputError: by any method, naming the file: when it cannot be opened, read or written, is damaged, is not a
            journal, or is of a newer version than this program's.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        self._scribe = Scribe(None)
        self._heard: list[Change] = []
        self._pairs: Mapping[str, str] = {}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._posted: tuple[Entry, Future[Entered]] | None = None
        with faults(path, "opened"):
            self._db = _connect(path, read_only=read_only)
        self._pen = Pen(self._db, path)
        try:
            with faults(path, "opened"):
                self._prepare()
            self._go_on()
        except BaseException:
            self._db.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file. What was heard since the last commit belongs to no account and is not written."""
        self._thread.shutdown()
        self._db.close()

    # ------------------------------------------------------------------ writing

    def begin(self, opening: bytes) -> None:
        """Say that a run starts from another state than the stored account, to which this journal belongs too.

        Its effects, if they were heard before, are known by their keys and change nothing. What was heard and not
        committed is dropped.

        Raises:
            msgspec.MsgspecError: when it is not an opening of this program's.
        """
        self._arrived()
        self._scribe = Scribe(restore(opening))
        self._heard = []
        self._pairs = {}

    def listen(self, effects: Sequence[Effect]) -> None:
        """Hear a run of effects; a session's listener."""
        if not self.read_only:
            for effect in effects:
                self._heard += self._scribe.changes(effect)

    def commit(self, opening: bytes, seq: int, ts: int) -> None:
        """Write all that was heard, and the state it led to, in one transaction.

        After an error nothing is written and all is still held for the next commit.

        Args:
            opening: the canonical engine state after the last effect heard.
            seq: number of the last input it includes.
            ts: that input's time, ns UTC.

        Raises:
            InvariantError: when the rows do not belong to what the journal holds: an order's number given twice, or
                an order that was never placed.
            msgspec.MsgspecError: when it is not an opening of this program's.
        """
        if self.read_only:
            return
        self._arrived()
        entry = self._entry(opening, seq, ts)
        try:
            entered = self._pen.write(entry)
        except BaseException:
            self._heard = entry.rows
            raise
        self._take_note(entered)

    def post(self, opening: bytes, seq: int, ts: int) -> None:
        """`commit` in a thread of its own: disks make whoever writes wait. It is one commit, as whole as any other.

        One goes after the other: this waits for the one before; see `writing`.

        Raises:
            InputError, InvariantError: what went wrong with the one before; this one has all that was to be written.
        """
        if self.read_only:
            return
        error = self._arrived()
        entry = self._entry(opening, seq, ts)
        self._posted = entry, self._thread.submit(self._pen.write, entry)
        if error is not None:
            raise error

    @property
    def writing(self) -> bool:
        """Whether something posted is still being written."""
        return self._posted is not None and not self._posted[1].done()

    def _entry(self, opening: bytes, seq: int, ts: int) -> Entry:
        """All that was heard, with the state it led to; hearing begins anew."""
        rows, self._heard = self._heard, []
        scribe = self._scribe
        return Entry(rows, opening, seq, ts, frozenset(scribe.working), scribe.numbered, self._pairs)

    def _arrived(self) -> BaseException | None:
        """Wait for what was posted; what went wrong, when its rows are again to be written."""
        if self._posted is None:
            return None
        (entry, written), self._posted = self._posted, None
        error = written.exception()
        if error is None:
            self._take_note(written.result())
        else:
            self._heard = entry.rows + self._heard
        return error

    def _take_note(self, entered: Entered) -> None:
        self._scribe.working -= entered.filled
        self._scribe.forget(entered.over)
        self._pairs = entered.pairs

    # ------------------------------------------------------------------ reading

    def account(self) -> bytes | None:
        """The canonical engine state as of the last commit; None before the first."""
        with self._reading():
            row = self._db.execute("SELECT opening FROM account").fetchone()
        return bytes(row[0]) if row else None

    def committed(self) -> tuple[int, int] | None:
        """``seq`` and ``ts`` of the last commit; None before the first."""
        with self._reading():
            row: tuple[int, int] | None = self._db.execute("SELECT seq, ts FROM account").fetchone()
        return row

    def cash(self) -> dict[str, int]:
        """Money units by lane, of lanes that have had a fill."""
        with self._reading():
            return dict(self._db.execute("SELECT lane, amount FROM cash ORDER BY lane").fetchall())

    def tickets(self, lane: str | None = None, since: int = 0) -> list[TicketRow]:
        """Proposals by the time they were raised, those from ``since`` on."""
        return self._rows(TicketRow, tables.TICKETS, lane=lane, since=since)

    def decisions(self, since: int = 0) -> list[DecisionRow]:
        """What was done and refused, halted and resumed. The same thing said twice in one nanosecond is one row."""
        return self._rows(DecisionRow, tables.DECISIONS, since=since)

    def orders(self, lane: str | None = None, since: int = 0, *, working: bool = False) -> list[OrderRow]:
        """Orders by the time they were sent, those from ``since`` on; ``working``: those that have not ended."""
        return self._rows(OrderRow, tables.ORDERS, lane=lane, since=since, working=working)

    def fills(self, lane: str | None = None, since: int = 0) -> list[FillRow]:
        """Fills under all rules by time, those from ``since`` on."""
        return self._rows(FillRow, tables.FILLS, lane=lane, since=since)

    def positions(self, lane: str | None = None) -> list[PositionRow]:
        """The newest position of each lane and market that has had a fill, flat ones included."""
        return self._rows(PositionRow, tables.POSITIONS, lane=lane)

    def settlements(self, lane: str | None = None, since: int = 0) -> list[SettlementRow]:
        """Settlements by time, those from ``since`` on; the last of a lane and market is the one that stands."""
        return self._rows(SettlementRow, tables.SETTLEMENTS, lane=lane, since=since)

    def alerts(self, since: int = 0) -> list[AlertRow]:
        """What a person was told, strategy failures among it. The same thing twice in one nanosecond is one row."""
        return self._rows(AlertRow, tables.ALERTS, since=since)

    def queues(self, since: int = 0) -> list[QueueRow]:
        """Reported queue positions of real orders beside our own, by time, those from ``since`` on."""
        return self._rows(QueueRow, tables.QUEUES, since=since)

    def pairs(self) -> list[PairRow]:
        """What a person said of pairs, by name."""
        return self._rows(PairRow, tables.PAIRS)

    def _rows(self, row: type[_R], statement: str, **values: str | int | None) -> list[_R]:
        fields = row.__struct_fields__
        with self._reading():
            found = self._db.execute(statement, values).fetchall()
            return [msgspec.convert(dict(zip(fields, one, strict=True)), row, strict=False) for one in found]

    # ------------------------------------------------------------------ the file

    def _prepare(self) -> None:
        """Know the file for a journal, and bring an older one up to date.

        Nothing is changed before it is known: not a foreign file's mode either.
        """
        version = _version(self._db, self.path)
        if self.read_only:
            if version < len(tables.MIGRATIONS):
                raise InputError(
                    f"{self.path}: version {version} is older than this program's; open it to write"
                )
            return
        self.path.chmod(0o600)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA foreign_keys = ON")
        for number in range(version, len(tables.MIGRATIONS)):
            self._db.executescript(
                f"BEGIN IMMEDIATE; {tables.MIGRATIONS[number]}; PRAGMA application_id = {tables.APPLICATION};"
                f" PRAGMA user_version = {number + 1}; COMMIT"
            )

    def _go_on(self) -> None:
        """Go on from the stored account."""
        opening = None if self.read_only else self.account()
        if opening is not None:
            try:
                self.begin(opening)
            except msgspec.MsgspecError as error:
                raise InputError(f"{self.path}: its account is not one of this version's ({error})") from None

    def _reading(self) -> AbstractContextManager[None]:
        """Around a question, which waits for what is being written."""
        if self._posted is not None:
            wait((self._posted[1],))
        return faults(self.path, "read")


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open a file, a new one with mode 0600; nothing is read from it yet."""
    if not read_only:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    mode = "ro" if read_only else "rw"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_BUSY,
        check_same_thread=False,
    )


def _version(db: sqlite3.Connection, path: Path) -> int:
    """The schema version of a journal; 0 for an empty file.

    Raises:
        InputError: for another program's database, or a newer version.
    """
    application, version, tables_held = (
        db.execute(question).fetchone()[0]
        for question in ("PRAGMA application_id", "PRAGMA user_version", "SELECT count(*) FROM sqlite_master")
    )
    if application != tables.APPLICATION and (application or version or tables_held):
        raise InputError(f"{path}: a database, but not a journal")
    if version > len(tables.MIGRATIONS):
        raise InputError(
            f"{path}: version {version} is newer than this program reads ({len(tables.MIGRATIONS)})"
        )
    return int(version)

"""What one commit of the journal writes, in one transaction, on whichever thread it is asked to."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec

from cockpit.domain.errors import InputError, InvariantError
from cockpit.runtime import tables
from cockpit.runtime.scribe import Change


class _Lane(msgspec.Struct):
    working: dict[str, str] = {}


class _Own(msgspec.Struct):
    id: str


class _Level(msgspec.Struct):
    orders: list[_Own] = []


class _Rest(msgspec.Struct):
    levels: dict[str, _Level] = {}


class _Market(msgspec.Struct):
    rest: _Rest = msgspec.field(default_factory=_Rest)


class _Told(msgspec.Struct):
    """As much of a state as a commit reads: what no effect tells."""

    lanes: dict[str, _Lane] = {}
    pairs: dict[str, str] = {}
    markets: dict[str, _Market] = {}

    def working(self) -> set[str]:
        """The ids of the orders that have not ended under their own rule."""
        return {name for lane in self.lanes.values() for name in lane.working}

    def resting(self) -> set[str]:
        """The ids of the orders that may still be filled under some rule."""
        levels = (level for market in self.markets.values() for level in market.rest.levels.values())
        return {order.id for level in levels for order in level.orders}


_TOLD = msgspec.json.Decoder(_Told | None)


class Entry(NamedTuple):
    """One commit: a state, and the rows that led to it from the one before. Nobody changes it once it is made."""

    rows: list[Change]
    opening: bytes
    seq: int
    """Number of the last input the state includes."""
    ts: int
    """That input's time, ns UTC."""
    working: frozenset[str]
    """Orders that had not ended, as far as effects told."""
    numbered: frozenset[str]
    """Orders whose fills are numbered."""
    pairs: Mapping[str, str]
    """What a person had said of pairs by the commit before."""


class Entered(NamedTuple):
    """What a commit found that no effect had told."""

    filled: set[str]
    """Orders that had been filled up."""
    over: set[str]
    """Orders that no fill can come for any more, under any rule."""
    pairs: Mapping[str, str]


class Pen:
    """Writes into one database. Not for two threads at once."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self._db = db
        self._path = path

    def write(self, entry: Entry) -> Entered:
        """Write all of it or nothing.

        Raises:
            InputError: when the file cannot be written.
            InvariantError: when the rows do not belong to what the journal holds.
            msgspec.MsgspecError: when the opening is not one of this program's.
        """
        told = _TOLD.decode(entry.opening) or _Told()
        working = told.working()
        filled = entry.working - working
        with faults(self._path, "written"), self._transaction():
            for statement, values in chain(entry.rows, _untold(entry, filled, told.pairs)):
                if self._db.execute(statement, values).rowcount != 1:
                    raise InvariantError(f"{self._path}: the journal holds otherwise: {values}")
            self._db.execute(tables.ACCOUNT, (entry.opening, entry.seq, entry.ts))
        return Entered(set(filled), set(entry.numbered - working - told.resting()), told.pairs)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.IntegrityError):
                raise InvariantError(f"{self._path}: {error}") from None
            raise


def _untold(entry: Entry, filled: frozenset[str], pairs: Mapping[str, str]) -> Iterator[Change]:
    """What a state tells and no effect does: orders that were filled up, and a person's word on pairs."""
    for name in sorted(filled):
        yield tables.FILLED_UP, (name,)
    for pair, rules_hash in sorted(pairs.items() - entry.pairs.items()):
        yield tables.PAIRED, (pair, rules_hash, entry.ts)


@contextmanager
def faults(path: Path, done: str) -> Iterator[None]:
    """Tell what goes wrong with the file as an error that names it."""
    try:
        yield
    except (sqlite3.Error, OSError, msgspec.ValidationError) as error:
        raise InputError(f"{path}: the journal cannot be {done} ({error})") from None

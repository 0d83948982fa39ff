"""Copies of a session for other tools: plain JSON Lines, and Parquet. A copy is never the primary record.

Parquet columns hold the integer units of `cockpit.domain.units`; the session's header stands in each file's schema
metadata under "cockpit.header".
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import msgspec

from cockpit.domain.errors import FeedError, InputError, OutputError
from cockpit.domain.events import BookDelta, BookSnapshot, Event, SpotTick, Trade
from cockpit.feeds.base import Feed
from cockpit.runtime.reader import Line, SessionFile
from cockpit.runtime.recorder import create

_ROWS = 65_536

COLUMNS: dict[str, str] = {
    "frames": "n:int64 t:int64 source:string url:string status:int64 payload:string payload_base64:string",
    "deltas": "n:int64 t:int64 ex:int64 market:string side:int8 price:int64 qty:int64",
    "snapshots": "n:int64 t:int64 ex:int64 market:string bid_price:list bid_qty:list ask_price:list ask_qty:list",
    "trades": "n:int64 t:int64 ex:int64 market:string price:int64 qty:int64 taker:int8 id:string block:bool_ backfill:bool_",
    "spot": "n:int64 t:int64 ex:int64 source:string symbol:string price:int64 qty:int64 taker:int8 bid:int64 ask:int64",
}
"""File name -> its columns and their Arrow types; "list" is a list of int64."""


class Exported(msgspec.Struct, frozen=True):
    """How many rows each file got, and how many frames their feed could not read (they are among "frames")."""

    rows: dict[str, int]
    refused: int


def export_jsonl(session: SessionFile, out: Path) -> int:
    """Copy a session's lines, header and opening included, into a plain file. Returns the number of lines.

    Raises:
        OutputError: when ``out`` exists or cannot be written.
    """
    lines = 0
    with _new_files(out) as new:
        file = new(out)
        for text in session.texts():
            lines += text.count(b"\n")
            file.write(text)
    return lines


def export_parquet(session: SessionFile, directory: Path, feeds: Mapping[str, Feed]) -> Exported:
    """Write ``frames``, ``deltas``, ``snapshots``, ``trades`` and ``spot`` ``.parquet`` into a directory.

    Args:
        session: what to copy.
        directory: made if missing; none of the files may exist.
        feeds: source prefix -> the feed that reads its frames; the longest prefix counts, no feed means frames only.

    Raises:
        InputError: when pyarrow is not installed.
        OutputError: when a file exists or cannot be written.
    """
    arrow = _arrow()
    refused = 0
    with _new_files(directory) as new, ExitStack() as stack:
        directory.mkdir(parents=True, exist_ok=True)
        head = msgspec.json.encode(session.header)
        tables = {
            name: stack.enter_context(_Table(arrow, new(directory / f"{name}.parquet"), columns, head))
            for name, columns in COLUMNS.items()
        }
        for line in _frames(session):
            tables["frames"].add(_frame_row(line))
            try:
                events = _feed_events(line, feeds)
            except FeedError:
                refused += 1
                continue
            for event in events:
                if row := _event_row(event):
                    tables[row[0]].add((line.n, line.t, *row[1]))
    return Exported({name: table.rows for name, table in tables.items()}, refused)


@contextmanager
def _new_files(target: Path) -> Iterator[Callable[[Path], BinaryIO]]:
    """A maker of new files, closed at the end; if anything fails the files it made are removed again."""
    made: list[Path] = []
    try:
        with ExitStack() as stack:

            def new(path: Path) -> BinaryIO:
                file = stack.enter_context(io.BufferedWriter(create(path)))
                made.append(path)
                return file

            yield new
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(f"{target}: {error.strerror or error}") from None
        raise


def _arrow() -> ModuleType:
    try:
        import pyarrow.parquet
    except ImportError:
        raise InputError("a Parquet copy needs pyarrow: pip install 'cockpit[parquet]'") from None
    module: ModuleType = pyarrow
    return module


def _frames(session: SessionFile) -> Iterator[Line]:
    for block in session.blocks():
        yield from (line for line in block if line.s != "digest")


def _feed_events(line: Line, feeds: Mapping[str, Feed]) -> Sequence[Event]:
    found = max((prefix for prefix in feeds if line.s.startswith(prefix)), key=len, default=None)
    return () if found is None else feeds[found].receive(line)


def _frame_row(line: Line) -> tuple[Any, ...]:
    text = (
        None
        if line.b is not None
        else line.x
        if line.x is not None
        else bytes(line.d).decode(errors="replace")
    )
    return (line.n, line.t, line.s, line.u, line.st, text, line.b)


def _event_row(event: Event) -> tuple[str, tuple[Any, ...]] | None:
    """The file an event belongs to and its columns after ``n`` and ``t``; None for events no file holds."""
    match event:
        case BookDelta():
            return "deltas", (event.ex, event.market, event.side, event.price, event.qty)
        case BookSnapshot():
            bids, asks = _columns(event.bids), _columns(event.asks)
            return "snapshots", (event.ex, event.market, *bids, *asks)
        case Trade(ex=ex, market=market, price=price, qty=qty, taker=taker):
            return "trades", (ex, market, price, qty, taker, event.id, event.block, event.backfill)
        case SpotTick(ex=ex, price=price, qty=qty, taker=taker):
            return "spot", (ex, event.source, event.symbol, price, qty, taker, event.bid, event.ask)
        case _:
            return None


def _columns(levels: tuple[tuple[int, int], ...]) -> tuple[list[int], list[int]]:
    return [price for price, _ in levels], [qty for _, qty in levels]


class _Table:
    """One Parquet file, written in groups of rows; a context manager."""

    def __init__(self, arrow: ModuleType, file: BinaryIO, columns: str, head: bytes) -> None:
        self.rows = 0
        self._arrow = arrow
        fields = [column.split(":") for column in columns.split()]
        types = {name: getattr(arrow, kind)() for name, kind in fields if kind != "list"}
        self._schema = arrow.schema(
            [(name, types.get(name) or arrow.list_(arrow.int64())) for name, _ in fields],
            metadata={"cockpit.header": head},
        )
        self._pending: list[tuple[Any, ...]] = []
        self._writer = arrow.parquet.ParquetWriter(file, self._schema, compression="zstd")

    def add(self, row: tuple[Any, ...]) -> None:
        self._pending.append(row)
        self.rows += 1
        if len(self._pending) >= _ROWS:
            self._flush()

    def _flush(self) -> None:
        columns = list(zip(*self._pending, strict=True)) or [()] * len(self._schema)
        arrays = [
            self._arrow.array(column, type=field.type)
            for column, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))
        self._pending = []

    def __enter__(self) -> "_Table":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._writer.close()

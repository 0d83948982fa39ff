"""Other people's captures, made into session files: newline-delimited JSON, one frame a line, plain or compressed.

The payload of a frame is the bytes that stand in the line, untouched. Nothing is sorted inside a file: its order is
the order of arrival, and a clock that went back is held, and counted. Several files are merged by time, those
named first coming first. Rows of pairs (`cockpit.feeds.tops`) and of temperature markets (`cockpit.feeds.temperatures`) are no
stream but a table: they alone are put in the order of their times.
"""

import heapq
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from cockpit.domain.errors import OutputError, SessionError, SettingsError
from cockpit.domain.units import SECOND
from cockpit.feeds import temperatures, tops
from cockpit.runtime.header import Header
from cockpit.runtime.inflate import INFLATERS, inflate, whole_lines
from cockpit.runtime.recorder import Recorder

BAD = "import.bad"
"""The source under which lines are kept that hold no frame."""
UNITS = {"s": SECOND, "ms": 1_000_000, "us": 1_000, "ns": 1}

_CHUNK = 65_536
_PATIENCE = 1_000
"""Lines without a frame at a file's beginning before it is called foreign."""
_FAR = 1 << 63

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
# bounded, because an exponent of many digits would make an integer of as many
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """Where a line keeps what. Field names may lead inwards ("msg.ts_ms").

    The default is ``{"recv_ns":int,"source":"kalshi.ws","frame":{...},"url":...}``; a line that names a schema of a
    table we know instead is known by that, and is the frame itself.
    """

    source: str = ""
    """The source of every frame; "" reads it from ``source_field``."""
    source_field: str = "source"
    frame_field: str = "frame"
    """The frame: any JSON value, or a string that holds the frame's text; "" or "." makes the line the frame."""
    time_field: str = "recv_ns"
    """The receive time: a number (or its text) in ``time_unit``, or RFC 3339 text."""
    time_unit: str = "ns"
    url_field: str = "url"


TICK = "tick"
_TABLES = {
    **dict.fromkeys(tops.SCHEMAS, Form(source=tops.SOURCE, frame_field=".", time_field=tops.TIME_FIELD)),
    **dict.fromkeys(
        temperatures.SCHEMAS, Form(source=temperatures.SOURCE, frame_field=".", time_field=tops.TIME_FIELD)
    ),
}
"""Schemas whose rows say what they are themselves."""
_ROWS = frozenset(form.source for form in _TABLES.values())


class Report(msgspec.Struct, frozen=True):
    """What an import did. Times are ns UTC."""

    frames: int
    bad: int
    first_bad: str
    """File, line and reason of the first line that holds no frame; "" when there is none."""
    backwards: int
    """Lines whose clock was behind the line before; they carry that line's time."""
    torn: tuple[str, ...]
    """Files that end early or are damaged, and where."""
    capabilities: tuple[str, ...]
    first_t: int
    last_t: int
    ticks: int = 0
    """Lines added after rows of pairs: time passing."""
    derived: int = 0
    """Rows of pairs with a side that was derived, not quoted: it is passed over when they are read."""
    unmapped: int = 0
    """Minute candles of markets that their map does not have: they are passed over."""


class Record(NamedTuple):
    """A line to write."""

    t: int
    source: str
    payload: bytes
    url: str | None


class Tally:
    """What the reading of all inputs has met so far."""

    def __init__(self, total: int, progress: Callable[[int, int], None] | None) -> None:
        self.total = total
        self.read = self.bad = self.backwards = self.derived = self.ticks = self.unmapped = 0
        self.first_bad = ""
        self.torn: list[str] = []
        self._progress = progress

    def advance(self, size: int) -> None:
        """So many bytes more were read."""
        self.read += size
        if self._progress:
            self._progress(self.read, self.total)

    def refuse(self, place: str, reason: Exception) -> None:
        """A line holds no frame."""
        self.bad += 1
        self.first_bad = self.first_bad or f"{place}: {reason}"


def import_captures(
    inputs: Sequence[Path],
    out: Path,
    *,
    form: Form,
    header: Header,
    opening: bytes = b"null",
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Write one session file from captures, each in its own order, merged by time (ties: order of ``inputs``).

    Args:
        inputs: captures, plain or .gz, .xz, .zst, .bz2 (told by their first bytes).
        out: the session file to write.
        form: where a line keeps what.
        header: its capabilities are completed: "imported" always, "no_trades" when no trade frame occurs.
        opening: the engine state to start from, one JSON value.
        overwrite: replace ``out``.
        progress: called with (bytes done, bytes in all) of two passes over the inputs.

    Raises:
        SessionError: an input that is missing or holds no frame.
        OutputError: an output that exists or cannot be written.
    """
    checked(inputs, out, form)
    sizes = sum(path.stat().st_size for path in inputs)
    tally = Tally(2 * sizes, progress)
    trades = any(_is_trade(record) for path in inputs for record in _records(path, form, tally))
    found = ["imported"] if trades else ["imported", "no_trades"]
    capabilities = tuple(dict.fromkeys([*header.capabilities, *found]))
    tally = Tally(2 * sizes, progress)
    tally.read = sizes
    complete = msgspec.structs.replace(header, capabilities=capabilities)
    with Recorder(out, complete, opening, overwrite=overwrite) as recorder:
        frames, first_t, last_t = copied(
            [_arranged(_records(path, form, tally), tally) for path in inputs], recorder
        )
    return Report(
        frames=frames - tally.bad - tally.ticks,
        bad=tally.bad,
        first_bad=tally.first_bad,
        backwards=tally.backwards,
        torn=tuple(tally.torn),
        capabilities=capabilities,
        first_t=first_t,
        last_t=last_t,
        derived=tally.derived,
        ticks=tally.ticks,
    )


def checked(inputs: Sequence[Path], out: Path, form: Form) -> None:
    """Raise what `import_captures` raises of its arguments."""
    if not inputs:
        raise SettingsError("no capture to import")
    if form.time_unit not in UNITS:
        raise SettingsError(f"time unit {form.time_unit!r} is none of {', '.join(UNITS)}")
    for path in inputs:
        if not path.is_file():
            raise SessionError(f"{path}: {'not a file' if path.exists() else 'no such file'}")
        if path.resolve() == out.resolve():
            raise OutputError(f"{path}: is both input and output")


def copied(streams: list[Iterator[Record]], recorder: Recorder) -> tuple[int, int, int]:
    """Record the merged streams; returns lines written, first and last time. Half a session is never left behind."""
    n = first_t = last_t = 0
    try:
        for record in heapq.merge(*streams, key=attrgetter("t")):
            n, last_t = n + 1, record.t
            first_t = first_t if n > 1 else last_t
            recorder.write(n, record.t, record.source, record.payload, record.url)
    except BaseException:
        recorder.path.unlink(missing_ok=True)
        raise
    return n, first_t, last_t


def _arranged(records: Iterator[Record], tally: Tally) -> Iterator[Record]:
    """A stream as it came; rows of pairs are a table, whose order says nothing, and go by their own times."""
    head: list[Record] = []
    for record in records:
        head.append(record)
        if record.source != BAD:
            break
    rows = bool(head) and head[-1].source in _ROWS
    yield from with_ticks(sorted((*head, *records), key=attrgetter("t")), tally) if rows else head
    yield from records


def with_ticks(rows: list[Record], tally: Tally) -> Iterator[Record]:
    """Rows, and time passing after each run of them: what is reckoned once a second is reckoned while they are young."""
    for row, after in pairwise((*rows, None)):
        if row is not None:
            yield row
            if after is None or after.t - row.t > SECOND:
                tally.ticks += 1
                yield Record(row.t + SECOND, TICK, b"null", None)


def _records(path: Path, form: Form, tally: Tally) -> Iterator[Record]:
    """A file's frames in its order, times of a stream made monotone. A line without a frame takes the time before it."""
    early: list[bytes] = []
    last = -1
    why = ""
    for number, line in enumerate(lines_of(path, tally), 1):
        if not line:
            continue
        try:
            record = _record(line, form)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            tally.refuse(f"{path}:{number}", error)
            why = why or str(error)
            if last >= 0:
                yield Record(last, BAD, line, None)
            elif len(early) < _PATIENCE:
                early.append(line)
            else:
                break
            continue
        if record.t < last and record.source not in _ROWS:
            tally.backwards += 1
            record = record._replace(t=last)
        last = record.t
        yield from (Record(last, BAD, bad, None) for bad in early)
        early = []
        tally.derived += record.source == tops.SOURCE and tops.derived(record.payload)
        yield record
    if last < 0:
        torn = next((fault for fault in tally.torn if fault.startswith(f"{path}: ")), "the file is empty")
        raise SessionError(f"{path}: no line holds a frame ({why or torn.removeprefix(f'{path}: ')})")


def lines_of(path: Path, tally: Tally) -> Iterator[bytes]:
    """The lines of a file without their ends; a damaged file's fault is noted after its last readable line."""
    try:
        with path.open("rb") as file:
            first = file.read(8)
            file.seek(0)
            chunks = iter(lambda: file.read(_CHUNK), b"")
            chunks = _counted(chunks, tally)
            make = next((make for magic, make in INFLATERS.items() if first.startswith(magic)), None)
            if make:
                chunks = inflate(chunks, make, lambda _, __, why: tally.torn.append(f"{path}: {why}"))
            for i, text in enumerate(whole_lines(chunks)):
                part = text if i else text.removeprefix(BOM_UTF8)
                yield from map(bytes.strip, part.removesuffix(b"\n").split(b"\n"))
    except OSError as error:
        raise SessionError(f"{path}: {error.strerror or error}") from None


def _counted(chunks: Iterator[bytes], tally: Tally) -> Iterator[bytes]:
    for chunk in chunks:
        tally.advance(len(chunk))
        yield chunk


def _record(line: bytes, form: Form) -> Record:
    """The frame in a line; raises ValueError or msgspec's errors when there is none."""
    fields = _OBJECT.decode(line)
    table = _table(fields)
    if table is not None and form.time_field not in fields:
        form = table
    t = nanoseconds(_field(fields, form.time_field), UNITS[form.time_unit])
    source = form.source or msgspec.json.decode(_field(fields, form.source_field), type=str)
    url = fields.get(form.url_field)
    payload = line if form.frame_field in ("", ".") else _frame(_field(fields, form.frame_field))
    return Record(t, source, payload, None if url is None else msgspec.json.decode(url, type=str | None))


def _table(fields: dict[str, msgspec.Raw]) -> Form | None:
    """The form of a line that says itself what it is: a row of a table we know."""
    schema = bytes(fields.get("schema_version", b""))
    return _TABLES.get(schema[1:-1].decode())


def _field(fields: dict[str, msgspec.Raw], name: str) -> bytes:
    """The bytes of a field, or of one further in ("msg.ts_ms")."""
    if name in fields:
        return bytes(fields[name])
    outer, dot, inner = name.partition(".")
    if not dot or outer not in fields:
        raise ValueError(f"no field {name!r}")
    return _field(_OBJECT.decode(fields[outer]), inner)


def _frame(value: bytes) -> bytes:
    return msgspec.json.decode(value, type=str).encode() if value.startswith(b'"') else value


def nanoseconds(value: bytes, unit: int) -> int:
    """A JSON time as ns UTC, exactly; what is finer than 1 ns is cut off.

    Args:
        value: a JSON number, or a string with a number or an RFC 3339 time.
        unit: ns in one unit of a number.

    Raises:
        ValueError: for anything else, a time without a zone, or one outside 1970..2262.
    """
    text = msgspec.json.decode(value, type=str) if value.startswith(b'"') else value.decode()
    if text.isascii() and text.isdigit() and len(text) < 20:
        t = int(text) * unit
    elif _NUMBER.fullmatch(text):
        top, bottom = Decimal(text).as_integer_ratio()
        t = top * unit // bottom
    else:
        t = _rfc3339(text)
    if not 0 <= t < _FAR:
        raise ValueError(f"time out of range: {text[:40]}")
    return t


def _rfc3339(text: str) -> int:
    match = _RFC3339.fullmatch(text)
    if not match:
        raise ValueError(f"neither a number nor an RFC 3339 time with its zone: {text[:40]!r}")
    day, hour, minute, second, part, sign, east_h, east_m = match.groups()
    days = (datetime.fromisoformat(f"{day}T00:00:00+00:00") - _EPOCH).days
    east = (int(east_h) * 60 + int(east_m)) * (-1 if sign == "-" else 1) if sign else 0
    if int(hour) > 23 or int(minute) > 59 or int(second) > 60 or abs(east) >= 1_440:
        raise ValueError(f"no such time: {text[:40]!r}")
    whole = ((days * 24 + int(hour)) * 60 + int(minute) - east) * 60 + int(second)
    return whole * SECOND + int((part or "").ljust(9, "0")[:9])


class _Typed(msgspec.Struct):
    type: str = ""
    event_type: str = ""


_TYPED = msgspec.json.Decoder(_Typed | list[_Typed])


def _is_trade(record: Record) -> bool:
    """Whether a frame shows that the capture holds a trade stream (Kalshi socket or REST, Polymarket socket)."""
    if not record.source.startswith(("kalshi", "polymarket")):
        return False
    if record.url is not None and "/markets/trades" in record.url:
        return True
    if b"trade" not in record.payload:
        return False
    try:
        typed = _TYPED.decode(record.payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    each = typed if isinstance(typed, list) else [typed]
    return any(one.type == "trade" or one.event_type == "last_trade_price" for one in each)

"""Minute candles of mention markets, with the map that says what they are about, made into a session file.

Candles are CSV with a heading (``ticker,end_period_ts,yes_bid_close,yes_ask_close``, seconds and cents; other columns are
kept as they stand). The map is the one `cockpit.evaluation.mentions` scores: settled events by transcript. An event is
listed at its first minute, without its results. Those are told a minute after its last, but never before its day is over
in New York, for nothing says when they were known. Rows of markets that the map does not have are passed over.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from pathlib import Path

import msgspec

from cockpit.domain.errors import SessionError
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import SECOND
from cockpit.feeds import candles
from cockpit.runtime.capture import (
    BAD,
    Form,
    Record,
    Report,
    Tally,
    checked,
    copied,
    lines_of,
    nanoseconds,
    with_ticks,
)
from cockpit.runtime.header import Header
from cockpit.runtime.recorder import Recorder

CAPABILITIES = ("imported", "no_trades", f"polled:{candles.VENUE}")
"""Prices at a minute's close are polled ones: no queue is known of them."""
MINUTE = 60 * SECOND
_COLUMNS = frozenset(("ticker", "end_period_ts", "yes_bid_close", "yes_ask_close"))


class _Market(msgspec.Struct):
    ticker: str
    word: str
    result: str


class _Event(msgspec.Struct):
    event_ticker: str
    title: str
    markets: list[_Market]


class _Transcript(msgspec.Struct):
    date: str
    kalshi_events: list[_Event]


class _Known(msgspec.Struct):
    """An event of the map, on the first of the days it stands under."""

    day: str
    title: str
    markets: dict[str, _Market]
    first_t: int = 0
    last_t: int = 0


def import_candles(
    inputs: Sequence[Path],
    mapped: Path,
    out: Path,
    *,
    header: Header,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Write one session file from candles and their map, both plain or compressed.

    Raises:
        SessionError: an input that is missing, is no map or no candles, or has no minute of a market of the map.
        OutputError: an output that exists or cannot be written.
    """
    checked([*inputs, mapped], out, Form())
    tally = Tally(sum(path.stat().st_size for path in (*inputs, mapped)), progress)
    events = _read_map(mapped, tally)
    by_ticker = {ticker: event for event in events.values() for ticker in event.markets}
    rows = [row for path in inputs for row in _rows(path, by_ticker, tally)]
    heard = {name: event for name, event in events.items() if event.first_t}
    if not heard:
        raise SessionError(f"{inputs[0]}: no minute of a market of {mapped}")
    begin = min(event.first_t for event in heard.values())
    stamped = (
        row._replace(t=max(row.t, begin)) for row in rows
    )  # lines without a row may come before all rows
    records = [*_listings(heard), *stamped, *_results(heard)]
    records.sort(key=attrgetter("t"))
    capabilities = tuple(dict.fromkeys([*header.capabilities, *CAPABILITIES]))
    complete = msgspec.structs.replace(header, capabilities=capabilities)
    with Recorder(out, complete, b"null", overwrite=overwrite) as recorder:
        lines, first_t, last_t = copied([with_ticks(records, tally)], recorder)
    return Report(
        frames=lines - tally.bad - tally.ticks,
        bad=tally.bad,
        first_bad=tally.first_bad,
        backwards=0,
        torn=tuple(tally.torn),
        capabilities=capabilities,
        first_t=first_t,
        last_t=last_t,
        ticks=tally.ticks,
        unmapped=tally.unmapped,
    )


def _read_map(path: Path, tally: Tally) -> dict[str, _Known]:
    """The events of a map by ticker, each once. Raises SessionError."""
    known: dict[str, _Known] = {}
    try:
        told = msgspec.json.decode(b"\n".join(lines_of(path, tally)), type=dict[str, _Transcript])
        for each in sorted(told.values(), key=lambda each: date.fromisoformat(each.date)):
            for event in each.kalshi_events:
                found = known.setdefault(event.event_ticker, _Known(each.date, event.title, {}))
                for market in event.markets:
                    found.markets.setdefault(market.ticker, market)
    except (ValueError, RecursionError) as error:
        raise SessionError(f"{path}: no map of mention events ({error})") from None
    return known


def _rows(path: Path, events: dict[str, _Known], tally: Tally) -> Iterator[Record]:
    """The rows of markets of the map, as JSON objects; each event learns its first and last minute on the way."""
    lines = lines_of(path, tally)
    heading = next(csv.reader([next(lines, b"").decode(errors="replace")]), [])
    if not _COLUMNS.issubset(heading):
        raise SessionError(
            f"{path}: no candles: the heading lacks {', '.join(sorted(_COLUMNS - {*heading}))}"
        )
    last = 0
    for number, line in enumerate(lines, 2):
        if not line:
            continue
        try:
            row = dict(zip(heading, next(csv.reader([line.decode()])), strict=True))
            t = nanoseconds(row["end_period_ts"].encode(), SECOND)
        except (ValueError, csv.Error) as error:
            tally.refuse(f"{path}:{number}", error)
            yield Record(last, BAD, line, None)
            continue
        event = events.get(row["ticker"])
        if event is None:
            tally.unmapped += 1
            continue
        event.first_t, event.last_t, last = min(event.first_t or t, t), max(event.last_t, t), t
        yield Record(t, candles.MINUTES, msgspec.json.encode(row), None)


def _listings(events: dict[str, _Known]) -> Iterator[Record]:
    for name, event in events.items():
        words = [candles.Word(each.ticker, each.word) for each in event.markets.values()]
        told = candles.Listed(event.day, name, event.title, words)
        yield Record(event.first_t, candles.LISTED, msgspec.json.encode(told), None)


def _results(events: dict[str, _Known]) -> Iterator[Record]:
    for event in events.values():
        paid = {each.ticker: each.result for each in event.markets.values() if each.result in candles.VALUES}
        t = max(event.last_t + MINUTE, _over(event.day))
        yield Record(t, candles.RESULTS, msgspec.json.encode(candles.Results(paid)), None)


def _over(day: str) -> int:
    """When a day ends in New York, ns UTC."""
    noon = datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC) + timedelta(days=1)
    return trading_day(int(noon.timestamp()) * SECOND)

"""Hourly captures of crypto ladders as JSON lines (schema ``crypto_hourly.v1``), plain or compressed."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING
from cockpit.feeds.exact import rfc3339
from cockpit.models.brackets import Contract, contract
from cockpit.runtime.inflate import INFLATERS, inflate, whole_lines

SCHEMA = "crypto_hourly.v1"
_CHUNK = 1 << 18


class Outcome(msgspec.Struct, frozen=True):
    """One bracket's strikes and best prices in dollars, None where nobody quotes."""

    ticker: str
    strike_type: str
    yes_bid: float | None
    yes_ask: float | None
    floor_strike: float | None = None
    cap_strike: float | None = None


class Ladder(msgspec.Struct, frozen=True):
    """The event that was open; without outcomes where none was found."""

    event_ticker: str = ""
    close_time: str = ""
    outcomes: tuple[Outcome, ...] = ()


class Settled(msgspec.Struct, frozen=True):
    """The event before, once settled."""

    event_ticker: str = ""
    expiration_value: str | None = None
    results: dict[str, str] = {}


class Top(msgspec.Struct, frozen=True):
    """An exchange's best prices, dollars."""

    source: str = ""
    bid: float | None = None
    ask: float | None = None


class _Line(msgspec.Struct, frozen=True):
    schema_version: str
    captured_at: str
    symbol: str
    series: str
    current: Ladder
    previous_settlement: Settled | None = None
    spot: Top | None = None


class Capture(msgspec.Struct, frozen=True):
    """One line, times as ns UTC."""

    ts: int
    symbol: str
    ladder: Ladder
    close_ns: int
    """Of the open ladder; 0 where there is none."""
    contracts: tuple[Contract, ...]
    """What the outcomes pay on, in order; fewer than they are where one cannot be read as a crypto contract."""
    settled: Settled
    mid: float
    """Spot in dollars; 0 where none was captured."""
    source: str


_decode = msgspec.json.Decoder(_Line).decode


class ForeignFileError(InputError):
    """A file that holds something else, as may lie in the same folder."""


def captures(path: Path) -> Iterator[Capture]:
    """The captures of a file, in its own order.

    Raises:
        ForeignFileError: when its first line is no capture.
        InputError: naming the file and the line, when the file cannot be read or a line is no such capture.
    """
    number = 0
    for number, line in enumerate(_lines(path), start=1):
        if line.strip():
            try:
                yield _capture(line)
            except (msgspec.MsgspecError, ValueError) as error:
                foreign = number == 1 and isinstance(error, msgspec.ValidationError)
                kind = ForeignFileError if foreign else InputError
                raise kind(f"{path}: line {number}: {error}") from None
    if not number:
        raise InputError(f"{path}: line 1: the file is empty")


def _capture(line: bytes) -> Capture:
    """Read a line; raises ValueError or msgspec's errors when it is no capture."""
    found = _decode(line)
    if found.schema_version != SCHEMA:
        raise ValueError(f"schema {found.schema_version!r}, expected {SCHEMA!r}")
    ladder, spot = found.current, found.spot
    close_ns = rfc3339(ladder.close_time) if ladder.outcomes else 0
    contracts = [_contract(each, found.series, close_ns) for each in ladder.outcomes]
    return Capture(
        ts=rfc3339(found.captured_at),
        symbol=found.symbol,
        ladder=ladder,
        close_ns=close_ns,
        contracts=tuple(each for each in contracts if each is not None),
        settled=found.previous_settlement or Settled(),
        mid=(spot.bid + spot.ask) / 2.0 if spot and spot.bid and spot.ask else 0.0,
        source=spot.source if spot else "",
    )


def _contract(outcome: Outcome, series: str, close_ns: int) -> Contract | None:
    """What an outcome pays on, by way of the market record a live session would hold."""
    floor, cap = outcome.floor_strike, outcome.cap_strike
    market = Market(
        outcome.ticker,
        "kalshi",
        series=series,
        close_ns=close_ns,
        strike_type=outcome.strike_type,
        floor=None if floor is None else round(floor * UNDERLYING),
        cap=None if cap is None else round(cap * UNDERLYING),
    )
    return contract(market)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file; raises InputError where it cannot be read to its end."""
    faults: list[str] = []
    number = 0
    try:
        with path.open("rb") as file:
            first = file.read(8)
            file.seek(0)
            chunks = iter(lambda: file.read(_CHUNK), b"")
            make = next((make for magic, make in INFLATERS.items() if first.startswith(magic)), None)
            if make is not None:
                chunks = inflate(chunks, make, lambda _, __, why: faults.append(why))
            for text in whole_lines(chunks):
                for line in text.removesuffix(b"\n").split(b"\n"):
                    number += 1
                    yield line
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    if faults:
        raise InputError(f"{path}: line {number + 1}: {faults[0]}")

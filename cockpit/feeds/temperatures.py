"""Captures of temperature markets as others publish them: books, the series' rules, and what was reported and paid.

Three kinds of row, by their ``schema_version``: ``weather_books.v1`` (one market's whole book, with its strikes),
``weather_series_meta.v1`` (a series' rules text, as a sample market has it) and ``weather_actuals.v1`` (a station's day as
its climate report has it, with the results of its markets). A book becomes a listing when its market is first met, with the
rules of its series if they were told by then, and a snapshot; an actual becomes a final report and settlements. Each report
is told once more as a forecast of the next day under the name ``persistence``: the reference any forecast has to beat.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookSnapshot,
    ClimateReported,
    Event,
    MarketListed,
    MarketSettled,
    SeriesListed,
    TemperatureForecast,
)
from cockpit.domain.markets import CENT_GRID, Market, MarketStatus, Series, SettlementState
from cockpit.domain.units import PRICE, PRICE_DIGITS, QTY_DIGITS, RATIO, UNDERLYING
from cockpit.domain.weather import DEGREE, Forecast, Report
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.exact import instant, nearest

NAME = "temperatures"
SOURCE = f"{NAME}.rows"
"""What such rows go by in a session."""
BOOKS, META, ACTUALS = "weather_books.v1", "weather_series_meta.v1", "weather_actuals.v1"
SCHEMAS = frozenset((BOOKS, META, ACTUALS))
PERSISTENCE = "persistence"
VENUE = "kalshi"


class _Book(msgspec.Struct):
    ticker: str
    series: str
    strike_type: str
    close_time: str
    yes_bids: list[tuple[Decimal, Decimal]]
    no_bids: list[tuple[Decimal, Decimal]]
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    yes_sub_title: str = ""


class _Meta(msgspec.Struct):
    series: str
    title: str = ""
    rules_primary: str = ""
    rules_secondary: str = ""
    fee_type: str = ""
    fee_multiplier: Decimal = Decimal(1)


class _Value(msgspec.Struct):
    cli: Decimal | None = None


class _Actual(msgspec.Struct):
    high: _Value | None = None
    low: _Value | None = None


class _SettledEvent(msgspec.Struct):
    results: dict[str, str]


class _SettledMarkets(msgspec.Struct):
    events: list[_SettledEvent]


class _Actuals(msgspec.Struct):
    actuals: _Actual
    cli_station: str
    target_day: str
    settled_markets: _SettledMarkets


class _Kind(msgspec.Struct):
    schema_version: str


class _Memory(msgspec.Struct):
    met: list[str] = []
    rules: dict[str, tuple[str, str, str]] = {}


_kind = msgspec.json.Decoder(_Kind).decode
_book = msgspec.json.Decoder(_Book).decode
_meta = msgspec.json.Decoder(_Meta).decode
_actuals = msgspec.json.Decoder(_Actuals).decode
_memory = msgspec.json.Decoder(_Memory).decode


class TemperaturesFeed:
    """Reads rows of such captures; it asks nobody for anything."""

    def __init__(self) -> None:
        self.name = NAME
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 1.0)
        self._met: dict[str, None] = {}
        self._rules: dict[str, tuple[str, str, str]] = {}
        """Title and both rule texts, by series."""

    def requests(self) -> list[Request]:
        """Nothing is asked for."""
        return []

    def asks(self) -> list[Poll]:
        """Nothing is asked for."""
        return []

    def outgoing(self, _: str) -> list[bytes]:
        """Nothing is sent."""
        return []

    def reset(self, _: str) -> None:
        """There is no connection."""

    def memory(self) -> bytes:
        """What was listed already, and the rules."""
        return msgspec.json.encode(_Memory(list(self._met), self._rules))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told; raises msgspec's errors for anything else."""
        told = _memory(memory)
        self._met, self._rules = dict.fromkeys(told.met), told.rules

    def receive(self, frame: Frame) -> Sequence[Event]:
        """What a row tells.

        Raises:
            FeedError: when it is no such row.
        """
        try:
            return self._row(frame.t, bytes(payload(frame)))
        except (ValueError, RecursionError, OverflowError) as error:
            raise FeedError(f"temperature row: {error}") from None

    def _row(self, ts: int, raw: bytes) -> list[Event]:
        """A row by its schema; raises ValueError for one that is not known."""
        match _kind(raw).schema_version:
            case "weather_books.v1":
                return self._quoted(ts, _book(raw))
            case "weather_series_meta.v1":
                return self._ruled(ts, _meta(raw))
            case "weather_actuals.v1":
                return self._reported(ts, _actuals(raw))
            case other:
                raise ValueError(f"unknown schema {other[:40]!r}")

    def _quoted(self, ts: int, row: _Book) -> list[Event]:
        """A market when it is first met, and its book."""
        bids = _levels(row.yes_bids)
        asks = tuple((PRICE - price, qty) for price, qty in _levels(row.no_bids))
        market = self._market(row)
        events: list[Event] = []
        if row.ticker not in self._met:
            self._met[row.ticker] = None
            events.append(MarketListed(ts, market))
        events.append(BookSnapshot(ts, 0, row.ticker, bids, asks))
        return events

    def _market(self, row: _Book) -> Market:
        title, rules, more = self._rules.get(row.series, ("", "", ""))
        return Market(
            ticker=row.ticker,
            venue=VENUE,
            event=row.ticker.rpartition("-")[0] or row.ticker,
            series=row.series,
            title=title,
            subtitle=row.yes_sub_title,
            status=MarketStatus.ACTIVE,
            close_ns=instant(row.close_time),
            strike_type=row.strike_type,
            floor=_strike(row.floor_strike),
            cap=_strike(row.cap_strike),
            grid=CENT_GRID,
            rules=rules,
            rules_secondary=more,
        )

    def _ruled(self, ts: int, row: _Meta) -> list[Event]:
        """A series' rules and fee terms."""
        self._rules[row.series] = (row.title, row.rules_primary, row.rules_secondary)
        multiplier = nearest(row.fee_multiplier, 4)
        if not 0 <= multiplier <= 100 * RATIO:
            raise ValueError(f"fee multiplier {row.fee_multiplier}")
        return [
            SeriesListed(
                ts, Series(row.series, VENUE, row.title, "Climate", "daily", row.fee_type, multiplier)
            )
        ]

    def _reported(self, ts: int, row: _Actuals) -> list[Event]:
        """A final report, the next day's persistence, and what its markets paid."""
        day = date.fromisoformat(row.target_day)
        high, low = (_whole(each) for each in (row.actuals.high, row.actuals.low))
        events: list[Event] = []
        if high is not None or low is not None:
            report = Report(row.cli_station, day.isoformat(), high, low, ts, final=True)
            events.append(ClimateReported(ts, NAME, report))
            following = Forecast(
                PERSISTENCE,
                row.cli_station,
                (day + timedelta(days=1)).isoformat(),
                None if high is None else high * DEGREE,
                None if low is None else low * DEGREE,
            )
            events.append(TemperatureForecast(ts, NAME, following))
        for event in row.settled_markets.events:
            for ticker, result in event.results.items():
                if result in ("yes", "no"):
                    value = PRICE if result == "yes" else 0
                    events.append(MarketSettled(ts, ticker, SettlementState.FINAL, value))
        return events


def _levels(told: list[tuple[Decimal, Decimal]]) -> tuple[tuple[int, int], ...]:
    found = [(nearest(price, PRICE_DIGITS), nearest(qty, QTY_DIGITS)) for price, qty in told]
    if not all(0 < price < PRICE and qty >= 0 for price, qty in found):
        raise ValueError("a level outside 0..1, or of less than nothing")
    return tuple((price, qty) for price, qty in found if qty)


def _strike(value: Decimal | None) -> int | None:
    if value is None:
        return None
    if not -200 <= value <= 200:
        raise ValueError(f"a strike of {value} degrees")
    return int(value * UNDERLYING)


def _whole(value: _Value | None) -> int | None:
    """A report's whole degree."""
    if value is None or value.cli is None:
        return None
    if value.cli != int(value.cli) or not -130 <= value.cli <= 140:
        raise ValueError(f"a report of {value.cli} degrees")
    return int(value.cli)

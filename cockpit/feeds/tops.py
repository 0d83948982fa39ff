"""Best prices of two venues taken at one moment: captures of pairs of markets, a row each, as others publish them.

A row has Kalshi's best prices and Polymarket's of the same moment, without sizes, and names the question by a few
fields of its own (meeting and bucket, team and round, series and period). It becomes a listing of both markets when they
are first met, and a `Quote` of each; the titles are made of the row's fields in the venues' own manner of speaking, for
the rows hold none. What a capture derived instead of reading (Kalshi's side tagged ``synthetic``: a probability
reckoned from other markets) was quoted by nobody: it is passed over, and counted.

Three shapes are known: ``polymarket_macro_pairs.v1`` (decisions of the Federal Reserve), ``polymarket_cpi_pairs.v1``
(consumer prices, Kalshi's side always derived) and ``polymarket_pairs.v1`` (teams and rounds of a cup).
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, EventListed, MarketListed, Quote
from cockpit.domain.markets import CENT_GRID, EventGroup, FeeSchedule, Market, MarketStatus, PriceBand
from cockpit.domain.units import PRICE, PRICE_DIGITS, QTY
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.exact import nearest

NAME = "tops"
SOURCE = f"{NAME}.pairs"
"""What such rows go by in a session."""
MACRO, CPI, CUP = "polymarket_macro_pairs.v1", "polymarket_cpi_pairs.v1", "polymarket_pairs.v1"
SCHEMAS = frozenset((MACRO, CPI, CUP))
TIME_FIELD = "captured_at"
DERIVED = "synthetic"

KALSHI, POLYMARKET = "kalshi", "polymarket"
MILLS = (PriceBand(0, PRICE, 10),)
"""Polymarket's finer usual grid: the rows say none."""
LEAST = 5 * QTY
RATES = {MACRO: 500, CPI: 500, CUP: 300}
"""Takers' fee rates of Polymarket's categories economics and sports, 1e-4. Source: docs.polymarket.com/trading/fees."""

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MOVES = {
    "hike_50plus": ("hike of more than 25 bps", "Fed increases interest rates by 50+ bps"),
    "hike_25": ("hike of 25 bps", "Fed increases interest rates by 25 bps"),
    "no_change": ("no change", "No change in Fed interest rates"),
    "cut_25": ("cut of 25 bps", "Fed decreases interest rates by 25 bps"),
    "cut_50plus": ("cut of more than 25 bps", "Fed decreases interest rates by 50+ bps"),
}
"""A bucket as Kalshi says it and as Polymarket does."""
_INDICES = {
    "cpi_mom": "CPI month over month",
    "cpi_yoy": "CPI year over year",
    "cpi_core_mom": "Core CPI month over month",
    "cpi_core_yoy": "Core CPI year over year",
}
_BOUNDS = {"floor": " or lower", "exact": "", "ceiling": " or higher"}


class _Kalshi(msgspec.Struct):
    price_source_tag: str
    ticker: str = ""
    yes_bid: Decimal | None = None
    yes_ask: Decimal | None = None


class _Polymarket(msgspec.Struct):
    price_source_tag: str
    market_id: str
    event_id: str
    book_fetch_ok: bool = True
    best_bid: Decimal | None = None
    best_ask: Decimal | None = None


class _Row(msgspec.Struct):
    schema_version: str
    kalshi: _Kalshi
    polymarket: _Polymarket
    meeting: str = ""
    bucket: str = ""
    series: str = ""
    period: str = ""
    bucket_kind: str = ""
    bucket_value: Decimal | None = None
    team: str = ""
    round: str = ""


class Said(msgspec.Struct, frozen=True):
    """A question in words: its event's title, and each venue's title."""

    group: str
    kalshi: str
    polymarket: str
    custom: tuple[tuple[str, str], ...]
    """The row's own fields: there are no rule texts, and none are made up."""
    exclusive: bool


_row = msgspec.json.Decoder(_Row).decode
_met = msgspec.json.Decoder(list[str]).decode


class TopsFeed:
    """Reads rows of such captures; it asks nobody for anything."""

    def __init__(self) -> None:
        self.name = NAME
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 1.0)
        self._met: dict[str, None] = {}
        """Markets and events that were listed, in the order they were met."""

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
        """What was listed already."""
        return msgspec.json.encode(list(self._met))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told; raises msgspec's errors for anything else."""
        self._met = dict.fromkeys(_met(memory))

    def receive(self, frame: Frame) -> Sequence[Event]:
        """The listings and quotes of a row.

        Raises:
            FeedError: when it is no such row.
        """
        try:
            row = _row(payload(frame))
            return self._events(frame.t, row, worded(row))
        except (ValueError, RecursionError) as error:
            raise FeedError(f"pair row: {error}") from None

    def _events(self, ts: int, row: _Row, said: Said) -> list[Event]:
        """What the row says, read whole before anything of it is remembered."""
        here, there = row.kalshi, row.polymarket
        sides: list[tuple[Market, Quote | None]] = []
        if here.price_source_tag != DERIVED:
            if not here.ticker:
                raise ValueError("no ticker")
            quote = _quote(ts, here.ticker, here.yes_bid, here.yes_ask)
            sides.append((_kalshi_market(here.ticker, said), quote))
        if there.price_source_tag != DERIVED:
            market = _polymarket_market(there, said, RATES[row.schema_version])
            fetched = there.book_fetch_ok
            quoted = _quote(ts, there.market_id, there.best_bid, there.best_ask) if fetched else None
            sides.append((market, quoted))
        self.census += Counter({"derived quote": 2 - len(sides)})
        events: list[Event] = []
        for market, found in sides:
            events += self._listed(ts, market, said)
            if found is None:
                self.census["book not fetched"] += 1
            else:
                events.append(found)
        return events

    def _listed(self, ts: int, market: Market, said: Said) -> list[Event]:
        """A market and its event, the first time each is met."""
        events: list[Event] = []
        if market.event not in self._met:
            self._met[market.event] = None
            group = EventGroup(
                market.event, market.venue, market.series, said.group, exclusive=said.exclusive
            )
            events.append(EventListed(ts, group))
        if market.ticker not in self._met:
            self._met[market.ticker] = None
            events.append(MarketListed(ts, market))
        return events


def derived(row: bytes) -> bool:
    """Whether a row holds a side that nobody quoted; cheap, and told by the row's text alone."""
    return f'"{DERIVED}"'.encode() in row


def worded(row: _Row) -> Said:
    """A row's question in words; raises ValueError for one whose fields say none."""
    match row.schema_version:
        case "polymarket_macro_pairs.v1":
            return _fed(row)
        case "polymarket_cpi_pairs.v1":
            return _inflation(row)
        case "polymarket_pairs.v1":
            return _cup(row)
        case other:
            raise ValueError(f"unknown schema {other[:40]!r}")


def _fed(row: _Row) -> Said:
    if row.bucket not in _MOVES:
        raise ValueError(f"unknown bucket {row.bucket[:40]!r}")
    month = _month(row.meeting)
    ours, theirs = _MOVES[row.bucket]
    return Said(
        group=f"Fed decision in {month}",
        kalshi=f"Fed decision in {month}: {ours}",
        polymarket=f"{theirs} after {month} meeting?",
        custom=(("bucket", row.bucket), ("meeting", row.meeting)),
        exclusive=True,
    )


def _inflation(row: _Row) -> Said:
    if row.series not in _INDICES or row.bucket_kind not in _BOUNDS or row.bucket_value is None:
        raise ValueError("unknown series or bucket")
    month, index = _month(row.period), _INDICES[row.series]
    value = f"{row.bucket_value}%{_BOUNDS[row.bucket_kind]}"
    return Said(
        group=f"{index} in {month}",
        kalshi=f"{index} in {month}: {value}",
        polymarket=f"Will {index} be {value} in {month}?",
        custom=(
            ("bucket", f"{row.bucket_kind} {row.bucket_value}"),
            ("period", row.period),
            ("series", row.series),
        ),
        exclusive=True,
    )


def _cup(row: _Row) -> Said:
    if not row.team or not row.round:
        raise ValueError("no team or round")
    year = f"20{_year(row.kalshi.ticker)}"
    title = f"Will {row.team} reach the {row.round} of the {year} FIFA World Cup?"
    return Said(
        group=f"{year} FIFA World Cup: who reaches the {row.round}",
        kalshi=title,
        polymarket=title,
        custom=(("round", row.round), ("team", row.team)),
        exclusive=False,
    )


def _month(text: str) -> str:
    """What "2026-10" is called in a title; raises ValueError."""
    year, dash, month = text.partition("-")
    if not (dash and year.isdecimal() and len(year) == 4 and month.isdecimal() and 1 <= int(month) <= 12):
        raise ValueError(f"not a month: {text[:40]!r}")
    return f"{_MONTHS[int(month) - 1]} {year}"


def _year(ticker: str) -> str:
    """The two digits a ticker's event begins with; raises ValueError."""
    digits = ticker.partition("-")[2][:2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 2):
        raise ValueError(f"no year in {ticker[:40]!r}")
    return digits


def _kalshi_market(ticker: str, said: Said) -> Market:
    return Market(
        ticker=ticker,
        venue=KALSHI,
        event=ticker.rpartition("-")[0] or ticker,
        series=ticker.partition("-")[0],
        title=said.kalshi,
        status=MarketStatus.ACTIVE,
        custom=said.custom,
        grid=CENT_GRID,
    )


def _polymarket_market(told: _Polymarket, said: Said, rate: int) -> Market:
    return Market(
        ticker=told.market_id,
        venue=POLYMARKET,
        event=told.event_id,
        title=said.polymarket,
        status=MarketStatus.ACTIVE,
        custom=said.custom,
        grid=MILLS,
        least=LEAST,
        fees=FeeSchedule(rate),
    )


def _quote(ts: int, market: str, bid: Decimal | None, ask: Decimal | None) -> Quote:
    """A top without sizes; no price, and a price of 0 or 1 on its own side, is an empty side."""
    best = EMPTY_BID if bid is None else _price(bid)
    return Quote(ts, 0, market, best, 0, EMPTY_ASK if ask is None else _price(ask) or EMPTY_ASK, 0)


def _price(value: Decimal) -> int:
    price = nearest(value, PRICE_DIGITS)
    if not 0 <= price <= PRICE:
        raise ValueError(f"price outside 0..1: {value}")
    return price

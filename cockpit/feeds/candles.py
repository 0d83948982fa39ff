"""Minute candles of mention markets: captures of markets on words, as others publish them, beside what was listed and said.

Three kinds of frame. ``candles.listed`` is an event as a map of settled markets has it, its day and words without its
results; ``candles.minutes`` is a row of candles, its columns as texts (``ticker,end_period_ts,yes_bid_close,yes_ask_close``,
cents), told when its minute is over; ``candles.results`` is what the markets of an event paid. An event becomes a listing
of its markets, a row the best prices at its minute's close, results settlements. Nobody says when an event begins, nor what
stands at a price: quotes have no size, and nothing is known of any queue.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, EventListed, MarketListed, MarketSettled, Quote
from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus, SettlementState
from cockpit.domain.units import PRICE, PRICE_DIGITS
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.exact import nearest

NAME = "candles"
LISTED, MINUTES, RESULTS = f"{NAME}.listed", f"{NAME}.minutes", f"{NAME}.results"
VENUE = "kalshi"
VALUES = {"yes": PRICE, "no": 0}
_CENT_DIGITS = PRICE_DIGITS - 2


class Word(msgspec.Struct, frozen=True):
    """A market on a word, as the map writes it: "Crypto / Bitcoin"."""

    ticker: str
    word: str


class Listed(msgspec.Struct, frozen=True):
    """An event of the map, without what it paid."""

    day: str
    event_ticker: str
    title: str
    markets: list[Word]


class Results(msgspec.Struct, frozen=True):
    """What markets paid: "yes" or "no" by ticker."""

    results: dict[str, str]


class _Minute(msgspec.Struct):
    ticker: str
    yes_bid_close: str
    yes_ask_close: str


_listed = msgspec.json.Decoder(Listed).decode
_minute = msgspec.json.Decoder(_Minute).decode
_results = msgspec.json.Decoder(Results).decode


class CandlesFeed:
    """Reads such frames, each by itself; it asks nobody for anything."""

    def __init__(self) -> None:
        self.name = NAME
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 1.0)

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
        """Nothing is kept."""
        return b"null"

    def recall(self, memory: bytes) -> None:
        """Nothing was kept; raises msgspec's errors for anything but that."""
        msgspec.json.decode(memory, type=None)

    def receive(self, frame: Frame) -> Sequence[Event]:
        """What a frame tells.

        Raises:
            FeedError: when it is no such frame.
        """
        try:
            return self._events(frame, bytes(payload(frame)))
        except (ValueError, ArithmeticError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from None

    def _events(self, frame: Frame, raw: bytes) -> list[Event]:
        """A frame by its source; raises ValueError for one that is not known."""
        match frame.s:
            case "candles.listed":
                return _listing(frame.t, _listed(raw))
            case "candles.minutes":
                return self._closed(frame.t, _minute(raw))
            case "candles.results":
                return _settlements(frame.t, _results(raw).results)
            case other:
                raise ValueError(f"unknown source {other[:40]!r}")

    def _closed(self, ts: int, row: _Minute) -> list[Event]:
        """The best prices at a minute's close; none where the row has none."""
        if not (row.yes_bid_close or row.yes_ask_close):
            self.census["minute without a price"] += 1
            return []
        bid = _price(row.yes_bid_close) if row.yes_bid_close else EMPTY_BID
        ask = (_price(row.yes_ask_close) or EMPTY_ASK) if row.yes_ask_close else EMPTY_ASK
        if not row.ticker or bid >= ask:
            raise ValueError(f"no book: {row.yes_bid_close[:20]!r} bid, {row.yes_ask_close[:20]!r} asked")
        return [Quote(ts, 0, row.ticker, bid, 0, ask, 0)]


def _listing(ts: int, event: Listed) -> list[Event]:
    if not event.event_ticker or not all(each.ticker and each.word for each in event.markets):
        raise ValueError("an event or a market without a name")
    series = event.event_ticker.partition("-")[0]
    group = EventGroup(event.event_ticker, VENUE, series, event.title)
    return [EventListed(ts, group), *(MarketListed(ts, _market(event, each)) for each in event.markets)]


def _market(event: Listed, told: Word) -> Market:
    return Market(
        ticker=told.ticker,
        venue=VENUE,
        event=event.event_ticker,
        series=event.event_ticker.partition("-")[0],
        title=event.title,
        subtitle=told.word,
        status=MarketStatus.ACTIVE,
        custom=(("Word", told.word),),
        grid=CENT_GRID,
    )


def _settlements(ts: int, results: dict[str, str]) -> list[Event]:
    unknown = next((result for result in results.values() if result not in VALUES), None)
    if unknown is not None:
        raise ValueError(f"unknown result {unknown[:40]!r}")
    return [
        MarketSettled(ts, ticker, SettlementState.FINAL, VALUES[result]) for ticker, result in results.items()
    ]


def _price(cents: str) -> int:
    price = nearest(Decimal(cents), _CENT_DIGITS)
    if not 0 <= price <= PRICE:
        raise ValueError(f"price outside 0..100 cents: {cents[:20]}")
    return price

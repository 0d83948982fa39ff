"""All the venue knows: markets that follow the stage's, and the index."""

from collections.abc import Callable
from typing import Any

import msgspec

from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.polymarket.terms import UPDOWN
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.polymarket.reader import (
    Book,
    Delta,
    Life,
    Print,
    Reading,
    Record,
    answer,
    fact,
)
from cockpit.rehearsal.stands.polymarket.shadow import Shadow
from cockpit.rehearsal.stands.polymarket.terms import family_of, paid, terms_of
from cockpit.rehearsal.stands.polymarket_us.index import ASSETS, Prints
from cockpit.rehearsal.stands.polymarket_us.market import Market, tick_of

VENUE = "us"
_OVER = ("finalized", "settled")


class State:
    """The venue's state; ``clock`` is the stage's time, ns UTC."""

    def __init__(self, clock: Clock) -> None:
        self.now = clock
        self.markets: dict[str, Market] = {}
        """By slug."""
        self.prints: dict[str, Prints] = {}
        """By asset."""
        self._by_ticker: dict[str, Market] = {}
        self._shadows: dict[str, Shadow | None] = {}
        """Books by the ticker they follow: frames may come before a market's record. None follows nothing."""
        self._results: dict[str, int] = {}
        """What was determined and is not settled yet, by ticker."""
        self._handlers: dict[type, Callable[[Any, int], None]] = {
            Delta: self._delta,
            Print: self._print,
            Book: self._book,
            Life: self._life,
            Reading: self._reading,
        }

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage; those of other venues are passed over."""
        if arrival.source == KALSHI_WS:
            found = fact(arrival.payload)
            handler = self._handlers.get(type(found))
            if handler is not None:
                handler(found, arrival.t)
        elif arrival.source == KALSHI_REST:
            told = answer(arrival.payload, arrival.url or "")
            for record in told.records:
                self._record(record)
            for book in told.books:
                self._book(book, arrival.t)

    def _shadow(self, ticker: str) -> Shadow | None:
        try:
            return self._shadows[ticker]
        except KeyError:
            family = family_of(ticker)[1]
            made = self._shadows[ticker] = Shadow(ticker, tick_of(family), VENUE) if family else None
            return made

    def _delta(self, delta: Delta, ts: int) -> None:
        shadow = self._shadow(delta.ticker)
        if shadow is None or shadow.change(delta.side, delta.price, delta.size) is None:
            return
        market = self._by_ticker.get(delta.ticker)
        if market is not None:
            market.changed_ns = ts

    def _print(self, printed: Print, ts: int) -> None:
        market = self._by_ticker.get(printed.ticker)
        if market is not None and market.trading:
            market.printed(printed, ts)

    def _book(self, book: Book, ts: int) -> None:
        shadow = self._shadow(book.ticker)
        if shadow is not None:
            shadow.replace(book.bids, book.asks)

    def _reading(self, reading: Reading, ts: int) -> None:
        asset = ASSETS.get(reading.index)
        if asset is not None:
            self.prints.setdefault(asset, Prints()).add(reading)

    def _life(self, life: Life, ts: int) -> None:
        if life.event == "determined" and life.value is not None:
            self._results[life.ticker] = life.value
        market = self._by_ticker.get(life.ticker)
        if market is None:
            return
        if life.floor is not None and market.terms.family == UPDOWN:
            market.terms = msgspec.structs.replace(market.terms, low=life.floor)
        if life.event == "settled":
            self._settle(market, self._results.pop(life.ticker, None))

    def _record(self, record: Record) -> None:
        terms = terms_of(record)
        if terms is None:
            return
        if terms.family != UPDOWN and terms.low is None and terms.high is None:
            return
        market = self._by_ticker.get(record.ticker)
        if market is None:
            shadow = self._shadow(record.ticker)
            assert shadow is not None
            market = Market(len(self.markets), terms, shadow, self.now())
            self._by_ticker[record.ticker] = self.markets[market.slug] = market
        elif terms.low is not None:
            market.terms = terms
        market.final = record.expiration_value or market.final
        if record.status in _OVER:
            self._settle(market, paid(record))

    def _settle(self, market: Market, value: int | None) -> None:
        if value is not None and market.paid is None:
            market.settle(value)

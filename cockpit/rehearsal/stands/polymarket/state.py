"""All the venue knows: the markets the stage tells of, or those that follow the stage's Kalshi, and how they live.

A stage that tells what Polymarket said is played as it is; for one that tells of Kalshi alone, markets are made up in
the wake of Kalshi's crypto markets.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.polymarket import messages
from cockpit.rehearsal.polymarket.market import (
    MINUTE_NS,
    RESOLVED,
    Group,
    Market,
    deal_of,
    event_id,
    ids_of,
    tick_of,
)
from cockpit.rehearsal.polymarket.names import names_of, transaction_of
from cockpit.rehearsal.polymarket.terms import ABOVE, UPDOWN, Terms
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.polymarket.own import SOURCES, Own
from cockpit.rehearsal.stands.polymarket.reader import Book, Delta, Life, Print, Record, answer, fact
from cockpit.rehearsal.stands.polymarket.shadow import Shadow
from cockpit.rehearsal.stands.polymarket.teller import Teller
from cockpit.rehearsal.stands.polymarket.terms import family_of, paid, terms_of

FOLLOWED = (UPDOWN, ABOVE)
"""Families that are listed here."""
_OVER = ("finalized", "settled")


class State:
    """The venue's state.

    Args:
        clock: the stage's time, ns UTC.
        hollow: whether whole books leave their asks out now, which is a fault.
    """

    def __init__(self, clock: Clock, hollow: Callable[[], bool] = lambda: False) -> None:
        self.now = clock
        self.teller = Teller(clock, hollow)
        self.markets: dict[str, Market] = {}
        """By condition."""
        self.groups: dict[str, Group] = {}
        """By slug."""
        self._own = Own(self.now, self.teller, self.markets, self.groups)
        self._by_ticker: dict[str, Market] = {}
        self._shadows: dict[str, Shadow | None] = {}
        """Books by the ticker they follow: frames may come before a market's record. None follows nothing."""
        self._handlers: dict[type, Callable[[Any, int], None]] = {
            Delta: self._delta,
            Print: self._print,
            Book: self._book,
            Life: self._life,
        }

    # ------------------------------------------------------------------ the stage

    def take(self, arrival: Arrival) -> None:
        """One frame of the stage; those of other venues are passed over."""
        if arrival.source in SOURCES:
            if not self._own.heard:
                self._forget()
            self._own.take(arrival)
        elif self._own.heard:
            return
        elif arrival.source == KALSHI_WS:
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

    def _forget(self) -> None:
        """The stage tells of the venue's own markets: there are none in Kalshi's wake, whatever was thought so far."""
        for known in (self.markets, self.groups, self.teller.tokens, self._by_ticker, self._shadows):
            known.clear()

    def _shadow(self, ticker: str) -> Shadow | None:
        try:
            return self._shadows[ticker]
        except KeyError:
            family = family_of(ticker)[1]
            made = Shadow(ticker, tick_of(family)) if family in FOLLOWED else None
            self._shadows[ticker] = made
            return made

    def _delta(self, delta: Delta, ts: int) -> None:
        shadow = self._shadow(delta.ticker)
        if shadow is None:
            return
        placed = shadow.change(delta.side, delta.price, delta.size)
        market = self._by_ticker.get(delta.ticker)
        if market is None:
            return
        if placed is not None:
            self.teller.changed(market, (delta.side, placed))
        if ts // MINUTE_NS != market.minute:
            market.sample(ts)
            self.teller.refine(market)

    def _print(self, printed: Print, ts: int) -> None:
        market = self._by_ticker.get(printed.ticker)
        if market is None or market.phase == RESOLVED:
            return
        shadow = self._shadow(printed.ticker)
        price = shadow.place(-printed.taker, printed.price) if shadow is not None else None
        if shadow is None or price is None:
            return
        transaction = transaction_of(printed.trade_id or str(ts))
        size = shadow.scaled(printed.size)
        deal = deal_of(printed.taker, price, size, ts, printed.trade_id, transaction)
        market.note(deal, messages.last_text(deal.price))
        self.teller.dealt(market, deal)

    def _book(self, book: Book, ts: int) -> None:
        shadow = self._shadow(book.ticker)
        if shadow is None:
            return
        shadow.replace(book.bids, book.asks)
        market = self._by_ticker.get(book.ticker)
        if market is not None:
            self.teller.whole(market)
            market.sample(ts)

    def _life(self, life: Life, ts: int) -> None:
        market = self._by_ticker.get(life.ticker)
        if market is None:
            return
        if life.floor is not None and market.terms.family == UPDOWN:
            market.terms = msgspec.structs.replace(market.terms, low=life.floor)
        if life.event == "determined":
            market.propose(life.value)
        elif life.event == "settled":
            self._resolve(market)

    def _record(self, record: Record) -> None:
        terms = terms_of(record)
        if terms is None or terms.family not in FOLLOWED:
            return
        if terms.low is None and terms.family == ABOVE:
            return
        market = self._by_ticker.get(record.ticker) or self._list(terms)
        if terms.low is not None and terms.family == UPDOWN:
            market.terms = terms
        market.final = record.expiration_value or market.final
        if record.status in ("determined", *_OVER):
            market.propose(paid(record))
        if record.status in _OVER:
            self._resolve(market)

    # ------------------------------------------------------------------ a market's life

    def _list(self, terms: Terms) -> Market:
        shadow = self._shadow(terms.ticker)
        assert shadow is not None
        names = names_of(terms, wake=True)
        group = self.groups.get(names.event.slug)
        if group is None:
            group = self.groups[names.event.slug] = Group(event_id(len(self.groups)), names.event)
        market = Market(ids_of(len(self.markets), terms.ticker), names, terms, group, shadow, self.now())
        group.markets.append(market)
        self._by_ticker[terms.ticker] = self.markets[market.condition] = market
        for yes in (True, False):
            self.teller.tokens[market.token(yes=yes)] = (market, yes)
        market.sample(self.now())
        self.teller.listed(market)
        return market

    def _resolve(self, market: Market) -> None:
        if market.resolve(self.now()):
            self.teller.resolved(market)

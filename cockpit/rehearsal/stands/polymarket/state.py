"""All the venue knows: the markets that follow the stage's, and who is told what.

Changes are gathered while the stage plays and told together as soon as others get their turn: a level that changed
twice is told once, with the size it has then. After changes come prints, and after prints the whole books they touched.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from cockpit.domain.units import ASK, BID
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.polymarket import messages
from cockpit.rehearsal.stands.polymarket.market import (
    MINUTE_NS,
    PROPOSED,
    RESOLVED,
    TRADING,
    Deal,
    Group,
    Market,
    tick_of,
)
from cockpit.rehearsal.stands.polymarket.names import names_of
from cockpit.rehearsal.stands.polymarket.reader import Book, Delta, Life, Print, Record, answer, fact
from cockpit.rehearsal.stands.polymarket.session import Session
from cockpit.rehearsal.stands.polymarket.shadow import TENTH, Shadow
from cockpit.rehearsal.stands.polymarket.terms import ABOVE, UPDOWN, family_of, paid, terms_of

MOST_CHANGES = 50
"""In one message."""


class Pending(msgspec.Struct):
    """What of a market has not been told yet."""

    changes: dict[messages.Change, None]
    deals: list[Deal]
    whole: bool = False
    """Whether whole books are due besides."""


class State:
    """The venue's state.

    Args:
        clock: the stage's time, ns UTC.
        array_every: of a client's frames, every nth comes as an array.
        hollow: whether whole books leave their asks out now, which is a fault.
    """

    def __init__(
        self, clock: Clock, array_every: int = 16, hollow: Callable[[], bool] = lambda: False
    ) -> None:
        self.now = clock
        self.markets: dict[str, Market] = {}
        """By condition."""
        self.groups: dict[str, Group] = {}
        """By slug."""
        self.sessions: set[Session] = set()
        self.wake: Callable[[], None] | None = None
        """Called when something is to be told; `flush` then tells it."""
        self._by_ticker: dict[str, Market] = {}
        self._by_token: dict[str, tuple[Market, bool]] = {}
        self._shadows: dict[str, Shadow | None] = {}
        """Books by the ticker they follow: frames may come before a market's record. None follows nothing."""
        self._listeners: dict[str, dict[Session, None]] = {}
        """By token."""
        self._pending: dict[str, Pending] = {}
        self._tops: dict[str, tuple[int, int]] = {}
        """Last told, by condition."""
        self._told = 0
        self._array_every = array_every
        self._hollow = hollow
        self._handlers: dict[type, Callable[[Any, int], None]] = {
            Delta: self._delta,
            Print: self._print,
            Book: self._book,
            Life: self._life,
        }

    # ------------------------------------------------------------------ the stage

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
            made = Shadow(ticker, tick_of(family)) if family in (UPDOWN, ABOVE) else None
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
            pending = self._due(market)
            if pending is not None:
                pending.changes[(delta.side, placed)] = None
        if ts // MINUTE_NS != market.minute:
            market.sample(ts)
            self._look(market)

    def _print(self, printed: Print, ts: int) -> None:
        market = self._by_ticker.get(printed.ticker)
        if market is None or market.phase == RESOLVED:
            return
        deal = market.deal(printed, ts)
        if deal is None:
            return
        market.last = messages.last_text(deal.price)
        pending = self._due(market)
        if pending is not None:
            pending.deals.append(deal)
            pending.whole = True

    def _book(self, book: Book, ts: int) -> None:
        shadow = self._shadow(book.ticker)
        if shadow is None:
            return
        shadow.replace(book.bids, book.asks)
        market = self._by_ticker.get(book.ticker)
        if market is not None:
            self._whole(market)
            market.sample(ts)

    def _life(self, life: Life, ts: int) -> None:
        market = self._by_ticker.get(life.ticker)
        if market is None:
            return
        if life.floor is not None and market.terms.family == UPDOWN:
            market.terms = msgspec.structs.replace(market.terms, low=life.floor)
        if life.event == "determined":
            self._propose(market, life.value)
        elif life.event == "settled":
            self._resolve(market)

    def _record(self, record: Record) -> None:
        terms = terms_of(record)
        if terms is None or terms.family not in (UPDOWN, ABOVE):
            return
        market = self._by_ticker.get(record.ticker)
        if market is None:
            if terms.family == ABOVE and terms.low is None:
                return
            market = self._list(record)
        elif terms.family == UPDOWN:
            market.terms = terms
        market.final = record.expiration_value or market.final
        if record.status in ("determined", "finalized", "settled"):
            self._propose(market, paid(record))
        if record.status in ("finalized", "settled"):
            self._resolve(market)

    # ------------------------------------------------------------------ a market's life

    def _list(self, record: Record) -> Market:
        terms = terms_of(record)
        shadow = self._shadow(record.ticker)
        assert terms is not None
        assert shadow is not None
        event = names_of(terms).event
        group = self.groups.get(event.slug)
        if group is None:
            group = self.groups[event.slug] = Group(len(self.groups), event)
        market = Market(len(self.markets), terms, group, shadow, self.now())
        group.markets.append(market)
        self._by_ticker[record.ticker] = self.markets[market.condition] = market
        for yes in (True, False):
            self._by_token[market.token(yes=yes)] = (market, yes)
        market.sample(self.now())
        self._announce(messages.new_market(market, self.now()))
        self._whole(market)
        return market

    def _propose(self, market: Market, value: int | None) -> None:
        if market.phase == TRADING:
            market.phase = PROPOSED
        market.paid = value if value is not None else market.paid

    def _resolve(self, market: Market) -> None:
        if market.phase == RESOLVED or market.paid is None:
            return
        market.phase, market.closed_ns = RESOLVED, self.now()
        market.book.clear()
        self._pending.pop(market.condition, None)
        frame = messages.resolved(market, self.now())
        for session in self._of(market):
            if session.custom:
                session.tell(frame)
        for session in self.sessions:
            if session.hears_all:
                session.tell(frame)

    def _announce(self, frame: bytes) -> None:
        for session in self.sessions:
            if session.custom:
                session.tell(frame)

    # ------------------------------------------------------------------ what is told

    def _of(self, market: Market) -> dict[Session, None]:
        """Who listens to either of a market's tokens."""
        listeners = self._listeners
        first, second = (listeners.get(token) for token in market.tokens)
        return {**(first or {}), **(second or {})}

    def _due(self, market: Market) -> Pending | None:
        """Where to note what is to be told of a market; None while nobody listens."""
        pending = self._pending.get(market.condition)
        if pending is None:
            if self.wake is None or not any(token in self._listeners for token in market.tokens):
                return None
            if not self._pending:
                self.wake()
            pending = self._pending[market.condition] = Pending({}, [])
        return pending

    def _whole(self, market: Market) -> None:
        pending = self._due(market)
        if pending is not None:
            pending.whole = True
            pending.changes.clear()

    def flush(self) -> None:
        """Tell all that has gathered."""
        pending, self._pending = self._pending, {}
        for condition, due in pending.items():
            market = self.markets[condition]
            if self._look(market):
                due.whole = True
                due.changes.clear()
            self._tell(market, due)
        # whatever a closer look has found is told already
        self._pending.clear()

    def _look(self, market: Market) -> bool:
        """Refine the tick of a market that has come near an end; whether that is so."""
        if not market.book.edgy:
            return False
        before = market.book.tick
        market.book.step(TENTH)
        for yes in (True, False):
            self._each(market, yes, messages.tick_change(market, before, self.now(), yes=yes))
        self._whole(market)
        return True

    def _tell(self, market: Market, due: Pending) -> None:
        now, heard = self.now(), self._of(market)
        changes = list(due.changes)
        for at in range(0, len(changes), MOST_CHANGES):
            self._told += 1
            frame = messages.price_change(market, changes[at : at + MOST_CHANGES], now, self._told)
            for session in heard:
                session.tell(frame)
        self._quote(market, now)
        for deal in due.deals:
            self._each(market, deal.yes, messages.last_trade(market, deal))
        if due.whole:
            for yes in (True, False):
                if market.token(yes=yes) in self._listeners:
                    self._each(market, yes, self._written(market, yes=yes, whole=False))

    def _quote(self, market: Market, now: int) -> None:
        """The best prices, where they have changed, for those who want them."""
        top = market.top()
        if self._tops.get(market.condition) == top:
            return
        self._tops[market.condition] = top
        for yes in (True, False):
            wanting = [s for s in self._listeners.get(market.token(yes=yes), ()) if s.custom]
            if wanting:
                frame = messages.best_bid_ask(market, now, yes=yes)
                for session in wanting:
                    session.tell(frame)

    def _each(self, market: Market, yes: bool, frame: bytes) -> None:  # noqa: FBT001
        for session in self._listeners.get(market.token(yes=yes), ()):
            session.tell(frame)

    def _written(self, market: Market, *, yes: bool, whole: bool) -> bytes:
        return messages.book(market, self.now(), yes=yes, event=True, whole=whole, hollow=self._hollow())

    # ------------------------------------------------------------------ what is asked

    def join(self, session: Session) -> None:
        """A client has come."""
        self.sessions.add(session)

    def leave(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)
        for token in list(session.tokens):
            self.ignore(session, token)

    def of_token(self, token: str) -> tuple[Market, bool] | None:
        """A token's market, and whether it is YES."""
        return self._by_token.get(token)

    def listen(self, session: Session, token: str) -> None:
        """Tell a session of a token from now on, whether or not there is one yet."""
        self._listeners.setdefault(token, {})[session] = None

    def ignore(self, session: Session, token: str) -> None:
        """Tell it no more."""
        listeners = self._listeners.get(token, {})
        listeners.pop(session, None)
        if not listeners:
            self._listeners.pop(token, None)

    def book_of(self, token: str, *, whole: bool) -> bytes | None:
        """A token's book as the socket tells it; None where there is no such token, or it trades no more."""
        found = self._by_token.get(token)
        if found is None or found[0].phase == RESOLVED:
            return None
        self._look(found[0])
        return self._written(found[0], yes=found[1], whole=whole)

    def level_sides(self, market: Market, *, yes: bool) -> tuple[bool, bool]:
        """Whether a token has bids, and asks."""
        own = [bool(market.book.levels(side)) for side in (BID, ASK)]
        return (own[0], own[1]) if yes else (own[1], own[0])

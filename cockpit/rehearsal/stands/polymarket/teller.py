"""Who listens to which token, and telling them.

Changes are gathered while the stage plays and told together as soon as others get their turn: a level that changed
twice is told once, with the size it has then. After changes come prints, and after prints the whole books they touched.
"""

from collections.abc import Callable

import msgspec

from cockpit.rehearsal.polymarket import messages
from cockpit.rehearsal.polymarket.depth import TENTH
from cockpit.rehearsal.polymarket.market import RESOLVED, Deal, Market
from cockpit.rehearsal.stands.faults import Clock
from cockpit.rehearsal.stands.polymarket.session import Session

MOST_CHANGES = 50
"""In one message."""


class Pending(msgspec.Struct):
    """What of a market has not been told yet."""

    market: Market
    changes: dict[messages.Change, None]
    deals: list[Deal]
    whole: bool = False
    """Whether whole books are due besides."""


class Teller:
    """Tells sessions what happens to the tokens they listen to.

    Args:
        clock: the stage's time, ns UTC.
        hollow: whether whole books leave their asks out now, which is a fault.
    """

    def __init__(self, clock: Clock, hollow: Callable[[], bool] = lambda: False) -> None:
        self.now = clock
        self.sessions: set[Session] = set()
        self.tokens: dict[str, tuple[Market, bool]] = {}
        """Every token's market, and whether it is YES."""
        self.wake: Callable[[], None] | None = None
        """Called when something is to be told; `flush` then tells it. None: nobody can be told."""
        self._listeners: dict[str, dict[Session, None]] = {}
        """By token."""
        self._pending: dict[str, Pending] = {}
        self._tops: dict[str, tuple[int, int]] = {}
        """Last told, by condition."""
        self._told = 0
        self._hollow = hollow

    # ------------------------------------------------------------------ who listens

    def join(self, session: Session) -> None:
        """A client has come."""
        self.sessions.add(session)

    def leave(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)
        for token in session.tokens:
            self.ignore(session, token)

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
        found = self.tokens.get(token)
        if found is None or found[0].phase == RESOLVED:
            return None
        self.refine(found[0])
        return self._written(found[0], yes=found[1], whole=whole)

    def _of(self, market: Market) -> dict[Session, None]:
        """Who listens to either of a market's tokens."""
        first, second = (self._listeners.get(token) for token in market.tokens)
        return {**(first or {}), **(second or {})}

    # ------------------------------------------------------------------ what is to be told

    def changed(self, market: Market, change: messages.Change) -> None:
        """A level of a market's has changed."""
        pending = self._due(market)
        if pending is not None:
            pending.changes[change] = None

    def dealt(self, market: Market, deal: Deal) -> None:
        """A market has traded."""
        pending = self._due(market)
        if pending is not None:
            pending.deals.append(deal)
            pending.whole = True

    def whole(self, market: Market) -> None:
        """A market's book is another one."""
        pending = self._due(market)
        if pending is not None:
            pending.whole = True
            pending.changes.clear()

    def _due(self, market: Market) -> Pending | None:
        """Where to note what is to be told of a market; None while nobody listens."""
        pending = self._pending.get(market.condition)
        if pending is None:
            first, second = market.tokens
            if self.wake is None or (first not in self._listeners and second not in self._listeners):
                return None
            if not self._pending:
                self.wake()
            pending = self._pending[market.condition] = Pending(market, {}, [])
        return pending

    # ------------------------------------------------------------------ telling

    def listed(self, market: Market) -> None:
        """Tell of a new market, and its book to those who waited for it."""
        frame = messages.new_market(market, self.now())
        for session in self.sessions:
            if session.custom:
                session.tell(frame)
        self.whole(market)

    def resolved(self, market: Market) -> None:
        """Tell of an outcome; of the market itself nothing is told any more."""
        self._pending.pop(market.condition, None)
        frame = messages.resolved(market, self.now())
        heard = self._of(market)
        for session in self.sessions:
            if session.hears_all or (session.custom and session in heard):
                session.tell(frame)

    def refine(self, market: Market) -> None:
        """Refine the tick of a market that has come near an end: its book is then told whole."""
        if self._refined(market):
            self.whole(market)

    def flush(self) -> None:
        """Tell all that has gathered."""
        pending, self._pending = self._pending, {}
        for due in pending.values():
            if self._refined(due.market):
                due.whole = True
                due.changes.clear()
            self._tell(due.market, due)

    def _refined(self, market: Market) -> bool:
        return market.book.edgy and self.stepped(market, TENTH)

    def stepped(self, market: Market, tick: int) -> bool:
        """Tell of a market's new tick, price units; False when it is the one it has."""
        before = market.book.tick
        if tick == before:
            return False
        market.book.step(tick)
        for yes in (True, False):
            frame = messages.tick_change(market, before, self.now(), yes=yes)
            self._each(market.token(yes=yes), frame)
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
            self._each(market.token(yes=deal.yes), messages.last_trade(market, deal))
        if due.whole:
            for yes in (True, False):
                if market.token(yes=yes) in self._listeners:
                    self._each(market.token(yes=yes), self._written(market, yes=yes, whole=False))

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

    def _each(self, token: str, frame: bytes) -> None:
        for session in self._listeners.get(token, ()):
            session.tell(frame)

    def _written(self, market: Market, *, yes: bool, whole: bool) -> bytes:
        return messages.book(market, self.now(), yes=yes, event=True, whole=whole, hollow=self._hollow())

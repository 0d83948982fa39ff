"""Where terms become orders. Nothing else sends one: every order of every lane passes `Gate.place`."""

from cockpit.domain.units import SECOND
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.limits import Limits
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Caps, Exposure, Refused, approve, closes
from cockpit.engine.state import MarketState, State
from cockpit.engine.terms import Terms

AMENDING = ("", "kalshi")
"""Venues whose orders can be amended; a market nobody has listed counts as one of them."""


def silence(state: State, config: EngineConfig, m: MarketState) -> str:
    """How long nothing has spoken for a book, where that is too long to act on it; empty where it is not.

    A venue's stream speaks for all its books at once; where books are polled each speaks for itself.
    """
    venue = m.market.venue
    if venue in config.polled:
        age = state.now - m.book_ns
        return f"polled {age // SECOND} s ago" if age > config.polled_stale_ns else ""
    age = state.now - max(m.book_ns, state.heard.get(venue, 0))
    said = f"nothing heard from {venue or 'the venue'} for {age // SECOND} s"
    return said if age > config.silent_ns else ""


class Gate:
    """Risk, and the desk's own stops, before an order is sent."""

    def __init__(self, state: State, config: EngineConfig, orders: Orders) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self.caps: dict[str, Caps] = {lane.name: lane.caps for lane in config.lanes}
        """As lanes started; a shadow lane's stay."""
        self.limits = Limits(state, config)
        """The desk's, and of those who follow it."""

    def place(self, terms: Terms) -> Own | Refused:
        """Send an order, or say why not."""
        return self._send(terms, None)

    def replace(self, order: Own, terms: Terms) -> Own | Refused:
        """Send an order that takes another's place when it arrives, or say why not and leave it.

        The venue does both at once: what the old one fills until then, the new one has less.
        """
        return self._send(terms, order)

    def refusal(self, terms: Terms, instead: Own | None = None, exposure: Exposure | None = None) -> str:
        """Why an order would not be sent now; empty when it would."""
        known = exposure or self.exposure(terms.lane, instead)
        reason = self._stopped(terms, known)
        if reason:
            return reason
        answer = approve(self._state, terms, known)
        return answer.reason if isinstance(answer, Refused) else self._silence(terms.market)

    def fit(self, terms: Terms, instead: Own | None = None) -> tuple[int, str]:
        """The most the caps allow of the terms' quantity, and the cap that bound it."""
        return self.exposure(terms.lane, instead).fit(terms)

    def closes(self, terms: Terms, instead: Own | None = None) -> bool:
        """Whether an order can only make its lane's position smaller."""
        here = self._orders.here.get((terms.lane, terms.market), {}).values()
        return closes(self._state.lane(terms.lane), terms, (o for o in here if o is not instead))

    def exposure(self, lane: str, without: Own | None = None, beside: Terms | None = None) -> Exposure:
        """What a lane may lose, now; ``beside`` is an order that would be sent first."""
        caps = self.caps_of(lane)
        return Exposure(self._state, self._state.lane(lane), self.own(lane, without), caps, beside)

    def own(self, lane: str, without: Own | None = None) -> list[Own]:
        """A lane's orders that have not ended."""
        index = self._orders.index
        return [index[name] for name in self._state.lane(lane).working if index[name] is not without]

    def amends(self, order: Own) -> bool:
        """Whether an order's venue lets it get smaller where it stands; elsewhere it is taken back and sent anew."""
        return self._state.markets[order.market].market.venue in AMENDING

    def caps_of(self, lane: str) -> Caps:
        """A lane's caps; one that follows the desk has the desk's."""
        return self.limits.caps if lane == DESK else self.caps.get(lane, self.limits.caps)

    def _send(self, terms: Terms, instead: Own | None) -> Own | Refused:
        exposure = self.exposure(terms.lane, instead)
        reason = self._stopped(terms, exposure)
        if reason:
            return Refused(reason)
        answer = approve(self._state, terms, exposure)
        if isinstance(answer, Refused):
            return answer
        quiet = self._silence(terms.market)
        return Refused(quiet) if quiet else self._orders.place(answer, instead)

    def _silence(self, ticker: str) -> str:
        """Why a market's book is too old to send an order on; empty where it is not."""
        m = self._state.markets.get(ticker)
        return silence(self._state, self._config, m) if m is not None and m.has_book else ""

    def _stopped(self, terms: Terms, exposure: Exposure) -> str:
        """What keeps the desk from sending; other lanes go on."""
        if terms.lane != DESK:
            return ""
        state = self._state
        if state.killed:
            return "killed"
        if state.away:
            return "nobody at the wheel"
        if state.halt and not terms.hedge and not exposure.closes(terms):
            return state.halt
        return ""

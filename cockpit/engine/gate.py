"""Where terms become orders. Nothing else sends one: every order of every lane passes `Gate.place`."""

from cockpit.domain.units import QTY
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Caps, Refused, approve, caps_reason, closes
from cockpit.engine.state import State
from cockpit.engine.terms import Terms


class Gate:
    """Risk, and the desk's own stops, before an order is sent."""

    def __init__(self, state: State, config: EngineConfig, orders: Orders) -> None:
        self._state = state
        self._orders = orders
        self.caps: dict[str, Caps] = {lane.name: lane.caps for lane in config.lanes}
        self._desk = self.caps.get(DESK, Caps())

    def place(self, terms: Terms) -> Own | Refused:
        """Send an order, or say why not."""
        return self._send(terms, None)

    def replace(self, order: Own, terms: Terms) -> Own | Refused:
        """Take an order back and send another in its place, or say why not and leave it."""
        return self._send(terms, order)

    def refusal(self, terms: Terms, instead: Own | None = None) -> str:
        """Why an order would not be sent now; empty when it would."""
        reason = self._stopped(terms)
        if reason:
            return reason
        answer = approve(self._state, terms, self.caps_of(terms.lane), self.own(terms.lane, instead))
        return answer.reason if isinstance(answer, Refused) else ""

    def fit(self, terms: Terms, instead: Own | None = None) -> tuple[int, str]:
        """The terms' quantity if the caps allow it, else the most whole contracts they do, and the cap that bound."""
        own = self.own(terms.lane, instead)
        lane, caps = self._state.lane(terms.lane), self.caps_of(terms.lane)
        bound = caps_reason(self._state, lane, terms, caps, own)
        if not bound:
            return terms.qty, ""
        most, least = terms.qty // QTY, 0
        while least < most:
            middle = (least + most + 1) // 2
            wanted = _resized(terms, middle * QTY)
            reason = caps_reason(self._state, lane, wanted, caps, own)
            if reason:
                most, bound = middle - 1, reason
            else:
                least = middle
        return least * QTY, bound

    def own(self, lane: str, without: Own | None = None) -> list[Own]:
        """A lane's orders that have not ended."""
        index = self._orders.index
        return [index[name] for name in self._state.lane(lane).working if index[name] is not without]

    def caps_of(self, lane: str) -> Caps:
        """A lane's caps; one that follows the desk has the desk's."""
        return self.caps.get(lane, self._desk)

    def _send(self, terms: Terms, instead: Own | None) -> Own | Refused:
        reason = self._stopped(terms)
        if reason:
            return Refused(reason)
        answer = approve(self._state, terms, self.caps_of(terms.lane), self.own(terms.lane, instead))
        if isinstance(answer, Refused):
            return answer
        if instead is not None:
            self._orders.request_cancel(instead, "edited")
        return self._orders.place(answer)

    def _stopped(self, terms: Terms) -> str:
        """What keeps the desk from sending; other lanes go on."""
        if terms.lane != DESK:
            return ""
        state = self._state
        if state.killed:
            return "killed"
        if state.halt and not closes(state.lanes[DESK], terms):
            return state.halt
        return ""


def _resized(terms: Terms, qty: int) -> Terms:
    return Terms(terms.lane, terms.market, terms.side, terms.price, qty, terms.ttl_ns)

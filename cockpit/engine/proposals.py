"""From what a strategy decides about the desk to proposals.

    place, nothing proposed on that side       a proposal
    cancel a proposal and place on its side    the same proposal, a new revision
    cancel an order and place on its side      under a lease and within its ticks: replaced at once;
                                               else a proposal to replace it, and the order waits meanwhile
    cancel a proposal                          withdrawn
    cancel an order                            cancelled: taking risk back needs no approval

A proposal to open risk needs the low side of its fair value to clear the threshold; one that closes does not.
"""

from collections.abc import Sequence

from cockpit.domain.markets import tick_below
from cockpit.domain.orders import TicketState
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Refused, closes
from cockpit.engine.state import State, Ticket
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets
from cockpit.strategies.base import Cancel, Intent, Place, Snap
from cockpit.strategies.edges import Edge, entry


class Proposals:
    """Raises, re-prices and withdraws proposals as strategies decide."""

    def __init__(
        self, state: State, config: EngineConfig, orders: Orders, gate: Gate, tickets: Tickets
    ) -> None:
        self._state = state
        self._config = config.desk
        self._orders = orders
        self._gate = gate
        self._tickets = tickets

    def take(self, version: str, snap: Snap, intents: Sequence[Intent]) -> None:
        """Carry out one decision of a desk strategy, by the table above."""
        tickets, orders = self._named(intents)
        for intent in intents:
            if isinstance(intent, Place):
                ticket = next((t for t in tickets if t.side == intent.side), None)
                order = next((o for o, _ in orders if o.side == intent.side), None)
                if ticket is not None:
                    tickets.remove(ticket)
                    self._revise(ticket, snap, intent)
                elif order is not None:
                    orders = [each for each in orders if each[0] is not order]
                    self._requote(order, version, snap, intent)
                else:
                    self._propose(version, snap, intent)
        for ticket in tickets:
            self._tickets.withdraw(ticket, _why(intents, ticket.id))
        for order, reason in orders:
            self._orders.request_cancel(order, reason)

    def spent(self, order: Own, snap: Snap, version: str) -> bool:
        """Whether a working order has lost the edge that lets it wait for an answer."""
        here = self._tickets.edge(snap, order.side, order.price, version)
        return here is None or here.low < self._config.threshold / 2

    def _named(self, intents: Sequence[Intent]) -> tuple[list[Ticket], list[tuple[Own, str]]]:
        """The proposals and the orders a decision takes back."""
        tickets, orders = [], []
        for intent in intents:
            if isinstance(intent, Cancel):
                ticket, order = self._state.tickets.get(intent.order), self._orders.index.get(intent.order)
                if ticket is not None:
                    tickets.append(ticket)
                elif order is not None:
                    orders.append((order, intent.reason.code))
        return tickets, orders

    def _propose(self, version: str, snap: Snap, place: Place, replaces: str = "") -> Ticket | None:
        """Raise a proposal, unless it is stopped, was just refused, stands already, or is not worth a look."""
        state, now = self._state, self._state.now
        market = snap.market.ticker
        key = f"{version} {market} {place.side}"
        if state.killed or state.away or state.quiet.get(key, 0) > now or self._standing(key):
            return None
        sized = self._sized(snap, place, version, replaces)
        if sized is None:
            return None
        qty, bound, edge = sized
        state.ticketed += 1
        ticket = Ticket(
            id=f"T-{state.ticketed}",
            strategy=version,
            market=market,
            side=place.side,
            price=place.price,
            qty=qty,
            ttl_ns=place.ttl_ns,
            raised_ns=now,
            expires_ns=now + self._config.life_ns,
            replaces=replaces,
        )
        state.tickets[ticket.id] = ticket
        state.lanes[DESK].metrics.tickets += 1
        self._tickets.stamp(ticket, snap, place, bound, edge)
        return ticket

    def _revise(self, ticket: Ticket, snap: Snap, place: Place) -> None:
        """New terms for a proposal, or its end if they are not worth a look."""
        sized = self._sized(snap, place, ticket.strategy, ticket.replaces)
        if sized is None:
            self._tickets.withdraw(ticket, "edge gone")
            return
        qty, bound, edge = sized
        ticket.price, ticket.qty, ticket.ttl_ns = place.price, qty, place.ttl_ns
        ticket.rev += 1
        ticket.expires_ns = self._state.now + self._config.life_ns
        self._tickets.stamp(ticket, snap, place, bound, edge)

    def _requote(self, order: Own, version: str, snap: Snap, place: Place) -> None:
        """A strategy wants a working order elsewhere; one whose own edge is gone does not wait for an answer."""
        if self.spent(order, snap, version):
            self._orders.request_cancel(order, "edge gone")
            self._propose(version, snap, place)
            return
        lease = self._state.lease
        if lease is not None:
            tick = tick_below(snap.market.grid, max(order.price, place.price))
            if abs(place.price - order.price) <= lease.ticks * tick:
                left = order.left[order.rule] if order.live_ns else order.qty
                edge = self._tickets.edge(snap, place.side, place.price, version)
                claim = edge.edge if edge is not None else 0.0
                terms = Terms(
                    DESK, order.market, order.side, place.price, left, place.ttl_ns,
                    ticket=order.ticket, strategy=version, claim=claim,
                )  # fmt: skip
                answer = self._gate.replace(order, terms)
                if not isinstance(answer, Refused):
                    return
        self._propose(version, snap, place, replaces=order.id)

    def _sized(
        self, snap: Snap, place: Place, version: str, replaces: str
    ) -> tuple[int, str, Edge | None] | None:
        """Quantity within the caps, what set it, and the edge; None where it is not worth a look."""
        terms = Terms(DESK, snap.market.ticker, place.side, place.price, place.qty, place.ttl_ns)
        edge = self._tickets.edge(snap, place.side, place.price, version)
        closing = closes(self._state.lanes[DESK], terms)
        if not closing and (edge is None or not entry(edge, self._config.threshold)):
            return None
        qty, cap = self._gate.fit(terms, self._orders.index.get(replaces))
        if qty <= 0 or self._gate.refusal(
            Terms(DESK, terms.market, terms.side, terms.price, qty, 0), self._orders.index.get(replaces)
        ):
            return None
        return qty, cap or _size_bound(place), edge

    def _standing(self, key: str) -> bool:
        return any(
            t.state == TicketState.PROPOSED and f"{t.strategy} {t.market} {t.side}" == key
            for t in self._state.tickets.values()
        )


def _why(intents: Sequence[Intent], name: str) -> str:
    return next((i.reason.code for i in intents if isinstance(i, Cancel) and i.order == name), "")


def _size_bound(place: Place) -> str:
    """What the strategy says set its size: a reason's number named "bound: what"."""
    names = (name for name, _ in place.reason.numbers)
    return next((name.removeprefix("bound: ") for name in names if name.startswith("bound: ")), "")

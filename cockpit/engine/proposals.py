"""From what a strategy decides about the desk to tickets.

    place, nothing stands on that side         a ticket, once the wish has held for a moment
    cancel a ticket and place on its side      the same ticket, a new revision
    cancel an order and place on its side      under a lease and within its bounds: moved at once;
                                               else a ticket to move it, and the order waits meanwhile
    cancel a ticket                            withdrawn
    cancel an order                            cancelled: taking risk back needs no approval

A ticket to open risk needs the low side of its fair value to clear the threshold; one that closes does not. A lease
approves new tickets up to its risk, never one that moves an order: those it moves itself, within ticks of the price a
person approved.
"""

from collections.abc import Sequence

from cockpit.domain.markets import tick_below
from cockpit.domain.orders import TicketState
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Refused, cost
from cockpit.engine.state import LeaseState, State, Ticket
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import MOVED_ON, Tickets
from cockpit.strategies.base import Cancel, Intent, Place, Snap
from cockpit.strategies.edges import Edge, entry

LEASE = "lease"


class Proposals:
    """Raises, re-prices and withdraws tickets as strategies decide."""

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
        wished = set()
        for intent in intents:
            if isinstance(intent, Place):
                ticket = next((t for t in tickets if t.side == intent.side), None)
                order = next((o for o, _ in orders if o.side == intent.side), None)
                if ticket is not None:
                    tickets.remove(ticket)
                    self._revise(ticket, snap, intent)
                elif order is not None:
                    orders = [each for each in orders if each[0] is not order]
                    wished.add(_key(version, snap, intent.side))
                    self._requote(order, version, snap, intent)
                else:
                    wished.add(_key(version, snap, intent.side))
                    self._propose(version, snap, intent)
        self._forget_wishes(version, snap, wished)
        for ticket in tickets:
            self._tickets.withdraw(ticket, _why(intents, ticket.id))
            self._tickets.hush(ticket.strategy, ticket.market, ticket.side, self._config.withdrawn_ns)
        for order, reason in orders:
            self._orders.request_cancel(order, reason)

    def withdraw_all(self, reason: str) -> None:
        """Every ticket ends."""
        self._tickets.withdraw_all(reason)

    def spent(self, order: Own, snap: Snap, version: str) -> bool:
        """Whether a working order has lost the edge that lets it wait for an answer."""
        here = self._tickets.edge(snap, order.side, order.price, version)
        return here is None or here.low < self._gate.limits.threshold / 2

    # ------------------------------------------------------------------ one line of the table each

    def _named(self, intents: Sequence[Intent]) -> tuple[list[Ticket], list[tuple[Own, str]]]:
        """The tickets and the orders a decision takes back."""
        tickets, orders = [], []
        for intent in intents:
            if isinstance(intent, Cancel):
                ticket, order = self._state.tickets.get(intent.order), self._orders.index.get(intent.order)
                if ticket is not None:
                    tickets.append(ticket)
                elif order is not None:
                    orders.append((order, intent.reason.code))
        return tickets, orders

    def _propose(self, version: str, snap: Snap, place: Place, replaces: Own | None = None) -> None:
        """Raise a ticket, unless it is stopped, was just decided, stands already, or is not worth a look."""
        state, now = self._state, self._state.now
        market, key = snap.market.ticker, _key(version, snap, place.side)
        if state.killed or state.away or state.quiet.get(key, 0) > now or self._stands(market, place.side):
            return
        sized = self._sized(snap, place, version, replaces)
        if sized is None:
            state.wishes.pop(key, None)
            return
        if now - state.wishes.setdefault(key, now) < self._config.hold_ns:
            return
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
            replaces=replaces.id if replaces is not None else "",
            replaced=replaces.remaining if replaces is not None else 0,
        )
        state.tickets[ticket.id] = ticket
        state.lanes[DESK].metrics.tickets += 1
        self._tickets.stamp(ticket, snap, place, bound, edge)
        self._by_lease(ticket)

    def _revise(self, ticket: Ticket, snap: Snap, place: Place) -> None:
        """New terms for a ticket, not too often to be read; its end if they are not worth a look."""
        if self._state.now - ticket.rev_ns < self._config.revise_ns:
            return
        order = self._orders.index.get(ticket.replaces)
        sized = self._sized(snap, place, ticket.strategy, order)
        met = ticket.replaced - order.remaining if order is not None else 0
        if sized is None or sized[0] <= met:
            self._tickets.withdraw(ticket, "edge gone" if sized is None else MOVED_ON)
            self._tickets.hush(ticket.strategy, ticket.market, ticket.side, self._config.withdrawn_ns)
            return
        qty, bound, edge = sized
        ticket.price, ticket.qty, ticket.ttl_ns = place.price, qty - met, place.ttl_ns
        ticket.replaced -= met
        ticket.rev += 1
        ticket.expires_ns = self._state.now + self._config.life_ns
        self._tickets.stamp(ticket, snap, place, bound, edge)
        self._by_lease(ticket)

    def _requote(self, order: Own, version: str, snap: Snap, place: Place) -> None:
        """A strategy wants a working order elsewhere; one whose own edge is gone does not wait for an answer."""
        if self.spent(order, snap, version):
            self._orders.request_cancel(order, "edge gone")
        elif order.end or self._state.quiet.get(_key(version, snap, place.side), 0) > self._state.now:
            return
        elif not self._moved_by_lease(order, version, snap, place):
            self._propose(version, snap, place, order)

    # ------------------------------------------------------------------ the lease

    def _by_lease(self, ticket: Ticket) -> None:
        """Approve a ticket in the person's name, if a lease in force has the risk for it."""
        lease = self._state.lease
        if lease is None or ticket.replaces or ticket.edited or self._tickets.refusal(ticket):
            return
        closing = self._gate.closes(Terms(DESK, ticket.market, ticket.side, ticket.price, ticket.qty, 0))
        risk = 0 if closing else cost(ticket.side, ticket.price, ticket.qty)
        if risk <= lease.risk:
            lease.risk -= risk
            self._tickets.send(ticket, LEASE, leased=risk)

    def _moved_by_lease(self, order: Own, version: str, snap: Snap, place: Place) -> bool:
        """Whether a lease moved the order: near the price approved, worth it there, and what it adds to risk paid."""
        lease = self._state.lease
        if lease is None or not self._near(lease, order, snap, place):
            return False
        sized = self._sized(snap, place, version, order)
        if sized is None:
            return False
        qty, _, edge = sized
        qty = min(qty, order.remaining)
        unspent = order.leased * order.remaining // order.qty
        more = max(0, cost(order.side, place.price, qty) - cost(order.side, order.price, order.remaining))
        if more > lease.risk:
            return False
        terms = Terms(
            DESK, order.market, order.side, place.price, qty, place.ttl_ns, strategy=version,
            claim=edge.edge if edge is not None else 0.0, anchor=order.anchor, leased=unspent + more,
        )  # fmt: skip
        was, order.leased = order.leased, 0  # before it is sent: without latency the old order ends within
        lease.risk -= more
        if isinstance(self._gate.replace(order, terms), Refused):
            order.leased = was
            lease.risk += more
            return False
        return True

    def _near(self, lease: LeaseState, order: Own, snap: Snap, place: Place) -> bool:
        tick = tick_below(snap.market.grid, max(order.anchor, place.price))
        return bool(order.anchor) and abs(place.price - order.anchor) <= lease.ticks * tick

    # ------------------------------------------------------------------ what is worth a look

    def _sized(
        self, snap: Snap, place: Place, version: str, replaces: Own | None
    ) -> tuple[int, str, Edge | None] | None:
        """Quantity within the caps, what set it, and the edge; None where it is not worth a look."""
        terms = Terms(DESK, snap.market.ticker, place.side, place.price, place.qty, place.ttl_ns)
        exposure = self._gate.exposure(DESK, replaces)
        edge = self._tickets.edge(snap, place.side, place.price, version)
        if not exposure.closes(terms) and (edge is None or not entry(edge, self._gate.limits.threshold)):
            return None
        qty, cap = exposure.fit(terms)
        if qty <= 0:
            return None
        wanted = Terms(DESK, terms.market, terms.side, terms.price, qty, 0)
        return None if self._gate.refusal(wanted, None, exposure) else (qty, cap or _size_bound(place), edge)

    def _stands(self, market: str, side: int) -> bool:
        return any(
            t.state == TicketState.PROPOSED and t.market == market and t.side == side
            for t in self._state.tickets.values()
        )

    def _forget_wishes(self, version: str, snap: Snap, wished: set[str]) -> None:
        """A wish that was not made again has not held."""
        if self._state.wishes:
            for side in (1, -1):
                key = _key(version, snap, side)
                if key not in wished:
                    self._state.wishes.pop(key, None)


def _key(version: str, snap: Snap, side: int) -> str:
    return f"{version} {snap.market.ticker} {side}"


def _why(intents: Sequence[Intent], name: str) -> str:
    return next((i.reason.code for i in intents if isinstance(i, Cancel) and i.order == name), "")


def _size_bound(place: Place) -> str:
    """What the strategy says set its size: a reason's number named "bound: what". An exit says what it is instead."""
    if place.reason.code.startswith("passive exit"):
        return place.reason.code
    names = (name for name, _ in place.reason.numbers)
    return next((name.removeprefix("bound: ") for name in names if name.startswith("bound: ")), "")

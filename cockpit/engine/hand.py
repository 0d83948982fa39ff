"""What a person decides about proposals. Everything is computed anew at the keypress.

A person approves; risk decides last. What is done in hindsight, while a recording plays, goes to a lane of its own and
changes no proposal. The two legs of one trade are approved together and refused together.
"""

from cockpit.domain.commands import Approve, Edit, Reject
from cockpit.domain.orders import ticket_step
from cockpit.engine.config import DESK, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.risk import Refused
from cockpit.engine.snaps import Snaps
from cockpit.engine.state import State, Ticket
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets

HAND = "hand"
KEEP_DELAYS = 21


class Hand:
    """A person's hand on the proposals, over the engine's state."""

    def __init__(
        self, state: State, config: EngineConfig, orders: Orders, gate: Gate, snaps: Snaps, tickets: Tickets
    ) -> None:
        self._state = state
        self._config = config.desk
        self._orders = orders
        self._gate = gate
        self._snaps = snaps
        self._tickets = tickets

    def approve(self, command: Approve) -> str | None:
        """Send a proposal: empty when sent, else the reason why not; None when there is no such proposal."""
        ticket = self._tickets.standing(command.ticket, command.lane)
        if ticket is None:
            return None
        legs = self._tickets.both(ticket)
        reason = self._hand_reason(ticket, command, legs[1:])
        for each in legs:
            reason = reason or self._tickets.refusal(each, command.lane)
        reason = reason or self._together(legs, command.lane)
        if reason:
            return reason
        if command.lane == WHAT_IF:
            return self._in_hindsight(legs)
        state = self._state
        waited = max(state.now - ticket.rev_ns, command.ts - command.shown_ts)
        state.delays = [*state.delays, waited][-KEEP_DELAYS:]
        if ticket.edited:
            self._tickets.hush(ticket.strategy, ticket.market, ticket.side, self._config.rejected_ns)
        return self._send_all(legs)

    def _send_all(self, tickets: list[Ticket]) -> str:
        """Send a proposal, with its other leg where it has one: none of them if risk refuses one."""
        for i, ticket in enumerate(tickets):
            reason = self._tickets.send(ticket, HAND)
            if reason:
                for sent in tickets[:i]:
                    order = self._orders.index.get(sent.order)
                    if order is not None:
                        self._orders.request_cancel(order, "the other leg was refused")
                for waiting in tickets[i + 1 :]:
                    self._tickets.withdraw(waiting, "the other leg was refused")
                return reason
        return ""

    def _in_hindsight(self, tickets: list[Ticket]) -> str:
        """What would have been sent, in a lane of its own."""
        self._state.hand(WHAT_IF)
        refused = ""
        for ticket in tickets:
            self._state.hindsight[ticket.id] = "approved"
            answer = self._gate.place(self._tickets.terms(ticket, WHAT_IF))
            refused = refused or (answer.reason if isinstance(answer, Refused) else "")
        return refused

    def reject(self, command: Reject) -> bool:
        """Refuse a proposal; whether it stood."""
        ticket = self._tickets.standing(command.ticket, command.lane)
        if ticket is None:
            return False
        if command.lane == WHAT_IF:
            self._state.hindsight |= {each.id: "rejected" for each in self._tickets.both(ticket)}
            return True
        for each in self._tickets.both(ticket):
            each.state = ticket_step(each.state, "reject")
            del self._state.tickets[each.id]
            self._tickets.hush(each.strategy, each.market, each.side, self._config.rejected_ns)
            self._tickets.decided(each, "rejected", HAND)
        return True

    def edit(self, ticket: Ticket, command: Edit) -> str:
        """Set a proposal's terms by hand; the reason if they cannot be."""
        if command.lane == WHAT_IF:
            return "a proposal cannot be edited in hindsight"
        if ticket.id in self._state.cross.legs:
            return "a leg of two is not edited: reject it, or approve both"
        if (command.price, command.qty) == (ticket.price, ticket.qty):
            return "nothing to change"
        if ticket.rev_ns >= self._state.now:
            return "the terms have just changed"
        terms = Terms(DESK, ticket.market, ticket.side, command.price, command.qty, ticket.ttl_ns)
        reason = self._tickets.through(terms) or self._gate.refusal(
            terms, self._orders.index.get(ticket.replaces)
        )
        if reason:
            return reason
        snap = self._snaps.fresh(self._state.markets[ticket.market])
        edge = self._tickets.edge(snap, ticket.side, command.price, ticket.strategy)
        ticket.price, ticket.qty = command.price, command.qty
        ticket.rev += 1
        ticket.rev_ns = self._state.now
        ticket.edited = True
        ticket.claim = edge.edge if edge is not None else 0.0
        ticket.queue = self._state.markets[ticket.market].book.before(ticket.side, ticket.price)
        ticket.expires_ns = self._state.now + self._config.life_ns
        self._orders.timer(ticket.expires_ns, "ticket", ticket.id)
        self._tickets.tell(ticket)
        return ""

    def _together(self, legs: list[Ticket], lane: str) -> str:
        """Why risk would refuse the second of two legs with the first beside it; empty for one, or where it would not."""
        if len(legs) < 2:
            return ""
        first, second = (self._tickets.terms(leg, lane) for leg in legs)
        return self._gate.refusal(second, None, self._gate.exposure(lane, None, first))

    def _hand_reason(self, ticket: Ticket, command: Approve, partners: list[Ticket]) -> str:
        """What is wrong with the keypress itself."""
        if command.ts - command.shown_ts < self._config.shown_ns:
            return "shown too briefly to have been read"
        if command.ts - command.pressed_ts < self._config.pause_ns:
            return "the key was not let go"
        if (command.side, command.price, command.qty) != (ticket.side, ticket.price, ticket.qty):
            return "the terms have changed"
        shown = (command.partner, command.partner_side, command.partner_price, command.partner_qty)
        if any((p.id, p.side, p.price, p.qty) != shown for p in partners):
            return "the other leg was not on the screen"
        return ""

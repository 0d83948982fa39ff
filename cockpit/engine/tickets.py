"""Proposals for the desk: how they are shown, decided, and end. Everything is computed anew at the keypress.

A person approves, or a lease in a person's name; risk decides last. What is done in hindsight, while a recording
plays, goes to a lane of its own and changes no proposal.
"""

from collections.abc import Callable

from cockpit.domain.commands import Approve, Edit, Reject
from cockpit.domain.effects import Effect, TicketDecided, TicketExpired, TicketRaised, TicketWithdrawn
from cockpit.domain.orders import TicketState, ticket_step
from cockpit.domain.units import BID, SECOND
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.risk import Refused, closes, cost
from cockpit.engine.snaps import Snaps
from cockpit.engine.state import Lane, State, Ticket
from cockpit.engine.terms import Terms
from cockpit.strategies.base import Place, Snap
from cockpit.strategies.edges import Edge, fair_edge

HAND, LEASE = "hand", "lease"
DELAY_NS = 4 * SECOND
"""How long a person is taken to need before any approval was measured."""
KEEP_DELAYS = 21
FEW_DELAYS = 3


class Tickets:
    """All proposals, over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        snaps: Snaps,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config.desk
        self._orders = orders
        self._gate = gate
        self._snaps = snaps
        self._emit = emit

    # ------------------------------------------------------------------ terms

    def stamp(self, ticket: Ticket, snap: Snap, place: Place, bound: str, edge: Edge | None) -> None:
        """Note what the world looks like on these terms, tell of them, and let lease and mirror have them."""
        now = self._state.now
        m = self._state.markets[ticket.market]
        ticket.rev_ns = now
        ticket.reason, ticket.bound = place.reason, bound
        ticket.bid, ticket.ask = snap.bid, snap.ask
        ticket.fair = snap.fair.mid if snap.fair is not None else None
        ticket.spot = snap.fair.outlook.spot if snap.fair is not None else None
        ticket.queue = m.book.size(ticket.side, ticket.price)
        ticket.claim = edge.edge if edge is not None else 0.0
        self._tell(ticket)
        self._orders.timer(ticket.expires_ns, "ticket", ticket.id)
        lease = self._state.lease
        risk = cost(ticket.side, ticket.price, ticket.qty)
        if lease is not None and risk <= lease.risk and not self.refusal(ticket):
            lease.risk -= risk
            self._send(ticket, LEASE)

    def _tell(self, ticket: Ticket) -> None:
        now = self._state.now
        self._emit(
            TicketRaised(
                now, DESK, ticket.id, ticket.market, ticket.side, ticket.price, ticket.qty, ticket.expires_ns,
                ticket.strategy, ticket.rev,
            )
        )  # fmt: skip
        if MIRROR in self._state.lanes and (ticket.rev == 1 or ticket.id in self._state.mirrored):
            self._state.mirrored[ticket.id] = self._terms(ticket, MIRROR)
            self._orders.timer(now + self.delay_ns, "mirror", f"{ticket.id} {ticket.rev}")

    # ------------------------------------------------------------------ how proposals end

    def withdraw(self, ticket: Ticket, reason: str) -> None:
        """A proposal no longer stands."""
        ticket.state = ticket_step(ticket.state, "withdraw")
        del self._state.tickets[ticket.id]
        self._state.mirrored.pop(ticket.id, None)
        self._emit(TicketWithdrawn(self._state.now, ticket.id, reason))

    def withdraw_all(self, reason: str, market: str = "") -> None:
        """All proposals, or all of one market, end."""
        for ticket in list(self._state.tickets.values()):
            if ticket.state == TicketState.PROPOSED and market in ("", ticket.market):
                self.withdraw(ticket, reason)

    def expire(self, name: str) -> None:
        """A proposal's time may be up."""
        ticket = self._state.tickets.get(name)
        if ticket is None or ticket.state != TicketState.PROPOSED or ticket.expires_ns > self._state.now:
            return
        ticket.state = ticket_step(ticket.state, "expire")
        del self._state.tickets[name]
        self._state.mirrored.pop(name, None)
        self._hush(ticket, self._config.expired_ns)
        self._emit(TicketExpired(self._state.now, name))

    def mirror(self, name: str) -> None:
        """The person's usual delay has passed: the mirror lane approves what still stood."""
        ticket_id, _, rev = name.partition(" ")
        ticket = self._state.tickets.get(ticket_id)
        if ticket is not None and ticket.rev != int(rev):
            return
        terms = self._state.mirrored.pop(ticket_id, None)
        if terms is not None:
            self._gate.place(terms)

    @property
    def delay_ns(self) -> int:
        """The person's median delay, or what one is taken to need."""
        delays = sorted(self._state.delays)
        return delays[len(delays) // 2] if len(delays) >= FEW_DELAYS else DELAY_NS

    # ------------------------------------------------------------------ what a person decides

    def approve(self, command: Approve) -> str | None:
        """Send a proposal: empty when sent, else the reason why not; None when there is no such proposal."""
        ticket = self.standing(command.ticket, command.lane)
        if ticket is None:
            return None
        reason = self._hand_reason(ticket, command) or self.refusal(ticket, command.lane)
        if reason:
            return reason
        if command.lane == WHAT_IF:
            self._state.hindsight[ticket.id] = "approved"
            self._state.lanes.setdefault(WHAT_IF, Lane(WHAT_IF))
            answer = self._gate.place(self._terms(ticket, WHAT_IF))
            return answer.reason if isinstance(answer, Refused) else ""
        state = self._state
        state.delays = [*state.delays, state.now - ticket.rev_ns][-KEEP_DELAYS:]
        return self._send(ticket, HAND)

    def reject(self, command: Reject) -> bool:
        """Refuse a proposal; whether it stood."""
        ticket = self.standing(command.ticket, command.lane)
        if ticket is None:
            return False
        if command.lane == WHAT_IF:
            self._state.hindsight[ticket.id] = "rejected"
            return True
        ticket.state = ticket_step(ticket.state, "reject")
        del self._state.tickets[ticket.id]
        self._hush(ticket, self._config.rejected_ns)
        self._decided(ticket, "rejected", HAND)
        return True

    def edit(self, ticket: Ticket, command: Edit) -> str:
        """Set a proposal's terms by hand; the reason if they cannot be."""
        if command.lane == WHAT_IF:
            return "a proposal cannot be edited in hindsight"
        if (command.price, command.qty) == (ticket.price, ticket.qty):
            return "nothing to change"
        terms = Terms(DESK, ticket.market, ticket.side, command.price, command.qty, ticket.ttl_ns)
        reason = self._through(terms) or self._gate.refusal(terms, self._orders.index.get(ticket.replaces))
        if reason:
            return reason
        snap = self._snaps.fresh(self._state.markets[ticket.market])
        edge = self.edge(snap, ticket.side, command.price, ticket.strategy)
        ticket.price, ticket.qty = command.price, command.qty
        ticket.rev += 1
        ticket.rev_ns = self._state.now
        ticket.edited = True
        ticket.claim = edge.edge if edge is not None else 0.0
        ticket.queue = self._state.markets[ticket.market].book.size(ticket.side, ticket.price)
        ticket.expires_ns = self._state.now + self._config.life_ns
        self._orders.timer(ticket.expires_ns, "ticket", ticket.id)
        self._tell(ticket)
        return ""

    def standing(self, name: str, lane: str = DESK) -> Ticket | None:
        """A proposal that waits for this hand."""
        ticket = self._state.tickets.get(name)
        if ticket is None or ticket.state != TicketState.PROPOSED:
            return None
        return None if lane == WHAT_IF and name in self._state.hindsight else ticket

    def refusal(self, ticket: Ticket, lane: str = DESK) -> str:
        """Why a proposal would not be sent at this moment; empty when it would."""
        if self._state.away:
            return "nobody at the wheel"
        terms = self._terms(ticket, lane)
        instead = self._orders.index.get(ticket.replaces) if lane == DESK else None
        return self._gate.refusal(terms, instead) or self._through(terms) or self._edge_reason(ticket, terms)

    def recheck(self) -> None:
        """Withdraw edited proposals whose edge is gone: no strategy looks after them."""
        for ticket in list(self._state.tickets.values()):
            if ticket.edited and ticket.state == TicketState.PROPOSED:
                reason = self._edge_reason(ticket, self._terms(ticket, DESK))
                if reason:
                    self.withdraw(ticket, reason)

    # ------------------------------------------------------------------ one step each

    def _hand_reason(self, ticket: Ticket, command: Approve) -> str:
        """What is wrong with the keypress itself."""
        if command.ts - command.shown_ts < self._config.shown_ns:
            return "shown too briefly to have been read"
        if command.ts - command.pressed_ts < self._config.pause_ns:
            return "the key was not let go"
        if (command.side, command.price, command.qty) != (ticket.side, ticket.price, ticket.qty):
            return "the terms have changed"
        return ""

    def _through(self, terms: Terms) -> str:
        """The book has moved through the price: it would not rest."""
        book = self._state.markets[terms.market].book
        through = terms.price >= book.ask if terms.side == BID else terms.price <= book.bid
        return "the book moved through the price" if through else ""

    def _edge_reason(self, ticket: Ticket, terms: Terms) -> str:
        """The fair value no longer carries it; closing needs none."""
        if closes(self._state.lane(terms.lane), terms):
            return ""
        snap = self._snaps.fresh(self._state.markets[ticket.market])
        edge = self.edge(snap, ticket.side, ticket.price, ticket.strategy)
        if edge is None:
            return "fair value stale"
        if edge.implausible:
            return "edge too large to be true"
        return "edge gone" if edge.low < self._config.threshold / 2 or edge.ev <= 0 else ""

    def _send(self, ticket: Ticket, by: str) -> str:
        """Send a proposal whose every check has passed."""
        ticket.state = ticket_step(ticket.state, "approve")
        self._decided(ticket, "approved", by)
        terms = self._terms(ticket, DESK)
        instead = self._orders.index.get(ticket.replaces)
        answer = self._gate.place(terms) if instead is None else self._gate.replace(instead, terms)
        if not isinstance(answer, Refused):
            return ""
        ticket.state = ticket_step(ticket.state, "refuse")
        del self._state.tickets[ticket.id]
        return answer.reason

    def _decided(self, ticket: Ticket, decision: str, by: str) -> None:
        now = self._state.now
        self._emit(TicketDecided(now, ticket.id, decision, by, now - ticket.rev_ns))

    def _terms(self, ticket: Ticket, lane: str) -> Terms:
        return Terms(
            lane, ticket.market, ticket.side, ticket.price, ticket.qty, ticket.ttl_ns,
            ticket=ticket.id, strategy=ticket.strategy, claim=ticket.claim,
        )  # fmt: skip

    def edge(self, snap: Snap, side: int, price: int, version: str) -> Edge | None:
        """What resting there is worth to the desk; None where no fair value stands."""
        if snap.fair is None:
            return None
        odds = self._snaps.odds(self._state.lanes[DESK], version)
        return fair_edge(snap.fair, snap.fees, side, price, odds)

    def _hush(self, ticket: Ticket, span_ns: int) -> None:
        key = f"{ticket.strategy} {ticket.market} {ticket.side}"
        quiet = {k: until for k, until in self._state.quiet.items() if until > self._state.now}
        self._state.quiet = quiet | {key: self._state.now + span_ns}

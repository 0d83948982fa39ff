"""Proposals for the desk: their terms, whether they would be sent at this moment, and how they end by themselves."""

from collections.abc import Callable

import msgspec

from cockpit.domain.effects import Effect, TicketDecided, TicketExpired, TicketRaised, TicketWithdrawn
from cockpit.domain.orders import TicketState, ticket_step
from cockpit.domain.units import BID, SECOND
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Refused
from cockpit.engine.snaps import Snaps
from cockpit.engine.spreads import Spreads
from cockpit.engine.state import State, Ticket
from cockpit.engine.terms import Terms
from cockpit.strategies.base import Place, Snap
from cockpit.strategies.edges import LIMITS, NEAR_CLOSE, Edge, entry, fair_edge

DELAY_NS = 4 * SECOND
"""How long a person is taken to need before any approval was measured."""
LEFT_BEHIND = 500
"""A ticket this far behind the best of its side is withdrawn: five cents, in price units."""
FEW_DELAYS = 3
MOVED_ON = "the order it would move has changed"


class Tickets:
    """All proposals, over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        snaps: Snaps,
        spreads: Spreads,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config.desk
        self._orders = orders
        self._gate = gate
        self._snaps = snaps
        self._spreads = spreads
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
        ticket.queue = m.book.before(ticket.side, ticket.price)
        ticket.claim = edge.edge if edge is not None else 0.0
        self.tell(ticket)
        self._orders.timer(ticket.expires_ns, "ticket", ticket.id)
        alone = ticket.id not in self._state.cross.legs  # the mirror would not hedge a leg of two
        if self._config.mirror and alone and (ticket.rev == 1 or ticket.id in self._state.mirrored):
            self._state.mirrored[ticket.id] = msgspec.structs.replace(ticket)
            self._orders.timer(now + self.delay_ns, "mirror", f"{ticket.id} {ticket.rev}")

    def tell(self, ticket: Ticket) -> None:
        """Say what a ticket's terms are now."""
        now = self._state.now
        self._emit(
            TicketRaised(
                now, DESK, ticket.id, ticket.market, ticket.side, ticket.price, ticket.qty, ticket.expires_ns,
                ticket.strategy, ticket.rev,
            )
        )  # fmt: skip

    # ------------------------------------------------------------------ how proposals end

    def withdraw(self, ticket: Ticket, reason: str) -> None:
        """A proposal no longer stands, nor does its other leg."""
        for each in self.both(ticket):
            each.state = ticket_step(each.state, "withdraw")
            del self._state.tickets[each.id]
            self._state.mirrored.pop(each.id, None)
            self._emit(TicketWithdrawn(self._state.now, each.id, reason))

    def withdraw_all(self, reason: str, market: str = "") -> None:
        """All proposals, or all of one market, end."""
        for ticket in list(self._state.tickets.values()):
            if ticket.state == TicketState.PROPOSED and market in ("", ticket.market):
                self.withdraw(ticket, reason)  # which may have ended another of the list

    def outgrown(self) -> None:
        """The threshold was raised: proposals stand down to half of the new one, and no further."""
        least = self._gate.limits.threshold / 2
        for ticket in list(self._state.tickets.values()):
            if ticket.state != TicketState.PROPOSED or ticket.id in self._state.cross.legs:
                continue
            edge = self.edge(self.snap(ticket.market), ticket.side, ticket.price, ticket.strategy)
            if edge is not None and edge.low < least and not self._gate.closes(self.terms(ticket, DESK)):
                self.withdraw(ticket, "LOW is under half the new threshold")

    def both(self, ticket: Ticket) -> list[Ticket]:
        """A proposal, and its other leg while that waits too."""
        partner = self._state.tickets.get(ticket.partner)
        return [ticket] if partner is None or partner.state != TicketState.PROPOSED else [ticket, partner]

    def expire(self, name: str) -> None:
        """A proposal's time may be up."""
        ticket = self._state.tickets.get(name)
        if ticket is None or ticket.state != TicketState.PROPOSED or ticket.expires_ns > self._state.now:
            return
        for each in self.both(ticket):
            each.state = ticket_step(each.state, "expire")
            del self._state.tickets[each.id]
            self._state.mirrored.pop(each.id, None)
            self.hush(each.strategy, each.market, each.side, self._config.expired_ns)
            self._emit(TicketExpired(self._state.now, each.id))

    def mirror(self, name: str) -> None:
        """The person's usual delay has passed: the mirror lane approves what still stood, on the strategy's terms."""
        ticket_id, _, rev = name.partition(" ")
        ticket = self._state.mirrored.get(ticket_id)
        if ticket is None or ticket.rev != int(rev):
            return
        del self._state.mirrored[ticket_id]
        instead = self._mirrored_order(ticket)
        if ticket.replaces and instead is None:
            return
        if not self.refusal(ticket, MIRROR, instead):
            terms = self.terms(ticket, MIRROR)
            _ = self._gate.place(terms) if instead is None else self._gate.replace(instead, terms)

    def _mirrored_order(self, ticket: Ticket) -> Own | None:
        """The mirror's own order for what a ticket would move on the desk."""
        here = self._orders.here.get((MIRROR, ticket.market), {}).values()
        return next((o for o in here if o.side == ticket.side and o.ticket and not o.end), None)

    @property
    def delay_ns(self) -> int:
        """The person's median delay, or what one is taken to need."""
        delays = sorted(self._state.delays)
        return delays[len(delays) // 2] if len(delays) >= FEW_DELAYS else DELAY_NS

    # ------------------------------------------------------------------ what stands, and whether it would be sent

    def standing(self, name: str, lane: str = DESK) -> Ticket | None:
        """A proposal that waits for this hand."""
        ticket = self._state.tickets.get(name)
        if ticket is None or ticket.state != TicketState.PROPOSED:
            return None
        return None if lane == WHAT_IF and name in self._state.hindsight else ticket

    def refusal(self, ticket: Ticket, lane: str = DESK, instead: Own | None = None) -> str:
        """Why a ticket would not be sent at this moment; empty when it would.

        It needs the whole threshold here, and stands on down to half of it, so that it does not come and go with
        every tick.
        """
        if lane == DESK and ticket.replaces:
            instead = self._orders.index.get(ticket.replaces)
            if self._moved_on(ticket, instead):
                return MOVED_ON
        terms = self.terms(ticket, lane)
        exposure = self._gate.exposure(lane, instead)
        free = exposure.closes(terms) or self._hedges(ticket.id)
        return (
            self._gate.refusal(terms, instead, exposure)
            or self.through(terms)
            or ("" if free else self._spreads.blocks(ticket.market))
            or ("" if free else self._worth(ticket.strategy, terms, entering=True))
        )

    def recheck(self) -> None:
        """Once a second: what no strategy looks after is taken back when its edge is gone."""
        for ticket in list(self._state.tickets.values()):
            if ticket.state == TicketState.PROPOSED:  # another leg may have ended it since
                terms = self.terms(ticket, DESK)
                alone = ticket.edited or ticket.id in self._state.cross.legs
                gone = alone and not self._gate.closes(terms)
                reason = self._worth(ticket.strategy, terms) if gone else ""
                order = self._orders.index.get(ticket.replaces)
                if self._moved_on(ticket, order) and not self._shrink(ticket, order):
                    reason = MOVED_ON
                if not ticket.edited and self._left_behind(ticket):
                    reason = "the market moved away"
                    self.hush(ticket.strategy, ticket.market, ticket.side, self._config.withdrawn_ns)
                if reason:
                    self.withdraw(ticket, reason)
        for order in self._gate.own(DESK):
            if order.strategy and not order.end:
                self._look_after(order)

    def _look_after(self, order: Own) -> None:
        """Take back a desk order that came from a ticket, when its market closes soon or its edge is gone."""
        terms = Terms(DESK, order.market, order.side, order.price, order.remaining, 0, ticket=order.ticket)
        if self._gate.closes(terms, order) or self._state.cross.covers(order.ticket):
            return
        close = self._state.markets[order.market].market.close_ns
        if close and close - self._state.now < LIMITS.tau_min_ns:
            self._orders.request_cancel(order, NEAR_CLOSE)
            return
        reason = self._worth(order.strategy, terms)
        if reason:
            self._orders.request_cancel(order, reason)

    def hush(self, version: str, market: str, side: int, span_ns: int) -> None:
        """For a while the same is not proposed again."""
        if span_ns:
            now = self._state.now
            quiet = {key: until for key, until in self._state.quiet.items() if until > now}
            key = f"{version} {market} {side}"
            self._state.quiet = quiet | {key: max(quiet.get(key, 0), now + span_ns)}

    def _shrink(self, ticket: Ticket, order: Own | None) -> bool:
        """What the order filled meanwhile, its ticket wants no more; whether anything is left to move."""
        if order is None or order.end:
            return False
        qty = ticket.qty - (ticket.replaced - order.remaining)
        if not 0 < qty <= ticket.qty:
            return False
        ticket.qty, ticket.replaced = qty, order.remaining
        ticket.rev += 1
        ticket.rev_ns = self._state.now
        self.tell(ticket)
        return True

    def _left_behind(self, ticket: Ticket) -> bool:
        """Whether the best of its own side is so far ahead that it would hardly be met there."""
        book = self._state.markets[ticket.market].book
        best = book.bid if ticket.side == BID else book.ask
        return (best - ticket.price) * ticket.side > LEFT_BEHIND

    @staticmethod
    def _moved_on(ticket: Ticket, order: Own | None) -> bool:
        """Whether the order a ticket would move is not what it was: filled, ended, or on its way out."""
        return bool(ticket.replaces) and (
            order is None or bool(order.end) or order.remaining != ticket.replaced
        )

    # ------------------------------------------------------------------ one step each

    def through(self, terms: Terms) -> str:
        """The book has moved through the price: it would not rest."""
        book = self._state.markets[terms.market].book
        through = terms.price >= book.ask if terms.side == BID else terms.price <= book.bid
        return "the book moved through the price" if through else ""

    def _hedges(self, name: str) -> bool:
        """Whether a ticket rests what another leg has left naked."""
        leg = self._state.cross.legs.get(name)
        return leg is not None and leg.hedge

    def _worth(self, version: str, terms: Terms, *, entering: bool = False) -> str:
        """Why terms that open risk are not worth it now: a leg goes by its pair, all else by the fair value."""
        leg = self._state.cross.legs.get(terms.ticket)
        if leg is not None:
            return self._spreads.worth(leg, entering=entering)
        return self._edge_reason(version, terms, entering=entering)

    def _edge_reason(self, version: str, terms: Terms, *, entering: bool = False) -> str:
        """Why the fair value no longer carries terms that open risk, or does not carry them into the market."""
        snap = self._snaps.fresh(self._state.markets[terms.market])
        edge = self.edge(snap, terms.side, terms.price, version)
        if edge is None:
            return "fair value stale"
        if edge.implausible:
            return "edge too large to be true"
        if edge.low < self._gate.limits.threshold / 2 or edge.ev <= 0:
            return "edge gone"
        return (
            "LOW is under the threshold" if entering and not entry(edge, self._gate.limits.threshold) else ""
        )

    def send(self, ticket: Ticket, by: str, leased: int = 0) -> str:
        """Send a ticket whose every check has passed; the reason if risk still says no."""
        ticket.state = ticket_step(ticket.state, "approve")
        self.decided(ticket, "approved", by)
        terms = msgspec.structs.replace(self.terms(ticket, DESK), leased=leased)
        instead = self._orders.index.get(ticket.replaces)
        answer = self._gate.place(terms) if instead is None else self._gate.replace(instead, terms)
        if not isinstance(answer, Refused):
            ticket.order = answer.id
            return ""
        ticket.state = ticket_step(ticket.state, "refuse")
        del self._state.tickets[ticket.id]
        return answer.reason

    def decided(self, ticket: Ticket, decision: str, by: str) -> None:
        """Say how a ticket was decided."""
        now = self._state.now
        self._emit(TicketDecided(now, ticket.id, decision, by, now - ticket.rev_ns))

    def terms(self, ticket: Ticket, lane: str) -> Terms:
        """What a ticket would send."""
        return Terms(
            lane, ticket.market, ticket.side, ticket.price, ticket.qty, ticket.ttl_ns,
            ticket=ticket.id, strategy=ticket.strategy, claim=ticket.claim, anchor=ticket.price,
            fixed=ticket.edited, hedge=self._hedges(ticket.id),
        )  # fmt: skip

    def snap(self, market: str) -> Snap:
        """A market as of this moment."""
        return self._snaps.fresh(self._state.markets[market])

    def claim(self, market: str, side: int, price: int) -> float:
        """The edge at the middle of the band, dollars a contract; 0 where no fair value stands."""
        m = self._state.markets.get(market)
        edge = self.edge(self._snaps.fresh(m), side, price, "") if m is not None else None
        return edge.edge if edge is not None else 0.0

    def edge(self, snap: Snap, side: int, price: int, version: str) -> Edge | None:
        """What resting there is worth to the desk; None where no fair value stands."""
        if snap.fair is None:
            return None
        odds = self._snaps.odds(self._state.lanes[DESK], version)
        return fair_edge(snap.fair, snap.fees, side, price, odds)

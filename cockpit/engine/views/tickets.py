"""Proposals as they stand at this moment: what a person needs to decide, computed anew at each look."""

from cockpit.domain.fees import kalshi_trade_fee
from cockpit.domain.orders import TicketState
from cockpit.domain.units import BID, PRICE, QTY
from cockpit.domain.view import TicketView
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.labels import market_label
from cockpit.engine.payoff import Holding, worst
from cockpit.engine.risk import cost, event_of, holdings
from cockpit.engine.scorecard import Verdict
from cockpit.engine.state import State, Ticket
from cockpit.engine.views.lab import lane_verdict
from cockpit.engine.views.rows import band
from cockpit.strategies.base import Snap
from cockpit.strategies.edges import Edge, fair_edge


class TicketViews:
    """Builds proposals' views over one engine, for one hand."""

    def __init__(self, engine: Engine, lane: str = DESK) -> None:
        self._engine = engine
        self._lane = lane

    def tickets(self) -> tuple[TicketView, ...]:
        """Those that wait for this hand: what closes a naked leg first, then the oldest."""
        found = self._engine.state.tickets.values()
        waiting = [t for t in found if t.state == TicketState.PROPOSED]
        shown = [self._ticket(t) for t in waiting if self._engine.tickets.standing(t.id, self._lane)]
        return tuple(sorted(shown, key=lambda ticket: not ticket.urgent))

    def _ticket(self, ticket: Ticket) -> TicketView:
        engine = self._engine
        state = engine.state
        m = state.markets[ticket.market]
        snap = engine.snaps.fresh(m)
        odds = engine.snaps.odds(state.lanes[DESK], ticket.strategy)
        edge = fair_edge(snap.fair, snap.fees, ticket.side, ticket.price, odds) if snap.fair else None
        before, after, cap = self._worst(ticket)
        fee = kalshi_trade_fee(
            snap.fees, ticket.price, ticket.qty, maker=True, quantum=engine.config.rounding.trade
        )
        spent = cost(ticket.side, ticket.price, ticket.qty)
        record = self._record(ticket.strategy)
        queue = m.book.before(ticket.side, ticket.price)
        return TicketView(
            id=ticket.id,
            rev=ticket.rev,
            strategy=ticket.strategy,
            market=ticket.market,
            label=market_label(m.market, state.now),
            side=ticket.side,
            price=ticket.price,
            qty=ticket.qty,
            raised_ns=ticket.raised_ns,
            rev_ns=ticket.rev_ns,
            expires_ns=ticket.expires_ns,
            bid=snap.bid,
            bid_qty=snap.bid_qty,
            ask=snap.ask,
            ask_qty=snap.ask_qty,
            queue=queue,
            fair=band(snap.fair),
            edge=edge.edge if edge is not None else None,
            low=edge.low if edge is not None else None,
            ev=odds.fill * (edge.low - odds.adverse) * ticket.qty / QTY if edge is not None else None,
            fill=odds.fill,
            fills_n=odds.n,
            adverse=odds.adverse,
            fee=fee,
            cost=spent,
            win=ticket.qty * PRICE - spent - fee,
            break_even=_break_even(ticket, edge),
            worst_before=before,
            worst_after=after,
            cap=cap,
            bound=ticket.bound,
            since_bid=snap.bid - ticket.bid if ticket.side == BID else snap.ask - ticket.ask,
            since_fair=_since(snap.fair.mid if snap.fair else None, ticket.fair),
            since_spot=_since(_spot(snap), ticket.spot),
            since_queue=queue - ticket.queue,
            claimed=record.claimed,
            realised=record.realised,
            realised_n=record.n,
            refusal=engine.tickets.refusal(ticket, self._lane),
            reasons=ticket.reason.numbers,
            partner=ticket.partner,
            partner_terms=self._partner(ticket),
            urgent=_hedges(state, ticket),
        )

    def _partner(self, ticket: Ticket) -> str:
        """The other leg's terms in words."""
        state = self._engine.state
        other = state.tickets.get(ticket.partner)
        if other is None:
            return ""
        price = other.price if other.side == BID else PRICE - other.price
        label = market_label(state.markets[other.market].market, state.now)
        return f"BUY {'YES' if other.side == BID else 'NO'} {other.qty / QTY:g} @ {price / 100:g}c {label}"

    def _worst(self, ticket: Ticket) -> tuple[int, int, int]:
        """The event's worst case now and with the order filled, and its cap; money units, losses below zero."""
        engine = self._engine
        state = engine.state
        lane = state.lane(self._lane)
        market = state.markets[ticket.market].market
        event = event_of(market)
        group = state.groups.get(event)
        exclusive = group is not None and group.exclusive
        instead = engine.orders.index.get(ticket.replaces) if self._lane == DESK else None
        held = [
            h
            for h in holdings(state, lane, engine.gate.own(lane.name, instead))
            if event_of(h.market) == event
        ]
        paid = ticket.side * ticket.price * ticket.qty
        order = Holding(market, ticket.side * ticket.qty, paid, maybe=True)
        cap = engine.gate.caps_of(DESK).event or 0
        return worst(held, exclusive=exclusive), worst([*held, order], exclusive=exclusive), cap

    def _record(self, version: str) -> Verdict:
        """What the version's claims have come to, in its own lane where it has one."""
        lanes = self._engine.state.lanes
        return lane_verdict(self._engine, lanes.get(version, lanes[DESK]))


def _hedges(state: State, ticket: Ticket) -> bool:
    leg = state.cross.legs.get(ticket.id)
    return leg is not None and leg.hedge


def _break_even(ticket: Ticket, edge: Edge | None) -> float:
    price = ticket.price if ticket.side == BID else PRICE - ticket.price
    return price / PRICE + (edge.fee if edge is not None else 0.0)


def _since(now: float | None, then: float | None) -> float:
    return now - then if now is not None and then is not None else 0.0


def _spot(snap: Snap) -> float | None:
    return snap.fair.outlook.spot if snap.fair is not None else None

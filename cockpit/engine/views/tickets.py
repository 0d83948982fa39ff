"""Proposals as they stand at this moment: what a person needs to decide, computed anew at each look."""

import msgspec

from cockpit.domain.fees import kalshi_trade_fee, trade_fee
from cockpit.domain.markets import Market
from cockpit.domain.orders import TicketState
from cockpit.domain.units import BID, PRICE, QTY
from cockpit.domain.view import TicketView
from cockpit.engine.config import DESK
from cockpit.engine.cross import PairTrade, TradeLeg
from cockpit.engine.engine import Engine
from cockpit.engine.labels import market_label
from cockpit.engine.payoff import Holding, worst
from cockpit.engine.risk import cost, event_of, holdings
from cockpit.engine.scorecard import Verdict
from cockpit.engine.state import Ticket
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
        view = TicketView(
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
            replaces=ticket.replaces,
        )
        leg = state.cross.legs.get(ticket.id)
        return view if leg is None else self._as_leg(view, ticket, leg)

    def _as_leg(self, view: TicketView, ticket: Ticket, leg: TradeLeg) -> TicketView:
        """The same with what goes with it, or with what it hedges."""
        state = self._engine.state
        partner = self._partner(ticket)
        trade = state.cross.trades[leg.trade] if leg.hedge else None
        return msgspec.structs.replace(
            view,
            label=_name(state.markets[ticket.market].market, state.now),
            refusal=view.refusal or self._other_refusal(partner),
            partner=partner.id if partner is not None else "",
            partner_terms=self._terms(partner) if partner is not None else "",
            partner_side=partner.side if partner is not None else 0,
            partner_price=partner.price if partner is not None else 0,
            partner_qty=partner.qty if partner is not None else 0,
            leg=True,
            urgent=trade is not None,
            naked_ns=state.now - trade.since_ns if trade is not None and trade.since_ns else 0,
            out=self._out(trade) if trade is not None and trade.naked else None,
        )

    def _other_refusal(self, partner: Ticket | None) -> str:
        """Why the other leg would be refused now."""
        refused = self._engine.tickets.refusal(partner, self._lane) if partner is not None else ""
        return f"{partner.id}: {refused}" if partner is not None and refused else ""

    def _partner(self, ticket: Ticket) -> Ticket | None:
        """The other leg, while it waits too."""
        return next((other for other in self._engine.tickets.both(ticket) if other is not ticket), None)

    def _terms(self, other: Ticket) -> str:
        """The other leg's terms in words."""
        state = self._engine.state
        label = _name(state.markets[other.market].market, state.now)
        words = "YES" if other.side == BID else "NO"
        return f"BUY {words} {other.qty / QTY:g} @ {_own(other.side, other.price) / 100:g}c {label}"

    def _out(self, trade: PairTrade) -> int | None:
        """What selling the naked leg at its best now would make of what it cost, taker's fee off; money units."""
        engine = self._engine
        m = engine.state.markets.get(trade.markets[trade.lead])
        side = trade.sides[trade.lead]
        price = 0 if m is None else m.book.bid if side == BID else m.book.ask
        if m is None or not 0 < price < PRICE:
            return None
        terms = engine.state.fees.terms(m.market, engine.state.now)
        fee = trade_fee(terms, price, trade.naked, maker=False, quantum=engine.config.rounding.trade)
        return (_own(side, price) - trade.average(trade.lead)) * trade.naked - fee

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
        return self._engine.results.record(lanes.get(version, lanes[DESK]))


def _name(market: Market, now: int) -> str:
    """A market's short name with its venue before it, Kalshi's too."""
    label = market_label(market, now)
    return f"K {label}" if market.venue == "kalshi" else label


def _own(side: int, price: int) -> int:
    """A YES price as that of a side."""
    return price if side == BID else PRICE - price


def _break_even(ticket: Ticket, edge: Edge | None) -> float:
    return _own(ticket.side, ticket.price) / PRICE + (edge.fee if edge is not None else 0.0)


def _since(now: float | None, then: float | None) -> float:
    return now - then if now is not None and then is not None else 0.0


def _spot(snap: Snap) -> float | None:
    return snap.fair.outlook.spot if snap.fair is not None else None

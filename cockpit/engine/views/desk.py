"""The Desk: money, positions by event with their payoff ladders, working orders and fills."""

from cockpit.domain.markets import Market
from cockpit.domain.orders import OrderState
from cockpit.domain.units import PRICE, QTY, UNDERLYING
from cockpit.domain.view import DeskView, EventView, OrderView, PositionView, RungView
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.labels import event_label, market_label
from cockpit.engine.ledger import Position, open_at_liquidation, open_at_mid
from cockpit.engine.payoff import Holding, Rung, ladder, worst
from cockpit.engine.queue import CROSS, FIFO, RULES, Own
from cockpit.engine.risk import by_event, cost, holdings
from cockpit.engine.state import Lane
from cockpit.engine.terms import Terms
from cockpit.engine.views.lab import lane_net, rule_net
from cockpit.engine.views.rows import band
from cockpit.engine.watch import Watch
from cockpit.strategies.edges import fair_edge


class Desk:
    """Builds the desk's view over one engine, for one hand."""

    def __init__(self, engine: Engine, watch: Watch, lane: str = DESK) -> None:
        self._engine = engine
        self._watch = watch
        self._name = lane

    @property
    def lane(self) -> Lane:
        """The lane this hand acts in, empty until it has acted."""
        return self._engine.state.lane(self._name)

    def desk(self) -> DeskView:
        """The whole of it."""
        engine, lane = self._engine, self.lane
        own = engine.gate.own(lane.name)
        known = range(CROSS + 1 if engine.config.no_trades else len(RULES))
        positions = [(name, p) for name, p in lane.account.positions.items() if p.qty]
        at_mid = sum(open_at_mid(p, engine.state.markets[name].mark) for name, p in positions)
        liquidation = sum(self._liquidation(name, p) for name, p in positions)
        realised, fees = lane.account.realised, lane.account.fees
        caps = engine.gate.caps_of(DESK)
        flat = lane.account.flat_fees
        held = holdings(engine.state, lane, own)
        at_desk = lane.name == DESK
        limit = engine.gate.limits.day_loss if at_desk else None
        orders_cost = sum(cost(o.side, o.price, o.remaining) for o in own if not self._closing(o))
        short = sum(-p.qty for _, p in positions if p.qty < 0)
        net = lane_net(engine, lane)
        day_liquidation = realised - fees + liquidation - (engine.state.day.base if at_desk else 0)
        return DeskView(
            day_net=net - (engine.state.day.net if at_desk else 0),
            day_liquidation=day_liquidation,
            realised=realised,
            open=at_mid,
            liquidation=liquidation,
            fees=fees,
            net=net,
            net_liquidation=realised - fees + liquidation,
            flat=realised + at_mid - flat,
            by_rule=tuple(rule_net(engine, lane, i) if i in known else None for i in range(len(RULES))),
            cash=engine.gate.limits.bankroll + lane.account.cash - short * PRICE - orders_cost,
            orders_cost=orders_cost,
            positions_cost=sum(cost(1 if p.qty > 0 else -1, _average(p), abs(p.qty)) for _, p in positions),
            at_risk=sum(-worst(group, exclusive=each) for _, each, group in by_event(engine.state, held)),
            total_cap=caps.total or 0,
            loss_left=None if limit is None else limit + min(engine.wheel.day_liquidation(), day_liquidation),
            bankroll=engine.gate.limits.bankroll,
            events=self._events(held),
            working=tuple(self.order(o) for o in own),
            fills=self._watch.fills(lane.name),
        )

    def order(self, order: Own) -> OrderView:
        """One order, working or ended."""
        engine = self._engine
        m = engine.state.markets[order.market]
        odds = engine.snaps.odds(engine.state.lanes[DESK], order.strategy)
        terms = engine.state.fees.terms(m.market, engine.state.now)
        edge = fair_edge(m.fair, terms, order.side, order.price, odds) if m.fair is not None else None
        return OrderView(
            id=order.id,
            ticket=order.ticket,
            lane=order.lane,
            market=order.market,
            label=market_label(m.market, engine.state.now),
            side=order.side,
            price=order.price,
            qty=order.qty,
            left=order.remaining,
            ahead=ahead(order) if order.live_ns else m.book.size(order.side, order.price),
            entry_ahead=order.entry_ahead,
            level=m.book.size(order.side, order.price),
            rule=RULES[order.rule],
            state=order.state,
            sent_ns=order.sent_ns,
            live_ns=order.live_ns,
            expires_ns=order.expires_ns,
            fill=odds.fill,
            low=edge.low if edge is not None else None,
            tag=self._tag(order),
            story=story(order, no_trades=engine.config.cross_only(m.market.venue)),
        )

    def _tag(self, order: Own) -> str:
        """EXIT for what can only close the position it is in."""
        live = order.state in (OrderState.SENT, OrderState.WORKING)
        return "EXIT" if live and self._closing(order) else ""

    def _closing(self, order: Own) -> bool:
        terms = Terms(order.lane, order.market, order.side, order.price, order.remaining, 0)
        return self._engine.gate.closes(terms, order)

    # ------------------------------------------------------------------ positions

    def _events(self, held: list[Holding]) -> tuple[EventView, ...]:
        state = self._engine.state
        events = []
        for event, exclusive, group in by_event(state, held):
            names = {h.market.ticker for h in group if not h.maybe}
            positions = tuple(self._position(name) for name in sorted(names))
            if positions:
                label = event_label(event, state.groups.get(event), [h.market for h in group], state.now)
                firm = [h for h in group if not h.maybe]
                rungs = tuple(self._rung(r, group) for r in ladder(firm, exclusive=exclusive))
                cap = self._engine.gate.caps_of(DESK).event or 0
                events.append(
                    EventView(event, label, worst(group, exclusive=exclusive), cap, positions, rungs)
                )
        return tuple(events)

    def _position(self, name: str) -> PositionView:
        engine = self._engine
        m, held = engine.state.markets[name], self.lane.account.positions[name]
        mid2 = m.book.mid2
        alone = [Holding(m.market, held.qty, held.cost)]
        return PositionView(
            market=name,
            label=market_label(m.market, engine.state.now),
            event=m.market.event,
            qty=held.qty,
            average=_average(held),
            mid2=mid2,
            fair=band(m.fair),
            open=open_at_mid(held, m.mark),
            liquidation=self._liquidation(name, held),
            worst=worst(alone, exclusive=False),
            settles_ns=m.market.expected_ns or m.market.close_ns,
            state=held.state,
        )

    def _rung(self, rung: Rung, group: list[Holding]) -> RungView:
        level = self._level(group[0].market)
        low = rung.low if rung.low is not None else -1 << 62
        high = rung.high if rung.high is not None else 1 << 62
        numeric = rung.low is not None or rung.high is not None
        here = level is not None and numeric and low <= level <= high
        return RungView(rung.low, rung.high, rung.label, rung.pnl, here)

    def _level(self, market: Market) -> int | None:
        """Where the outcome would be now, 1e-8."""
        underlying = self._engine.pricer.underlying(market.ticker)
        spot = underlying.spot(self._engine.state.now) if underlying is not None else None
        return round(spot.price * UNDERLYING) if spot is not None else None

    def _liquidation(self, name: str, held: Position) -> int:
        engine = self._engine
        m = engine.state.markets[name]
        terms = engine.state.fees.terms(m.market, engine.state.now)
        return open_at_liquidation(held, m.book, terms, engine.config.rounding)


def ahead(order: Own) -> int:
    """What is before an order under its own rule."""
    if not order.live_ns:
        return order.entry_ahead
    return min(order.ahead_fifo, order.ahead_tail) if order.rule == FIFO else order.ahead_tail


def story(order: Own, *, no_trades: bool = False) -> tuple[str, ...]:
    """Why an order filled, or why it did not, line by line; without a trade stream only what cross knows."""
    if not order.live_ns:
        return (f"{order.state}: {order.end}" if order.end else f"{order.state}: on its way",)
    lines = [f"behind {_qty(order.entry_ahead)} when it arrived; rule {RULES[order.rule]}"]
    if not no_trades:
        lines += [
            f"printed at its price {_qty(order.printed)}; cancels ahead {_qty(order.credited)}",
            f"still ahead: tail {_qty(order.ahead_tail)}, fifo {_qty(order.ahead_fifo)}",
        ]
    for rule, name in enumerate(RULES[: CROSS + 1] if no_trades else RULES):
        fills = [f for f in order.fills if f.rule == rule]
        if fills:
            causes = ", ".join(sorted({f.cause for f in fills}))
            lines.append(f"{name}: {_qty(sum(f.qty for f in fills))} filled ({causes})")
    if order.end:
        lines.append(f"ended: {order.end}")
    return tuple(lines)


def _average(held: Position) -> int:
    """Average YES price of what is held, price units."""
    return abs(held.cost) // abs(held.qty) if held.qty else 0


def _qty(value: int) -> str:
    return f"{value / QTY:,.2f}".rstrip("0").rstrip(".")

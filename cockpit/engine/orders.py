"""The life of our orders: sent, live, filled, taken back. Every state change goes through the order table.

An order that is filled under its own rule is done for its lane, but rests on for the other three rules until its
original end (expiry, close, or a fill under all four), so that the rules are compared over the same span.
"""

import heapq
from collections import deque
from collections.abc import Callable

from cockpit.domain.effects import (
    Effect,
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    PositionChanged,
)
from cockpit.domain.fees import rebate_estimate
from cockpit.domain.orders import ENDS, OrderState, order_step, ticket_step
from cockpit.domain.units import BID, MONEY, PRICE, QTY, SECOND
from cockpit.engine.clusters import due, score_of
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.ledger import Position, book_rule
from cockpit.engine.metrics import ADVERSE, HORIZONS
from cockpit.engine.queue import CROSS, FIFO, GHOST, RULES, TAIL, Own
from cockpit.engine.risk import ApprovedOrder
from cockpit.engine.sim import Filled, Simulator
from cockpit.engine.state import DueMark, Lane, MarketState, State

GRACE_NS = 10 * SECOND
"""How long what has ended at the venue waits for prints from before it."""
"""The age up to which a polled book says where an order would rest."""
CROSSED = "post-only would cross"


class Orders:
    """All own orders of all lanes, over the engine's state."""

    def __init__(self, state: State, config: EngineConfig, emit: Callable[[Effect], None]) -> None:
        self._state = state
        self._config = config
        self._emit = emit
        self.sim = Simulator()
        self.index: dict[str, Own] = {}
        """Every order that has not ended for good, by id, oldest first."""
        resting = [o for m in state.markets.values() for o in m.rest.orders() if o.lane != GHOST]
        for order in sorted([*state.sent.values(), *resting], key=lambda order: order.number):
            self.index[order.id] = order
        self.ended: deque[Own] = deque(maxlen=config.keep_ended)
        self.here: dict[tuple[str, str], dict[str, Own]] = {}
        """Orders that have not ended under their own rule, by (lane, market), oldest first."""
        for order in self.index.values():
            if order.id in state.lanes[order.lane].working:
                self.here.setdefault((order.lane, order.market), {})[order.id] = order

    # ------------------------------------------------------------------ intents

    def place(self, approved: ApprovedOrder, instead: Own | None = None) -> Own:
        """Send an order; it reaches the venue after the entry latency, and there takes the place of ``instead``."""
        terms = approved.terms
        state, now = self._state, self._state.now
        lane = state.lanes[terms.lane]
        m = state.markets[terms.market]
        lane.orders += 1
        state.numbered += 1
        order = Own(
            id=f"{lane.name}-{lane.orders}",
            lane=lane.name,
            market=terms.market,
            side=terms.side,
            price=terms.price,
            qty=terms.qty,
            rule=self.headline(m),
            lot=m.market.lot,
            ref=terms.ref,
            ticket=terms.ticket,
            strategy=terms.strategy,
            claim=terms.claim,
            anchor=terms.anchor,
            fixed=terms.fixed,
            leased=terms.leased,
            number=state.numbered,
            sent_ns=now,
            expires_ns=now + terms.ttl_ns if terms.ttl_ns else 0,
        )
        if instead is not None:
            self._give_way(instead, order)
        lane.metrics.sent += 1
        lane.turn += 1
        lane.working[order.id] = order.market
        self.here.setdefault((order.lane, order.market), {})[order.id] = order
        self.index[order.id] = order
        state.sent[order.id] = order
        live_ns = now + self._config.entry_latency_ns
        self._emit(
            OrderPlaced(
                now, order.lane, order.id, order.market, order.side, order.price, order.qty,
                RULES[order.rule], live_ns, order.ticket,
            )
        )  # fmt: skip
        if order.expires_ns:
            self.timer(order.expires_ns, "expire", order.id)
        if self._config.entry_latency_ns:
            self.timer(live_ns, "live", order.id)
        else:
            self.go_live(order.id)
        return order

    def _give_way(self, old: Own, new: Own) -> None:
        """An order ends when the one that takes its place arrives, not before."""
        new.replaces = old.id
        if old.state == OrderState.WORKING:
            old.state = order_step(old.state, "cancel sent")
        old.end = old.end or "edited"

    def request_cancel(self, order: Own, reason: str) -> None:
        """Send a cancel; fills before it takes effect stand."""
        if order.state == OrderState.WORKING:
            order.state = order_step(order.state, "cancel sent")
        order.end = order.end or reason
        if self._config.cancel_latency_ns:
            self.timer(self._state.now + self._config.cancel_latency_ns, "cancel", order.id)
        else:
            self.cancel(order.id, reason)

    def retire(self, m: MarketState, reason: str) -> None:
        """A market's orders are taken back while nobody sees it.

        They end at the venue, but what was printed before that is not known yet: until it is fetched they wait.
        """
        now = self._state.now
        for order in [o for o in self.index.values() if o.market == m.market.ticker]:
            if not order.live_ns or order.id in self._state.sent:
                self.cancel(order.id, reason)
            elif not order.until_ns:
                order.until_ns = now + self._config.cancel_latency_ns
                if order.state == OrderState.WORKING:
                    order.state = order_step(order.state, "cancel sent")
                order.end = order.end or reason
                self._state.lanes[order.lane].turn += 1
                self.timer(now + GRACE_NS, "cancel", order.id)

    def refuse_crossed(self, m: MarketState, before_ns: int) -> None:
        """Where books are polled, an order that arrived since the last one is refused if the new one is through it."""
        for order in list(m.rest.orders()):
            if order.lane == GHOST or order.live_ns <= before_ns or not _crosses(m, order):
                continue
            self.cancel(order.id, CROSSED)

    def headline(self, m: MarketState) -> int:
        """The rule that counts for an order placed in a market now."""
        if self._config.cross_only(m.market.venue):
            return CROSS
        return FIFO if m.rest.tape.evidence.by_order(self._config.by_order_share) else TAIL

    # ------------------------------------------------------------------ at the venue

    def go_live(self, name: str) -> None:
        """An order arrives: refused if it would cross or the book is not known, else it joins the queue."""
        order = self._state.sent.pop(name, None)
        if order is None:
            return
        m = self._state.markets[order.market]
        lane = self._state.lanes[order.lane]
        reason = self._take_over(order) or self._too_old(m) or _arrival_reason(m, order)
        if reason:
            order.state = order_step(order.state, "refuse")
            order.end = reason
            lane.metrics.rejected += 1
            self._emit(OrderRejected(self._state.now, order.lane, order.id, order.market, reason))
            self._tell_ticket(order, "refuse")
            self._forget(order)
            return
        order.state = order_step(order.state, "live")
        self.sim.arrive(m.rest, m.book, order, self._state.now)
        lane.metrics.live(order)
        self._emit(OrderLive(self._state.now, order.lane, order.id, order.entry_ahead))
        self._tell_ticket(order, "live")

    def _too_old(self, m: MarketState) -> str:
        """Where books are polled, one that was not read lately says nothing of whether an order would rest."""
        polled = m.market.venue in self._config.polled
        return "book too old" if polled and self._state.now - m.book_ns > self._config.polled_stale_ns else ""

    def _take_over(self, order: Own) -> str:
        """The order whose place this one takes ends, if it has not yet."""
        if order.replaces:
            self.cancel(order.replaces, "edited")
        return "" if order.qty > 0 else "filled before it could be changed"

    def cancel(self, name: str, reason: str) -> None:
        """An order ends now, whatever is left of it; so does the one it was to take the place of."""
        order = self.index.get(name)
        if order is None:
            return
        if order.replaces and name in self._state.sent:
            self.cancel(order.replaces, reason)
        now = self._state.now
        reason = order.end = order.end or reason
        if self._state.sent.pop(name, None) is not None:
            order.state = order_step(order.state, "cancel")
            self._emit(OrderCancelled(now, order.lane, order.id, order.market, reason, order.qty))
            self._tell_ticket(order, "cancel")
        else:
            m = self._state.markets[order.market]
            self.sim.leave(m.rest, order)
            if order.state != OrderState.FILLED:
                order.state = order_step(order.state, "cancel")
                left = order.left[order.rule]
                self._emit(OrderCancelled(now, order.lane, order.id, order.market, reason, left))
                self._tell_ticket(order, "cancel")
        self._forget(order)

    def cancel_market(self, m: MarketState, reason: str) -> None:
        """Every order of a market ends now."""
        ticker = m.market.ticker
        for name in [order.id for order in self.index.values() if order.market == ticker]:
            self.cancel(name, reason)

    def reduce(self, name: str, qty: int) -> None:
        """A smaller size reaches the venue: the order keeps its place, or ends if that much is filled."""
        order = self.index.get(name)
        if order is None or qty >= order.qty:
            return
        self.sim.reduce(order, qty)
        self._state.lanes[order.lane].turn += 1
        self._emit(OrderReduced(self._state.now, order.lane, order.id, qty))
        if not order.left[order.rule]:
            self.cancel(name, "reduced to what was filled")

    # ------------------------------------------------------------------ fills

    def book_fills(self) -> None:
        """Book what the simulator filled: each rule's own book, and for the order's own rule the lane's account."""
        for filled in self.sim.take():
            if filled.order.lane == GHOST:
                continue
            venue = self._state.markets[filled.order.market].market.venue
            if filled.fill.rule != CROSS and self._config.cross_only(venue):
                continue
            self._book(filled)
            if not filled.order.open:
                self._forget(filled.order)

    def _book(self, filled: Filled) -> None:
        order, fill = filled.order, filled.fill
        state = self._state
        lane = state.lanes[order.lane]
        market = state.markets[order.market].market
        held = lane.account.position(order.market)
        terms = state.fees.terms(market, state.now)
        fee, flat, order.carry[fill.rule] = book_rule(
            held.rules[fill.rule], terms, self._config.rounding, order.side, fill.price, fill.qty,
            order.carry[fill.rule],
        )  # fmt: skip
        judged = self.judged(order)
        if judged:
            lane.metrics.fill(order, fill, gap=filled.gap)
            self._mark_later(filled)
        counts = fill.rule == order.rule
        self._emit(
            OrderFilled(
                state.now, order.lane, order.id, order.market, order.side, fill.price, fill.qty,
                RULES[fill.rule], fill.cause, counts, filled.gap, fee,
            )
        )  # fmt: skip
        if counts:
            rebate = rebate_estimate(terms, fill.price, fill.qty)
            price = fill.price if order.side == BID else PRICE - fill.price
            lane.account.trade(order.market, order.side, fill.price, fill.qty, fee, flat, rebate)
            score = score_of(state, lane, order.market)
            score.touch(order.market, state.now, due(market), judged=judged)
            if judged:
                score.add(fill.qty, order.claim, price / PRICE + fee * QTY / fill.qty / MONEY)
            if order.lane == DESK:
                state.cross.fill(order.ticket, order.market, order.side, price, fill.qty)
            self.position_changed(lane, order.market, held)
            done = not filled.left
            self._less_to_come(order, fill.qty)
            order.state = order_step(order.state, "filled" if done else "fill")
            self._tell_ticket(order, "filled" if done else "fill")
            if done:
                self._done(lane, order)

    def judged(self, order: Own) -> bool:
        """Whether what becomes of an order may enter a verdict: not where books are polled."""
        return self._state.markets[order.market].market.venue not in self._config.polled

    def _less_to_come(self, old: Own, qty: int) -> None:
        """What an order fills, the one on its way to take its place has less, of a lease's risk too; and so on."""
        if not old.end:
            return
        for new in self._state.sent.values():
            if new.replaces == old.id:
                left = max(0, new.qty - qty)
                new.leased = new.leased * left // max(1, new.qty)
                new.qty = left
                self._emit(OrderReduced(self._state.now, new.lane, new.id, left))
                self._less_to_come(new, qty)

    def position_changed(self, lane: Lane, market: str, held: Position) -> None:
        """Tell of a lane's position in a market."""
        lane.turn += 1
        self._emit(
            PositionChanged(
                self._state.now, lane.name, market, held.qty, lane.account.cash, held.realised, held.fees
            )
        )

    def mark(self, name: str) -> None:
        """A mark-out falls due: the last valid mid is compared with the fill."""
        mark = self._state.marks.pop(name, None)
        if mark is not None:
            mid2 = self._state.markets[mark.market].mid2
            metrics = self._state.lanes[mark.lane].metrics
            metrics.markouts[mark.rule][mark.horizon].add(mark.side, mark.price, mark.qty, mid2)
            if mark.counts:
                metrics.headline[mark.horizon].add(mark.side, mark.price, mark.qty, mid2)
                if mark.horizon == ADVERSE and mark.mid2 is not None and mid2 is not None:
                    metrics.drift(mark.side * (mark.mid2 - mid2), mark.qty)

    def _mark_later(self, filled: Filled) -> None:
        order, fill = filled.order, filled.fill
        for i, horizon in enumerate(HORIZONS):
            self._state.numbered += 1
            name = str(self._state.numbered)
            self._state.marks[name] = DueMark(
                order.lane, order.market, fill.rule, i, order.side, fill.price, fill.qty,
                order.mid2 if fill.rule == order.rule else None, fill.rule == order.rule,
            )  # fmt: skip
            self.timer(self._state.now + horizon, "mark", name)

    def _forget(self, order: Own) -> None:
        """An order ended for good, under every rule."""
        if self.index.pop(order.id, None) is None:
            return
        order.ended_ns = self._state.now
        lane = self._state.lanes[order.lane]
        self._done(lane, order)
        if order.live_ns and self.judged(order):
            lane.metrics.end(order)
        self.ended.append(order)

    def _done(self, lane: Lane, order: Own) -> None:
        """An order ended under its own rule: filled, cancelled or refused. A lease gets back what was not used."""
        if lane.working.pop(order.id, None) is None:
            return
        lane.turn += 1
        place = order.lane, order.market
        del self.here[place][order.id]
        if not self.here[place]:
            del self.here[place]
        if order.live_ns and self.judged(order):
            lane.metrics.done(order)
        lease = self._state.lease
        if order.leased and lease is not None:
            lease.risk += order.leased * order.remaining // max(1, order.qty)

    def _tell_ticket(self, order: Own, what: str) -> None:
        """A desk order took a step: so does the proposal it carries out; one that has ended is let go."""
        if order.lane != DESK or not order.ticket:
            return
        ticket = self._state.tickets.get(order.ticket)
        if ticket is not None and ticket.order in ("", order.id):
            ticket.order = order.id
            ticket.state = ticket_step(ticket.state, what)
            if ticket.state in ENDS:
                del self._state.tickets[ticket.id]

    def timer(self, due: int, kind: str, what: str) -> None:
        """Have something fire at its due time."""
        self._state.numbered += 1
        heapq.heappush(self._state.timers, (due, self._state.numbered, kind, what))


def _arrival_reason(m: MarketState, order: Own) -> str:
    """Why the venue refuses an order on arrival; empty when it rests."""
    if m.closed:
        return "market closed"
    if not m.has_book or m.doubt:
        return "book unknown"
    return CROSSED if _crosses(m, order) else ""


def _crosses(m: MarketState, order: Own) -> bool:
    return order.price >= m.book.ask if order.side == BID else order.price <= m.book.bid

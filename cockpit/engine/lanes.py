"""The beat: each market that changed is put into one snap, and each lane's strategy decides on it."""

from collections.abc import Callable

import msgspec

from cockpit.domain.effects import Effect, LaneFailed, OrderRejected
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Caps, Refused, Terms, approve
from cockpit.engine.state import Lane, MarketState, State
from cockpit.strategies.base import Cancel, Intent, Mine, Place, Snap, Strategy, Working
from cockpit.strategies.versions import VERSIONS


class Lanes:
    """Runs the strategies of all lanes on the beat."""

    def __init__(
        self, state: State, config: EngineConfig, orders: Orders, emit: Callable[[Effect], None]
    ) -> None:
        self._state = state
        self._orders = orders
        self._emit = emit
        self.caps: dict[str, Caps] = {lane.name: lane.caps for lane in config.lanes}
        self._running: list[tuple[Lane, Strategy]] = []
        for lane in state.lanes.values():
            if lane.strategy and lane.name in self.caps:
                self._running.append((lane, VERSIONS[lane.strategy]))
                self._recall(lane, VERSIONS[lane.strategy])

    def beat(self) -> None:
        """Decide once on every market that changed since the last beat."""
        changed, self._state.changed = self._state.changed, []
        for ticker in changed:
            m = self._state.markets[ticker]
            m.changed = False
            if not self._running or not m.tradable:
                continue
            snap = _snap(self._state.now, m)
            for lane, strategy in self._running:
                if lane.on:
                    self._decide(lane, strategy, snap)

    def place(self, terms: Terms) -> str:
        """Send an order if risk allows it; the reason if it does not, else empty."""
        return self._place(terms, None)

    def replace(self, order: Own, terms: Terms) -> str:
        """Take an order back and send another in its place, if risk allows that; the reason if not, else empty."""
        return self._place(terms, order)

    def _place(self, terms: Terms, instead: Own | None) -> str:
        if self._state.killed and terms.lane == DESK:
            return "killed"
        lane = self._state.lanes[terms.lane]
        own = [self._orders.index[name] for name in lane.working]
        caps = self.caps.get(terms.lane, Caps())
        answer = approve(self._state, terms, caps, [order for order in own if order is not instead])
        if isinstance(answer, Refused):
            return answer.reason
        if instead is not None:
            self._orders.request_cancel(instead, "edited")
        self._orders.place(answer)
        return ""

    def _decide(self, lane: Lane, strategy: Strategy, snap: Snap) -> None:
        ticker = snap.market.ticker
        memory = lane.memory.get(ticker)
        if memory is None:
            memory = strategy.memory()
        try:
            lane.memory[ticker], intents = strategy.decide(snap, self._mine(lane, ticker), memory)
            for intent in intents:
                self._carry_out(lane, ticker, intent)
        except Exception as error:  # noqa: BLE001  a bug in one strategy must not stop the others
            self._fail(lane, error)

    def _carry_out(self, lane: Lane, ticker: str, intent: Intent) -> None:
        match intent:
            case Place():
                terms = Terms(lane.name, ticker, intent.side, intent.price, intent.qty, intent.ttl_ns)
                reason = self.place(terms)
                if reason:
                    lane.metrics.rejected += 1
                    self._emit(OrderRejected(self._state.now, lane.name, "", ticker, reason))
            case Cancel():
                order = self._orders.index.get(intent.order)
                if order is not None and order.lane == lane.name:
                    self._orders.request_cancel(order, intent.reason.code)

    def _mine(self, lane: Lane, ticker: str) -> Mine:
        held = lane.account.positions.get(ticker)
        index = self._orders.index
        orders = [index[name] for name, market in lane.working.items() if market == ticker]
        return Mine(
            held.qty if held is not None else 0,
            tuple(
                Working(o.id, o.side, o.price, o.left[o.rule] if o.live_ns else o.qty, o.sent_ns)
                for o in orders
            ),
        )

    def _fail(self, lane: Lane, error: Exception) -> None:
        """Switch a lane off, say why, and take its orders back."""
        lane.on = False
        lane.failed = f"{type(error).__name__}: {error}"
        self._emit(LaneFailed(self._state.now, lane.name, lane.failed))
        for name in list(lane.working):
            self._orders.request_cancel(self._orders.index[name], "lane failed")

    @staticmethod
    def _recall(lane: Lane, strategy: Strategy) -> None:
        """Give a restored lane's memories their own type again."""
        for ticker, memory in lane.memory.items():
            lane.memory[ticker] = msgspec.convert(memory, strategy.memory)


def _snap(ts: int, m: MarketState) -> Snap:
    book = m.book
    return Snap(
        ts=ts,
        market=m.market,
        bid=book.bid,
        bid_qty=book.bids.get(book.bid, 0),
        ask=book.ask,
        ask_qty=book.asks.get(book.ask, 0),
        last=m.last,
        book_ns=m.book_ns,
    )

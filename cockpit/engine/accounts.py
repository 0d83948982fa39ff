"""Takes over what venues report of the person's account, and sets our queues beside theirs.

For every real resting order the simulator keeps a ghost: an order nobody sees, placed where the venue first said it
stands in the queue. From then on the ghost is moved by the stream alone, as a paper order is; each later report of the
venue is set beside it. Those pairs show how right the simulated queues are, on the person's own orders.
"""

from collections.abc import Callable

from cockpit.domain.account import RealOrder
from cockpit.domain.effects import Effect, QueueCompared
from cockpit.domain.events import AccountBalance, AccountFills, AccountOrders, AccountPositions, QueueReported
from cockpit.engine.account import Pair, Placed, RealAccount
from cockpit.engine.queue import FIFO, GHOST, Own
from cockpit.engine.sim import Simulator
from cockpit.engine.state import State

KEEP_PAIRS = 500
KEEP_FILLS = 100

Report = AccountBalance | AccountPositions | AccountOrders | AccountFills | QueueReported


class Accounts:
    """Takes what venues report of the account; nothing here ever trades."""

    def __init__(self, state: State, sim: Simulator, emit: Callable[[Effect], None]) -> None:
        self._state = state
        self._sim = sim
        self._emit = emit

    def take(self, event: Report) -> None:
        """Take over one report."""
        account = self._state.accounts.setdefault(event.venue, RealAccount())
        match event:
            case AccountBalance():
                account.cash, account.shards, account.told_ns = event.cash, event.shards, event.ts
            case AccountPositions():
                self._positions(account, event)
            case AccountOrders():
                self._orders(account, event)
            case AccountFills():
                known = {fill.id for fill in account.fills}
                fresh = [fill for fill in event.fills if fill.id not in known]
                account.fills = [*account.fills, *fresh][-KEEP_FILLS:]
            case QueueReported():
                for name, ahead in event.ahead:
                    self._reported(event.venue, account, name, ahead)

    def _positions(self, account: RealAccount, event: AccountPositions) -> None:
        if event.whole:
            account.positions.clear()
        for each in event.positions:
            if each.qty:
                account.positions[each.market] = each
            else:
                account.positions.pop(each.market, None)

    def _orders(self, account: RealAccount, event: AccountOrders) -> None:
        if event.whole:
            resting = {order.id for order in event.orders}
            for name in [name for name in account.orders if name not in resting]:
                self._over(account, name)
        for order in event.orders:
            known = account.orders.get(order.id)
            if not order.resting or not order.left:
                self._over(account, order.id)
            elif known is None:
                placed = account.orders[order.id] = Placed(order)
                self._haunt(account, placed)
            else:
                self._changed(account, known, order)

    def _changed(self, account: RealAccount, known: Placed, order: RealOrder) -> None:
        """An order was amended or partly filled: a smaller one keeps its place, any other goes to the end."""
        before, known.order = known.order, order
        if (before.price, before.side) != (order.price, order.side) or order.left > before.left:
            self._drop(known, before.market)
            known.reported = -1
            self._haunt(account, known)

    def _over(self, account: RealAccount, name: str) -> None:
        placed = account.orders.pop(name, None)
        if placed is not None:
            self._drop(placed, placed.order.market)

    def _drop(self, placed: Placed, market: str) -> None:
        """The ghost goes with its order."""
        ghost, m = self._ghost(placed, market), self._state.markets.get(market)
        if ghost is not None and m is not None:
            self._sim.leave(m.rest, ghost)
        placed.ghost = ""

    def _ghost(self, placed: Placed, market: str) -> Own | None:
        m = self._state.markets.get(market)
        if m is None or not placed.ghost:
            return None
        return next((each for each in m.rest.orders() if each.id == placed.ghost), None)

    def _reported(self, venue: str, account: RealAccount, name: str, ahead: int) -> None:
        """A place in the queue: the first sets the ghost there, every later one is compared with it.

        The ghost stands since its order was first heard of, so that whoever joined before the first report is known to
        be behind.
        """
        placed = account.orders.get(name)
        if placed is None:
            return
        order = placed.order
        ghost = self._ghost(placed, order.market)
        if ghost is None or placed.reported < 0:
            ghost = ghost or self._haunt(account, placed)
            if ghost is not None:
                ghost.enter(ahead)
        elif not self._state.markets[order.market].doubt:
            pair = Pair(self._state.now, ahead, min(ghost.ahead_fifo, ghost.ahead_tail), ghost.ahead_tail)
            account.tally.add(pair)
            account.pairs = [*account.pairs[-KEEP_PAIRS + 1 :], pair]
            self._emit(
                QueueCompared(
                    pair.ts, venue, name, order.market, order.side, order.price, ahead, pair.fifo, pair.tail
                )
            )
        placed.reported = ahead

    def _haunt(self, account: RealAccount, placed: Placed) -> Own | None:
        """Place the ghost, where the book can be believed, behind all that is displayed."""
        order = placed.order
        m = self._state.markets.get(order.market)
        if m is None or not m.has_book or m.doubt or m.closed:
            return None
        account.ghosts += 1
        ghost = Own(
            id=f"{GHOST}-{account.ghosts}", lane=GHOST, market=order.market, side=order.side, price=order.price,
            qty=order.left, rule=FIFO, lot=m.market.lot, sent_ns=self._state.now,
        )  # fmt: skip
        self._sim.arrive(m.rest, m.book, ghost, self._state.now)
        placed.ghost = ghost.id
        return ghost

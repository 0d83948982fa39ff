"""The person's real accounts, as a screen sees them."""

from cockpit.domain.account import AccountView, Calibration, RealOrderView, RealPositionView
from cockpit.domain.units import QTY
from cockpit.engine.account import Placed, RealAccount
from cockpit.engine.labels import market_label
from cockpit.engine.state import State


def accounts(state: State) -> tuple[AccountView, ...]:
    """Every account that was told of."""
    return tuple(_account(state, venue, each) for venue, each in sorted(state.accounts.items()))


def _account(state: State, venue: str, account: RealAccount) -> AccountView:
    return AccountView(
        venue=venue,
        cash=account.cash,
        age_ns=max(0, state.now - account.told_ns) if account.told_ns else -1,
        shards=account.shards,
        positions=tuple(
            RealPositionView(name, _label(state, name), each.qty, each.cost)
            for name, each in sorted(account.positions.items())
        ),
        orders=tuple(_order(state, placed) for placed in account.orders.values()),
        fills=len(account.fills),
        calibration=_calibration(account),
    )


def _order(state: State, placed: Placed) -> RealOrderView:
    order = placed.order
    m = state.markets.get(order.market)
    ghost = (
        next((o for o in m.rest.orders() if o.id == placed.ghost), None)
        if m is not None and placed.ghost
        else None
    )
    return RealOrderView(
        market=order.market,
        label=_label(state, order.market),
        side=order.side,
        price=order.price,
        left=order.left,
        reported=placed.reported,
        fifo=min(ghost.ahead_fifo, ghost.ahead_tail) if ghost is not None else -1,
        tail=ghost.ahead_tail if ghost is not None else -1,
    )


def _calibration(account: RealAccount) -> Calibration | None:
    tally = account.tally
    if not tally.n:
        return None
    return Calibration(
        n=tally.n,
        fifo_exact=tally.fifo_exact / tally.n,
        tail_exact=tally.tail_exact / tally.n,
        fifo_error=tally.fifo_error / QTY / tally.n,
        tail_error=tally.tail_error / QTY / tally.n,
        pairs=tuple((pair.reported, pair.fifo, pair.tail) for pair in account.pairs),
    )


def _label(state: State, market: str) -> str:
    m = state.markets.get(market)
    return market_label(m.market, state.now) if m is not None else market

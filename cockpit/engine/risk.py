"""What may be sent. Only this module builds an `ApprovedOrder`, and only that type is ever rested or routed."""

import msgspec

from cockpit.domain.markets import on_grid
from cockpit.domain.units import BID, PRICE
from cockpit.engine.payoff import Holding, worst
from cockpit.engine.queue import Own
from cockpit.engine.state import Lane, MarketState, State


class Caps(msgspec.Struct, frozen=True):
    """The most that may be lost, money units; None is no cap."""

    order: int | None = None
    market: int | None = None
    event: int | None = None
    total: int | None = None


class Terms(msgspec.Struct, frozen=True):
    """What somebody wants to rest."""

    lane: str
    market: str
    side: int
    price: int
    qty: int
    ttl_ns: int
    ref: str = ""


class ApprovedOrder(msgspec.Struct, frozen=True):
    """Terms that passed every check at ``ts``."""

    terms: Terms
    ts: int


class Refused(msgspec.Struct, frozen=True):
    """Why terms may not be sent."""

    reason: str


def approve(state: State, terms: Terms, caps: Caps, own: list[Own]) -> ApprovedOrder | Refused:
    """Check terms against the market, the lane's own orders and the caps.

    Args:
        state: the engine's state.
        terms: what is wanted.
        caps: the lane's caps.
        own: the lane's orders that have not ended, in any market.
    """
    m = state.markets.get(terms.market)
    if m is None:
        return Refused("unknown market")
    reason = _market_reason(state, m) or _terms_reason(m, terms) or _cross_reason(terms, own)
    if reason:
        return Refused(reason)
    lane = state.lanes[terms.lane]
    reason = _caps_reason(state, lane, terms, caps, own)
    return Refused(reason) if reason else ApprovedOrder(terms, state.now)


def _market_reason(state: State, m: MarketState) -> str:
    if m.closed or (m.market.close_ns and state.now >= m.market.close_ns):
        return "market closed"
    if not m.has_book:
        return "book unknown"
    if m.doubt:
        return f"book in doubt: {m.doubt}"
    if not m.tradable:
        return f"market {m.market.status}"
    if not state.trading.get(m.market.venue, True):
        return "venue paused"
    return ""


def _terms_reason(m: MarketState, terms: Terms) -> str:
    if terms.qty <= 0 or terms.qty % m.market.lot:
        return "quantity is not a whole number of lots"
    if not on_grid(m.market.grid, terms.price):
        return "price off the grid"
    return ""


def _cross_reason(terms: Terms, own: list[Own]) -> str:
    """A lane never rests against itself: the newer order is refused."""
    for order in own:
        if order.market == terms.market and order.side != terms.side:
            bid, ask = (terms, order) if terms.side == BID else (order, terms)
            if bid.price >= ask.price:
                return "crosses an own order"
    return ""


def cost(side: int, price: int, qty: int) -> int:
    """What an order can lose, money units: price for a YES buy, one dollar less price for a sale."""
    return qty * (price if side == BID else PRICE - price)


def _caps_reason(state: State, lane: Lane, terms: Terms, caps: Caps, own: list[Own]) -> str:
    if caps.order is not None and cost(terms.side, terms.price, terms.qty) > caps.order:
        return "order cap"
    if caps.market is None and caps.event is None and caps.total is None:
        return ""
    event = state.markets[terms.market].market.event
    # a working order that would hedge may stay unfilled: both ways must be bearable
    for filled in ([], own) if own else ([],):
        losses = {name: -low for name, low in _worst_by_event(state, lane, terms, filled).items()}
        if caps.market is not None and _market_loss(state, lane, terms, filled) > caps.market:
            return "market cap"
        if caps.event is not None and losses[event] > caps.event:
            return "event cap"
        if caps.total is not None and sum(losses.values()) > caps.total:
            return "total cap"
    return ""


def _if_filled(lane: Lane, terms: Terms, own: list[Own]) -> dict[str, tuple[int, int]]:
    """(net YES, cost) by market if the new order and, of the working ones, those on ``own`` filled."""
    book = {name: (p.qty, p.cost) for name, p in lane.account.positions.items()}
    wants = [(o.market, o.side, o.price, o.left[o.rule] if o.live_ns else o.qty) for o in own]
    for market, side, price, qty in [*wants, (terms.market, terms.side, terms.price, terms.qty)]:
        held, paid = book.get(market, (0, 0))
        book[market] = (held + side * qty, paid + side * price * qty)
    return book


def _market_loss(state: State, lane: Lane, terms: Terms, own: list[Own]) -> int:
    qty, paid = _if_filled(lane, terms, own)[terms.market]
    return -worst([Holding(state.markets[terms.market].market, qty, paid)], exclusive=False)


def _worst_by_event(state: State, lane: Lane, terms: Terms, own: list[Own]) -> dict[str, int]:
    """The worst payoff of each event the lane is in, were everything working to fill."""
    held: dict[str, list[Holding]] = {}
    for name, (qty, paid) in _if_filled(lane, terms, own).items():
        market = state.markets[name].market
        held.setdefault(market.event, []).append(Holding(market, qty, paid))
    groups = state.groups
    return {
        event: worst(holdings, exclusive=event in groups and groups[event].exclusive)
        for event, holdings in held.items()
    }

"""What may be sent. Only this module builds an `ApprovedOrder`, and only that type is ever rested or routed."""

import msgspec

from cockpit.domain.markets import Market, on_grid
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.payoff import Holding, worst
from cockpit.engine.queue import Own
from cockpit.engine.state import Lane, MarketState, State
from cockpit.engine.terms import Terms


class Caps(msgspec.Struct, frozen=True):
    """The most that may be lost, money units; None is no cap."""

    order: int | None = None
    market: int | None = None
    event: int | None = None
    total: int | None = None


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
    lane = state.lane(terms.lane)
    reason = caps_reason(state, lane, terms, caps, own)
    return Refused(reason) if reason else ApprovedOrder(terms, state.now)


def _market_reason(state: State, m: MarketState) -> str:
    if m.closed or (m.market.close_ns and state.now >= m.market.close_ns):
        return "market closed"
    if not m.has_book:
        return "book unknown"
    if m.doubt:
        return f"book in doubt: {m.doubt}"
    if not m.tradable:
        return f"market {m.market.status if m.market.status != 'unknown' else 'state not known here'}"
    if not state.trading.get(m.market.venue, True):
        return "venue paused"
    return ""


def _terms_reason(m: MarketState, terms: Terms) -> str:
    if terms.side not in (BID, ASK):
        return "neither a bid nor an ask"
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


def closes(lane: Lane, terms: Terms) -> bool:
    """Whether an order can only make the lane's position in its market smaller."""
    held = lane.account.positions.get(terms.market)
    return held is not None and held.qty * terms.side < 0 and terms.qty <= abs(held.qty)


def cost(side: int, price: int, qty: int) -> int:
    """What an order can lose, money units: price for a YES buy, one dollar less price for a sale."""
    return qty * (price if side == BID else PRICE - price)


def caps_reason(state: State, lane: Lane, terms: Terms, caps: Caps, own: list[Own]) -> str:
    """The cap an order would break: it must be over it and add to what may be lost. Closing always has room."""
    if caps.order is not None and cost(terms.side, terms.price, terms.qty) > caps.order:
        return "order cap"
    if caps.market is None and caps.event is None and caps.total is None:
        return ""
    held = holdings(state, lane, own)
    here = state.markets[terms.market].market
    order = Holding(here, terms.side * terms.qty, terms.side * terms.price * terms.qty, maybe=True)
    before, after = (_losses(state, here, each) for each in (held, [*held, order]))
    for name, cap, was, would in zip(
        ("market cap", "event cap", "total cap"),
        (caps.market, caps.event, caps.total),
        before,
        after,
        strict=True,
    ):
        if cap is not None and would > max(cap, was):
            return name
    return ""


def _losses(state: State, here: Market, held: list[Holding]) -> tuple[int, int, int]:
    """The most that may be lost in a market, in its event, and in all events together."""
    market = -worst([h for h in held if h.market.ticker == here.ticker], exclusive=False)
    losses = {event: -worst(group, exclusive=each) for event, each, group in by_event(state, held)}
    return market, losses.get(here.event, 0), sum(losses.values())


def at_risk(state: State, lane: Lane, own: list[Own], event: str) -> int:
    """The most that may be lost in one event, money units."""
    held = [h for h in holdings(state, lane, own) if h.market.event == event]
    return -worst(held, exclusive=event in state.groups and state.groups[event].exclusive)


def holdings(state: State, lane: Lane, own: list[Own]) -> list[Holding]:
    """The lane's positions, and its working orders, which may fill or not."""
    positions = [
        Holding(state.markets[name].market, p.qty, p.cost)
        for name, p in lane.account.positions.items()
        if p.qty
    ]
    orders = []
    for o in own:
        left = o.left[o.rule] if o.live_ns else o.qty
        orders.append(
            Holding(state.markets[o.market].market, o.side * left, o.side * o.price * left, maybe=True)
        )
    return positions + orders


def by_event(state: State, held: list[Holding]) -> list[tuple[str, bool, list[Holding]]]:
    """(event, whether it is exclusive, what is held of it)."""
    groups: dict[str, list[Holding]] = {}
    for holding in held:
        groups.setdefault(holding.market.event, []).append(holding)
    known = state.groups
    return [(event, event in known and known[event].exclusive, group) for event, group in groups.items()]

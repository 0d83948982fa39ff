"""What may be sent. Only this module builds an `ApprovedOrder`, and only that type is ever rested or routed."""

from collections.abc import Iterable

import msgspec

from cockpit.domain.markets import Market, on_grid
from cockpit.domain.units import ASK, BID, PRICE, QTY, QTY_DIGITS, decimal
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


def approve(state: State, terms: Terms, exposure: "Exposure") -> ApprovedOrder | Refused:
    """Check terms against the market, the lane's own orders and the caps.

    Args:
        state: the engine's state.
        terms: what is wanted.
        exposure: what the lane holds and has working, and its caps.
    """
    m = state.markets.get(terms.market)
    if m is None:
        return Refused("unknown market")
    reason = (
        _market_reason(state, m)
        or _terms_reason(m, terms)
        or _cross_reason(terms, exposure.own)
        or ("" if terms.hedge else exposure.cap_reason(terms))
    )
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
    if any(start <= state.now < end for start, end in state.pauses.get(m.market.venue, ())):
        return "venue paused by its hours"
    return ""


def _terms_reason(m: MarketState, terms: Terms) -> str:
    if terms.side not in (BID, ASK):
        return "neither a bid nor an ask"
    if terms.qty <= 0 or terms.qty % m.market.lot:
        return "quantity is not a whole number of lots"
    if terms.qty < m.market.least:
        return f"below the venue's least size of {decimal(m.market.least, QTY_DIGITS)}"
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


def closes(lane: Lane, terms: Terms, own: Iterable[Own]) -> bool:
    """Whether an order, beside those working on its side, can only make its lane's position smaller."""
    held = lane.account.positions.get(terms.market)
    if held is None or held.qty * terms.side >= 0:
        return False
    working = sum(o.remaining for o in own if o.market == terms.market and o.side == terms.side)
    return terms.qty + working <= abs(held.qty)


class Exposure:
    """What one lane may lose: its positions, and its working orders, which may fill or not.

    Built for one moment; each event's worst case is worked out once.
    """

    def __init__(
        self, state: State, lane: Lane, own: list[Own], caps: Caps, beside: Terms | None = None
    ) -> None:
        self._state = state
        self._lane = lane
        self.own = own
        self._caps = caps
        self._events: dict[str, list[Holding]] = {}
        for holding in (*holdings(state, lane, own), *_as_holding(state, beside)):
            self._events.setdefault(event_of(holding.market), []).append(holding)
        self._losses: dict[str, int] = {}

    def loss(self, event: str) -> int:
        """The most that may be lost in an event, money units."""
        known = self._losses.get(event)
        if known is None:
            known = self._losses[event] = self._worst(event, self._events.get(event, []))
        return known

    @property
    def total(self) -> int:
        """The most that may be lost in all events together."""
        return sum(self.loss(event) for event in self._events)

    def closes(self, terms: Terms) -> bool:
        """Whether an order, beside those working on its side, can only make the position smaller."""
        return closes(self._lane, terms, self.own)

    def cap_reason(self, terms: Terms) -> str:
        """The cap an order would break: it must be over it and add to what may be lost. Closing always has room."""
        caps = self._caps
        closing = self.closes(terms)
        if caps.order is not None and cost(terms.side, terms.price, terms.qty) > caps.order and not closing:
            return "order cap"
        if caps.market is None and caps.event is None and caps.total is None:
            return ""
        market = self._state.markets[terms.market].market
        order = Holding(market, terms.side * terms.qty, terms.side * terms.price * terms.qty, maybe=True)
        here = self._events.get(event_of(market), [])
        mine = [h for h in here if h.market.ticker == market.ticker]
        if _over(caps.market, -worst(mine, exclusive=False), -worst([*mine, order], exclusive=False)):
            return "market cap"
        before, after = self.loss(event_of(market)), self._worst(event_of(market), [*here, order])
        if _over(caps.event, before, after):
            return "event cap"
        total = self.total
        return "total cap" if _over(caps.total, total, total - before + after) else ""

    def fit(self, terms: Terms) -> tuple[int, str]:
        """The terms' quantity if the caps allow it, else the most whole contracts they do, and the cap that bound."""
        bound = self.cap_reason(terms)
        if not bound:
            return terms.qty, ""
        most, least = terms.qty // QTY, 0
        while least < most:
            middle = (least + most + 1) // 2
            reason = self.cap_reason(msgspec.structs.replace(terms, qty=middle * QTY))
            if reason:
                most, bound = middle - 1, reason
            else:
                least = middle
        return least * QTY, bound

    def _worst(self, event: str, held: list[Holding]) -> int:
        group = self._state.groups.get(event)
        return -worst(held, exclusive=group is not None and group.exclusive)


def _over(cap: int | None, was: int, would: int) -> bool:
    return cap is not None and would > max(cap, was)


def event_of(market: Market) -> str:
    """The event whose worst case a market belongs to; a market without a record is an event of its own."""
    return market.event or market.ticker


def holdings(state: State, lane: Lane, own: list[Own]) -> list[Holding]:
    """The lane's positions, and its working orders, which may fill or not."""
    positions = [
        Holding(state.markets[name].market, p.qty, p.cost)
        for name, p in lane.account.positions.items()
        if p.qty
    ]
    orders = []
    for o in own:
        left = o.remaining
        orders.append(
            Holding(state.markets[o.market].market, o.side * left, o.side * o.price * left, maybe=True)
        )
    return positions + orders


def _as_holding(state: State, terms: Terms | None) -> list[Holding]:
    """An order that would be sent first, as one that may fill or not."""
    if terms is None:
        return []
    market = state.markets[terms.market].market
    return [Holding(market, terms.side * terms.qty, terms.side * terms.price * terms.qty, maybe=True)]


def by_event(state: State, held: list[Holding]) -> list[tuple[str, bool, list[Holding]]]:
    """(event, whether it is exclusive, what is held of it)."""
    groups: dict[str, list[Holding]] = {}
    for holding in held:
        groups.setdefault(event_of(holding.market), []).append(holding)
    known = state.groups
    return [(event, event in known and known[event].exclusive, group) for event, group in groups.items()]

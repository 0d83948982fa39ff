"""What resting at a price is worth to a maker, side by side, and the checks every version makes first.

A side is named by what it does to YES: ``BID`` buys YES at p, ``ASK`` sells YES at p, which is buying NO at 1 - p.
Everything here is reckoned in the terms of the side bought (its probability, its price), so that a market and its
mirror image, YES and NO exchanged, give the same numbers to the last bit.
"""

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.fees import MAKER_SHARE, FeeTerms
from cockpit.domain.markets import PriceBand, on_grid, tick_above, tick_below
from cockpit.domain.units import ASK, BID, PRICE, RATIO, SECOND
from cockpit.models.fair import Fair
from cockpit.strategies.base import Mine, Odds, Snap

IMPLAUSIBLE = 0.25
"""Dollars a contract: a larger edge is presumed a bug, is flagged and never entered. Ours."""
DUST = 1e-9
"""What floats may lose: an edge of exactly the threshold counts as over it."""
WIDE_TICKS = 3
"""A spread of this many ticks or more is bettered by one tick instead of joined."""

ONE_SIDED = "one-sided book"
CROSSED = "crossed book"
WIDE = "wide spread"
SILENT = "venue not heard"
NEAR_CLOSE = "near close"


class Limits(msgspec.Struct, frozen=True):
    """Where no version enters. All ours, settable."""

    max_spread: int = 1_000
    """Widest spread, price units: 10 cents."""
    max_age_ns: int = 5 * SECOND
    """Longest silence of the market's venue, ns."""
    tau_min_ns: int = 60 * SECOND
    """Least time to the close where that is known, ns."""


LIMITS = Limits()


def guards(snap: Snap, limits: Limits = LIMITS) -> str:
    """The first check a market fails, empty when it is clear.

    The close comes first, because it takes orders back; the others only keep new ones away.
    """
    close = snap.market.close_ns
    if close and close - snap.ts < limits.tau_min_ns:
        return NEAR_CLOSE
    bid, ask = snap.bid, snap.ask
    if bid == EMPTY_BID or ask == EMPTY_ASK:
        return ONE_SIDED
    if bid >= ask:
        return CROSSED
    if ask - bid > limits.max_spread:
        return WIDE
    if snap.ts - snap.heard_ns > limits.max_age_ns:
        return SILENT
    return ""


def stake(side: int, price: int) -> int:
    """What a contract costs on a side at a YES price, price units, fees apart."""
    return price if side == BID else PRICE - price


def maker_fee(terms: FeeTerms, price: int) -> float:
    """The maker's fee of one contract in dollars, not rounded; the same for both sides.

    Source: the quadratic formula of the venue's fee schedule, as in `cockpit.domain.fees`; a type that is not known
    there is charged as if makers paid.
    """
    share = MAKER_SHARE.get(terms.kind, 175)
    if not share:
        return 0.0
    return share * terms.multiplier * price * (PRICE - price) / (RATIO * RATIO * PRICE * PRICE)


def quote_price(snap: Snap, side: int) -> int | None:
    """Where a maker rests on a side: the best of the side bought, one tick better in a wide spread.

    On the market's grid, strictly inside 0..1 and never crossing; None where the side is empty, the book is crossed,
    or its best stands off the grid.
    """
    bid, ask, grid = snap.bid, snap.ask, snap.market.grid
    if bid >= ask:
        return None
    if side == BID:
        price = bid if bid == EMPTY_BID else _better_bid(grid, bid, ask)
    else:
        price = ask if ask == EMPTY_ASK else _better_ask(grid, bid, ask)
    return price if on_grid(grid, price) else None


def _better_bid(grid: tuple[PriceBand, ...], bid: int, ask: int) -> int:
    better = price = bid + tick_above(grid, bid)
    for _ in range(WIDE_TICKS - 1):
        price += tick_above(grid, price)
    return better if price <= ask else bid


def _better_ask(grid: tuple[PriceBand, ...], bid: int, ask: int) -> int:
    better = price = ask - tick_below(grid, ask)
    for _ in range(WIDE_TICKS - 1):
        price -= tick_below(grid, price)
    return better if price >= bid else ask


class Edge(msgspec.Struct, frozen=True, gc=False):
    """What resting on a side at a price is worth, dollars a contract, net of the maker's fee."""

    side: int
    price: int
    """YES price, price units."""
    edge: float
    """Probability of the side bought, less its price and fee."""
    low: float
    """The same on the worst side of the band."""
    ev: float
    """Expected value of the order: probability of a fill times (edge less adverse selection)."""
    fee: float

    @property
    def implausible(self) -> bool:
        """Whether it is too good to be anything but a mistake."""
        return self.edge > IMPLAUSIBLE


def edge_of(side: int, price: int, prob: float, low: float, fee: float, odds: Odds) -> Edge:
    """The edge at a price for a probability of the side bought and its lower bound; the fee in dollars."""
    cost = (price if side == BID else PRICE - price) / PRICE + fee
    edge = prob - cost
    return Edge(side, price, edge, low - cost, odds.fill * (edge - odds.adverse), fee)


def fair_edge(fair: Fair, terms: FeeTerms, side: int, price: int, odds: Odds) -> Edge:
    """The edge of resting at a price, against our own fair value."""
    if side == BID:
        return edge_of(side, price, fair.mid, fair.low, maker_fee(terms, price), odds)
    return edge_of(side, price, 1.0 - fair.mid, 1.0 - fair.high, maker_fee(terms, price), odds)


def best(snap: Snap, mine: Mine) -> Edge | None:
    """The better of both sides by low-side edge, where a maker would rest now.

    None without a fair value or a side to rest on. It ranks and flags; it does not gate (see `entry`, `guards`).
    """
    fair = snap.fair
    if fair is None:
        return None
    bid, ask = quote_price(snap, BID), quote_price(snap, ASK)
    buy = fair_edge(fair, snap.fees, BID, bid, mine.odds) if bid is not None else None
    sell = fair_edge(fair, snap.fees, ASK, ask, mine.odds) if ask is not None else None
    if buy is None or sell is None:
        return buy or sell
    return buy if prefers_bid(buy.low, sell.low, snap.bid + snap.ask) else sell


def prefers_bid(buy: float, sell: float, mid2: int) -> bool:
    """Whether the bid is the better side by some measure; between equals the favourite is bought.

    Source of the tie-break: contracts at low prices win less often than they cost, makers' too (Buergi, Deng and
    Whelan, "Makers and Takers", 2025). At a mid of exactly one half YES is sold.
    """
    if abs(buy - sell) > DUST:
        return buy > sell
    return mid2 > PRICE


def entry(edge: Edge, threshold: float) -> bool:
    """The rule for every ticket offered to a person: low-side edge over the threshold, and a maker's EV over zero."""
    return edge.low >= threshold - DUST and edge.ev > 0.0 and not edge.implausible

"""A confirmed pair at one moment: both directions, as a taker could have them (information) and as a maker can rest.

Nothing here can become a taker's order: what crosses both books now is shown so that a divergence is seen, what rests
on both of them is what a ticket proposes.
"""

import math

import msgspec

from cockpit.domain.units import MONEY, PRICE, QTY
from cockpit.strategies.spreads.legs import OPPOSITE, PARAMS, Direction, Haircut, Leg, Params, other
from cockpit.strategies.spreads.payoff import annual, payout_days
from cockpit.strategies.spreads.rest import Maker, hedged, resting
from cockpit.strategies.spreads.walk import Take, all_in, cost, costs, deepest, levels


class Taker(msgspec.Struct, frozen=True, gc=False):
    """Both books crossed now, each level and its fee counted. Information. Money units."""

    nets: tuple[int | None, ...]
    """Net a contract at each of ``Params.sizes``, rounded down; None where the depth is short."""
    after: tuple[int | None, ...]
    """The same less the haircut."""
    size: int = 0
    """Quantity up to which each further lot still nets more than nothing."""
    profit: int = 0
    """What that size nets in all, haircut apart."""
    capital: int = 0
    """What it costs in all, fees included."""
    roi: float = 0.0
    """Profit over capital."""
    annual: float | None = None
    """``roi`` simply annualised; None where the payout cannot be dated."""
    clear: int = 0
    """Quantity up to which each further lot nets more than the haircut."""
    gain: int = 0
    """What that size nets in all, haircut taken off."""


class Way(msgspec.Struct, frozen=True, gc=False):
    """One direction of a pair."""

    direction: Direction
    side_a: int
    """BID: YES is bought; ASK: NO is bought."""
    side_b: int
    gap: int | None
    """One dollar less what both contracts cost a taker at the touch, fees apart; price units. None: a side is empty."""
    net: int | None
    """The same after both takers' fees, of one contract of many, money units."""
    taker: Taker
    maker: Maker | None
    """None where a side to rest on is empty or off the grid."""
    hedged: float | None
    """Dollars a contract expected of resting on the thinner leg and hedging as a taker on the other: information."""
    arbitrage: bool
    """Whether it nets more than fees and haircut now, of a pair that is sure and two quotes that are fresh."""


class Spread(msgspec.Struct, frozen=True, gc=False):
    """A pair at one moment."""

    buy: Way
    sell: Way
    mid_gap: int | None
    """Mid of B (turned round where the polarity is -1) less mid of A, price units, rounded to zero; None unless both
    books have two sides."""
    age_a: int
    """Age of A's quote, ns."""
    age_b: int
    stale: bool
    """Whether either quote is too old for the gap to be one moment's."""
    days: float | None
    """To the payout on the slower venue; None where either has no date."""
    best: Direction
    """The direction that nets more: a taker where one nets anything, else a maker."""

    @property
    def way(self) -> Way:
        """The better way."""
        return self.buy if self.best is Direction.BUY else self.sell


def spread(a: Leg, b: Leg, polarity: int, haircut: Haircut, now: int, params: Params = PARAMS) -> Spread:
    """Reckon a pair.

    Args:
        a: one market; by custom Kalshi's, where one of the two is.
        b: the other.
        polarity: SAME or OPPOSITE.
        haircut: what the settlement basis takes off.
        now: ns UTC.
        params: sizes, ages, odds.
    """
    age_a, age_b = max(0, now - a.quote_ns), max(0, now - b.quote_ns)
    stale = max(age_a, age_b) > params.max_age_ns
    days = payout_days(a, b, now, params)
    buy, sell = (
        _way(a, b, direction, polarity, haircut, days, params, sound=haircut.sure and not stale)
        for direction in (Direction.BUY, Direction.SELL)
    )
    best = Direction.BUY if _rank(buy) >= _rank(sell) else Direction.SELL
    return Spread(buy, sell, mid_gap(a, b, polarity), age_a, age_b, stale, days, best)


def mid_gap(a: Leg, b: Leg, polarity: int) -> int | None:
    """Mid of B in A's terms less mid of A, price units, rounded to zero; None unless both have two sides."""
    if not (a.bids and a.asks and b.bids and b.asks):
        return None
    there = b.bids[0][0] + b.asks[0][0]
    if polarity == OPPOSITE:
        there = 2 * PRICE - there
    twice = there - a.bids[0][0] - a.asks[0][0]
    return twice // 2 if twice >= 0 else -(-twice // 2)


def _way(
    a: Leg,
    b: Leg,
    direction: Direction,
    polarity: int,
    haircut: Haircut,
    days: float | None,
    params: Params,
    *,
    sound: bool,
) -> Way:
    sides = direction.sides(polarity)
    takes = (a, sides[0]), (b, sides[1])
    gap, net = _touch(takes)
    taker = _taker(takes, net, haircut, days, params)
    return Way(
        direction,
        sides[0],
        sides[1],
        gap,
        net,
        taker,
        resting(a, b, sides, haircut, days, params),
        hedged(a, b, sides, haircut, params),
        sound and taker.gain > 0,
    )


def _touch(takes: tuple[Take, Take]) -> tuple[int | None, int | None]:
    """The gap at the touch, and what one contract of many nets there."""
    gap, net = PRICE, MONEY
    for leg, side in takes:
        found = levels(leg, side)
        if not found:
            return None, None
        price = found[0][0]
        gap -= other(side, price)
        net -= all_in(leg, side, price)
    return gap, net


def _taker(
    takes: tuple[Take, Take], net: int | None, haircut: Haircut, days: float | None, params: Params
) -> Taker:
    (a, side_a), (b, side_b) = takes
    here = costs(a, side_a, params.sizes, params.quantum)
    there = costs(b, side_b, params.sizes, params.quantum)
    nets = tuple(
        None if one is None or two is None else (PRICE * size - one - two) * QTY // size
        for size, one, two in zip(params.sizes, here, there, strict=True)
    )
    after = tuple(None if each is None else each - haircut.each for each in nets)
    if net is None or net <= 0:
        return Taker(nets, after)
    size, profit, capital = _pays(takes, 0, params)
    clear, left = 0, 0
    if net > haircut.each:
        clear, left, _ = _pays(takes, haircut.each, params)
    roi = profit / capital if capital else 0.0
    return Taker(
        nets, after, size, profit, capital, roi,
        None if days is None else annual(roi, days),
        clear, left - haircut.each * clear // QTY,
    )  # fmt: skip


def _pays(takes: tuple[Take, Take], floor: int, params: Params) -> tuple[int, int, int]:
    """The size that nets more than a floor to its last lot, what it nets and what it costs; zeros where none does."""
    lot = math.lcm(takes[0][0].lot, takes[1][0].lot)
    size = deepest(takes, PRICE, floor, lot)
    spent = cost(takes, size, params.quantum) if size else None
    profit = PRICE * size - spent if spent is not None else 0
    if spent is None or profit <= 0:
        return 0, 0, 0
    return size, profit, spent


def _rank(way: Way) -> tuple[int, float]:
    """More is better: what a taker nets where that is anything, else what a maker nets, else the gap."""
    if way.net is not None and way.net > 0:
        return 2, way.net
    if way.maker is not None:
        return 1, way.maker.after
    return 0, -1.0 if way.gap is None else way.gap / PRICE

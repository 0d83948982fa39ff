"""Both legs at rest: prices, size, and what they are worth together and apart.

Each leg joins the best of its own side, so that it never crosses and pays the maker's fee. The two are filled or not by
themselves: what they earn is expected over both, one, or neither being filled.
"""

import math

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.fees import trade_fee
from cockpit.domain.markets import on_grid
from cockpit.domain.units import BID, MONEY, PRICE, QTY, RATIO
from cockpit.strategies.spreads.legs import Haircut, Leg, Params, other
from cockpit.strategies.spreads.payoff import annual, both_ev, hedge_ev, over_hurdle, p_both, pays_from
from cockpit.strategies.spreads.walk import all_in, levels

WANTED = "size"
SMALLEST = "smallest order"


class Maker(msgspec.Struct, frozen=True, gc=False):
    """Both legs resting at the best of their own side, post-only. Money units."""

    price_a: int
    """YES price to rest at on A, price units."""
    price_b: int
    size: int
    """Contracts on each leg, quantity units, a multiple of both lots; 0 where not one order is possible."""
    bound: str
    """What set the size: "size", "cash VENUE" or "smallest order"."""
    fee: int
    """Both makers' fees for one contract, rounded up."""
    net: int
    """Of one contract when both are filled, fees off, haircut not."""
    after: int
    """The same less the haircut."""
    capital: int
    """What the size costs when both are filled, fees included."""
    roi: float
    """``after`` over the capital of one contract."""
    annual: float | None
    """``roi`` simply annualised; None where the payout cannot be dated."""
    over_hurdle: float | None
    """``after`` of one contract, in dollars, less what its capital would earn elsewhere until the payout."""
    per_day: float | None
    """Dollars a day the size earns while its capital is locked."""
    p_both: float
    """Probability that both orders are filled."""
    loss_a: float
    """Dollars a contract to get out of A alone: spread, taker's fee, adverse selection."""
    loss_b: float
    ev: float
    """Expected dollars a contract, both resting."""
    pays_from: float | None
    """Dollars a contract ``after`` would have to come to for ``ev`` to be zero; None where both are never filled."""
    naked: int
    """Worst case of one leg filled alone: its whole cost, of the dearer one."""


def rest_price(leg: Leg, side: int) -> int | None:
    """Where a maker joins a side, price units; None where it is empty, off the grid or crossed."""
    bid, ask = _touch(leg)
    price = bid if side == BID else ask
    return price if bid < ask and on_grid(leg.grid, price) else None


def resting(
    a: Leg, b: Leg, sides: tuple[int, int], haircut: Haircut, days: float | None, params: Params
) -> Maker | None:
    """Both legs at rest, for a size that cash and lots allow; None where one has no price to rest at."""
    price_a, price_b = rest_price(a, sides[0]), rest_price(b, sides[1])
    if price_a is None or price_b is None:
        return None
    stakes = other(sides[0], price_a), other(sides[1], price_b)
    size, bound = pair_size(a, b, (price_a, price_b), stakes, params)
    shown = size or QTY
    fees = tuple(_fee(leg, at, shown, params.quantum) for leg, at in ((a, price_a), (b, price_b)))
    fee = -(-sum(fees) * QTY // shown)
    each = sum(stakes) * QTY + fee
    net = MONEY - each
    after = net - haircut.each
    worth, roi = after / MONEY, after / each
    loss_a, loss_b = alone(a, sides[0], price_a), alone(b, sides[1], price_b)
    return Maker(
        price_a=price_a,
        price_b=price_b,
        size=size,
        bound=bound,
        fee=fee,
        net=net,
        after=after,
        capital=sum(stakes) * size + (sum(fees) if size else 0),
        roi=roi,
        annual=None if days is None else annual(roi, days),
        over_hurdle=None if days is None else over_hurdle(worth, each / MONEY, params.hurdle, days),
        per_day=None if days is None else worth * size / QTY / days,
        p_both=p_both(a.fill, b.fill, params.rho),
        loss_a=loss_a,
        loss_b=loss_b,
        ev=both_ev(a.fill, b.fill, params.rho, worth, loss_a, loss_b),
        pays_from=pays_from(a.fill, b.fill, params.rho, loss_a, loss_b),
        naked=max(stake * size + paid for stake, paid in zip(stakes, fees, strict=True)) if size else 0,
    )


def pair_size(
    a: Leg, b: Leg, prices: tuple[int, int], stakes: tuple[int, int], params: Params, depth: int | None = None
) -> tuple[int, str]:
    """The contracts both legs can rest or take, quantity units, and what bound them.

    The least of what is wanted, the depth where that counts, and each venue's cash over its all-in cost, in steps that
    are a whole number of lots on both; 0 where a venue takes no order so small.
    """
    size, bound = params.size, WANTED
    if depth is not None and depth < size:
        size, bound = depth, "depth"
    for leg, price, stake in zip((a, b), prices, stakes, strict=True):
        unit = stake * QTY + _fee(leg, price, QTY, params.quantum)
        most = leg.cash * params.share // RATIO * QTY // unit
        if most < size:
            size, bound = most, f"cash {leg.venue}"
    size = size // math.lcm(a.lot, b.lot) * math.lcm(a.lot, b.lot)
    if size < max(a.least, b.least, 1):
        return 0, bound if bound != WANTED else SMALLEST
    return size, bound


def alone(leg: Leg, side: int, price: int) -> float:
    """Dollars a contract to get out of a leg filled alone: its spread, a taker's fee, and the adverse selection."""
    bid, ask = _touch(leg)
    fee = all_in(leg, side, price) - other(side, price) * QTY
    return (ask - bid) / PRICE + fee / MONEY + leg.adverse


def hedged(a: Leg, b: Leg, sides: tuple[int, int], haircut: Haircut, params: Params) -> float | None:
    """Dollars a contract expected of resting on the thinner market and taking the other when filled: information.

    None where the thinner has no price to rest at or the other nothing to take.
    """
    takes = (a, sides[0]), (b, sides[1])
    (thin, rests), (deep, side) = sorted(takes, key=lambda take: _depth(*take))
    price = rest_price(thin, rests)
    opposite = levels(deep, side)
    if price is None or not opposite:
        return None
    net = MONEY - other(rests, price) * QTY - _fee(thin, price, QTY, 1) - all_in(deep, side, opposite[0][0])
    return hedge_ev(thin.fill, params.hold, (net - haircut.each) / MONEY, alone(thin, rests, price))


def _depth(leg: Leg, side: int) -> int:
    return sum(qty for _, qty in levels(leg, side))


def _touch(leg: Leg) -> tuple[int, int]:
    return leg.bids[0][0] if leg.bids else EMPTY_BID, leg.asks[0][0] if leg.asks else EMPTY_ASK


def _fee(leg: Leg, price: int, size: int, quantum: int) -> int:
    return trade_fee(leg.terms, price, size, maker=True, quantum=quantum)

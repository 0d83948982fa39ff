"""How much: Kelly's fraction, the caps on it, and the name of the one that bound.

    f* = (p - c) / (1 - c)                            share of the bankroll spent on cost, all-in cost c
    g  = p ln(1 - f + f / c) + (1 - p) ln(1 - f)      growth a bet
    contracts = f B / c

(J. L. Kelly, "A New Interpretation of Information Rate", 1956.) Probabilities are of the side bought, taken from the
low side of what is believed. Shares of the bankroll are counted in 1e-4 and money exactly.
"""

import math
from collections.abc import Sequence

import msgspec

from cockpit.domain.units import MONEY, PRICE, RATIO
from cockpit.strategies.base import WHOLE, Mine
from cockpit.strategies.edges import stake

KELLY = "kelly"
FIXED = "fixed"
VOLATILITY = "volatility"
EVENT = "event room"


class Caps(msgspec.Struct, frozen=True):
    """Parts of Kelly's share and shares of the bankroll, in 1e-4: quarter Kelly, 2 % a market. Ours, settable.

    The share of an event reaches a strategy as the room that is left of it.
    """

    kelly: int = 2_500
    market: int = 200


CAPS = Caps()


def kelly(p: float, c: float) -> float:
    """f*, the growth-optimal share of the bankroll to spend; 0 where the probability does not beat the cost."""
    if not 0.0 < c < 1.0 or p <= c:
        return 0.0
    return (p - c) / (1.0 - c)


def growth(p: float, c: float, f: float) -> float:
    """Expected log growth of one bet that spends a share f < 1."""
    return p * math.log(1.0 - f + f / c) + (1.0 - p) * math.log(1.0 - f)


def contracts(f: float, bankroll: int, c: float) -> int:
    """Whole contracts, in quantity units, that a share f of a bankroll (money units) buys at all-in cost c dollars."""
    return int(f * bankroll / (c * MONEY)) * WHOLE


def brackets(probs: Sequence[float], costs: Sequence[float]) -> tuple[float, ...]:
    """Kelly shares over mutually exclusive outcomes, in the order given; costs are all-in and over zero.

    Some are bought with a negative edge of their own, as hedges. Source: G. Smoczynski and D. Tomkins, "An explicit
    solution to the problem of optimizing the allocations of a bettor's wealth when wagering on horse races", 2010.

    Raises:
        ValueError: when the probabilities come to more than one.
    """
    if sum(probs) > 1.0 + 1e-9:
        raise ValueError(f"exclusive outcomes with a probability of {sum(probs):.4f} in all")
    rate, missed, unspent = 1.0, 1.0, 1.0
    shares = [0.0] * len(probs)
    chosen = []
    for i in sorted(range(len(probs)), key=lambda i: probs[i] / costs[i], reverse=True):
        if probs[i] / costs[i] <= rate:
            break
        chosen.append(i)
        missed, unspent = max(0.0, missed - probs[i]), unspent - costs[i]
        rate = missed / unspent
    for i in chosen:
        shares[i] = probs[i] - rate * costs[i]
    return tuple(shares)


def size(
    prob: float, side: int, price: int, fee: float, mine: Mine, caps: Caps = CAPS, room: int | None = None
) -> tuple[int, str]:
    """What to add on a side, quantity units in whole contracts, and the cap that bound it.

    Args:
        prob: probability of the side bought, from its low side.
        side: BID or ASK.
        price: YES price rested at, price units.
        fee: maker's fee a contract, dollars.
        mine: what is held, the bankroll and the room left.
        caps: shares of the bankroll.
        room: money units that may be put at risk, where it is not ``mine.room``.
    """
    c = stake(side, price) / PRICE + fee
    target = int(kelly(prob, c) * caps.kelly * mine.bankroll / RATIO)
    most = mine.bankroll * caps.market // RATIO
    bound = KELLY
    if most < target:
        target, bound = most, _market(caps)
    unit = _unit(side, price, fee)
    return _fit(target // unit * WHOLE, bound, side, unit, mine, room)


def fixed_size(
    qty: int,
    side: int,
    price: int,
    fee: float,
    mine: Mine,
    caps: Caps = CAPS,
    room: int | None = None,
    bound: str = FIXED,
) -> tuple[int, str]:
    """A fixed number of contracts under the same caps; arguments and answer as in `size`."""
    unit = _unit(side, price, fee)
    most = mine.bankroll * caps.market // RATIO // unit * WHOLE
    if most < qty:
        qty, bound = most, _market(caps)
    return _fit(qty, bound, side, unit, mine, room)


def _unit(side: int, price: int, fee: float) -> int:
    """What one whole contract costs, fee rounded up, money units."""
    return stake(side, price) * WHOLE + math.ceil(fee * MONEY)


def _fit(target: int, bound: str, side: int, unit: int, mine: Mine, room: int | None) -> tuple[int, str]:
    """Less what is held on the side already, and no more than the event has room for."""
    qty = min(target, target - side * mine.qty)
    most = (mine.room if room is None else room) // unit * WHOLE
    if most < qty:
        qty, bound = most, EVENT
    return max(0, qty) // WHOLE * WHOLE, bound


def _market(caps: Caps) -> str:
    return f"market {caps.market / 100:g} %"

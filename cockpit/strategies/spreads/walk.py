"""Walking books: what a size costs as a taker, each level with its own fee, and how deep it pays to go.

Levels are walked best first; a fee is reckoned level by level because it is no straight line in the price (at the mean
price it would come out too high). Money is exact; what is rounded is rounded by `cockpit.domain.fees`.
"""

from collections.abc import Sequence

from cockpit.domain.fees import trade_fee
from cockpit.domain.units import BID, QTY
from cockpit.strategies.spreads.legs import Leg, Levels, other

Take = tuple[Leg, int]
"""A market and the side bought in it."""


def levels(leg: Leg, side: int) -> Levels:
    """What a taker of a side walks through, best first."""
    return leg.asks if side == BID else leg.bids


def costs(leg: Leg, side: int, sizes: Sequence[int], quantum: int) -> tuple[int | None, ...]:
    """What each size costs a taker of a side, fees included, money units; None where the depth is short.

    Args:
        leg: the market.
        side: BID to buy YES, ASK to buy NO.
        sizes: quantity units, ascending.
        quantum: what a quadratic fee is rounded up to at each level, money units.
    """
    terms, book = leg.terms, levels(leg, side)
    depth = sum(qty for _, qty in book)
    wanted = [size for size in sizes if size <= depth]  # what is out of reach is not walked to
    found: list[int | None] = []
    done = spent = 0
    for price, qty in book:
        if len(found) == len(wanted):
            break
        each, end = other(side, price), done + qty
        while len(found) < len(wanted) and wanted[len(found)] <= end:
            part = wanted[len(found)] - done
            found.append(spent + each * part + trade_fee(terms, price, part, maker=False, quantum=quantum))
        done = end
        spent += each * qty + trade_fee(terms, price, qty, maker=False, quantum=quantum)
    return (*found, *[None] * (len(sizes) - len(found)))


def deepest(takes: Sequence[Take], pays: int, floor: int, lot: int) -> int:
    """The size up to which each further lot, bought in every market, nets more than ``floor``; quantity units.

    Args:
        takes: markets and the sides bought in them.
        pays: what one contract of each pays together, price units.
        floor: money units a contract.
        lot: step of the size, quantity units.
    """
    walks = [iter(levels(leg, side)) for leg, side in takes]
    tops = [next(walk, None) for walk in walks]
    left = [top[1] if top else 0 for top in tops]
    size = 0
    while all(left):
        net = pays * QTY - sum(
            all_in(leg, side, top[0]) for (leg, side), top in zip(takes, tops, strict=True) if top
        )
        if net <= floor:
            break
        step = min(left)
        size += step
        for k, walk in enumerate(walks):
            left[k] -= step
            if not left[k]:
                tops[k] = top = next(walk, None)
                left[k] = top[1] if top else 0
    return size // lot * lot


def all_in(leg: Leg, side: int, price: int) -> int:
    """What one contract of many costs a taker at one level, fee included, rounded up to a money unit."""
    return other(side, price) * QTY + trade_fee(leg.terms, price, QTY, maker=False, quantum=1)


def cost(takes: Sequence[Take], size: int, quantum: int) -> int | None:
    """What a size costs in all markets together, fees included, money units; None where the depth is short."""
    whole = 0
    for leg, side in takes:
        (part,) = costs(leg, side, (size,), quantum)
        if part is None:
            return None
        whole += part
    return whole

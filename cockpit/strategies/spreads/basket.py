"""Baskets inside one venue: one contract of every market of an event.

    exclusive and exhaustive: all YES pay one dollar        net = 1 - sum(a + fee)
    exclusive:                all n NO pay n - 1 or n       net = (n - 1) - sum(q + fee)

The second needs little capital where the venue nets what is certain (Kalshi's collateral return, Polymarket's
conversion of negative risk): ``locked`` is what stays at risk under such a rule.
"""

import math
from collections.abc import Sequence

import msgspec

from cockpit.domain.fees import trade_fee
from cockpit.domain.units import ASK, BID, PRICE, QTY
from cockpit.strategies.spreads.legs import PARAMS, Leg, Params, other
from cockpit.strategies.spreads.rest import rest_price
from cockpit.strategies.spreads.walk import cost, costs, deepest


class Basket(msgspec.Struct, frozen=True, gc=False):
    """All markets of an event bought on one side. Money units."""

    side: int
    """BID: every YES; ASK: every NO."""
    count: int
    """Markets in it."""
    pays: int
    """What one contract of each pays at least, price units."""
    taker: tuple[int | None, ...]
    """Net of one contract of each at every of ``Params.sizes``, crossing the books: information."""
    size: int
    """Quantity up to which a taker's further lots still net more than nothing."""
    profit: int
    """What that size nets in all."""
    maker: int | None
    """Net of one contract of each, all resting at the best of their own side and all filled; None where one cannot."""
    prices: tuple[int, ...]
    """YES prices to rest at, price units, in the order given; empty where one cannot."""
    capital: int
    """What one contract of each costs at rest, fees included; 0 where one cannot."""
    locked: int
    """What of that stays at risk where the venue nets what is certain."""


def baskets(
    legs: Sequence[Leg], *, exclusive: bool, exhaustive: bool, params: Params = PARAMS
) -> tuple[Basket, ...]:
    """The baskets an event allows.

    Args:
        legs: all its markets, for a basket with one missing is a bet.
        exclusive: whether at most one pays YES.
        exhaustive: whether at least one does.
        params: sizes and rounding.
    """
    if not exclusive or len(legs) < 2:
        return ()
    whole = (_basket(legs, ASK, (len(legs) - 1) * PRICE, params),)
    return (_basket(legs, BID, PRICE, params), *whole) if exhaustive else whole


def _basket(legs: Sequence[Leg], side: int, pays: int, params: Params) -> Basket:
    takes = [(leg, side) for leg in legs]
    size = deepest(takes, pays, 0, math.lcm(*(leg.lot for leg in legs)))
    spent = cost(takes, size, params.quantum) if size else None
    prices = [price for leg in legs if (price := rest_price(leg, side)) is not None]
    fits = len(prices) == len(legs)
    capital = _at_rest(legs, side, prices, params.quantum) if fits else 0
    return Basket(
        side=side,
        count=len(legs),
        pays=pays,
        taker=_nets(legs, side, pays, params),
        size=size,
        profit=0 if spent is None else pays * size - spent,
        maker=pays * QTY - capital if fits else None,
        prices=tuple(prices) if fits else (),
        capital=capital,
        locked=capital if side == BID else max(0, capital - pays * QTY),
    )


def _nets(legs: Sequence[Leg], side: int, pays: int, params: Params) -> tuple[int | None, ...]:
    table = [costs(leg, side, params.sizes, params.quantum) for leg in legs]
    found: list[int | None] = []
    for size, parts in zip(params.sizes, zip(*table, strict=True), strict=True):
        known = [part for part in parts if part is not None]
        found.append((pays * size - sum(known)) * QTY // size if len(known) == len(parts) else None)
    return tuple(found)


def _at_rest(legs: Sequence[Leg], side: int, prices: Sequence[int], quantum: int) -> int:
    """What one contract of each costs a maker, fees included, money units."""
    return sum(
        other(side, price) * QTY + trade_fee(leg.terms, price, QTY, maker=True, quantum=quantum)
        for leg, price in zip(legs, prices, strict=True)
    )

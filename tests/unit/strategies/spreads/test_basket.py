"""Baskets: worked nets, what allows them, and that they pay whatever happens."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY
from cockpit.strategies.spreads.basket import Basket, baskets


def of(found: tuple[Basket, ...], side: int) -> Basket:
    (basket,) = (each for each in found if each.side == side)
    return basket


def legs(build: Any, bids: Any, asks: Any, terms: Any, qty: float = 100) -> list[Any]:
    return [build.leg([(bid, qty)], [(ask, qty)], terms) for bid, ask in zip(bids, asks, strict=True)]


def test_every_yes_of_an_exhaustive_event(build: Any) -> None:
    """.12, .31, .33, .18 as a taker of .07: 1.1826 cents."""
    made = legs(build, (10, 29, 31, 16), (12, 31, 33, 18), build.kalshi())
    found = of(baskets(made, exclusive=True, exhaustive=True, params=build.exact), BID)
    assert found.taker[0] == pytest.approx(0.011826 * MONEY, abs=1e-6 * MONEY)
    assert found.taker == (found.taker[0], found.taker[0], None)
    assert (found.size, found.profit) == (100 * QTY, 100 * found.taker[0])
    assert found.pays == PRICE


@pytest.mark.parametrize(("makers", "net"), [(False, -0.002353), (True, 0.036912)])
def test_every_no_of_an_exclusive_event(build: Any, makers: bool, net: float) -> None:
    """NO at .85, .66, .66, .78: as a taker of .07 a loss of .2353 cent, as a maker of .0175 a gain of 3.6912."""
    no = (85, 66, 66, 78)
    made = (
        legs(build, [98 - q for q in no], [100 - q for q in no], build.kalshi(makers=True))
        if makers
        else legs(build, [100 - q for q in no], [102 - q for q in no], build.kalshi())
    )
    (found,) = baskets(made, exclusive=True, exhaustive=False, params=build.exact)
    assert (found.side, found.count, found.pays) == (ASK, 4, 3 * PRICE)
    told = found.maker if makers else found.taker[0]
    assert told == pytest.approx(net * MONEY, abs=1e-6 * MONEY)
    if makers:
        assert found.prices == tuple((100 - q) * 100 for q in no)
        assert found.capital == 3 * MONEY - found.maker
        assert found.locked == 0
    else:
        assert (found.size, found.profit) == (0, 0)


def test_what_is_certain_locks_nothing(build: Any) -> None:
    """NO at .60 and .70 cost 1.30 and pay 1 at least: .30 is at stake."""
    made = legs(build, (38, 28), (40, 30), build.kalshi())
    found = of(baskets(made, exclusive=True, exhaustive=True, params=build.exact), ASK)
    assert found.capital == 130 * MONEY // 100
    assert found.locked == 30 * MONEY // 100
    yes = of(baskets(made, exclusive=True, exhaustive=True, params=build.exact), BID)
    assert yes.locked == yes.capital == 66 * MONEY // 100


@pytest.mark.parametrize(
    ("exclusive", "exhaustive", "sides"),
    [(True, True, [BID, ASK]), (True, False, [ASK]), (False, True, []), (False, False, [])],
)
def test_what_an_event_allows(build: Any, exclusive: bool, exhaustive: bool, sides: list[int]) -> None:
    made = legs(build, (40, 40), (45, 45), build.kalshi())
    assert [each.side for each in baskets(made, exclusive=exclusive, exhaustive=exhaustive)] == sides
    assert baskets(made[:1], exclusive=exclusive, exhaustive=exhaustive) == ()


def test_one_market_without_a_price_is_no_basket_at_rest(build: Any) -> None:
    made = legs(build, (40, 40), (45, 45), build.kalshi())
    made[1] = msgspec.structs.replace(made[1], bids=())
    yes, no = baskets(made, exclusive=True, exhaustive=True)
    assert (yes.maker, yes.prices, yes.capital, yes.locked) == (None, (), 0, 0)
    assert no.taker == (None, None, None)
    assert no.maker is not None
    assert yes.taker[0] is not None


@given(
    st.lists(st.tuples(st.integers(1, 95), st.integers(1, 4), st.integers(1, 300)), min_size=2, max_size=6)
)
def test_a_profit_is_what_is_left_in_the_worst_case(build: Any, told: Any) -> None:
    made = [build.leg([(bid, qty)], [(bid + wide, qty)], build.kalshi()) for bid, wide, qty in told]
    for found in baskets(made, exclusive=True, exhaustive=True):
        assert found.profit >= 0
        if found.size:
            best = found.taker[0]
            assert best is None or best >= 0
        if found.side == BID:
            assert found.pays == PRICE
            gross = PRICE - sum(100 * (bid + wide) for bid, wide, _ in told)
        else:
            gross = found.pays - sum(PRICE - 100 * bid for bid, _, _ in told)
        assert found.taker[0] is None or found.taker[0] <= gross * QTY
        assert bool(found.size) <= (gross > 0)

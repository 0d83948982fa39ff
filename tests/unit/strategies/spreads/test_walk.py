"""Depth walked level by level: worked numbers, and what holds of any two books."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fees import trade_fee
from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY
from cockpit.strategies.spreads.legs import other
from cockpit.strategies.spreads.walk import all_in, cost, costs, deepest, levels

LOT = QTY // 100
DEEP = [(55, 40), (56, 100), (58, 200)]


def test_the_fee_is_reckoned_at_each_level(build: Any) -> None:
    """200 contracts: a mean price of .564, a fee of 3.44092, where at the mean price it would be 3.442656."""
    leg = build.leg([], DEEP, build.kalshi())
    (spent,) = costs(leg, BID, (200 * QTY,), 1)
    stake = 55 * 100 * 40 * QTY + 56 * 100 * 100 * QTY + 58 * 100 * 60 * QTY
    assert stake == 5640 * 200 * QTY
    assert spent is not None
    assert spent - stake == round(3.44092 * MONEY)
    assert trade_fee(leg.terms, 5640, 200 * QTY, maker=False, quantum=1) == round(3.442656 * MONEY)
    (rounded,) = costs(leg, BID, (200 * QTY,), MONEY // 10_000)
    assert rounded == stake + round(3.441 * MONEY)


def test_buying_no_walks_the_bids(build: Any) -> None:
    leg = build.leg([(45, 40), (44, 100)], [], build.kalshi(0))
    assert costs(leg, ASK, (10 * QTY, 50 * QTY, 141 * QTY), 1) == (
        10 * 55 * 100 * QTY,
        (40 * 55 + 10 * 56) * 100 * QTY,
        None,
    )


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((40,), (2200,)), ((41,), (2256,)), ((140,), (7800,)), ((340,), (19400,)), ((341,), (None,)), ((), ())],
)
def test_levels_end_where_they_end(build: Any, sizes: Any, expected: Any) -> None:
    leg = build.leg([], DEEP, build.kalshi(0))
    found = costs(leg, BID, tuple(s * QTY for s in sizes), 1)
    assert found == tuple(None if e is None else e * 100 * QTY for e in expected)


def test_an_empty_side_sells_nothing(build: Any) -> None:
    leg = build.leg([], [], build.kalshi())
    assert costs(leg, BID, (QTY, 2 * QTY), 1) == (None, None)
    assert deepest([(leg, BID)], PRICE, 0, LOT) == 0


def test_the_deepest_lot_that_still_pays(build: Any) -> None:
    """Gross gaps of 6, 4, 3 and 1 cents; two fees of up to 1.75 and .75 cents take the last away."""
    a = build.leg([], [(44, 10), (46, 20), (47, 30)], build.kalshi())
    b = build.leg([(50, 25), (48, 100)], [], build.curve())
    takes = [(a, BID), (b, ASK)]
    assert deepest(takes, PRICE, 0, LOT) == 25 * QTY
    assert deepest(takes, PRICE, 2 * MONEY // 100, LOT) == 10 * QTY
    assert deepest(takes, PRICE, 4 * MONEY // 100, LOT) == 0
    assert deepest(takes, PRICE, -(10**10), LOT) == 60 * QTY
    assert deepest(takes, PRICE, -(10**10), 7 * QTY) == 56 * QTY


def test_a_cost_needs_every_market(build: Any) -> None:
    a, b = build.leg([], [(44, 10)], build.kalshi(0)), build.leg([(50, 5)], [], build.kalshi(0))
    assert cost([(a, BID), (b, ASK)], 5 * QTY, 1) == 5 * 94 * 100 * QTY
    assert cost([(a, BID), (b, ASK)], 6 * QTY, 1) is None


BOOK = st.lists(
    st.tuples(st.integers(1, 99), st.integers(1, 50)), max_size=5, unique_by=lambda level: level[0]
)


@given(BOOK, BOOK, st.integers(0, 5))
def test_depth_is_where_the_profit_is_greatest(build: Any, asks: Any, bids: Any, floor: int) -> None:
    """Against every size in whole contracts, fees not rounded: none nets more over the floor."""
    a = build.leg([], sorted(asks), build.kalshi())
    b = build.leg(sorted(bids, reverse=True), [], build.kalshi(400))
    takes, least = [(a, BID), (b, ASK)], floor * MONEY // 100
    size = deepest(takes, PRICE, least, QTY)

    def net(n: int) -> int | None:
        spent = cost(takes, n, 1) if n else 0
        return None if spent is None else (PRICE - least // QTY) * n - spent

    best = net(size)
    assert best is not None
    assert best >= 0
    assert all((other_net := net(n * QTY)) is None or other_net <= best + 10 for n in range(0, 260, 7))


@given(BOOK, st.lists(st.integers(1, 300), max_size=4, unique=True).map(sorted))
def test_costs_are_sums_over_levels(build: Any, book: Any, sizes: list[int]) -> None:
    leg = build.leg([], sorted(book), build.kalshi())
    for size, spent in zip(sizes, costs(leg, BID, tuple(s * QTY for s in sizes), 1), strict=True):
        left, expected = size * QTY, 0
        for price, qty in levels(leg, BID):
            part = min(left, qty)
            left -= part
            expected += other(BID, price) * part
            expected += trade_fee(leg.terms, price, part, maker=False, quantum=1) if part else 0
        assert spent == (None if left else expected)


def test_one_contract_of_many(build: Any) -> None:
    leg = build.leg([], [], build.kalshi())
    assert all_in(leg, BID, 5500) == round(0.567325 * MONEY)
    assert all_in(leg, ASK, 4500) == round(0.567325 * MONEY)

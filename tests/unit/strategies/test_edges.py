"""Edges by hand, quote prices on every grid, guards in their order, and the mirror."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fees import FeeTerms, Rounding, kalshi_trade_fee
from cockpit.domain.markets import on_grid
from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY, RATIO, SECOND
from cockpit.strategies.base import Odds
from cockpit.strategies.edges import (
    CROSSED,
    IMPLAUSIBLE,
    NEAR_CLOSE,
    ONE_SIDED,
    SILENT,
    WIDE,
    Edge,
    Limits,
    best,
    edge_of,
    entry,
    fair_edge,
    guards,
    maker_fee,
    prefers_bid,
    quote_price,
    stake,
)

MAKERS_PAY = FeeTerms("quadratic_with_maker_fees", RATIO, "assumed")
FREE = FeeTerms("quadratic", RATIO, "assumed")


# ---------------------------------------------------------------------- fees and edges


@pytest.mark.parametrize(("price", "breaks_even"), [(5500, 0.564331), (4000, 0.4142), (9000, 0.911575)])
def test_a_makers_break_even(price: int, breaks_even: float) -> None:
    """Price, fee and one cent of adverse selection."""
    assert price / PRICE + maker_fee(MAKERS_PAY, price) + 0.01 == pytest.approx(breaks_even, abs=5e-7)


@pytest.mark.parametrize(
    ("terms", "fee"),
    [
        (FREE, 0.0),
        (MAKERS_PAY, 0.004375),
        (FeeTerms("quadratic_with_maker_fees", RATIO // 2, "series record"), 0.0021875),
        (FeeTerms("quadratic_with_combo_maker_fees", RATIO, "series record"), 0.00875),
        (FeeTerms("never heard of", RATIO, "series record"), 0.004375),
    ],
)
def test_the_makers_fee_at_one_half(terms: FeeTerms, fee: float) -> None:
    assert maker_fee(terms, 5000) == fee


@given(st.integers(1, PRICE - 1), st.sampled_from([FREE, MAKERS_PAY]))
def test_the_fee_is_the_ledgers_before_rounding_and_the_same_on_both_sides(
    price: int, terms: FeeTerms
) -> None:
    fee = maker_fee(terms, price)
    charged = kalshi_trade_fee(terms, price, 1000 * QTY, maker=True, quantum=Rounding().trade) / MONEY / 1000
    assert fee <= charged + 1e-12
    assert charged - fee < 1e-7 + 1e-12
    assert fee == maker_fee(terms, PRICE - price)


@pytest.mark.parametrize(("fee", "ev"), [(0.0175 * 0.55 * 0.45, 0.0054675), (0.0, 0.0072)])
def test_the_makers_ev(fee: float, ev: float) -> None:
    """A bid at 55 cents, believed 58 %, filled 4 times in 10, with 1.2 cents of adverse selection."""
    edge = edge_of(BID, 5500, 0.58, 0.55, fee, Odds(fill=0.4, adverse=0.012))
    assert edge.ev == pytest.approx(ev, abs=1e-12)


def test_both_sides_of_a_fair_value(scene: Any) -> None:
    fair = scene.fair(0.55, 0.60, 0.64)
    odds = Odds(fill=0.5, adverse=0.01)
    buy = fair_edge(fair, FREE, BID, 5200, odds)
    assert (buy.edge, buy.low, buy.ev) == pytest.approx((0.08, 0.03, 0.035))
    sell = fair_edge(fair, FREE, ASK, 6600, odds)
    assert (sell.edge, sell.low, sell.ev) == pytest.approx((0.06, 0.02, 0.025))
    paid = fair_edge(fair, MAKERS_PAY, ASK, 6600, odds)
    assert paid.edge == pytest.approx(0.06 - 0.0175 * 0.66 * 0.34)
    assert (stake(BID, 6600), stake(ASK, 6600)) == (6600, 3400)


@pytest.mark.parametrize(
    ("edge", "low", "ev", "enters"),
    [
        (0.08, 0.05, 0.01, True),
        (0.08, 0.60 - 0.55, 0.01, True),
        (0.08, 0.0499, 0.01, False),
        (0.08, 0.05, 0.0, False),
        (0.08, 0.05, -0.01, False),
        (IMPLAUSIBLE, 0.2, 0.05, True),
        (IMPLAUSIBLE + 0.001, 0.2, 0.05, False),
    ],
)
def test_the_rule_for_every_ticket(edge: float, low: float, ev: float, enters: bool) -> None:
    found = Edge(BID, 5000, edge, low, ev, 0.0)
    assert entry(found, 0.05) is enters
    assert found.implausible is (edge > 0.25)


# ---------------------------------------------------------------------- where to rest


@pytest.mark.parametrize(
    ("bid", "ask", "buy", "sell"),
    [
        (48, 49, 48, 49),
        (48, 50, 48, 50),
        (48, 51, 49, 50),
        (48, 58, 49, 57),
        (1, 3, 1, 3),
        (97, 99, 97, 99),
        (0, 50, None, 49),
        (50, 100, 51, None),
        (0, 100, None, None),
        (50, 50, None, None),
        (51, 50, None, None),
        (48.5, 49, None, 49),
    ],
)
def test_where_a_maker_rests_in_cents(scene: Any, bid: float, ask: float, buy: Any, sell: Any) -> None:
    snap = scene.snap(bid, ask)
    in_cents = [
        price if price is None else price / 100 for price in (quote_price(snap, s) for s in (BID, ASK))
    ]
    assert in_cents == [buy, sell]


@pytest.mark.parametrize(
    ("bid", "ask", "buy", "sell"),
    [
        (5.0, 5.2, 5.0, 5.2),
        (5.0, 5.3, 5.1, 5.2),
        (9.9, 11, 9.9, 11),
        (9.9, 12, 10, 11),
        (9.8, 11, 9.9, 10),
        (89, 90.1, 89, 90.1),
        (89, 90.2, 90, 90.1),
        (94.0, 94.3, 94.1, 94.2),
    ],
)
def test_three_ticks_are_counted_across_bands(
    scene: Any, bid: float, ask: float, buy: float, sell: float
) -> None:
    """From 9.9 to 11 cents there are two steps, 0.1 and 1."""
    snap = scene.snap(bid, ask, grid=scene.TAPERED)
    assert quote_price(snap, BID) == round(buy * 100)
    assert quote_price(snap, ASK) == round(sell * 100)


@given(st.integers(0, PRICE), st.integers(0, PRICE), st.booleans(), st.sampled_from([BID, ASK]))
def test_it_never_crosses_and_stays_on_the_grid(
    scene: Any, bid: int, ask: int, tapered: bool, side: int
) -> None:
    snap = scene.snap(bid / 100, ask / 100, grid=scene.TAPERED if tapered else scene.CENTS)
    price = quote_price(snap, side)
    twin = quote_price(scene.mirrored(snap), -side)
    assert (price is None) is (twin is None)
    if price is not None and twin is not None:
        assert price == PRICE - twin
        assert 0 < price < PRICE
        assert on_grid(snap.market.grid, price)
        assert price < ask if side == BID else price > bid
        assert price >= bid if side == BID else price <= ask


# ---------------------------------------------------------------------- the better side


@pytest.mark.parametrize(
    ("fair", "side", "price", "low"),
    [
        ((0.54, 0.56, 0.58), BID, 48, 0.06),
        ((0.40, 0.42, 0.44), ASK, 50, 0.06),
        ((0.47, 0.49, 0.51), ASK, 50, -0.01),
    ],
)
def test_the_better_side(scene: Any, fair: Any, side: int, price: int, low: float) -> None:
    edge = best(scene.snap(48, 50, fair=scene.fair(*fair)), scene.mine())
    assert edge is not None
    assert (edge.side, edge.price) == (side, price * 100)
    assert edge.low == pytest.approx(low)


def test_a_side_alone_or_none(scene: Any) -> None:
    fair = scene.fair(0.40, 0.45, 0.50)
    only = best(scene.snap(0, 50, fair=fair), scene.mine())
    assert only is not None
    assert only.side == ASK
    only = best(scene.snap(48, 100, fair=fair), scene.mine())
    assert only is not None
    assert only.side == BID
    assert best(scene.snap(0, 100, fair=fair), scene.mine()) is None
    assert best(scene.snap(48, 50), scene.mine()) is None


@pytest.mark.parametrize(
    ("buy", "sell", "mid2", "bid"),
    [(0.02, 0.01, 9000, True), (0.01, 0.02, 11000, False), (0.01, 0.01 + 1e-12, 11000, True),
     (0.01, 0.01, 9000, False), (0.01, 0.01, 10000, False)],
)  # fmt: skip
def test_between_equals_the_favourite_is_bought(buy: float, sell: float, mid2: int, bid: bool) -> None:
    assert prefers_bid(buy, sell, mid2) is bid


def test_the_edges_own_odds_count(scene: Any) -> None:
    snap = scene.snap(48, 50, fair=scene.fair(0.54, 0.56, 0.58))
    edge = best(snap, scene.mine(odds=scene.odds(fill=0.5, adverse=0.03)))
    assert edge is not None
    assert edge.ev == pytest.approx(0.5 * (0.08 - 0.03))


# ---------------------------------------------------------------------- guards


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, ""),
        ({"left": None}, ""),
        ({"left": 60}, ""),
        ({"left": 59.9}, NEAR_CLOSE),
        ({"left": -5}, NEAR_CLOSE),
        ({"left": 10, "bid": 0}, NEAR_CLOSE),
        ({"bid": 0}, ONE_SIDED),
        ({"ask": 100}, ONE_SIDED),
        ({"bid": 50}, CROSSED),
        ({"bid": 51}, CROSSED),
        ({"bid": 40}, ""),
        ({"bid": 39}, WIDE),
        ({"heard_ns": 0}, SILENT),
    ],
)
def test_guards(scene: Any, told: dict[str, Any], why: str) -> None:
    assert guards(scene.snap(**{"bid": 48, "ask": 50, **told})) == why


@pytest.mark.parametrize(("silence", "why"), [(5 * SECOND, ""), (5 * SECOND + 1, SILENT)])
def test_a_quiet_book_on_a_live_stream_is_not_old(scene: Any, silence: int, why: str) -> None:
    snap = msgspec.structs.replace(scene.snap(heard_ns=scene.T - silence), book_ns=scene.T - 600 * SECOND)
    assert guards(snap) == why


def test_limits_are_settable(scene: Any) -> None:
    assert guards(scene.snap(48, 51), Limits(max_spread=200)) == WIDE
    assert guards(scene.snap(48, 51, left=90), Limits(tau_min_ns=100 * SECOND)) == NEAR_CLOSE

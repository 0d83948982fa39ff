"""Kelly by worked numbers and against the numeric optimum, the caps and the name of the one that bound."""

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, MONEY, QTY
from cockpit.strategies.base import Mine
from cockpit.strategies.sizing import (
    Caps,
    brackets,
    contracts,
    fixed_size,
    growth,
    kelly,
    size,
)

TAKER, MAKER = 0.07, 0.0175
PROBS = st.floats(0.001, 0.999)


def all_in(price: float, k: float) -> float:
    return price + k * price * (1 - price)


# ---------------------------------------------------------------------- Kelly


@pytest.mark.parametrize(
    ("p", "c", "share"),
    [
        (0.60, all_in(0.50, 0), 0.200000),
        (0.60, all_in(0.50, TAKER), 0.170984),
        (0.55, all_in(0.50, TAKER), 0.067358),
        (0.55, all_in(0.50, MAKER), 0.092055),
        (0.08, all_in(0.05, TAKER), 0.028178),
        (0.97, all_in(0.95, TAKER), 0.357258),
        (0.70, all_in(0.62, TAKER), 0.174709),
        (0.50, 0.50, 0.0),
        (0.49, 0.50, 0.0),
        (0.99, 1.0, 0.0),
        (0.50, 0.0, 0.0),
    ],
)
def test_kellys_share(p: float, c: float, share: float) -> None:
    assert kelly(p, c) == pytest.approx(share, abs=5e-7)


def test_growth_at_kelly_and_at_half() -> None:
    assert growth(0.60, 0.50, 0.2) == pytest.approx(0.020136, abs=5e-7)
    assert growth(0.60, 0.50, 0.1) == pytest.approx(0.015042, abs=5e-7)


@given(PROBS, PROBS)
def test_no_share_where_p_does_not_beat_c_and_the_best_where_it_does(p: float, c: float) -> None:
    f = kelly(p, c)
    assert (f > 0) is (p > c)
    assume(1e-4 < f < 0.99)
    assert growth(p, c, f) >= max(growth(p, c, f * 0.99), growth(p, c, min(0.999, f * 1.01))) - 1e-12


def test_contracts_of_a_share() -> None:
    assert contracts(0.2, 1_000 * MONEY, 0.55) == 363 * QTY
    assert contracts(0.0, 1_000 * MONEY, 0.55) == 0


# ---------------------------------------------------------------------- brackets of one event


@pytest.mark.parametrize(
    ("probs", "costs", "shares"),
    [
        ((0.15, 0.35, 0.30, 0.15), (0.12, 0.33, 0.31, 0.19), (0.05, 0.075, 0.041667, 0.0)),
        ((0.15, 0.35, 0.30, 0.15), (0.10, 0.30, 0.31, 0.19), (0.10, 0.20, 0.145, 0.055)),
        ((0.5, 0.3), (0.4, 0.35), (0.18, 0.02)),
        ((0.5, 0.3), (0.5, 0.35), (0.0, 0.0)),
        ((0.6,), (0.5,), (0.2,)),
        ((), (), ()),
    ],
)
def test_exclusive_outcomes(probs: Any, costs: Any, shares: Any) -> None:
    assert brackets(probs, costs) == pytest.approx(shares, abs=5e-7)


def test_a_bracket_of_negative_edge_is_bought_as_a_hedge() -> None:
    p, c = (0.15, 0.35, 0.30, 0.15), (0.12, 0.33, 0.31, 0.19)
    assert p[2] < c[2]
    assert brackets(p, c)[2] > 0
    assert [kelly(a, b) for a, b in zip(p, c, strict=True)] == pytest.approx(
        [0.034091, 0.029851, 0, 0], abs=5e-7
    )


def test_probabilities_over_one_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.1000"):
        brackets((0.6, 0.5), (0.5, 0.4))


def log_wealth(probs: list[float], costs: list[float], shares: list[float]) -> float:
    spent = sum(shares)
    outcomes = [1 - spent + f / c for f, c in zip(shares, costs, strict=True)]
    rest = 1 - sum(probs)
    total = sum(p * math.log(w) for p, w in zip(probs, outcomes, strict=True))
    return total + (rest * math.log(1 - spent) if rest > 1e-12 else 0.0)


@given(
    st.lists(st.tuples(st.floats(0.02, 1), st.floats(0.02, 0.9)), min_size=1, max_size=5),
    st.floats(0.3, 0.97),
)
def test_brackets_beat_their_neighbours(rows: list[tuple[float, float]], total: float) -> None:
    weight = sum(p for p, _ in rows)
    probs = [p / weight * total for p, _ in rows]
    costs = [c for _, c in rows]
    shares = list(brackets(probs, costs))
    assert all(f >= -1e-12 for f in shares)
    assert sum(shares) < 1
    best = log_wealth(probs, costs, shares)
    for i in range(len(shares)):
        for step in (-1e-4, 1e-4):
            other = [max(0.0, f + (step if i == j else 0.0)) for j, f in enumerate(shares)]
            if sum(other) < 0.999:
                assert log_wealth(probs, costs, other) <= best + 1e-12


# ---------------------------------------------------------------------- caps


def mine(qty: float = 0, bankroll: int = 1_000, room: float | None = None) -> Mine:
    held = Mine(round(qty * QTY), (), bankroll=bankroll * MONEY)
    return held if room is None else Mine(held.qty, (), bankroll=held.bankroll, room=round(room * MONEY))


@pytest.mark.parametrize(
    ("prob", "side", "price", "fee", "held", "qty", "bound"),
    [
        (0.52, BID, 5000, 0.0, mine(), 20, "kelly"),
        (0.60, BID, 5000, 0.0, mine(), 40, "market 2 %"),
        (0.60, ASK, 5000, 0.0, mine(), 40, "market 2 %"),
        (0.60, BID, 5000, 0.004375, mine(), 39, "market 2 %"),
        (0.95, ASK, 2000, 0.0, mine(), 25, "market 2 %"),
        (0.95, ASK, 1000, 0.0, mine(), 22, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(bankroll=100), 4, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(room=5), 10, "event room"),
        (0.60, BID, 5000, 0.0, mine(room=0), 0, "event room"),
        (0.60, BID, 5000, 0.0, mine(room=-3), 0, "event room"),
        (0.60, BID, 5000, 0.0, mine(qty=15), 25, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(qty=15.5), 24, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(qty=40), 0, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(qty=60), 0, "market 2 %"),
        (0.60, BID, 5000, 0.0, mine(qty=-15), 40, "market 2 %"),
        (0.60, ASK, 5000, 0.0, mine(qty=-15), 25, "market 2 %"),
        (0.50, BID, 5000, 0.0, mine(), 0, "kelly"),
        (0.40, BID, 5000, 0.0, mine(), 0, "kelly"),
        (0.60, BID, 5000, 0.0, mine(bankroll=0), 0, "kelly"),
    ],
)  # fmt: skip
def test_the_size_and_what_bound_it(
    prob: float, side: int, price: int, fee: float, held: Mine, qty: int, bound: str
) -> None:
    """At 52 % for 50 cents Kelly says 4 %, a quarter of it 1 %: ten dollars."""
    assert size(prob, side, price, fee, held) == (qty * QTY, bound)


def test_room_given_stands_for_the_room_held() -> None:
    assert size(0.60, BID, 5000, 0.0, mine(room=0), room=5 * MONEY) == (10 * QTY, "event room")


def test_caps_are_settable() -> None:
    assert size(0.60, BID, 5000, 0.0, mine(), Caps(kelly=10_000, market=1_250)) == (
        250 * QTY,
        "market 12.5 %",
    )


@pytest.mark.parametrize(
    ("held", "qty", "bound"),
    [
        (mine(), 10, "fixed"),
        (mine(qty=4), 6, "fixed"),
        (mine(qty=4.5), 5, "fixed"),
        (mine(qty=10), 0, "fixed"),
        (mine(qty=-10), 10, "fixed"),
        (mine(bankroll=100), 4, "market 2 %"),
        (mine(bankroll=250), 10, "fixed"),
        (mine(room=2), 4, "event room"),
        (mine(room=5), 10, "fixed"),
    ],
)
def test_a_fixed_size_under_the_same_caps(held: Mine, qty: int, bound: str) -> None:
    assert fixed_size(10 * QTY, BID, 5000, 0.0, held) == (qty * QTY, bound)


@given(
    PROBS,
    st.sampled_from([BID, ASK]),
    st.integers(1, 99),
    st.floats(0, 0.01),
    st.integers(-200, 200),
    st.integers(0, 50),
)
def test_no_size_breaks_a_cap(prob: float, side: int, cents: int, fee: float, held: int, room: int) -> None:
    own = mine(qty=held, room=room)
    qty, bound = size(prob, side, cents * 100, fee, own)
    stake = (cents if side == BID else 100 - cents) / 100 + fee
    whole = qty // QTY
    assert qty == whole * QTY >= 0
    assert whole * stake <= room + 1e-9
    assert bound
    if whole:
        assert prob > stake
        assert (max(0, side * held) + whole) * stake <= 20 + 1e-9
        assert (max(0, side * held) + whole) * stake <= 250 * kelly(prob, stake) + 1e-6

"""The blend, its error and the score, by worked numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.strategies.score import Blend, blended, blended_se, logistic, logit, score

PROBS = st.floats(0.001, 0.999)


@pytest.mark.parametrize(
    ("model", "market", "w", "p"),
    [(0.70, 0.55, 0.5, 0.628079), (0.70, 0.55, 0.25, 0.589604), (0.05, 0.10, 0.5, 0.071039),
     (0.70, 0.55, 0.0, 0.55), (0.70, 0.55, 1.0, 0.70)],
)  # fmt: skip
def test_the_blend(model: float, market: float, w: float, p: float) -> None:
    assert logistic(blended(Blend(w=w), logit(model), logit(market))) == pytest.approx(p, abs=5e-7)


def test_trend_and_lead_move_it() -> None:
    blend = Blend(w=0.35, beta_z=0.05, beta_y=0.5)
    still = blended(blend, 0.4, 0.2)
    assert still == pytest.approx(0.35 * 0.4 + 0.65 * 0.2)
    assert blended(blend, 0.4, 0.2, z=2.0) == pytest.approx(still + 0.1)
    assert blended(blend, 0.4, 0.2, y=0.3) == pytest.approx(still + 0.15)


def test_its_standard_error() -> None:
    assert blended_se(Blend(w=0.0), 9.0) == 0.10
    assert blended_se(Blend(w=0.35), 0.2) == pytest.approx(math.sqrt(0.07**2 + 0.1**2))


def test_a_lower_bound() -> None:
    assert logistic(logit(0.62) - 0.15) == pytest.approx(0.584081, abs=5e-7)


def test_the_score() -> None:
    """Believed 62 %, bought at 55 cents with a taker's fee, se .15."""
    cost = 0.55 + 0.07 * 0.55 * 0.45
    assert cost == pytest.approx(0.567325)
    assert score(logit(0.62), cost, 0.15) == pytest.approx(0.927490, abs=5e-7)


@pytest.mark.parametrize(
    ("cost", "se", "sure"),
    [(1.0, 0.1, 0.0), (1.2, 0.1, 0.0), (0.0, 0.1, 1.0), (0.4, 0.0, 1.0), (0.6, 0.0, 0.0)],
)
def test_the_score_at_its_ends(cost: float, se: float, sure: float) -> None:
    assert score(logit(0.5), cost, se) == sure


@given(PROBS, PROBS, st.floats(0.01, 2.0))
def test_the_score_is_a_probability_over_one_half_where_p_beats_c(p: float, c: float, se: float) -> None:
    sure = score(logit(p), c, se)
    assert 0.0 <= sure <= 1.0
    assert (sure >= 0.5) is (logit(p) >= logit(c))
    assert sure + score(-logit(p), 1 - c, se) == pytest.approx(1.0)


@given(st.floats(-800, 800))
def test_logistic_neither_overflows_nor_leaves_its_range(x: float) -> None:
    assert 0.0 <= logistic(x) <= 1.0
    assert logistic(x) + logistic(-x) == pytest.approx(1.0)


@given(PROBS)
def test_logit_and_back(p: float) -> None:
    assert logistic(logit(p)) == pytest.approx(p)


@pytest.mark.parametrize("p", [0.0, 1.0])
def test_certainty_is_held_off(p: float) -> None:
    assert abs(logit(p)) == pytest.approx(math.log(1e6), rel=1e-6)

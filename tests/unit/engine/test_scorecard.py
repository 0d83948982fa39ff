"""Claimed against realised edge, and the intervals beside win rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import MONEY, QTY
from cockpit.engine.scorecard import Outcome, Score, verdict, wilson


@pytest.mark.parametrize(("wins", "n", "low", "high"), [(18, 30, 0.4232, 0.7541), (0, 10, 0.0, 0.2775)])
def test_wilson(wins: int, n: int, low: float, high: float) -> None:
    assert wilson(wins, n) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_no_interval() -> None:
    assert wilson(0, 0) is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_one(case: tuple[int, int]) -> None:
    wins, n = case
    found = wilson(wins, n)
    assert found is not None
    assert 0.0 <= found[0] <= wins / n + 1e-12
    assert wins / n - 1e-12 <= found[1] <= 1.0


def test_a_score_adds_up() -> None:
    score = Score()
    score.add(10 * QTY, 0.06)
    score.add(30 * QTY, 0.02)
    assert score.qty == 40 * QTY
    assert score.claim == pytest.approx(1.2)


def test_honest_claims_have_slope_one() -> None:
    out = verdict([Outcome(10, 0.5, 0.5), Outcome(20, 2.0, 2.0)])
    assert (out.n, out.wins, out.losses) == (2, 2, 0)
    assert out.slope == pytest.approx(1.0)
    assert (out.claimed, out.realised) == (pytest.approx(2.5 / 30), pytest.approx(2.5 / 30))
    assert out.break_even is None


def test_wins_and_losses_and_what_they_need() -> None:
    out = verdict([Outcome(100, 5, 30), Outcome(100, 5, -70), Outcome(100, 5, 30), Outcome(0, 0, 9)])
    assert (out.n, out.wins, out.losses) == (3, 2, 1)
    assert (out.average_win, out.average_loss) == (30 * MONEY, 70 * MONEY)
    assert out.break_even == pytest.approx(0.7)
    assert out.realised == pytest.approx(-10 / 300)
    assert out.slope == pytest.approx(-50 / 75)


def test_nothing_settled_says_nothing() -> None:
    out = verdict([])
    assert (out.n, out.claimed, out.realised, out.slope, out.break_even) == (0, None, None, None, None)


def test_one_event_has_no_slope() -> None:
    assert verdict([Outcome(10, 0.5, 0.4)]).slope is None

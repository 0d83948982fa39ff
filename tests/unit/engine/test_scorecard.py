"""Claimed against realised edge, event by event."""

import pytest

from cockpit.domain.units import MONEY, QTY
from cockpit.engine.scorecard import Outcome, Score, verdict


def test_a_score_adds_up() -> None:
    score = Score()
    score.add("M", 10 * QTY, 0.06, 0.50)
    score.add("M", 30 * QTY, 0.02, 0.30)
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

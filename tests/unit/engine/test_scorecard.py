"""Claimed against realised edge, event by event."""

import pytest

from cockpit.domain.units import MONEY, QTY
from cockpit.engine.scorecard import Outcome, Score, verdict


def test_a_score_adds_up() -> None:
    score = Score()
    score.add(10 * QTY, 0.06, 0.50)
    score.add(30 * QTY, 0.02, 0.30)
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


def test_what_is_called_off_is_neither_won_nor_lost() -> None:
    won, void = Outcome(10, 0.5, 4.0), Outcome(10, 0.5, -0.1, decided=False)
    out = verdict([won] * 4 + [void] * 6)
    assert (out.n, out.decided, out.wins, out.losses) == (10, 4, 4, 0)
    assert out.realised == pytest.approx((16.0 - 0.6) / 100)


def test_outcomes_of_one_event_add_up() -> None:
    one = Outcome(10, 0.5, 1.0, 0.40, 0.5, net=MONEY, settled_ns=5, began_ns=3, last_ns=4, due_ns=9)
    other = Outcome(
        30, 0.9, 2.0, 0.20, 0.7, net=2 * MONEY, settled_ns=4, began_ns=1, last_ns=2, due_ns=8, whole=False
    )
    both = one.plus(other)
    assert (both.contracts, both.realised, both.whole) == (40, 3.0, False)
    assert (both.paid, both.prob) == (pytest.approx(0.25), pytest.approx(0.65))
    assert (both.settled_ns, both.began_ns, both.last_ns, both.due_ns) == (5, 1, 4, 9)

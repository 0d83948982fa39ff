"""NFL: published numbers, marked as such."""

import pytest

from cockpit.models import nfl
from cockpit.models.scoreline import State, chance, win


def test_the_numbers_are_marked_unfitted():
    assert not nfl.FITTED
    for numbers in (nfl.PUBLISHED, nfl.PLAYOFFS):
        assert "not fitted" in numbers.name
        assert numbers.covariance == ()
        assert numbers.n == 0


@pytest.mark.parametrize(("points", "p"), [(1, 0.529), (3, 0.586), (7, 0.693), (14, 0.844)])
def test_favourites_win_as_the_normal_margin_says(points, p):
    """Stern 1991: P(favourite wins) = Phi(points / 13.86)."""
    line, numbers = nfl.outlook(spread=-points, playoffs=True)
    assert win(State(0, 3600.0), line.drift, numbers) == pytest.approx(p, abs=5e-3)


def test_the_outlook_takes_the_best_that_is_known():
    line, numbers = nfl.outlook(moneyline=0.65)
    assert win(State(0, 3600.0), line.drift, numbers) == pytest.approx(0.65)
    unknown, _ = nfl.outlook()
    known, _ = nfl.outlook(spread=-nfl.HOME)
    assert unknown.drift == known.drift
    assert unknown.error > known.error
    assert nfl.outlook(neutral=True)[0].drift == 0.0


def test_the_band_is_wide():
    line, numbers = nfl.outlook(spread=-3.0)
    found = chance(State(3, 1800.0), line, numbers)
    assert found.high - found.low > 0.12
    assert found.parameters == 0.0


@pytest.mark.parametrize(
    ("period", "clock", "told"),
    [
        (1, 900.0, (3600.0, False)),
        (4, 120.0, (120.0, False)),
        (5, 600.0, (600.0, True)),
        (6, 950.0, (900.0, True)),
    ],
)
def test_seconds_left(period, clock, told):
    assert nfl.seconds_left(period, clock) == told


def test_there_is_no_period_before_the_first():
    with pytest.raises(ValueError, match="period -1"):
        nfl.seconds_left(-1, 0.0)

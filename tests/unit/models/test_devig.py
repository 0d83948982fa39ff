"""Books' odds without their margin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.devig import implied, multiplicative

ODDS = st.integers(100, 10_000) | st.integers(-10_000, -100)


def test_odds_as_chances():
    assert implied(100) == implied(-100) == 0.5
    assert implied(-220) == pytest.approx(0.6875)
    assert implied(180) == pytest.approx(0.357143, abs=1e-6)


@pytest.mark.parametrize("odds", [0, 99, -99])
def test_what_is_no_odds(odds):
    with pytest.raises(ValueError, match="American odds"):
        implied(odds)


def test_two_sides_by_their_shares():
    assert multiplicative(180, -220) == pytest.approx(0.357143 / (0.357143 + 0.6875), abs=1e-6)


@given(home=ODDS, away=ODDS)
def test_both_sides_make_one(home, away):
    assert multiplicative(home, away) + multiplicative(away, home) == pytest.approx(1.0)
    assert 0.0 < multiplicative(home, away) < 1.0

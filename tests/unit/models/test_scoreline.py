"""Win probabilities from score and clock: published vectors, symmetry, monotony, ends, overtime, bands, lines."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.digitals import norm_cdf
from cockpit.models.nba import FITTED, PUBLISHED, STERN, UNLINED
from cockpit.models.nfl import PLAYOFFS
from cockpit.models.nfl import PUBLISHED as NFL
from cockpit.models.scoreline import (
    Line,
    Parameters,
    State,
    chance,
    explain,
    from_moneyline,
    from_spread,
    overtime_win,
    win,
    win_array,
)

PLAIN = Parameters("plain", sigma=12.0)
SETS = [FITTED, UNLINED, PUBLISHED, STERN, NFL, PLAYOFFS]

leads = st.integers(-40, 40)
lefts = st.floats(0.0, 2880.0, allow_subnormal=False)
drifts = st.floats(-25.0, 25.0)
sets = st.sampled_from(SETS)

VECTORS = [
    (0, 2880, 6.5, 0.6709, 0.7078),
    (10, 1440, 0, 0.7439, 0.8803),
    (10, 720, 0, 0.8655, 0.9516),
    (10, 300, 0, 0.9629, 0.9948),
    (15, 720, 0, 0.9513, 0.9936),
    (8, 240, 0, 0.9432, 0.9889),
    (5, 120, 0, 0.9029, 0.9773),
    (3, 30, 0, 0.8636, 0.9886),
    (1, 10, 0, 0.6594, 0.8717),
    (-24, 720, -6.5, 0.0020, 0.0000),
]


@pytest.mark.parametrize(("lead", "left", "drift", "published", "plain"), VECTORS)
def test_published_vectors(lead, left, drift, published, plain):
    assert win(State(lead, left), drift, PUBLISHED) == pytest.approx(published, abs=1e-3)
    assert win(State(lead, left), drift, PLAIN) == pytest.approx(plain, abs=1e-3)
    assert win_array(lead, left, drift, PUBLISHED) == pytest.approx(published, abs=1e-3)
    assert win_array(lead, left, drift, PLAIN) == pytest.approx(plain, abs=1e-3)


@pytest.mark.parametrize(("drift", "p"), [(2, 0.554), (6.5, 0.671), (12, 0.793)])
def test_published_tip_offs(drift, p):
    assert win(State(0, 2880), drift, PUBLISHED) == pytest.approx(p, abs=1e-3)


@given(leads, lefts, drifts, sets, st.booleans(), st.integers(-1, 1))
def test_a_chance_and_its_band_are_probabilities_in_order(lead, left, drift, numbers, overtime, ball):
    found = chance(State(lead, left, overtime, ball), Line(drift, 1.5), numbers)
    assert 0.0 <= found.low <= found.mid <= found.high <= 1.0
    assert math.isfinite(found.error)


@given(leads, lefts, drifts, sets, st.booleans())
def test_more_points_never_hurt(lead, left, drift, numbers, overtime):
    less, more = (win(State(each, left, overtime), drift, numbers) for each in (lead, lead + 1))
    assert more >= less - 1e-12


@given(leads, lefts, drifts, sets, st.booleans())
def test_a_better_side_never_loses_by_it(lead, left, drift, numbers, overtime):
    less, more = (win(State(lead, left, overtime), each, numbers) for each in (drift, drift + 0.5))
    assert more >= less - 1e-12


@given(leads, lefts, drifts, sets, st.booleans(), st.integers(-1, 1))
def test_swapping_the_sides_swaps_the_chances(lead, left, drift, numbers, overtime, ball):
    here = win(State(lead, left, overtime, ball), drift, numbers)
    there = win(State(-lead, left, overtime, -ball), -drift, numbers)
    assert here + there == pytest.approx(1.0, abs=1e-12)


@given(
    st.lists(st.tuples(leads, lefts, drifts, st.booleans()), min_size=1, max_size=20), st.sampled_from(SETS)
)
def test_arrays_say_what_numbers_say(rows, numbers):
    lead, left, drift, overtime = zip(*rows, strict=True)
    many = win_array(lead, left, drift, numbers, overtime)
    for row, p in zip(rows, many, strict=True):
        assert p == pytest.approx(win(State(row[0], row[1], row[3]), row[2], numbers), abs=1e-12)


@pytest.mark.parametrize("numbers", SETS, ids=lambda each: each.name)
@pytest.mark.parametrize("overtime", [False, True])
def test_at_the_horn_the_score_decides(numbers, overtime):
    assert win(State(1, 0.0, overtime), -9.0, numbers) == 1.0
    assert win(State(-1, 0.0, overtime), 9.0, numbers) == 0.0
    level = win(State(0, 0.0, overtime), 6.0, numbers)
    drawn = numbers.draws and overtime
    assert level == (0.5 if drawn else overtime_win(6.0, numbers))
    assert drawn or 0.5 < level < 0.75
    assert win(State(0, -3.0, overtime), 6.0, numbers) == level
    assert win_array([1, -1, 0], 0.0, 6.0, numbers, overtime).tolist() == [1.0, 0.0, pytest.approx(level)]


def test_overtime_as_published():
    assert overtime_win(0.0, PUBLISHED) == 0.5
    assert overtime_win(4.0, PUBLISHED) == pytest.approx(0.5 + 4 * 0.009, abs=2e-3)


@pytest.mark.parametrize("numbers", [FITTED, UNLINED, PUBLISHED], ids=lambda each: each.name)
def test_an_overtime_begins_where_regulation_ends_level(numbers):
    for drift in (-8.0, 0.0, 8.0):
        begun = win(State(0, 300.0, overtime=True), drift, numbers)
        assert begun == pytest.approx(overtime_win(drift, numbers), abs=0.02)


def test_a_drawn_game_pays_one_half():
    for drift in (-5.0, 0.0, 5.0):
        assert win(State(0, 0.0, overtime=True), drift, NFL) == 0.5
        assert win_array(0.0, 0.0, drift, NFL, True) == 0.5
        assert win(State(0, 1.0, overtime=True), drift, NFL) == pytest.approx(0.5, abs=0.01)
    assert win(State(0, 0.0, overtime=True), 5.0, PLAYOFFS) > 0.5


def test_an_overtime_that_can_be_drawn_is_worth_its_wins_and_half_its_draws():
    """By its own normal lead of 600 seconds: above half a point won, within it drawn."""
    mean, spread = 6.0 * 600 / 3600, 13.86 * math.sqrt(600 / 3600)
    won, lost = 1.0 - norm_cdf((0.5 - mean) / spread), norm_cdf((-0.5 - mean) / spread)
    assert 0.04 < 1.0 - won - lost < 0.10
    assert overtime_win(6.0, NFL) == pytest.approx(won + (1.0 - won - lost) / 2.0)
    assert overtime_win(6.0, NFL) + overtime_win(-6.0, NFL) == pytest.approx(1.0)
    assert overtime_win(0.0, NFL) == 0.5


def test_a_lead_is_safer_the_later():
    for numbers in SETS:
        chances = [win(State(7, left), 0.0, numbers) for left in (2400, 1200, 600, 300, 120, 0)]
        assert chances == sorted(chances)


def test_the_ball_counts_in_the_last_minute_only():
    with_it, without = (win(State(0, 20.0, ball=ball), 0.0, PUBLISHED) for ball in (1, -1))
    assert with_it - without == pytest.approx(0.15, abs=0.06)
    assert win(State(0, 61.0, ball=1), 0.0, PUBLISHED) == 0.5


@given(st.floats(0.02, 0.98), sets)
def test_a_moneyline_is_met_at_the_tip(p, numbers):
    line = from_moneyline(p, numbers)
    assert win(State(0, numbers.regulation), line.drift, numbers) == pytest.approx(p, abs=1e-9)


def test_a_moneyline_as_published():
    """mu = 14.81 z, to within what overtime changes."""
    assert from_moneyline(0.8413447, PUBLISHED).drift == pytest.approx(14.81, abs=0.2)


@pytest.mark.parametrize("p", [0.0, 1.0, -0.1, 1.2, math.nan])
def test_a_moneyline_is_a_chance(p):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        from_moneyline(p, FITTED)


def test_a_spread_is_negative_for_a_favourite():
    line = from_spread(-6.5, FITTED)
    assert line.drift == pytest.approx(6.5 * FITTED.line)
    assert line.error == pytest.approx(FITTED.line_error * FITTED.line)


def test_the_band_is_made_of_its_causes():
    found = chance(State(4, 900.0), Line(3.0, 1.2), FITTED)
    assert min(found.parameters, found.line, found.residual) > 0.0
    total = math.sqrt(found.parameters**2 + found.line**2 + found.residual**2)
    assert found.high - found.mid == pytest.approx(1.5 * total)
    assert found.mid - found.low == pytest.approx(1.5 * total)


def test_the_band_narrows_to_nothing_when_the_game_is_over():
    over = chance(State(3, 0.0), Line(3.0, 1.2), FITTED)
    assert (over.low, over.mid, over.high, over.error) == (1.0, 1.0, 1.0, 0.0)
    late = chance(State(25, 60.0), Line(0.0, 1.2), FITTED)
    assert late.low > 0.999


def test_the_line_matters_less_as_the_clock_runs():
    errors = [chance(State(0, left), Line(0.0, 1.2), FITTED).line for left in (2880, 1440, 300)]
    assert errors == sorted(errors, reverse=True)


def test_the_parameters_error_is_what_redrawing_them_gives():
    rng = np.random.default_rng(5)
    state, drift = State(8, 1200.0), 5.0
    draws = rng.multivariate_normal((0, 0, 0, 0), np.array(FITTED.covariance) / 25, size=2000)
    values = []
    for sigma, beta, floor, line in draws.tolist():
        moved = Parameters("moved", FITTED.sigma + sigma, FITTED.beta + beta, FITTED.floor + floor)
        values.append(win(state, drift * (1.0 + line / FITTED.line), moved))
    found = chance(state, Line(drift), FITTED)
    assert np.std(values) * 5 == pytest.approx(found.parameters, rel=0.1)


def test_an_explanation_leads_to_the_chance():
    state, line = State(10, 300.0), Line(2.0, 1.0)
    told = dict(explain(state, line, FITTED))
    found = chance(state, line, FITTED)
    assert told["P"] == found.mid
    assert told["given back"] == pytest.approx(FITTED.beta * 300 / 2880)
    assert told["P plain"] > told["P"]
    assert told["band line"] == pytest.approx(1.5 * found.line)

"""Blended forecasts and brackets on them: published vectors, what was reached, biases learnt."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING
from cockpit.models.fair import WeatherOutlook
from cockpit.models.weather.blend import LEADS, Skill, blend, crps, widened
from cockpit.models.weather.brackets import SLIP, Bracket, bracket_of, chance, pays, price

LADDER = [
    Bracket(None, 28),
    Bracket(29, 30),
    Bracket(31, 32),
    Bracket(33, 34),
    Bracket(35, 36),
    Bracket(37, None),
]


@pytest.mark.parametrize(
    ("reached", "expected"),
    [
        (None, (0.0808, 0.2638, 0.3812, 0.2195, 0.0501, 0.0047)),
        (31, (0.0, 0.0, 0.7257, 0.2195, 0.0501, 0.0047)),
        (33, (0.0, 0.0, 0.0, 0.9452, 0.0501, 0.0047)),
    ],
)
def test_published_vectors(reached, expected):
    """mu 31.3, s 2.0: half degrees at the edges, and what was reached takes all that lies below."""
    found = [chance(each, 31.3, 2.0, reached) for each in LADDER]
    assert found == [pytest.approx(each, abs=1e-4) for each in expected]


def test_a_degree_above_what_was_read_stays_possible():
    reached = [chance(each, 31.3, 2.0, 32) for each in LADDER]
    assert reached[3] == pytest.approx(0.2195 + SLIP * 0.7257, abs=1e-4)
    assert sum(reached) == pytest.approx(1.0)


def test_lows_are_highs_turned():
    for each in LADDER:
        turned = Bracket(None if each.high is None else -each.high, None if each.low is None else -each.low)
        assert chance(each, 31.3, 2.0, 33) == pytest.approx(chance(turned, -31.3, 2.0, -33, low=True))


@given(
    mu=st.floats(-30, 120),
    sigma=st.floats(0.5, 10),
    reached=st.none() | st.integers(-30, 120),
    low=st.booleans(),
)
def test_a_ladder_sums_to_one_and_bands_hold_their_middles(mu, sigma, reached, low):
    outlook = WeatherOutlook(mu, sigma, 0.4, reached, low)
    fairs = price(LADDER, outlook)
    assert sum(each.mid for each in fairs) == pytest.approx(1.0)
    assert all(0.0 <= each.low <= each.mid <= each.high <= 1.0 for each in fairs)


@pytest.mark.parametrize(
    ("kind", "floor", "cap", "found"),
    [
        ("between", 31, 32, Bracket(31, 32)),
        ("greater", 36, None, Bracket(37, None)),
        ("less", None, 29, Bracket(None, 28)),
        ("greater_or_equal", 37, None, Bracket(37, None)),
        ("less_or_equal", None, 28, Bracket(None, 28)),
        ("structured", 1, 2, None),
        ("between", None, 2, None),
    ],
)
def test_strikes_as_whole_degrees(kind, floor, cap, found):
    strikes = [None if each is None else each * UNDERLYING for each in (floor, cap)]
    market = Market("KXHIGHNY-26FEB05-B31.5", "kalshi", strike_type=kind, floor=strikes[0], cap=strikes[1])
    assert bracket_of(market) == found


@given(st.integers(-40, 130))
def test_exactly_one_of_a_ladder_pays(value):
    assert sum(pays(each, value) for each in LADDER) == 1


# ---------------------------------------------------------------------------------------------- the blend


def learnt(errors, forecast=50.0):
    skill = Skill()
    for error in errors:
        skill.learn(forecast, forecast + error)
    return skill


def test_a_bias_is_learnt_and_pulled_to_nothing_while_little_is_known():
    assert learnt([2.0] * 200).shrunk == pytest.approx(2.0, rel=0.06)
    assert learnt([2.0]).shrunk == pytest.approx(2.0 / 11)
    assert Skill().shrunk == 0.0


def test_the_better_model_weighs_more():
    skills = {"good": learnt([0.5, -0.5] * 100), "bad": learnt([5.0, -5.0] * 100)}
    found = blend({"good": 60.0, "bad": 70.0}, skills)
    assert found.parts[0][0] == "good"
    assert found.parts[0][3] > 0.95
    assert abs(found.mu - 60.0) < 1.0


def test_forecasts_that_disagree_know_less_and_so_do_far_ones():
    near = blend({"a": 60.0, "b": 60.0}, {})
    apart = blend({"a": 55.0, "b": 65.0}, {})
    assert near.sigma < apart.sigma
    assert blend({"a": 60.0, "b": 60.0}, {}, 48.0).sigma == pytest.approx(1.75 * near.sigma)


def test_no_forecast_is_no_law():
    assert blend({}, {}) is None


def test_leads_widen_without_a_step():
    assert widened(0.0) == 1.0
    assert widened(18.0) == pytest.approx(1.15)
    assert widened(1e6) == LEADS[-1][1]
    grid = [widened(h / 4) for h in range(600)]
    assert all(0.0 <= b - a < 0.02 for a, b in pairwise(grid))


def test_crps_of_a_normal():
    """At the mean it is sigma (sqrt(2) - 1) / sqrt(pi); far away it is the distance less sigma / sqrt(pi)."""
    assert crps(0.0, 2.0, 0.0) == pytest.approx(2.0 * (math.sqrt(2) - 1) / math.sqrt(math.pi))
    assert crps(0.0, 1.0, 30.0) == pytest.approx(30.0 - 1 / math.sqrt(math.pi))

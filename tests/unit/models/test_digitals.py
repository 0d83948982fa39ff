"""Closed forms against golden numbers (simulated with one to two million paths) and against simulation here."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.digitals import (
    YEAR_S,
    averaged_digital,
    averaged_digital_inside,
    effective_seconds,
    geometric_digital,
    norm_cdf,
    skewed_digital,
    spot_digital,
    touch,
)

S, SIGMA = 85_000.0, 0.50


@pytest.mark.parametrize(
    ("left", "ratio", "spot", "levy"),
    [
        (900, 1.0005, 0.42525, 0.42360),
        (900, 1.0015, 0.28689, 0.28258),
        (300, 1.0005, 0.37262, 0.36371),
        (300, 1.0015, 0.16535, 0.14830),
        (120, 1.0005, 0.30398, 0.26561),
        (120, 1.0015, 0.06212, 0.03028),
        (60, 1.0005, 0.23418, 0.10747),
        (60, 1.0015, 0.01487, 0.00010),
    ],
)
def test_before_the_window(left, ratio, spot, levy):
    assert spot_digital(S, S * ratio, SIGMA, left) == pytest.approx(spot, abs=6e-6)
    assert averaged_digital(S, S * ratio, SIGMA, left - 59) == pytest.approx(levy, abs=6e-6)


@pytest.mark.parametrize(
    ("seen", "behind", "offset", "spot", "levy"),
    [
        (15, 20, -5, 0.53911, 0.49993),
        (30, 20, -5, 0.54791, 0.34172),
        (30, 20, 5, 0.45190, 0.11068),
        (45, 20, -10, 0.63345, 0.13015),
    ],
)
def test_inside_the_window(seen, behind, offset, spot, levy):
    known = seen * (S - behind)
    assert spot_digital(S, S + offset, SIGMA, 60 - seen) == pytest.approx(spot, abs=6e-6)
    assert averaged_digital_inside(S, S + offset, SIGMA, 1.0, known, seen) == pytest.approx(levy, abs=6e-6)


@pytest.mark.parametrize(
    ("seen", "variance"), [(0, 20.50), (15, 8.72), (30, 2.63), (45, 0.344), (55, 0.0153)]
)
def test_variance_left_in_spot_seconds(seen, variance):
    left = 60 - seen
    assert (left / 60) ** 2 * effective_seconds(1.0, left) == pytest.approx(variance, rel=3e-3)


def test_effective_seconds_before_the_window():
    assert effective_seconds(0.0, 60) == pytest.approx(19.503, abs=5e-4)
    assert effective_seconds(7.5, 1) == 7.5
    assert effective_seconds(7.5, 0) == 0.0


@pytest.mark.parametrize(
    ("barrier", "every", "expected"),
    [(108.0, 0.0, 0.3390), (108.0, 432.0, 0.3324), (92.0, 0.0, 0.3269), (92.0, 432.0, 0.3206)],
)
def test_touch(barrier, every, expected):
    """Ten days at 50 %; looked at always, and two thousand times."""
    assert touch(100.0, barrier, 0.5, 864_000.0, every) == pytest.approx(expected, abs=1e-4)


def test_touch_at_once_and_never():
    assert touch(100.0, 100.0, 0.5, 60.0) == 1.0
    assert touch(100.0, 108.0, 0.5, 0.0) == 0.0


def test_skew():
    days = 2 * 86_400.0
    flat = skewed_digital(85_000.0, 87_000.0, 0.4343, days, 0.0)
    skewed = skewed_digital(85_000.0, 87_000.0, 0.4343, days, -0.00776e-3)
    assert flat == pytest.approx(0.2298, abs=2e-4)
    assert skewed == pytest.approx(0.2450, abs=2e-4)


def test_skew_is_the_slope_of_the_call_price():
    def call(strike):
        sigma = 0.45 - 1e-5 * (strike - 87_000.0)
        v = sigma * math.sqrt(2 * 86_400.0 / YEAR_S)
        d1 = math.log(85_000.0 / strike) / v + v / 2
        return 85_000.0 * norm_cdf(d1) - strike * norm_cdf(d1 - v)

    slope = -(call(87_010.0) - call(86_990.0)) / 20.0
    assert skewed_digital(85_000.0, 87_000.0, 0.45, 2 * 86_400.0, -1e-5) == pytest.approx(slope, abs=1e-5)


def simulated(first, seen, behind, paths, rng):
    """Settlement means of simulated paths with ``seen`` prints out, ``behind`` dollars below the spot."""
    left = 60 - seen
    spans = np.full(left, 1.0)
    spans[0] = first
    deviations = SIGMA * np.sqrt(spans / YEAR_S)
    steps = rng.standard_normal((paths, left)) * deviations - 0.5 * deviations**2
    return (seen * (S - behind) + S * np.exp(np.cumsum(steps, axis=1)).sum(axis=1)) / 60


@pytest.mark.parametrize("first", [841.0, 61.0, 1.0, 0.4])
@pytest.mark.parametrize(("seen", "behind"), [(0, 0), (20, 12), (50, -9)])
def test_averages_against_simulation(first, seen, behind):
    rng = np.random.default_rng(7)
    paths = 20_000
    means = simulated(first, seen, behind, paths, rng)
    for strike in np.quantile(means, [0.1, 0.4, 0.8]):
        closed = averaged_digital_inside(S, strike, SIGMA, first, seen * (S - behind), seen)
        share = float(np.mean(means > strike))
        assert abs(closed - share) <= 4 * math.sqrt(closed * (1 - closed) / paths)


@given(
    strikes=st.lists(st.floats(80_000, 90_000), min_size=2, max_size=5),
    sigma=st.floats(0.1, 3.0),
    first=st.floats(0.01, 90_000.0),
)
def test_the_higher_the_strike_the_less_likely(strikes, sigma, first):
    chances = [averaged_digital(S, strike, sigma, first) for strike in sorted(strikes)]
    assert chances == sorted(chances, reverse=True)


@given(st.floats(1.0, 100_000.0), st.floats(0.1, 3.0), st.floats(0.9, 1.1))
def test_one_tick_is_a_spot_digital(first, sigma, ratio):
    one = averaged_digital(S, S * ratio, sigma, first, ticks=1)
    assert one == pytest.approx(spot_digital(S, S * ratio, sigma, first), abs=1e-9)


@given(st.integers(1, 59), st.floats(0.1, 3.0))
def test_certain_where_what_is_known_exceeds_the_strike(seen, sigma):
    assert averaged_digital_inside(S, 1_000.0, sigma, 1.0, seen * S, seen) == 1.0
    assert averaged_digital(S, -1.0, sigma, 1.0) == 1.0
    assert geometric_digital(S, 0.0, sigma, 1.0) == 1.0


@given(st.floats(-40.0, 40.0))
def test_nothing_jumps_when_the_first_print_is_out(offset):
    """A print equal to the spot the moment it comes: before and after agree."""
    before = averaged_digital(S, S + offset, SIGMA, 1e-9)
    after = averaged_digital_inside(S, S + offset, SIGMA, 1.0, S, 1)
    assert before == pytest.approx(after, abs=5e-6)


@given(st.floats(1.0, 900.0), st.floats(0.995, 1.005))
def test_the_three_averages_agree(first, ratio):
    levy = averaged_digital(S, S * ratio, SIGMA, first)
    theta = effective_seconds(first, 60)
    assert geometric_digital(S, S * ratio, SIGMA, first) == pytest.approx(levy, abs=1e-3)
    assert spot_digital(S, S * ratio, SIGMA, theta) == pytest.approx(levy, abs=1e-4)


def test_all_is_known():
    assert averaged_digital_inside(S, 84_999.0, SIGMA, 0.0, 60 * S, 60) == 1.0
    assert averaged_digital_inside(S, 85_001.0, SIGMA, 0.0, 60 * S, 60) == 0.0
    assert spot_digital(S, S - 1, SIGMA, 0.0) == 1.0
    assert geometric_digital(S, S + 1, SIGMA, 0.0, ticks=1) == 0.0

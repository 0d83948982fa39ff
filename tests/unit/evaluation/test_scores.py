import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.evaluation.scores import (
    brier,
    calibration_error,
    calibration_line,
    clustered,
    isotonic,
    log_loss,
    murphy,
    skill,
    spiegelhalter,
)

P = [0.1] * 4 + [0.4] * 4 + [0.8] * 2
Y = [0, 0, 0, 1, 0, 1, 0, 1, 1, 1]

forecasts = st.lists(
    st.tuples(st.floats(0.01, 0.99), st.integers(0, 1)), min_size=1, max_size=40
).map(lambda pairs: ([p for p, _ in pairs], [float(y) for _, y in pairs]))  # fmt: skip


def test_losses():
    assert brier(P, Y) == pytest.approx(0.196)
    assert log_loss(P, Y) == pytest.approx(0.591919, abs=5e-7)


def test_certainty_is_clipped():
    assert log_loss([1.0, 0.0], [0, 0]) == pytest.approx(-math.log(1e-6) / 2, rel=1e-5)


def test_murphy():
    parts = murphy(P, Y)
    assert (parts.reliability, parts.resolution, parts.uncertainty) == pytest.approx((0.021, 0.075, 0.25))
    assert parts.within == pytest.approx(0.0, abs=1e-12)


@given(forecasts, st.integers(0, 10))
def test_the_parts_make_the_whole(forecast, bins):
    p, y = forecast
    parts = murphy(p, y, bins)
    whole = parts.reliability - parts.resolution + parts.uncertainty + parts.within
    assert whole == pytest.approx(brier(p, y), abs=1e-12)


def test_skill_over_the_base_rate():
    assert skill(brier(P, Y), brier([0.5] * 10, Y)) == pytest.approx(0.216)


def test_calibration():
    assert calibration_error(P, Y) == pytest.approx(0.14)
    assert calibration_error(P, Y, bins=1) == pytest.approx(abs(np.mean(P) - np.mean(Y)))
    intercept, slope = calibration_line(P, Y)
    assert intercept == pytest.approx(0.810930, abs=5e-7)
    assert slope == pytest.approx(1.0, abs=5e-4)


def test_an_overconfident_forecaster_has_a_slope_below_one():
    rng = np.random.default_rng(2)
    true = rng.uniform(0.1, 0.9, 4_000)
    logit = np.log(true / (1 - true))
    told = 1 / (1 + np.exp(-2 * logit))
    _, slope = calibration_line(told.tolist(), (rng.random(4_000) < true).astype(float).tolist())
    assert slope == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("p", "y"), [([0.2, 0.3], [0, 0]), ([0.2, 0.3, 0.7, 0.8], [0, 0, 1, 1]), ([0.4, 0.4], [0, 1])]
)
def test_outcomes_that_pin_no_line_down(p, y):
    with pytest.raises(ValueError, match="pin"):
        calibration_line(p, y)


def test_spiegelhalter():
    z, value = spiegelhalter(P, Y)
    assert z == pytest.approx(0.516398, abs=5e-7)
    assert value == pytest.approx(0.6056, abs=5e-5)


def test_spiegelhalter_has_nothing_to_use():
    with pytest.raises(ValueError, match="no probability"):
        spiegelhalter([0.5, 1.0], [1, 1])


def test_isotonic():
    fitted = isotonic([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0, 1, 0, 0, 1, 1])
    assert fitted == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 1, 1])


def test_isotonic_keeps_the_order_given():
    assert isotonic([0.6, 0.1, 0.3], [1, 0, 1]) == [1, 0, 1]
    assert isotonic([0.5, 0.5], [0, 1]) == [0.5, 0.5]


@given(forecasts)
def test_isotonic_rises_and_keeps_the_mean(forecast):
    x, y = forecast
    fitted = isotonic(x, y)
    ordered = [value for _, value in sorted(zip(x, fitted, strict=True))]
    assert all(a <= b + 1e-12 for a, b in pairwise(ordered))
    assert np.mean(fitted) == pytest.approx(np.mean(y))


def test_nothing_to_score():
    with pytest.raises(ValueError, match="nothing"):
        brier([], [])


# ---------------------------------------------------------------- paired differences over events


def test_rows_of_one_event_are_one_observation():
    """Ten events told a hundred times each are no surer than told once."""
    rng = np.random.default_rng(1)
    values = rng.standard_normal(10)
    once = clustered(values.tolist(), [str(i) for i in range(10)], np.random.default_rng(5))
    often = clustered(
        np.repeat(values, 100).tolist(), [str(i // 100) for i in range(1_000)], np.random.default_rng(5)
    )
    assert often.mean == pytest.approx(once.mean)
    assert (often.low, often.high) == pytest.approx((once.low, once.high))
    assert once.low < once.mean < once.high


def test_the_interval_is_the_normal_one_where_events_are_many():
    rng = np.random.default_rng(8)
    values = rng.standard_normal(2_000)
    found = clustered(values.tolist(), [str(i) for i in range(2_000)], rng)
    assert found.high - found.low == pytest.approx(2 * 1.96 / math.sqrt(2_000), rel=0.1)


def test_a_seed_repeats_itself():
    args = ([0.1, -0.2, 0.3, 0.05], ["a", "a", "b", "c"])
    assert clustered(*args, np.random.default_rng(3)) == clustered(*args, np.random.default_rng(3))


def test_one_event_says_nothing():
    found = clustered([0.1, 0.2], ["a", "a"], np.random.default_rng(0))
    assert (found.mean, found.low, found.high) == (pytest.approx(0.15), -math.inf, math.inf)

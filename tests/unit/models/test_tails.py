import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtr

from cockpit.models.tails import LAWS

UPPER = {
    0: (0.3085, 0.1587, 0.0228, 0.0013),
    8: (0.2898, 0.1408, 0.0249, 0.0043),
    4: (0.2593, 0.1151, 0.0237, 0.0066),
}


@pytest.mark.parametrize("tail", UPPER)
def test_upper_tails(tail):
    for z, expected in zip((0.5, 1.0, 2.0, 3.0), UPPER[tail], strict=True):
        assert LAWS[tail](-z)[0] == pytest.approx(expected, abs=6e-5)


@given(st.floats(-30, 30))
@pytest.mark.parametrize("tail", [4, 6, 8])
def test_student_is_the_scaled_student(tail, z):
    assert LAWS[tail](z)[0] == pytest.approx(float(stdtr(tail, z * math.sqrt(tail / (tail - 2)))), abs=1e-12)


@given(st.floats(-8, 8))
@pytest.mark.parametrize("tail", list(LAWS))
def test_an_edge_is_consistent(tail, z):
    """The density is the slope of the distribution, the rest its multiples; the law is symmetric."""
    below, f, zf, bend = LAWS[tail](z)
    step = 1e-4
    slope = (LAWS[tail](z + step)[0] - LAWS[tail](z - step)[0]) / (2 * step)
    assert f == pytest.approx(slope, abs=1e-7)
    assert zf == pytest.approx(z * f)
    assert bend == pytest.approx(z * (3 - z * z) * f)
    assert LAWS[tail](-z)[0] == pytest.approx(1 - below, abs=1e-12)


@pytest.mark.parametrize("tail", list(LAWS))
def test_unit_variance(tail):
    step = 0.005
    grid = [(i + 0.5) * step for i in range(int(400 / step))]
    variance = 2 * sum(z * z * LAWS[tail](z)[1] for z in grid) * step
    assert variance == pytest.approx(1.0, abs=2e-4)

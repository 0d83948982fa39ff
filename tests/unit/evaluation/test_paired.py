"""Paired differences looked at once: the worked numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.evaluation.paired import (
    cuped,
    design_effect,
    effective_size,
    sign_flips,
    student,
)

D = [1.2, -0.4, 0.8, 0.3, -0.1, 0.9, 0.5, -0.2]
RNG = np.random.default_rng


def test_sign_flips_are_exact_for_few():
    assert sign_flips(D, RNG(0)) == 16 / 256 == 0.0625
    assert sign_flips([1.0] * 16, RNG(0)) == 1 / 65536
    assert sign_flips([], RNG(0)) == 1.0


def test_and_drawn_for_many():
    often = D * 3
    p = sign_flips(often, RNG(7))
    assert p == sign_flips(often, RNG(7))
    z, _ = student(often)[1:]
    assert 0.0 < p < 0.01 < z
    assert sign_flips([-x for x in often], RNG(7)) > 0.99


def test_student():
    mean, t, p = student(D)
    assert mean == pytest.approx(0.375)
    assert t == pytest.approx(1.844378, abs=1e-6)
    assert p == pytest.approx(0.107652, abs=5e-7)
    for few in ([], [1.0], [2.0, 2.0]):
        with pytest.raises(ValueError, match="two differences"):
            student(few)


def test_cuped():
    x, y = [1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.0, 5.0, 4.0, 6.0]
    theta, left = cuped(y, x)
    assert theta == pytest.approx(0.9)
    assert left == pytest.approx([3.8, 3.9, 5.0, 3.1, 4.2])
    assert np.var(y, ddof=1) == pytest.approx(2.5)
    assert np.var(left, ddof=1) == pytest.approx(0.475)
    assert np.var(left) / np.var(y) == pytest.approx(1 - np.corrcoef(x, y)[0, 1] ** 2) == pytest.approx(0.19)
    assert cuped(y, [1.0] * 5) == (0.0, y)


@given(st.lists(st.tuples(st.floats(-10, 10), st.floats(-10, 10)), min_size=2, max_size=20))
def test_cuped_keeps_the_mean_and_adds_no_variance(rows):
    y, x = [a for a, _ in rows], [b for _, b in rows]
    _, left = cuped(y, x)
    assert np.mean(left) == pytest.approx(np.mean(y), abs=1e-9)
    assert np.var(left) <= np.var(y) + 1e-9


def test_clusters():
    assert (design_effect(5, 0.3), design_effect(10, 0.5)) == pytest.approx((2.2, 5.5))
    assert effective_size(60, 0.95) == pytest.approx(1.05, abs=5e-3)

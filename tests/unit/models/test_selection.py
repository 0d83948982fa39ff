"""Many versions: corrections and Sharpe ratios by their worked numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.selection import (
    deflated,
    false_discovery,
    holm,
    hurdle,
    moments,
    probabilistic,
    record_length,
    sample_size,
)

P = [0.001, 0.008, 0.039, 0.041, 0.042, 0.60]
YEAR = 250


def test_holm():
    assert holm(P) == pytest.approx([0.006, 0.040, 0.156, 0.156, 0.156, 0.600])
    assert holm(P[::-1]) == holm(P)[::-1]
    assert holm([]) == []


def test_false_discovery():
    assert false_discovery(P) == pytest.approx([0.006, 0.024, 0.0504, 0.0504, 0.0504, 0.6])
    assert false_discovery([]) == []


@given(st.lists(st.floats(0.0, 1.0), max_size=12))
def test_an_adjusted_p_is_never_smaller(p):
    order = sorted(range(len(p)), key=lambda i: p[i])
    for adjusted in (holm(p), false_discovery(p)):
        assert all(raw - 1e-12 <= a <= 1.0 for raw, a in zip(p, adjusted, strict=True))
        assert [adjusted[i] for i in order] == sorted(adjusted)
    assert all(h >= f - 1e-12 for h, f in zip(holm(p), false_discovery(p), strict=True))


@pytest.mark.parametrize(("trials", "sure"), [(100, 0.9004), (46, 0.9505)])
def test_the_papers_example(trials, sure):
    """A yearly ratio of 2.5 over 1,250 days, skew -3, kurtosis 10, the trials' yearly variance one half."""
    ratio, variance = 2.5 / math.sqrt(YEAR), 0.5 / YEAR
    assert hurdle(100, variance) == pytest.approx(0.113172, abs=5e-7)
    assert deflated(ratio, 1250, -3.0, 10.0, trials, variance) == pytest.approx(sure, abs=5e-5)


def test_a_few_versions():
    assert hurdle(6, 0.01) == pytest.approx(0.130014, abs=5e-7)
    assert deflated(0.25, 60, -0.5, 5.0, 6, 0.01) == pytest.approx(0.801153, abs=5e-7)
    assert probabilistic(0.25, 60, -0.5, 5.0) == pytest.approx(0.960980, abs=5e-7)


def test_one_trial_is_no_choice():
    assert hurdle(1, 0.01) == 0.0
    assert deflated(0.25, 60, -0.5, 5.0, 1, 0.01) == probabilistic(0.25, 60, -0.5, 5.0)


def test_record_length():
    assert record_length(0.1) == pytest.approx(272.91, abs=5e-3)
    assert record_length(0.25, -0.5, 5.0) == pytest.approx(52.41, abs=5e-3)
    assert record_length(0.0) == record_length(-1.0) == math.inf


@pytest.mark.parametrize(
    ("price", "cents", "n"),
    [(0.5, 1, 19_623), (0.5, 2, 4_906), (0.5, 3, 2_181), (0.5, 5, 785),
     (0.1, 1, 7_064), (0.1, 2, 1_766), (0.05, 1, 3_729), (0.95, 1, 3_729)],
)  # fmt: skip
def test_how_many_settled_events_it_takes(price, cents, n):
    assert sample_size((price * (1 - price)) ** 0.5, cents / 100) == n


@pytest.mark.parametrize(("deviation", "cents", "n"), [(0.2, 1, 3_140), (0.2, 2, 785), (0.1, 1, 785)])
def test_pairing_needs_fewer(deviation, cents, n):
    assert sample_size(deviation, cents / 100) == n


def test_moments():
    ratio, skew, kurtosis = moments([1.0, 2.0, 3.0, 4.0, 5.0]) or (0.0, 0.0, 0.0)
    assert ratio == pytest.approx(3.0 / math.sqrt(2.5))
    assert (skew, kurtosis) == pytest.approx((0.0, 1.7))
    assert moments([1.0]) is moments([]) is moments([2.0, 2.0]) is None


def test_refusals():
    with pytest.raises(ValueError, match="two periods"):
        probabilistic(0.1, 1)
    with pytest.raises(ValueError, match="no series"):
        probabilistic(1.0, 10, 3.0, 1.0)

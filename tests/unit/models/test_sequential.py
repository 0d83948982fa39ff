"""Evidence that may be looked at all day: the worked numbers, and what constant looking does under the null."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.sequential import (
    MOST,
    anytime_p,
    bets,
    betting,
    confidence,
    msprt,
    radius,
    wealth,
    win_rate_evidence,
)

D = (0.3, -0.2, 0.1, 0.4, -0.1, 0.25, 0.05, -0.3, 0.2, 0.15)
SCALED = st.lists(st.floats(-1.0, 1.0, allow_subnormal=False), max_size=40)


def test_wealth_at_a_constant_bet():
    made = betting(D, [0.5] * len(D))
    assert made == pytest.approx(
        [1.15, 1.035, 1.08675, 1.3041, 1.238895, 1.393757, 1.428601, 1.214311, 1.335742, 1.435922], abs=5e-7
    )


@pytest.mark.parametrize(
    ("n", "mean", "ratio"),
    [(100, 0.02, 0.907943), (400, 0.02, 2.215063), (1000, 0.02, 28.403345), (1000, 0.01, 0.939334)],
)
def test_msprt(n, mean, ratio):
    assert msprt(n, mean, 0.04, 4e-4) == pytest.approx(ratio, abs=5e-6)


def test_msprt_as_a_p_value():
    assert anytime_p([1.0, msprt(1000, 0.02, 0.04, 4e-4), 3.0]) == pytest.approx(0.035207, abs=5e-7)
    assert anytime_p([]) == anytime_p([0.5]) == anytime_p([0.0]) == 1.0


@pytest.mark.parametrize(
    ("n", "half"), [(50, 0.123906), (100, 0.073128), (400, 0.030824), (1000, 0.019213), (5000, 0.008999)]
)
def test_confidence_sequence(n, half):
    assert radius(n, 0.04, 4e-4) == pytest.approx(half, abs=5e-7)
    assert msprt(n, radius(n, 0.04, 4e-4), 0.04, 4e-4) == pytest.approx(20.0)
    fixed = 1.959964 * 0.2 / math.sqrt(n)
    assert 1.5 < half / fixed < 2.3


def test_confidence_of_a_sample():
    assert confidence([]) is confidence([1.0]) is confidence([2.0, 2.0]) is None
    low, high = confidence([1.0, 3.0] * 50) or (0.0, 0.0)
    variance = 100 / 99
    assert (low + high) / 2 == pytest.approx(2.0)
    assert (high - low) / 2 == pytest.approx(radius(100, variance, 0.01 * variance))


@pytest.mark.parametrize(
    ("wins", "n", "even", "e"),
    [(60, 100, 0.5, 0.913), (120, 200, 0.5, 4.853), (64, 100, 0.5, 6.348), (30, 40, 0.55, 5.200)],
)
def test_win_rates(wins, n, even, e):
    assert win_rate_evidence(wins, n, even) == pytest.approx(e, abs=5e-4)


def test_a_break_even_rate_of_one_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        win_rate_evidence(3, 4, 1.0)


@given(st.integers(0, 60), st.floats(0.05, 0.95))
def test_a_win_rates_evidence_averages_to_one(n, even):
    """Over all outcomes, each as likely as it is under the null."""
    chances = (math.comb(n, k) * even**k * (1 - even) ** (n - k) for k in range(n + 1))
    total = sum(chance * win_rate_evidence(k, n, even) for k, chance in enumerate(chances))
    assert total == pytest.approx(1.0)


@given(SCALED, st.floats(-1.0, 1.0))
def test_bets_are_known_before_what_they_are_on(d, last):
    assert list(bets([*d, last]))[: len(d)] == list(bets(d))
    assert all(0.0 <= bet <= MOST for bet in bets(d))


@given(st.lists(st.floats(-500.0, 500.0), max_size=40))
def test_the_two_sides_mirror_each_other(d):
    here, there = wealth(d, 100.0), wealth([-x for x in d], 100.0)
    assert here.up == there.down
    assert here.both == there.both
    assert all(e > 0.0 for e in here.both)


def test_what_lies_beyond_the_bound_counts_as_it():
    assert wealth([5.0, -70.0, 900.0], 10.0) == wealth([5.0, -10.0, 10.0], 10.0)


def test_refusals():
    with pytest.raises(ValueError, match="differences"):
        betting([1.5], [0.1])
    with pytest.raises(ValueError, match="differences"):
        betting([0.5], [0.6])
    with pytest.raises(ValueError, match="bound"):
        wealth([1.0], 0.0)


@pytest.mark.parametrize("step", [0.2, 0.6, 1.0])
def test_its_mean_is_one_under_the_null(step):
    """Over every path of ten fair steps, each as likely: bets that follow the past gain nothing."""
    paths = list(product((-step, step), repeat=10))
    total = math.fsum(wealth(path, 1.0).up[-1] for path in paths)
    assert total / len(paths) == pytest.approx(1.0)


def test_peeking_at_a_plain_z_misleads_and_at_msprt_does_not():
    """2,000 looks: the naive test is wrong four times in ten."""
    rng = np.random.default_rng(1)
    n = np.arange(50, 2050)
    naive = mixed = 0
    for _ in range(400):
        sums = np.cumsum(rng.normal(0.0, 1.0, 2049))[49:]
        naive += bool((np.abs(sums) / np.sqrt(n) > 1.959964).any())
        spread = 1.0 + n * 0.01
        ratio = np.exp(sums**2 * 0.01 / (2.0 * spread)) / np.sqrt(spread)
        mixed += bool((ratio >= 20.0).any())
    assert 0.35 < naive / 400 < 0.50
    assert mixed / 400 <= 0.05

"""Averages, variance and the trend's own scale, against worked series and a random walk."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.strategies.score import logit
from cockpit.strategies.trend import Speeds, Trend, allows, follow, log_odds, spread_sd, strength, weight

T = 1_800_000_000 * SECOND
TIMES = (0, 1, 3, 4, 8, 9)
MIDS = (0.50, 0.52, 0.51, 0.55, 0.56, 0.60)
QUICK = Speeds(2.0, 8.0)


def followed(values: tuple[float, ...], speeds: Speeds = QUICK) -> list[Trend]:
    trend, seen = Trend(), []
    for t, x in zip(TIMES, values, strict=True):
        trend = follow(trend, T + t * SECOND, x, speeds)
        seen.append(trend)
    return seen


def test_time_aware_averages() -> None:
    seen = followed(MIDS)
    assert [t.fast for t in seen] == pytest.approx(
        [0.5, 0.505858, 0.507929, 0.520251, 0.550063, 0.564689], abs=5e-7
    )
    assert [t.slow for t in seen] == pytest.approx(
        [0.5, 0.50166, 0.502987, 0.506889, 0.522445, 0.528881], abs=5e-7
    )


def test_the_trend_and_its_variance_in_logits() -> None:
    seen = followed(tuple(logit(p) for p in MIDS))
    assert [t.fast - t.slow for t in seen] == pytest.approx(
        [0, 0.016801, 0.019773, 0.053594, 0.111013, 0.144679], abs=5e-7
    )
    assert seen[0].var is None
    assert [t.var for t in seen[1:]] == pytest.approx(
        [0.00640684, 0.00551501, 0.00719969, 0.005211, 0.00701903], abs=5e-9
    )


def test_the_sd_of_a_random_walks_own_trend() -> None:
    assert 0.01 * spread_sd(30.0, 240.0) == pytest.approx(0.108545, abs=5e-7)


def test_z_of_a_random_walk_has_a_sd_of_one() -> None:
    """An hour a path, one step a second, unequal gaps left out."""
    rng = np.random.default_rng(5)
    ends = []
    for _ in range(60):
        trend = Trend()
        for t, x in enumerate(np.cumsum(rng.normal(0, 0.01, 2400)).tolist()):
            trend = follow(trend, T + t * SECOND, x)
        ends.append(strength(trend))
    assert 0.8 < float(np.std(ends)) < 1.25


def test_half_a_life_weighs_one_half() -> None:
    assert weight(30.0, 30.0) == 0.5
    assert weight(60.0, 30.0) == 0.75
    assert weight(0.0, 30.0) == 0.0


def test_nothing_moved_no_trend() -> None:
    trend = follow(follow(Trend(), T, 0.3), T + SECOND, 0.3)
    assert trend.var == 0.0
    assert strength(trend) == strength(Trend()) == 0.0


def test_a_moment_that_is_not_later_changes_nothing() -> None:
    trend = follow(Trend(), T, 0.3)
    assert follow(trend, T, 0.9) is trend
    assert follow(trend, T - 1, 0.9) is trend


def test_a_rise_is_a_trend_upwards() -> None:
    trend, strengths = Trend(), []
    for t in range(60):
        trend = follow(trend, T + t * SECOND, 0.01 * t)
        strengths.append(strength(trend))
    assert all(b > a for a, b in pairwise(strengths))
    assert strengths[-1] > 1.0


@pytest.mark.parametrize(
    ("mid2", "p"), [(10_000, 0.5), (200, 0.01), (2, 0.01), (19_999, 0.99), (5_000, 0.25)]
)
def test_the_mid_is_clipped(mid2: int, p: float) -> None:
    assert log_odds(mid2) == pytest.approx(math.log(p / (1 - p)))


def test_the_clip_is_settable() -> None:
    assert log_odds(20, 1) == pytest.approx(logit(0.001))


@given(st.integers(0, 2 * PRICE))
def test_log_odds_are_odd_to_the_last_bit(mid2: int) -> None:
    assert log_odds(mid2) == -log_odds(2 * PRICE - mid2)


@pytest.mark.parametrize(
    ("z", "buys", "sells"),
    [(0.0, True, True), (-1.0, True, True), (-1.01, False, True), (1.0, True, True), (1.01, True, False)],
)
def test_it_only_vetoes(z: float, buys: bool, sells: bool) -> None:
    assert allows(z, BID, 1.0) is buys
    assert allows(z, ASK, 1.0) is sells

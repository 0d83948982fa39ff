"""The estimator against its definition term by term, worked numbers, and planted lags."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.models.leads.hayashi import (
    RATIO_CAP,
    correlations,
    covariance,
    covariances,
    path,
    portions,
    read,
    rotated,
)

TX, X = [0, 1, 3, 4], [0.0, 1.0, 1.5, 1.0]
TY, Y = [0, 2, 2.5, 5], [0.0, 0.8, 1.0, 0.7]


def seconds(times: Any) -> list[int]:
    return [round(t * SECOND) for t in times]


def brute(tx: Any, x: Any, ty: Any, y: Any, lag: int) -> float:
    """The definition: two half-open intervals meet where the later start is before the earlier end."""
    total = 0.0
    for (t0, t1), (x0, x1) in zip(pairwise(tx), pairwise(x), strict=True):
        for (s0, s1), (y0, y1) in zip(pairwise(ty), pairwise(y), strict=True):
            if max(t0, s0 - lag) < min(t1, s1 - lag):
                total += (x1 - x0) * (y1 - y0)
    return total


@pytest.mark.parametrize(
    ("lag", "u", "rho"), [(0, 1.3, 1.209629), (0.5, 1.3, None), (1, 0.9, 0.837436), (-1, 0.45, 0.418718)]
)
def test_worked_numbers(lag: float, u: float, rho: float | None) -> None:
    x, y = path(seconds(TX), X), path(seconds(TY), Y)
    at = round(lag * SECOND)
    assert covariance(x, y, at) == pytest.approx(u, abs=1e-12)
    assert covariances(x, y, np.array([at]))[0] == pytest.approx(u, abs=1e-12)
    if rho is not None:
        found = correlations(np.array([u]), x.energy, y.energy)[0]
        assert found == pytest.approx(rho, abs=1e-6)


def test_on_one_grid_it_is_the_realised_covariance() -> None:
    rng = np.random.default_rng(3)
    times = seconds(range(50))
    x, y = rng.normal(size=50).cumsum(), rng.normal(size=50).cumsum()
    found = covariance(path(times, x.tolist()), path(times, y.tolist()), 0)
    assert found == pytest.approx(float(np.diff(x) @ np.diff(y)))


SERIES = st.lists(
    st.tuples(st.integers(0, 40), st.integers(-4, 4)), min_size=1, max_size=12, unique_by=lambda p: p[0]
).map(sorted)


@given(SERIES, SERIES, st.integers(-45, 45))
def test_it_is_its_definition(x: Any, y: Any, lag: int) -> None:
    """Whole numbers throughout, so that not a bit may differ."""
    (tx, vx), (ty, vy) = zip(*x, strict=True), zip(*y, strict=True)
    one, two = path(tx, vx), path(ty, vy)
    expected = brute(tx, vx, ty, vy, lag)
    assert covariance(one, two, lag) == expected
    lags = np.arange(-45, 46)
    assert covariances(one, two, lags)[lag + 45] == expected
    assert covariance(two, one, -lag) == expected


@given(SERIES, SERIES, st.integers(1, 7))
def test_pieces_add_up(x: Any, y: Any, most: int) -> None:
    (tx, vx), (ty, vy) = zip(*x, strict=True), zip(*y, strict=True)
    one, two, lags = path(tx, vx), path(ty, vy), np.arange(-9, 10, 3)
    parts = list(portions(one, two, lags, most))
    assert all(pairs <= max(most, len(two.step)) for _, pairs in parts)
    whole = sum((part for part, _ in parts), np.zeros(len(lags)))
    assert whole.tolist() == [brute(tx, vx, ty, vy, int(lag)) for lag in lags]


@given(SERIES, st.integers(0, 100))
def test_a_turned_series_keeps_its_changes(y: Any, shift: int) -> None:
    times, values = zip(*y, strict=True)
    before = path(times, values)
    after = rotated(before, 0, 41, shift)
    assert np.all(np.diff(after.at) > 0)
    assert after.energy == before.energy
    turned = {(int(t) + shift) % 41: step for t, step in zip(before.at[1:], before.step, strict=True)}
    assert dict(zip(after.at[1:].tolist(), after.step.tolist(), strict=True)) == turned


# ---------------------------------------------------------------------- what a curve says

LAGS = np.arange(-80, 81) * 250 * MILLISECOND


@pytest.mark.parametrize(
    ("rho", "lag", "llr"),
    [
        ([0.1, 0.1, 0.2, 0.4, 0.3], 1, (0.16 + 0.09) / 0.02),
        ([0.1, -0.5, 0.2, 0.4, 0.3], -1, 0.25 / 0.26),
        ([0.0, 0.4, 0.1, 0.4, 0.4], -1, 0.32 / 0.16),
        ([0.0, 0.1, 0.3, 0.3, 0.1], 0, (0.09 + 0.01) / 0.01),
        ([0.0, 0.0, 0.1, 0.2, 0.0], 1, RATIO_CAP),
        ([0.0, 0.0, 0.0, 0.0, 0.0], 0, 1.0),
    ],
)
def test_reading_a_curve(rho: list[float], lag: int, llr: float) -> None:
    """The peak is the greatest in size, and the nearest to zero of several."""
    peak = read(np.arange(-2, 3), np.array(rho))
    assert peak.lag == lag
    assert peak.rho == rho[lag + 2]
    assert peak.rho0 == rho[2]
    assert peak.llr == pytest.approx(llr)
    assert peak.sign == (lag > 0) - (lag < 0)


@pytest.mark.parametrize("lags", [[-1, 0, 1, 2], [-1, 0], [0, 1, 2], [1, 2, 3]])
def test_lags_lie_around_none(lags: list[int]) -> None:
    with pytest.raises(ValueError, match="around 0"):
        read(np.array(lags), np.zeros(len(lags)))


def test_a_side_that_never_moved_correlates_with_nothing() -> None:
    assert correlations(np.array([1.0, 2.0]), 0.0, 3.0).tolist() == [0.0, 0.0]


def planted(lag: float, gaps: tuple[float, float], noise: float = 0.0, n: int = 20_000) -> Any:
    """X and Y see one random walk, Y later by ``lag`` seconds, each at moments of its own."""
    rng = np.random.default_rng(17)
    step = 0.25
    walk = rng.normal(0, 0.01 * step**0.5, int((n + 400) / step)).cumsum()
    found = []
    for gap, behind in zip(gaps, (0.0, lag), strict=True):
        times = np.unique(np.round(rng.exponential(gap, int(n / gap)).cumsum(), 3))
        times = times[times < n] + 20
        values = walk[((times - behind) / step).astype(int)] + rng.normal(0, noise, len(times))
        found.append(path(seconds(times), values.tolist()))
    return found


@pytest.mark.parametrize(
    ("lag", "noise", "near"), [(2.0, 0.0, 0.5), (-2.0, 0.0, 0.5), (2.0, 0.001, 0.75), (5.0, 0.0, 0.5)]
)
def test_a_planted_lag_is_found(lag: float, noise: float, near: float) -> None:
    """Both update every 5.4 s on average: the setting in which a lag of 2 s was found with a ratio of 1.8."""
    x, y = planted(lag, (5.4, 5.4), noise)
    peak = read(LAGS, correlations(covariances(x, y, LAGS), x.energy, y.energy))
    assert peak.lag / SECOND == pytest.approx(lag, abs=near)
    assert peak.rho > 0.85
    assert peak.rho - peak.rho0 > 0.01
    assert (peak.llr > 1.3) if lag > 0 else (peak.llr < 1 / 1.3)


def test_no_lag_reads_as_none() -> None:
    x, y = planted(0.0, (5.4, 5.4))
    peak = read(LAGS, correlations(covariances(x, y, LAGS), x.energy, y.energy))
    assert abs(peak.lag) <= 0.5 * SECOND
    assert 0.8 < peak.llr < 1.25

"""Scores of probabilities against what happened: proper scores, calibration, and paired differences with intervals.

``p`` are probabilities, ``y`` outcomes (0 or 1), of equal length. A score is an average loss: lower is better. What is
compared is always the same rows at the same moments, and the unit of chance is the event, not the row.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np

CLIP = 1e-6
"""Probabilities are kept this far from 0 and 1 where a logarithm is taken."""
DRAWS = 2000
_STEPS = 50
_ENOUGH = 1e-10
_SEPARATED = 60.0


class Murphy(msgspec.Struct, frozen=True):
    """Brier = reliability - resolution + uncertainty + within; within is 0 where each bin holds one probability."""

    reliability: float
    resolution: float
    uncertainty: float
    within: float


class Interval(msgspec.Struct, frozen=True):
    """A mean and its interval."""

    mean: float
    low: float
    high: float


def brier(p: Sequence[float], y: Sequence[float]) -> float:
    """Mean squared error. Source: Brier 1950."""
    return _mean([(a - b) ** 2 for a, b in zip(p, y, strict=True)])


def log_loss(p: Sequence[float], y: Sequence[float]) -> float:
    """Mean negative log likelihood, probabilities clipped by `CLIP`. Source: Good 1952."""
    return -_mean(
        [math.log(max(CLIP, min(1.0 - CLIP, a if b else 1.0 - a))) for a, b in zip(p, y, strict=True)]
    )


def skill(score: float, reference: float) -> float:
    """1 - score / reference: above 0 the forecaster beats the reference. Raises ZeroDivisionError on a perfect one."""
    return 1.0 - score / reference


def murphy(p: Sequence[float], y: Sequence[float], bins: int = 0) -> Murphy:
    """The Brier score taken apart, over bins of equal count, or of equal probability where ``bins`` is 0.

    Source: Murphy 1973; the within-bin term: Stephenson, Coelho & Jolliffe 2008.
    """
    base, n = _mean(y), len(p)
    reliability = resolution = within = 0.0
    for group in _groups(p, y, bins):
        forecast, happened = _mean([a for a, _ in group]), _mean([b for _, b in group])
        reliability += len(group) * (forecast - happened) ** 2
        resolution += len(group) * (happened - base) ** 2
        within += sum((a - forecast) ** 2 - 2.0 * (a - forecast) * (b - happened) for a, b in group)
    return Murphy(reliability / n, resolution / n, base * (1.0 - base), within / n)


def calibration_error(p: Sequence[float], y: Sequence[float], bins: int = 0) -> float:
    """Expected calibration error: the mean distance of forecast from frequency over the bins of `murphy`."""
    groups = _groups(p, y, bins)
    return sum(abs(sum(a for a, _ in group) - sum(b for _, b in group)) for group in groups) / len(p)


def calibration_line(p: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Intercept and slope of logit P(y) = a + b logit p, by maximum likelihood: (0, 1) is calibrated. Source: Cox 1958.

    Raises:
        ValueError: where the outcomes do not pin the line down (all alike, or parted by the probabilities).
    """
    xs = [_logit(a) for a in p]
    intercept, slope = 0.0, 1.0
    for _ in range(_STEPS):
        step = _newton(xs, y, intercept, slope)
        intercept, slope = intercept + step[0], slope + step[1]
        if max(abs(intercept), abs(slope)) > _SEPARATED:
            break
        if max(abs(step[0]), abs(step[1])) < _ENOUGH:
            return intercept, slope
    raise ValueError("the outcomes do not pin the calibration line down")


def _newton(xs: Sequence[float], y: Sequence[float], intercept: float, slope: float) -> tuple[float, float]:
    """One Newton step of the logistic likelihood."""
    g0 = g1 = h00 = h01 = h11 = 0.0
    for x, b in zip(xs, y, strict=True):
        q = _logistic(intercept + slope * x)
        weight = q * (1.0 - q)
        g0 += b - q
        g1 += (b - q) * x
        h00 += weight
        h01 += weight * x
        h11 += weight * x * x
    determinant = h00 * h11 - h01 * h01
    if determinant <= _ENOUGH * max(h00 * h11, _ENOUGH):
        raise ValueError("the outcomes do not pin the calibration line down")
    return (h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant


def spiegelhalter(p: Sequence[float], y: Sequence[float]) -> tuple[float, float]:
    """Z of the test that the probabilities are calibrated, and its two-sided p-value. Source: Spiegelhalter 1986.

    Raises:
        ValueError: where every probability is 0, 1/2 or 1, which the test says nothing about.
    """
    top = sum((b - a) * (1.0 - 2.0 * a) for a, b in zip(p, y, strict=True))
    variance = sum((1.0 - 2.0 * a) ** 2 * a * (1.0 - a) for a in p)
    if variance <= 0.0:
        raise ValueError("no probability the test can use")
    z = top / math.sqrt(variance)
    return z, math.erfc(abs(z) / math.sqrt(2.0))


def isotonic(x: Sequence[float], y: Sequence[float]) -> list[float]:
    """The non-decreasing function of x nearest to y in squares, at each x as given; equal x share one value.

    Pool-adjacent-violators. Source: Ayer, Brunk, Ewing, Reid & Silverman 1955.
    """
    order = sorted(range(len(x)), key=lambda i: x[i])
    blocks: list[list[float]] = []  # total, count, last x
    for i in order:
        blocks.append([y[i], 1.0, x[i]])
        while len(blocks) > 1 and (
            blocks[-2][2] == blocks[-1][2] or blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]
        ):
            total, count, last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + total, blocks[-1][1] + count, last]
    fitted = [total / count for total, count, _ in blocks for _ in range(int(count))]
    out = [0.0] * len(x)
    for i, value in zip(order, fitted, strict=True):
        out[i] = value
    return out


def clustered(
    differences: Sequence[float], events: Sequence[str], rng: "np.random.Generator", level: float = 0.95
) -> Interval:
    """Mean of paired differences with a percentile interval from resampling whole events.

    Args:
        differences: one number a row, such as the squared error of a model minus the market's.
        events: which event each row belongs to; rows of one event are not independent.
        rng: seeded, so that a report repeats.
        level: of the interval.

    Source: Davison & Hinkley 1997, the cluster bootstrap. With fewer than two events the interval is unbounded.
    """
    import numpy as np

    names = {name: i for i, name in enumerate(dict.fromkeys(events))}
    cluster = np.array([names[name] for name in events])
    sums = np.bincount(cluster, weights=np.asarray(differences, dtype=float))
    counts = np.bincount(cluster).astype(float)
    mean = float(sums.sum() / counts.sum())
    if len(names) < 2:
        return Interval(mean, -math.inf, math.inf)
    picks = rng.integers(len(names), size=(DRAWS, len(names)))
    means = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(mean, float(low), float(high))


def _groups(p: Sequence[float], y: Sequence[float], bins: int) -> list[list[tuple[float, float]]]:
    """The (probability, outcome) pairs in bins, by rising probability."""
    pairs = sorted(zip(p, y, strict=True), key=lambda pair: pair[0])
    if bins:
        cuts = [len(pairs) * i // bins for i in range(bins + 1)]
        return [pairs[a:b] for a, b in pairwise(cuts) if b > a]
    groups: dict[float, list[tuple[float, float]]] = {}
    for pair in pairs:
        groups.setdefault(pair[0], []).append(pair)
    return list(groups.values())


def _mean(values: Sequence[float]) -> float:
    if not values:
        raise ValueError("nothing to score")
    return math.fsum(values) / len(values)


def _logit(p: float) -> float:
    clipped = max(CLIP, min(1.0 - CLIP, p))
    return math.log(clipped / (1.0 - clipped))


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x >= 0.0 else math.exp(x) / (1.0 + math.exp(x))

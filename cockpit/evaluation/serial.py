"""Means of days that depend on the days before: resampled in blocks, not one by one.

For daily results. Below `LEAST_DAYS` nothing is said: a block of days is then most of what there is.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cockpit.evaluation.scores import Interval

if TYPE_CHECKING:
    import numpy as np

LEAST_DAYS = 40
DRAWS = 2_000


def block_length(x: Sequence[float]) -> float:
    """Mean length of blocks that suits a series, at least one. Two values or more, not all alike.

    Source: Politis & White 2004, corrected by Patton, Politis & White 2009, for the stationary bootstrap.
    """
    import numpy as np

    values = np.asarray(x, dtype=float)
    n = len(values)
    centred = values - values.mean()
    most = max(1, min(n - 1, math.ceil(math.sqrt(n)) + max(5, math.ceil(math.sqrt(math.log10(n))))))
    covariances = np.array([float(centred[: n - k] @ centred[k:]) / n for k in range(most + 1)])
    run = max(5, math.ceil(math.sqrt(math.log10(n))))
    small = np.abs(covariances[1:] / covariances[0]) < 2.0 * math.sqrt(math.log10(n) / n)
    quiet = next((k for k in range(len(small)) if small[k : k + run].all()), len(small))
    window = min(2 * max(1, quiet), most)
    lags = np.arange(1, window + 1)
    weights = np.minimum(1.0, 2.0 * (1.0 - lags / window)) if window > 1 else np.ones(1)
    tail = weights * covariances[1 : window + 1]
    spectrum = covariances[0] + 2.0 * float(tail.sum())
    slope = 2.0 * float((tail * lags).sum())
    if spectrum <= 0.0:
        return 1.0
    length = (slope * slope / (spectrum * spectrum)) ** (1.0 / 3.0) * n ** (1.0 / 3.0)
    return float(min(max(1.0, length), math.ceil(min(3.0 * math.sqrt(n), n / 3.0))))


def picks(
    n: int, length: float, rng: "np.random.Generator", draws: int = DRAWS
) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Which of n values each draw takes, (draws, n): blocks of geometric length round the circle.

    Source: Politis & Romano 1994.

    Args:
        n: values in the series.
        length: mean length of a block.
        rng: seeded, so that a report repeats.
        draws: how many resamples.
    """
    import numpy as np

    starts = rng.integers(n, size=(draws, n))
    anew = rng.random((draws, n)) < 1.0 / length
    anew[:, 0] = True
    steps = np.arange(n)
    last = np.maximum.accumulate(np.where(anew, steps, 0), axis=1)
    found: np.ndarray[tuple[int, int], np.dtype[np.int64]] = (
        np.take_along_axis(starts, last, axis=1) + steps - last
    ) % n
    return found


def stationary(
    x: Sequence[float], length: float, rng: "np.random.Generator", draws: int = DRAWS
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Means of a series resampled by `picks`."""
    import numpy as np

    values = np.asarray(x, dtype=float)
    means: np.ndarray[tuple[int], np.dtype[np.float64]] = values[picks(len(values), length, rng, draws)].mean(
        axis=1
    )
    return means


def by_day(x: Sequence[float], rng: "np.random.Generator", level: float = 0.95) -> Interval | None:
    """Mean of daily results with a percentile interval; None below `LEAST_DAYS`, and where all are alike."""
    if len(x) < LEAST_DAYS or max(x) == min(x):
        return None
    import numpy as np

    means = stationary(x, block_length(x), rng)
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(math.fsum(x) / len(x), float(low), float(high))

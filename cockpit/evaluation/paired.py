"""Paired differences with a fixed number of events: exact tests, variance reduction, and how many events it takes.

For looking once. What is looked at while it grows is judged by `cockpit.models.verdicts`.
"""

import math
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

EXACT = 16
"""Events up to which all sign flips are tried."""
DRAWS = 10_000


def sign_flips(d: Sequence[float], rng: "np.random.Generator") -> float:
    """One-sided p-value of "the mean is not above 0", signs being as likely either way. Source: Fisher 1935.

    Exact up to `EXACT` differences, drawn with ``rng`` beyond, where the observed one counts as one of the draws.
    """
    total = math.fsum(d)
    slack = 1e-12 * max(1.0, math.fsum(map(abs, d)))
    if len(d) <= EXACT:
        sums = (
            math.fsum(s * x for s, x in zip(signs, d, strict=True))
            for signs in product((1, -1), repeat=len(d))
        )
        return sum(each >= total - slack for each in sums) / float(1 << len(d))
    import numpy as np

    signs = rng.integers(0, 2, size=(DRAWS, len(d))) * 2 - 1
    return (1 + int((signs @ np.asarray(d) >= total - slack).sum())) / (DRAWS + 1)


def student(d: Sequence[float]) -> tuple[float, float, float]:
    """Mean, t and two-sided p-value of paired differences. Source: Student 1908.

    Raises:
        ValueError: for fewer than two, or all alike.
    """
    from scipy.special import stdtr

    n = len(d)
    mean = math.fsum(d) / n if n else 0.0
    squares = math.fsum((x - mean) ** 2 for x in d)
    if n < 2 or not squares:
        raise ValueError("t needs two differences that differ")
    t = mean / math.sqrt(squares / (n - 1) / n)
    return mean, t, 2.0 * float(stdtr(n - 1, -abs(t)))


def cuped(y: Sequence[float], x: Sequence[float]) -> tuple[float, list[float]]:
    """Theta and y less what was known before: theta = cov(y, x) / var(x); the mean stays.

    ``x`` must be known before the treatment. Source: Deng, Xu, Kohavi & Walker 2013.
    """
    mean_x, mean_y = math.fsum(x) / len(x), math.fsum(y) / len(y)
    variance = math.fsum((a - mean_x) ** 2 for a in x)
    together = math.fsum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    theta = together / variance if variance else 0.0
    return theta, [b - theta * (a - mean_x) for a, b in zip(x, y, strict=True)]


def design_effect(size: float, correlation: float) -> float:
    """How many times as many rows are needed when they come in clusters of ``size``. Source: Kish 1965."""
    return 1.0 + (size - 1.0) * correlation


def effective_size(rows: float, correlation: float) -> float:
    """How many independent rows one cluster of so many is worth."""
    return rows / design_effect(rows, correlation)

"""Choosing among many versions without fooling oneself: corrections for many looks, and Sharpe ratios that know of them.

A Sharpe ratio here is per period (an event or a day), not annual; kurtosis is raw (3 for the normal).
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

EULER = 0.5772156649015329
_NORMAL = NormalDist()


def holm(p: Sequence[float]) -> list[float]:
    """P-values adjusted for their number, in the order given: the chance of any false one stays below. Source: Holm 1979."""
    adjusted, worst = [0.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        worst = max(worst, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = worst
    return adjusted


def false_discovery(p: Sequence[float]) -> list[float]:
    """P-values adjusted so that the share of false ones among those named stays below. Source: Benjamini & Hochberg 1995."""
    adjusted, least = [0.0] * len(p), 1.0
    for rank, i in reversed(list(enumerate(sorted(range(len(p)), key=lambda i: p[i]), 1))):
        least = min(least, len(p) / rank * p[i])
        adjusted[i] = least
    return adjusted


def moments(results: Sequence[float]) -> tuple[float, float, float] | None:
    """Sharpe ratio a period, skewness and raw kurtosis of a series; None for fewer than two periods or a constant one."""
    n = len(results)
    mean = math.fsum(results) / n if n else 0.0
    second = math.fsum((x - mean) ** 2 for x in results)
    if n < 2 or second <= 1e-18 * max(1.0, mean * mean):
        return None
    deviation = math.sqrt(second / n)
    skew = math.fsum((x - mean) ** 3 for x in results) / n / deviation**3
    kurtosis = math.fsum((x - mean) ** 4 for x in results) / n / deviation**4
    return mean / math.sqrt(second / (n - 1)), skew, kurtosis


def probabilistic(
    ratio: float, periods: int, skew: float = 0.0, kurtosis: float = 3.0, over: float = 0.0
) -> float:
    """Probability that the true Sharpe ratio is above ``over``. Source: Bailey & Lopez de Prado 2012.

    Raises:
        ValueError: for fewer than two periods, or moments no series has.
    """
    if periods < 2:
        raise ValueError("a Sharpe ratio needs two periods")
    return _normal((ratio - over) * math.sqrt((periods - 1) / _spread(ratio, skew, kurtosis)))


def hurdle(trials: int, variance: float) -> float:
    """The best Sharpe ratio that ``trials`` worthless versions would show: their ratios have this variance.

    Dropped trials count. Source: Bailey & Lopez de Prado 2014, the expected maximum of normals.
    """
    if trials < 2:
        return 0.0
    first = _NORMAL.inv_cdf(1.0 - 1.0 / trials)
    second = _NORMAL.inv_cdf(1.0 - 1.0 / (trials * math.e))
    return math.sqrt(variance) * ((1.0 - EULER) * first + EULER * second)


def deflated(ratio: float, periods: int, skew: float, kurtosis: float, trials: int, variance: float) -> float:
    """The deflated Sharpe ratio: `probabilistic` over the `hurdle` of so many trials. Source: Bailey & Lopez de Prado 2014."""
    return probabilistic(ratio, periods, skew, kurtosis, hurdle(trials, variance))


def record_length(ratio: float, skew: float = 0.0, kurtosis: float = 3.0, level: float = 0.95) -> float:
    """Periods a Sharpe ratio needs before it is believed to be above 0. Source: Bailey & Lopez de Prado 2012, MinTRL.

    Infinite for a ratio that is not positive.
    """
    if ratio <= 0.0:
        return math.inf
    return 1.0 + _spread(ratio, skew, kurtosis) * (_NORMAL.inv_cdf(level) / ratio) ** 2


def sample_size(deviation: float, difference: float, level: float = 0.05, power: float = 0.8) -> int:
    """Events a two-sided test needs to find a mean ``difference`` when one event's has this standard deviation."""
    z = _NORMAL.inv_cdf(1.0 - level / 2.0) + _NORMAL.inv_cdf(power)
    return math.ceil((z * deviation / difference) ** 2)


def _spread(ratio: float, skew: float, kurtosis: float) -> float:
    """Variance of a Sharpe ratio's estimate times the periods. Source: Mertens 2002."""
    found = 1.0 - skew * ratio + (kurtosis - 1.0) / 4.0 * ratio * ratio
    if found <= 0.0:
        raise ValueError("no series has such moments")
    return found


def _normal(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2.0))

"""Estimators of volatility from closes and from bars, as plain functions.

Bars are (open, high, low, close); u = ln(H/O), l = ln(L/O), c = ln(C/O). Every function returns a variance per bar (or
a deviation, where its name says sigma); multiply by the bars of a year for a yearly variance. All raise ValueError
where there is too little to estimate from.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

Bar = tuple[float, float, float, float]
"""Open, high, low, close."""

RANGE_OF_SIGMA = math.sqrt(8.0 / math.pi)
"""E[high - low] of a Brownian path over its standard deviation, 1.596. Source: Feller 1951."""
_DISCRETE = 2.0 * 0.5825971579390106
"""How much a path seen n times loses of its range, in sigma / sqrt(n). Source: Broadie, Glasserman & Kou 1997."""


def log_returns(prices: Sequence[float]) -> list[float]:
    """Logarithmic returns of consecutive prices."""
    return [math.log(later / earlier) for earlier, later in pairwise(prices)]


def close_to_close(returns: Sequence[float]) -> float:
    """The mean squared return, the mean taken as zero."""
    return _mean([r * r for r in returns])


def ewma(returns: Iterable[tuple[float, float]], half_life: float) -> float:
    """Exponentially weighted variance per unit of time of (return, duration) pairs, oldest first.

    Each pair is worth its duration, halved for every ``half_life`` that has passed since. With equal durations of one
    bar this is the RiskMetrics recursion without its start-up bias. Source: RiskMetrics 1996.
    """
    squares = spans = 0.0
    for r, span in returns:
        keep = 0.5 ** (span / half_life)
        squares = keep * squares + r * r
        spans = keep * spans + span
    if spans <= 0.0:
        raise ValueError("no returns")
    return squares / spans


def parkinson(bars: Sequence[Bar]) -> float:
    """(u - l)^2 / (4 ln 2). Source: Parkinson 1980."""
    return _mean([math.log(high / low) ** 2 for _, high, low, _ in bars]) / (4.0 * math.log(2.0))


def garman_klass(bars: Sequence[Bar]) -> float:
    """(u - l)^2 / 2 - (2 ln 2 - 1) c^2. Source: Garman & Klass 1980."""
    k = 2.0 * math.log(2.0) - 1.0
    return _mean([0.5 * math.log(h / low) ** 2 - k * math.log(c / o) ** 2 for o, h, low, c in bars])


def rogers_satchell(bars: Sequence[Bar]) -> float:
    """Free of drift: u (u - c) + l (l - c). Source: Rogers & Satchell 1991."""
    return _mean([rogers_satchell_bar(*bar) for bar in bars])


def rogers_satchell_bar(open_: float, high: float, low: float, close: float) -> float:
    """One bar's part of the Rogers-Satchell variance."""
    return math.log(high / open_) * math.log(high / close) + math.log(low / open_) * math.log(low / close)


def yang_zhang(bars: Sequence[Bar]) -> float:
    """Var(overnight) + k Var(open to close) + (1 - k) Rogers-Satchell; needs three bars.

    Source: Yang & Zhang 2000; k = 0.34 / (1.34 + (n + 1) / (n - 1)) over n bars that have one before them.
    """
    if len(bars) < 3:
        raise ValueError("Yang-Zhang needs three bars")
    overnight = [math.log(bar[0] / before[3]) for before, bar in pairwise(bars)]
    inside = [math.log(bar[3] / bar[0]) for bar in bars[1:]]
    n = len(inside)
    k = 0.34 / (1.34 + (n + 1) / (n - 1))
    return _variance(overnight) + k * _variance(inside) + (1.0 - k) * rogers_satchell(bars[1:])


def average_true_range(bars: Sequence[Bar], span: int = 14) -> float:
    """Wilder's average true range, in the bars' own unit.

    The mean of the first ``span`` true ranges, then (ATR (span - 1) + TR) / span. Source: Wilder 1978.
    """
    ranges = [max(h, before[3]) - min(low, before[3]) for before, (_, h, low, _) in pairwise(bars)]
    if len(ranges) < span:
        raise ValueError(f"ATR over {span} needs {span + 1} bars")
    atr = sum(ranges[:span]) / span
    for each in ranges[span:]:
        atr += (each - atr) / span
    return atr


def sigma_from_range(mean_range: float) -> float:
    """Standard deviation per bar from a mean (logarithmic) range: range / sqrt(8/pi). Source: Feller 1951."""
    return mean_range / RANGE_OF_SIGMA


def bipower(returns: Sequence[float]) -> float:
    """(pi/2) mean of |r_i| |r_(i-1)|: what a jump hardly moves. Source: Barndorff-Nielsen & Shephard 2004."""
    return 0.5 * math.pi * _mean([abs(a) * abs(b) for a, b in pairwise(returns)])


def jump_part(returns: Sequence[float]) -> float:
    """Squared returns minus bipower variation, per bar, never below zero."""
    return max(0.0, close_to_close(returns) - bipower(returns))


def range_correction(looks: int) -> float:
    """What a range-based variance is multiplied by when a bar's high and low are the extremes of ``looks`` prices.

    A path seen n times shows a range short of the true one by 2 * 0.5826 sigma / sqrt(n).
    """
    return (RANGE_OF_SIGMA / (RANGE_OF_SIGMA - _DISCRETE / math.sqrt(looks))) ** 2


def _mean(values: Sequence[float]) -> float:
    if not values:
        raise ValueError("nothing to estimate from")
    return sum(values) / len(values)


def _variance(values: Sequence[float]) -> float:
    mean = _mean(values)
    return sum((v - mean) ** 2 for v in values) / (len(values) - 1)

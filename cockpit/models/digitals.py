"""Digital, averaged and touch probabilities in closed form, with zero drift (rates are irrelevant within days).

S is the level now, K the strike, sigma the yearly volatility, times in seconds, a year 365 days. An averaged contract
settles on the mean of n ticks one second apart, the last at expiry. Seen from now, with m ticks to come and the first
of them in d seconds, the mean of those m behaves as one price after an effective time of

    theta = d + (m - 1)(2 m - 1) / (6 m)            seconds

which is Var(mean) / (sigma^2 S^2 / year) to first order; for m = 60, d + 19.503.
"""

import math

from cockpit.models.tails import DENSITY_NORMAL, ROOT_HALF

YEAR_S = 31_536_000.0
"""365 days of 24 hours, in seconds."""
PRINTS = 60
"""Prints of the settlement mean. Source: the venue's crypto contract terms."""

_BGK = 0.5825971579390106
"""-zeta(1/2) / sqrt(2 pi). Source: Broadie, Glasserman & Kou 1997."""


def norm_cdf(x: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-x * ROOT_HALF)


def deviation(sigma: float, seconds: float) -> float:
    """Standard deviation of the log price after ``seconds``."""
    return sigma * math.sqrt(seconds / YEAR_S)


def spot_digital(spot: float, strike: float, sigma: float, seconds: float) -> float:
    """P(S_T > K), lognormal. Source: Black 1976, undiscounted."""
    return _above(spot, strike, deviation(sigma, seconds))


def effective_seconds(first: float, ticks: int) -> float:
    """The time after which one price has the variance of the mean of ``ticks`` ticks, the first in ``first`` s."""
    if ticks <= 0:
        return 0.0
    return first + (ticks - 1) * (2 * ticks - 1) / (6.0 * ticks)


def averaged_digital(spot: float, strike: float, sigma: float, first: float, ticks: int = PRINTS) -> float:
    """P(mean of ``ticks`` ticks > K) before the first of them, which comes in ``first`` seconds.

    The lognormal with the mean's two moments. Source: Levy 1992.
    """
    if strike <= 0.0:
        return 1.0
    return _above(spot, strike, math.sqrt(math.log1p(_excess_moment(sigma, first, ticks))))


def averaged_digital_inside(
    spot: float, strike: float, sigma: float, first: float, known: float, seen: int, ticks: int = PRINTS
) -> float:
    """P(mean > K) with ``seen`` of the ``ticks`` out and summing to ``known``; the next comes in ``first`` seconds.

    The ticks to come must average above K* = (n K - known) / m; below zero that is certain.
    """
    left = ticks - seen
    if left <= 0:
        return 1.0 if known / ticks > strike else 0.0
    return averaged_digital(spot, (ticks * strike - known) / left, sigma, first, left)


def geometric_digital(spot: float, strike: float, sigma: float, first: float, ticks: int = PRINTS) -> float:
    """P(geometric mean > K): exactly lognormal. Source: Kemna & Vorst 1990."""
    if strike <= 0.0:
        return 1.0
    wait = first + (ticks - 1) / 2.0
    drift = -0.5 * sigma * sigma * wait / YEAR_S
    v = deviation(sigma, effective_seconds(first, ticks))
    return norm_cdf((math.log(spot / strike) + drift) / v) if v > 0.0 else float(spot > strike)


def touch(spot: float, barrier: float, sigma: float, seconds: float, every: float = 0.0) -> float:
    """P(the price reaches the barrier within ``seconds``), from whichever side it stands.

    Args:
        spot: level now; at the barrier the answer is 1.
        barrier: the level to reach.
        sigma: yearly volatility.
        seconds: time left.
        every: seconds between looks; 0 is always. The barrier is moved away by exp(0.5826 sigma sqrt(every)).
            Source: Broadie, Glasserman & Kou 1997.
    """
    up = barrier > spot
    if barrier == spot:
        return 1.0
    shift = math.exp(_BGK * deviation(sigma, every))
    level = barrier * shift if up else barrier / shift
    v = deviation(sigma, seconds)
    if v == 0.0:
        return 0.0
    b, half = abs(math.log(level / spot)), 0.5 * v * v
    away, mirrored = ((-b - half) / v, (-b + half) / v) if up else ((-b + half) / v, (-b - half) / v)
    return norm_cdf(away) + (spot / level) * norm_cdf(mirrored)


def skewed_digital(forward: float, strike: float, sigma: float, seconds: float, slope: float) -> float:
    """P(S_T > K) where the implied volatility changes by ``slope`` a dollar of strike: -dC/dK.

    Source: Gatheral, The Volatility Surface, 2006: N(d2) - vega * slope.
    """
    root = math.sqrt(seconds / YEAR_S)
    v = sigma * root
    d1 = (math.log(forward / strike) + 0.5 * v * v) / v
    vega = forward * root * DENSITY_NORMAL * math.exp(-0.5 * d1 * d1)
    return norm_cdf(d1 - v) - vega * slope


def _above(spot: float, strike: float, v: float) -> float:
    """P(X > strike), X lognormal with mean ``spot`` and log standard deviation v."""
    if v == 0.0:
        return 1.0 if spot > strike else 0.0
    return norm_cdf((math.log(spot / strike) - 0.5 * v * v) / v)


def _excess_moment(sigma: float, first: float, ticks: int) -> float:
    """E[mean^2] / S^2 - 1: the mean over all pairs of ticks of exp(sigma^2 min(t_i, t_j)) - 1."""
    rate = sigma * sigma / YEAR_S
    total = sum((2 * (ticks - j) - 1) * math.expm1(rate * (first + j)) for j in range(ticks))
    return total / (ticks * ticks)

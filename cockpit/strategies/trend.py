"""The trend of a market's own mid: two averages of its logit, scaled by what a random walk would do.

x = logit(mid), mid clipped to [.01, .99]. Averages are time-aware: over a gap of t seconds the newest value weighs
1 - 2 ** (-t / half-life). The variance a second is the same average of (dx) ** 2 / dt. For a random walk the fast
less the slow average has the exact stationary standard deviation

    sigma * (ts - tf) / sqrt(2 * (ts + tf)),    t = half-life / ln 2

(the stationary covariance of two exponential averages of one Brownian path), and z is the difference over it.
The averages start at the first mid, so z grows from zero. A trend filter cannot add value on a martingale.
"""

import math
from functools import lru_cache

import msgspec

from cockpit.domain.units import BID, PRICE, SECOND

CLIP2 = 200
"""Twice the nearest the mid may come to 0 or 1 dollar, price units: one cent."""
AGAINST = "trend against"


class Speeds(msgspec.Struct, frozen=True):
    """Half-lives in seconds. Ours, settable."""

    fast: float = 30.0
    slow: float = 240.0
    """Also the half-life of the variance."""


SPEEDS = Speeds()


class Trend(msgspec.Struct, frozen=True, gc=False):
    """What is remembered: the last moment (ns UTC, 0 before the first), its logit and the averages."""

    ts: int = 0
    x: float = 0.0
    fast: float = 0.0
    slow: float = 0.0
    var: float | None = None
    """Variance of the logit a second; None before the second mid."""


def log_odds(mid2: int, clip2: int = CLIP2) -> float:
    """Logit of a mid given as twice its price units, clipped; odd about one half, bit by bit."""
    mid2 = min(max(mid2, clip2), 2 * PRICE - clip2)
    return math.log(mid2) - math.log(2 * PRICE - mid2)


def weight(seconds: float, half_life: float) -> float:
    """What the newest value weighs after a gap: 1 - 2 ** (-gap / half-life)."""
    return 1.0 - math.exp2(-seconds / half_life)


def follow(trend: Trend, ts: int, x: float, speeds: Speeds = SPEEDS) -> Trend:
    """The trend after one more value; a moment that does not come later changes nothing."""
    if not trend.ts:
        return Trend(ts, x, x, x)
    if ts <= trend.ts:
        return trend
    gap = (ts - trend.ts) / SECOND
    fast, slow = weight(gap, speeds.fast), weight(gap, speeds.slow)
    step = x - trend.x
    sample = step * step / gap
    return Trend(
        ts,
        x,
        trend.fast + fast * (x - trend.fast),
        trend.slow + slow * (x - trend.slow),
        sample if trend.var is None else trend.var + slow * (sample - trend.var),
    )


@lru_cache(maxsize=64)
def spread_sd(fast: float, slow: float) -> float:
    """Stationary sd of fast less slow average for a random walk of sd 1 a square-root second; half-lives in seconds."""
    tf, ts = fast / math.log(2), slow / math.log(2)
    return (ts - tf) / math.sqrt(2 * (ts + tf))


def strength(trend: Trend, speeds: Speeds = SPEEDS) -> float:
    """z, the trend in standard deviations; 0 where nothing has moved yet."""
    if not trend.var:
        return 0.0
    return (trend.fast - trend.slow) / (math.sqrt(trend.var) * spread_sd(speeds.fast, speeds.slow))


def allows(z: float, side: int, z0: float) -> bool:
    """Whether the trend leaves a side alone: YES is bought only if z >= -z0, sold only if z <= z0. It only vetoes."""
    return z >= -z0 if side == BID else z <= z0

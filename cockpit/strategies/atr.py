"""One-minute bars of the mid, Wilder's average true range, and stops that hang on it.

True range = max(H - L, |H - C'|, |L - C'|), C' the close before. Wilder's average of n: the mean of the first n,
then (n - 1)/n of the old and 1/n of the new (J. W. Wilder, "New Concepts in Technical Trading Systems", 1978).

A stop on a fairly priced binary costs spread and fees on average: it limits risk, it is not alpha.
"""

import math
from collections.abc import Iterable

import msgspec

from cockpit.domain.markets import PriceBand
from cockpit.domain.units import BID, SECOND

MINUTE = 60 * SECOND


class Bars(msgspec.Struct, frozen=True, gc=False):
    """The bar in the making, the close before it and the average so far; prices in one unit of the caller's."""

    minute: int = 0
    """Minutes since the epoch of the bar in the making; 0 before the first."""
    high: float = 0.0
    low: float = 0.0
    close: float = 0.0
    before: float | None = None
    """Close of the bar before; None before there is one."""
    count: int = 0
    """Finished bars, counted no further than the average needs."""
    atr: float = 0.0
    """Average true range of the finished bars: their mean until there are enough."""


def true_range(high: float, low: float, before: float | None) -> float:
    """How far a bar reaches, the gap from the close before included."""
    if before is None:
        return high - low
    return max(high, before) - min(low, before)


def wilder(atr: float, reach: float, count: int, n: int) -> float:
    """The average with one more true range, the ``count``-th: a mean up to n, exponential after."""
    return atr + (reach - atr) / min(count, n)


def quiet(bars: Bars, minutes: int, n: int) -> Bars:
    """The bars after whole minutes without a change of the mid: flat bars, true range 0."""
    seeds = min(minutes, n - bars.count)
    atr = bars.atr * bars.count / (bars.count + seeds) if seeds else bars.atr
    atr *= ((n - 1) / n) ** (minutes - seeds)
    return msgspec.structs.replace(bars, count=bars.count + seeds, atr=atr)


def mark(bars: Bars, ts: int, mid: float, n: int) -> Bars:
    """The bars after one more mid at ``ts`` (ns UTC); n is the number of bars averaged."""
    minute = ts // MINUTE
    if minute <= bars.minute:
        if mid == bars.close:
            return bars
        high, low = max(bars.high, mid), min(bars.low, mid)
        return Bars(bars.minute, high, low, mid, bars.before, bars.count, bars.atr)
    if not bars.minute:
        return Bars(minute, mid, mid, mid)
    count = min(bars.count + 1, n)
    atr = wilder(bars.atr, true_range(bars.high, bars.low, bars.before), count, n)
    done = Bars(minute, mid, mid, mid, bars.close, count, atr)
    missed = minute - bars.minute - 1
    return quiet(done, missed, n) if missed else done


def stop_level(side: int, entry: float, best: float, atr: float, multiple: float) -> float:
    """The tighter of the stop from the entry and the chandelier from the best mid since, in the prices' unit.

    Args:
        side: BID for a long YES position, ASK for a short one.
        entry: average price paid.
        best: highest mid since (lowest for a short).
        atr: average true range.
        multiple: how many of them away.

    Source of the chandelier: C. Le Beau, as told by A. Elder, "Come Into My Trading Room", 2002.
    """
    if side == BID:
        return max(entry, best) - multiple * atr
    return min(entry, best) + multiple * atr


def to_tick(grid: Iterable[PriceBand], side: int, level: float) -> int:
    """A stop level in price units put on the grid, away from the market: down for a long, up for a short."""
    for band in grid:
        if band.start <= level <= band.end:
            steps = (level - band.start) / band.step
            whole = math.floor(steps + 1e-9) if side == BID else math.ceil(steps - 1e-9)
            return min(band.start + whole * band.step, band.end)
    return math.floor(level) if side == BID else math.ceil(level)

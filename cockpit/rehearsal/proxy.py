"""What Polymarket's crypto markets settle on: an exchange's candle and an oracle's stream, near the index and never it.

Ladders pay on one price, the last trade of the exchange's candle; up/down windows on the mean of sixty one-second values
of the stream. Both trade around the index with a basis b of their own, an Ornstein-Uhlenbeck deviation with standard
deviation s and pull k. Seen from now, b in t seconds has mean b exp(-k t) and variance s^2 (1 - exp(-2 k t)). With v the
variance of the index per second and S the index now, the candle's close in t seconds has

    mean  S (1 + b exp(-k t)),    var  v t + S^2 s^2 (1 - exp(-2 k t)).

The stream's mean has the index's own outlook (see `cockpit.rehearsal.value`) plus that of the basis: with m values to come,
the first in d seconds, a = exp(-k) and g(n) = (1 - a^n) / (1 - a),

    sum of means  S b exp(-k d) g(m),
    var of sum    S^2 s^2 [(1 - exp(-2 k d)) g(m)^2 + (1 - a^2) (g(1)^2 + ... + g(m - 1)^2)],

because the value of each second carries the shocks of all seconds before it, each shrunk by a for every second since.
"""

import math
from functools import cache

import msgspec
import numpy as np

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import YEAR_S, Path, pulled

CANDLE, STREAM = 2, 3
"""Where a path keeps the two bases: the spot exchanges come first."""
VALUES = 60


class Basis(msgspec.Struct, frozen=True):
    """A relative distance from the index: standard deviation, and pull back to it per second."""

    sd: float
    pull: float


def draw(path: Path, bases: tuple[Basis, Basis], rng: np.random.Generator) -> None:
    """Give a path the bases of the candle and of the stream."""
    path.bases += [pulled(len(path.price), each.pull, each.sd, rng).tolist() for each in bases]


class Proxies:
    """The two numbers near one index. Times ns UTC, values 1e-8 dollars, outlooks dollars."""

    def __init__(self, path: Path, bases: tuple[Basis, Basis]) -> None:
        self._path = path
        self._candle, self._stream = bases
        seconds = range(path.start, path.start + (len(path.prints) - 1) * SECOND, SECOND)
        self._sums = [0]
        for ts in seconds:
            self._sums.append(self._sums[-1] + round(path.on(STREAM, ts) * UNDERLYING))

    def last(self, close: int) -> int:
        """The close of the candle that ends at ``close``: the last trade before it, to the cent."""
        return round(self._path.on(CANDLE, close - 1) * 100) * (UNDERLYING // 100)

    def twap(self, ts: int) -> int:
        """The stream's mean of the sixty whole seconds up to ``ts``, cut to 1e-8."""
        return self._known(ts - (VALUES - 1) * SECOND, ts)[0] // VALUES

    def candle(self, now: int, close: int) -> tuple[float, float]:
        """Mean and standard deviation of the candle's close, as seen at ``now``."""
        if now >= close:
            return self.last(close) / UNDERLYING, 0.0
        left, basis = (close - now) / SECOND, self._candle
        price, off = self._seen(CANDLE, now)
        fades = math.exp(-basis.pull * left)
        own = (price * basis.sd) ** 2 * (1.0 - fades * fades)
        return price * (1.0 + off * fades), math.sqrt(self._per_second(now) * left + own)

    def stream(self, now: int, close: int) -> tuple[float, float]:
        """Mean and standard deviation of the stream's mean at ``close``, as seen at ``now``."""
        first = close - (VALUES - 1) * SECOND
        total, known = self._known(first, min(now, close)) if now >= first else (0, 0)
        left = VALUES - known
        if not left:
            return total / VALUES / UNDERLYING, 0.0
        wait = (first + known * SECOND - now) / SECOND
        price, off = self._seen(STREAM, now)
        pull, sd = self._stream.pull, self._stream.sd
        reach, carried = _reach(pull)[left], _carried(pull)[left]
        fades = math.exp(-pull * wait)
        index = left * left * wait + (left - 1) * left * (2 * left - 1) / 6.0
        own = (1.0 - fades * fades) * reach * reach + (1.0 - math.exp(-2.0 * pull)) * carried
        variance = self._per_second(now) * index + (price * sd) ** 2 * own
        mean = (total / UNDERLYING + price * (left + off * fades * reach)) / VALUES
        return mean, math.sqrt(variance) / VALUES

    def _seen(self, proxy: int, now: int) -> tuple[float, float]:
        """The index now, and a proxy's basis."""
        price = self._path.at(now)
        return price, self._path.on(proxy, now) / price - 1.0

    def _per_second(self, now: int) -> float:
        return (self._path.at(now) * self._path.vol_at(now)) ** 2 / YEAR_S

    def _known(self, first: int, last: int) -> tuple[int, int]:
        """Sum and count of the stream's values from ``first`` to ``last``, whole seconds, both included."""
        start = self._path.start
        low, high = (first - start) // SECOND, (last - start) // SECOND + 1
        return self._sums[high] - self._sums[low], high - low


@cache
def _reach(pull: float) -> list[float]:
    """g(0), g(1), ... of the module's formulas."""
    keep = math.exp(-pull)
    return [(1.0 - keep**n) / (1.0 - keep) for n in range(VALUES + 1)]


@cache
def _carried(pull: float) -> list[float]:
    """For every m the sum of g(n)^2 over n from 1 to m - 1."""
    sums = [0.0, 0.0]
    for reach in _reach(pull)[1:VALUES]:
        sums.append(sums[-1] + reach * reach)
    return sums

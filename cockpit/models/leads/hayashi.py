"""The Hayashi-Yoshida covariance of two series that never tick together, over lags, and what it says of who leads.

    U(l)   = sum_i sum_j dX_i dY_j 1{(t_(i-1), t_i] meets (s_(j-1) - l, s_j - l]}
    rho(l) = U(l) / sqrt(sum dX^2 sum dY^2)          may pass 1 in small samples
    lag*   = argmax |rho|                            positive: X leads Y by it
    LLR    = sum_(l > 0) rho^2 / sum_(l < 0) rho^2   above 1: X leads

No tick is interpolated and none is thrown away, so nothing decays as the grid gets finer (the Epps effect). Sources:
T. Hayashi and N. Yoshida, "On covariance estimation of non-synchronously observed diffusion processes", Bernoulli
2005; M. Hoffmann, M. Rosenbaum and N. Yoshida, "Estimation of the lead-lag parameter from non-synchronous data",
Bernoulli 2013; N. Huth and F. Abergel, "High frequency lead/lag relationships", 2014 (the ratio).

U, sum dX^2 and sum dY^2 add over independent stretches, which is how short-lived pairs make one series.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

RATIO_CAP = 1e6
"""The ratio where nothing at all correlates at negative lags."""
_TIE = 1e-9


class Path(msgspec.Struct, frozen=True):
    """Increments of one series: ``step[k]`` came over ``(at[k], at[k + 1]]``; ns, strictly rising."""

    at: Any
    step: Any

    @property
    def energy(self) -> float:
        """The sum of squared increments."""
        return float(self.step @ self.step)


class Peak(msgspec.Struct, frozen=True):
    """What a curve of correlations says."""

    lag: int
    """In the unit of the lags; the nearest to zero where several share the peak."""
    rho: float
    rho0: float
    llr: float

    @property
    def sign(self) -> int:
        """+1 where X leads, -1 where Y does, 0 at no lag."""
        return (self.lag > 0) - (self.lag < 0)


def path(times: Sequence[int], values: Sequence[float]) -> Path:
    """A series of points as increments; times strictly rising, at least one."""
    import numpy as np

    return Path(np.asarray(times, dtype=np.int64), np.diff(np.asarray(values, dtype=np.float64)))


def covariance(x: Path, y: Path, lag: int) -> float:
    """U at one lag, in O(n log m): each increment of X meets one unbroken run of Y's."""
    import numpy as np

    total = np.concatenate(([0.0], np.cumsum(y.step)))
    first = np.searchsorted(y.at, x.at[:-1] + lag, side="right") - 1
    last = np.searchsorted(y.at, x.at[1:] + lag, side="left")
    run = total[np.minimum(last, len(total) - 1)] - total[np.maximum(first, 0)]
    return float(x.step @ run)


def covariances(x: Path, y: Path, lags: "Ints") -> "Floats":
    """U at every lag of an ascending grid at once; see `portions`."""
    import numpy as np

    whole = np.zeros(len(lags))
    for part, _ in portions(x, y, lags, 1 << 18):
        whole += part
    return whole


def portions(x: Path, y: Path, lags: "Ints", most: int) -> Iterator[tuple["Floats", int]]:
    """U over an ascending grid in pieces that add up, each of about ``most`` pairs of increments, with its pairs.

    A pair of increments meets at the lags strictly between s_(j-1) - t_i and s_j - t_(i-1): it is entered where that
    range begins and taken out where it ends, and one running sum gives all lags. Only pairs within reach of the grid
    are looked at, so the cost follows the points near each other and not the number of lags.
    """
    import numpy as np

    low = np.searchsorted(y.at[1:], x.at[:-1] + lags[0], side="right")
    high = np.searchsorted(y.at[:-1], x.at[1:] + lags[-1], side="left")
    count = np.maximum(high - low, 0)
    ends = np.cumsum(count)
    begin = 0
    while begin < len(count):
        done = int(ends[begin - 1]) if begin else 0
        stop = max(begin + 1, int(np.searchsorted(ends, done + most, side="right")))
        yield _portion(x, y, lags, low[begin:stop], count[begin:stop], begin), int(ends[stop - 1]) - done
        begin = stop


def _portion(x: Path, y: Path, lags: "Ints", low: "Ints", count: "Ints", begin: int) -> "Floats":
    import numpy as np

    i = np.repeat(np.arange(begin, begin + len(count)), count)
    j = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    weight = x.step[i] * y.step[j]
    enters = np.searchsorted(lags, y.at[j] - x.at[i + 1], side="right")
    leaves = np.searchsorted(lags, y.at[j + 1] - x.at[i], side="left")
    size = len(lags) + 1
    change = np.bincount(enters, weight, size) - np.bincount(leaves, weight, size)
    return np.cumsum(change)[:-1]


def correlations(u: "Floats", energy_x: float, energy_y: float) -> "Floats":
    """Rho from U and the energies, all summed over the stretches; zeros where a side never moved."""
    import numpy as np

    scale = float(np.sqrt(energy_x * energy_y))
    return u / scale if scale > 0.0 else np.zeros_like(u)


def read(lags: "Ints", rho: "Floats") -> Peak:
    """What a curve says. The lags ascend, as far below 0 as above it.

    Raises:
        ValueError: when 0 is not in their middle.
    """
    import numpy as np

    zero = len(lags) // 2
    if lags[zero] or len(lags) % 2 == 0:
        raise ValueError("lags must lie around 0")
    size = np.abs(rho)
    peaks = np.flatnonzero(size >= size.max() * (1.0 - _TIE))
    peak = int(peaks[np.argmin(np.abs(lags[peaks]))])
    return Peak(int(lags[peak]), float(rho[peak]), float(rho[zero]), ratio(rho))


def ratio(rho: "Floats") -> float:
    """LLR of a curve over lags as far below 0 as above it; 1 where nothing correlates at all."""
    import numpy as np

    middle = len(rho) // 2
    ahead, behind = float(np.sum(rho[middle + 1 :] ** 2)), float(np.sum(rho[:middle] ** 2))
    if behind > 0.0:
        return min(ahead / behind, RATIO_CAP)
    return RATIO_CAP if ahead > 0.0 else 1.0


def rotated(y: Path, start: int, span: int, shift: int) -> Path:
    """A series turned round in time within a circle: its own changes in their own order, at moments not its own.

    Args:
        y: the series, all of it within the circle.
        start: where the circle is cut, ns.
        span: its length, ns.
        shift: by how much to turn, ns.
    """
    import numpy as np

    moved = (y.at[1:] - start + shift) % span + start
    order = np.argsort(moved, kind="stable")
    return Path(np.concatenate(([start - 1], moved[order])), y.step[order])

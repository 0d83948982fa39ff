"""The whole lead-lag test in slices, so that whoever runs it is never held up.

The observed curve first, then the curve of each session by itself, then the null: one series turned round in time
against the other by shifts spread evenly (multiples of the golden ratio, whose fractions leave no gap large), which
keeps each series' own ways and breaks what they have in common. Tracks too short to be turned by the least shift are
left out of it all, so that curve and null are of the same data. The same record gives the same result.

What must be told from chance is the lead, not that two prices of one thing are correlated. The ratio of two sums of
noise alone is wild (its 95th percentile lies near 6 where a true lead of seconds gives 2), so the null is a dependence
without a lead: the even part of the observed curve, (rho(l) + rho(-l)) / 2, plus the noise of each turned curve.
"""

import math
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.models.leads.hayashi import Path, correlations, path, portions, ratio, read, rotated
from cockpit.models.leads.record import LeadRecord, Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
OVERHEAD = 4_000
"""What setting a piece up costs, in pairs."""


class Lags(msgspec.Struct, frozen=True):
    """The grid of lags, both ways, and the null. The grid is ours, the shifts are what the gate asks for; settable."""

    step_ns: int = 250 * MILLISECOND
    reach_ns: int = 20 * SECOND
    """The ratio needs a wide range of lags."""
    shifts: int = 200
    """Circular time shifts of the null."""
    shift_ns: int = 300 * SECOND
    """Least shift, either way round."""
    session_steps: int = 20
    """Least increments on each side for a session to be judged by itself."""
    slice_pairs: int = 40_000
    """Overlapping increments worked off in one step: a few milliseconds."""


LAGS = Lags()


class LeadResult(msgspec.Struct, frozen=True):
    """What a test found. x is the other venue, y Kalshi; a positive lag says that x leads."""

    lag_s: float
    """Lag of the greatest |rho|, seconds."""
    rho: float
    rho0: float
    """At lag 0."""
    llr: float
    """Sum of rho squared over positive lags, over that over negative ones; above 1 x leads."""
    llr_null95: float
    """95th percentile of the ratio when one series is turned round in time."""
    n_x: int
    """Increments tested."""
    n_y: int
    joint_s: float
    """Seconds of joint recording behind the record tested."""
    sign: int
    """Of the lag."""
    signs: tuple[tuple[int, int], ...] = ()
    """(session start, sign of its own lag), for `LeadRecord.learn`."""
    tested_ns: int = 0


class Stretch(msgspec.Struct, frozen=True):
    """One track ready to be tested."""

    session: int
    x: Path
    y: Path
    start: int
    span: int
    """Of the circle its times are turned in, ns."""


class LeadTest:
    """One test over what a record holds now; later changes of the record do not touch it."""

    def __init__(self, record: LeadRecord, now: int, lags: Lags = LAGS) -> None:
        self.result: LeadResult | None = None
        self._now = now
        self._joint_s = record.joint_s
        self._stretches = stretches(record.tracks, lags)
        self._params = lags
        self._work = self._test()

    def step(self) -> bool:
        """Do one slice; True once there is nothing left to do. `result` stays None where no track is long enough."""
        done = 0
        for pairs in self._work:
            done += pairs
            if done >= self._params.slice_pairs:
                return False
        return True

    def _test(self) -> Iterator[int]:
        """The whole test; yields what each bit of it has cost, in pairs."""
        import numpy as np

        whole, p = self._stretches, self._params
        if not whole:
            return
        reach = p.reach_ns // p.step_ns
        lags = np.arange(-reach, reach + 1, dtype=np.int64) * p.step_ns
        curve = yield from _curve(whole, lags, p)
        signs: list[tuple[int, int]] = []
        for session in sorted({each.session for each in whole}):
            own = [each for each in whole if each.session == session]
            if min(_steps(own)) >= p.session_steps:
                signs.append((session, read(lags, (yield from _curve(own, lags, p))).sign))
        even = (curve + curve[::-1]) / 2.0
        null: list[float] = []
        for k in range(1, p.shifts + 1):
            noise = yield from _curve([turn(each, k, p.shift_ns) for each in whole], lags, p)
            null.append(ratio(even + noise))
        found = read(lags, curve)
        n_x, n_y = _steps(whole)
        self.result = LeadResult(
            found.lag / SECOND, found.rho, found.rho0, found.llr, percentile95(null), n_x, n_y, self._joint_s,
            found.sign, tuple(signs), self._now,
        )  # fmt: skip


def stretches(tracks: Iterable[Track], lags: Lags = LAGS) -> list[Stretch]:
    """The tracks that can be tested: both sides moved, over a span that the least shift fits into both ways."""
    found = []
    for track in tracks:
        if len(track.x) < 2 or len(track.y) < 2:
            continue
        start = min(track.x_ns[0], track.y_ns[0])
        span = max(track.x_ns[-1], track.y_ns[-1]) - start + 1
        if span > 2 * lags.shift_ns:
            x, y = path(track.x_ns, track.x), path(track.y_ns, track.y)
            found.append(Stretch(track.session, x, y, start, span))
    return found


def turn(each: Stretch, k: int, least: int) -> Stretch:
    """The k-th stretch of the null: y turned by at least ``least`` ns either way round."""
    shift = least + int(k * GOLDEN % 1.0 * (each.span - 2 * least))
    return Stretch(each.session, each.x, rotated(each.y, each.start, each.span, shift), each.start, each.span)


def percentile95(values: Sequence[float]) -> float:
    """The 95th percentile by nearest rank; infinite where there is nothing to rank."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1] if values else math.inf


def _curve(
    whole: Sequence[Stretch], lags: "NDArray[np.int64]", params: Lags
) -> "Generator[int, None, NDArray[np.float64]]":
    """One curve over all stretches; yields what each bit has cost, in pairs."""
    import numpy as np

    u = np.zeros(len(lags))
    for each in whole:
        for part, pairs in portions(each.x, each.y, lags, params.slice_pairs):
            u += part
            yield pairs + OVERHEAD
    energies = (sum(each.x.energy for each in whole), sum(each.y.energy for each in whole))
    return correlations(u, *energies)


def _steps(whole: Sequence[Stretch]) -> tuple[int, int]:
    """Increments of x and of y."""
    return sum(len(each.x.step) for each in whole), sum(len(each.y.step) for each in whole)

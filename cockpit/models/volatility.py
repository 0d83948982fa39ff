"""Volatility of one underlying, kept up as prices come in.

Prices are sampled every 15 s (over a second an index is smoothed and trades bounce) and gathered into one-minute bars.
Three measures of the recent variance, exponentially weighted in time, are averaged: squared returns, bipower variation
of neighbouring returns (jumps hardly move it), Rogers-Satchell of the bars corrected for the number of looks. What
smoothing and bounce still do to each is learned over a day from the squared returns of the bars themselves, and undone.
The recent variance is shrunk to the same over days, and that to the asset's prior, by counts of returns:

    slow = (n_s s + N prior^2) / (n_s + N)            over days
    fast = (n_f f + N slow) / (n_f + N)               over the last hour
    error^2 = w_f^2 c / n_f + (1 - w_f)^2 error_slow^2 + drift^2,                    w_f = n_f / (n_f + N)
    error_slow^2 = w_s^2 (c / n_s + prior_error^2) + (1 - w_s)^2 prior_error^2,      w_s = n_s / (n_s + N)

n = (sum w d)^2 / sum (w d)^2 counts the returns behind a weighted mean, d their durations; c / n is the relative variance
of a volatility made from n returns. With little data the prior speaks, within minutes the data does. A year has 365
days.

What was not watched, before the first price and while none came, can be told afterwards by an exchange's candles: each
stretch of it once, by one source, with the weight it would have had. A return over a long silence gives way to them.
"""

import math
from collections.abc import Iterable

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.decayed import FAST_S, SLOW_S, Decayed, Measure
from cockpit.models.estimators import range_correction, rogers_satchell_bar
from cockpit.models.implied import FROM_S, Surface

SAMPLE_NS = 15 * SECOND
BAR_SAMPLES = 4
DENSE_S = 60.0
"""Returns over longer spans say nothing to bipower variation, ranges or bars."""
GAP_S = 7200.0
"""A return over a longer span is a gap, not an observation."""
LEAST_LOOKS = 8
"""Prices a bar must have seen for its high and low to mean something."""
KURTOSIS = 6.0
"""Of returns over seconds to minutes, standardised by a recent volatility."""
PRIOR_ERROR = 0.40
"""Relative standard error of the asset's prior, and of the volatility over days as a guess of the recent one."""
PRIOR_RETURNS = 6.0
"""Returns a guess with `PRIOR_ERROR` is worth: (kurtosis - 1) / (exp(4 error^2) - 1), the noise of one squared return
over the variance of the guessed variance."""
NOISE = (KURTOSIS - 1.0) / 4.0
"""Relative variance of a volatility made from one return."""
DRIFT = 0.12
"""Relative standard deviation of what others may know of the coming volatility and the recent does not show: hours
of the day, scheduled news. What nobody knows of it is in the tails of the law, not here."""
IMPLIED_HALF_S = 18_000.0
"""Beyond it, its weight has grown to half of `IMPLIED_MOST` after this."""
IMPLIED_MOST = 0.8
IMPLIED_ERROR = 0.10
HOLE_S = 180.0
"""A silence of this long is one that bars may fill."""
MOST_HOLES = 4
NEVER = 1 << 62
LEAST_BARS = 10
"""Fewer bars than this say too little of the time before the first price."""
BAR_LOOKS = 60
"""Prices the high and low of an exchange's minute are taken to be the extremes of: about one a second."""
_BAR_RANGE = range_correction(BAR_LOOKS)
_PAIRS = 0.5 * math.pi


class VolEstimate(msgspec.Struct, frozen=True, gc=False):
    """A yearly volatility, its relative standard error, and the yearly volatilities it was made from."""

    sigma: float
    error: float
    parts: tuple[tuple[str, float], ...] = ()


class Bar(msgspec.Struct, frozen=True, gc=False):
    """An exchange's candle of one underlying: when it ended (ns UTC), its length, its prices in dollars."""

    end: int
    seconds: int
    open: float
    high: float
    low: float
    close: float

    @property
    def start(self) -> int:
        """When it began."""
        return self.end - self.seconds * SECOND


class Hole(msgspec.Struct):
    """A time in which nothing was watched, and the squared return that stands for it until bars do (span 0: none)."""

    since: int = 0
    until: int = NEVER
    square: float = 0.0
    span: float = 0.0


class Volatility(msgspec.Struct):
    """The volatility of one underlying; plain state that encodes and restores exactly."""

    prior: float = 0.5
    floor: float = 0.15
    cap: float = 3.0
    due_ns: int = 0
    """When the next sample is taken."""
    sample_ns: int = 0
    sample: float = 0.0
    step: float = -1.0
    """Size of the last return over the root of its span; below 0 where the next has no neighbour."""
    squares: Measure = msgspec.field(default_factory=Measure)
    pairs: Measure = msgspec.field(default_factory=Measure)
    ranges: Measure = msgspec.field(default_factory=Measure)
    gauge: Decayed = msgspec.field(default_factory=Decayed)
    """Squared returns of whole bars over days."""
    samples: int = 0
    """Samples in the open bar."""
    bar_ns: int = 0
    open: float = 0.0
    high: float = 0.0
    low: float = 0.0
    looks: int = 0
    surface: Surface = msgspec.field(default_factory=Surface)
    holes: list[Hole] = msgspec.field(default_factory=lambda: [Hole()])
    """What bars may still fill, oldest first."""

    def __post_init__(self) -> None:
        if self.sample_ns and self.holes and self.holes[0].until == NEVER:
            del self.holes[0]

    def add(self, ts_ns: int, price: float) -> None:
        """Take a price (> 0); between samples it can only move the open bar's high and low."""
        self.looks += 1
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        if ts_ns >= self.due_ns:
            self._sample(ts_ns, price)

    def imply(self, ts_ns: int, sigma: float, expiry_ns: int = 0, tenor_s: float = 30 * 86_400.0) -> None:
        """Take an option-implied yearly volatility: of an expiry, or of an index over a constant tenor."""
        if expiry_ns:
            self.surface.tell(ts_ns, sigma, expiry_ns)
        else:
            self.surface.tell_index(ts_ns, sigma, tenor_s)

    def seed(self, bars: Iterable[Bar]) -> bool:
        """Fill what was not watched with one source's bars, in any order; whether any of them told something.

        A hole takes the bars that lie wholly in it, if they are enough to speak for it, and is closed.
        """
        ordered = sorted({bar.end: bar for bar in bars}.values(), key=_end)
        holes, self.holes = self.holes, []
        for hole in holes:
            inside = [bar for bar in ordered if hole.since <= bar.start and bar.end <= hole.until]
            if len(inside) >= LEAST_BARS or (
                hole.span and sum(bar.seconds for bar in inside) > hole.span / 2
            ):
                self._fill(hole, inside)
            else:
                self.holes.append(hole)
        return len(self.holes) < len(holes)

    def estimate(self, now: int, left_s: float = 0.0) -> VolEstimate:
        """The volatility to price with.

        Args:
            now: ns UTC.
            left_s: the contract's horizon in seconds; beyond an hour an implied level counts.
        """
        recent = self._recent()
        n_slow = self.squares.slow.n
        trust = n_slow / (n_slow + PRIOR_RETURNS)
        slow = trust * self._slow() + (1.0 - trust) * self.prior**2
        slow_error2 = trust**2 * NOISE / max(n_slow, 1.0) + (trust**2 + (1.0 - trust) ** 2) * PRIOR_ERROR**2
        silent = max(0, now - self.sample_ns) / SECOND
        n_fast = self.squares.fast.n * 0.5 ** (silent / FAST_S)
        weight = n_fast / (n_fast + PRIOR_RETURNS)
        mean = sum(value for _, value in recent) / len(recent) if recent else 0.0
        variance = weight * mean + (1.0 - weight) * slow
        error2 = weight**2 * NOISE / max(n_fast, 1.0) + (1.0 - weight) ** 2 * slow_error2 + DRIFT**2
        level = self.surface.level(now, left_s)
        implied = self._implied_weight(level, left_s)
        variance = implied * level**2 + (1.0 - implied) * variance
        error2 = (implied * IMPLIED_ERROR) ** 2 + (1.0 - implied) ** 2 * error2
        sigma = min(max(math.sqrt(variance), self.floor), self.cap)
        return VolEstimate(sigma, math.sqrt(error2), self._parts(recent, level))

    def _recent(self) -> list[tuple[str, float]]:
        """The recent variance per year by each measure that has seen anything."""
        measures = (("ewma", self.squares), ("range", self.ranges), ("bipower", self.pairs))
        return [
            (name, each.fast.yearly * each.bias(self.gauge))
            for name, each in measures
            if each.fast.span > 0.0
        ]

    def _slow(self) -> float:
        """The variance per year over days."""
        return self.squares.slow.yearly * self.squares.bias(self.gauge)

    @staticmethod
    def _implied_weight(level: float, left_s: float) -> float:
        beyond = left_s - FROM_S
        return IMPLIED_MOST * beyond / (beyond + IMPLIED_HALF_S) if level > 0.0 and beyond > 0.0 else 0.0

    def _parts(self, recent: list[tuple[str, float]], level: float) -> tuple[tuple[str, float], ...]:
        days = [("days", self._slow())] if recent else []
        seen = tuple((name, math.sqrt(value)) for name, value in recent + days)
        implied = (("implied", level),) if level > 0.0 else ()
        return (*seen, *implied, ("prior", self.prior))

    def _sample(self, ts_ns: int, price: float) -> None:
        span = (ts_ns - self.sample_ns) / SECOND
        if self.sample > 0.0 and 0.0 < span <= GAP_S:
            self._take(math.log(price / self.sample), span)
        elif self.sample_ns:
            self._pass(max(0.0, span))
        self._notice(ts_ns, price, span)
        if self.samples >= BAR_SAMPLES:
            self._close(ts_ns, price)
        elif self.samples == 0:
            self._open(ts_ns, price)
        self.sample_ns, self.sample, self.due_ns = ts_ns, price, ts_ns + SAMPLE_NS

    def _notice(self, ts_ns: int, price: float, span: float) -> None:
        """Note what was not watched before this price."""
        if not self.sample_ns:
            if self.holes:
                self.holes[-1].until = ts_ns
        elif span > HOLE_S:
            told = self.sample > 0.0 and span <= GAP_S
            square = math.log(price / self.sample) ** 2 if told else 0.0
            self.holes = [*self.holes, Hole(self.sample_ns, ts_ns, square, span if told else 0.0)][
                -MOST_HOLES:
            ]

    def _fill(self, hole: Hole, bars: list[Bar]) -> None:
        """Put bars in, oldest first; everything known is as of the last sample, or of the last bar without one."""
        if not self.sample_ns:
            self.sample_ns = bars[-1].end
        now = self.sample_ns
        if hole.span:
            self.squares.put(hole.square, hole.span, max(0, now - hole.until) / SECOND, -1.0)
        before: Bar | None = None
        step = -1.0
        for bar in bars:
            age, span, last = max(0, now - bar.end) / SECOND, float(bar.seconds), bar.open
            if before is not None:
                if bar.start < before.end:
                    continue
                if bar.end - before.end <= GAP_S * SECOND:
                    span, last = (bar.end - before.end) / SECOND, before.close
            r = math.log(bar.close / last)
            self.squares.put(r * r, span, age)
            before_step, step = step, abs(r) / math.sqrt(span) if span <= DENSE_S else -1.0
            if step >= 0.0:
                if before_step >= 0.0:
                    self.pairs.put(_PAIRS * step * before_step * span, span, age)
                self.gauge.put(r * r, span, age, SLOW_S)
                variance = rogers_satchell_bar(bar.open, bar.high, bar.low, bar.close)
                self.ranges.put(variance * _BAR_RANGE, float(bar.seconds), age)
            before = bar

    def _take(self, r: float, span: float) -> None:
        """A return over a span: one more sample of the bar, or the end of it where the span is long."""
        self.squares.add(r * r, span)
        if span > DENSE_S:
            self.step, self.samples = -1.0, 0
            return
        step = abs(r) / math.sqrt(span)
        if self.step >= 0.0:
            self.pairs.add(_PAIRS * step * self.step * span, span)
        self.step = step
        self.samples += 1

    def _pass(self, span: float) -> None:
        """Nothing was heard for a while: everything known is that much older."""
        for measure in (self.squares, self.pairs, self.ranges):
            measure.age(span)
        self.gauge.age(span, SLOW_S)
        self.step, self.samples = -1.0, 0

    def _close(self, ts_ns: int, price: float) -> None:
        span = (ts_ns - self.bar_ns) / SECOND
        self.gauge.add(math.log(price / self.open) ** 2, span, SLOW_S)
        if self.looks >= LEAST_LOOKS:
            variance = rogers_satchell_bar(self.open, self.high, self.low, price)
            self.ranges.add(variance * range_correction(self.looks), span)
        self._open(ts_ns, price)

    def _open(self, ts_ns: int, price: float) -> None:
        self.bar_ns = ts_ns
        self.open = self.high = self.low = price
        self.looks = self.samples = 0


def _end(bar: Bar) -> int:
    return bar.end

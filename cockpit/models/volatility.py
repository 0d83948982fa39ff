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
"""

import math

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.digitals import YEAR_S
from cockpit.models.estimators import range_correction, rogers_satchell_bar

SAMPLE_NS = 15 * SECOND
BAR_SAMPLES = 4
DENSE_S = 60.0
"""Returns over longer spans say nothing to bipower variation, ranges or bars."""
GAP_S = 7200.0
"""A return over a longer span is a gap, not an observation."""
LEAST_LOOKS = 8
"""Prices a bar must have seen for its high and low to mean something."""
FAST_S = 2700.0
"""Half-life of the recent variance: 45 minutes."""
SLOW_S = 86_400.0
"""Half-life of the variance over days, and of what is learned of each measure's bias."""
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
GAUGE_BARS = 120.0
"""Bars the belief that a measure is unbiased is worth."""
IMPLIED_FROM_S = 3600.0
"""An option surface says nothing below this horizon."""
IMPLIED_HALF_S = 18_000.0
"""Beyond it, its weight has grown to half of `IMPLIED_MOST` after this."""
IMPLIED_MOST = 0.8
IMPLIED_FRESH_NS = 3600 * SECOND
IMPLIED_ERROR = 0.10
_PAIRS = 0.5 * math.pi


class VolEstimate(msgspec.Struct, frozen=True, gc=False):
    """A yearly volatility, its relative standard error, and the yearly volatilities it was made from."""

    sigma: float
    error: float
    parts: tuple[tuple[str, float], ...] = ()


class Decayed(msgspec.Struct):
    """Weighted sums of variance, of time, and of squared time; weights halve with every half-life."""

    value: float = 0.0
    span: float = 0.0
    spans: float = 0.0

    def add(self, value: float, span: float, half_life: float) -> None:
        """Age by ``span`` seconds and take what happened over it."""
        self.age(span, half_life)
        self.value += value
        self.span += span
        self.spans += span * span

    def age(self, span: float, half_life: float) -> None:
        """Age by ``span`` seconds."""
        keep = 0.5 ** (span / half_life)
        self.value *= keep
        self.span *= keep
        self.spans *= keep * keep

    @property
    def n(self) -> float:
        """How many returns it is worth."""
        return self.span * self.span / self.spans if self.spans > 0.0 else 0.0

    @property
    def yearly(self) -> float:
        """Variance per year; 0 with nothing seen."""
        return self.value / self.span * YEAR_S if self.span > 0.0 else 0.0


class Measure(msgspec.Struct):
    """One measure of variance, recent and over days."""

    fast: Decayed = msgspec.field(default_factory=Decayed)
    slow: Decayed = msgspec.field(default_factory=Decayed)

    def add(self, value: float, span: float) -> None:
        """Take a variance over ``span`` seconds."""
        self.fast.add(value, span, FAST_S)
        self.slow.add(value, span, SLOW_S)

    def age(self, span: float) -> None:
        """Pass ``span`` seconds without an observation."""
        self.fast.age(span, FAST_S)
        self.slow.age(span, SLOW_S)

    def bias(self, gauge: Decayed) -> float:
        """What its variance is multiplied by to agree with the gauge over days, shrunk to 1."""
        own, n = self.slow.yearly, gauge.n
        return (n * gauge.yearly / own + GAUGE_BARS) / (n + GAUGE_BARS) if own > 0.0 else 1.0


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
    implied: float = 0.0
    implied_ns: int = 0

    def add(self, ts_ns: int, price: float) -> None:
        """Take a price (> 0); between samples it can only move the open bar's high and low."""
        self.looks += 1
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        if ts_ns >= self.due_ns:
            self._sample(ts_ns, price)

    def imply(self, ts_ns: int, sigma: float) -> None:
        """Take an option-implied yearly volatility."""
        self.implied, self.implied_ns = sigma, ts_ns

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
        implied = self._implied_weight(now, left_s)
        variance = implied * self.implied**2 + (1.0 - implied) * variance
        error2 = (implied * IMPLIED_ERROR) ** 2 + (1.0 - implied) ** 2 * error2
        sigma = min(max(math.sqrt(variance), self.floor), self.cap)
        return VolEstimate(sigma, math.sqrt(error2), self._parts(recent))

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

    def _implied_weight(self, now: int, left_s: float) -> float:
        beyond = left_s - IMPLIED_FROM_S
        if self.implied <= 0.0 or beyond <= 0.0 or now - self.implied_ns > IMPLIED_FRESH_NS:
            return 0.0
        return IMPLIED_MOST * beyond / (beyond + IMPLIED_HALF_S)

    def _parts(self, recent: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
        days = [("days", self._slow())] if recent else []
        seen = tuple((name, math.sqrt(value)) for name, value in recent + days)
        implied = (("implied", self.implied),) if self.implied > 0.0 else ()
        return (*seen, *implied, ("prior", self.prior))

    def _sample(self, ts_ns: int, price: float) -> None:
        span = (ts_ns - self.sample_ns) / SECOND
        if self.sample > 0.0 and 0.0 < span <= GAP_S:
            self._take(math.log(price / self.sample), span)
        elif self.sample > 0.0:
            self._pass(max(0.0, span))
        if self.samples >= BAR_SAMPLES:
            self._close(ts_ns, price)
        elif self.samples == 0:
            self._open(ts_ns, price)
        self.sample_ns, self.sample, self.due_ns = ts_ns, price, ts_ns + SAMPLE_NS

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

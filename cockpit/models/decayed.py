"""Sums that forget: weights halve with every half-life, so that a mean is one of the recent past.

They are linear, so what happened earlier can be put in later with the weight it would have had by now, and taken out
again.
"""

import msgspec

from cockpit.models.digitals import YEAR_S

FAST_S = 2700.0
"""Half-life of the recent variance: 45 minutes."""
SLOW_S = 86_400.0
"""Half-life of the variance over days, and of what is learned of each measure's bias."""
GAUGE_BARS = 120.0
"""Bars the belief that a measure is unbiased is worth."""


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

    def put(self, value: float, span: float, age: float, half_life: float, sign: float = 1.0) -> None:
        """Take what happened over ``span`` seconds that ended ``age`` seconds ago; with ``sign`` -1 take it out again."""
        keep = 0.5 ** (age / half_life)
        self.value = max(0.0, self.value + sign * keep * value)
        self.span = max(0.0, self.span + sign * keep * span)
        self.spans = max(0.0, self.spans + sign * (keep * span) ** 2)

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

    def put(self, value: float, span: float, age: float, sign: float = 1.0) -> None:
        """Take one over ``span`` seconds that ended ``age`` seconds ago; with ``sign`` -1 take it out again."""
        self.fast.put(value, span, age, FAST_S, sign)
        self.slow.put(value, span, age, SLOW_S, sign)

    def age(self, span: float) -> None:
        """Pass ``span`` seconds without an observation."""
        self.fast.age(span, FAST_S)
        self.slow.age(span, SLOW_S)

    def bias(self, gauge: Decayed) -> float:
        """What its variance is multiplied by to agree with the gauge over days, shrunk to 1."""
        own, n = self.slow.yearly, gauge.n
        return (n * gauge.yearly / own + GAUGE_BARS) / (n + GAUGE_BARS) if own > 0.0 else 1.0

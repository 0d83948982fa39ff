"""Verdicts on two versions over the same stream: B less A, one difference a settlement cluster, never one a fill.

    collecting          fewer than thirty events: nothing is said
    no difference yet   the usual answer
    A better, B better  the evidence on one side reached 40 (an error of 5 % over all looks, both sides together), and
                        the other side's never did
    stop                B fell from its best point by more than was agreed, and is shown to lose by itself: a version
                        that earns nothing falls as far in time; one that is shown to be better is not stopped

A verdict once reached stays, unless the other side is shown too: then the two were not steady, and nothing is said.
Differences are dollars after fees. What is promoted needs more: see `missing`.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

import msgspec

from cockpit.models.sequential import LEVEL, anytime_p, confidence, wealth

COLLECTING, NO_DIFFERENCE, A_BETTER, B_BETTER, STOP = (
    "collecting", "no difference yet", "A better", "B better", "stop",
)  # fmt: skip
CANNOT_TELL = frozenset({COLLECTING, NO_DIFFERENCE})
"""States that are both said as "cannot tell yet"."""
NOTHING_SAID, EARNING, LOSING = "cannot tell yet", "earning", "losing"
LEAST = 30
"""Events below which nothing is said."""
BOUND = 100.0
"""Dollars an event's difference is scaled by; chosen before any was seen: what one order may lose at most."""
DRAWDOWN = 500.0
"""Dollars B may fall from its best point; what one event may lose at most."""
SURE = 0.95
"""The deflated Sharpe ratio a version chosen among many needs."""


class Verdict(msgspec.Struct, frozen=True):
    """What can be said of B against A."""

    n: int
    """Events."""
    mean: float | None
    """Mean difference an event, dollars; positive is for B."""
    interval: tuple[float, float] | None
    """Its 95 % confidence sequence; holds for many events only."""
    evidence: float
    """The e-value of "there is a difference" now."""
    sides: tuple[float, float]
    """Anytime p-values of "A is not better" and of "B is not better", each doubled: both are looked at."""
    drawdown: float
    """B's largest fall from its best point, dollars."""
    fell: bool
    """Whether that is more than was agreed, and B shown to lose: a fall alone is what chance does in time."""

    @property
    def p(self) -> float:
        """Anytime p-value of "there is no difference"."""
        return min(self.sides)

    @property
    def state(self) -> str:
        """What is said of this question alone."""
        return self.under(1.0)

    def under(self, factor: float) -> str:
        """What is said where p-values count for so many times as much: of one question among many."""
        a, b = (min(1.0, side * factor) <= LEVEL for side in self.sides)
        if self.n >= LEAST and b and not a:
            return B_BETTER
        if self.fell:
            return STOP
        if self.n < LEAST:
            return COLLECTING
        return A_BETTER if a and not b else NO_DIFFERENCE


def judge(
    differences: Sequence[float],
    *,
    bound: float = BOUND,
    own: Sequence[float] = (),
    limit: float = DRAWDOWN,
) -> Verdict:
    """The verdict after these events, in an order fixed before they were known.

    Args:
        differences: B less A, dollars.
        bound: what differences are scaled by, fixed before looking.
        own: B's own results in the same order, for the drawdown guard; none: no guard.
        limit: dollars B may fall from its best point.
    """
    n = len(differences)
    made = wealth(differences, bound)
    both = made.both
    fall = drawdown(own)
    return Verdict(
        n=n,
        mean=math.fsum(differences) / n if n else None,
        interval=confidence(differences) if n >= LEAST else None,
        evidence=both[-1] if both else 1.0,
        sides=(min(1.0, 2.0 * anytime_p(made.down)), min(1.0, 2.0 * anytime_p(made.up))),
        drawdown=fall,
        fell=fall > limit and 2.0 * anytime_p(wealth(own, bound).down) <= LEVEL,
    )


@lru_cache(maxsize=256)
def alone(results: tuple[float, ...]) -> str:
    """What one version's own results say against doing nothing, dollars an event in the order they were settled.

    "earning" or "losing" where `judge` decides, else "cannot tell yet".
    """
    return {B_BETTER: EARNING, A_BETTER: LOSING}.get(judge(results).state, NOTHING_SAID)


def drawdown(results: Sequence[float]) -> float:
    """The largest fall of the running sum from its best point (0 at the start): zero or positive."""
    best, most = 0.0, 0.0
    for level in accumulate(results):
        best = max(best, level)
        most = max(most, best - level)
    return most


def missing(
    state: str, *, deflated: float | None, cross: float | None, markout: float | None
) -> tuple[str, ...]:
    """What keeps B from being promoted; nothing where it may be.

    Args:
        state: on the primary measure.
        deflated: the deflated Sharpe ratio where B was chosen among several; None: it was not.
        cross: mean difference under the strict rule; None: not known.
        markout: B's mark-out less A's at 60 s; None: not known.
    """
    found = []
    if state != B_BETTER:
        found.append(state)
    if deflated is not None and deflated < SURE:
        found.append("deflated Sharpe ratio under 0.95")
    if cross is None or cross <= 0.0:
        found.append("not better under the cross rule")
    if markout is None or markout < 0.0:
        found.append("mark-outs worse or not known")
    return tuple(found)

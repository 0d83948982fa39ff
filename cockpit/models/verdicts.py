"""Verdicts on two versions over the same stream: B less A, one difference a settlement cluster, never one a fill.

    collecting          fewer than thirty events: nothing is said
    no difference yet   the usual answer
    A better, B better  the evidence reached 20 (at an error of 5 % over all looks, both signs together)
    stop                B lost more from its best point than was agreed before

A verdict once reached stays: evidence that falls later does not take it back. Zeros, where neither traded, are kept.
Differences are dollars after fees. What is promoted needs more: see `missing`.
"""

import math
from collections.abc import Mapping, Sequence
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
ENOUGH = 1.0 / LEVEL
"""The e-value that decides."""
BOUND = 100.0
"""Dollars an event's difference is scaled by; chosen before any was seen: what one order may lose at most."""
DRAWDOWN = 500.0
"""Dollars B may fall from its best point; what one event may lose at most."""
SURE = 0.95
"""The deflated Sharpe ratio a version chosen among many needs."""


class Verdict(msgspec.Struct, frozen=True):
    """What can be said of B against A."""

    state: str
    n: int
    """Events."""
    mean: float | None
    """Mean difference an event, dollars; positive is for B."""
    interval: tuple[float, float] | None
    """Its 95 % confidence sequence; holds for many events only."""
    evidence: float
    """The e-value now."""
    p: float
    """Anytime p-value: one over the highest e-value so far."""
    decided: int | None
    """After how many events it was decided."""
    drawdown: float
    """B's largest fall from its best point, dollars."""

    @property
    def said(self) -> str:
        """The state as a reader should take it."""
        return NOTHING_SAID if self.state in CANNOT_TELL else self.state

    @property
    def cautious(self) -> str:
        """The state without what it decided: of one question among many whose answers may be chance."""
        return COLLECTING if self.n < LEAST else NO_DIFFERENCE


def paired(a: Mapping[str, float], b: Mapping[str, float]) -> dict[str, float]:
    """B less A by event, in the order of the names; an event only one of them traded counts nothing for the other."""
    return {event: b.get(event, 0.0) - a.get(event, 0.0) for event in sorted({*a, *b})}


def judge(
    differences: Sequence[float],
    *,
    bound: float = BOUND,
    own: Sequence[float] = (),
    limit: float = DRAWDOWN,
) -> Verdict:
    """The verdict after these events, in the order they were settled.

    Args:
        differences: B less A, dollars.
        bound: what differences are scaled by, fixed before looking.
        own: B's own results in the same order, for the drawdown guard; none: no guard.
        limit: dollars B may fall from its best point.
    """
    n = len(differences)
    made = wealth(differences, bound)
    both = made.both
    decided = next((i for i, e in enumerate(both, 1) if i >= LEAST and e >= ENOUGH), None)
    fall = drawdown(own)
    if fall > limit:
        state = STOP
    elif n < LEAST:
        state = COLLECTING
    elif decided is None:
        state = NO_DIFFERENCE
    else:
        state = B_BETTER if made.up[decided - 1] > made.down[decided - 1] else A_BETTER
    return Verdict(
        state=state,
        n=n,
        mean=math.fsum(differences) / n if n else None,
        interval=confidence(differences) if n >= LEAST else None,
        evidence=both[-1] if both else 1.0,
        p=anytime_p(both),
        decided=decided,
        drawdown=fall,
    )


@lru_cache(maxsize=256)
def alone(results: tuple[float, ...]) -> str:
    """What one version's own results say against doing nothing, dollars an event in the order they were settled.

    "earning" or "losing" where `judge` decides, else "cannot tell yet".
    """
    found = judge(results)
    return {B_BETTER: EARNING, A_BETTER: LOSING}.get(found.state, NOTHING_SAID)


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

"""Lanes against each other on the same settled events, over all runs of a report."""

from collections.abc import Mapping, Sequence

import msgspec

from cockpit.domain.lab import Versus
from cockpit.domain.units import MONEY
from cockpit.engine.counted import ALWAYS, Told, counted
from cockpit.engine.queue import CROSS
from cockpit.engine.results import HANDS
from cockpit.engine.scorecard import Outcome
from cockpit.evaluation.report_cells import Cell
from cockpit.evaluation.report_runs import Run
from cockpit.models.comparisons import compare, questions
from cockpit.models.match.families import ALL
from cockpit.models.verdicts import missing

Cells = dict[tuple[str, str], Cell]
"""By lane and family."""


def comparisons(
    runs: Sequence[Run], cells: Cells, strategies: Mapping[str, str], told: Mapping[str, Told], bound: float
) -> list[Versus]:
    """Each question on the events that count; ``told`` is what each lane brings from all runs."""
    now = max((run.now for run in runs), default=0)
    proposes = runs[-1].proposes if runs else ()
    found = compare(
        (
            (question, a, b, [(each.a, each.b) for each in counted(told[a], told[b], now)])
            for question, a, b in questions(strategies, HANDS, proposes)
        ),
        bound,
    )
    return [
        msgspec.structs.replace(
            each,
            missing=missing(
                each.state,
                deflated=each.deflated,
                cross=_cross(cells, each.a, each.b),
                markout=_markout(cells, each.a, each.b),
            ),
        )
        for each in found
    ]


def together(runs: Sequence[Run], lane: str) -> Told:
    """What a lane brings from all runs, in the order they began.

    An event that had settled before a run began is that run's to correct, not to count again. One that a run still
    waited for when it ended, and no later one settled, is no result, and nothing waits for it.
    """
    results: dict[str, Outcome] = {}
    left: dict[str, Outcome] = {}
    stints: list[tuple[int, int]] = []
    for run in runs:
        mine = run.told.get(lane)
        if mine is None:
            continue
        known = run.known.get(lane, frozenset())
        for cluster, outcome in mine.results.items():
            before = results.get(cluster)
            if cluster not in known:
                results[cluster] = outcome if before is None else before.plus(outcome)
            elif before is not None or not run.goes_on:
                results[cluster] = outcome
        for cluster, score in mine.waits.items():
            left[cluster] = msgspec.structs.replace(score.outcome(), whole=False)
        stints += [(start, end or run.now) for start, end in mine.stints]
    last = runs[-1].told.get(lane) if runs else None
    waits = last.waits if last is not None else {}
    gone = {cluster: each for cluster, each in left.items() if cluster not in waits}
    return Told(
        {cluster: each for cluster, each in (gone | results).items() if cluster not in waits}, waits, stints
    )


def of_family(told: Told, family: str) -> Told:
    """What a lane brings of one family, or of `ALL`; for a verdict on it alone."""
    mine = told._replace(stints=ALWAYS)
    if family == ALL:
        return mine
    return mine._replace(
        results={k: each for k, each in told.results.items() if each.family == family},
        waits={k: each for k, each in told.waits.items() if each.family == family},
    )


def settled(told: Told) -> list[Outcome]:
    """A lane's results, in the order they settled."""
    found = [(each.settled_ns, cluster) for cluster, each in told.results.items() if each.whole]
    return [told.results[cluster] for _, cluster in sorted(found)]


def _cross(cells: Cells, a: str, b: str) -> float | None:
    """Dollars B made more than A under the strictest rule."""
    one, other = cells[a, ALL].by_rule[CROSS], cells[b, ALL].by_rule[CROSS]
    return None if one is None or other is None else (other - one) / MONEY


def _markout(cells: Cells, a: str, b: str) -> float | None:
    """How much better B's mark-out is at the last horizon, price units a contract."""
    one, other = cells[a, ALL].markouts[-1].mean, cells[b, ALL].markouts[-1].mean
    return None if one is None or other is None else other - one

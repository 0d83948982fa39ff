"""Lanes against each other on the same settled clusters: versions, and what the desk's choices and delay came to."""

import math
from collections.abc import Mapping, Sequence

import msgspec

from cockpit.domain.units import MONEY
from cockpit.engine.config import DESK, MIRROR
from cockpit.engine.queue import CROSS
from cockpit.evaluation.families import ALL
from cockpit.evaluation.paired import sample_size
from cockpit.evaluation.report_cells import Cell
from cockpit.evaluation.report_runs import Run
from cockpit.evaluation.selection import deflated, holm, moments
from cockpit.models.sequential import LEVEL
from cockpit.models.verdicts import LEAST, NOTHING_SAID, judge, missing

BASE = "V15"
"""The version others are compared with, where it runs; else the first lane."""

Cells = dict[tuple[str, str], Cell]
"""By lane and family."""


class Comparison(msgspec.Struct, frozen=True):
    """B less A on the same settled clusters, dollars an event."""

    question: str
    a: str
    b: str
    n: int
    mean: float | None
    low: float | None
    high: float | None
    e: float
    p: float
    adjusted: float
    """Anytime p-value, adjusted by Holm over all comparisons of the report."""
    verdict: str
    takes: int | None
    """Events a plain test needs to tell a difference of this mean and spread, were it true (5 %, power 80 %)."""
    missing: list[str]
    """What stands against putting B in A's place."""


def comparisons(
    runs: Sequence[Run], cells: Cells, strategies: Mapping[str, str], bound: float
) -> list[Comparison]:
    """Each question on every settled cluster; p-values adjusted for their number."""
    asked = _asked(strategies)
    when = {cluster: ns for run in reversed(runs) for cluster, ns in run.clusters.items()}
    nets = {lane: _nets(runs, lane, when) for lane in strategies}
    order = sorted(when, key=lambda cluster: (when[cluster], cluster))
    differences = [[nets[b].get(k, 0.0) - nets[a].get(k, 0.0) for k in order] for _, a, b in asked]
    verdicts = [judge(d, bound=bound, limit=math.inf) for d in differences]
    adjusted = holm([v.p for v in verdicts])
    sharpes = {b: found for _, _, b in asked if (found := moments([nets[b].get(k, 0.0) for k in order]))}
    out = []
    for (question, a, b), d, v, p in zip(asked, differences, verdicts, adjusted, strict=True):
        sure = _sure(sharpes, b, len(order))
        low, high = v.interval or (None, None)
        said = v.said if p <= LEVEL else NOTHING_SAID
        lacks = list(missing(v, deflated=sure, cross=_cross(cells, a, b), markout=_markout(cells, a, b)))
        out.append(
            Comparison(question, a, b, v.n, v.mean, low, high, v.evidence, v.p, p, said, _takes(d), lacks)
        )
    return out


def _asked(strategies: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(question, A, B): every shadow lane against one, and the desk's own."""
    shadows = [lane for lane, strategy in strategies.items() if strategy]
    base = next((lane for lane in shadows if strategies[lane] == BASE), shadows[0] if shadows else "")
    asked = [("version", base, lane) for lane in shadows if lane != base]
    if DESK in strategies and MIRROR in strategies:
        asked.append(("what choice added", MIRROR, DESK))
        if base:
            asked.append(("what delay cost", base, MIRROR))
    return asked


def _sure(sharpes: Mapping[str, tuple[float, float, float]], lane: str, periods: int) -> float | None:
    """The deflated Sharpe ratio of one of several; None for too few events."""
    if lane not in sharpes or periods < LEAST:
        return None
    ratios = [ratio for ratio, _, _ in sharpes.values()]
    mean = math.fsum(ratios) / len(ratios)
    variance = math.fsum((r - mean) ** 2 for r in ratios) / max(1, len(ratios) - 1)
    ratio, skew, kurtosis = sharpes[lane]
    try:
        return deflated(ratio, periods, skew, kurtosis, len(ratios), variance)
    except ValueError:
        return None


def _cross(cells: Cells, a: str, b: str) -> float | None:
    """Dollars B made more than A under the strictest rule."""
    one, other = cells[a, ALL].by_rule[CROSS], cells[b, ALL].by_rule[CROSS]
    return None if one is None or other is None else (other - one) / MONEY


def _markout(cells: Cells, a: str, b: str) -> float | None:
    """How much better B's mark-out is at the last horizon, price units a contract."""
    one, other = cells[a, ALL].markouts[-1].mean, cells[b, ALL].markouts[-1].mean
    return None if one is None or other is None else other - one


def _takes(differences: Sequence[float]) -> int | None:
    found = moments(differences)
    return None if found is None or not found[0] else sample_size(1.0, abs(found[0]))


def _nets(runs: Sequence[Run], lane: str, when: dict[str, int]) -> dict[str, float]:
    """Dollars by cluster; a cluster nobody saw settle is put at its result's time."""
    found: dict[str, float] = {}
    for run in runs:
        for cluster, result in run.nets.get(lane, {}).items():
            found[cluster] = found.get(cluster, 0.0) + result.outcome.realised
            when.setdefault(cluster, result.settled_ns)
    return found

"""Which settled events count for a verdict, in an order no result decides.

Events come in the order they were to be decided, as known when they were traded. One that has not settled holds back all
that were to be decided after it, for two days: else what settles early would be counted before what settles late, and in
many markets how it ends decides how soon (a word once said pays at once, one not said at the end). A lane is compared
on events during which both lanes ran. An event neither traded is none of theirs.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cockpit.domain.units import SECOND
from cockpit.engine.scorecard import Outcome, Score

PATIENCE_NS = 2 * 86_400 * SECOND
ALWAYS: Sequence[tuple[int, int]] = ((0, 0),)


class Told(NamedTuple):
    """What one lane brings along."""

    results: Mapping[str, Outcome]
    """By cluster; those that are not whole too."""
    waits: Mapping[str, Score]
    """Events it has traded in that have not settled."""
    stints: Sequence[tuple[int, int]] = ALWAYS
    """When it ran."""


NOBODY = Told({}, {})


class Counted(NamedTuple):
    """One event for two lanes: dollars."""

    due_ns: int
    cluster: str
    a: float
    b: float


def counted(a: Told, b: Told, now: int, *, over: bool = False) -> list[Counted]:
    """Events that count for two lanes, in their order.

    Args:
        a: one lane.
        b: the other; `NOBODY` for a lane alone.
        now: ns UTC.
        over: whether nothing more will be heard: what has not settled is left out, and holds nothing back.
    """
    found = []
    for due, cluster in sorted({(_due(cluster, a, b), cluster) for cluster in _all(a, b)}):
        if cluster in a.waits or cluster in b.waits:
            if over or now - due > PATIENCE_NS:
                continue
            break
        if _common(cluster, a, b):
            found.append(Counted(due, cluster, _net(a, cluster), _net(b, cluster)))
    return found


def _all(a: Told, b: Told) -> set[str]:
    return {*a.results, *a.waits, *b.results, *b.waits}


def _parts(cluster: str, a: Told, b: Told) -> list[Outcome | Score]:
    found = (a.results.get(cluster), a.waits.get(cluster), b.results.get(cluster), b.waits.get(cluster))
    return [each for each in found if each is not None]


def _due(cluster: str, a: Told, b: Told) -> int:
    return max(each.due_ns or each.began_ns for each in _parts(cluster, a, b))


def _common(cluster: str, a: Told, b: Told) -> bool:
    """Whether both lanes ran while either traded in it, and what they traded may be judged."""
    parts = _parts(cluster, a, b)
    began, last = min(each.began_ns for each in parts), max(each.last_ns for each in parts)
    whole = all(each.whole for each in parts)
    return whole and all(_ran(each.stints, began, last) for each in (a, b))


def _ran(stints: Sequence[tuple[int, int]], began: int, last: int) -> bool:
    return any(start <= began and (not end or last <= end) for start, end in stints)


def _net(lane: Told, cluster: str) -> float:
    each = lane.results.get(cluster)
    return each.realised if each is not None else 0.0

"""Lanes against each other on the same settled events, over all runs of a report."""

from collections.abc import Mapping, Sequence

import msgspec

from cockpit.domain.lab import Versus
from cockpit.domain.units import MONEY
from cockpit.engine.config import DESK, MIRROR, WHAT_IF
from cockpit.engine.queue import CROSS
from cockpit.engine.results import settled_nets
from cockpit.evaluation.report_cells import Cell
from cockpit.evaluation.report_runs import Run
from cockpit.models.comparisons import compare, questions
from cockpit.models.match.families import ALL
from cockpit.models.verdicts import missing

Cells = dict[tuple[str, str], Cell]
"""By lane and family."""


def comparisons(
    runs: Sequence[Run], cells: Cells, strategies: Mapping[str, str], bound: float
) -> list[Versus]:
    """Each question on every settled event."""
    told = ((lane, run.nets[lane], run.waiting[lane]) for run in runs for lane in run.nets)
    found = compare(questions(strategies, DESK, MIRROR, WHAT_IF), *settled_nets(told), bound)
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


def _cross(cells: Cells, a: str, b: str) -> float | None:
    """Dollars B made more than A under the strictest rule."""
    one, other = cells[a, ALL].by_rule[CROSS], cells[b, ALL].by_rule[CROSS]
    return None if one is None or other is None else (other - one) / MONEY


def _markout(cells: Cells, a: str, b: str) -> float | None:
    """How much better B's mark-out is at the last horizon, price units a contract."""
    one, other = cells[a, ALL].markouts[-1].mean, cells[b, ALL].markouts[-1].mean
    return None if one is None or other is None else other - one

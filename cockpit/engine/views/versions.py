"""Lanes against each other, with what stands against putting one in the other's place."""

import msgspec

from cockpit.domain.lab import Versus
from cockpit.domain.units import MONEY
from cockpit.engine.engine import Engine
from cockpit.engine.queue import CROSS
from cockpit.engine.state import Lane
from cockpit.engine.views.lab import rule_net
from cockpit.models.verdicts import missing


def versions(engine: Engine) -> tuple[Versus, ...]:
    """Every question that the lanes put, as of now."""
    lanes = engine.state.lanes
    return tuple(
        msgspec.structs.replace(each, missing=_missing(engine, each, lanes[each.a], lanes[each.b]))
        for each in engine.results.versions(engine.gate.limits.strategies)
    )


def _missing(engine: Engine, versus: Versus, a: Lane, b: Lane) -> tuple[str, ...]:
    one, other = (rule_net(engine, lane, CROSS) for lane in (a, b))
    cross = None if one is None or other is None else (other - one) / MONEY
    before, after = (lane.metrics.headline[-1].mean for lane in (a, b))
    markout = None if before is None or after is None else after - before
    return missing(versus.state, deflated=versus.deflated, cross=cross, markout=markout)

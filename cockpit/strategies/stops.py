"""When a position is given up: by price, a multiple of the average true range away, or by time.

A stop triggers once and stays so until the position is gone. It is off while there is no full average, while the
average is under the spread (the mid then moves by noise alone) and so under a tick too, and near the close.
"""

import msgspec

from cockpit.domain.units import BID, SECOND
from cockpit.strategies.atr import Bars, stop_level, to_tick
from cockpit.strategies.base import Mine, Snap


class Stops(msgspec.Struct, frozen=True):
    """When a position is given up. The exit rests as a maker: it may not fill."""

    n: int = 14
    """Bars of one minute averaged (Wilder's own number)."""
    multiple: float = 2.0
    """Average true ranges from the entry, or from the best mid since."""
    left_ns: int = 120 * SECOND
    """Less than this to the close and it is held to settlement: the last moves are to 0 or 1. Ours."""
    hold_ns: int = 900 * SECOND
    """The time stop: longest a position is held, three times the look-back of the direction. Ours."""


class Held(msgspec.Struct, frozen=True, gc=False):
    """A position followed since it was first seen."""

    side: int = 0
    """BID for long YES, ASK for short, 0 for none."""
    since: int = 0
    """ns UTC."""
    best: float = 0.0
    """Highest mid since (lowest for a short), price units."""
    stop: int = 0
    """The level that was hit, price units; 0 for none."""
    out: bool = False
    """Whether it is being given up; it stays so until the position is gone."""


def watch(stops: Stops, snap: Snap, mine: Mine, bars: Bars, held: Held) -> Held:
    """Follow a position: its best mid, and whether it is stopped out by price or by time."""
    side = (mine.qty > 0) - (mine.qty < 0)
    if not side:
        return held if held.side == 0 else Held()
    mid = (snap.bid + snap.ask) / 2
    if held.side != side:
        return Held(side, snap.ts, mid)
    best = max(held.best, mid) if side == BID else min(held.best, mid)
    if not held.out and not too_late(stops, snap):
        level = _hit(stops, snap, mine, bars, side, best)
        if level or snap.ts - held.since >= stops.hold_ns:
            return Held(side, held.since, best, level, out=True)
    return held if best == held.best else Held(side, held.since, best, held.stop, held.out)


def too_late(stops: Stops, snap: Snap) -> bool:
    """Whether the close is too near to give a position up."""
    close = snap.market.close_ns
    return bool(close) and close - snap.ts < stops.left_ns


def _hit(stops: Stops, snap: Snap, mine: Mine, bars: Bars, side: int, best: float) -> int:
    """The stop level the mid has reached, 0 for none; without a full, usable average there is no stop."""
    if bars.count < stops.n or snap.ask - snap.bid > bars.atr:
        return 0
    level = to_tick(
        snap.market.grid, side, stop_level(side, mine.average or best, best, bars.atr, stops.multiple)
    )
    return level if side * (snap.bid + snap.ask - 2 * level) <= 0 else 0

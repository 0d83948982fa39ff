"""The engine's settings as one frozen value; `cockpit.settings` builds it."""

import msgspec

from cockpit.domain.fees import Rounding
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.engine.risk import Caps

DESK = "desk"
"""The lane that carries out what a person approves or places."""


class LaneConfig(msgspec.Struct, frozen=True):
    """A lane to run: its name, its strategy version (empty: commands only) and its caps."""

    name: str
    strategy: str = ""
    caps: Caps = Caps()


class EngineConfig(msgspec.Struct, frozen=True):
    """Times in ns."""

    lanes: tuple[LaneConfig, ...] = (LaneConfig(DESK),)
    beat_ns: int = 250 * MILLISECOND
    entry_latency_ns: int = 250 * MILLISECOND
    """From sending an order to its place in the queue."""
    cancel_latency_ns: int = 250 * MILLISECOND
    """From sending a cancel to its effect; fills before that stand."""
    doubt_cancel_ns: int = 2 * SECOND
    """How long a doubted book keeps its working orders."""
    crossed_ns: int = 250 * MILLISECOND
    """How long, in exchange time, a book may stay crossed before it is doubted."""
    by_order_share: int = 80
    """Per cent of the last hour's cancels that must match exactly one known order for fifo to be the headline."""
    no_trades: bool = False
    """The input has no trade stream: only the cross rule can be computed."""
    rounding: Rounding = Rounding()
    keep_ended: int = 500
    """Ended orders kept with their story."""

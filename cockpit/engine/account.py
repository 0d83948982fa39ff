"""The person's real account, mirrored, and the queues of its orders told two ways: by the venue, and by our own."""

import msgspec

from cockpit.domain.account import RealFill, RealOrder, RealPosition
from cockpit.domain.units import QTY

CLOSE = QTY // 100
"""Two queue positions nearer than this, the venue's smallest quantity, are the same."""


class Pair(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One report beside our own: ns UTC, and quantity units ahead."""

    ts: int
    reported: int
    fifo: int
    tail: int


class Tally(msgspec.Struct):
    """All pairs so far: how many, how many exact, and the absolute errors summed (quantity units)."""

    n: int = 0
    fifo_exact: int = 0
    tail_exact: int = 0
    fifo_error: int = 0
    tail_error: int = 0

    def add(self, pair: Pair) -> None:
        """Count one pair."""
        fifo, tail = abs(pair.fifo - pair.reported), abs(pair.tail - pair.reported)
        self.n += 1
        self.fifo_exact += fifo < CLOSE
        self.tail_exact += tail < CLOSE
        self.fifo_error += fifo
        self.tail_error += tail


class Placed(msgspec.Struct):
    """A real order, what the venue last said is ahead of it (-1: nothing yet), and its ghost's id once there is one."""

    order: RealOrder
    reported: int = -1
    ghost: str = ""


class RealAccount(msgspec.Struct):
    """One venue's account."""

    cash: int = 0
    shards: tuple[tuple[int, int], ...] = ()
    told_ns: int = 0
    """When the cash was told."""
    positions: dict[str, RealPosition] = msgspec.field(default_factory=dict)
    orders: dict[str, Placed] = msgspec.field(default_factory=dict)
    fills: list[RealFill] = msgspec.field(default_factory=list)
    """The last ones, oldest first."""
    pairs: list[Pair] = msgspec.field(default_factory=list)
    tally: Tally = msgspec.field(default_factory=Tally)
    ghosts: int = 0

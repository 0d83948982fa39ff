"""The one clock of a live run: the machine's, corrected when it is found to be wrong.

Settlement windows and signatures need true UTC. Servers state theirs with each HTTP answer, to the second; a machine
whose clock differs by more than that and the way there and back can explain is corrected, and it is said.
"""

import time
from collections.abc import Callable, Iterable
from statistics import median_low

from cockpit.domain.units import SECOND

TRUSTED_NS = 2 * SECOND
"""A clock this near is left alone: servers tell whole seconds."""


def steady_wall() -> Callable[[], int]:
    """The machine's time as it is now, carried on by a clock that is never set: ns UTC.

    So nobody who sets the machine's clock during a run can make time jump, or stand still. Where there is one, it is a
    clock that goes on while the machine sleeps.
    """
    number = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    started = time.time_ns() - time.clock_gettime_ns(number)
    return lambda: started + time.clock_gettime_ns(number)


class Clock:
    """ns UTC. ``offset`` is what is added to the machine's own time."""

    def __init__(self, wall: Callable[[], int] | None = None) -> None:
        self._wall = wall or steady_wall()
        self.offset = 0
        self.measured: int | None = None
        """The machine's own error as last measured, ns (positive: it is behind); None before."""
        self.disputed = False
        """Whether servers tell different times."""

    def now(self) -> int:
        """The time."""
        return self._wall() + self.offset

    def bare(self) -> int:
        """The machine's own time."""
        return self._wall()

    def compare(self, distances: Iterable[int]) -> bool:
        """Take how far we are behind each of several servers (`distance`); whether that changed us.

        One server's clock may be wrong: the middle one counts, if most are near it; else nobody is believed.
        """
        told = sorted(distances)
        if not told:
            return False
        self.measured = median_low(told)
        near = sum(abs(each - self.measured) <= TRUSTED_NS for each in told)
        self.disputed = 2 * near <= len(told)
        if self.disputed:
            return False
        offset = self.measured if abs(self.measured) > TRUSTED_NS else 0
        if abs(offset - self.offset) <= TRUSTED_NS:
            return False
        self.offset = offset
        return True


def distance(told: int, asked: int, answered: int) -> int:
    """How far a clock is behind a server that told its time, ns.

    Args:
        told: the server's time, cut to whole seconds.
        asked: ours when the question left.
        answered: ours when the answer was here.

    Returns:
        0 while it lies within the second and the way there and back, which cannot be told apart.
    """
    if asked <= told + SECOND and told <= answered:
        return 0
    return told + SECOND // 2 - (asked + answered) // 2

"""What feeds the stand-ins: frames played to all of them when they are due.

The stage keeps time by the wall clock it is given: a frame is due when the stage's time has reached the frame's own.
The stage's time runs ``speed`` times as fast as the wall clock, from the moment it began. A late frame is sent at once.
With a ``rate`` frames are due by their number instead, as fast as the rate says and the slowest client allows, and the
stage's time is that of the last one.
"""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Protocol

from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.faults import Clock

BURST = 200
"""Frames played before others get their turn."""
LONGEST_S = 0.25
CROWDED_S = 0.001


class Audience(Protocol):
    """A stand-in, as the stage sees it."""

    def take(self, arrival: Arrival) -> None:
        """One frame; those of other venues are passed over."""
        ...

    @property
    def congested(self) -> bool:
        """Whether a client is so far behind that a load test should wait for it."""
        ...


class Stage:
    """Plays frames.

    Args:
        frames: in order of time; their times lie in the present, from now on.
        clock: wall clock, ns UTC.
        speed: of the stage's time against the clock's.
        rate: frames a second regardless of their times, for load tests; 0 plays by time.
    """

    def __init__(
        self, frames: Iterable[Arrival], clock: Clock, *, speed: float = 1.0, rate: float = 0.0
    ) -> None:
        self._frames: Iterator[Arrival] = iter(frames)
        self._clock = clock
        self._speed = speed
        self._rate = rate
        self._began = clock()
        self._next: Arrival | None = None
        self._reached = self._began
        self.played = 0
        self.audience: list[Audience] = []

    def now(self) -> int:
        """The stage's time, ns UTC: what venues take for now."""
        if self._rate:
            return self._reached
        return self._began + int((self._clock() - self._began) * self._speed)

    def play(self) -> float | None:
        """Play what is due, a burst at most; returns seconds until more may be due, None at the end."""
        for _ in range(BURST):
            if self._next is None:
                self._next = next(self._frames, None)
                if self._next is None:
                    return None
            wait = self._wait(self._next)
            if wait > 0:
                return min(wait, LONGEST_S)
            frame, self._next = self._next, None
            self._reached = max(self._reached, frame.t)
            self.played += 1
            for each in self.audience:
                each.take(frame)
        return 0.0

    async def run(self) -> None:
        """Play to the end of the frames."""
        while True:
            wait = self.play()
            if wait is None:
                return
            await asyncio.sleep(wait)

    def _wait(self, frame: Arrival) -> float:
        """Seconds until a frame is due."""
        passed = (self._clock() - self._began) / SECOND
        if not self._rate:
            return (frame.t - self._began) / SECOND / self._speed - passed
        if any(each.congested for each in self.audience):
            return CROWDED_S
        return self.played / self._rate - passed

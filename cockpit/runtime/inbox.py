"""Between the network and the session: what has arrived and was not taken yet, bounded.

=========  ==========================================================================
fill       what happens to a new frame
=========  ==========================================================================
a half     tickers (``LIGHT``) are dropped, and counted: the next one says the same
3 quarters answers to standing polls (``POLL``) too: the next answer comes by itself
full       whoever reads books or trades waits, and with it the venue's own sending
=========  ==========================================================================

Books, trades, link changes and answers that were asked for once are never dropped.
"""

import asyncio
from collections import Counter, deque
from enum import IntEnum

from cockpit.feeds.base import Frame

ROOM = 20_000
"""Frames that may wait: two seconds of the greatest load that is promised."""


class Weight(IntEnum):
    """What may be shed first."""

    LIGHT = 0
    POLL = 1
    HEAVY = 2


class Inbox:
    """A queue of frames with one taker."""

    def __init__(self, room: int = ROOM) -> None:
        self._frames: deque[Frame] = deque()
        self._room = room
        self._limits = (room // 2, room * 3 // 4)
        self._filled = asyncio.Event()
        self._space = asyncio.Event()
        self._space.set()
        self.shed: Counter[str] = Counter()
        """Frames dropped, by source."""
        self.most = 0
        """The most that ever waited."""

    def __len__(self) -> int:
        return len(self._frames)

    def offer(self, frame: Frame, weight: Weight) -> bool:
        """Put a frame in, unless it is of a kind that is shed now; whether there is still room for the next.

        What is HEAVY always goes in: whoever gets False waits for `space` before reading on.
        """
        waiting = len(self._frames)
        if weight is not Weight.HEAVY and waiting >= self._limits[weight]:
            self.shed[frame.s] += 1
            return True
        self._frames.append(frame)
        if not waiting:
            self._filled.set()
        if waiting >= self._room:
            self.most = max(self.most, waiting + 1)
            self._space.clear()
            return False
        return True

    def restamp(self, now: int) -> None:
        """The clock was found to be ahead: nothing that waits came later than now (ns UTC)."""
        for frame in self._frames:
            frame.t = min(frame.t, now)

    @property
    def full(self) -> bool:
        """Whether readers wait for room."""
        return not self._space.is_set()

    async def space(self) -> None:
        """Wait until there is room."""
        await self._space.wait()

    async def filled(self, seconds: float) -> None:
        """Wait until something is there, or ``seconds`` passed."""
        if self._frames:
            return
        self._filled.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._filled.wait()
        except TimeoutError:
            return

    def pop(self) -> Frame | None:
        """The oldest frame; None when nothing waits."""
        if not self._frames:
            return None
        waiting = len(self._frames)
        if waiting > self.most:
            self.most = waiting
        frame = self._frames.popleft()
        if waiting - 1 <= self._limits[0] and not self._space.is_set():
            self._space.set()
        return frame

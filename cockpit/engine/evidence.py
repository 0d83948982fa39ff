"""How far a market shows itself order by order: the share of cancels that match exactly one known order.

Every level is followed roughly as the venue holds it, oldest first: what a snapshot showed, then the orders that joined
since. Prints consume from the front; a cancel is of the newest order with exactly its size, else of what the snapshot
showed, else an order got smaller. Only the count matters here: the queues around own orders are
`cockpit.engine.queue`'s.
"""

from collections.abc import Iterable

import msgspec

from cockpit.domain.units import SECOND

MINUTE = 60 * SECOND
MINUTES = 60
ENOUGH_CANCELS = 50
"""Below this many cancels in the last hour a market has not shown how it speaks."""


class Struck(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a cancel was taken for: how many orders it could be of, and where the one struck stood (-1: none)."""

    matches: int
    at: int = -1


_NOBODY = Struck(0)


class Evidence(msgspec.Struct):
    """One market's levels and its counts of the last hour."""

    levels: dict[int, list[int]] = msgspec.field(default_factory=dict)
    """By level key: [what the snapshot showed, then the sizes of the orders since, oldest first]."""
    until_ns: int = 0
    """End of the minute being counted."""
    slot: int = 0
    """Its place in the two rings below."""
    unique: list[int] = msgspec.field(default_factory=lambda: [0] * MINUTES)
    total: list[int] = msgspec.field(default_factory=lambda: [0] * MINUTES)

    def join(self, key: int, size: int) -> None:
        """An order joined a level."""
        level = self.levels.get(key)
        if level is None:
            self.levels[key] = [0, size]
        else:
            level.append(size)

    def cancel(self, ts: int, key: int, size: int) -> Struck:
        """A cancel: count it by how many known orders it could be of, and strike the newest of them."""
        if ts >= self.until_ns:
            self._turn(ts // MINUTE)
        self.total[self.slot] += 1
        level = self.levels.get(key)
        if level is None:
            return _NOBODY
        matches = level.count(size)
        if level[0] == size:
            matches -= 1
        if matches == 1:
            self.unique[self.slot] += 1
            at = level.index(size, 1)
        elif matches:
            at = len(level) - 1 - level[::-1].index(size)
        else:
            self._lessen(level, size)
            return _NOBODY
        del level[at]
        return Struck(matches, at)

    def undo(self, key: int, size: int, struck: Struck) -> None:
        """A cancel was a print after all: it is not counted, and the order it was taken for is there again."""
        if self.total[self.slot]:
            self.total[self.slot] -= 1
            if struck.matches == 1 and self.unique[self.slot]:
                self.unique[self.slot] -= 1
        level = self.levels.setdefault(key, [0])
        if struck.at < 0:
            level[0] += size
        else:
            level.insert(min(struck.at, len(level)), size)

    def execute(self, key: int, size: int) -> None:
        """A print consumed from the front of a level."""
        level = self.levels.get(key)
        if level is None:
            return
        gone = 0
        for at, qty in enumerate(level):
            cut = min(qty, size)
            level[at] = qty - cut
            size -= cut
            if not size:
                break
            gone = at
        del level[1 : gone + 1]

    def snapshot(self, levels: Iterable[tuple[int, int]]) -> None:
        """A whole book was told, as (level key, size): levels that add up are kept, the rest are unknown anew."""
        before = self.levels
        self.levels = {}
        for key, size in levels:
            known = before.get(key)
            self.levels[key] = known if known is not None and sum(known) == size else [size]

    def counts(self) -> tuple[int, int]:
        """(cancels that matched exactly one known order, all cancels) of the last hour."""
        return sum(self.unique), sum(self.total)

    def by_order(self, share: int) -> bool:
        """Whether at least ``share`` per cent of the last hour's cancels matched exactly one known order."""
        unique, total = self.counts()
        return total >= ENOUGH_CANCELS and unique * 100 >= total * share

    @staticmethod
    def _lessen(level: list[int], size: int) -> None:
        """Take a cancel of nobody known from the snapshot's part, else from the oldest order larger than it."""
        if level[0] >= size:
            level[0] -= size
            return
        for at in range(1, len(level)):
            if level[at] > size:
                level[at] -= size
                return
        level[0] = 0

    def _turn(self, minute: int) -> None:
        """Empty the slots of the minutes that have passed without a cancel."""
        for passed in range(max(self.until_ns // MINUTE, minute - MINUTES + 1), minute + 1):
            self.unique[passed % MINUTES] = 0
            self.total[passed % MINUTES] = 0
        self.until_ns = (minute + 1) * MINUTE
        self.slot = minute % MINUTES

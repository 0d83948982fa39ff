"""A book as the venue shows it: sizes by price on both sides of YES. Sizes are hundredths of a share."""

from collections.abc import Iterable

from cockpit.domain.units import ASK, BID, PRICE

CENT, TENTH = 100, 10
"""Ticks, in price units."""
EDGE = 400
"""Nearer than this to nothing or a dollar, a cent is too coarse a tick."""

Levels = list[tuple[int, int]]


class Depth:
    """A market's levels; ``tick`` in price units."""

    __slots__ = ("_shown", "tick")

    def __init__(self, tick: int) -> None:
        self.tick = tick
        self._shown: dict[int, dict[int, int]] = {BID: {}, ASK: {}}

    def scaled(self, size: int) -> int:
        """A size as it is shown."""
        return size

    def put(self, side: int, price: int, size: int) -> None:
        """A level has a size from now on; 0 takes it away."""
        if size:
            self._shown[side][price] = size
        else:
            self._shown[side].pop(price, None)

    def replace(self, bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]]) -> None:
        """A whole book."""
        self._shown = {BID: dict(bids), ASK: dict(asks)}

    def clear(self) -> None:
        """Nothing is left of it."""
        self.replace((), ())

    def step(self, tick: int) -> None:
        """Another tick."""
        self.tick = tick

    def size(self, side: int, price: int) -> int:
        """What a level shows; 0 where there is none."""
        total = self._shown[side].get(price)
        return self.scaled(total) if total else 0

    def levels(self, side: int) -> Levels:
        """A side's levels, the best last."""
        return [(p, self.scaled(n)) for p, n in sorted(self._shown[side].items(), reverse=side == ASK)]

    def unsorted(self, side: int) -> Levels:
        """A side's levels as they came about."""
        return [(p, self.scaled(n)) for p, n in self._shown[side].items()]

    @property
    def bid(self) -> int:
        """The best bid; 0 when there is none."""
        return max(self._shown[BID], default=0)

    @property
    def ask(self) -> int:
        """The best ask; a dollar when there is none."""
        return min(self._shown[ASK], default=PRICE)

    @property
    def empty(self) -> bool:
        """Whether there is nothing on either side."""
        return not self._shown[BID] and not self._shown[ASK]

    @property
    def mid(self) -> int:
        """Between the best prices; half a dollar for an empty book."""
        return (self.bid + self.ask) // 2

    @property
    def edgy(self) -> bool:
        """Whether the market has come so near to an end that it needs a finer tick."""
        return self.tick == CENT and not self.empty and not EDGE <= self.mid <= PRICE - EDGE

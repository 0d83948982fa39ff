"""One market's book in the wake of another venue's: every level of theirs, on a tick of its own, shifted and scaled.

Bids are rounded down to the tick and asks up, so that a book that does not cross makes one that does not; what falls
outside the tick's range is not shown. Levels that fall on one price are one level. Sizes are hundredths of a share.
"""

from hashlib import blake2b

from cockpit.domain.units import ASK, BID, PRICE

CENT, TENTH = 100, 10
"""Ticks, in price units."""
EDGE = 400
"""Nearer than this to nothing or a dollar, a cent is too coarse a tick."""
_SHIFTS = (-150, -110, -70, -40, -20, 20, 40, 70, 110, 150)
"""Of prices, in price units: a cent and a half at most."""
_LEAST, _MOST = 150, 640
"""Of sizes, per cent."""

Levels = list[tuple[int, int]]


class Shadow:
    """A book that follows.

    Args:
        name: what shift and scale are drawn from, together with the venue that follows.
        tick: price units.
        venue: one of several that follow the same market.
    """

    __slots__ = ("_scale", "_shift", "_shown", "_source", "tick")

    def __init__(self, name: str, tick: int, venue: str = "") -> None:
        drawn = blake2b(f"{venue}|{name}".encode(), digest_size=4).digest()
        self.tick = tick
        self._shift = _SHIFTS[drawn[0] % len(_SHIFTS)]
        self._scale = _LEAST + int.from_bytes(drawn[1:3]) % (_MOST - _LEAST)
        self._source: dict[int, dict[int, int]] = {BID: {}, ASK: {}}
        self._shown: dict[int, dict[int, int]] = {BID: {}, ASK: {}}

    def place(self, side: int, price: int) -> int | None:
        """Where a price of theirs is shown on a side; None outside the tick's range."""
        moved = price + self._shift
        placed = moved - moved % self.tick if side == BID else moved + -moved % self.tick
        return placed if self.tick <= placed <= PRICE - self.tick else None

    def scaled(self, size: int) -> int:
        """A size of theirs as one here, never nothing."""
        return max(1, size * self._scale // 100)

    def change(self, side: int, price: int, size: int) -> int | None:
        """A level of theirs changes by a size; returns the price that is shown changed, if any."""
        source = self._source[side]
        before = source.get(price, 0)
        after = max(0, before + size)
        if after:
            source[price] = after
        else:
            source.pop(price, None)
        placed = self.place(side, price)
        if placed is None or after == before:
            return None
        shown = self._shown[side]
        total = shown.get(placed, 0) + after - before
        if total:
            shown[placed] = total
        else:
            shown.pop(placed, None)
        return placed

    def replace(
        self, bids: Levels | tuple[tuple[int, int], ...], asks: Levels | tuple[tuple[int, int], ...]
    ) -> None:
        """A whole book of theirs."""
        self._source = {BID: dict(bids), ASK: dict(asks)}
        self._draw()

    def clear(self) -> None:
        """Nothing is left of it."""
        self.replace((), ())

    def step(self, tick: int) -> None:
        """Another tick: the whole book is drawn anew."""
        self.tick = tick
        self._draw()

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

    def _draw(self) -> None:
        self._shown = {BID: {}, ASK: {}}
        for side, source in self._source.items():
            shown = self._shown[side]
            for price, size in source.items():
                placed = self.place(side, price)
                if placed is not None:
                    shown[placed] = shown.get(placed, 0) + size

"""One market's book in the wake of another venue's: every level of theirs, on a tick of its own, shifted and scaled.

Bids are rounded down to the tick and asks up, so that a book that does not cross makes one that does not; what falls
outside the tick's range is not shown. Levels that fall on one price are one level. Sizes are hundredths of a share.
"""

from collections.abc import Iterable
from hashlib import blake2b

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.polymarket.depth import Depth

_SHIFTS = (-150, -110, -70, -40, -20, 20, 40, 70, 110, 150)
"""Of prices, in price units: a cent and a half at most."""
_LEAST, _MOST = 150, 640
"""Of sizes, per cent."""


class Shadow(Depth):
    """A book that follows.

    Args:
        name: what shift and scale are drawn from, together with the venue that follows.
        tick: price units.
        venue: one of several that follow the same market.
    """

    __slots__ = ("_scale", "_shift", "_source")

    def __init__(self, name: str, tick: int, venue: str = "") -> None:
        super().__init__(tick)
        drawn = blake2b(f"{venue}|{name}".encode(), digest_size=4).digest()
        self._shift = _SHIFTS[drawn[0] % len(_SHIFTS)]
        self._scale = _LEAST + int.from_bytes(drawn[1:3]) % (_MOST - _LEAST)
        self._source: dict[int, dict[int, int]] = {BID: {}, ASK: {}}

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

    def replace(self, bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]]) -> None:
        """A whole book of theirs."""
        self._source = {BID: dict(bids), ASK: dict(asks)}
        self._draw()

    def step(self, tick: int) -> None:
        """Another tick: the whole book is drawn anew."""
        self.tick = tick
        self._draw()

    def _draw(self) -> None:
        self._shown = {BID: {}, ASK: {}}
        for side, source in self._source.items():
            shown = self._shown[side]
            for price, size in source.items():
                placed = self.place(side, price)
                if placed is not None:
                    shown[placed] = shown.get(placed, 0) + size

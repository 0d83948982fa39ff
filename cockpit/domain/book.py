"""One YES book per market: two dicts of integer levels with a cached best on each side."""

from collections.abc import Iterable

import msgspec

from cockpit.domain.units import BID, PRICE

EMPTY_BID = 0
EMPTY_ASK = PRICE


class Book(msgspec.Struct, gc=False):
    """Resting YES bids and asks by price (price units -> quantity units, always > 0).

    A NO bid at q is held as a YES ask at 1 - q; the feed turns it round, once. ``bid`` is EMPTY_BID and ``ask`` is
    EMPTY_ASK where the side is empty: neither is a tradable price.
    """

    bids: dict[int, int] = msgspec.field(default_factory=dict)
    asks: dict[int, int] = msgspec.field(default_factory=dict)
    bid: int = EMPTY_BID
    ask: int = EMPTY_ASK

    def apply(self, side: int, price: int, qty: int) -> int:
        """Add a signed quantity to a level and return the level's new size.

        A result below zero means the stream lost something: the level is removed, the negative size returned, and
        the caller doubts the book.
        """
        if side == BID:
            levels = self.bids
            size = levels.get(price, 0) + qty
            if size > 0:
                levels[price] = size
                if price > self.bid:
                    self.bid = price
            else:
                levels.pop(price, None)
                if price == self.bid:
                    self.bid = max(levels, default=EMPTY_BID)
            return size
        levels = self.asks
        size = levels.get(price, 0) + qty
        if size > 0:
            levels[price] = size
            if price < self.ask:
                self.ask = price
        else:
            levels.pop(price, None)
            if price == self.ask:
                self.ask = min(levels, default=EMPTY_ASK)
        return size

    def replace(self, bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]]) -> None:
        """Take over a snapshot's levels."""
        self.bids = dict(bids)
        self.asks = dict(asks)
        self.bid = max(self.bids, default=EMPTY_BID)
        self.ask = min(self.asks, default=EMPTY_ASK)

    def size(self, side: int, price: int) -> int:
        """The displayed quantity at a level, 0 where nothing rests."""
        return (self.bids if side == BID else self.asks).get(price, 0)

    def before(self, side: int, price: int) -> int:
        """The displayed quantity that fills before an order that joined a level now: its own level and all better ones."""
        levels = self.bids if side == BID else self.asks
        return sum(qty for at, qty in levels.items() if (at - price) * side >= 0)

    @property
    def crossed(self) -> bool:
        """Whether the best bid meets or passes the best ask."""
        return self.bid >= self.ask and bool(self.bids) and bool(self.asks)

    @property
    def two_sided(self) -> bool:
        """Whether both sides show a price and they do not cross."""
        return bool(self.bids) and bool(self.asks) and self.bid < self.ask

    @property
    def mid2(self) -> int | None:
        """Twice the mid price (so that it stays an integer), or None unless the book is two-sided."""
        return self.bid + self.ask if self.two_sided else None

    def top(self, side: int, depth: int) -> tuple[tuple[int, int], ...]:
        """The best ``depth`` levels of a side, best first."""
        if side == BID:
            return tuple(sorted(self.bids.items(), reverse=True)[:depth])
        return tuple(sorted(self.asks.items())[:depth])

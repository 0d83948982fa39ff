"""One market's book: the tape's levels, the order queue read out of them, and own orders that really stand in it.

The tape shows sizes per level, of which each change is one order's event. Read order by order:

    a rise      a new order at the end of the level;
    a fall      of exactly the size of one order that is known (the newest of several) is that order's cancel; any
                other is of an order whose size is not known, which most often is an old one: it comes from the front;
    a print     consumes from the front; better-priced own orders first, then the level's queue in time order. It
                pairs with a fall of its size, side and price within a second, whichever came first: a fall that was
                taken for a cancel is put back and consumed from the front.

So an own order is filled when a print reaches past what is ahead of it, or when the tape shows an order on the other
side at or through its price. What others trade is left as the tape tells it; what own orders take out of the tape is
remembered per level as ``eaten`` and missing from what is shown. All prices are in YES terms.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.rehearsal.stands.kalshi.reader import Print

PAIRING_NS = SECOND
_CROWDED = 48


class Own:
    """An own order's stand in the book: ``left`` quantity units rest at ``price`` on ``side``."""

    __slots__ = ("client_id", "id", "left", "price", "side")

    def __init__(self, identity: str, client_id: str, side: int, price: int, left: int) -> None:
        self.id = identity
        self.client_id = client_id
        self.side = side
        self.price = price
        self.left = left


class Shown(NamedTuple):
    """What changed in the book that everyone sees: a signed quantity, and the own order that caused it, if any."""

    side: int
    price: int
    qty: int
    cause: Own | None


class Hit(NamedTuple):
    """An own order was filled: by the tape's print ``trade``, or (None) by an order the tape shows crossing it."""

    own: Own
    qty: int
    trade: Print | None


class _Entry:
    """One place in a level's queue: an order of the tape (or all that a whole book told), or an own one."""

    __slots__ = ("own", "size")

    def __init__(self, size: int, own: Own | None = None) -> None:
        self.size = size
        self.own = own

    @property
    def left(self) -> int:
        return self.size if self.own is None else self.own.left


class _Level:
    __slots__ = ("eaten", "queue", "shown", "size")

    def __init__(self) -> None:
        self.size = 0
        self.eaten = 0
        self.shown = 0
        self.queue: list[_Entry] = []

    def cancel(self, qty: int) -> list[tuple[_Entry, int]]:
        """Take a cancelled quantity out of the queue; returns from whom how much was taken."""
        orders = [entry for entry in self.queue if entry.own is None and entry.size]
        exact = next((entry for entry in reversed(orders) if entry.size == qty), None)
        taken: list[tuple[_Entry, int]] = []
        for entry in [exact] if exact is not None else orders:
            part = min(entry.size, qty)
            entry.size -= part
            qty -= part
            taken.append((entry, part))
            if not qty:
                break
        return taken

    def consume(self, qty: int) -> list[tuple[Own, int]]:
        """Trade a quantity from the front; returns what own orders got of it.

        The tape's orders lose all of it: somebody behind an own order traded in its stead in the recording.
        """
        budget, hits = qty, []
        for entry in self.queue:
            part = min(entry.left, budget)
            if entry.own is not None and part:
                hits.append((entry.own, part))
            elif part:
                entry.size -= part
            budget -= part
        rest = sum(part for _, part in hits)
        for entry in self.queue:
            part = min(entry.size, rest)
            entry.size -= part
            rest -= part
        return hits

    def ahead(self, own: Own) -> int:
        total = 0
        for entry in self.queue:
            if entry.own is own:
                break
            total += entry.left
        return total


class _Fall(NamedTuple):
    """A fall taken for a cancel, which a print may still explain."""

    side: int
    price: int
    qty: int
    ts: int
    taken: list[tuple[_Entry, int]]


class Book:
    """One market's book. Methods that change it return what everyone sees change; hits are collected for `hits`."""

    def __init__(self) -> None:
        self.told = False
        """Whether the tape has said anything about this book."""
        self._sides: dict[int, dict[int, _Level]] = {BID: {}, ASK: {}}
        self._falls: list[_Fall] = []
        self._prints: list[Print] = []
        self._hits: list[Hit] = []
        self._owns: dict[Own, _Entry] = {}

    # ------------------------------------------------------------------ what is seen

    def levels(self, side: int) -> list[tuple[int, int]]:
        """The levels shown, best first."""
        shown = [(price, level.shown) for price, level in self._sides[side].items() if level.shown]
        return sorted(shown, reverse=side == BID)

    def best(self, side: int) -> tuple[int, int] | None:
        """The best price shown and its size."""
        prices = [price for price, level in self._sides[side].items() if level.shown]
        if not prices:
            return None
        price = max(prices) if side == BID else min(prices)
        return price, self._sides[side][price].shown

    def ahead(self, own: Own) -> int:
        """The quantity ahead of an own order at its price."""
        return self._sides[own.side][own.price].ahead(own)

    @property
    def altered(self) -> bool:
        """Whether what is shown differs from the tape."""
        return bool(self._owns) or any(
            level.eaten for side in self._sides.values() for level in side.values()
        )

    def hits(self) -> list[Hit]:
        """The own orders' fills since the last call; what they had left is lower already."""
        hits, self._hits = self._hits, []
        return hits

    # ------------------------------------------------------------------ the tape

    def change(self, side: int, price: int, qty: int, ts: int) -> list[Shown]:
        """The tape's signed size change."""
        self.told = True
        level = self._level(side, price)
        qty = max(qty, -level.size)
        level.size += qty
        level.eaten = min(level.eaten, level.size)
        if qty > 0:
            level.queue.append(_Entry(qty))
            return [*self._crossed(side, price, qty), *self._show(side, price)]
        if qty and not self._explained(side, price, -qty, ts):
            self._falls.append(_Fall(side, price, -qty, ts, level.cancel(-qty)))
        shown = self._show(side, price)
        self._tidy(level, ts)
        return shown

    def printed(self, trade: Print) -> list[Shown]:
        """The tape's print: fills of own orders, and a fall explained."""
        side = -trade.taker
        fall = next((f for f in self._falls if _pairs(f, trade)), None)
        if fall is not None:
            self._falls.remove(fall)
            for entry, part in fall.taken:
                entry.size += part
        else:
            self._prints.append(trade)
        budget, reached = trade.qty, []
        for own in self._resting(side):
            if (own.price - trade.price) * side > 0 and budget:
                reached.append((own, min(own.left, budget)))
                budget -= reached[-1][1]
        level = self._sides[side].get(trade.price)
        if level is not None:
            reached += level.consume(budget)
        return [each for own, qty in reached for each in self._hit(own, qty, trade)]

    def replace(self, bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]]) -> list[Shown]:
        """Take over a whole book; own orders stay, behind what rests at their prices."""
        self.told = True
        self._falls.clear()
        self._prints.clear()
        wanted = {BID: dict(bids), ASK: dict(asks)}
        shown: list[Shown] = []
        for side, levels in wanted.items():
            for price in {*self._sides[side], *levels}:
                self._reset(self._level(side, price), levels.get(price, 0))
        for side, levels in wanted.items():
            for price in {*self._sides[side], *levels}:
                size = levels.get(price, 0)
                shown += [*(self._crossed(side, price, size) if size else ()), *self._show(side, price)]
        return shown

    # ------------------------------------------------------------------ own orders

    def rest(self, own: Own) -> list[Shown]:
        """An own order joins the end of its level."""
        entry = self._owns[own] = _Entry(0, own)
        self._level(own.side, own.price).queue.append(entry)
        return self._show(own.side, own.price, own)

    def reduce(self, own: Own, qty: int) -> list[Shown]:
        """Lower an own order by a quantity; it keeps its place, and an order of nothing leaves."""
        own.left -= qty
        if not own.left:
            self._sides[own.side][own.price].queue.remove(self._owns.pop(own))
        return self._show(own.side, own.price, own)

    def opposite(self, side: int, limit: int) -> Iterator[tuple[int, int, Own | None]]:
        """What an order of ``side`` meets up to its limit, best first: price, quantity of others, then the first own order.

        At a price with an own order, only what stands ahead of it counts as others'.
        """
        for price, size in self.levels(-side):
            if (limit - price) * side < 0:
                return
            level = self._sides[-side][price]
            own = next((entry.own for entry in level.queue if entry.own is not None), None)
            others = max(0, level.size - level.eaten)
            yield price, min(others, level.ahead(own)) if own is not None else min(others, size), own

    def eat(self, side: int, price: int, qty: int, own: Own) -> list[Shown]:
        """An own taker of the other side takes this much of others' orders off a level."""
        self._sides[side][price].eaten += qty
        return self._show(side, price, own)

    # ------------------------------------------------------------------ inside

    def _level(self, side: int, price: int) -> _Level:
        return self._sides[side].setdefault(price, _Level())

    def _resting(self, side: int) -> list[Own]:
        """Own orders of a side, best price first, oldest first."""
        return sorted((own for own in self._owns if own.side == side), key=lambda own: -own.price * side)

    def _explained(self, side: int, price: int, qty: int, ts: int) -> bool:
        """Whether a print that came before is what this fall is about."""
        for trade in self._prints:
            if (-trade.taker, trade.price, trade.qty) == (side, price, qty) and _near(trade.ts, ts):
                self._prints.remove(trade)
                return True
        return False

    def _crossed(self, side: int, price: int, qty: int) -> list[Shown]:
        """A new order of the tape meets own orders at or through its price."""
        level = self._level(side, price)
        shown: list[Shown] = []
        for own in self._resting(-side):
            part = min(own.left, qty, level.size - level.eaten)
            if (own.price - price) * side > 0 or part <= 0:
                continue
            level.eaten += part
            qty -= part
            shown += self._hit(own, part, None)
        return shown

    def _hit(self, own: Own, qty: int, trade: Print | None) -> list[Shown]:
        self._hits.append(Hit(own, qty, trade))
        return self.reduce(own, qty)

    def _show(self, side: int, price: int, cause: Own | None = None) -> list[Shown]:
        """Bring what is shown at a level up to date."""
        level = self._level(side, price)
        own = sum(entry.left for entry in level.queue if entry.own is not None) if self._owns else 0
        shown = max(0, level.size - level.eaten) + own
        change, level.shown = shown - level.shown, shown
        if not shown and not level.size and all(entry.own is None for entry in level.queue):
            del self._sides[side][price]
        return [Shown(side, price, change, cause)] if change else []

    def _tidy(self, level: _Level, ts: int) -> None:
        """Forget what can no longer pair, and empty places."""
        if len(self._falls) > _CROWDED or len(self._prints) > _CROWDED:
            self._falls = [fall for fall in self._falls if _near(fall.ts, ts)][-_CROWDED:]
            self._prints = [trade for trade in self._prints if _near(trade.ts, ts)][-_CROWDED:]
        if len(level.queue) > _CROWDED:
            held = {id(entry) for fall in self._falls for entry, _ in fall.taken}
            level.queue = [e for e in level.queue if e.own is not None or e.size or id(e) in held]

    def _reset(self, level: _Level, size: int) -> None:
        own = [entry for entry in level.queue if entry.own is not None]
        level.size, level.eaten = size, 0
        level.queue = ([_Entry(size)] if size else []) + own


def _near(a: int, b: int) -> bool:
    return abs(a - b) <= PAIRING_NS


def _pairs(fall: _Fall, trade: Print) -> bool:
    same = (fall.side, fall.price, fall.qty) == (-trade.taker, trade.price, trade.qty)
    return same and _near(fall.ts, trade.ts)

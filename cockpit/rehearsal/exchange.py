"""An order-by-order exchange for one YES/NO market, and the truth about orders that were never in it.

The book. All orders are in YES terms: a buyer of NO at q is a seller of YES at 1 - q. Each price holds its orders
in time order. An incoming order takes the best opposite price first and, within a price, the oldest order first
(price-time priority); what is left rests at the end of its own price, or is killed when the order is
immediate-or-cancel. A post-only order that would trade is refused. Reducing an order keeps its place (the venue's
amend rule); every other change is a cancel and a new order. Source: the venue's order rules.

The tape. Every event leaves primitive happenings in true order: a `Change` is one order's size change at one level,
a `Print` is one trade between the taker and one resting order. A trade is always the pair Change, Print.

Ghosts. A ghost is an order that is not in the book: nobody sees it, nothing reacts to it. Its truth is what would
have happened to it under the same priority, with its own impact on others left out:

    ahead at entry   the size displayed at its price and side, that is every order with an older sequence number;
    moves up         when one of those orders is cancelled, reduced or traded, and only then;
    is filled        by an incoming opposite order that reaches its price. Of that order's volume, the part that
                     went to better prices, or at its price to orders that were ahead, had priority over it. All
                     the rest would have met the ghost first:
                       queue     volume that orders behind it received at its own price,
                       through   volume that worse prices received,
                       quote     volume that came to rest at or through its price;
                     together capped by what the ghost still wants, at the ghost's price.

The killed remainder of an immediate-or-cancel order counts for nothing: no record of the market shows it, so no
reader of a record could be held to it. Ghosts of one lane share: whoever comes first in price, then time, is served
first and the later one finds that much less. Ghosts of no lane are each alone in the world.
"""

from enum import StrEnum

import msgspec

from cockpit.domain.markets import CENT_GRID, PriceBand, on_grid
from cockpit.domain.units import ASK, BID, QTY


class Cause(StrEnum):
    """Why a level's size changed."""

    ADD = "add"
    CANCEL = "cancel"
    TRADE = "trade"
    AMEND = "amend"


class Change(msgspec.Struct, frozen=True, gc=False):
    """One order's signed size change at one level; quantity units, price units, ``ts`` ns UTC."""

    ts: int
    side: int
    price: int
    qty: int
    cause: Cause
    order: int


class Print(msgspec.Struct, frozen=True, gc=False):
    """One trade: ``taker`` is BID when the taker bought YES; ``maker`` is the resting order's id."""

    ts: int
    price: int
    qty: int
    taker: int
    maker: int


class Order:
    """An order; ``left`` is what still rests. Its id is also its sequence number: older is smaller."""

    __slots__ = ("filled", "id", "left", "price", "refused", "side")

    def __init__(self, number: int, side: int, price: int, qty: int) -> None:
        self.id = number
        self.side = side
        self.price = price
        self.left = qty
        self.filled = 0
        self.refused = ""


class Fill(msgspec.Struct, frozen=True, gc=False):
    """One fill a ghost would have had, at the ghost's price: ``cause`` is queue, through or quote."""

    ts: int
    qty: int
    cause: str


class Ghost(msgspec.Struct):
    """An order that never was in the book, and its truth. ``ended`` is 0 while it is open."""

    id: int
    side: int
    price: int
    qty: int
    entered: int
    ahead: int
    """Quantity ahead of it when it entered."""
    lane: str | None = None
    left: int = 0
    ended: int = 0
    refused: str = ""
    fills: list[Fill] = msgspec.field(default_factory=list)


class _Side:
    """One side's levels: price to its orders, oldest first."""

    __slots__ = ("best", "levels", "side", "sizes")

    def __init__(self, side: int) -> None:
        self.side = side
        self.levels: dict[int, dict[int, Order]] = {}
        self.sizes: dict[int, int] = {}
        self.best: int | None = None

    def add(self, order: Order) -> None:
        self.levels.setdefault(order.price, {})[order.id] = order
        self.sizes[order.price] = self.sizes.get(order.price, 0) + order.left
        if self.best is None or (order.price - self.best) * self.side > 0:
            self.best = order.price

    def take(self, order: Order, qty: int) -> None:
        """Lower one order's size; an order of nothing leaves the book."""
        order.left -= qty
        self.sizes[order.price] -= qty
        if order.left == 0:
            self._remove(order)

    def _remove(self, order: Order) -> None:
        level = self.levels[order.price]
        del level[order.id]
        if not level:
            del self.levels[order.price], self.sizes[order.price]
            if order.price == self.best:
                self.best = (max if self.side == BID else min)(self.levels, default=None)


class Exchange:
    """One market's matching engine. Quantities and prices in `cockpit.domain.units`, times ns UTC."""

    def __init__(self, market: str, grid: tuple[PriceBand, ...] = CENT_GRID, lot: int = QTY // 100) -> None:
        self.market = market
        self.grid = grid
        self.lot = lot
        self.closed = False
        self.volume = 0
        self.last = 0
        self.last_qty = 0
        self._next = 1
        self._now = 0
        self._sides = {BID: _Side(BID), ASK: _Side(ASK)}
        self._resting: dict[int, Order] = {}
        self._ghosts: list[Ghost] = []
        self._tape: list[Change | Print] = []

    def submit(
        self, ts: int, side: int, price: int, qty: int, *, post_only: bool = False, ioc: bool = False
    ) -> Order:
        """Enter an order: it trades what it can and rests what is left.

        Returns:
            The order; ``refused`` says why when the venue would not take it.

        Raises:
            ValueError: for a price off the grid, a quantity off the lot, or time running back.
        """
        self._check(ts, price, qty)
        order = Order(self._number(), side, price, qty)
        if self.closed:
            order.refused = "market inactive"
        elif post_only and self._crosses(side, price):
            order.refused = "post only cross"
        if order.refused:
            order.left = 0
            return order
        taken = self._match(ts, order)
        resting = 0 if ioc else order.left
        if self._ghosts:
            self._serve(ts, order, taken, resting)
        order.left = resting
        if resting:
            self._sides[side].add(order)
            self._resting[order.id] = order
            self._tape.append(Change(ts, side, price, resting, Cause.ADD, order.id))
        return order

    def cancel(self, ts: int, number: int) -> bool:
        """Take a resting order out of the book; False when nothing of it rests."""
        return self._lower(ts, number, 0, Cause.CANCEL)

    def reduce(self, ts: int, number: int, left: int) -> bool:
        """Amend a resting order down to ``left`` > 0; it keeps its place. False when that is no reduction."""
        self._check_lots(left)
        return self._lower(ts, number, left, Cause.AMEND)

    def clear(self, ts: int) -> None:
        """Take every resting order out of the book."""
        for number in list(self._resting):
            self.cancel(ts, number)

    def close(self, ts: int) -> None:
        """Stop trading for good: the book freezes as it stands and every ghost ends."""
        self._clock(ts)
        self.closed = True
        for ghost in list(self._ghosts):
            self.withdraw(ts, ghost)

    def drain(self) -> list[Change | Print]:
        """What happened since the last call, in true order."""
        tape, self._tape = self._tape, []
        return tape

    def best(self, side: int) -> int | None:
        """The best price of a side, None when it is empty."""
        return self._sides[side].best

    def displayed(self, side: int, price: int) -> int:
        """The size shown at a level."""
        return self._sides[side].sizes.get(price, 0)

    def levels(self, side: int) -> list[tuple[int, int]]:
        """Every (price, size) of a side, lowest price first."""
        return sorted(self._sides[side].sizes.items())

    def orders(self, side: int, price: int) -> list[Order]:
        """The orders of a level, oldest first."""
        return list(self._sides[side].levels.get(price, {}).values())

    def ghost(self, ts: int, side: int, price: int, qty: int, lane: str | None = None) -> Ghost:
        """Enter an order that is in no book; post-only, so it is refused where it would trade at once."""
        self._check(ts, price, qty)
        ghost = Ghost(self._number(), side, price, qty, ts, self.displayed(side, price), lane, left=qty)
        if self.closed or self._crosses(side, price):
            ghost.refused = "market inactive" if self.closed else "post only cross"
            ghost.left, ghost.ended = 0, ts
        else:
            self._ghosts.append(ghost)
        return ghost

    def withdraw(self, ts: int, ghost: Ghost) -> None:
        """End a ghost; nothing happens when it has ended already."""
        self._clock(ts)
        if not ghost.ended:
            ghost.ended = ts
            self._ghosts.remove(ghost)

    def ahead(self, ghost: Ghost) -> int:
        """The quantity ahead of a ghost now."""
        level = self._sides[ghost.side].levels.get(ghost.price, {})
        return sum(order.left for order in level.values() if order.id < ghost.id)

    def _match(self, ts: int, taker: Order) -> list[tuple[int, int, int]]:
        """Trade the incoming order; returns (price, maker's id, quantity) of each trade."""
        book = self._sides[-taker.side]
        taken: list[tuple[int, int, int]] = []
        while taker.left and self._crosses(taker.side, taker.price):
            price = book.best
            assert price is not None
            maker = next(iter(book.levels[price].values()))
            qty = min(maker.left, taker.left)
            self._trade(ts, book, maker, taker, qty)
            taken.append((price, maker.id, qty))
        return taken

    def _trade(self, ts: int, book: _Side, maker: Order, taker: Order, qty: int) -> None:
        book.take(maker, qty)
        taker.left -= qty
        maker.filled += qty
        taker.filled += qty
        if not maker.left:
            del self._resting[maker.id]
        self._tape.append(Change(ts, maker.side, maker.price, -qty, Cause.TRADE, maker.id))
        self._tape.append(Print(ts, maker.price, qty, taker.side, maker.id))
        self.volume += qty
        self.last = maker.price
        self.last_qty = qty

    def _serve(self, ts: int, taker: Order, taken: list[tuple[int, int, int]], resting: int) -> None:
        """Give every ghost this order reaches the volume that had no priority over it."""
        reached = [g for g in self._ghosts if g.side == -taker.side and (g.price - taker.price) * g.side >= 0]
        reached.sort(key=lambda g: (-g.price * g.side, g.id))
        served: dict[str, int] = {}
        for ghost in reached:
            before = served.get(ghost.lane, 0) if ghost.lane is not None else 0
            got = self._fill(ts, ghost, _claims(ghost, taken, resting), before)
            if ghost.lane is not None:
                served[ghost.lane] = before + got

    def _fill(self, ts: int, ghost: Ghost, claims: dict[str, int], gone: int) -> int:
        """Fill a ghost from its claims, of which earlier ghosts of its lane have had ``gone``."""
        total = 0
        for cause, amount in claims.items():
            lost = min(gone, amount)
            gone -= lost
            qty = min(amount - lost, ghost.left)
            if qty:
                ghost.fills.append(Fill(ts, qty, cause))
                ghost.left -= qty
                total += qty
        if not ghost.left:
            self.withdraw(ts, ghost)
        return total

    def _lower(self, ts: int, number: int, left: int, cause: Cause) -> bool:
        self._clock(ts)
        order = self._resting.get(number)
        if order is None or left >= order.left or self.closed:
            return False
        qty = order.left - left
        self._sides[order.side].take(order, qty)
        if not order.left:
            del self._resting[number]
        self._tape.append(Change(ts, order.side, order.price, -qty, cause, number))
        return True

    def _crosses(self, side: int, price: int) -> bool:
        best = self._sides[-side].best
        return best is not None and (price - best) * side >= 0

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _clock(self, ts: int) -> None:
        if ts < self._now:
            raise ValueError(f"time runs back from {self._now} to {ts}")
        self._now = ts

    def _check(self, ts: int, price: int, qty: int) -> None:
        self._clock(ts)
        self._check_lots(qty)
        if not on_grid(self.grid, price):
            raise ValueError(f"price {price} is off the grid of {self.market}")

    def _check_lots(self, qty: int) -> None:
        if qty <= 0 or qty % self.lot:
            raise ValueError(f"quantity {qty} is not a positive number of lots of {self.lot}")


def _claims(ghost: Ghost, taken: list[tuple[int, int, int]], resting: int) -> dict[str, int]:
    """The incoming volume that had no priority over a ghost, by how it would have met it."""
    claims = {"queue": 0, "through": 0, "quote": resting}
    for price, maker, qty in taken:
        if price == ghost.price:
            claims["queue"] += qty if maker > ghost.id else 0
        elif (ghost.price - price) * ghost.side > 0:
            claims["through"] += qty
    return claims

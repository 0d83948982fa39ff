"""Who trades in the rehearsal world.

A `Quoter` is a market maker: it shows both sides around its own view of the fair value and moves when that view has
moved. A `Hawk` takes whatever rests through the fair value by more than its margin: it is who makes a stale quote
cost money. A `Crowd` is everyone else in one market, one arrival at a time:

    join      rests at the best price or a few ticks behind
    improve   rests inside the spread
    cancel    gives up one of its resting orders
    reduce    amends one of them down, which keeps its place
    take      hits the best price; the informed hit the wrong one, the impatient any
    sweep     goes through several levels with a limit, and rests what is left

An agent's ``act`` does one thing and says when it wants to act again (ns UTC), or None when it is done.
"""

from collections.abc import Callable

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND
from cockpit.rehearsal.draws import Draws, micros
from cockpit.rehearsal.exchange import Order
from cockpit.rehearsal.pit import LOT, Floor

JOIN, IMPROVE, CANCEL, REDUCE, TAKE, SWEEP = range(6)


class Habits(msgspec.Struct, frozen=True):
    """A market maker's ways: half spread and error in price units, usual size in contracts, pace in seconds."""

    half: float
    error: float
    size: int
    pace: float


class Crowding(msgspec.Struct, frozen=True):
    """How a crowd behaves: arrivals a second at even odds, and how they divide (join to sweep, summing to 1)."""

    rate: float
    weights: tuple[float, float, float, float, float, float] = (0.40, 0.07, 0.28, 0.06, 0.14, 0.05)
    informed: float = 0.6
    crowd: int = 40
    """From this many resting orders on, an arrival that would join cancels instead."""


class Quoter:
    """A market maker in one market."""

    def __init__(self, pit: Floor, draws: Draws, habits: Habits) -> None:
        self.pit = pit
        self._draws = draws
        self._habits = habits
        self._lean = 0.0
        self._orders: dict[int, Order | None] = {BID: None, ASK: None}

    def act(self, now: int) -> int | None:
        """Look at the fair value and move the quotes that are no longer where they should be."""
        pit, habits = self.pit, self._habits
        if not pit.open:
            return None
        self._lean = 0.97 * self._lean + 0.24 * habits.error * self._draws.normal()
        view = pit.fair(now) * PRICE + self._lean
        half = self._half(now)
        wanted = {side: pit.quote(side, view - side * half) for side in (BID, ASK)}
        moved = [side for side in (BID, ASK) if self._misplaced(side, wanted[side])]
        for side in moved:
            self._pull(now, side)
        for side in moved:
            price = wanted[side]
            if price is not None:
                self._orders[side] = pit.exchange.submit(now, side, price, self._size(), post_only=True)
        return now + self._wait()

    def _half(self, now: int) -> float:
        """The half spread, price units: twice the usual with a minute left, seven times with ten seconds."""
        left = max(self.pit.ends(now) - now, 10 * SECOND)
        return self._habits.half * (1.0 + 60 * SECOND / left)

    def _misplaced(self, side: int, wanted: int | None) -> bool:
        """Whether to move a quote: a tick is worth it less than half the time, since moving loses the place."""
        order = self._orders[side]
        if order is None or not order.left:
            return wanted is not None
        if wanted is None:
            return True
        away = abs(self.pit.ticks(order.price, wanted))
        return self._draws.uniform() < (0.02, 0.4)[away] if away < 2 else True

    def _pull(self, now: int, side: int) -> None:
        order = self._orders[side]
        if order is not None and order.left:
            self.pit.exchange.cancel(now, order.id)
        self._orders[side] = None

    def _size(self) -> int:
        """Mostly its usual size, give or take; sometimes exactly that."""
        usual = self._habits.size
        if self._draws.uniform() < 0.3:
            return usual * QTY
        return max(1, int(usual * (0.6 + 0.8 * self._draws.uniform()) * 100)) * LOT

    def _wait(self) -> int:
        """Half of its pace at least, all of it on average."""
        return micros(self._habits.pace * 0.5) + self._draws.wait(self._habits.pace * 0.5)


class Hawk:
    """A fast informed taker in one market; ``margin`` in price units, ``pace`` the mean seconds between its looks."""

    def __init__(self, pit: Floor, draws: Draws, margin: float, pace: float) -> None:
        self.pit = pit
        self._draws = draws
        self._margin = margin
        self._pace = pace

    def act(self, now: int) -> int | None:
        """Take the mispriced side, up to a price that still leaves the margin."""
        pit = self.pit
        if not pit.open:
            return None
        fair = pit.fair(now) * PRICE
        for side in (BID, ASK):
            limit = pit.quote(side, fair - side * self._margin)
            best = pit.exchange.best(-side)
            if limit is not None and best is not None and (limit - best) * side >= 0:
                qty = pit.size(self._draws) + pit.size(self._draws)
                pit.exchange.submit(now, side, limit, qty, ioc=True)
                break
        return now + self._draws.wait(self._pace)


class Crowd:
    """Everyone in one market who is not a market maker."""

    def __init__(self, pit: Floor, draws: Draws, crowding: Crowding) -> None:
        self.pit = pit
        self._draws = draws
        self._crowding = crowding
        self._resting: list[Order] = []
        self._seeded = False
        self._deeds: tuple[Callable[[int], None], ...] = (
            self._join,
            self._improve,
            self._cancel,
            self._reduce,
            self._take,
            self._sweep,
        )

    def act(self, now: int) -> int | None:
        """One arrival."""
        if not self.pit.open:
            return None
        if not self._seeded:
            self._seed(now)
        deed = self._draws.pick(self._crowding.weights)
        if deed == JOIN and len(self._resting) >= self._crowding.crowd:
            deed = CANCEL
        self._deeds[deed](now)
        fair = self.pit.fair(now)
        rate = self._crowding.rate * (0.2 + 3.2 * fair * (1.0 - fair))
        return now + self._draws.wait(1.0 / rate)

    def _seed(self, now: int) -> None:
        """The first arrival finds a book: a few orders on every one of the nearest prices."""
        self._seeded = True
        fair = self.pit.fair(now) * PRICE
        for side in (BID, ASK):
            best = self.pit.quote(side, fair - side * 100)
            for depth in range(10):
                price = None if best is None else self.pit.step(best, -side * depth)
                for _ in range(1 + self._draws.below(2)):
                    if price is not None:
                        self._rest(now, side, price, self.pit.size(self._draws))

    def _rest(self, now: int, side: int, price: int, qty: int) -> None:
        order = self.pit.exchange.submit(now, side, price, qty, post_only=True)
        if order.left:
            self._resting.append(order)

    def _join(self, now: int) -> None:
        side = self._side()
        best = self._best(now, side)
        behind = self._draws.pick((0.45, 0.25, 0.15, 0.10, 0.05))
        price = None if best is None else self.pit.step(best, -side * behind)
        if price is not None:
            self._rest(now, side, price, self.pit.size(self._draws))

    def _improve(self, now: int) -> None:
        side = self._side()
        best = self._best(now, side)
        price = None if best is None else self.pit.step(best, side)
        if price is not None and (self.pit.fair(now) * PRICE - price) * side > -100:
            self._rest(now, side, price, self.pit.size(self._draws))

    def _cancel(self, now: int) -> None:
        order = self._own()
        if order is not None:
            self.pit.exchange.cancel(now, order.id)

    def _reduce(self, now: int) -> None:
        order = self._own()
        if order is None:
            return
        left = int(order.left * self._draws.uniform()) // LOT * LOT
        if 0 < left < order.left:
            self.pit.exchange.reduce(now, order.id, left)
        self._resting.append(order)

    def _take(self, now: int) -> None:
        side = self._wanted(now)
        price = None if side is None else self.pit.exchange.best(-side)
        if side is not None and price is not None:
            self._send(now, side, price, self.pit.size(self._draws), ioc=self._draws.uniform() < 0.5)

    def _sweep(self, now: int) -> None:
        side = self._wanted(now)
        best = None if side is None else self.pit.exchange.best(-side)
        if side is None or best is None:
            return
        price = self.pit.step(best, side * (1 + self._draws.below(4)))
        if price is not None:
            qty = self.pit.size(self._draws) + self.pit.size(self._draws) + self.pit.size(self._draws)
            self._send(now, side, price, qty, ioc=self._draws.uniform() < 0.3)

    def _send(self, now: int, side: int, price: int, qty: int, *, ioc: bool) -> None:
        order = self.pit.exchange.submit(now, side, price, qty, ioc=ioc)
        if order.left:
            self._resting.append(order)

    def _wanted(self, now: int) -> int | None:
        """The side to take: the informed take what is mispriced and else wait; the impatient take either."""
        if self._draws.uniform() >= self._crowding.informed:
            return self._side()
        fair = self.pit.fair(now) * PRICE
        bid, ask = self.pit.exchange.best(BID), self.pit.exchange.best(ASK)
        cheap = fair - ask if ask is not None else -1.0
        dear = bid - fair if bid is not None else -1.0
        if max(cheap, dear) <= 0:
            return None
        return BID if cheap >= dear else ASK

    def _best(self, now: int, side: int) -> int | None:
        """Where a joiner looks: the best price, or two cents from fair when the side is empty."""
        best = self.pit.exchange.best(side)
        return self.pit.quote(side, self.pit.fair(now) * PRICE - side * 200) if best is None else best

    def _own(self) -> Order | None:
        """Take one order that still rests off the list, if a few tries find one."""
        for _ in range(4):
            if not self._resting:
                return None
            at = self._draws.below(len(self._resting))
            self._resting[at], self._resting[-1] = self._resting[-1], self._resting[at]
            order = self._resting.pop()
            if order.left:
                return order
        return None

    def _side(self) -> int:
        return BID if self._draws.uniform() < 0.5 else ASK

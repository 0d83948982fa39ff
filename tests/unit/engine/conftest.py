"""A market in cents for playbooks, and a venue of true queues that tells its story in any order."""

from collections.abc import Iterator

import pytest

from cockpit.domain.commands import CancelOrder, Edit, PlaceManual
from cockpit.domain.effects import Effect
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, MarketListed, Tick, Trade
from cockpit.domain.markets import Market, MarketStatus, PriceBand
from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, QTY
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.engine.queue import RULES, Own

M = "KXTEST-26DEC01-T1"
GRID = (PriceBand(0, PRICE, 100),)


class Table:
    """One market, prices in cents, quantities in contracts, times in ms."""

    def __init__(self, latency_ms: int = 0, **config: object) -> None:
        latency = latency_ms * MILLISECOND
        self.engine = Engine(
            EngineConfig(entry_latency_ns=latency, cancel_latency_ns=latency, **config)  # type: ignore[arg-type]
        )
        self.t = 0
        self.effects: list[Effect] = []
        market = Market(ticker=M, venue="kalshi", event="E", status=MarketStatus.ACTIVE, grid=GRID)
        self.send(MarketListed(0, market))

    def send(self, item: object) -> list[Effect]:
        out = self.engine.process(item)  # type: ignore[arg-type]
        self.effects += out
        return list(out)

    def at(self, ms: float) -> "Table":
        self.t = int(ms * MILLISECOND)
        return self

    def book(self, bids: dict[float, float], asks: dict[float, float]) -> list[Effect]:
        def levels(side: dict[float, float]) -> tuple[tuple[int, int], ...]:
            return tuple((round(p * 100), round(q * QTY)) for p, q in side.items())

        return self.send(BookSnapshot(self.t, self.t, M, levels(bids), levels(asks)))

    def level(self, side: str, price: float, new: float) -> list[Effect]:
        """The level's new absolute size, told as the venue tells it: a signed change."""
        sign = BID if side == "B" else ASK
        now = self.engine.state.markets[M].book.size(sign, round(price * 100))
        return self.send(BookDelta(self.t, self.t, M, sign, round(price * 100), round(new * QTY) - now))

    def print(self, price: float, qty: float, taker: str, **more: object) -> list[Effect]:
        sign = BID if taker == "buy" else ASK
        return self.send(
            Trade(self.t, self.t, M, round(price * 100), round(qty * QTY), sign, **more)  # type: ignore[arg-type]
        )

    def place(
        self, side: str, price: float, qty: float, ref: str = "o1", lane: str = "desk", ttl_ms: float = 0
    ) -> list[Effect]:
        sign = BID if side == "buy" else ASK
        life = int(ttl_ms * MILLISECOND)
        return self.send(PlaceManual(self.t, M, sign, round(price * 100), round(qty * QTY), life, lane, ref))

    def cancel(self, ref: str = "o1") -> list[Effect]:
        return self.send(CancelOrder(self.t, ref))

    def edit(self, target: str, price: float, qty: float) -> list[Effect]:
        return self.send(Edit(self.t, target, round(price * 100), round(qty * QTY)))

    def order(self, ref: str = "o1") -> Own:
        known = [*self.engine.orders.index.values(), *self.engine.orders.ended]
        return next(o for o in reversed(known) if o.ref == ref)

    def filled(self, ref: str = "o1") -> dict[str, float]:
        """Contracts filled by rule."""
        order = self.order(ref)
        return {rule: (order.qty - order.left[i]) / QTY for i, rule in enumerate(RULES)}

    def ahead(self, ref: str = "o1") -> tuple[float, float]:
        """Contracts ahead under (tail, fifo)."""
        order = self.order(ref)
        return order.ahead_tail / QTY, order.ahead_fifo / QTY


@pytest.fixture
def table() -> Table:
    """Bids 40 x 100, 39 x 50; asks 42 x 80, 43 x 60; no latency."""
    made = Table()
    made.book({40: 100, 39: 50}, {42: 80, 43: 60})
    return made


@pytest.fixture
def slow() -> Table:
    """The same book with 250 ms to enter and 250 ms to cancel."""
    made = Table(latency_ms=250)
    made.book({40: 100, 39: 50}, {42: 80, 43: 60})
    return made


LOT = QTY // 100
T0 = 1_700_000_000_000_000_000
STEP = 5 * MILLISECOND

Input = MarketListed | BookSnapshot | BookDelta | BookDoubt | Trade | Tick | PlaceManual | CancelOrder
Step = tuple[int, int, int, int]
"""What to do, and three numbers that say how."""


class Ghost:
    """An own order as the venue would have seen it: the real orders ahead of it, and its true fills by rule."""

    def __init__(self, ref: str, lane: str, side: int, price: int, qty: int, ahead: list[list[int]]) -> None:
        self.ref, self.lane, self.side, self.price, self.qty = ref, lane, side, price, qty
        self.ahead = ahead
        self.filled = {"cross": 0, "fifo": 0, "touch": 0}
        self.live = True

    def meet(self, cross: int, fifo: int, touch: int) -> None:
        for rule, qty in (("cross", cross), ("fifo", fifo), ("touch", touch)):
            self.filled[rule] = min(self.qty, self.filled[rule] + qty)
        self.live = self.filled["cross"] < self.qty


class Story:
    """Real orders in true first-in-first-out queues; what happens to them, told as the venue might tell it.

    With ``exact`` no size comes twice and a lane has one order a side, so that the order-by-order rule
    must find the truth. Without it sizes repeat, orders shrink, and prints come that no decrease explains.
    """

    PRICES = tuple(range(3800, 4500, 100))

    def __init__(self, *, exact: bool, alone: bool = True, noise: bool = False) -> None:
        self.exact, self.alone, self.noise = exact, alone, noise
        self.t = T0
        self.n = 0
        self.seen: set[int] = set()
        self.levels: dict[tuple[int, int], list[list[int]]] = {}
        self.ghosts: list[Ghost] = []
        self.late: list[Trade] = []
        self.told: list[Input] = [
            MarketListed(
                T0, Market(ticker=M, venue="kalshi", event="E", status=MarketStatus.ACTIVE, grid=GRID)
            )
        ]
        for side, price in ((BID, 3900), (BID, 4000), (BID, 4000), (ASK, 4200), (ASK, 4200), (ASK, 4300)):
            self.levels.setdefault((side, price), []).append([self.size(self.n)])
        self.snapshot()

    def size(self, seed: int) -> int:
        self.n += 1
        size = (20 + 7 * self.n if self.exact else 1 + seed % 5) * LOT
        while self.exact and size in self.seen:
            size += LOT
        self.seen.add(size)
        return size

    def best(self, side: int) -> int:
        prices = [side * price for s, price in self.levels if s == side]
        return side * max(prices) if prices else (0 if side == BID else PRICE)

    def resting(self, side: int, seed: int) -> int | None:
        """A price that would rest on a side: most often the best, else a tick away from it."""
        prices = [p for p in self.PRICES if side * p < side * self.best(-side)]
        wanted = self.best(side) + side * (0, 0, 0, 0, 0, -100, 100)[seed % 7]
        return wanted if wanted in prices else prices[seed % len(prices)] if prices else None

    def delta(self, side: int, price: int, qty: int) -> BookDelta:
        return BookDelta(self.t, self.t, M, side, price, qty)

    # -------------------------------------------------------------- what happens

    def join(self, side: int, price: int, size: int) -> BookDelta:
        self.levels.setdefault((side, price), []).append([size])
        for ghost in self.ghosts:
            if ghost.live and ghost.side == -side and side * price >= side * ghost.price:
                ghost.meet(size, size, size)
        return self.delta(side, price, size)

    def leave(self, side: int, price: int, at: int, size: int) -> BookDelta:
        queue = self.levels[side, price]
        queue[at][0] -= size
        if not queue[at][0]:
            del queue[at]
        if not queue:
            del self.levels[side, price]
        return self.delta(side, price, -size)

    def fill(self, side: int, size: int) -> tuple[BookDelta, Trade]:
        """The taker meets the order in front."""
        price = self.best(side)
        for ghost in self.ghosts:
            if ghost.live and ghost.side == side:
                if side * ghost.price > side * price:
                    ghost.meet(size, size, size)
                elif ghost.price == price:
                    ahead = sum(order[0] for order in ghost.ahead)
                    ghost.meet(0, max(0, size - ahead), size)
        return self.leave(side, price, 0, size), Trade(self.t, self.t, M, price, size, -side)

    def sweep(self, side: int, volume: int, how: int) -> None:
        deltas, trades = [], []
        while volume > 0 and self.best(side) in self.PRICES:
            delta, trade = self.fill(side, self.fair(side, volume))
            volume -= trade.qty
            deltas.append(delta)
            trades.append(trade)
        rests = how >= 12 and side * self.best(side) < side * trades[-1].price
        self.tell(
            deltas, trades, [self.join(-side, trades[-1].price, self.size(how))] if rests else [], how % 6
        )

    def fair(self, side: int, volume: int) -> int:
        """A volume for which neither what trades nor what is left of the order has been a size before."""
        front = self.levels[side, self.best(side)][0][0]
        while self.exact and volume < front and not self.seen.isdisjoint((volume, front - volume)):
            volume += LOT
        if volume < front:
            self.seen |= {volume, front - volume}
        return min(volume, front)

    def tell(self, deltas: list[BookDelta], trades: list[Trade], rest: list[BookDelta], how: int) -> None:
        """Deltas in order and prints in order, as each channel keeps its own; between the two anything goes."""
        if how != 5:
            self.flush()
        pairs = list(zip(deltas, trades, strict=True))
        ways: list[list[BookDelta | Trade]] = [
            [*(m for pair in pairs for m in pair), *rest],
            [*(m for d, t in pairs for m in (t, d)), *rest],
            [*deltas, *trades, *rest],
            [*trades, *deltas, *rest],
            [*rest, *trades, *deltas],
            [*deltas, *rest],
        ]
        self.told += ways[how]
        self.late += trades if how == 5 else []

    def flush(self) -> None:
        """Tell the prints that are still owed."""
        self.told += [Trade(self.t, late.ex, M, late.price, late.qty, late.taker) for late in self.late]
        self.late.clear()

    def snapshot(self) -> None:
        self.flush()
        sides = [
            tuple((p, sum(o[0] for o in queue)) for (s, p), queue in self.levels.items() if s == side)
            for side in (BID, ASK)
        ]
        self.told.append(BookSnapshot(self.t, self.t, M, sides[0], sides[1]))

    def place(self, side: int, lane: str, price: int, size: int) -> None:
        for own in (ghost for ghost in self.ghosts if ghost.lane == lane):
            if own.live and (self.alone if own.side == side else side * (price - own.price) >= 0):
                return
            if self.alone:
                self.flush()  # its fills are told before another takes its place
        ghost = Ghost(
            f"g{len(self.ghosts)}", lane, side, price, size * LOT, list(self.levels.get((side, price), []))
        )
        self.ghosts.append(ghost)
        self.told.append(PlaceManual(self.t, M, side, price, ghost.qty, 0, lane, ghost.ref))

    def take_back(self, ghost: Ghost) -> None:
        self.flush()
        ghost.live = False
        self.told.append(CancelOrder(self.t, ghost.ref))

    def step(self, step: Step) -> None:
        what, a, b, c = step
        self.t += STEP
        side = BID if a % 2 else ASK
        price = self.resting(side, b)
        levels = sorted(self.levels.items())
        live = [ghost for ghost in self.ghosts if ghost.live]
        match what % 10:
            case 0 | 1 if price is not None:
                self.told.append(self.join(side, price, self.size(c)))
            case 2 | 3 if levels:
                level, queue = levels[b % len(levels)]
                at = c % len(queue)
                size = queue[at][0] if self.exact or c < 9 else LOT
                self.told.append(self.leave(*level, at, size))
            case 4 | 5 | 6:
                depth = [sum(o[0] for o in queue) for (s, _), queue in levels if s == side]
                if depth:
                    most = sum(depth) if b % 8 == 0 else depth[0 if side == ASK else -1] // (1 + b % 4)
                    self.sweep(side, (1 + (b * 37 + c) % max(1, most // LOT)) * LOT, c)
            case 7 if price is not None:
                self.place(side, "abc"[c % 3], price, 1 + b * 3)
            case 8 if live and a < 2:
                self.take_back(live[b % len(live)])
            case 9 if a < 3:
                self.snapshot()
            case 9 if a < 4 or self.noise:
                odd = (
                    {"taker": side} if a >= 10 else {"taker": side, "block": True} if a % 2 else {"taker": 0}
                )
                self.told.append(Trade(self.t, self.t, M, self.PRICES[b % 7], (1 + c) * LOT, **odd))  # type: ignore[arg-type]
            case _:
                self.flush()


def replay(engine: Engine, told: list[Input]) -> Iterator[tuple[Input, list[Effect]]]:
    """Each input with its effects."""
    for item in told:
        yield item, list(engine.process(item))

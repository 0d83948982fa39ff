"""The fate of real orders, read off a recording after the event: the oracle the fill rules are measured against.

Every level is rebuilt order by order from the first snapshot on. Unlike the simulator, this may look ahead: which
decrease was a print is known from the whole recording, so each size change is one of

    increase            an order joined
    decrease, printed   the front of the queue was executed
    decrease, other     a cancel; of the one known order with exactly that much left (``unique``), of the newest of
                        several (``multi``), out of the opening snapshot (``snapshot``), or of nobody known (``none``:
                        an order amended down)

Two kinds of real orders have a fate known to 0.01 contract:

- cancelled whole: struck uniquely with nothing ever executed; its true fill is 0;
- partly filled: only prints had reduced it, and it was cancelled by exactly what first-in-first-out predicts was
  left; its true fill is the rest. That remainder is what proves the prediction.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec

from cockpit.domain.events import BookDelta, BookSnapshot, Trade
from cockpit.engine.tape import Tape, level_key

MarketEvent = BookSnapshot | BookDelta | Trade


class Fate(msgspec.Struct):
    """A real order whose end is known. Indices count the market's events; quantities in quantity units."""

    key: int
    qty: int
    born: int
    """Index of the delta that showed it joining."""
    died: int
    """Index of the delta that cancelled it."""
    last: int
    """Index of the last event that told of one of its executions, or ``died`` if that is later."""
    filled: int
    exposed: bool
    """Whether anything printed at its price while it rested."""


class Fates(msgspec.Struct):
    """All known fates of one market, and how its decreases could be told apart."""

    decreases: Counter[str]
    whole: list[Fate]
    partly: list[Fate]


class _Order(msgspec.Struct, eq=False):
    born: int
    qty: int
    left: int
    filled: int = 0
    last: int = 0
    amended: bool = False


class _Level(msgspec.Struct):
    """One level, oldest order first, behind what the snapshot showed."""

    base: int = 0
    orders: list[_Order] = msgspec.field(default_factory=list)
    printed: int = -1
    """Index of the last print here."""


def pair_prints(events: Sequence[MarketEvent]) -> dict[int, int]:
    """Index of each decrease that was an execution -> index of its print. Only exact sizes are proof."""
    tape = Tape()
    pairs: dict[int, int] = {}
    for i, event in enumerate(events):
        match event:
            case BookDelta() if event.qty < 0:
                key, ex = level_key(event.side, event.price), event.ex or event.ts
                explained, at = tape.explain(ex, key, -event.qty) if tape.prints else (0, 0)
                guess = tape.wrong_guess(ex, key, -event.qty)
                if explained == -event.qty:
                    pairs[i] = at
                elif guess is not None:
                    pairs[i] = guess.n
                    for entry, _ in guess.parts:
                        pairs.pop(entry.n, None)
                    tape.give_back(event.ts, guess)
                else:
                    tape.hold(i, event.ts, ex, key, -event.qty - explained)
            case Trade() if event.taker and not event.block:
                key, ex = level_key(-event.taker, event.price), event.ex or event.ts
                claimed = tape.claims(ex, key, event.qty)
                if not claimed:
                    tape.wait(i, ex, key, event.qty)
                elif sum(entry.size for entry in claimed) == event.qty:
                    pairs.update((entry.n, i) for entry in claimed)
                if claimed:
                    tape.claim(claimed, i, ex, event.qty)
            case _:
                pass
    return pairs


def fates(events: Sequence[MarketEvent]) -> Fates:
    """Rebuild every level of one market's recording and collect the orders whose fate is known."""
    return _Rebuild(pair_prints(events)).run(events)


class _Rebuild:
    def __init__(self, pairs: dict[int, int]) -> None:
        self._pairs = pairs
        self._levels: dict[int, _Level] = {}
        self._out = Fates(Counter(unique=0, multi=0, none=0, snapshot=0), [], [])

    def run(self, events: Sequence[MarketEvent]) -> Fates:
        for i, event in enumerate(events):
            match event:
                case BookDelta() if event.qty > 0:
                    self._level(event).orders.append(_Order(i, event.qty, event.qty))
                case BookDelta() if i in self._pairs:
                    self._execute(self._level(event), -event.qty, i)
                case BookDelta() if event.qty:
                    self._cancel(self._level(event), level_key(event.side, event.price), -event.qty, i)
                case Trade() if event.taker and not event.block:
                    level = self._levels.get(level_key(-event.taker, event.price))
                    if level is not None:
                        level.printed = i
                case BookSnapshot():
                    self._levels = {
                        level_key(side, price): _Level(base=qty)
                        for side, levels in ((1, event.bids), (-1, event.asks))
                        for price, qty in levels
                    }
                case _:
                    pass
        return self._out

    def _level(self, event: BookDelta) -> _Level:
        return self._levels.setdefault(level_key(event.side, event.price), _Level())

    def _execute(self, level: _Level, qty: int, i: int) -> None:
        """Prints consume from the front."""
        cut = min(level.base, qty)
        level.base -= cut
        qty -= cut
        for order in level.orders:
            if not qty:
                break
            cut = min(order.left, qty)
            order.left -= cut
            order.filled += cut
            order.last = max(i, self._pairs[i])
            qty -= cut
        if level.orders and not level.orders[0].left:
            level.orders = [order for order in level.orders if order.left]

    def _cancel(self, level: _Level, key: int, qty: int, i: int) -> None:
        matches = [order for order in level.orders if order.left == qty]
        if matches:
            self._out.decreases["unique" if len(matches) == 1 else "multi"] += 1
            order = matches[-1]
            level.orders.remove(order)
            if len(matches) == 1 and not order.amended:
                self._ended(level, order, key, i)
            return
        if level.base >= qty:
            self._out.decreases["snapshot"] += 1
            level.base -= qty
            return
        self._out.decreases["none"] += 1
        self._amend(level, qty)

    def _ended(self, level: _Level, order: _Order, key: int, i: int) -> None:
        fate = Fate(
            key, order.qty, order.born, i, max(i, order.last), order.filled, level.printed > order.born
        )
        (self._out.partly if order.filled else self._out.whole).append(fate)

    @staticmethod
    def _amend(level: _Level, qty: int) -> None:
        """Somebody unknown got smaller: the oldest order large enough, whose fate is no longer certain."""
        for order in level.orders:
            if order.left > qty:
                order.left -= qty
                order.amended = True
                return
        for order in level.orders:
            cut = min(order.left, qty)
            order.left -= cut
            order.amended = True
            qty -= cut
        level.orders = [order for order in level.orders if order.left]
        level.base = max(0, level.base - qty)

"""The maker simulator: what a resting order of ours would have got, under four rules at once.

===============================================  =====================================  =======================
what happens                                     fills                                  at most
===============================================  =====================================  =======================
a print at our price, against our side           touch at once; tail and fifo once      the print, less what is
                                                 their queue ahead is gone (``queue``)  ahead under the rule
a print beyond our price (``through``)           all rules                              the print
opposite size appears at or through our price    all rules (``quote``)                  the size that appeared
a snapshot shows the opposite at or through us   all rules (``gap``), marked as a gap   the size shown
===============================================  =====================================  =======================

Better-priced own orders come first, then older ones; within a lane and a rule they share one event's volume. Block
prints and prints of unknown direction fill nobody, and a print older (exchange time) than an order's arrival passes
it by. Own impact is ignored: our order is never part of the displayed book.
"""

from collections.abc import Iterator

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.queue import CROSS, FIFO, TAIL, TOUCH, Fill, Level, Own
from cockpit.engine.tape import Decrease, Guess, Tape, level_key

_RULES = (CROSS, TAIL, FIFO, TOUCH)
NO_BID = 0
NO_ASK = PRICE + 1

Volumes = tuple[int, int, int, int]
"""What one event offers an order, by rule index."""


class Rest(msgspec.Struct):
    """Our side of one market: where we rest, and the tape that tells prints from cancels."""

    levels: dict[int, Level] = msgspec.field(default_factory=dict)
    """By `level_key`; only levels with an own order."""
    tape: Tape = msgspec.field(default_factory=Tape)
    bid: int = NO_BID
    """Highest own bid."""
    ask: int = NO_ASK
    """Lowest own ask."""
    n: int = 0
    """Events seen."""
    ex: int = 0
    """Newest exchange time seen on the book."""
    whole_ns: int = 0
    """When the book was last told whole: what had been printed by then is in it."""

    def orders(self) -> Iterator[Own]:
        """Every own order that rests here, by level."""
        for level in self.levels.values():
            yield from level.orders


class Filled(msgspec.Struct, frozen=True, gc=False):
    """A fill for the ledger: the order, the fill, and whether it was inferred across a gap."""

    order: Own
    fill: Fill
    left: int
    """What the order still wanted under the rule right after it."""
    gap: bool


class Execution(msgspec.Struct, frozen=True, gc=False):
    """A print as the queues see it: ``qty`` taken from the own side ``side`` at ``price``.

    It met the orders that were there: live by its exchange time, and born after event ``since`` and not after event
    ``told``, when it was first told of. ``seen`` marks a back-filled print whose decrease was credited as a cancel
    before: it moves no queue again.
    """

    ts: int
    ex: int
    side: int
    price: int
    qty: int
    told: int
    since: int = 0
    gap: bool = False
    seen: bool = False

    def met(self, order: Own) -> bool:
        """Whether the order was there; a print fetched late may be older than an order, or newer than its end."""
        if order.until_ns and self.ex > order.until_ns:
            return False
        if self.gap and not order.live_ns <= self.ex <= (order.expires_ns or self.ex):
            return False
        return self.ex >= order.live_ex and self.since < order.born <= self.told


class Simulator:
    """Moves queues and fills own orders. Keeps no market state itself: `Rest` holds it, `take` hands out fills."""

    def __init__(self) -> None:
        self.fills: list[Filled] = []
        """Not handed out yet."""
        self._used: dict[str, list[int]] = {}

    def take(self) -> list[Filled]:
        """The fills since the last call, in order."""
        fills = self.fills
        if fills:
            self.fills = []
        return fills

    # ------------------------------------------------------------------ own orders

    def arrive(self, rest: Rest, book: Book, order: Own, ts: int) -> None:
        """An order arrives at the venue and joins the queue behind all that is displayed."""
        key = level_key(order.side, order.price)
        displayed = book.size(order.side, order.price)
        level = rest.levels.get(key)
        if level is None:
            level = rest.levels[key] = Level(key)
        rest.n += 1
        order.born = rest.n
        order.live_ns = ts
        order.live_ex = rest.ex
        order.mid2 = book.mid2
        order.left = [order.qty] * 4
        order.enter(displayed)
        level.orders.append(order)
        if order.side == BID:
            rest.bid = max(rest.bid, order.price)
        else:
            rest.ask = min(rest.ask, order.price)

    def leave(self, rest: Rest, order: Own) -> None:
        """An order ends: its level is dropped when nobody of ours is left there."""
        key = level_key(order.side, order.price)
        level = rest.levels.get(key)
        if level is None or order not in level.orders:
            return
        level.orders.remove(order)
        if not level.orders:
            del rest.levels[key]
            self._find_best(rest)

    def reduce(self, order: Own, qty: int) -> None:
        """Amend an order down to ``qty`` in all: it keeps its place in the queue."""
        cut = order.qty - qty
        order.qty = qty
        order.left = [max(0, left - cut) for left in order.left]

    # ------------------------------------------------------------------ market data

    def delta(self, rest: Rest, book: Book, event: BookDelta, displayed: int, *, doubt: bool = False) -> None:
        """A level changed by ``event.qty`` to ``displayed``; the book holds it already.

        A book in doubt moves queues, but what it shows opposite to us fills nobody.
        """
        qty = event.qty
        side = event.side
        price = event.price
        key = price << 1 | (side == BID)
        ex = event.ex or event.ts
        rest.n += 1
        if ex > rest.ex:
            rest.ex = ex
        level = rest.levels.get(key) if rest.levels else None
        if qty > 0:
            rest.tape.evidence.join(key, qty)
            if level is not None:
                for order in level.orders:
                    order.join(qty, rest.n)
            if (price <= rest.bid if side == ASK else price >= rest.ask) and not doubt:
                self._opposite(rest, -side, price, qty, event.ts, "quote", gap=False)
            return
        tape = rest.tape
        if level is None and not tape.prints and not tape.guesses:
            tape.hold(rest.n, event.ts, ex, key, -qty)
        else:
            self._decrease(rest, book, event, level, key, ex, displayed)

    def _decrease(
        self, rest: Rest, book: Book, event: BookDelta, level: Level | None, key: int, ex: int, displayed: int
    ) -> None:
        """A level lost size: what waiting prints account for is theirs, the rest is held as a cancel."""
        tape = rest.tape
        size = -event.qty
        if tape.prints:
            explained, after = tape.explain(ex, key, size)
            if tape.expired:
                self._reconcile(rest, book, key, size)
            if explained and level is not None:
                level.forgive(explained, after)
            size -= explained
        guess = tape.wrong_guess(ex, key, size) if tape.guesses and size else None
        if guess is not None:
            self._give_back(rest, level, guess, event.ts, displayed)
        elif size:
            entry = tape.hold(rest.n, event.ts, ex, key, size)
            if level is not None:
                level.cancel(entry, displayed)

    def _give_back(self, rest: Rest, level: Level | None, guess: Guess, ts: int, displayed: int) -> None:
        """A print's own decrease came: what the print had claimed instead were cancels, as of their own time.

        Orders that came between the claimed and the print were passed by; now they meet it.
        """
        tape = rest.tape
        first = guess.parts[0][0].n
        if level is not None:
            level.undo(tape.since(first, guess.key))
        tape.give_back(ts, guess)
        side = BID if guess.key & 1 else ASK
        missed = Execution(ts, guess.ex, side, guess.key >> 1, guess.size, told=guess.n, since=first)
        self._execute(rest, level, missed)
        if level is not None:
            held = tape.since(first, guess.key)
            level.redo(held)
            level.bound(held[-1], displayed)
        self._settle_up(rest)

    def trade(self, rest: Rest, book: Book, event: Trade, *, doubt: bool) -> None:
        """A print: it re-labels its decrease if that came first, consumes its level, and may fill us."""
        if event.block or not event.taker:
            return
        side = -event.taker
        rest.n += 1
        key = level_key(side, event.price)
        ex = event.ex or event.ts
        level = rest.levels.get(key)
        seen = event.backfill and ex <= max(rest.ex, rest.whole_ns)
        claimed = [] if event.backfill else self._claim(rest, book, level, key, ex, event.qty)
        told = claimed[0].n if claimed else rest.n
        gap = doubt or event.backfill
        done = Execution(event.ts, ex, side, event.price, event.qty, told, gap=gap, seen=seen)
        self._execute(rest, level, done)
        if level is not None and claimed:
            level.redo(rest.tape.since(told, key))
        self._settle_up(rest)

    def _claim(
        self, rest: Rest, book: Book, level: Level | None, key: int, ex: int, qty: int
    ) -> list[Decrease]:
        """Take a print's decreases back from the cancels, undone in the queues; none came yet: the print waits."""
        tape = rest.tape
        claimed = tape.claims(ex, key, qty)
        if tape.expired:
            self._reconcile(rest, book, key, 0)
        if not claimed:
            tape.wait(rest.n, ex, key, qty)
            return claimed
        if level is not None:
            level.undo(tape.since(claimed[0].n, key))
        tape.claim(claimed, rest.n, ex, qty)
        return claimed

    def snapshot(self, rest: Rest, book: Book, event: BookSnapshot, before: Book) -> None:
        """A whole book was told: queues are clamped to it, and what newly stands at or through us fills us.

        Args:
            rest: our side of the market.
            book: the book as told.
            event: the same, as it came.
            before: the book as it was known until now; size it showed has filled whom it could.
        """
        rest.n += 1
        sides = ((BID, event.bids), (ASK, event.asks))
        rest.tape.evidence.snapshot(
            (level_key(side, price), qty) for side, levels in sides for price, qty in levels
        )
        if event.ex > rest.ex:
            rest.ex = event.ex
        rest.whole_ns = event.ts
        if not rest.levels:
            return
        for level in rest.levels.values():
            shown = book.size(BID if level.key & 1 else ASK, level.key >> 1)
            for order in level.orders:
                order.clamp(shown, rest.n)
        for side, levels in ((BID, event.asks), (ASK, event.bids)):
            for price, qty in sorted(levels, reverse=side == ASK):
                new = qty - before.size(-side, price)
                if new > 0 and (price <= rest.bid if side == BID else price >= rest.ask):
                    self._opposite(rest, side, price, new, event.ts, "gap", gap=True)

    # ------------------------------------------------------------------ fills

    def _execute(self, rest: Rest, level: Level | None, done: Execution) -> None:
        """A print meets own orders: those priced better first, then those at its price."""
        if (rest.bid > done.price) if done.side == BID else (rest.ask < done.price):
            self._through(rest, done)
        if level is not None:
            self._at_price(level, done)

    def _settle_up(self, rest: Rest) -> None:
        """An event was given away: the next one shares anew, and orders that want nothing more are gone."""
        if self._used:
            self._used.clear()
            self._sweep_out(rest)

    def _opposite(
        self, rest: Rest, side: int, price: int, qty: int, ts: int, cause: str, *, gap: bool
    ) -> None:
        """Opposite size ``qty`` stands at ``price``: own orders at or better than it are filled from it."""
        volumes = (qty, qty, qty, qty)
        for level in self._best_first(rest, side):
            own = level.key >> 1
            if own < price if side == BID else own > price:
                break
            for order in level.orders:
                if not order.until_ns:
                    self._give(order, volumes, ts, cause, gap=gap)
        self._settle_up(rest)

    def _through(self, rest: Rest, done: Execution) -> None:
        """A print beyond our price: own orders priced better would have met it first."""
        volumes = (done.qty, done.qty, done.qty, done.qty)
        for level in self._best_first(rest, done.side):
            own = level.key >> 1
            if own <= done.price if done.side == BID else own >= done.price:
                break
            for order in level.orders:
                if done.met(order):
                    self._give(order, volumes, done.ts, "through", gap=done.gap)

    def _at_price(self, level: Level, done: Execution) -> None:
        """A print at the level's own price: queues ahead shrink, and what is left of it fills us."""
        qty = done.qty
        ahead: dict[str, tuple[int, int]] = {}
        for order in level.orders:
            if not done.met(order):
                continue
            order.printed += qty
            if done.seen:
                self._give(order, (0, 0, 0, qty), done.ts, "queue", gap=done.gap)
                continue
            # what is ahead of an older order of the lane is ahead of this one too
            older = ahead.get(order.lane, (0, 0))
            tail = max(order.ahead_tail, older[0])
            fifo = max(min(order.ahead_fifo, order.ahead_tail), older[1])
            ahead[order.lane] = (tail, fifo)
            order.consume(qty)
            self._give(order, (0, qty - tail, qty - fifo, qty), done.ts, "queue", gap=done.gap)

    def _give(self, order: Own, volumes: Volumes, ts: int, cause: str, *, gap: bool) -> None:
        """Fill an order from what an event offers, less what older orders of its lane took of the same event."""
        used = self._used.get(order.lane) if self._used else None
        left = order.left
        for rule in _RULES:
            qty = volumes[rule] if used is None else volumes[rule] - used[rule]
            if qty > left[rule]:
                qty = left[rule]
            qty -= qty % order.lot
            if qty > 0:
                if used is None:
                    used = self._used[order.lane] = [0, 0, 0, 0]
                used[rule] += qty
                left[rule] -= qty
                why = "touch" if rule == TOUCH and cause == "queue" else cause
                fill = Fill(ts, rule, qty, order.price, why)
                order.fills.append(fill)
                self.fills.append(Filled(order, fill, left[rule], gap))

    def _best_first(self, rest: Rest, side: int) -> list[Level]:
        """Own levels of a side, best price first."""
        flag = side == BID
        levels = [level for level in rest.levels.values() if (level.key & 1) == flag]
        levels.sort(key=lambda level: level.key, reverse=flag)
        return levels

    def _sweep_out(self, rest: Rest) -> None:
        """Drop orders that no rule can fill any more."""
        done = [order for order in rest.orders() if not order.open]
        for order in done:
            self.leave(rest, order)

    def _reconcile(self, rest: Rest, book: Book, key: int, size: int) -> None:
        """Prints whose decrease never came: their levels are compared with the book.

        The book already holds the decrease of ``size`` at ``key`` that is being worked on; the levels do not.
        """
        for late in rest.tape.expired:
            level = rest.levels.get(late.key)
            if level is not None:
                waiting = sum(p.size for p in rest.tape.prints if p.key == late.key)
                shown = book.size(BID if late.key & 1 else ASK, late.key >> 1)
                for order in level.orders:
                    order.reconcile(shown + (size if late.key == key else 0) - waiting)
        rest.tape.expired.clear()

    @staticmethod
    def _find_best(rest: Rest) -> None:
        keys = rest.levels.keys()
        rest.bid = max((key >> 1 for key in keys if key & 1), default=NO_BID)
        rest.ask = min((key >> 1 for key in keys if not key & 1), default=NO_ASK)

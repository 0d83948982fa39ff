"""Which size change belongs to which print, and how far a market shows itself order by order.

A venue tells of one execution twice: as a print and as a size decrease, in either order (on real Kalshi frames the
decrease comes first nine times in ten, and every print has a decrease of exactly its size, side and price within a
second of exchange time). A tape pairs the two for every level of one market, so that nobody counts the flow twice:

    decrease, no print waiting    held as a cancel for WINDOW; a print of exactly its size re-labels it
    decrease, print waiting       the print's own decrease: no cancel
    print, decrease held          the decrease was this print: whoever credited a cancel takes the credit back
    print, no decrease held       waits for its decrease for WINDOW

Levels are named by ``key`` (`level_key`), times are exchange times where the source gives them.
"""

import msgspec

from cockpit.domain.units import BID, MILLISECOND, SECOND

WINDOW = SECOND
"""How far apart, in exchange time, a print and its decrease may stand."""

MOMENT = MILLISECOND
"""Exchange times this close are the same moment: the venue stamps milliseconds."""

MINUTE = 60 * SECOND
MINUTES = 60
ENOUGH_CANCELS = 50
"""Below this many cancels in the last hour a market has not shown how it speaks."""

_SIZE_SHIFT = 15


def level_key(side: int, price: int) -> int:
    """One integer for a level of a market: price and side."""
    return price << 1 | (side == BID)


class Credit(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a decrease taken for a cancel changed in one own order's queue: quantities, and a joiner's number."""

    fifo: int
    """Moved up under fifo."""
    tail: int
    """Moved up under tail."""
    joiner: int = -1
    """Sequence number of the joiner behind that was taken to leave or to shrink; -1 for none."""
    struck: bool = False
    """Whether that joiner left."""
    beyond: int = 0
    """Taken from joiners behind because the queue ahead could not cover it."""


class Decrease(msgspec.Struct, gc=False, eq=False):
    """A size decrease that may still turn out to be a print.

    ``n`` is the market's event count when it came: whoever arrived later is not concerned by it. ``shown`` is the
    level's size after it, and ``credits`` what it changed in each own order's queue.
    """

    n: int
    ex: int
    key: int
    size: int
    matches: int
    shown: int = 0
    credits: dict[str, Credit] | None = None


class Print(msgspec.Struct, gc=False):
    """A print whose decrease has not come yet."""

    n: int
    ex: int
    key: int
    size: int


class Tape(msgspec.Struct):
    """The pairing state and the order-by-order evidence of one market."""

    known: dict[int, int] = msgspec.field(default_factory=dict)
    """How many orders of one size joined one level and have not been seen to leave; key and size in one integer."""
    decreases: list[Decrease] = msgspec.field(default_factory=list)
    prints: list[Print] = msgspec.field(default_factory=list)
    expired: list[Print] = msgspec.field(default_factory=list)
    """Prints whose decrease never came, for the queues to reconcile; emptied by the reader."""
    minute_ns: int = 0
    """Start of the minute being counted."""
    slot: int = 0
    """Its place in the two rings below."""
    unique: list[int] = msgspec.field(default_factory=lambda: [0] * MINUTES)
    total: list[int] = msgspec.field(default_factory=lambda: [0] * MINUTES)

    def joined(self, key: int, size: int) -> None:
        """An order joined a level."""
        code = size << _SIZE_SHIFT | key
        known = self.known
        known[code] = known.get(code, 0) + 1

    def explain(self, ex: int, key: int, size: int) -> tuple[int, int]:
        """How much of a decrease the waiting prints account for, and when the newest of those came.

        One print of exactly its size, else those of the same moment (a venue that adds up what it tells).
        """
        self._expire(ex)
        for i, waiting in enumerate(self.prints):
            if waiting.size == size and waiting.key == key:
                self._match(size << _SIZE_SHIFT | key)
                return size, self.prints.pop(i).n
        explained = after = 0
        for waiting in [p for p in self.prints if p.key == key and abs(p.ex - ex) <= MOMENT]:
            part = min(size - explained, waiting.size)
            explained += part
            waiting.size -= part
            after = waiting.n if part else after
        self.prints = [waiting for waiting in self.prints if waiting.size]
        return explained, after

    def hold(self, n: int, ts: int, ex: int, key: int, size: int) -> Decrease:
        """Hold a decrease as a cancel until a print claims it or the window has passed."""
        matches = self._match(size << _SIZE_SHIFT | key)
        if not self.minute_ns <= ts < self.minute_ns + MINUTE:
            self._turn(ts // MINUTE)
        slot = self.slot
        self.total[slot] += 1
        if matches == 1:
            self.unique[slot] += 1
        held = self.decreases
        while held and held[0].ex < ex - WINDOW:
            held.pop(0)
        entry = Decrease(n, ex, key, size, matches)
        held.append(entry)
        return entry

    def claims(self, ex: int, key: int, size: int) -> list[Decrease]:
        """The held decreases a print must have caused, oldest first; none while they have not come.

        The one of exactly its size nearest in exchange time (of equally near ones the oldest), else those of the same
        moment if they are large enough together.
        """
        if self.prints:
            self._expire(ex)
        found, nearest = None, WINDOW + 1
        for entry in self.decreases:
            if entry.size == size and entry.key == key and abs(entry.ex - ex) < nearest:
                found, nearest = entry, abs(entry.ex - ex)
        if found is not None:
            return [found]
        same = [d for d in self.decreases if d.key == key and abs(d.ex - ex) <= MOMENT]
        return same if sum(d.size for d in same) >= size else []

    def claim(self, claimed: list[Decrease], size: int) -> None:
        """The claimed decreases were a print of ``size``; what is left of the last stays held as a cancel."""
        for entry in claimed:
            part = min(size, entry.size)
            entry.size -= part
            size -= part
            if part and not entry.size:
                self.decreases.remove(entry)
                self._unlearn(entry)

    def wait(self, n: int, ex: int, key: int, size: int) -> None:
        """A print waits for its decrease."""
        self.prints.append(Print(n, ex, key, size))

    def since(self, entry: Decrease) -> list[Decrease]:
        """The decreases of a level held since an entry, itself included while it is held, oldest first."""
        return [d for d in self.decreases if d.key == entry.key and d.n >= entry.n]

    def clear(self) -> None:
        """Forget the level contents and what is waiting: a snapshot told the book anew."""
        self.known.clear()
        self.decreases.clear()
        self.prints.clear()
        self.expired.clear()

    def evidence(self) -> tuple[int, int]:
        """(cancels that matched exactly one known order, all cancels) of the last hour."""
        return sum(self.unique), sum(self.total)

    def by_order(self, share: int) -> bool:
        """Whether at least ``share`` per cent of the last hour's cancels matched exactly one known order."""
        unique, total = self.evidence()
        return total >= ENOUGH_CANCELS and unique * 100 >= total * share

    def _match(self, code: int) -> int:
        """How many known orders a decrease could be of; one of them is known no longer."""
        matches = self.known.get(code, 0)
        if matches == 1:
            del self.known[code]
        elif matches:
            self.known[code] = matches - 1
        return matches

    def _expire(self, ex: int) -> None:
        waiting = self.prints
        while waiting and waiting[0].ex < ex - WINDOW:
            self.expired.append(waiting.pop(0))

    def _unlearn(self, entry: Decrease) -> None:
        """What was counted as a cancel was a print: take it out of the evidence."""
        slot = self.slot
        if self.total[slot]:
            self.total[slot] -= 1
            if entry.matches == 1 and self.unique[slot]:
                self.unique[slot] -= 1

    def _turn(self, minute: int) -> None:
        """Empty the slots of the minutes that have passed without a cancel."""
        for passed in range(max(self.minute_ns // MINUTE + 1, minute - MINUTES + 1), minute + 1):
            self.unique[passed % MINUTES] = 0
            self.total[passed % MINUTES] = 0
        self.minute_ns = minute * MINUTE
        self.slot = minute % MINUTES

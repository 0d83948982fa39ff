"""Which size change belongs to which print.

A venue tells of one execution twice: as a print and as a size decrease, in either order (on real Kalshi frames the
decrease comes first nine times in ten, and every print has a decrease of exactly its size, side and price within a
second of exchange time). A tape pairs the two for every level of one market, so that nobody counts the flow twice:

    decrease, no print waiting    held as a cancel for WINDOW, until a print claims it
    decrease, print waiting       the print's own: no cancel
    print, decrease held          claimed: whoever credited a cancel takes the credit back
    print, no decrease held       waits for its decrease for WINDOW

A print claims the held decrease of exactly its size that is nearest in exchange time, else those of the same moment
that are large enough together (a venue that adds up what it tells). A claim on anything but one decrease of the same
moment is a guess: when the print's own decrease comes after all, what was claimed is given back as cancels.

Levels are named by ``key`` (`level_key`), times are exchange times where the source gives them.
"""

import msgspec

from cockpit.domain.units import BID, MILLISECOND, SECOND
from cockpit.engine.evidence import Evidence, Struck

WINDOW = SECOND
"""How far apart, in exchange time, a print and its decrease may stand."""
MOMENT = MILLISECOND
"""Exchange times this close are the same moment: the venue stamps milliseconds."""


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
    """When the joiner came that was taken to leave or to shrink (the market's event count); -1 for none."""
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
    struck: Struck
    shown: int = 0
    credits: dict[str, Credit] | None = None


class Print(msgspec.Struct, gc=False):
    """A print whose decrease has not come yet."""

    n: int
    ex: int
    key: int
    size: int


class Guess(msgspec.Struct, gc=False):
    """A print that claimed what may not be its own: the decreases, and how much of each."""

    n: int
    ex: int
    key: int
    size: int
    parts: list[tuple[Decrease, int]]


class Tape(msgspec.Struct):
    """The pairing state of one market."""

    evidence: Evidence = msgspec.field(default_factory=Evidence)
    decreases: list[Decrease] = msgspec.field(default_factory=list)
    """Held as cancels, oldest first."""
    prints: list[Print] = msgspec.field(default_factory=list)
    """Waiting for their decrease, oldest first."""
    guesses: list[Guess] = msgspec.field(default_factory=list)
    expired: list[Print] = msgspec.field(default_factory=list)
    """Prints whose decrease never came, for the queues to reconcile; emptied by the reader."""

    def __post_init__(self) -> None:
        """What a guess claimed in part and what is still held are one decrease: also after a state was read back."""
        known = {(each.n, each.key): each for each in self.decreases}
        for guess in self.guesses:
            guess.parts = [(known.setdefault((d.n, d.key), d), part) for d, part in guess.parts]

    # ------------------------------------------------------------------ decreases

    def explain(self, ex: int, key: int, size: int) -> tuple[int, int]:
        """How much of a decrease the waiting prints account for, and when the newest of those came.

        One print of exactly its size, else those of the same moment.
        """
        self._expire(ex)
        for i, waiting in enumerate(self.prints):
            if waiting.size == size and waiting.key == key:
                return size, self.prints.pop(i).n
        explained = after = 0
        for waiting in [p for p in self.prints if p.key == key and abs(p.ex - ex) <= MOMENT]:
            part = min(size - explained, waiting.size)
            explained += part
            waiting.size -= part
            after = waiting.n if part else after
        self.prints = [waiting for waiting in self.prints if waiting.size]
        return explained, after

    def wrong_guess(self, ex: int, key: int, size: int) -> Guess | None:
        """The guess that this decrease proves wrong: it is the print's own. Asked for once."""
        self.guesses = [guess for guess in self.guesses if guess.ex >= ex - WINDOW]
        for i, guess in enumerate(self.guesses):
            if guess.size == size and guess.key == key and abs(guess.ex - ex) <= MOMENT:
                return self.guesses.pop(i)
        return None

    def give_back(self, ts: int, guess: Guess) -> None:
        """What a guess claimed is held as cancels again."""
        held = self.decreases
        for claimed, part in guess.parts:
            entry = next((d for d in held if d.n == claimed.n), None)
            if entry is None:
                entry = claimed
                at = len(held)
                while at and held[at - 1].n > entry.n:
                    at -= 1
                held.insert(at, entry)
            entry.size += part
            entry.struck = self.evidence.cancel(ts, entry.key, part)

    def hold(self, n: int, ts: int, ex: int, key: int, size: int) -> Decrease:
        """Hold a decrease as a cancel until a print claims it or the window has passed."""
        held = self.decreases
        while held and held[0].ex < ex - WINDOW:
            held.pop(0)
        entry = Decrease(n, ex, key, size, self.evidence.cancel(ts, key, size))
        held.append(entry)
        return entry

    # ------------------------------------------------------------------ prints

    def claims(self, ex: int, key: int, size: int) -> list[Decrease]:
        """The held decreases a print must have caused, oldest first; none while they have not come."""
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

    def claim(self, claimed: list[Decrease], n: int, ex: int, size: int) -> None:
        """The claimed decreases were a print of ``size``; what is left of the last stays held as a cancel."""
        first = claimed[0]
        guess = Guess(n, ex, first.key, size, [])
        for entry in claimed:
            part = min(size, entry.size)
            if not part:
                break
            size -= part
            self.evidence.undo(entry.key, part, entry.struck if part == entry.size else Struck(0))
            self.evidence.execute(entry.key, part)
            guess.parts.append((entry, part))
            entry.size -= part
            if not entry.size:
                self.decreases.remove(entry)
        certain = len(guess.parts) == 1 and not first.size and abs(first.ex - ex) <= MOMENT
        if not certain:
            self.guesses.append(guess)

    def wait(self, n: int, ex: int, key: int, size: int) -> None:
        """A print waits for its decrease."""
        self.prints.append(Print(n, ex, key, size))
        self.evidence.execute(key, size)

    def since(self, n: int, key: int) -> list[Decrease]:
        """The decreases of a level held since an event count, itself included, oldest first."""
        return [d for d in self.decreases if d.key == key and d.n >= n]

    def _expire(self, ex: int) -> None:
        waiting = self.prints
        while waiting and waiting[0].ex < ex - WINDOW:
            self.expired.append(waiting.pop(0))

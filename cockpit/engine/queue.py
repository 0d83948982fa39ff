"""The queue around each of our resting orders, rebuilt order by order.

Kalshi's level-2 stream is level 3 in disguise: each size change is one order's. So around an own order the level is
held as the venue holds it, oldest first:

    [ ahead: everyone displayed when we came ] [ our order ] [joiner 1] [joiner 2] ...

=======  =========================================================================================
cross    fills only when the price trades or quotes through us
tail     ``ahead_tail`` falls by prints only, and never exceeds the displayed size: cancels are behind us
fifo     ``ahead_fifo`` also falls by cancels ahead. A decrease is one order's, therefore
           of exactly a joiner's size: that joiner left (the newest, if several)
           otherwise, not more than is ahead: it came from ahead
           otherwise: a joiner larger than it shrank (the oldest such)
touch    any print at our price fills
=======  =========================================================================================

Prints consume from the front. A decrease taken for a cancel is undone when its print arrives (`cockpit.engine.tape`),
together with the decreases held since; then the print is applied, then those again: as if the print had come first.
``ahead_fifo <= ahead_tail`` holds after every step, therefore filled(tail) <= filled(fifo) at all times. Each own
order keeps a queue of its own, so that no order's result depends on another's.
"""

import msgspec
from msgspec.structs import replace

from cockpit.domain.orders import OrderState
from cockpit.engine.tape import Credit, Decrease

CROSS, TAIL, FIFO, TOUCH = range(4)
RULES = ("cross", "tail", "fifo", "touch")
GHOST = "account"
"""The lane of ghosts of real orders: they are in queues, and in no account of ours."""


class Fill(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One fill of an own order under one rule: ns UTC, rule index, quantity, price, cause."""

    ts: int
    rule: int
    qty: int
    price: int
    cause: str


def _zeros() -> list[int]:
    return [0] * len(RULES)


class Own(msgspec.Struct, kw_only=True, eq=False):
    """One own order: its terms, its four remainders, the queue around it and its story. Domain units."""

    id: str
    lane: str
    market: str
    side: int
    price: int
    qty: int
    rule: int
    """Index of the rule that counts for it, fixed when it is placed."""
    lot: int = 1
    """Fills are whole multiples of this."""
    ref: str = ""
    ticket: str = ""
    """The proposal it carries out; empty for one of a lane's own or placed by hand."""
    strategy: str = ""
    """The version that wanted it and may take it back."""
    claim: float = 0.0
    """Edge claimed for it when it was sent, dollars a contract, net of the maker fee."""
    anchor: int = 0
    """The price a person approved; a lease may move it within ticks of this. 0 for one of a lane's own."""
    fixed: bool = False
    """A person set its terms: no strategy moves it."""
    leased: int = 0
    """What a lease spent on it, money units."""
    replaces: str = ""
    """The order whose place it takes when it arrives; what that one fills until then, this one has less."""
    state: OrderState = OrderState.SENT
    number: int = 0
    """Its place among all orders ever sent, for a fixed order of work."""
    sent_ns: int
    live_ns: int = 0
    live_ex: int = 0
    """Newest exchange time seen when it went live: prints older than this came before it."""
    born: int = 0
    """The market's event count when it went live."""
    expires_ns: int = 0
    until_ns: int = 0
    """When it ended at the venue, while prints from before that may still be fetched; 0: it has not ended."""
    ended_ns: int = 0
    end: str = ""
    """Why it ended, or was refused."""
    left: list[int] = msgspec.field(default_factory=_zeros)
    carry: list[int] = msgspec.field(default_factory=_zeros)
    """Fee rounding gathered so far, per rule."""
    entry_ahead: int = 0
    ahead_tail: int = 0
    ahead_fifo: int = 0
    sizes: list[int] = msgspec.field(default_factory=list)
    """Quantities of the joiners behind, oldest first."""
    seqs: list[int] = msgspec.field(default_factory=list)
    """When they came: the market's event count, which only grows."""
    printed: int = 0
    """Volume printed at its price while it rested."""
    credited: int = 0
    """Cancels ahead that moved it forward under fifo."""
    mid2: int | None = None
    """Twice the mid when it went live."""
    fills: list[Fill] = msgspec.field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether any rule can still fill it."""
        return any(self.left)

    @property
    def remaining(self) -> int:
        """What is left of it under its own rule; all of it until it is live."""
        return self.left[self.rule] if self.live_ns else self.qty

    def enter(self, displayed: int) -> None:
        """Join the end of the queue: everything displayed is ahead."""
        self.entry_ahead = self.ahead_tail = self.ahead_fifo = displayed

    def join(self, qty: int, n: int) -> None:
        """A real order joined behind us."""
        self.sizes.append(qty)
        self.seqs.append(n)

    def cancel(self, entry: Decrease, floor: int = 0) -> None:
        """Apply a decrease as a cancel, and note in it what that changed here.

        Args:
            entry: the decrease.
            floor: what an older order of the same lane has ahead here; it is ahead of this one too.
        """
        size = entry.size
        tail = max(0, self.ahead_tail - entry.shown)
        self.ahead_tail -= tail
        fifo, joiner, struck, beyond = 0, -1, False, 0
        before = self.ahead_fifo
        at = self._newest(size, entry.n)
        if at >= 0:
            joiner, struck = self.seqs.pop(at), True
            del self.sizes[at]
        elif size <= self.ahead_fifo:
            fifo = size
        else:
            joiner = self._shrink(size, entry.n)
            if joiner < 0:
                fifo = before
                beyond = self._consume_behind(size - fifo)
        self.ahead_fifo = min(max(before - fifo, min(floor, before)), self.ahead_tail)
        fifo = before - self.ahead_fifo
        self.credited += fifo
        credit = Credit(fifo, tail, joiner, struck, beyond)
        if entry.credits is None:
            entry.credits = {self.id: credit}
        else:
            entry.credits[self.id] = credit

    def undo(self, entry: Decrease) -> None:
        """Take back what `cancel` did here."""
        credit = entry.credits.pop(self.id, None) if entry.credits else None
        if credit is None:
            return
        self.ahead_tail += credit.tail
        self.ahead_fifo += credit.fifo
        self.credited -= credit.fifo
        if credit.beyond:
            self._put(0, 0, credit.beyond)
        elif credit.struck:
            at = len(self.seqs)
            while at and self.seqs[at - 1] > credit.joiner:
                at -= 1
            self._put(at, credit.joiner, entry.size)
        elif credit.joiner in self.seqs:
            self.sizes[self.seqs.index(credit.joiner)] += entry.size

    def consume(self, qty: int) -> None:
        """A print takes ``qty`` from the front, under both queue rules."""
        self.ahead_tail = max(0, self.ahead_tail - qty)
        rest = qty - self.ahead_fifo
        self.ahead_fifo = min(max(0, -rest), self.ahead_tail)
        if rest > 0:
            self._consume_behind(rest)

    def clamp(self, displayed: int, n: int) -> None:
        """A snapshot told the level's size: nobody can have more ahead than that. Never a reset.

        The newest joiners are dropped if they no longer fit; what is shown beyond the known joins at the back.
        """
        self.ahead_tail = min(self.ahead_tail, displayed)
        self.ahead_fifo = min(self.ahead_fifo, self.ahead_tail)
        spare = self.ahead_fifo + sum(self.sizes) - displayed
        if spare < 0:
            self.join(-spare, n)
        while spare > 0 and self.sizes:
            cut = min(spare, self.sizes[-1])
            self.sizes[-1] -= cut
            spare -= cut
            if not self.sizes[-1]:
                self.sizes.pop()
                self.seqs.pop()

    def reconcile(self, displayed: int) -> None:
        """A print's decrease never came: what it consumed and the book still shows goes back in front."""
        slack = displayed - self.ahead_fifo - sum(self.sizes)
        if slack > 0:
            self.ahead_tail = max(self.ahead_tail, min(self.ahead_tail + slack, displayed))
            self.ahead_fifo = min(self.ahead_fifo + slack, self.ahead_tail)

    def forgive(self, size: int) -> None:
        """We came between a print and its decrease, and counted as ahead what was already gone."""
        self.ahead_tail = max(0, self.ahead_tail - size)
        self.ahead_fifo = min(max(0, self.ahead_fifo - size), self.ahead_tail)

    def _newest(self, size: int, n: int) -> int:
        """Position of the newest joiner of exactly this size that came before event ``n``, or -1."""
        sizes = self.sizes
        if size not in sizes:
            return -1
        for at in range(len(sizes) - 1, -1, -1):
            if sizes[at] == size and self.seqs[at] < n:
                return at
        return -1

    def _shrink(self, size: int, n: int) -> int:
        """Shrink the oldest joiner larger than ``size`` that came before event ``n``; when it came, or -1."""
        for at, qty in enumerate(self.sizes):
            if qty > size and self.seqs[at] < n:
                self.sizes[at] = qty - size
                return self.seqs[at]
        return -1

    def _consume_behind(self, qty: int) -> int:
        """Take up to ``qty`` from the oldest joiners; what was taken."""
        left, gone = qty, 0
        for at, size in enumerate(self.sizes):
            cut = min(left, size)
            left -= cut
            if cut < size:
                self.sizes[at] = size - cut
                break
            gone += 1
        del self.sizes[:gone], self.seqs[:gone]
        return qty - left

    def _put(self, at: int, seq: int, size: int) -> None:
        self.sizes.insert(at, size)
        self.seqs.insert(at, seq)


class Level(msgspec.Struct):
    """The own orders at one (side, price), oldest first, those with any remainder left."""

    key: int
    orders: list[Own] = msgspec.field(default_factory=list)

    def cancel(self, entry: Decrease, displayed: int) -> None:
        """A decrease, taken for a cancel until a print claims it."""
        entry.shown = displayed
        self._cancel(entry)

    def undo(self, held: list[Decrease]) -> None:
        """The first of these decreases was a print, still to be applied: undo it and those held since."""
        for order in self.orders:
            for entry in reversed(held):
                order.undo(entry)

    def redo(self, held: list[Decrease]) -> None:
        """Apply again, in order, the decreases that are still held as cancels."""
        for entry in held:
            self._cancel(entry)

    def _cancel(self, entry: Decrease) -> None:
        ahead: dict[str, int] = {}
        for order in self.orders:
            if order.born < entry.n:
                order.cancel(entry, ahead.get(order.lane, 0))
                ahead[order.lane] = order.ahead_fifo

    def bound(self, entry: Decrease, displayed: int) -> None:
        """Nobody has more ahead than is displayed; what that takes is noted in the newest held decrease."""
        for order in self.orders:
            over = order.ahead_tail - displayed
            if over > 0:
                order.ahead_tail = displayed
                order.ahead_fifo = min(order.ahead_fifo, displayed)
                known = (entry.credits or {}).get(order.id, Credit(0, 0))
                entry.credits = (entry.credits or {}) | {order.id: replace(known, tail=known.tail + over)}

    def forgive(self, size: int, after: int) -> None:
        """A print's decrease came: whoever joined between the two counted it as ahead."""
        for order in self.orders:
            if order.born > after:
                order.forgive(size)

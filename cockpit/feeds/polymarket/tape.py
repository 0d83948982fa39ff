"""Prints: of both tokens, each told once, in YES terms.

A match may be told on one token's tape or on both: a YES buy at p against a NO buy at 1 - p mints a pair, and may show
as a print of either. So a print is known by its market, its transaction (or its millisecond, where none is stated),
its YES price and its size; the same from the other token is the same print, the same from the same token is another
one. What REST tells after an outage is compared with both, and taken only for the time of the outage.
"""

from collections import Counter

import msgspec

from cockpit.domain.events import Trade
from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.polymarket.bodies import DataTrade
from cockpit.feeds.polymarket.numbers import Numbers, millis, price_of, qty_of
from cockpit.feeds.polymarket.wire import LastTrade

TAKERS = {"BUY": BID, "SELL": ASK}
REMEMBERED = 1 << 13
"""Prints remembered at least; at most twice as many."""
TAKEN_ALONG = 2_000
"""Prints that go into a new recording."""
SLACK_NS = SECOND
"""REST tells whole seconds: so much may an outage's ends be off."""

LATE_NS = 90 * SECOND
"""How late REST may tell of a print."""


class Told(msgspec.Struct):
    """How often a print was told of, by token."""

    yes: int = 0
    no: int = 0

    @property
    def prints(self) -> int:
        """Prints it stands for."""
        return max(self.yes, self.no)


class Gap(msgspec.Struct):
    """An outage of one market's socket; ``until`` is 0 while it lasts. Times ns UTC."""

    since: int
    until: int = 0


class Memory(msgspec.Struct):
    """What a tape remembers."""

    new: dict[str, Told] = {}
    old: dict[str, Told] = {}
    gaps: dict[str, Gap] = {}


class Tape:
    """Tells prints apart."""

    def __init__(self, numbers: Numbers, census: Counter[str]) -> None:
        self._numbers = numbers
        self._census = census
        self.memory = Memory()

    def live(self, ts: int, market: str, body: LastTrade, *, yes: bool) -> Trade | None:
        """A print of the socket; None when the other token's tape has told it. Raises ValueError."""
        price, taker = _in_yes(self._numbers.price[body.price], TAKERS[body.side], yes=yes)
        qty, ex = self._numbers.size(body.size), millis(body.timestamp)
        key = _key(market, body.transaction_hash or str(ex), price, qty)
        told = self._told(key)
        before = told.prints
        if yes:
            told.yes += 1
        else:
            told.no += 1
        if not body.transaction_hash:
            self._told(_key(market, _second(ex), price, qty)).yes += told.prints > before
        if told.prints == before:
            tally(self._census, "print", "on both tapes")
            return None
        return Trade(ts, ex, market, price, qty, taker, id=body.transaction_hash or "")

    def fetched(self, ts: int, rows: list[DataTrade], tokens: dict[str, tuple[str, bool]]) -> list[Trade]:
        """Prints fetched by REST, oldest first: those of an outage that nobody told; odd ones are counted.

        Raises:
            ValueError: when none can be read.
        """
        seen: Counter[str] = Counter()
        trades: list[Trade] = []
        failed: list[ValueError] = []
        for row in reversed(rows):
            try:
                trade = self._fetched(ts, row, tokens, seen)
            except ValueError as error:
                failed.append(error)
                continue
            trades += [trade] if trade is not None else []
        if failed and len(failed) == len(rows):
            raise failed[0]
        for each in failed:
            tally(self._census, "unreadable", each)
        return trades

    def _fetched(
        self, ts: int, row: DataTrade, tokens: dict[str, tuple[str, bool]], seen: Counter[str]
    ) -> Trade | None:
        market, yes = tokens.get(row.asset, ("", False))
        gap = self.memory.gaps.get(market)
        ex = millis(row.timestamp * 1_000)
        if row.side not in TAKERS:
            raise ValueError(f"neither BUY nor SELL: {row.side[:20]!r}")
        price, taker = _in_yes(price_of(row.price), TAKERS[row.side], yes=yes)
        qty = qty_of(row.size)
        if gap is None or not gap.since - SLACK_NS <= ex <= (gap.until or ts) + SLACK_NS:
            tally(self._census, "print", "fetched, not of an outage")
            return None
        tx = row.transaction_hash or ""
        place = self._place(seen, tx, row.asset)
        keys = [_key(market, _second(ex), price, qty)] + ([_key(market, tx, price, qty)] if tx else [])
        mine = f"{keys[-1]} {int(yes)}"
        seen[mine] += 1
        if any(self._count(key) >= seen[mine] for key in keys):
            tally(self._census, "print", "fetched, known")
            return None
        told = self._told(keys[-1])
        told.yes, told.no = (told.yes + 1, told.no) if yes else (told.yes, told.no + 1)
        return Trade(ts, ex, market, price, qty, taker, id=f"{tx}/{row.asset}/{place}", backfill=True)

    @staticmethod
    def _place(seen: Counter[str], tx: str, asset: str) -> int:
        """Which of a transaction's prints of a token this is, in this answer."""
        key = f"{tx} {asset}"
        seen[key] += 1
        return seen[key] - 1

    # ------------------------------------------------------------------ outages

    def lost(self, market: str, since: int) -> None:
        """A market's socket was lost. Soon after an outage this is the same one: its prints may still be to come."""
        gap = self.memory.gaps.get(market)
        if gap is None or (gap.until and since - gap.until > LATE_NS):
            self.memory.gaps[market] = Gap(since)
        else:
            gap.since, gap.until = min(gap.since, since), 0

    def regained(self, market: str, until: int) -> bool:
        """A market is told of again; whether that ends an outage."""
        gap = self.memory.gaps.get(market)
        if gap is None or gap.until:
            return False
        gap.until = until
        return True

    def away(self, market: str) -> bool:
        """Whether a market's socket was lost and has not told its book again: nobody would keep one up."""
        gap = self.memory.gaps.get(market)
        return gap is not None and not gap.until

    # ------------------------------------------------------------------ memory

    def newest(self) -> Memory:
        """What is worth taking along: the newest prints, and the outages."""
        memory = self.memory
        last = [*memory.old.items(), *memory.new.items()][-TAKEN_ALONG:]
        return Memory(new=dict(last), gaps=memory.gaps)

    def forget(self, market: str) -> None:
        """A market is over."""
        self.memory.gaps.pop(market, None)

    def _told(self, key: str) -> Told:
        memory = self.memory
        told = memory.new.get(key)
        if told is None:
            if len(memory.new) >= REMEMBERED:
                memory.old, memory.new = memory.new, {}
            told = memory.new[key] = memory.old.get(key) or Told()
        return told

    def _count(self, key: str) -> int:
        told = self.memory.new.get(key) or self.memory.old.get(key)
        return told.prints if told is not None else 0


def _in_yes(price: int, taker: int, *, yes: bool) -> tuple[int, int]:
    """A print's price and taker in YES terms: who buys NO at q sells YES at 1 - q."""
    return (price, taker) if yes else (PRICE - price, -taker)


def _key(market: str, what: str, price: int, qty: int) -> str:
    return f"{market} {what} {price} {qty}"


def _second(ex: int) -> str:
    return f"{ex // SECOND}s"

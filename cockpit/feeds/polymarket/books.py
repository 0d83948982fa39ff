"""One book per market, kept from the YES token's messages.

The server mirrors orders: a NO bid at q is told as a YES ask at 1 - q as well, so the NO token's book says nothing new
and adding it would count everything twice. There are no sequence numbers. What is checked instead: sizes are absolute,
so a repeated change is harmless; every change states the best prices after it; whole books may carry a hash.

=============  ==========================================================================================
a book is      what happens to it
=============  ==========================================================================================
empty          a whole book makes it live; a change is dropped
live           a change is told as the difference to the size held, a whole book likewise, level by level
live, suspect  the same, but the next whole book is told whole: whoever reads us no longer believes theirs
=============  ==========================================================================================
"""

from collections import Counter
from hashlib import sha1

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Event
from cockpit.domain.units import ASK, BID
from cockpit.feeds.census import tally
from cockpit.feeds.polymarket.bodies import BookBody
from cockpit.feeds.polymarket.numbers import Numbers, millis
from cockpit.feeds.polymarket.wire import BookMessage, Level

FEW = 40
"""More levels than this that differ are told as a whole book."""
PROVEN = 3
"""A hash that was right this often means that ours is the venue's: only then does a wrong one condemn a book."""

Side = dict[int, int]


class Held(msgspec.Struct):
    """A market's book as told so far."""

    book: Book = msgspec.field(default_factory=Book)
    live: bool = False
    suspect: bool = False
    ex: int = 0
    """Exchange time of the newest word on it, ns UTC."""
    source: str = ""
    """The socket it came by."""


class Books:
    """Books by market."""

    def __init__(self, numbers: Numbers, census: Counter[str]) -> None:
        self._numbers = numbers
        self._census = census
        self.held: dict[str, Held] = {}
        self.proven = 0
        """Hashes that were right."""
        self.wanted: dict[str, None] = {}
        """Markets whose whole book is to be asked for."""
        self.renewed: dict[str, None] = {}
        """Markets whose token is to be subscribed to anew: an answer would come too late again."""

    def get(self, market: str) -> Held:
        """A market's book, empty at first."""
        held = self.held.get(market)
        if held is None:
            held = self.held[market] = Held()
        return held

    # ------------------------------------------------------------------ messages

    def whole(self, ts: int, ex: int, market: str, source: str, bids: Side, asks: Side) -> list[Event]:
        """A whole book came by the socket."""
        held = self.get(market)
        held.source = source
        held.ex = max(held.ex, ex)
        if held.live and not held.suspect:
            return self._difference(ts, ex, market, held, bids, asks)
        return self._believe(ts, ex, market, held, bids, asks)

    def _believe(self, ts: int, ex: int, market: str, held: Held, bids: Side, asks: Side) -> list[Event]:
        held.book.replace(bids.items(), asks.items())
        held.live, held.suspect = True, False
        self.wanted.pop(market, None)
        self.renewed.pop(market, None)
        return [BookSnapshot(ts, ex, market, tuple(bids.items()), tuple(asks.items()))]

    def _difference(self, ts: int, ex: int, market: str, held: Held, bids: Side, asks: Side) -> list[Event]:
        """A whole book of one that is live, as the changes it makes: what left first, so that nothing crosses."""
        book = held.book
        changes: list[tuple[int, int, int]] = []
        for side, before, after in ((BID, book.bids, bids), (ASK, book.asks, asks)):
            changes += [(side, price, -qty) for price, qty in before.items() if price not in after]
            changes += [
                (side, price, qty - before.get(price, 0))
                for price, qty in after.items()
                if qty != before.get(price, 0)
            ]
        if len(changes) > FEW:
            return self._believe(ts, ex, market, held, bids, asks)
        changes.sort(key=lambda change: change[2])
        for side, price, qty in changes:
            book.apply(side, price, qty)
        return [BookDelta(ts, ex, market, side, price, qty) for side, price, qty in changes]

    def change(self, ts: int, ex: int, market: str, side: int, price: int, size: int) -> BookDelta | None:
        """A level's new size; None while there is no book, and where nothing changed."""
        held = self.get(market)
        held.ex = max(held.ex, ex)
        if not held.live:
            tally(self._census, "dropped", "change without a book")
            return None
        qty = size - held.book.size(side, price)
        if not qty:
            return None
        held.book.apply(side, price, qty)
        return BookDelta(ts, ex, market, side, price, qty)

    def check(self, ts: int, market: str, bid: int | None, ask: int | None) -> list[Event]:
        """Compare a live book's top with what the venue states of it."""
        held = self.get(market)
        if not held.live:
            return []
        book = held.book
        if (bid is None or bid == book.bid) and (ask is None or ask == book.ask):
            return []
        tally(self._census, "book", "top differs")
        return self.doubt(ts, market, "top of book differs")

    # ------------------------------------------------------------------ doubts

    def doubt(self, ts: int, market: str, reason: str) -> list[Event]:
        """A live book is not believed any more, and asked for; once, until it is told whole."""
        held = self.get(market)
        if held.suspect or not held.live:
            return []
        held.suspect = True
        self.wanted[market] = None
        return [BookDoubt(ts, market, reason)]

    def want(self, market: str) -> None:
        """Somebody else does not believe a book: the next whole one is told whole, and asked for."""
        self.get(market).suspect = True
        self.wanted[market] = None

    def drop(self, ts: int, market: str, reason: str) -> list[Event]:
        """A market's book is void until the next whole one."""
        doubts = self.doubt(ts, market, reason)
        self.get(market).live = False
        return doubts

    def lost(self, ts: int, source: str, reason: str) -> list[Event]:
        """A socket's books are void; nothing is asked for, since a new connection tells them by itself."""
        events: list[Event] = []
        for market, held in self.held.items():
            if held.source == source and held.live:
                events.append(BookDoubt(ts, market, reason))
                held.live, held.suspect = False, True
                self.wanted.pop(market, None)
                self.renewed.pop(market, None)
        return events

    def uncertain(self, ts: int, source: str, market: str) -> list[Event]:
        """Something a socket said could not be read: it may have been of one market, or ("") of any."""
        names = [market] if market else [name for name, held in self.held.items() if held.source == source]
        return [
            event
            for name in names
            if name in self.held
            for event in self.doubt(ts, name, "a message could not be read")
        ]

    # ------------------------------------------------------------------ answers

    def answer(self, ts: int, ex: int, market: str, bids: Side, asks: Side) -> list[Event]:
        """A whole book came by REST: it counts unless the socket has told something newer."""
        held = self.get(market)
        if ex < held.ex:
            tally(self._census, "dropped", "answered book is older")
            if held.suspect:
                self.renewed[market] = None
            return []
        held.ex = max(held.ex, ex)
        return self._believe(ts, ex, market, held, bids, asks)

    def sides(self, bids: list[Level] | None, asks: list[Level] | None) -> tuple[Side, Side]:
        """Levels in any order as two sides; the last word on a price counts. Raises ValueError."""
        price, size = self._numbers.price, self._numbers.qty
        both = [
            {price[level.price]: size[level.size] for level in levels or () if size[level.size]}
            for levels in (bids, asks)
        ]
        return both[0], both[1]

    def sound(self, body: BookMessage | BookBody) -> bool:
        """Whether a whole book is what its hash says; true also where that cannot be told."""
        told = checksum(body)
        if told is None:
            return True
        if told == body.hash:
            self.proven += 1
            return True
        tally(self._census, "book", "hash differs")
        return self.proven < PROVEN


def checksum(body: BookMessage | BookBody) -> str | None:
    """The hash of a whole book, where every field it covers is there: SHA-1 of compact JSON in the venue's order.

    Source: the venue's client (``generate_orderbook_summary_hash``).
    """
    if not body.hash or body.last_trade_price is None or body.min_order_size is None:
        return None
    if body.tick_size is None or body.neg_risk is None or body.bids is None or body.asks is None:
        return None
    text = msgspec.json.encode(
        {
            "market": body.market,
            "asset_id": body.asset_id,
            "timestamp": str(body.timestamp or ""),
            "hash": "",
            "bids": body.bids,
            "asks": body.asks,
            "min_order_size": body.min_order_size,
            "tick_size": body.tick_size,
            "neg_risk": body.neg_risk,
            "last_trade_price": body.last_trade_price,
        }
    )
    return sha1(text, usedforsecurity=False).hexdigest()


def when(body: BookMessage | BookBody) -> int:
    """A book's own time, ns UTC, 0 where it has none; raises ValueError."""
    return millis(body.timestamp)

"""Polled books: when each was read last, and so whether it can still be believed.

A book nobody has read again for ten seconds is doubted; where the questions are spread thinner than that, after twice
the time that lay between its readings. Time is that of the frames.
"""

import msgspec

from cockpit.domain.events import BookDoubt
from cockpit.domain.units import SECOND

STALE_NS = 10 * SECOND
"""How old a polled book may be, at least."""
SPACED_NS = 60 * SECOND
"""Readings further apart than this were an outage, not a cadence."""
KEEP_NS = 600 * SECOND
"""How long the cadence of a book that is not read any more is remembered."""


class Reading(msgspec.Struct):
    """One book: when it was read, ns UTC, and the last two distances between readings."""

    at: int
    apart: int = 0
    before: int = 0
    doubted: bool = False

    @property
    def limit(self) -> int:
        """How old it may be."""
        return max(STALE_NS, 2 * max(self.apart, self.before))


class Polled:
    """The books of one source of answers."""

    def __init__(self) -> None:
        self.books: dict[str, Reading] = {}

    def read(self, ts: int, market: str) -> None:
        """A book was read, and is believed."""
        known = self.books.get(market)
        if known is None:
            self.books[market] = Reading(ts)
            return
        if ts - known.at <= SPACED_NS:
            known.apart, known.before = ts - known.at, known.apart
        known.at, known.doubted = ts, False

    def same(self, ts: int, market: str) -> None:
        """The venue says that a book has not changed; that is no word on one that is doubted."""
        known = self.books.get(market)
        if known is not None and not known.doubted:
            self.read(ts, market)

    def doubt(self, ts: int, market: str, reason: str) -> list[BookDoubt]:
        """Stop believing a book; once, until it is read again."""
        known = self.books.get(market)
        if known is None or known.doubted:
            return []
        known.doubted = True
        return [BookDoubt(ts, market, reason)]

    def stale(self, now: int) -> list[BookDoubt]:
        """Books nobody has read again for too long."""
        doubts: list[BookDoubt] = []
        for market, known in list(self.books.items()):
            age = now - known.at
            if age > known.limit:
                doubts += self.doubt(now, market, f"not polled for {age // SECOND} s")
            if age > KEEP_NS:
                del self.books[market]
        return doubts

    def lost(self, ts: int, reason: str) -> list[BookDoubt]:
        """Nothing is answered: no book is believed until it is read again."""
        return [doubt for market in self.books for doubt in self.doubt(ts, market, reason)]

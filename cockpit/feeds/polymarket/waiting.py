"""Books told again after an outage, kept back until the prints of the outage are known.

Whoever holds a place in a queue must hear what traded before what stands now. So a book that was believed when its
socket was lost is not told at once: it is kept, with all that is said of its market, until its prints are answered, or
until it has waited long enough by the frames' time. Then come the prints, the book, and what followed, in that order.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec.structs import replace

from cockpit.domain.events import BookDelta, BookDoubt, BookSnapshot, Event, Quote, Trade
from cockpit.domain.units import SECOND

WAIT_NS = 3 * SECOND
"""How long a book waits for the prints of an outage."""

Said = BookSnapshot | BookDelta | BookDoubt | Quote | Trade
"""What is kept back: all that is said of a book and its tape."""


class Kept(msgspec.Struct):
    """One market: until when it waits, ns UTC, and what is to be told then."""

    until: int
    said: list[Said] = []


class Waiting:
    """The markets that wait."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def begin(self, market: str, now: int) -> None:
        """A market's book was told again; one that waits already waits no longer for it."""
        if market not in self.kept:
            self.kept[market] = Kept(now + WAIT_NS)

    def sift(self, events: Sequence[Event]) -> list[Event]:
        """What can be told at once; the rest is kept. Prints that were fetched are what it waits for."""
        if not self.kept:
            return list(events)
        told: list[Event] = []
        for event in events:
            kept = self.kept.get(event.market) if isinstance(event, Said) else None
            if kept is None or (isinstance(event, Trade) and event.backfill):
                told.append(event)
            elif isinstance(event, Said):
                kept.said.append(event)
        return told

    def due(self, now: int) -> list[Event]:
        """What has waited long enough."""
        late = [market for market, kept in self.kept.items() if now >= kept.until]
        return [event for market in late for event in self.release(market, now)]

    def answered(self, url: str, now: int) -> list[Event]:
        """The prints of a market were answered, or will not be: what was kept of it."""
        if not self.kept:
            return []
        try:
            named = parse_qs(urlsplit(url).query).get("market", [])
        except ValueError:
            return []
        return [event for name in named for event in self.release(name, now)]

    def release(self, market: str, now: int) -> list[Event]:
        """What was kept of a market, as of now."""
        kept = self.kept.pop(market, None)
        return [] if kept is None else [replace(event, ts=now) for event in kept.said]

    def disbelieved(self, market: str) -> bool:
        """Somebody wants a market's book anew: what was kept of the old one is not told any more, its prints are.

        Whether anything of a book was kept: nobody holds that one now.
        """
        kept = self.kept.get(market)
        if kept is None:
            return False
        said, kept.said = kept.said, [event for event in kept.said if isinstance(event, Trade)]
        return len(kept.said) < len(said)

    def lost(self, markets: Iterable[str], now: int) -> list[Event]:
        """Their socket was lost again: the prints it told are told, the books are not."""
        return [
            event for market in markets for event in self.release(market, now) if isinstance(event, Trade)
        ]

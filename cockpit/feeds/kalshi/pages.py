"""Answers of several pages: how far each has come, and what is kept back until its last page.

The venue tells the newest prints first, and the account in pieces; both mean something only together. What is kept is
told with the last page, or, when pages fail to come or are too many, without the rest and not as the whole.
"""

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from cockpit.domain.account import RealOrder, RealPosition
from cockpit.domain.events import AccountOrders, AccountPositions, Event, Trade
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.kalshi.tape import Recent

PAGES = 10
"""Most pages of one answer."""
WAIT_NS = 30 * SECOND
"""How long the next page is waited for."""

Piece = Trade | AccountPositions | AccountOrders


class Begun(msgspec.Struct):
    """An answer of which another page is to come: pages read, when the last one came (ns UTC), what is kept."""

    ts: int
    pages: int = 0
    whole: bool = True
    kept: list[Piece] = []


class Pages:
    """Answers begun, by the URL of their first page."""

    def __init__(self, census: Counter[str], seen: Recent) -> None:
        self._census = census
        self._seen = seen
        self.begun: dict[str, Begun] = {}
        self.more = False
        """Whether the next page of the answer taken last is wanted."""

    def take(
        self, ts: int, url: str, events: Sequence[Event], *, following: bool, together: bool
    ) -> list[Event]:
        """What can be told now that a page has come.

        Args:
            ts: when it came, ns UTC.
            url: of the page.
            events: what the page says.
            following: whether the venue says that another page follows.
            together: whether the pages mean something only together.
        """
        first, later = beginning(url)
        begun = self.begun.pop(first, None)
        told: list[Event] = []
        if begun is not None and not later:
            told, begun = self._tell(ts, begun, whole=False), None
        if begun is None:
            begun = Begun(ts, int(later), whole=not later)
        begun.ts, begun.pages = ts, begun.pages + 1
        self.more = following and begun.pages < PAGES
        if together:
            begun.kept = [*(each for each in events if isinstance(each, Piece)), *begun.kept]
        else:
            told += events
        if self.more:
            self.begun[first] = begun
            return told
        if following:
            tally(self._census, "pages", f"more than {PAGES}")
        return told + self._tell(ts, begun, whole=not following)

    def failed(self, ts: int, url: str) -> list[Event]:
        """A page did not come: what came before it is told."""
        first, later = beginning(url)
        begun = self.begun.pop(first, None) if later else None
        return [] if begun is None else self._tell(ts, begun, whole=False)

    def late(self, now: int) -> list[Event]:
        """What was kept for pages that have not come for too long."""
        late = [first for first, begun in self.begun.items() if now - begun.ts > WAIT_NS]
        return [event for first in late for event in self._tell(now, self.begun.pop(first), whole=False)]

    def _tell(self, ts: int, begun: Begun, *, whole: bool) -> list[Event]:
        """What was kept, as of now: prints that nobody told yet, or one account."""
        if not begun.kept:
            return []
        if not whole:
            tally(self._census, "pages", "not all")
        if any(isinstance(each, Trade) for each in begun.kept):
            prints = [each for each in begun.kept if isinstance(each, Trade) and self._seen.first(each.id)]
            return [replace(each, ts=ts) for each in prints]
        return [_joined(ts, begun.kept, whole=whole and begun.whole)]


def _joined(ts: int, pieces: Sequence[Piece], *, whole: bool) -> Event:
    """Pages of positions, or of orders, as one event."""
    positions: list[RealPosition] = []
    orders: list[RealOrder] = []
    venue = ""
    for each in pieces:
        if isinstance(each, AccountPositions):
            positions += each.positions
        elif isinstance(each, AccountOrders):
            orders += each.orders
        if not isinstance(each, Trade):
            whole, venue = whole and each.whole, each.venue
    if isinstance(pieces[0], AccountPositions):
        return AccountPositions(ts, venue, tuple(positions), whole)
    return AccountOrders(ts, venue, tuple(orders), whole)


def beginning(url: str) -> tuple[str, bool]:
    """The URL of an answer's first page, and whether this one is a later page."""
    head, _, query = url.partition("?")
    fields = query.split("&") if query else []
    first = [field for field in fields if not field.startswith("cursor=")]
    return f"{head}?{'&'.join(first)}", len(first) < len(fields)

"""Everything the engine knows, as one serialisable tree.

`State` is what `Opening` holds: encode it, decode it elsewhere, go on, and the effects are the same as if nothing had
happened. Nothing in it refers to anything outside it.
"""

from typing import Any

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import Quote
from cockpit.domain.fees import FeeTable
from cockpit.domain.markets import EventGroup, Market, MarketStatus
from cockpit.engine.ledger import Account
from cockpit.engine.metrics import Metrics
from cockpit.engine.queue import Own
from cockpit.engine.sim import Rest


class MarketState(msgspec.Struct):
    """One market as the engine sees it."""

    market: Market
    book: Book = msgspec.field(default_factory=Book)
    rest: Rest = msgspec.field(default_factory=Rest)
    has_book: bool = False
    book_ns: int = 0
    """Receive time of the last book change."""
    doubt: str = ""
    """Why the book is not believed; empty when it is."""
    doubt_ns: int = 0
    crossed_ex: int = 0
    """Exchange time since when the book is crossed, 0 when it is not."""
    mid2: int | None = None
    """Twice the last valid mid."""
    last: int = 0
    """Price of the last print."""
    trades: int = 0
    quote: Quote | None = None
    listed: bool = False
    """Whether the venue's own record of it was seen; without one only its book speaks."""
    changed: bool = False
    closed: bool = False
    settled: tuple[str, int | None] | None = None
    """Newest settlement state and value booked."""

    @property
    def tradable(self) -> bool:
        """Whether a new order may be sent: open, and its book believed."""
        active = not self.listed or self.market.status == MarketStatus.ACTIVE
        return self.has_book and not self.doubt and not self.closed and active


class Lane(msgspec.Struct):
    """One strategy version with its own orders, money and counters; it never sees another's."""

    name: str
    strategy: str = ""
    """Name in `cockpit.strategies.versions`; empty for a lane that only carries out commands."""
    on: bool = True
    orders: int = 0
    """Orders numbered so far: ids are lane-counter."""
    working: dict[str, str] = msgspec.field(default_factory=dict)
    """Order id -> market, for orders that have not ended under their own rule."""
    account: Account = msgspec.field(default_factory=Account)
    metrics: Metrics = msgspec.field(default_factory=Metrics)
    memory: dict[str, Any] = msgspec.field(default_factory=dict)
    """What its strategy remembers, by market."""
    failed: str = ""


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A mark-out that falls due."""

    lane: str
    market: str
    rule: int
    horizon: int
    side: int
    price: int
    qty: int


Timer = tuple[int, int, str, str]
"""(due ns, number, kind, what): the heap's order is (due, number)."""


class State(msgspec.Struct):
    """The whole of it."""

    now: int = 0
    beat: int = 0
    """Number of the last beat run: engine time // beat length."""
    timers: list[Timer] = msgspec.field(default_factory=list)
    """A heap."""
    numbered: int = 0
    """Timers, marks and orders numbered so far."""
    markets: dict[str, MarketState] = msgspec.field(default_factory=dict)
    changed: list[str] = msgspec.field(default_factory=list)
    """Markets whose book changed since the last beat, in order."""
    groups: dict[str, EventGroup] = msgspec.field(default_factory=dict)
    fees: FeeTable = msgspec.field(default_factory=FeeTable)
    lanes: dict[str, Lane] = msgspec.field(default_factory=dict)
    sent: dict[str, Own] = msgspec.field(default_factory=dict)
    """Orders on their way to the venue."""
    marks: dict[str, Mark] = msgspec.field(default_factory=dict)
    pairs: dict[str, str] = msgspec.field(default_factory=dict)
    """Confirmed pairs: name -> hash of both rule texts; empty for a refused one."""
    trading: dict[str, bool] = msgspec.field(default_factory=dict)
    """Venue -> whether it trades; a venue not heard of counts as trading."""
    killed: bool = False
    doubts: int = 0
    orphans: int = 0
    spot: dict[str, int] = msgspec.field(default_factory=dict)
    """Last price by "source symbol", 1e-8."""

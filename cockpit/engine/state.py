"""Everything the engine knows, as one serialisable tree.

`State` is what `Opening` holds: encode it, decode it elsewhere, go on, and the effects are the same as if nothing had
happened. Nothing in it refers to anything outside it.
"""

from typing import Any

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.commands import SetLimits
from cockpit.domain.events import Quote
from cockpit.domain.fees import FeeTable
from cockpit.domain.markets import EventGroup, Market, MarketStatus, PriceBand
from cockpit.domain.orders import TicketState
from cockpit.domain.units import PRICE
from cockpit.engine.account import RealAccount
from cockpit.engine.cross import Cross
from cockpit.engine.ledger import Account, Mark
from cockpit.engine.metrics import Metrics
from cockpit.engine.queue import Own
from cockpit.engine.scorecard import Money, Outcome, Score
from cockpit.engine.shelf import Shelf, Skies
from cockpit.engine.sim import Rest
from cockpit.engine.tracks import Board
from cockpit.engine.words import Words
from cockpit.models.fair import Fair
from cockpit.models.spot import Underlying
from cockpit.strategies.base import Reason

_FINEST = (PriceBand(0, PRICE, 1),)


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
    listed_ns: int = 0
    """When it was last told in full."""
    """Whether the venue's own record of it was seen; without one only its book speaks."""
    changed: bool = False
    closed: bool = False
    settled: tuple[str, int | None] | None = None
    settled_ns: int = 0
    """When its present settlement was heard."""
    """Newest settlement state and value booked."""
    fair: Fair | None = None
    """Our probability as of the last beat; None where no model covers it or its inputs are stale."""
    stale: bool = False
    """Whether a model covers it but its inputs are too old."""
    nearest: bool = False
    """Whether its fair value is the nearest to one half in its event."""
    told: float = -1.0
    """The fair value strategies were last asked about."""
    family: str = ""
    cluster: str = ""
    """What it settles on, once somebody has traded in it: see `cockpit.engine.clusters`."""

    @property
    def mark(self) -> Mark:
        """What a position in it is marked by."""
        return Mark(self.book, self.mid2)

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
    """What its strategies remember, by "version market"."""
    failed: str = ""
    outcomes: dict[str, Outcome] = msgspec.field(default_factory=dict)
    """Settled events that have been let go, by cluster."""
    families: dict[str, Money] = msgspec.field(default_factory=dict)
    """What those came to, by family."""
    score: dict[str, Score] = msgspec.field(default_factory=dict)
    """What was claimed for its fills, by cluster."""
    turn: int = 0
    """Grows whenever its orders or positions change."""
    stints: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """When it ran, (from, to) ns UTC; to is 0 while it does."""

    def begin(self, now: int) -> None:
        """It runs from now on."""
        if not self.stints or self.stints[-1][1]:
            self.stints.append((now, 0))

    def end(self, now: int) -> None:
        """It runs no more."""
        if self.stints and not self.stints[-1][1]:
            self.stints[-1] = (self.stints[-1][0], max(now, 1))


class DueMark(msgspec.Struct, frozen=True, gc=False):
    """A mark-out that falls due."""

    lane: str
    market: str
    rule: int
    horizon: int
    side: int
    price: int
    qty: int
    mid2: int | None = None
    """Twice the mid when the order was placed in the queue, for fills that count."""
    counts: bool = False
    """Whether its fill was one under the order's own rule."""


class Ticket(msgspec.Struct):
    """A proposal for the desk, and what the world looked like when its terms were set. Domain units."""

    id: str
    strategy: str
    market: str
    side: int
    price: int
    qty: int
    ttl_ns: int
    """Life of the order it would become."""
    raised_ns: int
    expires_ns: int
    rev: int = 1
    rev_ns: int = 0
    state: TicketState = TicketState.PROPOSED
    reason: Reason = Reason("")
    bound: str = ""
    """What set the size."""
    replaces: str = ""
    """The working order it would take the place of."""
    replaced: int = 0
    """What that one had left."""
    edited: bool = False
    """A person set the terms: no strategy sees it any more; it ends when its edge is gone."""
    bid: int = 0
    ask: int = 0
    fair: float | None = None
    spot: float | None = None
    queue: int = 0
    claim: float = 0.0
    order: str = ""
    partner: str = ""
    """The other leg's ticket: the two are approved, refused and withdrawn together."""


class LeaseState(msgspec.Struct):
    """A lease in force."""

    ticks: int
    risk: int
    """Money units that may still be approved."""
    until_ns: int


class Day(msgspec.Struct):
    """The desk's trading day: when it began (ns UTC) and what the desk had come to by then, money units."""

    start: int = 0
    base: int = 0
    net: int = 0
    """The same at the mid, for the screen's day figure."""


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
    marks: dict[str, DueMark] = msgspec.field(default_factory=dict)
    accounts: dict[str, RealAccount] = msgspec.field(default_factory=dict)
    """The person's own accounts, as their venues report them."""
    pairs: dict[str, str] = msgspec.field(default_factory=dict)
    """Confirmed pairs: name -> hash of both rule texts; empty for a refused one."""
    trading: dict[str, bool] = msgspec.field(default_factory=dict)
    """Venue -> whether it trades; a venue not heard of counts as trading."""
    pauses: dict[str, tuple[tuple[int, int], ...]] = msgspec.field(default_factory=dict)
    """Venue -> when it will pause, (start, end) ns UTC in order."""
    down: dict[str, str] = msgspec.field(default_factory=dict)
    """Sources whose link is down, and why."""
    killed: bool = False
    doubts: int = 0
    orphans: int = 0
    underlyings: dict[str, Underlying] = msgspec.field(default_factory=dict)
    """What is known of each asset, by symbol."""
    heard: dict[str, int] = msgspec.field(default_factory=dict)
    """When each venue's stream last said anything, ns UTC."""
    tickets: dict[str, Ticket] = msgspec.field(default_factory=dict)
    """Proposals that wait, and those whose order has not ended, oldest first."""
    ticketed: int = 0
    """Proposals numbered so far."""
    quiet: dict[str, int] = msgspec.field(default_factory=dict)
    """"strategy market side" -> until when it is not proposed again."""
    wishes: dict[str, int] = msgspec.field(default_factory=dict)
    """"version market side" -> since when a desk strategy has wanted it, ns UTC."""
    hindsight: dict[str, str] = msgspec.field(default_factory=dict)
    """What was done in hindsight about a proposal: it never changes the proposal."""
    mirrored: dict[str, Ticket] = msgspec.field(default_factory=dict)
    """What the mirror lane will approve when the person's usual delay has passed, by proposal."""
    delays: list[int] = msgspec.field(default_factory=list)
    """How long the person took over the last approvals, ns."""
    lease: LeaseState | None = None
    seen_ns: int = 0
    """When somebody was last at the wheel; 0: nobody ever was, and it is not watched."""
    away: bool = False
    halt: str = ""
    """Why the desk may only close positions, until the next trading day."""
    worth: dict[str, int] = msgspec.field(default_factory=dict)
    """What closing each desk position would have come to when its book was last believed, money units."""
    over: int = 0
    """Seconds the day's loss has been over its limit."""
    away_timer: bool = False
    """Whether a timer for the away rule is set."""
    limits: SetLimits | None = None
    """The desk's limits as a person set them last; None: those of the configuration."""
    warned: list[str] = msgspec.field(default_factory=list)
    """Events whose cap is nearly reached, as told."""
    day: Day = msgspec.field(default_factory=Day)
    cross: Cross = msgspec.field(default_factory=Cross)
    """What is kept across venues."""
    board: Board = msgspec.field(default_factory=Board)
    """Games."""
    words: Words = msgspec.field(default_factory=Words)
    """Words said."""
    shelf: Shelf = msgspec.field(default_factory=Shelf)
    """Sportsbooks."""
    skies: Skies = msgspec.field(default_factory=Skies)
    """Weather."""

    def meet(self, ticker: str) -> MarketState:
        """The state of a market, made when it is first heard of; without a listing any price may be its grid."""
        m = self.markets.get(ticker)
        if m is None:
            m = self.markets[ticker] = MarketState(Market(ticker=ticker, venue="", grid=_FINEST))
        return m

    def hand(self, name: str) -> Lane:
        """A lane that carries out commands, made when it is first named."""
        lane = self.lanes.get(name)
        if lane is None:
            lane = self.lanes[name] = Lane(name)
            lane.begin(self.now)
        return lane

    def lane(self, name: str) -> Lane:
        """A lane as it is, or as it would begin."""
        return self.lanes.get(name) or Lane(name)

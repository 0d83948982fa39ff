"""What a screen may see of the engine: frozen, serialisable, built when asked for; it can change nothing.

`cockpit.domain.spots` holds the underlyings, `cockpit.domain.pairs` the pairs, `cockpit.domain.lab` the lanes,
`cockpit.domain.games` the board of games, `cockpit.domain.mentions` the events at which words are said,
`cockpit.domain.weather` stations' days, `cockpit.domain.books` the sportsbooks, and `cockpit.domain.status` is the session's
part. Prices, quantities, money and times are in domain units; probabilities and edges (dollars a contract) are floats. A side
of BID shows as YES at its price, a side of ASK as NO at one dollar less it.
"""

import msgspec

from cockpit.domain.account import AccountView
from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.books import BooksView
from cockpit.domain.commands import SetLimits
from cockpit.domain.games import BoardView, GameDetail
from cockpit.domain.lab import LaneView, Versus
from cockpit.domain.mentions import PhraseDetail, ScheduleView
from cockpit.domain.pairs import PairDetail, SpreadsView
from cockpit.domain.spots import SpotLine
from cockpit.domain.weather import WeatherView


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class Band(_Part, frozen=True):
    """A fair value: probability of YES at its lowest, middle and highest."""

    low: float
    mid: float
    high: float


class EdgeRow(_Part, frozen=True):
    """One market on the Edges screen."""

    ticker: str
    label: str
    event: str
    series: str
    bid: int = EMPTY_BID
    ask: int = EMPTY_ASK
    left_ns: int = 0
    """To the close; 0 where it is not known."""
    fair: Band | None = None
    side: int = 0
    """The side worth buying: BID (YES), ASK (NO), 0 none."""
    price: int = 0
    """Where it would rest, YES price."""
    edge: float | None = None
    """At the middle of the band, net of the maker fee, dollars a contract."""
    low: float | None = None
    """On the worse side of the band."""
    ev: float | None = None
    """Maker EV in dollars at the allowed size, on the low side."""
    lot: int = 0
    """Allowed size, quantity units."""
    queue: int = 0
    """Displayed before us at that price, quantity units."""
    mark: str = ""
    """One letter: T ticket, P position, W working, x no model of ours, ! blocked, ? doubt, z stale."""
    flags: tuple[str, ...] = ()
    """Words for the label's end: PROXY, DOUBT, BLOCK, STALE, POLLED, OLD (nothing heard for too long), CLOSED, SETTLED."""
    why: str = ""
    """Why nothing is proposed here now."""
    game: str = ""
    """The game it pays the winner of, by id: its clock is what is left."""


class TicketView(_Part, frozen=True):
    """A proposal that waits for a person, as of now."""

    id: str
    rev: int
    strategy: str
    market: str
    label: str
    side: int
    price: int
    qty: int
    raised_ns: int
    rev_ns: int
    """When these terms were proposed."""
    expires_ns: int
    bid: int
    bid_qty: int
    ask: int
    ask_qty: int
    queue: int
    """Quantity before us if it rested now."""
    fair: Band | None
    edge: float | None
    low: float | None
    ev: float | None
    """Dollars at the ticket's size."""
    fill: float
    fills_n: int
    adverse: float
    """Expected adverse selection, dollars a contract."""
    fee: int
    """Maker fee if all is filled, money units."""
    cost: int
    win: int
    break_even: float
    """Probability of the side bought at which the order earns nothing."""
    worst_before: int
    worst_after: int
    cap: int
    """Event cap, money units; 0 is none."""
    bound: str = ""
    """What set the size."""
    since_bid: int = 0
    since_fair: float = 0.0
    since_spot: float = 0.0
    since_queue: int = 0
    claimed: float | None = None
    """Mean edge this strategy claimed on its settled fills, dollars a contract."""
    realised: float | None = None
    realised_n: int = 0
    """Settled events behind it."""
    refusal: str = ""
    """Why an approval would be refused now; empty when it would be sent."""
    reasons: tuple[tuple[str, float], ...] = ()
    partner: str = ""
    """The other leg's ticket: approved and refused with this one."""
    partner_terms: str = ""
    """What that one would send, in words."""
    partner_side: int = 0
    partner_price: int = 0
    partner_qty: int = 0
    leg: bool = False
    """It is a leg of two, or rests what one has left naked: its terms are not edited."""
    urgent: bool = False
    """It rests what another leg has left naked: ahead of all others."""
    naked_ns: int = 0
    """For how long that has been naked; 0 for all other tickets."""
    out: int | None = None
    """What closing the naked leg now would make of it, at its best and less the taker's fee, money units; None: nobody
    bids."""
    replaces: str = ""
    """The working order it would move."""


class OrderView(_Part, frozen=True):
    """A working order."""

    id: str
    ticket: str
    lane: str
    market: str
    label: str
    side: int
    price: int
    qty: int
    left: int
    ahead: int
    """Quantity before it under its own rule, now."""
    entry_ahead: int
    level: int
    """Quantity displayed at its price."""
    rule: str
    state: str
    sent_ns: int
    live_ns: int
    expires_ns: int
    fill: float = 0.0
    low: float | None = None
    tag: str = ""
    """EXIT and the like."""
    story: tuple[str, ...] = ()


class PositionView(_Part, frozen=True):
    """A held market."""

    market: str
    label: str
    event: str
    qty: int
    """Signed net YES."""
    average: int
    mid2: int | None
    fair: Band | None
    open: int | None
    """At the mid, else at the worse side's best, money units."""
    liquidation: int
    worst: int
    settles_ns: int
    state: str = ""
    """Settlement state, with its value booked; empty while open."""


class RungView(_Part, frozen=True):
    """What an event pays when it ends in [low, high] (1e-8; None is unbounded), money units."""

    low: int | None
    high: int | None
    label: str
    pnl: int
    here: bool = False
    """Whether the underlying is there now."""


class EventView(_Part, frozen=True):
    """One event's positions and its payoff ladder."""

    event: str
    label: str
    worst: int
    cap: int
    positions: tuple[PositionView, ...]
    rungs: tuple[RungView, ...]


class FillView(_Part, frozen=True):
    """A fill that counts."""

    ts: int
    order: str
    lane: str
    market: str
    label: str
    side: int
    price: int
    qty: int
    cause: str
    rule: str
    entry_ahead: int
    fee: int
    markouts: tuple[int | None, int | None, int | None] = (None, None, None)
    """Side times twice (mid - price) at 1, 10 and 60 s, price units; None while not due or not known."""
    gap: bool = False


class DeskView(_Part, frozen=True):
    """The desk's money; money units."""

    day_net: int = 0
    """Fee-adjusted, since midnight in New York, open positions at the mid; the rest counts from the beginning."""
    day_liquidation: int = 0
    """The same were everything closed now."""
    realised: int = 0
    open: int = 0
    liquidation: int = 0
    fees: int = 0
    net: int = 0
    """Fee-adjusted: realised and open at the mid, less fees."""
    net_liquidation: int = 0
    flat: int = 0
    """Net under the flat fee model."""
    by_rule: tuple[int | None, ...] = (None, None, None, None)
    """Net under cross, tail, fifo, touch; None where a rule cannot be computed."""
    cash: int = 0
    orders_cost: int = 0
    positions_cost: int = 0
    at_risk: int = 0
    """Worst case over all events."""
    total_cap: int = 0
    loss_left: int | None = None
    """Until the day's loss limit; None is no limit."""
    bankroll: int = 0
    events: tuple[EventView, ...] = ()
    working: tuple[OrderView, ...] = ()
    fills: tuple[FillView, ...] = ()
    """Newest first."""


class Level(_Part, frozen=True):
    """One price of a book with our orders in it."""

    price: int
    bid: int
    ask: int
    own: tuple[tuple[str, int, int], ...] = ()
    """(order, left, before it) of each own order there."""


class Point(_Part, frozen=True):
    """One second of a market's chart; prices in price units (0: none), fair values as probabilities."""

    ts: int
    bid: int
    ask: int
    low: float | None = None
    mid: float | None = None
    high: float | None = None


class Detail(_Part, frozen=True):
    """Everything about one market."""

    row: EdgeRow
    title: str
    rules: str
    fee: str
    """The fee terms in force and where they were read."""
    by_order: str
    """Which fill rule counts here and on what evidence."""
    levels: tuple[Level, ...]
    """Best first on both sides, from the highest price down."""
    points: tuple[Point, ...]
    """Oldest first."""
    explanation: tuple[tuple[str, float], ...]
    orders: tuple[OrderView, ...]
    """Desk and what-if orders here, working first, then ended ones with their stories."""
    refusals: tuple[str, ...] = ()
    spot: SpotLine | None = None
    """The underlying it settles on, with the volatility over its own time left."""


class Note(_Part, frozen=True):
    """Something that happened which a person should know; numbered upwards."""

    n: int
    ts: int
    kind: str
    """ticket, fill, doubt, refused, cap, halt, lane, settled, away, lease, info."""
    text: str
    market: str = ""
    loud: bool = False
    """Worth a bell."""


class LeaseView(_Part, frozen=True):
    """A lease in force."""

    ticks: int
    risk_left: int
    until_ns: int


class View(_Part, frozen=True):
    """The engine at one moment."""

    ts: int = 0
    spots: tuple[SpotLine, ...] = ()
    rows: tuple[EdgeRow, ...] = ()
    tickets: tuple[TicketView, ...] = ()
    """Open ones, the next to decide first."""
    desk: DeskView = DeskView()
    lanes: tuple[LaneView, ...] = ()
    versions: tuple[Versus, ...] = ()
    """Lanes against each other."""
    notes: tuple[Note, ...] = ()
    """The last hundred, oldest first."""
    detail: Detail | None = None
    killed: bool = False
    lease: LeaseView | None = None
    away_ns: int | None = None
    """Until nobody counts as being at the wheel; None while that is not watched."""
    away: bool = False
    accounts: tuple[AccountView, ...] = ()
    spreads: SpreadsView = SpreadsView()
    pair: PairDetail | None = None
    board: BoardView = BoardView()
    game: GameDetail | None = None
    weather: WeatherView = WeatherView()
    books: BooksView = BooksView()
    schedule: ScheduleView = ScheduleView()
    phrase: PhraseDetail | None = None
    """Of the market whose detail is wanted, where it is about a word said."""
    no_trades: bool = False
    threshold: float = 0.05
    """Low-side edge a proposal needs, dollars."""
    limits: SetLimits | None = None
    """The desk's limits in force, as the command that would set them."""

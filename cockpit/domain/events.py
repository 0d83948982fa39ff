"""Everything the outside can tell the engine, as frozen values.

``ts`` is the receive time the edge stamped (ns UTC, never going back); ``ex`` is the source's own time
(ns UTC, 0 when it gave none). Prices, quantities and sides are in YES terms; see `cockpit.domain.units`.
"""

import msgspec

from cockpit.domain.account import RealFill, RealOrder, RealPosition
from cockpit.domain.books import BookGame
from cockpit.domain.games import Game, Played
from cockpit.domain.markets import EventGroup, Market, MarketStatus, PriceBand, Series, SettlementState
from cockpit.domain.mentions import EventShare, Occasion, Occurrence
from cockpit.domain.weather import Forecast, Reading, Report


class _Input(msgspec.Struct, frozen=True, gc=False, tag=True, omit_defaults=True):
    """What all inputs share."""

    ts: int


class MarketListed(_Input, frozen=True):
    """A market in full: seen for the first time, or polled again."""

    market: Market


class MarketChanged(_Input, frozen=True):
    """Some fields of a known market changed; None means unchanged."""

    ticker: str
    status: MarketStatus | None = None
    open_ns: int | None = None
    close_ns: int | None = None
    floor: int | None = None
    cap: int | None = None
    strike_type: str | None = None
    subtitle: str | None = None
    grid: tuple[PriceBand, ...] | None = None


class MarketSettled(_Input, frozen=True):
    """A settlement state was announced; it may come several times, and change.

    ``value`` is what one YES pays in price units; None while only the state is known. A VOID market's
    ``value`` is None and its cost is refunded.
    """

    ticker: str
    state: SettlementState
    value: int | None
    expiration: int | None = None


class EventListed(_Input, frozen=True):
    """An event (group of markets) in full."""

    group: EventGroup


class SeriesListed(_Input, frozen=True):
    """A series in full, with its fee terms."""

    series: Series


class FeeScheduled(_Input, frozen=True):
    """Fee terms of a series or an event from a moment on; ``fee_type`` None clears an override."""

    scope: str
    """"series" or "event"."""
    ticker: str
    fee_type: str | None
    fee_multiplier: int | None
    from_ns: int


class BookSnapshot(_Input, frozen=True):
    """A whole book. Each level is (price, quantity > 0); any order."""

    ex: int
    market: str
    bids: tuple[tuple[int, int], ...]
    asks: tuple[tuple[int, int], ...]


class BookDelta(_Input, frozen=True):
    """A signed size change at one level of one side."""

    ex: int
    market: str
    side: int
    price: int
    qty: int


class BookDoubt(_Input, frozen=True):
    """This book can no longer be believed until its next snapshot."""

    market: str
    reason: str


class Trade(_Input, frozen=True):
    """A print. ``taker`` is BID when the taker bought YES, ASK when it sold, 0 when unknown."""

    ex: int
    market: str
    price: int
    qty: int
    taker: int
    id: str = ""
    block: bool = False
    """Arranged off the book: touches no queue and fills nobody."""
    backfill: bool = False
    """Fetched after an outage; whoever it fills is marked GAP."""


class Quote(_Input, frozen=True):
    """Top of book and tape totals as the venue states them; prices 0 / PRICE with size 0 mean empty."""

    ex: int
    market: str
    bid: int
    bid_qty: int
    ask: int
    ask_qty: int
    last: int = 0
    last_qty: int = 0
    volume: int = 0
    open_interest: int = 0


class SpotTick(_Input, frozen=True):
    """A trade (or, with ``qty`` 0, a top of book) of an underlying; 1e-8 dollars, quantity 1e-8 coins."""

    ex: int
    source: str
    symbol: str
    price: int
    qty: int = 0
    taker: int = 0
    bid: int = 0
    ask: int = 0


class IndexTick(_Input, frozen=True):
    """The settlement index: latest value, its trailing 60 s mean, and the mean of the open window."""

    ex: int
    index: str
    value: int
    mean_60s: int | None = None
    window_mean: int | None = None


class SpotBar(_Input, frozen=True):
    """A finished candle of an underlying on one exchange; ``end`` is ns UTC, prices 1e-8 dollars."""

    source: str
    symbol: str
    end: int
    seconds: int
    open: int
    high: int
    low: int
    close: int
    volume: int = 0
    """1e-8 coins."""


class ImpliedVol(_Input, frozen=True):
    """A yearly volatility that options imply at the money."""

    ex: int
    source: str
    symbol: str
    sigma: int
    """1e-8: 0.45 a year is 45_000_000."""
    tenor_ns: int
    """How far ahead it looks."""
    expiry: int = 0
    """When its options expire, ns UTC; 0 for an index over a constant tenor."""


class Candle(_Input, frozen=True):
    """One bar of a market's own prices; None where nothing was quoted or traded. ``end`` is ns UTC."""

    market: str
    end: int
    minutes: int
    bid: tuple[int, int, int, int] | None = None
    """Open, high, low, close of the best YES bid."""
    ask: tuple[int, int, int, int] | None = None
    trade: tuple[int, int, int, int] | None = None
    volume: int = 0


class AccountBalance(_Input, frozen=True):
    """The account's cash, money units, in all and by shard: collateral of one shard does not serve another."""

    venue: str
    cash: int
    shards: tuple[tuple[int, int], ...] = ()


class AccountPositions(_Input, frozen=True):
    """All open positions of the account, or with ``whole`` False the one that changed."""

    venue: str
    positions: tuple[RealPosition, ...]
    whole: bool = True


class AccountOrders(_Input, frozen=True):
    """All resting orders of the account, or with ``whole`` False the one that changed."""

    venue: str
    orders: tuple[RealOrder, ...]
    whole: bool = True


class AccountFills(_Input, frozen=True):
    """Fills of the account, oldest first; some may have been told before."""

    venue: str
    fills: tuple[RealFill, ...]


class QueueReported(_Input, frozen=True):
    """How much the venue says is ahead of some resting orders, as (order, quantity units)."""

    venue: str
    ahead: tuple[tuple[str, int], ...]


class ExchangeStatus(_Input, frozen=True):
    """Whether a venue is open, and whether it trades."""

    venue: str
    open: bool
    trading: bool
    resume_ns: int = 0


class ExchangeHours(_Input, frozen=True):
    """When a venue will pause, as (start, end) ns UTC in order: orders rest, none can be placed."""

    venue: str
    pauses: tuple[tuple[int, int], ...]


class GameSeen(_Input, frozen=True):
    """A score feed's answer named this game; told each time, changed or not."""

    source: str
    game: Game


class GamePast(_Input, frozen=True):
    """What was played before we listened, oldest first."""

    game: str
    moments: tuple[Played, ...]


class EventScheduled(_Input, frozen=True):
    """A venue itself says when what some of its events are about begins, ns UTC: a game, a speech."""

    venue: str
    events: tuple[str, ...]
    start_ns: int


class OccasionSeen(_Input, frozen=True):
    """A calendar announces this; told when it is new and whenever it changes."""

    occasion: Occasion


class OccasionsGone(_Input, frozen=True):
    """A calendar has these no more, by id, though their time has not come."""

    source: str
    ids: tuple[str, ...]


class PhrasesTold(_Input, frozen=True):
    """What the record has of some phrases, whole: told when markets on them are met.

    ``shares`` are of every event of the same speakers, and stand for the phrases that were not asked for.
    """

    phrases: tuple[tuple[str, str], ...]
    """(speaker, phrase) of each that was looked up, found or not."""
    occurrences: tuple[Occurrence, ...]
    shares: tuple[EventShare, ...]


class TemperatureRead(_Input, frozen=True):
    """A station's observation."""

    source: str
    reading: Reading


class TemperatureForecast(_Input, frozen=True):
    """What a model expects of a station's day; told when it is new."""

    source: str
    forecast: Forecast


class ClimateReported(_Input, frozen=True):
    """A station's climate report."""

    source: str
    report: Report


class OddsSeen(_Input, frozen=True):
    """What books ask for a game, whole: a book that is not in it asks nothing now."""

    source: str
    game: BookGame


class OddsBudget(_Input, frozen=True):
    """How many questions a source of odds still answers."""

    source: str
    left: int
    used: int


class FeedUp(_Input, frozen=True):
    """A connection is made; sequence numbers start anew."""

    feed: str


class FeedDown(_Input, frozen=True):
    """A connection is lost."""

    feed: str
    reason: str = ""


class Tick(_Input, frozen=True):
    """Time passed without any other input."""


Event = (
    MarketListed
    | MarketChanged
    | MarketSettled
    | EventListed
    | SeriesListed
    | FeeScheduled
    | BookSnapshot
    | BookDelta
    | BookDoubt
    | Trade
    | Quote
    | SpotTick
    | IndexTick
    | SpotBar
    | ImpliedVol
    | Candle
    | AccountBalance
    | AccountPositions
    | AccountOrders
    | AccountFills
    | QueueReported
    | ExchangeStatus
    | ExchangeHours
    | GameSeen
    | GamePast
    | EventScheduled
    | OccasionSeen
    | OccasionsGone
    | PhrasesTold
    | TemperatureRead
    | TemperatureForecast
    | ClimateReported
    | OddsSeen
    | OddsBudget
    | FeedUp
    | FeedDown
)

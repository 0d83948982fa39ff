"""REST bodies as they stand on the wire: Gamma's events and markets, the CLOB's books and terms, the data API's prints.

Source: the venue's SDK and documentation, 2026; recorded bodies. Some lists of a Gamma market are JSON inside a
string, and have been plain lists at times: both are read. Everything but a market's condition is optional.
"""

from decimal import Decimal

import msgspec

from cockpit.feeds.census import names
from cockpit.feeds.polymarket.wire import Level, Stamp, Struct, Text

Listed = str | list[str] | None
"""A list of text, plain or as JSON text; see `strings`."""
Number = Decimal | None


class Schedule(Struct, rename="camel"):
    """A market's fee terms."""

    rate: Number = None
    exponent: Number = None
    taker_only: bool | None = None
    rebate_rate: Number = None


class CryptoConfig(Struct, rename="camel"):
    """What an up/down market measures."""

    asset: Text = None
    duration: Text = None
    twap_enabled: bool | None = None
    twap_lookback_seconds: int | None = None


class Metadata(Struct, rename="camel"):
    """An up/down event's two prices, once they are known."""

    price_to_beat: Number = None
    final_price: Number = None


class SeriesRef(Struct, rename="camel"):
    """The series an event belongs to."""

    slug: Text = None


class EventRef(Struct, rename="camel"):
    """An event: what its markets share."""

    id: Text = None
    slug: Text = None
    title: Text = None
    neg_risk: bool | None = None
    enable_neg_risk: bool | None = None
    neg_risk_augmented: bool | None = None
    end_date: Text = None
    series_slug: Text = None
    series: list[SeriesRef] | None = None
    event_metadata: Metadata | None = None


class MarketBody(Struct, rename="camel"):
    """A market. ``closed`` decides; ``active`` and ``acceptingOrders`` may still be true beside it."""

    condition_id: str
    slug: Text = None
    question: Text = None
    group_item_title: Text = None
    description: Text = None
    resolution_source: Text = None
    outcomes: Listed = None
    outcome_prices: Listed = None
    clob_token_ids: Listed = None
    active: bool | None = None
    closed: bool | None = None
    archived: bool | None = None
    accepting_orders: bool | None = None
    enable_order_book: bool | None = None
    start_date: Text = None
    end_date: Text = None
    event_start_time: Text = None
    game_start_time: Text = None
    clear_book_on_start: bool | None = None
    sports_market_type: Text = None
    order_price_min_tick_size: Number = None
    order_min_size: Number = None
    best_bid: Number = None
    best_ask: Number = None
    fees_enabled: bool | None = None
    fee_schedule: Schedule | None = None
    uma_resolution_status: Text = None
    uma_resolution_statuses: Listed = None
    resolution_status: Text = None
    crypto_market_config: CryptoConfig | None = None
    events: list[EventRef] | None = None


class EventBody(EventRef, rename="camel"):
    """An event with its markets, each left unread so that one that cannot be read spares the others."""

    markets: list[msgspec.Raw] | None = None


class EventPage(Struct):
    """GET /events/keyset; without ``next_cursor`` it is the last page."""

    events: list[msgspec.Raw]
    next_cursor: Text = None


class MarketPage(Struct):
    """GET /markets/keyset."""

    markets: list[msgspec.Raw]
    next_cursor: Text = None


class BookBody(Struct):
    """GET /book: one token's book, the best level last on both sides, or first."""

    asset_id: str
    market: str = ""
    timestamp: Stamp = None
    hash: Text = None
    bids: list[Level] | None = None
    asks: list[Level] | None = None
    min_order_size: Text = None
    tick_size: Text = None
    neg_risk: bool | None = None
    last_trade_price: Text = None


class ClobToken(Struct):
    """A token and its outcome."""

    t: str
    o: Text = None


class ClobFee(Struct):
    """Rate, exponent, takers only."""

    r: Number = None
    e: Number = None
    to: bool | None = None


class ClobMarket(Struct):
    """GET /clob-markets/{condition}: the matching engine's own terms. What is absent is false, or 0."""

    c: Text = None
    t: list[ClobToken] | None = None
    mts: Number = None
    mos: Number = None
    fd: ClobFee | None = None


class DataTrade(Struct, rename="camel"):
    """GET /trades of the data API, newest first. There is no id: transaction, token and place in it make one."""

    asset: str
    condition_id: str
    side: str
    size: Decimal
    price: Decimal
    timestamp: int
    transaction_hash: Text = None


def strings(value: Listed) -> list[str]:
    """A list of text in either form; None and "" are empty. Raises ValueError."""
    if not value:
        return []
    return msgspec.json.decode(value, type=list[str] | None) or [] if isinstance(value, str) else value


KNOWN: dict[str, frozenset[str]] = {
    "event": names(
        EventBody,
        also="ticker description resolutionSource startDate creationDate image icon active closed archived new "
        "featured restricted liquidity volume openInterest createdAt updatedAt competitive volume24hr volume1wk "
        "volume1mo volume1yr enableOrderBook liquidityClob liquidityAmm commentCount cyom showAllOutcomes "
        "showMarketImages automaticallyActive automaticallyResolved startTime pendingDeployment deploying "
        "deployingTimestamp requiresTranslation tags cumulativeMarkets negRiskMarketID gmpChartMode eventDate "
        "eventWeek live ended score period elapsed gameId teams sortBy closedTime subtitle category "
        "publishedAt countryName electionType color estimateValue cantEstimate estimatedValue featuredOrder "
        "version onchainEventId finishedTimestamp homeTeamName awayTeamName carouselMap subcategory "
        "tweetCount chats templates disqusThread parentEvent spreadsMainLine totalsMainLine",
    ),
    "market": names(
        MarketBody,
        also="id liquidity image icon marketMakerAddress createdAt updatedAt new featured restricted "
        "groupItemThreshold questionID volume volumeNum liquidityNum endDateIso startDateIso hasReviewedDates "
        "volume24hr volume1wk volume1mo volume1yr comboStatus volume24hrClob volume1wkClob volume1moClob "
        "volume1yrClob volumeClob liquidityClob makerBaseFee takerBaseFee acceptingOrdersTimestamp negRisk "
        "negRiskMarketID negRiskRequestID negRiskOther ready funded cyom competitive approved rewardsMinSize "
        "rewardsMaxSpread spread lastTradePrice pagerDutyNotificationEnabled automaticallyActive "
        "automaticallyResolved showGmpSeries showGmpOutcome manualActivation pendingDeployment deploying "
        "deployingTimestamp rfqEnabled holdingRewardsEnabled requiresTranslation makerRebatesFeeShareBps feeType "
        "submitted_by resolvedBy umaBond umaReward umaEndDate customLiveness closedTime secondsDelay gameId "
        "line seriesColor clobRewards oneHourPriceChange oneDayPriceChange oneWeekPriceChange "
        "oneMonthPriceChange oneYearPriceChange liquidityAmm volumeAmm cryptoMarketConfigId version positionIds "
        "onchainEventId requestId tags category twitterCardImage volume1wkAmm volume1moAmm volume1yrAmm",
    ),
    "trades": names(
        DataTrade,
        also="proxyWallet title slug icon eventSlug outcome outcomeIndex name pseudonym bio profileImage "
        "profileImageOptimized",
    ),
}
"""Documented fields by the kind of object."""

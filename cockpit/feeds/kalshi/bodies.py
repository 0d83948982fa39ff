"""REST bodies as they stand on the wire. Source: the exchange's OpenAPI, 2026-10, and recorded bodies.

Everything but the keys a reader cannot do without is optional and may be null: fields come and go without notice.
"""

from decimal import Decimal

import msgspec

from cockpit.feeds.census import names
from cockpit.feeds.kalshi.wire import PriceRange, Seconds, Struct

Text = str | None


class MarketBody(Struct):
    """A market; ``settlement_value`` is legacy, in cents."""

    ticker: str
    event_ticker: Text = None
    market_type: Text = None
    title: Text = None
    subtitle: Text = None
    yes_sub_title: Text = None
    open_time: Seconds = None
    close_time: Seconds = None
    expected_expiration_time: Seconds = None
    status: Text = None
    result: Text = None
    settlement_value_dollars: Text = None
    settlement_value: Decimal | None = None
    expiration_value: Text = None
    strike_type: Text = None
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    custom_strike: dict[str, msgspec.Raw] | None = None
    price_level_structure: Text = None
    price_ranges: list[PriceRange] | None = None
    rules_primary: Text = None
    rules_secondary: Text = None
    fee_waiver_expiration_time: Seconds = None
    exchange_index: int | None = None
    volume_fp: Text = None
    yes_bid_dollars: Text = None
    yes_ask_dollars: Text = None


class EventData(Struct):
    """An event, its markets perhaps nested."""

    event_ticker: str
    series_ticker: Text = None
    title: Text = None
    sub_title: Text = None
    mutually_exclusive: bool | None = None
    collateral_return_type: Text = None
    strike_date: Seconds = None
    fee_type_override: Text = None
    fee_multiplier_override: Decimal | None = None
    markets: list[MarketBody] | None = None


class SeriesBody(Struct):
    """A series with its fee terms."""

    ticker: str
    title: Text = None
    category: Text = None
    frequency: Text = None
    fee_type: Text = None
    fee_multiplier: Decimal | None = None


class SeriesFeeChange(Struct):
    """Fee terms of a series from ``scheduled_ts`` on."""

    series_ticker: str
    fee_type: Text = None
    fee_multiplier: Decimal | None = None
    scheduled_ts: Seconds = None


class EventFeeChange(Struct):
    """An event's override from ``scheduled_ts`` on; null clears it."""

    event_ticker: str
    fee_type_override: Text = None
    fee_multiplier_override: Decimal | None = None
    scheduled_ts: Seconds = None


class RestTrade(Struct):
    """A print. ``yes_price`` and ``count`` are legacy: cents and whole contracts."""

    ticker: str
    trade_id: Text = None
    yes_price_dollars: Text = None
    count_fp: Text = None
    yes_price: int | None = None
    count: int | None = None
    taker_outcome_side: Text = None
    taker_book_side: Text = None
    taker_side: Text = None
    created_time: Seconds = None
    is_block_trade: bool | None = None


class Quad(Struct):
    """Open, high, low, close: today with ``_dollars``, bare text in /historical, bare cents in legacy bodies."""

    open_dollars: Text = None
    high_dollars: Text = None
    low_dollars: Text = None
    close_dollars: Text = None
    open: int | str | None = None
    high: int | str | None = None
    low: int | str | None = None
    close: int | str | None = None


class CandleBody(Struct):
    """One bar, up to and including ``end_period_ts`` (seconds); without trades ``price`` has no four prices."""

    end_period_ts: int
    yes_bid: Quad | None = None
    yes_ask: Quad | None = None
    price: Quad | None = None
    volume_fp: Text = None
    volume: int | str | None = None


class BookSides(Struct):
    """Bids of both sides, ascending; a side may be missing or null."""

    yes_dollars: list[tuple[str, str]] | None = None
    no_dollars: list[tuple[str, str]] | None = None


class TickeredBook(Struct):
    """One of several books."""

    ticker: str
    orderbook_fp: BookSides


class MarketCandles(Struct):
    """Bars of one of several markets."""

    market_ticker: str
    candlesticks: list[CandleBody]


class Markets(Struct):
    """GET /markets."""

    markets: list[MarketBody]
    cursor: Text = None


class OneMarket(Struct):
    """GET /markets/{ticker}."""

    market: MarketBody


class Events(Struct):
    """GET /events, /events/multivariate."""

    events: list[EventData]
    cursor: Text = None


class OneEvent(Struct):
    """GET /events/{ticker}; ``markets`` beside the event is the deprecated place."""

    event: EventData
    markets: list[MarketBody] | None = None


class SeriesList(Struct):
    """GET /series."""

    series: list[SeriesBody]


class OneSeries(Struct):
    """GET /series/{ticker}."""

    series: SeriesBody


class SeriesFeeChanges(Struct):
    """GET /series/fee_changes."""

    series_fee_change_arr: list[SeriesFeeChange]


class EventFeeChanges(Struct):
    """GET /events/fee_changes."""

    event_fee_changes: list[EventFeeChange]


class Orderbook(Struct):
    """GET /markets/{ticker}/orderbook."""

    orderbook_fp: BookSides


class Orderbooks(Struct):
    """GET /markets/orderbooks."""

    orderbooks: list[TickeredBook]


class Trades(Struct):
    """GET /markets/trades, newest first."""

    trades: list[RestTrade]
    cursor: Text = None


class Candles(Struct):
    """GET /series/{series}/markets/{ticker}/candlesticks."""

    candlesticks: list[CandleBody]
    ticker: Text = None


class BatchCandles(Struct):
    """GET /markets/candlesticks."""

    markets: list[MarketCandles]


class StatusBody(Struct):
    """GET /exchange/status; may come with HTTP 503."""

    exchange_active: bool
    trading_active: bool
    exchange_estimated_resume_time: Seconds = None


class Window(Struct):
    """A maintenance window."""

    start_datetime: str
    end_datetime: str


class ScheduleBody(Struct):
    """Standard hours (US Eastern) and maintenance windows."""

    standard_hours: list[dict[str, msgspec.Raw]]
    maintenance_windows: list[Window] | None = None


class Schedule(Struct):
    """GET /exchange/schedule."""

    schedule: ScheduleBody


class MilestoneBody(Struct):
    """A game or other moment events hang on."""

    id: str
    type: Text = None
    title: Text = None
    start_date: Text = None
    related_event_tickers: list[str] | None = None


class Milestones(Struct):
    """GET /milestones."""

    milestones: list[MilestoneBody]
    cursor: Text = None


KNOWN: dict[str, frozenset[str]] = {
    "market": names(
        MarketBody,
        also="no_sub_title created_time updated_time latest_expiration_time expiration_time settlement_timer_seconds "
        "yes_bid_size_fp yes_ask_size_fp no_bid_dollars no_ask_dollars "
        "last_price_dollars volume_24h_fp can_close_early open_interest_fp notional_value_dollars "
        "previous_yes_bid_dollars previous_yes_ask_dollars previous_price_dollars settlement_bounds_type "
        "settlement_ts settlement_floor_dollars occurrence_datetime early_close_condition functional_strike "
        "mve_collection_ticker mve_selected_legs primary_participant_key is_provisional liquidity_dollars",
    ),
    "event": names(
        EventData,
        also="settlement_sources category strike_period product_metadata last_updated_ts exchange_index",
    ),
    "series": names(
        SeriesBody,
        also="categories tags settlement_sources contract_url contract_terms_url additional_prohibitions "
        "product_metadata volume_fp last_updated_ts exchange_index",
    ),
    "trades": names(RestTrade, also="no_price_dollars"),
    "candlesticks": names(CandleBody, also="open_interest_fp open_interest"),
}
"""Documented fields by the kind of object."""

"""Bodies of WebSocket messages as they stand on the wire.

Source: the exchange's AsyncAPI, 2026-10. Only what is read is declared: undeclared fields are skipped by the decoder,
which is where its speed comes from; `cockpit.feeds.kalshi.messages.KNOWN` lists the documented rest.
"""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from cockpit.feeds.exact import LATEST_S

Millis = Annotated[int, msgspec.Meta(ge=0, le=LATEST_S * 1_000)]
Seconds = int | str | None
"""Unix seconds, or RFC 3339 in some messages and older recordings."""

Side = Literal["yes", "no"]

_ABSENT = msgspec.Raw(b"")


class Struct(msgspec.Struct, gc=False):
    """Options of all wire shapes."""


class PriceRange(Struct):
    """A band of the price grid, in dollars."""

    start: str
    end: str
    step: str


class DeltaBody(Struct):
    """A signed size change; ``price_dollars`` of side "no" is in NO terms unless ``use_yes_price`` was asked for."""

    market_ticker: str
    price_dollars: str
    delta_fp: str
    side: Side
    ts_ms: Millis | None = None
    ts: Seconds = None


class SnapshotBody(Struct):
    """A whole book of bids, ascending; an empty side's key is left out. The last four fields are legacy."""

    market_ticker: str
    yes_dollars_fp: list[tuple[str, str]] | None = None
    no_dollars_fp: list[tuple[str, str]] | None = None
    ts_ms: Millis | None = None
    yes: msgspec.Raw = _ABSENT
    no: msgspec.Raw = _ABSENT
    yes_dollars: msgspec.Raw = _ABSENT
    no_dollars: msgspec.Raw = _ABSENT

    def legacy(self) -> bool:
        """Whether the sides stand under their old names; a modern empty book has neither."""
        modern = self.yes_dollars_fp is not None or self.no_dollars_fp is not None
        return not modern and any((self.yes, self.no, self.yes_dollars, self.no_dollars))


class TradeBody(Struct):
    """A print. ``taker_book_side`` names the taker's own side; ``taker_side`` and ``ts`` are deprecated."""

    market_ticker: str
    yes_price_dollars: str
    count_fp: str
    trade_id: str = ""
    taker_outcome_side: str | None = None
    taker_book_side: str | None = None
    taker_side: str | None = None
    is_block_trade: bool | None = None
    ts_ms: Millis | None = None
    ts: Seconds = None


class TickerBody(Struct):
    """Top of book and totals; an empty side is price 0 (bid) or 1 (ask) with size 0."""

    market_ticker: str
    yes_bid_dollars: str | None
    yes_ask_dollars: str | None
    price_dollars: str | None = None
    yes_bid_size_fp: str | None = None
    yes_ask_size_fp: str | None = None
    last_trade_size_fp: str | None = None
    volume_fp: str | None = None
    open_interest_fp: str | None = None
    ts_ms: Millis | None = None
    ts: Seconds = None


class Metadata(Struct):
    """The description that comes with a created market."""

    name: str | None = None
    title: str | None = None
    yes_sub_title: str | None = None
    rules_primary: str | None = None
    rules_secondary: str | None = None
    event_ticker: str | None = None
    expected_expiration_ts: Seconds = None
    strike_type: str | None = None
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    custom_strike: dict[str, msgspec.Raw] | None = None


class LifecycleBody(Struct):
    """A step in a market's life; which fields are there depends on ``event_type``."""

    market_ticker: str
    event_type: str
    open_ts: Seconds = None
    close_ts: Seconds = None
    result: str | None = None
    settlement_value: str | None = None
    price_level_structure: str | None = None
    price_ranges: list[PriceRange] | None = None
    exchange_index: int | None = None
    additional_metadata: Metadata | None = None
    strike_type: str | None = None
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    custom_strike: dict[str, msgspec.Raw] | None = None
    yes_sub_title: str | None = None


class EventBody(Struct):
    """A created event."""

    event_ticker: str
    title: str | None = None
    subtitle: str | None = None
    collateral_return_type: str | None = None
    series_ticker: str | None = None
    strike_date: Seconds = None


class FeeBody(Struct):
    """An event's fee override; both null when it was cleared."""

    event_ticker: str
    fee_type_override: str | None = None
    fee_multiplier_override: Decimal | None = None


class Average(Struct):
    """A mean of index prints."""

    value: Decimal


class IndexBody(Struct):
    """The settlement index, once a second; ``data`` is the provider's own JSON as a string."""

    index_id: str
    data: str
    received_at: Millis | None = None
    avg_60s_data: Average | None = None
    last_60s_windowed_average_15min: Average | None = None


class ProviderTick(Struct):
    """What ``IndexBody.data`` holds."""

    value: Decimal
    time: Millis | None = None


class FastIndexBody(Struct):
    """The settlement index, up to five times a second, without means."""

    index_id: str
    value_usd: Decimal
    source_ts_ms: Millis | None = None
    received_at: Millis | None = None


class UnderlyingBody(Struct):
    """A commodity's reference price."""

    underlying_ticker: str
    value_usd: Decimal
    source_ts_ms: Millis | None = None
    received_at: Millis | None = None


class FillBody(Struct):
    """A fill of the account's own."""

    trade_id: str
    order_id: str
    market_ticker: str
    is_taker: bool
    yes_price_dollars: str
    count_fp: str
    fee_cost: str | None = None
    outcome_side: str | None = None
    book_side: str | None = None
    post_position_fp: str | None = None
    ts_ms: Millis | None = None


class OrderBody(Struct):
    """An order of the account's own, after any change."""

    order_id: str
    ticker: str
    status: str
    yes_price_dollars: str
    fill_count_fp: str
    remaining_count_fp: str
    initial_count_fp: str | None = None
    outcome_side: str | None = None
    book_side: str | None = None
    client_order_id: str | None = None
    created_ts_ms: Millis | None = None
    last_update_reason: str | None = None


class PositionBody(Struct):
    """A position of the account's own; negative is NO."""

    market_ticker: str
    position_fp: str
    position_cost_dollars: str | None = None
    realized_pnl_dollars: str | None = None
    fees_paid_dollars: str | None = None


class ChannelSid(Struct):
    """Which subscription carries a channel."""

    channel: str
    sid: int


class OkBody(Struct):
    """A subscription's full list of markets after a change (left out when so asked for)."""

    market_tickers: list[str] | None = None


class ErrorBody(Struct):
    """Why a command failed, or a subscription ended."""

    code: int
    msg: str | None = None
    market_ticker: str | None = None
    market_tickers: list[str] | None = None

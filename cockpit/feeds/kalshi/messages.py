"""WebSocket messages in their envelopes, told apart by the ``type`` tag, and the fields each is known to have."""

from cockpit.feeds.census import names
from cockpit.feeds.kalshi.wire import (
    ChannelSid,
    DeltaBody,
    ErrorBody,
    EventBody,
    FastIndexBody,
    FeeBody,
    FillBody,
    IndexBody,
    LifecycleBody,
    OkBody,
    OrderBody,
    PositionBody,
    SnapshotBody,
    Struct,
    TickerBody,
    TradeBody,
    UnderlyingBody,
)


class Message(Struct, tag_field="type"):
    """What data messages share. ``seq`` 0: this channel carries none."""

    sid: int
    seq: int = 0


class OrderbookDelta(Message, tag="orderbook_delta", kw_only=True):
    """Channel orderbook_delta."""

    msg: DeltaBody


class OrderbookSnapshot(Message, tag="orderbook_snapshot", kw_only=True):
    """Channel orderbook_delta; the answer to get_snapshot too."""

    msg: SnapshotBody


class TradeMessage(Message, tag="trade", kw_only=True):
    """Channel trade."""

    msg: TradeBody


class TickerMessage(Message, tag="ticker", kw_only=True):
    """Channel ticker."""

    msg: TickerBody


class MarketLifecycle(Message, tag="market_lifecycle_v2", kw_only=True):
    """Channel market_lifecycle_v2."""

    msg: LifecycleBody


class EventLifecycle(Message, tag="event_lifecycle", kw_only=True):
    """Channel market_lifecycle_v2."""

    msg: EventBody


class EventFeeUpdate(Message, tag="event_fee_update", kw_only=True):
    """Channel market_lifecycle_v2."""

    msg: FeeBody


class IndexValue(Message, tag="cfbenchmarks_value", kw_only=True):
    """Channel cfbenchmarks_value."""

    msg: IndexBody


class FastIndexValue(Message, tag="cfbenchmarks_value_5hz", kw_only=True):
    """Channel cfbenchmarks_value_5hz."""

    msg: FastIndexBody


class UnderlyingValue(Message, tag="pyth_value", kw_only=True):
    """Channel pyth_value."""

    msg: UnderlyingBody


class FillMessage(Message, tag="fill", kw_only=True):
    """Channel fill."""

    msg: FillBody


class UserOrder(Message, tag="user_order", kw_only=True):
    """Channel user_orders."""

    msg: OrderBody


class MarketPosition(Message, tag="market_position", kw_only=True):
    """Channel market_positions."""

    msg: PositionBody


class Reply(Struct, tag_field="type"):
    """What answers to commands share. ``seq`` counts on the counter of the subscription's data."""

    sid: int = 0
    seq: int = 0


class Subscribed(Reply, tag="subscribed", kw_only=True):
    """One per channel of a subscribe command."""

    msg: ChannelSid


class Ok(Reply, tag="ok", kw_only=True):
    """An update was made, or (a list) the subscriptions there are."""

    msg: OkBody | list[ChannelSid] | None = None


class Unsubscribed(Reply, tag="unsubscribed"):
    """A subscription is over, as asked for."""


class Failed(Reply, tag="error", kw_only=True):
    """A command failed, or (codes 10 and 25) a subscription was ended by the exchange."""

    msg: ErrorBody


Known = (
    OrderbookDelta
    | OrderbookSnapshot
    | TradeMessage
    | TickerMessage
    | MarketLifecycle
    | EventLifecycle
    | EventFeeUpdate
    | IndexValue
    | FastIndexValue
    | UnderlyingValue
    | FillMessage
    | UserOrder
    | MarketPosition
    | Subscribed
    | Ok
    | Unsubscribed
    | Failed
)


class Envelope(Struct):
    """Any message at all: enough to name its type and keep its subscription's count."""

    type: str
    sid: int = 0
    seq: int = 0


_AROUND = frozenset({"type", "id", "sid", "seq", "msg"})
_MARKET = "market_id exchange_index subaccount"

KNOWN: dict[str, frozenset[str]] = {
    "message": _AROUND,
    "orderbook_delta": names(DeltaBody, also=_MARKET + " client_order_id"),
    "orderbook_snapshot": names(SnapshotBody, also=_MARKET),
    "trade": names(TradeBody, also="no_price_dollars"),
    "ticker": names(TickerBody, also=_MARKET + " dollar_volume dollar_open_interest time"),
    "market_lifecycle_v2": names(LifecycleBody, also="determination_ts settled_ts is_deactivated"),
    "event_lifecycle": names(EventBody, also="exchange_index strike_period"),
    "event_fee_update": names(FeeBody),
    "cfbenchmarks_value": names(IndexBody),
    "cfbenchmarks_value_5hz": names(FastIndexBody, also="data"),
    "pyth_value": names(UnderlyingBody),
    "fill": names(FillBody, also=_MARKET + " client_order_id ts side action purchased_side"),
    "user_order": names(
        OrderBody,
        also="user_id exchange_index side is_yes taker_fill_cost_dollars maker_fill_cost_dollars taker_fees_dollars "
        "maker_fees_dollars order_group_id self_trade_prevention_type created_time last_update_time "
        "last_updated_ts_ms expiration_time expiration_ts_ms subaccount_number",
    ),
    "market_position": names(PositionBody, also="user_id position_fee_cost_dollars volume_fp subaccount"),
    "subscribed": names(ChannelSid),
    "ok": names(OkBody, ChannelSid, also="market_ids index_ids underlying_tickers"),
    "error": names(ErrorBody),
    "unsubscribed": frozenset(),
}
"""Documented body fields by message type, and of the envelope under "message"."""

"""Messages of the market socket as they stand on the wire.

Source: the venue's market channel page and its SDK, 2026; recorded messages. Only what is read is declared. All
numbers are text, ``size`` of a change is the level's new size, ``side`` BUY changes bids.
"""

from typing import Literal

import msgspec

from cockpit.feeds.census import names

Text = str | None
Stamp = str | int | None
Side = Literal["BUY", "SELL"]


class Struct(msgspec.Struct, gc=False):
    """Options of all wire shapes."""


class Level(Struct):
    """A price level."""

    price: str
    size: str


class Change(Struct):
    """A level's new size, and the top of book of its token after it."""

    asset_id: str
    price: str
    size: str
    side: Side
    best_bid: Text = None
    best_ask: Text = None


class OldChange(Struct):
    """The same before 15 September 2025, when a message was about one token."""

    price: str
    size: str
    side: Side


class _Message(Struct, tag_field="event_type"):
    """What messages share."""


class BookMessage(_Message, tag="book"):
    """A whole book of one token. The last four fields come with the first book of a connection only."""

    asset_id: str
    market: str = ""
    bids: list[Level] | None = None
    asks: list[Level] | None = None
    timestamp: Stamp = None
    hash: Text = None
    min_order_size: Text = None
    tick_size: Text = None
    neg_risk: bool | None = None
    last_trade_price: Text = None


class PriceChange(_Message, tag="price_change"):
    """Changed levels. ``price_changes`` today; before that ``asset_id`` with ``changes``, or with one bare change."""

    market: str = ""
    timestamp: Stamp = None
    price_changes: list[Change] | None = None
    asset_id: Text = None
    changes: list[OldChange] | None = None
    price: Text = None
    size: Text = None
    side: Side | None = None

    def entries(self) -> list[Change]:
        """The changes in any of the three shapes; raises ValueError when there are none."""
        if self.price_changes is not None:
            return self.price_changes
        if self.asset_id is not None and self.changes is not None:
            return [Change(self.asset_id, each.price, each.size, each.side) for each in self.changes]
        if self.asset_id is None or self.price is None or self.size is None or self.side is None:
            raise ValueError("a price change without changes")
        return [Change(self.asset_id, self.price, self.size, self.side)]


class LastTrade(_Message, tag="last_trade_price"):
    """A print on one token's tape; ``side`` is the taker's."""

    asset_id: str
    price: str
    size: str
    side: Side
    market: str = ""
    timestamp: Stamp = None
    transaction_hash: Text = None


class TickSize(_Message, tag="tick_size_change"):
    """A token's new price step."""

    asset_id: str
    new_tick_size: str
    market: str = ""
    timestamp: Stamp = None


class BestBidAsk(_Message, tag="best_bid_ask"):
    """A token's new top of book."""

    asset_id: str
    best_bid: str = ""
    best_ask: str = ""
    market: str = ""
    timestamp: Stamp = None


class EventMessage(Struct):
    """The event a new market belongs to."""

    id: Text = None
    slug: Text = None


class NewMarket(_Message, tag="new_market"):
    """A market was listed, any market of the venue's; its times and terms are read from the listing itself."""

    market: str = ""
    event_message: EventMessage | None = None
    tags: list[str] | None = None


class Resolved(_Message, tag="market_resolved"):
    """A market's outcome."""

    market: str = ""
    assets_ids: list[str] | None = None
    winning_asset_id: Text = None
    winning_outcome: Text = None
    timestamp: Stamp = None


Known = BookMessage | PriceChange | LastTrade | TickSize | BestBidAsk | NewMarket | Resolved


class Envelope(Struct):
    """What tells a message's kind and market where the rest cannot be read."""

    event_type: Text = None
    market: Text = None


KNOWN: dict[str, frozenset[str]] = {
    "book": names(BookMessage, also="event_type"),
    "price_change": names(PriceChange, also="event_type hash"),
    "last_trade_price": names(LastTrade, also="event_type fee_rate_bps"),
    "tick_size_change": names(TickSize, also="event_type old_tick_size side"),
    "best_bid_ask": names(BestBidAsk, also="event_type spread"),
    "new_market": names(
        NewMarket,
        also="event_type id question slug description assets_ids outcomes timestamp condition_id active "
        "clob_token_ids sports_market_type line game_start_time order_price_min_tick_size group_item_title "
        "taker_base_fee fees_enabled fee_schedule",
    ),
    "market_resolved": names(Resolved, also="event_type id event_message tags question slug outcomes"),
}
"""Documented fields by message type."""

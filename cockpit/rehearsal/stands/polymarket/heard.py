"""What Polymarket itself said, as the stage has it: listings and socket messages as facts. None of the cockpit's code reads here.

Prices are price units of the token a message names, sizes hundredths of a share.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, SECOND, UNDERLYING
from cockpit.domain.units import price as price_of
from cockpit.rehearsal.polymarket.names import Tag
from cockpit.rehearsal.polymarket.terms import ns_of
from cockpit.rehearsal.stands.polymarket.reader import hundredths

SIDES = {"BUY": BID, "SELL": ASK}
_MILLION = 1_000_000


class Level(msgspec.Struct):
    """A price level."""

    price: str
    size: str

    def read(self) -> tuple[int, int]:
        """Price and size; raises ValueError."""
        return price(self.price), shares(self.size)


class Change(Level):
    """A level's new size."""

    asset_id: str
    side: Literal["BUY", "SELL"]


class Message(msgspec.Struct):
    """Every field of every message that is read; lists are None where they are missing."""

    event_type: str = ""
    asset_id: str = ""
    bids: list[Level] = []
    asks: list[Level] = []
    price_changes: list[Change] = []
    price: str = ""
    size: str = ""
    side: str = ""
    timestamp: str = ""
    transaction_hash: str = ""
    new_tick_size: str = ""
    last_trade_price: str = ""
    winning_asset_id: str = ""


class Metadata(msgspec.Struct, rename="camel"):
    """What a window began and ended at, as the numbers stood."""

    price_to_beat: msgspec.Raw = msgspec.Raw(b"")
    final_price: msgspec.Raw = msgspec.Raw(b"")


class _Series(msgspec.Struct):
    slug: str = ""
    recurrence: str = ""


class EventBody(msgspec.Struct, rename="camel"):
    """An event; it holds its markets, or stands in one of them."""

    id: str = ""
    slug: str = ""
    title: str = ""
    description: str = ""
    resolution_source: str = ""
    series_slug: str = ""
    series: list[_Series] = []
    tags: list[Tag] = []
    event_metadata: Metadata | None = None
    markets: list["MarketBody"] = []


class MarketBody(msgspec.Struct, rename="camel"):
    """A market."""

    id: str
    condition_id: str
    question: str = ""
    slug: str = ""
    group_item_title: str = ""
    outcomes: str = "[]"
    outcome_prices: str = "[]"
    clob_token_ids: str = "[]"  # noqa: S105  ids of what is traded, nothing secret
    question_id: str = msgspec.field(default="", name="questionID")
    start_date: str = ""
    end_date: str = ""
    game_start_time: str = ""
    closed: bool = False
    uma_resolution_status: str = ""
    order_price_min_tick_size: float = 0.01
    events: list[EventBody] = []

    def pair(self, text: str) -> tuple[str, str]:
        """Two texts that stand as JSON inside a string; raises ValueError."""
        first, second = msgspec.json.decode(text, type=tuple[str, str])
        return first, second


class _Page(msgspec.Struct):
    events: list[EventBody] = []
    markets: list[MarketBody] = []


_message = msgspec.json.Decoder(Message | list[Message]).decode
_page = msgspec.json.Decoder(_Page).decode
_event = msgspec.json.Decoder(EventBody).decode
_events = msgspec.json.Decoder(list[EventBody]).decode
_market = msgspec.json.Decoder(MarketBody).decode
_markets = msgspec.json.Decoder(list[MarketBody]).decode
ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, ValueError)


def messages(payload: bytes) -> list[Message]:
    """The messages of a socket frame; none where it cannot be read."""
    try:
        told = _message(payload)
    except ERRORS:
        return []
    return told if isinstance(told, list) else [told]


def listings(payload: bytes, url: str) -> Iterator[tuple[EventBody, MarketBody]]:
    """The markets of a listing, each with its event; none where it cannot be read."""
    path = url.partition("?")[0]
    try:
        events, markets = _listed(payload, path)
    except ERRORS:
        return
    for event in events:
        for market in event.markets:
            yield event, market
    for market in markets:
        yield (market.events[0] if market.events else EventBody()), market


def _listed(payload: bytes, path: str) -> tuple[list[EventBody], list[MarketBody]]:
    if path.endswith("/keyset"):
        page = _page(payload)
        return page.events, page.markets
    many = payload[:1] == b"["
    if "/events" in path:
        return (_events(payload) if many else [_event(payload)]), []
    return [], (_markets(payload) if many else [_market(payload)])


def price(text: str) -> int:
    """Dollars as price units; raises ValueError."""
    return price_of(f"0{text}" if text[:1] == "." else text)


def tick(value: float) -> int:
    """A tick in price units."""
    return round(value * PRICE)


def shares(text: str) -> int:
    """A size in hundredths of a share; what is finer is cut off. Raises ValueError."""
    whole, _, part = text.partition(".")
    return hundredths(f"{whole}.{part[:2]}")


def units(raw: msgspec.Raw) -> int | None:
    """A number in 1e-8, None where there is none; raises ValueError."""
    text = bytes(raw).decode().strip('"')
    if not text or text == "null":
        return None
    whole, _, part = text.partition(".")
    return int(whole) * UNDERLYING + int(part[:8].ljust(8, "0"))


def moment(text: str) -> int:
    """A listing's time as ns UTC, 0 for none; raises ValueError."""
    if not text:
        return 0
    datetime.fromisoformat(text)
    return ns_of(text)


def stamp(text: str, otherwise: int) -> int:
    """A message's milliseconds as ns UTC."""
    return int(text) * SECOND // 1_000 if text.isdecimal() else otherwise

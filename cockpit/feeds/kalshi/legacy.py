"""The explicit reader of shapes the exchange gave up by March 2026, found in older recordings only.

Prices were cents as integers, counts whole contracts as integers, and books pairs of both. Each old message is put
into today's shape, so that one path makes the events. Source: the exchange's changelog of field removals.
"""

import msgspec

from cockpit.domain.units import PRICE, PRICE_DIGITS, decimal
from cockpit.feeds.kalshi.messages import (
    Known,
    OrderbookDelta,
    OrderbookSnapshot,
    TickerMessage,
    TradeMessage,
)
from cockpit.feeds.kalshi.wire import (
    DeltaBody,
    Millis,
    Seconds,
    Side,
    SnapshotBody,
    Struct,
    TickerBody,
    TradeBody,
)

CENT = PRICE // 100


class _Sides(Struct):
    """A book's bids: whole cents, or dollar text, with whole counts."""

    yes: list[tuple[int, int]] | None = None
    no: list[tuple[int, int]] | None = None
    yes_dollars: list[tuple[str, int]] | None = None
    no_dollars: list[tuple[str, int]] | None = None


class _Book(_Sides, kw_only=True):
    market_ticker: str


class _Delta(Struct):
    market_ticker: str
    delta: int
    side: Side
    price: int | None = None
    price_dollars: str | None = None
    ts_ms: Millis | None = None
    ts: Seconds = None


class _Trade(Struct):
    market_ticker: str
    count: int
    yes_price: int | None = None
    yes_price_dollars: str | None = None
    taker_side: str | None = None
    trade_id: str = ""
    ts_ms: Millis | None = None
    ts: Seconds = None


class _Ticker(Struct):
    market_ticker: str
    yes_bid: int
    yes_ask: int
    price: int | None = None
    volume: int | None = None
    open_interest: int | None = None
    ts_ms: Millis | None = None
    ts: Seconds = None


class _Message(Struct, tag_field="type"):
    sid: int = 0
    seq: int = 0


class _DeltaMessage(_Message, tag="orderbook_delta", kw_only=True):
    msg: _Delta


class _BookMessage(_Message, tag="orderbook_snapshot", kw_only=True):
    msg: _Book


class _TradeMessage(_Message, tag="trade", kw_only=True):
    msg: _Trade


class _TickerMessage(_Message, tag="ticker", kw_only=True):
    msg: _Ticker


class _RestBook(Struct):
    orderbook: _Sides


class _Fields(Struct):
    type: str
    msg: dict[str, msgspec.Raw]


_Old = _DeltaMessage | _BookMessage | _TradeMessage | _TickerMessage

_MESSAGES = msgspec.json.Decoder(_Old)
_BOOK = msgspec.json.Decoder(_RestBook)
_FIELDS = msgspec.json.Decoder(_Fields)

_TODAY = {
    "orderbook_delta": {"price_dollars", "delta_fp"},
    "trade": {"yes_price_dollars", "count_fp"},
    "ticker": {"yes_bid_dollars", "yes_ask_dollars"},
}
"""Fields without which a message is of an older shape; with them it is today's, well formed or not."""


def dollars(cents: int) -> str:
    """Whole cents as today's dollar text."""
    return decimal(cents * CENT, PRICE_DIGITS, 4)


def _text(stated: str | None, cents: int | None) -> str:
    """Dollar text where it stood beside the cents (prices below a cent stand there only)."""
    if stated is None and cents is None:
        raise ValueError("no price")
    return stated if stated is not None else dollars(cents or 0)


def _optional_text(count: int | None) -> str | None:
    return None if count is None else str(count)


def old(data: bytes | msgspec.Raw) -> bool:
    """Whether a message lacks what today's shape of its type must have. Snapshots tell by themselves.

    Raises:
        ValueError: when it is no message with a body.
    """
    message = _FIELDS.decode(data)
    return not _TODAY.get(message.type, set()) <= message.msg.keys()


def modern(data: bytes | msgspec.Raw) -> Known:
    """An old WebSocket message in today's shape.

    Raises:
        ValueError: when it has no old shape either.
    """
    message: _Old = _MESSAGES.decode(data)
    match message:
        case _DeltaMessage(msg=body):
            price = _text(body.price_dollars, body.price)
            delta = DeltaBody(body.market_ticker, price, str(body.delta), body.side, body.ts_ms, body.ts)
            return OrderbookDelta(sid=message.sid, seq=message.seq, msg=delta)
        case _BookMessage(msg=body):
            book = SnapshotBody(body.market_ticker, *sides(body))
            return OrderbookSnapshot(sid=message.sid, seq=message.seq, msg=book)
        case _TradeMessage(msg=body):
            return TradeMessage(sid=message.sid, seq=message.seq, msg=_trade(body))
        case _TickerMessage(msg=body):
            return TickerMessage(sid=message.sid, seq=message.seq, msg=_ticker(body))


def _trade(body: _Trade) -> TradeBody:
    return TradeBody(
        market_ticker=body.market_ticker,
        yes_price_dollars=_text(body.yes_price_dollars, body.yes_price),
        count_fp=str(body.count),
        trade_id=body.trade_id,
        taker_side=body.taker_side,
        ts_ms=body.ts_ms,
        ts=body.ts,
    )


def _ticker(body: _Ticker) -> TickerBody:
    return TickerBody(
        market_ticker=body.market_ticker,
        yes_bid_dollars=dollars(body.yes_bid),
        yes_ask_dollars=dollars(body.yes_ask),
        price_dollars=None if body.price is None else dollars(body.price),
        volume_fp=_optional_text(body.volume),
        open_interest_fp=_optional_text(body.open_interest),
        ts_ms=body.ts_ms,
        ts=body.ts,
    )


def sides(book: _Sides) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The YES and NO bids of an old book as today's text pairs; whole cents where both forms stand."""
    return _side(book.yes, book.yes_dollars), _side(book.no, book.no_dollars)


def _side(cents: list[tuple[int, int]] | None, text: list[tuple[str, int]] | None) -> list[tuple[str, str]]:
    if text:  # sub-cent prices stand in the dollar form only
        return [(price, str(count)) for price, count in text]
    return [(dollars(price), str(count)) for price, count in cents or ()]


def rest_book(data: bytes | msgspec.Raw) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The YES and NO bids of an old ``{"orderbook": ...}`` body; raises ValueError for any other."""
    return sides(_BOOK.decode(data).orderbook)

"""The stage's Kalshi frames as facts, in exact units. An own reader: none of the cockpit's code reads for it.

Socket frames are taken as the venue sends them with ``use_yes_price`` false: a NO level is priced in NO terms. A
frame of another kind is nothing to rehearse and yields None.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE
from cockpit.domain.units import price as price_of
from cockpit.domain.units import qty as qty_of

Levels = list[tuple[int, int]]


class Snapshot(msgspec.Struct, frozen=True):
    """A whole book, in YES terms."""

    ticker: str
    bids: Levels
    asks: Levels


class Delta(msgspec.Struct, frozen=True, gc=False):
    """A level's signed size change, in YES terms; ``ts`` ns UTC."""

    ticker: str
    side: int
    price: int
    qty: int
    ts: int


class Print(msgspec.Struct, frozen=True, gc=False):
    """A trade: ``taker`` is BID when the taker bought YES; ``price`` in YES terms; ``ts`` ns UTC."""

    trade_id: str
    ticker: str
    price: int
    qty: int
    taker: int
    block: bool
    ts: int


class Ticker(msgspec.Struct, frozen=True):
    """A ticker's body as it came."""

    ticker: str
    msg: dict[str, Any]


class Lifecycle(msgspec.Struct, frozen=True):
    """A lifecycle message of any of its three types, as it came."""

    kind: str
    msg: dict[str, Any]


class Index(msgspec.Struct, frozen=True):
    """An index reading, its body as it came."""

    index: str
    msg: bytes


Fact = Snapshot | Delta | Print | Ticker | Lifecycle | Index


class _SnapshotMsg(msgspec.Struct):
    market_ticker: str
    yes_dollars_fp: list[tuple[str, str]] = []
    no_dollars_fp: list[tuple[str, str]] = []


class _DeltaMsg(msgspec.Struct):
    market_ticker: str
    price_dollars: str
    delta_fp: str
    side: str
    ts_ms: int = 0


class _PrintMsg(msgspec.Struct):
    trade_id: str
    market_ticker: str
    yes_price_dollars: str
    count_fp: str
    taker_book_side: str
    is_block_trade: bool = False
    ts_ms: int = 0


class _IndexMsg(msgspec.Struct):
    index_id: str


class _Envelope(msgspec.Struct):
    type: str
    msg: msgspec.Raw = msgspec.Raw(b"{}")


_envelope = msgspec.json.Decoder(_Envelope).decode
_snapshot = msgspec.json.Decoder(_SnapshotMsg).decode
_delta = msgspec.json.Decoder(_DeltaMsg).decode
_print = msgspec.json.Decoder(_PrintMsg).decode
_index = msgspec.json.Decoder(_IndexMsg).decode
_plain = msgspec.json.Decoder(dict[str, Any]).decode
_LIFE = ("market_lifecycle_v2", "event_lifecycle", "event_fee_update")


def fact(payload: bytes) -> Fact | None:
    """The fact in a socket frame; None when there is none in it that can be read."""
    try:
        envelope = _envelope(payload)
        return _fact(envelope.type, envelope.msg)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return None


def _fact(kind: str, msg: msgspec.Raw) -> Fact | None:
    match kind:
        case "orderbook_delta":
            d = _delta(msg)
            own = price_of(d.price_dollars)
            side, price = (BID, own) if d.side == "yes" else (ASK, PRICE - own)
            return Delta(d.market_ticker, side, price, qty_of(d.delta_fp), d.ts_ms * MILLISECOND)
        case "trade":
            return _printed(_print(msg))
        case "orderbook_snapshot":
            s = _snapshot(msg)
            return Snapshot(s.market_ticker, levels(s.yes_dollars_fp, BID), levels(s.no_dollars_fp, ASK))
        case "ticker":
            body = _plain(msg)
            return Ticker(str(body.get("market_ticker", "")), body)
        case "cfbenchmarks_value":
            return Index(_index(msg).index_id, bytes(msg))
        case _:
            return Lifecycle(kind, _plain(msg)) if kind in _LIFE else None


def levels(rows: Iterable[Iterable[str]], side: int) -> Levels:
    """Wire levels (price, count) of one side as YES-terms levels; a NO price is turned round.

    Raises:
        ValueError: for what is no price or count.
    """
    pairs = [(price_of(price), qty_of(count)) for price, count in rows]
    return pairs if side == BID else [(PRICE - price, qty) for price, qty in pairs]


def _printed(p: _PrintMsg) -> Print:
    taker = BID if p.taker_book_side == "bid" else ASK
    price, qty = price_of(p.yes_price_dollars), qty_of(p.count_fp)
    return Print(p.trade_id, p.market_ticker, price, qty, taker, p.is_block_trade, p.ts_ms * MILLISECOND)


class Body(msgspec.Struct):
    """What a REST answer of the stage may hold; everything else in it is passed over."""

    market: dict[str, Any] | None = None
    markets: list[dict[str, Any]] | None = None
    event: dict[str, Any] | None = None
    events: list[dict[str, Any]] | None = None
    series: dict[str, Any] | list[dict[str, Any]] | None = None
    orderbook_fp: dict[str, list[tuple[str, str]] | None] | None = None
    orderbooks: list[dict[str, Any]] | None = None
    trades: list[dict[str, Any]] | None = None


_body = msgspec.json.Decoder(Body).decode


def body(payload: bytes) -> Body:
    """A REST answer; an empty one when it cannot be read."""
    try:
        return _body(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Body()

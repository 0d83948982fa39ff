"""The stage's Kalshi frames as facts, for stand-ins whose markets follow Kalshi's. None of the cockpit's code reads here.

Frames are taken as the venue sends them with ``use_yes_price`` false: a NO level is priced in NO terms. Prices are
price units in YES terms, sizes are hundredths of a contract, the venue's lot. The last facts are remembered, so that
several stand-ins that are told of one frame read it once.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, UNDERLYING_DIGITS
from cockpit.domain.units import price as price_of

Levels = tuple[tuple[int, int], ...]


class Delta(msgspec.Struct, frozen=True, gc=False):
    """A level's signed size change."""

    ticker: str
    side: int
    price: int
    size: int


class Print(msgspec.Struct, frozen=True, gc=False):
    """A trade on the book; ``taker`` is BID when the taker bought YES."""

    ticker: str
    trade_id: str
    price: int
    size: int
    taker: int


class Book(msgspec.Struct, frozen=True):
    """A whole book."""

    ticker: str
    bids: Levels
    asks: Levels


class Life(msgspec.Struct, frozen=True):
    """A market's news; ``floor`` in 1e-8, ``value`` (price units) what YES is paid once that is known."""

    ticker: str
    event: str
    floor: int | None = None
    value: int | None = None


class Reading(msgspec.Struct, frozen=True, gc=False):
    """An index print: name, Unix second, and the value's text."""

    index: str
    second: int
    value: str


class Record(msgspec.Struct):
    """A market's REST record, as far as it matters here."""

    ticker: str
    status: str = ""
    result: str = ""
    strike_type: str = ""
    floor_strike: Decimal | None = None
    cap_strike: Decimal | None = None
    open_time: str = ""
    close_time: str = ""
    settlement_value_dollars: str | None = None
    expiration_value: str = ""


class Answer(msgspec.Struct, frozen=True):
    """What a REST answer held."""

    records: tuple[Record, ...] = ()
    books: tuple[Book, ...] = ()


Fact = Delta | Print | Book | Life | Reading


class _Msg(msgspec.Struct, gc=False):
    """Every field of every message that is read, so that a frame is decoded in one step."""

    market_ticker: str = ""
    price_dollars: str = ""
    delta_fp: str = ""
    side: str = ""
    trade_id: str = ""
    yes_price_dollars: str = ""
    count_fp: str = ""
    taker_book_side: str = ""
    is_block_trade: bool = False
    yes_dollars_fp: list[tuple[str, str]] | None = None
    no_dollars_fp: list[tuple[str, str]] | None = None
    event_type: str = ""
    floor_strike: Decimal | None = None
    settlement_value: str | None = None
    result: str = ""
    index_id: str = ""
    data: str = ""


class _Frame(msgspec.Struct, gc=False):
    type: str = ""
    msg: _Msg = msgspec.field(default_factory=_Msg)


class _Value(msgspec.Struct):
    time: int
    value: str


class _Event(msgspec.Struct):
    markets: list[msgspec.Raw] | None = None


class _Sides(msgspec.Struct):
    yes_dollars: list[tuple[str, str]] | None = None
    no_dollars: list[tuple[str, str]] | None = None


class _Named(msgspec.Struct):
    ticker: str
    orderbook_fp: _Sides = msgspec.field(default_factory=_Sides)


class _Body(msgspec.Struct):
    market: msgspec.Raw = msgspec.Raw(b"")
    markets: list[msgspec.Raw] | None = None
    event: _Event | None = None
    events: list[_Event] | None = None
    orderbook_fp: _Sides | None = None
    orderbooks: list[_Named] | None = None


_frame = msgspec.json.Decoder(_Frame).decode
_value = msgspec.json.Decoder(_Value).decode
_body = msgspec.json.Decoder(_Body).decode
_record = msgspec.json.Decoder(Record).decode
_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, ValueError)
_IDLE = b'{"type":"ticker"'


class _Prices(dict[str, int]):
    """Price texts, each read once: there are ten thousand prices."""

    def __missing__(self, text: str) -> int:
        value = price_of(text)
        if len(self) < 4 * PRICE:
            self[text] = value
        return value


_prices = _Prices()


def hundredths(text: str) -> int:
    """A count's text in hundredths of a contract, signed; raises ValueError for what is finer or none."""
    whole, _, part = text.partition(".")
    if len(part) > 2:
        if part[2:].strip("0"):
            raise ValueError(f"finer than a lot: {text!r}")
        part = part[:2]
    return int(whole + part.ljust(2, "0"))


@lru_cache(maxsize=4)
def fact(payload: bytes) -> Fact | None:
    """The fact in a socket frame; None where there is none that can be read."""
    if payload.startswith(_IDLE):
        return None
    try:
        frame = _frame(payload)
        return _fact(frame.type, frame.msg)
    except _ERRORS:
        return None


def _fact(kind: str, msg: _Msg) -> Fact | None:
    if kind == "orderbook_delta":
        price, size = _prices[msg.price_dollars], hundredths(msg.delta_fp)
        if msg.side == "yes":
            return Delta(msg.market_ticker, BID, price, size)
        return Delta(msg.market_ticker, ASK, PRICE - price, size)
    if kind == "trade":
        return None if msg.is_block_trade else _printed(msg)
    if kind == "orderbook_snapshot":
        return _book(msg.market_ticker, msg.yes_dollars_fp, msg.no_dollars_fp)
    if kind == "market_lifecycle_v2":
        return Life(msg.market_ticker, msg.event_type, units(msg.floor_strike), _paid(msg))
    if kind == "cfbenchmarks_value":
        told = _value(msg.data.encode())
        return Reading(msg.index_id, told.time // 1000, told.value)
    return None


def _printed(msg: _Msg) -> Print:
    taker = BID if msg.taker_book_side == "bid" else ASK
    price = _prices[msg.yes_price_dollars]
    return Print(msg.market_ticker, msg.trade_id, price, hundredths(msg.count_fp), taker)


def _paid(msg: _Msg) -> int | None:
    if msg.settlement_value is not None:
        return _prices[msg.settlement_value]
    return {"yes": PRICE, "no": 0}.get(msg.result)


def _book(ticker: str, yes: Iterable[tuple[str, str]] | None, no: Iterable[tuple[str, str]] | None) -> Book:
    bids = tuple((_prices[price], hundredths(size)) for price, size in yes or ())
    asks = tuple((PRICE - _prices[price], hundredths(size)) for price, size in no or ())
    return Book(ticker, bids, asks)


def units(value: Decimal | None) -> int | None:
    """A strike in 1e-8, to the nearest."""
    return None if value is None else int(value.scaleb(UNDERLYING_DIGITS).to_integral_value())


@lru_cache(maxsize=4)
def answer(payload: bytes, url: str) -> Answer:
    """What a REST answer of the stage holds; nothing where it cannot be read."""
    try:
        body = _body(payload)
    except _ERRORS:
        return Answer()
    raw = [*(body.markets or ()), *([body.market] if body.market else ())]
    for event in [*(body.events or ()), *([body.event] if body.event is not None else ())]:
        raw += event.markets or ()
    named = list(body.orderbooks or ())
    if body.orderbook_fp is not None:
        parts = url.partition("?")[0].rstrip("/").split("/")
        if parts[-1] == "orderbook" and len(parts) > 1:
            named.append(_Named(parts[-2], body.orderbook_fp))
    records = tuple(record for each in raw if (record := _read(each)) is not None)
    return Answer(records, tuple(book for each in named if (book := _sides(each)) is not None))


def _read(raw: msgspec.Raw) -> Record | None:
    try:
        return _record(raw)
    except _ERRORS:
        return None


def _sides(named: _Named) -> Book | None:
    try:
        return _book(named.ticker, named.orderbook_fp.yes_dollars, named.orderbook_fp.no_dollars)
    except _ERRORS:
        return None

"""The stage's spot frames as facts: Coinbase matches and tickers, Kraken trades and tickers, against dollars.

The last facts are remembered, so that several stand-ins that are told of one frame read it once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

import msgspec

from cockpit.domain.units import ASK, BID, SECOND, UNDERLYING, UNDERLYING_DIGITS
from cockpit.rehearsal.courier import COINBASE_WS, KRAKEN_WS

COINBASE, KRAKEN = "coinbase", "kraken"
SOURCES = {COINBASE_WS: COINBASE, KRAKEN_WS: KRAKEN}
"""Whose frames a source's are."""
_LEAST = UNDERLYING // 1_000
"""The size of a trade that was told without one, 1e-8 coins."""


class Trade(msgspec.Struct, frozen=True, gc=False):
    """A trade; price 1e-8 dollars, size 1e-8 coins, ``ts`` ns UTC, 0 where it is not told."""

    exchange: str
    coin: str
    price: int
    size: int
    taker: int
    ts: int


class Top(msgspec.Struct, frozen=True, gc=False):
    """A top of book, with its sizes."""

    exchange: str
    coin: str
    bid: int
    bid_size: int
    ask: int
    ask_size: int
    ts: int


Fact = Trade | Top
Number = Decimal | None


class _Coinbase(msgspec.Struct, gc=False):
    type: str = ""
    product_id: str = ""
    price: Number = None
    size: Number = None
    side: str = ""
    time: str = ""
    best_bid: Number = None
    best_bid_size: Number = None
    best_ask: Number = None
    best_ask_size: Number = None


class _Item(msgspec.Struct, gc=False):
    symbol: str = ""
    side: str = ""
    price: Number = None
    qty: Number = None
    bid: Number = None
    bid_qty: Number = None
    ask: Number = None
    ask_qty: Number = None
    timestamp: str = ""


class _Kraken(msgspec.Struct, gc=False):
    channel: str = ""
    data: list[_Item] = []


_coinbase = msgspec.json.Decoder(_Coinbase).decode
_kraken = msgspec.json.Decoder(_Kraken).decode


@lru_cache(maxsize=4)
def facts(source: str, payload: bytes) -> tuple[Fact, ...]:
    """The facts of a frame; none where there are none that can be read."""
    try:
        if source == COINBASE_WS:
            return tuple(_of_coinbase(_coinbase(payload)))
        if source == KRAKEN_WS:
            return tuple(_of_kraken(_kraken(payload)))
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        pass
    return ()


def _of_coinbase(msg: _Coinbase) -> Iterator[Fact]:
    coin = _coin(msg.product_id, "-")
    if not coin:
        return
    if msg.type in ("match", "last_match") and msg.price:
        # a match names the maker's side
        taker = ASK if msg.side == "buy" else BID
        yield Trade(COINBASE, coin, units(msg.price), units(msg.size) or _LEAST, taker, _ns(msg.time))
    elif msg.type == "ticker" and msg.best_bid and msg.best_ask:
        bid, ask = (
            (units(msg.best_bid), units(msg.best_bid_size)),
            (units(msg.best_ask), units(msg.best_ask_size)),
        )
        yield Top(COINBASE, coin, *bid, *ask, _ns(msg.time))


def _of_kraken(msg: _Kraken) -> Iterator[Fact]:
    for item in msg.data:
        coin = _coin(item.symbol, "/")
        if not coin:
            continue
        if msg.channel == "trade" and item.price:
            taker = BID if item.side == "buy" else ASK
            yield Trade(
                KRAKEN, coin, units(item.price), units(item.qty) or _LEAST, taker, _ns(item.timestamp)
            )
        elif msg.channel == "ticker" and item.bid and item.ask:
            sizes = units(item.bid_qty), units(item.ask_qty)
            bid, ask = units(item.bid), units(item.ask)
            yield Top(KRAKEN, coin, bid, sizes[0], ask, sizes[1], _ns(item.timestamp))


def _coin(pair: str, mark: str) -> str:
    base, _, quote = pair.partition(mark)
    return base if quote == "USD" else ""


def units(value: Number) -> int:
    """A number in 1e-8, to the nearest; 0 for none."""
    return int(value.scaleb(UNDERLYING_DIGITS).to_integral_value()) if value is not None else 0


def _ns(text: str) -> int:
    if not text:
        return 0
    moment = datetime.fromisoformat(text)
    seconds = int(moment.replace(microsecond=0, tzinfo=moment.tzinfo or UTC).timestamp())
    return seconds * SECOND + moment.microsecond * 1_000

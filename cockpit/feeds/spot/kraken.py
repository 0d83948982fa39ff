"""Kraken, WebSocket v2. Source: docs.kraken.com. Its numbers are JSON numbers, read as decimals."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotTick
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket, payload
from cockpit.feeds.census import tally
from cockpit.feeds.spot.numbers import TAKERS, count, moment, positive

URL = "wss://ws.kraken.com/v2"
PULSE = (b'{"channel":"heartbeat"',)
LIGHT = (b'"channel":"ticker"',)


class _KrakenMessage(msgspec.Struct):
    channel: str = ""
    type: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")
    method: str = ""
    success: bool | None = None
    error: str | None = None


class _KrakenTrade(msgspec.Struct):
    symbol: str
    price: Decimal
    qty: Decimal
    side: str | None = None
    trade_id: int = 0
    timestamp: str | None = None


class _KrakenTicker(msgspec.Struct):
    symbol: str
    last: Decimal
    bid: Decimal | None = None
    ask: Decimal | None = None
    timestamp: str | None = None


class _KrakenStatus(msgspec.Struct):
    system: str = ""


_kraken = msgspec.json.Decoder(_KrakenMessage).decode


class KrakenFeed:
    """Trades and tickers of Kraken's v2 socket; a `cockpit.feeds.base.Feed` for frames of ``NAME.ws``."""

    def __init__(self, symbols: Iterable[str] = ("BTC-USD",), name: str = "kraken") -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 5.0)
        self._symbols = [symbol.replace("-", "/") for symbol in dict.fromkeys(symbols)]
        self._trades: dict[str, int] = {}
        self._outbox: list[bytes] = []
        self.reset()

    def requests(self) -> list[Request]:
        """The public socket."""
        return [Socket(f"{self.name}.ws", URL, pulse=PULSE, light=LIGHT)]

    def asks(self) -> list[Poll]:
        """Nothing."""
        return []

    def resnapshot(self, market: str) -> None:
        """No books here."""

    def outgoing(self, source: str = "") -> list[bytes]:
        """The subscribe messages, once per connection."""
        sent, self._outbox = self._outbox, []
        return sent

    def reset(self, source: str = "") -> None:
        """A connection was made: subscribe again, without the trades of before."""
        ticker = {"channel": "ticker", "symbol": self._symbols, "event_trigger": "bbo", "snapshot": True}
        trades = {"channel": "trade", "symbol": self._symbols, "snapshot": False}
        self._outbox = [
            msgspec.json.encode({"method": "subscribe", "params": params, "req_id": number})
            for number, params in enumerate((ticker, trades), 1)
        ]

    def receive(self, frame: Frame) -> Sequence[SpotTick]:
        """The ticks in a frame, in order.

        Raises:
            FeedError: when the frame cannot be read.
        """
        try:
            return self._read(frame.t, _kraken(frame.d or payload(frame)))
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error

    def _read(self, ts: int, message: _KrakenMessage) -> list[SpotTick]:
        match message.channel:
            case "trade":
                trades = _items(message, _KrakenTrade)
                return self._fresh([(each.trade_id, self._trade(ts, each)) for each in trades])
            case "ticker":
                return [self._ticker(ts, each) for each in _items(message, _KrakenTicker)]
            case "status":
                self._status(_items(message, _KrakenStatus))
            case "":
                self._answer(message)
            case "heartbeat":
                pass
            case other:
                tally(self.census, "type", other)
        return []

    def _fresh(self, ticks: list[tuple[int, SpotTick]]) -> list[SpotTick]:
        """Trades not told before: a snapshot repeats old ones."""
        fresh = []
        for number, tick in ticks:
            last = self._trades.get(tick.symbol, 0)
            if number and number <= last:
                tally(self.census, "trade", "duplicate")
                continue
            self._trades[tick.symbol] = number or last
            fresh.append(tick)
        return fresh

    def _trade(self, ts: int, each: _KrakenTrade) -> SpotTick:
        """A trade; ``side`` is the taker's."""
        return SpotTick(
            ts=ts,
            ex=moment(each.timestamp),
            source=self.name,
            symbol=_symbol(each.symbol),
            price=positive(each.price),
            qty=positive(each.qty),
            taker=TAKERS.get(each.side or "", 0),
        )

    def _ticker(self, ts: int, each: _KrakenTicker) -> SpotTick:
        return SpotTick(
            ts=ts,
            ex=moment(each.timestamp),
            source=self.name,
            symbol=_symbol(each.symbol),
            price=positive(each.last),
            bid=count(each.bid),
            ask=count(each.ask),
        )

    def _status(self, items: list[_KrakenStatus]) -> None:
        for each in items:
            if each.system != "online":
                tally(self.census, "status", each.system)

    def _answer(self, message: _KrakenMessage) -> None:
        """The answer to a command; a message that is none either is nonsense."""
        if not message.method:
            raise ValueError("neither channel nor method")
        if message.success is False:
            tally(self.census, "error", message.error)


def _items(message: _KrakenMessage, kind: type[Any]) -> list[Any]:
    items: list[Any] = msgspec.json.decode(message.data, type=list[kind])  # type: ignore[valid-type]
    return items


def _symbol(pair: str) -> str:
    """The house's form of a pair: BTC-USD for BTC/USD, and for XBT/USD of old."""
    base, _, quote = pair.partition("/")
    return f"{'BTC' if base == 'XBT' else base}-{quote}" if quote else base

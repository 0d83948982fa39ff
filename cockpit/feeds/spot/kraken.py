"""Kraken, WebSocket v2 and REST OHLC. Source: docs.kraken.com.

The socket's numbers are JSON numbers, read as decimals; REST's are text. Candles come oldest first, 720 at most, the last
one unfinished; minutes without a trade are filled in with the price before. REST names bitcoin XBT and dogecoin XDG.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotTick
from cockpit.feeds.base import Budget, Frame, Poll, Socket
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant
from cockpit.feeds.spot.candles import Row, asked, body, finished
from cockpit.feeds.spot.feed import Data, SpotEvent, SpotFeed, pairs
from cockpit.feeds.spot.numbers import TAKERS, count, moment, positive

URL = "wss://ws.kraken.com/v2"
REST = "https://api.kraken.com"
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


class _KrakenAnswer(msgspec.Struct):
    error: list[str] = []
    result: dict[str, msgspec.Raw] = {}


_kraken = msgspec.json.Decoder(_KrakenMessage).decode
_ohlc = msgspec.json.Decoder(_KrakenAnswer).decode
_candles = msgspec.json.Decoder(list[tuple[int, str, str, str, str, str, str, int]]).decode
_OLD_NAMES = {"BTC": "XBT", "DOGE": "XDG"}


class KrakenFeed(SpotFeed):
    """Trades, tickers and candles of Kraken; frames of ``NAME.ws`` and ``NAME.rest``.

    Args:
        assets: "BTC", or pairs such as "BTC-USD".
        name: what its frames and prices go by.
        socket: the socket's URL.
        rest: where candles are asked for.
    """

    def __init__(
        self, assets: Iterable[str] = ("BTC",), name: str = "kraken", socket: str = URL, rest: str = REST
    ) -> None:
        self._pairs = {_old(pair): pair for pair in pairs(assets)}
        """What REST calls a pair, to our name of it."""
        super().__init__(
            name,
            Socket(f"{name}.ws", socket, pulse=PULSE, light=LIGHT),
            [Poll(f"{name}.rest", f"{rest}/0/public/OHLC?pair={old}&interval=1") for old in self._pairs],
            Budget(1.0, 5.0),
        )

    def _hello(self) -> list[bytes]:
        """Subscriptions, without the trades of before."""
        symbols = [pair.replace("-", "/") for pair in self._pairs.values()]
        ticker = {"channel": "ticker", "symbol": symbols, "event_trigger": "bbo", "snapshot": True}
        trades = {"channel": "trade", "symbol": symbols, "snapshot": False}
        return [
            msgspec.json.encode({"method": "subscribe", "params": params, "req_id": number})
            for number, params in enumerate((ticker, trades), 1)
        ]

    def _message(self, ts: int, data: Data) -> Sequence[SpotEvent]:
        message = _kraken(data)
        match message.channel:
            case "trade":
                trades = _items(message, _KrakenTrade)
                return self._fresh([(each.trade_id, self._trade(ts, each)) for each in trades])
            case "ticker":
                return [self._ticker(ts, each) for each in _items(message, _KrakenTicker)]
            case "status":
                self._status(_items(message, _KrakenStatus))
            case "":
                self._acknowledged(message)
            case "heartbeat":
                pass
            case other:
                tally(self.census, "type", other)
        return []

    def _answer(self, frame: Frame) -> Sequence[SpotEvent]:
        data = body(frame)
        path, query = asked(frame)
        pair = self._pairs.get(query.get("pair", "")) or _new(query.get("pair", ""))
        if path[-1:] != ["OHLC"] or query.get("interval") != "1" or not pair:
            raise ValueError("an answer to another question")
        answer = _KrakenAnswer() if data is None else _ohlc(data)
        if answer.error:
            raise FeedError(f"{frame.s}: {'; '.join(answer.error)[:200]}")
        rows = [
            Row(instant(at), count(open_), count(high), count(low), count(close), count(volume))
            for name, told in answer.result.items()
            if name != "last"
            for at, open_, high, low, close, _, volume, _ in _candles(told)[:-1]
        ]
        return finished(frame.t, self.name, pair, rows, self.census)

    def _fresh(self, ticks: list[tuple[int, SpotTick]]) -> list[SpotTick]:
        """Trades not told before: a snapshot repeats old ones."""
        return [tick for number, tick in ticks if not self._repeated("trade", tick.symbol, number)]

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

    def _acknowledged(self, message: _KrakenMessage) -> None:
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


def _old(pair: str) -> str:
    """REST's name of a pair: XBTUSD for BTC-USD."""
    base, _, quote = pair.partition("-")
    return f"{_OLD_NAMES.get(base, base)}{quote}"


def _new(old: str) -> str:
    """Our name of a pair that REST names, where it is against dollars; empty otherwise."""
    base = old.removesuffix("USD")
    names = {name: asset for asset, name in _OLD_NAMES.items()}
    return f"{names.get(base, base)}-USD" if base and base != old else ""

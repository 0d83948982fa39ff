"""Binance.US: combined streams, and klines by REST. Source: github.com/binance/binance-spot-api-docs, docs.binance.us.

A combined stream wraps each message as ``{"stream": "btcusd@trade", "data": {...}}``; names are lower case, messages upper
case. The server ends every connection after a day, and says ``serverShutdown`` before it ends one earlier. This venue is
thin: it is not Binance, whose prices some markets settle on, and its trades are too few to stand for the market; the
middle of its book is what it has to say, and `cockpit.models.assets` gives it little weight.
"""

from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.events import SpotBar, SpotTick
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Socket
from cockpit.feeds.census import tally
from cockpit.feeds.spot.candles import MINUTE, Row, asked, body, finished
from cockpit.feeds.spot.feed import Data, SpotEvent, SpotFeed, pairs
from cockpit.feeds.spot.numbers import count, milliseconds, positive

URL = "wss://stream.binance.us:9443"
REST = "https://api.binance.us"
STREAMS = ("trade", "bookTicker", "kline_1m")
LIGHT = (b"@bookTicker", b"@kline")
HOURS = 12
QUOTES = ("USDT", "USDC", "USD")


class _Error(msgspec.Struct):
    code: int = 0
    msg: str = ""


class _Wrapped(msgspec.Struct):
    """A message of a combined stream, an answer to a command, or an event about the server itself."""

    stream: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")
    e: str = ""
    id: int | str | None = None
    error: _Error | None = None


class _Trade(msgspec.Struct, gc=False):
    s: str
    t: int
    p: str
    q: str
    T: int
    m: bool
    """Whether the buyer is the maker, and so the taker a seller."""


class _Top(msgspec.Struct, gc=False):
    s: str
    b: str
    a: str


class _Kline(msgspec.Struct, gc=False):
    t: int
    i: str
    o: str
    c: str
    h: str
    l: str  # noqa: E741  the venue's name
    v: str
    x: bool
    """Whether it is finished."""


class _KlineEvent(msgspec.Struct, gc=False):
    s: str
    k: _Kline


class _ServerEvent(msgspec.Struct, gc=False):
    e: str = ""


_wrapped = msgspec.json.Decoder(_Wrapped).decode
_trade = msgspec.json.Decoder(_Trade).decode
_top = msgspec.json.Decoder(_Top).decode
_kline = msgspec.json.Decoder(_KlineEvent).decode
_server = msgspec.json.Decoder(_ServerEvent).decode
_klines = msgspec.json.Decoder(list[tuple[int, str, str, str, str, str, int, str, int, str, str, str]]).decode


class BinanceUsFeed(SpotFeed):
    """Trades, tops of book and klines of Binance.US; frames of ``NAME.ws`` and ``NAME.rest``.

    Args:
        assets: "BTC", or pairs such as "BTC-USD".
        name: what its frames and prices go by.
        socket: the stream host, without a path.
        rest: where klines are asked for.
    """

    def __init__(
        self, assets: Iterable[str] = ("BTC",), name: str = "binance_us", socket: str = URL, rest: str = REST
    ) -> None:
        symbols = [pair.replace("-", "") for pair in pairs(assets)]
        streams = "/".join(f"{symbol.lower()}@{kind}" for symbol in symbols for kind in STREAMS)
        super().__init__(
            name,
            Socket(f"{name}.ws", f"{socket}/stream?streams={streams}", quiet_ns=120 * SECOND, light=LIGHT),
            [
                Poll(
                    f"{name}.rest", f"{rest}/api/v3/klines?symbol={symbol}&interval=1m&limit={HOURS * MINUTE}"
                )
                for symbol in symbols
            ],
            Budget(2.0, 5.0),
        )

    def _hello(self) -> list[bytes]:
        """Nothing: the URL says it all."""
        return []

    def _message(self, ts: int, data: Data) -> Sequence[SpotEvent]:
        message = _wrapped(data)
        kind = message.stream.partition("@")[2]
        if kind == "trade":
            return self._trade(ts, _trade(message.data))
        if kind == "bookTicker":
            return self._top(ts, _top(message.data))
        if kind == "kline_1m":
            return self._kline(ts, _kline(message.data))
        self._other(message)
        return ()

    def _other(self, message: _Wrapped) -> None:
        """What is no price: raises ValueError for what is no message of this venue's either."""
        if message.error is not None:
            tally(self.census, "error", f"{message.error.code}: {message.error.msg}")
        elif message.stream or message.e:
            said = message.e or (_server(message.data).e if message.data else "")
            tally(self.census, "type", said or message.stream.partition("@")[2] or message.stream)
        elif message.id is None:
            raise ValueError("neither a stream nor an answer")

    def _answer(self, frame: Frame) -> Sequence[SpotEvent]:
        data = body(frame)
        path, query = asked(frame)
        if path[-1:] != ["klines"] or query.get("interval") != "1m":
            raise ValueError("an answer to another question")
        pair = _pair(query.get("symbol", ""))
        rows = [
            Row(milliseconds(at), count(open_), count(high), count(low), count(close), count(volume))
            for at, open_, high, low, close, volume, *_ in (() if data is None else _klines(data))
        ]
        return finished(frame.t, self.name, pair, rows, self.census)

    def _trade(self, ts: int, each: _Trade) -> tuple[SpotTick, ...]:
        pair = _pair(each.s)
        taker = ASK if each.m else BID
        tick = SpotTick(ts, milliseconds(each.T), self.name, pair, positive(each.p), positive(each.q), taker)
        return () if self._repeated("trade", pair, each.t) else (tick,)

    def _top(self, ts: int, each: _Top) -> tuple[SpotTick, ...]:
        """The top of book, its middle the price; it has no time of its own."""
        bid, ask = count(each.b), count(each.a)
        if not bid or not ask:
            tally(self.census, "book", "one-sided")
            return ()
        return (SpotTick(ts, 0, self.name, _pair(each.s), (bid + ask) // 2, bid=bid, ask=ask),)

    def _kline(self, ts: int, each: _KlineEvent) -> list[SpotBar]:
        """A minute that has ended; of the running one nothing is told."""
        bar = each.k
        row = Row(milliseconds(bar.t), count(bar.o), count(bar.h), count(bar.l), count(bar.c), count(bar.v))
        if bar.i != "1m":
            raise ValueError(f"a kline of {bar.i!r}")
        return finished(ts, self.name, _pair(each.s), [row], self.census, over=True) if bar.x else []


def _pair(symbol: str) -> str:
    """Our name of a symbol: BTC-USD for BTCUSD; raises ValueError for one in another money."""
    quote = next((each for each in QUOTES if symbol.endswith(each)), "")
    base = symbol.removesuffix(quote)
    if not quote or not base:
        raise ValueError(f"no dollar pair: {symbol!r}")
    return f"{base}-{quote}"

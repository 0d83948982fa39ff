"""Coinbase Exchange. Source: docs.cdp.coinbase.com/exchange; recorded matches, which may lack size and side.

Candles come as ``[time, low, high, open, close, volume]``, newest first, 300 at most; minutes without a trade are missing.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from cockpit.domain.events import SpotTick
from cockpit.feeds.base import Budget, Frame, Poll, Socket
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant
from cockpit.feeds.spot.candles import Row, asked, body, finished
from cockpit.feeds.spot.feed import Data, SpotEvent, SpotFeed, pairs
from cockpit.feeds.spot.numbers import TAKERS, count, moment, positive

URL = "wss://ws-feed.exchange.coinbase.com"
REST = "https://api.exchange.coinbase.com"
PULSE = (b'{"type":"heartbeat"',)
LIGHT = (b'"type":"ticker"',)


class _Coinbase(msgspec.Struct, gc=False, tag_field="type"):
    """What Coinbase messages share: nothing but the tag."""


class _Match(_Coinbase, tag="match"):
    product_id: str
    price: str
    trade_id: int = 0
    size: str | None = None
    side: str | None = None
    time: str | None = None


class _LastMatch(_Match, tag="last_match"):
    """The last trade before the subscription."""


class _Ticker(_Coinbase, tag="ticker"):
    product_id: str
    price: str
    best_bid: str | None = None
    best_ask: str | None = None
    last_size: str | None = None
    side: str | None = None
    time: str | None = None


class _Subscriptions(_Coinbase, tag="subscriptions"):
    """The answer to a subscribe message."""


class _Heartbeat(_Coinbase, tag="heartbeat"):
    """One a second per product."""


class _Refused(_Coinbase, tag="error"):
    message: str | None = None
    reason: str | None = None


class _Typed(msgspec.Struct):
    type: str


_Known = _Match | _LastMatch | _Ticker | _Subscriptions | _Heartbeat | _Refused

_coinbase = msgspec.json.Decoder(_Known).decode
_typed = msgspec.json.Decoder(_Typed).decode
_candles = msgspec.json.Decoder(list[tuple[int, Decimal, Decimal, Decimal, Decimal, Decimal]]).decode


class CoinbaseFeed(SpotFeed):
    """Matches, tickers and candles of Coinbase Exchange; frames of ``NAME.ws`` and ``NAME.rest``.

    Args:
        assets: "BTC", or pairs such as "BTC-USD".
        name: what its frames and prices go by.
        socket: the socket's URL.
        rest: where candles are asked for.
    """

    def __init__(
        self,
        assets: Iterable[str] = ("BTC",),
        name: str = "coinbase",
        socket: str = URL,
        rest: str = REST,
    ) -> None:
        self._products = pairs(assets)
        super().__init__(
            name,
            Socket(f"{name}.ws", socket, pulse=PULSE, light=LIGHT),
            [
                Poll(f"{name}.rest", f"{rest}/products/{each}/candles?granularity=60")
                for each in self._products
            ],
            Budget(2.0, 5.0),
        )

    def _hello(self) -> list[bytes]:
        """Coinbase hangs up after 5 s without a subscription."""
        channels = ["matches", "ticker", "heartbeat"]
        message = {"type": "subscribe", "product_ids": self._products, "channels": channels}
        return [msgspec.json.encode(message)]

    def _message(self, ts: int, data: Data) -> Sequence[SpotEvent]:
        try:
            message: _Known = _coinbase(data)
        except msgspec.ValidationError:
            kind = _typed(data).type
            if kind in ("match", "last_match", "ticker"):
                raise
            tally(self.census, "type", kind)
            return ()
        if isinstance(message, _Match):
            return self._match(ts, message)
        if isinstance(message, _Ticker):
            return (self._ticker(ts, message),)
        if isinstance(message, _Refused):
            tally(self.census, "error", f"{message.message}: {message.reason}")
        return ()

    def _answer(self, frame: Frame) -> Sequence[SpotEvent]:
        data = body(frame)
        path, query = asked(frame)
        if path[-3::2] != ["products", "candles"] or query.get("granularity") != "60":
            raise ValueError("an answer to another question")
        rows = [
            Row(instant(at), count(open_), count(high), count(low), count(close), count(volume))
            for at, low, high, open_, close, volume in (() if data is None else _candles(data))
        ]
        return finished(frame.t, self.name, path[-2], rows, self.census)

    def _match(self, ts: int, message: _Match) -> tuple[SpotTick, ...]:
        """A trade. ``side`` is the maker's, so the taker is on the other."""
        tick = SpotTick(
            ts=ts,
            ex=moment(message.time),
            source=self.name,
            symbol=message.product_id,
            price=positive(message.price),
            qty=count(message.size),
            taker=-TAKERS.get(message.side or "", 0),
        )
        return () if self._repeated("match", message.product_id, message.trade_id) else (tick,)

    def _ticker(self, ts: int, message: _Ticker) -> SpotTick:
        """The top of book, with the trade that made it only where the matches are not told as well."""
        told = message.product_id in self._trades
        return SpotTick(
            ts=ts,
            ex=moment(message.time),
            source=self.name,
            symbol=message.product_id,
            price=positive(message.price),
            qty=0 if told else count(message.last_size),
            taker=0 if told else TAKERS.get(message.side or "", 0),
            bid=count(message.best_bid),
            ask=count(message.best_ask),
        )

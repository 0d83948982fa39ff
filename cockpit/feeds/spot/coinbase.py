"""Coinbase Exchange. Source: docs.cdp.coinbase.com/exchange; recorded matches, which may lack size and side."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotTick
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket, payload
from cockpit.feeds.census import tally
from cockpit.feeds.spot.numbers import TAKERS, count, moment, positive

URL = "wss://ws-feed.exchange.coinbase.com"
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


class CoinbaseFeed:
    """Matches and tickers of Coinbase Exchange; a `cockpit.feeds.base.Feed` for frames of ``NAME.ws``."""

    def __init__(self, products: Iterable[str] = ("BTC-USD",), name: str = "coinbase") -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 5.0)
        self._products = list(dict.fromkeys(products))
        self._trades: dict[str, int] = {}
        """Product to the id of its last match; ids only grow."""
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
        """The subscribe message, once per connection; Coinbase hangs up after 5 s without one."""
        sent, self._outbox = self._outbox, []
        return sent

    def reset(self, source: str = "") -> None:
        """A connection was made: subscribe again. Ids go on, so the repeated last match is known."""
        channels = ["matches", "ticker", "heartbeat"]
        message = {"type": "subscribe", "product_ids": self._products, "channels": channels}
        self._outbox = [msgspec.json.encode(message)]

    def receive(self, frame: Frame) -> Sequence[SpotTick]:
        """The ticks in a frame.

        Raises:
            FeedError: when the frame cannot be read.
        """
        try:
            return self._read(frame)
        except (ValueError, RecursionError) as error:
            raise FeedError(f"{frame.s}: {error}") from error

    def _read(self, frame: Frame) -> tuple[SpotTick, ...]:
        data = frame.d or payload(frame)
        try:
            message: _Known = _coinbase(data)
        except msgspec.ValidationError:
            kind = _typed(data).type
            if kind in ("match", "last_match", "ticker"):
                raise
            tally(self.census, "type", kind)
            return ()
        if isinstance(message, _Match):
            return self._match(frame.t, message)
        if isinstance(message, _Ticker):
            return (self._ticker(frame.t, message),)
        if isinstance(message, _Refused):
            tally(self.census, "error", f"{message.message}: {message.reason}")
        return ()

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
        last = self._trades.get(message.product_id, 0)
        if message.trade_id and message.trade_id <= last:
            tally(self.census, "match", "duplicate")
            return ()
        self._trades[message.product_id] = message.trade_id or last
        return (tick,)

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

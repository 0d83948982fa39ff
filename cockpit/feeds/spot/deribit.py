"""Deribit, JSON-RPC 2.0: price indices, volatility indices, and what its options imply. Source: docs.deribit.com.

The server asks ``test_request`` in its heartbeats and hangs up on who does not answer. A volatility index is per cent a
year over the coming thirty days. Indices of coins whose options settle in the coin are in dollars, the others in USDC.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ImpliedVol, SpotTick
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll, Request, Socket
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest
from cockpit.feeds.spot.candles import body
from cockpit.feeds.spot.feed import Data, SpotEvent, SpotFeed, pairs
from cockpit.feeds.spot.numbers import milliseconds, positive
from cockpit.feeds.spot.options import LEAST, MOST, PERCENT_DIGITS, Option, at_the_money

URL = "wss://www.deribit.com/ws/api/v2"
REST = "https://www.deribit.com/api/v2"
PULSE = (b'{"jsonrpc":"2.0","method":"heartbeat"', b'{"jsonrpc":"2.0","id"')
LIGHT = (b'"method":"subscription"',)
HEARTBEAT_S = 30
SUMMARY_NS = 60 * SECOND
COIN_SETTLED = ("BTC", "ETH")
"""Coins with options that settle in the coin, and with a volatility index; the others' options settle in USDC."""
TENOR_NS = 30 * 86_400 * SECOND
PRICE = "deribit_price_index."
VOLATILITY = "deribit_volatility_index."
_TEST = msgspec.json.encode({"jsonrpc": "2.0", "id": 2, "method": "public/test", "params": {}})


class _Params(msgspec.Struct, frozen=True):
    channel: str = ""
    type: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")


class _Error(msgspec.Struct):
    code: int = 0
    message: str = ""


class _Message(msgspec.Struct):
    """A notification has a method, an answer an id."""

    method: str = ""
    params: _Params = _Params()
    id: int | None = None
    error: _Error | None = None


class _PriceIndex(msgspec.Struct):
    price: Decimal
    timestamp: int


class _VolatilityIndex(msgspec.Struct):
    volatility: Decimal
    timestamp: int


class _Summary(msgspec.Struct):
    result: list[Option] | None = None
    error: _Error | None = None


_message = msgspec.json.Decoder(_Message).decode
_price = msgspec.json.Decoder(_PriceIndex).decode
_volatility = msgspec.json.Decoder(_VolatilityIndex).decode
_summary = msgspec.json.Decoder(_Summary).decode


class DeribitFeed(SpotFeed):
    """Price and volatility indices by socket, option summaries by REST; frames of ``NAME.ws`` and ``NAME.rest``.

    Args:
        assets: "BTC", or pairs such as "BTC-USD".
        name: what its frames and prices go by.
        socket: the socket's URL.
        rest: where summaries are asked for.
        every_ns: how often.
    """

    def __init__(
        self,
        assets: Iterable[str] = ("BTC", "ETH", "SOL", "XRP", "DOGE"),
        name: str = "deribit",
        socket: str = URL,
        rest: str = REST,
        every_ns: int = SUMMARY_NS,
    ) -> None:
        coins = [pair.partition("-")[0] for pair in pairs(assets)]
        self._indices = {_index(coin): _pair(coin) for coin in coins}
        self._options = {coin if coin in COIN_SETTLED else f"{coin}_USDC": _pair(coin) for coin in coins}
        self._summaries = [
            Poll(
                f"{name}.rest",
                f"{rest}/public/get_book_summary_by_currency?currency={each}&kind=option",
                every_ns,
            )
            for each in dict.fromkeys(coin if coin in COIN_SETTLED else "USDC" for coin in coins)
        ]
        super().__init__(name, Socket(f"{name}.ws", socket, pulse=PULSE, light=LIGHT), (), Budget(2.0, 5.0))

    def requests(self) -> list[Request]:
        """The public socket, and a summary of options for each currency."""
        return [*super().requests(), *self._summaries]

    def _hello(self) -> list[bytes]:
        """Heartbeats, and one subscription for each index, so that one unknown to the venue spoils no other."""
        volatile = [_index(coin) for coin in COIN_SETTLED if _index(coin) in self._indices]
        channels = [f"{PRICE}{each}" for each in self._indices] + [f"{VOLATILITY}{each}" for each in volatile]
        calls: list[tuple[str, object]] = [("public/set_heartbeat", {"interval": HEARTBEAT_S})]
        calls += [("public/subscribe", {"channels": [channel]}) for channel in channels]
        return [
            msgspec.json.encode({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
            for number, (method, params) in enumerate(calls, 10)
        ]

    def _message(self, ts: int, data: Data) -> Sequence[SpotEvent]:
        message = _message(data)
        if message.method == "subscription":
            return self._notified(ts, message.params)
        if message.error is not None:
            tally(self.census, "error", f"{message.error.code}: {message.error.message}")
        elif message.method == "heartbeat":
            if message.params.type == "test_request" and _TEST not in self._outbox:
                self._outbox.append(_TEST)
        elif message.method:
            tally(self.census, "type", message.method)
        elif message.id is None:
            raise ValueError("neither a notification nor an answer")
        return ()

    def _notified(self, ts: int, params: _Params) -> Sequence[SpotEvent]:
        kind, dot, index = params.channel.partition(".")
        pair = self._indices.get(index)
        if pair is None or f"{kind}{dot}" not in (PRICE, VOLATILITY):
            tally(self.census, "channel", params.channel)
            return ()
        if kind + dot == PRICE:
            told = _price(params.data)
            return (SpotTick(ts, milliseconds(told.timestamp), self.name, pair, positive(told.price)),)
        level = _volatility(params.data)
        sigma = nearest(level.volatility, PERCENT_DIGITS)
        if not LEAST <= sigma <= MOST:
            tally(self.census, "volatility", "out of range")
            return ()
        return (ImpliedVol(ts, milliseconds(level.timestamp), self.name, pair, sigma, TENOR_NS),)

    def _answer(self, frame: Frame) -> Sequence[SpotEvent]:
        data = body(frame)
        if data is None:
            return ()
        summary = _summary(data)
        if summary.error is not None:
            raise FeedError(f"{frame.s}: {summary.error.code}: {summary.error.message[:200]}")
        if summary.result is None:
            raise ValueError("neither a result nor an error")
        return at_the_money(frame.t, self.name, summary.result, self._options, self.census)


def _index(coin: str) -> str:
    return f"{coin.lower()}_{'usd' if coin in COIN_SETTLED else 'usdc'}"


def _pair(coin: str) -> str:
    """What the venue quotes a coin's index and options in."""
    return f"{coin}-{'USD' if coin in COIN_SETTLED else 'USDC'}"

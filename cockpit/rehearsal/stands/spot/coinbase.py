"""Coinbase Exchange: matches, tickers and heartbeats by socket, candles by REST. Source: docs.cdp.coinbase.com/exchange.

A client that has not subscribed after five seconds is dropped. A match names the maker's side; every product has one
sequence over all its messages, and trades are numbered by product.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer, phrase
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.spot.bars import Bar, widened
from cockpit.rehearsal.stands.spot.coinbase_frames import heartbeat, match, ticker
from cockpit.rehearsal.stands.spot.reader import COINBASE, Fact, Trade
from cockpit.rehearsal.stands.spot.stand import Coin, Session, SpotStand, moment, text
from cockpit.rehearsal.stands.wire import Wire

PATIENCE = 5
"""Beats without a subscription."""
CHANNELS = ("matches", "ticker", "ticker_batch", "heartbeat")
BATCH = 5
"""Beats between batched tickers."""
GRANULARITIES = (60, 300, 900, 3_600, 21_600, 86_400)
MOST_ROWS = 300


class _Channel(msgspec.Struct):
    name: str
    product_ids: list[str] = []


class _Command(msgspec.Struct):
    type: str
    product_ids: list[str] = []
    channels: list[str | _Channel] = []


_command = msgspec.json.Decoder(_Command).decode


class CoinbaseStand(SpotStand):
    """The venue."""

    name = COINBASE

    def __init__(self, control: Control, clock: Clock, **more: Any) -> None:
        super().__init__(control, clock, **more)
        self.sessions: set[CoinbaseSession] = set()
        self.tickers: dict[str, bytes] = {}
        """The last ticker by product."""

    def product(self, name: str) -> Coin | None:
        """A product's coin."""
        base, _, quote = name.partition("-")
        return self.coins.get(base) if quote == "USD" else None

    def told(self, coin: Coin, fact: Fact, ts: int) -> None:
        """A match, or a ticker."""
        if fact.exchange != COINBASE:
            return
        product = f"{coin.name}-USD"
        if isinstance(fact, Trade):
            coin.trades += 1
            coin.last = fact
            coin.bars.trade(fact.price, fact.size, ts)
            frame = match(coin, fact, fact.ts or ts, "match")
            self._send("matches", product, frame)
        else:
            coin.tops[fact.exchange] = fact
            if coin.last is not None:
                frame = self.tickers[product] = ticker(coin, coin.last, fact, fact.ts or ts)
                self._send("ticker", product, frame)

    def _send(self, channel: str, product: str, frame: bytes) -> None:
        for session in self.sessions:
            if product in session.subscribed.get(channel, ()):
                session.tell(channel, frame)

    # ------------------------------------------------------------------ as the server sees it

    def session(self, asked: Asked, wire: Wire) -> Session:
        """A new client's session."""
        made = CoinbaseSession(self, wire)
        self.sessions.add(made)
        return made

    def left(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        told = {404: "NotFound", 429: "Public rate limit exceeded"}.get(status, phrase(status))
        return json_answer({"message": told}, status)

    def respond(self, asked: Asked) -> Answer:
        """Candles, the last trade's ticker, and the time."""
        parts = asked.path.strip("/").split("/")
        if parts == ["time"]:
            now = self.now()
            return json_answer({"iso": moment(now), "epoch": now // SECOND})
        coin = self.product(parts[1]) if len(parts) == 3 and parts[0] == "products" else None
        if coin is None:
            return self.denial(404)
        if parts[2] == "candles":
            return self._candles(asked, coin)
        return self._ticker(coin) if parts[2] == "ticker" else self.denial(404)

    def _ticker(self, coin: Coin) -> Answer:
        last, top = coin.last, coin.tops.get(COINBASE)
        if last is None or top is None:
            return self.denial(404)
        body = {
            "trade_id": coin.trades,
            "price": text(last.price),
            "size": text(last.size, 0),
            "bid": text(top.bid),
            "ask": text(top.ask),
            "volume": text(coin.bars.day(self.now()).volume, 0),
            "time": moment(last.ts),
        }
        return json_answer(body)

    def _candles(self, asked: Asked, coin: Coin) -> Answer:
        """Rows of time, low, high, open, close, volume, newest first; minutes without a trade are missing."""
        try:
            width = int(asked.first("granularity") or 60)
            start, end = _second(asked.first("start")), _second(asked.first("end"))
        except ValueError:
            return json_answer({"message": "Invalid parameters"}, 400)
        if width not in GRANULARITIES:
            return json_answer({"message": "Unsupported granularity"}, 400)
        if start is not None and end is not None and (end - start) // width > MOST_ROWS:
            return json_answer({"message": "granularity too small for the requested time range"}, 400)
        bars = [bar for bar in widened(coin.bars.upto(self.now()), width) if bar.trades]
        found = [
            bar for bar in bars if (start is None or bar.start >= start) and (end is None or bar.start <= end)
        ]
        rows = [_row(bar) for bar in reversed(found[-MOST_ROWS:])]
        return json_answer(rows)


class CoinbaseSession:
    """One client."""

    def __init__(self, venue: CoinbaseStand, wire: Wire) -> None:
        self._venue = venue
        self._wire = wire
        self._beats = 0
        self._begun = False
        self.subscribed: dict[str, dict[str, None]] = {}
        """Products by channel."""

    def tell(self, channel: str, frame: bytes) -> None:
        """One message of a channel."""
        self._wire.send(frame, channel)

    def hear(self, raw: bytes) -> None:
        """Subscribe, or unsubscribe."""
        try:
            command = _command(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._refuse("Malformed JSON", "")
            return
        if command.type not in ("subscribe", "unsubscribe"):
            self._refuse("Type has to be either subscribe or unsubscribe", "")
            return
        wanted = [(channel, product) for channel, products in _wanted(command) for product in products]
        for channel, product in wanted:
            if channel not in CHANNELS or self._venue.product(product) is None:
                what = (
                    f"{product} is not a valid product"
                    if channel in CHANNELS
                    else f"{channel} is not a valid channel"
                )
                self._refuse("Failed to subscribe", what)
                return
        fresh = [pair for pair in wanted if self._change(*pair, on=command.type == "subscribe")]
        self._begun = self._begun or bool(self.subscribed)
        channels = [{"name": name, "product_ids": list(held)} for name, held in self.subscribed.items()]
        self._send({"type": "subscriptions", "channels": channels})
        for channel, product in fresh:
            self._first(channel, product)

    def _change(self, channel: str, product: str, *, on: bool) -> bool:
        """Hold or let go of one; whether it is newly held."""
        held = self.subscribed.setdefault(channel, {})
        if on:
            new = product not in held
            held[product] = None
            return new
        held.pop(product, None)
        if not held:
            del self.subscribed[channel]
        return False

    def _first(self, channel: str, product: str) -> None:
        """What is told of the past: the last match, the last ticker."""
        coin = self._venue.product(product)
        if coin is None:
            return
        if channel == "matches" and coin.last is not None:
            self.tell(channel, match(coin, coin.last, coin.last.ts or self._venue.now(), "last_match"))
        elif channel in ("ticker", "ticker_batch") and product in self._venue.tickers:
            self.tell(channel, self._venue.tickers[product])

    def beat(self) -> None:
        """Heartbeats; and the end of whoever has not subscribed."""
        self._beats += 1
        if not self._begun and self._beats >= PATIENCE:
            self._wire.close(1000, "no subscription")
        for product in self.subscribed.get("heartbeat", ()):
            coin = self._venue.product(product)
            if coin is not None:
                self.tell("heartbeat", heartbeat(coin, product, self._venue.now()))
        if self._beats % BATCH == 0:
            for product in self.subscribed.get("ticker_batch", ()):
                self._first("ticker_batch", product)

    def _refuse(self, message: str, reason: str) -> None:
        self._send({"type": "error", "message": message, "reason": reason})

    def _send(self, body: dict[str, Any]) -> None:
        self._wire.send(msgspec.json.encode(body))


def _wanted(command: _Command) -> list[tuple[str, list[str]]]:
    """Channels with their products: their own, or those of the whole message."""
    return [
        (each, command.product_ids)
        if isinstance(each, str)
        else (each.name, each.product_ids or command.product_ids)
        for each in command.channels
    ]


def _row(bar: Bar) -> list[Any]:
    prices = (bar.low, bar.high, bar.open, bar.close)
    return [bar.start, *(msgspec.Raw(text(value).encode()) for value in (*prices, bar.volume))]


def _second(given: str) -> int | None:
    """A Unix second, or RFC 3339; raises ValueError."""
    if not given:
        return None
    return int(given) if given.isdecimal() else int(datetime.fromisoformat(given).timestamp())


def made(control: Control, clock: Clock, folder: Path, **more: Any) -> tuple[CoinbaseStand, dict[str, str]]:
    """A stand-in for the table of venues."""
    return CoinbaseStand(control, clock, **more), {}

"""Binance.US: combined streams of trades, tops of book and minute klines; klines by REST. Source: binance-spot-api-docs.

The venue is thin: of the trades elsewhere every few are its own, and its book is wider. ``/ws`` sends bare messages,
``/stream`` wraps each with its stream's name. The server pings every 20 seconds.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.units import ASK, MILLISECOND, UNDERLYING
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer, phrase
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.spot.bars import MINUTE_S, Bar, widened
from cockpit.rehearsal.stands.spot.reader import Fact, Top, Trade
from cockpit.rehearsal.stands.spot.stand import Coin, Session, SpotStand, text
from cockpit.rehearsal.stands.wire import Wire

PING_S = 20.0
EVERY = 4
"""Of the trades elsewhere, every so many is one here."""
WIDER = 4
"""The book's half spread, as many times that elsewhere."""
QUOTES = ("USDT", "USD")
KINDS = ("trade", "bookTicker", "kline_1m")
INTERVALS = {
    "1m": 60, "3m": 180, "5m": 300, "15m": 900, "30m": 1_800, "1h": 3_600, "2h": 7_200, "4h": 14_400,
    "6h": 21_600, "8h": 28_800, "12h": 43_200, "1d": 86_400,
}  # fmt: skip
USUAL, MOST = 500, 1_000
UNKNOWN = {"code": -1121, "msg": "Invalid symbol."}
_BUYER_SHARE = 2
encode = msgspec.json.Encoder().encode


class _Command(msgspec.Struct):
    method: str
    params: list[str] = []
    id: int | str | None = None


_command = msgspec.json.Decoder(_Command).decode


class BinanceStand(SpotStand):
    """The venue."""

    name = "binance_us"
    thin = 0.05

    def __init__(self, control: Control, clock: Clock, **more: Any) -> None:
        more.setdefault("ping", b"0")
        more.setdefault("ping_s", PING_S)
        super().__init__(control, clock, **more)
        self.sessions: set[BinanceSession] = set()
        self._heard = 0

    def symbol(self, name: str) -> Coin | None:
        """A symbol's coin."""
        quote = next((each for each in QUOTES if name.endswith(each)), "")
        return self.coins.get(name.removesuffix(quote)) if quote else None

    def told(self, coin: Coin, fact: Fact, ts: int) -> None:
        """Something was traded or quoted elsewhere."""
        if isinstance(fact, Trade):
            self._heard += 1
            if self._heard % EVERY == 0:
                coin.trades += 1
                coin.last = fact
                coin.bars.trade(fact.price, fact.size, ts)
                self._send(coin, "trade", trade, coin, fact, ts)
            return
        first = next(iter(coin.tops), fact.exchange)
        if fact.exchange == first:
            coin.tops[first] = _wider(fact)
            coin.step()
            self._send(coin, "bookTicker", best, coin)

    def _send(self, coin: Coin, kind: str, write: Any, *parts: Any) -> None:
        """A message in each symbol's name, for those who want it."""
        for quote in QUOTES:
            symbol = f"{coin.name}{quote}"
            stream = f"{symbol.lower()}@{kind}"
            wanting = [session for session in self.sessions if stream in session.streams]
            if wanting:
                frame = write(symbol, *parts)
                for session in wanting:
                    session.tell(stream, frame)

    # ------------------------------------------------------------------ as the server sees it

    async def greet(self, asked: Asked) -> Answer | None:
        """Streams are at two paths."""
        return None if asked.path.split("/")[1] in ("ws", "stream") else Answer(404)

    def session(self, asked: Asked, wire: Wire) -> Session:
        """A new client's session; its first streams stand in the address."""
        wrapped = asked.path.startswith("/stream")
        named = asked.first("streams").split("/") if wrapped else asked.path.split("/")[2:]
        made = BinanceSession(self, wire, [name for name in named if name], wrapped=wrapped)
        self.sessions.add(made)
        return made

    def left(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        codes = {429: (-1003, "Too many requests."), 401: (-2014, "API-key format invalid.")}
        code, words = codes.get(status, (-1000, phrase(status)))
        return json_answer({"code": code, "msg": words}, status)

    def respond(self, asked: Asked) -> Answer:
        """Klines, the time, and a ping."""
        now = self.now()
        match asked.path:
            case "/api/v3/klines":
                return self._klines(asked, now)
            case "/api/v3/time":
                return json_answer({"serverTime": now // MILLISECOND})
            case "/api/v3/ping":
                return json_answer({})
            case _:
                return self.denial(404)

    def _klines(self, asked: Asked, now: int) -> Answer:
        """Rows, oldest first; the last one is running."""
        coin, width = self.symbol(asked.first("symbol")), INTERVALS.get(asked.first("interval"))
        if coin is None:
            return json_answer(UNKNOWN, 400)
        if width is None:
            return json_answer({"code": -1120, "msg": "Invalid interval."}, 400)
        given = [asked.first(name) or "0" for name in ("limit", "startTime", "endTime")]
        if not all(value.isdecimal() for value in given):
            return json_answer({"code": -1100, "msg": "Illegal characters found in a parameter."}, 400)
        limit, start, end = (int(value) for value in given)
        limit = min(limit or USUAL, MOST)
        bars = [
            bar
            for bar in widened(coin.bars.upto(now), width)
            if bar.start * 1000 >= start and (not end or bar.start * 1000 <= end)
        ]
        chosen = bars[:limit] if start else bars[-limit:]
        return json_answer([_row(bar, width) for bar in chosen])


class BinanceSession:
    """One client."""

    def __init__(self, venue: BinanceStand, wire: Wire, streams: Iterable[str], *, wrapped: bool) -> None:
        self._venue = venue
        self._wire = wire
        self._wrapped = wrapped
        self._beats = 0
        self._minutes: dict[str, int] = {}
        """The minute each kline stream was last told of."""
        self.streams: dict[str, None] = dict.fromkeys(streams)

    def tell(self, stream: str, frame: bytes) -> None:
        """One message of a stream."""
        if self._wrapped:
            frame = b'{"stream":"%b","data":%b}' % (stream.encode(), frame)
        self._wire.send(frame, stream)

    def hear(self, raw: bytes) -> None:
        """Subscribe, unsubscribe, list."""
        try:
            command = _command(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._send({"error": {"code": 3, "msg": "Invalid JSON: expected value at line 1 column 1"}})
            return
        result: list[str] | None = None
        match command.method:
            case "SUBSCRIBE":
                self.streams |= dict.fromkeys(command.params)
            case "UNSUBSCRIBE":
                for name in command.params:
                    self.streams.pop(name, None)
            case "LIST_SUBSCRIPTIONS":
                result = list(self.streams)
            case _:
                error = {"code": 2, "msg": f"Invalid request: unknown variant `{command.method}`"}
                self._send({"error": error, "id": command.id})
                return
        self._send({"result": result, "id": command.id})

    def beat(self) -> None:
        """Klines: the minute that has ended, and every other beat the running one."""
        self._beats += 1
        now = self._venue.now()
        for stream in self.streams:
            name, _, kind = stream.partition("@")
            coin = self._venue.symbol(name.upper()) if kind == "kline_1m" else None
            bars = coin.bars.upto(now) if coin is not None else []
            if len(bars) > 1:
                self._klines(stream, name.upper(), bars[-2:], now)

    def _klines(self, stream: str, symbol: str, bars: list[Bar], now: int) -> None:
        before, running = bars
        known = self._minutes.setdefault(stream, running.start)
        if known < running.start:
            self._minutes[stream] = running.start
            self.tell(stream, kline(symbol, before, now, closed=True))
        if self._beats % 2 == 0:
            self.tell(stream, kline(symbol, running, now, closed=False))

    def _send(self, body: dict[str, Any]) -> None:
        self._wire.send(encode(body))


def trade(symbol: str, coin: Coin, told: Trade, ts: int) -> bytes:
    """A trade; ``m`` is whether the buyer is the maker."""
    body = {
        "e": "trade",
        "E": ts // MILLISECOND,
        "s": symbol,
        "t": coin.trades,
        "p": text(told.price, 8),
        "q": text(told.size, 8),
        "T": (told.ts or ts) // MILLISECOND,
        "m": told.taker == ASK,
        "M": True,
    }
    return encode(body)


def best(symbol: str, coin: Coin) -> bytes:
    """The top of book; it has no time."""
    top = next(iter(coin.tops.values()))
    body = {
        "u": coin.sequence,
        "s": symbol,
        "b": text(top.bid, 8),
        "B": text(top.bid_size, 8),
        "a": text(top.ask, 8),
        "A": text(top.ask_size, 8),
    }
    return encode(body)


def kline(symbol: str, bar: Bar, now: int, *, closed: bool) -> bytes:
    """A minute; ``x`` is whether it is over."""
    turnover = bar.close * bar.volume // UNDERLYING
    body = {
        "t": bar.start * 1000,
        "T": (bar.start + MINUTE_S) * 1000 - 1,
        "s": symbol,
        "i": "1m",
        "f": -1,
        "L": -1,
        "o": text(bar.open, 8),
        "c": text(bar.close, 8),
        "h": text(bar.high, 8),
        "l": text(bar.low, 8),
        "v": text(bar.volume, 8),
        "n": bar.trades,
        "x": closed,
        "q": text(turnover, 8),
        "V": text(bar.volume // _BUYER_SHARE, 8),
        "Q": text(turnover // _BUYER_SHARE, 8),
        "B": "0",
    }
    return encode({"e": "kline", "E": now // MILLISECOND, "s": symbol, "k": body})


def _wider(top: Top) -> Top:
    """A top of book around the same middle, and thinner."""
    middle, half = (top.bid + top.ask) // 2, WIDER * max(1, (top.ask - top.bid) // 2)
    cent = UNDERLYING // 100 if middle >= UNDERLYING * 10 else 1
    bid, ask = (middle - half) // cent * cent, -(-(middle + half) // cent) * cent
    sizes = max(1, top.bid_size // WIDER), max(1, top.ask_size // WIDER)
    return Top(top.exchange, top.coin, bid, sizes[0], ask, sizes[1], top.ts)


def _row(bar: Bar, width: int) -> list[Any]:
    turnover = bar.close * bar.volume // UNDERLYING
    prices = [text(value, 8) for value in (bar.open, bar.high, bar.low, bar.close, bar.volume)]
    half = text(bar.volume // _BUYER_SHARE, 8), text(turnover // _BUYER_SHARE, 8)
    return [
        bar.start * 1000,
        *prices,
        (bar.start + width) * 1000 - 1,
        text(turnover, 8),
        bar.trades,
        *half,
        "0",
    ]


def made(control: Control, clock: Clock, folder: Path, **more: Any) -> tuple[BinanceStand, dict[str, str]]:
    """A stand-in for the table of venues."""
    return BinanceStand(control, clock, **more), {}

"""Kraken: WebSocket v2 trades and tickers, and OHLC by REST. Source: docs.kraken.com.

A connection begins with the system's status. Numbers on the socket are JSON numbers, by REST they are text. When nothing
else is sent a heartbeat comes every second, once there is a subscription. REST calls bitcoin XBT.
"""

from collections import deque
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.spot.bars import Bar, widened
from cockpit.rehearsal.stands.spot.reader import KRAKEN, Fact, Top, Trade
from cockpit.rehearsal.stands.spot.stand import Coin, Session, SpotStand, moment, text
from cockpit.rehearsal.stands.wire import Wire

SOCKET = "/v2"
CHANNELS = ("ticker", "trade")
INTERVALS = (1, 5, 15, 30, 60, 240, 1_440, 10_080, 21_600)
MOST_ROWS = 720
KEPT_TRADES = 50
SIDES = {BID: "buy", ASK: "sell"}
_OLD = {"BTC": "XBT", "DOGE": "XDG"}
_RESULTS = {"XBT": "XXBTZUSD", "ETH": "XETHZUSD", "XDG": "XDGUSD"}


class _Params(msgspec.Struct):
    channel: str = ""
    symbol: list[str] = []
    snapshot: bool = True
    event_trigger: str = "trades"


class _Command(msgspec.Struct):
    method: str
    params: _Params = msgspec.field(default_factory=_Params)
    req_id: int | None = None


_command = msgspec.json.Decoder(_Command).decode


class KrakenStand(SpotStand):
    """The venue."""

    name = KRAKEN
    thin = 0.5

    def __init__(self, control: Control, clock: Clock, **more: Any) -> None:
        super().__init__(control, clock, **more)
        self.sessions: set[KrakenSession] = set()
        self.trades: dict[str, deque[str]] = {}
        """The last trades by coin, as JSON."""

    def symbol(self, name: str) -> Coin | None:
        """A symbol's coin."""
        base, _, quote = name.partition("/")
        return self.coins.get(base) if quote == "USD" else None

    def pair(self, name: str) -> Coin | None:
        """The coin of a pair as REST names it, old and new."""
        base = name.upper().removesuffix("USD").removesuffix("/")
        new = {old: coin for coin, old in _OLD.items()}
        return self.coins.get(new.get(base, base)) if base != name.upper() else None

    def told(self, coin: Coin, fact: Fact, ts: int) -> None:
        """A trade, or a ticker."""
        if fact.exchange != KRAKEN:
            return
        if isinstance(fact, Trade):
            coin.trades += 1
            coin.last = fact
            coin.bars.trade(fact.price, fact.size, ts)
            item = trade_item(coin, fact, fact.ts or ts)
            self.trades.setdefault(coin.name, deque(maxlen=KEPT_TRADES)).append(item)
            self._send("trade", coin, message("trade", "update", [item]))
        else:
            coin.tops[fact.exchange] = fact
            if coin.last is not None:
                self._send("ticker", coin, message("ticker", "update", [ticker_item(coin, fact.ts or ts)]))

    def _send(self, channel: str, coin: Coin, frame: bytes) -> None:
        symbol = f"{coin.name}/USD"
        for session in self.sessions:
            if symbol in session.subscribed[channel]:
                session.tell(channel, frame)

    # ------------------------------------------------------------------ as the server sees it

    def places(self) -> dict[str, str]:
        """Where a client finds it."""
        return {"socket": self.server.ws + SOCKET, "rest": self.server.http}

    async def greet(self, asked: Asked) -> Answer | None:
        """The public socket is at one path."""
        return None if asked.path == SOCKET else Answer(404)

    def session(self, asked: Asked, wire: Wire) -> Session:
        """A new client's session."""
        made = KrakenSession(self, wire)
        self.sessions.add(made)
        return made

    def left(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        told = {429: "EGeneral:Too many requests", 404: "EGeneral:Unknown method"}
        return json_answer({"error": [told.get(status, "EService:Unavailable")]}, status)

    def respond(self, asked: Asked) -> Answer:
        """OHLC, the time, the system's status."""
        now = self.now()
        match asked.path.rpartition("/")[2]:
            case "OHLC" if asked.path == "/0/public/OHLC":
                return self._ohlc(asked, now)
            case "Time":
                return _result({"unixtime": now // SECOND, "rfc1123": ""})
            case "SystemStatus":
                return _result({"status": "online", "timestamp": moment(now)})
            case _:
                return self.denial(404)

    def _ohlc(self, asked: Asked, now: int) -> Answer:
        """At most 720 rows, oldest first; the last one is running. Minutes without a trade repeat the last price."""
        coin = self.pair(asked.first("pair"))
        if coin is None:
            return json_answer({"error": ["EQuery:Unknown asset pair"]})
        interval, since = asked.first("interval") or "1", asked.first("since") or "0"
        if not interval.isdecimal() or int(interval) not in INTERVALS or not since.isdecimal():
            return json_answer({"error": ["EGeneral:Invalid arguments"]})
        bars = widened(coin.bars.upto(now), 60 * int(interval))[-MOST_ROWS:]
        old = _OLD.get(coin.name, coin.name)
        rows = [_row(bar) for bar in bars if bar.start > int(since)]
        last = bars[-2].start if len(bars) > 1 else 0
        return _result({_RESULTS.get(old, f"{old}USD"): rows, "last": last})


class KrakenSession:
    """One client."""

    def __init__(self, venue: KrakenStand, wire: Wire) -> None:
        self._venue = venue
        self._wire = wire
        self._spoke = False
        self.subscribed: dict[str, dict[str, None]] = {channel: {} for channel in CHANNELS}
        status = {"version": "2.0.10", "system": "online", "api_version": "v2", "connection_id": id(self)}
        self._send({"channel": "status", "type": "update", "data": [status]})

    def tell(self, channel: str, frame: bytes) -> None:
        """One message of a channel."""
        self._spoke = True
        self._wire.send(frame, channel)

    def beat(self) -> None:
        """A heartbeat, where nothing else was sent."""
        if not self._spoke and any(self.subscribed.values()):
            self._wire.send(b'{"channel":"heartbeat"}', "heartbeat")
        self._spoke = False

    def hear(self, raw: bytes) -> None:
        """Ping, subscribe, unsubscribe."""
        try:
            command = _command(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._send({"error": "Malformed request", "success": False})
            return
        match command.method:
            case "ping":
                self._reply(command, {"method": "pong"})
            case "subscribe" | "unsubscribe":
                for symbol in command.params.symbol:
                    self._change(command, symbol)
            case _:
                self._reply(
                    command, {"method": command.method, "error": "Unsupported method", "success": False}
                )

    def _change(self, command: _Command, symbol: str) -> None:
        channel, coin = command.params.channel, self._venue.symbol(symbol)
        body: dict[str, Any] = {"method": command.method}
        if channel not in CHANNELS:
            refused = {"error": "Channel not supported", "success": False, "symbol": symbol}
            self._reply(command, body | refused)
            return
        if coin is None:
            refused = {"error": f"Currency pair not supported {symbol}", "success": False, "symbol": symbol}
            self._reply(command, body | refused)
            return
        result: dict[str, Any] = {"channel": channel, "symbol": symbol}
        if command.method == "unsubscribe":
            self.subscribed[channel].pop(symbol, None)
            self._reply(command, body | {"result": result, "success": True})
            return
        self.subscribed[channel][symbol] = None
        if channel == "ticker":
            result["event_trigger"] = command.params.event_trigger
        result["snapshot"] = command.params.snapshot
        self._reply(command, body | {"result": result, "success": True})
        if command.params.snapshot:
            self._snapshot(channel, coin)

    def _snapshot(self, channel: str, coin: Coin) -> None:
        if channel == "trade":
            items = list(self._venue.trades.get(coin.name, ()))
        else:
            ready = coin.last is not None and KRAKEN in coin.tops
            items = [ticker_item(coin, self._venue.now())] if ready else []
        if items:
            self.tell(channel, message(channel, "snapshot", items))

    def _reply(self, command: _Command, body: dict[str, Any]) -> None:
        now = moment(self._venue.now())
        stamps: dict[str, Any] = {"time_in": now, "time_out": now}
        if command.req_id is not None:
            stamps["req_id"] = command.req_id
        self._send(body | stamps)

    def _send(self, body: dict[str, Any]) -> None:
        self._wire.send(msgspec.json.encode(body))


def message(channel: str, kind: str, items: list[str]) -> bytes:
    """A channel's message."""
    return f'{{"channel":"{channel}","type":"{kind}","data":[{",".join(items)}]}}'.encode()


def trade_item(coin: Coin, trade: Trade, ts: int) -> str:
    """A trade; ``side`` is the taker's."""
    return (
        f'{{"symbol":"{coin.name}/USD","side":"{SIDES[trade.taker]}","price":{text(trade.price)},'
        f'"qty":{text(trade.size, 8)},"ord_type":"market","trade_id":{coin.trades},"timestamp":"{moment(ts)}"}}'
    )


def ticker_item(coin: Coin, ts: int) -> str:
    """The top of book, the last price, and the day."""
    top: Top = coin.tops[KRAKEN]
    last = coin.last.price if coin.last is not None else 0
    day = coin.bars.day(ts)
    change = last - day.open
    share = 10_000 * change // day.open if day.open else 0
    return (
        f'{{"symbol":"{coin.name}/USD","bid":{text(top.bid)},"bid_qty":{text(top.bid_size, 8)},'
        f'"ask":{text(top.ask)},"ask_qty":{text(top.ask_size, 8)},"last":{text(last)},'
        f'"volume":{text(day.volume, 8)},"vwap":{text((day.high + day.low) // 2)},"low":{text(day.low)},'
        f'"high":{text(day.high)},"change":{text(change)},"change_pct":{"-" if share < 0 else ""}'
        f'{abs(share) // 100}.{abs(share) % 100:02d},"timestamp":"{moment(ts)}"}}'
    )


def _row(bar: Bar) -> list[Any]:
    prices = [text(value) for value in (bar.open, bar.high, bar.low, bar.close)]
    mean = text((bar.high + bar.low) // 2) if bar.trades else "0.00"
    return [bar.start, *prices, mean, text(bar.volume, 8), bar.trades]


def _result(body: dict[str, Any]) -> Answer:
    return json_answer({"error": [], "result": body})


def made(control: Control, clock: Clock, folder: Path, **more: Any) -> tuple[KrakenStand, dict[str, str]]:
    """A stand-in for the table of venues."""
    return KrakenStand(control, clock, **more), {}

"""Deribit, JSON-RPC 2.0: price and volatility indices by socket, option summaries by REST. Source: docs.deribit.com.

After `public/set_heartbeat` the server sends a heartbeat every interval and then asks with `test_request`; who has not
answered with `public/test` by the next one is dropped. Of several channels one unknown spoils the whole request.
"""

import math
from pathlib import Path
from typing import Any

import msgspec

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer, phrase
from cockpit.rehearsal.stands.faults import Clock, Control
from cockpit.rehearsal.stands.spot.bars import vol_of
from cockpit.rehearsal.stands.spot.reader import Fact, Trade
from cockpit.rehearsal.stands.spot.stand import Coin, Session, SpotStand, text
from cockpit.rehearsal.stands.spot.surface import COIN_SETTLED, CURRENCIES, summary
from cockpit.rehearsal.stands.wire import Wire

SOCKET, REST = "/ws/api/v2", "/api/v2"
PRICE, VOLATILITY = "deribit_price_index", "deribit_volatility_index"
LEAST_INTERVAL = 10
"""Beats between heartbeats."""
DVOL_EVERY = 3
"""Beats between volatility indices."""
RESOLUTIONS = {"1": 1, "60": 60, "3600": 3_600, "43200": 43_200, "1D": 86_400}
MOST_ROWS = 1_000
INVALID, UNKNOWN, TOO_MANY = (
    (-32602, "Invalid params"),
    (-32601, "Method not found"),
    (10028, "too_many_requests"),
)
_ANY = dict[str, Any]


class _Call(msgspec.Struct):
    method: str
    id: int | str | None = None
    params: _ANY | None = None


_call = msgspec.json.Decoder(_Call).decode


class Bad(Exception):  # noqa: N818  an answer, not a fault of ours
    """A call that is refused."""

    def __init__(self, error: tuple[int, str], param: str = "") -> None:
        super().__init__(*error)
        self.body: _ANY = {"code": error[0], "message": error[1]}
        if param:
            self.body["data"] = {"param": param, "reason": "invalid"}


class DeribitStand(SpotStand):
    """The venue."""

    name = "deribit"

    def __init__(self, control: Control, clock: Clock, **more: Any) -> None:
        super().__init__(control, clock, **more)
        self.sessions: set[DeribitSession] = set()

    def told(self, coin: Coin, fact: Fact, ts: int) -> None:
        """The index is the middle of the tops of book."""
        if not isinstance(fact, Trade):
            coin.tops[fact.exchange] = fact
        elif coin.last is None:
            coin.last = fact

    def index(self, name: str) -> Coin | None:
        """An index's coin: in dollars where options settle in the coin, else in USDC."""
        base, _, quote = name.upper().partition("_")
        coin = self.coins.get(base)
        fits = quote == ("USD" if base in COIN_SETTLED else "USDC")
        return coin if fits else None

    # ------------------------------------------------------------------ as the server sees it

    def places(self) -> dict[str, str]:
        """Where a client finds it."""
        return {"socket": self.server.ws + SOCKET, "rest": self.server.http + REST}

    async def greet(self, asked: Asked) -> Answer | None:
        """The socket is at one path."""
        return None if asked.path == SOCKET else Answer(404)

    def session(self, asked: Asked, wire: Wire) -> Session:
        """A new client's session."""
        made = DeribitSession(self, wire)
        self.sessions.add(made)
        return made

    def left(self, session: Session) -> None:
        """A client has gone."""
        self.sessions.discard(session)

    def denial(self, status: int) -> Answer:
        """A failure on purpose, in the venue's words."""
        error = TOO_MANY if status == 429 else (-32000, phrase(status))
        return json_answer(self._envelope({"error": Bad(error).body}), status)

    def respond(self, asked: Asked) -> Answer:
        """A public method by GET; its parameters are all text."""
        params = {name: values[0] for name, values in asked.query.items()}
        try:
            result = self.call(asked.path.removeprefix(REST).strip("/"), params)
        except Bad as bad:
            return json_answer(self._envelope({"error": bad.body}), 400)
        return json_answer(self._envelope({"result": result}))

    def _envelope(self, body: _ANY) -> _ANY:
        now = self.now() // 1_000
        return {"jsonrpc": "2.0", **body, "usIn": now, "usOut": now, "usDiff": 0, "testnet": False}

    def call(self, method: str, params: _ANY) -> Any:
        """A public method's result; raises Bad."""
        match method:
            case "public/get_book_summary_by_currency":
                return self._summary(params)
            case "public/get_volatility_index_data":
                return self._volatility(params)
            case "public/get_index_price":
                coin = self.index(str(params.get("index_name", "")))
                if coin is None:
                    raise Bad(INVALID, "index_name")
                price = msgspec.Raw(text(coin.mid).encode())
                return {"index_price": price, "estimated_delivery_price": price}
            case "public/get_time":
                return self.now() // MILLISECOND
            case "public/test":
                return {"version": "1.2.26"}
            case _:
                raise Bad(UNKNOWN)

    def _summary(self, params: _ANY) -> list[_ANY]:
        currency = str(params.get("currency", ""))
        if currency not in CURRENCIES:
            raise Bad(INVALID, "currency")
        if str(params.get("kind", "option")) != "option":
            return []
        dollar = currency == "USDC"
        coins = [coin for coin in self.coins.values() if coin.mid and coin.name != "USDC"]
        chosen = [c for c in coins if (c.name not in COIN_SETTLED if dollar else c.name == currency)]
        return [row for coin in chosen for row in summary(coin.name, coin.mid, self.now())]

    def _volatility(self, params: _ANY) -> _ANY:
        """Rows of ms, open, high, low, close, oldest first."""
        currency, name = str(params.get("currency", "")), str(params.get("resolution", ""))
        given = [str(params.get(key, "")) for key in ("start_timestamp", "end_timestamp")]
        if currency not in COIN_SETTLED:
            raise Bad(INVALID, "currency")
        if name not in RESOLUTIONS or not all(value.isdecimal() for value in given):
            raise Bad(INVALID, "resolution" if name not in RESOLUTIONS else "start_timestamp")
        width = RESOLUTIONS[name]
        start, end = (int(value) // 1_000 for value in given)
        last = min(end, self.now() // SECOND) // width * width
        first = max(start // width * width, last - (MOST_ROWS - 1) * width)
        rows = [_range(currency, at, width) for at in range(first, last + width, width)]
        return {"data": rows, "continuation": None}


class DeribitSession:
    """One client."""

    def __init__(self, venue: DeribitStand, wire: Wire) -> None:
        self._venue = venue
        self._wire = wire
        self._beats = 0
        self._interval = 0
        self._asked_at = 0
        """The beat at which a test was asked for and not answered yet; 0 when there is none."""
        self.channels: dict[str, None] = {}

    def hear(self, raw: bytes) -> None:
        """A call."""
        try:
            call = _call(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._send({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": None})
            return
        body: _ANY = {"jsonrpc": "2.0", "id": call.id}
        try:
            body["result"] = self._do(call.method, call.params or {})
        except Bad as bad:
            body["error"] = bad.body
        now = self._venue.now() // 1_000
        self._send(body | {"usIn": now, "usOut": now, "usDiff": 0, "testnet": False})

    def _do(self, method: str, params: _ANY) -> Any:
        if method == "public/test":
            self._asked_at = 0
        match method:
            case "public/set_heartbeat":
                interval = params.get("interval")
                if type(interval) is not int or interval < LEAST_INTERVAL:
                    raise Bad(INVALID, "interval")
                self._interval, self._beats, self._asked_at = interval, 0, 0
                return "ok"
            case "public/disable_heartbeat":
                self._interval = self._asked_at = 0
                return "ok"
            case "public/subscribe" | "public/unsubscribe":
                return self._change(params.get("channels"), on=method == "public/subscribe")
            case "public/unsubscribe_all":
                self.channels.clear()
                return "ok"
            case _:
                return self._venue.call(method, params)

    def _change(self, channels: object, *, on: bool) -> list[str]:
        if not isinstance(channels, list) or not all(
            isinstance(name, str) and self._coin(name) for name in channels
        ):
            raise Bad(INVALID, "channels")
        for name in channels:
            if on:
                self.channels[name] = None
                self._notify(name)
            else:
                self.channels.pop(name, None)
        return channels

    def _coin(self, channel: str) -> Coin | None:
        kind, _, name = channel.partition(".")
        coin = self._venue.index(name)
        if kind == VOLATILITY and coin is not None and coin.name not in COIN_SETTLED:
            return None
        return coin if kind in (PRICE, VOLATILITY) else None

    # ------------------------------------------------------------------ what it is told

    def beat(self) -> None:
        """Indices; and heartbeats, which are to be answered."""
        self._beats += 1
        for name in self.channels:
            if name.startswith(PRICE) or self._beats % DVOL_EVERY == 0:
                self._notify(name)
        if self._interval and self._beats % self._interval == 0:
            if self._asked_at:
                self._wire.close(1000, "no answer to a test request")
                return
            self._asked_at = self._beats
            for kind in ("heartbeat", "test_request"):
                self._send({"jsonrpc": "2.0", "method": "heartbeat", "params": {"type": kind}})

    def _notify(self, channel: str) -> None:
        coin, now = self._coin(channel), self._venue.now()
        if coin is None or not coin.mid:
            return
        data: _ANY = {"index_name": channel.partition(".")[2], "timestamp": now // MILLISECOND}
        if channel.startswith(PRICE):
            data["price"] = msgspec.Raw(text(coin.mid).encode())
        else:
            data["volatility"] = dvol(coin.name, now // SECOND)
        frame = {"jsonrpc": "2.0", "method": "subscription", "params": {"channel": channel, "data": data}}
        self._wire.send(msgspec.json.encode(frame), channel)

    def _send(self, body: _ANY) -> None:
        self._wire.send(msgspec.json.encode(body))


def dvol(coin: str, second: int) -> float:
    """The volatility index, per cent a year: around the coin's own level, in slow waves."""
    wave = math.sin(second / 5_400.0) + 0.4 * math.sin(second / 610.0)
    return round(100.0 * vol_of(coin) * (1.05 + 0.015 * wave), 2)


def _range(coin: str, start: int, width: int) -> list[Any]:
    told = [dvol(coin, second) for second in range(start, start + width, max(1, width // 10))]
    return [start * 1000, told[0], max(told), min(told), told[-1]]


def made(control: Control, clock: Clock, folder: Path, **more: Any) -> tuple[DeribitStand, dict[str, str]]:
    """A stand-in for the table of venues."""
    return DeribitStand(control, clock, **more), {}

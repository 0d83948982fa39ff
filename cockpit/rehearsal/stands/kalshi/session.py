"""One client's socket: its commands, its subscriptions with their numbers, and what it is sent.

Each channel has one subscription (sid). ``seq`` counts per sid over all its markets and starts at 1; replies about a
sid carry it too and, unless `Rules.control_seq` is off, use up numbers of the same count. A second subscribe to a
channel that is held merges into the sid it has. Tickers and the account's own channels carry no seq on their data.
"""

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

import msgspec

from cockpit.rehearsal.stands.kalshi.commands import (
    ERRORS,
    Bad,
    Command,
    drop,
    markets_of,
    params_of,
    sids_of,
    texts_of,
)
from cockpit.rehearsal.stands.kalshi.listing import Market

CHANNELS = {
    "orderbook_delta": "orderbook_delta",
    "trade": "trade",
    "ticker": "ticker",
    "market_lifecycle_v2": "market_lifecycle_v2",
    "cfbenchmarks_value": "cfbenchmarks_value",
    "fill": "fill",
    "user_orders": "user_order",
    "market_positions": "market_position",
    "order_group_updates": "order_group_updates",
}
"""Channel and the type of its messages."""
NUMBERED = ("orderbook_delta", "trade", "market_lifecycle_v2", "cfbenchmarks_value", "order_group_updates")
BY_MARKET = ("orderbook_delta", "trade", "ticker", "fill", "market_positions")
INDEX = "cfbenchmarks_value"
MOST_MARKETS = 500_000
MOST_COMMANDS = 10_000
"""A second."""


class Rules(msgspec.Struct, frozen=True):
    """Ways the venue is known, or suspected, to differ in."""

    control_seq: bool = True
    """Replies about a sid use numbers of its data's count."""
    empty_sides: bool = False
    """Snapshots carry the key of an empty side."""
    yes_price: bool = False
    """What a subscription that does not state ``use_yes_price`` gets."""


class Out(Protocol):
    """Where frames go: a wire."""

    def send(self, frame: bytes | str, lane: Hashable = None) -> None:
        """Send one frame; ``lane`` names the channel of a data frame."""
        ...


class Floor(Protocol):
    """What a session asks the venue for."""

    def snapshot_of(self, ticker: str, *, yes_price: bool) -> bytes | None:
        """A market's whole book; None while nobody has told of one."""
        ...

    def ticker_of(self, ticker: str) -> bytes | None:
        """A market's last ticker; None while there is none."""
        ...

    def tickers(self) -> list[str]:
        """All markets that have a ticker."""
        ...

    def now(self) -> int:
        """The venue's time, ns UTC."""
        ...


class Sub:
    """One subscription. ``markets`` None is all markets."""

    def __init__(self, sid: int, channel: str, *, yes_price: bool) -> None:
        self.sid = sid
        self.channel = channel
        self.yes_price = yes_price
        self.markets: dict[str, None] | None = {}
        self.indices: dict[str, None] = {}
        self.booked: set[str] = set()
        """Markets whose snapshot has been sent."""
        self._seq = 0
        self._control = 0

    def wants(self, ticker: str) -> bool:
        """Whether a market belongs to it."""
        return self.markets is None or ticker in self.markets

    def number(self, *, control: bool = False) -> int:
        """The next sequence number, of data or (where they are counted apart) of replies."""
        if control:
            self._control += 1
            return self._control
        self._seq += 1
        return self._seq


class Session:
    """One client."""

    def __init__(self, out: Out, floor: Floor, rules: Rules) -> None:
        self._out = out
        self._floor = floor
        self._rules = rules
        self._subs: dict[int, Sub] = {}
        self._by_channel: dict[str, Sub] = {}
        self._next_sid = 1
        self._second = (0, 0)

    # ------------------------------------------------------------------ commands

    def command(self, raw: bytes) -> None:
        """Do what a client's message asks."""
        try:
            command = msgspec.json.decode(raw, type=Command)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._error(0, Bad(1))
            return
        try:
            self._busy()
            match command.cmd:
                case "subscribe":
                    self._subscribe(command.id, params_of(command))
                case "update_subscription":
                    self._update(command.id, params_of(command))
                case "unsubscribe":
                    self._unsubscribe(command.id, params_of(command))
                case "list_subscriptions":
                    held = [{"channel": sub.channel, "sid": sub.sid} for sub in self._subs.values()]
                    self._send({"type": "ok", "id": command.id, "msg": held})
                case _:
                    self._error(command.id, Bad(5))
        except Bad as bad:
            self._error(command.id, bad)

    def _subscribe(self, number: int, params: dict[str, Any]) -> None:
        channels = texts_of(params, "channels")
        if not channels:
            raise Bad(3)
        markets, indices = markets_of(params), texts_of(params, "index_ids")
        yes_price = params.get("use_yes_price", self._rules.yes_price)
        if not isinstance(yes_price, bool):
            raise Bad(11)
        for channel in dict.fromkeys(channels):
            try:
                self._join(number, channel, markets, indices, yes_price=yes_price)
            except Bad as bad:
                self._error(number, bad)
                continue
            if channel == "ticker" and params.get("send_initial_snapshot") is True:
                self._first_tickers(markets)

    def _join(
        self, number: int, channel: str, markets: list[str], indices: list[str], *, yes_price: bool
    ) -> None:
        if channel not in CHANNELS:
            raise Bad(8)
        if channel == "orderbook_delta" and not markets:
            raise Bad(14)
        if channel == INDEX and not indices:
            raise Bad(24)
        sub = self._by_channel.get(channel)
        if sub is not None:
            self._add(sub, markets, indices)
            self._ok(number, sub)
        else:
            sub = Sub(self._next_sid, channel, yes_price=yes_price)
            self._next_sid += 1
            self._subs[sub.sid] = self._by_channel[channel] = sub
            if channel not in BY_MARKET or not markets:
                sub.markets = None
            self._add(sub, markets, indices)
            self._send({"type": "subscribed", "id": number, "msg": {"channel": channel, "sid": sub.sid}})
        if channel == "orderbook_delta":
            self._snapshots(sub, [ticker for ticker in markets if ticker not in sub.booked])

    def _update(self, number: int, params: dict[str, Any]) -> None:
        sub = self._only(params)
        action = params.get("action")
        if action is None:
            raise Bad(15, sub.sid)
        markets, indices = markets_of(params), texts_of(params, "index_ids")
        by_index = sub.channel == INDEX
        match action:
            case "add_markets" | "delete_markets" | "get_snapshot" if not by_index:
                self._move(number, sub, str(action), markets)
            case "subscribe_indices" | "unsubscribe_indices" if by_index:
                if not indices:
                    raise Bad(24, sub.sid)
                if action == "subscribe_indices":
                    self._add(sub, [], indices)
                else:
                    drop(sub.indices, indices)
                self._ok(number, sub)
            case "indexlist" if by_index:
                self._ok(number, sub)
            case _:
                raise Bad(13, sub.sid)

    def _move(self, number: int, sub: Sub, action: str, markets: list[str]) -> None:
        if not markets:
            raise Bad(14, sub.sid)
        if action == "get_snapshot":
            if sub.channel != "orderbook_delta":
                raise Bad(13, sub.sid)
            self._snapshots(sub, [ticker for ticker in markets if sub.wants(ticker)], number)
            return
        if action == "add_markets":
            self._add(sub, markets, [])
        elif sub.markets is not None:
            drop(sub.markets, markets)
            sub.booked.difference_update(markets)
        self._ok(number, sub)
        if action == "add_markets" and sub.channel == "orderbook_delta":
            self._snapshots(sub, [ticker for ticker in markets if ticker not in sub.booked])

    def _unsubscribe(self, number: int, params: dict[str, Any]) -> None:
        for sid in sids_of(params):
            sub = self._subs.pop(sid, None)
            if sub is None:
                self._error(number, Bad(7))
                continue
            del self._by_channel[sub.channel]
            self._send({"type": "unsubscribed", "id": number, "sid": sid, "seq": self._control(sub)})

    def _only(self, params: dict[str, Any]) -> Sub:
        sids = sids_of(params)
        if len(sids) != 1:
            raise Bad(12)
        if sids[0] not in self._subs:
            raise Bad(7)
        return self._subs[sids[0]]

    def _add(self, sub: Sub, markets: list[str], indices: list[str]) -> None:
        sub.indices.update(dict.fromkeys(indices))
        if sub.markets is not None:
            if len(sub.markets) + len(markets) > MOST_MARKETS:
                raise Bad(26, sub.sid)
            sub.markets.update(dict.fromkeys(markets))

    def _busy(self) -> None:
        second = self._floor.now() // 1_000_000_000
        count = self._second[1] + 1 if self._second[0] == second else 1
        self._second = (second, count)
        if count > MOST_COMMANDS:
            raise Bad(27)

    # ------------------------------------------------------------------ what is sent

    def book(self, market: Market, deltas: Mapping[bool, list[bytes]]) -> None:
        """Changes in a market's book, in both ways of pricing; whoever has no book yet gets the whole one."""
        sub = self._by_channel.get("orderbook_delta")
        if sub is None or not sub.wants(market.ticker):
            return
        if market.ticker in sub.booked:
            for msg in deltas[sub.yes_price]:
                self._data(sub, msg)
        else:
            self._snapshots(sub, [market.ticker])

    def tell(self, channel: str, ticker: str, msg: bytes, kind: str = "") -> None:
        """A message of a channel about a market ("" concerns all)."""
        sub = self._by_channel.get(channel)
        if sub is not None and (not ticker or sub.wants(ticker)):
            self._data(sub, msg, kind)

    def index(self, index: str, msg: bytes) -> None:
        """An index reading."""
        sub = self._by_channel.get(INDEX)
        if sub is not None and (index in sub.indices or "all" in sub.indices):
            self._data(sub, msg)

    def overflow(self) -> bytes:
        """The last word to a slow consumer."""
        sub = self._by_channel.get("orderbook_delta")
        return self._refusal(0, Bad(25, sub.sid if sub is not None else None))

    def _snapshots(self, sub: Sub, tickers: list[str], number: int = 0) -> None:
        """Whole books; those asked for on their own carry the command's id."""
        for ticker in tickers:
            msg = self._floor.snapshot_of(ticker, yes_price=sub.yes_price)
            if msg is not None:
                sub.booked.add(ticker)
                reply = b'"id":%d,' % number if number else b""
                head = b'{"type":"orderbook_snapshot",%b"sid":%d,"seq":%d,"msg":' % (
                    reply,
                    sub.sid,
                    sub.number(),
                )
                self._out.send(head + msg + b"}", sub.sid)

    def _first_tickers(self, markets: list[str]) -> None:
        sub = self._by_channel["ticker"]
        for ticker in markets or self._floor.tickers():
            msg = self._floor.ticker_of(ticker)
            if msg is not None:
                self._data(sub, msg)

    def _data(self, sub: Sub, msg: bytes, kind: str = "") -> None:
        name = (kind or CHANNELS[sub.channel]).encode()
        if sub.channel in NUMBERED:
            head = b'{"type":"%b","sid":%d,"seq":%d,"msg":' % (name, sub.sid, sub.number())
        else:
            head = b'{"type":"%b","sid":%d,"msg":' % (name, sub.sid)
        self._out.send(head + msg + b"}", sub.sid)

    def _ok(self, number: int, sub: Sub) -> None:
        msg: dict[str, list[str]] = {}
        if sub.channel == INDEX:
            msg["index_ids"] = list(sub.indices)
        elif sub.markets is not None:
            msg["market_tickers"] = list(sub.markets)
        self._send({"type": "ok", "id": number, "sid": sub.sid, "seq": self._control(sub), "msg": msg})

    def _control(self, sub: Sub) -> int:
        return sub.number(control=not self._rules.control_seq)

    def _error(self, number: int, bad: Bad) -> None:
        self._out.send(self._refusal(number, bad))

    def _refusal(self, number: int, bad: Bad) -> bytes:
        frame: dict[str, Any] = {"type": "error"}
        if number:
            frame["id"] = number
        if bad.sid is not None and bad.sid in self._subs:
            frame |= {"sid": bad.sid, "seq": self._control(self._subs[bad.sid])}
        return msgspec.json.encode(frame | {"msg": {"code": bad.code, "msg": ERRORS[bad.code]}})

    def _send(self, frame: dict[str, Any]) -> None:
        self._out.send(msgspec.json.encode(frame))

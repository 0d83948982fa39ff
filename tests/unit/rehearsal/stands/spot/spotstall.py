"""Spot stand-ins without a network: invented exchange frames in, socket messages and requests by hand."""

import json
from urllib.parse import urlencode

from echoing import Hand

from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import COINBASE_WS, KRAKEN_WS, Arrival
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.faults import Control

TIME = "2026-11-30T00:53:19.987654Z"


class Wire:
    """Keeps what it is sent, and how it was closed."""

    def __init__(self):
        self.frames = []
        self.lanes = []
        self.closed = None

    def send(self, frame, lane=None):
        self.frames.append(json.loads(frame))
        self.lanes.append(lane)

    def close(self, code=1000, reason=""):
        self.closed = reason

    def drain(self):
        frames, self.frames = self.frames, []
        return frames


def match(product="BTC-USD", price="84000.00", size="0.50000000", side="sell", **more):
    """A Coinbase match; ``side`` is the maker's."""
    body = {
        "type": "match",
        "trade_id": 1,
        "side": side,
        "size": size,
        "price": price,
        "product_id": product,
        "time": TIME,
    }
    return COINBASE_WS, body | more


def ticker(product="BTC-USD", bid="83999.99", ask="84000.01"):
    body = {
        "type": "ticker", "product_id": product, "price": ask, "best_bid": bid, "best_bid_size": "1.5",
        "best_ask": ask, "best_ask_size": "2.5", "time": TIME,
    }  # fmt: skip
    return COINBASE_WS, body


def kraken_trade(symbol="BTC/USD", price=84010.5, qty=0.25, side="buy"):
    item = {"symbol": symbol, "side": side, "price": price, "qty": qty, "trade_id": 1, "timestamp": TIME}
    return KRAKEN_WS, {"channel": "trade", "type": "update", "data": [item]}


def kraken_ticker(symbol="BTC/USD", bid=84010.4, ask=84010.6):
    item = {
        "symbol": symbol,
        "bid": bid,
        "bid_qty": 1.0,
        "ask": ask,
        "ask_qty": 2.0,
        "last": bid,
        "timestamp": TIME,
    }
    return KRAKEN_WS, {"channel": "ticker", "type": "update", "data": [item]}


class Stall:
    """One stand and what it is told."""

    def __init__(self, kind):
        self.clock = Hand()
        self.control = Control(self.clock)
        self.stand = kind(self.control, self.clock)

    def play(self, *frames, every=0.0):
        for source, body in frames:
            self.stand.take(Arrival(self.clock(), source, json.dumps(body).encode(), None))
            self.clock.pass_(every)

    def client(self, path="/", *said):
        wire = Wire()
        wire.session = self.stand.session(make_asked("GET", path, {}), wire)
        for each in said:
            self.say(wire, each)
        return wire

    @staticmethod
    def say(wire, message):
        wire.session.hear(message if isinstance(message, bytes) else json.dumps(message).encode())

    async def get(self, path, **query):
        answer = await self.stand.answer(make_asked("GET", f"{path}?{urlencode(query)}", {}))
        return answer.status, json.loads(answer.body) if answer.body else None

    @property
    def second(self):
        return self.clock() // SECOND

"""A Kalshi stand-in without a network: invented frames in, signed requests and socket commands by hand."""

import base64
import json
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from echoing import T0, Hand

from cockpit.domain.units import ASK, BID, MILLISECOND
from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.kalshi.gate import PREFIX, Limits
from cockpit.rehearsal.stands.kalshi.session import Rules, Session
from cockpit.rehearsal.stands.kalshi.venue import Kalshi, Settings
from cockpit.rehearsal.wire import Stamps, contracts, dollars

KEY = Ed25519PrivateKey.generate()
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
A, B = "KXTEST-26DEC01-A", "KXTEST-26DEC01-B"
HOUR = 3_600 * 1_000_000_000
QTY = 1_000_000
PLENTY = Limits("prestige", (100_000, 100_000), (100_000, 100_000))


def sign(method, path, at, key=KEY, key_id="key"):
    stamp = str(at // MILLISECOND)
    signature = base64.b64encode(key.sign(f"{stamp}{method}{path}".encode())).decode()
    return {
        "kalshi-access-key": key_id,
        "kalshi-access-timestamp": stamp,
        "kalshi-access-signature": signature,
    }


class Ear:
    """Keeps what a session sends."""

    def __init__(self):
        self.frames = []
        self.lanes = []

    def send(self, frame, lane=None):
        self.frames.append(json.loads(frame))
        self.lanes.append(lane)

    def drain(self):
        frames, self.frames = self.frames, []
        return frames


class Stall:
    def __init__(self, rules=None, limits=PLENTY, markets=(A, B), cash=((0, 10**13),), shard=0):
        self.clock = Hand()
        self.venue = Kalshi(
            Control(self.clock), self.clock, {"key": PEM}, Settings(limits, cash, rules or Rules())
        )
        self.state = self.venue.state
        self._seq = 0
        for ticker in markets:
            self.list(ticker, exchange_index=shard)

    # ------------------------------------------------------------------ the tape

    def ws(self, kind, msg):
        self._seq += 1
        frame = {"type": kind, "sid": 1, "seq": self._seq, "msg": msg}
        self.venue.take(Arrival(self.clock.at, "kalshi.ws", json.dumps(frame).encode(), None))

    def rest(self, url, body):
        self.venue.take(Arrival(self.clock.at, "kalshi.rest", json.dumps(body).encode(), url))

    def list(self, ticker, **fields):
        stamps = Stamps()
        body = {
            "ticker": ticker,
            "event_ticker": ticker.rpartition("-")[0],
            "open_time": stamps.text(T0 - HOUR),
            "close_time": stamps.text(T0 + HOUR),
            **fields,
        }
        self.rest(f"/trade-api/v2/markets/{ticker}", {"market": body})

    def snapshot(self, ticker=A, yes=(), no=()):
        msg = {"market_ticker": ticker, "market_id": "m"}
        for key, levels in (("yes_dollars_fp", yes), ("no_dollars_fp", no)):
            if levels:
                msg[key] = [[f"{price:.4f}", f"{qty:.2f}"] for price, qty in levels]
        self.ws("orderbook_snapshot", msg)

    def delta(self, side, price, qty, ticker=A):
        """A size change in YES terms: price in dollars, contracts."""
        name, own = ("yes", price) if side == BID else ("no", 1 - price)
        msg = {
            "market_ticker": ticker, "market_id": "m", "price_dollars": f"{own:.4f}",
            "delta_fp": f"{qty:.2f}", "side": name, "ts_ms": self.clock.at // MILLISECOND,
        }  # fmt: skip
        self.ws("orderbook_delta", msg)

    def trade(self, price, qty, taker, ticker=A, **fields):
        self._seq += 1
        outcome, book = ("yes", "bid") if taker == BID else ("no", "ask")
        msg = {
            "trade_id": f"t{self._seq}", "market_ticker": ticker, "yes_price_dollars": f"{price:.4f}",
            "no_price_dollars": f"{1 - price:.4f}", "count_fp": f"{qty:.2f}", "taker_outcome_side": outcome,
            "taker_book_side": book, "ts_ms": self.clock.at // MILLISECOND, **fields,
        }  # fmt: skip
        self.ws("trade", msg)

    def sold(self, price, qty):
        """Somebody sells YES to the resting bids: the size change, then the print."""
        self.delta(BID, price, -qty)
        self.trade(price, qty, ASK)

    # ------------------------------------------------------------------ requests

    async def ask(self, method, path, body=None, signed=True, **query):
        full = f"{PREFIX}/{path}"
        headers = sign(method, full, self.clock.at) if signed else {}
        target = f"{full}?{urlencode(query, doseq=True)}" if query else full
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await self.venue.answer(make_asked(method, target, headers, raw))
        return answer.status, json.loads(answer.body) if answer.body else None

    async def get(self, path, **query):
        status, body = await self.ask("GET", path, **query)
        assert status == 200, body
        return body

    async def order(self, side="bid", price="0.4700", count="10.00", **more):
        body = {
            "ticker": A, "side": side, "price": price, "count": count,
            "time_in_force": "good_till_canceled", "self_trade_prevention_type": "taker_at_cross", **more,
        }  # fmt: skip
        return await self.ask("POST", "portfolio/events/orders", body)

    async def resting(self, **more):
        status, body = await self.order(**more)
        assert status == 201, body
        return body["order_id"]

    async def queue(self, order_id):
        return (await self.get(f"portfolio/orders/{order_id}/queue_position"))["queue_position_fp"]

    async def look(self, order_id):
        return (await self.get(f"portfolio/orders/{order_id}"))["order"]

    # ------------------------------------------------------------------ sockets

    def session(self):
        ear = Ear()
        session = Session(ear, self.state, self.state.rules)
        self.state.sessions.add(session)
        return session, ear


def say(session, ear, cmd, number=1, **params):
    """A command; returns what is sent for it."""
    command = {"id": number, "cmd": cmd}
    if params:
        command["params"] = params
    session.command(json.dumps(command).encode())
    return ear.drain()


def shown(state, ticker=A):
    """The book in dollars and contracts, best first."""
    book = state.books[ticker]
    return {
        side: [(dollars(price), contracts(qty)) for price, qty in book.levels(side)] for side in (BID, ASK)
    }


def rebuilt(frames, ticker=A):
    """A book made of socket frames in NO terms, as a client would."""
    sides = {"yes": {}, "no": {}}
    for frame in frames:
        msg = frame["msg"]
        if frame["type"] == "orderbook_snapshot" and msg["market_ticker"] == ticker:
            for side in sides:
                sides[side] = dict(msg.get(f"{side}_dollars_fp", []))
        elif frame["type"] == "orderbook_delta" and msg["market_ticker"] == ticker:
            levels, price = sides[msg["side"]], msg["price_dollars"]
            size = float(levels.get(price, 0)) + float(msg["delta_fp"])
            assert size > -1e-9
            if size > 1e-9:
                levels[price] = f"{size:.2f}"
            else:
                levels.pop(price, None)
    return sides

"""A Polymarket stand-in without a network: invented Kalshi frames in, requests and socket messages by hand."""

import json
from hashlib import sha1
from urllib.parse import urlencode

from echoing import T0, Hand

from cockpit.domain.units import SECOND
from cockpit.rehearsal.courier import KALSHI_REST, KALSHI_WS, Arrival
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.polymarket.session import Session
from cockpit.rehearsal.stands.polymarket.venue import Polymarket, Settings

CLOSE = T0 + 400 * SECOND
"""01:00 UTC on 30 November, 8 p.m. the evening before in New York."""
WINDOW = "KXBTC15M-26NOV292000"
LADDER = "KXBTCD-26NOV2920-T84199.99"
OTHER = "KXETHD-26NOV2920-T3009.99"
RANGE = "KXBTC-26NOV2920-B84250"


class Ear:
    """Keeps what a session sends."""

    def __init__(self):
        self.raw = []

    def send(self, frame, lane=None):
        self.raw.append((frame, lane))

    def drain(self):
        """All messages, arrays taken apart; words as they are."""
        raw, self.raw = self.raw, []
        heard = []
        for frame, _ in raw:
            text = frame if isinstance(frame, str) else frame.decode()
            told = json.loads(text) if text[:1] in "[{" else text
            heard += told if isinstance(told, list) else [told]
        return heard

    def kinds(self):
        return [each["event_type"] for each in self.drain()]


def rfc(ts):
    from cockpit.rehearsal.polymarket.terms import iso

    return iso(ts)


def record(ticker, **fields):
    """A Kalshi market's record; thresholds and windows by their tickers."""
    window = "15M" in ticker
    body = {
        "ticker": ticker,
        "event_ticker": ticker.rpartition("-")[0] or ticker,
        "status": "active",
        "result": "",
        "strike_type": "greater_or_equal" if window else "greater",
        "open_time": rfc(CLOSE - (900 if window else 3_600) * SECOND),
        "close_time": rfc(CLOSE),
        "expiration_value": "",
    }
    if not window and "-T" in ticker:
        body["floor_strike"] = float(ticker.rpartition("-T")[2])
    return body | fields


class Stall:
    def __init__(self, *, array_every=0, share=1.0):
        self.clock = Hand()
        self.control = Control(self.clock)
        self.venue = Polymarket(self.control, self.clock, Settings(share, array_every))
        self.state = self.venue.state
        self.woken = 0
        self.state.teller.wake = self._wake

    def _wake(self):
        self.woken += 1

    # ------------------------------------------------------------------ the stage

    def rest(self, body, url="https://kalshi/markets"):
        self.venue.take(Arrival(self.clock(), KALSHI_REST, json.dumps(body).encode(), url))

    def ws(self, kind, **msg):
        frame = json.dumps({"type": kind, "sid": 1, "seq": 1, "msg": msg}, separators=(",", ":")).encode()
        self.venue.take(Arrival(self.clock(), KALSHI_WS, frame, None))

    def list(self, *tickers, **fields):
        self.rest({"markets": [record(ticker, **fields) for ticker in tickers]})
        return self.market(tickers[0])

    def market(self, ticker):
        return self.state._by_ticker[ticker]

    def book(self, ticker, yes, no):
        """Levels as text: YES bids, and NO bids in NO terms."""
        sides = {"yes_dollars_fp": list(yes.items()), "no_dollars_fp": list(no.items())}
        self.ws("orderbook_snapshot", market_ticker=ticker, **sides)

    def delta(self, ticker, side, price, size):
        self.ws("orderbook_delta", market_ticker=ticker, side=side, price_dollars=price, delta_fp=size)

    def trade(self, ticker, price, size, taker="bid", trade_id="t-f"):
        self.ws(
            "trade", market_ticker=ticker, yes_price_dollars=price, count_fp=size, taker_book_side=taker,
            trade_id=trade_id,
        )  # fmt: skip

    def life(self, ticker, event, **fields):
        self.ws("market_lifecycle_v2", market_ticker=ticker, event_type=event, **fields)

    def settle(self, ticker, result="yes"):
        self.life(ticker, "determined", result=result)
        self.life(ticker, "settled")

    # ------------------------------------------------------------------ clients

    async def get(self, path, **query):
        """Status and body of a question."""
        return await self._ask("GET", path, query)

    async def post(self, path, body):
        return await self._ask("POST", path, {}, json.dumps(body).encode())

    async def _ask(self, method, path, query, body=b""):
        target = f"/{path}?{urlencode(query, doseq=True)}"
        answer = await self.venue.answer(make_asked(method, target, {}, body))
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, answer.body

    def client(self, *tokens, custom=False, **more):
        """A client that has subscribed; what it was told at once is left for it to read."""
        ear = Ear()
        session = Session(ear, self.state.teller, self.venue._array_every)
        self.state.teller.join(session)
        self.say(session, type="market", assets_ids=list(tokens), custom_feature_enabled=custom, **more)
        ear.session = session
        return ear

    @staticmethod
    def say(session, **message):
        session.hear(json.dumps(message).encode())

    def flush(self):
        self.state.teller.flush()


def traded():
    """A stall with a window and a ladder's threshold, both with a book in the middle."""
    stall = Stall()
    stall.list(WINDOW, LADDER, OTHER, RANGE)
    for ticker in (WINDOW, LADDER):
        stall.book(ticker, {"0.4000": "10.00", "0.3500": "25.50"}, {"0.5500": "7.00", "0.5000": "100.00"})
    stall.flush()
    return stall


def hash_of(book):
    """A book's hash from its fields, by the venue's recipe."""
    keys = ("market", "asset_id", "timestamp", "hash", "bids", "asks", "min_order_size", "tick_size", "neg_risk", "last_trade_price")  # fmt: skip
    told = {key: book[key] for key in keys} | {"hash": ""}
    return sha1(json.dumps(told, separators=(",", ":")).encode()).hexdigest()

"""A live feed, and the answers of an invented exchange to what it asks."""

from urllib.parse import parse_qs, urlsplit

import msgspec

from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, Poll
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants

T0 = 1_796_000_000 * SECOND
REST = "https://venue.test/trade-api/v2"
ISO = "2026-12-03T20:00:00Z"
CLOSE = 1_796_328_000 * SECOND


def body(ticker, status="active", close=ISO, bid="0.4000", ask="0.4400", volume="10.00", **more):
    return {"ticker": ticker, "event_ticker": "S-E", "status": status, "close_time": close, "yes_bid_dollars": bid,
            "yes_ask_dollars": ask, "volume_fp": volume, "strike_type": "greater", "floor_strike": 1, **more}  # fmt: skip


class Exchange:
    """A feed and the answers to what it asks."""

    def __init__(self, **wants):
        self.feed = KalshiFeed(wants=Wants(rest=REST, series=("S",), **wants))
        self.t = T0

    def answer(self, path, body, status=200, after=SECOND):
        self.t += after
        payload = msgspec.json.encode(body)
        return self.feed.receive(
            Frame(0, self.t, "kalshi.rest", msgspec.Raw(payload), u=REST + path, st=status)
        )

    def discover(self, *markets, cursor=""):
        event = {"event_ticker": "S-E", "series_ticker": "S", "markets": list(markets)}
        path = "/events?series_ticker=S&status=open&with_nested_markets=true&limit=200"
        return self.answer(path, {"events": [event], "cursor": cursor})

    def polls(self):
        return [each for each in self.feed.requests() if isinstance(each, Poll)]

    def asked(self, part):
        return [each for each in self.polls() if part in urlsplit(each.url).path]


def tickers(polls):
    return {
        name
        for each in polls
        for name in ",".join(parse_qs(urlsplit(each.url).query).get("tickers", [])).split(",")
    }


def socket(exchange, **message):
    exchange.t += 1_000_000
    return exchange.feed.receive(Frame(0, exchange.t, "kalshi.ws", msgspec.Raw(msgspec.json.encode(message))))


def sent(exchange):
    return [msgspec.json.decode(each) for each in exchange.feed.outgoing("kalshi.ws")]


def keyed():
    exchange = Exchange(keyed=True)
    exchange.discover(body("S-E-1"), body("S-E-2"))
    exchange.feed.reset("kalshi.ws")
    return exchange


def live(exchange):
    """Let both books come, then lose the line."""
    sent(exchange)
    socket(exchange, type="subscribed", id=1, msg={"channel": "orderbook_delta", "sid": 1})
    for seq, name in ((1, "S-E-1"), (2, "S-E-2")):
        socket(
            exchange,
            type="orderbook_snapshot",
            sid=1,
            seq=seq,
            msg={"market_ticker": name, "yes_dollars_fp": [["0.4000", "5.00"]]},
        )
    return exchange.feed.lost("kalshi.ws", exchange.t)

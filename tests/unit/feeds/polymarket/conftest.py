"""An invented venue that speaks the documented shapes, and a feed that listens to it."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from cockpit.domain.events import BookDelta, BookSnapshot, Event
from cockpit.domain.units import BID
from cockpit.feeds.base import Frame
from cockpit.feeds.polymarket.feed import PolymarketFeed

Json = dict[str, Any]

SECOND = 1_000_000_000
T0 = 1_800_000_000 * SECOND
"""15 January 2027, 8:00 UTC."""
COND = "0x" + "ab" * 32
YES = "7" * 77
NO = "8" * 77
MS = T0 // 1_000_000


def market(cond: str = COND, yes: str = YES, no: str = NO, **more: Any) -> Json:
    return {
        "id": "9000001",
        "question": "Bitcoin above 87,600 on January 15, 4AM ET?",
        "conditionId": cond,
        "slug": "bitcoin-above-87600-on-january-15-2027-4am-et",
        "endDate": "2027-01-15T09:00:00Z",
        "startDate": "2027-01-15T07:00:00.5Z",
        "description": 'Pays if the BTC/USDT "Close" of the Binance 1 hour candle is higher.',
        "resolutionSource": "",
        "outcomes": '["Yes", "No"]',
        "outcomePrices": '["0.41", "0.59"]',
        "clobTokenIds": json.dumps([yes, no]),
        "active": True,
        "closed": False,
        "archived": False,
        "acceptingOrders": True,
        "enableOrderBook": True,
        "groupItemTitle": "87,600",
        "groupItemThreshold": "0",
        "gameStartTime": "2027-01-15 09:00:00+00",
        "clearBookOnStart": False,
        "orderPriceMinTickSize": 0.01,
        "orderMinSize": 5,
        "feesEnabled": True,
        "feeType": "crypto_fees_v2",
        "feeSchedule": {"exponent": 1, "rate": 0.07, "takerOnly": True, "rebateRate": 0.2},
        "umaResolutionStatuses": "[]",
        "negRisk": False,
        **more,
    }


def event(*markets: Json, **more: Any) -> Json:
    return {
        "id": "700001",
        "ticker": "bitcoin-above-on-january-15-2027-4am-et",
        "slug": "bitcoin-above-on-january-15-2027-4am-et",
        "title": "Bitcoin above ___ on January 15, 4AM ET?",
        "endDate": "2027-01-15T09:00:00Z",
        "negRisk": False,
        "seriesSlug": "btc-hourly-above",
        "markets": list(markets or [market()]),
        **more,
    }


class Venue:
    """Writes payloads; ``tell`` and ``answer`` hand them to the feed as frames."""

    def __init__(self, feed: PolymarketFeed) -> None:
        self.feed = feed
        self.n = 0
        self.t = T0

    def frame(self, source: str, body: Any, t: int | None = None, **http: Any) -> Frame:
        self.n += 1
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return Frame(n=self.n, t=self.t if t is None else t, s=source, d=msgspec.Raw(data), **http)

    def tell(self, message: Any, source: str = "polymarket.ws", t: int | None = None) -> Sequence[Event]:
        return self.feed.receive(self.frame(source, message, t))

    def answer(self, url: str, body: Any, t: int | None = None, **http: Any) -> Sequence[Event]:
        host = url.split("/")[2].partition(".")[0]
        api = {"gamma-api": "gamma", "clob": "clob", "data-api": "data"}[host]
        return self.feed.receive(self.frame(f"polymarket.{api}", body, t, u=url, **{"st": 200, **http}))

    def page(self, *events: Json, cursor: str | None = None, t: int | None = None) -> Sequence[Event]:
        """The first page of the tag's listings, as it is asked for."""
        url = self.feed.requests()[0].url
        body: Json = {"events": list(events)}
        if cursor:
            body["next_cursor"] = cursor
        return self.answer(url, body, t)

    def listed(self, *markets: Json) -> "Venue":
        self.page(event(*markets))
        self.feed.asks()
        return self

    @staticmethod
    def book(
        bids: Json | None = None, asks: Json | None = None, token: str = YES, ms: int = MS, **more: Any
    ) -> Json:
        return {
            "event_type": "book",
            "market": COND,
            "asset_id": token,
            "bids": [{"price": p, "size": s} for p, s in (bids or {"0.40": "100", "0.39": "50.5"}).items()],
            "asks": [{"price": p, "size": s} for p, s in (asks or {"0.45": "30", "0.43": "20"}).items()],
            "timestamp": str(ms),
            "hash": "0x0",
            **more,
        }

    @staticmethod
    def change(*entries: tuple[str, str, str], token: str = YES, ms: int = MS + 5, **top: str) -> Json:
        """Entries are (side, price, new size)."""
        changes = [
            {"asset_id": token, "price": p, "size": s, "side": side, "hash": "h", **top}
            for side, p, s in entries
        ]
        return {"event_type": "price_change", "market": COND, "timestamp": str(ms), "price_changes": changes}

    @staticmethod
    def trade(
        price: str = "0.43", size: str = "10", side: str = "BUY", token: str = YES, ms: int = MS, **more: Any
    ) -> Json:
        return {
            "event_type": "last_trade_price",
            "market": COND,
            "asset_id": token,
            "price": price,
            "size": size,
            "side": side,
            "fee_rate_bps": "0",
            "timestamp": str(ms),
            **more,
        }

    @staticmethod
    def hashed(body: Json) -> Json:
        """A whole book with every field its hash covers, and the hash; worked out apart from the feed."""
        full = {
            "market": body["market"],
            "asset_id": body["asset_id"],
            "timestamp": body["timestamp"],
            "hash": "",
            "bids": body["bids"],
            "asks": body["asks"],
            "min_order_size": "5",
            "tick_size": "0.01",
            "neg_risk": False,
            "last_trade_price": "0.190",
        }
        text = json.dumps(full, separators=(",", ":"))
        full["hash"] = hashlib.sha1(text.encode()).hexdigest()
        return {"event_type": "book", **full}

    def asked(self) -> list[str]:
        return [poll.url for poll in self.feed.asks()]

    def sent(self, source: str = "polymarket.ws") -> list[Json]:
        return [msgspec.json.decode(each) for each in self.feed.outgoing(source)]


class Mirror:
    """A book as whoever takes the events holds it: two plain dicts of sizes by price."""

    def __init__(self) -> None:
        self.sides: dict[int, dict[int, int]] = {BID: {}, -BID: {}}
        self.known = False

    def take(self, events: Sequence[Event]) -> "Mirror":
        for each in events:
            if isinstance(each, BookSnapshot):
                self.sides = {BID: dict(each.bids), -BID: dict(each.asks)}
                self.known = True
            elif isinstance(each, BookDelta):
                assert self.known
                size = self.sides[each.side].get(each.price, 0) + each.qty
                assert size >= 0
                if size:
                    self.sides[each.side][each.price] = size
                else:
                    del self.sides[each.side][each.price]
        return self


@pytest.fixture
def venue() -> Venue:
    return Venue(PolymarketFeed())


@pytest.fixture
def live(venue: Venue) -> Venue:
    """One market listed, its socket up, its book told."""
    venue.listed()
    venue.feed.reset("polymarket.ws")
    venue.sent()
    venue.tell(venue.book())
    return venue

"""An invented gateway that speaks the documented shapes, and a feed that listens to it."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from cockpit.domain.events import Event
from cockpit.feeds.base import Frame
from cockpit.feeds.polymarket_us.feed import PolymarketUsFeed

Json = dict[str, Any]

SECOND = 1_000_000_000
T0 = 1_800_000_000 * SECOND
"""15 January 2027, 8:00 UTC."""
SLUG = "cpc-btc-updown-15m-2027-01-15-0800z"
GATEWAY = "https://gateway.polymarket.us"


def usd(value: str) -> Json:
    return {"value": value, "currency": "USD"}


def terms(kind: str = "UP_DOWN", **more: Any) -> Json:
    return {
        "marketType": f"ASSET_PRICE_MARKET_TYPE_{kind}",
        "asset": {"assetClass": "ASSET_CLASS_CRYPTO", "symbol": "btc"},
        "indexSymbol": "BRTI",
        "horizon": "15m",
        "windowStart": "2027-01-15T08:00:00Z",
        "windowEnd": "2027-01-15T08:15:00Z",
        "priceToBeat": None,
        "strike": None,
        "rangeLower": None,
        "rangeUpper": None,
        "rangeKind": "ASSET_PRICE_RANGE_KIND_UNSPECIFIED",
        "direction": "ASSET_PRICE_DIRECTION_UNSPECIFIED",
        "settlementPrice": None,
        **more,
    }


def market(slug: str = SLUG, about: Json | None = None, **more: Any) -> Json:
    return {
        "id": "900",
        "question": "BTC Up or Down: 15 min",
        "title": "BTC Up or Down: 15 min",
        "slug": slug,
        "category": "crypto",
        "startDate": "2027-01-14T20:00:00Z",
        "endDate": "2027-01-15T08:45:00Z",
        "description": "Up if the last minute's average is at or above the first.",
        "active": True,
        "closed": False,
        "status": "MARKET_STATUS_OPEN",
        "orderPriceMinTickSize": 0.01,
        "minimumTradeQty": 0.01,
        "feeCoefficient": 0.0695,
        "marketSides": [
            {"description": "Down", "long": False, "price": "0.60", "quote": usd("0.60")},
            {"description": "Up", "long": True, "price": "0.41", "quote": usd("0.41")},
        ],
        "outcomes": '["Down","Up"]',
        "outcomePrices": '["0.41","0.60"]',
        "bestBidQuote": usd("0.40"),
        "bestAskQuote": usd("0.41"),
        "assetPriceTerms": about if about is not None else terms(priceToBeat=usd("84000.12")),
        **more,
    }


class Gateway:
    """Writes answers and hands them to the feed as frames."""

    def __init__(self, feed: PolymarketUsFeed) -> None:
        self.feed = feed
        self.n = 0
        self.t = T0

    def answer(self, path: str, body: Any, t: int | None = None, **http: Any) -> Sequence[Event]:
        self.n += 1
        data = body if isinstance(body, bytes) else msgspec.json.encode(body)
        at = self.t if t is None else t
        url = path if path.startswith("https") else f"{GATEWAY}/v1/{path}"
        return self.feed.receive(
            Frame(self.n, at, "polymarket_us.gateway", msgspec.Raw(data), u=url, **{"st": 200, **http})
        )

    def page(self, *markets: Json, t: int | None = None) -> Sequence[Event]:
        """The listings of a category, as they are asked for."""
        return self.answer(self.feed.requests()[0].url, {"markets": list(markets)}, t)

    def named(self, *markets: Json, t: int | None = None) -> Sequence[Event]:
        """Records asked for by name."""
        slugs = "&".join(f"slug={each['slug']}" for each in markets)
        return self.answer(f"markets?{slugs}", {"markets": list(markets)}, t)

    def book(self, slug: str = SLUG, t: int | None = None, **more: Any) -> Sequence[Event]:
        data = {
            "marketSlug": slug,
            "state": "MARKET_STATE_OPEN",
            "bids": [{"px": usd("0.39"), "qty": "12.5"}, {"px": usd("0.40"), "qty": "3"}],
            "offers": [{"px": usd("0.43"), "qty": "7"}, {"px": usd("0.41"), "qty": "1.00"}],
            "stats": None,
            "transactTime": "2027-01-15T07:59:59.123456789Z",
            **more,
        }
        return self.answer(f"markets/{slug}/book", {"marketData": data}, t)

    def ask(self) -> str:
        """The one question there is, or ""."""
        polls = self.feed.asks()
        assert len(polls) <= 1
        assert not polls or polls[0].source == "polymarket_us.gateway"
        return polls[0].url if polls else ""


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(PolymarketUsFeed())

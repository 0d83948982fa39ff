"""Bodies of the public gateway as they stand on the wire. Source: docs.polymarket.us, OpenAPI of September 2026."""

from decimal import Decimal

import msgspec

from cockpit.feeds.census import names

Text = str | None
Number = Decimal | None


class Struct(msgspec.Struct, gc=False, rename="camel"):
    """Options of all shapes."""


class Amount(Struct):
    """A sum with its currency."""

    value: str
    currency: Text = None


class MarketSide(Struct):
    """One side of a market. ``long`` decides: ``outcomes`` and ``outcomePrices`` have been in different orders."""

    description: Text = None
    long: bool | None = None


class Asset(Struct):
    """A priced asset."""

    symbol: Text = None


class Terms(Struct):
    """What an automated crypto market settles on. What a kind of market has no use for is null."""

    market_type: Text = None
    asset: Asset | None = None
    index_symbol: Text = None
    horizon: Text = None
    window_start: Text = None
    window_end: Text = None
    price_to_beat: Amount | None = None
    strike: Amount | None = None
    range_lower: Amount | None = None
    range_upper: Amount | None = None
    range_kind: Text = None
    settlement_price: Amount | None = None


class MarketBody(Struct):
    """A market; ``slug`` is its only name."""

    slug: str
    question: Text = None
    title: Text = None
    subtitle: Text = None
    description: Text = None
    category: Text = None
    start_date: Text = None
    end_date: Text = None
    active: bool | None = None
    closed: bool | None = None
    status: Text = None
    hidden: bool | None = None
    order_price_min_tick_size: Number = None
    minimum_trade_qty: Number = None
    fee_coefficient: Number = None
    best_bid_quote: Amount | None = None
    best_ask_quote: Amount | None = None
    market_sides: list[MarketSide] | None = None
    asset_price_terms: Terms | None = None


class MarketPage(Struct):
    """GET /v1/markets."""

    markets: list[msgspec.Raw]


class OneMarket(Struct):
    """GET /v1/market/slug/{slug}."""

    market: MarketBody


class Level(Struct):
    """A price level."""

    px: Amount
    qty: str


class Stats(Struct):
    """Totals, and the settlement price once there is one."""

    settlement_px: Amount | None = None


class MarketData(Struct):
    """A book on the long side, its levels in no promised order."""

    market_slug: str
    state: Text = None
    bids: list[Level] | None = None
    offers: list[Level] | None = None
    transact_time: Text = None


class BookAnswer(Struct):
    """GET /v1/markets/{slug}/book."""

    market_data: MarketData


class BestData(Struct):
    """A market's best prices."""

    market_slug: str
    best_bid: Amount | None = None
    best_ask: Amount | None = None


class BestAnswer(Struct):
    """GET /v1/markets/{slug}/bbo."""

    market_data: BestData


class Settlement(Struct):
    """GET /v1/markets/{slug}/settlement: what the long side is paid. HTTP 404 until then."""

    settlement: Decimal
    slug: Text = None


class Candle(Struct):
    """One bucket, by its start in Unix seconds; without ticks its close is carried forward."""

    timestamp: int
    close: str
    tick_count: int = 0


class Series(Struct):
    """One asset's buckets, ascending. Which asset is told by name, never by place."""

    asset: Asset
    candles: list[msgspec.Raw] | None = None
    bucket: Text = None


class History(Struct):
    """GET /v1/asset-prices/history."""

    series: list[msgspec.Raw]


KNOWN: dict[str, frozenset[str]] = {
    "market": names(
        MarketBody,
        also="id image imageDisplayType marketType createdAt updatedAt archived gameStartTime manualActivation "
        "sportsMarketType line outcomes outcomePrices ep3Status sportsMarketTypeV2 tags color darkColor subjectId "
        "subject spreadTotalSuffix sortOrder metadata titleShort ep3SyncedAt volume "
        "volume24hr volume1wk volume1mo volume1yr rulesDisclaimer rulesDisclaimerPopup comboEnabled",
    ),
}
"""Documented fields by the kind of object."""

"""Kalshi's REST bodies: one market, one event with its markets, one series. Source: the venue's API description, version 3.34.

Every field the venue's own client requires is there; keys are in alphabetical order, as the venue sends them. Strikes
are JSON numbers, all other money is text.
"""

import msgspec

from cockpit.domain.markets import EventGroup, Market, MarketStatus, Series
from cockpit.domain.units import MILLISECOND, PRICE, RATIO, SECOND, UNDERLYING_DIGITS, decimal
from cockpit.rehearsal.listing import STRUCTURES, strike
from cockpit.rehearsal.wire import Stamps, Top, contracts, dollars

BASE = "https://external-api.kalshi.com/trade-api/v2"
WEEK_S = 7 * 86_400
DAY_S = 86_400

EMPTY = Top(0, 0, PRICE, 0, 0, 0, 0, 0, 0)


class Settled(msgspec.Struct, frozen=True):
    """How a market ended: the index mean (1e-8 dollars), whether YES was paid, and when it was final."""

    value: int
    yes: bool
    at: int


def market_url(ticker: str) -> str:
    """Where one market is read."""
    return f"{BASE}/markets/{ticker}"


def event_url(ticker: str) -> str:
    """Where one event is read."""
    return f"{BASE}/events/{ticker}"


def series_url(ticker: str) -> str:
    """Where one series is read."""
    return f"{BASE}/series/{ticker}"


def market_body(market: Market, top: Top, updated: int, settled: Settled | None = None) -> bytes:
    """The answer to a request for one market."""
    return msgspec.json.encode({"market": market_record(market, top, updated, settled)})


def event_body(event: EventGroup, markets: list[tuple[Market, Top]], updated: int) -> bytes:
    """The answer to a request for one event; its markets stand beside it."""
    stamps = Stamps()
    body = {
        "event": {
            "category": "Crypto",
            "collateral_return_type": event.collateral,
            "event_ticker": event.ticker,
            "exchange_index": markets[0][0].shard,
            "last_updated_ts": stamps.text(updated),
            "mutually_exclusive": event.exclusive,
            "series_ticker": event.series,
            "settlement_sources": None,
            "strike_date": stamps.text(event.strike_ns),
            "sub_title": event.subtitle,
            "title": event.title,
        },
        "markets": [market_record(market, top, updated) for market, top in markets],
    }
    return msgspec.json.encode(body)


def series_body(series: Series, shard: int) -> bytes:
    """The answer to a request for one series, with its fee terms."""
    source = {"name": "CF Benchmarks", "url": "https://example.invalid/index"}
    return msgspec.json.encode({"series": series_record(series, shard, source)})


def series_record(series: Series, shard: int, source: dict[str, str]) -> dict[str, object]:
    """A series, and where its outcomes come from."""
    whole, rest = divmod(series.fee_multiplier, RATIO)
    return {
        "additional_prohibitions": None,
        "categories": [series.category],
        "category": series.category,
        "contract_terms_url": "https://example.invalid/terms.pdf",
        "contract_url": "https://example.invalid/contract.pdf",
        "exchange_index": shard,
        "fee_multiplier": series.fee_multiplier / RATIO if rest else whole,
        "fee_type": series.fee_type,
        "frequency": series.frequency,
        "settlement_sources": [source],
        "tags": None,
        "ticker": series.ticker,
        "title": series.title,
    }


def market_record(
    market: Market, top: Top, updated: int, settled: Settled | None = None
) -> dict[str, object]:
    """A market as it stands in an answer."""
    fields = (
        _terms(market) | _times(market, updated) | _quotes(top) | _strikes(market) | _outcome(market, settled)
    )
    return dict(sorted(fields.items()))


def _terms(market: Market) -> dict[str, object]:
    return {
        "can_close_early": True,
        "event_ticker": market.event,
        "exchange_index": market.shard,
        "liquidity_dollars": "0.0000",
        "market_type": market.kind,
        "no_sub_title": market.subtitle,
        "notional_value_dollars": dollars(PRICE),
        "price_level_structure": STRUCTURES[market.grid],
        "price_ranges": [
            {"end": dollars(band.end), "start": dollars(band.start), "step": dollars(band.step)}
            for band in market.grid
        ],
        "rules_primary": market.rules,
        "rules_secondary": market.rules_secondary,
        "settlement_bounds_type": "default",
        "settlement_timer_seconds": settlement_timer(market) // SECOND,
        "ticker": market.ticker,
        "title": market.title,
        "yes_sub_title": market.subtitle,
    }


def settlement_timer(market: Market) -> int:
    """From determination to final, ns: one second for up/down markets, a minute for the hourly ladders."""
    return SECOND if market.strike_type == "greater_or_equal" else 60 * SECOND


def _times(market: Market, updated: int) -> dict[str, object]:
    stamps = Stamps()
    last = stamps.text(market.close_ns + WEEK_S * SECOND)
    return {
        "close_time": stamps.text(market.close_ns),
        "created_time": stamps.text(market.open_ns - DAY_S * SECOND),
        "expected_expiration_time": stamps.text(market.expected_ns),
        "expiration_time": last,
        "latest_expiration_time": last,
        "occurrence_datetime": stamps.text(market.expected_ns),
        "open_time": stamps.text(market.open_ns),
        "updated_time": stamps.text(updated // MILLISECOND * MILLISECOND),
    }


def _quotes(top: Top) -> dict[str, object]:
    return {
        "last_price_dollars": dollars(top.last),
        "no_ask_dollars": dollars(PRICE - top.bid),
        "no_bid_dollars": dollars(PRICE - top.ask),
        "open_interest_fp": contracts(top.open_interest),
        "previous_price_dollars": dollars(0),
        "previous_yes_ask_dollars": dollars(0),
        "previous_yes_bid_dollars": dollars(0),
        "volume_24h_fp": contracts(top.volume),
        "volume_fp": contracts(top.volume),
        "yes_ask_dollars": dollars(top.ask),
        "yes_ask_size_fp": contracts(top.ask_qty),
        "yes_bid_dollars": dollars(top.bid),
        "yes_bid_size_fp": contracts(top.bid_qty),
    }


def _strikes(market: Market) -> dict[str, object]:
    fields: dict[str, object] = {"strike_type": market.strike_type}
    if market.floor is not None:
        fields["floor_strike"] = strike(market.floor)
    if market.cap is not None:
        fields["cap_strike"] = strike(market.cap)
    if market.custom:
        fields["custom_strike"] = dict(market.custom)
    return fields


def _outcome(market: Market, settled: Settled | None) -> dict[str, object]:
    if settled is None:
        return {"expiration_value": "", "result": "", "status": str(market.status)}
    return {
        "expiration_value": decimal(settled.value, UNDERLYING_DIGITS, 2),
        "result": "yes" if settled.yes else "no",
        "settlement_ts": Stamps().text(settled.at),
        "settlement_value_dollars": dollars(PRICE if settled.yes else 0),
        "status": str(MarketStatus.FINALIZED),
    }

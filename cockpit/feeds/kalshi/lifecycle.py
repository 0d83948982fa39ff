"""The lifecycle channel: steps in a market's life, created events, fee overrides.

There is no message for the opening at ``open_ts`` nor for the close at ``close_ts``: the engine keeps its own clock.
"""

from collections import Counter

from cockpit.domain.events import Event, EventListed, FeeScheduled, MarketChanged, MarketListed, MarketSettled
from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus, SettlementState
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.markets import (
    VENUE,
    custom,
    fee_change,
    grid,
    series_of,
    settlement_value,
    sound,
    strike,
    strike_word,
)
from cockpit.feeds.kalshi.wire import EventBody, FeeBody, LifecycleBody, Metadata, Seconds


def step(ts: int, body: LifecycleBody, census: Counter[str]) -> tuple[Event, ...]:
    """One lifecycle message; a new ``event_type`` is counted and gives nothing. Raises ValueError."""
    ticker = body.market_ticker
    if not sound(ticker):
        tally(census, "unreadable", "not a ticker")
        return ()
    match body.event_type:
        case "created":
            return (_created(ts, body, census),)
        case "activated":
            return (MarketChanged(ts, ticker, status=MarketStatus.ACTIVE),)
        case "deactivated":
            return (MarketChanged(ts, ticker, status=MarketStatus.INACTIVE),)
        case "close_date_updated":
            return (MarketChanged(ts, ticker, close_ns=_known(body.close_ts)),)
        case "determined":
            return _decided(ts, body, MarketStatus.DETERMINED, SettlementState.DETERMINED, census)
        case "settled":
            return _decided(ts, body, MarketStatus.FINALIZED, SettlementState.FINAL, census)
        case "price_level_structure_updated":
            bands = grid(body.price_ranges, body.price_level_structure, census)
            return (MarketChanged(ts, ticker, grid=bands),)
        case "metadata_updated":
            return (_described(ts, body, census),)
        case word:
            tally(census, "lifecycle", word)
            return ()


def _known(value: Seconds) -> int | None:
    """A time, or None (unchanged) when it is not stated."""
    return instant(value) or None


def _created(ts: int, body: LifecycleBody, census: Counter[str]) -> Event:
    about = body.additional_metadata
    if about is None:
        opens, closes = _known(body.open_ts), _known(body.close_ts)
        return MarketChanged(ts, body.market_ticker, MarketStatus.INITIALIZED, opens, closes)
    return MarketListed(ts=ts, market=_market(body, about, census))


def _market(body: LifecycleBody, about: Metadata, census: Counter[str]) -> Market:
    return Market(
        ticker=body.market_ticker,
        venue=VENUE,
        event=about.event_ticker or "",
        series=series_of(about.event_ticker or body.market_ticker),
        title=about.title or about.name or "",
        subtitle=about.yes_sub_title or "",
        status=MarketStatus.INITIALIZED,
        open_ns=instant(body.open_ts),
        close_ns=instant(body.close_ts),
        expected_ns=instant(about.expected_expiration_ts),
        strike_type=strike_word(about.strike_type, census),
        floor=strike(about.floor_strike),
        cap=strike(about.cap_strike),
        custom=custom(about.custom_strike),
        grid=grid(body.price_ranges, body.price_level_structure, census) or CENT_GRID,
        rules=about.rules_primary or "",
        rules_secondary=about.rules_secondary or "",
        shard=body.exchange_index or 0,
    )


def _decided(
    ts: int, body: LifecycleBody, status: MarketStatus, state: SettlementState, census: Counter[str]
) -> tuple[Event, ...]:
    """The result comes with "determined"; "settled" mostly states the time alone, so its value may be None."""
    value = settlement_value(body.result, body.settlement_value, census)
    return (
        MarketChanged(ts, body.market_ticker, status=status),
        MarketSettled(ts, body.market_ticker, state, value),
    )


def _described(ts: int, body: LifecycleBody, census: Counter[str]) -> MarketChanged:
    """New strikes or title: how the strike of a quarter-hour market arrives."""
    return MarketChanged(
        ts,
        body.market_ticker,
        floor=strike(body.floor_strike),
        cap=strike(body.cap_strike),
        strike_type=strike_word(body.strike_type, census) or None,
        subtitle=body.yes_sub_title,
    )


def group(ts: int, body: EventBody) -> EventListed:
    """A created event. Only MECNET events are exclusive. Raises ValueError."""
    collateral = body.collateral_return_type or ""
    return EventListed(
        ts=ts,
        group=EventGroup(
            ticker=body.event_ticker,
            venue=VENUE,
            series=body.series_ticker or series_of(body.event_ticker),
            title=body.title or "",
            subtitle=body.subtitle or "",
            exclusive=collateral == "MECNET",
            collateral=collateral,
            strike_ns=instant(body.strike_date),
        ),
    )


def fees(ts: int, body: FeeBody, census: Counter[str]) -> FeeScheduled:
    """An event's fee override, from now on; nulls clear it. Raises ValueError."""
    kind, ratio = body.fee_type_override, body.fee_multiplier_override
    return fee_change(ts, "event", body.event_ticker, kind, ratio, ts, census)

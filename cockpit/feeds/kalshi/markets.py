"""Market, event and series objects to events; the lifecycle channel shares its parts."""

from collections import Counter
from decimal import Decimal

import msgspec

from cockpit.domain.events import Event, EventListed, FeeScheduled, MarketListed, MarketSettled, SeriesListed
from cockpit.domain.markets import (
    CENT_GRID,
    EventGroup,
    Market,
    MarketStatus,
    PriceBand,
    Series,
    SettlementState,
)
from cockpit.domain.units import PRICE, RATIO, UNDERLYING_DIGITS, fixed, price
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant, nearest
from cockpit.feeds.kalshi.bodies import EventData, EventFeeChange, MarketBody, SeriesBody, SeriesFeeChange
from cockpit.feeds.kalshi.wire import PriceRange

VENUE = "kalshi"
LONGEST = 100
"""Characters of a ticker at most."""

RESULTS = {"yes": PRICE, "no": 0}
STRIKES = frozenset(
    ["greater", "greater_or_equal", "less", "less_or_equal", "between", "functional", "custom", "structured"]
)
FEES = frozenset(
    [
        "quadratic",
        "quadratic_with_maker_fees",
        "quadratic_with_combo_maker_fees",
        "flat",
        "margin_market_maker_program_fees",
    ]
)
STATES = {
    MarketStatus.DETERMINED: SettlementState.DETERMINED,
    MarketStatus.DISPUTED: SettlementState.DISPUTED,
    MarketStatus.AMENDED: SettlementState.AMENDED,
    MarketStatus.FINALIZED: SettlementState.FINAL,
}

_RATIO_DIGITS = 4

_CENTS_DIGITS = 2
"""A cent is a hundred price units."""


def _edged(centre: int, edge: int, width: int = 1_000) -> tuple[PriceBand, ...]:
    return (
        PriceBand(0, width, edge),
        PriceBand(width, PRICE - width, centre),
        PriceBand(PRICE - width, PRICE, edge),
    )


GRIDS = {
    "linear_cent": CENT_GRID,
    "deci_cent": (PriceBand(0, PRICE, 10),),
    "tapered_deci_cent": _edged(100, 10),
    "center_whole_edge_half_cent": _edged(100, 50),
    "center_whole_edge_quint_cent": _edged(100, 20),
    "center_half_edge_half_cent": _edged(50, 50),
    "center_half_edge_quint_cent": _edged(50, 20),
    "center_half_edge_deci_cent": _edged(50, 10),
    "center_quint_edge_quint_cent": _edged(20, 20),
    "center_quint_edge_deci_cent": _edged(20, 10),
    "center_centi_edge_centi_cent": (PriceBand(0, PRICE, 1),),
    "center_deci_edge_centi_cent": _edged(10, 1, 100),
}
"""Grids by label, for messages that carry the label alone; ``price_ranges`` always wins."""


def grid(
    ranges: list[PriceRange] | None, label: str | None, census: Counter[str]
) -> tuple[PriceBand, ...] | None:
    """A price grid, or None when neither bands nor a known label say it. Raises ValueError."""
    if ranges:
        return tuple(_band(each) for each in ranges)
    if label and label not in GRIDS:
        tally(census, "grid", label)
    return GRIDS.get(label or "")


def _band(each: PriceRange) -> PriceBand:
    band = PriceBand(price(each.start), price(each.end), price(each.step))
    if band.step <= 0 or band.start >= band.end:
        raise ValueError(f"not a price band: {each.start} to {each.end} by {each.step}")
    return band


def strike(value: Decimal | None) -> int | None:
    """A strike in 1e-8; raises ValueError."""
    return None if value is None else nearest(value, UNDERLYING_DIGITS)


def strike_word(word: str | None, census: Counter[str]) -> str:
    """The strike type as it stands; a new word is counted."""
    if word and word not in STRIKES:
        tally(census, "strike", word)
    return word or ""


def custom(fields: dict[str, msgspec.Raw] | None) -> tuple[tuple[str, str], ...]:
    """The venue's own strike fields sorted by name; what is not text keeps its JSON form. Raises ValueError."""
    return tuple(sorted((name, _text(bytes(raw))) for name, raw in (fields or {}).items()))


def _text(raw: bytes) -> str:
    return msgspec.json.decode(raw, type=str) if raw[:1] == b'"' else raw.decode()


def status(word: str | None, census: Counter[str]) -> MarketStatus:
    """A market's status; UNKNOWN, counted, for a new word."""
    try:
        return MarketStatus(word or "")
    except ValueError:
        tally(census, "status", word or "missing")
        return MarketStatus.UNKNOWN


def settlement_value(result: str | None, dollars: str | None, census: Counter[str]) -> int | None:
    """What one YES pays: the stated value where there is one, else by the result's word; None when neither says.

    Raises:
        ValueError: when the stated value is no price.
    """
    if result and result not in RESULTS and result != "scalar":
        tally(census, "result", result)
    if dollars:
        return price(dollars)
    return RESULTS.get(result or "")


def expiration(text: str | None) -> int | None:
    """The number a result was decided on, in 1e-8; None for words ("Miami") and for numbers finer than that."""
    try:
        return fixed(text, UNDERLYING_DIGITS) if text else None
    except ValueError:
        return None


def multiplier(value: Decimal | None) -> int | None:
    """A fee multiplier in 1e-4; raises ValueError."""
    if value is None:
        return None
    ratio = nearest(value, _RATIO_DIGITS)  # before comparing: a decimal may be no number
    if ratio < 0:
        raise ValueError(f"negative fee multiplier: {value}")
    return ratio


def fee_change(
    ts: int,
    scope: str,
    ticker: str,
    kind: str | None,
    ratio: Decimal | None,
    since: int,
    census: Counter[str],
) -> FeeScheduled:
    """Fee terms from ``since`` on (0: from ``ts``); a null type clears an override. Raises ValueError."""
    if kind and kind not in FEES:
        tally(census, "fee", kind)
    return FeeScheduled(ts, scope, ticker, kind or None, multiplier(ratio), since or ts)


def series_fees(ts: int, body: SeriesFeeChange, census: Counter[str]) -> FeeScheduled:
    """A series' scheduled fee terms. Raises ValueError."""
    kind, ratio, since = body.fee_type, body.fee_multiplier, instant(body.scheduled_ts)
    return fee_change(ts, "series", body.series_ticker, kind, ratio, since, census)


def event_fees(ts: int, body: EventFeeChange, census: Counter[str]) -> FeeScheduled:
    """An event's scheduled fee override. Raises ValueError."""
    kind, ratio = body.fee_type_override, body.fee_multiplier_override
    return fee_change(ts, "event", body.event_ticker, kind, ratio, instant(body.scheduled_ts), census)


def sound(ticker: str) -> bool:
    """Whether a ticker is one: nothing in it that moves a cursor, and no longer than any the venue gives."""
    return 0 < len(ticker) <= LONGEST and ticker.isprintable()


def series_of(ticker: str) -> str:
    """The series of a ticker: its part before the first dash. A fallback where the event does not name it."""
    return ticker.partition("-")[0]


def market(ts: int, body: MarketBody, census: Counter[str], series: str | None = None) -> list[Event]:
    """A market object: the listing, and the settlement once it has a result. Raises ValueError."""
    if not sound(body.ticker):
        raise ValueError("not a ticker")
    word = status(body.status, census)
    value = _value(body, census) if body.result else None
    listing = Market(
        ticker=body.ticker,
        venue=VENUE,
        event=body.event_ticker or "",
        series=series or series_of(body.event_ticker or body.ticker),
        title=body.title or "",
        subtitle=body.yes_sub_title or body.subtitle or "",
        kind=body.market_type or "binary",
        status=word,
        open_ns=instant(body.open_time),
        close_ns=instant(body.close_time),
        expected_ns=instant(body.expected_expiration_time),
        strike_type=strike_word(body.strike_type, census),
        floor=strike(body.floor_strike),
        cap=strike(body.cap_strike),
        custom=custom(body.custom_strike),
        grid=grid(body.price_ranges, body.price_level_structure, census) or CENT_GRID,
        result=body.result or "",
        value=value,
        expiration=expiration(body.expiration_value),
        rules=body.rules_primary or "",
        rules_secondary=body.rules_secondary or "",
        fee_waiver_ns=instant(body.fee_waiver_expiration_time),
        shard=body.exchange_index or 0,
    )
    listed: list[Event] = [MarketListed(ts=ts, market=listing)]
    state = _state(word, body.result)
    if state is not None:
        listed.append(MarketSettled(ts, body.ticker, state, value, listing.expiration))
    return listed


def _value(body: MarketBody, census: Counter[str]) -> int | None:
    value = settlement_value(body.result, body.settlement_value_dollars, census)
    if value is None and body.settlement_value is not None:
        value = nearest(body.settlement_value, _CENTS_DIGITS)
        if not 0 <= value <= PRICE:
            raise ValueError(f"settlement value outside 0..1: {body.settlement_value}")
    return value


def _state(word: MarketStatus, result: str | None) -> SettlementState | None:
    if word is MarketStatus.FINALIZED and not result:
        return SettlementState.VOID
    return STATES.get(word) or (SettlementState.DETERMINED if result else None)


def event(
    ts: int, body: EventData, census: Counter[str], beside: list[MarketBody] | None = None
) -> list[Event]:
    """An event object: the group, its fee override if it has one, and its markets; those out of shape are counted.

    Raises:
        ValueError: when the event itself cannot be read.
    """
    group = EventGroup(
        ticker=body.event_ticker,
        venue=VENUE,
        series=body.series_ticker or series_of(body.event_ticker),
        title=body.title or "",
        subtitle=body.sub_title or "",
        exclusive=bool(body.mutually_exclusive),
        collateral=body.collateral_return_type or "",
        strike_ns=instant(body.strike_date),
    )
    listed: list[Event] = [EventListed(ts=ts, group=group)]
    if body.fee_type_override is not None or body.fee_multiplier_override is not None:
        kind, ratio = body.fee_type_override, body.fee_multiplier_override
        listed.append(fee_change(ts, "event", body.event_ticker, kind, ratio, ts, census))
    for each in body.markets or beside or ():
        try:
            listed += market(ts, each, census, group.series)
        except ValueError as error:
            tally(census, "unreadable", error)
    return listed


def series(ts: int, body: SeriesBody, census: Counter[str]) -> SeriesListed:
    """A series object; a multiplier that is not stated is 1. Raises ValueError."""
    if body.fee_type and body.fee_type not in FEES:
        tally(census, "fee", body.fee_type)
    ratio = multiplier(body.fee_multiplier)
    return SeriesListed(
        ts=ts,
        series=Series(
            ticker=body.ticker,
            venue=VENUE,
            title=body.title or "",
            category=body.category or "",
            frequency=body.frequency or "",
            fee_type=body.fee_type or "",
            fee_multiplier=RATIO if ratio is None else ratio,
        ),
    )

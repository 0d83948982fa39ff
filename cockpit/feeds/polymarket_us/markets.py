"""The gateway's market objects to markets in the house's terms.

Automated crypto markets settle as Kalshi's do: on the simple mean of the 60 one-second prints of CF Benchmarks' index
over [T - 59 s, T], rounded to cents. A strike that is met pays YES, a tie pays Up, range bounds are both included, and
buckets tile in cents (source: docs.polymarket.us, crypto FAQs). One-touch markets settle on a rolling trimmed mean and
get no strike here. ``custom`` says what decides: asset, family, horizon, index, round_digits.
"""

from collections import Counter
from decimal import Decimal

from cockpit.domain.markets import (
    CENT_GRID,
    EventGroup,
    FeeSchedule,
    Market,
    MarketStatus,
    PriceBand,
)
from cockpit.domain.units import (
    MONEY,
    PRICE,
    PRICE_DIGITS,
    QTY_DIGITS,
    RATIO,
    UNDERLYING_DIGITS,
    fixed,
)
from cockpit.feeds.census import tally
from cockpit.feeds.exact import instant, nearest
from cockpit.feeds.polymarket_us.bodies import Amount, MarketBody, Terms

VENUE = "polymarket_us"

FAMILIES = {
    "ASSET_PRICE_MARKET_TYPE_UP_DOWN": "updown",
    "ASSET_PRICE_MARKET_TYPE_ABOVE_BELOW": "above",
    "ASSET_PRICE_MARKET_TYPE_RANGE": "range",
    "ASSET_PRICE_MARKET_TYPE_ONE_TOUCH": "touch",
}
STATES = {
    "MARKET_STATUS_OPEN": MarketStatus.ACTIVE,
    "MARKET_STATUS_CLOSED": MarketStatus.INACTIVE,
    "MARKET_STATUS_HALTED": MarketStatus.INACTIVE,
    "MARKET_STATUS_RESOLVING": MarketStatus.CLOSED,
    "MARKET_STATUS_RESOLVED": MarketStatus.DETERMINED,
}
"""CLOSED is said of a window that has not opened yet, too: it takes no orders, and may take some later."""
BOOK_STATES = {
    "MARKET_STATE_OPEN": MarketStatus.ACTIVE,
    "MARKET_STATE_PREOPEN": MarketStatus.INITIALIZED,
    "MARKET_STATE_SUSPENDED": MarketStatus.INACTIVE,
    "MARKET_STATE_HALTED": MarketStatus.INACTIVE,
    "MARKET_STATE_EXPIRED": MarketStatus.CLOSED,
    "MARKET_STATE_TERMINATED": MarketStatus.CLOSED,
    "MARKET_STATE_MATCH_AND_CLOSE_AUCTION": MarketStatus.CLOSED,
}
MAKER_REBATE = 125
"""0.0125 in 1e-4, by the venue's fee page since April 2026: what it pays makers by the takers' formula."""
PLAIN = frozenset({"yes", "up"})

Strike = tuple[str, int | None, int | None]


def market(body: MarketBody, census: Counter[str]) -> Market:
    """A market object. Raises ValueError."""
    terms = body.asset_price_terms
    kind, floor, cap = strike(terms, census) if terms else ("", None, None)
    ends = instant(terms.window_end) if terms else 0
    closes = ends if terms and FAMILIES.get(terms.market_type or "") else 0
    return Market(
        ticker=body.slug,
        venue=VENUE,
        event=_event(terms, body.slug) if terms else "",
        series=_series(terms) if terms else "",
        title=body.question or body.title or "",
        subtitle=_subtitle(body),
        status=status(body, census),
        open_ns=instant(body.start_date),
        close_ns=closes,
        expected_ns=ends or instant(body.end_date),
        strike_type=kind,
        floor=floor,
        cap=cap,
        custom=_custom(terms) if terms else (),
        grid=grid(body.order_price_min_tick_size, census),
        expiration=_amount(terms.settlement_price) if terms else None,
        rules=body.description or "",
        least=max(0, nearest(body.minimum_trade_qty, QTY_DIGITS)) if body.minimum_trade_qty else 0,
        fees=fees(body.fee_coefficient),
    )


def group(body: MarketBody) -> EventGroup | None:
    """The event of a crypto market: the markets of one family and asset that end together. Raises ValueError."""
    terms = body.asset_price_terms
    if terms is None:
        return None
    ends = instant(terms.window_end)
    return EventGroup(
        ticker=_event(terms, body.slug),
        venue=VENUE,
        series=_series(terms),
        title=body.question or body.title or "",
        exclusive=FAMILIES.get(terms.market_type or "") == "range",
        strike_ns=ends,
    )


def strike(terms: Terms, census: Counter[str]) -> Strike:
    """Strike type, floor and cap (1e-8); empty while a window's price to beat is not known. Raises ValueError."""
    kind = FAMILIES.get(terms.market_type or "")
    if kind is None:
        tally(census, "family", terms.market_type or "missing")
        return "", None, None
    if kind == "touch":
        return "", None, None
    if kind in ("updown", "above"):
        floor = _amount(terms.price_to_beat if kind == "updown" else terms.strike)
        return ("greater_or_equal" if floor is not None else ""), floor, None
    low, high = _amount(terms.range_lower), _amount(terms.range_upper)
    if low is None:
        return ("less_or_equal" if high is not None else ""), None, high
    return ("greater_or_equal" if high is None else "between"), low, high


def _amount(amount: Amount | None) -> int | None:
    return fixed(amount.value, UNDERLYING_DIGITS) if amount is not None else None


def _series(terms: Terms) -> str:
    """Asset, family and horizon, as the venue's own series are named: "btc-updown-15m"."""
    kind = FAMILIES.get(terms.market_type or "", "")
    words = (_symbol(terms).lower(), kind, terms.horizon or "")
    return "-".join(word for word in words if word)


def _event(terms: Terms, slug: str) -> str:
    """Ladders of one expiry share an event; a window is one by itself."""
    if FAMILIES.get(terms.market_type or "") not in ("above", "range"):
        return slug
    return f"{_series(terms)} {terms.window_end or ''}".strip()


def _symbol(terms: Terms) -> str:
    return ((terms.asset.symbol if terms.asset else None) or "").upper()


def _custom(terms: Terms) -> tuple[tuple[str, str], ...]:
    fields = {
        "asset": _symbol(terms),
        "family": FAMILIES.get(terms.market_type or "", ""),
        "horizon": terms.horizon or "",
        "index": terms.index_symbol or "",
        "round_digits": "2",
        "starts": terms.window_start or "",
    }
    return tuple((name, value) for name, value in sorted(fields.items()) if value)


def _subtitle(body: MarketBody) -> str:
    """What YES is: the market's own title, else the long side's words."""
    long = next((side.description for side in body.market_sides or () if side.long), None) or ""
    short = body.subtitle or (body.title if body.title != body.question else "") or ""
    if short or long.casefold() in PLAIN:
        return short
    return long


def status(body: MarketBody, census: Counter[str]) -> MarketStatus:
    """Where a market stands; a new word is counted."""
    word = body.status or ""
    found = STATES.get(word)
    if found is None:
        if word not in ("", "MARKET_STATUS_UNSPECIFIED"):
            tally(census, "status", word)
        found = MarketStatus.ACTIVE if body.active and not body.closed and not word else MarketStatus.INACTIVE
    if body.closed and found is MarketStatus.ACTIVE:
        return MarketStatus.CLOSED
    return found


def grid(tick: Decimal | None, census: Counter[str]) -> tuple[PriceBand, ...]:
    """The price grid of a tick; cents, counted, for one that is none. Raises ValueError."""
    step = nearest(tick, PRICE_DIGITS) if tick is not None else 0
    if not 0 < step <= PRICE // 2 or PRICE % step:
        tally(census, "tick", tick)
        return CENT_GRID
    return (PriceBand(0, PRICE, step),)


def fees(coefficient: Decimal | None) -> FeeSchedule:
    """The venue's fee: the coefficient times P(1-P), to the nearest cent, half to even. Raises ValueError."""
    rate = max(0, nearest(coefficient, 4)) if coefficient is not None else 0
    rebate = min(RATIO, MAKER_REBATE * RATIO // rate) if rate else 0
    return FeeSchedule(rate=rate, rebate_rate=rebate, quantum=MONEY // 100, nearest=True)

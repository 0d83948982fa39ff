"""Gamma's market objects to listings: the market, its event, its two tokens, and what is known of its outcome.

Which token is YES is told by the labels, never by their order: "Yes", "Up", "Over", "Long" or "Above" where a label
says so, the other of a pair whose first is "No", "Down" and so on, and else the first named (the first team).

``close_ns`` is told only where a listing's end is the moment that decides, which is so for crypto windows and ladders.
Elsewhere the end is a guess that trading outlives, and stands as ``expected_ns``.
"""

from collections import Counter
from decimal import Decimal

import msgspec

from cockpit.domain.markets import (
    CENT_GRID,
    EventGroup,
    FeeSchedule,
    Market,
    PriceBand,
)
from cockpit.domain.units import PRICE, PRICE_DIGITS, QTY_DIGITS, RATIO, UNDERLYING_DIGITS
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest
from cockpit.feeds.polymarket.bodies import EventRef, MarketBody, Schedule, strings
from cockpit.feeds.polymarket.families import Family, family, settles_on, strike
from cockpit.feeds.polymarket.games import starts
from cockpit.feeds.polymarket.numbers import moment, price_of
from cockpit.feeds.polymarket.outcome import (
    HALF,
    Prices,
    Settled,
    accepting,
    prices_of,
    settlement,
    status,
)

VENUE = "polymarket"

AFFIRMATIVE = {"yes": "no", "up": "down", "over": "under", "long": "short", "above": "below"}
"""A label that means YES, and its opposite."""
NEGATIVE = frozenset(AFFIRMATIVE.values())
PLAIN = frozenset({"yes", "up"})
"""YES labels that say nothing a title does not."""

_BLANK = "___"
"""Where an event's title leaves room for a market's."""
STEEPEST = 4
"""The largest exponent a fee curve may have."""
_RATIO_DIGITS = 4


class Listing(msgspec.Struct):
    """One market as the venue lists it."""

    market: Market
    group: EventGroup
    yes: str
    """Token ids: decimal text of some 77 digits, never a number."""
    no: str
    end_ns: int = 0
    """The listing's end, ns UTC; 0 where it has none."""
    mid: int = -1
    """About what YES costs, price units; -1 where nothing says."""
    settled: Settled | None = None
    accepting: bool = False
    starts_ns: int = 0
    """When its game begins, ns UTC; 0 for what is no game's."""


def listing(ref: EventRef, body: MarketBody, census: Counter[str]) -> Listing | None:
    """A market object as a listing; None, counted, for one that cannot be traded here. Raises ValueError.

    Those are markets without two outcomes, and new ones whose tokens are not there yet.
    """
    outcomes, tokens = strings(body.outcomes), strings(body.clob_token_ids)
    whole = body.condition_id and len(tokens) == 2 and all(tokens) and tokens[0] != tokens[1]
    if len(outcomes) != 2 or not whole:
        tally(census, "listing", "no pair of tokens" if len(outcomes) == 2 else "no pair of outcomes")
        return None
    yes = yes_index(outcomes)
    found = family(ref.slug or "")
    prices = prices_of(body, yes)
    settled = settlement(body, prices)
    group = event_group(ref, found)
    return Listing(
        market=_market(ref, body, found, outcomes[yes], settled, census),
        group=group,
        yes=tokens[yes],
        no=tokens[1 - yes],
        end_ns=moment(body.end_date),
        mid=_mid(body, prices),
        settled=settled,
        accepting=accepting(body),
        starts_ns=starts(ref, body),
    )


def yes_index(outcomes: list[str]) -> int:
    """Which of two labels is YES; see the module."""
    words = [label.strip().casefold() for label in outcomes]
    for i, word in enumerate(words):
        if word in AFFIRMATIVE:
            return i
    return 1 if words[0] in NEGATIVE else 0


def event_group(ref: EventRef, found: Family | None) -> EventGroup:
    """What the markets of an event share. Its id names it: slugs change when an event is listed again."""
    exclusive = bool(ref.neg_risk or ref.enable_neg_risk)
    collateral = ("NEGRISK_AUGMENTED" if ref.neg_risk_augmented else "NEGRISK") if exclusive else ""
    return EventGroup(
        ticker=ref.id or ref.slug or "",
        venue=VENUE,
        series=_series(ref),
        title=ref.title or "",
        subtitle=ref.slug or "",
        exclusive=exclusive,
        collateral=collateral,
        strike_ns=moment(ref.end_date) if found is not None else 0,
    )


def _series(ref: EventRef) -> str:
    first = ref.series[0].slug if ref.series else None
    return ref.series_slug or first or ""


def _market(
    ref: EventRef,
    body: MarketBody,
    found: Family | None,
    yes: str,
    settled: Settled | None,
    census: Counter[str],
) -> Market:
    meta = ref.event_metadata
    question, short = body.question or "", body.group_item_title or ""
    stated = strike(found, question, short, meta.price_to_beat if meta else None, census)
    value = settled[1] if settled else None
    end = moment(body.end_date)
    starts = moment(body.game_start_time) if body.clear_book_on_start else 0
    return Market(
        ticker=body.condition_id,
        venue=VENUE,
        event=ref.id or ref.slug or "",
        series=_series(ref),
        title=question,
        subtitle=_subtitle(yes, short) if found is not None else _named(ref, question, _subtitle(yes, short)),
        status=status(body, settled),
        open_ns=moment(body.start_date),
        close_ns=end if found is not None else 0,
        expected_ns=end,
        strike_type=stated.kind,
        floor=stated.floor,
        cap=stated.cap,
        custom=_custom(found, body),
        grid=grid(body.order_price_min_tick_size, census),
        result={PRICE: "yes", 0: "no", HALF: "half"}.get(-1 if value is None else value, ""),
        value=value,
        expiration=_final(meta.final_price if meta and settled else None),
        rules=body.description or "",
        least=least(body.order_min_size),
        fees=fees(body.fee_schedule if body.fees_enabled is not False else None, census),
        clear_ns=starts,
    )


def _subtitle(yes: str, short: str) -> str:
    if yes.strip().casefold() in PLAIN:
        return short
    return f"{yes}: {short}" if short else yes


def _named(ref: EventRef, question: str, short: str) -> str:
    """A short title with its event's, which it means little without ("No change - Fed decision in October")."""
    title = (ref.title or "").rstrip("? ")
    if not title or not short or title == question.rstrip("? "):
        return short
    return title.replace(_BLANK, short) if _BLANK in title else f"{short} - {title}"


def _custom(found: Family | None, body: MarketBody) -> tuple[tuple[str, str], ...]:
    """What a crypto market measures, the same for all markets of its event."""
    if found is None:
        return ()
    config = body.crypto_market_config
    lookback = config.twap_lookback_seconds or 0 if config and config.twap_enabled else 0
    fields = {
        "asset": found.asset,
        "family": found.kind,
        "horizon": found.horizon,
        "starts": body.event_start_time or "",
        "settles": settles_on(body.resolution_source or "", body.description or "", lookback),
    }
    return tuple((name, value) for name, value in sorted(fields.items()) if value)


def _final(value: Decimal | None) -> int | None:
    return None if value is None else nearest(value, UNDERLYING_DIGITS)


def grid(tick: Decimal | None, census: Counter[str]) -> tuple[PriceBand, ...]:
    """The price grid of a tick: whole ticks from one above 0 to one below a dollar; cents, counted, for no tick."""
    step = nearest(tick, PRICE_DIGITS) if tick is not None else 0
    if not 0 < step <= HALF or PRICE % step:
        tally(census, "tick", tick)
        return CENT_GRID
    return (PriceBand(0, PRICE, step),)


def least(size: Decimal | None) -> int:
    """The smallest resting order, quantity units; 0 where none is stated. Raises ValueError."""
    return max(0, nearest(size, QTY_DIGITS)) if size is not None else 0


def fees(stated: Schedule | None, census: Counter[str]) -> FeeSchedule:
    """Fee terms; a market without them charges nothing. Raises ValueError."""
    if stated is None or stated.rate is None:
        return FeeSchedule()
    return FeeSchedule(
        rate=max(0, nearest(stated.rate, _RATIO_DIGITS)),
        exponent=exponent(stated.exponent, census),
        taker_only=stated.taker_only is not False,
        rebate_rate=_share(stated.rebate_rate),
    )


def exponent(value: Decimal | None, census: Counter[str]) -> int:
    """A curve's exponent; one that is not whole is counted, and taken as the whole one below it, which charges more."""
    if value is None:
        return 1
    thousandths = nearest(value, 3)
    if thousandths % 1_000 or not 0 <= thousandths <= STEEPEST * 1_000:
        tally(census, "fee", f"exponent {value}")
    return min(max(0, thousandths // 1_000), STEEPEST)


def _share(value: Decimal | None) -> int:
    return min(max(0, nearest(value, _RATIO_DIGITS)), RATIO) if value is not None else 0


def _mid(body: MarketBody, prices: Prices | None) -> int:
    """About what YES costs: the stated prices, which are a cache, good enough to choose by."""
    if prices is not None:
        return min(max(0, nearest(prices[0], PRICE_DIGITS)), PRICE)
    if body.best_bid is None and body.best_ask is None:
        return -1
    return (price_of(body.best_bid or Decimal(0)) + price_of(body.best_ask or Decimal(1))) // 2

"""A day's high as Kalshi lists it: six brackets of one event. All wording is ours, the shapes are the venue's of 2026.

The two ends are ``less`` and ``greater`` than a whole degree, four brackets of two degrees lie between, both ends included.
"""

from typing import NamedTuple

import msgspec

from cockpit.domain.markets import EventGroup, Market, MarketStatus, Series
from cockpit.domain.newyork import local
from cockpit.domain.units import RATIO, UNDERLYING
from cockpit.rehearsal.rest import market_record, series_record
from cockpit.rehearsal.skies.day import HOUR_NS, MINUTE_NS, Day
from cockpit.rehearsal.wire import Stamps, Top

SHARD = 0
CATEGORY = "Climate and Weather"
PLACE = "Central Park, New York"
_SOURCE = {"name": "National Weather Service", "url": "https://example.invalid/climate"}


class Degrees(NamedTuple):
    """The whole degrees that pay, both ends included; None is open."""

    low: int | None
    high: int | None


def ladder(middle: int) -> list[Degrees]:
    """Six brackets around a whole degree, the lowest first."""
    inner = [Degrees(low, low + 1) for low in range(middle - 4, middle + 4, 2)]
    return [Degrees(None, middle - 5), *inner, Degrees(middle + 4, None)]


def series(day: Day) -> Series:
    """The series of a city's highs."""
    name = day.station.series[0]
    return Series(name, "kalshi", "Highest temperature in NYC", CATEGORY, "daily", "quadratic", RATIO)


def series_body(each: Series) -> bytes:
    """The answer to a request for the series."""
    return msgspec.json.encode({"series": series_record(each, SHARD, _SOURCE)})


def event(day: Day) -> EventGroup:
    """The day's event."""
    name = day.station.series[0]
    at = local(day.midnight)
    return EventGroup(
        ticker=f"{name}-{at:%y%b%d}".upper(),
        venue="kalshi",
        series=name,
        title=f"Highest temperature in NYC on {at:%b %-d, %Y}?",
        subtitle=f"On {at:%b %-d, %Y}",
        exclusive=True,
        collateral="MECNET",
        strike_ns=_closes(day),
    )


def market(day: Day, degrees: Degrees) -> Market:
    """The market on one bracket."""
    group = event(day)
    kind, suffix, floor, cap, words, text = _strikes(degrees)
    return Market(
        ticker=f"{group.ticker}-{suffix}",
        venue="kalshi",
        event=group.ticker,
        series=group.series,
        title=f"Will the high in NYC be {words} on {local(day.midnight):%b %-d, %Y}?",
        subtitle=text,
        status=MarketStatus.ACTIVE,
        open_ns=day.midnight - 14 * HOUR_NS,
        close_ns=_closes(day),
        expected_ns=_closes(day) + 10 * HOUR_NS,
        strike_type=kind,
        floor=None if floor is None else floor * UNDERLYING,
        cap=None if cap is None else cap * UNDERLYING,
        rules=(
            f"Pays if the highest temperature at {PLACE} on {local(day.midnight):%b %-d, %Y} is {words}. "
            "Read from the Climatological Report (Daily) of the National Weather Service."
        ),
        rules_secondary="The first complete report counts, in whole degrees. Invented for rehearsal.",
        shard=SHARD,
    )


def event_body(each: EventGroup, markets: list[tuple[Market, Top]], updated: int) -> bytes:
    """The answer to a request for the event; its markets stand beside it."""
    body = {
        "event": {
            "category": CATEGORY,
            "collateral_return_type": each.collateral,
            "event_ticker": each.ticker,
            "exchange_index": SHARD,
            "last_updated_ts": Stamps().text(updated),
            "mutually_exclusive": each.exclusive,
            "series_ticker": each.series,
            "settlement_sources": [_SOURCE],
            "strike_date": Stamps().text(each.strike_ns),
            "sub_title": each.subtitle,
            "title": each.title,
        },
        "markets": [market_record(market, top, updated) for market, top in markets],
    }
    return msgspec.json.encode(body)


def _closes(day: Day) -> int:
    """A minute before the day is over."""
    return day.midnight + 24 * HOUR_NS - MINUTE_NS


def _strikes(degrees: Degrees) -> tuple[str, str, int | None, int | None, str, str]:
    """Strike type, the ticker's end, floor and cap in whole degrees, and the bracket in words, twice."""
    low, high = degrees
    if low is None:
        assert high is not None
        return "less", f"T{high + 1}", None, high + 1, f"<{high + 1}°", f"{high}° or below"
    if high is None:
        return "greater", f"T{low - 1}", low - 1, None, f">{low - 1}°", f"{low}° or above"
    return "between", f"B{low}.5", low, high, f"{low}-{high}°", f"{low}° to {high}°"

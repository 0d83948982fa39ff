"""The weather service's own forecast: raw values of the grid square a station lies in.

Hourly temperatures hold for the intervals they name ("2026-07-01T05:00:00+00:00/PT3H"), so they are spread over their hours.
The day's maximum and the night's minimum are told besides, for intervals of some thirteen hours; each belongs to the climate
day of its middle. A maximum between the hours is higher than all of them: the higher of both is taken. A night's minimum is
taken only where the hours say that it falls behind midnight. What the grid no longer has, since the hour is past, is none.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from cockpit.domain.units import SECOND
from cockpit.domain.weather import Forecast
from cockpit.feeds.exact import rfc3339
from cockpit.feeds.weather.numbers import HOUR_NS, Span, temperature, whole_day
from cockpit.feeds.weather.places import Place

MODEL = "nws"
DAYS = 3
"""Today and the next two."""
STALE_NS = 12 * HOUR_NS
"""A grid not written anew for so long is not believed."""
LONGEST_H = 240

_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,3})M)?)?", re.ASCII)
_OFFICE = re.compile(r"[A-Z]{3}")
_DAY_NS = 24 * HOUR_NS


class Valued(msgspec.Struct, frozen=True, rename="camel"):
    """One value and the interval it holds for."""

    valid_time: str
    value: Decimal | None = None


class Series(msgspec.Struct, frozen=True):
    """A quantity over time."""

    uom: str | None = None
    values: list[Valued] = []


class Properties(msgspec.Struct, frozen=True, rename="camel"):
    """What a grid square says."""

    update_time: str | None = None
    temperature: Series = Series()
    max_temperature: Series = Series()
    min_temperature: Series = Series()


class Grid(msgspec.Struct, frozen=True):
    """GET /gridpoints/{office}/{x},{y}."""

    properties: Properties


class Square(msgspec.Struct, frozen=True, rename="camel"):
    """Which square a point lies in."""

    grid_id: str
    grid_x: int
    grid_y: int


class Point(msgspec.Struct, frozen=True):
    """GET /points/{latitude},{longitude}."""

    properties: Square


class Interval(msgspec.Struct, frozen=True):
    """A value from one time to another."""

    start: int
    end: int
    temp: int


_grid = msgspec.json.Decoder(Grid).decode
_point = msgspec.json.Decoder(Point).decode


def square(data: bytes | msgspec.Raw) -> str:
    """The square of a point, as its URL writes it: "OKX/33,37". Raises ValueError."""
    told = _point(data).properties
    if not _OFFICE.fullmatch(told.grid_id) or not (0 <= told.grid_x < 10_000 and 0 <= told.grid_y < 10_000):
        raise ValueError("not a grid square")
    return f"{told.grid_id}/{told.grid_x},{told.grid_y}"


def read(data: bytes | msgspec.Raw, place: Place, now: int) -> list[Forecast]:
    """What the grid says of today and the next two days of a station.

    Raises:
        ValueError: when it cannot be read, or has not been written for long.
    """
    said = _grid(data).properties
    written = rfc3339(said.update_time) if said.update_time else 0
    if written and written < now - STALE_NS:
        raise ValueError(f"the grid was last written {(now - written) // HOUR_NS} hours ago")
    hours = {
        at: each.temp
        for each in _intervals(said.temperature)
        for at in range(each.start - each.start % HOUR_NS, each.end, HOUR_NS)
    }
    highs, lows = list(_intervals(said.max_temperature)), list(_intervals(said.min_temperature))
    start = place.starts(place.day(now))
    found = (_forecast(place, start + n * _DAY_NS, hours, highs, lows) for n in range(DAYS))
    return [each for each in found if each is not None]


def _forecast(
    place: Place, start: int, hours: Mapping[int, int], highs: list[Interval], lows: list[Interval]
) -> Forecast | None:
    """One day; None where nothing is said of it."""
    span = whole_day(hours, start)
    known = [hours[at] for at in range(start, start + _DAY_NS, HOUR_NS) if at in hours]
    told = [each.temp for each in _of_day(highs, start)]
    high = max((*told, *known)) if told else span.high if span else None
    low = _low(span, list(_of_day(lows, start)), hours, start)
    if high is None and low is None:
        return None
    return Forecast(MODEL, place.icao, place.day(start), high, low, span.warmest_ns if span else 0)


def _of_day(intervals: Iterable[Interval], start: int) -> Iterable[Interval]:
    return (each for each in intervals if start <= (each.start + each.end) // 2 < start + _DAY_NS)


def _low(span: Span | None, nights: list[Interval], hours: Mapping[int, int], start: int) -> int | None:
    """The day's lowest; None unless all its hours are known."""
    if span is None:
        return None
    low = span.low
    for night in nights:
        held = [(hours[at], at) for at in range(night.start, night.end, HOUR_NS) if at in hours]
        if held and min(held)[1] >= start and night.start <= span.coldest_ns < night.end:
            low = min(low, night.temp)
    return low


def _intervals(series: Series) -> Iterable[Interval]:
    """Values with their times. Raises ValueError."""
    for each in series.values:
        if each.value is None:
            continue
        stamp, _, duration = each.valid_time.partition("/")
        start = rfc3339(stamp)
        yield Interval(start, start + _length(duration), temperature(each.value, series.uom or ""))


def _length(duration: str) -> int:
    """An ISO 8601 duration in days, hours and minutes, ns. Raises ValueError."""
    match = _DURATION.fullmatch(duration)
    days, hours, minutes = (int(each or 0) for each in match.groups()) if match else (0, 0, 0)
    length = days * _DAY_NS + hours * HOUR_NS + minutes * 60 * SECOND
    if not 0 < length <= LONGEST_H * HOUR_NS:
        raise ValueError(f"not an interval: {duration[:40]!r}")
    return length

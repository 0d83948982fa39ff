"""Temperatures as 1/100 degree Fahrenheit, exact to half a hundredth; nothing here passes through a float."""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE
from cockpit.feeds.exact import nearest, rfc3339

COLDEST, WARMEST = -100 * DEGREE, 150 * DEGREE
"""What no thermometer of ours has read."""
FREEZING = 32 * DEGREE
HOUR_NS = 3_600 * SECOND
_CELSIUS = frozenset({"degC", "°C", "C"})
_FAHRENHEIT = frozenset({"degF", "°F", "F"})


def of_tenths(tenths: int) -> int:
    """Tenths of a degree Celsius: whole figures in Fahrenheit's hundredths."""
    return checked(18 * tenths + FREEZING)


def temperature(value: Decimal, unit: str) -> int:
    """A temperature in a unit such as "wmoUnit:degC", "unit:degC", "degC" or "°F".

    Raises:
        ValueError: for another unit, and for what no thermometer reads.
    """
    bare = unit.rpartition(":")[2]
    if bare in _FAHRENHEIT:
        return checked(nearest(value, 2))
    if bare not in _CELSIUS:
        raise ValueError(f"not a unit of temperature: {unit[:40]!r}")
    return checked(nearest(value * 9 / 5, 2) + FREEZING) if value.is_finite() else nearest(value, 2)


def is_fahrenheit(unit: str) -> bool:
    """Whether a unit is degrees Fahrenheit."""
    return unit.rpartition(":")[2] in _FAHRENHEIT


def checked(temp: int) -> int:
    """The same. Raises ValueError where no thermometer reads so."""
    if not COLDEST <= temp <= WARMEST:
        raise ValueError(f"not a temperature: {temp / DEGREE:.2f} F")
    return temp


def minute(text: str) -> int:
    """A time to the minute in UTC without a zone ("2026-07-01T05:00") as ns UTC. Raises ValueError."""
    return rfc3339(f"{text}:00Z") if len(text) == 16 else rfc3339(text)


class Span(msgspec.Struct, frozen=True):
    """What the hours of a climate day say together."""

    high: int
    low: int
    warmest_ns: int
    coldest_ns: int
    """When the first of its warmest and of its coldest hours begins."""


def whole_day(hours: Mapping[int, int], start_ns: int) -> Span | None:
    """The extremes of the day that begins at a time, from temperatures by hour; None unless all 24 are there."""
    day = [(hours.get(start_ns + n * HOUR_NS), start_ns + n * HOUR_NS) for n in range(24)]
    known = [(temp, at) for temp, at in day if temp is not None]
    if len(known) < 24:
        return None
    (high, warmest), (low, coldest) = max(known, key=lambda each: each[0]), min(known)
    return Span(high, low, warmest, coldest)

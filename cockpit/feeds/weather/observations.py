"""Observations of api.weather.gov: what the thermometer read, to a tenth of a degree Celsius where the message says so.

A METAR's remarks tell tenths in a group T (sign, three figures; temperature, then dew point), and at 00, 06, 12 and 18 UTC
the highest and lowest of six hours in groups 1 and 2 (sign, three figures). Everything else was rounded to whole degrees
Celsius before it came. Source: Federal Meteorological Handbook 1, chapter 12; quality letters of MADIS: V verified, S screened
and C coarse pass, Z was not looked at, X is rejected, Q questioned, B bad by a person's judgement.
"""

import re
from collections import Counter
from decimal import Decimal

import msgspec

from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE, Reading
from cockpit.feeds.census import tally
from cockpit.feeds.exact import nearest, rfc3339
from cockpit.feeds.weather.numbers import FREEZING, is_fahrenheit, of_tenths, temperature

Text = str | None
TRUSTED = frozenset("VSC")
DROPPED = frozenset("XQB")
AHEAD_NS = 900 * SECOND
"""How far in the future a reading's time may lie: nobody reads so far ahead."""
SLACK = 2 * DEGREE
"""How far a reading may lie outside of its own six hours: it is rounded, they are not."""

_TENTHS = re.compile(r"T([01])(\d{3})(?:[01]\d{3})?", re.ASCII)
_SIX = re.compile(r"([12])([01])(\d{3})", re.ASCII)


class Struct(msgspec.Struct, frozen=True, rename="camel"):
    """What all bodies share."""


class Measured(Struct, frozen=True):
    """A value with its unit and what quality control says."""

    value: Decimal | None = None
    unit_code: Text = None
    quality_control: Text = None


class Properties(Struct, frozen=True):
    """What an observation says."""

    timestamp: str
    raw_message: Text = None
    temperature: Measured | None = None


class Feature(Struct, frozen=True):
    """One observation."""

    properties: Properties


class Answer(Struct, frozen=True):
    """GET /stations/{id}/observations (``features``, the newest first) or .../latest (``properties``)."""

    features: list[msgspec.Raw] | None = None
    properties: msgspec.Raw = msgspec.Raw(b"")


_answer = msgspec.json.Decoder(Answer).decode
_feature = msgspec.json.Decoder(Feature).decode
_properties = msgspec.json.Decoder(Properties).decode


def read(data: bytes | msgspec.Raw, station: str, now: int, census: Counter[str]) -> list[Reading]:
    """An answer's readings, the oldest first.

    Raises:
        ValueError: when it cannot be read, or none of its observations can.
    """
    body = _answer(data)
    single = bytes(body.properties) not in (b"", b"null")
    if body.features is None and not single:
        raise ValueError("neither observations nor one")
    found: list[Reading] = []
    failed: list[Exception] = []
    pieces = [(each, True) for each in body.features or ()]
    pieces += [(body.properties, False)] if single else []
    for piece, nested in pieces:
        try:
            said = _feature(piece).properties if nested else _properties(piece)
            one = reading(said, station, now, census)
        except (ValueError, RecursionError) as error:
            failed.append(error)
            continue
        if one is not None:
            found.append(one)
    if failed and len(failed) == len(pieces):
        raise ValueError(str(failed[0]))
    for why in failed:
        tally(census, "observation", why)
    return sorted(found, key=lambda each: each.at_ns)


def reading(said: Properties, station: str, now: int, census: Counter[str]) -> Reading | None:
    """One observation; None, counted, for one that tells no temperature or none to believe. Raises ValueError."""
    at = rfc3339(said.timestamp)
    if not 0 < at <= now + AHEAD_NS:
        tally(census, "observation", "of another time")
        return None
    told = said.temperature or Measured()
    letter = (told.quality_control or "").rpartition(":")[2].upper()
    if letter in DROPPED:
        tally(census, "quality", letter)
        return None
    if letter not in TRUSTED and letter != "Z":
        tally(census, "quality", letter or "missing")
    remarks = _remarks(said.raw_message)
    temp, exact = _temperature(told, remarks)
    if temp is None:
        tally(census, "observation", "no temperature")
        return None
    high, low = _six_hours(remarks, temp, census)
    return Reading(station, at, temp, exact, high, low, letter in TRUSTED)


def _remarks(message: str | None) -> list[str]:
    """The words of a METAR's remarks."""
    words = (message or "").split()
    return words[words.index("RMK") + 1 :] if "RMK" in words else []


def _temperature(told: Measured, remarks: list[str]) -> tuple[int | None, bool]:
    """The temperature, and whether it is told in tenths of a degree Celsius. Raises ValueError."""
    for word in remarks:
        match = _TENTHS.fullmatch(word)
        if match is not None:
            return of_tenths(_signed(match[1], match[2])), True
    if told.value is None:
        return None, False
    unit = told.unit_code or ""
    if is_fahrenheit(unit):
        return temperature(told.value, unit), False
    temperature(told.value, unit)
    tenths = nearest(told.value, 1)  # what came through Kelvin has a tail of figures
    return of_tenths(tenths), tenths % 10 != 0


def _signed(sign: str, figures: str) -> int:
    return -int(figures) if sign == "1" else int(figures)


def _six_hours(remarks: list[str], temp: int, census: Counter[str]) -> tuple[int | None, int | None]:
    """Highest and lowest of six hours; what contradicts the reading itself, or the other, is none, and counted."""
    told: dict[str, int] = {}
    for word in remarks:
        match = _SIX.fullmatch(word)
        if match is not None:
            told[match[1]] = 18 * _signed(match[2], match[3]) + FREEZING
    high, low = told.get("1"), told.get("2")
    if (high is not None and high < temp - SLACK) or (low is not None and low > temp + SLACK):
        tally(census, "observation", "six hours contradict the reading")
        return None, None
    return high, low

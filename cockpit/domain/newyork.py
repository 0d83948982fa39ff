"""New York's clock, by rule: its offset, its days, and short names for its hours.

Source: Energy Policy Act of 2005: daylight time from the second Sunday of March, 2 a.m., to the first Sunday of
November, 2 a.m. (7:00 and 6:00 UTC). By rule rather than by table, so that the engine reads no file.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from cockpit.domain.units import SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = 3600
_FIRST, _LAST = -62_135_510_400, 253_402_128_000
"""2 January of year 1 and 30 December 9999, seconds UTC: what a calendar holds on both sides of the ocean. Any time beyond
stands at the nearer one, so that no nonsense of a source ends a run."""


@lru_cache(maxsize=64)
def _summer(year: int) -> tuple[int, int]:
    """When daylight time begins and ends in a year, seconds UTC."""
    march, november = date(year, 3, 1), date(year, 11, 1)
    begins = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return _midnight(begins) + 7 * _HOUR, _midnight(ends) + 6 * _HOUR


def _midnight(day: date) -> int:
    return (day - _EPOCH.date()).days * 86_400


def _seconds(ts: int) -> int:
    return min(max(ts // SECOND, _FIRST), _LAST)


def offset(ts: int) -> int:
    """New York's distance from UTC at a time (ns UTC), in seconds: -14,400 or -18,000."""
    seconds = _seconds(ts)
    begins, ends = _summer((_EPOCH + timedelta(seconds=seconds)).year)
    return -4 * _HOUR if begins <= seconds < ends else -5 * _HOUR


def local(ts: int) -> datetime:
    """The wall clock in New York at a time (ns UTC), without a zone, to the second, within the years 1 to 9999."""
    return (_EPOCH + timedelta(seconds=_seconds(ts) + offset(ts))).replace(tzinfo=None)


def trading_day(ts: int) -> int:
    """When the New York day of a time began, ns UTC: midnight there, which both clock changes come after."""
    shift = offset(ts)
    start = (ts // SECOND + shift) // 86_400 * 86_400 - shift
    return (start + shift - offset(start * SECOND)) * SECOND


def hour(ts: int) -> str:
    """A time as people say it there: "3pm", "3:15pm"."""
    at = local(ts)
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def is_day(text: str) -> bool:
    """Whether a text is an ISO date as days are written here: "2026-07-15"."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

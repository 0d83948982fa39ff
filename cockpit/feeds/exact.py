"""Numbers and times of the wire as exact integers; nothing here passes through a float."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from cockpit.domain.units import SECOND

LATEST_S = 4_102_444_800
"""1 January 2100 in seconds: a later stamp is nonsense, and would outgrow 64-bit nanoseconds soon after."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_FIGURES = 60


def nearest(value: Decimal, digits: int) -> int:
    """The integer count of ``10**-digits`` nearest to a decimal: exact unless it is finer, then half to even.

    Raises:
        ValueError: for NaN, infinity, or a number no price, strike or multiplier can be.
    """
    sign, figures, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        raise ValueError(f"not a number: {value}")  # noqa: TRY004  bad content, whatever its Python type
    shift = exponent + digits
    if len(figures) > _FIGURES or abs(shift) > _FIGURES:
        raise ValueError("number out of range")
    count = int("".join(map(str, figures)))
    count = count * 10**shift if shift >= 0 else _half_even(count, 10**-shift)
    return -count if sign else count


def _half_even(count: int, unit: int) -> int:
    whole, rest = divmod(count, unit)
    return whole + (2 * rest > unit or (2 * rest == unit and whole % 2 == 1))


def rfc3339(text: str) -> int:
    """An RFC 3339 time with 0 to 9 decimals as ns UTC; times before 1970 ("0001-01-01...") are 0, not known.

    Raises:
        ValueError: for any other text, and for times after 2099.
    """
    match = _STAMP.fullmatch(text)
    if match is None:
        raise ValueError(f"not an RFC 3339 time: {text!r}")
    moment, decimals, sign, hours, minutes = match.groups()
    span = datetime.fromisoformat(moment).replace(tzinfo=UTC) - _EPOCH
    seconds = span.days * 86_400 + span.seconds
    if sign:
        offset = int(hours) * 3_600 + int(minutes) * 60
        seconds += offset if sign == "-" else -offset
    if seconds > LATEST_S:
        raise ValueError(f"time out of range: {text!r}")
    return max(0, seconds * SECOND + int((decimals or "").ljust(9, "0")))


def instant(value: int | str | None) -> int:
    """Unix seconds or RFC 3339 text as ns UTC; None and "" are 0, not known.

    Raises:
        ValueError: when it is neither, or lies outside 1970..2099.
    """
    if isinstance(value, int):
        if not 0 <= value <= LATEST_S:
            raise ValueError(f"time out of range: {value}")
        return value * SECOND
    return rfc3339(value) if value else 0

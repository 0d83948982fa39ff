"""Numbers that come as JSON numbers or as text, as exact integers; nothing here passes through a float."""

import re
from decimal import Decimal, InvalidOperation

import msgspec

from cockpit.feeds.exact import nearest, rfc3339

_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(Z|[+-]\d\d:\d\d)", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}(?:\.\d{1,9})?)", re.ASCII)


def text_of(raw: msgspec.Raw) -> str:
    """What stands there, as text without blanks around it; "" for nothing, null, and what is no number and no text."""
    data = bytes(raw)
    if data[:1] == b'"':
        return msgspec.json.decode(data, type=str).strip()
    found = data.decode(errors="replace").strip()
    return found if _NUMBER.fullmatch(found) else ""


def scaled(text: str, digits: int) -> int | None:
    """A number in units of ``10**-digits``, half to even; None for nothing.

    Raises:
        ValueError: for text that is no number.
    """
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"not a number: {text[:40]!r}")
    try:
        return nearest(Decimal(text), digits)
    except InvalidOperation:
        raise ValueError(f"not a number: {text[:40]!r}") from None


def number(raw: msgspec.Raw, digits: int = 0) -> int | None:
    """What stands there in units of ``10**-digits``; None where nothing does. Raises ValueError."""
    return scaled(text_of(raw), digits)


def within(raw: msgspec.Raw, low: int, high: int, what: str) -> int | None:
    """A whole number between two others; None where nothing stands. Raises ValueError."""
    found = number(raw)
    if found is not None and not low <= found <= high:
        raise ValueError(f"{what} out of range: {found}")
    return found


def moment(text: str | None) -> int:
    """A time as ns UTC, with or without seconds ("2026-08-09T16:30Z"); 0 where none stands. Raises ValueError."""
    if not text:
        return 0
    short = _DAY.fullmatch(text)
    return rfc3339(f"{short.group(1)}:00{short.group(2)}" if short else text)


def shown_clock(text: str | None) -> int | None:
    """A displayed clock in milliseconds: "1:38", "29.4", "0.0"; None for none and for words."""
    match = _CLOCK.fullmatch((text or "").strip())
    if match is None:
        return None
    seconds = nearest(Decimal(match.group(2)), 3)
    return int(match.group(1) or 0) * 60_000 + seconds

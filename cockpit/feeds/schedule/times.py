"""Times as calendars write them, as ns UTC: New York's wall clock where no zone stands, days where no time does."""

import re
from datetime import UTC, date, datetime, timedelta

import msgspec

from cockpit.domain.newyork import offset
from cockpit.domain.units import SECOND

LATEST = 2100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SUMMER_S = 4 * 3_600
_TWELVE = re.compile(
    r"(?<![\d:])(\d{1,2})(?::(\d\d))?(?::(\d\d))?\s*([ap])\.?\s?m\b\.?", re.ASCII | re.IGNORECASE
)
_TWENTY_FOUR = re.compile(r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?![\d:])", re.ASCII)
_NOON = re.compile(r"\bnoon\b", re.IGNORECASE)
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_MONTHS = ("jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
           "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?")  # fmt: skip
_WORDS = re.compile(
    rf"\b(?:{'|'.join(f'({each})' for each in _MONTHS)})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
    r"(?:,?\s+(?P<year>\d{4})\b)?",
    re.ASCII | re.IGNORECASE,
)
_EASTERN = re.compile(r"\b(?:E[SD]?T|eastern)\b")


class When(msgspec.Struct, frozen=True):
    """A start or an end."""

    ns: int
    all_day: bool = False
    sure: bool = True
    """Whether a zone was stated."""


class Clock(msgspec.Struct, frozen=True):
    """A time of day."""

    hour: int
    minute: int
    second: int = 0


def wall(day: date, clock: Clock) -> int:
    """New York's wall clock as ns UTC: of an hour that comes twice the first, of one that is skipped the next."""
    seconds = (day - _EPOCH.date()).days * 86_400 + clock.hour * 3_600 + clock.minute * 60 + clock.second
    early = (seconds + _SUMMER_S) * SECOND
    return early if offset(early) == -_SUMMER_S else early + 3_600 * SECOND


def midnight(day: date) -> int:
    """When a New York day begins, ns UTC."""
    return wall(day, Clock(0, 0))


def clock(text: str) -> Clock | None:
    """The first time of day in a text: "9:00 AM", "2 p.m.", "14:30:00", "noon"; None where none stands.

    Raises:
        ValueError: for a time no clock shows.
    """
    found = _TWELVE.search(text)
    if found:
        hour = int(found[1])
        if not 1 <= hour <= 12:
            raise ValueError(f"no such time: {found[0]!r}")
        return _checked(hour % 12 + 12 * (found[4] in "pP"), int(found[2] or 0), int(found[3] or 0))
    found = _TWENTY_FOUR.search(text)
    if found:
        return _checked(int(found[1]), int(found[2]), int(found[3] or 0))
    return Clock(12, 0) if _NOON.search(text) else None


def _checked(hour: int, minute: int, second: int) -> Clock:
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(f"no such time: {hour}:{minute:02}:{second:02}")
    return Clock(hour, minute, second)


def day(text: str) -> date:
    """An ISO day. Raises ValueError."""
    match = _ISO_DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"not a day: {text[:40]!r}")
    return _year(date(int(match[1]), int(match[2]), int(match[3])))


def _year(found: date) -> date:
    if not 1971 <= found.year < LATEST:
        raise ValueError(f"year out of range: {found.year}")
    return found


def moment(text: str) -> When:
    """An ISO time, with a zone or of New York, or an ISO day. Raises ValueError."""
    text = text.strip()
    if _ISO_DAY.fullmatch(text):
        return When(midnight(day(text)), all_day=True)
    if not _ISO.fullmatch(text):
        raise ValueError(f"not an ISO time: {text[:40]!r}")
    return of(datetime.fromisoformat(text))


def of(at: datetime) -> When:
    """A datetime; New York's where it has no zone. Raises ValueError, OverflowError."""
    _year(at.date())
    if at.tzinfo is None:
        return When(wall(at.date(), Clock(at.hour, at.minute, at.second)), sure=False)
    span = at - _EPOCH
    return When((span.days * 86_400 + span.seconds) * SECOND)


def in_words(text: str, today: date) -> When | None:
    """The first day a title names, with the time of day in the rest: "January 16, 2027 at 2:00 p.m. ET".

    A day without a year is the next such. Raises ValueError for a day no calendar has.
    """
    iso = _ISO.search(text)
    if iso:
        return moment(iso[0])
    stated = _ISO_DAY.search(text)
    words = None if stated else _WORDS.search(text)
    if stated:
        found, rest = day(stated[0]), text.replace(stated[0], " ", 1)
    elif words:
        found, rest = _named(words, today), text.replace(words[0], " ", 1)
    else:
        return None
    at = clock(rest)
    if at is None:
        return When(midnight(found), all_day=True)
    return When(wall(found, at), sure=_EASTERN.search(rest) is not None)


def _named(words: re.Match[str], today: date) -> date:
    month, number = next(i for i in range(1, 13) if words[i]), int(words["day"])
    if words["year"]:
        return _year(date(int(words["year"]), month, number))
    found = date(today.year, month, number)
    return found if found >= today - timedelta(days=1) else date(today.year + 1, month, number)

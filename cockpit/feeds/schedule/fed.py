"""The Federal Reserve's calendar: a row has a month and one day or several, its times are Eastern.

Rows without a month are of the archive. A row with several days ("5, 12, 19") is as many occasions; a meeting's row names
the day of the decision, and where it names both days of a meeting the second is that day. The file begins with a byte order
mark. Source: the page's own file; its fields as readers of it name them, unverified.
"""

import re
from collections import Counter
from datetime import date

import msgspec

from cockpit.domain.mentions import Occasion
from cockpit.feeds.census import tally
from cockpit.feeds.schedule import texts, times
from cockpit.feeds.schedule.calendars import Calendar, Reading, Span

_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_DAYS = re.compile(r"(\d{1,2})\*?(?:\s*[-\u2013]\s*(\d{1,2})\*?)?", re.ASCII)


class Row(msgspec.Struct, frozen=True):
    """One row."""

    type: str | None = None
    title: str | None = None
    month: str | None = None
    days: str | int | None = None
    time: str | None = None
    description: str | None = None
    location: str | None = None
    link: str | None = None


class _Body(msgspec.Struct):
    events: list[msgspec.Raw]


_body = msgspec.json.Decoder(_Body)
_row = msgspec.json.Decoder(Row)


def read(data: bytes, calendar: Calendar, span: Span, census: Counter[str]) -> Reading:
    """The occasions of the days that are read. Raises ValueError."""
    raw = _body.decode(data).events
    if not raw:
        raise ValueError("a calendar without a row")
    months = {f"{each:%Y-%m}" for each in span.days()}
    found: dict[str, Occasion] = {}
    bad = 0
    for each in raw:
        try:
            row = _row.decode(each)
            if (row.month or "").strip() in months:
                found |= {one.id: one for one in _occasions(row, calendar) if span.holds(one.start_ns)}
        except (ValueError, RecursionError) as error:
            tally(census, "unreadable", error)
            bad += 1
    if bad == len(raw):
        raise ValueError("no row can be read")
    return Reading(list(found.values()), whole=not bad)


def _occasions(row: Row, calendar: Calendar) -> list[Occasion]:
    """A row's occasions, one a day. Raises ValueError."""
    kind = texts.plain(row.type, texts.KIND)
    title = texts.plain(row.title) or kind
    place = texts.plain(row.location, texts.PLACE)
    clock = times.clock(row.time) if row.time else None
    if not title:
        return []
    return [
        Occasion(
            id=texts.named(day.isoformat(), row.time or "", kind, title, place),
            source=calendar.name,
            title=title,
            start_ns=times.midnight(day) if clock is None else times.wall(day, clock),
            speaker=calendar.speaker,
            kind=kind,
            location=place,
            url=texts.link(row.link, calendar.url),
            all_day=clock is None,
        )
        for day in _days(row, meeting=kind.upper() == "FOMC")
    ]


def _days(row: Row, *, meeting: bool) -> list[date]:
    """The days a row names; of a meeting of two days the second. Raises ValueError."""
    month = _MONTH.fullmatch((row.month or "").strip())
    if month is None:
        raise ValueError(f"not a month: {row.month!r}")
    year, number = int(month[1]), int(month[2])
    found: list[date] = []
    for part in str(row.days if row.days is not None else "").split(","):
        if not part.strip():
            continue
        days = _DAYS.fullmatch(part.strip())
        if days is None:
            raise ValueError(f"not a day: {part[:20]!r}")
        found.append(times.day(date(year, number, int(days[2] or days[1])).isoformat()))
    if meeting and len(found) == 2 and (found[1] - found[0]).days == 1:
        return found[1:]
    return found

"""The president's day by Factba.se / Roll Call: rows of New York wall time, newest first, without ids.

An array, or an object with ``events``. Times carry no zone, on journeys neither, so none is sure. What rows are called is
a hash of what they say; the same row under "Briefing Schedule" and "Briefing Schedule:" is one. Source: recorded rows
of 2025; the file is the page's own and not official.
"""

import re
from collections import Counter

import msgspec

from cockpit.domain.mentions import Occasion
from cockpit.feeds.census import tally
from cockpit.feeds.schedule import texts, times
from cockpit.feeds.schedule.calendars import Calendar, Reading, Span

NOISE = re.compile(
    r"\bpool call time\b|\bexecutive time\b|\b(?:full|lunch|dinner|travel|photo|travel/photo|press|temporary) lid\b"
    r"|\blid (?:is )?(?:called|lifted)\b",
    re.IGNORECASE,
)
"""What happens every day and holds no words."""


class Row(msgspec.Struct, frozen=True):
    """One row; the layout's own fields are not read."""

    date: str | None = None
    time: str | None = None
    type: str | None = None
    details: str | None = None
    location: str | None = None
    url: str | None = None


class _Wrapped(msgspec.Struct):
    events: list[msgspec.Raw]


_rows = msgspec.json.Decoder(list[msgspec.Raw])
_wrapped = msgspec.json.Decoder(_Wrapped)
_row = msgspec.json.Decoder(Row)


def read(data: bytes, calendar: Calendar, span: Span, census: Counter[str]) -> Reading:
    """The rows of the days that are read. Raises ValueError."""
    raw = _wrapped.decode(data).events if data.lstrip()[:1] == b"{" else _rows.decode(data)
    if not raw:
        raise ValueError("a calendar without a row")
    first, last = span.first.isoformat(), span.last.isoformat()
    found: dict[str, Occasion] = {}
    bad = 0
    for each in raw:
        try:
            row = _row.decode(each)
            if row.date is None or not first <= row.date <= last:
                continue
            occasion = _occasion(row, calendar)
        except (ValueError, RecursionError) as error:
            tally(census, "unreadable", error)
            bad += 1
            continue
        if occasion is not None:
            found.setdefault(occasion.id, occasion)
    if bad == len(raw):
        raise ValueError("no row can be read")
    return Reading(list(found.values()), whole=not bad)


def _occasion(row: Row, calendar: Calendar) -> Occasion | None:
    """A row as an occasion; None for noise, and for one that says nothing. Raises ValueError."""
    title = texts.plain(row.details)
    if not title or (not calendar.noise and NOISE.search(title)):
        return None
    day = times.day(row.date or "")
    clock = times.clock(row.time) if row.time else None
    if row.time and clock is None:
        raise ValueError(f"not a time: {row.time[:40]!r}")
    kind = texts.plain(row.type, texts.KIND).rstrip(":").rstrip()
    place = texts.plain(row.location, texts.PLACE)
    return Occasion(
        id=texts.named(row.date or "", row.time or "", kind, row.details or "", row.location or ""),
        source=calendar.name,
        title=title,
        start_ns=times.midnight(day) if clock is None else times.wall(day, clock),
        speaker=calendar.speaker,
        kind=kind,
        location=place,
        url=texts.link(row.url),
        all_day=clock is None,
        sure=False,
    )

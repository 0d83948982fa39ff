"""A person's own list: ``[{title, start, end?, speaker?, kind?, location?, url?, id?, cancelled?}]`` in ISO times.

A start without a zone is New York's, one without a time is a day. An object with ``events`` may stand around the list.
"""

from collections import Counter

import msgspec

from cockpit.domain.mentions import Occasion
from cockpit.feeds.census import tally
from cockpit.feeds.schedule import texts, times
from cockpit.feeds.schedule.calendars import Calendar, Reading, Span


class Row(msgspec.Struct, frozen=True):
    """One entry."""

    title: str
    start: str
    end: str | None = None
    speaker: str | None = None
    kind: str | None = None
    location: str | None = None
    url: str | None = None
    id: str | int | None = None
    cancelled: bool = False


class _Wrapped(msgspec.Struct):
    events: list[msgspec.Raw]


_rows = msgspec.json.Decoder(list[msgspec.Raw])
_wrapped = msgspec.json.Decoder(_Wrapped)
_row = msgspec.json.Decoder(Row)


def read(data: bytes, calendar: Calendar, span: Span, census: Counter[str]) -> Reading:
    """The entries of the days that are read. Raises ValueError."""
    raw = _wrapped.decode(data).events if data.lstrip()[:1] == b"{" else _rows.decode(data)
    found: dict[str, Occasion] = {}
    bad: list[Exception] = []
    for each in raw:
        try:
            occasion = _occasion(_row.decode(each), calendar)
        except (ValueError, OverflowError, RecursionError) as error:
            tally(census, "unreadable", error)
            bad.append(error)
            continue
        if span.holds(occasion.start_ns):
            found.setdefault(occasion.id, occasion)
    if bad and len(bad) == len(raw):
        raise ValueError(f"no entry can be read; the first: {bad[0]}")
    return Reading(list(found.values()), whole=not bad)


def _occasion(row: Row, calendar: Calendar) -> Occasion:
    """An entry. Raises ValueError, OverflowError."""
    title = texts.plain(row.title)
    if not title:
        raise ValueError("an entry without a title")
    start = times.moment(row.start)
    end = times.moment(row.end).ns if row.end else 0
    own = texts.plain(str(row.id), texts.PLACE) if row.id is not None else ""
    return Occasion(
        id=own or texts.named(row.start, title, row.location or ""),
        source=calendar.name,
        title=title,
        start_ns=start.ns,
        end_ns=end if end > start.ns else 0,
        speaker=texts.plain(row.speaker, texts.KIND).casefold() or calendar.speaker,
        kind=texts.plain(row.kind, texts.KIND),
        location=texts.plain(row.location, texts.PLACE),
        url=texts.link(row.url),
        cancelled=row.cancelled,
        all_day=start.all_day,
        sure=start.sure,
    )

"""RSS and Atom as occasions: announcements, of which only those of something to come count.

An item's start is its own ``ev:startdate``; else its date (``dc:date``, published, updated) where that lies ahead; else the
first day its title names, with the time that stands there. What has none of these, or one that is past or beyond the days
that are read, is news. Old items drop out of such a feed by themselves, so nothing is ever gone for it.

A feed is text in UTF-8 or Latin 1 and declares no entities: bodies that do, or that are in an encoding which could hide
one, are refused before anything parses them.
"""

import io
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from cockpit.domain.errors import FeedError
from cockpit.domain.mentions import Occasion
from cockpit.domain.newyork import local
from cockpit.feeds.census import tally
from cockpit.feeds.schedule import texts, times
from cockpit.feeds.schedule.calendars import Calendar, Reading, Span

LARGEST = 1 << 20
MOST = 2_000
"""Items of one answer."""
_MISSING = "an RSS or Atom feed is read with `pip install 'cockpit[schedule]'`"
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"'][^>]{0,200}?>")
_HEAD = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
}  # fmt: skip


def read(data: bytes, calendar: Calendar, span: Span, census: Counter[str]) -> Reading:
    """The announcements of what is to come.

    Raises:
        FeedError: where the library is not installed.
        ValueError: for what is no feed, or declares entities.
    """
    parsed = _parsed(_text(data), calendar)
    entries = list(dict.get(parsed, "entries") or ())
    if not entries and (dict.get(parsed, "bozo") or not dict.get(parsed, "version")):
        raise ValueError("neither RSS nor Atom")
    found: dict[str, Occasion] = {}
    for each in entries:
        try:
            occasion = _occasion(each, calendar, span)
        except (ValueError, OverflowError, TypeError) as error:
            tally(census, "unreadable", error)
            continue
        if occasion is not None:
            found.setdefault(occasion.id, occasion)
    return Reading(list(found.values()), whole=False)


def _text(data: bytes) -> str:
    """A body as text that cannot surprise a parser. Raises ValueError."""
    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes are too long for a feed")
    declared = _DECLARED.search(data[:1_000])
    name = declared[1].decode().lower() if declared else "utf-8"
    if name not in _ENCODINGS or b"\0" in data:
        raise ValueError(f"an encoding that is not read: {name}")
    text = data.decode(_ENCODINGS[name], errors="replace").removeprefix("\ufeff")
    if "<!entity" in text.casefold():
        raise ValueError("a feed that declares entities")
    if "<" not in text:
        raise ValueError("neither RSS nor Atom")
    if text.count("<item") + text.count("<entry") > MOST:
        raise ValueError("more items than a feed has")
    return _HEAD.sub("", text)


def _parsed(text: str, calendar: Calendar) -> Any:
    try:
        import feedparser
    except ImportError:
        raise FeedError(f"calendar {calendar.name}: {_MISSING}") from None
    told = {"content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(
            io.BytesIO(text.encode(errors="replace")),
            response_headers=told,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    except Exception as error:  # noqa: BLE001  whatever a library raises at broken markup: it is told
        raise ValueError(f"cannot be read ({type(error).__name__}: {error})") from None


def _occasion(entry: Any, calendar: Calendar, span: Span) -> Occasion | None:
    """An item as an occasion; None for news. Raises ValueError, OverflowError, TypeError."""
    entry = dict(entry)  # a plain one: the library's own warns at each look for a date that is not there
    title = texts.plain(entry.get("title"))
    start = _start(entry, title, span) if title else None
    if start is None or not _ahead(start, span) or not span.holds(start.ns):
        return None
    own = texts.plain(entry.get("id") or entry.get("link"), texts.URL)
    place = texts.plain(entry.get("ev_location") or entry.get("where"), texts.PLACE)
    ends = entry.get("ev_enddate")
    end = times.moment(ends).ns if isinstance(ends, str) and ends else 0
    tags = entry.get("tags") or ()
    return Occasion(
        id=own or texts.named(title, str(start.ns)),
        source=calendar.name,
        title=title,
        start_ns=start.ns,
        end_ns=end if end > start.ns else 0,
        speaker=calendar.speaker,
        kind=texts.plain(tags[0].get("term"), texts.KIND) if tags else "",
        location=place,
        url=texts.link(entry.get("link"), calendar.url),
        all_day=start.all_day,
        sure=start.sure,
    )


def _start(entry: Any, title: str, span: Span) -> times.When | None:
    """When it begins, by whichever says. Raises ValueError."""
    own = entry.get("ev_startdate")
    if isinstance(own, str) and own.strip():
        return times.moment(own)
    for name in ("published_parsed", "updated_parsed"):
        stamp = entry.get(name)
        if stamp:
            year, month, day, hour, minute, second = stamp[:6]
            when = times.of(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC))
            if when.ns > span.now:
                return when
    return times.in_words(title, local(span.now).date())


def _ahead(start: times.When, span: Span) -> bool:
    """Whether it is still to come; a day is until it is over."""
    return start.ns > span.now or (start.all_day and local(start.ns).date() >= local(span.now).date())

"""iCalendar (RFC 5545) as occasions: rules expanded over the days that are read, and no further.

The text is cut into its entries first, and those that cannot fall into these days are left alone: what remains is read by
`icalendar` and expanded by `recurring_ical_events`, an entry with its exceptions at a time, so that one that is broken spares
the others. A time without a zone is of the calendar's X-WR-TIMEZONE, else New York's; either way it is not sure. Rules that
repeat within a day, or whose first day is so long ago that finding today takes for ever, are passed over and counted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.mentions import Occasion
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.schedule import texts, times
from cockpit.feeds.schedule.calendars import Calendar, Reading, Span

LARGEST = 8 << 20
STEPS = 60_000
"""Repetitions looked through in one answer: half a second's work."""
LONGEST_ENTRY = 65_536
_MISSING = "an iCalendar is read with `pip install 'cockpit[schedule]'`"
_FOLD = re.compile(r"\r?\n[ \t]")
_INNER = re.compile(r"^BEGIN:VALARM\n.*?^END:VALARM\n", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_ZONE = re.compile(r"^BEGIN:VTIMEZONE\n.*?^END:VTIMEZONE\n", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_START = re.compile(r"^DTSTART(?:;[^:\n]*)?:(\d{4})(\d\d)(\d\d)", re.MULTILINE | re.IGNORECASE)
_UID = re.compile(r"^UID(?:;[^:\n]*)?:([^\n]*)", re.MULTILINE | re.IGNORECASE)
_RULE = re.compile(r"^RRULE(?:;[^:\n]*)?:([^\n]*)", re.MULTILINE | re.IGNORECASE)
_REPEATS = re.compile(r"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.MULTILINE | re.IGNORECASE)
_DEFAULT = re.compile(r"^X-WR-TIMEZONE(?:;[^:\n]*)?:([^\n]*)", re.MULTILINE | re.IGNORECASE)
_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 28, "YEARLY": 365}
_LONG_MONTHS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


class _Text(msgspec.Struct, frozen=True):
    """A calendar cut into what matters."""

    entries: list[str]
    zones: str
    default: str


def read(data: bytes, calendar: Calendar, span: Span, census: Counter[str]) -> Reading:
    """The occasions of the days that are read.

    Raises:
        FeedError: where the libraries are not installed.
        ValueError: for what is no iCalendar.
    """
    _libraries(calendar)
    text = _cut(data)
    zone = _zone(text.default, census)
    found: list[Occasion] = []
    whole, steps = True, 0
    for uid, entries in _by_uid(text.entries).items():
        if not any(_may_fall(each, span) for each in entries):
            continue
        cost = sum(_steps(each, span) for each in entries)
        steps += max(0, cost)
        if cost < 0 or steps > STEPS or sum(map(len, entries)) > LONGEST_ENTRY:
            tally(census, "dropped", "an entry that repeats too often")
            steps -= max(0, cost)
            continue
        try:
            found += list(
                _occasions(_expanded(text.zones, entries, span), _name(uid, entries), calendar, zone)
            )
        except Exception as error:  # noqa: BLE001  whatever two libraries raise at a broken entry: it is counted
            tally(census, "unreadable", f"{type(error).__name__}: {error}")
            whole = False
    return Reading([each for each in found if span.holds(each.start_ns)], whole)


def _libraries(calendar: Calendar) -> None:
    """Raises FeedError where they are not installed."""
    try:
        import icalendar
        import recurring_ical_events
    except ImportError:
        raise FeedError(f"calendar {calendar.name}: {_MISSING}") from None
    del icalendar, recurring_ical_events


def _cut(data: bytes) -> _Text:
    """The text without its folds, in entries. Raises ValueError."""
    if len(data) > LARGEST:
        raise ValueError(f"{len(data)} bytes are too long for an iCalendar")
    text = _FOLD.sub("", data.decode("utf-8-sig", errors="replace")).replace("\r\n", "\n")
    head = text.lstrip()[:15].upper()
    if head != "BEGIN:VCALENDAR":
        raise ValueError("not an iCalendar")
    if not text.rstrip().upper().endswith("END:VCALENDAR"):
        raise ValueError("an iCalendar that is cut off")
    default = _DEFAULT.search(text)
    parts = re.split(r"^BEGIN:VEVENT[ \t]*\n", text, flags=re.MULTILINE | re.IGNORECASE)
    entries = [
        re.split(r"^END:VEVENT", each, maxsplit=1, flags=re.MULTILINE | re.IGNORECASE)[0]
        for each in parts[1:]
    ]
    zones = "".join(each for each in _ZONE.findall(parts[0]) if _plain_zone(each))
    return _Text(
        [_INNER.sub("", each) for each in entries], zones, default[1].strip()[:80] if default else ""
    )


def _plain_zone(text: str) -> bool:
    """Whether a zone's own rules are yearly, and few."""
    return len(text) < 8_192 and all("FREQ=YEARLY" in rule.upper() for rule in _RULE.findall(text))


def _zone(name: str, census: Counter[str]) -> tzinfo | None:
    """The zone of times without one; None for New York's."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        tally(census, "zone", name)
        return None


def _by_uid(entries: Iterable[str]) -> dict[str, list[str]]:
    """Entries with their exceptions; one without a UID stands alone, named for what it says."""
    found: dict[str, list[str]] = {}
    for each in entries:
        uid = _UID.search(each)
        found.setdefault(uid[1].strip() if uid else texts.named(each), []).append(each)
    return found


def _name(uid: str, entries: Iterable[str]) -> Callable[[int], str]:
    """Names what is expanded: what stands alone by its UID, however it moves; one of a series by its place in it too."""
    own = texts.plain(uid, texts.PLACE) or texts.named(*entries)
    series = any(_REPEATS.search(each) for each in entries)
    return lambda place: f"{own}/{place}" if series else own


def _may_fall(entry: str, span: Span) -> bool:
    """Whether an entry may begin within the days that are read; zones move it by a day at most."""
    start = _START.search(entry)
    if start is None or _REPEATS.search(entry):
        return True
    around = timedelta(days=1)
    return f"{span.first - around:%Y%m%d}" <= start[1] + start[2] + start[3] <= f"{span.last + around:%Y%m%d}"


def _steps(entry: str, span: Span) -> int:
    """About how many repetitions lie before the last day that is read; -1 for a rule that is not followed."""
    start = _START.search(entry)
    total = 0
    for rule in _RULE.findall(entry):
        parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
        days = _DAYS.get(parts.get("FREQ", ""))
        if start is None or days is None or not _followed(parts):
            return -1
        first = date(max(1, int(start[1])), 1, 1)
        total += max(1, (span.last - first).days // days)
    return total


def _followed(parts: dict[str, str]) -> bool:
    """Whether a rule names days that exist, and at most a few times of each."""
    if {"BYSECOND", "BYMINUTE"} & parts.keys() or parts.get("BYHOUR", "").count(",") > 3:
        return False
    if {"BYYEARDAY", "BYWEEKNO"} & parts.keys() and parts["FREQ"] != "YEARLY":
        return False
    months = [int(m) for m in parts.get("BYMONTH", "").split(",") if m.isdecimal()]
    days = [abs(int(d)) for d in parts.get("BYMONTHDAY", "").split(",") if d.lstrip("+-").isdecimal()]
    return not months or not days or any(d <= _LONG_MONTHS.get(m, 0) for m in months for d in days if d)


def _expanded(zones: str, entries: list[str], span: Span) -> Iterator[Any]:
    """Each occurrence that touches the days that are read, as a component. Raises what the libraries raise."""
    import icalendar
    import recurring_ical_events

    body = "".join(f"BEGIN:VEVENT\n{each}END:VEVENT\n" for each in entries)
    uses = zones if "TZID=" in body.upper() else ""
    whole = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-\n{uses}{body}END:VCALENDAR\n"
    parsed = icalendar.Calendar.from_ical(whole)
    around = timedelta(days=1)
    first = datetime(span.first.year, span.first.month, span.first.day, tzinfo=UTC) - around
    last = datetime(span.last.year, span.last.month, span.last.day, tzinfo=UTC) + 2 * around
    yield from recurring_ical_events.of(parsed).between(first, last)


def _occasions(
    components: Iterable[Any], name: Callable[[int], str], calendar: Calendar, zone: tzinfo | None
) -> Iterator[Occasion]:
    """Components as occasions; each of a series by its place in it. Raises what the libraries raise, or ValueError."""
    for each in components:
        start = _when(each["DTSTART"].dt, zone)
        end = _when(each["DTEND"].dt, zone).ns if "DTEND" in each else 0
        place = _when(each["RECURRENCE-ID"].dt, zone).ns // SECOND
        yield Occasion(
            id=name(place),
            source=calendar.name,
            title=texts.plain(str(each.get("SUMMARY", ""))) or "(no title)",
            start_ns=start.ns,
            end_ns=end if end > start.ns else 0,
            speaker=calendar.speaker,
            kind=_kind(each),
            location=texts.plain(str(each.get("LOCATION", "")), texts.PLACE),
            url=texts.link(str(each.get("URL", ""))),
            cancelled=str(each.get("STATUS", "")).upper() == "CANCELLED",
            all_day=start.all_day,
            sure=start.sure,
        )


def _when(at: date | datetime, zone: tzinfo | None) -> times.When:
    """A day, or a time in its zone, the calendar's, or New York's. Raises ValueError, OverflowError."""
    if not isinstance(at, datetime):
        return times.When(times.midnight(times.day(at.isoformat())), all_day=True)
    if at.tzinfo is None and zone is not None:
        return msgspec.structs.replace(times.of(at.replace(tzinfo=zone)), sure=False)
    return times.of(at)


def _kind(component: Any) -> str:
    """The first of its categories."""
    found = component.get("CATEGORIES")
    first = found[0] if isinstance(found, list) and found else found
    names = getattr(first, "cats", None) or ()
    return texts.plain(str(names[0]), texts.KIND) if names else ""

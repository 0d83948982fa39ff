"""When the exchange pauses: its weekly hours (US Eastern) and maintenance windows, as spans of UTC.

Orders rest through a pause; placing and amending are refused. Source: GET /exchange/schedule, as recorded: "00:00" to
"00:00" is the whole day, and a Thursday is open until 03:00 and again from 05:00.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec

from cockpit.domain.events import ExchangeHours
from cockpit.domain.newyork import local, offset
from cockpit.domain.units import SECOND
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.bodies import ScheduleBody
from cockpit.feeds.kalshi.markets import VENUE

DAYS = 8
_DAY_S = 86_400
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH = date(1970, 1, 1)

Span = tuple[int, int]


class _Hours(msgspec.Struct):
    open_time: str
    close_time: str


_DECODER = msgspec.json.Decoder(list[_Hours] | None)


def hours(ts: int, body: ScheduleBody) -> ExchangeHours:
    """The pauses of the coming days, ns UTC, in order. Raises ValueError."""
    today = local(ts).date()
    closed: list[Span] = []
    for number in range(DAYS):
        day = today + timedelta(days=number)
        closed += _closed(day, _spans(day, body))
    closed += [
        (instant(each.start_datetime), instant(each.end_datetime)) for each in body.maintenance_windows or ()
    ]
    return ExchangeHours(ts, VENUE, tuple(_joined([span for span in closed if span[1] > ts])))


def _spans(day: date, body: ScheduleBody) -> list[tuple[int, int]] | None:
    """A day's open hours in seconds from midnight; None where no entry speaks of the day."""
    for entry in body.standard_hours:
        if _covers(entry, day) and _NAMES[day.weekday()] in entry:
            told = _DECODER.decode(entry[_NAMES[day.weekday()]]) or []
            return [(_seconds(each.open_time), _seconds(each.close_time) or _DAY_S) for each in told]
    return None


def _covers(entry: Mapping[str, msgspec.Raw], day: date) -> bool:
    """Whether an entry is in force on a day; one without dates always is."""
    first, last = (_day(entry.get(name)) for name in ("start_time", "end_time"))
    return (first is None or first <= day) and (last is None or day <= last)


def _day(raw: msgspec.Raw | None) -> date | None:
    text = msgspec.json.decode(raw, type=str | None) if raw is not None else None
    return local(instant(text)).date() if text else None


def _seconds(text: str) -> int:
    at = datetime.strptime(text, "%H:%M")  # noqa: DTZ007  a time of day has no zone
    return at.hour * 3600 + at.minute * 60


def _closed(day: date, open_: list[tuple[int, int]] | None) -> list[Span]:
    """The rest of a day, as UTC; the open hours may come in any order."""
    if open_ is None:
        return []
    out, at = [], 0
    for start, end in [*sorted(open_), (_DAY_S, _DAY_S)]:
        if start > at:
            out.append((_utc(day, at), _utc(day, start)))
        at = max(at, end)
    return out


def _utc(day: date, seconds: int) -> int:
    """A New York wall time as ns UTC; an hour that comes twice is its first."""
    wall = (day - _EPOCH).days * _DAY_S + seconds
    guess = (wall - offset((wall + 5 * 3600) * SECOND)) * SECOND
    return min(guess, (wall - offset(guess)) * SECOND)


def _joined(spans: list[Span]) -> list[Span]:
    """Spans in order, those that touch made one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out

"""Invented calendars in the sources' shapes, and a feed to offer them to."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from cockpit.domain.events import Event, OccasionSeen, OccasionsGone
from cockpit.domain.mentions import Occasion
from cockpit.feeds.base import Frame
from cockpit.feeds.schedule.calendars import Calendar
from cockpit.feeds.schedule.feed import ScheduleFeed

SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


def utc(text: str) -> int:
    """ns of an ISO time, UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * SECOND


T0 = utc("2027-01-15T17:00:00")
"""Noon in New York on a Friday."""


def row(date: str, time: str | None, details: str, **more: Any) -> dict[str, Any]:
    """A row of the president's day."""
    return {
        "date": date,
        "time": time,
        "time_formatted": "",
        "year": "2027",
        "month": "January",
        "day": "15",
        "day_of_week": "Friday",
        "type": "President Schedule",
        "details": details,
        "location": "Invented Hall",
        "coverage": None,
        "daily_text": None,
        "url": None,
        "video_url": None,
        "newmonth": None,
        "daycount": 1,
        "lastdaily": False,
        **more,
    }


def meeting(month: str, days: str, title: str = "FOMC Meeting", **more: Any) -> dict[str, Any]:
    """A row of the Federal Reserve's calendar."""
    told = {"type": "FOMC", "title": title, "month": month, "days": days, "time": "2:00 p.m."}
    return told | {"description": "", "location": "", "link": "/invented.htm"} | more


def vevent(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT", ""))


def vcalendar(*parts: str, head: str = "") -> bytes:
    top = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//invented//\r\n{head}"
    return (top + "".join(parts) + "END:VCALENDAR\r\n").encode()


def rss(*items: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:ev="http://purl.org/rss/1.0/modules/event/"><channel><title>t</title>'
        + "".join(f"<item>{each}</item>" for each in items)
        + "</channel></rss>"
    ).encode()


def atom(*entries: str) -> bytes:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><id>x</id>'
        + "".join(f"<entry>{each}</entry>" for each in entries)
        + "</feed>"
    ).encode()


class Desk:
    """A feed with one calendar, and pulls of it."""

    def __init__(self, form: str = "factba", speaker: str = "trump", **more: Any) -> None:
        url = {"factba": "https://factba.test/calendar.json"}.get(form, f"https://{form}.test/feed")
        self.calendar = Calendar("mine", url, form, speaker, **more)  # type: ignore[arg-type]
        self.feed = ScheduleFeed(calendars=[self.calendar])
        self.now = T0

    def pull(self, body: object, after: int = MINUTE, **more: Any) -> list[Event]:
        """The events of an answer that comes so much later."""
        self.now += after
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        frame = Frame(0, self.now, "schedule.calendar", msgspec.Raw(data), u=self.calendar.url, **more)
        return list(self.feed.receive(frame))

    def seen(self, body: object, after: int = MINUTE) -> list[Occasion]:
        """The occasions that an answer tells."""
        return [each.occasion for each in self.pull(body, after) if isinstance(each, OccasionSeen)]


def gone(events: list[Event]) -> tuple[str, ...]:
    """What the last event says is gone; there is exactly one such, and it comes last."""
    assert [isinstance(each, OccasionsGone) for each in events] == [False] * (len(events) - 1) + [True]
    last = events[-1]
    assert isinstance(last, OccasionsGone)
    return last.ids

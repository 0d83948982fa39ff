"""What calendars are, and what reading an answer of one gives.

    form     what it is                                              asked every
    factba   the president's day by Factba.se / Roll Call             5 min
    fed      the Federal Reserve's calendar                          30 min
    ics      iCalendar (RFC 5545), of any publisher or on disk       30 min
    rss      RSS or Atom announcements                                5 min
    json     a plain list of a person's own                           5 min

Factba's file is not official and can vanish; it and the Federal Reserve's are the pages' own, documented nowhere, and not
verified here. C-SPAN and whitehouse.gov offer no stable schedule to machines: what is wanted of them comes in as iCalendar,
RSS or a file.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from cockpit.domain.mentions import Occasion
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.feeds.schedule.times import midnight

Form = Literal["factba", "fed", "ics", "rss", "json"]
MINUTE = 60 * SECOND
EVERY_NS: dict[str, int] = {
    "factba": 5 * MINUTE,
    "fed": 30 * MINUTE,
    "ics": 30 * MINUTE,
    "rss": 5 * MINUTE,
    "json": 5 * MINUTE,
}
AHEAD = 30
"""Days from today that are read; yesterday is too."""


class Calendar(msgspec.Struct, frozen=True):
    """One calendar to read."""

    name: str
    url: str
    form: Form
    speaker: str = ""
    """Whose words it is all about, folded surname; empty where it is of many."""
    noise: bool = False
    """Whether pool calls, lids and the like are told."""


DOCUMENTED = (
    Calendar(
        "trump", "https://media-cdn.factba.se/rss/json/trump/calendar-full.json", "factba", speaker="trump"
    ),
    Calendar("fed", "https://www.federalreserve.gov/json/calendar.json", "fed"),
)
"""What is read unless the settings say otherwise; both unofficial as feeds, and unverified."""


class Span(msgspec.Struct, frozen=True):
    """The days that are read: yesterday to thirty days from now, in New York."""

    now: int
    """ns UTC."""
    first: date
    last: date
    start_ns: int
    end_ns: int

    def holds(self, start_ns: int) -> bool:
        """Whether something that begins then (ns UTC) is within."""
        return self.start_ns <= start_ns < self.end_ns

    def days(self) -> Iterator[date]:
        """Each day."""
        return (self.first + timedelta(days=i) for i in range((self.last - self.first).days + 1))


def span(now: int) -> Span:
    """The days around a time, ns UTC."""
    today = local(now).date()
    first, last = today - timedelta(days=1), today + timedelta(days=AHEAD)
    return Span(now, first, last, midnight(first), midnight(last + timedelta(days=1)))


class Reading(msgspec.Struct):
    """What an answer says."""

    occasions: list[Occasion]
    whole: bool = True
    """Whether what is missing is gone: not where something could not be read, or old things drop out by themselves."""

"""The schedule feed: calendars by polling; of each, what is new, moved or called off."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import Event, OccasionsGone
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.schedule import factba, fed, ical, plain, rss
from cockpit.feeds.schedule.calendars import DOCUMENTED, EVERY_NS, Calendar, Reading, Span, span
from cockpit.feeds.schedule.known import Shelf

LARGEST = 16 << 20
"""Bytes of one answer; forms may bear less."""
_BOM = b"\xef\xbb\xbf"
_READERS: dict[str, Callable[[bytes, Calendar, Span, Counter[str]], Reading]] = {
    "factba": factba.read,
    "fed": fed.read,
    "ics": ical.read,
    "rss": rss.read,
    "json": plain.read,
}


class _Memory(msgspec.Struct):
    now: int
    calendars: list[Calendar]
    shelves: dict[str, Shelf]


_MEMORY = msgspec.json.Decoder(_Memory)


class ScheduleFeed:
    """Sans-I/O reader of calendars; a `cockpit.feeds.base.Feed` for frames of ``NAME.calendar``.

    A frame is known by its URL. One that no setting and no memory names is read as one of the documented calendars
    where the last part of its address is theirs.

    Args:
        name: of the feed, and of its source.
        calendars: to ask for, each with a name and an address of its own.
    """

    def __init__(self, name: str = "schedule", calendars: Iterable[Calendar] = ()) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 4.0)
        self._source = f"{name}.calendar"
        self._wanted = tuple(calendars)
        self._calendars = {each.url: each for each in self._wanted}
        self._shelves: dict[str, Shelf] = {}
        self._now = 0

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """Every calendar of the settings, and no other."""
        return [Poll(self._source, each.url, EVERY_NS[each.form]) for each in self._wanted]

    def asks(self) -> list[Poll]:
        """Nothing besides."""
        return []

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing: there is no socket."""
        return []

    def reset(self, source: str = "") -> None:
        """Polls have no state."""

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """What is news in an answer, and last what is gone: told also when nothing is, as a sign that it was heard.

        Raises:
            FeedError: when it cannot be read, or the source refused.
        """
        if frame.s != self._source:
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        self._now = max(self._now, frame.t)
        calendar = self._calendar(frame.u or "")
        status = 200 if frame.st is None else frame.st
        if status == 304:
            return [OccasionsGone(frame.t, calendar.name, ())]
        data = bytes(frame.d or payload(frame))
        if status != 200:
            why = f"HTTP {status}" if status else f"not answered: {data[:80].decode(errors='replace')}"
            raise FeedError(f"calendar {calendar.name}: {why}")
        days = span(self._now)
        return self._shelves.setdefault(calendar.name, Shelf()).take(
            frame.t, calendar.name, self._read(data, calendar, days), days
        )

    def _read(self, data: bytes, calendar: Calendar, days: Span) -> Reading:
        """An answer's entries. Raises FeedError."""
        if len(data) > LARGEST:
            raise FeedError(f"calendar {calendar.name}: {len(data)} bytes are too long")
        try:
            return _READERS[calendar.form](data.removeprefix(_BOM), calendar, days, self.census)
        except (ValueError, RecursionError, OverflowError) as error:
            raise FeedError(f"calendar {calendar.name}: {error}") from error

    def _calendar(self, url: str) -> Calendar:
        """The calendar a URL is of. Raises FeedError."""
        found = self._calendars.get(url)
        if found is None:
            found = next((each for each in DOCUMENTED if _last(each.url) == _last(url)), None)
        if found is None:
            raise FeedError(f"{self.name}: no calendar has the address {url[:80]!r}")
        return found

    # ------------------------------------------------------------------ memory

    def memory(self) -> bytes:
        """Which calendars there are, what was told of each, and the time."""
        return msgspec.json.encode(_Memory(self._now, list(self._calendars.values()), self._shelves))

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told. What is asked for stays as the settings have it.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        told = _MEMORY.decode(memory)
        self._now, self._shelves = told.now, told.shelves
        self._calendars = {each.url: each for each in (*told.calendars, *self._wanted)}


def _last(url: str) -> str:
    return url.rpartition("?")[0].rpartition("/")[2] if "?" in url else url.rpartition("/")[2]

"""What was told of a calendar, and what of a new answer is news: entries new, changed, moved, or gone before their time.

A source with names of its own keeps them when it moves something; one without is named by what it says, so that what moves
has another name. Such an entry, of the same title and place on the same New York day as one that is missing, is that one,
and keeps the name it was told by.
"""

from collections.abc import Container, Iterable

import msgspec
from msgspec.structs import replace

from cockpit.domain.events import Event, OccasionSeen, OccasionsGone
from cockpit.domain.mentions import Occasion
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.feeds.schedule.calendars import Reading, Span

MOST = 2_000
"""Entries of one calendar that are followed: the soonest."""
_DAY_NS = 86_400 * SECOND


class Shelf(msgspec.Struct):
    """One calendar as it was told."""

    told: dict[str, Occasion] = {}
    """By the name it was told by."""
    names: dict[str, str] = {}
    """The source's name of an entry that moved -> the name it was told by."""

    def take(self, ts: int, source: str, found: Reading, span: Span) -> list[Event]:
        """The events of an answer. Which are gone comes last, and comes always: that none is says that it was heard."""
        soonest = sorted(found.occasions, key=lambda each: (each.start_ns, each.id))[:MOST]
        fresh = self._named(soonest)
        events: list[Event] = []
        for each in fresh.values():
            if self.told.get(each.id) != each:
                self.told[each.id] = each
                events.append(OccasionSeen(ts, each))
        whole = found.whole and len(soonest) == len(found.occasions)
        gone = self._gone(fresh, ts) if whole else []
        self._forget(gone, span)
        return [*events, OccasionsGone(ts, source, tuple(gone))]

    def _named(self, occasions: list[Occasion]) -> dict[str, Occasion]:
        """Entries by the name they are told by: what is known under it first, then what has moved, then what is new."""
        fresh: dict[str, Occasion] = {}
        rest: list[Occasion] = []
        for each in sorted(occasions, key=lambda each: each.id not in self.names):
            name = self.names.get(each.id, each.id)
            if name in self.told and name not in fresh:
                fresh[name] = replace(each, id=name)
            else:
                rest.append(each)
        missing = {name: each for name, each in self.told.items() if name not in fresh}
        for each in rest:
            old = _moved(each, missing.values())
            name = each.id
            if old is not None:
                del missing[old.id]
                name = self.names[each.id] = old.id
            while name in fresh:  # its name is one that was told of another, which has moved since
                name += "'"
            fresh[name] = replace(each, id=name)
        return fresh

    def _gone(self, fresh: Container[str], now: int) -> list[str]:
        """What is missing though its time has not come; what was called off is not told again."""
        return [
            name
            for name, each in self.told.items()
            if name not in fresh and not each.cancelled and _begins(each) > now
        ]

    def _forget(self, gone: Iterable[str], span: Span) -> None:
        """Let go of what is gone, and of what lies before the days that are read."""
        for name in gone:
            del self.told[name]
        for name in [n for n, each in self.told.items() if each.start_ns < span.start_ns]:
            del self.told[name]
        self.names = {name: told for name, told in self.names.items() if told in self.told}


def _begins(each: Occasion) -> int:
    """When its time has come: of a day, when that is over."""
    return each.start_ns + _DAY_NS if each.all_day else each.start_ns


def _moved(each: Occasion, missing: Iterable[Occasion]) -> Occasion | None:
    """The missing entry an entry is: same words, same day; the nearest of several."""
    day = local(each.start_ns).date()
    same = [
        old
        for old in missing
        if (old.title, old.location) == (each.title, each.location) and local(old.start_ns).date() == day
    ]
    return min(same, key=lambda old: (abs(old.start_ns - each.start_ns), old.id), default=None)

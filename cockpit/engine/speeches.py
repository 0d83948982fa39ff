"""Events at which words are said: which markets are about one, when it begins and ends, and where it stands.

A speech's start is the venue's own word, else the calendar's, else a guess from when the venue expects the result. Where
a calendar says that it is off, it is off. What is kept here follows from the state alone, so that an engine that was
restored goes on as one that never stopped.
"""

from bisect import insort

import msgspec

from cockpit.domain.mentions import Occasion, Stage
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.engine.config import MentionsConfig
from cockpit.engine.state import MarketState, State
from cockpit.models.mentions.occasions import minutes_of
from cockpit.models.mentions.speeches import Phrase, Speech, entry_of, merged, phrase_of, speech_of

VENUE, CALENDAR, GUESS = "venue", "calendar", "guess"
_VENUES = ("kalshi", "polymarket_us", "polymarket")


class Hours(msgspec.Struct, frozen=True):
    """When a speech is. Times ns UTC, 0 where nobody says."""

    start_ns: int
    end_ns: int
    clock: str
    """Who says when it begins; empty for nobody."""
    entry: Occasion | None


class Standing(msgspec.Struct, frozen=True):
    """Where a speech stands. Times ns UTC, 0 where nobody says."""

    speech: Speech
    stage: Stage
    start_ns: int
    end_ns: int
    clock: str
    """Who says when it begins."""
    entry: Occasion | None

    def left(self, now: int) -> float:
        """Share of it to come: all of it before it begins, none once it is over."""
        if not self.start_ns or now <= self.start_ns:
            return 1.0
        return max(0.0, (self.end_ns - now) / (self.end_ns - self.start_ns))


class Speeches:
    """Keeps phrases and the speeches they belong to."""

    def __init__(self, state: State, config: MentionsConfig) -> None:
        self._state = state
        self._config = config
        self.phrases: dict[str, Phrase] = {}
        """By market."""
        self._events: dict[str, list[str]] = {}
        """Markets of a venue's event, sorted."""
        self._titles: dict[str, str] = {}
        """Of the venue's events, as they were put together by."""
        self._of: dict[str, Speech] | None = None
        """By venue's event; None while events must be put together anew."""
        self._hours: dict[str, Hours] = {}
        """By speech, as far as they were worked out."""
        self._now: int = -1
        self._standings: dict[str, Standing] = {}
        """By speech, of `_now`."""

    # ------------------------------------------------------------------ inputs

    def listed(self, m: MarketState) -> bool:
        """A market's record was taken over: it may be about a phrase. Tells whether anything changed."""
        ticker, before = m.market.ticker, self.phrases.get(m.market.ticker)
        if before is not None and m.settled is not None:
            return False  # it still tells what was said
        found = phrase_of(m.market, self._state.groups.get(m.market.event))
        if found == before:
            return found is not None and self._retitled(found.event)
        if before is not None:
            self.drop(ticker)
        if found is not None:
            self.phrases[ticker] = found
            insort(self._events.setdefault(found.event, []), ticker)
        self._of = None
        return True

    def _retitled(self, event: str) -> bool:
        """Whether an event's title is another than it was known by."""
        if self._of is None or self._titles.get(event) == self._title(event):
            return False
        self._of = None
        return True

    def drop(self, ticker: str) -> None:
        """Let go of a market."""
        known = self.phrases.pop(ticker)
        self._events[known.event].remove(ticker)
        if not self._events[known.event]:
            del self._events[known.event]
        self._of = None

    def rescheduled(self) -> None:
        """A venue or a calendar told of times: they are looked at anew."""
        self._hours = {}
        self._now = -1

    def moved(self) -> None:
        """Something ended: where speeches stand is looked at anew."""
        self._now = -1

    # ------------------------------------------------------------------ what is known

    @property
    def standings(self) -> dict[str, Standing]:
        """Every speech with markets, by id."""
        of, now = self._speeches(), self._state.now
        if now != self._now:
            self._now = now
            self._standings = {each.id: self._standing(each) for each in of.values()}
        return self._standings

    def of(self, ticker: str) -> Standing | None:
        """The speech of a market."""
        known = self.phrases.get(ticker)
        return self.standings[self._speeches()[known.event].id] if known is not None else None

    def markets(self, speech: Speech) -> list[str]:
        """The markets of a speech, of all venues."""
        return sorted(ticker for event in speech.events for ticker in self._events.get(event, ()))

    def _speeches(self) -> dict[str, Speech]:
        """Speeches by the venues' events."""
        if self._of is None:
            self._titles = {event: self._title(event) for event in self._events}
            made = [
                speech_of(event, self._titles[event], [self.phrases[ticker] for ticker in tickers])
                for event, tickers in self._events.items()
            ]
            made.sort(key=lambda each: (_rank(each.venues[0]), each.id))
            self._of = {event: each for each in merged(made) for event in each.events}
            self.rescheduled()
        return self._of

    def _title(self, event: str) -> str:
        group, m = self._state.groups.get(event), self._state.markets.get(self._events[event][0])
        if group is not None and group.title:
            return group.title
        return m.market.title if m is not None else event

    # ------------------------------------------------------------------ times

    def _standing(self, speech: Speech) -> Standing:
        found = self._hours.get(speech.id)
        if found is None:
            found = self._hours[speech.id] = self._told(speech)
        if not found.start_ns:
            found = self._guess(speech, found.entry)
        return Standing(
            speech, self._stage(speech, found), found.start_ns, found.end_ns, found.clock, found.entry
        )

    def _told(self, speech: Speech) -> Hours:
        """When a venue or a calendar says that it is."""
        start = next((s for e in speech.events if (s := self._state.board.starts.get(e, 0))), 0)
        clock, entry = VENUE, entry_of(speech, start, self._state.words.occasions.values())
        if not start and entry is not None and not entry.all_day:
            start, clock = entry.start_ns, CALENDAR
        if not start:
            return Hours(0, 0, "", entry)
        stated = entry.end_ns if entry is not None and entry.end_ns > start else 0
        return Hours(start, stated or start + _length(speech), clock, entry)

    def _guess(self, speech: Speech, entry: Occasion | None) -> Hours:
        """From when a venue expects the result, where that is a moment of the event's own day."""
        for ticker in self.markets(speech):
            expected = self._state.markets[ticker].market.expected_ns
            if expected and f"{local(expected):%Y-%m-%d}" == speech.day:
                return Hours(expected - _length(speech), expected, GUESS, entry)
        return Hours(0, 0, "", entry)

    def _stage(self, speech: Speech, hours: Hours) -> Stage:
        now, markets = self._state.now, self.markets(speech)
        if markets and all(self._state.markets[t].settled is not None for t in markets):
            return Stage.SETTLED
        if hours.entry is not None and hours.entry.cancelled:
            return Stage.CANCELLED
        if not hours.start_ns:
            over = speech.day and speech.day < self.today()
            return Stage.ENDED if over else Stage.ANNOUNCED
        if now < hours.start_ns:
            return Stage.ANNOUNCED if now < hours.start_ns - self._config.soon_ns else Stage.SOON
        return Stage.LIVE if now < hours.end_ns else Stage.ENDED

    def today(self) -> str:
        """The day in New York."""
        return f"{local(self._state.now):%Y-%m-%d}"


def _length(speech: Speech) -> int:
    return minutes_of(speech.kind) * 60 * SECOND


def _rank(venue: str) -> int:
    return _VENUES.index(venue) if venue in _VENUES else len(_VENUES)

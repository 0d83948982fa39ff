"""Words said, on the beat: markets become phrases, venues' events and calendars' entries speeches, and each is priced.

A speech's start is the venue's own word, else the calendar's, else a guess from when the venue expects the result. Where
a calendar says that it is off, it is off. Nothing here hears a word: what is left of the event is what can still be said.
"""

from collections.abc import Callable

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.effects import Alert, Effect
from cockpit.domain.events import OccasionSeen, OccasionsGone, PhrasesTold
from cockpit.domain.mentions import Occasion, Stage
from cockpit.domain.newyork import local
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.config import MentionsConfig
from cockpit.engine.state import MarketState, State
from cockpit.models.fair import Fair
from cockpit.models.mentions.occasions import minutes_of
from cockpit.models.mentions.rates import Rates
from cockpit.models.mentions.speeches import (
    Phrase,
    Speech,
    entry_of,
    merged,
    phrase_of,
    speech_of,
)
from cockpit.models.mentions.value import HELD, value
from cockpit.strategies.base import PhraseSnap

STEP_NS = 5 * SECOND
"""Phrases are priced this often: an hour's event loses a thousandth of itself."""
KEPT_NS = 7 * 86_400 * SECOND
"""How long a calendar's entry is kept after its time."""
VENUE, CALENDAR, GUESS = "venue", "calendar", "guess"
_VENUES = ("kalshi", "polymarket_us", "polymarket")
_HOUR_NS = 3_600 * SECOND


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


class Mentions:
    """Keeps speeches and their phrases, and prices them."""

    def __init__(
        self,
        state: State,
        config: MentionsConfig,
        put: Callable[[MarketState, Fair | None], None],
    ) -> None:
        self._state = state
        self._config = config
        self._put = put
        self.phrases: dict[str, Phrase] = {}
        """By market."""
        self._speeches: dict[str, Standing] | None = None
        """By id; None while they must be worked out anew."""
        self._of: dict[str, str] = {}
        """Venue's event -> speech."""
        self._rates: Rates | None = None
        self.same_rules: Callable[[str], bool] = _never
        """Whether a person confirmed that a market and another venue's have the same rules."""
        for m in state.markets.values():
            self.listed(m)

    # ------------------------------------------------------------------ inputs

    def take(self, event: OccasionSeen | OccasionsGone | PhrasesTold) -> None:
        """Take one input about calendars or the record."""
        words = self._state.words
        match event:
            case OccasionSeen(ts, occasion):
                name = f"{occasion.source} {occasion.id}"
                known = words.occasions.get(name)
                if known is not None and known.start_ns != occasion.start_ns:
                    words.moved[name] = occasion.start_ns - known.start_ns
                words.occasions[name], words.heard[occasion.source] = occasion, ts
            case OccasionsGone(ts, source, ids):
                words.heard[source] = ts
                for each in ids:
                    known = words.occasions.get(f"{source} {each}")
                    if known is not None:
                        gone = msgspec.structs.replace(known, cancelled=True)
                        words.occasions[f"{source} {each}"] = gone
            case PhrasesTold():
                self._told(event)
        self._again()

    def _told(self, event: PhrasesTold) -> None:
        words = self._state.words
        words.asked |= {f"{speaker}|{phrase}": True for speaker, phrase in event.phrases}
        known = {(each.event, each.phrase) for each in words.occurrences}
        words.occurrences += [each for each in event.occurrences if (each.event, each.phrase) not in known]
        speakers = {share.speaker for share in event.shares}
        words.shares = [each for each in words.shares if each.speaker not in speakers] + list(event.shares)
        self._rates = None

    def scheduled(self) -> None:
        """A venue told when some events begin."""
        self._again()

    def listed(self, m: MarketState) -> None:
        """A market's record was taken over: it may be about a phrase."""
        ticker, before = m.market.ticker, self.phrases.get(m.market.ticker)
        if before is not None and m.settled is not None:
            return  # it still tells what was said
        found = phrase_of(m.market, self._state.groups.get(m.market.event))
        if found is None:
            self.phrases.pop(ticker, None)
        else:
            self.phrases[ticker] = found
        if found != before:
            self._again()

    def ended(self, ticker: str, *, gone: bool) -> None:
        """A market settled, or was let go."""
        if ticker in self.phrases:
            if gone:
                del self.phrases[ticker]
            self._again()

    def forget(self) -> None:
        """Let go of entries whose time is long past, and of what was said of speeches that are gone."""
        words, now = self._state.words, self._state.now
        old = [name for name, each in words.occasions.items() if each.start_ns < now - KEPT_NS]
        for name in old:
            del words.occasions[name]
            words.moved.pop(name, None)
        speeches = self.speeches
        words.stages = {name: stage for name, stage in words.stages.items() if name in speeches}
        wanted = {f"{each.speaker}|{each.phrase}" for each in self.phrases.values()}
        if words.asked.keys() - wanted:
            words.asked = {name: True for name in words.asked if name in wanted}
            self._rates = None
        self._again()

    def _again(self) -> None:
        self._speeches = None
        self._state.words.priced = 0

    # ------------------------------------------------------------------ speeches

    @property
    def speeches(self) -> dict[str, Standing]:
        """Every speech with markets, by id."""
        if self._speeches is None:
            by_event: dict[tuple[int, str], list[Phrase]] = {}
            for ticker in sorted(self.phrases):
                each = self.phrases[ticker]
                by_event.setdefault((_rank(each.venue), each.event), []).append(each)
            found = merged(
                speech_of(event, self._title(event, phrases), phrases)
                for (_, event), phrases in sorted(by_event.items())
            )
            self._of = {event: each.id for each in found for event in each.events}
            self._speeches = {each.id: self._standing(each) for each in found}
        return self._speeches

    def of(self, ticker: str) -> Standing | None:
        """The speech of a market."""
        known = self.phrases.get(ticker)
        speeches = self.speeches
        return speeches.get(self._of.get(known.event, "")) if known is not None else None

    def markets(self, speech: Speech) -> list[str]:
        """The markets of a speech, of all venues."""
        return [ticker for ticker in sorted(self.phrases) if self.phrases[ticker].event in speech.events]

    def attended(self) -> list[str]:
        """Markets that are listened to whatever else there is: those of speeches that are on, or about to be."""
        on = {each.speech.id for each in self.speeches.values() if each.stage in (Stage.SOON, Stage.LIVE)}
        return [t for t, each in self.phrases.items() if self._of.get(each.event) in on and not self._over(t)]

    def wanting(self) -> set[tuple[str, str]]:
        """(speaker, phrase) that the record was not asked about yet."""
        asked = self._state.words.asked
        found = {(each.speaker, each.phrase) for each in self.phrases.values() if each.speaker}
        return {each for each in found if "|".join(each) not in asked}

    def _title(self, event: str, phrases: list[Phrase]) -> str:
        group = self._state.groups.get(event)
        if group is not None and group.title:
            return group.title
        m = self._state.markets.get(phrases[0].market)
        return m.market.title if m is not None else event

    def _standing(self, speech: Speech) -> Standing:
        told = next((s for e in speech.events if (s := self._state.board.starts.get(e, 0))), 0)
        entry = entry_of(speech, told, self._state.words.occasions.values())
        start, clock = told, VENUE
        if not start and entry is not None and not entry.all_day:
            start, clock = entry.start_ns, CALENDAR
        length = minutes_of(speech.kind) * 60 * SECOND
        if not start:
            start, clock = self._guess(speech, length), GUESS
        stated = entry.end_ns if entry is not None and entry.end_ns > start else 0
        end = (stated or start + length) if start else 0
        called_off = entry is not None and entry.cancelled
        stage = self._stage(speech, start, end, cancelled=called_off)
        return Standing(speech, stage, start, end, clock if start else "", entry)

    def _guess(self, speech: Speech, length: int) -> int:
        """From when a venue expects the result; 0 where that is no moment of the event's own day."""
        for ticker in self.markets(speech):
            expected = self._state.markets[ticker].market.expected_ns
            if expected and f"{local(expected):%Y-%m-%d}" == speech.day:
                return expected - length
        return 0

    def _stage(self, speech: Speech, start: int, end: int, *, cancelled: bool) -> Stage:
        now, markets = self._state.now, self.markets(speech)
        if markets and all(self._state.markets[t].settled is not None for t in markets):
            return Stage.SETTLED
        if cancelled:
            return Stage.CANCELLED
        if not start or now < start - self._config.soon_ns:
            return Stage.ANNOUNCED
        if now < start:
            return Stage.SOON
        return Stage.LIVE if now < end else Stage.ENDED

    def _over(self, ticker: str) -> bool:
        m = self._state.markets.get(ticker)
        return m is None or m.closed or m.settled is not None

    # ------------------------------------------------------------------ the beat

    def beat(self, emit: Callable[[Effect], None]) -> None:
        """Price phrases every few seconds and after news, and tell when a speech goes on or ends."""
        step, words = self._state.now // STEP_NS, self._state.words
        if step == words.priced or not self.phrases:
            return
        self._speeches = None
        words.priced = step
        for name, each in self.speeches.items():
            before, words.stages[name] = words.stages.get(name, ""), each.stage
            if before and before != each.stage and each.stage in (Stage.LIVE, Stage.ENDED, Stage.CANCELLED):
                emit(Alert(self._state.now, "speech", f"{each.stage.upper()} {each.speech.title}"))
        for ticker in sorted(self.phrases):
            m = self._state.markets.get(ticker)
            if m is not None and not m.closed:
                m.stale = False
                self._put(m, self.fair(ticker))

    def fair(self, ticker: str) -> Fair | None:
        """A phrase's value at this very moment; changes nothing. None where its event is off, over, or unknown."""
        known, found = self.phrases.get(ticker), self.of(ticker)
        if known is None or found is None or not found.speech.day:
            return None
        if found.stage not in (Stage.ANNOUNCED, Stage.SOON, Stage.LIVE):
            return None
        other, width, age = self._sentiment(ticker, known, found.speech)
        return value(
            self.rates.rate(known.speaker, found.speech.kind, known.phrase, found.speech.day),
            left=found.left(self._state.now),
            held=1.0 if found.stage is Stage.LIVE else HELD,
            other=other,
            other_width=width,
            same_rules=self.same_rules(ticker),
            age_s=age,
        )

    @property
    def rates(self) -> Rates:
        """What the record says, of the phrases it was asked about."""
        if self._rates is None:
            words = self._state.words
            self._rates = Rates(words.occurrences, words.shares)
        return self._rates

    def twins(self, ticker: str) -> list[str]:
        """Markets of other venues on the same phrase of the same speech."""
        known, found = self.phrases.get(ticker), self.of(ticker)
        if known is None or found is None:
            return []
        return [
            other
            for other in self.markets(found.speech)
            if self.phrases[other].venue != known.venue and self.phrases[other].phrase == known.phrase
        ]

    def snap(self, ticker: str) -> PhraseSnap | None:
        """What a strategy may know of a market's phrase."""
        known, found = self.phrases.get(ticker), self.of(ticker)
        if known is None or found is None:
            return None
        past = self.rates.past(known.speaker, known.phrase, found.speech.day) if found.speech.day else []
        return PhraseSnap(found.stage, found.speech.kind, known.speaker, known.least, len(past))

    def _sentiment(self, ticker: str, known: Phrase, speech: Speech) -> tuple[float | None, float, float]:
        """Another venue's middle on the phrase, its width in dollars and its age in seconds."""
        for other in self.twins(ticker):
            m = self._state.markets[other]
            book, heard = m.book, self._state.heard.get(m.market.venue, 0)
            age = self._state.now - max(m.book_ns, heard)
            if m.doubt or m.closed or age > self._config.other_age_ns:
                continue
            if EMPTY_BID < book.bid < book.ask < EMPTY_ASK:
                return (book.bid + book.ask) / (2 * PRICE), (book.ask - book.bid) / PRICE, age / SECOND
        return None, 0.0, 0.0


def _never(_: str) -> bool:
    return False


def _rank(venue: str) -> int:
    return _VENUES.index(venue) if venue in _VENUES else len(_VENUES)

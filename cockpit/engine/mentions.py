"""Words said, on the beat: each phrase is priced by its base rate, what is left of its event, and another venue's price.

Nothing here hears a word: what is left of the event is what can still be said. Of an event whose start nobody says,
nothing is known on its own day: it may be over.
"""

from collections.abc import Callable, Iterable

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.effects import Alert, Effect
from cockpit.domain.events import OccasionSeen, OccasionsGone, PhrasesTold
from cockpit.domain.mentions import Occurrence, Stage
from cockpit.domain.newyork import is_day
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.config import MentionsConfig
from cockpit.engine.speeches import GUESS, Speeches, Standing
from cockpit.engine.state import MarketState, State
from cockpit.models.fair import Fair
from cockpit.models.mentions.rates import Rates, alternatives
from cockpit.models.mentions.speeches import Phrase, Speech
from cockpit.models.mentions.value import HELD, value
from cockpit.strategies.base import PhraseSnap

STEP_NS = 5 * SECOND
"""Phrases are priced this often: an hour's event loses a thousandth of itself."""
KEPT_NS = 7 * 86_400 * SECOND
"""How long a calendar's entry is kept after its time."""


class Mentions:
    """Prices phrases, and keeps the record they are priced by."""

    def __init__(
        self,
        state: State,
        config: MentionsConfig,
        put: Callable[[MarketState, Fair | None], None],
    ) -> None:
        self._state = state
        self._config = config
        self._put = put
        self._speeches = Speeches(state, config)
        self._rates: Rates | None = None
        self.same_rules: Callable[[str], bool] = _never
        """Whether a person confirmed that a market and another venue's have the same rules."""
        for m in state.markets.values():
            self._speeches.listed(m)

    # ------------------------------------------------------------------ inputs

    def take(self, event: OccasionSeen | OccasionsGone | PhrasesTold) -> None:
        """Take one input about calendars or the record."""
        words = self._state.words
        match event:
            case OccasionSeen(ts, occasion):
                name = f"{occasion.source} {occasion.id}"
                known = words.occasions.get(name)
                words.heard[occasion.source] = ts
                if known == occasion:
                    return
                if known is not None and known.start_ns != occasion.start_ns:
                    words.moved[name] = occasion.start_ns - known.start_ns
                words.occasions[name] = occasion
            case OccasionsGone(ts, source, ids):
                words.heard[source] = ts
                for each in ids:
                    known = words.occasions.get(f"{source} {each}")
                    if known is not None:
                        gone = msgspec.structs.replace(known, cancelled=True)
                        words.occasions[f"{source} {each}"] = gone
            case PhrasesTold():
                self._told(event)
        self.scheduled()

    def _told(self, event: PhrasesTold) -> None:
        """What the record says of some phrases now, in place of what it said of them before."""
        words = self._state.words
        words.asked |= {f"{speaker}|{phrase}": True for speaker, phrase in event.phrases}
        told = _parts(event.phrases)
        kept = [each for each in words.occurrences if not _about(each, told)]
        words.occurrences = kept + [each for each in event.occurrences if is_day(each.day)]
        speakers = {speaker for speaker, _ in event.phrases}
        words.shares = [each for each in words.shares if each.speaker not in speakers]
        words.shares += [each for each in event.shares if is_day(each.day)]
        self._rates = None

    def scheduled(self) -> None:
        """A venue or a calendar told when some events begin."""
        self._speeches.rescheduled()
        self._state.words.priced = 0

    def listed(self, m: MarketState) -> None:
        """A market's record was taken over: it may be about a phrase."""
        if self._speeches.listed(m):
            self._state.words.priced = 0

    def ended(self, ticker: str, *, gone: bool) -> None:
        """A market settled, or was let go."""
        if ticker in self.phrases:
            if gone:
                self._speeches.drop(ticker)
            self._speeches.moved()
            self._state.words.priced = 0

    def forget(self) -> None:
        """Let go of entries whose time is long past, and of what was said of phrases that are gone."""
        words, now = self._state.words, self._state.now
        old = [name for name, each in words.occasions.items() if each.start_ns < now - KEPT_NS]
        for name in old:
            del words.occasions[name]
            words.moved.pop(name, None)
        if old:
            self._speeches.rescheduled()
        words.stages = {name: stage for name, stage in words.stages.items() if name in self.speeches}
        wanted = {(each.speaker, each.phrase) for each in self.phrases.values()}
        if not words.asked.keys() <= {"|".join(each) for each in wanted}:
            words.asked = {name: True for each in sorted(wanted) if (name := "|".join(each)) in words.asked}
            parts, speakers = _parts(wanted), {speaker for speaker, _ in wanted}
            words.occurrences = [each for each in words.occurrences if _about(each, parts)]
            words.shares = [each for each in words.shares if each.speaker in speakers]
            self._rates = None

    # ------------------------------------------------------------------ speeches

    @property
    def phrases(self) -> dict[str, Phrase]:
        """Phrases by market."""
        return self._speeches.phrases

    @property
    def speeches(self) -> dict[str, Standing]:
        """Every speech with markets, by id."""
        return self._speeches.standings

    def of(self, ticker: str) -> Standing | None:
        """The speech of a market."""
        return self._speeches.of(ticker)

    def markets(self, speech: Speech) -> list[str]:
        """The markets of a speech, of all venues."""
        return self._speeches.markets(speech)

    def attended(self) -> list[str]:
        """Markets that are listened to whatever else there is: those of speeches that are on, or about to be."""
        on = [each.speech for each in self.speeches.values() if each.stage in (Stage.SOON, Stage.LIVE)]
        return [ticker for speech in on for ticker in self.markets(speech) if not self._over(ticker)]

    def wanting(self) -> set[tuple[str, str]]:
        """(speaker, phrase) that the record was not asked about yet."""
        asked = self._state.words.asked
        found = {(each.speaker, each.phrase) for each in self.phrases.values() if each.speaker}
        return {each for each in found if "|".join(each) not in asked}

    def _over(self, ticker: str) -> bool:
        m = self._state.markets.get(ticker)
        return m is None or m.closed or m.settled is not None

    # ------------------------------------------------------------------ the beat

    def beat(self, emit: Callable[[Effect], None]) -> None:
        """Price phrases every few seconds and after news, and tell when a speech goes on or ends."""
        step, words = self._state.now // STEP_NS, self._state.words
        if step == words.priced or not self.phrases:
            return
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
        if not found.start_ns and found.speech.day <= self._speeches.today():
            return None  # it may be over
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
        speech, events = found.speech, 0
        if speech.day:
            events = self.rates.rate(known.speaker, speech.kind, known.phrase, speech.day).events
        begins = found.start_ns if found.clock != GUESS else 0
        return PhraseSnap(found.stage, speech.kind, known.speaker, known.least, events, begins)

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


def _parts(phrases: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(speaker, part) for speaker, phrase in phrases for part in alternatives(phrase)}


def _about(each: Occurrence, parts: set[tuple[str, str]]) -> bool:
    return any((each.speaker, part) in parts for part in alternatives(each.phrase))

"""The events at which words are said, phrase by phrase: base rate, our chance, and what both venues ask."""

from cockpit.domain.mentions import Occasion as Entry
from cockpit.domain.mentions import (
    PastView,
    PhraseChance,
    PhraseDetail,
    PhraseLine,
    PhraseView,
    ScheduleView,
    SpeechView,
    Stage,
)
from cockpit.domain.newyork import local
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.gate import silence
from cockpit.engine.speeches import CALENDAR, Standing
from cockpit.engine.state import MarketState
from cockpit.engine.views.games import marks_of
from cockpit.engine.views.spreads import LETTERS
from cockpit.engine.watch import Watch
from cockpit.models.fair import MentionOutlook
from cockpit.models.mentions.counting import reading
from cockpit.models.mentions.occasions import kind_of, minutes_of
from cockpit.models.mentions.speeches import Phrase
from cockpit.models.mentions.value import explain
from cockpit.strategies.edges import Edge, best

MOVE_NS = 300 * SECOND
AHEAD_NS = 7 * 86_400 * SECOND
"""Calendars' entries without markets are shown this far ahead."""
ENTRIES = 40
"""Most of those."""
RULES, POST, BOTH = "RULES", "POST", "BOTH"
_ORDER = {
    Stage.LIVE: 0, Stage.SOON: 1, Stage.ANNOUNCED: 2, Stage.ENDED: 3, Stage.CANCELLED: 4, Stage.SETTLED: 5,
}  # fmt: skip


class Mentions:
    """Builds the schedule over one engine."""

    def __init__(self, engine: Engine, watch: Watch) -> None:
        self._engine = engine
        self._watch = watch
        self._mentions = engine.pricer.mentions
        self._marks = marks_of(engine)

    def schedule(self) -> ScheduleView:
        """All events: live first, then by start; then what calendars announce without markets."""
        standing = list(self._mentions.speeches.values())
        standing.sort(key=lambda s: (_ORDER[s.stage], s.start_ns or 1 << 62, s.speech.id))
        words = self._engine.state.words
        taken = {(each.entry.source, each.entry.id) for each in standing if each.entry is not None}
        return ScheduleView(
            speeches=tuple(self.speech(each) for each in standing) + self._announced(taken),
            known=len(words.occurrences),
            sources=tuple(sorted(words.heard.items())),
        )

    def speech(self, found: Standing) -> SpeechView:
        """One event with its phrases."""
        speech, entry = found.speech, found.entry
        by_phrase: dict[str, list[str]] = {}
        for ticker in self._mentions.markets(speech):
            by_phrase.setdefault(self._mentions.phrases[ticker].phrase, []).append(ticker)
        venues = {self._mentions.phrases[t].venue for tickers in by_phrase.values() for t in tickers}
        moved = self._engine.state.words.moved
        return SpeechView(
            id=speech.id,
            title=speech.title,
            speaker=speech.speaker,
            kind=speech.kind,
            stage=found.stage,
            start_ns=found.start_ns,
            end_ns=found.end_ns,
            clock=found.clock,
            phrases=tuple(self._phrase(found, tickers) for tickers in by_phrase.values()),
            venues=tuple(letter for venue, letter in LETTERS.items() if venue in venues),
            location=entry.location if entry is not None else "",
            source=entry.source if entry is not None else "",
            moved_ns=moved.get(f"{entry.source} {entry.id}", 0) if entry is not None else 0,
            url=entry.url if entry is not None else "",
        )

    def detail(self, ticker: str) -> PhraseDetail | None:
        """The phrase of a market in full; None for a market about anything else."""
        known, found = self._mentions.phrases.get(ticker), self._mentions.of(ticker)
        if known is None or found is None:
            return None
        tickers = [
            t
            for t in self._mentions.markets(found.speech)
            if self._mentions.phrases[t].phrase == known.phrase
        ]
        past = self._mentions.rates.past(known.speaker, known.phrase, found.speech.day or "9999-12-31")
        fair = self._engine.state.markets[ticker].fair
        return PhraseDetail(
            speech=self.speech(found),
            phrase=self._phrase(found, tickers),
            past=tuple(PastView(each.day, each.event, each.kind, each.said) for each in past),
            explanation=explain(fair) if fair is not None else (),
            rules=tuple((LETTERS[self._mentions.phrases[t].venue], self._rules(t)) for t in tickers),
        )

    # ------------------------------------------------------------------ calendars alone

    def _announced(self, taken: set[tuple[str, str]]) -> tuple[SpeechView, ...]:
        now = self._engine.state.now
        found = [
            each
            for each in self._engine.state.words.occasions.values()
            if (each.source, each.id) not in taken and now - _length(each) < each.start_ns < now + AHEAD_NS
        ]
        found.sort(key=lambda each: (each.start_ns, each.source, each.id))
        return tuple(self._entry(each) for each in found[:ENTRIES])

    def _entry(self, entry: Entry) -> SpeechView:
        now, soon = self._engine.state.now, self._engine.config.mentions.soon_ns
        start = entry.start_ns
        stage = Stage.LIVE if start <= now else Stage.SOON if start - now <= soon else Stage.ANNOUNCED
        if entry.all_day:
            stage = Stage.ANNOUNCED
        return SpeechView(
            id=f"{entry.source} {entry.id}",
            title=entry.title,
            speaker=entry.speaker,
            kind=kind_of(entry.title),
            stage=Stage.CANCELLED if entry.cancelled else stage,
            start_ns=start,
            end_ns=start + _length(entry),
            clock=CALENDAR,
            phrases=(),
            all_day=entry.all_day,
            location=entry.location,
            source=entry.source,
            moved_ns=self._engine.state.words.moved.get(f"{entry.source} {entry.id}", 0),
            url=entry.url,
        )

    # ------------------------------------------------------------------ phrases

    def _phrase(self, found: Standing, tickers: list[str]) -> PhraseView:
        """One phrase on all venues that list it; our chance is the first venue's."""
        known = [self._mentions.phrases[ticker] for ticker in tickers]
        order = sorted(range(len(tickers)), key=lambda i: (list(LETTERS).index(known[i].venue), tickers[i]))
        first = self._engine.state.markets[tickers[order[0]]]
        fair = first.fair
        rate = self._rate(found, known[order[0]])
        settled = {PRICE: "yes", 0: "no"}
        values = [m.settled[1] for t in tickers if (m := self._engine.state.markets[t]).settled is not None]
        return PhraseView(
            label=known[order[0]].label,
            phrase=known[order[0]].phrase,
            least=known[order[0]].least,
            lines=tuple(self._line(self._engine.state.markets[tickers[i]]) for i in order),
            rate=rate[0],
            n=rate[1],
            chance=PhraseChance(fair.low, fair.mid, fair.high) if fair is not None else None,
            flags=self._flags(tickers, known),
            settled=settled.get(values[0], "") if values and values[0] is not None else "",
        )

    def _rate(self, found: Standing, known: Phrase) -> tuple[float, int]:
        fair = self._engine.state.markets[known.market].fair
        if fair is not None and isinstance(fair.outlook, MentionOutlook):
            return fair.outlook.rate, fair.outlook.events
        day = found.speech.day or f"{local(self._engine.state.now):%Y-%m-%d}"
        rate = self._mentions.rates.rate(known.speaker, found.speech.kind, known.phrase, day)
        return rate.mean, rate.events

    def _flags(self, tickers: list[str], known: list[Phrase]) -> tuple[str, ...]:
        flags = []
        if len({each.venue for each in known}) > 1:
            flags.append(BOTH)
            if not any(self._mentions.same_rules(ticker) for ticker in tickers):
                flags.append(RULES)
        if any(each.measure == "posts" for each in known):
            flags.append(POST)
        if known[0].least > 1:
            flags.append(f"x{known[0].least}")
        return tuple(flags)

    def _line(self, m: MarketState) -> PhraseLine:
        engine, now = self._engine, self._engine.state.now
        quiet = silence(engine.state, engine.config, m) if m.has_book else ""
        edge = self._edge(m) if not quiet else None
        ticker = m.market.ticker
        stated = None if m.has_book else m.quote  # of a market whose book nobody tells, its top
        heard = max(m.book_ns, engine.state.heard.get(m.market.venue, 0))
        mark = "?" if m.doubt else self._marks.get(ticker, "")
        points = self._watch.points(ticker)
        before = next((p for p in reversed(points) if p.ts <= now - MOVE_NS and p.bid and p.ask), None)
        move = None
        if before is not None and m.mid2 is not None:
            move = (m.mid2 - before.bid - before.ask) / (2 * PRICE)
        return PhraseLine(
            venue=LETTERS.get(m.market.venue, "?"),
            market=ticker,
            bid=stated.bid if stated is not None else m.book.bid,
            ask=stated.ask if stated is not None else m.book.ask,
            age_ns=now - (stated.ts if stated is not None else heard),
            side=edge.side if edge is not None else 0,
            price=edge.price if edge is not None else 0,
            edge=edge.edge if edge is not None else None,
            low=edge.low if edge is not None else None,
            mark=mark or ("!" if edge is not None and edge.implausible else "z" if quiet else ""),
            move=move,
        )

    def _edge(self, m: MarketState) -> Edge | None:
        engine = self._engine
        if m.fair is None or not m.tradable:
            return None
        mine = engine.snaps.mine(engine.state.lanes[DESK], engine.version, m.market.ticker)
        return best(engine.snaps.snap(m), mine)

    def _rules(self, ticker: str) -> str:
        """What counts on a market, in words."""
        known, m = self._mentions.phrases[ticker], self._engine.state.markets[ticker]
        rules = reading(known.venue, m.market.series, known.measure, m.market.rules)
        media = ", ".join(sorted(each.value for each in rules.media))
        said = [f"plurals and possessives count, so do hyphened words; heard or read: {media}"]
        said.append("closed compounds count" if rules.closed else "closed compounds do not")
        if rules.anyone:
            said.append("anybody on the broadcast")
        if known.least > 1:
            said.append(f"{known.least} times at least")
        return "; ".join(said)


def _length(entry: Entry) -> int:
    if entry.end_ns > entry.start_ns:
        return entry.end_ns - entry.start_ns
    return 86_400 * SECOND if entry.all_day else minutes_of(kind_of(entry.title)) * 60 * SECOND

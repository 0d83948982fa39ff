"""Mentions: events at which words are said, live first, and below each what its phrases are worth and cost."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from cockpit.app import text
from cockpit.app.line import Line, Part, part
from cockpit.app.panes import mentions_rows, mentions_why, quotes
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes.folds import FoldingPane, Found
from cockpit.app.panes.mentions_order import OPEN, OVER, SORTS, best, event_key, find, market, phrase_key
from cockpit.app.scene import Scene, Target
from cockpit.app.widgets.live_grid import Row
from cockpit.domain.mentions import PhraseView, ScheduleView, SpeechView, Stage
from cockpit.domain.units import SECOND

SILENT_NS = 3_600 * SECOND
"""A calendar this quiet may not know what was moved. Ours."""


class MentionsPane(FoldingPane[SpeechView, PhraseView]):
    """Events and their phrases."""

    columns = mentions_rows.COLUMNS
    sorts: ClassVar[Sequence[str]] = SORTS

    def look(self, scene: Scene) -> Sequence[Found[SpeechView, PhraseView]]:
        """Filter and sort."""
        view = scene.view
        found = find(view.schedule.speeches, self.needle)
        self._rank(found, view.ts)
        self.tell(_nothing(view.schedule, view.ts))
        return sorted(found, key=lambda each: self._ranking.places[each.group.id])

    def usual(self, group: SpeechView) -> bool:
        """What is live or soon stands open."""
        return group.stage in OPEN and bool(group.phrases)

    def rows_of(
        self, found: Found[SpeechView, PhraseView], scene: Scene, *, opened: bool
    ) -> Iterator[tuple[Row, PhraseView | None]]:
        """An event, and its phrases as they rank."""
        speech, width = found.group, max(self.grid.size.width - 1, 0)
        ts, threshold = scene.view.ts, scene.view.threshold
        yield mentions_rows.heading(speech.id, speech, ts, width, threshold, opened=opened), None
        if not opened:
            return
        if not speech.phrases:
            yield mentions_rows.note(f"{speech.id} note", speech, width), None
        for phrase in sorted(found.members, key=lambda each: self._ranking.places[_key(speech, each)]):
            yield mentions_rows.row(_key(speech, phrase), phrase, threshold, width), phrase

    def _rank(self, found: Sequence[Found[SpeechView, PhraseView]], ts: int) -> None:
        """At once when an event or a phrase comes, goes or changes its stage; by edges now and then."""
        shape = frozenset(
            f"{key} {stage}"
            for speech, phrases, _ in found
            for key, stage in (
                (speech.id, f"{speech.stage} {speech.start_ns}"),
                *((_key(speech, phrase), phrase.settled) for phrase in phrases),
            )
        )
        if not self._ranking.due(shape, ts):
            return
        keys: list[str] = []
        for speech, phrases, _ in sorted(found, key=lambda each: event_key(self.sort, each.group)):
            places = [(phrase, i) for i, phrase in enumerate(phrases)]
            places.sort(key=lambda place: phrase_key(self.sort, *place))
            keys += (speech.id, *(_key(speech, phrase) for phrase, _ in places))
        self._ranking.put(keys)

    def target(self) -> Target:
        """The market of the phrase's better order; of a heading the event alone."""
        if self.here is None:
            return Target()
        speech, phrase = self.here
        first = phrase or next(iter(speech.phrases), None)
        ticker = market(first) if first is not None else ""
        event = self._scene.event(ticker) if self._scene is not None else ""
        return Target(ticker if phrase is not None else "", event, speech=speech.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many events and phrases, what stands behind the rates, and how fresh the calendars are."""
        view, schedule = scene.view, scene.view.schedule
        speeches = schedule.speeches
        live = sum(speech.stage is Stage.LIVE for speech in speeches)
        phrases = [phrase for speech in speeches for phrase in speech.phrases]
        low = sum(quotes.clears(best(phrase), view.threshold) for phrase in phrases)
        return [
            self.counted(len(speeches), "event", len(self.found)),
            part(f"{live} live" if live else _next(speeches, view.ts), "accent" if live else "dim"),
            part(f"{len(phrases)} words", "dim", 3),
            quotes.clearing(low, view.threshold),
            _behind(schedule),
            _heard(schedule, view.ts),
            *self.chosen(),
        ]

    def legend(self) -> str:
        """How to read a row."""
        return "said: base rate, n events; P lo-md-hi; 5m c; LOW of buys; Enter opens, folds"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Why nothing is proposed, who says when, what the flags mean, where the number comes from."""
        if self.here is None:
            return [((" no event under the cursor", "dim"),)]
        return mentions_why.lines(*self.here, scene.view, width)


def _key(speech: SpeechView, phrase: PhraseView) -> str:
    return f"{speech.id} / {phrase.phrase} / {phrase.label}"


# ---------------------------------------------------------------------------------------------- what it counts


def _next(speeches: Sequence[SpeechView], now: int) -> str:
    """When the next one begins, where none is live."""
    coming = [each for each in speeches if each.stage not in OVER and each.start_ns > now]
    first = min(coming, key=lambda each: each.start_ns, default=None)
    return "none to come" if first is None else f"next {words.start(first, now)}"


def _behind(schedule: ScheduleView) -> Part:
    """How much the base rates rest on."""
    known = schedule.known
    return part(f"rates of {known:,}", "dim", 2) if known else part("no base rates yet", "warn", 1)


def _heard(schedule: ScheduleView, now: int) -> Part:
    """How long ago each calendar was heard: the quietest counts."""
    if not schedule.sources:
        return part("no calendars", "dim", 1)
    silent = [name for name, heard in schedule.sources if not heard]
    if silent:
        return part(f"{text.cut(silent[0], 16)} NEVER HEARD", "alert")
    name, heard = min(schedule.sources, key=lambda each: each[1])
    old = now - heard
    if old > SILENT_NS:
        return part(f"{text.cut(name, 16)} {text.short_age(old)}!", "alert")
    return part(f"calendars {text.short_age(old)}", "dim", 1)


def _nothing(schedule: ScheduleView, now: int) -> str:
    """What an empty list says."""
    if not schedule.sources:
        return "no mention markets listed; calendars: set [schedule]"
    if not any(heard for _, heard in schedule.sources):
        return "no mention markets listed; the calendars have said nothing yet"
    newest = max(heard for _, heard in schedule.sources)
    return (
        f"no mention markets listed; the calendars spoke {text.age(now - newest)} ago and announced nothing"
    )

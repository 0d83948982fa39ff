"""Mentions: events at which words are said, live first, and below each what its phrases are worth and cost."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import text
from cockpit.app.line import Line, Part, part
from cockpit.app.panes import mentions_rows, mentions_why, quotes
from cockpit.app.panes import mentions_words as words
from cockpit.app.panes.base import Pane
from cockpit.app.panes.folds import Folds, settle
from cockpit.app.panes.mentions_order import (
    OPEN,
    OVER,
    SORTS,
    Found,
    best,
    event_key,
    find,
    market,
    phrase_key,
)
from cockpit.app.panes.ranking import Ranking
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import LiveGrid, Row
from cockpit.domain.mentions import PhraseView, ScheduleView, SpeechView, Stage
from cockpit.domain.units import SECOND
from cockpit.domain.view import View

SILENT_NS = 3_600 * SECOND
"""A calendar this quiet may not know what was moved. Ours."""


class Place(NamedTuple):
    """What a row is of: an event, or a phrase of it."""

    speech: SpeechView
    phrase: PhraseView | None = None


class MentionsPane(Pane):
    """Events that open and fold, in one grid with their phrases."""

    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, mentions_rows.COLUMNS)
        self.sort = SORTS[0]
        self.needle = ""
        self._folds = Folds()
        """By event, and by the filter where that chooses among its phrases."""
        self._ranking = Ranking()
        self._places: dict[str, Place] = {}
        self._found: tuple[Found, ...] = ()
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    def show(self, scene: Scene) -> None:
        """Filter, sort, fold and print."""
        self._scene = scene
        view, here = scene.view, self._place
        found = find(view.schedule.speeches, self.needle)
        self._rank(found, view.ts)
        self._found = tuple(sorted(found, key=lambda each: self._ranking.places[each.speech.id]))
        self.grid.empty = (
            f"nothing contains {self.needle!r}" if self.needle else _nothing(view.schedule, view.ts)
        )
        rows: list[Row] = []
        self._places = {}
        for each in self._found:
            rows += self._event(each, view, opened=self._opened(each, here))
        self.grid.put(rows)
        self._settle(here, rows)

    def _event(self, found: Found, view: View, *, opened: bool) -> Iterator[Row]:
        """The rows of one event."""
        speech, width = found.speech, max(self.grid.size.width - 1, 0)
        self._places[speech.id] = Place(speech)
        yield mentions_rows.heading(speech.id, speech, view.ts, width, view.threshold, opened=opened)
        if not opened:
            return
        if not speech.phrases:
            self._places[f"{speech.id} note"] = Place(speech)
            yield mentions_rows.note(f"{speech.id} note", speech, width)
        for phrase in sorted(found.phrases, key=lambda each: self._ranking.places[_key(speech, each)]):
            key = _key(speech, phrase)
            self._places[key] = Place(speech, phrase)
            yield mentions_rows.row(key, phrase, view.threshold, width)

    def _opened(self, found: Found, here: Place | None) -> bool:
        """As a person chose; else what is live, soon or looked for, and what the cursor is in."""
        inside = here is not None and here.phrase is not None and here.speech.id == found.speech.id
        near = found.speech.stage in OPEN and bool(found.speech.phrases)
        return self._folds.opened(self._choice(found), usual=found.picked or near or inside)

    def _choice(self, found: Found) -> tuple[str, str]:
        return (found.speech.id, self.needle if found.picked else "")

    def _settle(self, here: Place | None, rows: Sequence[Row]) -> None:
        """Where the cursor's row went and it would land in another event, it goes to its own event's heading."""
        now = self._place
        if here is None or now is None or now.speech.id == here.speech.id:
            return
        settle(self.grid, rows, here.speech.id)

    @property
    def _place(self) -> Place | None:
        """What the cursor is on."""
        return self._places.get(self.grid.selected)

    def _rank(self, found: Sequence[Found], ts: int) -> None:
        """At once when an event or a phrase comes, goes or changes its stage; by edges now and then."""
        shape = frozenset(
            f"{key} {stage}"
            for each in found
            for key, stage in (
                (each.speech.id, f"{each.speech.stage} {each.speech.start_ns}"),
                *((_key(each.speech, phrase), phrase.settled) for phrase in each.phrases),
            )
        )
        if not self._ranking.due(shape, ts):
            return
        keys: list[str] = []
        for each in sorted(found, key=lambda each: event_key(self.sort, each.speech)):
            places = [(phrase, i) for i, phrase in enumerate(each.phrases)]
            places.sort(key=lambda place: phrase_key(self.sort, *place))
            keys += (each.speech.id, *(_key(each.speech, phrase) for phrase, _ in places))
        self._ranking.put(keys)

    def target(self) -> Target:
        """The market of the phrase's better order; of a heading the event alone."""
        place = self._place
        if place is None:
            return Target()
        first = place.phrase or next(iter(place.speech.phrases), None)
        ticker = market(first) if first is not None else ""
        event = self._scene.event(ticker) if self._scene is not None else ""
        return Target(ticker if place.phrase is not None else "", event, speech=place.speech.id)

    def counts(self, scene: Scene) -> list[Part]:
        """How many events and phrases, what stands behind the rates, and how fresh the calendars are."""
        view, schedule = scene.view, scene.view.schedule
        speeches = schedule.speeches
        live = sum(speech.stage is Stage.LIVE for speech in speeches)
        phrases = [phrase for speech in speeches for phrase in speech.phrases]
        low = sum(quotes.clears(best(phrase), view.threshold) for phrase in phrases)
        shown = f" ({len(self._found)} shown)" if len(self._found) != len(speeches) else ""
        return [
            part(f"{len(speeches)} event{'s' * (len(speeches) != 1)}{shown}"),
            part(f"{live} live" if live else _next(speeches, view.ts), "accent" if live else "dim"),
            part(f"{len(phrases)} words", "dim", 3),
            part(f"{low} with LOW>={text.probability(view.threshold)}c", "good" if low else "dim", 1),
            _behind(schedule),
            _heard(schedule, view.ts),
            part(f"sort {self.sort}", "accent", 2),
            part(f"filter {self.needle}" if self.needle else "", "accent"),
        ]

    def legend(self) -> str:
        """How to read a row."""
        return "said: base rate, n events; P lo-md-hi; 5m c; LOW of buys; Enter opens, folds"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """Why nothing is proposed, who says when, what the flags mean, where the number comes from."""
        place = self._place
        if place is None:
            return [((" no event under the cursor", "dim"),)]
        return mentions_why.lines(place.speech, place.phrase, scene.view, width)

    def act(self, action: str) -> bool:
        """Movements and sorting; the detail key opens or folds the event whose heading the cursor is on."""
        if action == "sort":
            self.sort = SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)]
            self._ranking.again()
            return True
        if action == "detail":
            return self._turn()
        return self.grid.act(action)

    def _turn(self) -> bool:
        """Open or fold the event of the row; of a phrase there is more to show than that."""
        place = self._place
        if place is not None and place.phrase is not None:
            return False
        found = next(
            (each for each in self._found if place is not None and each.speech.id == place.speech.id), None
        )
        if found is not None:
            self._folds.choose(self._choice(found), opened=not self._opened(found, None))
        return True

    def find(self, text: str) -> None:
        """Filter by title, speaker, kind, stage, place, label or flag."""
        self.needle = text.casefold()

    def on_resize(self, event: Resize) -> None:
        """Headings fill the new width, once the grid has it."""
        self.call_after_refresh(self._again)

    def _again(self) -> None:
        if self._scene is not None:
            self.show(self._scene)

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)


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

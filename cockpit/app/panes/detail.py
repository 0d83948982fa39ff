"""Detail: everything about one market, phrase, station's day or game, as one document.

Their documents are in `cockpit.app.panes.market`, `cockpit.app.panes.phrase`, `cockpit.app.panes.station` and
`cockpit.app.panes.game`.
"""

from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part
from cockpit.app.panes import game, market, mentions_words, nba_rows, phrase, station, weather_words
from cockpit.app.panes.base import Pane
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets.line_box import LineBox
from cockpit.domain.mentions import PhraseDetail
from cockpit.domain.view import Detail


class DetailPane(Pane):
    """One document; it scrolls while keys act on it, beside another pane it shows its beginning."""

    compact: ClassVar[bool] = True
    serves: ClassVar[frozenset[str]] = frozenset({"detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.page = LineBox(theme)
        self.page.styles.height = "1fr"
        self.first = 0
        """Rows scrolled away."""
        self.total = 0
        self._what = ""
        """The market, phrase, day or game shown."""
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """The document."""
        yield self.page

    def show(self, scene: Scene) -> None:
        """Print what is seen of it."""
        self._scene = scene
        height = self.page.size.height
        if not height:
            return
        what, rows = self._document(scene)
        if what != self._what or not self.keyed:
            self._what, self.first = what, 0
        self.total = len(rows)
        self.first, seen = cells.window(rows, self.first, height)
        more = len(rows) - self.first - height
        if more > 0 and not self.keyed:
            seen = [*seen[:-1], ((f" {text.CUT} {more + 1} more rows in the detail", "dim"),)]
        self.page.put(seen)

    def _document(self, scene: Scene) -> tuple[str, list[Line]]:
        """What it is of, and all its rows."""
        view, (width, height) = scene.view, self.page.size
        dots = self.dots(scene)
        if view.game is not None:
            return view.game.game.id, game.document(view, view.game, width, height, dots=dots)
        if view.phrase is not None:
            named = f"{view.phrase.speech.id} {view.phrase.phrase.phrase}"
            return named, phrase.document(view, view.phrase, width, height, dots=dots)
        day = station.of_view(view, scene.target.station)
        if day is not None:
            name = view.detail.row.ticker if view.detail is not None else day.id
            return name, station.document(view, day, width, height, dots=dots)
        if view.detail is not None:
            return view.detail.row.ticker, market.document(view.detail, view.ts, width, height, dots=dots)
        speech = next((each for each in view.schedule.speeches if each.id == scene.target.speech), None)
        if speech is not None:
            return speech.id, phrase.occasion(speech, view.ts, width)
        return "", [(), ((" no market under the cursor", "dim"),)]

    def on_resize(self, event: Resize) -> None:
        """Lay it out anew, once its page has its size."""
        self.call_after_refresh(self._again)

    def _again(self) -> None:
        if self._scene is not None:
            self.show(self._scene)

    def counts(self, scene: Scene) -> list[Part]:
        """Whose detail it is, and how many orders of ours there are."""
        view = scene.view
        if view.game is not None:
            shown = view.game.game
            return [
                part(f"detail of {nba_rows.teams(shown)}", "accent"),
                part(nba_rows.standing(shown, view.ts)),
            ]
        if view.phrase is not None:
            return [*_of_phrase(view.phrase, view.ts), *_ours(view.detail)]
        day = station.of_view(view, scene.target.station)
        if day is not None:
            return [part(f"detail of {weather_words.place(day)}", "accent"), *_ours(view.detail)]
        if view.detail is None:
            return [part("detail: no market under the cursor", "dim")]
        return [part(f"detail of {text.clean(view.detail.row.label)}", "accent"), *_ours(view.detail)]

    def act(self, action: str) -> bool:
        """Scroll."""
        page = max(self.page.size.height - 1, 1)
        steps = {
            "up": -1,
            "down": 1,
            "page_up": -page,
            "page_down": page,
            "top": -self.total,
            "bottom": self.total,
        }
        if action not in steps:
            return False
        self.first = max(0, min(self.first + steps[action], self.total - self.page.size.height))
        return True

    def legend(self) -> str:
        """Where we are in it, and the signs of the ladder."""
        height = self.page.size.height
        rows = f"rows {self.first + 1}-{min(self.first + height, self.total)} of {self.total}. "
        of_game = self._scene is not None and self._scene.view.game is not None
        signs = "prices are of the home side" if of_game else "* best, | within the fair band, left<before us"
        return f"{rows if self.total > height else ''}{signs}"

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.page.dress(theme)


def _of_phrase(found: PhraseDetail, now: int) -> list[Part]:
    """Whose it is, and where its event stands."""
    speech = found.speech
    return [
        part(f"detail of {mentions_words.name(found.phrase)}", "accent"),
        part(mentions_words.speaker(speech)),
        part(mentions_words.stage(speech, now)),
    ]


def _ours(detail: Detail | None) -> list[Part]:
    """How many orders of ours there are."""
    if detail is None:
        return []
    resting = sum(1 for order in detail.orders if market.rests(order))
    n = len(detail.orders)
    return [part(f"{resting} of {n} orders of ours at work" if n else "no orders of ours", "dim", 1)]

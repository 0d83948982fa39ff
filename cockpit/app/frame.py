"""The frame: every row of the screen and where it goes, at any size."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from cockpit.app import cells, chrome, side, small
from cockpit.app.keys import Keymap
from cockpit.app.line import Line, crop
from cockpit.app.panes.base import Pane
from cockpit.app.panes.registry import DETAIL, PANES, REPLAY
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.app.tabs import tabs
from cockpit.app.theme import Theme
from cockpit.app.ticket import FULL, TicketStrip
from cockpit.app.widgets.block import set_rows
from cockpit.app.widgets.dialog_box import DialogBox
from cockpit.app.widgets.line_box import LineBox

LEAST = (80, 24)
SIDE_FROM = 120
DETAIL_FROM = 160
SMALL_ROWS = 4
"""Rows a screen too small for panes would have if it could."""
BESIDE_LEAST = 48
PANE_ENOUGH = 92
"""Cells a pane gets before the detail beside it gets more than its least."""
TALL_FROM = 28
"""From this height a message has a row of its own; below it takes the legend's for a while."""
ROOMY_FROM = 34
"""From this height compact panes have spots, money and the whole ticket strip around them too."""


class Extras(NamedTuple):
    """What is painted besides the scene."""

    keymap: Keymap
    unread: Mapping[str, int]
    message: Line
    """What was said last; empty when that was long ago."""
    dialog: Dialog | None = None
    why: bool = False
    detail: bool = False


class Frame(Screen[None], inherit_bindings=False):
    """The one screen. Widgets are lines; each paints its own changes only."""

    AUTO_FOCUS = None
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False

    def __init__(self, theme: Theme, clock: Callable[[], int]) -> None:
        super().__init__()
        self.skin = theme
        self.styles.background = theme.ground
        self.active = 0
        self._panes: dict[int, Pane] = {}
        self.strip = TicketStrip(theme, clock)
        self.dialog = DialogBox(theme)
        self.boxes = {
            name: LineBox(theme, id=name)
            for name in (
                "tabs",
                "spots",
                "counts",
                "side",
                "why",
                "legend",
                "message",
                "money",
                "feeds",
                "footer",
                "small",
            )
        }
        self.beside: Pane | None = DETAIL.pane()(theme) if DETAIL else None
        self.replay: Pane | None = REPLAY.pane()(theme) if REPLAY else None

    def compose(self) -> ComposeResult:
        """From the top down."""
        boxes = self.boxes
        yield from (boxes["tabs"], boxes["spots"], boxes["counts"])
        with Horizontal(id="main"):
            with Container(id="panes"):
                yield self._pane_at(0)
            if self.beside is not None:
                self.beside.id = "beside"
                yield self.beside
            yield boxes["side"]
        yield from (
            boxes["why"],
            boxes["legend"],
            boxes["message"],
            self.strip,
            boxes["money"],
            boxes["feeds"],
        )
        if self.replay is not None:
            self.replay.id = "replay"
            yield self.replay
        yield from (boxes["footer"], boxes["small"], self.dialog)

    # ------------------------------------------------------------------------------------------ panes

    def _pane_at(self, index: int) -> Pane:
        if index not in self._panes:
            self._panes[index] = PANES[index].pane()(self.skin)
        return self._panes[index]

    def show_pane(self, index: int) -> None:
        """Change the pane; one that was never shown is made now."""
        self.active = index
        pane = self._pane_at(index)
        if pane.parent is None:
            self.query_one("#panes").mount(pane)
        for other in self._panes.values():
            other.display = other is pane

    def pane(self, extras: Extras) -> Pane:
        """The pane that keys act on."""
        return self.beside if self.beside is not None and extras.detail else self._pane_at(self.active)

    @property
    def plain_pane(self) -> Pane:
        """The numbered pane shown, or hidden behind the detail."""
        return self._pane_at(self.active)

    @property
    def _beside_fits(self) -> bool:
        return self.size.width >= DETAIL_FROM

    @property
    def small(self) -> bool:
        """Whether the screen shows next to nothing."""
        return self.size.width < LEAST[0] or self.size.height < LEAST[1]

    def wants_detail(self, extras: Extras) -> bool:
        """Whether the detail of the row under the cursor is shown somewhere."""
        return extras.why or (self.beside is not None and (extras.detail or self._beside_fits))

    # ------------------------------------------------------------------------------------------ painting

    def _place(self, scene: Scene, extras: Extras) -> None:
        """Show and hide what the size, the pane and the state ask for."""
        pane, boxes = self.pane(extras), self.boxes
        small, whole = self.small, self._whole(pane)
        alone = pane is self.beside
        shown = {
            "spots": whole, "counts": whole and bool(pane.counts(scene)), "money": whole and not pane.desk,
            "why": extras.why, "small": small, "side": whole and not pane.desk and self.size.width >= SIDE_FROM,
            "message": not self.tight,
        }  # fmt: skip
        for name, box in boxes.items():
            _show(box, shown.get(name, True) and (name == "small" or not small))
        _show(self.strip, not small)
        _show(self.query_one("#main"), not small)
        _show(self.query_one("#panes"), not alone)
        set_rows(self.strip, FULL if whole else 1)
        if self.beside is not None:
            _show(self.beside, alone or (self._beside_fits and not pane.compact))
            self.beside.set_class(alone, "alone")
            self._widen(self.beside, alone=alone)
        if self.replay is not None:
            _show(self.replay, scene.replay and not small)

    def whole(self, extras: Extras) -> bool:
        """Whether the strip has all its rows."""
        return self._whole(self.pane(extras))

    def _whole(self, pane: Pane) -> bool:
        """Whether there is room for everything around a pane."""
        return not pane.compact or self.size.height >= ROOMY_FROM

    def _widen(self, beside: Pane, *, alone: bool) -> None:
        """The detail beside takes what the pane and the desk leave."""
        cells = max(BESIDE_LEAST, self.size.width - side.WIDTH - 1 - PANE_ENOUGH)
        width = beside.styles.width
        if alone:
            beside.styles.width = "1fr"
        elif width is None or width.cells != cells:
            beside.styles.width = cells

    @property
    def tight(self) -> bool:
        """Whether messages share the legend's row."""
        return self.size.height < TALL_FROM

    def _inline(self, extras: Extras) -> bool:
        return extras.dialog is not None and extras.dialog.inline

    def show(self, scene: Scene, extras: Extras) -> None:
        """Hand the scene to the panes that are visible."""
        if self.small:
            return
        pane = self.pane(extras)
        pane.alone, pane.keyed = not self._whole(pane), True
        pane.show(scene)

    def paint(self, scene: Scene, extras: Extras) -> None:
        """Paint what changed of everything."""
        self._place(scene, extras)
        width, boxes = self.size.width, self.boxes
        if self.small:
            kill = extras.keymap.key("kill")
            kill = "" if scene.hindsight else kill
            least = side.small(scene, width, max(self.size.height, SMALL_ROWS), LEAST, kill)
            boxes["small"].put(small.lines(scene, least, width, self.size.height))
            self.dialog.hide()
            return
        pane = self.pane(extras)
        boxes["tabs"].put([tabs(scene, PANES, self.active, extras.unread, width)])
        if whole := self._whole(pane):
            boxes["spots"].put([chrome.spots(scene.view, width)])
            covered = extras.dialog is not None and not extras.dialog.inline
            boxes["counts"].put([() if covered else chrome.counts(pane.counts(scene), width)])
            boxes["money"].put([cells.day(scene, width)])
        self._paint_middle(scene, extras, pane)
        self.strip.print(scene, whole=whole)
        boxes["feeds"].put([chrome.feeds(scene, width)])
        boxes["footer"].put([chrome.footer(extras.keymap, scene, width, form=extras.dialog is not None)])
        if self.replay is not None and scene.replay:
            self.replay.keys = chrome.replay_keys(extras.keymap)
            self.replay.show(scene)
        self._paint_dialog(scene, extras)

    def _paint_middle(self, scene: Scene, extras: Extras, pane: Pane) -> None:
        width, boxes = self.size.width, self.boxes
        if extras.why:
            why = pane.why(scene, width)
            set_rows(boxes["why"], max(len(why), 1))
            boxes["why"].put(why)
        legend: Line = ((f"-- {pane.legend()}", "dim"),)
        if self._inline(extras) and extras.dialog is not None:
            legend = extras.dialog.lines(scene, width, 1)[0]
        elif self.tight and extras.message:
            legend = extras.message
        boxes["legend"].put([crop(legend, width)])
        boxes["message"].put([crop(extras.message, width)])
        if boxes["side"].display:
            size = boxes["side"].size
            boxes["side"].put(side.lines(scene, size.width, size.height, log=not pane.tells))
        if self.beside is not None and self.beside is not pane and self.beside.display:
            self.beside.alone = self.beside.keyed = False
            self.beside.show(scene)

    def _paint_dialog(self, scene: Scene, extras: Extras) -> None:
        if extras.dialog is None or extras.dialog.inline:
            self.dialog.hide()
            return
        top, width = 2, self._covered.width
        floor = (
            self.size.height - 1
            if extras.dialog.tall or self.strip.region.y < LEAST[1] // 2
            else self.strip.region.y
        )
        self.dialog.place(extras.dialog, scene, Region(0, top, max(width, LEAST[0]), floor - top))

    @property
    def _covered(self) -> Region:
        """The columns a dialog covers: the pane's, and neither the detail's nor the desk's beside it."""
        panes = self.query_one("#panes")
        return panes.region if panes.display or self.beside is None else self.beside.region

    def dress(self, theme: Theme) -> None:
        """Change the theme of everything."""
        self.skin = theme
        self.styles.background = theme.ground
        for box in (*self.boxes.values(), self.strip, self.dialog):
            box.dress(theme)
        for pane in (*self._panes.values(), self.beside, self.replay):
            if pane is not None:
                pane.dress(theme)


def _show(widget: Widget, shown: bool) -> None:
    if widget.display != shown:
        widget.display = shown

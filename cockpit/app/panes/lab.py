"""Lab: every lane side by side, judged by settled events; "cannot tell yet" is the usual verdict, and said calmly."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import cells
from cockpit.app.cells import COUNTED, Valuation
from cockpit.app.line import Line, Part, part
from cockpit.app.panes.base import Pane
from cockpit.app.panes.lab_rows import VERDICTS, about, row
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets import calibration
from cockpit.app.widgets.block import share_rows
from cockpit.app.widgets.line_box import LineBox
from cockpit.app.widgets.live_grid import Column, LiveGrid
from cockpit.domain.account import AccountView
from cockpit.domain.lab import LaneView
from cockpit.domain.view import View

COLUMNS = (
    Column("lane", "lane", 11, most=20, flex=True),
    Column("proposed", "prop", 4, "right", 5, most=6),
    Column("sent", "sent", 4, "right", 4, most=6),
    Column("filled", "fill% ctft", 12, "right", most=16),
    Column("claimed", "clmd", 5, "right"),
    Column("realised", "real", 5, "right"),
    Column("events", "ev", 3, "right", most=5),
    Column("slope", "slope", 5, "right", 5),
    Column("win", "win% 95%", 8, "right", 1, most=10),
    Column("even", "BE", 3, "right", 1),
    Column("average_win", "avgW", 6, "right", 7, most=8),
    Column("average_loss", "avgL", 6, "right", 7, most=8),
    Column("net", "net", 7, "right", most=10),
    Column("flat", "flat", 7, "right", 6, most=10),
    Column("fees", "fees", 6, "right", 8, most=8),
    Column("m1", "m1", 5, "right", 8),
    Column("m10", "m10", 5, "right", 8),
    Column("m60", "m60", 5, "right", 6),
    Column("working", "wrk", 3, "right", 9),
    Column("versus", "A/B $", 6, "right", 3, most=13),
    Column("verdict", "verdict", 15, most=18),
)
NET = next(i for i, column in enumerate(COLUMNS) if column.key == "net")
MOST_ROWS = 14
"""Rows of the queues' picture."""


class LabPane(Pane):
    """The lanes, and everything about the one under the cursor."""

    compact: ClassVar[bool] = True
    serves: ClassVar[frozenset[str]] = frozenset({"valuation"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.money = LineBox(theme)
        self.grid = LiveGrid(theme, COLUMNS, empty="no lanes yet: versions tried side by side will be here")
        self.about = LineBox(theme)
        self.about.styles.height = "1fr"
        self.valuation: Valuation = COUNTED
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """Money, lanes, detail."""
        yield self.money
        yield self.grid
        yield self.about

    def show(self, scene: Scene) -> None:
        """Print all of it."""
        self._scene = scene
        lanes, width = scene.view.lanes, self.size.width
        self.money.display = self.alone
        self.money.put([cells.day(scene, width)])
        title = self.valuation.name if self.valuation is not COUNTED else "net"
        self.grid.columns = tuple(
            column._replace(title=title) if i == NET else column for i, column in enumerate(COLUMNS)
        )
        lane = self._lane(scene.view)
        lines = self._about(lane, scene.view, width)
        queues = calibrations(scene.view.accounts, width)
        self._place(len(lanes), len(lines) + len(queues))
        self.grid.put(
            [row(lane, self.valuation, self.grid.room("lane"), scene.view.versions) for lane in lanes]
        )
        lane = self._lane(scene.view)
        lines = self._about(lane, scene.view, width) or _EMPTY
        self.about.put(
            [*lines, *calibrations(scene.view.accounts, width, self._left(len(lanes), len(lines)))]
        )

    def on_resize(self, event: Resize) -> None:
        """Share the rows anew."""
        if self._scene is not None:
            self.show(self._scene)

    def _about(self, lane: LaneView | None, view: View, width: int) -> list[Line]:
        if lane is None:
            return []
        return about(lane, width, no_trades=view.no_trades, versions=view.versions)

    def _place(self, lanes: int, lines: int) -> None:
        total = self.size.height - int(self.alone)
        if total <= 0:
            return
        rows, below = share_rows(total, [2 + max(lanes, 1), lines], [10, 9])
        rows = total - below if below < lines else rows
        now = self.grid.styles.height
        if now is None or now.cells != rows:
            self.grid.styles.height = rows

    def _left(self, lanes: int, lines: int) -> int:
        """Rows that are left for the queues' picture."""
        height = self.grid.styles.height
        used = int(height.cells or 0) if height is not None else 2 + lanes
        return max(0, self.size.height - int(self.alone) - used - lines)

    def _lane(self, view: View) -> LaneView | None:
        return next((lane for lane in view.lanes if lane.name == (self.grid.selected or lane.name)), None)

    def act(self, action: str) -> bool:
        """Movements, and how the net is counted."""
        if action == "valuation":
            lanes = self._scene.view.lanes if self._scene is not None else ()
            self.valuation = cells.following(self.valuation, lanes)
            return True
        return self.grid.act(action)

    def legend(self) -> str:
        """What the columns count."""
        if self.valuation is not COUNTED:
            return self.valuation.words
        if self._scene is not None and self._scene.view.no_trades:
            return "no trade stream in this session: only the cross rule can be told"
        return "edges: c over settled events (ev). ctft: cross tail fifo touch, * counts"

    def counts(self, scene: Scene) -> list[Part]:
        """How many lanes, and what is said of them."""
        lanes = scene.view.lanes
        said = Counter(
            "failed" if lane.failed else lane.verdict for lane in lanes if lane.failed or lane.verdict
        )
        words = [part(f"{n} {word}", VERDICTS.get(word, "dim"), 1) for word, n in said.most_common()]
        return [part(f"{len(lanes)} lane{'s' * (len(lanes) != 1)}"), *words]

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        for box in (self.money, self.grid, self.about):
            box.dress(theme)


def calibrations(accounts: Sequence[AccountView], width: int, room: int = 0) -> list[Line]:
    """Reported queues beside ours, per account, with a picture where there is room for one."""
    lines: list[Line] = []
    for account in accounts:
        lines += cells.block("QUEUES", calibration.words(account), width)
        found = account.calibration
        if found is not None and room - len(lines) > calibration.LEAST_ROWS:
            lines += calibration.scatter(found, width, min(room - len(lines), MOST_ROWS))
    return lines


_EMPTY: list[Line] = [
    (),
    ((" A lane trades a strategy on paper by itself, never seeing the others' orders.", "dim"),),
]

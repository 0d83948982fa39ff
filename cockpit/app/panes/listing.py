"""Lists: what panes whose rows stand in one table, ranked and filtered, have in common."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import text
from cockpit.app.line import Part, part
from cockpit.app.panes.base import Pane
from cockpit.app.panes.ranking import Ranking
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Column, LiveGrid

Item = TypeVar("Item")


class ListPane(Pane, Generic[Item]):
    """A table with a cursor, its order and its filter. What a pane adds is what its rows say and how they rank."""

    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail"})
    columns: ClassVar[Sequence[Column]] = ()
    sorts: ClassVar[Sequence[str]] = ()
    """What rows can be ranked by, the usual first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, self.columns)
        self.sort = self.sorts[0]
        self.needle = ""
        self.items: dict[str, Item] = {}
        """What the rows are of, by their keys; a row that is of nothing keys could act on is left out."""
        self._ranking = Ranking()
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    @property
    def here(self) -> Item | None:
        """What the cursor is on."""
        return self.items.get(self.grid.selected)

    def offers(self) -> frozenset[str]:
        """Nothing is told, sorted or looked for where there is no row of it."""
        rows, idle = len(self.grid.rows), set[str]()
        if not rows:
            idle |= {"why", "detail"} if self.needle else {"why", "detail", "filter"}
        if rows < 2:
            idle.add("sort")
        return self.serves - idle

    # ------------------------------------------------------------------------------------------ order and filter

    def fits(self, *texts: str) -> bool:
        """Whether texts have every word of the filter."""
        words = " ".join(texts).casefold()
        return all(word in words for word in self.needle.split())

    def tell(self, nothing: str) -> None:
        """What the table says without rows: that the filter leaves none, else this."""
        self.grid.empty = f"nothing contains {self.needle!r}" if self.needle else nothing

    def counted(self, n: int, noun: str, shown: int) -> Part:
        """How many there are, and how many of them the filter leaves."""
        some = f" ({shown} shown)" if shown != n else ""
        return part(f"{text.counted(n, noun)}{some}")

    def chosen(self) -> list[Part]:
        """The order and the filter, for the end of the counts."""
        return [
            part(f"sort {self.sort}", "accent", 2),
            part(f"filter {self.needle}" if self.needle else "", "accent"),
        ]

    def find(self, text: str) -> None:
        """Show only the rows that have every word of a text."""
        self.needle = text.casefold()

    def act(self, action: str) -> bool:
        """Movements and sorting."""
        if action == "sort":
            self.sort = self.sorts[(self.sorts.index(self.sort) + 1) % len(self.sorts)]
            self._ranking.again()
            return True
        return self.grid.act(action)

    # ------------------------------------------------------------------------------------------ painting

    def on_resize(self, event: Resize) -> None:
        """Rows fill the new width, once the grid has it."""
        self.call_after_refresh(self._again)

    def _again(self) -> None:
        if self._scene is not None:
            self.show(self._scene)

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)

"""A ranked table and a second one below it, which gets the rows the first leaves it or is asked for."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult

from cockpit.app.panes.listing import ListPane
from cockpit.app.theme import Theme
from cockpit.app.widgets.block import Block
from cockpit.app.widgets.live_grid import Column

Item = TypeVar("Item")


class TwoTables(ListPane[Item]):
    """The cursor is in the first; the valuation key asks for the second."""

    serves: ClassVar[frozenset[str]] = ListPane.serves | {"valuation"}
    below_columns: ClassVar[Sequence[Column]] = ()
    below_empty: ClassVar[str] = ""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.below = Block(theme, self.below_columns, empty=self.below_empty)
        self.asked = False
        """Whether the second has its rows whatever the first needs."""

    def compose(self) -> ComposeResult:
        """The one over the other."""
        yield self.grid
        yield self.below

    def act(self, action: str) -> bool:
        """Movements, sorting, and room for the second."""
        if action == "valuation":
            self.asked = not self.asked
            return True
        return super().act(action)

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.below.dress(theme)

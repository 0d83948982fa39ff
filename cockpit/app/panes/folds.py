"""Groups of rows below headings that open and fold: what a person chose, and where the cursor goes."""

from collections.abc import Hashable, Sequence

from cockpit.app.line import Line
from cockpit.app.panes.quotes import MARKS
from cockpit.app.widgets.live_grid import LiveGrid, Row

OPENED, FOLDED = "-", "+"
BEGIN = 4
"""Cells before a heading's words."""


class Folds:
    """What a person opened or folded."""

    def __init__(self) -> None:
        self._choices: dict[Hashable, bool] = {}

    def opened(self, key: Hashable, *, usual: bool) -> bool:
        """Whether a group stands open: as a person chose, else as is usual for it."""
        return self._choices.get(key, usual)

    def choose(self, key: Hashable, *, opened: bool) -> None:
        """Open or fold a group until it is chosen otherwise."""
        self._choices[key] = opened


def begin(mark: str, *, opened: bool) -> Line:
    """How a heading begins: its mark, and whether it stands open."""
    return (
        (mark or " ", MARKS.get(mark, "text")),
        (" ", "text"),
        (OPENED if opened else FOLDED, "key"),
        (" ", "text"),
    )


def settle(grid: LiveGrid, rows: Sequence[Row], heading: str) -> None:
    """Put the cursor on a heading, where there is such a row: its own row went, and it would stand in another group."""
    at = next((i for i, row in enumerate(rows) if row.key == heading), None)
    if at is not None:
        grid.move_to(at)

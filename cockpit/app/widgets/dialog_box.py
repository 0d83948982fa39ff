"""The box a form or a list is painted in: on the market's own screen, so that opening it repaints nothing else."""

from collections.abc import Sequence

from rich.style import Style
from textual.geometry import Region

from cockpit.app.line import Line, crop, length
from cockpit.app.scene import Scene
from cockpit.app.screens.base import Dialog
from cockpit.app.theme import Theme
from cockpit.app.widgets.line_box import LineBox

MARGIN = "margin"
"""The role of the blank cells on both sides of the frame."""


class DialogBox(LineBox):
    """A frame of ASCII around a dialog's rows, over the pane and never over the ticket strip when it can be helped.

    The rows it covers are blank on both sides of it: half a row of prices says nothing, or the wrong thing.
    """

    ground = "dialog"

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, id="dialog")
        self._box = Region()

    def place(self, dialog: Dialog, scene: Scene, area: Region) -> None:
        """Fit the box to its rows, at the top of an area of the screen that it may cover."""
        width = min(dialog.width + 4, area.width)
        rows = dialog.lines(scene, width - 4, max(area.height, 6) - 2)
        box = Region(area.x, area.y, area.width, len(rows) + 2)
        if box != self._box:
            self._box = box
            self.styles.width, self.styles.height, self.styles.offset = box.width, box.height, (box.x, box.y)
        self.display = True
        left = (area.width - width) // 2
        right = area.width - width - left
        self.put([_between(left, line, right) for line in framed(dialog.title, rows, width)])

    def _style(self, role: str) -> Style:
        return self.skin.style("text") if role == MARGIN else super()._style(role)

    def hide(self) -> None:
        """Nothing is open."""
        self.display = False


def _between(left: int, line: Line, right: int) -> Line:
    return ((" " * left, MARGIN), *line, (" " * right, MARGIN))


def framed(title: str, rows: Sequence[Line], width: int) -> list[Line]:
    """Rows between borders of plain characters."""
    head = f"+- {title} "
    inside = width - 4
    body = [
        (("| ", "text"), *row, (" " * (inside - length(row)) + " |", "text"))
        for row in (crop(row, inside) for row in rows)
    ]
    top: Line = ((head, "title"), ("-" * (width - len(head) - 1) + "+", "text"))
    return [top, *body, (("+" + "-" * (width - 2) + "+", "text"),)]

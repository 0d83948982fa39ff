"""One of several grids that share a cursor: it shows its own only while the cursor is in it."""

from collections.abc import Sequence

from textual.widget import Widget

from cockpit.app.line import Line
from cockpit.app.widgets.live_grid import LiveGrid, Row


class Block(LiveGrid):
    """A grid of a pane with several. Without the cursor it shows its first rows."""

    active = False
    """Whether the pane's cursor is in it."""

    def put(self, rows: Sequence[Row]) -> None:  # type: ignore[override]  # rows are the lines of a grid
        """Show these rows."""
        if not self.active:
            self.rows, self.cursor = rows, 0
        super().put(rows)

    def enter(self, index: int) -> None:
        """Take the cursor."""
        self.active = True
        self.move_to(index)

    def leave(self) -> None:
        """Let the cursor go."""
        self.active = False
        self.move_to(0)

    def _line(self, row: Row, here: bool) -> Line:
        return super()._line(row, here and self.active)


class Blocks:
    """The cursor over several grids, from the first row of the first to the last of the last."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = tuple(blocks)

    @property
    def current(self) -> Block | None:
        """The grid with the cursor: the first that has rows, unless the cursor stands in another that has."""
        here = next((block for block in self._blocks if block.active), None)
        if here is not None and here.rows:
            return here
        return next((block for block in self._blocks if block.rows), None)

    def settle(self) -> None:
        """After new rows: put the cursor where there are some."""
        self._go(self.current, None)

    def act(self, action: str) -> bool:
        """Do one of the movements of the keymap; whether it was one."""
        here = self.current
        steps = {"up": -1, "down": 1, "page_up": -10, "page_down": 10}
        filled = [block for block in self._blocks if block.rows]
        if action in ("top", "bottom"):
            if filled:
                edge = filled[0] if action == "top" else filled[-1]
                self._go(edge, 0 if action == "top" else len(edge.rows) - 1)
            return True
        if action not in steps:
            return False
        if here is not None:
            self._step(here, filled, steps[action])
        return True

    def _step(self, here: Block, filled: list[Block], by: int) -> None:
        to, last = here.cursor + by, len(here.rows) - 1
        at = filled.index(here)
        if to > last and here.cursor == last and at + 1 < len(filled):
            self._go(filled[at + 1], 0)
        elif to < 0 and here.cursor == 0 and at:
            self._go(filled[at - 1], len(filled[at - 1].rows) - 1)
        else:
            self._go(here, max(0, min(to, last)))

    def _go(self, to: Block | None, index: int | None) -> None:
        for block in self._blocks:
            if block.active and block is not to:
                block.leave()
        if to is not None and (not to.active or index is not None):
            to.enter(to.cursor if index is None else index)


def set_rows(widget: Widget, rows: int) -> None:
    """Give a widget so many rows; nothing happens where it has them."""
    height = widget.styles.height
    if height is None or height.cells != rows:
        widget.styles.height = rows


def share_rows(total: int, wants: Sequence[int], least: Sequence[int]) -> list[int]:
    """Share rows out: everyone the least first, then row by row in turn to those who want more.

    Args:
        total: rows there are.
        wants: rows each would fill.
        least: rows each gets before any other gets more; the first ones win when even that is too much.
    """
    out: list[int] = []
    for want, low in zip(wants, least, strict=True):
        out.append(min(want, low, total - sum(out)))
    spare = total - sum(out)
    while spare > 0 and any(have < want for have, want in zip(out, wants, strict=True)):
        for i, want in enumerate(wants):
            if spare and out[i] < want:
                out[i] += 1
                spare -= 1
    return out

"""A table for prices that move: fixed widths, a cursor that follows its row, and repaints of changed cells only.

Rows off the screen cost nothing: a row is composed when it is visible and its cells, role or place changed. All
changes of one `put` leave in one refresh of exactly the changed columns.
"""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events

from cockpit.app.line import Line, crop, length
from cockpit.app.text import clean, cut
from cockpit.app.theme import Theme
from cockpit.app.widgets.line_box import LineBox

Cell = tuple[str, str]
"""Text and role. A tab parts a text that gives way from one that stays, at the right end of the column."""


class Column(NamedTuple):
    """A column. Tier 0 always stays; among the others the highest goes first when the grid is narrow."""

    key: str
    title: str
    width: int
    """Of 0: it is away until a row has something in it."""
    align: str = "left"
    tier: int = 0
    most: int = 0
    """How wide it may become when its texts need it; it never shrinks again, so that nothing jumps."""
    flex: bool = False
    """Takes what is left over, to ``most`` when that is not 0; ``width`` is its least."""


class Row(NamedTuple):
    """A row: what it is (unique; the cursor follows it), its cells in the order of the columns, a role under all of them."""

    key: str
    cells: Sequence[Cell]
    role: str = "text"
    whole: Line = ()
    """Stands across all columns in place of cells: a heading."""


SHORTEST = 4
"""Cells the flexible column keeps where the others, which stay, leave it less than its least."""
_BEYOND = {(False, False): " ", (True, False): "^", (False, True): "v", (True, True): "|"}


class LiveGrid(LineBox):
    """The table. Row 0 is the header; its first cell tells where more rows are: ``^``, ``v``, or ``|`` for both."""

    def __init__(
        self,
        theme: Theme,
        columns: Sequence[Column],
        *,
        empty: str = "nothing here",
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(theme, id=id)
        self.columns = tuple(columns)
        self.empty = empty
        """What it says without rows, a line each."""
        self.rows: Sequence[Row] = ()
        self.cursor = 0
        """Index of the row under the cursor."""
        self.top = 0
        """Index of the first visible row."""
        self._widths: list[int] = [column.width for column in columns]
        """Chosen so far, before the flexible one takes its share."""
        self._plan: tuple[tuple[int, int], ...] = ()
        """(index, width) of each column shown."""
        self._composed: dict[str, tuple[Row, bool, Line]] = {}
        self._for = 0
        """The width the columns are chosen for."""

    # ------------------------------------------------------------------------------------------ content

    def put(self, rows: Sequence[Row]) -> None:  # type: ignore[override]  # rows are the lines of a grid
        """Show these rows. The cursor stays on its row's key; when that is gone, on its place."""
        key = self.selected
        self.rows = rows
        if key and not (self.cursor < len(rows) and rows[self.cursor].key == key):
            self.cursor = next((i for i, row in enumerate(rows) if row.key == key), self.cursor)
        self._fit()
        self._widen()
        self._paint()

    @property
    def selected(self) -> str:
        """The key of the row under the cursor; empty when there are no rows."""
        return self.rows[self.cursor].key if self.cursor < len(self.rows) else ""

    def entitle(self, **titles: str) -> None:
        """Call columns otherwise, by their keys; to be seen with the next rows."""
        self.columns = tuple(
            column._replace(title=titles.get(column.key, column.title)) for column in self.columns
        )

    def room(self, key: str) -> int:
        """The width of a column now; 0 while it is not shown."""
        return next((width for i, width in self._plan if self.columns[i].key == key), 0)

    # ------------------------------------------------------------------------------------------ movement

    @property
    def page(self) -> int:
        """Rows visible at once."""
        return max(self.size.height - 1, 0)

    def move(self, by: int) -> None:
        """Move the cursor by rows."""
        self.move_to(self.cursor + by)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row by its index, as near as there are rows."""
        self.cursor = max(0, min(index, len(self.rows) - 1))
        self._paint()

    def act(self, action: str) -> bool:
        """Do one of the movements of the keymap; whether it was one."""
        steps = {"up": -1, "down": 1, "page_up": -self.page, "page_down": self.page}
        if action in steps:
            self.move(steps[action])
        elif action in ("top", "bottom"):
            self.move_to(0 if action == "top" else len(self.rows))
        else:
            return False
        return True

    def _follow(self) -> None:
        self.cursor = max(0, min(self.cursor, len(self.rows) - 1))
        self.top = max(0, min(self.top, len(self.rows) - self.page))
        self.top = max(self.cursor - self.page + 1, min(self.top, self.cursor)) if self.page else 0

    # ------------------------------------------------------------------------------------------ widths

    def _widen(self) -> None:
        grown = False
        for i, column in enumerate(self.columns):
            if column.flex or column.most <= self._widths[i]:
                continue
            need = max((len(row.cells[i][0]) for row in self.rows if not row.whole), default=0)
            if need > self._widths[i]:
                self._widths[i] = min(need, column.most)
                grown = True
        if grown or not self._plan:
            self._arrange()

    def _arrange(self) -> None:
        """Choose the columns that fit and give the rest of the width to the flexible one."""
        room = self.size.width - 1
        shown = [i for i, width in enumerate(self._widths) if width]
        while len(shown) > 1 and sum(self._widths[i] + 1 for i in shown) - 1 > room:
            worst = max(self.columns[i].tier for i in shown)
            if worst == 0:
                break
            shown.remove(max(i for i in shown if self.columns[i].tier == worst))
        spare = room - sum(self._widths[i] + 1 for i in shown) + 1
        self._plan = tuple((i, self._share(i, spare)) for i in shown)
        self._composed.clear()

    def _share(self, index: int, spare: int) -> int:
        column, width = self.columns[index], self._widths[index]
        if not column.flex:
            return width
        wide = max(width + spare, min(width, SHORTEST))
        return min(wide, column.most) if column.most else wide

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns anew, and show as many rows as there is room for."""
        self._fit()
        self._paint()

    def _fit(self) -> None:
        """At another width columns start from their least, and grow with the rows; a size may change without an event."""
        if self.size.width == self._for:
            return
        self._for = self.size.width
        self._widths = [column.width for column in self.columns]
        self._arrange()

    # ------------------------------------------------------------------------------------------ painting

    def _paint(self) -> None:
        self._follow()
        self.set_line(0, self._header())
        visible = self.rows[self.top : self.top + self.page]
        for y, row in enumerate(visible, start=1):
            self.set_line(y, self._line(row, self.top + y - 1 == self.cursor))
        said = [] if self.rows else self.empty.split("\n")
        for y in range(len(visible) + 1, max(self.size.height, len(self.lines))):
            self.set_line(y, ((f"  {said[y - 1]}", "dim"),) if y <= len(said) else ())
        if len(self._composed) > 4 * self.page + 64:
            self._composed = {row.key: self._composed[row.key] for row in visible}
        self.flush()

    def _line(self, row: Row, here: bool) -> Line:
        known = self._composed.get(row.key)
        if known is not None and known[1] == here and known[0] == row:
            return known[2]
        line = self._cells(row, here)
        self._composed[row.key] = (row, here, line)
        return line

    def _cells(self, row: Row, here: bool) -> Line:
        base = "selection" if here else row.role
        if row.whole:
            return self._across(row.whole, base)
        spans = [(">" if here else " ", base)]
        for n, (i, width) in enumerate(self._plan):
            text, role = row.cells[i]
            if n:
                spans.append((" ", base))
            spans.append(
                (_pad(text, width, self.columns[i].align), base if role == "text" else f"{base}/{role}")
            )
        return tuple(spans)

    def _across(self, line: Line, base: str) -> Line:
        """A heading, its ground to the end of the row."""
        line = crop(line, self.size.width - 1)
        blank = " " * (self.size.width - 1 - length(line))
        laid = [(text, base if role == "text" else f"{base}/{role}") for text, role in line]
        return ((">" if base == "selection" else " ", base), *laid, (blank, base))

    def _header(self) -> Line:
        sign = _BEYOND[bool(self.top), self.top + self.page < len(self.rows)]
        titles = " ".join(
            _pad(self.columns[i].title, width, self.columns[i].align) for i, width in self._plan
        )
        text = f" {titles}".ljust(self.size.width)
        return ((sign, "accent"), (text[1:], "header"))


def _pad(text: str, width: int, align: str) -> str:
    text, _, stays = text.partition("\t")
    if stays and len(stays) < width:
        return f"{_pad(text, width - len(stays) - 1, align)} {stays}"
    text = clean(text)
    if len(text) > width:
        return cut(text, width)
    return text.rjust(width) if align == "right" else text.ljust(width)

"""A widget of lines with roles that repaints only the cells that changed."""

from collections.abc import Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from cockpit.app.line import Line, changes, crop
from cockpit.app.text import clean
from cockpit.app.theme import Theme

BLANK: Line = ()


class LineBox(Widget):
    """Rows of lines. Whoever fills it fits the lines; what is too long all the same is cut with its sign."""

    ALLOW_SELECT = False
    ground = "text"
    """The role of cells nobody wrote."""

    def __init__(self, theme: Theme, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.skin = theme
        self._shown: list[Line] = []
        self._strips: dict[int, Strip] = {}
        self._dirty: list[Region] = []

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines from the top."""
        for y in range(max(len(lines), len(self._shown))):
            self.set_line(y, lines[y] if y < len(lines) else BLANK)
        self.flush()

    def set_line(self, y: int, line: Line) -> None:
        """Change one row; nothing happens for the same text in the same roles."""
        while len(self._shown) <= y:
            self._shown.append(BLANK)
        old = self._shown[y]
        if line is old or line == old:
            return
        self._shown[y] = line
        self._strips.pop(y, None)
        if y >= self.size.height:
            return
        width = self.size.width
        self._dirty += [
            Region(a, y, b - a, 1) for a, b in changes(crop(old, width), crop(line, width), width)
        ]

    def flush(self) -> None:
        """Ask for one repaint of all that changed since the last."""
        if self._dirty:
            self.refresh(*self._dirty)
            self._dirty = []

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        self.skin = theme
        self._strips.clear()
        self.refresh()

    @property
    def lines(self) -> Sequence[Line]:
        """What is shown."""
        return self._shown

    def render_line(self, y: int) -> Strip:
        """One row for the compositor."""
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != self.size.width:
            line = self._shown[y] if y < len(self._shown) else BLANK
            strip = self._strips[y] = self._strip(line, self.size.width)
        return strip

    def _strip(self, line: Line, width: int) -> Strip:
        line = crop(line, width)
        spans = [(clean(text), self._style(role)) for text, role in line]
        used = sum(len(text) for text, _ in spans)
        spans.append((" " * (width - used), self._style("text")))
        segments = [
            Segment("".join(text for text, _ in group), style)
            for style, group in groupby((span for span in spans if span[0]), key=_second)
        ]
        return Strip(segments, width)

    def _style(self, role: str) -> Style:
        if self.ground == "text":
            return self.skin.style(role)
        return self.skin.style(self.ground if role == "text" else f"{self.ground}/{role}")

    def on_resize(self, event: events.Resize) -> None:
        """All rows have another width; the compositor may have taken some before this was told."""
        self._strips.clear()
        self.refresh()


def _second(span: tuple[str, Style]) -> Style:
    return span[1]

"""A box of lines that may hold braille: its dots are one cell wide in every terminal, unlike other foreign glyphs."""

from itertools import zip_longest

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from cockpit.app.line import Line, crop, length
from cockpit.app.text import clean
from cockpit.app.widgets.line_box import LineBox

_FIRST, _LAST = "\u2800", "\u28ff"


def dotted(text: str) -> str:
    """Text as `clean` leaves it, with its braille kept."""
    if text.isascii():
        return clean(text)
    return "".join(char if _FIRST <= char <= _LAST else clean(char) for char in text)


class DotBox(LineBox):
    """A `LineBox` whose lines of dots, which whoever fills it fits to the width, are shown and compared as dots."""

    def set_line(self, y: int, line: Line) -> None:
        """Change one row; of dots as of text only what differs is painted again."""
        old = self.lines[y] if y < len(self.lines) else ()
        super().set_line(y, line)
        if y < self.size.height and old != line:
            width = self.size.width
            pairs = enumerate(zip_longest(_glyphs(old), _glyphs(line), fillvalue=" "))
            cells = [x for x, (was, now) in pairs if was != now and x < width]
            if cells:
                self._dirty.append(Region(cells[0], y, cells[-1] - cells[0] + 1, 1))

    def _strip(self, line: Line, width: int) -> Strip:
        if all(text.isascii() for text, _ in line) or length(line) > width:
            return super()._strip(crop(line, width), width)
        spans = [(dotted(text), role) for text, role in line if text]
        spans.append((" " * (width - length(line)), "text"))
        return Strip([Segment(text, self._style(role)) for text, role in spans if text], width)


def _glyphs(line: Line) -> str:
    """A line's braille, blanks where there is other text: what two lines cleaned of it would not differ in."""
    return "".join(char if _FIRST <= char <= _LAST else " " for text, _ in line for char in text)

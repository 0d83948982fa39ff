"""One line that is typed in, with a cursor that moves."""

from cockpit.app.line import Line
from cockpit.app.text import CUT

MOST = 400


class Typing:
    """Text being changed; typing right away replaces a short value, moving first keeps it."""

    def __init__(self, text: str, *, keep: bool) -> None:
        self.text = text
        self._at = len(text)
        self._fresh = not keep

    def press(self, key: str) -> None:
        """Move, delete or type."""
        fresh, self._fresh = self._fresh, False
        match key:
            case "left" | "right":
                self._at = max(0, min(self._at + (1 if key == "right" else -1), len(self.text)))
            case "home" | "end":
                self._at = 0 if key == "home" else len(self.text)
            case "backspace":
                self.text = self.text[: max(self._at - 1, 0)] + self.text[self._at :]
                self._at = max(self._at - 1, 0)
            case "delete":
                self.text = self.text[: self._at] + self.text[self._at + 1 :]
            case "ctrl+u":
                self.text, self._at = "", 0
            case _:
                self._type(" " if key == "space" else key, fresh=fresh)

    def _type(self, char: str, *, fresh: bool) -> None:
        if len(char) != 1 or not char.isprintable() or len(self.text) >= MOST:
            return
        if fresh:
            self.text, self._at = "", 0
        self.text = self.text[: self._at] + char + self.text[self._at :]
        self._at += 1

    def line(self, width: int) -> Line:
        """The part around the cursor, in exactly ``width`` cells; the cursor is an underscore before its character."""
        shown = f"{self.text[: self._at]}_{self.text[self._at :]}"
        start = max(0, min(self._at - width * 2 // 3, len(shown) - width))
        part = shown[start : start + width]
        if start:
            part = CUT + part[1:]
        if start + width < len(shown):
            part = part[:-1] + CUT
        return ((part.ljust(width), "field"),)

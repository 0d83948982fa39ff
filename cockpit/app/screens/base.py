"""What lies over the market for a moment: a form, a list, a question. Plain values; the app paints them and feeds keys."""

from collections.abc import Sequence
from typing import ClassVar

from cockpit.app.line import Line
from cockpit.app.scene import Scene
from cockpit.app.text import clean

SCROLL = {
    "j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "pageup": -10, "space": 10, "G": 999, "g": -999,
}  # fmt: skip
"""Rows that a key moves a document by."""


class Dialog:
    """Something open. Escape closes it; the market goes on behind it."""

    title: ClassVar[str] = ""
    width: ClassVar[int] = 60
    tall: ClassVar[bool] = False
    """It needs all rows there are, the ticket strip's too."""
    inline: ClassVar[bool] = False
    """One row in place of the legend instead of a box."""
    closed = False
    """Set when it is done."""

    def lines(self, scene: Scene, width: int, height: int) -> Sequence[Line]:
        """Its rows, in at most ``height``."""
        return ()

    def press(self, key: str) -> None:
        """A key as the keymap names it; one character stands for itself."""

    def submit(self) -> None:
        """The key that does it was pressed, and pressed on purpose."""

    def submits(self, key: str) -> bool:
        """Whether a key would do it now: such a key counts only when it stands alone."""
        return False

    def paste(self, text: str) -> None:
        """Pasted text is typed, never obeyed."""
        for char in clean(text):
            if char != " " or self.spaces:
                self.press(char if char != " " else "space")

    @property
    def inside(self) -> bool:
        """Whether escape first leaves something in it, and not yet itself."""
        return False

    spaces: ClassVar[bool] = False
    """Whether a blank may be typed."""

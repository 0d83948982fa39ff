"""What every pane is to the app."""

from typing import ClassVar

from textual.widget import Widget

from cockpit.app.line import Line, Part
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme


class Pane(Widget):
    """One of the numbered panes; mounted when first shown, told of every scene while it is shown.

    A pane fills itself from `show` and never asks for anything. Keys come in as the names of actions: the cursor's
    movements, and those named in ``serves``.
    """

    ALLOW_SELECT = False
    compact: ClassVar[bool] = False
    """On a low screen it has the rows: no spot lines and no money line around it, and the ticket strip is one line."""
    desk: ClassVar[bool] = False
    """It shows the desk's money itself, at any size: neither a money line nor the desk beside it."""
    proposes: ClassVar[bool] = True
    """What it says while no ticket waits is why: nothing clears LOW and EV."""
    tells: ClassVar[bool] = False
    """It shows the log itself: the desk beside it does not."""
    serves: ClassVar[frozenset[str]] = frozenset()
    """Which of filter, sort, detail, why and valuation it can ever do; valuation is then its own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.skin = theme
        self.alone = self.compact
        """Whether it is the only one to show the day's money; set before every `show`."""
        self.keyed = True
        """Whether keys act on it; set before every `show`."""
        self.keys: Line = ()
        """Keys that stand in its own rows; set before every `show`."""

    def dots(self, scene: Scene) -> bool:
        """Whether the terminal can show braille; else pictures are drawn in letters."""
        return not scene.ascii_only and "utf" in self.app.console.encoding.lower()

    def show(self, scene: Scene) -> None:
        """Take the new scene and repaint what changed; a bare pane shows nothing."""

    def target(self) -> Target:
        """What keys would act on."""
        return Target()

    def offers(self) -> frozenset[str]:
        """Which of them it can do now, with the rows it has."""
        return self.serves

    def counts(self, scene: Scene) -> list[Part]:
        """The line above the pane."""
        return []

    def legend(self) -> str:
        """The line under the pane that says how to read it."""
        return ""

    def why(self, scene: Scene, width: int) -> list[Line]:
        """What the why key shows; the scene's view then has the detail of the target's market."""
        return []

    def act(self, action: str) -> bool:
        """Do an action; whether it was one of the pane's."""
        return False

    def find(self, text: str) -> None:
        """Show only what contains a text; empty shows all."""

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        self.skin = theme

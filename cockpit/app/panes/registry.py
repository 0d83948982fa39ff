"""The panes in the order of their keys. A new pane is its file and one line here."""

from importlib import import_module
from typing import NamedTuple

from cockpit.app.panes.base import Pane


class Spec(NamedTuple):
    """Where a pane is. It is imported when it is first shown, so that start-up stays fast."""

    title: str
    short: str
    """Its name where room is short."""
    place: str
    """``module:class``."""
    notes: frozenset[str] = frozenset()
    """Kinds of notes that are counted as unread on its tab."""
    brief: str = ""
    """Its name where there is less room still."""

    def pane(self) -> type[Pane]:
        """The pane's class."""
        module, _, name = self.place.partition(":")
        found: type[Pane] = getattr(import_module(module), name)
        return found


PANES: tuple[Spec, ...] = (
    Spec("Edges", "Edge", "cockpit.app.panes.edges:EdgesPane", frozenset({"ticket"}), "Edg"),
    Spec("Spreads", "Sprd", "cockpit.app.panes.spreads:SpreadsPane", frozenset({"naked", "pair"}), "Spr"),
    Spec("NBA", "NBA", "cockpit.app.panes.nba:NbaPane"),
    Spec("Mentions", "Ment", "cockpit.app.panes.mentions:MentionsPane", brief="Men"),
    Spec("Books", "Book", "cockpit.app.panes.books:BooksPane", brief="Bks"),
    Spec("Weather", "Wthr", "cockpit.app.panes.weather:WeatherPane", brief="Wx"),
    Spec("Desk", "Desk", "cockpit.app.panes.desk:DeskPane", frozenset({"fill", "settled"}), "Dsk"),
    Spec("Lab", "Lab", "cockpit.app.panes.lab:LabPane", frozenset({"lane"})),
    Spec("Feeds", "Feed", "cockpit.app.panes.feeds:FeedsPane", frozenset({"doubt"}), "Fds"),
)  # fmt: skip

DETAIL: Spec | None = Spec("Detail", "Det", "cockpit.app.panes.detail:DetailPane")
"""Everything about one market: beside the pane on very wide screens, in its place after the detail key."""

REPLAY: Spec | None = Spec("Replay", "Rep", "cockpit.app.panes.replaybar:ReplayBar")
"""The bar of a replay, two rows above the footer."""

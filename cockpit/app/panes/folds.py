"""Groups of rows below headings that open and fold, and a cursor that stays in its group."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from cockpit.app.line import Line
from cockpit.app.panes.listing import ListPane
from cockpit.app.panes.quotes import MARKS
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Row

OPENED, FOLDED = "-", "+"
BEGIN = 4
"""Cells before a heading's words."""


class Group(Protocol):
    """What a heading is of."""

    @property
    def id(self) -> str:
        """Unique; the key of its heading's row."""


G = TypeVar("G", bound=Group)
M = TypeVar("M")


class Place(NamedTuple, Generic[G, M]):
    """What a row is of: a group, or a member of it."""

    group: G
    member: M | None = None


class Found(NamedTuple, Generic[G, M]):
    """A group the filter leaves, and those of its members."""

    group: G
    members: Sequence[M]
    picked: bool = False
    """The filter chose among its members: they are what is looked for."""


class FoldingPane(ListPane[Place[G, M]], Generic[G, M]):
    """Headings and what stands below each, in one grid."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.found: Sequence[Found[G, M]] = ()
        """The groups shown, in their order."""
        self._choices: dict[Hashable, bool] = {}
        """What a person opened or folded: by group, and by the filter where that chooses among its members."""

    # ------------------------------------------------------------------------------------------ what a pane says

    def look(self, scene: Scene) -> Sequence[Found[G, M]]:
        """The groups to show, in their order."""
        raise NotImplementedError

    def usual(self, group: G) -> bool:
        """Whether a group stands open unless a person folds it."""
        raise NotImplementedError

    def rows_of(self, found: Found[G, M], scene: Scene, *, opened: bool) -> Iterator[tuple[Row, M | None]]:
        """A group's rows and the members they are of, its heading first: that has the group's id as its key."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------ the same for all

    def show(self, scene: Scene) -> None:
        """Filter, sort, fold and print; what the cursor is in stays open."""
        here = self.here
        self._scene = scene
        self.found = self.look(scene)
        self.items, rows = {}, []
        for found in self.found:
            for row, member in self.rows_of(found, scene, opened=self._opened(found, here)):
                self.items[row.key] = Place(found.group, member)
                rows.append(row)
        self.grid.put(rows)
        self._settle(here, rows)

    def _settle(self, was: Place[G, M] | None, rows: Sequence[Row]) -> None:
        """Where the cursor's row went and it would land in another group, it goes to its own group's heading."""
        now = self.here
        if was is None or now is None or now.group.id == was.group.id:
            return
        at = next((i for i, row in enumerate(rows) if row.key == was.group.id), None)
        if at is not None:
            self.grid.move_to(at)

    def _opened(self, found: Found[G, M], here: Place[G, M] | None) -> bool:
        """As a person chose; else what is usual or looked for, and what the cursor is in."""
        inside = here is not None and here.member is not None and here.group.id == found.group.id
        return self._choices.get(self._choice(found), found.picked or self.usual(found.group) or inside)

    def _choice(self, found: Found[G, M]) -> tuple[str, str]:
        return (found.group.id, self.needle if found.picked else "")

    def act(self, action: str) -> bool:
        """Movements and sorting; the detail key opens or folds the group whose heading the cursor is on."""
        return self._turn() if action == "detail" else super().act(action)

    def _turn(self) -> bool:
        """Open or fold the group of the row; of a member there is more to show than that."""
        place = self.here
        if place is not None and place.member is not None:
            return False
        for found in self.found:
            if place is not None and found.group.id == place.group.id:
                self._choices[self._choice(found)] = not self._opened(found, None)
        return True


def begin(mark: str, *, opened: bool) -> Line:
    """How a heading begins: its mark, and whether it stands open."""
    return (
        (mark or " ", MARKS.get(mark, "text")),
        (" ", "text"),
        (OPENED if opened else FOLDED, "key"),
        (" ", "text"),
    )

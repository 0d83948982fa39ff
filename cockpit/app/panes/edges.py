"""Edges: every market in one list, the best to do first."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult

from cockpit.app import text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import nba_rows
from cockpit.app.panes.base import Pane
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Cell, Column, LiveGrid, Row
from cockpit.domain.units import SECOND
from cockpit.domain.view import Band, EdgeRow, View

COLUMNS = (
    Column("mark", "", 1),
    Column("market", "market", 18, most=40, flex=True),
    Column("left", "left", 4, "right", 1, most=nba_rows.BRIEF),
    Column("top", "bi/as", 5, "right", most=9),
    Column("band", "lo-md-hi", 9, "right", 2, most=14),
    Column("act", "act", 4, "right", most=7),
    Column("edge", "edge", 4, "right", 1, most=5),
    Column("low", "LOW", 3, "right", most=5),
    Column("ev", "EV$", 5, "right", 1, most=6),
    Column("lot", "lot", 4, "right", 3, most=5),
    Column("queue", "que", 4, "right", 5, most=5),
)

MARKS = {"T": "accent", "P": "own", "W": "own", "x": "dim", "!": "alert", "?": "warn", "z": "warn"}
SUNK = {"!": 1, "?": 2, "z": 3}
"""Marks whose figures are not to be believed rank below all others."""
TOLD = {"!": "BLOCK", "?": "DOUBT", "z": "STALE"}
"""Flags that say what the mark says."""
RESORT_NS = 1 * SECOND
"""Prices move rows this often at most: a list that jumps cannot be read."""
SETTLE_NS = 10 * SECOND
"""Rows without an EV, which cannot be acted on, change places this often at most."""

_HIGH = float("inf")
Order = Callable[[EdgeRow], tuple[float | str, ...]]


def _falling(value: float | None) -> float:
    """Best first by whole cents: what looks equal keeps its place."""
    return _HIGH if value is None else -round(value * 100)


def _held(row: EdgeRow) -> int:
    return "TPW".find(row.mark) if row.mark and row.mark in "TPW" else 3


SORTS: dict[str, Order] = {
    "EV$": lambda r: (SUNK.get(r.mark, 0), _falling(r.ev), _held(r), _falling(r.low), r.ticker),
    "LOW": lambda r: (SUNK.get(r.mark, 0), _falling(r.low), _held(r), r.ticker),
    "edge": lambda r: (SUNK.get(r.mark, 0), _falling(r.edge), _held(r), r.ticker),
    "left": lambda r: (r.left_ns or _HIGH, r.ticker),
    "name": lambda r: (r.label, r.ticker),
}


def _by_left(view: View) -> Order:
    """By the time to the close; of a game by the time to its beginning, what is over last."""
    waits = nba_rows.waits(view)
    return lambda r: (waits.get(r.ticker, r.left_ns or _HIGH), r.ticker)


class EdgesPane(Pane):
    """The grid, its order and its filter."""

    serves: ClassVar[frozenset[str]] = frozenset({"filter", "sort", "why", "detail"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.grid = LiveGrid(theme, COLUMNS, empty="no markets yet")
        self.sort = "EV$"
        self.needle = ""
        self._order: dict[str, int] = {}
        self._sorted_ts = self._settled_ts = 0
        self._told: tuple[str, ...] = ()
        self._shape: frozenset[tuple[str, str]] = frozenset()
        self._rows: dict[str, EdgeRow] = {}

    def compose(self) -> ComposeResult:
        """The grid alone."""
        yield self.grid

    def show(self, scene: Scene) -> None:
        """Rank, filter and print."""
        found = [row for row in scene.view.rows if self._fits(row)]
        self._rank(found, scene.view)
        found.sort(key=lambda row: self._order[row.ticker])
        self._rows = {row.ticker: row for row in found}
        polled = all("POLLED" in row.flags for row in found)
        self.grid.empty = f"nothing contains {self.needle!r}" if self.needle else "no markets yet"
        room = self.grid.room("market")
        stands = nba_rows.clocks(scene.view)
        self.grid.put(
            [
                _row(row, scene.view.threshold, _label(row, room, polled), stands.get(row.ticker, ""))
                for row in found
            ]
        )

    def _fits(self, row: EdgeRow) -> bool:
        if not self.needle:
            return True
        return self.needle in " ".join((row.label, row.ticker, row.series, *row.flags)).casefold()

    def _rank(self, rows: list[EdgeRow], view: View) -> None:
        """Sort anew when rows or their marks change, and else every few seconds when what may be done changes places."""
        ts, shape = view.ts, frozenset((row.ticker, row.mark) for row in rows)
        if shape == self._shape and 0 < ts - self._sorted_ts < RESORT_NS:
            return
        order = sorted(rows, key=_by_left(view) if self.sort == "left" else SORTS[self.sort])
        told = tuple(row.ticker for row in order if row.ev is not None)
        if shape == self._shape and told == self._told and 0 < ts - self._settled_ts < SETTLE_NS:
            return
        self._shape, self._told, self._sorted_ts, self._settled_ts = shape, told, ts, ts
        self._order = {row.ticker: i for i, row in enumerate(order)}

    def target(self) -> Target:
        """The market under the cursor."""
        row = self._rows.get(self.grid.selected)
        return Target(row.ticker, row.event) if row else Target()

    def counts(self, scene: Scene) -> list[Part]:
        """How many of what, and how the list is cut and sorted."""
        rows = scene.view.rows
        low = sum(
            1
            for row in rows
            if row.low is not None and row.low >= scene.view.threshold and not SUNK.get(row.mark)
        )
        some = [(f"{n} {word}", "warn" if n else "dim") for word, mark in (("doubt", "?"), ("blocked", "!"), ("stale", "z"))
                if (n := sum(1 for row in rows if row.mark == mark)) or mark != "z"]  # fmt: skip
        shown = f" ({len(self._rows)} shown)" if len(self._rows) != len(rows) else ""
        return [
            part(f"{len(rows)} markets{shown}"),
            part(f"{low} with LOW>={text.probability(scene.view.threshold)}c", "good" if low else "dim"),
            *(part(words, role, 1) for words, role in some),
            part(f"sort {self.sort}", "accent"),
            part(f"filter {self.needle or text.NONE}", "accent" if self.needle else "dim"),
            part("fees venue", "dim", 3),
        ]

    def legend(self) -> str:
        """What edge and LOW mean."""
        return "edge of act's side after fee, LOW at the band's worst; bi/as lo-md-hi are YES"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """The numbers behind the row, and what keeps it from being proposed."""
        row = self._rows.get(self.grid.selected)
        if row is None:
            return [((" no market under the cursor", "dim"),)]
        detail = scene.view.detail
        pairs = detail.explanation if detail is not None and detail.row.ticker == row.ticker else ()
        lines = [*wrap(f"WHY {row.label} {row.ticker}", width, 1, "title", "")]
        if pairs:
            lines += wrap(", ".join(f"{name} {text.plain(value)}" for name, value in pairs), width, 4)
        lines += wrap(
            row.why or ("proposed: see the ticket" if row.mark == "T" else "no reason on record"), width, 2
        )
        return lines

    def act(self, action: str) -> bool:
        """Movements and sorting."""
        if action == "sort":
            names = list(SORTS)
            self.sort = names[(names.index(self.sort) + 1) % len(names)]
            self._shape = frozenset()
            return True
        return self.grid.act(action)

    def find(self, text: str) -> None:
        """Filter by a text in label, ticker, series or flags."""
        self.needle = text.casefold()

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        self.grid.dress(theme)


# ---------------------------------------------------------------------------------------------- cells


def _label(row: EdgeRow, room: int, polled: bool) -> str:
    """The name with its flags; where they would cut it, those go that the mark tells already."""
    flags = [flag for flag in row.flags if not (polled and flag == "POLLED")]
    if len(row.label) + len(" ".join(flags)) >= room > 0:
        flags = [flag for flag in flags if flag != TOLD.get(row.mark)]
    return f"{row.label}\t{' '.join(flags)}" if flags else row.label


def _row(row: EdgeRow, threshold: float, label: str, clock: str = "") -> Row:
    fine = text.tapered(row.bid, row.ask, row.price)
    return Row(
        row.ticker,
        (
            (row.mark or " ", MARKS.get(row.mark, "text")),
            (label, "text"),
            (clock or text.left(row.left_ns), "text"),
            (text.bid_ask(row.bid, row.ask), "text"),
            _band(row, fine),
            (text.act(row.side, row.price), "ticket" if row.mark == "T" else "text"),
            _edge(row.edge, 0.0, fine),
            _edge(row.low, threshold, fine),
            (text.NONE if row.ev is None else _ev(row.ev), "good" if (row.ev or 0) > 0 else "dim"),
            (text.short_quantity(row.lot) if row.side else text.NONE, "text" if row.lot else "dim"),
            (text.short_quantity(row.queue) if row.side else text.NONE, "dim"),
        ),
        {"!": "blocked", "?": "doubt", "z": "stale"}.get(row.mark, "text"),
    )


def _band(row: EdgeRow, fine: bool) -> Cell:
    if row.mark == "z":
        return "stale", "text"
    return (text.NONE, "dim") if row.fair is None else (band(row.fair, fine=fine), "band")


def band(fair: Band, *, fine: bool = False) -> str:
    """A fair value in cents, low-mid-high: ``91-94-97``; near 0 and 100 with a decimal: ``.2-.4-.7``."""
    return "-".join(
        _finely(value) if fine else text.probability(value) for value in (fair.low, fair.mid, fair.high)
    )


def _finely(value: float) -> str:
    return text.probability(value) if 0.1 <= value <= 0.9 else text.probability(value, 1).removeprefix("0")


def _edge(value: float | None, good: float, fine: bool) -> Cell:
    role = (
        "dim" if value is None else "good" if value > 0 and value >= good else "bad" if value < 0 else "text"
    )
    return text.signed_cents(value, int(fine)), role


def _ev(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"

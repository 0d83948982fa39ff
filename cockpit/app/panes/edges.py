"""Edges: every market in one list, the best to do first."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, part, wrap
from cockpit.app.panes import nba_rows, quotes, reasons
from cockpit.app.panes.listing import ListPane
from cockpit.app.panes.ranking import Key
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.units import SECOND
from cockpit.domain.view import Band, EdgeRow, View

COLUMNS = (
    Column("mark", "", 1),
    Column("market", "market", 21, most=40, flex=True),
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
TOLD = {"!": ("BLOCK",), "?": ("DOUBT", "STALE", "OLD"), "z": ("STALE", "OLD")}
"""Flags that say what the mark says, or less."""
RESORT_NS = 1 * SECOND
"""Prices move rows this often at most: a list that jumps cannot be read."""
SETTLE_NS = 10 * SECOND
"""Rows without an EV, which cannot be acted on, change places this often at most."""

FINE_FROM = 90
"""Cells of the grid from which fair values in tenths of a cent may take more room than those in whole cents."""
WHOLE, FINE = 9, 14
"""Cells of three fair values: ``85-94-100``, ``91.2-96.4-99.7``."""
_CERTAIN = 0.9995
"""From here a tenth of a cent rounds to 100."""
_HIGH = float("inf")
Order = Callable[[EdgeRow], Key]


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


class EdgesPane(ListPane[EdgeRow]):
    """The grid, its order and its filter."""

    columns = COLUMNS
    sorts: ClassVar[Sequence[str]] = tuple(SORTS)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._order: dict[str, int] = {}
        self._sorted_ts = self._settled_ts = 0
        self._told: tuple[str, ...] = ()
        self._shape: frozenset[tuple[str, str]] = frozenset()

    def show(self, scene: Scene) -> None:
        """Rank, filter and print."""
        self._scene = scene
        found = [row for row in scene.view.rows if self._fits(row)]
        self._rank(found, scene.view)
        found.sort(key=lambda row: self._order[row.ticker])
        self.items = {row.ticker: row for row in found}
        polled = all("POLLED" in row.flags for row in found)
        self.tell(f"no markets yet: {cells.silence(scene) or 'none that the settings ask for is listed'}")
        room, width = self.grid.room("market"), WHOLE if self.grid.size.width < FINE_FROM else FINE
        stands = nba_rows.clocks(scene.view)
        self.grid.put(
            [
                _row(row, scene.view.threshold, _label(row, room, polled), stands.get(row.ticker, ""), width)
                for row in found
            ]
        )

    def _fits(self, row: EdgeRow) -> bool:
        return not self.needle or self.fits(row.label, row.ticker, row.series, *row.flags)

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
        row = self.here
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
        return [
            self.counted(len(rows), "market", len(self.items)),
            quotes.clearing(low, scene.view.threshold, tier=0),
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
        row = self.here
        if row is None:
            return [((" no market under the cursor", "dim"),)]
        detail = scene.view.detail
        pairs = detail.explanation if detail is not None and detail.row.ticker == row.ticker else ()
        lines = [*wrap(f"WHY {row.label} {row.ticker}", width, 1, "title", "")]
        if pairs:
            lines += reasons.lines(pairs, width, 4)
        lines += wrap(
            row.why or ("proposed: see the ticket" if row.mark == "T" else "no reason on record"), width, 2
        )
        return lines

    def act(self, action: str) -> bool:
        """Movements and sorting."""
        if action == "sort":
            self._shape = frozenset()
        return super().act(action)


# ---------------------------------------------------------------------------------------------- cells


def _label(row: EdgeRow, room: int, polled: bool) -> str:
    """The name with its flags; where they would cut it, those go that the mark tells already."""
    flags = [flag for flag in row.flags if not (polled and flag == "POLLED")]
    if len(row.label) + len(" ".join(flags)) >= room > 0:
        flags = [flag for flag in flags if flag not in TOLD.get(row.mark, ())]
    return f"{row.label}\t{' '.join(flags)}" if flags else row.label


def _row(row: EdgeRow, threshold: float, label: str, clock: str, width: int) -> Row:
    fine = text.tapered(row.bid, row.ask, row.price)
    return Row(
        row.ticker,
        (
            (row.mark or " ", MARKS.get(row.mark, "text")),
            (label, "text"),
            (clock or text.left(row.left_ns), "text"),
            (text.bid_ask(row.bid, row.ask), "text"),
            _band(row, fine, width),
            (text.act(row.side, row.price), "ticket" if row.mark == "T" else "text"),
            _edge(row.edge, 0.0, fine),
            _edge(row.low, threshold, fine),
            (text.NONE if row.ev is None else _ev(row.ev), "good" if (row.ev or 0) > 0 else "dim"),
            (text.short_quantity(row.lot) if row.side else text.NONE, "text" if row.lot else "dim"),
            (text.short_quantity(row.queue) if row.side else text.NONE, "dim"),
        ),
        {"!": "blocked", "?": "doubt", "z": "stale"}.get(row.mark, "text"),
    )


def _band(row: EdgeRow, fine: bool, width: int) -> Cell:
    """In tenths of a cent where the market's prices have them and the column has the room."""
    if row.mark == "z":
        return "stale", "text"
    if row.fair is None:
        return text.NONE, "dim"
    said = band(row.fair, fine=fine)
    return (said if len(said) <= width else band(row.fair)), "band"


def band(fair: Band, *, fine: bool = False) -> str:
    """A fair value in cents, low-mid-high: ``91-94-97``; near 0 and 100 with a decimal: ``.2-.4-.7``."""
    return "-".join(
        _finely(value) if fine else text.probability(value) for value in (fair.low, fair.mid, fair.high)
    )


def _finely(value: float) -> str:
    if 0.1 <= value <= 0.9 or value > _CERTAIN:
        return text.probability(value)
    return text.probability(value, 1).removeprefix("0")


def _edge(value: float | None, good: float, fine: bool) -> Cell:
    role = (
        "dim" if value is None else "good" if value > 0 and value >= good else "bad" if value < 0 else "text"
    )
    return text.signed_cents(value, int(fine)), role


def _ev(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"

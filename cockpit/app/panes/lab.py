"""Lab: every lane side by side, judged by settled events; "cannot tell yet" is the usual verdict, and said calmly."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.events import Resize

from cockpit.app import cells, text
from cockpit.app.cells import COUNTED, RULES, Valuation
from cockpit.app.line import Line, Part, Span, crop, part
from cockpit.app.panes.base import Pane
from cockpit.app.scene import Scene
from cockpit.app.theme import Theme
from cockpit.app.widgets import calibration
from cockpit.app.widgets.block import share_rows
from cockpit.app.widgets.line_box import LineBox
from cockpit.app.widgets.live_grid import Cell, Column, LiveGrid, Row
from cockpit.domain.account import AccountView
from cockpit.domain.lab import LaneView, WinRate
from cockpit.domain.view import View

COLUMNS = (
    Column("lane", "lane", 11, most=20, flex=True),
    Column("proposed", "prop", 4, "right", 5, most=6),
    Column("sent", "sent", 4, "right", 4, most=6),
    Column("filled", "fill% ctft", 12, "right", most=16),
    Column("claimed", "clmd", 5, "right"),
    Column("realised", "real", 5, "right"),
    Column("events", "ev", 3, "right", most=5),
    Column("slope", "slope", 5, "right", 5),
    Column("win", "win% 95%", 8, "right", 1, most=9),
    Column("even", "BE", 3, "right", 1),
    Column("average_win", "avgW", 6, "right", 7, most=8),
    Column("average_loss", "avgL", 6, "right", 7, most=8),
    Column("net", "net", 7, "right", most=10),
    Column("flat", "flat", 7, "right", 6, most=10),
    Column("fees", "fees", 6, "right", 8, most=8),
    Column("m1", "m1", 5, "right", 8),
    Column("m10", "m10", 5, "right", 8),
    Column("m60", "m60", 5, "right", 6),
    Column("working", "wrk", 3, "right", 9),
    Column("verdict", "verdict", 15, most=18),
)
NET = next(i for i, column in enumerate(COLUMNS) if column.key == "net")
VERDICTS = {"earning": "good", "losing": "bad", "failed": "alert"}
MOST_ROWS = 14
"""Rows of the queues' picture."""
SCALE = 40
"""Cells of the win rate's ruler."""


class LabPane(Pane):
    """The lanes, and everything about the one under the cursor."""

    compact: ClassVar[bool] = True
    serves: ClassVar[frozenset[str]] = frozenset({"valuation"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.money = LineBox(theme)
        self.grid = LiveGrid(theme, COLUMNS, empty="no lanes yet: versions tried side by side will be here")
        self.about = LineBox(theme)
        self.about.styles.height = "1fr"
        self.valuation: Valuation = COUNTED
        self._scene: Scene | None = None

    def compose(self) -> ComposeResult:
        """Money, lanes, detail."""
        yield self.money
        yield self.grid
        yield self.about

    def show(self, scene: Scene) -> None:
        """Print all of it."""
        self._scene = scene
        lanes, width = scene.view.lanes, self.size.width
        self.money.display = self.alone
        self.money.put([cells.day(scene, width)])
        title = self.valuation.name if self.valuation is not COUNTED else "net"
        self.grid.columns = tuple(
            column._replace(title=title) if i == NET else column for i, column in enumerate(COLUMNS)
        )
        lane = self._lane(scene.view)
        lines = about(lane, width, no_trades=scene.view.no_trades) if lane is not None else []
        queues = calibrations(scene.view.accounts, width)
        self._place(len(lanes), len(lines) + len(queues))
        self.grid.put([_row(lane, self.valuation, self.grid.room("lane")) for lane in lanes])
        lane = self._lane(scene.view)
        lines = about(lane, width, no_trades=scene.view.no_trades) if lane is not None else _EMPTY
        self.about.put(
            [*lines, *calibrations(scene.view.accounts, width, self._left(len(lanes), len(lines)))]
        )

    def on_resize(self, event: Resize) -> None:
        """Share the rows anew."""
        if self._scene is not None:
            self.show(self._scene)

    def _place(self, lanes: int, lines: int) -> None:
        total = self.size.height - int(self.alone)
        if total <= 0:
            return
        rows, below = share_rows(total, [2 + max(lanes, 1), lines], [4, 10])
        rows = total - below if below < lines else rows
        now = self.grid.styles.height
        if now is None or now.cells != rows:
            self.grid.styles.height = rows

    def _left(self, lanes: int, lines: int) -> int:
        """Rows that are left for the queues' picture."""
        height = self.grid.styles.height
        used = int(height.cells or 0) if height is not None else 2 + lanes
        return max(0, self.size.height - int(self.alone) - used - lines)

    def _lane(self, view: View) -> LaneView | None:
        return next((lane for lane in view.lanes if lane.name == (self.grid.selected or lane.name)), None)

    def act(self, action: str) -> bool:
        """Movements, and how the net is counted."""
        if action == "valuation":
            lanes = self._scene.view.lanes if self._scene is not None else ()
            self.valuation = cells.following(self.valuation, lanes)
            return True
        return self.grid.act(action)

    def legend(self) -> str:
        """What the columns count."""
        if self.valuation is not COUNTED:
            return self.valuation.words
        if self._scene is not None and self._scene.view.no_trades:
            return "no trade stream in this session: only the cross rule can be told"
        return "edges: c over settled events (ev). ctft: cross tail fifo touch, * counts"

    def counts(self, scene: Scene) -> list[Part]:
        """How many lanes, and what is said of them."""
        lanes = scene.view.lanes
        said = Counter(
            "failed" if lane.failed else lane.verdict for lane in lanes if lane.failed or lane.verdict
        )
        words = [part(f"{n} {word}", VERDICTS.get(word, "dim"), 1) for word, n in said.most_common()]
        return [part(f"{len(lanes)} lane{'s' * (len(lanes) != 1)}"), *words]

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        for box in (self.money, self.grid, self.about):
            box.dress(theme)


def calibrations(accounts: Sequence[AccountView], width: int, room: int = 0) -> list[Line]:
    """Reported queues beside ours, per account, with a picture where there is room for one."""
    lines: list[Line] = []
    for account in accounts:
        lines += cells.block("QUEUES", calibration.words(account), width)
        found = account.calibration
        if found is not None and room - len(lines) > calibration.LEAST_ROWS:
            lines += calibration.scatter(found, width, min(room - len(lines), MOST_ROWS))
    return lines


_ONLY_CROSS = "no trade stream: only cross"
_EMPTY: list[Line] = [
    (),
    ((" A lane trades a strategy on paper by itself, never seeing the others' orders.", "dim"),),
]

# ---------------------------------------------------------------------------------------------- the row


def _row(lane: LaneView, valuation: Valuation, room: int) -> Row:
    win = lane.win
    return Row(
        lane.name,
        (
            (_named(lane, room), "own" if lane.name == "desk" else "text"),
            (str(lane.proposed), "text"),
            (str(lane.sent), "text"),
            (fill_rates(lane), "text"),
            cells.cents_cell(lane.claimed),
            cells.cents_cell(lane.realised),
            (str(lane.events), "text"),
            (text.NONE if lane.slope is None else f"{lane.slope:.2f}", "text"),
            (_interval(win), "text"),
            (cells.share(win.break_even), "text"),
            _dollars(win.average_win),
            _dollars(-win.average_loss),
            cells.money_cell(valuation.net(lane), 7),
            cells.money_cell(lane.flat, 7),
            (text.money(lane.fees), "dim"),
            *(cells.cents_cell(mark) for mark in lane.markouts),
            (str(lane.working), "dim"),
            verdict(lane),
        ),
        "text" if lane.on and not lane.failed else "dim",
    )  # fmt: skip


def _named(lane: LaneView, room: int) -> str:
    """A lane's name and its flag; of a name that does not fit the end stays, which tells two arms of a rule apart."""
    name, flag = lane.name, _flag(lane)
    stem, plus, arm = name.rpartition("+")
    if plus and len(name) > room > len(arm) + 3:
        name = f"{stem[: room - len(arm) - 2]}{text.CUT}+{arm}"
    return f"{name}\t{flag}" if flag else name


def _flag(lane: LaneView) -> str:
    return "FAILED" if lane.failed else "" if lane.on else "off"


def verdict(lane: LaneView) -> Cell:
    """The verdict and its role: only one that says something stands out."""
    word = "failed" if lane.failed else lane.verdict or text.NONE
    return word, VERDICTS.get(word, "dim")


def fill_rates(lane: LaneView) -> str:
    """Per cent of the accepted quantity filled under cross, tail, fifo and touch: ``3/12/14*/40``; ``*`` counts."""
    rates = lane.filled or (None,) * len(RULES)
    if all(rate is None for rate in rates):
        return text.NONE
    pairs = zip(RULES, rates, strict=True)
    return "/".join(f"{cells.share(rate)}{'*' * (rule == lane.headline)}" for rule, rate in pairs)


def _interval(win: WinRate) -> str:
    """``67 30-90``; without an interval nothing is claimed."""
    if not win.n or win.low is None or win.high is None:
        return text.NONE
    return f"{cells.share(win.wins / win.n)} {cells.share(win.low)}-{cells.share(win.high)}"


def _dollars(value: int) -> Cell:
    return cells.money_cell(value, 6) if value else (text.NONE, "dim")


# ---------------------------------------------------------------------------------------------- the detail


def about(lane: LaneView, width: int, *, no_trades: bool) -> list[Line]:
    """Everything about a lane, in rows of whole pieces."""
    head: list[Span] = [(f"LANE {lane.name}", "title")]
    if lane.strategy and lane.strategy != lane.name:
        head.append((f"  {lane.strategy}", "text"))
    head.append(("  off" if not lane.on else "", "warn"))
    words, role = verdict(lane)
    head.append((f"  {words}", role))
    head.append(
        (f"  {text.clean(lane.failed)}" if lane.failed else _so_far(lane), "warn" if lane.failed else "dim")
    )
    rows = [
        crop(tuple(head), width),
        *cells.block("orders", _orders(lane), width),
        *cells.block("filled", _filled(lane, no_trades), width),
        *cells.block("edge", _edge(lane), width),
        *cells.block("wins", _wins(lane.win), width),
    ]
    if lane.win.low is not None and lane.win.high is not None:
        rows.append(crop(ruler(lane.win), width))
    rows += cells.block("P&L", _pnl(lane), width)
    rows += cells.block("rules", _by_rule(lane, no_trades), width)
    return [*rows, *cells.block("marks", _marks(lane), width)]


def _so_far(lane: LaneView) -> str:
    if not lane.verdict:
        return ""
    needed = f" of the {lane.enough} it takes" if lane.events < lane.enough else ""
    return f": {lane.events} settled event{'s' * (lane.events != 1)}{needed}"


def _orders(lane: LaneView) -> list[Part]:
    return [
        part(f"sent {lane.sent} of {lane.proposed} proposed"),
        part(f"accepted {lane.accepted}"),
        part(f"rejected {lane.rejected}", "warn" if lane.rejected else "text"),
        part(f"filled {lane.orders_filled}"),
        part(f"working {lane.working}"),
    ]


def _filled(lane: LaneView, no_trades: bool) -> list[Part]:
    rates = lane.filled or (None,) * len(RULES)
    words = _ONLY_CROSS if no_trades else f"of quantity; traded {text.short_quantity(lane.traded)}"
    pairs = zip(RULES, rates, strict=True)
    return [
        *(
            part(f"{cells.rule_name(rule, lane.headline)} {cells.share(rate)}{'%' * (rate is not None)}")
            for rule, rate in pairs
        ),
        part(words, "dim"),
    ]


def _edge(lane: LaneView) -> list[Part]:
    return [
        _figure("claimed", cells.cents_cell(lane.claimed), "c"),
        _figure("realised", cells.cents_cell(lane.realised), "c"),
        part(f"n={lane.events}ev", "dim"),
        part(f"slope {text.NONE if lane.slope is None else f'{lane.slope:.2f}'}"),
        _figure("| open too", cells.cents_cell(lane.claimed_open), "c"),
    ]


def _wins(win: WinRate) -> list[Part]:
    if not win.n or win.low is None or win.high is None:
        return [part("no event has settled", "dim")]
    even = text.NONE if win.break_even is None else f"{win.break_even * 100:.0f}%"
    return [
        part(f"{win.wins} of {win.n} {win.wins / win.n * 100:.0f}%"),
        part(f"Wilson {win.low * 100:.0f}-{win.high * 100:.0f}%"),
        part(f"break-even {even}"),
        _figure("avg win", _dollars(win.average_win)),
        _figure("loss", _dollars(-win.average_loss)),
    ]


def ruler(win: WinRate) -> Line:
    """The interval on a line from 0 to 100 %: ``(`` and ``)`` its ends, ``o`` the share seen, ``B`` break-even."""
    marks = dict.fromkeys(range(SCALE + 1), "-")
    low, high = (round((end or 0.0) * SCALE) for end in (win.low, win.high))
    marks |= dict.fromkeys(range(low, high + 1), "=") | {low: "(", high: ")"}
    marks[round(win.wins / win.n * SCALE)] = "o"
    roles = {"o": "accent", "-": "dim", "B": "warn"}
    if win.break_even is not None:
        marks[round(win.break_even * SCALE)] = "B"
    line = tuple((sign, roles.get(sign, "text")) for sign in marks.values())
    return (("        0% ", "dim"), *line, (" 100%  o seen B break-even", "dim"))


def _pnl(lane: LaneView) -> list[Part]:
    return [
        _figure("net", _signed(lane.net)),
        part(f"after venue fees of {text.money(lane.fees)}"),
        _figure("| under flat fees", _signed(lane.flat)),
        *(
            [part(f"| maker rebates perhaps {text.money(lane.rebates)}, not counted", "dim", 2)]
            if lane.rebates
            else []
        ),
    ]


def _by_rule(lane: LaneView, no_trades: bool) -> list[Part]:
    by_rule = lane.by_rule or (None,) * len(RULES)
    pairs = zip(RULES, by_rule, strict=True)
    counts = "rules are mixed; " if lane.headline == "mixed" else ""
    words = part(_ONLY_CROSS if no_trades else f"({counts}P&L: not a bracket)", "dim")
    return [*(_figure(cells.rule_name(rule, lane.headline), _signed(value)) for rule, value in pairs), words]


def _marks(lane: LaneView) -> list[Part]:
    pairs = zip(("1 s", "10 s", "60 s"), lane.markouts, strict=True)
    words = part("mid less price, our side", "dim")
    return [*(_figure(name, cells.cents_cell(mark), "c") for name, mark in pairs), words]


def _figure(name: str, cell: Cell, unit: str = "") -> Part:
    figure, role = cell
    return Part(((f"{name} ", "text"), (figure if figure == text.NONE else f"{figure}{unit}", role)))


def _signed(value: int | None) -> Cell:
    return text.signed_money(value), cells.tone(value)

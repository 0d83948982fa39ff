"""Desk: the day's money, positions by event with what they pay, working orders in their queues, fills."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Container
from textual.events import Resize

from cockpit.app import cells, text
from cockpit.app.cells import COUNTED, Valuation
from cockpit.app.line import Line, Part, crop, fit, part, wrap
from cockpit.app.panes import desk_rows as rows
from cockpit.app.panes import log_rows, reasons
from cockpit.app.panes.base import Pane
from cockpit.app.panes.nba_rows import clocks
from cockpit.app.scene import Scene, Target
from cockpit.app.theme import Theme
from cockpit.app.widgets import payoff
from cockpit.app.widgets.block import Block, Blocks, set_rows, share_rows
from cockpit.app.widgets.line_box import LineBox
from cockpit.domain.view import DeskView, EventView

HEAD = 3
LOG_LEAST = 6
"""Rows that must be left below the fills for the log to stand there."""
ABREAST_FROM = 170
"""From this width the orders stand beside the positions."""


class DeskPane(Pane):
    """Money above, then three grids that share a cursor, and the payoff ladders between them."""

    compact: ClassVar[bool] = True
    desk: ClassVar[bool] = True
    serves: ClassVar[frozenset[str]] = frozenset({"why", "detail", "valuation"})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.head = LineBox(theme)
        self.positions = Block(
            theme, rows.POSITIONS, empty="no positions: what is held will be here, by event"
        )
        self.payoff = LineBox(theme)
        self.working = Block(theme, rows.WORKING, empty="no working orders: approved tickets rest here")
        self.fills = Block(theme, rows.FILLS, empty="no fills and no settlements yet")
        self.blocks = Blocks((self.positions, self.working, self.fills))
        self.events = Block(theme, log_rows.LOG, empty="nothing has happened yet")
        self.left = Container(self.positions, self.payoff)
        self.right = Container(self.working, self.fills, self.events)
        self.body = Container(self.left, self.right)
        self.valuation: Valuation = COUNTED
        self.pay_rows = 0
        self._targets: dict[str, Target] = {}
        self._scene: Scene | None = None
        for box in (self.left, self.right, self.body):
            box.styles.background = "transparent"

    def compose(self) -> ComposeResult:
        """The head over the grids."""
        self.head.styles.height = HEAD
        yield self.head
        yield self.body

    # ------------------------------------------------------------------------------------------ showing

    def show(self, scene: Scene) -> None:
        """Print all of it, and put the cursor where there are rows."""
        self._scene = scene
        desk, now = scene.view.desk, scene.view.ts
        self._targets = rows.targets(desk, scene.view.notes)
        head = self._head(scene, self.size.width)
        self.head.put(head)
        set_rows(self.head, len(head))
        held, sent = rows.positions(desk, now, clocks(scene.view)), rows.working(desk, now)
        done = rows.fills(desk, scene.view.notes)
        self._place(desk, [1 + max(len(some), 1) for some in (held, sent, done)])
        self.positions.put(held)
        self.working.put(sent)
        self.fills.put(done)
        if self.events.display:
            self.events.put(log_rows.newest(scene.view.notes))
        self.blocks.settle()
        self._pay(desk)

    def on_resize(self, event: Resize) -> None:
        """Share the rows anew."""
        if self._scene is not None:
            self.show(self._scene)

    @property
    def abreast(self) -> bool:
        """Whether the orders stand beside the positions."""
        return self.size.width >= ABREAST_FROM

    def _place(self, desk: DeskView, wants: Sequence[int]) -> None:
        """Give every block its rows."""
        accounts = len(self._scene.view.accounts) if self._scene is not None else 0
        total = self.size.height - HEAD - accounts
        if total <= 0:
            return
        ladders = [event for event in desk.events if event.rungs]
        heights = _beside(total, wants, ladders) if self.abreast else _below(total, wants, ladders)
        spare = heights[3] - wants[2] - 1
        log = spare if spare >= LOG_LEAST else 0
        boxes = (self.positions, self.payoff, self.working, self.fills, self.events)
        for box, rows_ in zip(boxes, (*heights[:3], heights[3] - log, log), strict=True):
            set_rows(box, rows_)
        self.events.display = log > 0
        self.pay_rows = heights[1]
        self.payoff.display = heights[1] > 0
        set_rows(self.left, total if self.abreast else sum(heights[:2]))
        set_rows(self.right, total if self.abreast else sum(heights[2:]))
        self.right.styles.padding = (0, 0, 0, int(self.abreast))
        way = "horizontal" if self.abreast else "vertical"
        if self.body.styles.layout is None or self.body.styles.layout.name != way:
            self.body.styles.layout = way

    def _pay(self, desk: DeskView) -> None:
        """The ladder of the event under the cursor first, the others as there is room."""
        width = self.size.width // 2 if self.abreast else self.size.width
        events = _under_first(desk.events, self.target().event)
        full = self.abreast or self.pay_rows > _rungs(events)
        lines: list[Line] = []
        for event in events:
            room = self.pay_rows - len(lines)
            if full and room > 1:
                lines += [(), *payoff.bars(event, width, room - 1)]
            elif not full and room:
                lines.append(payoff.row(event, width))
        self.payoff.put(lines)

    def _head(self, scene: Scene, width: int) -> list[Line]:
        real = [rows.real(account, width) for account in scene.view.accounts]
        return [_day(scene, self.valuation, width), self._rules(scene, width), _balances(scene, width), *real]

    def _rules(self, scene: Scene, width: int) -> Line:
        """Net P&L under every fill rule and fee model; the one chosen in brackets."""
        parts = [part("ALL NET:", "title"), *cells.by_rule(scene, self.valuation)]
        if scene.view.no_trades:
            parts.append(part("| no trade stream: only cross", "warn"))
        return fit(parts, width, gap=" ", mark=9)

    # ------------------------------------------------------------------------------------------ acting

    def offers(self) -> frozenset[str]:
        """Without a row there is nothing to explain or open."""
        return self.serves if self.target() != Target() else self.serves - {"why", "detail"}

    def target(self) -> Target:
        """The position, the order or the fill under the cursor."""
        here = self.blocks.current
        return self._targets.get(here.selected, Target()) if here is not None else Target()

    def act(self, action: str) -> bool:
        """Movements, and how the net is counted."""
        if action == "valuation":
            desk = self._scene.view.desk if self._scene is not None else DeskView()
            self.valuation = cells.following(self.valuation, [desk])
            return True
        if action == "detail":
            self._into_event()
            return False
        return self.blocks.act(action)

    def _into_event(self) -> None:
        """An event has no detail of its own: its first leg stands for it."""
        if self.target().event and not self.target().market:
            self.blocks.act("down")

    def legend(self) -> str:
        """What the chosen P&L counts; else what the columns of the grid under the cursor mean."""
        if self.valuation is not COUNTED:
            return self.valuation.words
        here = self.blocks.current
        if here is self.working:
            return "behind at entry > now, Pf% chance of a fill, slow: its queue outlasts it"
        if here is self.fills:
            return "m1 m10 m60: mid less price for our side, cents, after 1, 10, 60 s"
        return "open at the mid, liq sold now, worst of all outcomes, orders filled badly"

    def why(self, scene: Scene, width: int) -> list[Line]:
        """An order's story; of a position or a fill how its market is valued."""
        target = scene.target
        order = scene.order(target.order) if target.order else None
        if order is not None:
            head = f"WHY {order.id} {text.act(order.side, order.price)} {order.label}"
            return [
                crop(((head, "title"),), width),
                *wrap("; ".join(order.story) or "no story yet", width, 3),
            ]
        detail = scene.view.detail
        if detail is None or detail.row.ticker != target.market:
            return [((" no market under the cursor", "dim"),)]
        return [
            *wrap(f"WHY {detail.row.label} {detail.row.ticker}", width, 1, "title", ""),
            *(
                reasons.lines(detail.explanation, width, 3)
                or wrap("no model of ours values this market", width, 1)
            ),
        ]

    def dress(self, theme: Theme) -> None:
        """Change the theme."""
        super().dress(theme)
        for box in (self.head, self.positions, self.payoff, self.working, self.fills, self.events):
            box.dress(theme)


# ---------------------------------------------------------------------------------------------- head lines


def _day(scene: Scene, valuation: Valuation, width: int) -> Line:
    """The day first, then what all days are made of."""
    desk = scene.view.desk
    name = "NET" if valuation is COUNTED else f"NET {valuation.name}"
    parts = [
        Part(((f"{cells.whose(scene)}DAY ", "title"), _signed(desk.day_net))),
        Part((("liq ", "dim"), _signed(desk.day_liquidation)), 1),
        Part((("| ALL real ", "text"), _signed(desk.realised)), 2),
        Part((("open ", "text"), _signed(desk.open)), 2),
        Part((("liq ", "dim"), _signed(desk.liquidation)), 4),
        part(f"fee {text.money(-desk.fees)}", "text", 3),
        Part(((f"{name} ", "title"), _signed(valuation.net(desk)))),
    ]
    if valuation is COUNTED:
        parts.append(Part((("liq ", "dim"), _signed(desk.net_liquidation)), 3))
    return fit(parts, width, gap=" ", mark=3)


def _signed(value: int | None) -> tuple[str, str]:
    return text.signed_money(value), cells.tone(value)


def _balances(scene: Scene, width: int) -> Line:
    desk = scene.view.desk
    parts = [
        Part((("FREE ", "title"), (text.money(desk.cash), "text"))),
        part(f"| orders {text.money(desk.orders_cost)}", "text", 2),
        part(f"| pos {text.money(desk.positions_cost)}", "text", 2),
        *cells.stakes(scene),
    ]
    return fit(parts, width, gap=" ", mark=9)


# ---------------------------------------------------------------------------------------------- layout


def _under_first(events: Sequence[EventView], event: str) -> list[EventView]:
    """Events with a ladder, the one under the cursor first."""
    return sorted((e for e in events if e.rungs), key=lambda e: e.event != event)


def _below(total: int, wants: Sequence[int], ladders: Sequence[EventView]) -> tuple[int, int, int, int]:
    """Rows of positions, ladders, orders and fills, one over the other; fills take what is left.

    Ladders have a row each and, where there are rows to spare, one for every rung.
    """
    first = min(len(ladders), 1)
    held, pay, sent, done = share_rows(total, [wants[0], first, wants[1], wants[2]], [3, first, 3, 3])
    spare = total - held - pay - sent - done
    full = _rungs(ladders)
    if full and spare >= full - pay + 3:
        return held, full + 1, sent + 1, total - held - full - sent - 2
    pay += min(len(ladders) - first, spare)
    return held, pay, sent, total - held - pay - sent


def _beside(total: int, wants: Sequence[int], ladders: Sequence[EventView]) -> tuple[int, int, int, int]:
    """The same in two halves: positions over ladders, orders over fills."""
    held, _ = share_rows(total, [wants[0], _rungs(ladders)], [3, min(_rungs(ladders), 4)])
    sent, done = share_rows(total, [wants[1], wants[2]], [3, 3])
    sent += int(sent + done < total)
    return held, total - held, sent, total - sent


def _rungs(ladders: Sequence[EventView]) -> int:
    """Rows of all ladders in full: a blank one, the event, its rungs."""
    return sum(len(event.rungs) + 2 for event in ladders)

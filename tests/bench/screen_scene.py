"""The programs the screen benchmark runs in a terminal of its own: ``python screen_scene.py cockpit|grid|table CHANGES FPS``.

``cockpit`` is the whole app on a scripted link, ``grid`` and ``table`` are the same hundred rows in a LiveGrid and in a
Textual DataTable. Each frame changes so many cells, the same ones in every program.
"""

import asyncio
import random
import sys
from collections.abc import Iterator

import msgspec
from textual.app import App, ComposeResult

from cockpit.app.paint import TightApp
from cockpit.app.theme import load
from cockpit.app.widgets.live_grid import Column, LiveGrid, Row
from cockpit.domain.status import FeedLine, Status
from cockpit.domain.units import BID, MONEY, QTY, SECOND
from cockpit.domain.view import Band, DeskView, EdgeRow, SpotLine, TicketView, View

ROWS, COLUMNS = 100, 8
NOW = 1_796_154_727 * SECOND


def cells() -> list[list[str]]:
    rng = random.Random(5)
    return [
        [f"market {r:03}"] + [f"{rng.uniform(0, 99):.1f}" for _ in range(COLUMNS - 1)] for r in range(ROWS)
    ]


def changes(rows: int, count: int) -> Iterator[list[tuple[int, int, str]]]:
    """Per frame: (row, column, text)."""
    rng = random.Random(7)
    while True:
        yield [
            (rng.randrange(rows), rng.randrange(1, COLUMNS), f"{rng.uniform(0, 99):.1f}")
            for _ in range(count)
        ]


class GridApp(TightApp):
    """A LiveGrid alone."""

    def __init__(self, count: int, fps: float) -> None:
        super().__init__(ansi_color=True)
        self.fps = fps
        self.cells, self.script = cells(), changes(ROWS, count)

    def compose(self) -> ComposeResult:
        columns = [Column(str(i), f"column {i}", 12, "right" if i else "left") for i in range(COLUMNS)]
        self.grid = LiveGrid(load()[0]["dark"], columns)
        self.grid.styles.height = "1fr"
        yield self.grid

    def on_mount(self) -> None:
        self.call_after_refresh(self.put)
        self.set_interval(1 / self.fps, self.frame)

    def frame(self) -> None:
        for r, c, text in next(self.script):
            self.cells[r][c] = text
        self.put()

    def put(self) -> None:
        self.grid.put([Row(row[0], tuple((text, "text") for text in row)) for row in self.cells])
        if not self.filled:
            self.fill()


class TableApp(App[None]):
    """The same in a DataTable."""

    def __init__(self, count: int, fps: float) -> None:
        super().__init__()
        self.fps = fps
        self.cells, self.script = cells(), changes(ROWS, count)

    def compose(self) -> ComposeResult:
        from textual.widgets import DataTable

        self.table: DataTable[str] = DataTable()
        yield self.table

    def on_mount(self) -> None:
        for i in range(COLUMNS):
            self.table.add_column(f"column {i}", width=12, key=str(i))
        for row in self.cells:
            self.table.add_row(*row, key=row[0])
        self.set_interval(1 / self.fps, self.frame)

    def frame(self) -> None:
        for r, c, text in next(self.script):
            self.table.update_cell(self.cells[r][0], str(c), text)


class SceneLink:
    """A view whose first dozen rows change ``count`` times a pull by the timer; still when that is 0."""

    playback = None
    lane = "desk"

    def __init__(self, count: int) -> None:
        self.count = count
        self.ts = NOW
        self.rng = random.Random(3)
        self.rows = [self.row(i) for i in range(ROWS)]

    def row(self, i: int) -> EdgeRow:
        bid = self.rng.randrange(20, 80) * 100
        fair = bid / 10_000 + 0.05
        return EdgeRow(
            f"KXBTCD-26DEC01{i:02}-T84000", f"BTC >{84_000 + i} {i % 12 + 1}pm", "E", "KXBTCD", bid, bid + 200, 8_000 * SECOND,
            Band(fair - 0.03, fair, fair + 0.03), BID, bid, 0.05, 0.02, 2.0 - i / 100, 50 * QTY, (100 + i) * QTY,
        )  # fmt: skip

    def change(self, i: int, name: str) -> None:
        """One cell of a row, with its colour where that follows the number."""
        value = self.rng.uniform(-0.1, 0.1) if name in ("edge", "low") else self.rng.randrange(100, 999) * QTY
        self.rows[i] = msgspec.structs.replace(self.rows[i], **{name: value})

    def view(self, focus: str = "") -> View:
        if self.count:
            self.ts += SECOND // 4
        for _ in range(self.count):
            self.change(self.rng.randrange(12), self.rng.choice(("queue", "lot", "edge", "low")))
        ticket = TicketView(
            "D-1", 1, "V15", self.rows[0].ticker, self.rows[0].label, BID, 8600, 100 * QTY, NOW, NOW, NOW + 900 * SECOND, 8600,
            240 * QTY, 8800, 90 * QTY, 240 * QTY, None, 0.08, 0.05, 1.29, 0.38, 212, 0.016, 0, 86 * MONEY, 14 * MONEY, 0.86,
            -105 * MONEY, -191 * MONEY, 250 * MONEY,
        )  # fmt: skip
        spots = (SpotLine("BTC", 84_213.4, "BRTI", 4 * 10**8), SpotLine("ETH", 3_021.6, "BRTI", 4 * 10**8))
        return View(self.ts, spots, tuple(self.rows), (ticket,), DeskView(net=34 * MONEY, cash=1846 * MONEY))

    def status(self) -> Status:
        feeds = tuple(FeedLine(name, 3 * 10**8, 1000) for name in ("kalshi.ws", "coinbase.ws", "kraken.ws"))
        return Status("LIVE PAPER", feeds=feeds, recording="00:41 212MB")

    def send(self, command: object) -> None:
        pass

    async def run(self) -> None:
        await asyncio.Event().wait()


def main() -> None:
    name, count, fps = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    if name == "cockpit":
        from cockpit.app.app import CockpitApp

        CockpitApp(SceneLink(count), fps=fps, theme="dark").run(mouse=False)
    else:
        {"grid": GridApp, "table": TableApp}[name](count, fps).run(mouse=False)


if __name__ == "__main__":
    main()

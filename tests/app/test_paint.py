"""What goes down the wire, read back by a terminal of forty lines."""

import random
import re

from app_sample import ROWS, TICKETS, VIEW, SampleLink, change
from rich.style import Style

from cockpit.app.app import CockpitApp
from cockpit.app.paint import _codes, _step, _tight
from cockpit.domain.units import QTY

_TOKEN = re.compile(r"\x1b\[(\d*);?(\d*)H|\x1b\[([\d;]*)m|([^\x1b])")


class Screen:
    """Cells of (character, style codes), written by cursor moves, SGR and text only."""

    def __init__(self, width: int, height: int) -> None:
        self.cells = [[("?", "?")] * width for _ in range(height)]
        self.pen: tuple[str, ...] = ("", "", "")
        self.written = 0

    def feed(self, data: str) -> None:
        x = y = end = 0
        for match in _TOKEN.finditer(data):
            assert match.start() == end, f"not understood: {data[end : end + 20]!r}"
            end = match.end()
            row, column, codes, char = match.groups()
            if char is not None:
                self.cells[y][x] = (char, self.pen)
                self.written += 1
                x += 1
            elif codes is not None:
                self.pen = self.turn(codes)
            else:
                y, x = int(row) - 1, int(column) - 1
        assert end == len(data)

    def turn(self, codes: str) -> tuple[str, ...]:
        attributes, ink, ground = self.pen
        values = codes.split(";")
        while values:
            value = values.pop(0)
            if value == "0":
                attributes = ink = ground = ""
            elif value in ("38", "48"):
                color = ";".join([value, *(values.pop(0) for _ in range(4))])
                ink, ground = (color, ground) if value == "38" else (ink, color)
            elif value in ("39", "49"):
                ink, ground = ("", ground) if value == "39" else (ink, "")
            else:
                attributes = f"{attributes};{value}".strip(";")
        return attributes, ink, ground


class Wired(CockpitApp):
    """Paints into a terminal of ours."""

    def __init__(self, link: SampleLink, size: tuple[int, int]) -> None:
        super().__init__(link, theme="dark", fps=0.01)
        self.terminal = Screen(*size)

    def _display(self, screen, renderable) -> None:
        if renderable is not None:
            self.terminal.feed(_tight(renderable).render_segments(self.console))
        super()._display(screen, renderable)

    def wanted(self):
        strips = self.screen._compositor.render_strips()
        system = self.console._color_system
        return [
            [(char, _codes(style, system)) for text, style, _ in strip for char in text] for strip in strips
        ]


async def test_the_terminal_shows_what_was_composed():
    """After any changes, keys and dialogs, each cell has its character and its style."""
    rng = random.Random(1)
    link = SampleLink()
    app = Wired(link, (140, 40))
    async with app.run_test(size=(140, 40)) as pilot:
        app.console._color_system = app.console._color_system.TRUECOLOR
        for theme in ("light", "dark"):
            app.wear(theme)
        for key in (
            "j",
            "w",
            "o",
            "down",
            "escape",
            "s",
            "question_mark",
            "escape",
            "slash",
            "b",
            "enter",
            "n",
            "w",
            "T",
        ):
            rows = list(link.shown.rows)
            i = rng.randrange(len(rows))
            rows[i] = change(
                rows[i], queue=rng.randrange(9999) * QTY, edge=rng.random() - 0.5, label=rows[i].label[::-1]
            )
            link.shown = change(VIEW, rows=tuple(rows), tickets=TICKETS[rng.randrange(3) :])
            await pilot.press(key)
            app.pull()
            await pilot.pause()
            assert app.terminal.cells == app.wanted()


async def test_one_changed_cell_is_few_bytes():
    link = SampleLink()
    app = Wired(link, (80, 24))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        app.pull()
        await pilot.pause()
        app.terminal.written = 0
        app.pull()
        await pilot.pause()
        assert app.terminal.written == 0
        link.shown = change(VIEW, rows=(change(ROWS[0], queue=251 * QTY), *ROWS[1:]))
        app.pull()
        await pilot.pause()
        assert app.terminal.written == 2


def test_styles_are_coded_as_differences():
    system = _tight.__globals__["ColorSystem"].TRUECOLOR
    red, bold = Style.parse("#ff0000 on #000000"), Style.parse("bold #ff0000 on #000000")
    blue = Style.parse("#0000ff on #000000")
    codes = {style: _codes(style, system) for style in (red, bold, blue, None)}
    assert _step(codes[red], codes[blue]) == "\x1b[38;2;0;0;255m"
    assert _step(codes[red], codes[None]) == "\x1b[0m"
    assert _step(codes[bold], codes[red]) == "\x1b[0;38;2;255;0;0;48;2;0;0;0m"
    assert _step(codes[red], _codes(Style.parse("#ff0000"), system)) == "\x1b[49m"

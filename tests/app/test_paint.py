"""What goes down the wire, read back by a terminal of forty lines."""

import random
import re

import pytest
from app_sample import ROWS, TICKETS, VIEW, SampleLink, change
from hypothesis import given
from hypothesis import strategies as st
from rich._palettes import EIGHT_BIT_PALETTE
from rich.color import Color, ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style

from cockpit.app.app import CockpitApp
from cockpit.app.paint import Tight, _codes, _short, _step, _tight
from cockpit.domain.units import QTY

_TOKEN = re.compile(r"\x1b\[(\d*);?(\d*)H|\x1b\[([\d;]*)m|([^\x1b])")


ENDED = {"22": {"1", "2"}, "23": {"3"}, "24": {"4"}, "27": {"7"}}
"""Attributes that a code ends."""


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
                more = 2 if values[0] == "5" else 4
                color = ";".join([value, *(values.pop(0) for _ in range(more))])
                ink, ground = (color, ground) if value == "38" else (ink, color)
            elif value in ("39", "49"):
                ink, ground = ("", ground) if value == "39" else (ink, "")
            else:
                have = set(filter(None, attributes.split(";")))
                have = have - ENDED[value] if value in ENDED else have | {value}
                attributes = ";".join(sorted(have))
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
    system = ColorSystem.TRUECOLOR
    red, bold = Style.parse("#fe0000 on #000001"), Style.parse("bold #fe0000 on #000001")
    blue = Style.parse("#0000fe on #000001")
    codes = {style: _codes(style, system) for style in (red, bold, blue, None)}
    assert _step(codes[red], codes[blue]) == "\x1b[38;2;0;0;254m"
    assert _step(codes[red], codes[None]) == "\x1b[0m"
    assert _step(codes[bold], codes[red]) == "\x1b[22m"
    assert _step(codes[red], _codes(Style.parse("#fe0000"), system)) == "\x1b[49m"


@pytest.mark.parametrize(
    ("have", "want", "code"),
    [
        ("bold", "dim", "22;2"),
        ("bold underline", "bold", "24"),
        ("bold dim", "bold", "22;1"),
        ("reverse", "underline", "27;4"),
        ("italic", "bold", "23;1"),
        ("strike red", "red", "0;31"),
    ],
)
def test_an_attribute_that_ends_leaves_the_others(have, want, code):
    system = ColorSystem.TRUECOLOR
    ink = "" if "red" in have else " #fe0000"
    pair = (_codes(Style.parse(f"{style}{ink}"), system) for style in (have, want))
    assert _step(*pair) == f"\x1b[{code}m"


@pytest.mark.parametrize(
    ("color", "code"),
    [
        ("#000000", "5;16"),
        ("#ffffff", "5;231"),
        ("#5fd75f", "5;77"),
        ("#121212", "5;233"),
        ("#eeeeee", "5;255"),
        ("#080808", "5;232"),
        ("#070707", "2;7;7;7"),
        ("#5fd75e", "2;95;215;94"),
        ("#f8f8f8", "2;248;248;248"),
    ],
)
def test_a_colour_every_terminal_knows_is_said_by_its_number(color, code):
    assert _codes(Style.parse(color), ColorSystem.TRUECOLOR)[1] == f"38;{code}"


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_a_number_is_the_very_colour(red, green, blue):
    color = Color.from_rgb(red, green, blue)
    short = _short(color)
    if short.number is not None:
        assert EIGHT_BIT_PALETTE[short.number] == (red, green, blue)


def test_a_terminal_of_letters_gets_no_other_glyph():
    places = [(0, 0, [Segment("long na…", None)])]
    console = Console(color_system=None)
    assert Tight(places, ascii_only=True).render_segments(console) == "\x1b[1;1Hlong na~"
    assert "…" in Tight(places).render_segments(console)

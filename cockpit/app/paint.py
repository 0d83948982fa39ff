"""What goes down the wire: only the changed cells, and only the part of a style that changes.

Textual repaints a changed span from the left edge of its widget and spells out every style in full. Over SSH that is
most of the bytes, so an update is written again here: cropped at both ends, with styles coded as differences, and a
colour that is one of the 256 every terminal knows by that one's number.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rich.color import Color, ColorSystem, ColorType
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App
from textual.screen import Screen
from textual.strip import Strip

from cockpit.app.text import ASCII_CUT, CUT
from cockpit.domain.errors import CockpitError

_RESET = "\x1b[0m"
_SYSTEMS = {
    "standard": ColorSystem.STANDARD,
    "256": ColorSystem.EIGHT_BIT,
    "truecolor": ColorSystem.TRUECOLOR,
}
_Place = tuple[int, int, Iterable[Segment]]


class Tight(CompositorUpdate):
    """A compositor's update with the fewest bytes."""

    def __init__(self, places: Iterable[_Place], *, ascii_only: bool = False) -> None:
        self.places, self.ascii_only = places, ascii_only

    def render_segments(self, console: Console) -> str:
        """The escape sequences and texts."""
        system = _SYSTEMS.get(console.color_system or "")
        out: list[str] = []
        pen = _PLAIN
        for x, y, segments in self.places:
            out.append(f"\x1b[{y + 1};{x + 1}H")
            for text, style, _ in segments:
                want = _codes(style, system)
                if want != pen:
                    out.append(_step(pen, want))
                    pen = want
                out.append(text.replace(CUT, ASCII_CUT) if self.ascii_only else text)
        if pen != _PLAIN:
            out.append(_RESET)
        return "".join(out)


class TightApp(App[CockpitError], inherit_bindings=False):
    """An app that paints with as few bytes as there can be, and without Textual's own keys."""

    ascii_only = False
    """Whether the terminal knows letters only."""
    filled = False
    """Whether there is something to look at: a screen that is laid out and still empty is not painted."""

    def fill(self) -> None:
        """From now on there is."""
        self.filled = True
        self.screen.refresh()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.filled:
            super()._display(screen, _tight(renderable, ascii_only=self.ascii_only))


def _tight(update: RenderableType | None, *, ascii_only: bool = False) -> RenderableType | None:
    if not isinstance(update, ChopsUpdate | LayoutUpdate):
        return update
    places = _spans(update) if isinstance(update, ChopsUpdate) else _rows(update)
    return Tight(places, ascii_only=ascii_only)  # type: ignore[return-value]  # the app renders any compositor update


def _rows(update: LayoutUpdate) -> Iterator[_Place]:
    for y, strips in enumerate(update.strips, update.region.y):
        yield update.region.x, y, [segment for strip in strips for segment in strip]


def _spans(update: ChopsUpdate) -> Iterator[_Place]:
    for y, begin, end in update.spans:
        for stop, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= end or stop <= begin:
                continue
            first = max(x, begin)
            yield first, y, _crop(strip, first - x, min(stop, end) - x)


def _crop(strip: Strip, begin: int, end: int) -> Strip:
    return strip if (begin, end) == (0, strip.cell_length) else strip.crop(begin, end)


# ---------------------------------------------------------------------------------------------- styles as differences

_Codes = tuple[str, str, str]
"""Attributes, foreground and background, as parameters of SGR; empty is the terminal's own."""
_PLAIN: _Codes = ("", "", "")


@lru_cache(maxsize=1024)
def _codes(style: Style | None, system: ColorSystem | None) -> _Codes:
    if style is None:
        return _PLAIN
    ink = Style(color=_short(style.color)) if style.color and not style.color.is_default else None
    ground = Style(bgcolor=_short(style.bgcolor)) if style.bgcolor and not style.bgcolor.is_default else None
    return _parameters(style.without_color, system), _parameters(ink, system), _parameters(ground, system)


def _parameters(style: Style | None, system: ColorSystem | None) -> str:
    if style is None:
        return ""
    return style.render("x", color_system=system).partition("x")[0].removeprefix("\x1b[").removesuffix("m")


_STEPS = (0, 95, 135, 175, 215, 255)
"""Levels of the 6x6x6 cube of xterm's 256 colours (numbers 16 to 231); 232 to 255 are greys from 8 by tens."""


def _short(color: Color) -> Color:
    """The same colour by its number among the 256, which is half as long to say; as it is where it is none of them."""
    rgb = color.triplet if color.type is ColorType.TRUECOLOR else None
    if rgb is None:
        return color
    if all(part in _STEPS for part in rgb):
        red, green, blue = (_STEPS.index(part) for part in rgb)
        return Color.from_ansi(16 + 36 * red + 6 * green + blue)
    grey, odd = divmod(rgb.red - 8, 10)
    return Color.from_ansi(232 + grey) if len(set(rgb)) == 1 and not odd and 0 <= grey < 24 else color


_OFF: Mapping[str, str] = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27"}
"""What ends an attribute."""


@lru_cache(maxsize=4096)
def _step(have: _Codes, want: _Codes) -> str:
    """From one style to another: only what differs."""
    if want == _PLAIN:
        return _RESET
    was, now = (set(filter(None, codes[0].split(";"))) for codes in (have, want))
    if not was - now <= _OFF.keys():
        return f"\x1b[{';'.join(('0', *filter(None, want)))}m"
    off = {_OFF[code] for code in was - now}
    on = {code for code in now if code not in was or _OFF.get(code) in off}
    changed = [*sorted(off), *sorted(on)]
    changed += [
        now or plain for was, now, plain in zip(have[1:], want[1:], ("39", "49"), strict=True) if was != now
    ]
    return f"\x1b[{';'.join(changed)}m"

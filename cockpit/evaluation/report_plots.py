"""Plots as SVG text: lines, steps, bars, points with error bars. Nothing is loaded from anywhere.

Series differ by dash and mark as well as by colour; colours are the page's own variables, so that light and dark are
one picture. Axes begin and end at round numbers.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import msgspec

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 12, 44
COLOURS = 8
DASHES = ("", "6 3", "2 3", "8 3 2 3")
TICKS = 5
CROWD = 6
"""Names under an axis that still fit side by side."""

Point = tuple[float, float]


class Bar(msgspec.Struct, frozen=True):
    """A value with an interval: x, y, and y from and to."""

    x: float
    y: float
    low: float
    high: float


class Axes:
    """A frame of two scales, in which things are drawn."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], x_name: str, y_name: str) -> None:
        self.x_ticks, self.y_ticks = ticks(xs), ticks(ys)
        self._names = x_name, y_name
        self.parts: list[str] = []

    def x(self, value: float) -> float:
        """Where a value stands across."""
        low, high = self.x_ticks[0], self.x_ticks[-1]
        return LEFT + (value - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Where a value stands up."""
        low, high = self.y_ticks[0], self.y_ticks[-1]
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def line(self, points: Sequence[Point], series: int, *, steps: bool = False) -> None:
        """A line through points, or steps that hold until the next."""
        path, before = [], None
        for x, y in points:
            if steps and before is not None:
                path.append(f"{self.x(x):.1f},{self.y(before):.1f}")
            path.append(f"{self.x(x):.1f},{self.y(y):.1f}")
            before = y
        self.parts.append(f'<polyline class="{look(series)}" {dash(series)}points="{" ".join(path)}"/>')

    def dots(self, points: Sequence[Point], series: int) -> None:
        """Marks at points."""
        self.parts += [mark(series, self.x(x), self.y(y)) for x, y in points]

    def bars(self, found: Sequence[Bar], series: int) -> None:
        """Points with intervals."""
        for bar in found:
            x = f"{self.x(bar.x):.1f}"
            self.parts.append(
                f'<line class="{look(series)}" x1="{x}" x2="{x}" y1="{self.y(bar.low):.1f}" y2="{self.y(bar.high):.1f}"/>'
            )
        self.dots([(bar.x, bar.y) for bar in found], series)

    def box(self, x: float, width: float, y: float, series: int) -> None:
        """A bar that stands on nothing."""
        top, foot = sorted((self.y(y), self.y(max(0.0, self.y_ticks[0]))))
        self.parts.append(
            f'<rect class="{look(series)} box" x="{self.x(x):.1f}" y="{top:.1f}" '
            f'width="{max(1.0, self.x(x + width) - self.x(x)):.1f}" height="{foot - top:.1f}"/>'
        )

    def svg(self, label: str, names: Mapping[float, str] | None = None) -> str:
        """The picture; ``names`` stand under the x axis instead of numbers."""
        below = {x: number(x) for x in self.x_ticks} if names is None else names
        grid = [
            f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{self.y(y):.1f}" y2="{self.y(y):.1f}"/>'
            f'<text class="tick" x="{LEFT - 6}" y="{self.y(y) + 4:.1f}" text-anchor="end">{number(y)}</text>'
            for y in self.y_ticks
        ]
        grid += [_below(self.x(x), name, slanted=len(below) > CROWD) for x, name in below.items()]
        x_name, y_name = map(escape, self._names)
        middle = (HEIGHT - BOTTOM + TOP) / 2
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">{"".join(grid)}'
            f'<text class="tick" x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{x_name}</text>'
            f'<text class="tick" transform="rotate(-90 14 {middle})" x="14" y="{middle}" text-anchor="middle">{y_name}</text>'
            f"{''.join(self.parts)}</svg>"
        )


def _below(x: float, name: str, *, slanted: bool) -> str:
    """A name under the x axis; where there are many they lean."""
    y = HEIGHT - BOTTOM + 16
    lean = f'text-anchor="end" transform="rotate(-24 {x:.1f} {y - 4})"' if slanted else 'text-anchor="middle"'
    return f'<text class="tick" x="{x:.1f}" y="{y}" {lean}>{escape(name)}</text>'


def look(series: int) -> str:
    """The class of a series."""
    return f"s{series % COLOURS}"


def mark(series: int, x: float, y: float) -> str:
    """A series' mark: circle, square, diamond or triangle."""
    kind = f'class="{look(series)} dot"'
    if series % 4 == 0:
        return f'<circle {kind} cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
    if series % 4 == 1:
        return f'<rect {kind} x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6"/>'
    corners = (
        ((0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)) if series % 4 == 2 else ((0, -4.5), (4.5, 4), (-4.5, 4))
    )
    return f'<polygon {kind} points="{" ".join(f"{x + a:.1f},{y + b:.1f}" for a, b in corners)}"/>'


def dash(series: int) -> str:
    """The dash of a series: the fifth colour on another one."""
    found = DASHES[(series // 2) % len(DASHES)]
    return f'stroke-dasharray="{found}" ' if found else ""


def number(value: float) -> str:
    """A tick's number, without needless zeros."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.3g}"


def ticks(values: Sequence[float]) -> list[float]:
    """About `TICKS` round numbers that enclose the values."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low < 1e-9:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / (TICKS - 1)
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = magnitude * next(m for m in (1.0, 2.0, 2.5, 5.0, 10.0) if m * magnitude >= raw * 0.999)
    first = math.floor(low / step + 1e-9)
    last = max(first + 1, math.ceil(high / step - 1e-9))
    return [round(i * step, 12) for i in range(first, last + 1)]


# ---------------------------------------------------------------------------------------------- whole plots


def lines(
    found: Mapping[str, Sequence[Point]],
    label: str,
    x: str,
    y: str,
    *,
    steps: bool = False,
    order: Sequence[str] = (),
) -> str:
    """One line a name, with a legend; empty where there is nothing to draw. ``order`` gives names their looks."""
    points = [point for line in found.values() for point in line]
    if not points:
        return ""
    axes = Axes([p[0] for p in points], [*(p[1] for p in points), 0.0], x, y)
    looks = _looks(found, order)
    for name, line in found.items():
        axes.line(line, looks[name], steps=steps)
    return axes.svg(label) + legend(found, looks)


def groups(found: Mapping[str, Mapping[str, float | None]], label: str, y: str) -> str:
    """Bars in groups: a group a name, a bar a part; what is not known has none."""
    parts = list(dict.fromkeys(part for each in found.values() for part in each))
    values = [v for each in found.values() for v in each.values() if v is not None]
    if not values:
        return ""
    axes = Axes([0.0, float(len(found))], [*values, 0.0], "", y)
    axes.x_ticks = [0.0, float(len(found))]
    width = 0.8 / len(parts)
    for i, each in enumerate(found.values()):
        for j, part in enumerate(parts):
            value = each.get(part)
            if value is not None:
                axes.box(i + 0.1 + j * width, width * 0.9, value, j)
    return axes.svg(label, {i + 0.5: name for i, name in enumerate(found)}) + legend(parts, _looks(parts, ()))


def categories(
    found: Mapping[str, Mapping[str, float | None]], label: str, y: str, *, order: Sequence[str] = ()
) -> str:
    """A line a name over named places on the x axis; what is not known leaves a gap in it."""
    places = list(dict.fromkeys(place for each in found.values() for place in each))
    values = [v for each in found.values() for v in each.values() if v is not None]
    if not values:
        return ""
    axes = Axes([0.0, float(len(places))], [*values, 0.0], "", y)
    axes.x_ticks = [0.0, float(len(places))]
    looks = _looks(found, order)
    for name, each in found.items():
        points = [(j + 0.5, v) for j, place in enumerate(places) if (v := each.get(place)) is not None]
        axes.line(points, looks[name])
        axes.dots(points, looks[name])
    return axes.svg(label, {j + 0.5: place for j, place in enumerate(places)}) + legend(found, looks)


def histogram(found: Mapping[float, float], label: str, x: str, y: str) -> str:
    """A bar of width one from each number on."""
    if not found:
        return ""
    axes = Axes([*found, max(found) + 1.0], [*found.values(), 0.0], x, y)
    for at, height in found.items():
        axes.box(at, 0.92, height, 0)
    return axes.svg(label)


def scatter(
    found: Mapping[str, Sequence[Point]], label: str, x: str, y: str, *, order: Sequence[str] = ()
) -> str:
    """Points a name, and the line on which both are equal."""
    points = [point for each in found.values() for point in each]
    if not points:
        return ""
    axes = Axes([*(p[0] for p in points), 0.0], [*(p[1] for p in points), 0.0], x, y)
    low = max(axes.x_ticks[0], axes.y_ticks[0])
    high = min(axes.x_ticks[-1], axes.y_ticks[-1])
    if high > low:
        axes.parts.append(_equal(axes, low, high))
    looks = _looks(found, order)
    for name, each in found.items():
        axes.dots(each, looks[name])
    return axes.svg(label) + legend(found, looks)


def reliability(found: Mapping[str, Sequence[Bar]], label: str) -> str:
    """Share that came true over probability, with intervals, and the line of perfect calibration."""
    if not any(found.values()):
        return ""
    axes = Axes([0.0, 1.0], [0.0, 1.0], "our probability", "share that came true")
    axes.parts.append(_equal(axes, 0.0, 1.0))
    for i, each in enumerate(found.values()):
        axes.bars([Bar(bar.x + 0.006 * i, bar.y, bar.low, bar.high) for bar in each], i)
    return axes.svg(label) + legend(found, _looks(found, ()))


def _equal(axes: Axes, low: float, high: float) -> str:
    return (
        f'<line class="equal" x1="{axes.x(low):.1f}" y1="{axes.y(low):.1f}" '
        f'x2="{axes.x(high):.1f}" y2="{axes.y(high):.1f}"/>'
    )


def _looks(names: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    """Each name's series: its place in ``order`` where it has one, so that it looks the same in every plot."""
    places = {name: i for i, name in enumerate(dict.fromkeys([*order, *names]))}
    return {name: places[name] for name in names}


def legend(names: Iterable[str], looks: Mapping[str, int]) -> str:
    """Names with their look."""
    items = (
        f'<li><svg viewBox="0 0 26 10" class="key"><line class="{look(i)}" {dash(i)}x1="0" y1="5" x2="26" y2="5"/>'
        f"{mark(i, 13, 5)}</svg>{escape(name)}</li>"
        for name, i in ((name, looks[name]) for name in names)
    )
    return f'<ul class="legend">{"".join(items)}</ul>'

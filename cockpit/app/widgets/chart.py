"""A market's last minutes: bid and ask as lines, the fair value dashed in its dotted band, cents up the side.

A game's chances are drawn the same way, with the mids of two venues for the lines. Braille: two dots across and four up
make a cell; letters where the terminal cannot show them. A column of dots is a whole number of seconds and stays where
it is until the picture is full; so most repaints touch the last column only.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from cockpit.app import text
from cockpit.app.line import Line, Span, crop, fit, part
from cockpit.domain.units import PRICE, SECOND
from cockpit.domain.view import Point

AXIS = 7
"""Cells of the prices at the left."""
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300)
"""Seconds a column of dots may stand for."""
TICKS = (100, 200, 500, 1000, 2000)
"""Price units between two labels."""
SNAPS = {100: 100, 200: 100, 500: 200, 1000: 500, 2000: 1000}
"""What the ends of the scale are multiples of, by the distance of its labels: a scale that moves is painted anew."""

_EMPTY = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Unicode's bits of a braille cell, by column and row."""
BID, ASK, FAIR, BAND = 1, 2, 4, 8


class Lines(NamedTuple):
    """What the two lines and the dashes are called; on a terminal of letters each is drawn as its first."""

    bid: str = "bid"
    ask: str = "ask"
    fair: str = "fair"


MARKET = Lines()


class Column(msgspec.Struct, gc=False):
    """What happened within one column of dots; price units, 0 and None where there was nothing."""

    bids: tuple[int, int] = (0, 0)
    asks: tuple[int, int] = (0, 0)
    low: int = -1
    mid: int = -1
    high: int = -1


def chart(
    points: Sequence[Point],
    own: Iterable[int],
    width: int,
    height: int,
    *,
    dots: bool = True,
    lines: Lines = MARKET,
) -> list[Line]:
    """The picture: plot, time axis and legend.

    Args:
        points: oldest first.
        own: prices our orders rest at, price units.
        width: cells there are.
        height: rows there are, of which two are axis and legend.
        dots: in braille; else in letters, a cell each.
        lines: what is drawn, by name.
    """
    rows, wide = height - 2, width - AXIS
    if rows < 2 or wide < 12:
        return []
    if not points:
        return [((" no chart yet: it gets a point a second", "dim"),)]
    first, step, columns = _columns(points, wide * 2)
    mine = sorted(set(own))
    bottom, top = _range(columns, mine)
    cells = _plot(columns, wide, rows, bottom, top)
    labels = _labels(rows, bottom, top, mine)
    plot = [(labels[y], *_spans(cells[y], dots, lines)) for y in range(rows)]
    axis = _time_axis(first, step, points[-1].ts, wide)
    return [*plot, axis, legend(width, own=bool(mine), dots=dots, lines=lines)]


def legend(width: int, *, own: bool, dots: bool = True, lines: Lines = MARKET) -> Line:
    """What is what."""
    letters = (lines.ask[0], lines.bid[0], lines.fair[0], ".")
    ask, bid, fair, band = ("⠉⠉", "⠤⠤", "⠒⠐⠒", "⠂⠐") if dots else letters
    both = "" if dots else " x both"
    parts = [
        part(f"{ask} {lines.ask}", "ask"),
        part(f"{bid} {lines.bid}{both}", "bid"),
        part(f"{fair} {lines.fair}", "band"),
        part(f"{band} low, high", "band", 2),
        *([part("86> own order", "own", 1)] if own else []),
    ]
    line = fit(parts, width - AXIS, gap=" ")
    return ((" " * AXIS, "text"), *line)


# ---------------------------------------------------------------------------------------------- columns


def _columns(points: Sequence[Point], dots: int) -> tuple[int, int, list[Column]]:
    """(first second, seconds a column, columns) with the newest point in the last column used."""
    newest = points[-1].ts // SECOND
    span = newest - points[0].ts // SECOND + 1
    step = next((s for s in STEPS_S if span <= s * (dots - 1)), STEPS_S[-1])
    first = points[0].ts // SECOND // step * step
    first = max(first, (newest // step - dots + 1) * step)
    columns = [Column() for _ in range(dots)]
    for point in points:
        at = (point.ts // SECOND - first) // step
        if at >= 0:
            _add(columns[at], point)
    return first, step, columns


def _add(column: Column, point: Point) -> None:
    if point.bid > 0:
        low, high = column.bids if column.bids[1] else (point.bid, point.bid)
        column.bids = min(low, point.bid), max(high, point.bid)
    if point.ask > 0:
        low, high = column.asks if column.asks[1] else (point.ask, point.ask)
        column.asks = min(low, point.ask), max(high, point.ask)
    if point.low is not None and point.mid is not None and point.high is not None:
        column.low, column.mid, column.high = (round(p * PRICE) for p in (point.low, point.mid, point.high))


def _range(columns: Sequence[Column], own: Sequence[int]) -> tuple[int, int]:
    """Lowest and highest price shown: whole labels around everything there is."""
    found = [*own]
    for column in columns:
        found += [p for p in (*column.bids, *column.asks) if p > 0]
        if column.mid >= 0:
            found += (column.low, column.high)
    low, high = min(found, default=0), max(found, default=PRICE)
    snap = SNAPS[_tick(high - low)]
    bottom, top = low // snap * snap, -(-high // snap) * snap
    if top - bottom < 4 * TICKS[0]:
        top, bottom = top + TICKS[0], bottom - TICKS[0]
    return max(bottom, 0), min(max(top, bottom + 2 * TICKS[0]), PRICE)


def _tick(span: int) -> int:
    return next((tick for tick in TICKS if span <= 6 * tick), TICKS[-1])


# ---------------------------------------------------------------------------------------------- dots


def _plot(
    columns: Sequence[Column], wide: int, rows: int, bottom: int, top: int
) -> list[list[tuple[int, int]]]:
    """Per row and cell: (dots, which lines they are of)."""
    cells = [[(0, 0)] * wide for _ in range(rows)]
    last = rows * 4 - 1

    def y(price: int) -> int:
        return max(0, min(last, round((top - price) * last / (top - bottom))))

    def dot(x: int, at: int, kind: int) -> None:
        dots, kinds = cells[at // 4][x // 2]
        cells[at // 4][x // 2] = dots | _DOTS[x % 2][at % 4], kinds | kind

    for x, column in enumerate(columns):
        if column.mid >= 0 and x % 3 == 0:
            dot(x, y(column.low), BAND)
            dot(x, y(column.high), BAND)
        if column.mid >= 0 and x % 4 != 3:
            dot(x, y(column.mid), FAIR)
    for kind, name in ((BID, "bids"), (ASK, "asks")):
        for x, low, high in _joined([getattr(column, name) for column in columns]):
            for at in range(y(high), y(low) + 1):
                dot(x, at, kind)
    return cells


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """(column, lowest, highest) of a line whose steps reach back to the column before."""
    before = 0
    for x, (low, high) in enumerate(spans):
        if not high:
            before = 0
            continue
        yield x, min(low, before or low), max(high, before)
        before = high if before <= high else low


def _spans(cells: Sequence[tuple[int, int]], in_dots: bool, lines: Lines) -> Iterator[Span]:
    for dots, kinds in cells:
        sign = " " if not dots else chr(_EMPTY + dots) if in_dots else _letter(kinds, lines)
        yield sign, _role(kinds)


def _letter(kinds: int, lines: Lines) -> str:
    if kinds & BID and kinds & ASK:
        return "x"
    signs = ((BID, lines.bid[0]), (ASK, lines.ask[0]), (FAIR, lines.fair[0]), (BAND, "."))
    return next(sign for kind, sign in signs if kinds & kind)


def _role(kinds: int) -> str:
    if kinds & BID and kinds & ASK:
        return "text"
    if kinds & (BID | ASK):
        return "bid" if kinds & BID else "ask"
    return "band" if kinds else "text"


# ---------------------------------------------------------------------------------------------- axes


def _labels(rows: int, bottom: int, top: int, own: Sequence[int]) -> list[Span]:
    """One a row: our own prices with a pointer, else round prices where there is one."""
    labels: list[Span] = [(" " * AXIS, "text")] * rows
    tick = _tick(top - bottom)
    for price in range(top // tick * tick, bottom - 1, -tick):
        labels[_row(price, rows, bottom, top)] = (f"{text.cents(price):>{AXIS - 2}}- ", "dim")
    for price in own:
        labels[_row(price, rows, bottom, top)] = (f"{text.cents(price):>{AXIS - 2}}> ", "own")
    return labels


def _row(price: int, rows: int, bottom: int, top: int) -> int:
    return round((top - price) * (rows * 4 - 1) / (top - bottom)) // 4


def _time_axis(first: int, step: int, newest: int, wide: int) -> Line:
    """When the picture begins, when the newest point was, and how long a cell is."""
    used = min(((newest // SECOND - first) // step + 1) // 2, wide)
    begin, end = text.clock(first * SECOND), text.clock(newest)
    words = f"{begin}  {2 * step} s a cell"
    gap = max(used - len(words) - len(end), 2)
    return crop(((" " * AXIS, "text"), (f"{words}{' ' * gap}{end}", "dim")), AXIS + wide)

"""A market's last minutes in braille: bid and ask as lines, the fair band dotted, prices in cents up the side.

Two dots across and four up make a cell. A column of dots is a whole number of seconds and stays where it is until the
picture is full; so most repaints touch the last column only.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from cockpit.app import text
from cockpit.app.line import Line, Span, crop
from cockpit.domain.units import PRICE, SECOND
from cockpit.domain.view import Point

AXIS = 6
"""Cells of the prices at the left."""
STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300)
"""Seconds a column of dots may stand for."""
TICKS = (100, 200, 500, 1000, 2000)
"""Price units between two labels."""

_EMPTY = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Unicode's bits of a braille cell, by column and row."""
BID, ASK, FAIR, BAND = 1, 2, 4, 8


class Column(msgspec.Struct, gc=False):
    """What happened within one column of dots; price units, 0 and None where there was nothing."""

    bids: tuple[int, int] = (0, 0)
    asks: tuple[int, int] = (0, 0)
    low: int = -1
    mid: int = -1
    high: int = -1


def chart(points: Sequence[Point], own: Iterable[int], width: int, height: int) -> list[Line]:
    """The picture: plot, time axis and legend.

    Args:
        points: oldest first.
        own: prices our orders rest at, price units.
        width: cells there are.
        height: rows there are, of which two are axis and legend.
    """
    rows, wide = height - 2, width - AXIS
    if rows < 2 or wide < 12:
        return []
    if not points:
        return [((" no chart yet: a point a second while the market is open", "dim"),)]
    first, step, columns = _columns(points, wide * 2)
    mine = sorted(set(own))
    bottom, top = _range(columns, mine)
    cells = _plot(columns, wide, rows, bottom, top)
    labels = _labels(rows, bottom, top, mine)
    lines = [(labels[y], *_spans(cells[y])) for y in range(rows)]
    return [*lines, _time_axis(first, step, points[-1].ts, wide), crop(legend(bool(mine)), width)]


def legend(own: bool) -> Line:
    """What is what."""
    line: list[Span] = [
        (" " * AXIS, "text"),
        ("⠉⠉", "ask"), (" ask ", "ask"), ("⠤⠤", "bid"), (" bid  ", "bid"),
        ("⠒⠐⠒⠐", "band"), (" fair ", "band"), ("⢂⢂", "band"), (" low to high", "band"),
    ]  # fmt: skip
    return (*line, ("  86>", "own"), (" own order", "own")) if own else tuple(line)


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
    tick = _tick(high - low)
    bottom, top = low // tick * tick, -(-high // tick) * tick
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
        if column.mid >= 0:
            for at in range(y(column.high), y(column.low) + 1):
                if (x + at) % 4 == 0 and x % 2 == 0:
                    dot(x, at, BAND)
            if x % 4 != 3:
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


def _spans(cells: Sequence[tuple[int, int]]) -> Iterator[Span]:
    for dots, kinds in cells:
        yield chr(_EMPTY + dots) if dots else " ", _role(kinds)


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
    return ((" " * AXIS, "text"), (f"{words}{' ' * gap}{end}", "dim"))

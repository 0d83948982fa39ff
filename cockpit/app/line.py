"""Lines of text with roles: how they are put together, fitted to a width, and compared."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cockpit.app.text import CUT, clean

Span = tuple[str, str]
"""Text and its role; ``row/cell`` lays one role over another."""
Line = tuple[Span, ...]

_JOIN = 6
"""Unchanged cells between two changes that are cheaper to paint again than to jump over."""


class Part(NamedTuple):
    """A piece of a line that is shown whole or not at all; the highest tiers go first when room is short."""

    line: Line
    tier: int = 0


def part(text: str, role: str = "text", tier: int = 0) -> Part:
    """A part of one span."""
    return Part(((text, role),), tier)


def length(line: Line) -> int:
    """Cells a line takes."""
    return sum(len(clean(text)) for text, _ in line)


def fit(parts: Sequence[Part], width: int, gap: str = "  ", mark: int = -1) -> Line:
    """Join parts into a line of at most ``width`` cells.

    Args:
        parts: in the order shown; empty ones are skipped.
        width: cells there are.
        gap: what stands between two parts.
        mark: a part of this tier or a lower one that is left out leaves the sign of a cut.
    """
    items = [item for item in parts if length(item.line)]
    kept = _choose(items, width, len(gap))
    left_out = min((item.tier for i, item in enumerate(items) if i not in kept), default=mark + 1)
    if left_out <= mark:
        kept = _choose(items, width - 2, len(gap))
    line: list[Span] = []
    for i in sorted(kept):
        if line:
            line.append((gap, "text"))
        line.extend(items[i].line)
    if left_out <= mark:
        line.append((f" {CUT}", "dim"))
    return crop(tuple(line), width)


def _choose(items: Sequence[Part], width: int, gap: int) -> set[int]:
    """Which parts there is room for: the lowest tiers first, tier 0 whether or not."""
    kept: set[int] = set()
    used = -gap
    for i in sorted(range(len(items)), key=lambda i: (items[i].tier, i)):
        need = length(items[i].line) + gap
        if items[i].tier == 0 or used + need <= width:
            kept.add(i)
            used += need
    return kept


def crop(line: Line, width: int) -> Line:
    """The line in at most ``width`` cells; a cut shows its sign."""
    if length(line) <= width:
        return line
    out: list[Span] = []
    room = max(width - 1, 0)
    for text, role in line:
        plain = clean(text)
        out.append((plain[:room], role))
        room -= len(plain)
        if room <= 0:
            break
    out.append((CUT[:width], "dim"))
    return tuple(out)


def spread(left: Line, right: Line, width: int) -> Line:
    """Two lines on one row, the second at its right end; the first gives way."""
    room = width - length(right) - 1
    if room < 1:
        return crop(right, width)
    left = crop(left, room)
    return (*left, (" " * (width - length(left) - length(right)), "text"), *right)


def wrap(text: str, width: int, lines: int, role: str = "text", indent: str = " ") -> list[Line]:
    """Words over at most ``lines`` rows; what does not fit shows its sign."""
    rows: list[str] = []
    row = indent
    for word in clean(text).split():
        if len(row) + len(word) + (row != indent) > width and row != indent:
            rows.append(row)
            row = indent
        row += word if row == indent else f" {word}"
    rows.append(row)
    if len(rows) > lines:
        rows = [*rows[: lines - 1], f"{rows[lines - 1]} {CUT}" if rows[lines:] else rows[lines - 1]]
    return [crop(((row, role),), width) for row in rows]


def changes(old: Line, new: Line, width: int) -> Iterator[tuple[int, int]]:
    """Spans of columns [begin, end) in which two lines differ, near ones joined."""
    begin = end = -1
    for x, (was, now) in enumerate(zip(_cells(old, width), _cells(new, width), strict=True)):
        if was == now:
            continue
        if begin >= 0 and x - end > _JOIN:
            yield begin, end
            begin = x
        elif begin < 0:
            begin = x
        end = x + 1
    if begin >= 0:
        yield begin, end


def _cells(line: Line, width: int) -> list[Span]:
    cells = [(char, role) for text, role in line for char in clean(text)]
    return cells[:width] + [(" ", "text")] * (width - len(cells))

"""Queue positions the venue reported against our own: on the dotted diagonal they agree.

Braille: two dots across and four up make a cell; letters where the terminal cannot show them.
"""

from cockpit.app import text
from cockpit.app.line import Line, Part, fit, part
from cockpit.domain.account import AccountView, Calibration
from cockpit.domain.units import QTY

AXIS = 7
LEAST_ROWS, LEAST_WIDE = 4, 16
_EMPTY = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))


def words(account: AccountView) -> list[Part]:
    """How right the simulated queues are, in figures; or why nothing can be said yet."""
    found = account.calibration
    if found is None:
        said = "no report of a resting order's queue yet: rest one at the venue and it is compared here"
        return [part(account.venue), part(said, "dim")]
    return [
        part(f"{account.venue} {found.n} reports of your own orders' queues beside ours:"),
        part(
            f"fifo exact {100 * found.fifo_exact:.0f}%, off by {found.fifo_error:.1f}",
            "good" if found.fifo_exact > 0.9 else "text",
        ),
        part(f"tail exact {100 * found.tail_exact:.0f}%, off by {found.tail_error:.1f}", "dim"),
    ]


def scatter(found: Calibration, width: int, height: int, *, dots: bool = True) -> list[Line]:
    """The picture, with contracts up the side and the range beneath.

    Args:
        found: pairs of (reported, fifo, tail).
        width: cells there are.
        height: rows there are, the axis included.
        dots: in braille; else in letters, a cell each.
    """
    rows, wide = height - 1, min(width - AXIS, 60)
    if rows < LEAST_ROWS or wide < LEAST_WIDE:
        return []
    across, up = (wide * 2, rows * 4) if dots else (wide, rows)
    most = max((max(pair) for pair in found.pairs), default=0) or QTY
    grid = [[0] * across for _ in range(up)]
    for x in range(0, across, 3 if dots else 2):
        grid[x * (up - 1) // (across - 1)][x] = 1
    for reported, fifo, _ in found.pairs:
        grid[fifo * (up - 1) // most][reported * (across - 1) // most] = 2
    lines = [(_label(y, rows, most), *_cells(grid, rows - 1 - y, wide, dots)) for y in range(rows)]
    axis = f"{'':>{AXIS}}0 reported ahead, contracts; up the side: fifo's"
    return [*lines, fit([part(f"{axis}  {text.short_quantity(most)} at the end", "dim")], width)]


def _label(y: int, rows: int, most: int) -> tuple[str, str]:
    shown = most if y == 0 else 0 if y == rows - 1 else None
    return ("" if shown is None else text.short_quantity(shown)).rjust(AXIS - 1) + " ", "dim"


def _cells(grid: list[list[int]], row: int, wide: int, dots: bool) -> Line:
    out: list[tuple[str, str]] = []
    for x in range(wide):
        if dots:
            bits, kind = 0, 0
            for dx in range(2):
                for dy in range(4):
                    found = grid[row * 4 + 3 - dy][x * 2 + dx]
                    if found:
                        bits |= _DOTS[dx][dy]
                        kind = max(kind, found)
            sign = chr(_EMPTY + bits) if bits else " "
        else:
            kind = grid[row][x]
            sign = " .x"[kind]
        role = ("text", "dim", "own")[kind]
        if out and out[-1][1] == role:
            out[-1] = (out[-1][0] + sign, role)
        else:
            out.append((sign, role))
    return tuple(out)

"""A chance as a bar, and a mark on it where somebody else puts that chance.

Braille: two dots across make a cell, the bar is two dots high, the mark four; letters where the terminal cannot show them.
"""

_EMPTY = 0x2800
_FILL = (0x02 | 0x04, 0x10 | 0x20)
_MARK = (0x01 | 0x02 | 0x04 | 0x40, 0x08 | 0x10 | 0x20 | 0x80)
"""Unicode's bits of a braille cell, by column."""


def bar(value: float, mark: float | None, width: int, *, dots: bool = True) -> str:
    """The bar in ``width`` cells; blank behind its end.

    Args:
        value: its length, as a share of the width; more than none shows something.
        mark: where the mark stands, as a share of the width; None for none.
        width: cells there are.
        dots: in braille; else in letters, ``#`` with the mark ``|``.
    """
    across = width * 2 if dots else width
    if across <= 0:
        return ""
    long = max(round(min(value, 1.0) * across), int(value > 0))
    at = -1 if mark is None else min(int(mark * across), across - 1)
    if not dots:
        return "".join("|" if x == at else "#" if x < long else " " for x in range(across))
    cells = []
    for x in range(0, across, 2):
        bits = [_MARK[i] if x + i == at else _FILL[i] if x + i < long else 0 for i in (0, 1)]
        cells.append(chr(_EMPTY + bits[0] + bits[1]) if any(bits) else " ")
    return "".join(cells)

"""Sets of numbers on which contracts pay YES, as pairs of cuts.

A cut lies just below a number (-1) or just above it (+1). On a grid of known step the cut above a value is the cut
below the next one, so that "above 84,249.99" to the cent and "84,250 or above" are the same set.
"""

from cockpit.models.match.contract import TypedContract

Cut = tuple[int, int]
"""A number in 1e-8 and the side of it on which the cut lies."""
Cuts = tuple[Cut, Cut]

_FAR = 10**30
LEAST: Cut = (-_FAR, 0)
MOST: Cut = (_FAR, 0)
_FINE = 10_000
"""A boundary value is one of a fine grid where the step is less than the strike by this factor."""


def cuts(c: TypedContract, step: int) -> Cuts:
    """Where the set begins and ends; a step of 0 is a continuum."""
    low, high = LEAST, MOST
    if c.low is not None:
        low = _cut(c.low, above=not c.low_closed, step=step)
    if c.high is not None:
        high = _cut(c.high, above=c.high_closed, step=step)
    return low, high


def _cut(value: int, *, above: bool, step: int) -> Cut:
    if not step:
        return value, 1 if above else -1
    if above:
        return value // step * step + step, -1
    return -(-value // step) * step, -1


def same(a: TypedContract, b: TypedContract) -> bool:
    """Whether both sets are one: on each venue's own grid, or as written where a venue states no grid."""
    if cuts(a, a.step) == cuts(b, b.step):
        return True
    return not (a.step and b.step) and cuts(a, 0) == cuts(b, 0)


def complementary(a: TypedContract, b: TypedContract) -> bool:
    """Whether each number lies in exactly one of the two sets."""
    for x, y in ((cuts(a, a.step), cuts(b, b.step)), (cuts(a, 0), cuts(b, 0))):
        if (x[0], y[1]) == (LEAST, MOST) and x[1] == y[0]:
            return True
        if (y[0], x[1]) == (LEAST, MOST) and y[1] == x[0]:
            return True
        if a.step and b.step:
            break
    return False


def order(a: TypedContract, b: TypedContract) -> str:
    """How two different sets lie: ``subset`` (A within B), ``superset``, ``disjoint`` or ``overlap``."""
    (low_a, high_a), (low_b, high_b) = cuts(a, a.step), cuts(b, b.step)
    if low_a >= high_b or low_b >= high_a:
        return "disjoint"
    if low_b <= low_a and high_a <= high_b:
        return "subset"
    if low_a <= low_b and high_b <= high_a:
        return "superset"
    return "overlap"


def one_value_apart(a: TypedContract, b: TypedContract) -> bool:
    """Whether the sets differ by a boundary value at most: the same strike under another operator."""
    return _close(a.low, b.low, a, b) and _close(a.high, b.high, a, b)


def one_value_from_complementary(a: TypedContract, b: TypedContract) -> bool:
    """Whether the sets split the line at one strike, with its value in both or in neither."""
    if a.low is None and b.high is None and a.high is not None:
        return _close(a.high, b.low, a, b)
    if a.high is None and b.low is None and a.low is not None:
        return _close(a.low, b.high, a, b)
    return False


def _close(x: int | None, y: int | None, a: TypedContract, b: TypedContract) -> bool:
    if x is None or y is None:
        return x is y
    apart = abs(x - y)
    return apart == 0 or (apart <= max(a.step, b.step) and apart * _FINE <= abs(x))

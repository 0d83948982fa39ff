"""Whether two names are one person's, team's or place's, as two venues write them."""

SAME = "same"
DIFFERS = "differs"
DOUBTFUL = "doubtful"
"""Part of the other name and no more: "Bolsonaro" beside "Flavio Bolsonaro"."""

_SHORTEST = 5
"""Letters a name needs for one of them to be a slip of the pen."""
_TITLES = frozenset({"dr", "mr", "mrs", "ms"})
_JOINERS = frozenset({"and", "or", "vs"})


def alike(a: str, b: str) -> str:
    """Compare two folded names.

    Middle names and initials may be left out where first and last name are the same, and one letter of a name may
    differ where the rest of it does not. A name that is only a part of the other is doubtful.
    """
    if a == b:
        return SAME
    x, y = _parts(a), _parts(b)
    if x == y:
        return SAME
    if len(x) < len(y):
        x, y = y, x
    if _JOINERS & {*x, *y} or any(part.isdigit() for part in (*x, *y)):
        return DIFFERS
    if set(y) <= set(x):
        return SAME if len(y) >= 2 and _ends_agree(x, y) else DOUBTFUL
    return SAME if _slip(x, y) else DIFFERS


def _parts(name: str) -> list[str]:
    parts = name.split()
    long = [part for part in parts[:-1] if (len(part) > 1 or part.isdigit()) and part not in _TITLES]
    return [*long, parts[-1]] if long else parts


def _ends_agree(long: list[str], short: list[str]) -> bool:
    return long[-1] == short[-1] and (long[0] == short[0] or len(short) >= 3)


def _slip(x: list[str], y: list[str]) -> bool:
    if len(x) != len(y) or len(x) < 2:
        return False
    odd = [(p, q) for p, q in zip(x, y, strict=True) if p != q]
    return len(odd) == 1 and _one_letter(*odd[0])


def _one_letter(p: str, q: str) -> bool:
    """Whether one insertion, removal or change of a letter makes one of the other; first letters must agree."""
    if len(p) > len(q):
        p, q = q, p
    if len(p) < _SHORTEST or len(q) - len(p) > 1 or p[0] != q[0] or not (p + q).isalpha():
        return False
    i = 0
    while i < len(p) and p[i] == q[i]:
        i += 1
    return p[i:] == q[i + 1 :] if len(q) > len(p) else p[i + 1 :] == q[i + 1 :]

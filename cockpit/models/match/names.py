"""Whether two names are one person's, team's or place's, as two venues write them."""

SAME = "same"
DIFFERS = "differs"
DOUBTFUL = "doubtful"
"""Part of the other name and no more ("Bolsonaro" beside "Flavio Bolsonaro"), or a letter or an initial apart."""

_SHORTEST = 5
"""Letters a name needs for one of them to be perhaps a slip of the pen."""
_TITLES = frozenset({"dr", "mr", "mrs", "ms"})
_NO_NAMES_WORDS = (
    "not never no any every each all both some either neither one two three half another other next new old only first second"
    " former acting interim deputy ex non pro anti vice co net total average combined most least more less fewer exactly"
    " again twice early late without with except special runoff primary general women men youth junior senior jr sr"
    " u18 u19 u20 u21 u23 ii iii iv b"
)
_NO_NAMES = frozenset(_NO_NAMES_WORDS.split())
"""Words that name nobody: one of them in one name only makes another one of it."""
_JOINERS = frozenset({"and", "or", "vs"})


def alike(a: str, b: str) -> str:
    """Compare two folded names.

    Middle names may be left out where first and last name are the same. A name that is only a part of the other is
    doubtful, and so is one with other initials, or with one letter that may be a slip or another person's.
    """
    if a == b:
        return SAME
    x, y = _parts(a), _parts(b)
    if x == y:
        return SAME if _initials(a) == _initials(b) else DOUBTFUL
    if len(x) < len(y):
        x, y = y, x
    if _JOINERS & {*x, *y} or any(part.isdigit() for part in (*x, *y)):
        return DIFFERS
    if set(y) <= set(x):
        named = len(y) >= 2 and y[0] not in _NO_NAMES and not _more_than_names({*x} - {*y})
        return SAME if named and _ends_agree(x, y) else DOUBTFUL
    return DOUBTFUL if _slip(x, y) else DIFFERS


def _parts(name: str) -> list[str]:
    parts = name.split()
    long = [part for part in parts[:-1] if (len(part) > 1 or part.isdigit()) and part not in _TITLES]
    return [*long, parts[-1]] if long else parts


def _more_than_names(words: set[str]) -> bool:
    return bool(words & _NO_NAMES) or not all(
        word.replace("-", "").replace("'", "").isalpha() for word in words
    )


def _initials(name: str) -> list[str]:
    return [part for part in name.split()[1:-1] if len(part) == 1]


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

"""Books' odds without the books' margin.

American odds A: a win pays A per 100 staked where A > 0, 100 per -A where A < 0, so that the implied chance is
100 / (100 + A) or -A / (100 - A); decimal odds d imply 1 / d. The implied chances q of all outcomes sum to B > 1. What
share of the margin each outcome carries is not known, and methods differ by it:

    multiplicative   p = q / B: every outcome the same share of its own; over-rates long shots
    additive         p = q - (B - 1) / n: every outcome the same; cut at 0 and brought to one again
    power            p = q^k, k > 1 so that they sum to one (Clarke, Kovalchik and Ingram 2017)
    shin             p = (sqrt(z^2 + 4 (1 - z) q^2 / B) - z) / (2 (1 - z)), z the share of insiders' money so that they
                     sum to one (Shin 1993; Strumbelj 2014 finds it better than the first); additive where n = 2

For money the worst of them counts, and how far they are apart is an error of the consensus.
"""

import math
from collections.abc import Callable, Sequence

import msgspec

_HALVINGS = 80
MOST_MARGIN = 0.5
"""A book that keeps more than this is no book, or one of its prices is wrong."""


def implied(american: int) -> float:
    """The chance American odds imply, margin included.

    Raises:
        ValueError: for odds between -100 and 100, which are none.
    """
    if -100 < american < 100:
        raise ValueError(f"American odds of {american}")
    return 100.0 / (100.0 + american) if american > 0 else -american / (100.0 - american)


def american(decimal: float) -> int:
    """Decimal odds as American ones, to the nearest whole number. Raises ValueError for odds of 1 or less."""
    if not decimal > 1.0:
        raise ValueError(f"decimal odds of {decimal}")
    return round(100.0 * (decimal - 1.0)) if decimal >= 2.0 else round(-100.0 / (decimal - 1.0))


def multiplicative(q: Sequence[float]) -> list[float]:
    """Each implied chance divided by their sum."""
    total = math.fsum(q)
    return [each / total for each in q]


def additive(q: Sequence[float]) -> list[float]:
    """The margin taken off in equal parts; what falls below nothing is nothing."""
    part = (math.fsum(q) - 1.0) / len(q)
    return multiplicative([max(0.0, each - part) for each in q])


def power(q: Sequence[float]) -> list[float]:
    """Each implied chance to the power that makes them sum to one."""
    low, high = 0.0, 1.0
    while math.fsum(each**high for each in q) > 1.0 and high < 1e6:
        low, high = high, 2.0 * high
    k = _root(lambda k: math.fsum(each**k for each in q) - 1.0, low, high)
    return multiplicative([each**k for each in q])


def shin(q: Sequence[float]) -> list[float]:
    """What is left when a share of the money is taken to know the outcome."""
    total = math.fsum(q)

    def of(z: float) -> list[float]:
        return [
            (math.sqrt(z * z + 4.0 * (1.0 - z) * each * each / total) - z) / (2.0 * (1.0 - z)) for each in q
        ]

    if total <= 1.0:
        return multiplicative(q)
    z = _root(lambda z: math.fsum(of(z)) - 1.0, 0.0, 0.999)
    return multiplicative(of(z))


METHODS: dict[str, Callable[[Sequence[float]], list[float]]] = {
    "multiplicative": multiplicative,
    "additive": additive,
    "power": power,
    "shin": shin,
}


class Devigged(msgspec.Struct, frozen=True):
    """One outcome's chance by all methods."""

    low: float
    """The least any method says: what counts for whoever buys it."""
    mid: float
    """Shin's."""
    high: float
    """The most."""
    margin: float
    """B - 1."""

    @property
    def error(self) -> float:
        """Half of what methods are apart."""
        return (self.high - self.low) / 2.0


def devig(q: Sequence[float]) -> list[Devigged]:
    """All outcomes of one book by all methods.

    Raises:
        ValueError: for fewer than two outcomes, chances not strictly between 0 and 1, or a margin below -5 % or above
            `MOST_MARGIN`.
    """
    margin = math.fsum(q) - 1.0
    if len(q) < 2 or not all(0.0 < each < 1.0 for each in q):
        raise ValueError("two outcomes or more, each strictly between 0 and 1")
    if not -0.05 <= margin <= MOST_MARGIN:
        raise ValueError(f"a margin of {margin:.1%}")
    by_method = [method(q) for method in METHODS.values()]
    mids = shin(q)
    return [
        Devigged(min(each[i] for each in by_method), mids[i], max(each[i] for each in by_method), margin)
        for i in range(len(q))
    ]


def moneyline(home: int, away: int) -> Devigged:
    """The home side's chance of two, from American odds.

    Raises:
        ValueError: for odds that are none, or no book's.
    """
    return devig([implied(home), implied(away)])[0]


def _root(excess: Callable[[float], float], low: float, high: float) -> float:
    """Where a falling function is nothing."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return (low + high) / 2.0

"""Evidence that may be looked at all day: tests that stay valid however often, and whenever, somebody looks.

An e-value is the wealth of a gambler who bets against the null at fair odds, starting with one: under the null it
exceeds 20 with a chance of at most 5 %, at any time (Ville 1939). ``d`` are independent differences, one an event.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

LEVEL = 0.05
MOST = 0.5
"""The largest share of the wealth that is ever bet: half of what could ruin the gambler."""
PRIOR_VARIANCE = 0.25
"""Of scaled differences, before the first is seen: worth one of them."""
MIXTURE = 0.01
"""Variance of the mixture over that of a difference: sharpest after a hundred events or so."""


class Wealth(msgspec.Struct, frozen=True):
    """A betting e-process after each difference, against "the mean is not above 0" and "not below 0".

    Their average is an e-process for "the mean is 0".
    """

    up: tuple[float, ...]
    down: tuple[float, ...]

    @property
    def both(self) -> tuple[float, ...]:
        """Evidence that there is a difference at all."""
        return tuple((a + b) / 2.0 for a, b in zip(self.up, self.down, strict=True))


def bets(d: Sequence[float]) -> Iterator[float]:
    """What to bet on each difference, known before it is: the mean so far over its second moment, in [0, `MOST`].

    Source: Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting", aGRAPA.
    """
    total, squares = 0.0, PRIOR_VARIANCE
    for each in d:
        yield min(MOST, max(0.0, total / squares))
        total, squares = total + each, squares + each * each


def betting(d: Sequence[float], stakes: Sequence[float]) -> list[float]:
    """Wealth after each difference: the product of 1 + stake x difference. Differences in [-1, 1], stakes in [0, .5].

    Raises:
        ValueError: for a difference or stake outside.
    """
    if any(not -1.0 <= each <= 1.0 for each in d) or any(not 0.0 <= stake <= MOST for stake in stakes):
        raise ValueError("differences must lie in [-1, 1] and stakes in [0, 0.5]")
    factors = (1.0 + stake * each for stake, each in zip(stakes, d, strict=True))
    return list(accumulate(factors, lambda wealth, factor: wealth * factor))


def wealth(d: Sequence[float], bound: float) -> Wealth:
    """Bet on both signs of differences, scaled by a bound that was fixed before looking; what is beyond counts as it.

    Raises:
        ValueError: for a bound that is not positive.
    """
    if bound <= 0.0:
        raise ValueError("the bound must be positive")
    scaled = [max(-1.0, min(1.0, each / bound)) for each in d]
    against = [-each for each in scaled]
    return Wealth(tuple(betting(scaled, list(bets(scaled)))), tuple(betting(against, list(bets(against)))))


def anytime_p(e: Sequence[float]) -> float:
    """A p-value that holds whenever one stops: one over the highest e-value so far, at most 1."""
    return min(1.0, 1.0 / max(e)) if e and max(e) > 0.0 else 1.0


def msprt(n: int, mean: float, variance: float, mixture: float) -> float:
    """Likelihood ratio of a normal mixture of means (variance ``mixture``) to a mean of 0, after n differences.

    Args:
        n: differences seen.
        mean: their mean.
        variance: of one difference, known.
        mixture: variance of the means that are thought of.

    Source: Robbins 1970; Johari, Koomen, Pekelis & Walsh 2017.
    """
    spread = variance + n * mixture
    exponent = n * n * mixture * mean * mean / (2.0 * variance * spread)
    return math.sqrt(variance / spread) * math.exp(min(exponent, 700.0))


def radius(n: int, variance: float, mixture: float, level: float = LEVEL) -> float:
    """Half the width of the confidence sequence of a mean: where `msprt` is 1 / level. Arguments as there.

    Source: Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021.
    """
    spread = n * mixture + variance
    return math.sqrt(variance * spread / (n * n * mixture) * math.log(spread / (variance * level * level)))


def confidence(d: Sequence[float], level: float = LEVEL) -> tuple[float, float] | None:
    """The confidence sequence of the mean at this moment; None while there are fewer than two, or all are alike.

    The variance is the sample's, so that it holds for many events only (asymptotically): a picture, not the verdict.
    """
    n = len(d)
    mean = math.fsum(d) / n if n else 0.0
    variance = math.fsum((each - mean) ** 2 for each in d) / (n - 1) if n > 1 else 0.0
    if variance <= 0.0:
        return None
    half = radius(n, variance, MIXTURE * variance, level)
    return mean - half, mean + half


def win_rate_evidence(wins: int, n: int, even: float) -> float:
    """E-value of "the win rate is not ``even``": a uniform mixture of rates over the break-even rate.

    Valid for independent events at one price; where prices differ, bet on the differences.
    """
    if not 0.0 < even < 1.0:
        raise ValueError("a break-even rate lies between 0 and 1")
    losses = n - wins
    mixed = math.lgamma(1 + wins) + math.lgamma(1 + losses) - math.lgamma(2 + n)
    return math.exp(min(700.0, mixed - wins * math.log(even) - losses * math.log(1.0 - even)))

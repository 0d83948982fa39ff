"""Calibration by tenths of probability, where rows of one event are not independent."""

import math
from collections.abc import Sequence

import msgspec

from cockpit.models.proportions import Z95

BINS = 10


class Bin(msgspec.Struct, frozen=True):
    """States whose probability lies in a tenth."""

    low: float
    high: float
    n: int
    """States."""
    games: int
    p: float
    """Mean probability."""
    observed: float
    """Share of the states whose game the home side won."""
    interval: tuple[float, float]
    """Wilson's, 95 %, of ``observed``, for as many trials as have the variance of these states in these games."""

    @property
    def holds(self) -> bool:
        """Whether the mean probability lies within the interval."""
        return self.interval[0] <= self.p <= self.interval[1]

    def as_json(self) -> dict[str, object]:
        """The machine form."""
        return {
            "from": self.low,
            "to": self.high,
            "n": self.n,
            "n_games": self.games,
            "p": self.p,
            "observed": self.observed,
            "ci": list(self.interval),
        }


def bins(p: Sequence[float], won: Sequence[float], game: Sequence[str]) -> list[Bin]:
    """Tenths of probability that hold states."""
    groups: dict[int, dict[str, list[tuple[float, float]]]] = {}
    for chance, outcome, name in zip(p, won, game, strict=True):
        each = groups.setdefault(min(int(chance * BINS), BINS - 1), {})
        each.setdefault(name, []).append((chance, outcome))
    return [_bin(i, list(groups[i].values())) for i in sorted(groups)]


def _bin(i: int, found: Sequence[Sequence[tuple[float, float]]]) -> Bin:
    """One tenth; ``found`` holds each game's (probability, outcome) pairs in it."""
    states = [state for each in found for state in each]
    n = len(states)
    share = sum(outcome for _, outcome in states) / n
    square = sum(sum(outcome - share for _, outcome in each) ** 2 for each in found) / (n * n)
    size = min(len(found), share * (1.0 - share) / square) if square else len(found)
    return Bin(
        low=i / BINS,
        high=(i + 1) / BINS,
        n=n,
        games=len(found),
        p=sum(chance for chance, _ in states) / n,
        observed=share,
        interval=_wilson(share, size),
    )


def _wilson(share: float, n: float) -> tuple[float, float]:
    """The Wilson score interval of a share for an effective number of trials. Source: Wilson 1927; Korn & Graubard 1998."""
    square = Z95 * Z95
    centre = (share + square / (2.0 * n)) / (1.0 + square / n)
    half = Z95 / (1.0 + square / n) * math.sqrt(share * (1.0 - share) / n + square / (4.0 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)

"""How a game goes, turn by turn, and what that says of who wins it.

A turn is a possession (in football a drive). Turns alternate; a turn brings one of a few numbers of points. With N turns
in regulation and the home side ahead by L, each turn moves the lead on average by

    d = (m - k L) / N

so that a lead is given back at the rate k a game, and a level game ends, on average, at m (1 - exp(-k)) / k, which is
made the line's margin. Source of the pull towards a level score: Gabel and Redner, "Random walk picture of basketball
scoring", J. Quant. Anal. Sports 8 (2012). With k 0.3 and the chances below, final margins have a standard deviation of
14 to 15 points, and what is left of a game of 16 times the root of its share.

The chance that the home side wins is exact for this law: backward over the turns that are left, for every lead, with a
level score at the end passed on to an overtime that may be followed by another. With a the chance to win an overtime
and t that of staying level, an overtime is won with a / (1 - t). Nothing here is shared with the models that price
real games.
"""

import math
from functools import cached_property

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LARGEST = 90
"""The largest lead the tables hold; beyond it a game is as good as over."""
_LEADS = np.arange(-LARGEST, LARGEST + 1)
_LEAST, _MOST = 0.5, 1.5
"""How far a turn's chances are moved at most."""


class Sport(msgspec.Struct, frozen=True):
    """A league's game: periods and overtimes in seconds, turns in each (even numbers), and what a turn brings."""

    league: str
    period_s: int
    overtime_s: int
    turns: int
    extra: int
    points: tuple[int, ...]
    chances: tuple[float, ...]
    """Of each number of points, none of them first."""
    pull: float
    periods: int = 4

    @property
    def mean(self) -> float:
        """Points a turn."""
        return sum(points * chance for points, chance in zip(self.points, self.chances, strict=True))


NBA = Sport("nba", 720, 300, 50, 22, (0, 1, 2, 3), (0.485, 0.045, 0.33, 0.14), 0.3)
NFL = Sport("nfl", 900, 600, 6, 4, (0, 3, 7), (0.63, 0.155, 0.215), 0.1)
"""Ties are played off: nobody is left level."""
SPORTS = {sport.league: sport for sport in (NBA, NFL)}


def order(turns: int, *, home: bool) -> tuple[bool, ...]:
    """Whose turns a period has: ``home`` begins."""
    return tuple(home == (number % 2 == 0) for number in range(turns))


class Law:
    """One game's law.

    Args:
        sport: the league's game.
        spread: the home side's line, points: -6.5 where it is favoured by 6.5.
        total: points of both sides together.
        first: whether the home side has the first turn of the first period, and of the last and every overtime.
    """

    def __init__(self, sport: Sport, spread: float, total: float, *, first: bool) -> None:
        self.sport = sport
        self.first = first
        count = sport.periods * sport.turns
        self._level = total / count / sport.mean
        self._count = count
        self._drift = -spread * sport.pull / (1.0 - math.exp(-sport.pull))

    def chances(self, lead: int, *, home: bool) -> list[float]:
        """What a turn of one side brings, by the index of its points, with the home side ahead by ``lead``."""
        return [float(column[lead + LARGEST]) for column in self._columns(home=home)]

    def begins(self, period: int) -> bool:
        """Whether the home side has the first turn of a period (from 1)."""
        return (
            self.first if period in (1, self.sport.periods) or period > self.sport.periods else not self.first
        )

    def wins(self, left: int, lead: int, *, overtime: bool = False) -> float:
        """The chance that the home side wins with so many turns left of regulation, or of an overtime."""
        table = self._overtime if overtime else self._regulation
        return float(table[left][min(max(lead, -LARGEST), LARGEST) + LARGEST])

    # ------------------------------------------------------------------ tables

    def _columns(self, *, home: bool) -> list[Floats]:
        """Chances of each number of points, by lead."""
        return self._home if home else self._away

    @cached_property
    def _home(self) -> list[Floats]:
        return self._moved(1.0)

    @cached_property
    def _away(self) -> list[Floats]:
        return self._moved(-1.0)

    def _moved(self, sign: float) -> list[Floats]:
        drift = (self._drift - self.sport.pull * _LEADS) / self._count
        factor = np.clip(self._level + sign * drift / self.sport.mean, _LEAST, _MOST)
        scoring = [chance * factor for chance in self.sport.chances[1:]]
        return [1.0 - np.sum(scoring, axis=0), *scoring]

    @cached_property
    def _regulation(self) -> list[Floats]:
        sport = self.sport
        level = self._overtime[sport.extra][LARGEST]
        owners = [o for p in range(sport.periods) for o in order(sport.turns, home=self.begins(p + 1))]
        return self._back(_ended(float(level)), owners)

    @cached_property
    def _overtime(self) -> list[Floats]:
        owners = list(order(self.sport.extra, home=self.first))
        won = self._back(_ended(0.0), owners)[-1][LARGEST]
        either = self._back(_ended(1.0), owners)[-1][LARGEST]
        return self._back(_ended(float(won / (1.0 - (either - won)))), owners)

    def _back(self, end: Floats, owners: list[bool]) -> list[Floats]:
        """Chances by turns left and lead, from those at the end."""
        tables = [end]
        for home in reversed(owners):
            after = tables[-1]
            now = np.zeros_like(after)
            for points, chance in zip(self.sport.points, self._columns(home=home), strict=True):
                reached = np.clip(_LEADS + (points if home else -points), -LARGEST, LARGEST)
                now += chance * after[reached + LARGEST]
            tables.append(now)
        return tables


def _ended(level: float) -> Floats:
    """Chances when time is up; ``level`` for a level score."""
    ends = (_LEADS > 0).astype(np.float64)
    ends[LARGEST] = level
    return ends

"""How one game goes: every turn with its moment on the game's clock, drawn from its law."""

from bisect import bisect_right

import msgspec

from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.law import LARGEST, Law, order

MILLIS = 1_000
_IDLE = 0.35
"""Of a turn's length: the least there is of it, and what is left at a period's end."""
_TRIES = 10_000


class Turn(msgspec.Struct, frozen=True, gc=False):
    """One turn that is over: ``at`` milliseconds into its period, ``home`` whose it was, and the score after it."""

    number: int
    """From 1, over the whole game."""
    period: int
    at: int
    home: bool
    points: int
    away_score: int
    home_score: int
    left: int
    """Turns left after it, of regulation or of its overtime."""

    @property
    def lead(self) -> int:
        """The home side's lead."""
        return self.home_score - self.away_score


class Course:
    """A whole game."""

    def __init__(self, law: Law, turns: list[Turn]) -> None:
        self.law = law
        self.turns = turns
        self.periods = turns[-1].period
        """How many were played, overtimes included."""
        self.home_won = turns[-1].lead > 0
        self._ends = [bisect_right(turns, period, key=_period) for period in range(1, self.periods + 1)]

    def length(self, period: int) -> int:
        """Of a period, seconds."""
        sport = self.law.sport
        return sport.period_s if period <= sport.periods else sport.overtime_s

    def before(self, period: int) -> int:
        """How many turns there were before a period."""
        return self._ends[period - 2] if period > 1 else 0

    def points(self, period: int, upto: int) -> tuple[int, int]:
        """What away and home scored in a period, among the first ``upto`` turns of the game."""
        low, high = self.before(period), min(upto, self._ends[period - 1])
        scored = [0, 0]
        for turn in self.turns[low:high]:
            scored[turn.home] += turn.points
        return scored[0], scored[1]


def _period(turn: Turn) -> int:
    return turn.period


def drawn(law: Law, draws: Draws) -> Course:
    """A game of a law."""
    turns: list[Turn] = []
    period, scores = 1, [0, 0]
    while period <= law.sport.periods or scores[0] == scores[1]:
        _period_of(law, draws, period, scores, turns)
        period += 1
    return Course(law, turns)


def wanted(law: Law, draws: Draws, overtimes: int | None) -> Course:
    """The first game drawn that has so many overtimes; None takes any that has one at most.

    Raises:
        ValueError: when none is found within ten thousand.
    """
    for _ in range(_TRIES):
        course = drawn(law, draws)
        extra = course.periods - law.sport.periods
        if extra == overtimes or (overtimes is None and extra <= 1):
            return course
    raise ValueError(f"no game with {overtimes} overtimes")


def _period_of(law: Law, draws: Draws, period: int, scores: list[int], turns: list[Turn]) -> None:
    """Play one period; the scores are away's and home's."""
    sport = law.sport
    regular = period <= sport.periods
    count = sport.turns if regular else sport.extra
    length = (sport.period_s if regular else sport.overtime_s) * MILLIS
    weights = [_IDLE + draws.uniform() for _ in range(count)]
    whole, passed = sum(weights) + _IDLE, 0.0
    later = sport.turns * (sport.periods - period) if regular else 0
    for number, home in enumerate(order(count, home=law.begins(period))):
        passed += weights[number]
        lead = max(-LARGEST, min(LARGEST, scores[1] - scores[0]))
        points = sport.points[draws.pick(law.chances(lead, home=home))]
        scores[home] += points
        left = later + count - number - 1
        at = int(length * passed / whole)
        turns.append(Turn(len(turns) + 1, period, at, home, points, scores[0], scores[1], left))

"""One game on the wall clock: when it is played, what stands on its board, and what it is truly worth.

Game time runs ``pace`` times as fast as the wall, so that a game fits into a session; between periods it stands. All
of it is a step function of the wall's time: the score, and so the chance, changes at the end of a turn and nowhere else.
"""

from bisect import bisect_right

import msgspec

from cockpit.domain.games import Phase
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.models.teams import Team
from cockpit.rehearsal.games.course import MILLIS, Course, Turn


class Tie(msgspec.Struct, frozen=True):
    """Who meets whom, and when that was to begin (ns UTC)."""

    away: Team
    home: Team
    scheduled: int


class Breaks(msgspec.Struct, frozen=True):
    """Wall seconds after a period, at the half, and before an overtime."""

    period: float = 12.0
    half: float = 25.0
    overtime: float = 12.0


class Board(msgspec.Struct, frozen=True):
    """What stands on a game's board."""

    phase: Phase
    period: int = 0
    clock_ms: int = 0
    away: tuple[int, ...] = ()
    """Points by period."""
    home: tuple[int, ...] = ()
    last: Turn | None = None
    turns: int = 0
    """How many are over."""

    @property
    def scores(self) -> tuple[int, int]:
        """Away's and home's."""
        return (self.last.away_score, self.last.home_score) if self.last is not None else (0, 0)


class Play:
    """A game that is played.

    Args:
        id: the score source's number.
        tie: who, and when.
        line: the home side's line and the total, points.
        course: how it goes.
        tip: when it begins, ns UTC.
        pace: game seconds in a wall second.
        breaks: how long it stands.
    """

    def __init__(
        self,
        id: str,  # noqa: A002  the source's word
        tie: Tie,
        line: tuple[float, float],
        course: Course,
        tip: int,
        pace: float,
        breaks: Breaks,
    ) -> None:
        self.id = id
        self.tie = tie
        self.spread, self.total = line
        self.course = course
        self.law = course.law
        self.sport = course.law.sport
        self.tip = tip
        self.pace = pace
        self._begins = self._starts(breaks)
        self._times = [self.when(turn) for turn in course.turns]
        self.final = self._begins[-1] + self._wall(course.length(course.periods) * MILLIS)
        """When the last period is over, ns UTC."""

    @property
    def league(self) -> str:
        """Which league's game it is: nba or nfl."""
        return self.sport.league

    @property
    def home_won(self) -> bool:
        """How it ends."""
        return self.course.home_won

    def when(self, turn: Turn) -> int:
        """When a turn is over, ns UTC."""
        return self._begins[turn.period - 1] + self._wall(turn.at)

    def at(self, now: int) -> Board:
        """The board at a moment (ns UTC)."""
        if now < self.tip:
            return Board(Phase.PRE)
        period = bisect_right(self._begins, now)
        passed = int((now - self._begins[period - 1]) * self.pace) // MILLISECOND
        clock = max(0, self.course.length(period) * MILLIS - passed)
        count = bisect_right(self._times, now)
        points = [self.course.points(each, count) for each in range(1, period + 1)]
        over = now >= self.final
        return Board(
            phase=Phase.FINAL if over else Phase.LIVE if clock else Phase.BREAK,
            period=period,
            clock_ms=0 if over else clock,
            away=tuple(each[0] for each in points),
            home=tuple(each[1] for each in points),
            last=self.course.turns[count - 1] if count else None,
            turns=count,
        )

    def chance(self, now: int) -> float:
        """The true chance that the home side wins, as seen at a moment (ns UTC)."""
        if now >= self.final:
            return 1.0 if self.home_won else 0.0
        count = bisect_right(self._times, now)
        if not count:
            return self.law.wins(self.sport.periods * self.sport.turns, 0)
        last = self.course.turns[count - 1]
        regular = self.sport.periods
        if last.period > regular or (last.period == regular and not last.left and not last.lead):
            left = last.left if last.period > regular and (last.left or last.lead) else self.sport.extra
            return self.law.wins(left, last.lead, overtime=True)
        return self.law.wins(last.left, last.lead)

    def ends(self, now: int) -> int:
        """When it would end if nobody were level, as seen at a moment: of regulation, or of the overtime that is on."""
        period = max(self.sport.periods, bisect_right(self._begins, now))
        return self._begins[period - 1] + self._wall(self.course.length(period) * MILLIS)

    def _starts(self, breaks: Breaks) -> list[int]:
        at, starts = self.tip, []
        for period in range(1, self.course.periods + 1):
            starts.append(at)
            at += self._wall(self.course.length(period) * MILLIS) + pause(breaks, period, self.sport.periods)
        return starts

    def _wall(self, millis: int) -> int:
        """Milliseconds of the game as ns of the wall."""
        return int(millis * MILLISECOND / self.pace)


def pause(breaks: Breaks, period: int, regular: int) -> int:
    """How long a game stands after a period, ns."""
    seconds = (
        breaks.overtime if period >= regular else breaks.half if 2 * period == regular else breaks.period
    )
    return int(seconds * SECOND)


def lasts(course: Course, pace: float, breaks: Breaks) -> int:
    """How long a game takes from its beginning to its end, ns."""
    played = sum(course.length(period) for period in range(1, course.periods + 1))
    regular = course.law.sport.periods
    stood = sum(pause(breaks, period, regular) for period in range(1, course.periods))
    return int(played * SECOND / pace) + stood

"""Which games a world has, as frozen data; and those games, drawn."""

import msgspec

from cockpit.domain.newyork import trading_day
from cockpit.domain.units import SECOND
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.course import wanted
from cockpit.rehearsal.games.law import SPORTS, Law
from cockpit.rehearsal.games.matchups import meeting
from cockpit.rehearsal.games.play import Breaks, Play, Tie, lasts, pause

MINUTE_NS = 60 * SECOND
_HOUR_NS = 60 * MINUTE_NS
_QUARTER_NS = 15 * MINUTE_NS
_DAY_NS = 24 * _HOUR_NS
_EVENING = 100
"""The group of the evening's games: a day has no quarter hour of that number."""
EARLY_NS = 20 * SECOND
"""How long before it begins a game was to begin at least: the start is announced in whole minutes."""
MARGIN_NS = 30 * SECOND
"""From the last moment a bounded game may end to the world's close."""


class Fixture(msgspec.Struct, frozen=True):
    """One game: how fast it runs, game seconds in a wall second, and when; the home side's line in points.

    It begins ``tip_s`` seconds after the world, or is ``on`` when the world begins: period, and seconds left of it.
    ``overtimes`` asks for a game with so many; without it there is one at most. A game of the evening, from this hour
    in New York, is listed by the score source and by nobody else, and all worlds of a day before that have the same.
    """

    league: str
    tip_s: float = 0.0
    on: tuple[int, float] | None = None
    pace: float = 4.0
    spread: float = 0.0
    total: float = 226.0
    overtimes: int | None = None
    breaks: Breaks = Breaks()
    evening_h: int = 0


class Fixtures(msgspec.Struct, frozen=True):
    """The games of a world, who trades them, and how its score source is read.

    ``lead_s`` is how many seconds ahead of Kalshi's traders Polymarket's see the game; below 0 they see it later.
    A ``bounded`` world plays every game to its end before it closes: what would end later has begun earlier. Worlds
    without end play ``quicken`` times as fast.
    """

    fixtures: tuple[Fixture, ...]
    makers: tuple[Habits, ...]
    crowding: Crowding
    hawk_pace_s: float
    other_makers: tuple[Habits, ...]
    other_crowding: Crowding
    other_hawk_pace_s: float
    nerves_s: float = 3.0
    """How often people take back what a score has made wrong."""
    lead_s: float = 0.0
    ticker_s: float = 2.0
    """How often a ticker may come, on Kalshi."""
    polls: tuple[tuple[str, float], ...] = (("nba", 10.0), ("nfl", 10.0))
    """Seconds between two looks at a league's scores while there is a game."""
    behind_s: tuple[float, float] = (4.0, 12.0)
    """How far the score source is behind the game, at least and at most."""
    bounded: bool = False
    quicken: float = 1.0


class Span(msgspec.Struct, frozen=True):
    """When a world begins and closes, ns UTC."""

    start: int
    close: int

    @property
    def day(self) -> int:
        """When its day in New York began, ns UTC: that of the moment before the close."""
        return trading_day(self.close - 1)


def plays(spec: Fixtures, span: Span, draws: Draws) -> tuple[list[Play], list[Play]]:
    """The games that are played from the world's start on, and those of which only the score source knows."""
    now: list[Play] = []
    listed: list[Play] = []
    counts: dict[str, int] = {}
    for number, each in enumerate(spec.fixtures):
        place = counts.get(each.league, 0)
        counts[each.league] = place + 1
        play = _play(each, (number, place), span, draws, bounded=spec.bounded)
        if play is not None:
            (listed if each.evening_h or play.final <= span.start else now).append(play)
    return now, listed


def quickened(spec: Fixtures) -> Fixtures:
    """The games of worlds that follow one another for ever: bounded, and everybody as much quicker as they say."""
    times = spec.quicken
    return msgspec.structs.replace(
        spec,
        fixtures=tuple(msgspec.structs.replace(each, pace=each.pace * times) for each in spec.fixtures),
        makers=_hurried(spec.makers, times),
        other_makers=_hurried(spec.other_makers, times),
        crowding=msgspec.structs.replace(spec.crowding, rate=spec.crowding.rate * times),
        other_crowding=msgspec.structs.replace(spec.other_crowding, rate=spec.other_crowding.rate * times),
        hawk_pace_s=spec.hawk_pace_s / times,
        other_hawk_pace_s=spec.other_hawk_pace_s / times,
        nerves_s=spec.nerves_s / times,
        bounded=True,
        quicken=1.0,
    )


def _hurried(makers: tuple[Habits, ...], times: float) -> tuple[Habits, ...]:
    return tuple(msgspec.structs.replace(each, pace=each.pace / times) for each in makers)


def _begun(each: Fixture, on: tuple[int, float]) -> int:
    """How long before the world a game has begun that stands there when it begins, ns."""
    sport, (period, left) = SPORTS[each.league], on
    played = period * sport.period_s - left
    stood = sum(pause(each.breaks, number, sport.periods) for number in range(1, period))
    return int(played * SECOND / each.pace) + stood


def _play(each: Fixture, numbers: tuple[int, int], span: Span, draws: Draws, *, bounded: bool) -> Play | None:
    """A fixture as a game; its numbers are its place among all and among its league's."""
    number, place = numbers
    law = Law(SPORTS[each.league], each.spread, each.total, first=draws.uniform() < 0.5)
    course = wanted(law, draws, each.overtimes)
    day = span.day // _DAY_NS
    if each.evening_h:
        tip = scheduled = span.day + each.evening_h * _HOUR_NS
        if tip < span.close + _QUARTER_NS:
            return None
        quarter, named = _EVENING, f"402{day % 100_000:05d}{number}"
    else:
        tip = span.start + (int(each.tip_s * SECOND) if each.on is None else -_begun(each, each.on))
        if bounded:
            tip = min(tip, span.close - MARGIN_NS - lasts(course, each.pace, each.breaks))
        # a day's pairs are apart by the day of the close, which the game is then of as well
        scheduled = max(span.day, (tip - EARLY_NS) // MINUTE_NS * MINUTE_NS)
        quarter = (span.close - 1 - span.day) // _QUARTER_NS
        named = f"401{(span.close // _QUARTER_NS * 8 + number) % 1_000_000:06d}"
    tie = Tie(*meeting(each.league, day, quarter, place), scheduled)
    return Play(named, tie, (each.spread, each.total), course, tip, each.pace, each.breaks)

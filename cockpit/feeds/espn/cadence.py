"""How often scores are asked for: a league's day as its games ask for it, and the week that comes.

    live or in a break        5 s     one question covers all games of the day
    half an hour to a start   1 min
    games later or over      10 min
    the week from today      30 min   also where there is no game: it tells the next ones

Days are New York's, as the source counts them. Until six in the morning the day before is asked for as well while a
game of it is not over. Source: what public clients have long been doing; no limit is published.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from cockpit.domain.games import Phase
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.espn.known import ON, Known

MINUTE = 60 * SECOND
LIVE_NS = 5 * SECOND
NEAR_NS = MINUTE
DAY_NS = 10 * MINUTE
WEEK_NS = 30 * MINUTE
SOON_NS = 30 * MINUTE
"""How long before its start a game is near."""
SILENT_NS = 15 * MINUTE
"""A live game that no answer has named for so long is asked for less often."""
DAYS = 7
MORNING = 6
"""The hour in New York until which yesterday's games may be going on."""
MOST = 300
"""Games one answer may name: a week of a league has some sixty."""

PATHS = {"nba": "basketball/nba", "nfl": "football/nfl"}
"""Leagues as URLs name them."""


class Asker:
    """Writes the questions for one site."""

    def __init__(self, source: str, site: str, leagues: Iterable[str]) -> None:
        self._source = source
        self._site = site
        self._leagues = tuple(each for each in dict.fromkeys(leagues) if each in PATHS)

    def polls(self, known: Iterable[Known], now: int) -> list[Poll]:
        """The standing questions; before any time is known, each league's scoreboard of whatever day it shows."""
        if not now:
            return [self._poll(self._scoreboard(league), NEAR_NS) for league in self._leagues]
        games = list(known)
        return [each for league in self._leagues for each in self._of(league, games, now)]

    def summary(self, game: str) -> Poll:
        """The question for one game's summary."""
        league, _, number = game.partition(" ")
        return self._poll(f"{self._base(league)}/summary?event={number}", 0)

    def _of(self, league: str, known: list[Known], now: int) -> Iterable[Poll]:
        at = local(now)
        today = at.date()
        for day in (today - timedelta(days=1), today):
            games = [each for each in known if each.game.league == league and day_of(each) == day]
            if day == today or (at.hour < MORNING and any(_going(each, now) for each in games)):
                every = _every(games, now)
                if every:
                    yield self._poll(f"{self._scoreboard(league)}?dates={_written(day)}", every)
        week = f"{_written(today)}-{_written(today + timedelta(days=DAYS))}"
        yield self._poll(f"{self._scoreboard(league)}?dates={week}&limit={MOST}", WEEK_NS)

    def _base(self, league: str) -> str:
        return f"{self._site}/apis/site/v2/sports/{PATHS[league]}"

    def _scoreboard(self, league: str) -> str:
        return f"{self._base(league)}/scoreboard"

    def _poll(self, url: str, every_ns: int) -> Poll:
        return Poll(self._source, url, every_ns)


def day_of(known: Known) -> date:
    """The New York day of a game's start."""
    return local(known.game.start_ns).date()


def _written(day: date) -> str:
    return f"{day:%Y%m%d}"


def _going(known: Known, now: int) -> bool:
    """Whether a game has begun and is not over, or should have."""
    game = known.game
    return game.phase in ON or (game.phase is Phase.PRE and game.start_ns <= now + SOON_NS)


def _every(games: list[Known], now: int) -> int:
    """How often a day's games are asked for; 0 for a day without any."""
    if any(each.game.phase in ON and now - each.heard < SILENT_NS for each in games):
        return LIVE_NS
    if any(_going(each, now) for each in games):
        return NEAR_NS
    return DAY_NS if games else 0

"""Sportsbooks in a rehearsal: each states odds of its own on a league's games, gathered as The Odds API answers.

A book sees the game some seconds late, leans a little to one side all evening, and takes its margin.
"""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.teams import Team
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.play import Play
from cockpit.rehearsal.happenings import Happening, Heard

SOURCE = "sportsbook.theoddsapi"
SITE = "https://api.the-odds-api.com/v4/sports"
QUERY = "regions=us&markets=h2h&oddsFormat=decimal&dateFormat=iso"
SPORTS = {"nba": ("basketball_nba", "NBA"), "nfl": ("americanfootball_nfl", "NFL")}
EVERY_NS = 120 * SECOND
LATE_NS = 10 * SECOND
LEAN = 0.06
"""Logits by which a book's opinion is off, on average."""
LEAST = 0.004
"""A book states no chance below this."""


class Book(NamedTuple):
    """One sportsbook: its names, and its margin."""

    key: str
    title: str
    margin: float


BOOKS = (
    Book("fanduel", "FanDuel", 1.043),
    Book("draftkings", "DraftKings", 1.045),
    Book("betmgm", "BetMGM", 1.050),
    Book("williamhill_us", "Caesars", 1.047),
    Book("betrivers", "BetRivers", 1.056),
    Book("pinnacle", "Pinnacle", 1.025),
)


class BookReader:
    """Asks for a league's odds every two minutes."""

    pit = None

    def __init__(
        self, league: str, games: Sequence[Play], draws: Draws, emit: Callable[[Happening], None]
    ) -> None:
        self._sport, self._title = SPORTS[league]
        self._games = games
        self._emit = emit
        self._leans = {
            (book.key, play.id): LEAN * (2.0 * draws.uniform() - 1.0) for book in BOOKS for play in games
        }

    def act(self, now: int) -> int | None:
        """Ask once."""
        body = msgspec.json.encode([self._game(play, now) for play in self._games if now < play.final])
        self._emit(Heard(now, SOURCE, f"{SITE}/{self._sport}/odds?{QUERY}", body))
        return now + EVERY_NS

    def _game(self, play: Play, now: int) -> dict[str, object]:
        return {
            "id": play.id,
            "sport_key": self._sport,
            "sport_title": self._title,
            "commence_time": _iso(play.tie.scheduled),
            "home_team": _name(play.tie.home),
            "away_team": _name(play.tie.away),
            "bookmakers": [self._book(book, play, now) for book in BOOKS],
        }

    def _book(self, book: Book, play: Play, now: int) -> dict[str, object]:
        chance = min(max(play.chance(now - LATE_NS), LEAST), 1.0 - LEAST)
        lean = math.log(chance / (1.0 - chance)) + self._leans[book.key, play.id]
        home = 1.0 / (1.0 + math.exp(-lean))
        told = _iso(now - LATE_NS)
        outcomes = [
            {"name": _name(team), "price": _price(share * book.margin)}
            for team, share in ((play.tie.home, home), (play.tie.away, 1.0 - home))
        ]
        market = {"key": "h2h", "last_update": told, "outcomes": outcomes}
        return {"key": book.key, "title": book.title, "last_update": told, "markets": [market]}


def _name(team: Team) -> str:
    return f"{team.city} {team.nick}"


def _price(stated: float) -> float:
    """Decimal odds of a chance with its margin, to the cent."""
    return max(1.01, round(1.0 / min(stated, 0.99), 2))


def _iso(ts: int) -> str:
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}"

"""Teams by their full names, as sportsbooks' services write them: city and nick."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from cockpit.feeds.census import tally

LEAGUES = {"basketball_nba": "nba", "americanfootball_nfl": "nfl"}
"""Our leagues by The Odds API's sports."""


class Named(Protocol):
    """A team as the crosswalk lists it."""

    @property
    def league(self) -> str:
        """Either "nba" or "nfl"."""
        ...

    @property
    def code(self) -> str:
        """Ours, which is Kalshi's."""
        ...

    @property
    def city(self) -> str:
        """Los Angeles."""
        ...

    @property
    def nick(self) -> str:
        """Clippers."""
        ...


class Names:
    """Team codes by full name, and what was left out."""

    def __init__(self, teams: Iterable[Named], census: Counter[str]) -> None:
        self.census = census
        self._codes: dict[tuple[str, str], str] = {}
        for each in teams:
            for city in {each.city, each.city.replace("Los Angeles", "LA")}:
                self._codes[each.league, _plain(f"{city} {each.nick}")] = each.code

    def code(self, league: str, name: str) -> str:
        """A team's code; empty, counted, for a team that is none of the league's."""
        found = self._codes.get((league, _plain(name)), "")
        if not found:
            tally(self.census, "team", f"{league} {name}")
        return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())

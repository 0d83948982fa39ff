"""Where a game's markets trade: two of Kalshi's, one a side, and one of Polymarket's, whose first token is away's.

Kalshi's traders see the game as it is. Polymarket's may see it a little earlier or later.
"""

from functools import cached_property

from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import SECOND
from cockpit.rehearsal.games.names import iso_day, slug_of
from cockpit.rehearsal.games.play import Play
from cockpit.rehearsal.path import STEP_NS
from cockpit.rehearsal.pit import LOT, Floor
from cockpit.rehearsal.polymarket.market import ids_of, tick_of
from cockpit.rehearsal.polymarket.names import Event, Names, Tag
from cockpit.rehearsal.polymarket.terms import GAME, Terms
from cockpit.rehearsal.tokens import VENUE, TokenFloor, grid_of

DAY_NS = 86_400 * SECOND
OPEN_NS = 3 * DAY_NS
"""How long before a game its markets were listed."""
END_NS = 6 * 3_600 * SECOND
"""From a game's start to the end its Polymarket listing states."""
_TAGS = {
    "nba": (Tag("1", "sports", "Sports"), Tag("745", "nba", "NBA"), Tag("100639", "games", "Games")),
    "nfl": (Tag("1", "sports", "Sports"), Tag("450", "nfl", "NFL"), Tag("100639", "games", "Games")),
}


class GameFloor(Floor):
    """One of Kalshi's two markets on a game; ``home`` whether YES is the home side."""

    def __init__(self, market: Market, play: Play, before: int, *, home: bool) -> None:
        super().__init__(market, before)
        self.play = play
        self.home = home
        self._fair = (-1, 0.0)

    def fair(self, now: int) -> float:
        """The true chance of its side now, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(now))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true chance of its side, as seen at ``now`` (ns UTC)."""
        chance = self.play.chance(now)
        return chance if self.home else 1.0 - chance

    def ends(self, now: int) -> int:
        """When the game is to end, ns UTC."""
        return self.play.ends(now)

    @property
    def won(self) -> bool:
        """Whether its side wins."""
        return self.play.home_won == self.home


class GameTokens(TokenFloor):
    """Polymarket's market on a game; its traders see the game ``lead`` ns ahead, later where that is below 0."""

    def __init__(self, play: Play, number: int, lead: int) -> None:
        self.play = play
        self._lead = lead
        self._fair = (-1, 0.0)
        terms = _terms(play)
        super().__init__(_market(terms, number), terms, number)

    def fair(self, now: int) -> float:
        """What its traders take for the chance of the away side now, taken anew every 100 ms."""
        step = now // STEP_NS
        if step != self._fair[0]:
            self._fair = (step, self.worth(now + self._lead))
        return self._fair[1]

    def worth(self, now: int) -> float:
        """The true chance of the away side, as seen at ``now`` (ns UTC)."""
        return 1.0 - self.play.chance(now)

    def ends(self, now: int) -> int:
        """When the game is to end, ns UTC."""
        return self.play.ends(now)

    def pays(self) -> bool:
        """Whether the away side wins."""
        return not self.play.home_won

    @cached_property
    def _names(self) -> Names:
        tie = self.play.tie
        league, slug = tie.home.league, slug_of(tie)
        title = f"{tie.away.nick} vs. {tie.home.nick}"
        rules = (
            f'About the {league.upper()} game of {iso_day(tie)} in New York: resolves to "{tie.away.nick}" if they win '
            f'it, to "{tie.home.nick}" if those do, overtime included. Put off, it stays open; called off, it resolves '
            "50-50. Invented for rehearsal."
        )
        event = Event(slug, title, league, "daily", rules, "", _TAGS[league])
        return Names(event, slug, title, "", (tie.away.nick, tie.home.nick))

    @property
    def names(self) -> Names:
        """What its listing calls it."""
        return self._names


def _terms(play: Play) -> Terms:
    tie = play.tie
    opened, starts = tie.scheduled - OPEN_NS, tie.scheduled
    return Terms(slug_of(tie), play.league, GAME, None, None, opened, starts + END_NS, starts)


def _market(terms: Terms, number: int) -> Market:
    """As much of a market as trading it takes."""
    return Market(
        ticker=ids_of(number, terms.ticker).condition,
        venue=VENUE,
        status=MarketStatus.ACTIVE,
        open_ns=terms.open_ns,
        close_ns=terms.close_ns,
        expected_ns=terms.close_ns,
        grid=grid_of(tick_of(GAME)),
        lot=LOT,
        clear_ns=terms.starts_ns,
    )

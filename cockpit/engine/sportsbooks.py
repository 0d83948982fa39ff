"""What sportsbooks ask, kept per game, and joined to venues' markets by the fixture alone."""

from cockpit.domain.books import BookGame
from cockpit.domain.events import OddsBudget, OddsSeen
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.engine.state import State
from cockpit.models.consensus import BookLine, Consensus, consensus, lines, stale
from cockpit.models.games import Fixture

KEPT_NS = 12 * 3_600 * SECOND
"""How long a game is kept after odds for it were last heard."""


class Sportsbooks:
    """Keeps the newest odds of each game."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._lines: dict[str, tuple[BookGame, list[BookLine]]] = {}

    def take(self, event: OddsSeen | OddsBudget) -> None:
        """Take one input."""
        shelf = self._state.shelf
        if isinstance(event, OddsBudget):
            shelf.left, shelf.used = event.left, event.used
            return
        shelf.games[event.game.id], shelf.heard[event.game.id] = event.game, event.ts
        shelf.heard_ns = event.ts

    def forget(self) -> None:
        """Let go of games nobody has quoted for long."""
        shelf, now = self._state.shelf, self._state.now
        for name in [name for name, heard in shelf.heard.items() if heard < now - KEPT_NS]:
            del shelf.games[name], shelf.heard[name]
            self._lines.pop(name, None)

    @property
    def games(self) -> dict[str, BookGame]:
        """All games with odds, by the source's id."""
        return self._state.shelf.games

    def of(self, fixture: Fixture) -> BookGame | None:
        """The game of a fixture; None where there is none, or two."""
        found = [each for each in self.games.values() if fixture_of_odds(each) == fixture]
        return found[0] if len(found) == 1 else None

    def lines(self, game: BookGame) -> list[BookLine]:
        """Each book on its winner."""
        known = self._lines.get(game.id)
        if known is None or known[0] is not game:
            known = self._lines[game.id] = (game, lines(game))
        return known[1]

    def fresh(self, game: BookGame) -> list[BookLine]:
        """Those whose lines are not stale."""
        heard, now = self._state.shelf.heard[game.id], self._state.now
        return [each for each in self.lines(game) if not stale(each, heard, now, game.start_ns)]

    def consensus(self, game: BookGame) -> Consensus | None:
        """What the fresh books together say of the home side."""
        return consensus(self.fresh(game))


def fixture_of_odds(game: BookGame) -> Fixture:
    """A game of odds as a fixture: its day is New York's of its start."""
    return Fixture(game.league, f"{local(game.start_ns):%Y-%m-%d}", game.away, game.home)

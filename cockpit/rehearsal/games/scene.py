"""All there is of games in a world: who plays, where that is traded, who trades, and who tells of it.

Everything is drawn from a generator of its own, so that a world's other markets do what they would do without games.
"""

from collections.abc import Callable, Iterator

import numpy as np

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.acting import Agent
from cockpit.rehearsal.agents import Crowd, Crowding, Habits, Hawk, Quoter
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games import kalshi
from cockpit.rehearsal.games.bookmakers import BookReader
from cockpit.rehearsal.games.fixtures import Fixtures, Span, plays
from cockpit.rehearsal.games.floors import GameFloor, GameTokens
from cockpit.rehearsal.games.names import SPORTS, event_of
from cockpit.rehearsal.games.nerves import Nerves
from cockpit.rehearsal.games.play import Play
from cockpit.rehearsal.games.staff import GameSteward, ScoreReader, Sweeper, TokenSteward
from cockpit.rehearsal.happenings import Happening, Polled
from cockpit.rehearsal.minders import TickKeeper
from cockpit.rehearsal.pit import LOT, Floor
from cockpit.rehearsal.reporters import TickerBoard
from cockpit.rehearsal.rest import event_url, market_url, series_url

Emit = Callable[[Happening], None]
HAWK_MARGIN = 150.0
"""How wrong a price must be for the fast informed to take it, price units."""
TAGS = tuple(SPORTS)
FIRST_NS = 400 * MILLISECOND
"""From the recording's beginning to the first look at the scores."""
_NUMBERS, _FIRST_NUMBER, _WORLDS = 32, 20, 100_000
_QUARTER_NS = 900 * SECOND
_BEFORE = 40_000.0
"""Contracts a market had traded before the world began, on average."""


class Scene:
    """The games of one world.

    Args:
        spec: which, and who trades.
        span: when the world begins and closes.
        rng: of everything.
    """

    def __init__(self, spec: Fixtures, span: Span, rng: np.random.Generator) -> None:
        self.spec = spec
        self._span = span
        course_rng, self._agent_rng, self.wire_rng, self.post_rng = rng.spawn(4)
        draws = Draws(course_rng)
        self.plays, self.listed = plays(spec, span, draws)
        self.floors: dict[str, GameFloor] = {}
        """Kalshi's markets, by ticker."""
        self.tokens: dict[str, GameTokens] = {}
        """Polymarket's, by condition."""
        first = span.close // _QUARTER_NS % _WORLDS * _NUMBERS + _FIRST_NUMBER
        for number, play in enumerate(self.plays):
            for home in (False, True):
                team = play.tie.home if home else play.tie.away
                before = int(draws.exponential(_BEFORE) * 100) * LOT
                floor = GameFloor(kalshi.market(play.tie, team), play, before, home=home)
                self.floors[floor.market.ticker] = floor
            tokens = GameTokens(play, first + number, int(spec.lead_s * SECOND))
            self.tokens[tokens.market.ticker] = tokens

    def cast(self, warm: int, emit: Emit) -> Iterator[tuple[int, Agent]]:
        """Everyone who acts, and when first; trading begins at ``warm`` (ns UTC)."""
        start = self._span.start
        for place, floor in enumerate(self.floors.values()):
            traders = self._traders(floor, self.spec.makers, self.spec.crowding, self.spec.hawk_pace_s)
            yield from ((warm + n * MILLISECOND, trader) for n, trader in enumerate(traders))
            phase = place * 317 % 2000 * MILLISECOND
            yield start + phase, TickerBoard(floor, emit, int(self.spec.ticker_s * SECOND))
            steward = GameSteward(floor, emit)
            yield steward.due, steward
        spec = self.spec
        for tokens in self.tokens.values():
            traders = self._traders(tokens, spec.other_makers, spec.other_crowding, spec.other_hawk_pace_s)
            traders.append(TickKeeper(tokens, emit))
            yield from ((warm + n * MILLISECOND, trader) for n, trader in enumerate(traders))
            if tokens.terms.starts_ns > warm:
                yield tokens.terms.starts_ns, Sweeper(tokens)
            keeper = TokenSteward(tokens, emit)
            yield keeper.due, keeper
        for league, every in spec.polls:
            games = [play for play in (*self.plays, *self.listed) if play.league == league]
            if games:
                timing = (every, spec.behind_s)
                yield start + FIRST_NS, ScoreReader(league, games, timing, self._draws(), emit)
        for league, _ in spec.polls:
            games = [play for play in (*self.plays, *self.listed) if play.league == league]
            if games:
                yield start + 2 * FIRST_NS, BookReader(league, games, self._draws(), emit)

    def polls(self, now: int) -> Iterator[Polled]:
        """What is asked of Kalshi when the recording begins: series, events with their markets, markets, milestones."""
        leagues = tuple(dict.fromkeys(play.league for play in self.plays))
        for league in leagues:
            series = kalshi.series(league)
            yield Polled(now, series_url(series.ticker), kalshi.series_body(series))
        for play in self.plays:
            group = kalshi.event(play.tie)
            listed = [(f.market, f.top()) for f in self.floors.values() if f.play is play]
            yield Polled(now, event_url(group.ticker), kalshi.event_body(group, listed, now))
        for floor in self.floors.values():
            body = kalshi.market_body(floor.market, floor.top(), now)
            yield Polled(now, market_url(floor.market.ticker), body)
        for league in leagues:
            games = [(play.id, play.tie) for play in self.plays if play.league == league]
            yield Polled(now, kalshi.milestones_url(league, now), kalshi.milestones_body(games, now))

    def truth(self) -> dict[str, object]:
        """How every game that is played goes and ends, as plain values."""
        return {play.id: _told(play) for play in self.plays}

    def _traders(
        self, floor: Floor, makers: tuple[Habits, ...], crowding: Crowding, hawk_pace_s: float
    ) -> list[Agent]:
        found: list[Agent] = [Crowd(floor, self._draws(), crowding)]
        found += [Quoter(floor, self._draws(), habits) for habits in makers]
        found.append(Hawk(floor, self._draws(), HAWK_MARGIN, hawk_pace_s))
        return [*found, Nerves(floor, self._draws(), self.spec.nerves_s)]

    def _draws(self) -> Draws:
        return Draws(self._agent_rng.spawn(1)[0])


def _told(play: Play) -> dict[str, object]:
    last = play.course.turns[-1]
    return {
        "event": event_of(play.tie),
        "league": play.league,
        "away": play.tie.away.code,
        "home": play.tie.home.code,
        "tip": play.tip,
        "final": play.final,
        "before": play.chance(play.tip - 1),
        "periods": play.course.periods,
        "away_score": last.away_score,
        "home_score": last.home_score,
        "home_won": play.home_won,
    }

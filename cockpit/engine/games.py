"""Games on the beat: messages become tracks, tracks meet the markets on their winners, and both sides are priced.

A market is joined to the one game of its fixture, or to none: two games on one fixture, a start that differs by hours or
a day that was moved leave it without a fair value, and the board says why.
"""

from collections.abc import Callable

from cockpit.domain.events import EventScheduled, GamePast, GameSeen
from cockpit.domain.games import Game, Phase
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.engine.config import GamesConfig
from cockpit.engine.state import MarketState, State
from cockpit.engine.tracks import SAID, Track, thinned
from cockpit.models.fair import Fair
from cockpit.models.games import (
    APART_NS,
    Fixture,
    GameContract,
    Outset,
    contract,
    fixture_of,
    outset,
    price,
    reasons,
)
from cockpit.strategies.base import GameSnap

KEPT_NS = 18 * 3600 * SECOND
"""How long a game is kept after anything was last said of it."""
STARTS = 2_000
"""Most starts kept of those venues tell."""
STOPPED_NS = 60 * SECOND
"""How long a game in play may stand still before its message counts as old as its last move: a time-out is as long."""
FROZEN_NS = {Phase.LIVE: 300 * SECOND, Phase.BREAK: 1_200 * SECOND}
"""Standing still for longer is no game but a feed that repeats itself. A half-time lasts a quarter of an hour."""
TWO_GAMES = "two games of this pairing on one day"
OTHER_START = "starts differ"
NO_GAME = "no such game in the score feed"


Joined = tuple[Track | None, str]
"""The game of a market, and what stands against pricing the one by the other."""


class Games:
    """Keeps tracks, and prices every market on a game's winner."""

    def __init__(
        self, state: State, config: GamesConfig, put: Callable[[MarketState, Fair | None], None]
    ) -> None:
        self._state = state
        self._config = config
        self._put = put
        self._contracts: dict[str, GameContract] = {}
        self._joined: dict[str, Joined] | None = None
        """By market, in the order of their names; None while it must be worked out anew."""
        self._of: dict[str, list[str]] = {}
        """Markets of a game, by its id."""
        self._outsets: dict[str, tuple[Track, object, Outset]] = {}
        for m in state.markets.values():
            self.listed(m)

    # ------------------------------------------------------------------ inputs

    def take(self, event: GameSeen | GamePast | EventScheduled) -> None:
        """Take one input about games."""
        match event:
            case GameSeen():
                self._seen(event)
            case GamePast():
                self._past(event)
            case EventScheduled():
                self._scheduled(event)

    def _seen(self, event: GameSeen) -> None:
        """A message about a game. The line before it is the last that was heard before it began."""
        board, game = self._state.board, event.game
        board.heard_ns = event.ts
        known = board.tracks.get(game.id)
        if known is None:
            known = board.tracks[game.id] = Track(game, event.source, event.ts, event.ts)
            self._joined = None
        if known.game != game:
            if _moment(known.game) != _moment(game):
                known.changed_ns = event.ts
            if _identity(known.game) != _identity(game):
                self._joined = None
        known.game, known.heard_ns, known.source = game, event.ts, event.source
        if game.line is not None and (game.phase is Phase.PRE or known.line is None):
            known.line, known.line_ns = game.line, event.ts
        if game.said is not None:
            known.said = [*known.said[1 - SAID :], game.said]
        board.second = 0

    def _past(self, event: GamePast) -> None:
        """What was played before we listened."""
        known = self._state.board.tracks.get(event.game)
        moments = thinned(event.moments)
        if known is not None and len(moments) >= len(thinned(known.past)):
            known.past = moments

    def _scheduled(self, event: EventScheduled) -> None:
        """A venue says when the game of its events begins."""
        starts = self._state.board.starts
        for name in event.events:
            starts.pop(name, None)
            starts[name] = event.start_ns
        while len(starts) > STARTS:
            del starts[next(iter(starts))]
        self._joined = None

    def listed(self, m: MarketState) -> None:
        """A market's record was taken over: it may be on a game."""
        ticker = m.market.ticker
        self._drop(ticker)
        if m.settled is not None:
            return
        found = contract(m.market, self._state.groups.get(m.market.event))
        if found is not None:
            self._contracts[ticker] = found
            self._joined = None

    def ended(self, ticker: str) -> None:
        """A market settled: it is priced no more."""
        self._drop(ticker)

    def forget(self) -> None:
        """Let go of games nobody has mentioned for long."""
        board, now = self._state.board, self._state.now
        for name in [n for n, t in board.tracks.items() if t.heard_ns < now - KEPT_NS]:
            del board.tracks[name]
            self._outsets.pop(name, None)
            self._joined = None
        for name in [n for n, start in board.starts.items() if start < now - 4 * KEPT_NS]:
            del board.starts[name]

    def _drop(self, ticker: str) -> None:
        if self._contracts.pop(ticker, None) is not None:
            self._joined = None

    # ------------------------------------------------------------------ which game a market is on

    def contract(self, ticker: str) -> GameContract | None:
        """What a market pays on, where that is a game's winner."""
        return self._contracts.get(ticker)

    @property
    def tracks(self) -> dict[str, Track]:
        """All games by id."""
        return self._state.board.tracks

    @property
    def unjoined(self) -> int:
        """Markets on games the score feed does not have."""
        return sum(track is None for track, _ in self._all().values())

    def markets(self, track: Track) -> list[str]:
        """The markets on a game, whatever stands against pricing them."""
        self._all()
        return self._of.get(track.game.id, [])

    def on(self, fixture: Fixture) -> list[str]:
        """The markets on a fixture, whether the score feed has the game or not."""
        return [t for t in sorted(self._contracts) if self._contracts[t].fixture == fixture]

    def of(self, ticker: str) -> tuple[Track, GameContract] | None:
        """The game of a market that may be priced by it."""
        if ticker not in self._contracts:
            return None
        track, why = self._all()[ticker]
        return (track, self._contracts[ticker]) if track is not None and not why else None

    def attended(self) -> list[str]:
        """Markets that are listened to whatever else there is: those of games that are on."""
        on = [track for track in self.tracks.values() if track.game.phase in (Phase.LIVE, Phase.BREAK)]
        return [name for track in on for name in self.markets(track) if not self._closed(name)]

    def trouble(self, track: Track) -> str:
        """Why the markets on a game are not priced; empty where they are, or where there are none."""
        whys = [why for name in self.markets(track) if (why := self._all()[name][1])]
        return whys[0] if whys else ""

    def _all(self) -> dict[str, Joined]:
        """Every market's game: worked out when a market, a game or a start is new."""
        if self._joined is None:
            by_fixture: dict[Fixture, list[Track]] = {}
            for track in self.tracks.values():
                by_fixture.setdefault(fixture_of(track.game), []).append(track)
            self._joined = {name: self._join(name, by_fixture) for name in sorted(self._contracts)}
            self._of = {}
            for name, (found, _) in self._joined.items():
                if found is not None:
                    self._of.setdefault(found.game.id, []).append(name)
        return self._joined

    def _join(self, ticker: str, by_fixture: dict[Fixture, list[Track]]) -> Joined:
        known, told = self._contracts[ticker], self._told_start(ticker)
        found = by_fixture.get(_moved(known.fixture, told), [])
        if not found:
            return None, NO_GAME
        playable = [track for track in found if track.game.phase is not Phase.VOID] or found
        if len(playable) > 1:
            return playable[0], TWO_GAMES
        start, game = told or known.start_ns, playable[0].game
        if start and abs(start - game.start_ns) > APART_NS:
            return playable[0], OTHER_START
        return playable[0], ""

    def _closed(self, ticker: str) -> bool:
        m = self._state.markets.get(ticker)
        return m is None or m.closed or m.settled is not None

    def _told_start(self, ticker: str) -> int:
        m = self._state.markets.get(ticker)
        return self._state.board.starts.get(m.market.event, 0) if m is not None else 0

    # ------------------------------------------------------------------ the beat

    def beat(self) -> None:
        """Price the markets of all games, once a second and after every message."""
        second, board = self._state.now // SECOND, self._state.board
        if second == board.second:
            return
        board.second = second
        sides: dict[tuple[str, bool], Fair | None] = {}
        for ticker, (track, why) in self._all().items():
            m = self._state.markets.get(ticker)
            if m is None or m.closed:
                continue
            m.stale = track is not None and not why and self.stale(track)
            if track is None or why:
                self._put(m, None)
                continue
            key = (track.game.id, self._contracts[ticker].home)
            if key not in sides:
                sides[key] = self.priced(track, home=key[1])
            self._put(m, sides[key])

    def fair(self, ticker: str) -> Fair | None:
        """A market's fair value at this very moment; changes nothing."""
        found = self.of(ticker)
        return self.priced(found[0], home=found[1].home) if found is not None else None

    def priced(self, track: Track, *, home: bool = True) -> Fair | None:
        """The chance of a side; None where the message is too old, the game is over, or its end is under review."""
        if self.stale(track) or not playing(track.game):
            return None
        return price(track.game, self.outset(track), self._age_s(track), home=home)

    def stale(self, track: Track) -> bool:
        """Whether the last message is too old to price by, or tells what was told long ago."""
        config = self._config
        limits = {Phase.LIVE: config.live_ns, Phase.BREAK: config.break_ns, Phase.PRE: config.before_ns}
        limit = limits.get(track.game.phase)
        if limit is not None and track.game.phase is Phase.PRE and track.game.start_ns <= self._state.now:
            limit = config.break_ns  # it should have begun by now
        now, frozen = self._state.now, FROZEN_NS.get(track.game.phase)
        if frozen is not None and now - track.changed_ns > frozen:
            return True
        return limit is not None and now - track.heard_ns > limit

    def as_of(self, track: Track) -> int:
        """The time a message stands for, ns UTC: its own, or the last move's where play goes on and nothing moves."""
        still = track.game.phase is Phase.LIVE and self._state.now - track.changed_ns > STOPPED_NS
        return min(track.changed_ns, track.heard_ns) if still else track.heard_ns

    def outset(self, track: Track) -> Outset:
        """What was known before the game."""
        known = self._outsets.get(track.game.id)
        if known is None or known[0] is not track or known[1] is not track.line:
            known = self._outsets[track.game.id] = (track, track.line, outset(track.game, track.line))
        return known[2]

    def explain(self, track: Track) -> tuple[tuple[str, float], ...]:
        """How the home side's chance came about, as (name, number) pairs."""
        fair = self.priced(track)
        return reasons(track.game, self.outset(track), fair) if fair is not None else ()

    def _age_s(self, track: Track) -> float:
        return (self._state.now - self.as_of(track) + self._config.lag_ns) / SECOND

    def snap(self, ticker: str) -> GameSnap | None:
        """What a strategy may know of a market's game."""
        found = self.of(ticker)
        if found is None:
            return None
        track, known = found
        game, sign = track.game, 1 if known.home else -1
        spread = track.line.spread if track.line is not None else None
        return GameSnap(
            league=game.league,
            phase=game.phase,
            home=known.home,
            period=game.period,
            left_s=game.clock_ms / 1000,
            lead=sign * (game.home_score - game.away_score),
            spread=None if spread is None else sign * spread / 100,
            neutral=game.neutral,
            heard_ns=self.as_of(track),
            stale=self.stale(track),
        )


def _identity(game: Game) -> tuple[str, int, str, str, bool]:
    """What a game is joined by."""
    return game.league, game.start_ns, game.away, game.home, game.phase is Phase.VOID


def _moment(game: Game) -> tuple[Phase, int, int, int, int, str]:
    """Where a game stands: while it is played, something of this moves."""
    return game.phase, game.period, game.clock_ms, game.away_score, game.home_score, game.play


def _moved(fixture: Fixture, start: int) -> Fixture:
    """The fixture on the day its venue now gives for it: a ticker keeps the day it was first set for."""
    if not start:
        return fixture
    return Fixture(fixture.league, f"{local(start):%Y-%m-%d}", fixture.away, fixture.home)


def playing(game: Game) -> bool:
    """Whether there is something left to price: not over, not off, and not at the end of its last second."""
    if game.phase in (Phase.FINAL, Phase.VOID):
        return False
    over = game.period >= 4 and game.clock_ms == 0 and game.home_score != game.away_score
    return not over or game.phase is Phase.PRE

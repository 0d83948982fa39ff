"""Who looks after the games of a world: both venues' staff, and whoever reads the score source.

Each has the agents' ``act``: do one thing at ``now`` (ns UTC), say when to act again, None when done.
"""

from collections.abc import Callable, Iterable

import msgspec

from cockpit.domain.games import Phase
from cockpit.domain.markets import MarketStatus
from cockpit.domain.newyork import local
from cockpit.domain.units import PRICE, SECOND
from cockpit.rehearsal.draws import Draws, micros
from cockpit.rehearsal.games import espn, kalshi
from cockpit.rehearsal.games.espn_summary import summary, summary_url
from cockpit.rehearsal.games.floors import GameFloor, GameTokens
from cockpit.rehearsal.games.names import side_of
from cockpit.rehearsal.games.play import Play
from cockpit.rehearsal.happenings import Ended, Happening, Polled, Scored, Told
from cockpit.rehearsal.rest import Settled, market_url, settlement_timer
from cockpit.rehearsal.wire import dollars

Emit = Callable[[Happening], None]
CLOSES_NS = 8 * SECOND
"""From a game's end to the close of its markets."""
DETERMINED_NS = 4 * SECOND
"""From there to the determination."""
PROPOSED_NS, RESOLVED_NS = 15 * SECOND, 30 * SECOND
"""From a game's end to what is proposed on Polymarket, and to its outcome."""
NEAR_NS = 180 * SECOND
"""How long before it begins a game is looked at as often as during it."""
IDLE_NS = 60 * SECOND


class GameSteward:
    """Kalshi's staff for one market of a game: moves its close to the result, determines it, settles it."""

    def __init__(self, pit: GameFloor, emit: Emit) -> None:
        self.pit = pit
        self._emit = emit
        self._settled: Settled | None = None
        self._steps = iter((self._close, self._determine, self._settle, self._answer))

    @property
    def due(self) -> int:
        """When it has to act first, ns UTC: on a whole second."""
        return -(-self.pit.play.final // SECOND) * SECOND + CLOSES_NS

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _close(self, now: int) -> int | None:
        pit = self.pit
        pit.exchange.close(now)
        pit.market = msgspec.structs.replace(pit.market, status=MarketStatus.CLOSED, close_ns=now)
        self._emit(Told(now, pit.market.ticker, "close_date_updated", {"close_ts": now // SECOND}))
        return now + DETERMINED_NS

    def _determine(self, now: int) -> int | None:
        won, market = self.pit.won, self.pit.market
        final = now + settlement_timer(market)
        self._settled = Settled(0, won, final)
        fields: dict[str, object] = {
            "result": "yes" if won else "no",
            "settlement_value": dollars(PRICE if won else 0),
            "determination_ts": now // SECOND,
        }
        self._emit(Told(now, market.ticker, "determined", fields))
        return final

    def _settle(self, now: int) -> int | None:
        self._emit(Told(now, self.pit.market.ticker, "settled", {"settled_ts": now // SECOND}))
        return now + SECOND

    def _answer(self, now: int) -> int | None:
        market, tie = self.pit.market, self.pit.play.tie
        winner = side_of(tie.home if self.pit.play.home_won else tie.away)
        body = kalshi.market_body(market, self.pit.top(), now, self._settled, winner)
        self._emit(Polled(now, market_url(market.ticker), body))
        return None


class TokenSteward:
    """Polymarket's staff for a game: closes its market, has its outcome proposed, then final."""

    def __init__(self, pit: GameTokens, emit: Emit) -> None:
        self.pit = pit
        self._emit = emit
        self._steps = iter((self._proposed, self._resolved))

    @property
    def due(self) -> int:
        """When it has to act first, ns UTC."""
        return self.pit.play.final + PROPOSED_NS

    def act(self, now: int) -> int | None:
        """The next step of the market's end."""
        return next(self._steps)(now)

    def _proposed(self, now: int) -> int:
        self.pit.exchange.close(now)
        self._emit(Ended(now, self.pit.market.ticker, final=False))
        return now + RESOLVED_NS - PROPOSED_NS

    def _resolved(self, now: int) -> None:
        self._emit(Ended(now, self.pit.market.ticker, final=True))


class Sweeper:
    """Wipes a market's book when its game begins, as announced."""

    def __init__(self, pit: GameTokens) -> None:
        self.pit = pit

    def act(self, now: int) -> int | None:
        """Take every order back."""
        self.pit.exchange.clear(now)
        return None


class ScoreReader:
    """Asks the score source for a league's games, and for each one's summary that is on when it is first seen.

    What is told lies some seconds back, for each game anew, and never goes back.
    """

    pit = None

    def __init__(
        self,
        league: str,
        games: Iterable[Play],
        timing: tuple[float, tuple[float, float]],
        draws: Draws,
        emit: Emit,
    ) -> None:
        """``timing``: seconds between two looks, and how far the source is behind, at least and at most."""
        self._league = league
        self._games = list(games)
        self._every, (self._least, self._most) = micros(timing[0]), timing[1]
        self._draws = draws
        self._emit = emit
        self._told: dict[str, int] = {}
        self._first = True

    def act(self, now: int) -> int | None:
        """Look once."""
        games = [espn.seen(play, self._behind(play, now)) for play in self._games]
        day = f"{local(now):%Y-%m-%d}"
        body = msgspec.json.encode(espn.scoreboard(self._league, games, day))
        self._emit(Scored(now, espn.scoreboard_url(self._league, now), body))
        if self._first:
            self._first = False
            for each in games:
                if each.on:
                    told = msgspec.json.encode(summary(each))
                    self._emit(Scored(now, summary_url(self._league, each.play.id), told))
        busy = any(self._busy(each, now) for each in games)
        return now + (self._every if busy else IDLE_NS)

    def _behind(self, play: Play, now: int) -> int:
        """What of a game the source has by now."""
        late = micros(self._least + (self._most - self._least) * self._draws.uniform())
        self._told[play.id] = max(self._told.get(play.id, 0), now - late)
        return self._told[play.id]

    @staticmethod
    def _busy(game: espn.Seen, now: int) -> bool:
        return game.board.phase is not Phase.FINAL and game.play.tip - now < NEAR_NS

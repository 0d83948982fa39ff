"""What an onlooker keeps of each game: our chance, both venues' prices and the lead, every few seconds."""

from collections import deque

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.games import GamePoint, Phase
from cockpit.domain.units import PRICE, SECOND
from cockpit.engine.engine import Engine
from cockpit.engine.tracks import Track

LIVE_S, BEFORE_S = 5, 60
"""Seconds between points while a game is on, and before it."""
SOON_NS = 7_200 * SECOND
KEPT = 2_400
"""Points of one game: more than three hours."""


class Curves:
    """Keeps points of the games that are on, and of those soon to begin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._points: dict[str, deque[GamePoint]] = {}

    def points(self, game: str) -> tuple[GamePoint, ...]:
        """A game's points, oldest first."""
        return tuple(self._points.get(game, ()))

    def second(self, second: int) -> None:
        """A second of the engine's time has begun."""
        tracks = self._engine.pricer.games.tracks
        for name in [name for name in self._points if name not in tracks]:
            del self._points[name]
        for name, track in tracks.items():
            if second % self._every(track) == 0:
                self._points.setdefault(name, deque(maxlen=KEPT)).append(self._point(track))

    def before(self, game: str, ts: int) -> float | None:
        """Our chance as it was at a time, ns UTC; None where that was not seen."""
        for point in reversed(self._points.get(game, ())):
            if point.ts <= ts:
                return point.mid
        return None

    def _every(self, track: Track) -> int:
        match track.game.phase:
            case Phase.LIVE | Phase.BREAK:
                return LIVE_S
            case Phase.PRE if track.game.start_ns - self._engine.state.now < SOON_NS:
                return BEFORE_S
            case _:
                return 1 << 40

    def _point(self, track: Track) -> GamePoint:
        engine = self._engine
        fair = engine.pricer.games.priced(track)
        mids = {"kalshi": 0, "polymarket": 0}
        for ticker in engine.pricer.games.markets(track):
            m, known = engine.state.markets[ticker], engine.pricer.games.contract(ticker)
            if known is None or m.market.venue not in mids or m.doubt:
                continue
            if not EMPTY_BID < m.book.bid < m.book.ask < EMPTY_ASK:
                continue
            mid2 = m.book.bid + m.book.ask
            if known.home or not mids[m.market.venue]:
                mids[m.market.venue] = mid2 if known.home else 2 * PRICE - mid2
        return GamePoint(
            ts=engine.state.now,
            low=fair.low if fair is not None else None,
            mid=fair.mid if fair is not None else None,
            high=fair.high if fair is not None else None,
            lead=track.game.home_score - track.game.away_score,
            kalshi=mids["kalshi"],
            polymarket=mids["polymarket"],
            said=track.chance_said,
        )

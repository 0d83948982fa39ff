"""A game on two venues, a score feed that tells of it, and lanes that look on."""

import msgspec

from cockpit.domain.effects import Effect
from cockpit.domain.events import (
    BookSnapshot,
    EventListed,
    GameSeen,
    MarketListed,
    MarketSettled,
    Tick,
)
from cockpit.domain.games import Game, GameLine, Phase
from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus, SettlementState
from cockpit.domain.units import PRICE, QTY, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine
from cockpit.engine.watch import Watch
from cockpit.models.match.dates import wall

TIP = wall(2027, 1, 15, 20)
T0 = TIP - 1_200 * SECOND
EVENT = "KXNBAGAME-27JAN15OKCSAS"
HOME, AWAY, PM = f"{EVENT}-SAS", f"{EVENT}-OKC", "0xabc"
LINE = GameLine("Book", 250, 22_400, 120, -140)
GAME = Game("nba 7", "nba", TIP, "OKC", "SAS", Phase.PRE, line=LINE, status="STATUS_SCHEDULED")
LANES = ("homeUnderdog", "homeUnderdog+P", "lateGameLeader", "lateGameLeader+P")


class Arena:
    """An engine that has met a game's markets; times in seconds from T0."""

    def __init__(self, *, lanes: tuple[str, ...] = (), **config: object) -> None:
        self.engine = Engine(
            EngineConfig(lanes=tuple(LaneConfig(name, name) for name in lanes), **config)  # type: ignore[arg-type]
        )
        self.watch = Watch(self.engine)
        self.t = 0.0
        self.game = GAME
        self.effects: list[Effect] = []

    @property
    def now(self) -> int:
        return T0 + int(self.t * SECOND)

    def send(self, item: object) -> list[Effect]:
        out = self.engine.process(item)  # type: ignore[arg-type]
        self.effects += out
        self.watch.take(out)
        return list(out)

    def at(self, seconds: float) -> "Arena":
        """Time goes on, beat by beat."""
        while self.t < seconds:
            self.t = min(seconds, self.t + 0.25)
            self.send(Tick(self.now))
        return self

    def list_kalshi(self, **terms: object) -> "Arena":
        for ticker, city in ((HOME, "San Antonio"), (AWAY, "Oklahoma City")):
            self.send(MarketListed(self.now, listed(ticker, city, **terms)))
        return self

    def list_polymarket(self, label: str = "Thunder") -> "Arena":
        group = EventGroup("777", "polymarket", title="Thunder vs. Spurs", subtitle="nba-okc-sas-2027-01-15")
        market = Market(
            PM, "polymarket", event="777", series="nba", title="Thunder vs. Spurs", subtitle=label,
            status=MarketStatus.ACTIVE, clear_ns=TIP,
        )  # fmt: skip
        self.send(EventListed(self.now, group))
        self.send(MarketListed(self.now, market))
        return self

    def book(self, ticker: str, bid: int, ask: int, qty: int = 500) -> "Arena":
        """Best prices in cents."""
        self.send(BookSnapshot(self.now, 0, ticker, ((bid * 100, qty * QTY),), ((ask * 100, qty * QTY),)))
        return self

    def say(self, **news: object) -> "Arena":
        """The score feed's next answer, with what is new in it."""
        self.game = msgspec.structs.replace(self.game, **news)
        self.send(GameSeen(self.now, "espn", self.game))
        return self

    def live(self, period: int, clock_s: float, away: int, home: int, **more: object) -> "Arena":
        return self.say(
            phase=Phase.LIVE, period=period, clock_ms=int(clock_s * 1000), away_score=away, home_score=home,
            status="STATUS_IN_PROGRESS", **more,
        )  # fmt: skip

    def settle(self, home: bool) -> "Arena":
        for ticker, won in ((HOME, home), (AWAY, not home)):
            self.send(MarketSettled(self.now, ticker, SettlementState.FINAL, PRICE if won else 0))
        return self

    def fair(self, ticker: str) -> float | None:
        found = self.engine.state.markets[ticker].fair
        return None if found is None else found.mid


def listed(ticker: str, city: str, **terms: object) -> Market:
    fields: dict[str, object] = {
        "event": EVENT, "series": "KXNBAGAME", "title": "Oklahoma City at San Antonio Winner?", "subtitle": city,
        "status": MarketStatus.ACTIVE, "close_ns": TIP + 14 * 86_400 * SECOND,
        "expected_ns": TIP + 10_800 * SECOND, "strike_type": "structured", "grid": CENT_GRID,
    } | terms  # fmt: skip
    return Market(ticker, "kalshi", **fields)  # type: ignore[arg-type]

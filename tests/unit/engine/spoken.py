"""A speech on two venues, a calendar, and a record of what was said before."""

from cockpit.domain.effects import Effect
from cockpit.domain.events import (
    BookSnapshot,
    EventListed,
    EventScheduled,
    MarketListed,
    MarketSettled,
    OccasionSeen,
    PhrasesTold,
    Tick,
)
from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus, SettlementState
from cockpit.domain.mentions import EventShare, Occasion, Occurrence
from cockpit.domain.units import PRICE, QTY, SECOND
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine
from cockpit.engine.watch import Watch
from cockpit.models.match.dates import wall

START = wall(2026, 12, 3, 19)
T0 = START - 7_200 * SECOND
EVENT = "KXTRUMPMENTION-26DEC03"
TARIFF, BIDEN = f"{EVENT}-TARI", f"{EVENT}-BIDE"
PM_EVENT, PM_TARIFF = "901", "0x901a"
TITLE = "What will Trump say during his rally in Ohio?"


class Hall:
    """An engine that has met a speech's markets; times in seconds from T0, two hours before it."""

    def __init__(self, *, lanes: tuple[str, ...] = (), **config: object) -> None:
        self.engine = Engine(
            EngineConfig(lanes=tuple(LaneConfig(name, name) for name in lanes), **config)  # type: ignore[arg-type]
        )
        self.watch = Watch(self.engine)
        self.t = 0.0
        self.effects: list[Effect] = []

    @property
    def now(self) -> int:
        return T0 + int(self.t * SECOND)

    def send(self, item: object) -> list[Effect]:
        out = self.engine.process(item)  # type: ignore[arg-type]
        self.effects += out
        self.watch.take(out)
        return list(out)

    def at(self, seconds: float, step: float = 5.0) -> "Hall":
        while self.t < seconds:
            self.t = min(seconds, self.t + step)
            self.send(Tick(self.now))
        return self

    def list_kalshi(self, **terms: object) -> "Hall":
        group = EventGroup(EVENT, "kalshi", series="KXTRUMPMENTION", title=TITLE)
        self.send(EventListed(self.now, group))
        for ticker, word in ((TARIFF, "Tariff"), (BIDEN, "Biden / Sleepy Joe")):
            self.send(MarketListed(self.now, listed(ticker, word, **terms)))
        return self

    def list_polymarket(self, title: str = "What will Trump say during Ohio rally?") -> "Hall":
        self.send(EventListed(self.now, EventGroup(PM_EVENT, "polymarket", title=title)))
        market = Market(
            PM_TARIFF, "polymarket", event=PM_EVENT, title='Will Trump say "Tariff" during Ohio rally on December 3?',
            subtitle="Tariff", status=MarketStatus.ACTIVE, expected_ns=START + 5 * 3600 * SECOND,
        )  # fmt: skip
        self.send(MarketListed(self.now, market))
        return self

    def book(self, ticker: str, bid: int, ask: int, qty: int = 500) -> "Hall":
        """Best prices in cents."""
        self.send(BookSnapshot(self.now, 0, ticker, ((bid * 100, qty * QTY),), ((ask * 100, qty * QTY),)))
        return self

    def starts(self, at: int = START) -> "Hall":
        self.send(EventScheduled(self.now, "kalshi", (EVENT,), at))
        return self

    def announce(
        self, title: str = "The President delivers remarks at a rally in Ohio", **terms: object
    ) -> "Hall":
        fields = {"id": "r1", "source": "factba", "speaker": "trump", "start_ns": START} | terms
        self.send(OccasionSeen(self.now, Occasion(title=title, **fields)))  # type: ignore[arg-type]
        return self

    def remember(self, phrase: str = "tariff", said: int = 36, of: int = 40, kind: str = "rally") -> "Hall":
        """The record: the phrase said at so many of so many events of this year, half of all other phrases."""
        days = [f"2026-{1 + i % 11:02}-{1 + i // 11:02}" for i in range(of)]
        self.send(
            PhrasesTold(
                self.now,
                (("trump", phrase),),
                tuple(
                    Occurrence(day, f"P{i}", "trump", kind, phrase, i < said) for i, day in enumerate(days)
                ),
                tuple(EventShare(day, f"P{i}", "trump", kind, 10, 20) for i, day in enumerate(days)),
            )
        )
        return self

    def settle(self, ticker: str, *, said: bool) -> "Hall":
        self.send(MarketSettled(self.now, ticker, SettlementState.FINAL, PRICE if said else 0))
        return self

    def fair(self, ticker: str = TARIFF) -> float | None:
        found = self.engine.state.markets[ticker].fair
        return None if found is None else found.mid


def listed(ticker: str, word: str, **terms: object) -> Market:
    fields: dict[str, object] = {
        "event": EVENT, "series": "KXTRUMPMENTION", "title": TITLE, "subtitle": word,
        "custom": (("Word", word),), "status": MarketStatus.ACTIVE, "close_ns": START + 86_400 * SECOND,
        "expected_ns": START + 2 * 3600 * SECOND, "strike_type": "custom", "grid": CENT_GRID,
    } | terms  # fmt: skip
    return Market(ticker, "kalshi", **fields)  # type: ignore[arg-type]

"""The same seat on two venues, two books, and a person with a clock."""

from collections.abc import Sequence
from typing import Any

import msgspec

from cockpit.domain.commands import Approve, ConfirmPair, Reject
from cockpit.domain.effects import CommandRefused, Effect
from cockpit.domain.events import BookSnapshot, EventListed, MarketListed, Tick, Trade
from cockpit.domain.markets import CENT_GRID, EventGroup, FeeSchedule, Market, MarketStatus
from cockpit.domain.units import MILLISECOND, QTY, SECOND
from cockpit.engine.config import DeskConfig, EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.pairs import Pair
from cockpit.engine.risk import Caps
from cockpit.engine.state import Ticket
from cockpit.strategies.spreads.legs import PARAMS

A = "KXHOUSERACE-TX17-26-R"
B = "0x1717"
T0 = 1_790_000_000 * SECOND
ENDS = T0 + 60 * 86_400 * SECOND
LONG = 5 * SECOND
RULES = (
    "Resolves to Yes if the Republican nominee wins the TX-17 seat of the U.S. House in the 2026 elections."
)
KALSHI = Market(
    A, "kalshi", "KXHOUSERACE-TX17-26", "KXHOUSERACE", title="Will Republican win the House race for TX-17?",
    status=MarketStatus.ACTIVE, grid=CENT_GRID, rules=RULES, expected_ns=ENDS,
)  # fmt: skip
POLY = Market(
    B, "polymarket", "901", "", title="Will the Republican Party win the TX-17 House seat?",
    status=MarketStatus.ACTIVE, grid=CENT_GRID, rules=RULES, expected_ns=ENDS, fees=FeeSchedule(rate=400), least=5 * QTY,
)  # fmt: skip


class Two:
    """Both markets, with books that stand a little apart; times in ms after T0."""

    def __init__(
        self,
        *,
        caps: Caps | None = None,
        latency_ms: int = 0,
        rho: float = 1.0,
        listed: bool = True,
        **desk: Any,
    ) -> None:
        self.config = EngineConfig(
            lanes=(LaneConfig("desk", "", caps or Caps()),),
            entry_latency_ns=latency_ms * MILLISECOND,
            cancel_latency_ns=latency_ms * MILLISECOND,
            silent_ns=3600 * SECOND,
            desk=DeskConfig(**{"spreads": True, "expired_ns": 0, "life_ns": 3600 * SECOND, **desk}),
            spreads=msgspec.structs.replace(PARAMS, rho=rho),
        )
        self.engine = Engine(self.config)
        self.t = T0
        self.effects: list[Effect] = []
        if listed:
            self.tell(KALSHI, POLY)
            self.books()

    def tell(self, *markets: Market) -> None:
        for market in markets:
            self.send(EventListed(self.t, EventGroup(market.event, market.venue, market.series)))
            self.send(MarketListed(self.t, market))

    def send(self, item: Any) -> list[Effect]:
        out = list(self.engine.process(item))
        self.effects += out
        return out

    def books(
        self, here: tuple[int, int] = (40, 44), there: tuple[int, int] = (41, 45), size: float = 100
    ) -> None:
        """Both books anew: best bid and ask in cents, so much on each."""
        self.book(A, *here, size)
        self.book(B, *there, size)

    def book(self, market: str, bid: int, ask: int, size: float = 100) -> list[Effect]:
        qty = round(size * QTY)
        return self.send(BookSnapshot(self.t, self.t, market, ((bid * 100, qty),), ((ask * 100, qty),)))

    def trade(self, market: str, price: int, qty: float, taker: int) -> list[Effect]:
        self.n = getattr(self, "n", 0) + 1
        return self.send(Trade(self.t, self.t, market, price * 100, round(qty * QTY), taker, f"x{self.n}"))

    def at(self, ms: float, *, quiet: bool = False) -> "Two":
        """Let time pass; unless quiet, both books are told again each second."""
        until = T0 + int(ms * MILLISECOND)
        while self.t // SECOND < until // SECOND:
            self.t = (self.t // SECOND + 1) * SECOND
            if not quiet:
                for market in (A, B):
                    m = self.engine.state.markets.get(market)
                    if m is not None and m.has_book:
                        book = m.book
                        self.send(
                            BookSnapshot(
                                self.t, self.t, market, tuple(book.bids.items()), tuple(book.asks.items())
                            )
                        )
            self.send(Tick(self.t))
        self.t = until
        self.send(Tick(until))
        return self

    @property
    def pair(self) -> Pair:
        (found,) = self.engine.pairs.found.values()
        return found

    def confirm(self) -> list[Effect]:
        return self.send(ConfirmPair(self.t, self.pair.key, self.pair.rules_hash))

    @property
    def tickets(self) -> list[Ticket]:
        return [t for t in self.engine.state.tickets.values() if t.state == "proposed"]

    def approve(self, ticket: Ticket | None = None, **more: Any) -> list[Effect]:
        t = ticket or self.tickets[0]
        terms = {"ticket": t.id, "side": t.side, "price": t.price, "qty": t.qty}
        p = self.engine.state.tickets.get(t.partner)
        if p is not None:
            terms |= {"partner": p.id, "partner_side": p.side, "partner_price": p.price, "partner_qty": p.qty}
        terms |= more
        return self.send(Approve(self.t, shown_ts=self.t - LONG, pressed_ts=self.t - LONG, **terms))

    def reject(self) -> list[Effect]:
        return self.send(Reject(self.t, self.tickets[0].id))

    def reborn(self) -> "Two":
        """The same, taken up from what its opening tells."""
        other = object.__new__(Two)
        other.config, other.t, other.effects = self.config, self.t, []
        other.engine = Engine(self.config, restore(self.engine.opening()))
        return other

    def of(self, kind: type) -> list[Any]:
        return [effect for effect in self.effects if isinstance(effect, kind)]


def refused(effects: Sequence[Effect]) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, CommandRefused)]

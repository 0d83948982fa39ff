"""A market in cents for playbooks: inputs in, effects and remainders out."""

import pytest

from cockpit.domain.commands import CancelOrder, PlaceManual
from cockpit.domain.effects import Effect
from cockpit.domain.events import BookDelta, BookSnapshot, MarketListed, Trade
from cockpit.domain.markets import Market, MarketStatus, PriceBand
from cockpit.domain.units import ASK, BID, MILLISECOND, PRICE, QTY
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.engine.queue import RULES, Own

M = "KXTEST-26DEC01-T1"
GRID = (PriceBand(0, PRICE, 100),)


class Table:
    """One market, prices in cents, quantities in contracts, times in ms."""

    def __init__(self, latency_ms: int = 0, **config: object) -> None:
        latency = latency_ms * MILLISECOND
        self.engine = Engine(
            EngineConfig(entry_latency_ns=latency, cancel_latency_ns=latency, **config)  # type: ignore[arg-type]
        )
        self.t = 0
        self.effects: list[Effect] = []
        market = Market(ticker=M, venue="kalshi", event="E", status=MarketStatus.ACTIVE, grid=GRID)
        self.send(MarketListed(0, market))

    def send(self, item: object) -> list[Effect]:
        out = self.engine.process(item)  # type: ignore[arg-type]
        self.effects += out
        return list(out)

    def at(self, ms: float) -> "Table":
        self.t = int(ms * MILLISECOND)
        return self

    def book(self, bids: dict[float, float], asks: dict[float, float]) -> list[Effect]:
        def levels(side: dict[float, float]) -> tuple[tuple[int, int], ...]:
            return tuple((round(p * 100), round(q * QTY)) for p, q in side.items())

        return self.send(BookSnapshot(self.t, self.t, M, levels(bids), levels(asks)))

    def level(self, side: str, price: float, new: float) -> list[Effect]:
        """The level's new absolute size, told as the venue tells it: a signed change."""
        sign = BID if side == "B" else ASK
        now = self.engine.state.markets[M].book.size(sign, round(price * 100))
        return self.send(BookDelta(self.t, self.t, M, sign, round(price * 100), round(new * QTY) - now))

    def print(self, price: float, qty: float, taker: str, **more: object) -> list[Effect]:
        sign = BID if taker == "buy" else ASK
        return self.send(
            Trade(self.t, self.t, M, round(price * 100), round(qty * QTY), sign, **more)  # type: ignore[arg-type]
        )

    def place(self, side: str, price: float, qty: float, ref: str = "o1", lane: str = "desk") -> list[Effect]:
        sign = BID if side == "buy" else ASK
        return self.send(PlaceManual(self.t, M, sign, round(price * 100), round(qty * QTY), 0, lane, ref))

    def cancel(self, ref: str = "o1") -> list[Effect]:
        return self.send(CancelOrder(self.t, ref))

    def order(self, ref: str = "o1") -> Own:
        known = [*self.engine.orders.index.values(), *self.engine.orders.ended]
        return next(o for o in reversed(known) if o.ref == ref)

    def filled(self, ref: str = "o1") -> dict[str, float]:
        """Contracts filled by rule."""
        order = self.order(ref)
        return {rule: (order.qty - order.left[i]) / QTY for i, rule in enumerate(RULES)}

    def ahead(self, ref: str = "o1") -> tuple[float, float]:
        """Contracts ahead under (tail, fifo)."""
        order = self.order(ref)
        return order.ahead_tail / QTY, order.ahead_fifo / QTY


@pytest.fixture
def table() -> Table:
    """Bids 40 x 100, 39 x 50; asks 42 x 80, 43 x 60; no latency."""
    made = Table()
    made.book({40: 100, 39: 50}, {42: 80, 43: 60})
    return made


@pytest.fixture
def slow() -> Table:
    """The same book with 250 ms to enter and 250 ms to cancel."""
    made = Table(latency_ms=250)
    made.book({40: 100, 39: 50}, {42: 80, 43: 60})
    return made

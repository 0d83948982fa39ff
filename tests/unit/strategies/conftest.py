"""A market in cents, and a lane that carries out what a strategy decides and keeps the house's rules in sight."""

from typing import Any

import msgspec
import pytest

from cockpit.domain.fees import FeeTerms
from cockpit.domain.markets import CENT_GRID, Market, PriceBand, on_grid
from cockpit.domain.units import BID, PRICE, QTY, RATIO, SECOND
from cockpit.models.fair import Fair, Outlook
from cockpit.strategies.base import Cancel, Intent, Mine, Odds, Place, Snap, Strategy, Working
from cockpit.strategies.quoting import TTL_NS

T = 1_800_000_000 * SECOND
TAPERED = (PriceBand(0, 1000, 10), PriceBand(1000, 9000, 100), PriceBand(9000, PRICE, 10))


class Lane:
    """One market, one version: its orders rest until cancelled, expired or filled whole."""

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.memory: Any = strategy.memory()
        self.orders: tuple[Working, ...] = ()
        self.qty = self.paid = self.sent = 0

    def mine(self) -> Mine:
        return Mine(self.qty, self.orders, average=abs(self.paid) // abs(self.qty) if self.qty else 0)

    def step(self, snap: Snap) -> list[Intent]:
        self.orders = tuple(o for o in self.orders if snap.ts < o.sent_ns + TTL_NS)
        before = self.mine()
        self.memory, decided = self.strategy.decide(snap, before, self.memory)
        intents = list(decided)
        check(snap, before, intents)
        gone = {i.order for i in intents if isinstance(i, Cancel)}
        self.orders = tuple(o for o in self.orders if o.id not in gone)
        for intent in intents:
            if isinstance(intent, Place):
                self.sent += 1
                order = Working(f"o-{self.sent}", intent.side, intent.price, intent.qty, snap.ts)
                self.orders = (*self.orders, order)
        assert len(self.orders) <= 1
        return intents

    def fill(self) -> None:
        for order in self.orders:
            self.qty += order.side * order.left
            self.paid += order.side * order.left * order.price
        self.orders = ()

    def reload(self) -> None:
        """As after a restart: the memory has been through text."""
        self.memory = msgspec.convert(
            msgspec.json.decode(msgspec.json.encode(self.memory)), self.strategy.memory
        )


def check(snap: Snap, mine: Mine, intents: list[Intent]) -> None:
    """What holds of every decision of every version."""
    places = [i for i in intents if isinstance(i, Place)]
    assert len(places) <= 1
    assert [type(i) for i in intents] == [Cancel] * (len(intents) - len(places)) + [Place] * len(places)
    cancelled = [i.order for i in intents if isinstance(i, Cancel)]
    assert len(set(cancelled)) == len(cancelled)
    assert set(cancelled) <= {o.id for o in mine.orders}
    for place in places:
        assert on_grid(snap.market.grid, place.price)
        assert place.price < snap.ask if place.side == BID else place.price > snap.bid
        assert place.qty > 0
        assert place.qty % snap.market.lot == 0
        assert place.ttl_ns == TTL_NS
        assert all(value == value and abs(value) < 1e300 for _, value in place.reason.numbers)


class Scene:
    """Builders; prices in cents, probabilities as they are, times in seconds after T."""

    T, TAPERED, CENTS = T, TAPERED, CENT_GRID
    Lane = Lane

    @staticmethod
    def fair(low: float, mid: float, high: float, se: float = 0.1) -> Fair:
        return Fair(low, mid, high, se * mid * (1.0 - mid), Outlook(0.0, 1.0))

    @staticmethod
    def snap(
        bid: float = 48,
        ask: float = 50,
        *,
        at: float = 0,
        left: float | None = 3600,
        strike: str = "greater",
        grid: tuple[PriceBand, ...] = CENT_GRID,
        maker_fee: bool = False,
        **more: Any,
    ) -> Snap:
        ts = T + int(at * SECOND)
        close = 0 if left is None else ts + int(left * SECOND)
        market = Market("KXTEST-T1", "kalshi", strike_type=strike, close_ns=close, grid=grid)
        kind = "quadratic_with_maker_fees" if maker_fee else "quadratic"
        return Snap(
            ts, market, round(bid * 100), QTY, round(ask * 100), QTY, 0, ts,
            **{"heard_ns": ts, "vol": 0.5, "nearest": True, "fees": FeeTerms(kind, RATIO, "assumed"), **more},
        )  # fmt: skip

    @staticmethod
    def order(
        name: str, side: int, price: float, left: float = 10, at: float = 0, ticket: bool = False
    ) -> Working:
        return Working(name, side, round(price * 100), round(left * QTY), T + int(at * SECOND), ticket)

    @staticmethod
    def mine(*orders: Working, qty: float = 0, **more: Any) -> Mine:
        return Mine(round(qty * QTY), orders, **more)

    @staticmethod
    def odds(fill: float = 0.25, adverse: float = 0.01) -> Odds:
        return Odds(fill, adverse)

    @staticmethod
    def told(intents: Any) -> list[tuple[Any, ...]]:
        """Intents in short: ("buy", cents, contracts), ("sell", ...), ("cancel", id, reason)."""
        short: list[tuple[Any, ...]] = []
        for i in intents:
            if isinstance(i, Cancel):
                short.append(("cancel", i.order, i.reason.code))
            else:
                short.append(("buy" if i.side == BID else "sell", i.price / 100, i.qty / QTY))
        return short

    @staticmethod
    def mirrored(snap: Snap) -> Snap:
        """The same market told from the other side: NO for YES."""
        grid = tuple(PriceBand(PRICE - b.end, PRICE - b.start, b.step) for b in reversed(snap.market.grid))
        fair = snap.fair
        if fair is not None:
            fair = Fair(1.0 - fair.high, 1.0 - fair.mid, 1.0 - fair.low, fair.error, fair.outlook)
        return msgspec.structs.replace(
            snap,
            market=msgspec.structs.replace(snap.market, grid=grid),
            bid=PRICE - snap.ask,
            bid_qty=snap.ask_qty,
            ask=PRICE - snap.bid,
            ask_qty=snap.bid_qty,
            fair=fair,
        )

    @staticmethod
    def mirrored_intents(intents: Any) -> list[Any]:
        """Intents as they would be in the mirrored market, reasons by code and size."""
        return [
            (i.order, i.reason.code)
            if isinstance(i, Cancel)
            else (-i.side, PRICE - i.price, i.qty, i.reason.code, i.reason.numbers[-1])
            for i in intents
        ]

    @staticmethod
    def plain_intents(intents: Any) -> list[Any]:
        """Intents in the shape of `mirrored_intents`."""
        return [
            (i.order, i.reason.code)
            if isinstance(i, Cancel)
            else (i.side, i.price, i.qty, i.reason.code, i.reason.numbers[-1])
            for i in intents
        ]


@pytest.fixture(scope="session")
def scene() -> Scene:
    return Scene()

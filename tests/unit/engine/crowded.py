"""Twenty priced brackets on two venues, a strategy that wants one order in each, and a person at the keys."""

from collections.abc import Sequence
from typing import Any

import pytest

from cockpit.domain.commands import Approve, Edit, Lease
from cockpit.domain.effects import Effect, TicketRaised
from cockpit.domain.events import IndexTick, MarketListed, Tick
from cockpit.domain.markets import CENT_GRID, Market, MarketStatus
from cockpit.domain.units import BID, MILLISECOND, QTY, SECOND, UNDERLYING
from cockpit.engine.engine import Engine, restore
from cockpit.engine.state import Ticket
from cockpit.strategies.base import Cancel, Intent, Mine, Place, Reason, Snap
from cockpit.strategies.versions import VERSIONS

from .priced import CLOSE, LONG, T0, WANTED, Desk, Puppet  # noqa: TID252  the tests are no package

N = 20
FAR = "KXBTCD-26DEC0315"
NEAR = "KXBTCD-26DEC0316"
VENUES = ("kalshi", "polymarket")
MARKETS = tuple(f"{FAR if i % 2 else NEAR}-T{83_999.99 + i / 10:.2f}" for i in range(N))
"""Every other one is of the second venue."""
AROUND = (0, 11, -8, 6, -10, 8, -7)
"""Dollars the index is off its level, second by second."""
HERE, THERE = MARKETS[0::2], MARKETS[1::2]


class Wishes(Puppet):
    """A strategy that wants one order in each market it is told of, and takes back what it is not told of."""

    def __init__(self, price: int = 75, qty: int = 10, markets: Sequence[str] = MARKETS) -> None:
        super().__init__()
        self.wants = dict.fromkeys(markets, (price, qty))
        self.ttl_s = 0

    def decide(self, snap: Snap, mine: Mine, memory: Any) -> tuple[Any, Sequence[Intent]]:
        want = self.wants.get(snap.market.ticker)
        wrong = [o for o in mine.orders if want is None or o.price != want[0] * 100]
        said: list[Intent] = [Cancel(o.id, Reason("moved" if want else "no longer")) for o in wrong]
        if want is not None and (wrong or not (mine.orders or mine.qty)):
            said.append(Place(BID, want[0] * 100, want[1] * QTY, self.ttl_s * SECOND, WANTED))
        return memory, said


class Crowd(Desk):
    """All the brackets at 75/79, each worth about 94; the strategy is known as "puppet"."""

    def __init__(self, wishes: Wishes, **more: Any) -> None:
        super().__init__(wishes, **more)
        self.wishes = wishes
        self.index(84_215)
        for i, name in enumerate(MARKETS):
            floor = 84_000 * UNDERLYING + i * UNDERLYING // 10 - UNDERLYING // 100
            event = name.partition("-T")[0]
            market = Market(
                name, VENUES[i % 2], event, "KXBTCD", status=MarketStatus.ACTIVE, grid=CENT_GRID,
                strike_type="greater", floor=floor, close_ns=CLOSE,
            )  # fmt: skip
            self.send(MarketListed(self.t, market))
            self.book({75: 100}, {79: 100}, name)

    def at(self, ms: float) -> "Crowd":
        """Let time pass, the index speaking on each second on the way around where it was, as lively as the model thinks."""
        until = T0 + int(ms * MILLISECOND)
        for second in range(self.t // SECOND + 1, until // SECOND + 1):
            self.t = second * SECOND
            self.send(
                IndexTick(self.t, self.t, "BRTI", self.level + AROUND[second % len(AROUND)] * UNDERLYING)
            )
        self.t = until
        self.send(Tick(until))
        return self

    def on(self, ms: float) -> "Crowd":
        """So much later."""
        self.at((self.t - T0) / MILLISECOND + ms)
        return self

    def restart(self) -> None:
        """Go on from what the state's encoding tells."""
        self.engine = Engine(self.engine.config, restore(self.engine.opening()))

    @property
    def standing(self) -> list[Ticket]:
        """Proposals that wait, oldest first."""
        return [t for t in self.engine.state.tickets.values() if t.state == "proposed"]

    def press(self, ticket: Ticket | TicketRaised, **terms: Any) -> list[Effect]:
        """Approve a ticket as it was printed."""
        name = ticket.id if isinstance(ticket, Ticket) else ticket.ticket
        printed = {"side": ticket.side, "price": ticket.price, "qty": ticket.qty} | terms
        return self.send(Approve(self.t, name, shown_ts=self.t - LONG, pressed_ts=self.t - LONG, **printed))

    def edit(self, target: str, price: int, qty: int) -> list[Effect]:
        return self.send(Edit(self.t, target, price * 100, qty * QTY))

    def lease(self, ticks: int, risk: int, seconds: int) -> list[Effect]:
        return self.send(Lease(self.t, ticks, risk, seconds * SECOND))


def crowd(monkeypatch: pytest.MonkeyPatch, wishes: Wishes | None = None, **more: Any) -> Crowd:
    """A crowd, for one test."""
    wishes = wishes or Wishes()
    monkeypatch.setitem(VERSIONS, "puppet", wishes)
    return Crowd(wishes, **more)


def names(effects: list[Effect]) -> list[str]:
    return [type(effect).__name__ for effect in effects]

"""A bracket that our model prices, a desk strategy that does as it is told, and a person with a clock."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from cockpit.domain.commands import Approve, Command, Present
from cockpit.domain.effects import CommandRefused, Effect
from cockpit.domain.events import BookSnapshot, IndexTick, MarketListed, Tick
from cockpit.domain.markets import CENT_GRID, Market, MarketStatus
from cockpit.domain.units import BID, MILLISECOND, MONEY, QTY, SECOND, UNDERLYING
from cockpit.engine.config import DeskConfig, EngineConfig, LaneConfig
from cockpit.engine.engine import Engine
from cockpit.engine.risk import Caps
from cockpit.engine.state import Ticket
from cockpit.strategies.base import Cancel, Intent, Mine, Place, Reason, Snap

EVENT = "KXBTCD-26DEC0315"
M = f"{EVENT}-T83999.99"
OTHER = f"{EVENT}-T84099.99"
T0 = 1_796_327_400 * SECOND
CLOSE = T0 + 600 * SECOND
WANTED = Reason("wanted", (("bound: kelly", 1.0),))
LONG = 5 * SECOND
"""Longer than any rule about keys."""


class Puppet:
    """A strategy on strings: `say` is what it decides next, and for each look after that nothing."""

    memory = dict

    def __init__(self) -> None:
        self.say: Callable[[Snap, Mine], Sequence[Intent]] = lambda _s, _m: ()
        self.seen: list[tuple[Snap, Mine]] = []

    def decide(self, snap: Snap, mine: Mine, memory: Any) -> tuple[Any, Sequence[Intent]]:
        self.seen.append((snap, mine))
        return memory, self.say(snap, mine) if snap.market.ticker == M else ()

    def place(self, price: int = 70, qty: int = 10, side: int = BID, ttl_s: int = 0) -> None:
        """Want one order or proposal, and keep it."""

        def say(_: Snap, mine: Mine) -> Sequence[Intent]:
            if mine.orders or mine.qty:
                return ()
            return (Place(side, price * 100, qty * QTY, ttl_s * SECOND, WANTED),)

        self.say = say

    def move(self, price: int, qty: int = 10, side: int = BID) -> None:
        """Want what is there to be elsewhere."""

        def say(_: Snap, mine: Mine) -> Sequence[Intent]:
            moved = [Cancel(o.id, Reason("moved")) for o in mine.orders if o.price != price * 100]
            place = Place(side, price * 100, qty * QTY, 0, WANTED)
            return [*moved, place] if moved else ()

        self.say = say

    def take_back(self, why: str = "no longer") -> None:
        """Want nothing."""
        self.say = lambda _, mine: [Cancel(o.id, Reason(why)) for o in mine.orders]


class Desk:
    """One priced bracket at 70/74 whose fair value is near 92, times in ms after T0."""

    def __init__(
        self,
        puppet: Puppet,
        *,
        caps: Caps | None = None,
        lanes: tuple[str, ...] = (),
        latency_ms: int = 0,
        **desk: Any,
    ) -> None:
        self.puppet = puppet
        made = (LaneConfig("desk", "", caps or Caps()), *(LaneConfig(name, name) for name in lanes))
        self.engine = Engine(
            EngineConfig(
                lanes=made,
                entry_latency_ns=latency_ms * MILLISECOND,
                cancel_latency_ns=latency_ms * MILLISECOND,
                silent_ns=3600 * SECOND,
                desk=DeskConfig(
                    strategies=("puppet",), **{"hold_ns": 0, "revise_ns": 0, "withdrawn_ns": 0, **desk}
                ),
            )
        )
        self.t = T0
        self.effects: list[Effect] = []
        for ticker, strike in ((M, 84_000), (OTHER, 84_100)):
            floor = strike * UNDERLYING - UNDERLYING // 100
            market = Market(
                ticker, "kalshi", EVENT, "KXBTCD", status=MarketStatus.ACTIVE, grid=CENT_GRID,
                strike_type="greater", floor=floor, close_ns=CLOSE,
            )  # fmt: skip
            self.send(MarketListed(self.t, market))
        self.book({70: 100}, {74: 100})
        self.index(84_200)

    def send(self, item: Any) -> list[Effect]:
        out = list(self.engine.process(item))
        self.effects += out
        return out

    def at(self, ms: float) -> "Desk":
        """Let time pass, the index speaking on each second on the way, never twice the same."""
        until = T0 + int(ms * MILLISECOND)
        while self.t // SECOND < until // SECOND:
            self.t = (self.t // SECOND + 1) * SECOND
            wobble = round(30 * math.sin(2 * math.pi * ((self.t - T0) // SECOND) / 97) * UNDERLYING)
            self.send(IndexTick(self.t, self.t, "BRTI", self.level + wobble))
        self.t = until
        self.send(Tick(until))
        return self

    def silent(self, ms: float) -> "Desk":
        """Let time pass without a word from the index."""
        for t in range(self.t, T0 + int(ms * MILLISECOND), 250 * MILLISECOND):
            self.send(Tick(t))
        self.t = T0 + int(ms * MILLISECOND)
        self.send(Tick(self.t))
        return self

    def index(self, dollars: float) -> list[Effect]:
        self.level = round(dollars * UNDERLYING)
        return self.send(IndexTick(self.t, self.t, "BRTI", self.level))

    def book(self, bids: dict[int, float], asks: dict[int, float], market: str = M) -> list[Effect]:
        sides = [tuple((p * 100, round(q * QTY)) for p, q in side.items()) for side in (bids, asks)]
        return self.send(BookSnapshot(self.t, self.t, market, sides[0], sides[1]))

    @property
    def ticket(self) -> Ticket:
        """The newest proposal."""
        return next(reversed(self.engine.state.tickets.values()))

    def approve(
        self, *, shown_ns: int = LONG, since_ns: int = LONG, lane: str = "desk", **terms: Any
    ) -> list[Effect]:
        """Press the key on the newest proposal."""
        t = self.ticket
        said = {"ticket": t.id, "side": t.side, "price": t.price, "qty": t.qty} | terms
        return self.send(
            Approve(self.t, shown_ts=self.t - shown_ns, pressed_ts=self.t - since_ns, lane=lane, **said)
        )

    def say(self, command: Command) -> list[Effect]:
        return self.send(command)

    def present(self) -> list[Effect]:
        return self.send(Present(self.t))

    def of(self, kind: type) -> list[Any]:
        """All effects of a kind so far."""
        return [effect for effect in self.effects if isinstance(effect, kind)]


def refused(effects: Sequence[Effect]) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, CommandRefused)]


def dollars(value: float) -> int:
    return round(value * MONEY)

"""What a report needs beyond the engine's totals: the same counts by family, the P&L over time, and what was declined.

A `Watched` session tells its watch of each input before the engine has it. That is when a mark-out falls due: the mid
is then what it was at or before the moment, exactly as the engine takes it.
"""

import heapq
from collections.abc import Sequence

import msgspec

from cockpit.domain.commands import Command
from cockpit.domain.effects import (
    Effect,
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import Event, Tick
from cockpit.domain.units import MONEY, PRICE, SECOND
from cockpit.engine.config import MIRROR
from cockpit.engine.engine import Engine
from cockpit.engine.metrics import ENDED, FILLED, HORIZONS, RESTING
from cockpit.engine.queue import RULES
from cockpit.engine.views.lab import lane_net
from cockpit.evaluation.calibration import Observations, decided
from cockpit.evaluation.gather import Gathering
from cockpit.evaluation.report_cells import Cell
from cockpit.runtime.session import Session
from cockpit.strategies.edges import maker_fee

EVERY = 5
"""Seconds of the session between two looks at P&L and spreads."""


class Rested(msgspec.Struct):
    """One order as heard."""

    lane: str
    market: str
    qty: int
    ticket: str = ""
    live_ns: int = 0
    told: bool = False
    """Whether its time to fill is in the count."""
    rules: set[str] = msgspec.field(default_factory=set)


class Declined(msgspec.Struct):
    """A proposal to the desk as last raised, and what became of it."""

    market: str
    side: int
    price: int
    qty: int
    fee: float | None = 0.0
    """Maker's, dollars a contract; None where the market's terms are no longer known."""
    end: str = "waiting"
    mirrored: int = 0
    """Quantity that the mirror lane sent for it."""
    filled: int = 0
    """Of that what was filled, under the rule that counts."""
    paid: int = 0
    """What that cost with fees, signed by its side: money units."""


class Watch:
    """Counts by (lane, family), and series over time. A listener, and an onlooker of beats."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.gathering = Gathering(engine)
        self.observations = Observations(engine, self.gathering.place, decided)
        self.cells: dict[tuple[str, str], Cell] = {}
        self.equity: dict[str, list[tuple[int, float]]] = {}
        """By lane: (engine time ns, dollars at the mid)."""
        self.spreads: list[tuple[float, int]] = []
        """Per look: mean distance of pairs in cents, and pair-seconds behind it."""
        self.tickets: dict[str, Declined] = {}
        self.values: dict[str, int] = {}
        """What one YES paid, price units, of markets that settled while we looked."""
        self.settled_ns: dict[str, int] = {}
        """When each of these did."""
        self._orders: dict[str, Rested] = {}
        self._due: list[tuple[int, int, str, str, int, int, int, int]] = []
        self._marks = 0
        self._looked = 0
        self._gaps = (0, 0)

    # ------------------------------------------------------------------ before an input

    def before(self, ts: int) -> None:
        """An input of this time is about to be processed: mark-outs due by then see the mid as it is."""
        due = self._due
        while due and due[0][0] <= ts:
            _, _, lane, market, horizon, side, price, qty = heapq.heappop(due)
            m = self._engine.state.markets.get(market)
            mid2 = m.mid2 if m is not None else None
            self.cell(lane, market).markouts[horizon].add(side, price, qty, mid2)

    # ------------------------------------------------------------------ effects

    def take(self, effects: Sequence[Effect]) -> None:
        """Hear what the engine did."""
        for effect in effects:
            match effect:
                case OrderPlaced():
                    self._placed(effect)
                case OrderLive():
                    self._live(effect)
                case OrderFilled():
                    self._filled(effect)
                case OrderCancelled():
                    self._ended(effect)
                case TicketRaised():
                    self._raised(effect)
                case TicketDecided() | TicketExpired() | TicketWithdrawn():
                    self._decided(effect)
                case _:
                    pass

    def _placed(self, effect: OrderPlaced) -> None:
        self._orders[effect.order] = Rested(effect.lane, effect.market, effect.qty, effect.ticket)
        ticket = self.tickets.get(effect.ticket)
        if effect.lane == MIRROR and ticket is not None:
            ticket.mirrored += effect.qty

    def _raised(self, effect: TicketRaised) -> None:
        state = self._engine.state
        market = state.markets[effect.market].market
        fee = maker_fee(state.fees.terms(market, state.now), effect.price)
        self.gathering.place(effect.market)
        before = self.tickets.get(effect.ticket)
        told = (0, 0, 0) if before is None else (before.mirrored, before.filled, before.paid)
        self.tickets[effect.ticket] = Declined(
            effect.market, effect.side, effect.price, effect.qty, fee, "waiting", *told
        )

    def _decided(self, effect: TicketDecided | TicketExpired | TicketWithdrawn) -> None:
        ticket = self.tickets.get(effect.ticket)
        if ticket is None:
            return
        if isinstance(effect, TicketDecided):
            ticket.end = effect.decision
        else:
            ticket.end = "expired" if isinstance(effect, TicketExpired) else "withdrawn"

    def _judged(self, market: str) -> bool:
        m = self._engine.state.markets.get(market)
        return m is not None and m.market.venue not in self._engine.config.polled

    def _live(self, effect: OrderLive) -> None:
        order = self._orders.get(effect.order)
        if order is None or not self._judged(order.market):
            return
        order.live_ns = effect.ts
        cell = self.cell(order.lane, order.market)
        cell.orders += 1
        cell.accepted_qty += order.qty

    def _filled(self, effect: OrderFilled) -> None:
        order = self._orders.get(effect.order)
        if order is None or not order.live_ns:
            return
        cell = self.cell(effect.lane, effect.market)
        cell.qty_filled[RULES.index(effect.rule)] += effect.qty
        if not effect.counts:
            return
        ticket = self.tickets.get(order.ticket)
        if effect.lane == MIRROR and ticket is not None:
            ticket.filled += effect.qty
            ticket.paid += effect.side * effect.price * effect.qty + effect.fee
        if not order.told:
            order.told = True
            cell.filled += 1
            cell.times.append((effect.ts - order.live_ns, FILLED))
        for i, horizon in enumerate(HORIZONS):
            self._marks += 1
            due = (
                effect.ts + horizon, self._marks, effect.lane, effect.market, i, effect.side, effect.price, effect.qty,
            )  # fmt: skip
            heapq.heappush(self._due, due)

    def _ended(self, effect: OrderCancelled) -> None:
        order = self._orders.get(effect.order)
        if order is not None and order.live_ns and not order.told:
            order.told = True
            self.cell(order.lane, order.market).times.append((effect.ts - order.live_ns, ENDED))

    def cell(self, lane: str, market: str) -> Cell:
        """The counts of a lane in a market's family."""
        family = self.gathering.place(market)[0]
        return self.cells.setdefault((lane, family), Cell())

    # ------------------------------------------------------------------ beats

    def look(self) -> None:
        """After a beat: settlement values and fair values each second, P&L and spreads each few."""
        now = self._engine.state.now
        second = now // SECOND
        if second == self._looked:
            return
        five = second // EVERY != self._looked // EVERY
        self._looked = second
        self.observations.look()
        for ticker, m in self._engine.state.markets.items():
            if m.settled is not None and m.settled[1] is not None:
                self.values[ticker] = m.settled[1]
                self.settled_ns.setdefault(ticker, m.settled_ns)
                self.gathering.place(ticker)
        if five:
            self._sample(now)

    def _sample(self, now: int) -> None:
        for name, lane in self._engine.state.lanes.items():
            if lane.account.positions or lane.account.past.markets:
                self.equity.setdefault(name, []).append((now, lane_net(self._engine, lane) / MONEY))
        gaps = self._engine.state.cross.gaps
        seconds, total = gaps.seconds - self._gaps[0], gaps.total - self._gaps[1]
        self._gaps = gaps.seconds, gaps.total
        if seconds > 0:
            self.spreads.append((total / seconds / PRICE * 100, seconds))

    def finish(self) -> None:
        """The input has ended: what still rests tells only that it would have taken longer."""
        now = self._engine.state.now
        for order in self._orders.values():
            if order.live_ns and not order.told:
                order.told = True
                self.cell(order.lane, order.market).times.append((now - order.live_ns, RESTING))
        self._looked = -1
        self.look()


class Watched(Session):
    """A session whose watch is told of each input first."""

    watch: Watch | None = None

    def process(self, item: Event | Command | Tick) -> None:
        """As any session, with the watch before the engine."""
        if self.watch is not None:
            self.watch.before(item.ts)
        super().process(item)

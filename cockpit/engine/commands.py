"""What a person says, carried out. A command that names nothing that exists is an orphan: told, counted, harmless."""

from collections.abc import Callable
from typing import assert_never

from cockpit.domain.commands import (
    Approve,
    CancelAll,
    CancelOrder,
    Command,
    ConfirmPair,
    Edit,
    Flatten,
    Kill,
    Lease,
    PlaceManual,
    PullMarket,
    RefusePair,
    Reject,
    Resume,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import CommandRefused, Effect, RiskHalt, RiskResumed
from cockpit.domain.orders import OrderState
from cockpit.domain.units import ASK, BID
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.lanes import Lanes
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Terms
from cockpit.engine.state import Lane, State


class Commands:
    """Carries out commands over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        lanes: Lanes,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._lanes = lanes
        self._emit = emit

    def carry_out(self, command: Command) -> None:
        """Do what a command says, or tell why not."""
        match command:
            case PlaceManual():
                self._place(command)
            case CancelOrder():
                self._cancel(command)
            case Edit():
                self._edit(command)
            case PullMarket():
                self._cancel_desk("pulled", market=command.market)
            case CancelAll():
                self._cancel_desk("cancel all")
            case Kill():
                self._state.killed = True
                self._emit(RiskHalt(command.ts, "killed"))
                self._cancel_desk("killed")
            case Resume():
                self._state.killed = False
                self._emit(RiskResumed(command.ts))
            case Unwind():
                self._unwind(command, command.market)
            case Flatten():
                self._flatten(command)
            case ConfirmPair():
                self._state.pairs[command.pair] = command.rules_hash
            case RefusePair():
                self._state.pairs[command.pair] = ""
            case SetLane():
                self._set_lane(command)
            case Approve() | Reject():
                self._orphan(command, f"no ticket {command.ticket}")
            case Lease():
                self._refuse(command, "no strategy raises tickets on the desk")
            case _:
                assert_never(command)

    def _place(self, command: PlaceManual) -> None:
        if command.lane not in self._state.lanes:
            self._state.lanes[command.lane] = Lane(command.lane)
        terms = Terms(
            command.lane,
            command.market,
            command.side,
            command.price,
            command.qty,
            command.ttl_ns,
            command.ref,
        )
        reason = self._lanes.place(terms)
        if reason:
            self._refuse(command, reason, what=command.ref)

    def _cancel(self, command: CancelOrder) -> None:
        order = self._find(command.order)
        if order is None:
            self._orphan(command, f"no order {command.order}")
        else:
            self._orders.request_cancel(order, "cancelled by hand")

    def _edit(self, command: Edit) -> None:
        """A smaller size keeps the queue; anything else is a cancel and a new order at the back."""
        order = self._find(command.target)
        if order is None:
            self._orphan(command, f"no ticket or order {command.target}")
        elif order.state not in (OrderState.SENT, OrderState.WORKING):
            self._refuse(command, f"order is {order.state}")
        elif (command.price, command.qty) == (order.price, order.qty):
            self._refuse(command, "nothing to change")
        elif command.price == order.price and 0 < command.qty < order.qty:
            due = self._state.now + self._config.entry_latency_ns
            self._orders.timer(due, "reduce", f"{order.id} {command.qty}")
        else:
            ttl = max(0, order.expires_ns - self._state.now) if order.expires_ns else 0
            terms = Terms(order.lane, order.market, order.side, command.price, command.qty, ttl, order.ref)
            reason = self._lanes.replace(order, terms)
            if reason:
                self._refuse(command, reason)

    def _unwind(self, command: Unwind | Flatten, market: str) -> None:
        """Rest what would close the position and is not resting yet, at the best of its side."""
        desk = self._state.lanes[DESK]
        held = desk.account.positions.get(market)
        m = self._state.markets.get(market)
        if held is None or not held.qty or m is None:
            self._orphan(command, f"no position in {market}")
            return
        side = ASK if held.qty > 0 else BID
        closing = [self._orders.index[name] for name, where in desk.working.items() if where == market]
        resting = sum(o.left[o.rule] if o.live_ns else o.qty for o in closing if o.side == side)
        if resting >= abs(held.qty):
            self._refuse(command, "already closing")
            return
        price = m.book.ask if side == ASK else m.book.bid
        reason = self._lanes.place(Terms(DESK, market, side, price, abs(held.qty) - resting, 0))
        if reason:
            self._refuse(command, reason)

    def _flatten(self, command: Flatten) -> None:
        markets = [
            name
            for name, held in self._state.lanes[DESK].account.positions.items()
            if held.qty and self._state.markets[name].market.event == command.event
        ]
        if not markets:
            self._orphan(command, f"no position in {command.event}")
        for market in markets:
            self._unwind(command, market)

    def _set_lane(self, command: SetLane) -> None:
        lane = self._state.lanes.get(command.lane)
        if lane is None:
            self._orphan(command, f"no lane {command.lane}")
        else:
            lane.on = command.on

    def _cancel_desk(self, reason: str, market: str = "") -> None:
        desk = self._state.lanes[DESK]
        names = [name for name, where in desk.working.items() if not market or where == market]
        for name in names:
            self._orders.request_cancel(self._orders.index[name], reason)

    def _find(self, name: str) -> Own | None:
        """An order by its id, or the newest by the ref it was placed with."""
        found = self._orders.index.get(name)
        if found is not None:
            return found
        return next((o for o in reversed(self._orders.index.values()) if o.ref and o.ref == name), None)

    def _orphan(self, command: Command, reason: str) -> None:
        self._state.orphans += 1
        self._emit(CommandRefused(self._state.now, type(command).__name__, reason, orphan=True))

    def _refuse(self, command: Command, reason: str, what: str = "") -> None:
        name = f"{type(command).__name__} {what}".rstrip()
        self._emit(CommandRefused(self._state.now, name, reason, orphan=False))

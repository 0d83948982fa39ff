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
    Present,
    PullMarket,
    RefusePair,
    Reject,
    Resume,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import CommandRefused, Effect
from cockpit.domain.orders import OrderState
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Refused
from cockpit.engine.state import Lane, State
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets
from cockpit.engine.wheel import Wheel


class Commands:
    """Carries out commands over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        wheel: Wheel,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._wheel = wheel
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
                self._pull(command)
            case CancelAll():
                self._wheel.cancel_lane(command.lane, "cancel all")
            case Kill():
                self._wheel.kill(command)
            case Resume():
                self._wheel.resume(command)
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
            case Approve():
                self._approve(command)
            case Reject():
                if not self._tickets.reject(command):
                    self._orphan(command, f"no ticket {command.ticket}")
            case Lease():
                reason = self._wheel.lease(command)
                if reason:
                    self._refuse(command, reason)
            case Present():
                self._wheel.present()
            case _:
                assert_never(command)

    def _approve(self, command: Approve) -> None:
        reason = self._tickets.approve(command)
        if reason is None:
            self._orphan(command, f"no ticket {command.ticket}")
        elif reason:
            self._refuse(command, reason, what=command.ticket)

    def _place(self, command: PlaceManual) -> None:
        self._lane(command.lane)
        terms = Terms(
            command.lane,
            command.market,
            command.side,
            command.price,
            command.qty,
            command.ttl_ns,
            command.ref,
        )
        answer = self._gate.place(terms)
        if isinstance(answer, Refused):
            self._refuse(command, answer.reason, what=command.ref)

    def _cancel(self, command: CancelOrder) -> None:
        order = self._find(command.order)
        if order is None:
            self._orphan(command, f"no order {command.order}")
        else:
            self._orders.request_cancel(order, "cancelled by hand")

    def _pull(self, command: PullMarket) -> None:
        """Out of a market: its proposals and the lane's orders in it end."""
        if command.lane == DESK:
            self._tickets.withdraw_all("pulled", command.market)
        self._wheel.cancel_lane(command.lane, "pulled", command.market)

    def _edit(self, command: Edit) -> None:
        """A smaller size keeps the queue; anything else is a cancel and a new order at the back."""
        ticket = self._tickets.standing(command.target, command.lane)
        if ticket is not None:
            reason = self._tickets.edit(ticket, command)
            if reason:
                self._refuse(command, reason, what=ticket.id)
            return
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
            terms = Terms(
                order.lane, order.market, order.side, command.price, command.qty, ttl, order.ref,
                strategy=order.strategy,
                claim=order.claim - order.side * (command.price - order.price) / PRICE,
            )  # fmt: skip
            answer = self._gate.replace(order, terms)
            if isinstance(answer, Refused):
                self._refuse(command, answer.reason)

    def _unwind(self, command: Unwind | Flatten, market: str) -> None:
        """Rest what would close the position and is not resting yet, at the best of its side."""
        lane = self._lane(command.lane)
        held = lane.account.positions.get(market)
        m = self._state.markets.get(market)
        if held is None or not held.qty or m is None:
            self._orphan(command, f"no position in {market}")
            return
        side = ASK if held.qty > 0 else BID
        closing = [order for order in self._gate.own(lane.name) if order.market == market]
        resting = sum(o.left[o.rule] if o.live_ns else o.qty for o in closing if o.side == side)
        if resting >= abs(held.qty):
            self._refuse(command, "already closing")
            return
        price = m.book.ask if side == ASK else m.book.bid
        answer = self._gate.place(Terms(lane.name, market, side, price, abs(held.qty) - resting, 0))
        if isinstance(answer, Refused):
            self._refuse(command, answer.reason)

    def _flatten(self, command: Flatten) -> None:
        markets = [
            name
            for name, held in self._lane(command.lane).account.positions.items()
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

    def _lane(self, name: str) -> Lane:
        """A lane, made when it is first named."""
        return self._state.lanes.setdefault(name, Lane(name))

    def _find(self, name: str) -> Own | None:
        """An order by its id, or the newest by the ref it was placed with."""
        found = self._orders.index.get(name)
        if found is not None:
            return found
        return next((o for o in reversed(self._orders.index.values()) if o.ref and o.ref == name), None)

    def _orphan(self, command: Command, reason: str) -> None:
        self._state.orphans += 1
        self._tell(command, type(command).__name__, reason, orphan=True)

    def _refuse(self, command: Command, reason: str, what: str = "") -> None:
        name = f"{type(command).__name__} {what}".rstrip()
        self._tell(command, name, reason, orphan=False)

    def _tell(self, command: Command, name: str, reason: str, *, orphan: bool) -> None:
        lane = getattr(command, "lane", DESK)
        self._emit(CommandRefused(self._state.now, name, reason, orphan, lane))

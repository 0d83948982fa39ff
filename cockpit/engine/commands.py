"""What a person says, carried out. A command that names nothing that exists is an orphan: told, counted, harmless."""

from collections.abc import Callable
from typing import assert_never

from cockpit.domain.commands import (
    Acknowledge,
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
    SetLimits,
    Unwind,
)
from cockpit.domain.effects import CommandRefused, Effect
from cockpit.domain.orders import OrderState, TicketState
from cockpit.domain.units import ASK, BID
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.hand import Hand
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.relimit import Relimit
from cockpit.engine.risk import Refused
from cockpit.engine.spreads import Spreads
from cockpit.engine.state import Lane, State
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets
from cockpit.engine.wheel import Wheel

HANDS = (DESK, WHAT_IF)
"""Lanes a person's hand may act in."""


class Commands:
    """Carries out commands over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        hand: Hand,
        wheel: Wheel,
        spreads: Spreads,
        relimit: Relimit,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._hand = hand
        self._wheel = wheel
        self._spreads = spreads
        self._relimit = relimit
        self._emit = emit

    def carry_out(self, command: Command) -> None:
        """Do what a command says, or tell why not."""
        hand = getattr(command, "lane", DESK)
        if hand == DESK and not isinstance(command, SetLane):
            self._wheel.noticed()
        if not isinstance(command, PlaceManual | SetLane) and hand not in HANDS:
            self._orphan(command, f"{hand} is no hand's lane")
            return
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
                self._cancel_all(command)
            case Kill():
                self._wheel.kill(command)
            case Resume():
                reason = self._wheel.resume(command)
                if reason:
                    self._refuse(command, reason)
            case Unwind():
                self._unwind(command, command.market)
            case Flatten():
                self._flatten(command)
            case ConfirmPair():
                self._state.pairs[command.pair] = command.rules_hash
            case RefusePair():
                self._state.pairs[command.pair] = ""
            case Acknowledge():
                self._acknowledge(command)
            case SetLane():
                self._set_lane(command)
            case Approve():
                self._approve(command)
            case Reject():
                if not self._hand.reject(command):
                    self._orphan(command, f"no ticket {command.ticket}")
            case Lease():
                reason = self._wheel.lease(command)
                if reason:
                    self._refuse(command, reason)
            case SetLimits():
                reason = self._relimit.carry_out(command)
                if reason:
                    self._refuse(command, reason)
            case Present():
                self._wheel.present()
            case _:
                assert_never(command)

    def _acknowledge(self, command: Acknowledge) -> None:
        reason = self._spreads.acknowledge(command.pair)
        if reason is None:
            self._orphan(command, f"no pair {command.pair}")
        elif reason:
            self._refuse(command, reason)

    def _approve(self, command: Approve) -> None:
        reason = self._hand.approve(command)
        if reason is None:
            self._orphan(command, f"no ticket {command.ticket}")
        elif reason:
            self._refuse(command, reason, what=command.ticket)

    def _place(self, command: PlaceManual) -> None:
        lane = self._lane(command.lane)
        if lane.strategy or lane.name == MIRROR:
            self._refuse(command, f"{lane.name} is no hand's lane", what=command.ref)
            return
        terms = Terms(
            command.lane, command.market, command.side, command.price, command.qty, command.ttl_ns,
            command.ref, claim=self._tickets.claim(command.market, command.side, command.price),
        )  # fmt: skip
        answer = self._gate.place(terms)
        if isinstance(answer, Refused):
            self._refuse(command, answer.reason, what=command.ref)

    def _cancel(self, command: CancelOrder) -> None:
        found = self._find(command.order, command.lane)
        if found is None:
            self._orphan(command, f"no order {command.order}")
            return
        order = self._newest(found)
        self._hush(order)
        if order.end or order.state == OrderState.FILLED:
            self._refuse(command, _how(order), what=order.id)
        if not order.end:  # under the other rules what is filled rests until now
            self._orders.request_cancel(order, "cancelled by hand")

    def _newest(self, order: Own) -> Own:
        """The order that is on its way to take an order's place, or it itself."""
        while following := next((o for o in self._state.sent.values() if o.replaces == order.id), None):
            order = following
        return order

    def _cancel_all(self, command: CancelAll) -> None:
        if all(order.end for order in self._gate.own(command.lane)):
            self._orphan(command, "no order to cancel")
        self._hush_lane(command.lane)
        self._wheel.cancel_lane(command.lane, "cancel all")

    def _pull(self, command: PullMarket) -> None:
        """Out of a market: its proposals and the lane's orders in it end."""
        mine = command.lane == DESK and self._take_back("pulled", command.market)
        if not mine and all(o.end or o.market != command.market for o in self._gate.own(command.lane)):
            self._orphan(command, f"nothing in {command.market}")
        self._hush_lane(command.lane, command.market)
        self._wheel.cancel_lane(command.lane, "pulled", command.market)

    def _take_back(self, reason: str, market: str) -> bool:
        """A market's proposals end, and do not come again at once; whether there were any."""
        waiting = [
            t for t in self._state.tickets.values() if t.state == TicketState.PROPOSED and t.market == market
        ]
        for ticket in waiting:
            self._tickets.hush(ticket.strategy, market, ticket.side, self._config.desk.rejected_ns)
        self._tickets.withdraw_all(reason, market)
        return bool(waiting)

    def _edit(self, command: Edit) -> None:
        """A smaller size left keeps the queue; anything else is a new order at the back."""
        ticket = self._tickets.standing(command.target, command.lane)
        if ticket is not None:
            reason = self._hand.edit(ticket, command)
            if reason:
                self._refuse(command, reason, what=ticket.id)
            return
        order = self._find(command.target, command.lane)
        if order is None:
            self._orphan(command, f"no ticket or order {command.target}")
            return
        left = order.remaining
        if order.ticket in self._state.cross.legs:
            self._refuse(
                command, "a leg of two is not edited: cancel it, and the other goes with it", what=order.id
            )
            return
        if order.state not in (OrderState.SENT, OrderState.WORKING) or order.end:
            self._refuse(command, _how(order))
        elif (command.price, command.qty) == (order.price, left):
            self._refuse(command, "nothing to change")
        elif any(
            kind == "reduce" and what.startswith(f"{order.id} ") for *_, kind, what in self._state.timers
        ):
            self._refuse(command, "a smaller size is on its way")
        elif self._gate.amends(order) and command.price == order.price and 0 < command.qty < left:
            due = self._state.now + self._config.entry_latency_ns
            order.fixed = True
            self._orders.timer(due, "reduce", f"{order.id} {order.qty - left + command.qty}")
        else:
            self._move(command, order)

    def _move(self, command: Edit, order: Own) -> None:
        """Another order takes this one's place, at the back of the queue, on the person's terms."""
        ttl = max(0, order.expires_ns - self._state.now) if order.expires_ns else 0
        terms = Terms(
            order.lane, order.market, order.side, command.price, command.qty, ttl, order.ref,
            strategy=order.strategy, fixed=True, anchor=command.price,
            claim=self._tickets.claim(order.market, order.side, command.price),
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
        closing = [
            o for o in self._gate.own(lane.name) if o.market == market and o.side == side and not o.end
        ]
        resting = sum(o.remaining for o in closing)
        if resting >= abs(held.qty):
            self._refuse(command, "already closing")
            return
        self._clear_way(lane, market, side)
        price = m.book.ask if side == ASK else m.book.bid
        answer = self._gate.place(Terms(lane.name, market, side, price, abs(held.qty) - resting, 0))
        if isinstance(answer, Refused):
            self._refuse(command, answer.reason)

    def _clear_way(self, lane: Lane, market: str, side: int) -> None:
        """Nothing may add to a position that is being closed: its opening orders end, and so do its tickets."""
        if lane.name == DESK:
            self._take_back("closing", market)
        for order in self._gate.own(lane.name):
            if order.market == market and order.side != side and not order.end:
                self._hush(order)
                self._orders.request_cancel(order, "closing")

    def _flatten(self, command: Flatten) -> None:
        """Out of an event: positions are closed with resting orders, and nothing of it opens any more."""
        if command.lane == DESK:
            for market in {t.market: None for t in self._state.tickets.values()}:
                if self._state.markets[market].market.event == command.event:
                    self._take_back("closing", market)
        for order in self._gate.own(command.lane):
            held = self._lane(command.lane).account.positions.get(order.market)
            elsewhere = held is None or not held.qty
            if (
                elsewhere
                and not order.end
                and self._state.markets[order.market].market.event == command.event
            ):
                self._hush(order)
                self._orders.request_cancel(order, "closing")
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
            if lane.name == DESK and not lane.on:
                self._tickets.withdraw_all("the desk is off")
                for order in self._gate.own(DESK):
                    if order.strategy:
                        self._orders.request_cancel(order, "the desk is off")

    def _lane(self, name: str) -> Lane:
        """A lane, made when it is first named."""
        return self._state.lanes.setdefault(name, Lane(name))

    def _find(self, name: str, hand: str) -> Own | None:
        """An order by its id, or the newest by the ref it was placed with; hindsight and the rest never mix."""
        hindsight = hand == WHAT_IF
        found = self._orders.index.get(name)
        if found is not None:
            return found if (found.lane == WHAT_IF) == hindsight else None
        named = (o for o in reversed(self._orders.index.values()) if o.ref and o.ref == name)
        return next((o for o in named if (o.lane == WHAT_IF) == hindsight), None)

    def _hush(self, order: Own) -> None:
        """What a person took back is not proposed again at once."""
        if order.lane == DESK and order.strategy:
            span = self._config.desk.rejected_ns
            self._tickets.hush(order.strategy, order.market, order.side, span)

    def _hush_lane(self, lane: str, market: str = "") -> None:
        for order in self._gate.own(lane):
            if market in ("", order.market):
                self._hush(order)

    def _orphan(self, command: Command, reason: str) -> None:
        self._state.orphans += 1
        self._tell(command, type(command).__name__, reason, orphan=True)

    def _refuse(self, command: Command, reason: str, what: str = "") -> None:
        name = f"{type(command).__name__} {what}".rstrip()
        self._tell(command, name, reason, orphan=False)

    def _tell(self, command: Command, name: str, reason: str, *, orphan: bool) -> None:
        lane = getattr(command, "lane", DESK)
        self._emit(CommandRefused(self._state.now, name, reason, orphan, lane))


def _how(order: Own) -> str:
    """Why an order cannot be changed any more."""
    return f"order is {order.state}{', ' + order.end if order.end else ''}"

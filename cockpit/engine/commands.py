"""What a person says, carried out. `cockpit.engine.answers` tells what became of it."""

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
from cockpit.domain.effects import Effect
from cockpit.domain.orders import OrderState
from cockpit.domain.units import QTY
from cockpit.engine.answers import Answers, amount, outcome
from cockpit.engine.config import DESK, MIRROR, WHAT_IF, EngineConfig
from cockpit.engine.exits import Exits, how
from cockpit.engine.gate import Gate
from cockpit.engine.hand import Hand
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.relimit import Relimit
from cockpit.engine.risk import Refused
from cockpit.engine.spreads import Spreads
from cockpit.engine.state import State, Ticket
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
        self._answers = Answers(state, emit)
        self._exits = Exits(state, config, orders, gate, tickets, wheel, self._answers)

    def carry_out(self, command: Command) -> None:
        """Do what a command says, or tell why not."""
        hand = getattr(command, "lane", DESK)
        if hand == DESK and not isinstance(command, SetLane):
            self._wheel.noticed()
        if not isinstance(command, PlaceManual | SetLane) and hand not in HANDS:
            self._answers.orphan(command, f"{hand} is no hand's lane")
            return
        match command:
            case PlaceManual():
                self._place(command)
            case CancelOrder():
                self._exits.cancel(command)
            case Edit():
                self._edit(command)
            case PullMarket():
                self._exits.pull(command)
            case CancelAll():
                self._exits.cancel_all(command)
            case Kill():
                self._wheel.kill(command)
            case Resume():
                self._unless(command, self._wheel.resume(command))
            case Unwind():
                self._exits.unwind(command, command.market)
            case Flatten():
                self._exits.flatten(command)
            case ConfirmPair():
                self._state.pairs[command.pair] = command.rules_hash
                self._answers.done(command, "confirmed as the same", target=command.pair)
            case RefusePair():
                self._state.pairs[command.pair] = ""
                self._answers.done(command, "refused: not the same", target=command.pair)
            case Acknowledge():
                self._acknowledge(command)
            case SetLane():
                self._set_lane(command)
            case Approve():
                self._approve(command)
            case Reject():
                self._reject(command)
            case Lease():
                self._unless(command, self._wheel.lease(command))
            case SetLimits():
                self._unless(command, self._relimit.carry_out(command))
            case Present():
                self._wheel.present()
            case _:
                assert_never(command)

    def _unless(self, command: Command, reason: str) -> None:
        """Its own effect says that it was done, unless there is a reason why not."""
        if reason:
            self._answers.refused(command, reason)

    # ------------------------------------------------------------------ proposals and pairs

    def _approve(self, command: Approve) -> None:
        reason = self._hand.approve(command)
        if reason is None:
            self._answers.orphan(command, f"no ticket {command.ticket}")
        elif reason:
            self._answers.refused(command, reason, command.ticket)

    def _reject(self, command: Reject) -> None:
        if not self._hand.reject(command):
            self._answers.orphan(command, f"no ticket {command.ticket}")
        elif command.lane == WHAT_IF:  # the desk's is told as a ticket decided
            self._answers.done(command, f"{command.ticket} rejected in hindsight", target=command.ticket)

    def _acknowledge(self, command: Acknowledge) -> None:
        reason = self._spreads.acknowledge(command.pair)
        if reason is None:
            self._answers.orphan(command, f"no pair {command.pair}")
        elif reason:
            self._answers.refused(command, reason)
        else:
            self._answers.done(
                command, "disagreement acknowledged: approvals there go on", target=command.pair
            )

    # ------------------------------------------------------------------ orders

    def _place(self, command: PlaceManual) -> None:
        lane = self._state.hand(command.lane)
        if lane.strategy or lane.name == MIRROR:
            self._answers.refused(command, f"{lane.name} is no hand's lane", command.ref)
            return
        terms = Terms(
            command.lane, command.market, command.side, command.price, command.qty, command.ttl_ns,
            command.ref, claim=self._tickets.claim(command.market, command.side, command.price),
        )  # fmt: skip
        answer = self._gate.place(terms)
        if isinstance(answer, Refused):
            self._answers.refused(command, answer.reason, command.ref)

    def _edit(self, command: Edit) -> None:
        """A smaller size left keeps the queue; anything else is a new order at the back."""
        ticket = self._tickets.standing(command.target, command.lane)
        if ticket is not None:
            self._edit_ticket(command, ticket)
            return
        order = self._exits.find(command.target, command.lane)
        if order is None:
            self._answers.orphan(command, f"no ticket or order {command.target}")
            return
        left = order.remaining
        if order.ticket in self._state.cross.legs:
            reason = "a leg of two is not edited: cancel it, and the other goes with it"
            self._answers.refused(command, reason, order.id)
        elif order.state not in (OrderState.SENT, OrderState.WORKING) or order.end:
            self._answers.refused(command, how(order))
        elif (command.price, command.qty) == (order.price, left):
            self._answers.refused(command, "nothing to change")
        elif any(
            kind == "reduce" and what.startswith(f"{order.id} ") for *_, kind, what in self._state.timers
        ):
            self._answers.refused(command, "a smaller size is on its way")
        elif self._gate.amends(order) and command.price == order.price and 0 < command.qty < left:
            self._cut(command, order)
        else:
            self._move(command, order)

    def _edit_ticket(self, command: Edit, ticket: Ticket) -> None:
        """Terms of a person's own: told as such, for a new revision alone could be a strategy's."""
        was = amount(ticket.side, ticket.price, ticket.qty)
        reason = self._hand.edit(ticket, command)
        if reason:
            self._answers.refused(command, reason, ticket.id)
            return
        now = f"{outcome(ticket.side)} {amount(ticket.side, ticket.price, ticket.qty)}"
        what = f"{ticket.id} edited by hand: {now}, was {was}"
        self._answers.done(command, what, target=ticket.id, market=ticket.market)

    def _cut(self, command: Edit, order: Own) -> None:
        """A smaller size is sent: told at once, for the order may end before it arrives."""
        left = order.remaining
        order.fixed = True
        due = self._state.now + self._config.entry_latency_ns
        self._orders.timer(due, "reduce", f"{order.id} {order.qty - left + command.qty}")
        what = f"{order.id} cut by hand: {command.qty / QTY:g} left to fill, was {left / QTY:g}"
        self._answers.done(command, what, target=order.id, market=order.market)

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
            self._answers.refused(command, answer.reason)

    # ------------------------------------------------------------------ lanes

    def _set_lane(self, command: SetLane) -> None:
        lane = self._state.lanes.get(command.lane)
        if lane is None:
            self._answers.orphan(command, f"no lane {command.lane}")
            return
        lane.on = command.on
        if lane.on and not lane.failed:
            lane.begin(self._state.now)
        else:
            lane.end(self._state.now)
        if lane.name == DESK and not lane.on:
            self._exits.desk_off()
        self._answers.done(command, f"{lane.name} switched {'on' if lane.on else 'off'}", target=lane.name)

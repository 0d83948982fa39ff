"""Ways out by hand: one order, all of a market or a lane, a position, an event, and the desk switched off.

What a person took back is not proposed again at once.
"""

from cockpit.domain.commands import CancelAll, CancelOrder, Flatten, PullMarket, Unwind
from cockpit.domain.orders import OrderState, TicketState
from cockpit.domain.units import ASK, BID
from cockpit.engine.answers import Answers
from cockpit.engine.config import DESK, WHAT_IF, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.orders import Orders
from cockpit.engine.queue import Own
from cockpit.engine.risk import Refused
from cockpit.engine.state import Lane, State
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets
from cockpit.engine.wheel import Wheel


class Exits:
    """Over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        wheel: Wheel,
        answers: Answers,
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._wheel = wheel
        self._answers = answers

    # ------------------------------------------------------------------ orders

    def cancel(self, command: CancelOrder) -> None:
        """One order, or the one that is on its way to take its place."""
        found = self.find(command.order, command.lane)
        if found is None:
            self._answers.orphan(command, f"no order {command.order}")
            return
        order = self._newest(found)
        self._hush(order)
        if order.end or order.state == OrderState.FILLED:
            self._answers.refused(command, how(order), order.id)
        if not order.end:  # under the other rules what is filled rests until now
            self._orders.request_cancel(order, "cancelled by hand")

    def cancel_all(self, command: CancelAll) -> None:
        """Every order of a lane."""
        if all(order.end for order in self._gate.own(command.lane)):
            self._answers.orphan(command, "no order to cancel")
        self._hush_lane(command.lane)
        self._wheel.cancel_lane(command.lane, "cancel all")

    def pull(self, command: PullMarket) -> None:
        """Out of a market: its proposals and the lane's orders in it end."""
        mine = command.lane == DESK and self._take_back("pulled", command.market)
        if not mine and all(o.end or o.market != command.market for o in self._gate.own(command.lane)):
            self._answers.orphan(command, f"nothing in {command.market}")
        self._hush_lane(command.lane, command.market)
        self._wheel.cancel_lane(command.lane, "pulled", command.market)

    def desk_off(self) -> None:
        """No proposals, and what came from one is taken back; what was placed by hand stays."""
        self._tickets.withdraw_all("the desk is off")
        for order in self._gate.own(DESK):
            if order.strategy:
                self._orders.request_cancel(order, "the desk is off")

    def find(self, name: str, hand: str) -> Own | None:
        """An order by its id, or the newest by the ref it was placed with; hindsight and the rest never mix."""
        hindsight = hand == WHAT_IF
        found = self._orders.index.get(name)
        if found is not None:
            return found if (found.lane == WHAT_IF) == hindsight else None
        named = (o for o in reversed(self._orders.index.values()) if o.ref and o.ref == name)
        return next((o for o in named if (o.lane == WHAT_IF) == hindsight), None)

    def _newest(self, order: Own) -> Own:
        """The order that is on its way to take an order's place, or it itself."""
        while following := next((o for o in self._state.sent.values() if o.replaces == order.id), None):
            order = following
        return order

    # ------------------------------------------------------------------ positions

    def unwind(self, command: Unwind | Flatten, market: str) -> None:
        """Rest what would close the position and is not resting yet, at the best of its side."""
        lane = self._state.hand(command.lane)
        held = lane.account.positions.get(market)
        m = self._state.markets.get(market)
        if held is None or not held.qty or m is None:
            self._answers.orphan(command, f"no position in {market}")
            return
        side = ASK if held.qty > 0 else BID
        closing = [
            o for o in self._gate.own(lane.name) if o.market == market and o.side == side and not o.end
        ]
        resting = sum(o.remaining for o in closing)
        if resting >= abs(held.qty):
            self._answers.refused(command, "already closing")
            return
        self._clear_way(lane, market, side)
        price = m.book.ask if side == ASK else m.book.bid
        answer = self._gate.place(Terms(lane.name, market, side, price, abs(held.qty) - resting, 0))
        if isinstance(answer, Refused):
            self._answers.refused(command, answer.reason)

    def flatten(self, command: Flatten) -> None:
        """Out of an event: positions are closed with resting orders, and nothing of it opens any more."""
        if command.lane == DESK:
            for market in {t.market: None for t in self._state.tickets.values()}:
                if self._state.markets[market].market.event == command.event:
                    self._take_back("closing", market)
        for order in self._gate.own(command.lane):
            held = self._state.hand(command.lane).account.positions.get(order.market)
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
            for name, held in self._state.hand(command.lane).account.positions.items()
            if held.qty and self._state.markets[name].market.event == command.event
        ]
        if not markets:
            self._answers.orphan(command, f"no position in {command.event}")
        for market in markets:
            self.unwind(command, market)

    def _clear_way(self, lane: Lane, market: str, side: int) -> None:
        """Nothing may add to a position that is being closed: its opening orders end, and so do its tickets."""
        if lane.name == DESK:
            self._take_back("closing", market)
        for order in self._gate.own(lane.name):
            if order.market == market and order.side != side and not order.end:
                self._hush(order)
                self._orders.request_cancel(order, "closing")

    # ------------------------------------------------------------------ not again at once

    def _take_back(self, reason: str, market: str) -> bool:
        """A market's proposals end, and do not come again at once; whether there were any."""
        waiting = [
            t for t in self._state.tickets.values() if t.state == TicketState.PROPOSED and t.market == market
        ]
        for ticket in waiting:
            self._tickets.hush(ticket.strategy, market, ticket.side, self._config.desk.rejected_ns)
        self._tickets.withdraw_all(reason, market)
        return bool(waiting)

    def _hush(self, order: Own) -> None:
        if order.lane == DESK and order.strategy:
            span = self._config.desk.rejected_ns
            self._tickets.hush(order.strategy, order.market, order.side, span)

    def _hush_lane(self, lane: str, market: str = "") -> None:
        for order in self._gate.own(lane):
            if market in ("", order.market):
                self._hush(order)


def how(order: Own) -> str:
    """Why an order cannot be changed any more."""
    return f"order is {order.state}{', ' + order.end if order.end else ''}"

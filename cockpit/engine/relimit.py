"""New limits for the desk, carried out.

threshold     raised: proposals and orders whose low side is under half of the new one end, as they always do
caps          what rests stays, and what is new is refused
day loss      counts at the next look, within a second; a day that was stopped stays stopped
strategies    one that is taken off the desk leaves no proposal and no working order; positions stay
"""

from collections.abc import Callable, Sequence

from cockpit.domain.commands import SetLimits
from cockpit.domain.effects import Effect, LimitSet
from cockpit.domain.orders import TicketState
from cockpit.engine.config import DESK, MIRROR
from cockpit.engine.gate import Gate
from cockpit.engine.lanes import Lanes
from cockpit.engine.limits import changes, wrong
from cockpit.engine.orders import Orders
from cockpit.engine.state import State, Ticket
from cockpit.engine.tickets import Tickets
from cockpit.engine.wheel import Wheel


class Relimit:
    """Over the engine's state."""

    def __init__(
        self,
        state: State,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        wheel: Wheel,
        lanes: Lanes,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._wheel = wheel
        self._lanes = lanes
        self._emit = emit

    def carry_out(self, command: SetLimits) -> str:
        """Set them, and what follows from it at once; the reason if they cannot be set."""
        limits = self._gate.limits
        before = limits.now
        reason = wrong(command)
        if reason:
            return reason
        changed = changes(before, command)
        if not changed:
            return "nothing to change"
        limits.set(command)
        for each in changed:
            self._emit(LimitSet(self._state.now, *each))
        if command.threshold > before.threshold:
            self._tickets.outgrown()
        if command.strategies != before.strategies:
            self._lanes.staff(command.strategies)
            self._dismiss([name for name in before.strategies if name not in command.strategies])
        return ""

    def _dismiss(self, versions: Sequence[str]) -> None:
        """Versions taken off the desk: what they proposed, and what rests of theirs there and at the mirror."""
        state, nobody = self._state, not self._gate.limits.strategies
        for ticket in list(state.tickets.values()):
            if ticket.state == TicketState.PROPOSED and (
                ticket.strategy in versions or (nobody and self._opens_a_pair(ticket))
            ):
                self._tickets.withdraw(ticket, f"{ticket.strategy} is off the desk")
        for lane in (DESK, MIRROR):
            for order in self._gate.own(lane):
                if order.strategy in versions:
                    self._orders.request_cancel(order, f"{order.strategy} is off the desk")
        state.wishes = {
            key: since for key, since in state.wishes.items() if key.split(" ")[0] not in versions
        }
        if nobody:
            self._wheel.end_lease("no strategy is on the desk")

    def _opens_a_pair(self, ticket: Ticket) -> bool:
        """Whether it is a leg of two; what hedges a naked one is not held back."""
        leg = self._state.cross.legs.get(ticket.id)
        return leg is not None and not leg.hedge

"""Orders and tickets as state machines: one table each, and nothing else decides what may follow what.

An order is SENT until it reaches the venue (entry latency), WORKING until its quantity or its life ends, and
CANCELLING while a cancel is on its way: a fill before the cancel takes effect stands. A ticket is a proposal
for an order; a person approves it.
"""

from enum import StrEnum

from cockpit.domain.errors import InvariantError


class OrderState(StrEnum):
    """Where an order is in its life."""

    SENT = "sent"
    WORKING = "working"
    CANCELLING = "cancelling"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REFUSED = "refused"


class TicketState(StrEnum):
    """Where a ticket is in its life."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    WORKING = "working"
    PARTLY_FILLED = "partly filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REFUSED = "refused"


_O = OrderState
ORDER_STEPS: dict[tuple[OrderState, str], OrderState] = {
    (_O.SENT, "live"): _O.WORKING,
    (_O.SENT, "refuse"): _O.REFUSED,
    (_O.SENT, "cancel"): _O.CANCELLED,
    (_O.WORKING, "cancel sent"): _O.CANCELLING,
    (_O.WORKING, "fill"): _O.WORKING,
    (_O.WORKING, "filled"): _O.FILLED,
    (_O.WORKING, "cancel"): _O.CANCELLED,
    (_O.CANCELLING, "cancel sent"): _O.CANCELLING,
    (_O.CANCELLING, "fill"): _O.CANCELLING,
    (_O.CANCELLING, "filled"): _O.FILLED,
    (_O.CANCELLING, "cancel"): _O.CANCELLED,
}
"""(state, what happens) -> next state. FILLED, CANCELLED and REFUSED are ends."""

_T = TicketState
TICKET_STEPS: dict[tuple[TicketState, str], TicketState] = {
    (_T.PROPOSED, "approve"): _T.APPROVED,
    (_T.PROPOSED, "reject"): _T.REJECTED,
    (_T.PROPOSED, "expire"): _T.EXPIRED,
    (_T.PROPOSED, "withdraw"): _T.WITHDRAWN,
    (_T.APPROVED, "live"): _T.WORKING,
    (_T.APPROVED, "refuse"): _T.REFUSED,
    (_T.APPROVED, "cancel"): _T.CANCELLED,
    (_T.WORKING, "fill"): _T.PARTLY_FILLED,
    (_T.WORKING, "filled"): _T.FILLED,
    (_T.WORKING, "cancel"): _T.CANCELLED,
    (_T.PARTLY_FILLED, "fill"): _T.PARTLY_FILLED,
    (_T.PARTLY_FILLED, "filled"): _T.FILLED,
    (_T.PARTLY_FILLED, "cancel"): _T.CANCELLED,
}
"""(state, what happens) -> next state. What follows nothing is an end."""
ENDS = frozenset(_T) - {state for state, _ in TICKET_STEPS}
"""States of a ticket that nothing follows."""


def order_step(state: OrderState, what: str) -> OrderState:
    """The state after ``what`` happens to an order.

    Raises:
        InvariantError: when the table has no such step.
    """
    following = ORDER_STEPS.get((state, what))
    if following is None:
        raise InvariantError(f"{what!r} cannot happen to an order that is {state}")
    return following


def ticket_step(state: TicketState, what: str) -> TicketState:
    """The state after ``what`` happens to a ticket.

    Raises:
        InvariantError: when the table has no such step.
    """
    following = TICKET_STEPS.get((state, what))
    if following is None:
        raise InvariantError(f"{what!r} cannot happen to a ticket that is {state}")
    return following

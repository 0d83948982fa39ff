"""The two tables of steps: what may follow what, and nothing else."""

from itertools import product

import pytest

from cockpit.domain.errors import CockpitError, FeedError, InputError, InvariantError
from cockpit.domain.orders import (
    ORDER_STEPS,
    TICKET_STEPS,
    OrderState,
    TicketState,
    order_step,
    ticket_step,
)

ORDER_ENDS = {OrderState.FILLED, OrderState.CANCELLED, OrderState.REFUSED}
TICKET_ENDS = {
    TicketState.REJECTED,
    TicketState.EXPIRED,
    TicketState.WITHDRAWN,
    TicketState.FILLED,
    TicketState.CANCELLED,
    TicketState.REFUSED,
}


@pytest.mark.parametrize(
    "life",
    [
        "sent live working fill working filled filled",
        "sent live working cancel-sent cancelling fill cancelling cancel cancelled",
        "sent live working cancel-sent cancelling filled filled",
        "sent live working cancel-sent cancelling cancel-sent cancelling cancel cancelled",
        "sent live working cancel cancelled",
        "sent refuse refused",
        "sent cancel cancelled",
    ],
)
def test_lives_of_an_order(life: str) -> None:
    first, *steps = life.split()
    state = OrderState(first)
    for what, after in zip(steps[::2], steps[1::2], strict=True):
        state = order_step(state, what.replace("-", " "))
        assert state == OrderState(after)
    assert state in ORDER_ENDS


@pytest.mark.parametrize(
    "life",
    [
        "proposed approve approved live working fill partly-filled filled filled",
        "proposed approve approved live working filled filled",
        "proposed approve approved live working fill partly-filled fill partly-filled cancel cancelled",
        "proposed approve approved refuse refused",
        "proposed reject rejected",
        "proposed expire expired",
        "proposed withdraw withdrawn",
    ],
)
def test_lives_of_a_ticket(life: str) -> None:
    first, *steps = life.split()
    state = TicketState(first)
    for what, after in zip(steps[::2], steps[1::2], strict=True):
        state = ticket_step(state, what.replace("-", " "))
        assert state == TicketState(after.replace("-", " "))
    assert state in TICKET_ENDS


@pytest.mark.parametrize(
    ("state", "what"),
    sorted(set(product(OrderState, {what for _, what in ORDER_STEPS})) - ORDER_STEPS.keys()),
)
def test_any_other_step_of_an_order_is_a_fault_of_ours(state: OrderState, what: str) -> None:
    with pytest.raises(InvariantError, match=f"'{what}' cannot happen to an order that is {state}"):
        order_step(state, what)


@pytest.mark.parametrize(
    ("state", "what"),
    sorted(set(product(TicketState, {what for _, what in TICKET_STEPS})) - TICKET_STEPS.keys()),
)
def test_any_other_step_of_a_ticket_is_a_fault_of_ours(state: TicketState, what: str) -> None:
    with pytest.raises(InvariantError, match=f"'{what}' cannot happen to a ticket that is {state}"):
        ticket_step(state, what)


def test_an_end_is_an_end_and_everything_else_has_a_way_on() -> None:
    assert {state for state, _ in ORDER_STEPS} == set(OrderState) - ORDER_ENDS
    assert {state for state, _ in TICKET_STEPS} == set(TicketState) - TICKET_ENDS


def test_every_state_can_be_reached() -> None:
    assert set(ORDER_STEPS.values()) | {OrderState.SENT} == set(OrderState)
    assert set(TICKET_STEPS.values()) | {TicketState.PROPOSED} == set(TicketState)


def test_our_faults_stand_apart_from_theirs() -> None:
    """An unreadable frame is never taken for a bug, nor a bug for an unreadable frame."""
    assert not issubclass(InvariantError, FeedError | InputError)
    assert issubclass(InvariantError, CockpitError)
    assert InputError.exit_code == 3

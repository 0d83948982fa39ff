"""Two-leg trades: raised, approved, refused and ended together; a naked leg, its alert and its hedge."""

import pytest

from cockpit.domain.commands import Acknowledge, CancelOrder, Edit, SetLane, Unwind
from cockpit.domain.effects import (
    Alert,
    OrderCancelled,
    OrderPlaced,
    TicketDecided,
    TicketExpired,
    TicketWithdrawn,
)
from cockpit.domain.units import ASK, BID, MONEY, QTY
from cockpit.engine.risk import Caps
from tests.unit.engine.paired import LONG, A, B, Two, refused

APART = {"here": (40, 44), "there": (49, 53)}
"""Resting YES at 40 there and NO at 47 here costs 87 cents; taking both 44 + 51 = 95."""


@pytest.fixture
def two():
    made = Two()
    made.confirm()
    made.books(**APART)
    made.at(1_000)
    made.send(Acknowledge(made.t, made.pair.name))
    return made


def fill_a(two, qty=10):
    """Somebody sells YES on A down to our bid, behind all who were before us."""
    two.trade(A, 40, 100 + qty, ASK)


def test_both_legs_rest_at_the_best_of_their_own_side(two):
    a, b = two.tickets
    assert (a.market, a.side, a.price) == (A, BID, 4_000)
    assert (b.market, b.side, b.price) == (B, ASK, 5_300)
    assert a.qty == b.qty == 10 * QTY
    assert (a.partner, b.partner) == (b.id, a.id)
    assert a.reason.number("ev") > 0
    assert a.reason.number("after basis") == pytest.approx(0.13 - 0.0025)


def test_nothing_is_proposed_for_a_pair_nobody_has_confirmed():
    two = Two()
    two.books(**APART)
    assert not two.at(3_000).tickets


def test_nothing_is_proposed_where_the_other_leg_is_rarely_filled_too():
    two = Two(rho=-0.3)
    two.confirm()
    two.books(**APART)
    assert not two.at(3_000).tickets


def test_nothing_is_proposed_while_the_desk_is_off(two):
    two.send(SetLane(two.t, "desk", False))
    assert not two.at(70_000).tickets
    two.send(SetLane(two.t, "desk", True))
    assert len(two.at(72_000).tickets) == 2


def test_no_hedge_is_proposed_while_the_desk_is_off(two):
    two.approve()
    fill_a(two)
    two.at(2_000)
    out = two.send(SetLane(two.t, "desk", False))
    assert [e.reason for e in out if isinstance(e, OrderCancelled)] == ["the desk is off"]
    assert not two.at(8_000).tickets
    two.send(SetLane(two.t, "desk", True))
    (hedge,) = two.at(10_000).tickets
    assert (hedge.market, hedge.strategy) == (B, "hedge")


def test_one_approval_sends_both(two):
    assert refused(two.approve()) == []
    assert {(o.market, o.side, o.price) for o in two.of(OrderPlaced)} == {(A, BID, 4_000), (B, ASK, 5_300)}
    assert not two.tickets
    assert [d.decision for d in two.of(TicketDecided)] == ["approved", "approved"]


def test_the_second_ticket_sends_both_as_well(two):
    two.approve(two.tickets[1])
    assert len(two.of(OrderPlaced)) == 2


def test_one_refusal_refuses_both(two):
    two.reject()
    assert not two.tickets
    assert [d.decision for d in two.of(TicketDecided)] == ["rejected", "rejected"]


def test_both_expire_and_both_are_withdrawn():
    short = Two(life_ns=3 * LONG)
    short.confirm()
    short.books(**APART)
    short.at(2_000)
    assert len(short.tickets) == 2
    short.at(30_000)
    assert len(short.of(TicketExpired)) >= 2
    again = Two()
    again.confirm()
    again.books(**APART)
    again.at(1_000)
    again.books(here=(47, 51), there=(49, 53))
    again.at(2_000)
    assert len(again.of(TicketWithdrawn)) == 2
    assert not again.tickets


def test_if_risk_refuses_one_none_is_sent():
    two = Two(caps=Caps(total=5 * MONEY))
    two.confirm()
    two.books(**APART)
    two.at(1_000)
    two.send(Acknowledge(two.t, two.pair.name))
    assert len(two.tickets) == 2
    assert refused(two.approve()) == ["total cap"]
    assert not two.of(OrderPlaced)


def test_a_leg_is_not_edited_alone(two):
    t = two.tickets[0]
    assert "leg" in refused(two.send(Edit(two.t, t.id, t.price - 100, t.qty)))[0]


def test_an_unacknowledged_disagreement_stops_the_approval():
    two = Two()
    two.confirm()
    two.books(here=(40, 44), there=(53, 57))
    two.at(1_000)
    assert "disagree" in refused(two.approve())[0]
    two.send(Acknowledge(two.t, two.pair.name))
    assert refused(two.approve()) == []


def test_a_disagreement_that_grows_is_a_new_one():
    two = Two()
    two.confirm()
    two.books(here=(40, 44), there=(53, 57))
    two.at(1_000)
    two.send(Acknowledge(two.t, two.pair.name))
    assert not two.engine.spreads.blocks(A)
    two.books(here=(40, 44), there=(57, 61))
    two.at(2_000)
    assert "disagree" in two.engine.spreads.blocks(A)
    two.books(here=(40, 44), there=(41, 45))
    two.at(3_000)
    assert not two.engine.spreads.blocks(A)
    two.at(62_000)
    assert two.engine.state.cross.acknowledged
    two.at(65_000)
    assert not two.engine.state.cross.acknowledged


def test_there_must_be_something_to_acknowledge(two):
    two.books(here=(40, 44), there=(41, 45))
    two.at(2_000)
    assert refused(two.send(Acknowledge(two.t, two.pair.name))) == ["the venues do not disagree here"]


def test_a_leg_filled_alone_is_told_and_its_hedge_stands_first(two):
    two.approve()
    fill_a(two)
    two.at(2_000)
    trade = two.engine.state.cross.trades["S-1"]
    assert (trade.naked, trade.lead, trade.since_ns) == (10 * QTY, 0, two.t)
    assert [each.kind for each in two.of(Alert)] == ["naked"]
    assert not two.tickets  # the other leg works at the best of its side: there is nothing to add


def test_a_lagging_leg_behind_the_market_is_moved_by_a_hedge_ticket(two):
    two.approve()
    fill_a(two)
    two.book(A, 39, 44)
    two.book(B, 46, 50)
    two.at(2_000)
    (hedge,) = two.tickets
    assert (hedge.market, hedge.side, hedge.price, hedge.qty) == (B, ASK, 5_000, 10 * QTY)
    assert hedge.replaces
    assert refused(two.approve(hedge)) == []
    two.trade(B, 50, 110, BID)
    two.at(4_000)
    assert "S-1" not in two.engine.state.cross.trades
    assert not two.engine.state.cross.legs


def test_a_hedge_needs_no_edge_and_follows_the_market(two):
    two.approve()
    fill_a(two)
    two.book(A, 39, 44)
    two.book(B, 30, 34)
    two.at(2_000)
    (hedge,) = two.tickets
    assert hedge.price == 3_400
    two.book(B, 28, 31)
    two.at(7_000)
    (hedge,) = two.tickets
    assert hedge.price == 3_100
    assert refused(two.approve(hedge)) == []


def test_a_hedge_too_small_for_the_venue_is_told_once(two):
    two.approve()
    fill_a(two, 3)
    two.book(A, 39, 44)
    two.book(B, 46, 50)
    two.at(6_000)
    assert not two.tickets
    assert [each.text for each in two.of(Alert)][1:] == [
        "S-1 cannot be hedged now: below the venue's least size of 5"
    ]


def test_a_leg_behind_the_market_rests_on_while_the_pair_is_worth_it_at_its_own_price(two):
    two.approve()
    two.books(here=(41, 45), there=(49, 53))
    two.at(4_000)
    assert not two.of(OrderCancelled)
    two.books(here=(37, 43), there=(49, 53))  # ours stays at 40, which is three cents too dear by now
    two.at(6_000)
    assert not two.of(OrderCancelled)
    two.books(here=(40, 44), there=(36, 40))  # hedged at 60 what is filled at 40 earns nothing
    two.at(8_000)
    assert {c.market for c in two.of(OrderCancelled)} == {A, B}


def test_the_mirror_does_not_rest_legs():
    mirrored = Two(mirror=True)
    mirrored.confirm()
    mirrored.books(**APART)
    mirrored.at(20_000)
    assert mirrored.tickets
    assert not mirrored.engine.state.mirrored
    assert not mirrored.engine.state.lanes["mirror"].working


def test_unwinding_the_naked_leg_ends_it(two):
    two.approve()
    fill_a(two)
    two.at(2_000)
    other = next(o for o in two.engine.orders.index.values() if o.market == B)
    two.send(CancelOrder(two.t, other.id))
    two.send(Unwind(two.t, A))
    two.trade(A, 44, 110, BID)
    two.at(3_000)
    two.at(4_000)
    assert not two.engine.state.lanes["desk"].account.positions[A].qty
    assert "S-1" not in two.engine.state.cross.trades


def test_working_legs_are_taken_back_together_when_the_pair_is_not_worth_it(two):
    two.approve()
    two.books(here=(55, 56), there=(49, 50))
    two.at(3_000)
    assert {c.market for c in two.of(OrderCancelled)} == {A, B}
    two.at(4_000)
    assert "S-1" not in two.engine.state.cross.trades


def test_a_run_taken_up_from_its_opening_goes_on_alike(two):
    two.approve()
    fill_a(two, 4)
    two.at(2_500)
    other = two.reborn()
    for each in (two, other):
        each.effects.clear()
        each.book(B, 46, 50)
        each.at(9_000)
    assert two.effects == other.effects
    assert two.engine.opening() == other.engine.opening()

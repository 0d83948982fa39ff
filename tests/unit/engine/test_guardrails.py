"""Ways money could have moved without a person, or past a limit: each is shut, and stays so."""

import pytest

from cockpit.domain.commands import (
    Approve,
    CancelAll,
    CancelOrder,
    Edit,
    Flatten,
    Lease,
    PlaceManual,
    Present,
    PullMarket,
    Reject,
    SetLane,
    Unwind,
)
from cockpit.domain.effects import (
    OrderCancelled,
    OrderPlaced,
    RiskHalt,
    TicketDecided,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import BookSnapshot, MarketSettled, Trade
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND
from cockpit.engine.config import DESK, MIRROR, WHAT_IF
from cockpit.engine.risk import Caps
from cockpit.strategies.base import Cancel, Place, Reason
from cockpit.strategies.versions import VERSIONS

from .priced import CLOSE, EVENT, OTHER, T0, Desk, M, Puppet, dollars, refused  # noqa: TID252  the tests are no package

MINUTE = 60 * SECOND
RICH = dollars(500)


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(VERSIONS, "puppet", made)
    return made


def placed(desk: Desk, lane: str = DESK) -> list[tuple[int, int]]:
    return [(e.price // 100, e.qty // QTY) for e in desk.of(OrderPlaced) if e.lane == lane]


@pytest.fixture
def working(puppet: Puppet) -> Desk:
    """10 YES at 70 approved by hand, and a lease of one tick with all the risk in the world."""
    puppet.place(70, 10)
    desk = Desk(puppet)
    desk.at(1_750)
    desk.approve()
    desk.send(Lease(desk.t, 1, RICH, 10 * MINUTE))
    return desk


class TestTheLease:
    def test_never_moves_an_order_beyond_its_ticks(self, working: Desk) -> None:
        working.book({74: 5}, {79: 5})
        working.puppet.move(75)
        working.at(5_000)
        assert placed(working) == [(70, 10)]
        assert [e.decision for e in working.of(TicketDecided)] == ["approved"]
        assert working.ticket.replaces == "desk-1"

    def test_does_not_walk_from_tick_to_tick(self, working: Desk) -> None:
        for price in range(71, 78):
            working.book({price: 5}, {price + 4: 5})
            working.puppet.move(price)
            working.at((working.t - T0) / 1e6 + 2_000)
        assert placed(working) == [(70, 10), (71, 10)]

    def test_pays_for_what_a_move_adds(self, working: Desk) -> None:
        working.puppet.move(71)
        working.at(4_000)
        assert working.engine.state.lease is not None
        assert working.engine.state.lease.risk == RICH - dollars(0.10)

    def test_moves_no_more_than_its_strategy_wants(self, working: Desk) -> None:
        working.puppet.move(71, qty=3)
        working.at(4_000)
        assert placed(working) == [(70, 10), (71, 3)]

    @pytest.mark.parametrize("how", ["cancel", "pull", "all"])
    def test_does_not_send_again_what_a_person_took_back(self, working: Desk, how: str) -> None:
        t = working.t
        working.send({"cancel": CancelOrder(t, "desk-1"), "pull": PullMarket(t, M), "all": CancelAll(t)}[how])
        working.at(20_000)
        assert placed(working) == [(70, 10)]

    def test_leaves_a_persons_own_terms_alone(self, working: Desk) -> None:
        working.send(Edit(working.t, "desk-1", 6900, 10 * QTY))
        working.puppet.move(70)
        working.at(10_000)
        assert placed(working) == [(70, 10), (69, 10)]

    def test_gets_back_what_was_not_filled(self, puppet: Puppet) -> None:
        puppet.place(70, 10, ttl_s=5)
        desk = Desk(puppet, expired_ns=0)
        desk.send(Lease(desk.t, 1, dollars(10), 10 * MINUTE))
        desk.at(3_000)
        assert desk.engine.state.lease is not None
        assert desk.engine.state.lease.risk == dollars(3)
        desk.puppet.take_back()
        desk.at(9_000)
        assert desk.engine.state.lease.risk == dollars(10)


class TestMoving:
    def moving(self, puppet: Puppet) -> Desk:
        """desk-1 works at 70, and a ticket would move it to 71."""
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(1_750)
        desk.approve()
        puppet.move(71)
        desk.at(4_000)
        assert desk.ticket.replaces == "desk-1"
        return desk

    def test_an_order_that_has_filled_is_not_sent_twice(self, puppet: Puppet) -> None:
        desk = self.moving(puppet)
        desk.send(Trade(desk.t, desk.t, M, 7000, 150 * QTY, ASK))
        assert refused(desk.approve()) == ["the order it would move has changed"]
        desk.at(6_000)
        assert "the order it would move has changed" in [e.reason for e in desk.of(TicketWithdrawn)]

    def test_what_it_filled_meanwhile_is_no_longer_moved(self, puppet: Puppet) -> None:
        desk = self.moving(puppet)
        desk.send(Trade(desk.t, desk.t, M, 7000, 104 * QTY, ASK))
        assert refused(desk.approve()) == ["the order it would move has changed"]
        puppet.say = lambda _s, _m: ()
        desk.at(6_000)
        assert (desk.ticket.id, desk.ticket.qty, desk.ticket.rev) == ("T-2", 6 * QTY, 2)
        assert refused(desk.approve()) == []
        assert placed(desk) == [(70, 10), (71, 6)]

    def test_caps_hold_while_both_are_under_way(self, puppet: Puppet) -> None:
        caps = Caps(order=dollars(8), market=dollars(8), event=dollars(8), total=dollars(8))
        desk = Desk(puppet, caps=caps, latency_ms=250)
        desk.send(PlaceManual(desk.t, M, BID, 7000, 10 * QTY, ref="a"))
        desk.at(1_000)
        desk.send(Edit(desk.t, "a", 7100, 10 * QTY))
        desk.send(Trade(desk.t, desk.t, M, 6900, 10 * QTY, ASK))
        desk.at(2_000)
        desk.send(Trade(desk.t, desk.t, M, 6900, 50 * QTY, ASK))
        held = desk.engine.state.lanes[DESK].account.positions[M]
        assert (held.qty, held.cost) == (10 * QTY, dollars(7))


class TestClosing:
    def held(self, puppet: Puppet, **more: object) -> Desk:
        desk = Desk(puppet, **more)  # type: ignore[arg-type]
        desk.send(PlaceManual(desk.t, M, BID, 7000, 100 * QTY))
        desk.send(Trade(desk.t, desk.t, M, 6900, 100 * QTY, ASK))
        return desk

    def test_flattening_ends_what_would_open_again(self, puppet: Puppet) -> None:
        desk = self.held(puppet)
        desk.book({60: 5}, {74: 5}, OTHER)
        desk.send(PlaceManual(desk.t, M, BID, 6800, 5 * QTY))
        desk.send(PlaceManual(desk.t, OTHER, BID, 5900, 5 * QTY))
        desk.send(Flatten(desk.t, EVENT))
        ended = {(e.order, e.reason) for e in desk.of(OrderCancelled)}
        assert ended == {("desk-2", "closing"), ("desk-3", "closing")}
        assert placed(desk)[-1] == (74, 100)

    def test_unwinding_ends_them_in_its_market_only(self, puppet: Puppet) -> None:
        desk = self.held(puppet)
        desk.book({60: 5}, {74: 5}, OTHER)
        desk.send(PlaceManual(desk.t, M, BID, 6800, 5 * QTY))
        desk.send(PlaceManual(desk.t, OTHER, BID, 5900, 5 * QTY))
        desk.send(Unwind(desk.t, M))
        assert [e.order for e in desk.of(OrderCancelled)] == ["desk-2"]

    def test_two_closing_orders_cannot_turn_the_position(self, puppet: Puppet) -> None:
        desk = self.held(puppet, day_loss=dollars(1))
        desk.book({60: 500}, {64: 500})
        desk.at(8_000)
        assert [e.reason for e in desk.of(RiskHalt)] == ["day loss limit"]
        sale = PlaceManual(desk.t, M, ASK, 6400, 60 * QTY)
        assert refused(desk.send(sale)) == []
        assert refused(desk.send(sale)) == ["day loss limit"]
        assert refused(desk.send(Unwind(desk.t, M))) == []
        assert placed(desk)[1:] == [(64, 60), (64, 40)]

    def test_an_exit_is_a_ticket_that_says_so_and_needs_no_edge(self, puppet: Puppet) -> None:
        desk = self.held(puppet)
        exit_ = Reason("passive exit, may not fill", (("bound: fixed", 1.0),))
        puppet.say = lambda _, mine: () if mine.orders else (Place(ASK, 7400, 40 * QTY, 0, exit_),)
        desk.at(2_000)
        assert (desk.ticket.side, desk.ticket.qty, desk.ticket.bound) == (
            ASK, 40 * QTY, "passive exit, may not fill",
        )  # fmt: skip
        assert refused(desk.approve()) == []
        assert placed(desk)[-1] == (74, 40)

    def test_unwinding_has_room_under_the_order_cap(self, puppet: Puppet) -> None:
        desk = self.held(puppet, caps=Caps(order=dollars(71)))
        desk.book({20: 5}, {24: 5})
        assert refused(desk.send(Unwind(desk.t, M))) == []
        assert placed(desk)[-1] == (24, 100)

    def test_an_exit_on_its_way_out_does_not_count_as_closing(self, puppet: Puppet) -> None:
        desk = self.held(puppet, latency_ms=250)
        desk.at(600)
        desk.send(Trade(desk.t, desk.t, M, 6900, 200 * QTY, ASK))
        desk.send(Unwind(desk.t, M))
        desk.at(1_200)
        desk.send(CancelOrder(desk.t, "desk-2"))
        assert refused(desk.send(Unwind(desk.t, M))) == []


class TestTheDay:
    def long(self, puppet: Puppet) -> Desk:
        desk = Desk(puppet, day_loss=dollars(40))
        desk.send(PlaceManual(desk.t, M, BID, 7000, 100 * QTY))
        desk.send(Trade(desk.t, desk.t, M, 6900, 100 * QTY, ASK))
        desk.book({70: 500}, {74: 500})
        desk.at(2_000)
        return desk

    @pytest.mark.parametrize("asks", [{}, {75: 5}])
    def test_a_book_that_vanished_is_no_loss(self, puppet: Puppet, asks: dict[int, float]) -> None:
        desk = self.long(puppet)
        desk.book({}, asks)
        desk.at(20_000)
        desk.send(MarketSettled(desk.t, M, SettlementState.FINAL, PRICE))
        desk.at(30_000)
        assert not desk.of(RiskHalt)

    def test_a_price_that_fell_is_one(self, puppet: Puppet) -> None:
        desk = self.long(puppet)
        desk.book({10: 500}, {14: 500})
        desk.at(3_500)
        assert not desk.of(RiskHalt)
        desk.at(8_000)
        assert len(desk.of(RiskHalt)) == 1


class TestNobodyLooksAfter:
    def test_a_desk_that_is_off_offers_and_keeps_nothing(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(1_750)
        desk.approve()
        desk.send(PlaceManual(desk.t, M, BID, 6000, QTY))
        desk.send(SetLane(desk.t, DESK, False))
        assert [(e.order, e.reason) for e in desk.of(OrderCancelled)] == [("desk-1", "the desk is off")]

    def test_a_strategy_that_failed_leaves_no_ticket(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(1_750)

        def broken(*_: object) -> object:
            raise ValueError("no such thing")

        puppet.say = broken  # type: ignore[assignment]
        desk.at(4_000)
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["lane failed"]
        assert not desk.engine.state.tickets

    def test_edited_orders_are_taken_back_when_their_edge_is_gone(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(1_750)
        desk.approve()
        desk.send(Edit(desk.t, "desk-1", 6900, 10 * QTY))
        desk.index(83_800)
        desk.at(4_000)
        assert ("desk-2", "edge gone") in [(e.order, e.reason) for e in desk.of(OrderCancelled)]

    def test_near_the_close_too(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(1_750)
        desk.approve()
        desk.send(Edit(desk.t, "desk-1", 6900, 10 * QTY))
        desk.at((CLOSE - T0) / 1e6 - 50_000)
        assert not desk.engine.gate.own(DESK)


class TestHands:
    @pytest.mark.parametrize("lane", [MIRROR, "puppet"])
    def test_no_hand_in_a_lane_of_its_own(self, puppet: Puppet, lane: str) -> None:
        desk = Desk(puppet, mirror=True, lanes=("puppet",))
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6000, QTY, lane=lane))) == [
            f"{lane} is no hand's lane"
        ]
        assert refused(desk.send(CancelAll(desk.t, lane))) == [f"{lane} is no hand's lane"]

    def test_an_approval_by_no_hand(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(1_750)
        assert refused(desk.approve(lane=MIRROR)) == ["mirror is no hand's lane"]

    def test_hindsight_touches_no_order_of_the_desk(self, puppet: Puppet) -> None:
        desk = Desk(puppet)
        desk.send(PlaceManual(desk.t, M, BID, 6000, QTY, ref="mine"))
        for command in (
            CancelOrder(desk.t, "desk-1", WHAT_IF),
            CancelOrder(desk.t, "mine", WHAT_IF),
            Edit(desk.t, "desk-1", 6100, QTY, WHAT_IF),
            PullMarket(desk.t, M, WHAT_IF),
            CancelAll(desk.t, WHAT_IF),
        ):
            desk.send(command)
        assert not desk.of(OrderCancelled)
        desk.send(PlaceManual(desk.t, M, BID, 6000, QTY, ref="mine", lane=WHAT_IF))
        desk.send(CancelOrder(desk.t, "mine"))
        assert [e.order for e in desk.of(OrderCancelled)] == ["desk-1"]

    def test_an_order_on_its_way_out_cannot_be_changed(self, puppet: Puppet) -> None:
        desk = Desk(puppet, latency_ms=250)
        desk.send(PlaceManual(desk.t, M, BID, 6000, QTY))
        desk.send(CancelOrder(desk.t, "desk-1"))
        assert refused(desk.send(Edit(desk.t, "desk-1", 6100, QTY))) == ["order is sent, cancelled by hand"]

    def test_whoever_speaks_is_there(self, puppet: Puppet) -> None:
        desk = Desk(puppet, away_ns=20 * SECOND)
        desk.send(Present(desk.t))
        desk.at(30_000)
        assert desk.engine.state.away
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6000, QTY))) == []
        assert not desk.engine.state.away


class TestTheMirror:
    def test_keeps_the_strategys_terms(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(1_750)
        desk.send(Edit(desk.t, "T-1", 6800, 3 * QTY))
        desk.at(9_000)
        assert placed(desk, MIRROR) == [(70, 10)]

    def test_checks_what_a_person_would_have_been_told(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(1_750)
        desk.send(Reject(desk.t, "T-1"))
        desk.index(83_800)
        desk.at(9_000)
        assert placed(desk, MIRROR) == []

    def test_moves_its_own_order(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(1_750)
        desk.approve()
        desk.at(7_000)
        puppet.move(71)
        desk.at(14_000)
        assert placed(desk, MIRROR) == [(70, 10), (71, 10)]
        assert len(desk.engine.gate.own(MIRROR)) == 1


class TestCalm:
    """A person can read only so much."""

    def test_a_wish_must_hold(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, hold_ns=2 * SECOND)
        desk.at(2_500)
        assert not desk.of(TicketRaised)
        desk.at(4_000)
        assert [e.ts - T0 for e in desk.of(TicketRaised)] == [3 * SECOND]

    def test_a_wish_that_stopped_begins_anew(self, puppet: Puppet) -> None:
        desk = Desk(puppet, hold_ns=2 * SECOND)
        for at in range(1_000, 12_000, 1_000):
            (puppet.place if at % 2_000 else puppet.take_back)(*((70, 10) if at % 2_000 else ()))
            desk.at(at)
        assert not desk.of(TicketRaised)

    def test_terms_stand_long_enough_to_be_read(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, revise_ns=5 * SECOND)
        desk.at(1_000)
        for price in (71, 70, 71, 70):
            puppet.move(price)
            desk.at((desk.t - T0) / 1e6 + 1_000)
        assert len(desk.of(TicketRaised)) == 1

    def test_what_was_withdrawn_does_not_come_back_at_once(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, withdrawn_ns=5 * SECOND)
        desk.at(1_000)
        puppet.take_back()
        desk.at(2_000)
        puppet.place(70, 10)
        desk.at(6_500)
        assert len(desk.of(TicketRaised)) == 1
        desk.at(9_000)
        assert len(desk.of(TicketRaised)) == 2

    @pytest.mark.parametrize(("bid", "stands"), [(75, True), (76, False)])
    def test_a_ticket_left_behind_is_withdrawn(self, puppet: Puppet, bid: int, stands: bool) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, withdrawn_ns=5 * SECOND)
        desk.at(1_750)
        desk.book({bid: 50, 70: 100}, {79: 100})
        desk.at(3_500)
        assert bool(desk.engine.state.tickets) == stands
        reasons = [e.reason for e in desk.of(TicketWithdrawn)]
        assert reasons == ([] if stands else ["the market moved away"])

    def test_one_ticket_a_side_whoever_wants_it(
        self, puppet: Puppet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(VERSIONS, "other", puppet)
        puppet.say = lambda _, mine: () if mine.orders else (Place(BID, 7000, QTY, 0, Reason("both")),)
        desk = Desk(puppet)
        desk.engine.lanes._desk.append(("other", puppet))
        desk.at(4_000)
        assert len(desk.of(TicketRaised)) == 1


class TestIndependence:
    """Nobody's orders make another lane look."""

    def looks(self, puppet: Puppet, *, meddle: bool) -> int:
        shadow = Puppet()
        VERSIONS["shadow"] = shadow
        desk = Desk(puppet, lanes=("shadow",))
        desk.at(1_000)
        desk.send(BookSnapshot(desk.t, desk.t, M, ((7000, QTY),), ((7400, QTY),)))
        if meddle:
            desk.send(PlaceManual(desk.t, M, BID, 6000, QTY))
            desk.send(PlaceManual(desk.t, M, BID, 6000, QTY, lane=WHAT_IF))
        desk.silent(60_000)
        return len(shadow.seen)

    def test_a_quiet_market_stays_quiet(self, puppet: Puppet, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(VERSIONS, "shadow", puppet)
        assert self.looks(puppet, meddle=True) == self.looks(puppet, meddle=False)


def test_an_approval_is_for_the_ticket_it_names(puppet: Puppet) -> None:
    puppet.place(70, 10)
    desk = Desk(puppet)
    desk.at(1_750)
    out = desk.send(Approve(desk.t, "T-7", BID, 7000, 10 * QTY, desk.t - SECOND))
    assert refused(out) == ["no ticket T-7"]


def test_intents_of_no_kind_do_no_harm(puppet: Puppet) -> None:
    desk = Desk(puppet)
    puppet.say = lambda _, __: [Cancel("nothing", Reason("x"))]
    desk.at(3_000)
    assert desk.engine.state.lanes[DESK].on

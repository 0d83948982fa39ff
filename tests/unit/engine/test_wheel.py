"""Who is at the wheel: kill, lease, the away rule, the day's loss, caps; the mirror and hindsight beside the desk."""

import pytest

from cockpit.domain.commands import CancelAll, Kill, Lease, PlaceManual, Present, Reject, Resume, Unwind
from cockpit.domain.effects import (
    Alert,
    AwayBegan,
    AwayEnded,
    LeaseBegan,
    LeaseEnded,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    RiskHalt,
    RiskResumed,
    TicketDecided,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.events import BookSnapshot, MarketListed, MarketSettled, Trade
from cockpit.domain.markets import Market, MarketStatus, SettlementState
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import ASK, BID, PRICE, QTY, SECOND
from cockpit.engine.config import MIRROR, WHAT_IF
from cockpit.engine.engine import Engine, restore
from cockpit.engine.risk import Caps
from cockpit.engine.tickets import DELAY_NS
from cockpit.strategies.versions import VERSIONS

from .priced import T0, Desk, M, Puppet, dollars, refused  # noqa: TID252  the tests are no package

MINUTE = 60 * SECOND


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(VERSIONS, "puppet", made)
    return made


def placed(desk: Desk, lane: str = "desk") -> list[tuple[int, int]]:
    return [(e.price // 100, e.qty // QTY) for e in desk.of(OrderPlaced) if e.lane == lane]


class TestKill:
    def test_cancels_and_stops_and_survives_a_restart(self, puppet: Puppet) -> None:
        desk = Desk(puppet)
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        desk.send(Kill(desk.t))
        assert [e.reason for e in desk.of(OrderCancelled)] == ["killed"]
        desk.engine = Engine(desk.engine.config, restore(desk.engine.opening()))
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))) == ["killed"]
        desk.send(Resume(desk.t))
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))) == []

    def test_leaves_shadow_lanes_running(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, lanes=("puppet",))
        desk.send(Kill(desk.t))
        desk.at(2_000)
        assert placed(desk, "puppet") == [(70, 10)]
        assert placed(desk) == []

    def test_works_with_dead_feeds(self, puppet: Puppet) -> None:
        desk = Desk(puppet)
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        desk.silent(120_000)
        desk.send(Kill(desk.t))
        assert [e.reason for e in desk.of(OrderCancelled)] == ["killed"]


class TestLease:
    def test_approves_within_its_risk_and_ends_by_itself(self, puppet: Puppet) -> None:
        desk = Desk(puppet, expired_ns=0, rejected_ns=0)
        desk.send(Lease(desk.t, 2, dollars(10), MINUTE))
        puppet.place(70, 10)
        desk.at(2_000)
        assert [(e.decision, e.by) for e in desk.of(TicketDecided)] == [("approved", "lease")]
        assert placed(desk) == [(70, 10)]
        lease = desk.engine.state.lease
        assert lease is not None
        assert lease.risk == dollars(3)
        desk.send(CancelAll(desk.t))
        assert lease.risk == dollars(10)
        puppet.place(70, 20)
        desk.at(5_000)
        assert placed(desk) == [(70, 10)]
        assert len(desk.of(TicketRaised)) == 2
        desk.at(61_000)
        assert [(e.ts - T0, e.reason) for e in desk.of(LeaseEnded)] == [(MINUTE, "its time is up")]

    def test_requotes_within_its_ticks_only(self, puppet: Puppet) -> None:
        desk = Desk(puppet)
        desk.send(Lease(desk.t, 2, dollars(10), MINUTE))
        puppet.place(70, 10)
        desk.at(2_000)
        puppet.move(72)
        desk.at(4_000)
        assert placed(desk) == [(70, 10), (72, 10)]
        desk.book({74: 5}, {79: 5})
        puppet.move(76)
        desk.at(6_000)
        assert placed(desk) == [(70, 10), (72, 10)]
        assert desk.ticket.replaces == "desk-2"

    @pytest.mark.parametrize(("how", "why"), [("kill", "killed"), ("hand", "ended by hand")])
    def test_other_ends(self, puppet: Puppet, how: str, why: str) -> None:
        desk = Desk(puppet)
        desk.send(Lease(desk.t, 2, dollars(15), MINUTE))
        assert desk.of(LeaseBegan)[0].until_ns == T0 + MINUTE
        desk.send(Kill(desk.t) if how == "kill" else Lease(desk.t, 0, 0, 0))
        assert [e.reason for e in desk.of(LeaseEnded)] == [why]
        assert desk.engine.state.lease is None

    def test_not_while_killed(self, puppet: Puppet) -> None:
        desk = Desk(puppet)
        desk.send(Kill(desk.t))
        assert refused(desk.send(Lease(desk.t, 2, dollars(15), MINUTE))) == ["killed"]


class TestAway:
    def test_ends_everything_that_needs_a_person(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, away_ns=20 * SECOND)
        desk.send(Present(desk.t))
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        desk.send(Lease(desk.t, 1, dollars(1), 10 * MINUTE))
        desk.at(19_000)
        assert not desk.of(AwayBegan)
        assert desk.engine.state.tickets
        desk.at(21_000)
        assert [e.ts - T0 for e in desk.of(AwayBegan)] == [20 * SECOND]
        assert [e.reason for e in desk.of(LeaseEnded)] == ["nobody at the wheel"]
        assert desk.of(OrderCancelled)[-1].reason == "nobody at the wheel"
        assert [e.reason for e in desk.of(TicketWithdrawn)] == ["nobody at the wheel"]
        desk.at(30_000)
        assert len(desk.of(TicketRaised)) == 1
        desk.index(84_160)
        desk.send(Present(desk.t))
        assert desk.of(AwayEnded)
        desk.at(33_000)
        assert len(desk.of(TicketRaised)) == 2

    def test_a_key_starts_the_time_anew(self, puppet: Puppet) -> None:
        desk = Desk(puppet, away_ns=MINUTE)
        for at in range(0, 300_000, 50_000):
            desk.at(at).send(Present(desk.t))
        assert not desk.of(AwayBegan)

    def test_nobody_leaves_who_never_came(self, puppet: Puppet) -> None:
        desk = Desk(puppet, away_ns=MINUTE)
        desk.at(300_000)
        assert not desk.of(AwayBegan)


class TestDayLoss:
    def lose(self, desk: Desk) -> None:
        """Buy 100 at 69 and see the book fall to 10 bid."""
        desk.send(PlaceManual(desk.t, M, BID, 6900, 100 * QTY))
        desk.book({68: 10}, {69: 100, 74: 100})
        desk.book({10: 500}, {14: 100})

    def test_counts_the_open_loss_and_leaves_room_to_close(self, puppet: Puppet) -> None:
        puppet.place(9, 10)
        desk = Desk(puppet, day_loss=dollars(40))
        self.lose(desk)
        desk.at(6_000)
        assert [e.reason for e in desk.of(RiskHalt)] == ["day loss limit"]
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 900, QTY))) == ["day loss limit"]
        assert not desk.engine.state.tickets
        assert refused(desk.send(Unwind(desk.t, M))) == []
        assert placed(desk)[-1] == (14, 100)

    def test_a_new_day_begins_at_midnight_in_new_york(self, puppet: Puppet) -> None:
        desk = Desk(puppet, day_loss=dollars(40))
        self.lose(desk)
        desk.at(6_000)
        midnight = trading_day(T0) + 24 * 3_600 * SECOND
        desk.t = midnight
        desk.send(Present(desk.t))
        assert [e.ts for e in desk.of(RiskResumed)] == [midnight]
        assert desk.engine.wheel.day_liquidation() == 0


def test_a_cap_nearly_reached_is_told_once(puppet: Puppet) -> None:
    desk = Desk(puppet, caps=Caps(event=dollars(10)))
    desk.send(PlaceManual(desk.t, M, BID, 6900, 12 * QTY))
    desk.at(3_000)
    assert [(e.kind, e.text) for e in desk.of(Alert)] == [
        ("cap", "KXBTCD-26DEC0315: 80 % of the event cap is at risk")
    ]


class TestMirror:
    """Everything the desk is offered, at the person's own delay."""

    def test_approves_what_still_stands(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(9_000)
        (order,) = [e for e in desk.of(OrderPlaced) if e.lane == MIRROR]
        raised = desk.of(TicketRaised)[0].ts
        assert (order.ts - raised, order.price, order.qty) == (DELAY_NS, 7000, 10 * QTY)
        assert placed(desk) == []

    def test_not_what_was_withdrawn_by_then(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(3_000)
        puppet.take_back()
        desk.at(9_000)
        assert desk.of(TicketWithdrawn)
        assert placed(desk, MIRROR) == []

    def test_what_a_person_rejected_too(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(3_000)
        desk.send(Reject(desk.t, "T-1"))
        desk.at(9_000)
        assert placed(desk, MIRROR) == [(70, 10)]

    def test_it_takes_back_what_its_strategy_does(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet, mirror=True)
        desk.at(9_000)
        puppet.take_back("edge gone")
        desk.at(11_000)
        assert [(e.lane, e.reason) for e in desk.of(OrderCancelled)] == [(MIRROR, "edge gone")]

    def test_the_delay_is_the_persons_median(self, puppet: Puppet) -> None:
        desk = Desk(puppet, mirror=True)
        desk.engine.state.delays = [SECOND, 9 * SECOND, 2 * SECOND]
        assert desk.engine.tickets.delay_ns == 2 * SECOND


class TestHindsight:
    """What is done while a recording plays goes to a lane of its own."""

    def test_it_changes_nothing_of_the_desk(self, puppet: Puppet) -> None:
        def run(*, meddle: bool) -> list[object]:
            puppet.place(70, 10)
            desk = Desk(puppet, mirror=True)
            desk.at(2_000)
            if meddle:
                desk.approve(lane=WHAT_IF)
                desk.send(PlaceManual(desk.t, M, BID, 6900, QTY, lane=WHAT_IF))
                desk.send(Trade(desk.t, desk.t, M, 6800, QTY * 20, ASK))
                assert sum(e.qty for e in desk.of(OrderFilled) if e.counts) == 11 * QTY
            else:
                desk.send(Trade(desk.t, desk.t, M, 6800, QTY * 20, ASK))
            desk.at(3_000)
            desk.approve()
            desk.at(12_000)
            desk.send(MarketSettled(desk.t, M, SettlementState.FINAL, PRICE))
            return [e for e in desk.effects if getattr(e, "lane", "desk") != WHAT_IF]

        assert run(meddle=True) == run(meddle=False)

    def test_a_proposal_is_decided_once_by_each_hand(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(2_000)
        assert refused(desk.approve(lane=WHAT_IF)) == []
        assert refused(desk.approve(lane=WHAT_IF)) == ["no ticket T-1"]
        assert desk.engine.tickets.standing("T-1") is not None
        assert placed(desk, WHAT_IF) == [(70, 10)]
        assert refused(desk.approve()) == []
        assert placed(desk) == [(70, 10)]

    def test_a_rejection_hides_it_from_that_hand_only(self, puppet: Puppet) -> None:
        puppet.place(70, 10)
        desk = Desk(puppet)
        desk.at(2_000)
        desk.send(Reject(desk.t, "T-1", WHAT_IF))
        assert desk.engine.tickets.standing("T-1", WHAT_IF) is None
        assert desk.engine.tickets.standing("T-1") is not None
        assert not desk.of(TicketDecided)

    def test_it_has_the_desks_caps(self, puppet: Puppet) -> None:
        desk = Desk(puppet, caps=Caps(order=dollars(1)))
        out = desk.send(PlaceManual(desk.t, M, BID, 6900, 2 * QTY, lane=WHAT_IF))
        assert refused(out) == ["order cap"]


def test_markets_without_a_model_are_never_proposed(puppet: Puppet) -> None:
    desk = Desk(puppet)
    other = "KXFED-26DEC-T4"
    desk.send(
        MarketListed(desk.t, Market(other, "kalshi", "KXFED-26DEC", "KXFED", status=MarketStatus.ACTIVE))
    )
    puppet.place(70, 10)
    desk.send(BookSnapshot(desk.t, desk.t, other, ((7000, QTY),), ((7400, QTY),)))
    desk.at(3_000)
    assert {e.market for e in desk.of(TicketRaised)} == {M}

"""Limits that a person sets while the desk runs: what ends, what stays, what is refused from then on."""

from typing import Any

import msgspec
import pytest

from cockpit.domain.commands import Lease, PlaceManual, SetLimits
from cockpit.domain.effects import (
    CommandRefused,
    LeaseEnded,
    LimitSet,
    OrderCancelled,
    OrderPlaced,
    RiskHalt,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.units import BID, MONEY, QTY, SECOND
from cockpit.engine.config import DESK, MIRROR
from cockpit.engine.engine import Engine, restore
from cockpit.engine.limits import MOST, WHOLE, told
from cockpit.engine.restart import resume
from cockpit.engine.risk import Caps
from cockpit.strategies.versions import VERSIONS

from .paired import Two  # noqa: TID252  the tests are no package
from .priced import EVENT, Desk, M, Puppet, dollars, refused  # noqa: TID252

CENT = 100


@pytest.fixture
def puppet(monkeypatch: pytest.MonkeyPatch) -> Puppet:
    made = Puppet()
    monkeypatch.setitem(VERSIONS, "puppet", made)
    return made


@pytest.fixture
def desk(puppet: Puppet) -> Desk:
    """A ticket for 10 YES at 70, worth near 20 cents on its low side."""
    puppet.place(70, 10)
    made = Desk(puppet, caps=Caps(*map(dollars, (100, 250, 500, 2000))), lanes=("V15",), mirror=True)
    made.at(1_750)
    assert made.ticket.price == 7000
    return made


def set_limits(desk: Desk | Two, **changes: Any) -> list[Any]:
    return desk.send(msgspec.structs.replace(desk.engine.gate.limits.now, ts=desk.t, **changes))


def withdrawn(desk: Desk) -> list[tuple[str, str]]:
    return [(e.ticket, e.reason) for e in desk.of(TicketWithdrawn)]


class TestInForce:
    def test_at_first_those_of_the_configuration(self, desk: Desk) -> None:
        assert desk.engine.state.limits is None
        assert told(desk.engine.gate.limits.now) == {
            "desk.threshold_cents": "5", "desk.day_loss": "none", "desk.bankroll": "10000", "desk.event_share": "0.04",
            "desk.strategies": "puppet", "caps.order": "100", "caps.market": "250", "caps.event": "500",
            "caps.total": "2000",
        }  # fmt: skip

    def test_each_change_is_told(self, desk: Desk) -> None:
        out = set_limits(desk, threshold=6 * CENT, day_loss=dollars(50), order=dollars(12.5))
        assert [(e.name, e.was, e.now) for e in out] == [
            ("desk.threshold_cents", "5", "6"),
            ("desk.day_loss", "none", "50"),
            ("caps.order", "100", "12.5"),
        ]
        limits = desk.engine.gate.limits
        assert (limits.threshold, limits.day_loss, limits.caps.order) == (0.06, dollars(50), dollars(12.5))
        assert limits.caps.total == dollars(2000)

    def test_the_same_again_is_refused(self, desk: Desk) -> None:
        assert refused(set_limits(desk)) == ["nothing to change"]
        assert desk.engine.state.limits is None

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"threshold": -1}, "50 cents"),
            ({"threshold": MOST + 1}, "50 cents"),
            ({"event_share": 0}, "1 at most"),
            ({"event_share": WHOLE + 1}, "1 at most"),
            ({"bankroll": 0}, "above 0"),
            ({"day_loss": 0}, "above 0"),
            ({"total": -MONEY}, "above 0"),
            ({"strategies": ("puppet", "V99")}, "no strategy version 'V99'"),
            ({"strategies": ("puppet", "puppet")}, "a strategy version is named twice"),
        ],
    )
    def test_what_is_out_of_range_changes_nothing(
        self, desk: Desk, change: dict[str, Any], reason: str
    ) -> None:
        out = set_limits(desk, **change)
        assert [type(e) for e in out] == [CommandRefused]
        assert reason in out[0].reason
        assert desk.engine.state.limits is None


class TestThreshold:
    def test_a_ticket_stands_down_to_half_of_it_and_is_not_approved_under_it(self, desk: Desk) -> None:
        set_limits(desk, threshold=20 * CENT)
        assert withdrawn(desk) == []
        assert refused(desk.approve()) == ["LOW is under the threshold"]
        set_limits(desk, threshold=5 * CENT)
        assert refused(desk.approve()) == []

    def test_under_half_of_it_a_ticket_ends_at_once_and_is_not_raised_again(self, desk: Desk) -> None:
        set_limits(desk, threshold=50 * CENT)
        assert withdrawn(desk) == [("T-1", "LOW is under half the new threshold")]
        desk.at(8_000)
        assert len(desk.of(TicketRaised)) == 1
        set_limits(desk, threshold=5 * CENT)
        desk.at(16_000)
        assert len(desk.of(TicketRaised)) == 2

    def test_an_order_goes_within_a_second(self, desk: Desk) -> None:
        desk.approve()
        set_limits(desk, threshold=50 * CENT)
        desk.at(3_000)
        assert [(e.order, e.reason) for e in desk.of(OrderCancelled) if e.lane == DESK] == [
            ("desk-1", "edge gone")
        ]

    def test_an_order_by_hand_is_a_persons_own(self, desk: Desk) -> None:
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        set_limits(desk, threshold=50 * CENT)
        desk.at(5_000)
        assert not desk.of(OrderCancelled)


class TestCaps:
    def test_a_lower_one_leaves_what_rests_and_refuses_what_is_new(self, desk: Desk) -> None:
        desk.approve()
        set_limits(desk, order=dollars(5), market=dollars(5), event=dollars(5), total=dollars(5))
        desk.at(20_000)
        assert not desk.of(OrderCancelled)
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, 10 * QTY))) == ["order cap"]
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, 5 * QTY))) == ["market cap"]

    def test_a_ticket_that_waits_is_refused(self, desk: Desk) -> None:
        set_limits(desk, order=dollars(5))
        assert refused(desk.approve()) == ["order cap"]

    def test_a_higher_one_is_room(self, desk: Desk) -> None:
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, 150 * QTY))) == ["order cap"]
        set_limits(desk, order=dollars(200))
        assert refused(desk.send(PlaceManual(desk.t, M, BID, 6900, 150 * QTY))) == []

    def test_shadow_lanes_keep_theirs_and_those_who_follow_the_desk_do_not(self, desk: Desk) -> None:
        before = desk.engine.gate.caps_of("V15")
        set_limits(desk, order=dollars(5), bankroll=dollars(500), event_share=WHOLE)
        gate, snaps, lanes = desk.engine.gate, desk.engine.snaps, desk.engine.state.lanes
        assert gate.caps_of("V15") == before
        assert gate.caps_of(DESK) == gate.caps_of(MIRROR) == gate.caps_of("what-if")
        assert gate.caps_of(DESK).order == dollars(5)
        shadow, mine = (snaps.mine(lanes[name], "V15", M) for name in ("V15", DESK))
        risk = gate.exposure("V15").loss(EVENT)
        assert (shadow.bankroll, shadow.room) == (dollars(10_000), dollars(400) - risk)
        assert (mine.bankroll, mine.room) == (dollars(500), dollars(500) - dollars(7))


class TestDayLoss:
    def test_it_counts_within_seconds_and_a_stopped_day_stays_stopped(self, desk: Desk) -> None:
        desk.engine.state.day.base = desk.engine.wheel._liquidation() + dollars(20)
        desk.at(10_000)
        assert not desk.of(RiskHalt)
        set_limits(desk, day_loss=dollars(10))
        desk.at(15_000)
        assert [e.reason for e in desk.of(RiskHalt)] == ["day loss limit"]
        set_limits(desk, day_loss=dollars(1000))
        desk.at(20_000)
        assert desk.engine.state.halt == "day loss limit"


class TestStrategies:
    def test_one_that_is_taken_off_leaves_nothing(self, desk: Desk) -> None:
        set_limits(desk, strategies=("V14",))
        assert withdrawn(desk) == [("T-1", "puppet is off the desk")]
        desk.puppet.seen.clear()
        desk.at(10_000)
        assert not desk.puppet.seen
        assert desk.engine.version == "V14"

    def test_its_orders_are_taken_back_here_and_at_the_mirror_but_not_a_persons_own(self, desk: Desk) -> None:
        desk.at(6_500)  # the mirror approves at its own time
        desk.approve()
        desk.send(PlaceManual(desk.t, M, BID, 6900, QTY))
        assert {e.lane for e in desk.of(OrderPlaced)} == {DESK, MIRROR, "V15"}
        set_limits(desk, strategies=())
        ended = [(e.lane, e.order, e.reason) for e in desk.of(OrderCancelled)]
        assert ended == [
            (DESK, "desk-1", "puppet is off the desk"),
            (MIRROR, "mirror-1", "puppet is off the desk"),
        ]

    def test_a_lease_ends_with_the_last_and_none_begins(self, desk: Desk) -> None:
        desk.send(Lease(desk.t, 1, dollars(1), 60 * SECOND))
        set_limits(desk, strategies=())
        assert [e.reason for e in desk.of(LeaseEnded)] == ["no strategy is on the desk"]
        assert refused(desk.send(Lease(desk.t, 1, dollars(1), 60 * SECOND))) == [
            "no strategy raises tickets on the desk"
        ]

    def test_it_may_come_back(self, desk: Desk) -> None:
        set_limits(desk, strategies=())
        desk.at(5_000)
        assert not desk.engine.state.wishes
        set_limits(desk, strategies=("puppet",))
        desk.at(20_000)
        assert [e.ticket for e in desk.of(TicketRaised)] == ["T-1", "T-2"]

    def test_nothing_is_proposed_for_pairs_either(self) -> None:
        two = Two(strategies=("V15",))
        two.confirm()
        two.at(3_000)
        assert two.tickets
        set_limits(two, strategies=())
        assert not two.tickets
        before = len(two.of(TicketRaised))
        two.at(120_000)
        assert len(two.of(TicketRaised)) == before


class TestGoingOn:
    def test_read_back_it_goes_on_as_it_was_set(self, desk: Desk) -> None:
        set_limits(desk, threshold=8 * CENT, order=dollars(50), strategies=("V14", "puppet"))
        written = desk.engine.opening()
        again = Engine(desk.engine.config, restore(written))
        assert again.opening() == written
        assert again.gate.limits.now == desk.engine.gate.limits.now
        assert (again.gate.limits.threshold, again.gate.caps_of(DESK).order) == (0.08, dollars(50))

    def test_another_run_goes_by_the_settings(self, desk: Desk) -> None:
        set_limits(desk, threshold=8 * CENT)
        state = restore(desk.engine.opening())
        assert state is not None
        again = Engine(desk.engine.config, resume(state, desk.t))
        assert again.gate.limits.threshold == 0.05
        assert again.state.limits is None


def test_the_names_of_effects_are_those_of_the_settings(desk: Desk) -> None:
    now = desk.engine.gate.limits.now
    changed: dict[str, Any] = {
        "threshold": now.threshold + 1, "bankroll": now.bankroll + 1, "event_share": now.event_share + 1,
        "day_loss": MONEY, "order": MONEY, "market": MONEY, "event": MONEY, "total": MONEY, "strategies": (),
    }  # fmt: skip
    set_limits(desk, **changed)
    assert {e.name for e in desk.of(LimitSet)} == set(told(now))
    assert desk.engine.state.limits == SetLimits(desk.t, **changed)

"""What a person may say, carried out or refused with a reason; what names nothing is counted and harmless."""

from typing import get_args

import pytest

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
from cockpit.domain.effects import (
    CommandDone,
    CommandRefused,
    Effect,
    OrderCancelled,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    RiskHalt,
    RiskResumed,
)
from cockpit.domain.events import BookSnapshot, MarketListed, Tick
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, QTY

from .conftest import GRID, M, Table  # noqa: TID252  the tests are no package

OTHER = "KXTEST-26DEC01-T2"
ORPHANS: list[Command] = [
    Approve(5, "T-1", BID, 4000, QTY, 4),
    Reject(5, "T-1"),
    Edit(5, "nothing", 4000, QTY),
    Unwind(5, M),
    Flatten(5, "E"),
    CancelOrder(5, "nothing"),
    SetLane(5, "nowhere", False),
    Acknowledge(5, "a|b"),
]


def refused(effects: list[Effect]) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, CommandRefused)]


def cancelled(effects: list[Effect]) -> list[tuple[str, str]]:
    return [(effect.order, effect.reason) for effect in effects if isinstance(effect, OrderCancelled)]


def placed(effects: list[Effect]) -> list[tuple[str, int, int, int]]:
    return [(e.market, e.side, e.price // 100, e.qty // QTY) for e in effects if isinstance(e, OrderPlaced)]


@pytest.fixture
def two(table: Table) -> Table:
    """A second market of the same event: bids 20, asks 25."""
    table.send(MarketListed(0, Market(OTHER, "kalshi", "E", status=MarketStatus.ACTIVE, grid=GRID)))
    table.send(BookSnapshot(0, 0, OTHER, ((2000, QTY),), ((2500, QTY),)))
    return table


class TestOrphans:
    """Names of nothing."""

    @pytest.mark.parametrize("command", ORPHANS, ids=lambda command: type(command).__name__)
    def test_it_is_told_counted_and_harmless(self, table: Table, command: Command) -> None:
        before = table.engine.opening()
        out = table.send(command)
        assert [(type(e), e.command, e.orphan) for e in out if isinstance(e, CommandRefused)] == [
            (CommandRefused, type(command).__name__, True)
        ]
        assert len(out) == 1
        assert table.engine.state.orphans == 1
        table.engine.state.orphans = 0
        table.engine.state.now = 0
        assert table.engine.opening() == before

    @pytest.mark.parametrize("kind", get_args(Command), ids=lambda kind: kind.__name__)
    def test_every_command_has_an_answer(self, table: Table, kind: type[Command]) -> None:
        said: list[Command] = [
            *ORPHANS,
            PlaceManual(5, M, BID, 4000, QTY),
            PullMarket(5, M),
            CancelAll(5),
            Kill(5),
            Resume(5),
            Lease(5, 1, 1, 9),
            Present(5),
            ConfirmPair(5, "p", "h"),
            RefusePair(5, "p"),
            SetLimits(5, 800, MONEY, 40_000, None, MONEY, MONEY, MONEY, MONEY, ()),
        ]
        (command,) = [command for command in said if type(command) is kind]
        table.send(command)
        assert table.engine.state.now == 5

    def test_a_lease_needs_a_strategy(self, table: Table) -> None:
        out = table.send(Lease(5, 1, 1, 9))
        assert refused(out) == ["no strategy raises tickets on the desk"]
        assert table.engine.state.orphans == 0


class TestPlace:
    """Orders by hand."""

    def test_the_lane_is_made_on_first_use(self, table: Table) -> None:
        out = table.place("buy", 40, 10, lane="what-if")
        assert placed(out) == [(M, BID, 40, 10)]
        assert "what-if" in table.engine.state.lanes
        assert table.engine.state.lanes["desk"].working == {}

    def test_risk_has_the_last_word(self, table: Table) -> None:
        out = table.send(PlaceManual(1, M, BID, 4050, QTY, ref="mine"))
        assert refused(out) == ["price off the grid"]
        assert [e.command for e in out if isinstance(e, CommandRefused)] == ["PlaceManual mine"]
        assert table.engine.state.orphans == 0

    def test_ids_count_up_in_their_lane(self, table: Table) -> None:
        for lane in ("desk", "v1", "desk"):
            table.place("buy", 40, 1, lane=lane)
        assert list(table.engine.orders.index) == ["desk-1", "v1-1", "desk-2"]


class TestCancel:
    """By id, by ref, by market, all."""

    def test_by_id_or_by_the_newest_of_a_ref(self, table: Table) -> None:
        table.place("buy", 40, 1, ref="x")
        table.place("buy", 40, 2, ref="x")
        assert cancelled(table.cancel("x")) == [("desk-2", "cancelled by hand")]
        assert cancelled(table.cancel("desk-1")) == [("desk-1", "cancelled by hand")]
        assert refused(table.cancel("x")) == ["no order x"]

    def test_pulling_a_market_and_all(self, two: Table) -> None:
        two.place("buy", 40, 1)
        two.place("buy", 39, 1, lane="v1")
        two.send(PlaceManual(0, OTHER, BID, 2000, QTY))
        two.place("sell", 42, 1)
        assert cancelled(two.send(PullMarket(1, M))) == [("desk-1", "pulled"), ("desk-3", "pulled")]
        two.place("buy", 40, 1)
        assert cancelled(two.send(CancelAll(2))) == [("desk-2", "cancel all"), ("desk-4", "cancel all")]
        assert list(two.engine.orders.index) == ["v1-1"]

    def test_a_cancel_is_sent_once_however_often_it_is_said(self, slow: Table) -> None:
        slow.place("buy", 40, 1)
        slow.at(300).cancel()
        slow.at(400).cancel()
        slow.at(1_000).send(Tick(1_000 * MILLISECOND))
        ends = [e for e in slow.effects if isinstance(e, OrderCancelled)]
        assert [e.ts for e in ends] == [550 * MILLISECOND]

    @pytest.mark.parametrize(("said", "why"), [(Kill, "killed"), (CancelAll, "cancel all")])
    def test_the_reason_is_the_same_with_latency(
        self, slow: Table, said: type[Kill | CancelAll], why: str
    ) -> None:
        slow.place("buy", 40, 1)
        slow.at(300).send(said(300 * MILLISECOND))
        out = slow.at(1_000).send(Tick(1_000 * MILLISECOND))
        assert cancelled(out) == [("desk-1", why)]


class TestKill:
    """Works with anything down; shadow lanes run on; survives a restart."""

    def test_desk_orders_only_and_no_new_ones(self, table: Table) -> None:
        table.place("buy", 40, 1)
        table.place("buy", 40, 1, lane="v1")
        out = table.at(10).send(Kill(10 * MILLISECOND))
        assert out[0] == RiskHalt(10 * MILLISECOND, "killed")
        assert cancelled(out) == [("desk-1", "killed")]
        assert refused(table.place("buy", 40, 1)) == ["killed"]
        assert placed(table.place("buy", 40, 1, lane="v1")) == [(M, BID, 40, 1)]
        assert table.send(Resume(11 * MILLISECOND)) == [RiskResumed(11 * MILLISECOND)]
        assert placed(table.place("buy", 40, 1)) == [(M, BID, 40, 1)]

    def test_it_is_kept_in_the_state(self, table: Table) -> None:
        table.send(Kill(1))
        assert b'"killed":true' in table.engine.opening()

    def test_no_edit_gets_round_it(self, slow: Table) -> None:
        slow.place("buy", 40, 10)
        slow.at(300).send(Kill(300 * MILLISECOND))
        assert placed(slow.at(310).edit("o1", 39, 20)) == []


class TestEdit:
    """Smaller keeps the queue; anything else goes to the back."""

    def test_smaller_keeps_its_place(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(20).print(40, 60, "sell")
        table.level("B", 40, 140)
        assert table.ahead() == (40, 40)
        table.at(30).edit("o1", 40, 4)
        out = table.at(260).send(Tick(260 * MILLISECOND))
        assert out == [OrderReduced(30 * MILLISECOND, "desk", "desk-1", 4 * QTY)]
        assert table.ahead() == (40, 40)
        assert table.order().left == [4 * QTY, 4 * QTY, 4 * QTY, 0]

    def test_the_size_is_what_is_left_to_fill(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(20).print(39, 6, "sell")
        assert refused(table.at(30).edit("o1", 40, 4)) == ["nothing to change"]
        table.edit("o1", 40, 3)
        out = table.at(260).send(Tick(260 * MILLISECOND))
        assert out == [OrderReduced(30 * MILLISECOND, "desk", "desk-1", 9 * QTY)]
        assert table.order().left[1] == 3 * QTY

    def test_what_fills_before_a_smaller_size_arrives_counts(self, slow: Table) -> None:
        slow.at(10).place("buy", 40, 10)
        slow.at(300).edit("o1", 40, 3)
        slow.at(400).print(39, 8, "sell")
        out = slow.at(600).send(Tick(600 * MILLISECOND))
        assert ("desk-1", "reduced to what was filled") in cancelled(out)
        assert sum(f.qty for f in slow.order().fills if f.rule == 1) == 8 * QTY

    def test_a_change_of_price_never_fills_twice(self, slow: Table) -> None:
        """What the old order fills until the new one arrives, the new one has less."""
        slow.at(10).place("buy", 40, 10)
        slow.at(300).edit("o1", 41, 10)
        slow.at(400).print(39, 7, "sell")
        out = slow.at(600).send(Tick(600 * MILLISECOND))
        assert ("desk-1", "edited") in cancelled(out)
        new = slow.engine.orders.index["desk-2"]
        assert (new.id, new.qty, new.price) == ("desk-2", 3 * QTY, 4100)

    def test_an_order_filled_before_it_could_be_changed_is_not_sent_again(self, slow: Table) -> None:
        slow.at(10).place("buy", 40, 10)
        slow.at(300).edit("o1", 41, 10)
        slow.at(400).print(39, 50, "sell")
        out = slow.at(600).send(Tick(600 * MILLISECOND))
        assert [(e.order, e.reason) for e in out if isinstance(e, OrderRejected)] == [
            ("desk-2", "filled before it could be changed")
        ]

    def test_the_old_order_ends_with_the_one_that_was_to_take_its_place(self, slow: Table) -> None:
        slow.at(10).place("buy", 40, 10)
        slow.at(300).edit("o1", 41, 10)
        slow.at(350).send(Kill(slow.t))
        out = slow.at(700).send(Tick(700 * MILLISECOND))
        assert {name for name, _ in cancelled(out)} == {"desk-1", "desk-2"}

    @pytest.mark.parametrize(("price", "qty"), [(39, 10), (40, 11)])
    def test_anything_else_is_a_new_order(self, table: Table, price: float, qty: float) -> None:
        table.place("buy", 40, 10, ttl_ms=5_000)
        out = table.at(1_000).edit("o1", price, qty)
        assert cancelled(out) == [("desk-1", "edited")]
        assert placed(out) == [(M, BID, price, qty)]
        assert table.order().expires_ns == 5_000 * MILLISECOND
        assert table.order().ref == "o1"

    @pytest.mark.parametrize(("price", "qty"), [(40.5, 10), (39, 0)])
    def test_an_edit_that_may_not_be_leaves_the_order_alone(
        self, table: Table, price: float, qty: float
    ) -> None:
        table.place("buy", 40, 10)
        out = table.edit("o1", price, qty)
        assert refused(out)
        assert cancelled(out) == []

    def test_an_edit_that_changes_nothing(self, table: Table) -> None:
        table.place("buy", 40, 10)
        assert cancelled(table.edit("o1", 40, 10)) == []

    def test_a_filled_order_cannot_be_edited(self, table: Table) -> None:
        """A new order of 20 would double a position the person believes is done."""
        table.at(10).place("buy", 40, 10)
        table.at(20).print(40, 110, "sell")  # done under tail; cross has not filled it
        assert table.engine.state.lanes["desk"].working == {}
        assert placed(table.at(30).edit("o1", 40, 20)) == []

    def test_names_may_hold_blanks(self, table: Table) -> None:
        table.place("buy", 40, 10, lane="what if")
        table.edit("what if-1", 40, 4)
        table.at(260).send(Tick(260 * MILLISECOND))
        assert table.order().qty == 4 * QTY


class TestClosing:
    """Unwind and flatten rest orders at the best of the closing side."""

    def long(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(20).print(39, 10, "sell")

    def test_unwind_a_long_and_a_short(self, table: Table) -> None:
        self.long(table)
        assert placed(table.send(Unwind(table.t, M))) == [(M, ASK, 42, 10)]
        table.at(30).print(43, 10, "buy")
        table.place("sell", 42, 4, ref="o2")
        table.at(40).print(43, 4, "buy")
        assert placed(table.send(Unwind(table.t, M))) == [(M, BID, 40, 4)]

    def test_nothing_to_join(self, table: Table) -> None:
        self.long(table)
        table.at(30).book({39: 10}, {})
        assert refused(table.send(Unwind(table.t, M))) == ["price off the grid"]

    def test_said_twice_it_closes_once(self, table: Table) -> None:
        self.long(table)
        table.place("sell", 43, 4)
        assert placed(table.send(Unwind(table.t, M))) == [(M, ASK, 42, 6)]
        assert refused(table.send(Unwind(table.t, M))) == ["already closing"]
        asks = [o for o in table.engine.orders.index.values() if o.side == ASK]
        assert sum(order.qty for order in asks) == 10 * QTY

    def test_flatten_closes_every_market_of_an_event(self, two: Table) -> None:
        self.long(two)
        two.send(PlaceManual(two.t, OTHER, ASK, 2500, 4 * QTY))
        two.send(BookSnapshot(two.t, two.t, OTHER, ((2000, QTY), (2500, 4 * QTY)), ((2600, QTY),)))
        assert placed(two.send(Flatten(two.t, "E"))) == [(M, ASK, 42, 10), (OTHER, BID, 25, 4)]

    def test_flatten_leaves_other_events_alone(self, two: Table) -> None:
        self.long(two)
        out = two.send(Flatten(two.t, "F"))
        assert refused(out) == ["no position in F"]


class TestPairsAndLanes:
    """Words kept for later."""

    def test_pairs(self, table: Table) -> None:
        out = table.send(ConfirmPair(1, "a~b", "hash"))
        assert out == [CommandDone(1, "ConfirmPair a~b", "confirmed as the same")]
        assert table.engine.state.pairs == {"a~b": "hash"}
        table.send(RefusePair(2, "a~b"))
        assert table.engine.state.pairs == {"a~b": ""}

    def test_lanes_are_switched(self, table: Table) -> None:
        for on in (False, True):
            out = table.send(SetLane(1, "desk", on))
            assert out == [CommandDone(1, "SetLane desk", f"desk switched {'on' if on else 'off'}")]
            assert table.engine.state.lanes["desk"].on is on

"""A stored state taken up again: nothing of the account moves, and no book is believed before its next snapshot."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.commands import Kill, PlaceManual
from cockpit.domain.effects import (
    CommandRefused,
    DoubtCleared,
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    OrderRejected,
)
from cockpit.domain.events import (
    BookDoubt,
    BookSnapshot,
    MarketListed,
    MarketSettled,
    SeriesListed,
    Tick,
    Trade,
)
from cockpit.domain.markets import Market, MarketStatus, Series, SettlementState
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.engine.config import DESK, EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.queue import FIFO, TAIL
from cockpit.engine.restart import GRACE_NS, RESTARTED, resume
from cockpit.engine.state import State

M = "KXTEST-26DEC01-T1"


def stored(engine: Engine) -> State:
    """What a journal would give back."""
    state = restore(engine.opening())
    assert state is not None
    return state


def restart(table, seconds: int = 0):
    """The same table with the engine of a new run, ``seconds`` after it stopped."""
    table.t += seconds * SECOND
    table.engine = Engine(table.engine.config, resume(stored(table.engine), table.t))
    return table


def lanes(state: State) -> bytes:
    """Money, positions, fees, counters and memories of every lane."""
    return msgspec.json.encode(state.lanes)


def money(state: State) -> bytes:
    """The same without the mark-outs, which time alone brings."""
    parts = {
        name: (
            lane.account,
            lane.orders,
            lane.working,
            msgspec.structs.replace(lane.metrics, markouts=[], headline=[]),
        )
        for name, lane in state.lanes.items()
    }
    return msgspec.json.encode(parts)


def traded(table):
    """One order behind 95, one partly filled, one filled up; fees paid."""
    table.send(
        SeriesListed(0, Series("S", "kalshi", fee_type="quadratic_with_maker_fees", fee_multiplier=10_000))
    )
    listed = table.engine.state.markets[M].market
    table.send(MarketListed(0, msgspec.structs.replace(listed, series="S")))
    table.place("buy", 40, 10)
    table.place("sell", 42, 10, ref="o2")
    table.at(1).print(42, 82, "buy")
    table.level("A", 42, 0)
    table.at(2).print(42, 4, "buy")
    table.place("buy", 41, 5, ref="o3")
    table.at(3).print(40, 5, "sell")
    return table


def test_every_book_is_in_doubt_and_nothing_else_moves(table):
    before = stored(traded(table).engine)
    after = resume(before, 77 * SECOND)
    assert {(m.doubt, m.doubt_ns) for m in after.markets.values()} == {(RESTARTED, 77 * SECOND)}
    for name in before.__struct_fields__:
        if name != "markets":
            assert getattr(after, name) == getattr(before, name)
    for name, m in before.markets.items():
        moved = {
            field for field in m.__struct_fields__ if getattr(m, field) != getattr(after.markets[name], field)
        }
        assert moved == {"doubt", "doubt_ns", "mid2"}


def test_the_argument_is_not_changed(table):
    before = stored(traded(table).engine)
    text = msgspec.json.encode(before)
    resume(before, 77 * SECOND)
    assert msgspec.json.encode(before) == text


def test_a_smaller_snapshot_clamps_the_queue_and_the_account_stays(table):
    traded(table)
    ahead, all_lanes, account = table.ahead(), lanes(table.engine.state), money(table.engine.state)
    assert ahead == (95, 95)
    held = table.engine.state.lanes[DESK].account.positions[M]
    assert held.qty == -6 * QTY + 5 * QTY
    assert held.fees > 0
    restart(table, 3_600)
    assert (table.ahead(), lanes(table.engine.state)) == (ahead, all_lanes)
    out = table.book({40: 30, 39: 50}, {43: 60})
    assert out == [DoubtCleared(table.t, M)]
    assert table.ahead() == (30, 30)
    assert money(table.engine.state) == account


def test_order_numbers_go_on(table):
    traded(table)
    restart(table, 60).book({40: 30, 39: 50}, {43: 60})
    out = table.place("buy", 39, 1, ref="o4")
    assert [e.order for e in out if isinstance(e, OrderPlaced)] == ["desk-4"]
    table.cancel("o4")
    restart(table, 60).book({40: 30, 39: 50}, {43: 60})
    out = table.place("buy", 39, 1, ref="o5")
    assert [e.order for e in out if isinstance(e, OrderPlaced)] == ["desk-5"]


def test_a_fill_after_the_restart_goes_on_where_the_order_stood(table):
    traded(table)
    cash = table.engine.state.lanes[DESK].account.cash
    restart(table, 60).book({40: 30, 39: 50}, {43: 60})
    out = table.at(61_000).print(40, 34, "sell")
    counted = [e for e in out if isinstance(e, OrderFilled) and e.counts]
    assert [(e.order, e.qty, e.rule) for e in counted] == [("desk-1", 4 * QTY, "tail")]
    assert table.engine.state.lanes[DESK].account.cash == cash - 4 * QTY * 4_000 - counted[0].fee
    assert table.order("o1").left[TAIL] == table.order("o1").left[FIFO] == 6 * QTY


def test_an_opposite_that_came_through_meanwhile_fills_as_a_gap(table):
    traded(table)
    out = restart(table, 60).book({38: 50}, {39: 7, 43: 60})
    fills = [e for e in out if isinstance(e, OrderFilled) and e.counts]
    assert [(e.order, e.qty, e.cause, e.gap) for e in fills] == [("desk-1", 7 * QTY, "gap", True)]


def test_a_backfilled_print_fills_before_the_snapshot_and_is_a_gap(table):
    traded(table)
    out = restart(table, 60).print(39, 10, "sell", backfill=True)
    fills = [e for e in out if isinstance(e, OrderFilled) and e.counts]
    assert [(e.order, e.qty, e.gap) for e in fills] == [("desk-1", 10 * QTY, True)]


def test_nothing_new_is_sent_before_the_snapshot(table):
    restart(traded(table), 60)
    out = table.place("buy", 39, 1, ref="o4")
    assert [e.reason for e in out if isinstance(e, CommandRefused)] == [f"book in doubt: {RESTARTED}"]


def test_working_orders_wait_for_the_book(table):
    """A doubt that began before the stop and its timer give way to the restart's own, which cancels nothing."""
    traded(table)
    table.send(BookDoubt(table.t, M, "gap"))
    working = list(table.engine.state.lanes[DESK].working)
    assert working
    restart(table, 60)
    assert table.engine.state.markets[M].doubt == RESTARTED
    assert table.send(Tick(table.t + 60 * SECOND)) == []
    assert list(table.engine.state.lanes[DESK].working) == working


def resting(slow):
    """An order for thirty seconds behind 5, in a run that stopped after one; the new one begins at sixty."""
    slow.at(0).book({40: 5}, {42: 80})
    slow.send(PlaceManual(0, M, BID, 4_000, 10 * QTY, 30 * SECOND, DESK, "o1"))
    slow.at(1_000).send(Tick(slow.t))
    return restart(slow, 60)


def fetched(slow, at_s, qty, price=4_000):
    """A print from the time between, fetched now."""
    return slow.send(Trade(slow.t, at_s * SECOND, M, price, qty * QTY, ASK, f"t{at_s}", backfill=True))


def test_an_overdue_expiry_waits_a_moment_for_what_was_printed_meanwhile(slow):
    resting(slow)
    slow.send(BookSnapshot(slow.t, slow.t, M, ((4_000, 5 * QTY),), ((4_200, QTY),)))
    assert list(slow.engine.state.lanes[DESK].working) == ["desk-1"]
    out = slow.send(Tick(slow.t + GRACE_NS))
    (cancelled,) = [e for e in out if isinstance(e, OrderCancelled)]
    assert (cancelled.reason, cancelled.left) == ("expired", 10 * QTY)
    assert not slow.engine.state.lanes[DESK].working


def test_a_print_before_an_orders_own_end_fills_it_and_is_marked_gap(slow):
    resting(slow)
    out = fetched(slow, 20, 9)
    counted = [(e.qty, e.gap) for e in out if isinstance(e, OrderFilled) and e.counts]
    assert counted == [(4 * QTY, True)]
    assert fetched(slow, 25, 1, price=3_900), "traded through: the rest is filled"


def test_a_print_after_an_orders_own_end_does_not(slow):
    resting(slow)
    assert not [e for e in fetched(slow, 31, 50) if isinstance(e, OrderFilled)]
    assert not [e for e in fetched(slow, 40, 50, price=3_900) if isinstance(e, OrderFilled)]


def test_a_print_fetched_after_the_book_moves_no_queue_again(slow):
    resting(slow)
    slow.send(BookSnapshot(slow.t, 0, M, ((4_000, 5 * QTY),), ((4_200, QTY),)))
    out = fetched(slow, 20, 9)
    assert not [e for e in out if isinstance(e, OrderFilled) and e.counts]
    assert [e.rule for e in out if isinstance(e, OrderFilled)] == ["touch"]


def test_an_order_on_its_way_is_kept_and_arrives_by_the_ordinary_rules(slow):
    slow.place("buy", 40, 10)
    restart(slow, 60)
    assert list(slow.engine.state.sent) == ["desk-1"]
    out = slow.send(Tick(slow.t))
    assert [(e.ts, e.order, e.reason) for e in out if isinstance(e, OrderRejected)] == [
        (250_000_000, "desk-1", "book unknown")
    ]


def test_an_order_on_its_way_goes_live_when_the_snapshot_comes_first(slow):
    slow.place("buy", 40, 10)
    restart(slow, 0).at(100).book({40: 25, 39: 50}, {42: 80})
    out = slow.at(300).send(Tick(slow.t))
    assert [(e.ts, e.ahead) for e in out if isinstance(e, OrderLive)] == [(250_000_000, 25 * QTY)]


def test_markouts_that_fell_due_meanwhile_are_missing(table):
    traded(table)
    table.send(Tick(3 * SECOND))
    seen = [m.n for m in table.engine.state.lanes[DESK].metrics.markouts[TAIL]]
    restart(table, 30).book({39: 30}, {52: 60})
    table.send(Tick(100 * SECOND))
    marks = table.engine.state.lanes[DESK].metrics.markouts[TAIL]
    fills = 3
    assert seen == [fills, 0, 0]
    assert [(m.n, m.missing) for m in marks] == [(fills, 0), (0, fills), (fills, 0)]


def test_a_closed_market_keeps_its_last_mid(table):
    traded(table)
    mid2 = table.engine.state.markets[M].mid2
    table.send(MarketSettled(table.t, M, SettlementState.DETERMINED, None))
    assert restart(table, 60).engine.state.markets[M].mid2 == mid2 is not None


def test_the_kill_flag_survives(table):
    table.send(Kill(1))
    out = restart(table, 60).place("buy", 40, 10)
    assert [e.reason for e in out if isinstance(e, CommandRefused)] == ["killed"]


def test_a_clock_behind_the_state_counts_as_its_time(table):
    state = stored(traded(table).engine)
    assert {m.doubt_ns for m in resume(state, 1).markets.values()} == {state.now}


def test_strategies_go_on_from_their_memory():
    config = EngineConfig(lanes=(LaneConfig("probe", "probe"),))
    engine = Engine(config)
    engine.process(MarketListed(9 * SECOND, Market(M, "kalshi", status=MarketStatus.ACTIVE)))
    book = (((4_000, 100 * QTY),), ((4_200, 100 * QTY),))
    engine.process(BookSnapshot(9 * SECOND, 9, M, *book))
    placed = [e for e in engine.process(Tick(10 * SECOND)) if isinstance(e, OrderPlaced)]
    assert [(e.side, e.order) for e in placed] == [(BID, "probe-1"), (ASK, "probe-2")]
    again = Engine(config, resume(stored(engine), 11 * SECOND))
    assert again.state.lanes["probe"].memory == engine.state.lanes["probe"].memory
    again.process(BookSnapshot(11 * SECOND, 11, M, *book))
    assert not [e for e in again.process(Tick(12 * SECOND)) if isinstance(e, OrderPlaced)]
    again.process(BookSnapshot(16 * SECOND, 16, M, *book))
    placed = [e for e in again.process(Tick(17 * SECOND)) if isinstance(e, OrderPlaced)]
    assert [e.order for e in placed] == ["probe-3", "probe-4"]


@pytest.mark.parametrize("now", [0, 5 * SECOND])
def test_an_empty_state_stays_one(now):
    assert resume(State(), now) == State()


step = st.tuples(
    st.sampled_from(["buy", "sell", "print up", "print down", "bid", "ask", "cancel"]),
    st.integers(38, 44),
    st.integers(1, 60),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(step, max_size=25), shown=st.integers(0, 120))
def test_no_queue_grows_over_a_restart_and_no_account_moves(table, steps, shown):
    table = type(table)()  # one for each example
    table.book({40: 100, 39: 50}, {42: 80, 43: 60})
    for at, (what, price, size) in enumerate(steps, 1):
        table.at(at)
        match what:
            case "buy" | "sell":
                table.place(what, price, size, ref=f"o{at}")
            case "print up" | "print down":
                table.print(price, size, "buy" if what == "print up" else "sell")
            case "bid" | "ask":
                table.level(
                    "B" if what == "bid" else "A", min(price, 41) if what == "bid" else max(price, 42), size
                )
            case _:
                table.cancel(f"o{size % at}")
    before = {o.id: (o.ahead_tail, o.ahead_fifo, list(o.left)) for o in table.engine.orders.index.values()}
    account = lanes(table.engine.state)
    restart(table, 60)
    assert lanes(table.engine.state) == account
    table.book({price: shown for price in range(30, 42) if shown}, {44: 1})
    for order in table.engine.orders.index.values():
        tail, fifo, left = before[order.id]
        assert order.ahead_tail <= tail
        assert order.ahead_fifo <= min(fifo, order.ahead_tail)
        assert order.side == ASK or order.price > 41 or order.ahead_tail <= shown * QTY
        assert all(now <= then for now, then in zip(order.left, left, strict=True))


class TestRewound:
    """A clock that was an hour ahead: what is due is due as much later as it was, and markets go by the venue's time."""

    HOUR = 3600 * SECOND

    def ahead(self, table):
        listed = table.engine.state.markets[M].market
        table.t = self.HOUR + SECOND
        table.send(MarketListed(table.t, msgspec.structs.replace(listed, close_ns=1800 * SECOND)))
        table.send(BookSnapshot(table.t, 0, M, ((4_000, 5 * QTY),), ((4_200, QTY),)))
        return table

    def test_money_stays_and_time_goes_on(self, table):
        traded(table)
        self.ahead(table)
        before = lanes(table.engine.state)
        table.engine.rewind(2 * SECOND)
        assert table.engine.state.now == 2 * SECOND
        assert lanes(table.engine.state) == before
        assert table.engine.state.markets[M].doubt == RESTARTED
        table.send(Tick(3 * SECOND))
        assert table.engine.state.now == 3 * SECOND

    def test_what_had_closed_by_the_wrong_clock_is_open_and_closes_in_time(self, table):
        self.ahead(table)
        assert table.engine.state.markets[M].closed
        table.engine.rewind(2 * SECOND)
        assert not table.engine.state.markets[M].closed
        table.send(Tick(1801 * SECOND))
        assert table.engine.state.markets[M].closed

    def test_an_order_lives_as_long_as_it_had_left(self, slow):
        slow.t = self.HOUR
        slow.send(BookSnapshot(slow.t, 0, M, ((4_000, 5 * QTY),), ((4_200, QTY),)))
        slow.send(PlaceManual(slow.t, M, BID, 4_000, 10 * QTY, 30 * SECOND, DESK, "o1"))
        slow.t += SECOND
        slow.send(Tick(slow.t))
        slow.engine.rewind(100 * SECOND)
        assert list(slow.engine.state.lanes[DESK].working) == ["desk-1"]
        assert not [e for e in slow.send(Tick(120 * SECOND)) if isinstance(e, OrderCancelled)]
        assert [e.reason for e in slow.send(Tick(130 * SECOND)) if isinstance(e, OrderCancelled)] == [
            "expired"
        ]

    def test_it_restores_from_its_opening(self, table):
        traded(table)
        self.ahead(table)
        table.engine.rewind(2 * SECOND)
        again = Engine(table.engine.config, stored(table.engine))
        assert again.opening() == table.engine.opening()

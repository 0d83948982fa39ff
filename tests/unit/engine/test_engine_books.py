"""Playbooks of books that are doubted and told anew, of the rule that counts, and of the money it moves."""

import pytest

from cockpit.domain.effects import (
    CommandRefused,
    DoubtCleared,
    DoubtRaised,
    Effect,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    Resnapshot,
)
from cockpit.domain.events import (
    BookDelta,
    BookDoubt,
    BookSnapshot,
    FeeScheduled,
    MarketListed,
    SeriesListed,
    Tick,
    Trade,
)
from cockpit.domain.markets import Market, MarketStatus, Series
from cockpit.domain.orders import OrderState
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, RATIO, fixed
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine
from cockpit.engine.metrics import HORIZONS
from cockpit.engine.queue import FIFO, TAIL

from .conftest import GRID, M, Table  # noqa: TID252  the tests are no package


def ms(value: float) -> int:
    return int(value * MILLISECOND)


def money(text: str) -> int:
    return fixed(text, 10)


def kinds(effects: list[Effect]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


def tick(table: Table, at: float) -> list[Effect]:
    return table.at(at).send(Tick(ms(at)))


class TestDoubt:
    """A book that cannot be believed."""

    def test_it_is_told_once_and_asked_for_anew(self, table: Table) -> None:
        out = table.at(10).send(BookDoubt(ms(10), M, "sequence gap"))
        assert out == [DoubtRaised(ms(10), M, "sequence gap"), Resnapshot(ms(10), "kalshi", M)]
        assert table.at(20).send(BookDoubt(ms(20), M, "again")) == []
        assert table.engine.state.doubts == 1
        refused = table.place("buy", 40, 10)
        assert [e.reason for e in refused if isinstance(e, CommandRefused)] == ["book in doubt: sequence gap"]

    def test_a_snapshot_clears_it(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.send(BookDoubt(ms(10), M, "gap"))
        assert table.at(1_900).book({40: 30}, {42: 80}) == [DoubtCleared(ms(1_900), M)]
        assert table.ahead() == (30, 30)
        assert tick(table, 5_000) == []

    def test_working_orders_end_after_two_seconds(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.place("buy", 39, 10, ref="shadow", lane="v1")
        table.at(100).send(BookDoubt(ms(100), M, "gap"))
        assert tick(table, 2_099) == []
        out = tick(table, 2_100)
        assert not [e for e in out if isinstance(e, OrderCancelled)], (
            "what was printed before is not known yet"
        )
        assert {order.state for order in table.engine.orders.index.values()} == {OrderState.CANCELLING}
        out = tick(table, 12_100)
        assert [(e.order, e.reason) for e in out if isinstance(e, OrderCancelled)] == [
            ("desk-1", "book in doubt"),
            ("v1-1", "book in doubt"),
        ]

    def test_prints_from_before_that_end_still_fill_and_later_ones_do_not(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(100).send(BookDoubt(ms(100), M, "connection lost"))
        tick(table, 2_100)
        table.at(5_000).send(Trade(table.t, ms(3_000), M, 3_900, 10 * QTY, ASK, "late", backfill=True))
        assert table.filled()["fifo"] == 0
        table.send(Trade(table.t, ms(1_000), M, 3_900, 4 * QTY, ASK, "early", backfill=True))
        assert table.filled()["fifo"] == 4
        table.at(6_000).book({38: 5}, {39: 80})
        assert table.filled()["fifo"] == 4, "the book fills nobody who was taken back"

    def test_a_new_doubt_has_two_seconds_of_its_own(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(100).send(BookDoubt(ms(100), M, "gap"))
        table.at(1_000).book({40: 30}, {42: 80})
        table.at(1_500).send(BookDoubt(ms(1_500), M, "gap"))
        assert tick(table, 2_200) == []
        assert [(type(e), e.ts) for e in tick(table, 4_000)] == [(Resnapshot, ms(3_500))]
        cancelled = [e.ts for e in tick(table, 20_000) if isinstance(e, OrderCancelled)]
        assert cancelled == [ms(13_500)]

    def test_only_the_doubted_market(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.send(BookSnapshot(ms(10), ms(10), "KXOTHER", ((4_000, QTY),), ()))
        table.send(BookDoubt(ms(10), "KXOTHER", "gap"))
        assert {type(e) for e in tick(table, 5_000)} == {Resnapshot}

    def test_a_market_nobody_knows_has_no_book_to_doubt(self) -> None:
        engine = Engine(EngineConfig())
        assert engine.process(BookDoubt(ms(10), "KXGONE", "not polled any more")) == []
        assert not engine.state.markets

    def test_the_book_is_asked_for_again_less_and_less_often(self, table: Table) -> None:
        table.send(BookDoubt(ms(0), M, "gap"))
        asked = [e.ts for e in tick(table, 20_000) if isinstance(e, Resnapshot)]
        assert asked == [ms(2_000), ms(4_000), ms(8_000), ms(16_000)]
        table.at(20_000).book({40: 30}, {42: 80})
        assert tick(table, 90_000) == []

    def test_a_delta_without_a_snapshot(self) -> None:
        engine = Engine(EngineConfig())
        out = engine.process(BookDelta(ms(10), ms(10), "KXNEW", BID, 4000, QTY))
        assert out == [DoubtRaised(ms(10), "KXNEW", "no snapshot"), Resnapshot(ms(10), "", "KXNEW")]
        assert not engine.state.markets["KXNEW"].book.bids

    def test_a_level_below_nothing(self, table: Table) -> None:
        out = table.at(10).send(BookDelta(ms(10), ms(10), M, BID, 4000, -101 * QTY))
        assert [e.reason for e in out if isinstance(e, DoubtRaised)] == ["negative size"]

    def test_a_book_that_stays_crossed(self, table: Table) -> None:
        """For 250 ms of exchange time: a sweep half told is no reason to doubt."""
        table.at(1_000).level("A", 40, 5)
        assert table.at(1_249).level("A", 43, 70) == []
        out = table.at(1_250).level("A", 43, 80)
        assert out == [DoubtRaised(ms(1_250), M, "crossed"), Resnapshot(ms(1_250), "kalshi", M)]

    def test_exchange_time_counts_not_ours(self, table: Table) -> None:
        table.at(1_000).level("A", 40, 5)
        late = BookDelta(ms(9_000), ms(1_100), M, ASK, 4300, QTY)
        assert table.send(late) == []

    def test_a_book_that_uncrosses_in_time(self, table: Table) -> None:
        table.at(1_000).level("A", 40, 5)
        table.at(1_200).level("B", 40, 0)
        table.at(1_201).level("B", 40, 10)
        assert table.at(1_400).level("A", 43, 70) == []
        assert kinds(table.at(1_451).level("A", 43, 80)) == ["DoubtRaised", "Resnapshot"]

    def test_a_doubted_book_fills_nobody_by_what_it_shows(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.send(BookDoubt(ms(10), M, "gap"))
        assert table.at(20).level("A", 40, 50) == []
        fills = [e for e in table.at(30).print(39, 4, "sell") if isinstance(e, OrderFilled)]
        assert len(fills) == 4
        assert all(fill.gap and fill.cause == "through" for fill in fills)


class TestSnapshots:
    """Whole books while orders rest."""

    def test_two_levels_through_an_order_at_once(self, table: Table) -> None:
        """An ask of 3 at 39 and one of 20 at 40 meet our 10 at 40: 3, then 7."""
        table.at(10).place("buy", 40, 10)
        out = table.at(20).book({38: 50}, {39: 3, 40: 20})
        assert [e.qty // QTY for e in out if isinstance(e, OrderFilled) and e.counts] == [3, 7]

    def test_two_levels_that_leave_something(self, table: Table) -> None:
        table.at(10).place("buy", 40, 30)
        out = table.at(20).book({38: 50}, {39: 3, 40: 20})
        assert [e.qty // QTY for e in out if isinstance(e, OrderFilled) and e.counts] == [3, 20]
        assert table.engine.state.lanes["desk"].metrics.orders_filled == [1, 1, 1, 1]

    @pytest.mark.parametrize("first", ["snapshot", "delta"])
    def test_size_that_stands_is_given_once(self, table: Table, first: str) -> None:
        """5 stand at 40 through our 10 at 40: they are 5, however often the book is told."""
        table.at(10).place("buy", 40, 10)
        if first == "delta":
            table.at(20).level("A", 40, 5)
        for at in (30, 40, 50):
            table.at(at).book({39: 50}, {40: 5})
        assert table.filled()["cross"] == 5

    def test_between_a_decrease_and_its_print(self, table: Table) -> None:
        """100 stand, 60 trade (size told, then a snapshot of 40, then the print): 40 are ahead, nobody is filled."""
        table.at(10).place("buy", 40, 10)
        table.at(20).level("B", 40, 40)
        table.at(30).book({40: 40, 39: 50}, {42: 80})
        table.send(Trade(ms(40), ms(20), M, 4000, 60 * QTY, ASK))
        assert table.filled()["tail"] == table.filled()["fifo"] == 0
        assert table.ahead() == (40, 40)


class TestMoney:
    """Fees by the terms in force, one carry per order and rule, mark-outs at their horizons."""

    MAKERS = Series("KXTEST", "kalshi", fee_type="quadratic_with_maker_fees", fee_multiplier=RATIO)

    def filled(self, table: Table) -> list[OrderFilled]:
        table.send(
            MarketListed(table.t, Market(M, "kalshi", "E", "KXTEST", status=MarketStatus.ACTIVE, grid=GRID))
        )
        table.at(table.t / MILLISECOND + 10).place("buy", 40, 10)
        out = table.at(table.t / MILLISECOND + 10).print(39, 4, "sell")
        return [e for e in out if isinstance(e, OrderFilled) and e.counts]

    def test_the_series_record_sets_the_fee(self, table: Table) -> None:
        table.send(SeriesListed(0, self.MAKERS))
        (fill,) = self.filled(table)
        assert fill.fee == money("0.0168")
        account = table.engine.state.lanes["desk"].account
        assert account.cash == money("-1.6168")
        assert account.fees == money("0.0168")
        assert account.positions[M].flat_fees == 4 * QTY * 30

    def test_scheduled_terms_begin_on_time(self, table: Table) -> None:
        table.send(SeriesListed(0, self.MAKERS))
        table.send(FeeScheduled(0, "event", "E", "quadratic", RATIO, ms(25)))
        (before,) = self.filled(table)
        (after,) = [e for e in table.at(40).print(39, 4, "sell") if isinstance(e, OrderFilled) and e.counts]
        assert (before.fee, after.fee) == (money("0.0168"), 0)

    def test_an_override_of_the_type_alone_keeps_the_multiplier(self, table: Table) -> None:
        table.send(SeriesListed(0, Series("KXTEST", "kalshi", fee_type="quadratic", fee_multiplier=RATIO)))
        table.send(FeeScheduled(0, "event", "E", "quadratic_with_maker_fees", None, 0))
        (fill,) = self.filled(table)
        assert fill.fee == money("0.0168")

    def test_an_override_of_the_multiplier_alone_keeps_the_type(self, table: Table) -> None:
        table.send(SeriesListed(0, self.MAKERS))
        table.send(FeeScheduled(0, "event", "E", None, RATIO // 2, 0))
        (fill,) = self.filled(table)
        assert fill.fee == money("0.0084")

    def test_mark_outs(self, table: Table) -> None:
        """Bought at 40; mids 40.5, 39 and 37 after 1, 10 and 60 s."""
        table.at(1_000).place("buy", 40, 10)
        table.at(2_000).print(39, 10, "sell")
        for at, bid, ask in ((2_500, 40, 41), (3_500, 38, 40), (12_500, 36, 38)):
            table.at(at).book({bid: 50}, {ask: 50})
        tick(table, 62_000)
        outs = table.engine.state.lanes["desk"].metrics.markouts[TAIL]
        assert [out.mean for out in outs] == [50, -100, -300]
        assert [out.n for out in outs] == [1, 1, 1]
        assert not table.engine.state.marks
        assert len(HORIZONS) == 3

    def test_a_mark_out_without_a_mid_is_missing(self) -> None:
        table = Table()
        table.at(1_000).book({40: 100}, {})
        table.place("buy", 40, 10)
        table.at(2_000).print(39, 10, "sell")
        tick(table, 70_000)
        outs = table.engine.state.lanes["desk"].metrics.markouts[TAIL]
        assert [(out.n, out.missing) for out in outs] == [(0, 1)] * 3


class TestRules:
    """Which rule counts, and how long the others go on."""

    def by_order(self, table: Table) -> None:
        for i in range(60):
            size = 1 + i / 100
            table.at(10 + i).level("B", 39, 50 + size)
            table.level("B", 39, 50)

    def test_tail_until_the_market_shows_itself_order_by_order(self, table: Table) -> None:
        assert [e.rule for e in table.at(5).place("buy", 40, 1) if isinstance(e, OrderPlaced)] == ["tail"]
        self.by_order(table)
        assert [e.rule for e in table.place("buy", 40, 1) if isinstance(e, OrderPlaced)] == ["fifo"]
        assert table.order().rule == FIFO

    def test_done_under_its_own_rule_it_rests_on_for_the_others(self, table: Table) -> None:
        self.by_order(table)
        table.at(100).place("buy", 40, 10, ttl_ms=1_000)
        table.at(110).level("B", 40, 150)
        table.at(120).level("B", 40, 55)  # 95 leave, from ahead: fifo 5, tail 55
        out = table.at(130).print(40, 15, "sell")
        assert [(e.rule, e.qty // QTY) for e in out if isinstance(e, OrderFilled)] == [
            ("fifo", 10),
            ("touch", 10),
        ]
        lane = table.engine.state.lanes["desk"]
        assert not lane.working
        assert lane.account.positions[M].qty == 10 * QTY
        out = table.at(200).print(39, 4, "sell")
        assert [(e.rule, e.qty // QTY, e.counts) for e in out if isinstance(e, OrderFilled)] == [
            ("cross", 4, False),
            ("tail", 4, False),
        ]
        assert lane.account.positions[M].qty == 10 * QTY
        assert tick(table, 2_000) == []
        assert (lane.metrics.ended, table.order().end) == (1, "expired")
        assert lane.metrics.times[FIFO] == [(ms(30), True)]

    def test_without_trades_only_cross_is_told(self) -> None:
        table = Table(no_trades=True)
        table.at(10).book({40: 100}, {42: 80})
        placed = table.place("buy", 40, 10)
        assert [e.rule for e in placed if isinstance(e, OrderPlaced)] == ["cross"]
        assert table.at(20).print(40, 200, "sell") == []
        out = table.at(30).level("A", 40, 4)
        assert [(e.rule, e.qty // QTY, e.counts) for e in out if isinstance(e, OrderFilled)] == [
            ("cross", 4, True)
        ]
        table.at(40).level("A", 39, 50)
        lane = table.engine.state.lanes["desk"]
        assert lane.metrics.qty_filled == [10 * QTY, 0, 0, 0]
        assert lane.account.positions[M].qty == 10 * QTY
        assert not table.engine.orders.index


def test_a_doubted_book_moves_no_mid(table: Table) -> None:
    """A mark-out is held against the last mid that was believed."""
    before = table.engine.state.markets[M].mid2
    table.at(10).send(BookDoubt(ms(10), M, "gap"))
    table.at(20).level("B", 41, 5)
    assert table.engine.state.markets[M].mid2 == before
    table.at(30).book({41: 5}, {42: 80})
    assert table.engine.state.markets[M].mid2 == 8_300

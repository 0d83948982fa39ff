"""The simulator's worked scenarios: who is filled, how much, why, and never too early."""

import pytest

from cockpit.domain.effects import OrderFilled, OrderLive, OrderRejected
from cockpit.domain.units import QTY


def causes(table, ref="o1", rule=None):
    order = table.order(ref)
    return [(f.qty / QTY, f.price / 100, f.cause) for f in order.fills if rule is None or f.rule == rule]


class TestScenarios:
    """S1-S13. Prices in cents, sizes in contracts."""

    def test_s1_sweep(self, table):
        table.place("buy", 40, 10)
        table.at(1).print(40, 60, "sell")
        table.level("B", 40, 40)
        assert table.ahead() == (40, 40)
        table.at(2).print(40, 40, "sell")
        table.level("B", 40, 0)
        assert table.filled() == {"cross": 0, "tail": 0, "fifo": 0, "touch": 10}
        table.at(3).print(39, 10, "sell")
        assert table.filled() == {"cross": 10, "tail": 10, "fifo": 10, "touch": 10}
        assert causes(table, rule=1) == [(10, 40, "through")]

    def test_s2_partial(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 130)
        table.at(2).print(40, 104, "sell")
        table.level("B", 40, 26)
        table.at(3).print(40, 20, "sell")
        table.level("B", 40, 6)
        assert causes(table, rule=1) == [(4, 40, "queue"), (6, 40, "queue")]
        assert table.filled()["cross"] == 0

    def test_s3_cancels(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 150)
        table.at(2).level("B", 40, 120)
        assert table.ahead() == (100, 70)  # 30 is not the 50 that joined: it came from ahead
        table.at(3).print(40, 90, "sell")
        table.level("B", 40, 30)
        assert table.filled() == {"cross": 0, "tail": 0, "fifo": 10, "touch": 10}
        assert table.ahead()[0] == 10

    def test_s4_latency(self, slow):
        slow.place("buy", 40, 10)
        slow.at(100).level("B", 40, 140)
        slow.at(200).print(40, 30, "sell")
        slow.level("B", 40, 110)
        out = slow.at(1000).cancel()
        live = [e for e in slow.effects if isinstance(e, OrderLive)]
        assert [(e.ts, e.ahead / QTY) for e in live] == [(250_000_000, 110)]
        slow.at(1100).print(39, 25, "sell")
        assert slow.filled()["tail"] == 10
        assert slow.order().fills[0].ts == 1_100_000_000
        assert not [e for e in out if isinstance(e, OrderFilled)]

    def test_s5_post_only(self, slow):
        slow.place("buy", 41, 10)
        slow.at(100).level("A", 41, 30)
        slow.at(300).place("buy", 42, 5, ref="o2")
        slow.at(600).level("B", 39, 60)
        refused = [e.reason for e in slow.effects if isinstance(e, OrderRejected)]
        assert refused == ["post-only would cross", "post-only would cross"]

    def test_s6_through_is_capped_by_the_print(self, table):
        table.place("buy", 40, 50)
        table.at(1).print(39, 20, "sell")
        assert table.filled()["tail"] == 20
        assert table.order().left[1] == 30 * QTY

    def test_s7_snapshot_clamps(self, table):
        table.place("buy", 40, 10)
        table.at(1).book({40: 30, 39: 50}, {42: 80, 43: 60})
        assert table.ahead() == (30, 30)
        table.at(2).print(40, 35, "sell")
        table.level("B", 40, 0)
        assert table.filled()["tail"] == 5

    def test_s7b_gap_cross(self, table):
        table.place("buy", 40, 10)
        out = table.at(1).book({39: 50}, {40: 25})
        fills = [e for e in out if isinstance(e, OrderFilled)]
        assert {e.rule for e in fills} == {"cross", "tail", "fifo", "touch"}
        assert all(e.gap and e.cause == "gap" and e.qty == 10 * QTY for e in fills)

    def test_s8_two_own_orders_share_a_print(self, table):
        table.place("buy", 40, 10, ref="o1")
        table.at(1).place("buy", 40, 10, ref="o2")
        table.at(2).print(40, 115, "sell")
        assert table.filled("o1")["tail"] == 10
        assert table.filled("o2")["tail"] == 5

    def test_s8_lanes_do_not_share(self, table):
        table.place("buy", 40, 10, ref="o1", lane="a")
        table.place("buy", 40, 10, ref="o2", lane="b")
        table.at(2).print(40, 115, "sell")
        assert table.filled("o1")["tail"] == table.filled("o2")["tail"] == 10

    def test_s9_size_before_trade(self, table):
        table.place("buy", 40, 10)
        table.at(1000).level("B", 40, 60)
        table.at(1020).print(40, 40, "sell")
        assert table.ahead() == (60, 60)
        assert table.filled()["fifo"] == 0

    def test_s10_no_side(self, table):
        table.place("sell", 42, 10)  # a NO buy at 58
        table.at(1).print(42, 85, "buy")
        assert table.filled()["tail"] == 5

    def test_s11_improved_price(self, table):
        table.place("buy", 41, 10)
        table.at(1).print(41, 4, "sell")
        table.at(2).print(40, 3, "sell")
        assert causes(table, rule=1) == [(4, 41, "queue"), (3, 41, "through")]
        assert table.order().left[1] == 3 * QTY

    def test_s12_wrong_side(self, table):
        table.place("buy", 40, 10)
        table.at(1).print(40, 60, "buy")
        table.at(2).print(42, 60, "buy")
        assert table.ahead() == (100, 100)
        assert not any(table.filled().values())

    @pytest.mark.parametrize(
        "order",
        [
            "sizes prints rest",
            "prints sizes rest",
            "sizes rest prints",
            "rest sizes prints",
            "rest prints sizes",
        ],
    )
    def test_s13_one_sweep_however_it_is_told(self, table, order):
        """160 sold through 40 and 39, of which 10 come to rest at 39: our 50 at 40 meet exactly 50 of it."""
        table.place("buy", 40, 50)
        table.at(1)
        for part in order.split():
            if part == "sizes":
                table.level("B", 40, 0)
                table.level("B", 39, 0)
            elif part == "prints":
                table.print(40, 100, "sell")
                table.print(39, 50, "sell")
            else:
                table.level("A", 39, 10)
        assert table.filled()["cross"] == table.filled()["fifo"] == 50
        assert table.order().left == [0, 0, 0, 0]

    def test_s13_own_orders_share_the_resting_rest(self, table):
        """Opposite size that comes to rest fills the best own price first, and only once."""
        table.place("buy", 40, 10, ref="o1")
        table.place("buy", 41, 10, ref="o2")
        table.at(1).level("A", 40, 15)
        assert table.filled("o2")["cross"] == 10
        assert table.filled("o1")["cross"] == 5


class TestHandCases:
    """The six ways one execution can be told."""

    def test_trade_then_size(self, table):
        table.place("buy", 40, 10)
        table.at(1).print(40, 30, "sell")
        table.at(2).level("B", 40, 70)
        assert table.ahead() == (70, 70)

    def test_size_then_trade(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 70)
        table.at(2).print(40, 30, "sell")
        assert table.ahead() == (70, 70)

    def test_snapshot_at_the_same_size(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 150)
        table.at(2).book({40: 150, 39: 50}, {42: 80})
        assert table.ahead() == (100, 100)

    def test_snapshot_smaller_than_the_queue(self, table):
        table.place("buy", 40, 10)
        table.at(1).book({40: 25}, {42: 80})
        assert table.ahead() == (25, 25)

    def test_cancels_ahead(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 80)
        assert table.ahead() == (80, 80)  # nobody is behind: even the conservative rule knows
        table.at(2).level("B", 40, 95)
        table.at(3).level("B", 40, 70)
        assert table.ahead() == (70, 55)

    def test_trade_only(self, table):
        table.place("buy", 40, 10)
        table.at(1).print(40, 100, "sell")
        table.at(2).print(40, 4, "sell")
        assert table.filled()["fifo"] == table.filled()["tail"] == 4


class TestPairing:
    """A decrease is a cancel until its print says otherwise."""

    def test_two_sizes_then_two_trades(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 40)
        table.level("B", 40, 0)
        table.at(2).print(40, 60, "sell")
        table.print(40, 40, "sell")
        assert table.filled()["fifo"] == table.filled()["tail"] == 0
        table.at(3).print(40, 3, "sell")
        assert table.filled()["fifo"] == table.filled()["tail"] == 3

    def test_a_joiner_struck_by_mistake_comes_back(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 130)  # 30 joined behind us
        table.at(2).level("B", 40, 100)  # looks like those 30 leaving
        assert table.ahead() == (100, 100)
        table.at(3).print(40, 30, "sell")  # it was the front of the queue
        assert table.ahead() == (70, 70)
        table.at(4).level("B", 40, 70)  # now the 30 behind leave
        assert table.ahead() == (70, 70)

    def test_after_a_second_a_decrease_is_a_cancel(self, table):
        table.place("buy", 40, 10)
        table.at(0).level("B", 40, 70)
        table.at(1001).print(40, 30, "sell")
        assert table.ahead() == (40, 40)

    def test_an_order_between_size_and_trade_is_not_served(self, table):
        table.at(1).level("B", 40, 0)
        table.at(2).place("buy", 40, 10)
        table.at(3).print(40, 100, "sell")
        assert not any(table.filled().values())
        table.at(4).print(40, 4, "sell")
        assert table.filled()["tail"] == 4

    def test_an_order_between_trade_and_size_has_less_ahead(self, table):
        table.at(1).print(40, 60, "sell")
        table.at(2).place("buy", 40, 10)
        table.at(3).level("B", 40, 40)
        assert table.ahead() == (40, 40)

    def test_a_sweep_told_before_we_arrived_passes_us_by(self, table):
        table.at(1).level("B", 40, 0)
        table.level("B", 39, 0)
        table.at(2).place("buy", 40, 10)
        table.at(3).print(39, 50, "sell")
        assert not any(table.filled().values())

    def test_a_print_without_its_decrease_is_taken_back(self, table):
        table.place("buy", 40, 10)
        table.at(1).level("B", 40, 20)  # a trade of 15 and a cancel of 65, told as one, and the print late
        table.at(5).print(40, 15, "sell")
        assert table.ahead() == (5, 5)
        table.at(2000).level("B", 40, 19)
        assert table.ahead() == (19, 19)

    @pytest.mark.parametrize(
        "told",
        [
            [("level", 60), ("level", 40), ("print", 60)],
            [("level", 40), ("print", 40), ("print", 20)],
            [("print", 60), ("level", 60), ("level", 40)],
            [("print", 40), ("print", 20), ("level", 40)],
            [("level", 35), ("print", 40), ("print", 20)],
        ],
    )
    def test_executions_added_up_in_one_message(self, table, told):
        """60 are sold into the 100 ahead (in the last case 5 leave as well), told in more or fewer messages."""
        table.place("buy", 40, 10)
        table.at(1)
        for what, size in told:
            if what == "level":
                table.level("B", 40, size)
            else:
                table.print(40, size, "sell")
        shown = table.engine.state.markets["KXTEST-26DEC01-T1"].book.bids[4000] / QTY
        assert table.ahead() == (shown, shown)
        table.at(2).print(40, shown + 3, "sell")
        assert table.filled()["fifo"] == table.filled()["tail"] == 3


class TestGuards:
    """What must not fill."""

    def test_block_prints(self, table):
        table.place("buy", 40, 10)
        table.at(1).print(39, 500, "sell", block=True)
        assert not any(table.filled().values())

    def test_unknown_direction(self, table):
        from cockpit.domain.events import Trade

        table.place("buy", 40, 10)
        table.send(Trade(1, 1, "KXTEST-26DEC01-T1", 3900, 500 * QTY, 0))
        assert not any(table.filled().values())

    def test_a_print_older_than_the_order(self, table):
        from cockpit.domain.events import Trade

        table.at(50).level("B", 39, 60)
        table.at(60).place("buy", 40, 10)
        table.send(Trade(61_000_000, 49_000_000, "KXTEST-26DEC01-T1", 3900, 500 * QTY, -1))
        assert not any(table.filled().values())

    def test_a_backfilled_print_the_book_already_told(self, table):
        table.place("buy", 40, 10)
        table.at(50).level("B", 40, 70)
        table.t = 40_000_000
        from cockpit.domain.events import Trade

        table.send(Trade(60_000_000, 45_000_000, "KXTEST-26DEC01-T1", 4000, 80 * QTY, -1, "x", False, True))
        assert table.ahead() == (70, 70)
        assert table.filled()["fifo"] == 0

    def test_fills_are_whole_lots(self, table):
        table.place("buy", 41, 10)
        order = table.order()
        order.lot = QTY
        table.at(1).print(41, 2.5, "sell")
        assert table.filled()["tail"] == 2

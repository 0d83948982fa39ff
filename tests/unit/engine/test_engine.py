"""Playbooks: inputs in, effects out. Times in ms, prices in cents, sizes in contracts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.commands import Kill
from cockpit.domain.effects import (
    CommandRefused,
    Effect,
    MarketBooked,
    OrderCancelled,
    OrderLive,
    OrderPlaced,
    OrderRejected,
    PositionChanged,
)
from cockpit.domain.events import (
    BookDoubt,
    BookSnapshot,
    Candle,
    EventListed,
    ExchangeStatus,
    FeedUp,
    IndexTick,
    MarketChanged,
    MarketListed,
    MarketSettled,
    Quote,
    SpotTick,
    Tick,
)
from cockpit.domain.markets import CENT_GRID, EventGroup, FeeSchedule, Market, MarketStatus, SettlementState
from cockpit.domain.units import MILLISECOND, QTY, SECOND, UNDERLYING, fixed
from cockpit.engine.config import EngineConfig, LaneConfig
from cockpit.engine.engine import Engine, restore

from .conftest import M, Table  # noqa: TID252  the tests are no package


def ms(value: float) -> int:
    return int(value * MILLISECOND)


def money(text: str) -> int:
    return fixed(text, 10)


def kinds(effects: list[Effect]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


def tick(table: Table, at: float) -> list[Effect]:
    return table.at(at).send(Tick(ms(at)))


class TestClearing:
    """A venue that takes every resting order back when a game begins."""

    def table(self, clear_ms: float) -> Table:
        table = Table()
        self.list(table, clear_ms)
        table.at(1).book({40: 100}, {42: 80})
        table.place("buy", 39, 10)
        return table

    @staticmethod
    def list(table: Table, clear_ms: float) -> None:
        market = Market(
            ticker=M, venue="polymarket", status=MarketStatus.ACTIVE, grid=CENT_GRID, clear_ns=ms(clear_ms)
        )
        table.send(MarketListed(table.t, market))

    def test_orders_end_at_that_moment_and_later_ones_rest(self) -> None:
        table = self.table(500)
        assert tick(table, 499) == []
        ended = tick(table, 900)
        assert [(type(e), e.ts, e.reason) for e in ended if isinstance(e, OrderCancelled)] == [
            (OrderCancelled, ms(500), "book cleared at the start")
        ]
        table.at(950).place("buy", 39, 10, ref="o2")
        assert tick(table, 5_000) == []

    def test_a_start_that_was_moved(self) -> None:
        table = self.table(500)
        self.list(table.at(100), 700)
        assert tick(table, 699) == []
        assert [e.ts for e in tick(table, 701)] == [ms(700)]

    @pytest.mark.parametrize("clear_ms", [0, 1])
    def test_a_start_that_has_passed_clears_nothing(self, clear_ms: float) -> None:
        table = self.table(500)
        self.list(table.at(100), clear_ms)
        assert tick(table, 5_000) == []


def test_a_rebate_is_estimated_beside_the_money() -> None:
    """A fifth of what the taker pays: 10 at 40 by a curve of 7 %. The maker's fee is none."""
    table = Table()
    fees = FeeSchedule(700, rebate_rate=2_000)
    market = Market(ticker=M, venue="polymarket", status=MarketStatus.ACTIVE, grid=CENT_GRID, fees=fees)
    table.send(MarketListed(table.t, market))
    table.at(1).book({39: 100}, {42: 80})
    table.place("buy", 40, 10)
    table.at(2).book({39: 100}, {40: 10})
    account = table.engine.state.lanes["desk"].account
    assert (account.cash, account.fees) == (money("-4.00"), 0)
    assert account.rebate_estimate == money("0.0336")


class TestTimers:
    """Everything that falls due fires at its own time, in order, before the input that passes it."""

    def test_entry_and_cancel_take_their_time(self, slow: Table) -> None:
        placed = slow.at(100).place("buy", 40, 10)
        assert kinds(placed) == ["OrderPlaced"]
        assert isinstance(placed[0], OrderPlaced)
        assert (placed[0].ts, placed[0].live_ns) == (ms(100), ms(350))
        assert kinds(tick(slow, 349)) == []
        assert tick(slow, 350) == [OrderLive(ms(350), "desk", "desk-1", 100 * QTY)]
        assert slow.at(400).cancel() == []
        assert tick(slow, 649) == []
        ended = tick(slow, 900)
        assert [(type(e), e.ts) for e in ended] == [(OrderCancelled, ms(650))]

    @pytest.mark.parametrize("how", ["cancel", "reduce"])
    def test_latencies_shorter_than_a_beat(self, how: str) -> None:
        """100 ms after the word is sent the order is gone, or smaller: a sweep after that finds it so."""
        table = Table(latency_ms=100)
        table.at(1).book({40: 100}, {42: 80})
        table.place("buy", 40, 10)
        tick(table, 255)
        table.at(260)
        if how == "cancel":
            table.cancel()
        else:
            table.edit("o1", 40, 4)
        table.at(400).print(39, 50, "sell")
        assert table.filled()["cross"] == (0 if how == "cancel" else 4)

    def test_ttl_counts_from_sending_and_ends_at_its_time(self, slow: Table) -> None:
        slow.at(100).place("buy", 40, 10, ttl_ms=1_000)
        assert kinds(tick(slow, 1_099)) == ["OrderLive"]
        out = slow.at(1_500).print(39, 50, "sell")
        assert out == [OrderCancelled(ms(1_100), "desk", "desk-1", M, "expired", 10 * QTY)]

    def test_an_order_may_run_out_on_its_way(self, slow: Table) -> None:
        slow.at(100).place("buy", 40, 10, ttl_ms=200)
        out = tick(slow, 1_000)
        assert [(type(e), e.ts) for e in out] == [(OrderCancelled, ms(300))]
        assert not slow.engine.orders.index
        assert not slow.engine.state.sent

    def test_a_cancel_overtakes_nothing(self, slow: Table) -> None:
        """Sent while the order is on its way, it still takes effect 250 ms after it was sent."""
        slow.at(100).place("buy", 40, 10)
        slow.at(200).cancel()
        out = tick(slow, 1_000)
        assert [(type(e), e.ts) for e in out] == [(OrderLive, ms(350)), (OrderCancelled, ms(450))]

    def test_what_falls_due_together_goes_in_the_order_it_was_set(self, table: Table) -> None:
        for ref in ("o1", "o2", "o3"):
            table.at(10).place("buy", 40, 1, ref=ref, ttl_ms=500)
        out = tick(table, 2_000)
        assert [e.order for e in out if isinstance(e, OrderCancelled)] == ["desk-1", "desk-2", "desk-3"]

    @given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 900)), min_size=1, max_size=12))
    def test_effects_are_in_the_order_of_time(self, orders: list[tuple[int, int]]) -> None:
        """Whatever is sent when and however long it lives, one late input brings all of it out in order."""
        table = Table(latency_ms=250)
        table.at(1).book({40: 100}, {42: 80})
        for at, life in sorted(orders):
            table.at(1 + at).place("buy", 40, 1, ttl_ms=life)
        tick(table, 5_000)
        times = [effect.ts for effect in table.effects]
        assert times == sorted(times)
        ends = sorted(e.ts for e in table.effects if isinstance(e, OrderCancelled))
        assert ends == sorted(ms(1 + at + life) for at, life in orders)

    def test_time_never_goes_back(self, table: Table) -> None:
        tick(table, 1_000)
        table.at(400).place("buy", 40, 10)
        assert table.order().sent_ns == ms(1_000)

    def test_finish_brings_out_what_is_due(self, slow: Table) -> None:
        slow.at(100).place("buy", 40, 10)
        assert slow.engine.finish() == []
        slow.engine.state.now = ms(350)
        assert kinds(slow.engine.finish()) == ["OrderLive"]


class TestArrival:
    """What the venue says to an order, at the moment it gets there."""

    def test_a_spread_that_closed_on_the_way(self, slow: Table) -> None:
        slow.at(100).place("buy", 41, 10)
        slow.at(200).level("A", 41, 5)
        assert tick(slow, 400) == [OrderRejected(ms(350), "desk", "desk-1", M, "post-only would cross")]
        assert slow.engine.state.lanes["desk"].working == {}
        assert slow.engine.state.lanes["desk"].metrics.rejected == 1

    def test_a_book_doubted_on_the_way(self, slow: Table) -> None:
        slow.at(100).place("buy", 40, 10)
        slow.at(200).send(BookDoubt(ms(200), M, "gap"))
        assert tick(slow, 400) == [OrderRejected(ms(350), "desk", "desk-1", M, "book unknown")]

    def test_an_empty_other_side_crosses_nothing(self, slow: Table) -> None:
        slow.at(100).book({40: 10}, {})
        slow.place("buy", 99, 1)
        slow.place("sell", 41, 1, lane="other")
        assert kinds(tick(slow, 400)) == ["OrderLive", "OrderLive"]


class TestClose:
    """Closing times come from the venue, and may move."""

    def closing(self, table: Table, at: float, close: float) -> list[Effect]:
        return table.at(at).send(MarketChanged(ms(at), M, close_ns=ms(close)))

    def test_orders_end_at_the_close(self, slow: Table) -> None:
        self.closing(slow, 10, 1_000)
        slow.at(100).place("buy", 40, 10)
        slow.at(900).place("buy", 40, 5, ref="o2")
        out = slow.at(1_300).print(39, 50, "sell")
        assert out == [
            OrderCancelled(ms(1_000), "desk", "desk-1", M, "market closed", 10 * QTY),
            OrderCancelled(ms(1_000), "desk", "desk-2", M, "market closed", 5 * QTY),
        ]
        refused = slow.place("buy", 40, 10, ref="o3")
        assert [e.reason for e in refused if isinstance(e, CommandRefused)] == ["market closed"]

    def test_a_close_put_off_is_not_a_close(self, table: Table) -> None:
        self.closing(table, 10, 1_000)
        table.at(100).place("buy", 40, 10)
        self.closing(table, 900, 3_000)
        assert tick(table, 2_900) == []
        assert kinds(tick(table, 3_000)) == ["OrderCancelled"]

    def test_a_close_brought_forward(self, table: Table) -> None:
        self.closing(table, 10, 3_000)
        table.at(100).place("buy", 40, 10)
        self.closing(table, 900, 1_000)
        assert [e.ts for e in tick(table, 1_100)] == [ms(1_000)]

    def test_a_close_already_past(self, table: Table) -> None:
        table.at(100).place("buy", 40, 10)
        self.closing(table, 900, 500)
        assert kinds(tick(table, 901)) == ["OrderCancelled"]

    def test_a_market_that_opens_again(self, table: Table) -> None:
        self.closing(table, 10, 100)
        tick(table, 200)
        self.closing(table, 300, 5_000)
        assert kinds(table.place("buy", 40, 10)) == ["OrderPlaced", "OrderLive"]

    def test_a_settled_market_stays_closed(self, table: Table) -> None:
        table.at(100).send(MarketSettled(ms(100), M, SettlementState.DETERMINED, 10_000))
        self.closing(table, 300, 5_000)
        refused = table.place("buy", 40, 10)
        assert [e.reason for e in refused if isinstance(e, CommandRefused)] == ["market closed"]

    def test_a_halt_ends_working_orders(self, table: Table) -> None:
        table.at(100).place("buy", 40, 10)
        out = table.at(200).send(MarketChanged(ms(200), M, status=MarketStatus.INACTIVE))
        out += table.at(300).send(MarketChanged(ms(300), M, status=MarketStatus.ACTIVE))
        assert kinds(out) == ["OrderCancelled"]


class TestSettlement:
    """Positions are booked by state, and the account follows every word."""

    def held(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        table.at(20).print(39, 10, "sell")

    def settle(self, table: Table, at: float, state: SettlementState, value: int | None) -> list[Effect]:
        return table.at(at).send(MarketSettled(ms(at), M, state, value))

    def test_every_word_is_booked_and_only_the_last_stands(self, table: Table) -> None:
        self.held(table)
        table.place("sell", 42, 5, ref="o2")
        out = self.settle(table, 100, SettlementState.DETERMINED, 10_000)
        assert out == [
            OrderCancelled(ms(100), "desk", "desk-2", M, "market settled", 5 * QTY),
            MarketBooked(ms(100), "desk", M, "determined", 10_000, money("6")),
            PositionChanged(ms(100), "desk", M, 0, money("6"), money("6"), 0),
        ]
        assert self.settle(table, 110, SettlementState.DETERMINED, 10_000) == []
        out = self.settle(table, 200, SettlementState.AMENDED, 0)
        assert [e.pnl for e in out if isinstance(e, MarketBooked)] == [money("-4")]
        self.settle(table, 300, SettlementState.FINAL, 0)
        assert table.engine.state.lanes["desk"].account.cash == money("-4")

    def test_a_state_without_a_value_ends_orders_and_leaves_positions_open(self, table: Table) -> None:
        self.held(table)
        table.place("sell", 42, 5, ref="o2")
        out = self.settle(table, 100, SettlementState.DETERMINED, None)
        assert kinds(out) == ["OrderCancelled", "MarketBooked", "PositionChanged"]
        assert table.engine.state.lanes["desk"].account.positions[M].qty == 10 * QTY

    def test_void_gives_the_cost_back(self, table: Table) -> None:
        self.held(table)
        self.settle(table, 100, SettlementState.VOID, None)
        assert table.engine.state.lanes["desk"].account.cash == 0

    def test_lanes_without_a_position_are_not_booked(self, table: Table) -> None:
        assert self.settle(table, 100, SettlementState.FINAL, 0) == []
        refused = table.place("buy", 40, 1)
        assert [e.reason for e in refused if isinstance(e, CommandRefused)] == ["market closed"]


class TestFacts:
    """What is only noted."""

    def test_prices_quotes_and_exchanges(self, table: Table) -> None:
        quote = Quote(1, 0, M, 4000, QTY, 4200, QTY)
        for item in (
            SpotTick(1, 0, "coinbase", "BTC-USD", 84_000 * UNDERLYING),
            IndexTick(2, 0, "BRTI", 84_001 * UNDERLYING),
            quote,
            EventListed(3, EventGroup("E", "kalshi", exclusive=True)),
            Candle(3, M, 0, 1),
            FeedUp(4, "kalshi"),
            ExchangeStatus(6, "kalshi", True, False),
        ):
            assert table.send(item) == []
        state = table.engine.state
        btc = state.underlyings["BTC"]
        assert (btc.index, btc.proxies["coinbase BTC-USD"].price) == (84_001.0, 84_000.0)
        assert state.markets[M].quote == quote
        assert state.groups["E"].exclusive
        refused = table.at(10).place("buy", 40, 1)
        assert [e.reason for e in refused if isinstance(e, CommandRefused)] == ["venue paused"]
        table.send(ExchangeStatus(ms(11), "kalshi", True, True))
        assert kinds(table.place("buy", 40, 1)) == ["OrderPlaced", "OrderLive"]

    def test_a_market_nobody_listed_trades_at_any_price(self) -> None:
        engine = Engine(EngineConfig(entry_latency_ns=0))
        engine.process(BookSnapshot(1, 1, "KXNEW", ((4001, QTY),), ((4009, QTY),)))
        state = engine.state.markets["KXNEW"]
        assert state.tradable
        assert state.mid2 == 8010

    def test_fills_of_block_prints_and_last_prices(self, table: Table) -> None:
        table.at(10).place("buy", 40, 10)
        assert table.at(20).print(39, 50, "sell", block=True) == []
        assert table.engine.state.markets[M].last == 0
        table.at(30).print(42, 1, "buy")
        assert table.engine.state.markets[M].last == 4200

    def test_an_empty_opening(self) -> None:
        assert restore(b"null") is None

    def test_a_configuration_without_a_desk(self) -> None:
        engine = Engine(EngineConfig(lanes=(LaneConfig("probe", "probe"),)))
        assert kinds(engine.process(Kill(1))) == ["RiskHalt"]


def test_the_defaults() -> None:
    config = EngineConfig()
    assert (config.beat_ns, config.entry_latency_ns, config.cancel_latency_ns) == (ms(250),) * 3
    assert (config.doubt_cancel_ns, config.crossed_ns) == (2 * SECOND, ms(250))
    assert (config.by_order_share, config.no_trades) == (80, False)

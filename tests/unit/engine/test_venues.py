"""What differs by venue: polled books, least sizes, whether an order can get smaller where it stands."""

import msgspec
import pytest

from cockpit.domain.effects import (
    Alert,
    CommandRefused,
    DoubtRaised,
    OrderCancelled,
    OrderFilled,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
)
from cockpit.domain.events import (
    BookDoubt,
    ExchangeHours,
    FeedDown,
    FeedUp,
    MarketChanged,
    MarketListed,
    MarketSettled,
    Tick,
    Trade,
)
from cockpit.domain.markets import Market, MarketStatus, SettlementState
from cockpit.domain.units import ASK, QTY, SECOND
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch

from .conftest import M, Table  # noqa: TID252  the tests are no package


def listed(table, **fields):
    market = table.engine.state.markets[M].market
    table.send(MarketListed(table.t, msgspec.structs.replace(market, **fields)))


def fills(table):
    return [(e.rule, e.counts) for e in table.effects if isinstance(e, OrderFilled)]


def refusals(table):
    return [e.reason for e in table.effects if isinstance(e, CommandRefused | OrderRejected)]


@pytest.fixture
def polled():
    table = Table(polled=("kalshi",))
    watch = Watch(table.engine)
    table.at(1).book({40: 10}, {44: 10})
    table.at(2).place("buy", 40, 5)
    return table, watch


def test_a_polled_market_knows_the_cross_rule_only(polled):
    table, _ = polled
    table.at(500).print(40, 50, "sell", backfill=True)
    assert fills(table) == []
    table.at(600).print(39, 5, "sell", backfill=True)
    assert fills(table) == [(RULES[CROSS], True)]


def test_its_fills_enter_no_verdict_but_do_move_money(polled):
    table, _ = polled
    table.at(600).print(39, 5, "sell", backfill=True)
    lane = table.engine.state.lanes["desk"]
    assert lane.account.positions[M].qty == 5 * QTY
    assert lane.account.cash < 0
    assert lane.metrics.orders_counted == lane.metrics.done_orders == 0
    assert not any(score.whole or score.qty for score in lane.score.values())
    assert not table.engine.results.of(lane)
    assert not table.engine.state.marks


def test_it_is_badged(polled):
    table, watch = polled
    made = view(table.engine, watch, focus=M)
    assert "POLLED" in made.rows[0].flags
    assert made.detail is not None
    assert "POLLED" in made.detail.by_order


def test_a_streamed_market_beside_it_is_not():
    table = Table(polled=("polymarket_us",))
    watch = Watch(table.engine)
    table.at(1).book({40: 10}, {44: 10})
    assert view(table.engine, watch).rows[0].flags == ()


@pytest.mark.parametrize(("polled", "heard"), [((), 9 * SECOND), (("kalshi",), 1_000_000)])
def test_a_polled_book_says_nothing_of_another(polled, heard):
    table = Table(polled=polled)
    table.at(1).book({40: 10}, {44: 10})
    table.engine.state.heard["kalshi"] = 9 * SECOND
    assert table.engine.snaps.fresh(table.engine.state.markets[M]).heard_ns == heard


@pytest.mark.parametrize(
    ("venue", "kept"), [("kalshi", True), ("polymarket", False), ("polymarket_us", False)]
)
def test_only_some_venues_let_an_order_get_smaller_in_its_place(venue, kept):
    table = Table()
    listed(table, venue=venue)
    table.at(1).book({40: 10}, {44: 10})
    table.at(2).place("buy", 40, 5)
    placed = table.order().id
    table.at(3).edit(placed, 40, 3)
    table.at(300).print(30, 1, "buy")
    assert any(isinstance(e, OrderReduced) for e in table.effects) is kept
    assert sum(isinstance(e, OrderPlaced) for e in table.effects) == (1 if kept else 2)


def test_less_than_the_least_size_is_refused():
    table = Table()
    listed(table, venue="polymarket", least=5 * QTY)
    table.at(1).book({40: 10}, {44: 10})
    table.at(2).place("buy", 40, 4)
    assert any("least" in reason for reason in refusals(table))
    table.at(3).place("buy", 40, 5, ref="o2")
    assert any(isinstance(e, OrderPlaced) for e in table.effects)


def test_nothing_is_placed_while_the_venue_pauses_by_its_hours():
    table = Table()
    table.at(1).book({40: 10}, {44: 10})
    table.send(ExchangeHours(table.t, "kalshi", ((2 * SECOND, 3 * SECOND),)))
    table.at(2_500).place("buy", 40, 5)
    assert refusals(table) == ["venue paused by its hours"]
    table.at(3_100).place("buy", 40, 5, ref="o2")
    assert any(isinstance(e, OrderPlaced) for e in table.effects)


def test_a_lost_link_is_told_once_and_so_is_its_return():
    table = Table()
    for event in (FeedUp(1, "kalshi.ws"), FeedDown(2, "kalshi.ws", "silent"), FeedDown(3, "kalshi.ws", "silent"),
                  FeedDown(4, "kalshi.ws", "connection refused"), FeedUp(5, "kalshi.ws"), FeedUp(6, "kalshi.ws")):  # fmt: skip
        table.send(event)
    assert [(e.ts, e.kind, e.text) for e in table.effects if isinstance(e, Alert)] == [
        (2, "feed", "kalshi.ws down: silent"),
        (5, "feed", "kalshi.ws up again"),
    ]


def test_a_print_from_before_an_order_came_never_fills_it(polled):
    table, _ = polled
    table.at(500)
    table.send(Trade(table.t, 1, M, 3_900, 9 * QTY, ASK, "old", backfill=True))
    assert fills(table) == []


def test_a_polled_book_too_old_takes_no_order(polled):
    table, _ = polled
    table.at(6_500).place("buy", 41, 5, ref="o2")
    assert any("polled 6 s ago" in reason for reason in refusals(table))


def test_an_order_is_refused_when_the_next_polled_book_was_through_it_already():
    table = Table(polled=("kalshi",))
    table.at(1).book({40: 10}, {44: 10})
    table.at(900).place("buy", 42, 5)
    table.at(1_001).book({38: 10}, {41: 10})
    assert fills(table) == []
    assert [(e.order, e.reason) for e in table.effects if isinstance(e, OrderCancelled)] == [
        ("desk-1", "post-only would cross")
    ]


def test_a_book_that_comes_through_an_order_later_fills_it():
    table = Table(polled=("kalshi",))
    table.at(1).book({40: 10}, {44: 10})
    table.at(900).place("buy", 42, 5)
    table.at(1_001).book({40: 10}, {44: 10})
    table.at(2_001).book({38: 10}, {41: 10})
    assert fills(table) == [("cross", True)]


def test_a_crossed_polled_book_is_doubted():
    table = Table(polled=("kalshi",), crossed_ns=250_000_000)
    table.at(1).book({60: 10}, {40: 10})
    assert not table.engine.state.markets[M].doubt
    table.at(1_001).book({60: 10}, {40: 10})
    assert table.engine.state.markets[M].doubt == "crossed"
    table.at(2_001).book({40: 10}, {60: 10})
    assert not table.engine.state.markets[M].doubt


def test_what_is_told_of_strangers_leaves_nothing():
    table = Table()
    for n in range(50):
        table.send(MarketChanged(1, f"KXNBA-{n}", status=MarketStatus.ACTIVE))
        table.send(MarketSettled(2, f"KXNBA-{n}", SettlementState.FINAL, 0))
    assert set(table.engine.state.markets) == {M}
    for n in range(50):
        table.send(MarketListed(3, Market(f"KXNBA-{n}", "kalshi", close_ns=9_000 * SECOND)))
    table.send(Tick(2_000 * SECOND))
    assert not [name for name in table.engine.state.markets if name.startswith("KXNBA")]


def test_a_stream_that_says_nothing_takes_no_order_until_it_speaks():
    table = Table()
    table.at(1).book({40: 10}, {44: 10})
    table.at(20_500).place("buy", 41, 5, ref="o1")
    assert refusals(table) == ["nothing heard from kalshi for 20 s"]
    table.print(40, 1, "sell")
    table.at(21_000).place("buy", 41, 5, ref="o2")
    assert len(refusals(table)) == 1


def test_a_closed_book_is_doubted_in_silence():
    table = Table()
    table.at(1).book({40: 10}, {44: 10})
    table.engine.state.markets[M].closed = True
    table.send(BookDoubt(table.t, M, "link lost"))
    assert not [e for e in table.effects if isinstance(e, DoubtRaised)]
    assert not table.engine.state.markets[M].tradable

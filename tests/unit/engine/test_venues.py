"""What differs by venue: polled books, least sizes, whether an order can get smaller where it stands."""

import msgspec
import pytest

from cockpit.domain.effects import (
    Alert,
    CommandRefused,
    OrderFilled,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
)
from cockpit.domain.events import ExchangeHours, FeedDown, FeedUp, MarketListed
from cockpit.domain.units import QTY, SECOND
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
    assert not lane.score
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


def test_a_lost_link_is_told_once_for_each_cause_and_so_is_its_return():
    table = Table()
    for event in (FeedUp(1, "kalshi.ws"), FeedDown(2, "kalshi.ws", "silent"), FeedDown(3, "kalshi.ws", "silent"),
                  FeedDown(4, "kalshi.ws", "connection refused"), FeedUp(5, "kalshi.ws"), FeedUp(6, "kalshi.ws")):  # fmt: skip
        table.send(event)
    assert [(e.ts, e.kind, e.text) for e in table.effects if isinstance(e, Alert)] == [
        (2, "feed", "kalshi.ws down: silent"),
        (4, "feed", "kalshi.ws down: connection refused"),
        (5, "feed", "kalshi.ws up again"),
    ]

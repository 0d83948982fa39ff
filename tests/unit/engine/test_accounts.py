"""The real account as venues report it, and real orders' queues beside our own."""

import msgspec
import pytest

from cockpit.domain.account import RealFill, RealOrder, RealPosition
from cockpit.domain.effects import QueueCompared
from cockpit.domain.events import (
    AccountBalance,
    AccountFills,
    AccountOrders,
    AccountPositions,
    BookDelta,
    BookDoubt,
    BookSnapshot,
    MarketListed,
    QueueReported,
    Trade,
)
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.engine.queue import FIFO, GHOST
from cockpit.settings.tree import Settings

T0 = 1_796_000_000 * SECOND
M = "E-1"


class Bench:
    def __init__(self):
        self.engine = Engine(Settings().engine())
        self.t = T0
        self.effects = []
        self.say(
            MarketListed,
            Market(M, "kalshi", event="E", status=MarketStatus.ACTIVE, close_ns=T0 + 3600 * SECOND),
        )
        self.say(BookSnapshot, 0, M, ((4_000, 100 * QTY), (3_900, 50 * QTY)), ((4_400, 80 * QTY),))

    def say(self, kind, *fields, **more):
        self.t += MILLISECOND
        self.effects += self.engine.process(kind(self.t, *fields, **more))

    def orders(self, *orders, whole=True):
        self.say(AccountOrders, "kalshi", orders, whole)

    def report(self, ahead, order="o"):
        self.say(QueueReported, "kalshi", ((order, ahead * QTY),))

    def delta(self, qty, price=4_000, side=BID):
        self.say(BookDelta, self.t, M, side, price, qty * QTY)

    def trade(self, qty, price=4_000):
        self.say(Trade, self.t, M, price, qty * QTY, ASK)
        self.delta(-qty, price)

    @property
    def account(self):
        return self.engine.state.accounts["kalshi"]

    @property
    def pairs(self):
        return [(p.reported // QTY, p.fifo // QTY, p.tail // QTY) for p in self.account.pairs]

    def ghosts(self):
        return [o for m in self.engine.state.markets.values() for o in m.rest.orders() if o.lane == GHOST]


ORDER = RealOrder("o", M, BID, 4_000, 10 * QTY, 10 * QTY)


@pytest.fixture
def bench():
    return Bench()


def test_money_and_positions_are_taken_over(bench):
    bench.say(AccountBalance, "kalshi", 98, ((0, 90), (2, 8)))
    bench.say(AccountPositions, "kalshi", (RealPosition(M, -3 * QTY), RealPosition("X", QTY)))
    assert (bench.account.cash, bench.account.shards) == (98, ((0, 90), (2, 8)))
    assert set(bench.account.positions) == {M, "X"}
    bench.say(AccountPositions, "kalshi", (RealPosition("X", 0),), whole=False)
    assert set(bench.account.positions) == {M}
    bench.say(AccountPositions, "kalshi", ())
    assert not bench.account.positions


def test_fills_are_told_once(bench):
    fill = RealFill("f", "o", M, BID, 4_000, QTY, 0, False)
    bench.say(AccountFills, "kalshi", (fill,))
    bench.say(AccountFills, "kalshi", (fill, msgspec.structs.replace(fill, id="g")))
    assert [each.id for each in bench.account.fills] == ["f", "g"]


def test_the_first_report_places_the_ghost_and_the_next_is_compared(bench):
    bench.orders(ORDER)
    (ghost,) = bench.ghosts()
    bench.report(90)
    assert bench.pairs == []
    (ghost,) = bench.ghosts()
    assert ghost.ahead_fifo == 90 * QTY
    bench.report(90)
    assert bench.pairs == [(90, 90, 90)]
    assert [e for e in bench.effects if isinstance(e, QueueCompared)] == [
        QueueCompared(bench.t, "kalshi", "o", M, BID, 4_000, 90 * QTY, 90 * QTY, 90 * QTY)
    ]


def test_whoever_joined_before_the_first_report_is_known_to_be_behind(bench):
    bench.orders(ORDER)
    bench.delta(33)
    bench.report(90)
    bench.delta(-33)
    bench.report(90)
    assert bench.pairs == [(90, 90, 90)]


def test_prints_and_cancels_move_the_ghost_as_they_move_a_paper_order(bench):
    bench.orders(ORDER)
    bench.report(90)
    bench.trade(20)
    bench.report(70)
    bench.delta(33)
    bench.delta(-33)
    bench.report(70)
    bench.delta(-15)
    bench.report(55)
    assert bench.pairs == [(70, 70, 70), (70, 70, 70), (55, 55, 65)]
    tally = bench.account.tally
    assert (tally.n, tally.fifo_exact) == (3, 3)
    assert tally.tail_error >= 0


def test_a_real_order_fills_nothing_on_paper(bench):
    bench.orders(ORDER)
    bench.report(5)
    bench.trade(30)
    for lane in bench.engine.state.lanes.values():
        assert not lane.account.positions
    (ghost,) = bench.ghosts()
    assert ghost.left[FIFO] == 0


def test_an_order_that_is_over_takes_its_ghost_along(bench):
    bench.orders(ORDER)
    bench.report(90)
    bench.orders(msgspec.structs.replace(ORDER, left=0, resting=False), whole=False)
    assert not bench.ghosts()
    assert not bench.account.orders
    bench.orders(ORDER)
    bench.report(90)
    bench.orders()
    assert not bench.ghosts()
    bench.report(80)
    assert not bench.pairs


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"left": 5 * QTY}, True),
        ({"left": 20 * QTY}, False),
        ({"price": 3_900}, False),
        ({"side": ASK, "price": 4_400}, False),
    ],
)
def test_an_amended_order_keeps_its_place_only_when_it_got_smaller(bench, change, kept):
    bench.orders(ORDER)
    bench.report(90)
    (before,) = bench.ghosts()
    bench.orders(msgspec.structs.replace(ORDER, **change), whole=False)
    (after,) = bench.ghosts()
    assert (after.id == before.id) is kept
    bench.report(40)
    assert len(bench.pairs) == kept
    (ghost,) = bench.ghosts()
    assert ghost.price == change.get("price", 4_000)


def test_a_book_in_doubt_is_not_compared(bench):
    bench.orders(ORDER)
    bench.report(90)
    bench.say(BookDoubt, M, "x")
    bench.report(10)
    assert not bench.pairs


def test_what_is_reported_of_unknown_orders_and_markets_is_passed_over(bench):
    bench.report(5, "nobody")
    bench.orders(msgspec.structs.replace(ORDER, market="elsewhere"))
    bench.report(5)
    assert not bench.pairs
    assert not bench.ghosts()


def test_going_on_from_an_opening_is_going_straight_on(bench):
    bench.orders(ORDER)
    bench.report(90)
    other = Bench.__new__(Bench)
    other.engine, other.t, other.effects = (
        Engine(Settings().engine(), restore(bench.engine.opening())),
        bench.t,
        [],
    )
    for each in (bench, other):
        each.trade(20)
        each.delta(-15)
        each.report(55)
    assert other.engine.opening() == bench.engine.opening()
    assert other.pairs == bench.pairs


def test_a_pair_is_kept_for_so_long_and_counted_for_good(bench, monkeypatch):
    monkeypatch.setattr("cockpit.engine.accounts.KEEP_PAIRS", 5)
    bench.orders(ORDER)
    for n in range(20):
        bench.report(90 - n % 2)
    assert len(bench.account.pairs) == 5
    assert bench.account.tally.n == 19

"""Real orders whose fate can be read off a recording, and the rules measured against them."""

import pytest

from cockpit.domain.events import BookDelta, BookSnapshot, Trade
from cockpit.domain.units import ASK, BID, MILLISECOND, QTY
from cockpit.engine.tape import level_key
from cockpit.evaluation.fates import fates, pair_prints
from cockpit.evaluation.fills import FillReport, by_market, evaluate_fills

M = "KXTEST"


class Stream:
    """Events of one market; cents, contracts, ms."""

    def __init__(self):
        self.events = []

    def shown(self, ms, **bids):
        levels = tuple((int(price[1:]) * 100, round(qty * QTY)) for price, qty in bids.items())
        self.events.append(BookSnapshot(ms * MILLISECOND, ms * MILLISECOND, M, levels, ()))
        return self

    def size(self, ms, price, change, side=BID):
        at = ms * MILLISECOND
        self.events.append(BookDelta(at, at, M, side, price * 100, round(change * QTY)))
        return self

    def trade(self, ms, price, qty, taker=ASK):
        at = ms * MILLISECOND
        self.events.append(Trade(at, at, M, price * 100, round(qty * QTY), taker))
        return self


@pytest.fixture
def partly():
    """53 behind 35.62; 35.62 and 34.27 are sold into the level; the order is cancelled for 18.73."""
    stream = Stream().shown(0, p40=35.62).size(10, 40, 53)
    stream.size(20, 40, -35.62).size(20, 40, -34.27).trade(21, 40, 35.62).trade(21, 40, 34.27)
    return stream.size(30, 40, -18.73).events


def test_a_partly_filled_order(partly):
    known = fates(partly)
    (fate,) = known.partly
    assert (fate.qty, fate.filled) == (53 * QTY, 3427 * QTY // 100)
    assert fate.key == level_key(BID, 4000)
    assert (fate.born, fate.died) == (1, 6)
    assert known.decreases == {"unique": 1, "multi": 0, "none": 0, "snapshot": 0}
    assert known.whole == []


def test_the_rules_in_its_place(partly):
    report = evaluate_fills(partly).as_json()["partly_filled"]
    assert report["n"] == 1
    assert report["contracts"] == 34.27
    assert report["exact"] == {"cross": 0, "tail": 1, "fifo": 1, "touch": 0}
    assert report["volume_ratio"]["fifo"] == 1


def test_pairs_in_either_order():
    stream = Stream().shown(0, p40=10).size(1, 40, -4).trade(2, 40, 4).trade(3, 40, 6).size(4, 40, -6)
    assert pair_prints(stream.events) == {1: 2, 4: 3}


def test_the_nearest_decrease_is_the_prints_own():
    stream = Stream().shown(0, p40=100).size(1, 40, -10).size(600, 40, -10).trade(601, 40, 10)
    assert pair_prints(stream.events) == {2: 3}


def test_decreases_by_kind():
    stream = Stream().shown(0, p40=30).size(1, 40, 5).size(2, 40, 7).size(3, 40, 7).size(4, 40, -5)
    stream.size(5, 40, -7).size(6, 40, -20).size(7, 40, -15)
    assert fates(stream.events).decreases == {"unique": 1, "multi": 1, "snapshot": 1, "none": 1}


def test_an_order_cancelled_whole_and_exposed():
    """Ten ahead, an order of 5 joins, 4 of those ahead are sold to, the order leaves: nobody behind it was due."""
    stream = Stream().shown(0, p40=10).size(1, 40, 5).size(2, 40, -4).trade(3, 40, 4).size(4, 40, -5)
    known = fates(stream.events)
    assert [(f.qty, f.filled, f.exposed) for f in known.whole] == [(5 * QTY, 0, True)]
    report = evaluate_fills(stream.events)
    assert report.exposed == 1
    assert report.false_fills == [0, 0, 0, 1]


def test_an_amended_order_tells_nothing():
    stream = Stream().shown(0, p40=1).size(1, 40, 5).size(2, 40, -2).size(3, 40, -3)
    known = fates(stream.events)
    assert known.decreases["none"] == 1
    assert known.whole == known.partly == []


def test_the_yes_ask_side_alike():
    stream = Stream().shown(0).size(1, 60, 10, ASK).size(2, 60, 4, ASK).size(3, 60, -10, ASK)
    stream.trade(4, 60, 10, BID).size(5, 60, -1.5, ASK).trade(5, 60, 1.5, BID).size(6, 60, -2.5, ASK)
    (fate,) = fates(stream.events).partly
    assert fate.filled == 3 * QTY // 2


def test_reports_add_up(partly):
    total = FillReport()
    total.add(evaluate_fills(partly))
    total.add(evaluate_fills(partly))
    assert total.partly.n == 2
    assert total.as_json()["partly_filled"]["contracts"] == 68.54
    assert by_market([*partly, "other"]) == {M: partly}

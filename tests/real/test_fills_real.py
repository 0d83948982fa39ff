"""The fill rules against real orders whose fate is visible, on ten recorded windows."""

import pytest

from cockpit.evaluation.fills import FillReport, by_market, evaluate_fills
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile


@pytest.fixture(scope="module")
def report(imported, gold_names):
    total = FillReport()
    for name in gold_names:
        for events in by_market(replay.events(SessionFile(imported(name)))).values():
            total.add(evaluate_fills(events))
    return total.as_json()


def test_the_stream_is_order_by_order(report):
    decreases = report["decreases"]
    assert decreases["unique"] / sum(decreases.values()) > 0.90


def test_partly_filled_orders(report):
    partly = report["partly_filled"]
    assert partly["n"] > 2_000
    assert partly["exact"]["fifo"] >= 0.98
    assert 0.98 <= partly["volume_ratio"]["fifo"] <= 1.02
    assert partly["exact"]["fifo"] > partly["exact"]["tail"]


def test_orders_cancelled_whole(report):
    assert report["cancelled_whole"] > 200_000
    assert report["exposed"] > 3_000
    false = report["false_fills"]
    assert false["fifo"] <= 0.015
    assert false["tail"] <= 0.002
    assert false["cross"] <= false["tail"] <= false["fifo"] <= false["touch"]
    assert false["touch"] > 0.95

"""Calibration: which market speaks when, and the scores by family and horizon."""

from types import SimpleNamespace

import pytest

from cockpit.domain.book import Book
from cockpit.domain.units import PRICE, SECOND
from cockpit.evaluation.calibration import (
    Observation,
    Observations,
    Scored,
    calibrations,
    reliability,
    scored,
)

CLOSE = 10_000 * SECOND


def market(mid, fair, close=CLOSE, doubt=""):
    cents = round(mid * 100)
    book = Book()
    book.replace([((cents - 1) * 100, 1_000_000)], [((cents + 1) * 100, 1_000_000)])
    return SimpleNamespace(
        book=book,
        fair=fair and SimpleNamespace(mid=fair),
        doubt=doubt,
        market=SimpleNamespace(close_ns=close),
    )


def looked(markets, *lefts):
    engine = SimpleNamespace(state=SimpleNamespace(now=0, markets=markets))
    found = Observations(
        engine,
        lambda ticker: ("crypto", ticker[0]),
        lambda made, ticker: made.state.markets[ticker].market.close_ns,
    )
    for left in lefts:
        engine.state.now = CLOSE - int(left * SECOND)
        found.look()
    return found.found


def test_the_market_nearest_to_one_half_speaks_for_its_cluster():
    markets = {
        "a1": market(0.9, 0.8),
        "a2": market(0.4, 0.3),
        "a3": market(0.2, 0.25),
        "b1": market(0.7, 0.6),
    }
    found = looked(markets, 700, 600, 599)
    assert found == {
        ("a", 600): Observation("a2", "crypto", "a", 600, 0.3, 0.4),
        ("b", 600): Observation("b1", "crypto", "b", 600, 0.6, 0.7),
    }


def test_each_horizon_once_and_only_in_time():
    markets = {"a": market(0.4, 0.3)}
    assert list(looked(markets, 3601, 3598, 3597, 500, 58, 57)) == [("a", 3600), ("a", 60)]
    assert looked(markets, 3590, 594, 50, 0, -5) == {}


@pytest.mark.parametrize(
    "silent", [market(0.4, None), market(0.4, 0.3, doubt="gap"), market(0.4, 0.3, close=0)], ids=["fair", "doubt", "close"]
)  # fmt: skip
def test_a_market_without_a_price_or_a_close_says_nothing(silent):
    assert looked({"a": silent}, 600) == {}


def test_only_what_was_won_or_lost_is_scored():
    found = [Observation(name, "crypto", name, 60, 0.6, 0.5) for name in "abcd"]
    made = scored(found, {"a": PRICE, "b": 0, "c": PRICE // 2})
    assert [(each.cluster, each.paid) for each in made] == [("a", 1.0), ("b", 0.0)]


def row(i, ours, theirs, paid, family="crypto", ahead=60):
    return Scored(family, f"e{i}", ahead, ours, theirs, paid)


def test_scores_by_family_and_horizon():
    rows = [
        row(0, 0.8, 0.6, 1.0),
        row(1, 0.3, 0.5, 0.0),
        row(2, 0.9, 0.7, 1.0, "games"),
        row(3, 0.5, 0.5, 0.0, ahead=600),
    ]
    made = {(c.family, c.ahead): c for c in calibrations(rows)}
    assert list(made) == [("crypto", 600), ("crypto", 60), ("games", 60), ("all", 600), ("all", 60)]
    crypto = made["crypto", 60]
    assert (crypto.n, crypto.verdict) == (2, "cannot tell yet")
    assert crypto.brier == pytest.approx((0.04 + 0.09) / 2)
    assert crypto.brier_market == pytest.approx((0.16 + 0.25) / 2)
    assert crypto.log_loss < crypto.log_loss_market
    assert made["all", 60].n == 3
    assert calibrations([]) == []


def test_many_events_say_who_is_better():
    rows = [row(i, 0.9 if i % 2 else 0.1, 0.5, float(i % 2)) for i in range(80)]
    assert calibrations(rows)[0].verdict == "ours better"
    turned = [row(i, 0.5, 0.9 if i % 2 else 0.1, float(i % 2)) for i in range(80)]
    assert calibrations(turned)[0].verdict == "market better"


def test_reliability_by_tenths():
    rows = [
        row(0, 0.12, 0.5, 0.0),
        row(1, 0.18, 0.5, 1.0),
        row(2, 0.95, 0.5, 1.0),
        row(3, 0.95, 0.5, 1.0, ahead=600),
    ]
    made = reliability(rows, 60)
    assert [(b.n, b.observed) for b in made] == [(2, 0.5), (1, 1.0)]

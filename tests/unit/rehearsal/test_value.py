"""True values: the averaged variance against simulation, and the edges of every strike type."""

import math
from itertools import pairwise

import numpy as np
import pytest

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.listing import Ladder, board
from cockpit.rehearsal.path import YEAR_S, Path, paths
from cockpit.rehearsal.profiles import BTC, CLOSE_NS
from cockpit.rehearsal.value import bounds, fair, outlook, pays

CENT = UNDERLYING // 100


@pytest.fixture
def path() -> Path:
    start = CLOSE_NS - 1200 * SECOND
    return paths((BTC,), start, CLOSE_NS + 2 * SECOND, np.random.default_rng(8))["BTC"]


@pytest.mark.parametrize("left_s", [300.0, 60.0, 59.0, 30.5, 1.5, 0.5])
def test_the_spread_is_that_of_a_simulated_mean(path: Path, left_s: float) -> None:
    """20,000 Brownian paths from now, sampled on the print times; the sd of an sd is then 0.5 %."""
    now = CLOSE_NS - int(left_s * SECOND)
    times = np.array([left_s - 59 + i for i in range(60) if left_s - 59 + i > 0])
    gaps = np.diff(times, prepend=0.0)
    rng = np.random.default_rng(4)
    per_second = path.at(now) * path.vol_at(now) / math.sqrt(YEAR_S)
    noise = rng.standard_normal((20_000, len(times))) * np.sqrt(gaps) * per_second
    simulated = np.cumsum(noise, axis=1).sum(axis=1) / 60.0
    known = [path.index(CLOSE_NS - i * SECOND) / UNDERLYING for i in range(60) if i >= left_s]
    mean, sd = outlook(path, now, CLOSE_NS)
    assert sd == pytest.approx(float(simulated.std()), rel=0.02)
    assert mean == pytest.approx((sum(known) + (60 - len(known)) * path.at(now)) / 60)


def test_at_the_close_the_value_is_known(path: Path) -> None:
    mean, sd = outlook(path, CLOSE_NS, CLOSE_NS)
    assert sd == 0.0
    assert round(mean * 100) * CENT == pytest.approx(path.settlement(CLOSE_NS), abs=CENT)


def test_a_range_ladder_sums_to_one_and_thresholds_fall(path: Path) -> None:
    ladder = Ladder("BTC", 100 * UNDERLYING, above=5, between=4, updown=True)
    now = CLOSE_NS - 120 * SECOND
    markets = board(ladder, round(path.at(now)) * UNDERLYING, path.index(now), CLOSE_NS).markets
    ranges = [fair(market, path, now) for market in markets if market.series == "KXBTC"]
    above = [fair(market, path, now) for market in markets if market.series == "KXBTCD"]
    assert sum(ranges) == pytest.approx(1.0)
    assert all(high > low for high, low in pairwise(above))


def test_after_the_close_the_fair_value_is_the_result(path: Path) -> None:
    value = path.settlement(CLOSE_NS)
    ladder = Ladder("BTC", 10 * UNDERLYING, above=5, between=4, updown=True)
    for market in board(ladder, value, value - CENT, CLOSE_NS).markets[:-1]:
        assert fair(market, path, CLOSE_NS) == float(pays(market, value))


def test_bounds_round_to_the_strike_that_pays() -> None:
    ladder = Ladder("BTC", 100 * UNDERLYING, above=1, between=1, updown=True)
    above, below, between, top, updown, _ = board(
        ladder, 84_000 * UNDERLYING, 84_000 * UNDERLYING, CLOSE_NS
    ).markets
    assert bounds(above) == (pytest.approx(83_999.995), math.inf)
    assert bounds(below) == (-math.inf, pytest.approx(83_999.995))
    assert bounds(between) == (pytest.approx(83_999.995), pytest.approx(84_099.995))
    assert bounds(top) == (pytest.approx(84_099.995), math.inf)
    assert bounds(updown) == (pytest.approx(83_999.995), math.inf)

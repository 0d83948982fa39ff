"""Polymarket's markets on what Kalshi's are on: what they are, what they are worth, and that it is not the same."""

import math
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest

from cockpit.domain.markets import Market
from cockpit.domain.units import BID, QTY, SECOND, UNDERLYING
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.path import Path, paths
from cockpit.rehearsal.polymarket.depth import CENT, TENTH
from cockpit.rehearsal.polymarket.terms import ABOVE, QUARTER_NS, UPDOWN, Terms
from cockpit.rehearsal.profiles import BTC, CLOSE_NS, DEMO, PAIRS
from cockpit.rehearsal.proxy import Proxies, draw
from cockpit.rehearsal.tokens import LEAST
from cockpit.rehearsal.twins import Doubled, TwinPit, pits
from cockpit.rehearsal.value import fair, outlook, pays
from cockpit.rehearsal.world import World

SPEC = msgspec.structs.replace(DEMO.twins, doubled=(Doubled("BTC", 100 * UNDERLYING, above=5),))
BASES = (SPEC.candle, SPEC.stream)
START = CLOSE_NS - 400 * SECOND
SEEDS = 240


def drawn(seed: int) -> Path:
    rng = np.random.default_rng(seed)
    path = paths((BTC,), CLOSE_NS - 1020 * SECOND, CLOSE_NS + 2 * SECOND, rng)["BTC"]
    draw(path, BASES, rng)
    return path


@pytest.fixture
def listed() -> list[TwinPit]:
    return pits(SPEC, {"BTC": drawn(3)}, START, CLOSE_NS)


def test_thresholds_stand_around_the_money_and_a_window_stands_beside_them(listed: list[TwinPit]) -> None:
    *ladder, window = listed
    money = ladder[0].path.at(START)
    levels = [pit.terms.low / UNDERLYING for pit in ladder]
    assert np.diff(levels).tolist() == [100.0] * 4
    assert abs(levels[2] - money) <= 50
    assert {pit.market.strike_type for pit in ladder} == {"greater"}
    assert {pit.tick for pit in ladder} == {TENTH}
    assert (window.market.strike_type, window.tick) == ("greater_or_equal", CENT)
    assert window.terms.low == window.proxies.twap(CLOSE_NS - QUARTER_NS)
    assert len({pit.market.ticker for pit in listed}) == len({pit.number for pit in listed}) == 6


@pytest.mark.parametrize(("low", "paid"), [(-1, True), (0, False), (1, False)])
def test_a_threshold_pays_strictly_above(low: int, paid: bool) -> None:
    path = drawn(5)
    proxies = Proxies(path, BASES)
    level = proxies.last(CLOSE_NS) + low * UNDERLYING // 100
    pit = TwinPit(Terms("x", "BTC", ABOVE, level, None, 0, CLOSE_NS), 0, path, proxies, 0.0)
    assert pit.pays() is paid
    assert pit.worth(CLOSE_NS) == paid


@pytest.mark.parametrize(("low", "paid"), [(-1, True), (0, True), (100, False)])
def test_a_window_pays_at_or_above(low: int, paid: bool) -> None:
    path = drawn(5)
    proxies = Proxies(path, BASES)
    level = proxies.twap(CLOSE_NS) + low
    pit = TwinPit(Terms("x", "BTC", UPDOWN, level, None, 0, CLOSE_NS), 0, path, proxies, 0.0)
    assert pit.pays() is paid
    assert pit.worth(CLOSE_NS) == paid


@pytest.mark.parametrize("lead_s", [2.0, 0.0, -1.5])
def test_its_traders_see_prices_early_or_late_and_the_truth_does_not(lead_s: float) -> None:
    path = drawn(7)
    proxies = Proxies(path, BASES)
    low = round(path.at(START)) * UNDERLYING
    pit = TwinPit(Terms("x", "BTC", ABOVE, low, None, 0, CLOSE_NS), 0, path, proxies, lead_s)
    now = CLOSE_NS - 100 * SECOND
    assert pit.fair(now) == pit.worth(now + int(lead_s * SECOND))
    assert pit.worth(now) == TwinPit(pit.terms, 0, path, proxies, 9.0).worth(now)
    assert pit.fair(CLOSE_NS) == pit.worth(min(CLOSE_NS, CLOSE_NS + int(lead_s * SECOND)))


def test_orders_are_shares_and_none_below_the_least(listed: list[TwinPit]) -> None:
    draws = Draws(np.random.default_rng(1))
    sizes = [listed[0].size(draws) for _ in range(2_000)]
    assert min(sizes) == LEAST * QTY
    assert all(size % listed[0].market.lot == 0 for size in sizes)
    assert 0.05 < sum(size % QTY > 0 for size in sizes) / len(sizes) < 0.5


def test_a_market_near_its_end_is_traded_in_tenths(listed: list[TwinPit]) -> None:
    window = listed[-1]
    assert not window.edgy, "an empty book is in the middle"
    window.exchange.submit(START, BID, 9_700, 100 * QTY)
    assert window.edgy
    assert (window.step(9_700, 1), window.quote(BID, 9_755.0)) == (9_800, 9_700)
    window.refine()
    assert not window.edgy
    assert (window.step(9_700, 1), window.quote(BID, 9_755.0)) == (9_740, 9_750)
    assert window.exchange.submit(START, BID, 9_750, 100 * QTY).left


# ---------------------------------------------------------------------- against Kalshi's


@cache
def rows(family: str) -> Any:
    """One pair a seed, at the money of Kalshi's: both fair values, then how both ended, as columns."""
    left = {ABOVE: 60, UPDOWN: 20}[family]
    now, begin = CLOSE_NS - left * SECOND, CLOSE_NS - QUARTER_NS
    found = []
    for seed in range(SEEDS):
        path = drawn(seed)
        proxies = Proxies(path, BASES)
        middle, _ = outlook(path, now, CLOSE_NS)
        if family == ABOVE:
            low = round(middle) * UNDERLYING
            market = Market(
                "K", "kalshi", close_ns=CLOSE_NS, strike_type="greater", floor=low - UNDERLYING // 100
            )
        else:
            # a window of the same length that is open until the end: both targets moved alike
            target = path.settlement(begin)
            moved = round(middle * 100) * (UNDERLYING // 100) - target
            low = proxies.twap(begin) + moved
            market = Market(
                "K", "kalshi", close_ns=CLOSE_NS, strike_type="greater_or_equal", floor=target + moved
            )
        twin = TwinPit(Terms("x", "BTC", family, low, None, 0, CLOSE_NS), 0, path, proxies, 0.0)
        kalshi = fair(market, path, now), pays(market, path.settlement(CLOSE_NS))
        found.append((twin.worth(now), kalshi[0], twin.pays(), kalshi[1]))
    return np.array(found, float).T


@pytest.mark.parametrize("family", [ABOVE, UPDOWN])
def test_near_the_money_the_two_venues_now_and_then_end_differently(family: str) -> None:
    _, _, twin, kalshi = rows(family)
    assert 0.08 < float(np.mean(twin != kalshi)) < 0.4


@pytest.mark.parametrize("family", [ABOVE, UPDOWN])
def test_a_twins_fair_value_is_calibrated(family: str) -> None:
    """Sums of outcomes less probabilities, overall and by thirds: within three standard errors of none."""
    value, _, paid, _ = rows(family)
    for low, high in ((0.0, 1.0), (0.0, 0.35), (0.35, 0.65), (0.65, 1.0)):
        chosen = (value >= low) & (value <= high)
        spread = math.sqrt(float(np.sum((value * (1 - value))[chosen])))
        assert np.sum(chosen) > 20
        assert abs(float(np.sum((paid - value)[chosen]))) < 3 * spread


@pytest.mark.parametrize("family", [ABOVE, UPDOWN])
def test_each_venues_fair_value_is_the_better_one_of_its_own_outcome(family: str) -> None:
    """By the mean squared error (Brier score)."""
    twin, kalshi, twin_paid, kalshi_paid = rows(family)
    for own, other, paid in ((twin, kalshi, twin_paid), (kalshi, twin, kalshi_paid)):
        assert float(np.mean((own - paid) ** 2)) < float(np.mean((other - paid) ** 2)) - 0.01


@pytest.mark.parametrize(("lead_s", "sign"), [(2.5, 1), (-2.5, -1)])
def test_whoever_sees_prices_first_moves_first(lead_s: float, sign: int) -> None:
    """Mids of threshold pairs each quarter second: their two-second moves agree most with the others' of then."""
    doubled = (Doubled("BTC", 100 * UNDERLYING, above=3),)
    twins = msgspec.structs.replace(PAIRS.twins, doubled=doubled, lead_s=lead_s, hawk_pace_s=1.0)
    profile = msgspec.structs.replace(
        PAIRS, assets=(BTC,), ladders=PAIRS.ladders[:1], twins=twins, hawk_pace_s=0.7
    )
    world = World(6, 6.0, profile)
    pairs = [(pit, world.pits[like]) for pit in world.twins.values() if (like := world.likeness(pit))]
    mids: list[list[float]] = []
    due = world.start + SECOND
    for happening in world.happenings():
        while happening.ts >= due and due < CLOSE_NS - 30 * SECOND:
            tops = [each.top() for pair in pairs for each in pair]
            mids.append([(top.bid + top.ask) / 2 for top in tops])
            due += SECOND // 4
    moves = np.array(mids)[8:] - np.array(mids)[:-8]
    most = max(range(-16, 17), key=lambda lag: agreement(moves, lag))
    assert most * sign > 0


def agreement(moves: Any, lag: int) -> float:
    """How far Kalshi's moves ``lag`` quarter seconds later are like Polymarket's, over all pairs."""
    end = len(moves) - 16
    return sum(
        float(np.corrcoef(moves[16:end, i], moves[16 + lag : end + lag, i + 1])[0, 1])
        for i in range(0, moves.shape[1], 2)
    )

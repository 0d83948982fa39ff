"""Who leads: noted on the beat, tested on a copy, told to strategies; the same after a restart."""

import random

import msgspec
import pytest

from cockpit.domain.commands import ConfirmPair
from cockpit.domain.events import BookSnapshot, MarketListed
from cockpit.domain.markets import Market
from cockpit.domain.units import QTY, SECOND, UNDERLYING
from cockpit.engine.engine import Engine, restore
from cockpit.engine.leads import FEW, TEST_NS
from cockpit.models.leads.gate import GateParams
from cockpit.models.leads.trial import Lags
from tests.unit.engine.paired import T0, A, B, Two

QUICK = GateParams(recorded_s=300.0, changes=100, held=0)
LAGS = Lags(step_ns=SECOND, reach_ns=10 * SECOND, shifts=20, shift_ns=60 * SECOND)


def quick(**more):
    two = Two()
    two.config = msgspec.structs.replace(two.config, lead_gate=QUICK, lags=LAGS, **more)
    two.engine = Engine(two.config)
    from tests.unit.engine.paired import KALSHI, POLY

    two.tell(KALSHI, POLY)
    two.books()
    two.confirm()
    return two


def walk(two, seconds, lag=3, seed=5):
    """B wanders by cents; A is where B was ``lag`` seconds ago."""
    draw = random.Random(seed)
    past = getattr(two, "past", [50] * (lag + 1))
    start = (two.t - T0) // SECOND
    for k in range(int(start) + 1, int(start) + seconds + 1):
        past.append(min(80, max(20, past[-1] + draw.choice((-2, -1, 0, 1, 2)))))
        two.t = T0 + k * SECOND
        two.book(A, past[-1 - lag], past[-1 - lag] + 4)
        two.book(B, past[-1], past[-1] + 4)
    two.past = past
    return two


def test_what_is_missing_is_said_first():
    two = walk(quick(), 120)
    lead = two.engine.leads.lead(A)
    assert lead.why[0].endswith("h recorded")
    assert two.engine.leads.lead(B) is None  # the first of a pair follows, not the second


def test_a_pair_nobody_confirmed_is_followed_by_nobody():
    two = quick()
    two.engine.state.pairs.clear()
    assert two.engine.leads.why(two.pair)[0] == "pair not confirmed"


def test_a_planted_lead_is_found_and_followed():
    two = walk(quick(), 1_200)
    result = two.engine.leads.result(two.pair)
    assert result is not None
    assert result.lag_s == pytest.approx(3.0, abs=1.0)
    assert result.sign == 1
    lead = two.engine.leads.lead(A)
    assert lead.why == ()
    assert lead.lag_ns == pytest.approx(3 * SECOND, abs=SECOND)
    assert (lead.other_bid, lead.other_ask) == (two.past[-1] * 100, (two.past[-1] + 4) * 100)


def test_the_basis_is_what_the_gap_usually_is():
    two = walk(quick(), 700, lag=0)
    basis = two.engine.state.cross.bases[two.pair.name]
    assert len(basis.x) >= FEW
    two.books(here=(40, 44), there=(50, 54))
    two.at((two.t - T0) / 1e6 + 1_000)
    usual = sorted(basis.x)[len(basis.x) // 2]
    lead = two.engine.leads.lead(A)
    assert lead.y == pytest.approx(0.08004 + 0.32277 - usual, abs=0.05)


def test_a_test_that_runs_is_taken_up_from_an_opening():
    two = quick()
    while two.engine.state.cross.testing is None:
        walk(two, 60, seed=len(two.past) if hasattr(two, "past") else 5)
    since = two.engine.state.cross.testing.since_ns
    walk(two, 20)
    other = two.reborn()
    other.past, other.engine = list(two.past), Engine(two.config, restore(two.engine.opening()))
    for each in (two, other):
        walk(each, TEST_NS // SECOND, seed=9)
    assert two.engine.state.cross.testing is None or two.engine.state.cross.testing.since_ns > since
    assert two.engine.leads.result(two.pair) == other.engine.leads.result(other.pair)
    assert two.engine.opening() == other.engine.opening()


def test_nothing_is_kept_of_what_is_over():
    two = walk(quick(), 130)
    assert two.engine.state.cross.moved
    two.engine.pairs.ended(B)
    walk(two, 61)
    assert not two.engine.state.cross.moved
    assert not two.engine.state.cross.bases


def test_time_set_back_forgets_what_has_not_come():
    two = walk(quick(), 130)
    two.engine.rewind(T0)
    cross = two.engine.state.cross
    assert [cross.moved, cross.bases, cross.leads, cross.results] == [{}, {}, {}, {}]
    assert two.engine.pairs.found


def test_every_confirmed_pair_of_a_series_has_its_basis():
    """One pair of a series is recorded to see who leads; each follows by what its own gap usually is."""
    engine = Engine(msgspec.structs.replace(Two().config, lead_gate=QUICK, lags=LAGS))
    close, custom = (
        T0 + 4 * 3_600 * SECOND,
        (("asset", "BTC"), ("family", "above"), ("horizon", "1h"), ("index", "BRTI")),
    )
    names = []
    for strike in (84_000, 84_500):
        floor = strike * UNDERLYING
        ours = Market(
            f"KXBTCD-{strike}", "kalshi", "KXBTCD-E", "KXBTCD", title="Bitcoin price?", strike_type="greater",
            floor=floor - UNDERLYING // 100, close_ns=close,
        )  # fmt: skip
        theirs = Market(
            f"btc-{strike}", "polymarket_us", f"e{strike}", "btc-above-1h", title=f"Bitcoin above {strike}?",
            strike_type="greater_or_equal", floor=floor, close_ns=close, custom=(*custom, ("round_digits", "2")),
        )  # fmt: skip
        for market in (ours, theirs):
            engine.process(MarketListed(T0, market))
            names.append(market.ticker)
    t = T0
    for k in range(700):
        t += SECOND
        for i, name in enumerate(names):
            bid = 4_000 + 100 * ((k + i) % 3)
            engine.process(BookSnapshot(t, t, name, ((bid, QTY),), ((bid + 400, QTY),)))
        if not k:
            for pair in list(engine.pairs.found.values()):
                engine.process(ConfirmPair(t, pair.key, pair.rules_hash))
    cross = engine.state.cross
    assert len(engine.pairs.found) == 2
    assert len(cross.chosen) == len(cross.leads) == 1
    assert [len(basis.x) >= FEW for basis in cross.bases.values()] == [True, True]
    whys = [engine.leads.lead(pair.a).why for pair in engine.pairs.found.values()]
    assert not [why for each in whys for why in each if "basis" in why]

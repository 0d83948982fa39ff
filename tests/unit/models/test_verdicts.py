"""Verdicts: what each state needs, that they stay, and how often they are false when somebody always looks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.verdicts import (
    A_BETTER,
    B_BETTER,
    CANNOT_TELL,
    COLLECTING,
    EARNING,
    LEAST,
    LOSING,
    NO_DIFFERENCE,
    NOTHING_SAID,
    STOP,
    alone,
    drawdown,
    judge,
    missing,
)

DOLLARS = st.lists(st.floats(-150.0, 150.0), max_size=80)


def looks(d, **how):
    """The states seen by somebody who looks after each event."""
    return [judge(d[:n], **how).state for n in range(1, len(d) + 1)]


def test_nothing_is_said_of_few_events_however_clear():
    verdict = judge([90.0] * (LEAST - 1))
    assert (verdict.state, verdict.interval) == (COLLECTING, None)
    assert verdict.p < 0.05
    nothing = judge([])
    assert (nothing.state, nothing.mean, nothing.evidence, nothing.p) == (COLLECTING, None, 1.0, 1.0)


def test_the_better_one():
    won = [40.0, 60.0, -10.0] * 20
    assert judge(won).state == B_BETTER
    assert judge([-x for x in won]).state == A_BETTER
    assert judge(won).mean == pytest.approx(30.0)


def test_no_difference_is_the_usual_answer():
    verdict = judge([5.0, -5.0] * 100)
    assert verdict.state == NO_DIFFERENCE
    low, high = verdict.interval or (1.0, 1.0)
    assert low < 0.0 < high


def test_a_verdict_stays():
    states = looks([50.0] * 40 + [-50.0] * 60, limit=1e9)
    assert states[: LEAST - 1] == [COLLECTING] * (LEAST - 1)
    assert set(states[LEAST - 1 :]) == {B_BETTER}


def test_the_guard_stops_b_whatever_else_is_said():
    won = [50.0] * 40
    lost = [-20.0] * 40
    assert judge(won, own=won, limit=100.0).state == B_BETTER
    assert judge([], own=lost, limit=100.0).state == STOP
    assert judge([], own=lost, limit=1e3).state == COLLECTING
    assert judge([], own=[-101.0], limit=100.0).state == COLLECTING, "one loss is chance"
    assert judge([], own=lost[:6], limit=100.0).state == COLLECTING, "so are six"
    assert judge(won, own=lost, limit=100.0).state == B_BETTER, "the other fell further"
    assert judge(won, own=[-100.0], limit=100.0).drawdown == 100.0


@pytest.mark.parametrize(("mean", "sd", "most"), [(0.0, 30.0, 0.05), (3.0, 60.0, 0.02)])
def test_the_guard_hardly_ever_stops_what_does_not_lose(mean, sd, most):
    rng = np.random.default_rng(4)
    stopped = 0
    for _ in range(60):
        own = rng.normal(mean, sd, 600).tolist()
        stopped += any(judge([], own=own[:n]).state == STOP for n in range(20, 601, 20))
    assert stopped / 60 <= most


def test_the_guard_stops_what_loses():
    rng = np.random.default_rng(5)
    found = [judge([], own=rng.normal(-15.0, 60.0, 400).tolist()).state for _ in range(40)]
    assert found.count(STOP) > 30


def test_what_turns_round_is_no_verdict():
    """First one side is shown, then the other: neither is better, whatever the mean is by then."""
    turned = [40.0] * 40 + [-40.0] * 200
    assert judge(turned[:40]).state == B_BETTER
    found = judge(turned)
    assert max(found.sides) <= 0.05
    assert found.state == NO_DIFFERENCE


def test_one_question_among_many_needs_more():
    rng = np.random.default_rng(0)
    found = next(v for _ in range(400) if 0.01 < (v := judge(rng.normal(3.0, 20.0, 300).tolist())).p <= 0.05)
    assert found.state == B_BETTER
    assert found.under(9.0) == NO_DIFFERENCE


def test_drawdown():
    assert drawdown([]) == drawdown([3.0, 4.0]) == 0.0
    assert drawdown([10.0, -4.0, 2.0, -9.0, 20.0]) == 11.0
    assert drawdown([-5.0]) == 5.0


@given(DOLLARS)
def test_exchanging_the_two_exchanges_the_verdict(d):
    swapped = {A_BETTER: B_BETTER, B_BETTER: A_BETTER}
    here, there = judge(d), judge([-x for x in d])
    assert there.state == swapped.get(here.state, here.state)
    assert (here.evidence, here.p, here.n) == (there.evidence, there.p, there.n)


@given(DOLLARS)
def test_a_small_p_is_what_decides(d):
    verdict = judge(d)
    if verdict.state in (A_BETTER, B_BETTER):
        assert verdict.p <= 0.05
        assert verdict.n >= LEAST
    else:
        assert verdict.p > 0.05 or verdict.n < LEAST or max(verdict.sides) <= 0.05


def settled(rng, n):
    """Differences of two equal versions on contracts bought at 10 cents: rare large wins, and events neither traded."""
    won = rng.random(n) < 0.1
    return np.where(rng.random(n) < 0.3, 0.0, np.where(won, 90.0, -10.0))


NULLS = {
    "even": lambda rng, n: rng.choice([-60.0, 60.0], n),
    "skewed": settled,
    "wide": lambda rng, n: rng.normal(0.0, 30.0, n).clip(-100.0, 100.0),
    "small": lambda rng, n: rng.normal(0.0, 4.0, n),
}


@pytest.mark.parametrize("name", NULLS)
def test_false_verdicts_under_constant_peeking(name):
    """A verdict stays, so whether any of the looks gave one is whether the last did."""
    rng = np.random.default_rng(20)
    false = sum(judge(NULLS[name](rng, 400).tolist()).state not in CANNOT_TELL for _ in range(250))
    assert false / 250 <= 0.05


def test_a_real_difference_is_found():
    rng = np.random.default_rng(21)
    found = [judge((rng.choice([-60.0, 60.0], 400) + 12.0).tolist()).state for _ in range(50)]
    assert found.count(B_BETTER) > 30
    assert A_BETTER not in found


def test_promotion_needs_more_than_a_verdict():
    won = judge([40.0, 60.0] * 30)
    assert missing(won.state, deflated=None, cross=1.0, markout=0.0) == ()
    assert missing(won.state, deflated=0.96, cross=1.0, markout=0.0) == ()
    assert missing(judge([]).state, deflated=0.94, cross=-1.0, markout=None) == (
        COLLECTING,
        "deflated Sharpe ratio under 0.95",
        "not better under the cross rule",
        "mark-outs worse or not known",
    )
    assert missing(won.state, deflated=None, cross=None, markout=-0.1) == (
        "not better under the cross rule",
        "mark-outs worse or not known",
    )


def test_a_version_alone_is_judged_against_doing_nothing():
    assert alone(()) == NOTHING_SAID
    assert alone((5.0,) * 29) == NOTHING_SAID
    assert alone((0.1, -0.1) * 50) == NOTHING_SAID
    assert alone((20.0,) * 60) == EARNING
    assert alone((-20.0,) * 60) == LOSING

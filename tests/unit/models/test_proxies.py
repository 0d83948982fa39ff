import math
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.assets import ASSETS
from cockpit.models.proxies import (
    COMMON,
    FORGET_S,
    FRESH_NS,
    MARKS,
    Basis,
    Proxy,
    Voice,
    blend,
    sources,
    voices,
)

BTC = ASSETS["BTC"]
T0 = 1_796_000_000 * SECOND
KEYS = list(BTC.proxies)
COINBASE, KRAKEN, DERIBIT, BINANCE_US = KEYS


def voice(key=COINBASE, price=84_000.0, age=0, error=3.0, doubt=None):
    return Voice(key, price, 1.0, age, error, error if doubt is None else doubt)


def before(price, age=0, doubt=3.0):
    """A price of our own."""
    return voice("", price, age, doubt)


# ---------------------------------------------------------------- who is believed


def test_nobody():
    assert blend([], before(84_000.0)) is None


def test_one_is_believed():
    only = blend([voice(age=90 * SECOND)], before(10_000.0))
    assert (only.price, only.age_ns, only.error, only.weights) == (
        84_000.0,
        90 * SECOND,
        3.0,
        {COINBASE: 1.0},
    )


def test_the_smaller_doubt_weighs_more():
    """Weights are as the inverse squares of the doubts, 1 to 9."""
    both = blend([voice(doubt=9.0), voice(KRAKEN, price=84_001.0, doubt=3.0)])
    assert both.weights == pytest.approx({COINBASE: 0.1, KRAKEN: 0.9})
    assert both.price == pytest.approx(84_000.9)


def test_a_thin_venue_hardly_weighs():
    prices = {key: Proxy(price=84_000.0 + i, ts=T0) for i, key in enumerate(KEYS)}
    weights = blend(voices(BTC, prices, T0)).weights
    assert weights[BINANCE_US] == pytest.approx(weights[COINBASE] / 16, rel=1e-3)
    assert weights[KRAKEN] > 1.5 * weights[DERIBIT]


def test_an_old_one_is_not_used_beside_a_fresh_one():
    both = blend([voice(age=FRESH_NS, doubt=0.1), voice(KRAKEN, doubt=20.0)])
    assert both.weights == {KRAKEN: 1.0}


def test_the_freshest_of_the_old():
    both = blend([voice(age=90 * SECOND), voice(KRAKEN, age=60 * SECOND)])
    assert both.weights == {KRAKEN: 1.0}


def test_an_outlier_of_two_is_told_by_what_was_before():
    heard = [voice(price=80_000.0), voice(KRAKEN, price=84_000.0, doubt=5.0)]
    assert blend(heard, before(84_003.0, 15 * SECOND)).weights == {KRAKEN: 1.0}


def test_who_was_left_behind_is_no_judge():
    """A silent venue and our own last price stand where the market was; the one that moved is not the wild one."""
    moved, silent = voice(price=84_060.0), voice(KRAKEN, price=84_000.0, age=15 * SECOND, doubt=25.0)
    both = blend([moved, silent], before(84_000.0, 15 * SECOND, 25.0))
    assert both.weights[COINBASE] > 0.95


def test_an_outlier_of_three_is_told_by_the_others():
    heard = [voice(), voice(KRAKEN, price=84_003.0), voice(DERIBIT, price=84_080.0)]
    assert set(blend(heard).weights) == {COINBASE, KRAKEN}


def test_three_who_are_all_apart_are_all_heard():
    heard = [voice(price=80_000.0), voice(KRAKEN, price=84_000.0), voice(DERIBIT, price=90_000.0)]
    assert set(blend([*heard, voice(BINANCE_US, price=87_000.0)]).weights) == {*KEYS}


# ---------------------------------------------------------------- how sure


def test_errors_are_partly_common():
    both = blend([voice(), voice(KRAKEN)])
    assert both.error == pytest.approx(3.0 * math.sqrt(COMMON + (1 - COMMON) / 2))
    assert both.doubt == both.error


def test_a_thin_venue_adds_hardly_any_error():
    alone = blend([voice()])
    both = blend([voice(), voice(BINANCE_US, error=12.0)])
    assert alone.error < both.error < 1.1 * alone.error


def test_disagreement_is_error():
    both = blend([voice(), voice(KRAKEN, price=84_020.0)])
    assert (both.price, both.error) == (pytest.approx(84_010.0), pytest.approx(10.0))


def test_a_distance_that_doubt_explains_is_none():
    """A thin venue a doubt away from the others widens nothing; three of its doubts away, it does."""
    near = blend([voice(), voice(BINANCE_US, price=84_012.0, error=12.0)])
    far = blend([voice(), voice(BINANCE_US, price=84_036.0, error=12.0)])
    assert near.error < 3.5
    assert far.error == pytest.approx(84_036.0 - far.price)


def test_two_far_apart_and_no_anchor():
    both = blend([voice(price=84_000.0), voice(KRAKEN, price=85_000.0, doubt=3.5)])
    for price in (84_000.0, 85_000.0):
        assert abs(price - both.price) <= both.error
    assert set(both.weights) == {COINBASE, KRAKEN}


def test_who_is_left_alone_far_from_the_middle_is_no_surer_than_that():
    """Of three opinions 14 and 26 dollars apart the middle one is our own old price; one proxy is thrown out."""
    both = blend([voice(), voice(KRAKEN, price=84_040.0)], before(84_014.0))
    assert (both.weights, both.error) == ({COINBASE: 1.0}, pytest.approx(14.0))


# ---------------------------------------------------------------- laws

DOLLARS = st.floats(-60.0, 60.0)
ONE = st.builds(
    lambda key, away, age, error, drift: voice(key, 84_000.0 + away, age, error, math.hypot(error, drift)),
    st.sampled_from(KEYS),
    DOLLARS,
    st.integers(0, 2 * FRESH_NS),
    st.floats(0.5, 30.0),
    st.floats(0.0, 30.0),
)
HEARD = st.lists(ONE, min_size=1, max_size=4, unique_by=lambda each: each.key)
ANCHOR = st.none() | st.builds(
    before, st.floats(83_950.0, 84_050.0), st.integers(0, 15 * SECOND), st.floats(10.0, 40.0)
)


@given(HEARD, ANCHOR)
def test_it_lies_among_those_believed(heard, anchor):
    believed = blend(heard, anchor)
    kept = [each for each in heard if each.key in believed.weights]
    assert min(each.price for each in kept) <= believed.price <= max(each.price for each in kept)
    assert min(each.age_ns for each in kept) <= believed.age_ns <= max(each.age_ns for each in kept)
    assert sum(believed.weights.values()) == pytest.approx(1.0)
    assert min(believed.weights.values()) > 0.0
    assert believed.error >= min(each.error for each in kept) / math.sqrt(len(kept)) - 1e-9


@given(HEARD, ANCHOR)
def test_the_error_covers_everyone_believed_or_their_own_doubt_does(heard, anchor):
    believed = blend(heard, anchor)
    spread = 0.0
    for each in heard:
        weight = believed.weights.get(each.key)
        if weight is not None:
            away = abs(each.price - believed.price)
            spread += weight * away**2
            assert away <= max(believed.error, 2.0 * each.doubt) + 1e-6
    assert believed.error >= math.sqrt(spread) - 1e-6


@given(DOLLARS, DOLLARS, st.floats(0.5, 30.0))
def test_the_error_covers_two_equals_however_far_apart(a, b, doubt):
    both = blend([voice(price=84_000.0 + a, error=doubt), voice(KRAKEN, 84_000.0 + b, error=doubt)])
    assert abs(both.price - 84_000.0 - a) <= both.error + 1e-6
    assert abs(both.price - 84_000.0 - b) <= both.error + 1e-6


@given(st.floats(-7.0, 7.0), st.lists(st.floats(60.0, 80_000.0), min_size=2, max_size=2), st.booleans())
def test_one_wild_one_of_three_never_moves_it(apart, wild, below):
    """Wherever it is, and whether it speaks at all."""
    good = [voice(), voice(KRAKEN, price=84_000.0 + apart, error=4.0)]
    sign = -1.0 if below else 1.0
    prices = {blend([*good, voice(DERIBIT, price=84_000.0 + sign * away, error=5.0)]).price for away in wild}
    assert prices == {blend(good).price}


LIKE = st.floats(2.0, 4.0)


@settings(max_examples=30, deadline=None)
@given(st.floats(-5.0, 5.0), LIKE, LIKE, LIKE)
def test_going_astray_makes_no_jump(apart, x, y, z):
    """A proxy walks through two others and away: no step of it is magnified more than eightfold."""
    others = [voice(error=x), voice(KRAKEN, 84_000.0 + apart, error=y)]
    prices = [blend([*others, voice(DERIBIT, 84_000.0 + i / 5.0, error=z)]).price for i in range(-200, 200)]
    assert max(abs(p - q) for p, q in pairwise(prices)) <= 8.0 / 5.0
    assert prices[0] == prices[-1] == blend(others).price


@given(HEARD, ANCHOR, st.integers(0, 3))
def test_falling_silent_makes_no_jump(heard, anchor, which):
    """A moment before a proxy is too old to count, it hardly counts; what moves all the same, the errors cover."""
    quiet = heard[which % len(heard)]
    others = [each for each in heard if each is not quiet and each.age_ns < FRESH_NS / 2]
    assume(others)
    old = Voice(quiet.key, quiet.price, 1.0, FRESH_NS - SECOND // 1000, quiet.error, max(quiet.doubt, 5.0))
    before, after = blend([*others, old], anchor), blend(others, anchor)
    if len(before.weights) > 1:
        assert before.weights.get(old.key, 0.0) < 0.01
    assert abs(before.price - after.price) <= before.error + after.error + 1e-6


def spoke(key, age, away):
    return key, Proxy(price=84_000.0 + away, ts=T0 - age)


SPOKEN = st.builds(spoke, st.sampled_from(KEYS), st.integers(0, 8 * SECOND), st.floats(-3.0, 3.0))


@given(st.lists(SPOKEN, min_size=2, max_size=4, unique_by=lambda each: each[0]), st.integers(0, 6 * SECOND))
def test_with_nothing_said_it_only_ages(spoken, later):
    proxies = dict(spoken)
    now, then = (blend(voices(BTC, proxies, at)) for at in (T0, T0 + later))
    assert then.age_ns >= now.age_ns
    assert then.doubt >= now.doubt - 1e-9


@given(st.integers(0, FRESH_NS - 1), st.integers(1, FRESH_NS))
def test_the_older_a_proxy_the_less_it_weighs(age, more):
    def weight(age):
        proxies = dict([spoke(COINBASE, 0, 0.0), spoke(KRAKEN, age, 1.0)])
        return blend(voices(BTC, proxies, T0)).weights.get(KRAKEN, 0.0)

    assert weight(age + more) < weight(age)


# ---------------------------------------------------------------- bases


def test_a_basis_is_learned():
    basis = Basis()
    for i in range(600):
        basis.learn(T0 + i * SECOND, 2e-4 + (1e-5 if i % 2 else -1e-5))
    mean, sd = basis.guess(T0 + 600 * SECOND, 4e-5)
    assert mean == pytest.approx(2e-4, rel=0.03)
    assert 1e-5 < sd < 2.5e-5
    assert basis.weight == pytest.approx(120 / math.log(2), rel=0.05)


def test_an_unlearned_basis_is_the_prior():
    assert Basis().guess(T0, 4e-5) == pytest.approx((0.0, 4e-5 * math.sqrt(2)))


def test_what_was_learned_is_forgotten():
    basis = Basis()
    for i in range(100):
        basis.learn(T0 + i * SECOND, 2e-4)
    now = T0 + 100 * SECOND
    mean, sd = basis.guess(now, 4e-5)
    late_mean, late_sd = basis.guess(now + 20 * int(FORGET_S) * SECOND, 4e-5)
    assert late_mean < 0.01 * mean
    assert late_sd > sd


def test_marks_are_whole_seconds_that_were_heard():
    proxy = Proxy(price=84_000.0, ts=T0)
    proxy.mark(T0 // SECOND + 1)
    proxy.price = 84_010.0
    proxy.mark(T0 // SECOND + 9)
    assert proxy.at(T0 // SECOND + 1) == 84_000.0
    assert proxy.at(T0 // SECOND + 9) == 0.0


def test_few_marks_are_kept():
    proxy = Proxy(price=1.0, ts=T0 + 100 * SECOND)
    for second in range(50):
        proxy.mark(T0 // SECOND + second)
    assert len(proxy.marks) == MARKS


def test_voices_are_corrected():
    proxy = Proxy(price=84_000.0, ts=T0)
    for i in range(300):
        proxy.basis.learn(T0 - (300 - i) * SECOND, -1e-4)
    (heard,) = voices(BTC, {KRAKEN: proxy}, T0 + 4 * SECOND)
    assert heard.key == KRAKEN
    assert heard.price == pytest.approx(84_000.0 * (1 - 1e-4), abs=0.5)
    assert heard.age_ns == 4 * SECOND
    assert heard.doubt > heard.error > 0


# ---------------------------------------------------------------- told to a person


def test_sources_say_who_counts_and_who_does_not():
    heard = [
        Voice(COINBASE, 84_000.0, 1.0 - 1e-4, 0, 3.0, 3.0),
        voice(KRAKEN, price=84_003.0),
        voice(DERIBIT, price=84_500.0),
        voice(BINANCE_US, price=84_010.0, age=40 * SECOND, error=12.0),
    ]
    believed = blend(heard)
    coinbase, kraken, deribit, binance = sources(heard, believed)
    assert coinbase.name == "coinbase"
    assert coinbase.price == pytest.approx(84_000.0 / (1.0 - 1e-4))
    assert coinbase.basis == pytest.approx(84_000.0 - coinbase.price)
    assert (coinbase.weight, kraken.weight) == (pytest.approx(0.5), pytest.approx(0.5))
    assert (deribit.weight, deribit.stale, deribit.away) == (0.0, False, pytest.approx(498.5))
    assert (binance.weight, binance.stale, binance.age_ns) == (0.0, True, 40 * SECOND)
    assert not coinbase.stale

import math

import pytest

from cockpit.domain.units import SECOND
from cockpit.models.assets import ASSETS
from cockpit.models.proxies import FORGET_S, MARKS, Basis, Proxy, StandIn, stand_in, voices

BTC = ASSETS["BTC"]
T0 = 1_796_000_000 * SECOND
COINBASE, KRAKEN = BTC.proxies


def voice(key=COINBASE, price=84_000.0, age=0, error=3.0, doubt=None):
    return StandIn(key, price, 1.0, age, error, error if doubt is None else doubt)


def test_nobody():
    assert stand_in([], 84_000.0) is None


def test_one_is_believed():
    only = voice(age=90 * SECOND)
    assert stand_in([only], 10_000.0) is only


def test_the_smaller_doubt_leads():
    best = stand_in([voice(doubt=9.0), voice(KRAKEN, doubt=4.0)], None)
    assert best.key == KRAKEN


def test_an_old_one_is_not_used_beside_a_fresh_one():
    best = stand_in([voice(age=31 * SECOND, doubt=0.1), voice(KRAKEN, doubt=20.0)], None)
    assert best.key == KRAKEN


def test_the_freshest_of_the_old():
    best = stand_in([voice(age=90 * SECOND), voice(KRAKEN, age=60 * SECOND)], None)
    assert best.key == KRAKEN


def test_an_outlier_is_ignored():
    heard = [voice(price=80_000.0), voice(KRAKEN, price=84_000.0, doubt=5.0)]
    assert stand_in(heard, 84_003.0).key == KRAKEN


def test_disagreement_is_error():
    heard = [voice(price=84_000.0), voice(KRAKEN, price=84_020.0, doubt=3.5)]
    best = stand_in(heard, None)
    assert best.key == COINBASE
    assert best.error == pytest.approx(10.0)


def test_two_far_apart_and_no_anchor():
    """Neither is near their middle: the surer one speaks, its error the distance."""
    heard = [voice(price=84_000.0), voice(KRAKEN, price=85_000.0, doubt=3.5)]
    best = stand_in(heard, None)
    assert (best.key, best.error) == (COINBASE, pytest.approx(500.0))


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

import math

import numpy as np
import pytest

from cockpit.models.estimators import (
    average_true_range,
    bipower,
    close_to_close,
    ewma,
    garman_klass,
    jump_part,
    log_returns,
    parkinson,
    range_correction,
    rogers_satchell,
    sigma_from_range,
    yang_zhang,
)

BAR = (100.0, 110.0, 95.0, 105.0)
"""u = .0953102, l = -.0512933, c = .0487902."""


def test_one_bar():
    assert parkinson([BAR]) == pytest.approx(0.0077518, abs=1e-7)
    assert garman_klass([BAR]) == pytest.approx(0.0098267, abs=1e-7)
    assert rogers_satchell([BAR]) == pytest.approx(0.0095674, abs=1e-7)


def test_closes():
    returns = log_returns([100.0, 110.0, 99.0, 99.0])
    assert returns == pytest.approx([0.0953102, -0.1053605, 0.0])
    assert close_to_close(returns) == pytest.approx((0.0953102**2 + 0.1053605**2) / 3, rel=1e-6)


def test_ewma_weighs_time():
    """Half a unit of variance over 2 s, then 0.3 over 1 s with a half-life of 1 s."""
    assert ewma([(math.sqrt(0.5), 2.0), (math.sqrt(0.3), 1.0)], 1.0) == pytest.approx(
        (0.25 + 0.3) / (1.0 + 1.0)
    )


def test_ewma_of_even_returns_is_the_recursion():
    returns = [0.01, -0.02, 0.005, 0.03, -0.01]
    keep = 0.5 ** (1 / 8)
    weights = [keep ** (len(returns) - 1 - i) for i in range(len(returns))]
    expected = sum(w * r * r for w, r in zip(weights, returns, strict=True)) / sum(weights)
    assert ewma([(r, 1.0) for r in returns], 8.0) == pytest.approx(expected)


def test_wilder():
    """True ranges 3, 4, 5: their first two average 3.5, then (3.5 + 5) / 2."""
    bars = [(10, 11, 9, 10), (10, 12, 9, 11), (11, 14, 10, 12), (12, 13, 8, 9)]
    assert average_true_range(bars, span=2) == pytest.approx(4.25)


def test_a_gap_is_in_the_true_range():
    assert average_true_range([(10, 10, 10, 10), (14, 15, 14, 15)], span=1) == 5


def test_sigma_from_range():
    assert sigma_from_range(1.595769) == pytest.approx(1.0, abs=1e-6)


def test_yang_zhang():
    bars = [(100, 101, 99, 100), (101, 103, 100, 102), (101, 102, 98, 99), (100, 102, 99, 101)]
    overnight = np.log([101 / 100, 101 / 102, 100 / 99])
    inside = np.log([102 / 101, 99 / 101, 101 / 100])
    k = 0.34 / (1.34 + 4 / 2)
    expected = overnight.var(ddof=1) + k * inside.var(ddof=1) + (1 - k) * rogers_satchell(bars[1:])
    assert yang_zhang(bars) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("estimator", "few"),
    [
        (close_to_close, []),
        (parkinson, []),
        (bipower, [0.1]),
        (yang_zhang, [BAR, BAR]),
        (average_true_range, [BAR] * 14),
    ],
)
def test_too_little(estimator, few):
    with pytest.raises(ValueError, match=r"nothing|needs"):
        estimator(few)


def test_nothing_to_weigh():
    with pytest.raises(ValueError, match="no returns"):
        ewma([], 1.0)


@pytest.fixture(scope="module")
def bars():
    """Unit-variance bars of 300 steps around 1000, so that a log return is a thousandth of a dollar's."""
    rng = np.random.default_rng(5)
    paths = np.cumsum(rng.standard_normal((3000, 300)) / math.sqrt(300), axis=1) * 1e-3
    whole = np.exp(np.concatenate([np.zeros((3000, 1)), paths], axis=1)) * 1000
    return [(row[0], row.max(), row.min(), row[-1]) for row in whole]


def test_efficiency_and_bias(bars):
    """300 looks a bar: ranges of 1.530 for 1.596, Parkinson 7 % and Rogers-Satchell 10 % low, both far tighter."""
    unit = 1e-6
    ranges = [math.log(high / low) * 1e3 for _, high, low, _ in bars]
    assert np.mean(ranges) == pytest.approx(1.530, abs=0.02)
    assert parkinson(bars) / unit == pytest.approx(0.93, abs=0.03)
    assert garman_klass(bars) / unit == pytest.approx(0.90, abs=0.03)
    assert rogers_satchell(bars) / unit == pytest.approx(0.90, abs=0.03)
    closes = np.var([math.log(close / open_) ** 2 for open_, _, _, close in bars])
    assert closes / np.var([parkinson([bar]) for bar in bars]) > 4
    assert closes / np.var([garman_klass([bar]) for bar in bars]) > 6
    assert closes / np.var([rogers_satchell([bar]) for bar in bars]) > 5


def test_the_correction_for_few_looks(bars):
    assert parkinson(bars) * range_correction(300) / 1e-6 == pytest.approx(1.0, abs=0.03)
    assert range_correction(60) > range_correction(300) > 1.0


def test_a_jump_moves_bipower_little():
    """One return of eight deviations in a day of five-minute returns."""
    rng = np.random.default_rng(11)
    clean = np.mean([close_to_close(list(rng.standard_normal(288))) for _ in range(40)])
    squares, pairs, jumps = [], [], []
    for _ in range(200):
        returns = list(rng.standard_normal(288))
        returns[100] += 8.0
        squares.append(close_to_close(returns))
        pairs.append(bipower(returns))
        jumps.append(jump_part(returns))
    assert clean == pytest.approx(1.0, abs=0.03)
    assert np.mean(squares) == pytest.approx(1.23, abs=0.03)
    assert np.mean(pairs) == pytest.approx(1.05, abs=0.03)
    assert np.mean(jumps) == pytest.approx(0.18, abs=0.04)


def test_no_jump_is_never_negative():
    assert jump_part([1.0, 1.0, 1.0, 1.0]) == 0.0

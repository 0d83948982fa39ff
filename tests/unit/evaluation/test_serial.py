"""Days that depend on each other, and rows of one event: what treating them as independent would claim."""

import numpy as np
import pytest

from cockpit.evaluation.scores import clustered
from cockpit.evaluation.serial import LEAST_DAYS, block_length, by_day, stationary


def autoregressive(n, rho, seed):
    rng = np.random.default_rng(seed)
    x = np.zeros(n)
    noise = rng.normal(size=n)
    for i in range(1, n):
        x[i] = rho * x[i - 1] + noise[i]
    return x


def test_a_series_with_memory():
    """AR(.5), 2,000 values: blocks of about 15; the standard error is nearly the long-run one, .0447."""
    lengths, errors = [], []
    for seed in range(6):
        x = autoregressive(2000, 0.5, seed)
        lengths.append(block_length(x))
        errors.append(stationary(x, lengths[-1], np.random.default_rng(seed), 400).std())
    assert np.median(lengths) == pytest.approx(14.8, abs=4.0)
    assert np.mean(errors) == pytest.approx(0.0447, rel=0.12)
    plain = [autoregressive(2000, 0.5, seed).std() / 2000**0.5 for seed in range(6)]
    assert np.mean(errors) > 1.4 * np.mean(plain)


def test_a_series_without():
    x = np.random.default_rng(3).normal(size=1000)
    assert block_length(x) < 4
    assert stationary(x, 1.0, np.random.default_rng(0), 500).std() == pytest.approx(
        x.std() / 1000**0.5, rel=0.1
    )


def test_blocks_keep_neighbours_together():
    x = np.arange(50.0)
    whole = stationary(x, 1e12, np.random.default_rng(0), 20)
    assert whole == pytest.approx([x.mean()] * 20), "one block round the circle is the series itself"


def test_few_days_are_insufficient():
    rng = np.random.default_rng(0)
    x = rng.normal(1.0, 1.0, LEAST_DAYS).tolist()
    assert by_day(x[:-1], rng) is None
    assert by_day([2.0] * LEAST_DAYS, rng) is None
    found = by_day(x, np.random.default_rng(1))
    assert found == by_day(x, np.random.default_rng(1))
    assert found is not None
    assert found.low < found.mean < found.high


def test_rows_of_one_event_are_not_independent():
    """300 events of 60 looks: the interval by rows is several times too narrow."""
    rng = np.random.default_rng(4)
    shared = np.repeat(rng.normal(0.0, 0.035, 300), 60)
    rows = shared + rng.normal(0.0, 0.03, 18_000)
    events = [str(i // 60) for i in range(18_000)]
    found = clustered(rows.tolist(), events, np.random.default_rng(5))
    honest = (found.high - found.low) / 2 / 1.96
    naive = rows.std() / 18_000**0.5
    assert naive == pytest.approx(0.000337, rel=0.05)
    assert honest == pytest.approx(0.002031, rel=0.1)

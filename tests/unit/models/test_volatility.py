import math

import msgspec
import numpy as np
import pytest

from cockpit.domain.units import SECOND
from cockpit.models.digitals import YEAR_S
from cockpit.models.volatility import PRIOR_ERROR, Volatility

T0 = 1_796_000_000 * SECOND


def walk(seconds, sigma, seed=3, start=84_000.0):
    """One price a second of a lognormal path, after the first."""
    steps = np.random.default_rng(seed).standard_normal(seconds) * sigma / math.sqrt(YEAR_S)
    return (start * np.exp(np.cumsum(steps))).tolist()


def fed(seconds, sigma, seed=3, **fields):
    vol = Volatility(**fields)
    for i, price in enumerate(walk(seconds, sigma, seed)):
        vol.add(T0 + i * SECOND, price)
    return vol, T0 + seconds * SECOND


def test_nothing_seen_is_the_prior():
    estimate = Volatility(prior=0.42).estimate(T0)
    assert estimate.sigma == pytest.approx(0.42)
    assert estimate.error > PRIOR_ERROR
    assert estimate.parts == (("prior", 0.42),)


@pytest.mark.parametrize("sigma", [0.25, 0.6, 1.5])
def test_an_hour_of_a_known_path(sigma):
    vol, now = fed(3600, sigma, prior=0.42)
    estimate = vol.estimate(now)
    assert estimate.sigma == pytest.approx(sigma, rel=0.12)
    assert estimate.error < 0.2
    assert {name for name, _ in estimate.parts} == {"ewma", "range", "bipower", "days", "prior"}


def test_all_parts_agree_on_a_clean_path():
    vol, now = fed(4 * 3600, 0.5, prior=0.5)
    for name, sigma in vol.estimate(now).parts:
        assert sigma == pytest.approx(0.5, rel=0.12), name


def test_a_minute_is_worth_something():
    """Far from the prior, one minute of data moves the estimate, and its error says how unsure it still is."""
    guesses = []
    for seed in range(30):
        vol, now = fed(66, 1.2, seed, prior=0.4)
        guesses.append(vol.estimate(now))
    assert np.mean([guess.sigma for guess in guesses]) > 0.6
    assert all(0.2 < guess.error < PRIOR_ERROR for guess in guesses)


def test_the_error_falls_as_data_come_in():
    errors = []
    for seconds in (1, 40, 120, 600, 3600):
        vol, now = fed(seconds, 0.5)
        errors.append(vol.estimate(now).error)
    assert errors == sorted(errors, reverse=True)


def test_stated_errors_are_honest():
    """Over many paths the miss in units of the stated error is no more than one."""
    misses = []
    for seed in range(60):
        vol, now = fed(300, 0.6, seed, prior=0.45)
        estimate = vol.estimate(now)
        misses.append(math.log(estimate.sigma / 0.6) / estimate.error)
    assert np.std(misses) < 1.0
    assert abs(np.mean(misses)) < 0.7


def test_floor_and_cap():
    calm, now = fed(3600, 0.01, floor=0.15)
    assert calm.estimate(now).sigma == 0.15
    wild, now = fed(3600, 9.0, cap=3.0)
    assert wild.estimate(now).sigma == 3.0


def test_a_jump_is_damped():
    vol, now = fed(3600, 0.5, prior=0.5)
    before = vol.estimate(now).sigma
    vol.add(now, vol.sample * 1.01)
    vol.add(now + 16 * SECOND, vol.sample)
    parts = dict(vol.estimate(now + 16 * SECOND).parts)
    assert parts["ewma"] > before * 1.2
    assert parts["bipower"] < parts["ewma"] * 0.9


def test_the_state_restores_exactly():
    vol, now = fed(500, 0.5)
    vol.imply(now, 0.6)
    again = msgspec.json.decode(msgspec.json.encode(vol), type=Volatility)
    assert again == vol
    for i, price in enumerate(walk(200, 0.5, seed=9, start=vol.sample)):
        vol.add(now + i * SECOND, price)
        again.add(now + i * SECOND, price)
    later = now + 200 * SECOND
    assert again.estimate(later, 86_400.0) == vol.estimate(later, 86_400.0)


def test_silence_gives_the_word_back_to_the_days():
    """A calm hour after wild days: the recent counts less the longer nothing is heard."""
    vol, now = fed(6 * 3600, 1.0, prior=0.5)
    for i, price in enumerate(walk(3600, 0.3, seed=4, start=vol.sample)):
        vol.add(now + i * SECOND, price)
    now += 3600 * SECOND
    at_once, later = vol.estimate(now), vol.estimate(now + 86_400 * SECOND)
    assert later.sigma > at_once.sigma * 1.2
    assert later.error > at_once.error


def test_a_gap_is_no_return():
    vol, now = fed(3600, 0.5, prior=0.5)
    vol.add(now + 86_400 * SECOND, vol.sample * 1.5)
    assert vol.squares.fast.n < vol.squares.slow.n
    assert vol.estimate(now + 86_400 * SECOND).sigma < 0.7


def test_a_clock_that_goes_back_is_no_return():
    vol, now = fed(600, 0.5)
    before = vol.squares
    vol.due_ns = 0
    vol.add(T0, vol.sample * 2)
    assert vol.squares == before
    assert math.isfinite(vol.estimate(now).sigma)


def test_sparse_prices_are_enough():
    """Two prices an hour: no pairs, no bars, an estimate all the same."""
    vol = Volatility(prior=0.4)
    rng = np.random.default_rng(2)
    price = 60_000.0
    for i in range(96):
        price *= math.exp(0.8 * math.sqrt(1800 / YEAR_S) * rng.standard_normal())
        vol.add(T0 + i * 1800 * SECOND, price)
    estimate = vol.estimate(T0 + 95 * 1800 * SECOND)
    assert estimate.sigma == pytest.approx(0.8, rel=0.3)
    assert {name for name, _ in estimate.parts} == {"ewma", "days", "prior"}


def test_a_smoothed_index_is_seen_through():
    """A price that follows its true one by 6 s at 15 s looks too calm; its minutes give it away over hours."""
    true = walk(6 * 3600, 0.6)
    vol, raw, shown = Volatility(prior=0.6), Volatility(prior=0.6), true[0]
    for i, price in enumerate(true):
        shown += (price - shown) / 6.0
        vol.add(T0 + i * SECOND, shown)
        raw.add(T0 + i * SECOND, price)
    now = T0 + len(true) * SECOND
    uncorrected = math.sqrt(vol.squares.fast.yearly)
    assert dict(vol.estimate(now).parts)["ewma"] > uncorrected * 1.05
    assert vol.estimate(now).sigma == pytest.approx(raw.estimate(now).sigma, rel=0.15)


def test_options_speak_for_long_horizons_only():
    vol, now = fed(3600, 0.5, prior=0.5)
    plain = vol.estimate(now)
    vol.imply(now, 1.0)
    assert vol.estimate(now).sigma == plain.sigma
    assert vol.estimate(now, 3600.0).sigma == plain.sigma
    six, day = vol.estimate(now, 6 * 3600.0), vol.estimate(now, 86_400.0)
    assert plain.sigma < six.sigma < day.sigma < 1.0
    assert dict(day.parts)["implied"] == 1.0
    assert vol.estimate(now + 3601 * SECOND, 86_400.0).sigma < 0.7

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.digitals import YEAR_S
from cockpit.models.volatility import LEAST_BARS, MOST_HOLES, PRIOR_ERROR, Bar, Volatility

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


def test_options_speak_by_expiry():
    """Two expiries and the index: a contract of a day hears the day's, whatever the index says."""
    vol, now = fed(3600, 0.5, prior=0.5)
    vol.imply(now, 0.9)
    index_only = vol.estimate(now, 86_400.0)
    vol.imply(now, 0.45, now + 86_400 * SECOND)
    vol.imply(now, 0.47, now + 2 * 86_400 * SECOND)
    day = vol.estimate(now, 86_400.0)
    assert dict(day.parts)["implied"] == pytest.approx(0.45)
    assert dict(vol.estimate(now, 1.5 * 86_400).parts)["implied"] == pytest.approx(0.4634, abs=2e-4)
    assert day.sigma < index_only.sigma
    assert (
        vol.estimate(now, 1800.0).sigma
        == vol.estimate(now).sigma
        == fed(3600, 0.5, prior=0.5)[0].estimate(now).sigma
    )


# ---------------------------------------------------------------- bars of what was not watched

MINUTE = 60


def minutes(prices, start=T0):
    """The candles of a path with one price a second, the first of them at ``start``."""
    whole = len(prices) // MINUTE
    return [
        Bar(start + (i + 1) * MINUTE * SECOND, MINUTE, part[0], max(part), min(part), part[-1])
        for i, part in ((i, prices[i * MINUTE : (i + 1) * MINUTE]) for i in range(whole))
    ]


def watch(vol, prices, start):
    for i, price in enumerate(prices):
        vol.add(start + i * SECOND, price)


def started(prices, live_s, bars=None, **fields):
    """Watched over the last ``live_s`` seconds of a path, and told the bars of what was before."""
    vol = Volatility(**fields)
    before = len(prices) - live_s
    watch(vol, prices[before:], T0 + before * SECOND)
    told = vol.seed(minutes(prices[:before]) if bars is None else bars)
    return vol, told


@pytest.mark.parametrize("sigma", [0.3, 0.6, 1.2])
def test_seeded_is_nearly_as_if_watched(sigma):
    """Hours of candles and five minutes of prices against hours of prices: the same level, hardly less sure."""
    away, prior = [], []
    for seed in range(12):
        prices = walk(5 * 3600, sigma, seed)
        now = T0 + len(prices) * SECOND
        watched = Volatility(prior=0.42)
        watch(watched, prices, T0)
        seeded, told = started(prices, 300, prior=0.42)
        assert told
        ours, theirs = seeded.estimate(now), watched.estimate(now)
        away.append(math.log(ours.sigma / theirs.sigma))
        assert theirs.error <= ours.error < 1.3 * theirs.error
        assert {name for name, _ in ours.parts} == {name for name, _ in theirs.parts}
        prior.append(
            math.log(started(prices, 300, bars=[], prior=0.42)[0].estimate(now).sigma / theirs.sigma)
        )
    assert abs(np.mean(away)) < 0.05
    assert np.std(away) < 0.08
    assert np.sqrt(np.mean(np.square(away))) < 0.7 * np.sqrt(np.mean(np.square(prior)))


def test_bars_before_any_price():
    prices = walk(3 * 3600, 0.8)
    vol = Volatility(prior=0.42)
    assert vol.seed(minutes(prices))
    now = T0 + len(prices) * SECOND
    assert vol.estimate(now).sigma == pytest.approx(0.8, rel=0.15)
    assert vol.sample_ns == now
    n = vol.squares.fast.n
    vol.add(now + 30 * SECOND, prices[-1] * 1.01)
    assert vol.squares.fast.n == pytest.approx(n, rel=0.02)
    assert dict(vol.estimate(now + 30 * SECOND).parts)["ewma"] == pytest.approx(0.8, rel=0.15)


def test_what_was_watched_is_not_told_twice():
    prices = walk(2 * 3600, 0.5)
    vol, told = started(prices, 3600)
    before = msgspec.json.encode(vol)
    assert told
    assert not vol.seed(minutes(prices))
    assert not vol.seed(
        [msgspec.structs.replace(bar, close=bar.open, high=2 * bar.high) for bar in minutes(prices)]
    )
    assert msgspec.json.encode(vol) == before


def test_only_what_lies_before_the_first_price_counts():
    """Bars of all the time there was: those from the first price on change nothing."""
    prices = walk(2 * 3600, 0.5)
    before, _ = started(prices, 3600 + 30)
    everything, _ = started(prices, 3600 + 30, bars=minutes(prices))
    assert everything == before


def test_the_order_of_bars_does_not_matter():
    prices = walk(2 * 3600, 0.5)
    bars = minutes(prices[:3600])
    known, _ = started(prices, 3600, bars=bars)
    assert started(prices, 3600, bars=[*bars[::-1], *bars[:7]])[0] == known


def test_a_few_bars_say_too_little():
    prices = walk(2 * 3600, 0.5)
    few, told = started(prices, 3600, bars=minutes(prices[:3600])[-LEAST_BARS + 1 :])
    assert not told
    assert few == started(prices, 3600, bars=[])[0]
    assert few.seed(minutes(prices[:3600]))


def outage(silent_s, price=None, seed=7):
    """Two hours watched, a silence, ten minutes watched; and the path of the silence."""
    prices = walk(7200 + silent_s + 600, 0.5, seed)
    vol = Volatility(prior=0.5)
    watch(vol, prices[:7200], T0)
    again = T0 + (7200 + silent_s) * SECOND
    late = prices[7200 + silent_s :]
    watch(vol, late if price is None else [each * price for each in late], again)
    return vol, prices, minutes(prices[7200 : 7200 + silent_s], T0 + 7200 * SECOND)


def test_an_outage_is_filled():
    """What one return over half an hour stood for, thirty bars tell: as if it had been watched."""
    vol, prices, bars = outage(1800)
    watched = Volatility(prior=0.5)
    watch(watched, prices, T0)
    now = T0 + len(prices) * SECOND
    n = vol.squares.fast.n
    assert vol.seed(bars)
    assert vol.squares.fast.n > n + 20
    assert vol.squares.fast.span == pytest.approx(watched.squares.fast.span, rel=0.01)
    assert vol.estimate(now).sigma == pytest.approx(watched.estimate(now).sigma, rel=0.05)
    assert not vol.seed(bars)


def test_the_long_return_gives_way():
    """A wild price after the outage makes a wild return over it; the bars know better."""
    honest, wild = outage(1800)[0], outage(1800, price=1.05)[0]
    _, prices, bars = outage(1800)
    now = T0 + len(prices) * SECOND
    assert dict(wild.estimate(now).parts)["ewma"] > 1.5 * dict(honest.estimate(now).parts)["ewma"]
    honest.seed(bars)
    wild.seed(bars)
    assert dict(wild.estimate(now).parts)["ewma"] == pytest.approx(
        dict(honest.estimate(now).parts)["ewma"], rel=0.01
    )


def test_only_what_lies_in_the_outage_counts():
    """The candles of the last hours, most of which were watched."""
    some, everything = outage(1800)[0], outage(1800)[0]
    _, prices, bars = outage(1800)
    assert some.seed(bars)
    assert everything.seed(minutes(prices))
    assert everything == some


def test_bars_over_the_same_time_count_once():
    bars = minutes(walk(2 * 3600, 0.5))
    long = [
        Bar(
            each[-1].end,
            300,
            each[0].open,
            max(b.high for b in each),
            min(b.low for b in each),
            each[-1].close,
        )
        for each in (bars[i : i + 5] for i in range(0, len(bars), 5))
    ]
    assert of_bars(
        [*bars, *[msgspec.structs.replace(bar, end=bar.end + SECOND) for bar in long[:-1]]]
    ) == of_bars(bars)


def test_bars_of_long_ago_count_less():
    """Seeded, and then nothing heard for hours: the recent is forgotten before the first price comes."""
    vol = of_bars(minutes(walk(2 * 3600, 0.5)))
    n = vol.squares.fast.n
    vol.add(vol.sample_ns + 6 * 3600 * SECOND, 84_000.0)
    assert vol.squares.fast.span < 60.0 * n / 100
    assert vol.squares.slow.n > n / 2


def test_bars_of_a_small_part_of_an_outage_say_nothing():
    vol, _, bars = outage(3600)
    before = msgspec.json.encode(vol.squares)
    few = bars[: LEAST_BARS - 1]
    assert not vol.seed(few)
    assert msgspec.json.encode(vol.squares) == before


def test_an_outage_too_long_for_a_return_is_filled():
    vol, prices, bars = outage(4 * 3600)
    now = T0 + len(prices) * SECOND
    before = vol.estimate(now)
    assert vol.seed(bars[-60:])
    assert vol.estimate(now).error < before.error
    assert vol.estimate(now).sigma == pytest.approx(0.5, rel=0.15)


def test_holes_are_few():
    """Prices every half hour: nothing but holes."""
    vol = Volatility()
    for i in range(50):
        vol.add(T0 + i * 1800 * SECOND, 100.0 + i % 3)
    assert len(vol.holes) == MOST_HOLES


def test_missing_bars_make_longer_returns():
    """Every third minute nobody traded: the level holds, what needs neighbours waits for them."""
    prices = walk(4 * 3600, 0.7, 5)
    bars = [bar for i, bar in enumerate(minutes(prices)) if i % 3]
    vol = Volatility(prior=0.42)
    vol.seed(bars)
    now = T0 + len(prices) * SECOND
    assert vol.squares.fast.span == pytest.approx(of_bars(minutes(prices)).squares.fast.span, rel=0.02)
    assert dict(vol.estimate(now).parts)["ewma"] == pytest.approx(0.7, rel=0.2)


def of_bars(bars):
    vol = Volatility(prior=0.42)
    vol.seed(bars)
    return vol


def test_what_was_kept_before_bars_were_known_takes_none():
    """State of a time before holes were noted: where it begins is not known, and nothing is told twice."""
    prices = walk(3600, 0.5)
    vol = Volatility()
    watch(vol, prices, T0)
    plain = msgspec.json.decode(msgspec.json.encode(vol))
    del plain["holes"]
    again = msgspec.convert(plain, Volatility)
    assert not again.seed(minutes(prices, T0 - 3600 * SECOND))
    watch(again, walk(60, 0.5), T0 + 2 * 3600 * SECOND)
    assert again.seed(minutes(prices, T0 + 3600 * SECOND))


def test_a_seeded_state_restores_exactly():
    prices = walk(2 * 3600, 0.5)
    for vol in (started(prices, 3600)[0], started(prices, 3600, bars=[])[0], outage(1800)[0], Volatility()):
        again = msgspec.json.decode(msgspec.json.encode(vol), type=Volatility)
        assert again == vol
        for each in (vol, again):
            each.seed(minutes(prices, T0 - 7200 * SECOND))
        assert again == vol


PRICE = st.floats(1e-6, 1e7)
BARS = st.lists(
    st.builds(
        lambda end, seconds, prices: Bar(
            T0 + end * SECOND, seconds, prices[1], max(prices), min(prices), prices[2]
        ),
        st.integers(-40_000, 40_000),
        st.sampled_from([60, 60, 60, 300]),
        st.lists(PRICE, min_size=4, max_size=4),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(BARS, BARS, st.lists(st.tuples(st.integers(-20_000, 20_000), PRICE), max_size=12))
def test_whatever_bars_come_there_is_a_volatility(first, second, prices):
    """Overlapping, absurd, in the middle of what was watched, before or after it."""
    vol = Volatility()
    for when, price in sorted(prices):
        vol.add(T0 + when * SECOND, price)
    for bars in (first, second):
        vol.seed(bars)
        for now in (T0, T0 + 50_000 * SECOND):
            estimate = vol.estimate(now, 7_200.0)
            assert vol.floor <= estimate.sigma <= vol.cap
            assert 0.0 < estimate.error < 10.0
            assert all(math.isfinite(value) and value >= 0.0 for _, value in estimate.parts)

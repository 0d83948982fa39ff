"""How fast fair values are made. Figures are printed; nothing is asserted of them. Run with ``pytest tests/bench -s``."""

import math
import statistics
import time

import numpy as np
import pytest

from cockpit.domain.units import SECOND
from cockpit.models.brackets import Contract, price
from cockpit.models.digitals import YEAR_S, norm_cdf
from cockpit.models.fair import Outlook
from cockpit.models.nba import outlook
from cockpit.models.scoreline import State, chance, win, win_array
from cockpit.models.spot import Underlying
from cockpit.models.volatility import Volatility

T0 = 1_796_000_000 * SECOND
CLOSE = T0 + 7_200 * SECOND
ROUNDS = 400


def best(run, per=1):
    """The fastest of many rounds, and their median, in microseconds each."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        times.append((time.perf_counter() - started) / per * 1e6)
    return min(times), statistics.median(times)


def show(what, times):
    print(f"{what:<44} {times[0]:>9.3f} us best {times[1]:>9.3f} us median")


@pytest.fixture(scope="module")
def known():
    """An underlying after an hour of index and two proxies."""
    rng = np.random.default_rng(1)
    steps = np.exp(np.cumsum(rng.standard_normal(3600) * 0.45 / math.sqrt(YEAR_S)))
    out = Underlying("BTC")
    for i, value in enumerate((84_000 * steps).tolist()):
        now = T0 + i * SECOND
        out.tick("coinbase BTC-USD", now, value + 2)
        out.tick("kraken BTC-USD", now, value - 3)
        out.index_tick(now + SECOND // 3, now, value)
    return out


def ladder(width, step=100):
    middle = [
        Contract("BTC", 84_000 + i * step - 0.005, 84_000 + (i + 1) * step - 0.005, CLOSE)
        for i in range(-49, 49)
    ]
    ends = (
        Contract("BTC", -math.inf, middle[0].low, CLOSE),
        Contract("BTC", middle[-1].high, math.inf, CLOSE),
    )
    return [ends[0], *middle, ends[1]][:width]


def test_prices():
    contracts = ladder(100)
    edges = [(math.log(each.high), 0.004) for each in contracts[:-1]]
    print()
    show(
        "100 normal distribution functions alone", best(lambda: [norm_cdf((e - 11.3) / v) for e, v in edges])
    )
    for tail in (0, 4, 6, 8):
        outlook = Outlook(
            84_000.0, 900.0, tail, vol_error=0.2, index_error=3.0, age_error=5.0, residual=0.005
        )
        show(f"100 brackets with bands, tail {tail}", best(lambda o=outlook: price(o, contracts)))


def test_inputs(known):
    now = T0 + 3_601 * SECOND
    vol = Volatility()
    vol.add(now, 84_000.0)
    print()
    show("a price into the volatility", best(lambda: [vol.add(now, 84_000.0) for _ in range(100)], per=100))
    show(
        "a proxy's tick",
        best(lambda: [known.tick("coinbase BTC-USD", now, 84_000.0) for _ in range(100)], per=100),
    )
    seconds = iter(range(3_602, 10**9))
    show(
        "an index print, each a new second",
        best(lambda: known.index_tick(T0 + next(seconds) * SECOND, 0, 84_000.0)),
    )


def test_outlooks(known):
    now = T0 + 3_600 * SECOND
    print()
    show("a volatility estimate", best(lambda: known.vol.estimate(now)))
    show("an outlook", best(lambda: known.outlook(now, CLOSE)))
    show("an outlook inside the window", best(lambda: known.outlook(now, now + 30 * SECOND)))


def test_games():
    rng = np.random.default_rng(3)
    lead, left = rng.integers(-30, 31, 1_000_000), rng.uniform(0, 2880, 1_000_000)
    drift, overtime = rng.normal(3, 8, 1_000_000), rng.random(1_000_000) < 0.05
    line, numbers = outlook(spread=-6.5)
    state = State(8.0, 700.0)
    print()
    show("a game's chance", best(lambda: win(state, line.drift, numbers)))
    show("a game's chance with its band", best(lambda: chance(state, line, numbers)))
    times = []
    for _ in range(7):
        started = time.perf_counter()
        win_array(lead, left, drift, numbers, overtime)
        times.append(time.perf_counter() - started)
    print(
        f"{'a million states of a game':<44} {min(times):>9.3f} s best {statistics.median(times):>10.3f} s median"
    )

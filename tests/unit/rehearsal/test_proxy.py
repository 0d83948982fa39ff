"""What Polymarket settles on: one price of a candle, the mean of a stream, and how both look beforehand."""

import math

import numpy as np
import pytest

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import STEP_NS, YEAR_S, Path, paths
from cockpit.rehearsal.profiles import BTC, CLOSE_NS
from cockpit.rehearsal.proxy import CANDLE, STREAM, Basis, Proxies, draw

BASES = (Basis(2.5e-4, 1 / 600), Basis(1.5e-4, 1 / 40))
CENT = UNDERLYING // 100


@pytest.fixture
def path() -> Path:
    rng = np.random.default_rng(8)
    drawn = paths((BTC,), CLOSE_NS - 1200 * SECOND, CLOSE_NS + 2 * SECOND, rng)["BTC"]
    draw(drawn, BASES, rng)
    return drawn


@pytest.fixture
def proxies(path: Path) -> Proxies:
    return Proxies(path, BASES)


def wandering(basis: Basis, start: float, times: np.ndarray, paths: int) -> np.ndarray:
    """Ornstein-Uhlenbeck paths from a start, at rising times in seconds."""
    rng = np.random.default_rng(5)
    value, found, before = np.full(paths, start), [], 0.0
    for time in times:
        keep = math.exp(-basis.pull * (time - before))
        value = keep * value + basis.sd * math.sqrt(1 - keep * keep) * rng.standard_normal(paths)
        found.append(value)
        before = time
    return np.array(found).T


@pytest.mark.parametrize("left_s", [300.0, 60.0, 59.0, 30.5, 1.5, 0.5])
def test_the_streams_outlook_is_that_of_a_simulated_mean(path: Path, proxies: Proxies, left_s: float) -> None:
    """20,000 paths of index and basis, sampled on the seconds to come; the sd of an sd is then 0.5 %."""
    now = CLOSE_NS - int(left_s * SECOND)
    times = np.array([left_s - 59 + i for i in range(60) if left_s - 59 + i > 0])
    rng = np.random.default_rng(4)
    per_second = path.at(now) * path.vol_at(now) / math.sqrt(YEAR_S)
    noise = rng.standard_normal((20_000, len(times))) * np.sqrt(np.diff(times, prepend=0.0)) * per_second
    off = path.bases[STREAM][(now - path.start) // STEP_NS]
    values = path.at(now) * (1 + wandering(BASES[1], off, times, 20_000)) + np.cumsum(noise, axis=1)
    seen = [path.on(STREAM, CLOSE_NS - i * SECOND) for i in range(60) if i >= left_s]
    simulated = (values.sum(axis=1) + sum(seen)) / 60
    mean, sd = proxies.stream(now, CLOSE_NS)
    assert mean == pytest.approx(float(simulated.mean()), abs=5 * sd / math.sqrt(20_000) + 1e-3)
    assert sd == pytest.approx(float(simulated.std()), rel=0.02)


@pytest.mark.parametrize("left_s", [600.0, 60.0, 3.5, 0.1])
def test_the_candles_outlook_is_that_of_one_simulated_price(
    path: Path, proxies: Proxies, left_s: float
) -> None:
    now = CLOSE_NS - int(left_s * SECOND)
    index = np.random.default_rng(4).standard_normal(20_000) * math.sqrt(left_s / YEAR_S) * path.vol_at(now)
    off = path.bases[CANDLE][(now - path.start) // STEP_NS]
    basis = wandering(BASES[0], off, np.array([left_s]), 20_000)[:, 0]
    simulated = path.at(now) * (1 + index + basis)
    mean, sd = proxies.candle(now, CLOSE_NS)
    assert mean == pytest.approx(float(simulated.mean()), abs=5 * sd / math.sqrt(20_000))
    assert sd == pytest.approx(float(simulated.std()), rel=0.02)


def test_the_candle_closes_on_its_last_trade_to_the_cent(path: Path, proxies: Proxies) -> None:
    last = proxies.last(CLOSE_NS)
    assert last % CENT == 0
    assert last / UNDERLYING == pytest.approx(path.on(CANDLE, CLOSE_NS - STEP_NS), abs=0.005)
    assert last / UNDERLYING != pytest.approx(path.on(CANDLE, CLOSE_NS), abs=1e-9)
    assert proxies.candle(CLOSE_NS, CLOSE_NS) == (last / UNDERLYING, 0.0)


def test_the_average_is_of_sixty_whole_seconds_up_to_its_end(path: Path, proxies: Proxies) -> None:
    values = [path.on(STREAM, CLOSE_NS - i * SECOND) for i in range(60)]
    assert proxies.twap(CLOSE_NS) / UNDERLYING == pytest.approx(sum(values) / 60, abs=1e-7)
    mean, sd = proxies.stream(CLOSE_NS, CLOSE_NS)
    assert (mean, sd) == (pytest.approx(proxies.twap(CLOSE_NS) / UNDERLYING, abs=1e-7), 0.0)


def test_both_are_near_the_index_and_neither_is_it(path: Path, proxies: Proxies) -> None:
    moments = range(path.start + 60 * SECOND, CLOSE_NS, 7 * SECOND)
    for told, most in ((proxies.last, 12e-4), (proxies.twap, 25e-4)):
        away = [abs(told(ts) / UNDERLYING / path.at(ts) - 1) for ts in moments]
        assert 1e-6 < sum(away) / len(away) < max(away) < most

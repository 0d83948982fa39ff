"""The underlying: its law, its prints, and the settlement mean."""

import math

import numpy as np
import pytest

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import STEP_NS, YEAR_S, Path, paths
from cockpit.rehearsal.profiles import BTC, ETH, SOL

START = 1_796_326_000 * SECOND
END = START + 7200 * SECOND


@pytest.fixture
def drawn() -> dict[str, Path]:
    return paths((BTC, ETH, SOL), START, END, np.random.default_rng(2))


def steps(path: Path) -> np.ndarray:
    return np.diff(np.log(np.array(path.price)))


def test_moves_have_the_volatility_the_path_states(drawn: dict[str, Path]) -> None:
    for path in drawn.values():
        realised = math.sqrt(float(np.sum(steps(path) ** 2)) / 7200.0 * YEAR_S)
        stated = math.sqrt(sum(path.vol_at(START + i * SECOND) ** 2 for i in range(7200)) / 7200)
        assert realised == pytest.approx(stated, rel=0.06)


def test_volatility_moves_but_stays_near_its_level(drawn: dict[str, Path]) -> None:
    vol = np.array(drawn["BTC"].vol)
    assert vol.std() > 0.01
    assert 0.5 < vol.mean() / BTC.vol < 2.0


def test_assets_move_together(drawn: dict[str, Path]) -> None:
    together = np.corrcoef([steps(path)[:50_000] for path in drawn.values()])
    assert 0.5 < float(together[0, 1]) < 0.9


def test_prints_are_the_path_on_whole_seconds_in_the_indexs_decimals(drawn: dict[str, Path]) -> None:
    for path, quantum in ((drawn["BTC"], UNDERLYING // 100), (drawn["SOL"], UNDERLYING // 10_000)):
        for second in (0, 1, 3600):
            ts = START + second * SECOND
            assert path.index(ts) % quantum == 0
            assert abs(path.index(ts) / UNDERLYING - path.at(ts)) <= quantum / UNDERLYING


def test_exchanges_trade_near_the_index_but_not_on_it(drawn: dict[str, Path]) -> None:
    path = drawn["BTC"]
    gaps = [path.on(0, START + i * SECOND) / path.at(START + i * SECOND) - 1 for i in range(7200)]
    assert 0.1 * BTC.basis < np.std(gaps) < 2 * BTC.basis
    assert path.on(0, START) != path.on(1, START)


def test_the_settlement_is_the_mean_of_the_sixty_prints_up_to_the_close(drawn: dict[str, Path]) -> None:
    path = drawn["BTC"]
    close = START + 900 * SECOND
    cents = [path.index(close - i * SECOND) * 100 // UNDERLYING for i in range(60)]
    assert path.settlement(close) == (2 * sum(cents) + 60) // 120 * (UNDERLYING // 100)


def test_half_a_cent_rounds_up() -> None:
    flat = np.zeros(700)
    path = Path(BTC, START, flat, flat, np.zeros((2, 700)))
    cent = UNDERLYING // 100
    path._sums = [0, *(cent * (n // 2 + n) for n in range(1, 70))]
    total, count = path.window(START + SECOND, START + 60 * SECOND)
    assert (total, count) == (90 * cent, 60)
    assert path.settlement(START + 60 * SECOND) == 2 * cent


def test_a_window_that_begins_before_the_path_holds_what_there_is(drawn: dict[str, Path]) -> None:
    total, count = drawn["BTC"].window(START - 60 * SECOND, START + 2 * SECOND)
    assert count == 3
    assert total == sum(drawn["BTC"].prints[:3])


def test_the_step_divides_the_second() -> None:
    assert SECOND % STEP_NS == 0

"""True ranges and Wilder's average by hand, bars from mids, and stops on the grid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import CENT_GRID, PriceBand, on_grid
from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.strategies.atr import MINUTE, Bars, mark, quiet, stop_level, to_tick, true_range, wilder

HIGHS = (0.52, 0.53, 0.55, 0.56, 0.58)
LOWS = (0.50, 0.51, 0.52, 0.54, 0.55)
CLOSES = (0.51, 0.53, 0.54, 0.55, 0.57)
START = 30_000_000
"""A minute since the epoch."""
TAPERED = (PriceBand(0, 1000, 10), PriceBand(1000, 9000, 100), PriceBand(9000, PRICE, 10))


def at(minute: int, second: int = 0) -> int:
    return (START + minute) * MINUTE + second * SECOND


def test_true_ranges_and_the_average() -> None:
    befores = (None, *CLOSES[:-1])
    ranges = [true_range(*bar) for bar in zip(HIGHS, LOWS, befores, strict=True)]
    assert ranges == pytest.approx([0.02, 0.02, 0.03, 0.02, 0.03])
    atr, seen = 0.0, []
    for count, reach in enumerate(ranges, start=1):
        atr = wilder(atr, reach, count, 3)
        seen.append(atr)
    assert seen[2:] == pytest.approx([0.023333, 0.022222, 0.024815], abs=5e-7)


def test_the_same_from_mids() -> None:
    """Each bar runs low, high, close; it counts once the next has begun."""
    bars, seen = Bars(), []
    for minute, (high, low, close) in enumerate(zip(HIGHS, LOWS, CLOSES, strict=True)):
        for second, mid in enumerate((low, high, close)):
            bars = mark(bars, at(minute, second), mid, 3)
        seen.append((bars.count, bars.atr))
    bars = mark(bars, at(5), 0.57, 3)
    assert [count for count, _ in seen] == [0, 1, 2, 3, 3]
    assert [atr for _, atr in seen[3:]] == pytest.approx([0.023333, 0.022222], abs=5e-7)
    assert bars.atr == pytest.approx(0.024815, abs=5e-7)
    assert (bars.high, bars.low, bars.before) == (0.57, 0.57, 0.57)


@pytest.mark.parametrize(
    ("high", "low", "before", "reach"),
    [(5, 3, None, 2), (5, 3, 4, 2), (5, 3, 1, 4), (5, 3, 9, 6)],
)
def test_a_gap_is_part_of_the_range(high: float, low: float, before: float | None, reach: float) -> None:
    assert true_range(high, low, before) == reach


def test_an_unchanged_mid_changes_nothing() -> None:
    bars = mark(Bars(), at(0), 50.0, 3)
    assert mark(bars, at(0, 30), 50.0, 3) is bars


@given(st.lists(st.integers(4000, 6000), min_size=1, max_size=12), st.integers(1, 40), st.integers(1, 6))
def test_minutes_without_a_change_are_flat_bars(mids: list[int], minutes: int, n: int) -> None:
    bars = Bars()
    for minute, mid in enumerate(mids):
        bars = mark(bars, at(minute), float(mid), n)
    stepped = bars
    for minute in range(len(mids), len(mids) + minutes):
        stepped = mark(stepped, at(minute), float(mids[-1]), n)
    last = len(mids) + minutes
    jumped, walked = (mark(b, at(last), 5000.0, n) for b in (bars, stepped))
    assert jumped.count == walked.count
    assert jumped.atr == pytest.approx(walked.atr)
    assert (jumped.minute, jumped.before) == (walked.minute, walked.before)


def test_quiet_before_the_first_bar_is_over() -> None:
    assert quiet(Bars(minute=1), 2, 3) == Bars(minute=1, count=2)


def test_the_worked_stop() -> None:
    level = stop_level(BID, 0.55, 0.55, 0.024815, 2.0)
    assert level == pytest.approx(0.500370, abs=5e-7)
    assert to_tick(CENT_GRID, BID, level * PRICE) == 5000


@pytest.mark.parametrize(
    ("side", "entry", "best", "level"),
    [(BID, 55.0, 60.0, 56.0), (BID, 55.0, 55.0, 51.0), (BID, 55.0, 54.0, 51.0),
     (ASK, 55.0, 50.0, 54.0), (ASK, 55.0, 55.0, 59.0), (ASK, 55.0, 56.0, 59.0)],
)  # fmt: skip
def test_the_chandelier_only_tightens(side: int, entry: float, best: float, level: float) -> None:
    assert stop_level(side, entry, best, 2.0, 2.0) == level


@pytest.mark.parametrize(
    ("side", "level", "price"),
    [(BID, 5003.7, 5000), (ASK, 5003.7, 5100), (BID, 5000.0, 5000), (ASK, 5000.0, 5000),
     (BID, 953.0, 950), (ASK, 953.0, 960), (ASK, 8950.0, 9000), (BID, -30.2, -31), (ASK, 10030.2, 10031)],
)  # fmt: skip
def test_a_stop_is_put_on_the_grid_away_from_the_market(side: int, level: float, price: int) -> None:
    assert to_tick(TAPERED, side, level) == price


@given(st.floats(1, PRICE - 1), st.sampled_from([BID, ASK]))
def test_a_stop_on_the_grid_is_never_tighter(level: float, side: int) -> None:
    price = to_tick(TAPERED, side, level)
    assert side * (level - price) >= -1e-5
    assert abs(level - price) <= 100
    assert price in (0, PRICE) or on_grid(TAPERED, price)

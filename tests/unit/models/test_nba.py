"""NBA: the numbers in use, the outlook of a game, its clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.nba import FITTED, UNLINED, outlook, seconds, seconds_left
from cockpit.models.scoreline import State, chance, win


@pytest.mark.parametrize("numbers", [FITTED, UNLINED], ids=lambda each: each.name)
def test_ten_up_with_five_minutes_left(numbers):
    assert 0.95 <= win(State(10, 300.0), 0.0, numbers) <= 0.975


@pytest.mark.parametrize(
    ("lead", "left", "won", "n"),
    [(10, 300.0, 0.958, 571), (5, 120.0, 0.904, 684), (-10, 720.0, 0.176, 523), (0, 2880.0, 0.553, 6135)],
)
def test_league_wide_frequencies_lie_in_the_band(lead, left, won, n):
    """Counts of 2021 to 2026, home sides being given 1.9 points."""
    line, numbers = outlook(spread=-1.9)
    found = chance(State(lead, left), line, numbers)
    sampling = 1.96 * (won * (1 - won) / n) ** 0.5
    assert found.low - sampling <= won <= found.high + sampling


@pytest.mark.parametrize("numbers", [FITTED, UNLINED], ids=lambda each: each.name)
def test_numbers_say_where_they_come_from(numbers):
    assert numbers.n > 3_000
    assert "2016" in numbers.source
    rows = numbers.covariance
    assert all(rows[i][j] == rows[j][i] for i in range(4) for j in range(4))
    assert all(rows[i][i] > 0 for i in range(4))


def test_the_outlook_takes_the_best_that_is_known():
    line, numbers = outlook(spread=-6.5, moneyline=0.7)
    assert numbers is FITTED
    assert win(State(0, 2880.0), line.drift, numbers) == pytest.approx(0.7)
    line, numbers = outlook(spread=-6.5)
    assert win(State(0, 2880.0), line.drift, numbers) == pytest.approx(0.715, abs=0.01)
    line, numbers = outlook()
    assert numbers is UNLINED
    assert win(State(0, 2880.0), line.drift, numbers) == pytest.approx(0.585, abs=0.02)
    line, numbers = outlook(neutral=True)
    assert win(State(0, 2880.0), line.drift, numbers) == 0.5


def test_an_even_line_is_a_line():
    line, numbers = outlook(spread=0.0)
    assert (line.drift, numbers) == (0.0, FITTED)


@pytest.mark.parametrize(
    ("clock", "value"),
    [("12:00", 720.0), ("0:29.4", 29.4), ("29.4", 29.4), ("00:00.0", 0.0), ("0.0", 0.0), ("5:03", 303.0)],
)
def test_clocks(clock, value):
    assert seconds(clock) == pytest.approx(value)


@pytest.mark.parametrize("clock", ["", "Half", "-1:00", "1:2:3", "٣:00", "1e3", "12:00 ", "PT05M12.00S"])
def test_what_is_no_clock(clock):
    with pytest.raises(ValueError, match="expected M:SS"):
        seconds(clock)


@pytest.mark.parametrize(
    ("period", "clock", "told"),
    [
        (1, 720.0, (2880.0, False)),
        (2, 0.0, (1440.0, False)),
        (4, 29.4, (29.4, False)),
        (4, 0.0, (0.0, False)),
        (5, 300.0, (300.0, True)),
        (7, 12.0, (12.0, True)),
        (5, 720.0, (300.0, True)),
        (3, 900.0, (1440.0, False)),
        (3, -1.0, (720.0, False)),
    ],
)
def test_seconds_left(period, clock, told):
    assert seconds_left(period, clock) == told


@given(st.integers(1, 4), st.floats(0, 720), st.floats(0, 720))
def test_seconds_left_fall_as_the_clock_runs(period, a, b):
    early, late = max(a, b), min(a, b)
    assert seconds_left(period, late)[0] <= seconds_left(period, early)[0]


def test_there_is_no_period_before_the_first():
    with pytest.raises(ValueError, match="period 0"):
        seconds_left(0, 720.0)

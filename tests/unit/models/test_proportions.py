"""The interval beside a win rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.proportions import wilson


@pytest.mark.parametrize(("wins", "n", "low", "high"), [(18, 30, 0.4232, 0.7541), (0, 10, 0.0, 0.2775)])
def test_wilson(wins: int, n: int, low: float, high: float) -> None:
    assert wilson(wins, n) == pytest.approx((low, high), abs=5e-5)


def test_no_trials_no_interval() -> None:
    assert wilson(0, 0) is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_stays_within_one(case: tuple[int, int]) -> None:
    wins, n = case
    found = wilson(wins, n)
    assert found is not None
    assert 0.0 <= found[0] <= wins / n + 1e-12
    assert wins / n - 1e-12 <= found[1] <= 1.0

"""Books' odds without their margin, by four methods."""

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cockpit.models.devig import (
    METHODS,
    additive,
    american,
    devig,
    implied,
    moneyline,
    multiplicative,
    power,
    shin,
)

ODDS = st.integers(100, 10_000) | st.integers(-10_000, -101)
LOPSIDED = [1 / 1.1818, 1 / 5.10]
THREE = [1 / 2.1, 1 / 3.4, 1 / 3.6]


def test_odds_as_chances():
    assert implied(100) == implied(-100) == 0.5
    assert implied(-220) == pytest.approx(0.6875)
    assert implied(180) == pytest.approx(0.357143, abs=1e-6)
    assert (american(3.0), american(1.5), american(2.0)) == (200, -200, 100)


@pytest.mark.parametrize("odds", [0, 99, -99])
def test_what_is_no_odds(odds):
    with pytest.raises(ValueError, match="American odds"):
        implied(odds)
    with pytest.raises(ValueError, match="decimal odds"):
        american(1.0)


@pytest.mark.parametrize(
    ("method", "favourite"), [(multiplicative, 0.8119), (additive, 0.8250), (power, 0.8326), (shin, 0.8250)]
)
def test_published_numbers(method, favourite):
    """Decimal odds 1.1818 and 5.10, a margin of 4.22 %, by the packages penaltyblog 1.13 and shin 0.2.2."""
    found = method(LOPSIDED)
    assert found == [pytest.approx(favourite, abs=5e-5), pytest.approx(1 - favourite, abs=5e-5)]
    assert method([1 / 1.909, 1 / 1.909]) == [pytest.approx(0.5), pytest.approx(0.5)]


def test_the_worst_for_the_buyer_the_best_and_what_lies_between():
    found = devig(LOPSIDED)
    assert found[0].low == pytest.approx(0.8119, abs=5e-5)
    assert found[0].high == pytest.approx(0.8326, abs=5e-5)
    assert found[0].mid == pytest.approx(0.8250, abs=5e-5)
    assert found[0].margin == pytest.approx(0.0422, abs=5e-5)
    assert found[0].error == pytest.approx((0.8326 - 0.8119) / 2, abs=1e-4)


def test_additive_never_goes_below_nothing():
    assert additive([0.98, 0.05, 0.01]) == [pytest.approx(1.0, abs=0.05), pytest.approx(0.04, abs=0.02), 0.0]


@pytest.mark.parametrize("q", [[0.5], [1.0, 0.1], [0.0, 1.0], [0.9, 0.9], [0.4, 0.4]])
def test_what_is_no_book(q):
    with pytest.raises(ValueError, match=r"outcomes|margin"):
        devig(q)


@given(home=ODDS, away=ODDS)
def test_both_sides_make_one_by_every_method(home, away):
    q = [implied(home), implied(away)]
    assume(-0.05 <= sum(q) - 1 <= 0.5)
    for name, method in METHODS.items():
        assert math.fsum(method(q)) == pytest.approx(1.0), name
    found = devig(q)
    assert all(0.0 <= each.low <= each.mid <= each.high <= 1.0 for each in found)
    assert moneyline(home, away) == found[0]


@given(st.lists(st.floats(0.05, 1.0), min_size=3, max_size=6), st.floats(1.0, 1.3))
def test_order_is_kept(weights, total):
    q = [each / sum(weights) * total for each in weights]
    assume(max(q) < 0.99)
    for method in METHODS.values():
        found = [each for _, each in sorted(zip(q, method(q), strict=True))]
        assert all(one <= other + 1e-9 for one, other in pairwise(found))


def test_shin_of_two_is_additive_and_of_three_between():
    assert shin(LOPSIDED) == [pytest.approx(each) for each in additive(LOPSIDED)]
    assert math.fsum(shin(THREE)) == pytest.approx(1.0)

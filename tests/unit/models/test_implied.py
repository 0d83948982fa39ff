import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.implied import FRESH_NS, FROM_S, MOST_TERMS, Surface

T0 = 1_796_000_000 * SECOND
HOUR = 3600.0
DAY = 86_400.0
MONTH = 30 * DAY


def surface(*terms, index=0.0):
    """Levels by days ahead, told at T0."""
    found = Surface()
    for days, sigma in terms:
        found.tell(T0, sigma, T0 + int(days * DAY) * SECOND)
    if index:
        found.tell_index(T0, index, MONTH)
    return found


def test_nothing_told():
    assert Surface().level(T0, DAY) == 0.0


def test_an_index_alone_is_the_level():
    for horizon in (HOUR, DAY, 90 * DAY):
        assert surface(index=0.5).level(T0, horizon) == 0.5


def test_an_expiry_alone_is_the_level():
    for horizon in (HOUR, 2 * DAY, 90 * DAY):
        assert surface((1, 0.4)).level(T0, horizon) == 0.4


def test_between_expiries_the_total_variance_is_linear():
    """0.16 x 1 day at one, 0.25 x 3 days at three: 0.455 x a day at two."""
    found = surface((3, 0.5), (1, 0.4))
    assert found.level(T0, 2 * DAY) == pytest.approx(math.sqrt(0.455 / 2))
    assert found.level(T0, DAY) == pytest.approx(0.4)
    assert found.level(T0, 3 * DAY) == pytest.approx(0.5)
    assert found.level(T0, DAY / 2) == 0.4
    assert found.level(T0, 10 * DAY) == 0.5


def test_total_variance_never_falls():
    """No time is calmer than calm: 20 % to the second day would need it."""
    assert surface((1, 0.4), (2, 0.2)).level(T0, 2 * DAY) == pytest.approx(0.4 / math.sqrt(2))


def test_the_index_speaks_beyond_the_expiries_only():
    found = surface((1, 0.4), (3, 0.5), index=0.6)
    assert found.level(T0, 2 * DAY) == pytest.approx(math.sqrt(0.455 / 2))
    variance = 0.25 * 3 + (0.36 * 30 - 0.25 * 3) * (10 - 3) / 27
    assert found.level(T0, 10 * DAY) == pytest.approx(math.sqrt(variance / 10))
    assert found.level(T0, 40 * DAY) == 0.6
    assert surface((40, 0.4), index=0.6).level(T0, 60 * DAY) == 0.4


def test_what_is_an_hour_old_is_no_more():
    found = surface((1, 0.4))
    found.tell_index(T0 + 600 * SECOND, 0.6, MONTH)
    assert found.level(T0 + FRESH_NS, DAY) == pytest.approx(0.4, rel=0.05)
    assert found.level(T0 + FRESH_NS + 1, DAY) == 0.6
    assert found.level(T0 + FRESH_NS + 601 * SECOND, DAY) == 0.0


def test_an_expiry_of_the_next_hour_says_nothing():
    found = surface((FROM_S / DAY - 0.001, 3.0), (1, 0.4))
    assert found.level(T0, 2 * HOUR) == 0.4


def test_an_expiry_told_again_is_replaced_and_what_is_over_is_forgotten():
    found = surface((1, 0.4), (2, 0.5))
    found.tell(T0 + 60 * SECOND, 0.45, T0 + int(2 * DAY) * SECOND)
    assert [(term.sigma, term.ts - T0) for term in found.terms] == [(0.4, 0), (0.45, 60 * SECOND)]
    later = T0 + int(1.01 * DAY) * SECOND
    found.tell(later, 0.5, T0 + int(3 * DAY) * SECOND)
    assert [term.sigma for term in found.terms] == [0.5]
    found.tell(later, 9.0, later)
    assert [term.sigma for term in found.terms] == [0.5]


def test_few_are_kept():
    assert len(surface(*((days, 0.5) for days in range(1, 60))).terms) == MOST_TERMS


TERMS = st.lists(
    st.tuples(st.floats(0.1, 40.0), st.floats(0.05, 3.0)),
    max_size=6,
    unique_by=lambda term: int(term[0] * DAY),
)


@given(TERMS, st.none() | st.floats(0.05, 3.0), st.floats(0.0, 50.0))
def test_the_level_lies_among_those_told(terms, index, days):
    level = surface(*terms, index=index or 0.0).level(T0, days * DAY)
    told = [sigma for _, sigma in terms] + ([index] if index else [])
    assert (min(told) - 1e-12 <= level <= max(told) + 1e-12) if told else level == 0.0


@given(TERMS, st.none() | st.floats(0.05, 3.0))
def test_total_variance_rises_with_the_horizon(terms, index):
    found = surface(*terms, index=index or 0.0)
    last = max([days for days, _ in terms] + ([30.0] if index else []), default=0.0)
    totals = [found.level(T0, days * DAY) ** 2 * days for days in (last * i / 40 for i in range(41))]
    assert totals == pytest.approx(sorted(totals))


def test_it_restores_exactly():
    found = surface((1, 0.4), (3, 0.5), index=0.6)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Surface) == found

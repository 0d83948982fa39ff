"""What a phrase is worth: base rate, time left, sentiment; the band holds it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.mentions.rates import Rate
from cockpit.models.mentions.value import HELD, explain, value

SURE = Rate(0.6, 0.02, 60.0, 100.0, 100, 0.4)
VAGUE = Rate(0.4, 0.18, 0.0, 0.0, 0, 0.4)


def test_before_the_event_it_is_the_base_rate_of_one_that_is_held():
    assert value(SURE).mid == pytest.approx(0.6 * HELD)
    assert value(SURE, held=1.0).mid == pytest.approx(0.6)


def test_time_runs_out():
    half = value(SURE, held=1.0, left=0.5)
    assert half.mid == pytest.approx(1 - 0.4**0.5)
    over = value(SURE, held=1.0, left=0.0)
    assert over.mid == over.low == 0.0


def test_another_venue_s_price_moves_what_is_vague_more_than_what_is_known():
    moved = value(VAGUE, other=0.8, same_rules=True).mid - value(VAGUE).mid
    known = value(SURE, other=0.8, same_rules=True).mid - value(SURE).mid
    assert 0.0 < known < moved
    assert value(VAGUE, other=0.8).mid < value(VAGUE, other=0.8, same_rules=True).mid
    assert (
        value(VAGUE, other=0.8, other_width=0.4, same_rules=True).mid
        < value(VAGUE, other=0.8, same_rules=True).mid
    )


def test_the_less_is_known_the_wider_the_band():
    assert value(VAGUE).high - value(VAGUE).low > value(SURE).high - value(SURE).low
    assert value(VAGUE, other=0.5, same_rules=True).error < value(VAGUE).error


def test_reasons():
    told = dict(explain(value(SURE, other=0.7)))
    assert told["base rate"] == 0.6
    assert told["other venue"] == 0.7
    assert 0.0 < told["base's share"] < 1.0


@given(
    mean=st.floats(0.001, 0.999),
    error=st.floats(0.0, 0.3),
    left=st.floats(-1.0, 2.0),
    held=st.floats(0.0, 1.0),
    other=st.none() | st.floats(0.0, 1.0),
    width=st.floats(0.0, 1.0),
)
def test_a_band_holds_its_middle(mean, error, left, held, other, width):
    found = value(Rate(mean, error, 1.0, 2.0, 2, 0.4), left=left, held=held, other=other, other_width=width)
    assert 0.0 <= found.low <= found.mid <= found.high <= 1.0

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.decayed import FAST_S, GAUGE_BARS, Decayed, Measure

THINGS = st.lists(
    st.tuples(st.floats(0.0, 1e-4), st.floats(1.0, 600.0)), min_size=1, max_size=12
)  # value, span
PARTS = ("value", "span", "spans")


@given(THINGS, st.randoms(use_true_random=False))
def test_put_in_later_is_as_if_it_had_been_added_then(things, order):
    added, put = Decayed(), Decayed()
    for value, span in things:
        added.add(value, span, FAST_S)
    ages = [sum(span for _, span in things[i + 1 :]) for i in range(len(things))]
    late = list(zip(things, ages, strict=True))
    order.shuffle(late)
    for (value, span), age in late:
        put.put(value, span, age, FAST_S)
    for part in PARTS:
        assert getattr(put, part) == pytest.approx(getattr(added, part), rel=1e-9, abs=1e-18)


@given(THINGS, st.floats(0.0, 1e-4), st.floats(1.0, 600.0), st.floats(0.0, 7200.0))
def test_taken_out_again_it_was_never_there(things, value, span, age):
    sums, before = Decayed(), Decayed()
    for each in things:
        sums.add(*each, FAST_S)
        before.add(*each, FAST_S)
    sums.put(value, span, age, FAST_S)
    sums.put(value, span, age, FAST_S, -1.0)
    for part in PARTS:
        assert getattr(sums, part) == pytest.approx(getattr(before, part), rel=1e-6, abs=1e-15)
        assert getattr(sums, part) >= 0.0


def test_it_halves():
    sums = Decayed()
    sums.add(8.0, 60.0, FAST_S)
    sums.age(FAST_S, FAST_S)
    assert (sums.value, sums.span, sums.spans) == pytest.approx((4.0, 30.0, 900.0))


def test_equal_returns_count_as_many_as_they_are():
    sums = Decayed()
    assert (sums.n, sums.yearly) == (0.0, 0.0)
    for _ in range(10):
        sums.add(1e-8, 15.0, math.inf)
    assert sums.n == pytest.approx(10.0)
    assert sums.yearly == pytest.approx(1e-8 / 15.0 * 365 * 86_400)


def test_a_measures_bias_is_shrunk_to_none():
    measure, gauge = Measure(), Decayed()
    assert measure.bias(gauge) == 1.0
    for _ in range(int(GAUGE_BARS)):
        measure.add(1e-8, 60.0)
        gauge.add(3e-8, 60.0, math.inf)
    assert measure.bias(gauge) == pytest.approx(2.0, rel=1e-3)


def test_a_measure_puts_in_both():
    measure, other = Measure(), Measure()
    measure.add(1e-8, 60.0)
    measure.age(600.0)
    other.put(1e-8, 60.0, 600.0)
    assert other.fast.value == pytest.approx(measure.fast.value)
    assert other.slow.value == pytest.approx(measure.slow.value)

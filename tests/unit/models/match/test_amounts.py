"""Bounds in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import UNDERLYING
from cockpit.models.match.amounts import bounds, number


@pytest.mark.parametrize(
    ("text", "comparator", "low", "high", "unit"),
    [
        ("more than 4000 cases", ">", 4000, None, ""),
        ("at least 4000 cases", ">=", 4000, None, ""),
        ("be >85 on", ">", 85, None, ""),
        ("85 or above", ">=", 85, None, ""),
        ("41 f or higher", ">=", 41, None, "F"),
        ("0.3% or more", ">=", 0.3, None, "%"),
        ("15+ points", ">=", 15, None, ""),
        ("below 210 seats", "<", None, 210, ""),
        ("25f or below", "<=", None, 25, "F"),
        ("no more than 5", "<=", None, 5, ""),
        ("no fewer than 5", ">=", 5, None, ""),
        ("greater than or equal to 5", ">=", 5, None, ""),
        ("between 88 and 89", "between", 88, 89, ""),
        ("between 26-27f", "between", 26, 27, "F"),
        ("210-213 seats", "between", 210, 213, ""),
        ("exactly 3 cuts", "between", 3, 3, ""),
    ],
)
def test_one_bound(text, comparator, low, high, unit):
    found, left = bounds(text)
    scaled = [None if x is None else round(x * UNDERLYING) for x in (low, high)]
    assert (found.comparator, found.low, found.high, found.unit) == (comparator, *scaled, unit)
    assert not any(map(str.isdigit, left))


@pytest.mark.parametrize(
    "text", ["stage 3", "tx-17", "more than 5 and less than 9", "between 9 and 5", "none"]
)
def test_none_or_several_state_nothing(text):
    assert bounds(text) == (None, text)


@given(st.text("0123456789.,-+%<>= abor", max_size=40))
def test_any_text_is_read(text):
    found, _ = bounds(text)
    assert found is None or found.low is not None or found.high is not None


def test_at_or_beyond_includes_the_number():
    assert bounds("at or above 80 on")[0] == bounds("at least 80 on")[0]
    assert bounds("at or below 80 on")[0] == bounds("at most 80 on")[0]


@pytest.mark.parametrize("text", ["9" * 5_000, "1.123456789", "\u0663", "", "-", "1e5", "1" * 17])
def test_no_plain_number_is_none(text):
    assert number(text) is None
    assert bounds(f"more than {text} cases")[0] is None

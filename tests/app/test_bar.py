"""A bar with a mark on it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.app.widgets.bar import bar


@pytest.mark.parametrize(
    ("value", "mark", "dots", "letters"),
    [
        (0.5, None, "⠶⠶  ", "##  "),
        (0.5, 0.75, "⠶⠶ ⡇", "## |"),
        (0.5, 0.25, "⠶⡷⠶⠶"[:2] + "  ", "#|  "),
        (1.0, 1.0, "⠶⠶⠶⢾", "###|"),
        (0.0, 0.0, "⡇   ", "|   "),
        (0.0, None, "    ", "    "),
        (0.001, None, "⠆   ", "#   "),
        (7.0, 7.0, "⠶⠶⠶⢾", "###|"),
    ],
)
def test_bars(value, mark, dots, letters):
    assert bar(value, mark, 4) == dots
    assert bar(value, mark, 4, dots=False) == letters


@given(st.floats(0, 2), st.none() | st.floats(0, 2), st.integers(0, 60), st.booleans())
def test_it_is_as_wide_as_it_was_asked_for(value, mark, width, dots):
    made = bar(value, mark, width, dots=dots)
    assert len(made) == width
    assert dots or made.isascii()
    assert made.strip() or (not value and mark is None) or not width


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 60))
def test_more_is_never_shorter(one, other, width):
    low, high = sorted((one, other))
    assert bar(low, None, width, dots=False).count("#") <= bar(high, None, width, dots=False).count("#")

"""Lines: fitted, cut, compared."""

from hypothesis import given
from hypothesis import strategies as st

from cockpit.app.cells import flow
from cockpit.app.line import changes, crop, fit, length, part, spread, wrap
from cockpit.app.text import CUT

ROLES = ("text", "dim", "good")
spans = st.lists(st.tuples(st.text("abc 123", max_size=9), st.sampled_from(ROLES)), max_size=8).map(tuple)
parts = st.lists(st.builds(part, st.text("abc", max_size=12), st.just("text"), st.integers(0, 4)), max_size=8)


def words(line):
    return "".join(text for text, _ in line)


def cells(line, width):
    flat = [(char, role) for text, role in line for char in text]
    return flat[:width] + [(" ", "text")] * (width - len(flat))


def test_the_least_wanted_parts_go_first_and_nothing_smaller_is_lost_for_nothing():
    row = [part("must"), part("later", tier=2), part("long" * 5, tier=1), part("x", tier=3)]
    assert words(fit(row, 99)) == "must  later  longlonglonglonglong  x"
    assert words(fit(row, 34)) == "must  later  longlonglonglonglong"
    assert words(fit(row, 30)) == "must  longlonglonglonglong  x"
    assert words(fit(row, 14)) == "must  later  x"
    assert words(fit(row, 3)) == f"mu{CUT}"


def test_a_part_that_matters_leaves_a_sign():
    row = [part("first"), part("second", tier=1), part("third", tier=5)]
    assert words(fit(row, 14, mark=1)) == "first  second"
    assert words(fit(row, 12, mark=1)) == f"first {CUT}"
    assert words(fit(row, 14, mark=9)) == f"first  third {CUT}"


@given(parts, st.integers(1, 60), st.integers(-1, 4))
def test_a_fitted_line_fits(row, width, mark):
    line = fit(row, width, mark=mark)
    assert length(line) <= width
    whole = sum(len(item.line[0][0]) for item in row)
    if all(item.tier <= mark for item in row) and length(line) < whole:
        assert CUT in words(line)


@given(spans, st.integers(1, 40))
def test_a_cropped_line_fits_and_tells(line, width):
    short = crop(line, width)
    assert length(short) <= width
    assert short == line if length(line) <= width else words(short).endswith(CUT)


@given(spans, spans, st.integers(1, 60))
def test_spread_keeps_the_right_one(left, right, width):
    line = words(spread(left, right, width))
    assert len(line) <= width
    if length(right) < width - 1:
        assert line.endswith(words(right))
        assert len(line) == width


@given(spans, spans, st.integers(1, 40))
def test_changes_cover_exactly_what_differs(old, new, width):
    was, now = cells(old, width), cells(new, width)
    found = list(changes(old, new, width))
    covered = {x for begin, end in found for x in range(begin, end)}
    assert {x for x in range(width) if was[x] != now[x]} <= covered
    for begin, end in found:
        assert was[begin] != now[begin]
        assert was[end - 1] != now[end - 1]
    assert found == sorted(found)


def test_far_changes_are_apart_and_near_ones_together():
    old, new = (("a" * 30, "text"),), (("baaab" + "a" * 20 + "baaaa", "text"),)
    assert list(changes(old, new, 30)) == [(0, 5), (25, 26)]


@given(st.text("ab ", max_size=80), st.integers(4, 20), st.integers(1, 4))
def test_wrapped_words(raw, width, most):
    rows = wrap(raw, width, most)
    assert len(rows) <= most
    assert all(length(row) <= width for row in rows)
    if len(raw.split()) and all(len(word) < width for word in raw.split()):
        shown = " ".join(words(row) for row in rows).split()
        assert shown == raw.split() or CUT in shown[-1]


@given(parts, st.integers(4, 40), st.integers(1, 4))
def test_pieces_over_so_many_rows_fit_and_say_what_is_missing(row, width, rows):
    whole, some = flow(row, width), flow(row, width, rows=rows)
    assert all(length(line) <= width for line in some)
    if len(whole) <= rows:
        assert some == whole
    else:
        assert len(some) == rows
        assert words(some[-1]).endswith(f" {CUT}")

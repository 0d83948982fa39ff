"""Plots: round ticks that enclose, pictures that parse, nothing that is not a number."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.evaluation import report_plots as plots

VALUES = st.lists(st.floats(-1e5, 1e5, allow_subnormal=False), max_size=30)


@given(VALUES)
def test_ticks_enclose_what_is_drawn(values):
    found = plots.ticks(values)
    assert 2 <= len(found) <= 12
    assert found == sorted(set(found))
    if values:
        slack = 1e-6 * (found[-1] - found[0])
        assert found[0] <= min(values) + slack
        assert found[-1] >= max(values) - slack


@pytest.mark.parametrize(
    ("values", "found"),
    [([0.0, 1.0], [0.0, 0.25, 0.5, 0.75, 1.0]), ([3.0, 3.0], [2.5, 2.75, 3.0, 3.25, 3.5]), ([-7.0, 31.0], [-10.0, 0.0, 10.0, 20.0, 30.0, 40.0])],
)  # fmt: skip
def test_round_ticks(values, found):
    assert plots.ticks(values) == found


def parsed(svg):
    picture, _, rest = svg.partition("</svg>")
    return ElementTree.fromstring(picture + "</svg>"), rest


@given(st.dictionaries(st.text("<&\"ab", min_size=1, max_size=4), st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1), min_size=1, max_size=9))  # fmt: skip
def test_lines_and_points_stay_inside(found):
    for svg in (plots.lines(found, "a", "x", "y"), plots.scatter(found, "a <b>", "x", "y")):
        picture, legend = parsed(svg)
        assert legend.count("<li>") == len(found)
        for circle in picture.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= plots.WIDTH
            assert 0 <= float(circle.attrib["cy"]) <= plots.HEIGHT


def test_steps_hold_until_the_next():
    picture, _ = parsed(plots.lines({"a": [(0.0, 1.0), (2.0, 0.0)]}, "l", "x", "y", steps=True))
    (line,) = picture.iter("polyline")
    points = [tuple(map(float, p.split(","))) for p in line.attrib["points"].split()]
    assert len(points) == 3
    assert points[1] == (points[2][0], points[0][1])


def test_bars_in_groups_leave_out_what_is_not_known():
    picture, legend = parsed(
        plots.groups({"V14": {"cross": 10.0, "fifo": None}, "V15": {"cross": 5.0, "fifo": 7.0}}, "l", "y")
    )
    assert len(list(picture.iter("rect"))) == 3
    assert legend.count("<li>") == 2
    assert {"V14", "V15"} <= {each.text for each in picture.iter("text")}


def test_categories_histogram_and_reliability():
    picture, _ = parsed(plots.categories({"V15": {"1 s": 0.5, "10 s": None, "60 s": -1.0}}, "l", "y"))
    assert len(list(picture.iter("circle"))) == 2
    picture, _ = parsed(plots.histogram({0.0: 5.0, 3.0: 1.0}, "l", "x", "y"))
    assert len(list(picture.iter("rect"))) == 2
    picture, _ = parsed(plots.reliability({"60 s": [plots.Bar(0.1, 0.2, 0.0, 0.5)]}, "l"))
    assert len(list(picture.iter("circle"))) == 1


def test_nothing_is_drawn_of_nothing():
    assert plots.lines({}, "l", "x", "y") == plots.lines({"a": []}, "l", "x", "y") == ""
    assert plots.groups({}, "l", "y") == plots.groups({"a": {"x": None}}, "l", "y") == ""
    assert plots.categories({"a": {"x": None}}, "l", "y") == plots.histogram({}, "l", "x", "y") == ""
    assert plots.scatter({"a": []}, "l", "x", "y") == plots.reliability({"a": []}, "l") == ""

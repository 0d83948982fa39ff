"""Lanes against each other: which questions are put, and what many questions do to an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.comparisons import CHOICE, DELAY, HINDSIGHT, VERSION, compare, questions
from cockpit.models.selection import holm
from cockpit.models.verdicts import A_BETTER, B_BETTER, COLLECTING, NO_DIFFERENCE, STOP, judge

ORDER = [f"e{i:04}" for i in range(400)]


def asked(*strategies, desk=False):
    lanes = dict.fromkeys(("desk", "mirror"), "") if desk else {}
    return questions(lanes | {name: name for name in strategies}, "desk", "mirror", "what-if")


@pytest.mark.parametrize(
    ("strategies", "pairs"),
    [
        (("V11", "V14", "V15"), [("V15", "V11"), ("V15", "V14")]),
        (("V10", "V12"), [("V10", "V12")]),
        (("V15", "V15[threshold=0.08]", "V14[threshold=0.08]"),
         [("V15", "V15[threshold=0.08]"), ("V15", "V14[threshold=0.08]")]),
        (("V15", "homeUnderdog", "homeUnderdog+P", "yesBias"), [("homeUnderdog", "homeUnderdog+P")]),
        (("homeUnderdog", "homeUnderdog+P[size=5]"), [("homeUnderdog", "homeUnderdog+P[size=5]")]),
        (("favoriteFade+P", "favoriteFade+P[size=5]"), [("favoriteFade+P", "favoriteFade+P[size=5]")]),
        (("yesBias",), []),
    ],
)  # fmt: skip
def test_each_version_is_compared_with_what_it_is_a_change_of(strategies, pairs):
    assert asked(*strategies) == [(VERSION, a, b) for a, b in pairs]


def test_the_desks_own_questions():
    assert asked("V15", desk=True) == [(CHOICE, "mirror", "desk"), (DELAY, "V15", "mirror")]
    assert asked("yesBias", desk=True) == [(CHOICE, "mirror", "desk")]
    assert questions({"desk": "", "what-if": ""}, "desk", "mirror", "what-if") == [
        (HINDSIGHT, "desk", "what-if")
    ]


def results(seed, mean, n=400):
    draws = np.random.default_rng(seed).normal(mean, 8.0, n)
    return dict(zip(ORDER, (float(x) for x in draws), strict=False))


def test_a_difference_that_is_there_is_found_by_name():
    nets = {"A": results(1, 0.0), "B": results(2, 5.0)}
    (found,) = compare([(VERSION, "A", "B")], nets, ORDER)
    assert (found.state, found.verdict, found.n) == (B_BETTER, B_BETTER, 400)
    assert found.low > 0
    (other,) = compare([(VERSION, "B", "A")], nets, ORDER)
    assert other.state == A_BETTER
    assert other.mean == pytest.approx(-found.mean)
    assert found.takes < 400


def test_few_events_say_nothing():
    (found,) = compare([(VERSION, "A", "B")], {"A": {}, "B": dict.fromkeys(ORDER[:29], 90.0)}, ORDER[:29])
    assert (found.state, found.verdict, found.low) == (COLLECTING, "cannot tell yet", None)


def test_a_fall_is_a_stop_whatever_else_is_said():
    nets = {"A": {}, "B": dict.fromkeys(ORDER[:6], -90.0)}
    (found,) = compare([(VERSION, "A", "B")], nets, ORDER[:6])
    assert (found.state, found.verdict) == (STOP, STOP)


def test_many_questions_take_an_answer_back():
    barely = next(
        nets
        for seed in range(2_000)
        if (nets := results(seed, 1.0)) and 0.01 < judge(list(nets.values())).p <= 0.05
    )
    alone = compare([(VERSION, "A", "B")], {"B": barely}, ORDER)
    many = compare([(VERSION, "A", "B"), *((VERSION, "A", f"C{i}") for i in range(9))], {"B": barely}, ORDER)
    assert alone[0].state == B_BETTER
    assert many[0].p == alone[0].p
    assert (many[0].state, many[0].verdict) == (NO_DIFFERENCE, "cannot tell yet")


@given(st.lists(st.lists(st.floats(-300, 300), min_size=40, max_size=40), min_size=1, max_size=4))
def test_the_table_is_its_rows_adjusted(columns):
    nets = {f"B{i}": dict(zip(ORDER, column, strict=False)) for i, column in enumerate(columns)}
    found = compare([(VERSION, "A", name) for name in nets], nets, ORDER[:40])
    assert [each.adjusted for each in found] == holm([each.p for each in found])
    for each, column in zip(found, columns, strict=True):
        assert each.mean == pytest.approx(sum(column) / 40, abs=1e-9)
        assert each.e == judge(column).evidence

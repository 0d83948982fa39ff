"""Lanes against each other: which questions are put, and what many questions do to an answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.comparisons import CHOICE, DELAY, HINDSIGHT, VERSION, Hands, compare, questions
from cockpit.models.selection import holm
from cockpit.models.verdicts import A_BETTER, B_BETTER, COLLECTING, NO_DIFFERENCE, STOP, judge

HANDS = Hands("desk", "mirror", "what-if")


def asked(*strategies, desk=False, proposes=()):
    lanes = dict.fromkeys(("desk", "mirror"), "") if desk else {}
    return questions(lanes | {name: name for name in strategies}, HANDS, proposes)


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
    assert asked("V14", "V15", desk=True, proposes=["V14"]) == [
        (VERSION, "V15", "V14"), (CHOICE, "mirror", "desk"), (DELAY, "V14", "mirror"),
    ]  # fmt: skip
    for proposes in ([], ["V11"], ["V14", "V15"]):
        assert [q for q, *_ in asked("V14", "V15", desk=True, proposes=proposes)] == [VERSION, CHOICE]
    assert questions({"desk": "", "what-if": ""}, HANDS) == [(HINDSIGHT, "desk", "what-if")]


def results(seed, mean, n=400):
    return [float(x) for x in np.random.default_rng(seed).normal(mean, 8.0, n)]


def one(a, b):
    (found,) = compare([(VERSION, "A", "B", list(zip(a, b, strict=True)))])
    return found


def test_a_difference_that_is_there_is_found_by_name():
    a, b = results(1, 0.0), results(2, 5.0)
    found, other = one(a, b), one(b, a)
    assert (found.state, found.verdict, found.n) == (B_BETTER, B_BETTER, 400)
    assert found.low > 0
    assert other.state == A_BETTER
    assert other.mean == pytest.approx(-found.mean)
    assert found.takes < 400


def test_few_events_say_nothing():
    found = one([0.0] * 29, [90.0] * 29)
    assert (found.state, found.verdict, found.low) == (COLLECTING, "cannot tell yet", None)


def test_a_fall_is_a_stop_unless_the_other_fell_further():
    assert one([0.0] * 40, [-90.0] * 40).state == STOP
    assert one([-190.0] * 40, [-90.0] * 40).state == B_BETTER


def test_a_difference_of_nothing_takes_no_number_of_events():
    assert one([0.1, 0.2, -0.3], [0.0, 0.0, 0.0]).takes is None


def test_many_questions_take_an_answer_back():
    barely = next(d for seed in range(2_000) if 0.01 < judge(d := results(seed, 1.0)).p <= 0.05)
    pairs = [(0.0, each) for each in barely]
    alone = compare([(VERSION, "A", "B", pairs)])
    many = compare([(VERSION, "A", "B", pairs), *((VERSION, "A", f"C{i}", []) for i in range(9))])
    assert alone[0].state == B_BETTER
    assert many[0].p == alone[0].p
    assert (many[0].state, many[0].verdict) == (NO_DIFFERENCE, "cannot tell yet")


def test_false_verdicts_of_a_whole_table_under_constant_peeking():
    """Eight versions of no worth, looked at every fifteen events: any false answer in any of the runs."""
    rng = np.random.default_rng(7)
    false = 0
    for _ in range(40):
        won = rng.random((8, 300)) < 0.1
        nets = np.where(won, 54.0, -6.0)
        said = set()
        for n in range(30, 301, 15):
            table = compare(
                (VERSION, "A", f"B{k}", list(zip(nets[0, :n].tolist(), nets[k, :n].tolist(), strict=True)))
                for k in range(1, 8)
            )
            said |= {each.verdict for each in table}
        false += said != {"cannot tell yet"}
    assert false / 40 <= 0.05


@given(st.lists(st.lists(st.floats(-300, 300), min_size=40, max_size=40), min_size=1, max_size=4))
def test_the_table_is_its_rows_adjusted(columns):
    found = compare(
        (VERSION, "A", f"B{i}", [(0.0, each) for each in column]) for i, column in enumerate(columns)
    )
    assert [each.adjusted for each in found] == holm([each.p for each in found])
    for each, column in zip(found, columns, strict=True):
        assert each.mean == pytest.approx(sum(column) / 40, abs=1e-9)
        assert each.e == judge(column).evidence

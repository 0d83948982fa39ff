"""Temperatures: the city, the day, whole degrees and the station."""

import pytest
from matchlistings import kalshi, pm, related, units

from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation

PARK = "The highest temperature recorded in Central Park, New York, for the day."
FIELD = "The highest temperature recorded at the LaGuardia Airport Station."


def ours(kind="greater", low=40, high=None, rules=PARK):
    return kalshi(
        "Highest temperature in NYC on Dec 1, 2027?", "KXHIGHNY-27DEC01-T40", strike_type=kind,
        floor=None if low is None else units(low), cap=None if high is None else units(high), rules=rules,
    )  # fmt: skip


def theirs(words, rules=PARK):
    return pm(f"Will the highest temperature in New York City be {words} on December 1, 2027?", rules=rules)


@pytest.mark.parametrize(
    ("market", "words", "relation"),
    [
        (ours(), "41°F or higher", Relation.IDENTICAL),
        (ours(), "40°F or below", Relation.COMPLEMENT),
        (ours(), "40°F or higher", Relation.SUBSET),
        (ours(), "between 41-42°F", Relation.SUPERSET),
        (ours("between", 41, 42), "between 41-42°F", Relation.IDENTICAL),
        (ours("between", 41, 42), "between 42-43°F", Relation.OVERLAP),
        (ours("between", 41, 42), "between 43-44°F", Relation.DISJOINT),
        (ours("less", None, 33), "32°F or below", Relation.IDENTICAL),
    ],
)
def test_bounds(market, words, relation):
    assert related(market, theirs(words)).relation is relation


def test_stations():
    other, silent = (
        related(ours(), theirs("41°F or higher", FIELD)),
        related(ours(), theirs("41°F or higher", "")),
    )
    for found in (other, silent):
        assert (found.relation, found.twin) == (Relation.OVERLAP, True)


@pytest.mark.parametrize(
    "words",
    [
        "Will the lowest temperature in New York City be 41°F or higher on December 1, 2027?",
        "Will the highest temperature in Chicago be 41°F or higher on December 1, 2027?",
        "Will the highest temperature in New York City be 41°F or higher on December 30, 2027?",
        "Will the highest temperature in New York City be 41°C or higher on December 1, 2027?",
    ],
)
def test_another_question(words):
    found = related(ours(), pm(words, rules=PARK))
    assert (found.relation, found.twin) == (Relation.UNKNOWN, False)


def test_or_higher_is_no_high():
    contract = read(pm("Will the lowest temperature in Miami be 50°F or higher on December 1, 2027?"))
    assert (contract.measure, contract.subject, contract.doubt) == ("low temperature", "miami", "")

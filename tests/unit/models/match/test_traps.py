"""Pairs made to be mistaken: none is called one question that is not, and most that are one are found."""

from pathlib import Path

import msgspec
import pytest

from cockpit.evaluation.matching import LABELS, POLARITIES, labelled
from cockpit.models.match.index import Index
from cockpit.models.match.read import read
from cockpit.models.match.relate import compare

PAIRS = list(labelled(Path(__file__).with_name("traps.jsonl")))


@pytest.mark.parametrize(("row", "ours", "theirs"), PAIRS, ids=[row.polymarket_id for row, _, _ in PAIRS])
def test_pair(row, ours, theirs):
    found = compare(read(*ours), read(*theirs))
    if not LABELS[row.label]:
        assert not found.accepted, found
    elif found.accepted:
        assert found.polarity == POLARITIES[row.polarity]


def test_the_index_leads_to_every_pair_that_is_one_question():
    index = Index()
    for i, (_, _, theirs) in enumerate(PAIRS):
        index.add(msgspec.structs.replace(read(*theirs), market=f"{i}"))
    for i, (_, ours, theirs) in enumerate(PAIRS):
        contract = read(*ours)
        if compare(contract, read(*theirs)).accepted:
            reached = index.candidates(contract)
            assert any(compare(contract, each).accepted for each in reached), PAIRS[i][0]


def test_there_are_enough_and_most_true_ones_are_found():
    true = [pair for pair in PAIRS if LABELS[pair[0].label]]
    found = sum(compare(read(*ours), read(*theirs)).accepted for _, ours, theirs in true)
    assert len(PAIRS) >= 60
    assert len(true) >= 20
    assert found >= 0.9 * len(true)

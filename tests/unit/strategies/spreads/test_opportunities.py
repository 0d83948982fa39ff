"""The table of phases row by row, and what the log of lifetimes says."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import QTY, SECOND
from cockpit.strategies.spreads.legs import Direction
from cockpit.strategies.spreads.opportunities import GONE, KEPT, STALE_GAP, Opportunities, Opportunity

T = 1_800_000_000 * SECOND
BUY, SELL = Direction.BUY, Direction.SELL


def told(words: Any, pair: str = "p") -> tuple[Opportunities, list[float]]:
    """Notes of (seconds, net or None, fresh); the seconds at which records were opened."""
    found, opened = Opportunities(), []
    for at, net, fresh in words:
        record = found.note(pair, BUY, net, 5 * QTY, T + round(at * SECOND), fresh=fresh)
        if record is not None:
            opened.append(at)
            assert record.first_ns == T + round(at * SECOND)
    return found, opened


def closed(found: Opportunities) -> list[tuple[float, float, str]]:
    return [((o.first_ns - T) / SECOND, o.lifetime_ns / SECOND, o.reason) for o in found.log]


@pytest.mark.parametrize(
    ("words", "opened", "log", "phase"),
    [
        ([(0, -5, True)], [], [], "armed"),
        ([(0, 0, True)], [], [], "armed"),
        ([(0, None, True)], [], [], "armed"),
        ([(0, 5, True), (1, 6, True)], [0], [], "open"),
        ([(0, 5, True), (1, -1, True)], [0], [], "fading"),
        ([(0, 5, True), (1, -1, True), (5.9, -1, True)], [0], [], "fading"),
        ([(0, 5, True), (1, -1, True), (6, -1, True)], [0], [(0, 1, GONE)], "armed"),
        ([(0, 5, True), (1, None, True), (9, None, True)], [0], [(0, 1, GONE)], "armed"),
        ([(0, 5, True), (1, -1, True), (3, 2, True), (4, -1, True), (8, -1, True)], [0], [], "fading"),
        (
            [(0, 5, True), (1, -1, True), (3, 2, True), (4, -1, True), (9, -1, True), (10, 5, True)],
            [0, 10],
            [(0, 4, GONE)],
            "open",
        ),
        ([(0, 5, True), (4, 5, False)], [0], [(0, 0, STALE_GAP)], "spent"),
        ([(0, 5, True), (3, 5, True), (4, -5, False)], [0], [(0, 3, STALE_GAP)], "spent"),
        ([(0, 5, True), (1, -1, True), (2, 5, False)], [0], [(0, 1, GONE)], "spent"),
        ([(0, 5, True), (4, 5, False), (5, 5, True)], [0], [(0, 0, STALE_GAP)], "spent"),
        (
            [(0, 5, True), (4, 5, False), (5, -1, True), (9, -1, True), (9.5, 5, True)],
            [0],
            [(0, 0, STALE_GAP)],
            "spent",
        ),
        (
            [(0, 5, True), (4, 5, False), (5, -1, True), (7, -1, False), (8, -1, True), (11, 5, True)],
            [0],
            [(0, 0, STALE_GAP)],
            "spent",
        ),
        (
            [(0, 5, True), (4, 5, False), (5, -1, True), (10, -1, True), (11, 5, True)],
            [0, 11],
            [(0, 0, STALE_GAP)],
            "open",
        ),
        ([(0, 5, False), (1, 5, False)], [], [], "armed"),
        ([(0, 5, False), (1, 5, True)], [1], [], "open"),
    ],
)
def test_the_table(words: Any, opened: Any, log: Any, phase: str) -> None:
    found, at = told(words)
    assert at == opened
    assert closed(found) == log
    assert found.watches["p buy"].phase == phase
    assert len(found.open()) == (phase in ("open", "fading"))


def test_a_record_remembers_its_best() -> None:
    found = Opportunities()
    for at, net, size in ((0, 5, 3), (1, 9, 1), (2, 2, 8)):
        found.note("p", SELL, net, size, T + at * SECOND, fresh=True)
    assert found.open() == [Opportunity("p", SELL, T, T + 2 * SECOND, 9, 8)]


def test_directions_and_pairs_are_apart() -> None:
    found = Opportunities()
    found.note("q", BUY, 5, 1, T + 1, fresh=True)
    found.note("p", SELL, 5, 1, T, fresh=True)
    found.note("p", BUY, -5, 1, T, fresh=True)
    assert [(o.pair, o.direction) for o in found.open()] == [("p", SELL), ("q", BUY)]


def test_stale_gaps_are_counted_once_each() -> None:
    found, _ = told(
        [(0, 5, False), (1, 5, False), (2, -5, True), (3, 5, False), (4, None, False), (5, 5, False)]
    )
    assert found.stale == 3
    assert found.log == []


def test_a_pair_that_is_no_longer_watched_is_closed() -> None:
    found, _ = told([(0, 5, True), (2, 5, True)])
    found.end("p", "market closed")
    assert closed(found) == [(0, 2, "market closed")]
    assert found.watches == {}
    found.end("p", "market closed")
    faded, _ = told([(0, 5, True), (2, -5, True)])
    faded.end("p", "market closed")
    assert closed(faded) == [(0, 2, GONE)]


def test_survival_of_what_was_seen_to_end() -> None:
    """Ends at 1, 2, 2, 4; at least 3 and 1 seen of two more: 5/6, then 5/6 * 2/4, then 0 (Kaplan and Meier)."""
    found = Opportunities()
    for life, reason in ((1, GONE), (2, GONE), (2, GONE), (4, GONE), (3, STALE_GAP), (1, "market closed")):
        found.log.append(Opportunity("p", BUY, T, T + life * SECOND, 1, 1, reason))
    for after, share in ((0, 1.0), (0.99, 1.0), (1, 5 / 6), (2, 5 / 12), (3.9, 5 / 12), (4, 0.0), (99, 0.0)):
        assert found.survival(round(after * SECOND)) == (pytest.approx(share), 4)


def test_survival_needs_an_end() -> None:
    found = Opportunities(log=[Opportunity("p", BUY, T, T, 1, 1, STALE_GAP)])
    assert found.survival(SECOND) is None


def test_the_log_is_bounded() -> None:
    found = Opportunities()
    for k in range(KEPT + 20):
        found.note(f"p{k}", BUY, 1, 1, T + k, fresh=True)
        found.end(f"p{k}", GONE)
    assert len(found.log) == KEPT
    assert found.log[-1].pair == f"p{KEPT + 19}"
    assert found.watches == {}


WORDS = st.lists(
    st.tuples(st.sampled_from([0.25, 0.5, 1, 3, 6]), st.sampled_from([-2, 0, 1, 4, None]), st.booleans()),
    max_size=40,
)


@given(WORDS, st.integers(0, 39))
def test_records_never_overlap_and_survive_text(words: Any, cut: int) -> None:
    at, timed = 0.0, []
    for after, net, fresh in words:
        at += after
        timed.append((at, net, fresh))
    found, opened = told(timed)
    spans = [(o.first_ns, o.last_ns) for o in (*found.log, *found.open())]
    assert spans == sorted(spans)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))
    assert len(opened) == len(spans)
    half, _ = told(timed[:cut])
    again = msgspec.json.decode(msgspec.json.encode(half), type=Opportunities)
    for when, net, fresh in timed[cut:]:
        again.note("p", BUY, net, 5 * QTY, T + round(when * SECOND), fresh=fresh)
    assert again == found

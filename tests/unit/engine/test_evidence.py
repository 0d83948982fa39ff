"""How far a market shows itself order by order: what counts as a match, and for how long."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.engine.evidence import ENOUGH_CANCELS, MINUTE, MINUTES, Evidence, Struck
from cockpit.engine.tape import WINDOW, Tape, level_key

KEY = level_key(BID, 4000)
OTHER = level_key(ASK, 4000)
T0 = 1_000 * SECOND


def known(*sizes: int, shown: int = 0) -> Evidence:
    """A level where a snapshot showed something and orders joined since."""
    evidence = Evidence()
    evidence.snapshot([(KEY, shown)])
    for size in sizes:
        evidence.join(KEY, size)
    return evidence


def feed(evidence: Evidence, unique: int, others: int, ts: int = T0) -> None:
    """Cancels that match exactly one known order, and cancels of nobody."""
    for i in range(unique):
        evidence.join(KEY, 1_000 + i)
        evidence.cancel(ts, KEY, 1_000 + i)
    for i in range(others):
        evidence.cancel(ts, OTHER, 900_000 + i)


class TestMatches:
    """A cancel of exactly one known order's size is that order's."""

    def test_a_unique_match_counts(self) -> None:
        evidence = Evidence()
        feed(evidence, 3, 2)
        assert evidence.counts() == (3, 5)

    def test_two_of_a_size_do_not(self) -> None:
        evidence = known(7, 7)
        assert [evidence.cancel(T0, KEY, 7).matches for _ in range(3)] == [2, 1, 0]
        assert evidence.counts() == (1, 3)  # the second: by then it was the only one

    def test_the_same_size_on_another_level_is_another_order(self) -> None:
        evidence = known(7)
        assert evidence.cancel(T0, OTHER, 7) == Struck(0)
        assert evidence.counts() == (0, 1)

    def test_what_a_snapshot_showed_is_nobody_known(self) -> None:
        evidence = known(shown=7)
        assert evidence.cancel(T0, KEY, 7).matches == 0
        assert known(7, shown=7).cancel(T0, KEY, 7) == Struck(1, 1)

    @pytest.mark.parametrize(
        ("shown", "sizes", "size", "after"),
        [
            (9, (5, 7, 5), 5, [9, 5, 7]),  # the newest of its size
            (9, (5, 7), 6, [3, 5, 7]),  # nobody's: from what the snapshot showed
            (4, (5, 7), 6, [4, 5, 1]),  # more than that: the oldest larger one shrank
            (4, (5, 7), 9, [0, 5, 7]),  # more than anybody has
        ],
    )
    def test_whom_a_cancel_takes(
        self, shown: int, sizes: tuple[int, ...], size: int, after: list[int]
    ) -> None:
        evidence = known(*sizes, shown=shown)
        evidence.cancel(T0, KEY, size)
        assert evidence.levels[KEY] == after

    @given(st.integers(0, 20), st.lists(st.integers(1, 9), max_size=6), st.integers(1, 12))
    def test_undone_it_never_happened(self, shown: int, sizes: list[int], size: int) -> None:
        """Counts and the level's sum are as before; where an order was struck, so is its place."""
        evidence = known(*sizes, shown=shown)
        if size > max([shown, *sizes]):
            return
        before = msgspec.json.decode(msgspec.json.encode(evidence), type=Evidence)
        struck = evidence.cancel(T0, KEY, size)
        evidence.undo(KEY, size, struck)
        assert evidence.counts() == before.counts() == (0, 0)
        assert sum(evidence.levels[KEY]) == sum(before.levels[KEY])
        if struck.matches or shown >= size:
            assert evidence.levels == before.levels


class TestPrints:
    """Prints consume from the front, whichever of the two messages came first."""

    @pytest.mark.parametrize(
        ("size", "after"), [(3, [1, 5, 7]), (4, [0, 5, 7]), (6, [0, 3, 7]), (9, [0, 7]), (16, [0]), (99, [0])]
    )
    def test_from_the_front(self, size: int, after: list[int]) -> None:
        evidence = known(5, 7, shown=4)
        evidence.execute(KEY, size)
        shown, *orders = evidence.levels[KEY]
        assert [shown, *(order for order in orders if order)] == after
        evidence.execute(OTHER, size)
        assert OTHER not in evidence.levels

    def test_what_is_gone_does_not_pile_up(self) -> None:
        evidence = known(5)
        for _ in range(50):
            evidence.join(KEY, 5)
            evidence.execute(KEY, 5)
        assert sum(evidence.levels[KEY]) == 5
        assert len(evidence.levels[KEY]) <= 3

    @pytest.mark.parametrize("first", ["size", "print"])
    def test_what_is_known_does_not_depend_on_which_was_told_first(self, first: str) -> None:
        """5 joins, trades whole, 5 joins again and is cancelled: one known order, one match."""
        tape = Tape()
        tape.evidence.join(KEY, 5)
        if first == "size":
            tape.hold(1, T0, T0, KEY, 5)
            tape.claim(tape.claims(T0, KEY, 5), 2, T0, 5)
        else:
            tape.wait(1, T0, KEY, 5)
            assert tape.explain(T0, KEY, 5) == (5, 1)
        assert tape.evidence.counts() == (0, 0)
        tape.evidence.join(KEY, 5)
        tape.hold(3, T0 + 2 * WINDOW, T0 + 2 * WINDOW, KEY, 5)
        assert tape.evidence.counts() == (1, 1)


class TestSnapshots:
    """Levels that add up are kept, the rest are unknown anew."""

    def test_kept_changed_and_gone(self) -> None:
        evidence = known(5, 7, shown=4)
        evidence.join(OTHER, 9)
        gone = level_key(BID, 3900)
        evidence.join(gone, 9)
        evidence.snapshot([(KEY, 16), (OTHER, 8)])
        assert evidence.levels == {KEY: [4, 5, 7], OTHER: [8]}

    def test_the_counts_stay(self) -> None:
        evidence = Evidence()
        feed(evidence, 3, 2)
        evidence.snapshot([])
        assert evidence.counts() == (3, 5)


class TestHour:
    """The share of the last sixty minutes decides the headline rule."""

    @pytest.mark.parametrize(
        ("unique", "others", "by_order"),
        [
            (ENOUGH_CANCELS, 0, True),
            (ENOUGH_CANCELS - 1, 0, False),
            (40, 10, True),
            (39, 11, False),
            (400, 100, True),
            (0, 100, False),
        ],
    )
    def test_fifo_is_the_headline_from_four_in_five(self, unique: int, others: int, by_order: bool) -> None:
        evidence = Evidence()
        feed(evidence, unique, others)
        assert evidence.by_order(80) is by_order

    def test_only_the_last_hour_counts(self) -> None:
        evidence = Evidence()
        feed(evidence, 4, 0, ts=T0)
        feed(evidence, 0, 1, ts=T0 + (MINUTES - 1) * MINUTE)
        assert evidence.counts() == (4, 5)
        feed(evidence, 0, 1, ts=T0 + MINUTES * MINUTE)
        assert evidence.counts() == (0, 2)
        feed(evidence, 1, 0, ts=T0 + 500 * MINUTE)
        assert evidence.counts() == (1, 1)

    @given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=30))
    def test_it_is_the_count_of_the_last_sixty_minutes(self, story: list[tuple[int, bool]]) -> None:
        evidence, minute = Evidence(), 100
        counted: list[tuple[int, bool]] = []
        for step, unique in story:
            minute += step
            feed(evidence, int(unique), int(not unique), ts=minute * MINUTE)
            counted.append((minute, unique))
            last = [match for when, match in counted if when > minute - MINUTES]
            assert evidence.counts() == (sum(last), len(last))

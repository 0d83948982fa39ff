"""Which size change belongs to which print, and what a market shows of itself."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.engine.tape import MOMENT, WINDOW, Decrease, Tape, level_key

KEY = level_key(BID, 4000)
OTHER = level_key(ASK, 4000)
T0 = 1_000 * SECOND


def size(tape: Tape, n: int, ex: int, qty: int, key: int = KEY) -> tuple[int, Decrease | None]:
    """A decrease, as the simulator hands it over: what prints account for, and what is held as a cancel."""
    explained, _ = tape.explain(ex, key, qty)
    return explained, tape.hold(n, ex, ex, key, qty - explained) if qty > explained else None


def held(tape: Tape, n: int, ex: int, qty: int, key: int = KEY) -> Decrease:
    """A decrease that no print accounts for."""
    explained, entry = size(tape, n, ex, qty, key)
    assert explained == 0
    assert entry is not None
    return entry


def prints(tape: Tape, n: int, ex: int, qty: int, key: int = KEY) -> list[Decrease]:
    """A print, as the simulator hands it over: the decreases it claims, or it waits."""
    claimed = tape.claims(ex, key, qty)
    if claimed:
        tape.claim(claimed, n, ex, qty)
    else:
        tape.wait(n, ex, key, qty)
    return claimed


@given(st.integers(0, PRICE), st.sampled_from((BID, ASK)))
def test_a_key_names_one_level(price: int, side: int) -> None:
    key = level_key(side, price)
    assert (key >> 1, BID if key & 1 else ASK) == (price, side)
    assert level_key(-side, price) != key


class TestPairing:
    """One execution, two messages, either first."""

    def test_size_first(self) -> None:
        tape = Tape()
        entry = held(tape, 1, T0, 60)
        assert prints(tape, 2, T0, 60) == [entry]
        assert not tape.decreases
        assert not tape.prints

    def test_print_first(self) -> None:
        tape = Tape()
        assert prints(tape, 1, T0, 60) == []
        assert tape.explain(T0, KEY, 60) == (60, 1)
        assert not tape.prints
        assert not tape.decreases

    @pytest.mark.parametrize(("key", "qty"), [(OTHER, 60), (level_key(BID, 4100), 60), (KEY, 61), (KEY, 59)])
    def test_only_the_same_level_and_size(self, key: int, qty: int) -> None:
        tape = Tape()
        held(tape, 1, T0, 60)
        assert prints(tape, 2, T0 + 2 * MOMENT, qty, key) == []
        other = Tape()
        prints(other, 1, T0, 60)
        assert size(other, 2, T0 + 2 * MOMENT, qty, key)[0] == 0

    @pytest.mark.parametrize("apart", [0, 1, WINDOW, WINDOW + 1])
    def test_the_window_is_in_exchange_time_and_includes_its_end(self, apart: int) -> None:
        for sign in (1, -1):
            tape = Tape()
            held(tape, 1, T0, 60)
            assert bool(prints(tape, 2, T0 + sign * apart, 60)) is (apart <= WINDOW)
        tape = Tape()
        prints(tape, 1, T0, 60)
        assert (size(tape, 2, T0 + apart, 60)[0] == 60) is (apart <= WINDOW)

    def test_what_is_held_is_held_for_all_of_the_window(self) -> None:
        tape = Tape()
        entry = held(tape, 1, T0, 60)
        held(tape, 2, T0 + WINDOW, 7)
        assert prints(tape, 3, T0 + WINDOW, 60) == [entry]

    def test_the_nearest_of_equals_then_the_oldest(self) -> None:
        tape = Tape()
        entries = [held(tape, n, T0 + n * 10, 60) for n in range(4)]
        twin = held(tape, 4, T0 + 20, 60)
        assert prints(tape, 5, T0 + 22, 60) == [entries[2]]
        assert prints(tape, 6, T0 + 22, 60) == [twin]
        assert prints(tape, 7, T0 + 22, 60) == [entries[3]]

    def test_waiting_prints_are_taken_oldest_first(self) -> None:
        tape = Tape()
        for n in range(1, 4):
            prints(tape, n, T0 + n, 60)
        assert [tape.explain(T0, KEY, 60) for _ in range(4)] == [(60, 1), (60, 2), (60, 3), (0, 0)]

    def test_a_print_without_its_decrease_is_handed_over_once(self) -> None:
        tape = Tape()
        prints(tape, 1, T0, 60)
        prints(tape, 2, T0 + WINDOW, 61)
        assert not tape.expired
        prints(tape, 3, T0 + WINDOW + 1, 62)
        assert [late.n for late in tape.expired] == [1]
        assert [waiting.n for waiting in tape.prints] == [2, 3]

    def test_since_is_the_same_level_from_then_on_and_still_held(self) -> None:
        tape = Tape()
        first = held(tape, 1, T0, 51)
        held(tape, 2, T0, 52, OTHER)
        third = held(tape, 3, T0, 53)
        assert tape.since(first.n, KEY) == [first, third]
        assert prints(tape, 4, T0, 53) == [third]
        assert tape.since(first.n, KEY) == [first]

    @given(st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.integers(0, WINDOW)), max_size=40))
    def test_nothing_is_paired_twice_or_lost(self, story: list[tuple[bool, int, int]]) -> None:
        """What prints and decreases account for of each other is the same from both sides, and the rest waits."""
        tape, ex = Tape(), T0
        told = {True: 0, False: 0}
        paired = dropped = 0
        for n, (is_print, qty, step) in enumerate(story, 1):
            ex += step
            told[is_print] += qty
            before = sum(d.size for d in tape.decreases)
            if is_print:
                claimed = prints(tape, n, ex, qty)
                paired += qty if claimed else 0
                assert before - sum(d.size for d in tape.decreases) == (qty if claimed else 0)
            else:
                explained, entry = size(tape, n, ex, qty)
                paired += explained
                assert (entry.size if entry else 0) == qty - explained
                dropped += before + qty - explained - sum(d.size for d in tape.decreases)
            assert all(d.size > 0 for d in tape.decreases)
            assert all(p.size > 0 for p in tape.prints)
        waiting = sum(p.size for p in tape.prints) + sum(p.size for p in tape.expired)
        assert told[True] == paired + waiting
        assert told[False] == paired + dropped + sum(d.size for d in tape.decreases)


class TestOneMoment:
    """A venue that adds up what it tells: sizes fit together within a millisecond only."""

    def test_two_prints_of_one_decrease(self) -> None:
        tape = Tape()
        entry = held(tape, 1, T0, 100)
        assert prints(tape, 2, T0 + MOMENT, 60) == [entry]
        assert entry.size == 40
        assert tape.decreases == [entry]
        assert prints(tape, 3, T0 + MOMENT, 40) == [entry]
        assert not tape.decreases

    def test_one_print_of_two_decreases(self) -> None:
        tape = Tape()
        entries = [held(tape, 1, T0, 60), held(tape, 2, T0, 40)]
        assert prints(tape, 3, T0, 100) == entries
        assert not tape.decreases

    def test_prints_first(self) -> None:
        tape = Tape()
        prints(tape, 1, T0, 60)
        prints(tape, 2, T0, 40)
        assert tape.explain(T0 + MOMENT, KEY, 100) == (100, 2)
        prints(tape, 3, T0 + 5 * MOMENT, 60)
        assert tape.explain(T0 + 5 * MOMENT, KEY, 75) == (60, 3)

    @pytest.mark.parametrize("apart", [MOMENT + 1, -MOMENT - 1])
    def test_not_beyond_the_moment(self, apart: int) -> None:
        tape = Tape()
        held(tape, 1, T0, 100)
        assert prints(tape, 2, T0 + apart, 60) == []
        assert tape.explain(T0 + 3 * apart, KEY, 100) == (0, 0)

    def test_nor_when_there_is_not_enough(self) -> None:
        tape = Tape()
        held(tape, 1, T0, 60)
        assert prints(tape, 2, T0, 100) == []


class TestGuesses:
    """A claim on anything but one decrease of its moment is taken back when the print's own decrease comes."""

    def test_a_decrease_of_its_size_long_before(self) -> None:
        tape = Tape()
        cancel = held(tape, 1, T0, 60)
        late = T0 + WINDOW // 2
        assert prints(tape, 2, late, 60) == [cancel]
        guess = tape.wrong_guess(late + MOMENT, KEY, 60)
        assert guess is not None
        assert tape.wrong_guess(late, KEY, 60) is None  # asked for once
        tape.give_back(late, guess)
        assert (tape.decreases, cancel.size) == ([cancel], 60)

    def test_parts_of_several(self) -> None:
        tape = Tape()
        entries = [held(tape, 1, T0, 60), held(tape, 2, T0, 40), held(tape, 3, T0, 7)]
        assert prints(tape, 4, T0, 75) == entries
        assert [d.size for d in tape.decreases] == [25, 7]
        guess = tape.wrong_guess(T0, KEY, 75)
        assert guess is not None
        tape.give_back(T0, guess)
        assert [(d.n, d.size) for d in tape.decreases] == [(1, 60), (2, 40), (3, 7)]

    def test_part_of_one(self) -> None:
        tape = Tape()
        entry = held(tape, 1, T0, 100)
        assert prints(tape, 2, T0, 60) == [entry]
        guess = tape.wrong_guess(T0, KEY, 60)
        assert guess is not None
        tape.give_back(T0, guess)
        assert [(d.n, d.size) for d in tape.decreases] == [(1, 100)]

    def test_one_decrease_of_the_moment_is_no_guess(self) -> None:
        tape = Tape()
        held(tape, 1, T0, 60)
        prints(tape, 2, T0 + MOMENT, 60)
        assert tape.wrong_guess(T0, KEY, 60) is None

    def test_parts_given_back_after_a_restart(self) -> None:
        """What a guess claimed of a decrease that is still held is given back to that one."""
        tape = Tape()
        held(tape, 1, T0, 60)
        held(tape, 2, T0, 40)
        prints(tape, 3, T0, 75)
        back = msgspec.json.decode(msgspec.json.encode(tape), type=Tape)
        for each in (tape, back):
            guess = each.wrong_guess(T0, KEY, 75)
            assert guess is not None
            each.give_back(T0, guess)
            assert [(d.n, d.size) for d in each.decreases] == [(1, 60), (2, 40)]

    @pytest.mark.parametrize(
        ("ex", "key", "qty"),
        [(MOMENT + 1, KEY, 60), (-MOMENT - 1, KEY, 60), (0, OTHER, 60), (0, KEY, 59), (2 * WINDOW, KEY, 60)],
    )
    def test_only_its_own_decrease_proves_it_wrong(self, ex: int, key: int, qty: int) -> None:
        tape = Tape()
        held(tape, 1, T0, 60)
        prints(tape, 2, T0 + WINDOW // 2, 60)
        assert tape.wrong_guess(T0 + WINDOW // 2 + ex, key, qty) is None


def test_a_tape_survives_its_encoding() -> None:
    tape = Tape()
    tape.evidence.join(KEY, 5)
    held(tape, 1, T0, 6)
    prints(tape, 2, T0 + 2 * MOMENT, 7)
    held(tape, 3, T0 + 5 * MOMENT, 8)
    prints(tape, 4, T0 + 9 * MOMENT, 8)
    back = msgspec.json.decode(msgspec.json.encode(tape), type=Tape)
    assert msgspec.json.encode(back) == msgspec.json.encode(tape)
    assert [entry.size for entry in back.claims(T0, KEY, 6)] == [6]
    assert back.wrong_guess(T0 + 9 * MOMENT, KEY, 8) is not None


@given(
    st.lists(
        st.tuples(
            st.booleans(), st.sampled_from((0, 0, 0, 1, 900)), st.sampled_from((10, 20, 30)), st.just(KEY)
        ),
        min_size=2,
        max_size=30,
    )
)
def test_a_tape_that_was_read_back_goes_on_as_it_was(steps: list[tuple[bool, int, int, int]]) -> None:
    one = other = Tape()
    ex = T0
    for n, (print_, wait, qty, key) in enumerate(steps):
        ex += wait * MOMENT
        other = msgspec.json.decode(msgspec.json.encode(other), type=Tape)
        for tape in (one, other):
            if print_:
                prints(tape, n, ex, qty, key)
                continue
            guess = tape.wrong_guess(ex, key, qty)
            if guess is not None:
                tape.give_back(ex, guess)
            size(tape, n, ex, qty, key)
        assert msgspec.json.encode(one) == msgspec.json.encode(other)

"""The queue around one order: the worked levels, and what every step keeps."""

from copy import deepcopy

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import BID
from cockpit.engine.evidence import Struck
from cockpit.engine.queue import FIFO, Level, Own
from cockpit.engine.tape import Decrease


def own(displayed: int = 0, *joiners: int) -> Own:
    order = Own(id="a-1", lane="a", market="M", side=BID, price=4000, qty=10, rule=FIFO, sent_ns=0)
    order.left = [10] * 4
    order.enter(displayed)
    for n, size in enumerate(joiners, 1):
        order.join(size, n)
    return order


def leaves(size: int, shown: int, n: int = 100) -> Decrease:
    return Decrease(n, 0, 0, size, Struck(0), shown)


def state(order: Own) -> tuple[int, int, int, list[int]]:
    return order.ahead_tail, order.ahead_fifo, order.credited, order.sizes


class TestWorkedLevels:
    """Q1 to Q3 of the reference: entered behind 100, the tail rule's numbers, and what the order list makes of it."""

    def test_q1_fifty_join_thirty_leave(self) -> None:
        order = own(100, 50)
        order.cancel(leaves(30, 120))
        assert (order.ahead_tail, order.ahead_fifo) == (100, 70)
        known = own(100, 20, 30)
        known.cancel(leaves(30, 120))
        assert (known.ahead_tail, known.ahead_fifo, known.sizes) == (100, 100, [20])

    def test_q2_sixty_leave(self) -> None:
        order = own(100, 50)
        order.cancel(leaves(60, 90))
        assert (order.ahead_tail, order.ahead_fifo) == (90, 40)

    def test_q3_prints_then_fifteen_leave(self) -> None:
        order = own(100, 50)
        order.consume(25)
        order.cancel(leaves(15, 110))
        assert (order.ahead_tail, order.ahead_fifo) == (75, 60)


class TestWhoLeft:
    """A decrease is one order's."""

    @pytest.mark.parametrize(
        ("joiners", "size", "fifo", "behind"),
        [
            ((5, 7), 7, 20, [5]),  # exactly a joiner
            ((5, 7, 5), 5, 20, [5, 7]),  # the newest of several
            ((5, 7), 6, 14, [5, 7]),  # nobody's: from ahead
            ((5, 7), 20, 0, [5, 7]),  # all that is ahead
            ((5, 30, 40), 25, 20, [5, 5, 40]),  # more than is ahead: the oldest larger joiner shrank
            ((5, 7), 24, 0, [1, 7]),  # more than anybody has: all ahead, then from the front
            ((5, 7), 32, 0, []),
        ],
    )
    def test_from_twenty_ahead(
        self, joiners: tuple[int, ...], size: int, fifo: int, behind: list[int]
    ) -> None:
        order = own(20, *joiners)
        order.cancel(leaves(size, 20 + sum(joiners) - size))
        assert (order.ahead_fifo, order.sizes) == (fifo, behind)

    def test_a_joiner_struck_by_mistake_keeps_its_place(self) -> None:
        order = own(20, 5, 7, 9)
        entry = leaves(7, 34)
        order.cancel(entry)
        order.join(11, 101)
        order.undo(entry)
        assert order.sizes == [5, 7, 9, 11]
        assert order.seqs == [1, 2, 3, 101]

    def test_who_joined_since_cannot_have_left(self) -> None:
        order = own(20, 5, 30)
        order.join(7, 101)
        order.join(40, 102)
        order.cancel(leaves(7, 55 + 40))
        assert (order.ahead_fifo, order.sizes) == (13, [5, 30, 7, 40])
        order.cancel(leaves(31, 64))
        assert (order.ahead_fifo, order.sizes[-2:]) == (0, [7, 40])

    def test_undone_twice_is_undone_once(self) -> None:
        order = own(20, 5)
        entry = leaves(6, 19)
        order.cancel(entry)
        order.undo(entry)
        order.undo(entry)
        assert state(order) == (20, 20, 0, [5])

    def test_a_decrease_it_never_saw_is_none_of_its_business(self) -> None:
        order = own(20, 5)
        order.undo(leaves(6, 19))
        assert state(order) == (20, 20, 0, [5])


class TestClamp:
    """A snapshot bounds the queue and never resets it."""

    @pytest.mark.parametrize(
        ("shown", "ahead", "behind"),
        [
            (32, (20, 20), [5, 7]),
            (40, (20, 20), [5, 7, 8]),  # more than known: it stands at the back
            (28, (20, 20), [5, 3]),  # less: the newest joiners go first
            (22, (20, 20), [2]),
            (20, (20, 20), []),
            (6, (6, 6), []),
            (0, (0, 0), []),
        ],
    )
    def test_from_twenty_ahead_and_twelve_behind(
        self, shown: int, ahead: tuple[int, int], behind: list[int]
    ) -> None:
        order = own(20, 5, 7)
        order.clamp(shown, 100)
        assert (order.ahead_tail, order.ahead_fifo) == ahead
        assert order.sizes == behind
        assert len(order.seqs) == len(set(order.seqs)) == len(order.sizes)


SIZES = st.integers(1, 12)


@st.composite
def queues(draw: st.DrawFn) -> tuple[Own, int]:
    """An order, and the displayed size its queue accounts for exactly; tail may lag behind fifo."""
    order = own(0, *draw(st.lists(SIZES, max_size=5)))
    order.ahead_fifo = draw(st.integers(0, 20))
    displayed = order.ahead_fifo + sum(order.sizes)
    order.ahead_tail = draw(st.integers(order.ahead_fifo, displayed))
    return order, displayed


def check(order: Own, displayed: int) -> None:
    assert 0 <= order.ahead_fifo <= order.ahead_tail <= displayed
    assert order.ahead_fifo + sum(order.sizes) == displayed
    assert all(size > 0 for size in order.sizes)
    assert len(order.seqs) == len(order.sizes)


class TestKept:
    """What is ahead and behind always adds up to what is displayed."""

    @given(queues(), st.data())
    def test_a_cancel_and_its_undoing(self, queue: tuple[Own, int], data: st.DataObject) -> None:
        order, displayed = queue
        if not displayed:
            return
        size = data.draw(st.integers(1, displayed))
        before = (order.ahead_tail, order.ahead_fifo, order.credited, sum(order.sizes))
        entry = leaves(size, displayed - size)
        order.cancel(entry)
        check(order, displayed - size)
        assert order.credited == before[1] - order.ahead_fifo
        order.undo(entry)
        check(order, displayed)
        assert (order.ahead_tail, order.ahead_fifo, order.credited, sum(order.sizes)) == before

    @given(queues(), st.data())
    def test_a_print(self, queue: tuple[Own, int], data: st.DataObject) -> None:
        order, displayed = queue
        size = data.draw(st.integers(0, displayed))
        tail, fifo = order.ahead_tail, order.ahead_fifo
        order.consume(size)
        check(order, displayed - size)
        assert (order.ahead_tail, order.ahead_fifo) == (max(0, tail - size), max(0, fifo - size))

    @given(queues(), st.integers(0, 60))
    def test_a_snapshot(self, queue: tuple[Own, int], shown: int) -> None:
        order, _ = queue
        tail, fifo = order.ahead_tail, order.ahead_fifo
        order.clamp(shown, 100)
        check(order, shown)
        assert (order.ahead_tail, order.ahead_fifo) == (min(tail, shown), min(fifo, shown))

    @given(queues(), st.integers(0, 10))
    def test_a_print_whose_decrease_never_comes_goes_back_in_front(
        self, queue: tuple[Own, int], size: int
    ) -> None:
        """What the book still shows and the queue has lost stands ahead again, under both rules."""
        order, displayed = queue
        size = min(size, order.ahead_fifo)
        before = state(order)
        order.consume(size)
        order.reconcile(displayed)
        check(order, displayed)
        assert order.ahead_fifo == before[1]
        assert order.ahead_tail >= before[0] - size

    @given(queues(), st.integers(0, 30))
    def test_forgiving_takes_from_ahead_only(self, queue: tuple[Own, int], size: int) -> None:
        order, _ = queue
        tail, fifo, _, behind = state(order)
        order.forgive(size)
        assert (order.ahead_tail, order.ahead_fifo) == (max(0, tail - size), max(0, fifo - size))
        assert order.sizes == behind

    @given(queues(), st.lists(SIZES, min_size=1, max_size=4), st.data())
    def test_a_print_told_late_ends_as_a_print_told_first(
        self, queue: tuple[Own, int], sizes: list[int], data: st.DataObject
    ) -> None:
        """Undo it and those held since, apply it, apply those again: the queue of the other order of telling.

        Each decrease is one order's, as it is where the queue is believed: no more than somebody has.
        """
        order, displayed = queue
        plain = deepcopy(order)
        at = data.draw(st.integers(0, len(sizes) - 1))
        held, level, kept = [], Level(0, [order]), displayed
        for n, size in enumerate(sizes, 100):
            if size > max([order.ahead_fifo, *order.sizes]):
                return
            kept -= size
            held.append(leaves(size, kept, n))
            level.cancel(held[-1], kept)
        for entry in held[:at]:
            plain.cancel(leaves(entry.size, entry.shown, entry.n))
        plain.consume(held[at].size)
        for entry in held[at + 1 :]:
            plain.cancel(leaves(entry.size, entry.shown, entry.n))
        level.undo(held[at:])
        order.consume(held[at].size)
        level.redo(held[at + 1 :])
        assert state(order) == state(plain)
        check(order, kept)


class TestLevel:
    """Orders of one level, each with a queue of its own."""

    def test_each_order_judges_for_itself(self) -> None:
        first, second = own(100), own(100)
        second.id = "b-1"
        first.join(30, 1)
        second.enter(130)
        level = Level(1, [first, second])
        entry = leaves(30, 100)
        level.cancel(entry, 100)
        assert (first.ahead_fifo, second.ahead_fifo) == (100, 100)
        assert set(entry.credits or ()) == {"a-1", "b-1"}
        level.undo([entry])
        assert (first.ahead_fifo, first.sizes, second.ahead_fifo) == (100, [30], 130)
        assert entry.credits == {}

    def test_forgiven_are_those_who_came_after_the_print(self) -> None:
        early, late = own(100), own(100)
        early.born, late.born = 3, 5
        Level(1, [early, late]).forgive(40, after=4)
        assert (early.ahead_fifo, late.ahead_fifo) == (100, 60)

    def test_redone_are_those_who_came_before_the_decrease(self) -> None:
        early, late = own(100), own(100)
        early.born, late.born = 3, 5
        Level(1, [early, late]).redo([leaves(40, 60, n=4)])
        assert (early.ahead_fifo, late.ahead_fifo) == (60, 100)


def test_an_order_survives_its_encoding() -> None:
    order = own(20, 5, 7)
    entry = leaves(7, 25)
    order.cancel(entry)
    back = msgspec.json.decode(msgspec.json.encode(order), type=Own)
    told = msgspec.json.decode(msgspec.json.encode(entry), type=Decrease)
    back.undo(told)
    assert state(back) == (20, 20, 0, [5, 7])
    assert msgspec.json.encode(order) == msgspec.json.encode(
        msgspec.json.decode(msgspec.json.encode(order), type=Own)
    )

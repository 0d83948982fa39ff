"""The book against a naive one, step by step; and any stream against the snapshot it ends in."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID, Book
from cockpit.domain.units import ASK, BID, PRICE

PRICES = st.integers(1, 12).map(lambda n: n * 100)
SIDES = st.sampled_from((BID, ASK))
CHANGES = st.lists(st.tuples(SIDES, PRICES, st.integers(-30, 30).filter(bool)), max_size=60)


class BookAgainstDict(RuleBasedStateMachine):
    """One dict of (side, price) -> size says what every answer must be."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.naive: dict[tuple[int, int], int] = {}

    @rule(side=SIDES, price=PRICES, qty=st.integers(-20, 20).filter(bool))
    def change(self, side: int, price: int, qty: int) -> None:
        size = self.naive.get((side, price), 0) + qty
        assert self.book.apply(side, price, qty) == size
        self.naive[side, price] = size
        if size <= 0:
            del self.naive[side, price]

    @precondition(lambda self: self.naive)
    @rule(data=st.data())
    def empty_a_level(self, data: st.DataObject) -> None:
        side, price = data.draw(st.sampled_from(sorted(self.naive)))
        assert self.book.apply(side, price, -self.naive.pop((side, price))) == 0

    @rule(levels=st.dictionaries(st.tuples(SIDES, PRICES), st.integers(1, 50), max_size=6))
    def snapshot(self, levels: dict[tuple[int, int], int]) -> None:
        self.naive = dict(levels)
        self.book.replace(self._side(BID), self._side(ASK))

    def _side(self, side: int) -> list[tuple[int, int]]:
        return [(price, size) for (s, price), size in self.naive.items() if s == side]

    @invariant()
    def the_same_levels(self) -> None:
        assert self.book.bids == dict(self._side(BID))
        assert self.book.asks == dict(self._side(ASK))

    @invariant()
    def the_same_answers(self) -> None:
        bids, asks = sorted(self._side(BID), reverse=True), sorted(self._side(ASK))
        book = self.book
        assert book.bid == (bids[0][0] if bids else EMPTY_BID)
        assert book.ask == (asks[0][0] if asks else EMPTY_ASK)
        both = bool(bids and asks)
        assert book.crossed == (both and bids[0][0] >= asks[0][0])
        assert book.two_sided == (both and bids[0][0] < asks[0][0])
        assert book.mid2 == (bids[0][0] + asks[0][0] if book.two_sided else None)
        assert book.top(BID, 3) == tuple(bids[:3])
        assert book.top(ASK, 3) == tuple(asks[:3])
        for price in range(100, 1300, 100):
            assert book.size(BID, price) == self.naive.get((BID, price), 0)
            assert book.size(ASK, price) == self.naive.get((ASK, price), 0)


BookAgainstDict.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestBookAgainstDict = BookAgainstDict.TestCase


@given(CHANGES)
def test_replaying_a_stream_gives_the_snapshot_of_its_end(changes: list[tuple[int, int, int]]) -> None:
    """A snapshot's book and the stream's book are equal in every field, the cached best included."""
    played = Book()
    for side, price, qty in changes:
        played.apply(side, price, qty)
    told = Book()
    told.replace(played.bids.items(), played.asks.items())
    assert told == played


@given(CHANGES, st.integers(0, 60))
def test_a_snapshot_in_the_middle_changes_nothing(changes: list[tuple[int, int, int]], at: int) -> None:
    straight, resynced = Book(), Book()
    for i, (side, price, qty) in enumerate(changes):
        if i == at:
            resynced.replace(reversed(straight.bids.items()), straight.asks.items())
        straight.apply(side, price, qty)
        resynced.apply(side, price, qty)
    assert resynced == straight


@given(CHANGES)
def test_the_mirror_of_a_book_is_the_book_of_the_mirror(changes: list[tuple[int, int, int]]) -> None:
    book, mirror = Book(), Book()
    for side, price, qty in changes:
        size = book.apply(side, price, qty)
        assert mirror.apply(-side, PRICE - price, qty) == size
    assert mirror.bids == {PRICE - price: size for price, size in book.asks.items()}
    assert (mirror.bid, mirror.ask) == (PRICE - book.ask, PRICE - book.bid)
    assert mirror.mid2 == (None if book.mid2 is None else 2 * PRICE - book.mid2)


def test_a_level_taken_below_nothing_is_gone_and_told() -> None:
    book = Book()
    book.apply(BID, 4000, 30)
    assert book.apply(BID, 4000, -40) == -10
    assert book.size(BID, 4000) == 0
    assert book.bid == EMPTY_BID
    assert book.apply(ASK, 4200, -5) == -5
    assert not book.asks


def test_a_no_bid_is_a_yes_ask() -> None:
    """NO 0.58 x 10 stands as an ask at 0.42; the best ask is the highest NO bid."""
    book = Book()
    for no_bid, size in ((5800, 10), (5700, 4)):
        book.apply(ASK, PRICE - no_bid, size)
    assert book.ask == 4200
    assert book.top(ASK, 5) == ((4200, 10), (4300, 4))


@pytest.mark.parametrize(("bid", "ask", "crossed"), [(41, 42, False), (42, 42, True), (43, 42, True)])
def test_a_locked_book_counts_as_crossed(bid: int, ask: int, crossed: bool) -> None:
    book = Book()
    book.replace([(bid, 1)], [(ask, 1)])
    assert book.crossed is crossed
    assert book.two_sided is not crossed


def test_new_books_share_nothing() -> None:
    one, other = Book(), Book()
    one.apply(BID, 100, 1)
    assert not other.bids

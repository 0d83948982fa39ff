from collections import Counter

import pytest

from cockpit.domain.events import BookDoubt
from cockpit.feeds.kalshi.sequence import BOOK, MISSED, TRADES, UNWATCHED, Sequences


@pytest.fixture
def census() -> Counter[str]:
    return Counter()


@pytest.fixture
def books(census: Counter[str]) -> Sequences:
    """Sid 1 carries the books of A and B, last number 2."""
    sequences = Sequences(census)
    sequences.snapshot(0, 1, 1, "A")
    sequences.snapshot(0, 1, 2, "B")
    return sequences


def _believed(sequences: Sequences, sid: int = 1) -> list[str]:
    return [name for name in sequences.sids[sid].markets.values() if name]


def test_the_first_frame_sets_the_start(census: Counter[str]) -> None:
    sequences = Sequences(census)
    assert sequences.admit(0, 7, 500, TRADES) == ()
    assert sequences.admit(0, 7, 501, TRADES) == ()
    assert not census


def test_the_next_number_is_accepted(books: Sequences) -> None:
    assert books.admit(5, 1, 3, BOOK) == ()
    assert _believed(books) == ["A", "B"]


def test_a_frame_without_a_number_changes_nothing(books: Sequences) -> None:
    assert books.admit(5, 1, 0, BOOK) == ()
    assert books.sids[1].last == 2


def test_a_gap_puts_every_book_of_the_sid_in_doubt(books: Sequences, census: Counter[str]) -> None:
    books.snapshot(0, 4, 1, "C")
    assert books.admit(9, 1, 5, BOOK) == (
        BookDoubt(9, "A", "missed 3 to 4"),
        BookDoubt(9, "B", "missed 3 to 4"),
    )
    assert _believed(books) == []
    assert _believed(books, 4) == ["C"]
    assert books.wanted == {1: {"A": None, "B": None}}
    assert books.admit(9, 1, 6, BOOK) == ()
    assert census == {"seq:gap": 1}


def test_a_gap_shown_by_an_answer_counts_as_well(books: Sequences) -> None:
    assert [d.market for d in books.admit(9, 1, 9) or ()] == ["A", "B"]


@pytest.mark.parametrize("seq", [1, 2])
def test_a_repeated_data_frame_is_dropped(books: Sequences, census: Counter[str], seq: int) -> None:
    assert books.admit(9, 1, seq, BOOK) is None
    assert census == {"seq:duplicate": 1}
    assert books.sids[1].last == 2


def test_a_repeated_snapshot_of_a_believed_book_is_dropped(books: Sequences) -> None:
    assert books.snapshot(9, 1, 2, "B") is None


def test_a_snapshot_ends_the_doubt_of_its_market_alone(books: Sequences) -> None:
    books.admit(9, 1, 5, BOOK)
    assert books.snapshot(10, 1, 6, "B") == ()
    assert _believed(books) == ["B"]
    assert books.wanted == {1: {"A": None}}


def test_a_snapshot_that_shows_a_gap_is_believed_after_the_doubts(books: Sequences) -> None:
    assert [d.market for d in books.snapshot(9, 1, 8, "A") or ()] == ["A", "B"]
    assert _believed(books) == ["A"]
    assert books.wanted == {1: {"B": None}}


def test_a_snapshot_with_number_one_starts_the_sid_anew(books: Sequences, census: Counter[str]) -> None:
    books.admit(9, 1, 3, BOOK)
    assert books.snapshot(9, 1, 1, "C") == ()
    assert _believed(books) == ["C"]
    assert books.admit(9, 1, 2, BOOK) == ()
    assert not census


def test_a_number_gone_astray_does_not_silence_the_sid(books: Sequences, census: Counter[str]) -> None:
    books.admit(9, 1, 10**12, BOOK)
    assert books.admit(9, 1, 4, BOOK) is None
    assert books.snapshot(9, 1, 5, "A") == ()
    assert books.admit(9, 1, 6, BOOK) == ()
    assert _believed(books) == ["A"]
    assert census == {"seq:gap": 1, "seq:duplicate": 1, "seq:rebased": 1}


def test_a_book_new_to_the_sid_that_goes_back_puts_the_others_in_doubt(books: Sequences) -> None:
    assert books.snapshot(9, 1, 2, "C") == (
        BookDoubt(9, "A", "sequence went back"),
        BookDoubt(9, "B", "sequence went back"),
    )
    assert _believed(books) == ["C"]


def test_missed_prints_put_every_book_in_doubt(books: Sequences) -> None:
    books.admit(0, 2, 1, TRADES)
    books.sids[2].markets["D"] = None
    doubts = books.admit(9, 2, 3, TRADES)
    assert doubts == tuple(BookDoubt(9, market, MISSED) for market in "DAB")
    assert _believed(books) == []
    assert books.wanted == {1: {"A": None, "B": None}}


def test_a_gap_elsewhere_touches_no_book(books: Sequences, census: Counter[str]) -> None:
    books.admit(0, 3, 1, "cfbenchmarks_value")
    assert books.admit(9, 3, 5, "cfbenchmarks_value") == ()
    assert _believed(books) == ["A", "B"]
    assert census == {"seq:gap": 1}


def test_number_one_restarts_a_channel_without_snapshots(census: Counter[str]) -> None:
    sequences = Sequences(census)
    sequences.admit(0, 2, 1, TRADES)
    sequences.admit(0, 2, 2, TRADES)
    assert sequences.admit(0, 2, 1, TRADES) == ()
    assert sequences.admit(0, 2, 2, TRADES) == ()
    assert not census


def test_the_first_delta_of_an_unseen_book_raises_one_doubt(books: Sequences, census: Counter[str]) -> None:
    assert books.unbelieved(9, 1, "C") == (BookDoubt(9, "C", "no snapshot yet"),)
    assert books.unbelieved(9, 1, "C") == ()
    assert books.wanted == {1: {"C": None}}
    assert census == {"dropped:delta in doubt": 2}


def test_a_full_list_replaces_the_markets_known(books: Sequences) -> None:
    assert books.listed(7, 1, ["C", "B"]) == (BookDoubt(7, "A", UNWATCHED),)
    assert books.sids[1].markets == {"C": None, "B": "B"}
    assert [d.market for d in books.admit(9, 1, 9, BOOK) or ()] == ["C", "B"]


def test_a_book_another_subscription_carries_is_believed_on(books: Sequences) -> None:
    books.snapshot(0, 4, 1, "A")
    assert books.listed(7, 1, ["B"]) == ()
    assert books.drop(8, 4) == (BookDoubt(8, "A", UNWATCHED),)
    assert books.drop(9, 4) == ()


def test_prints_that_are_let_go_doubt_no_book(books: Sequences) -> None:
    books.admit(0, 2, 1, TRADES)
    books.sids[2].markets["A"] = None
    assert books.listed(7, 2, []) == ()
    assert books.drop(8, 2) == ()


def test_a_confirmation_after_the_first_frames_keeps_them(books: Sequences) -> None:
    books.open(1, BOOK)
    assert _believed(books) == ["A", "B"]
    books.open(1, BOOK)
    assert _believed(books) == []
    assert books.admit(0, 1, 1, BOOK) == ()


def test_a_closed_subscription_leaves_its_markets_in_doubt(books: Sequences) -> None:
    assert [d.market for d in books.close(9, 1, "ended")] == ["A", "B"]
    assert 1 not in books.sids
    assert not books.wanted
    assert books.close(9, 1, "ended") == ()


def test_the_sid_of_a_book_is_the_newest_that_carries_it(books: Sequences) -> None:
    books.snapshot(0, 5, 1, "B")
    assert books.book_sid("A") == 1
    assert books.book_sid("B") == 5
    assert books.book_sid("Z") is None
    assert books.book_sid("Z", asked=True) == 5


def test_a_reset_forgets_everything(books: Sequences) -> None:
    books.admit(9, 1, 9, BOOK)
    books.reset()
    assert not books.sids
    assert not books.wanted

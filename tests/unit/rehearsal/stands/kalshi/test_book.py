"""The book: the queue read out of sizes, and own orders that stand in it."""

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.rehearsal.stands.kalshi.book import Book, Own
from cockpit.rehearsal.stands.kalshi.reader import Print

T = 1_796_000_000 * SECOND


def printed(price, qty, taker=ASK, ts=T, block=False):
    return Print("t", "A", price, qty, taker, block, ts)


def hits(book):
    return [(hit.own.id, hit.qty) for hit in book.hits()]


def booked(*bids, asks=()):
    book = Book()
    book.replace(bids, asks)
    return book


def rest(book, price=4700, qty=10, side=BID, name="own"):
    own = Own(name, f"c-{name}", side, price, qty)
    book.rest(own)
    return own


def test_an_own_order_stands_behind_what_is_there_and_before_what_comes():
    book = booked((4700, 50))
    own = rest(book)
    book.change(BID, 4700, 30, T)
    assert book.ahead(own) == 50
    assert book.levels(BID) == [(4700, 90)]


def test_a_cancel_of_a_known_size_is_that_order():
    book = booked()
    for qty in (20, 30):
        book.change(BID, 4700, qty, T)
    own = rest(book)
    book.change(BID, 4700, 20, T)
    book.change(BID, 4700, -30, T)
    assert book.ahead(own) == 20, "thirty were ahead"
    book.change(BID, 4700, -20, T)
    assert book.ahead(own) == 20, "of two twenties the newest left"
    book.change(BID, 4700, -5, T)
    assert book.ahead(own) == 15


def test_a_cancel_of_no_known_size_comes_from_the_front():
    book = booked((4700, 50))
    own = rest(book)
    book.change(BID, 4700, 30, T)
    book.change(BID, 4700, -7, T)
    assert book.ahead(own) == 43, "it stood in what the whole book told"
    book.change(BID, 4700, -60, T)
    assert book.ahead(own) == 0
    assert book.levels(BID) == [(4700, 23)]


def test_prints_consume_from_the_front_and_reach_the_own_order():
    book = booked((4700, 50))
    own = rest(book)
    book.change(BID, 4700, 20, T)
    for qty in (40, 8, 5):
        book.change(BID, 4700, -qty, T)
        book.printed(printed(4700, qty))
    # 40 and 8 were ahead; of the last five, two were
    assert hits(book) == [("own", 3)]
    assert own.left == 7
    assert book.ahead(own) == 0


def test_a_fall_before_its_print_is_put_back_and_traded():
    book = booked((4700, 50))
    own = rest(book)
    book.change(BID, 4700, 40, T)
    book.change(BID, 4700, -40, T)
    assert book.ahead(own) == 50, "taken for the cancel of the one behind"
    book.printed(printed(4700, 40))
    assert book.ahead(own) == 10
    assert book.levels(BID) == [(4700, 60)]


def test_a_print_before_its_fall_is_counted_once():
    book = booked((4700, 50))
    own = rest(book)
    book.printed(printed(4700, 40))
    assert book.ahead(own) == 10
    assert book.levels(BID) == [(4700, 60)], "sizes wait for the size change"
    book.change(BID, 4700, -40, T)
    assert book.ahead(own) == 10
    assert book.levels(BID) == [(4700, 20)]


def test_prints_and_falls_far_apart_do_not_pair():
    book = booked((4700, 50))
    own = rest(book)
    book.change(BID, 4700, -10, T)
    book.printed(printed(4700, 10, ts=T + 2 * SECOND))
    assert book.ahead(own) == 30


def test_a_print_through_the_price_fills_better_orders_first():
    book = booked((4600, 50))
    best, second = rest(book, 4800, 5, name="a"), rest(book, 4700, 5, name="b")
    book.change(BID, 4600, -8, T)
    book.printed(printed(4600, 8))
    assert hits(book) == [("a", 5), ("b", 3)]
    assert (best.left, second.left) == (0, 2)


def test_an_order_of_the_tape_that_crosses_is_eaten():
    book = booked((4600, 50))
    own = rest(book, 4800, 10)
    book.change(ASK, 4700, 25, T)
    assert hits(book) == [("own", 10)]
    assert own.left == 0
    assert book.levels(ASK) == [(4700, 15)]
    book.change(ASK, 4700, -20, T)
    assert book.levels(ASK) == []
    book.change(ASK, 4700, 7, T)
    assert book.levels(ASK) == [(4700, 7 + 5 - 5)], (
        "what was eaten stays eaten as long as there is something left"
    )


def test_a_whole_book_keeps_own_orders_behind_it():
    book = booked((4700, 50))
    own = rest(book)
    changes = book.replace([(4700, 20), (4600, 5)], [(5000, 3)])
    assert book.ahead(own) == 20
    assert sorted((c.side, c.price, c.qty) for c in changes) == [
        (ASK, 5000, 3),
        (BID, 4600, 5),
        (BID, 4700, -30),
    ]
    book.replace([], [(4600, 4)])
    assert hits(book) == [("own", 4)]


def test_a_size_never_falls_below_nothing():
    book = booked((4700, 5))
    assert [c.qty for c in book.change(BID, 4700, -9, T)] == [-5]
    assert book.best(BID) is None
    assert book.change(BID, 4700, -9, T) == []


def test_reduced_orders_keep_their_place():
    book = booked((4700, 50))
    own = rest(book, qty=10)
    book.change(BID, 4700, 5, T)
    assert [c.qty for c in book.reduce(own, 4)] == [-4]
    book.change(BID, 4700, -55, T)
    book.printed(printed(4700, 55))
    assert hits(book) == [("own", 5)]
    assert book.altered
    book.reduce(own, 1)
    assert not book.altered


moves = st.lists(
    st.tuples(
        st.sampled_from(["change", "print", "rest", "reduce"]),
        st.sampled_from([BID, ASK]),
        st.integers(1, 4).map(lambda n: n * 100),
        st.integers(-9, 9),
        st.booleans(),
    ),
    max_size=60,
)


@given(moves)
def test_what_is_told_adds_up_to_what_is_shown(steps):
    """Whatever happens, the changes told add up to the levels, sizes are positive, and nothing is filled twice."""
    book, shown, owns, filled = Book(), {}, [], 0
    resting = 0
    for n, (kind, side, price, qty, far) in enumerate(steps):
        at = price if side == BID else PRICE - price if far else 500 + price
        changes = []
        match kind:
            case "change":
                changes = book.change(side, at, qty, T + n)
            case "print" if qty > 0:
                changes = book.printed(Print(str(n), "A", at, qty, -side, False, T + n))
            case "rest" if qty > 0:
                own = Own(str(n), "", side, at, qty)
                if not any(True for _ in book.opposite(side, at)):
                    owns.append(own)
                    resting += qty
                    changes = book.rest(own)
            case "reduce":
                own = next((own for own in owns if own.left), None)
                if own is not None:
                    resting -= 1
                    changes = book.reduce(own, 1)
            case _:
                pass
        for change in changes:
            key = (change.side, change.price)
            shown[key] = shown.get(key, 0) + change.qty
            assert shown[key] >= 0
        filled += sum(hit.qty for hit in book.hits())
    for side in (BID, ASK):
        levels = {(side, price): qty for price, qty in book.levels(side)}
        assert levels == {key: qty for key, qty in shown.items() if key[0] == side and qty}
    assert filled + sum(own.left for own in owns) == resting

"""A book that follows another one."""

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.rehearsal.polymarket.depth import CENT, TENTH
from cockpit.rehearsal.stands.polymarket.shadow import Shadow

PRICES = st.integers(1, PRICE - 1)
SIZES = st.integers(1, 10_000_000)
NAMES = st.text("ABCDEF", min_size=1, max_size=4)
TICKS = st.sampled_from([CENT, TENTH])


@st.composite
def books(draw):
    """Bids and asks of which none cross."""
    middle = draw(PRICES)
    bids = draw(st.dictionaries(st.integers(1, middle), SIZES, max_size=12))
    asks = draw(st.dictionaries(st.integers(middle + 1, PRICE), SIZES, max_size=12))
    return bids, asks


@given(books(), NAMES, TICKS)
def test_it_never_crosses_and_stays_on_its_tick(book, name, tick):
    bids, asks = book
    shadow = Shadow(name, tick)
    shadow.replace(tuple(bids.items()), tuple(asks.items()))
    assert shadow.bid < shadow.ask
    for side in (BID, ASK):
        for price, size in shadow.levels(side):
            assert price % tick == 0
            assert tick <= price <= PRICE - tick
            assert size == shadow.size(side, price) > 0


@given(books(), NAMES, TICKS, st.data())
def test_changes_lead_where_a_whole_book_leads(book, name, tick, data):
    bids, asks = book
    whole, grown = Shadow(name, tick), Shadow(name, tick)
    whole.replace(tuple(bids.items()), tuple(asks.items()))
    levels = [(BID, *each) for each in bids.items()] + [(ASK, *each) for each in asks.items()]
    for side, price, size in data.draw(st.permutations(levels)):
        more = data.draw(st.integers(0, 500))
        grown.change(side, price, size + more)
        grown.change(side, price, -more)
    for side in (BID, ASK):
        assert grown.levels(side) == whole.levels(side)


@given(books(), NAMES)
def test_a_finer_tick_shows_the_same_book_more_finely(book, name):
    bids, asks = book
    shadow, fine = Shadow(name, CENT), Shadow(name, TENTH)
    for each in (shadow, fine):
        each.replace(tuple(bids.items()), tuple(asks.items()))
    shadow.step(TENTH)
    assert shadow.levels(BID) == fine.levels(BID)
    assert shadow.levels(ASK) == fine.levels(ASK)


def test_the_best_level_is_the_last_of_both_sides():
    shadow = Shadow("M", CENT)
    shadow.replace(((4_000, 100), (3_000, 200)), ((6_000, 100), (7_000, 200)))
    assert [price for price, _ in shadow.levels(BID)][-1] == shadow.bid
    assert [price for price, _ in shadow.levels(ASK)][-1] == shadow.ask
    assert shadow.mid == (shadow.bid + shadow.ask) // 2


def test_levels_on_one_price_are_one_level():
    shadow = Shadow("M", CENT)
    first, second = (shadow.change(BID, price, 100) for price in (4_010, 4_020))
    if first == second:
        assert shadow.size(BID, first) == shadow.scaled(200)
    assert shadow.change(BID, 4_010, -100) == first
    assert shadow.change(BID, 4_010, -100) is None, "there is nothing left to take"
    assert (shadow.size(BID, first) > 0) is (first == second)


def test_venues_that_follow_one_market_differ():
    told = {
        (Shadow("M", CENT, venue).scaled(100), Shadow("M", TENTH, venue).place(BID, 5_000))
        for venue in "abcdef"
    }
    assert len(told) > 3


def test_near_an_end_a_cent_is_too_coarse():
    shadow = Shadow("M", CENT)
    assert not shadow.edgy, "nothing is there"
    shadow.replace(((200, 10),), ((300, 10),))
    assert shadow.edgy
    shadow.step(TENTH)
    assert not shadow.edgy
    shadow.clear()
    assert shadow.empty
    assert (shadow.bid, shadow.ask, shadow.mid) == (0, PRICE, PRICE // 2)

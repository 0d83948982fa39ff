"""The YES-bias baseline: one sale a market, before the event, held."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import CENT_GRID, Market, MarketStatus
from cockpit.domain.mentions import Stage
from cockpit.domain.units import ASK, QTY, SECOND
from cockpit.strategies.base import Mine, PhraseSnap, Place, Snap, Working
from cockpit.strategies.mentions import BEGUN, FAR_OUT, NO_PHRASE, NO_START, WEEK, Sold, YesBias

RULE = YesBias()
PHRASE = PhraseSnap(Stage.SOON, "rally", "trump", 1, 0, 1)
MARKET = Market("KXTRUMPMENTION-26DEC03-TARI", "kalshi", status=MarketStatus.ACTIVE, grid=CENT_GRID)


def snap(bid=40, ask=44, phrase=PHRASE):
    return Snap(
        ts=100 * SECOND, market=MARKET, bid=bid * 100, bid_qty=QTY, ask=ask * 100, ask_qty=QTY, last=0,
        book_ns=100 * SECOND, heard_ns=100 * SECOND, phrase=phrase,
    )  # fmt: skip


def resting(price=43, left=10, side=ASK):
    return Mine(0, (Working("o", side, price * 100, left * QTY, 0),))


def test_it_sells_ten_at_the_ask():
    memory, (place,) = RULE.decide(snap(), Mine(0, ()), Sold())
    assert (place.side, place.price, place.qty) == (ASK, 4_300, 10 * QTY)  # inside a spread of four ticks
    assert not memory.sold


@pytest.mark.parametrize(
    ("each", "why"),
    [
        (snap(phrase=None), NO_PHRASE),
        (snap(phrase=msgspec.structs.replace(PHRASE, stage=Stage.LIVE)), BEGUN),
        (snap(phrase=msgspec.structs.replace(PHRASE, stage=Stage.CANCELLED)), BEGUN),
        (snap(phrase=msgspec.structs.replace(PHRASE, begins_ns=0)), NO_START),
        (snap(phrase=msgspec.structs.replace(PHRASE, kind="week")), WEEK),
        (snap(5, 9), FAR_OUT),
        (snap(92, 96), FAR_OUT),
    ],
)
def test_what_stands_against_it(each, why):
    assert RULE.against(each) == why
    assert not RULE.decide(each, Mine(0, ()), Sold())[1]


def test_it_stays_where_it_is_and_goes_when_the_event_begins():
    assert not RULE.decide(snap(), resting(), Sold())[1]
    live = snap(phrase=msgspec.structs.replace(PHRASE, stage=Stage.LIVE))
    (cancel,) = RULE.decide(live, resting(), Sold())[1]
    assert cancel.reason.code == BEGUN


def test_what_is_left_of_an_order_that_was_filled_in_part_stays():
    mine = msgspec.structs.replace(resting(left=4), qty=-6 * QTY)
    memory, intents = RULE.decide(snap(), mine, Sold())
    assert memory.sold
    assert not intents


def test_nothing_more_once_something_was_sold():
    memory, _ = RULE.decide(snap(), Mine(-10 * QTY, ()), Sold())
    assert not RULE.decide(snap(), Mine(0, ()), memory)[1]


@given(bid=st.integers(0, 100), wide=st.integers(-5, 20), held=st.booleans(), stage=st.sampled_from(Stage))
def test_it_never_crosses_and_never_sells_more(bid, wide, held, stage):
    each = snap(bid, min(100, max(0, bid + wide)), msgspec.structs.replace(PHRASE, stage=stage))
    for intent in RULE.decide(each, Mine(0, ()), Sold(held))[1]:
        assert isinstance(intent, Place)
        assert not held
        assert each.bid < intent.price <= each.ask
        assert intent.qty == 10 * QTY

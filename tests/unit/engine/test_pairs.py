"""Pairs: found by their terms, confirmed once, asked again when the rules change."""

import msgspec
import pytest

from cockpit.domain.commands import ConfirmPair, RefusePair
from cockpit.domain.effects import Alert
from cockpit.domain.events import MarketListed, MarketSettled
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import PRICE
from cockpit.engine.pairs import PairState
from tests.unit.engine.paired import KALSHI, POLY, A, B, Two


@pytest.fixture
def two():
    return Two()


def test_two_markets_that_ask_the_same_are_a_pair_kalshi_first(two):
    pair = two.pair
    assert (pair.a, pair.b, pair.name) == (A, B, f"{A}|{B}")
    assert pair.how.accepted
    assert pair.how.polarity == 1
    assert two.engine.pairs.state_of(pair) is PairState.NEW
    assert two.engine.pairs.of(A) == two.engine.pairs.of(B) == [pair]


def test_a_market_without_a_book_is_no_pairs():
    two = Two(listed=False)
    two.tell(KALSHI, POLY)
    assert not two.engine.pairs.found
    two.book(A, 40, 44)
    assert not two.engine.pairs.found
    two.book(B, 41, 45)
    assert two.pair


def test_a_person_confirms_once_and_a_restart_remembers(two):
    two.confirm()
    assert two.engine.pairs.confirmed(two.pair)
    assert two.reborn().engine.pairs.confirmed(two.pair)


@pytest.mark.parametrize("which", [KALSHI, POLY])
def test_changed_rules_are_asked_about_again(two, which):
    two.confirm()
    changed = msgspec.structs.replace(which, rules=which.rules + " A special election counts too.")
    two.send(MarketListed(two.t, changed))
    assert two.engine.pairs.state_of(two.pair) is PairState.CHANGED
    assert [each.kind for each in two.of(Alert)] == ["pair"]
    two.send(MarketListed(two.t, changed))
    assert len(two.of(Alert)) == 1
    two.confirm()
    assert two.engine.pairs.confirmed(two.pair)


def test_a_confirmation_of_other_rules_than_those_there_are_confirms_nothing(two):
    two.send(ConfirmPair(two.t, two.pair.key, "somethingelse"))
    assert two.engine.pairs.state_of(two.pair) is PairState.CHANGED


def test_a_refused_pair_stays_refused(two):
    two.send(RefusePair(two.t, two.pair.key))
    assert two.engine.pairs.state_of(two.pair) is PairState.REFUSED


def test_what_has_settled_is_no_pairs_any_more(two):
    two.send(MarketSettled(two.t, B, SettlementState.FINAL, PRICE))
    assert not two.engine.pairs.found
    assert not two.engine.pairs.of(A)


def test_a_listing_told_again_changes_nothing(two):
    before = two.pair
    two.tell(KALSHI, POLY)
    assert two.pair == before


def test_another_seat_is_no_pair():
    two = Two(listed=False)
    two.tell(
        KALSHI,
        msgspec.structs.replace(POLY, title="Will the Republican Party win the TX-18 House seat?", rules=""),
    )
    two.books()
    assert not two.engine.pairs.found

"""What the Spreads screen is told, and what a two-leg ticket shows."""

import pytest

from cockpit.domain.commands import Acknowledge, RefusePair
from cockpit.domain.units import ASK, QTY
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from tests.unit.engine.paired import A, B, Two

APART = {"here": (40, 44), "there": (49, 53)}


@pytest.fixture
def two():
    made = Two()
    made.watch = Watch(made.engine)
    made.confirm()
    made.books(**APART)
    return made.at(1_000)


def seen(two, focus=""):
    return view(two.engine, two.watch, focus=focus)


def test_a_row_says_what_both_books_come_to(two):
    (row,) = seen(two).spreads.pairs
    assert (row.a, row.b, row.venue_a, row.venue_b, row.buy) == (A, B, "K", "P", "K")
    assert (row.bid_a, row.ask_a, row.bid_b, row.ask_b) == (4_000, 4_400, 4_900, 5_300)
    assert row.gap == pytest.approx(-9.0)
    # taking: 44 and 51, Kalshi 1.73 (7 % of .44 x .56), Polymarket 1.00 (4 % of .49 x .51), a quarter for the basis
    assert row.nets[0] == pytest.approx(5.0 - 1.7248 - 0.9996 - 0.25, abs=0.02)
    assert row.nets[2] is None
    assert row.rest == pytest.approx(13.0 - 0.25, abs=0.01)
    assert row.state == "confirmed"
    assert row.disagree
    assert row.lead == "0.0 of 8 h recorded"


def test_the_average_distance_is_a_metric(two):
    two.at(5_000)
    spreads = seen(two).spreads
    assert spreads.average == pytest.approx(9.0)
    assert spreads.seconds == 5
    assert spreads.open == 1


def test_what_is_stale_measures_nothing(two):
    before = seen(two).spreads.seconds
    two.at(9_000, quiet=True)
    spreads = seen(two).spreads
    assert spreads.pairs[0].stale
    assert spreads.seconds <= before + 3


def test_a_refused_pair_is_counted_and_not_shown(two):
    two.send(RefusePair(two.t, two.pair.key))
    assert seen(two).spreads.pairs == ()
    assert seen(two).spreads.hidden == 1


def test_the_detail_has_both_texts_and_every_field(two):
    detail = seen(two, two.pair.name).pair
    assert detail.pair.name == two.pair.name
    assert "TX-17" in detail.rules_a
    assert {each.field for each in detail.differences} >= {"subject", "source", "void", "period"}
    assert dict(detail.numbers)["rest: after basis c"] == pytest.approx(12.75, abs=0.01)
    assert detail.words[0].startswith("no fair value of ours")
    assert any("moved last" in words for words in detail.words)
    assert seen(two, two.pair.name).detail.row.ticker == A
    assert seen(two, A).pair is None


def test_the_row_follows_its_trade(two):
    two.send(Acknowledge(two.t, two.pair.name))
    assert seen(two).spreads.pairs[0].legs == "S-1 ticket"
    two.approve()
    assert seen(two).spreads.pairs[0].legs == "S-1 works"
    two.trade(A, 40, 110, ASK)
    two.book(B, 46, 50)
    two.at(2_000)
    assert "NAKED 10" in seen(two).spreads.pairs[0].legs
    (first, *_) = seen(two).tickets
    assert first.urgent
    assert first.strategy == "hedge"


def test_a_two_leg_ticket_names_its_other_leg(two):
    first, second = seen(two).tickets
    assert first.partner == second.id
    assert first.partner_terms.startswith("BUY NO 10 @ 47c")
    assert second.partner_terms.startswith("BUY YES 10 @ 40c")
    assert "acknowledge" in first.refusal
    two.send(Acknowledge(two.t, two.pair.name))
    assert [ticket.refusal for ticket in seen(two).tickets] == ["", ""]
    assert first.qty == 10 * QTY

"""What the Spreads screen is told, and what a two-leg ticket shows."""

import pytest

from cockpit.domain.commands import Acknowledge, RefusePair
from cockpit.domain.effects import Alert
from cockpit.domain.events import BookDoubt, BookSnapshot
from cockpit.domain.units import ASK, MONEY, QTY, SECOND
from cockpit.engine.views.spreads import _nearer, shorter
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
    assert row.lead == "nothing recorded"


@pytest.mark.parametrize(
    ("label", "short"),
    [
        ("BTC 15m >84,292.48 7:30pm", "BTC 15m >84,292 7:30"),
        ("pm ETH >3,015 7:00pm", "ETH >3,015 7pm"),
        ("us SOL >138.25 3pm", "SOL >138.25 3pm"),
        ("BTC 84,250-84,499.99 Dec 2 3pm", "BTC 84,250-84,499 Dec 2 3pm"),
    ],
)
def test_a_row_has_a_short_name(label, short):
    assert shorter(label) == short


def test_the_average_distance_is_a_metric(two):
    two.at(5_000)
    spreads = seen(two).spreads
    assert spreads.average == pytest.approx(9.0)
    assert spreads.seconds == 5
    assert spreads.open == 1


def test_what_is_stale_measures_and_nets_nothing(two):
    before = seen(two).spreads.seconds
    two.at(9_000, quiet=True)
    spreads = seen(two, two.pair.name).spreads
    (row,) = spreads.pairs
    assert row.stale
    assert (row.nets, row.rest, row.ev, row.buy) == ((None, None, None), None, None, "")
    assert spreads.seconds <= before + 3
    detail = seen(two, two.pair.name).pair
    assert any("too old" in words for words in detail.words)
    assert "naked worst $" in dict(detail.numbers)
    assert not dict(detail.numbers).keys() & {"net c", "EV c", "take: profit $"}


def test_a_refused_pair_is_told_and_counted_apart(two):
    two.send(RefusePair(two.t, two.pair.key))
    (row,) = seen(two).spreads.pairs
    assert row.state == "refused"
    assert seen(two).spreads.hidden == 1


def test_figures_and_books_are_of_one_moment(two):
    (before,) = seen(two).spreads.pairs
    two.book(B, 20, 60)
    (row,) = seen(two).spreads.pairs
    assert row == before
    two.at(2_000)
    (row,) = seen(two).spreads.pairs
    assert (row.bid_b, row.ask_b) == (2_000, 6_000)
    assert row.gap == pytest.approx(2.0)


def test_one_sided_books_say_what_can_be_said(two):
    two.send(BookSnapshot(two.t, two.t, B, (), ((5_300, 100 * QTY),)))
    two.at(2_000)
    view = seen(two, two.pair.name)
    (row,) = view.spreads.pairs
    assert (row.bid_b, row.ask_b, row.gap) == (0, 5_300, None)
    assert row.ages is not None
    assert "Polymarket has no bid: one way can be reckoned at most" in view.pair.words


def test_no_age_is_told_of_what_is_not_believed(two):
    two.send(BookDoubt(two.t, B, "missed a message"))
    two.at(2_000, quiet=True)
    view = seen(two, two.pair.name)
    (row,) = view.spreads.pairs
    assert row.ages is None
    assert not row.stale
    assert any("nothing is reckoned" in words for words in view.pair.words)


def test_the_detail_has_both_texts_and_every_field(two):
    detail = seen(two, two.pair.name).pair
    assert detail.pair.name == two.pair.name
    assert "TX-17" in detail.rules_a
    assert {each.field for each in detail.differences} >= {"subject", "source", "void", "period"}
    assert dict(detail.numbers)["after basis c"] == pytest.approx(12.75, abs=0.01)
    assert [name for name, _ in detail.numbers[:2]] == ["EV above 0 from net c", "naked worst $"]
    assert dict(detail.numbers)["naked worst $"] < 0
    assert detail.words[0].startswith("no fair value of ours")
    assert any("moved last" in words for words in detail.words)
    assert seen(two, two.pair.name).detail.row.ticker == A
    assert seen(two, A).pair is None


def test_the_row_follows_its_trade(two):
    two.send(Acknowledge(two.t, two.pair.name))
    assert seen(two).spreads.pairs[0].legs == "S-1 ticket"
    two.approve()
    row = seen(two).spreads.pairs[0]
    assert (row.legs, row.tickets, row.naked) == ("S-1 works", ("T-1", "T-2"), "")
    naked(two)
    row = seen(two).spreads.pairs[0]
    assert "NAKED 10" in row.legs
    assert row.naked == A
    assert row.tickets == seen(two).spreads.legs


def naked(two):
    """A's leg is filled alone; B's best has moved on."""
    two.trade(A, 40, 110, ASK)
    two.book(B, 46, 50)
    two.at(2_000)
    two.at(4_000)


def test_a_hedge_shows_the_decision(two):
    two.send(Acknowledge(two.t, two.pair.name))
    two.approve()
    naked(two)
    (first, *_) = seen(two).tickets
    assert (first.strategy, first.urgent, first.leg) == ("hedge", True, True)
    # bought at 40, sold at 40: a taker's fee of 7 % of .40 x .60 for ten, up to the next 1e-4 dollar
    assert first.out / MONEY == pytest.approx(-0.168, abs=0.001)
    assert first.naked_ns == 2 * SECOND
    assert dict(first.reasons)["locks"] == pytest.approx(1 - 0.40 - 0.50)
    assert first.replaces


def test_an_alert_of_a_naked_leg_says_what_is_held_and_what_to_do(two):
    two.send(Acknowledge(two.t, two.pair.name))
    two.watch.take(two.approve())
    two.effects.clear()
    naked(two)
    two.watch.take(two.effects)
    (first, *_) = [note for note in two.watch.notes if note.kind == "naked"]
    assert first.text.startswith("NAKED 10 YES ")
    assert first.text.endswith("@40: a hedge, u unwind")
    assert len(first.text) < 79
    assert (first.market, first.loud) == (A, True)


def test_an_alert_of_a_trade_that_is_gone_is_told_as_it_is(two):
    two.watch.take([Alert(two.t, "naked", "S-9: its market is settled")])
    assert two.watch.notes[-1].text == "S-9: its market is settled"


def test_a_two_leg_ticket_names_its_other_leg(two):
    first, second = seen(two).tickets
    assert (first.partner, second.partner) == (second.id, first.id)
    for one, other in ((first, second), (second, first)):
        assert (one.partner_side, one.partner_price, one.partner_qty) == (other.side, other.price, other.qty)
        assert one.leg
    assert first.partner_terms.startswith("BUY NO 10 @ 47c pm ")
    assert second.partner_terms.startswith("BUY YES 10 @ 40c K ")
    assert first.label.startswith("K ")
    assert "acknowledge" in first.refusal
    two.send(Acknowledge(two.t, two.pair.name))
    assert [ticket.refusal for ticket in seen(two).tickets] == ["", ""]
    assert first.qty == 10 * QTY


def test_what_keeps_the_other_leg_back_keeps_both(two):
    two.send(Acknowledge(two.t, two.pair.name))
    two.book(A, 46, 50)
    two.book(B, 54, 58)  # the second leg sells YES of B at 53: it would not rest
    first, second = seen(two).tickets
    assert second.refusal == "the book moved through the price"
    assert first.refusal == f"{second.id}: {second.refusal}"


def test_a_pair_whose_books_fit_a_fair_value_says_which_is_nearer():
    names = ["Kalshi", "Polymarket"]
    assert _nearer(0.5, names, [0.49, 0.40]) == "Kalshi 49.0, Polymarket 40.0: nearer to Kalshi"
    assert _nearer(0.5, names, [0.30, None]) == "Kalshi 30.0, Polymarket has no middle"

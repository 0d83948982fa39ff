"""NO is shown in NO's own terms wherever it is: prices, averages, fair values, books, moves, queues."""

import pytest
from app_sample import NOW, ROWS, TICKETS, VIEW, change, dollars, order, row, ticket
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import DETAIL, POSITIONS, held

from cockpit.app import side, text
from cockpit.app.panes import desk_rows, market
from cockpit.app.scene import Scene
from cockpit.app.screens.order import EditForm, OrderForm
from cockpit.app.ticket import lines
from cockpit.domain.status import Status
from cockpit.domain.units import ASK, BID, PRICE, QTY
from cockpit.domain.view import DeskView, EventView, FillView, Level, View

MARKET = "KXTRUMPSAY-26DEC01-TARIFF"
"""80 bid, 83 asked, fair 68-73-77: NO is bid 17, asked 20, fair 23-27-32."""
NO_TICKET = TICKETS[2]


def words(rows):
    return "\n".join("".join(part for part, _ in line) for line in rows)


def desk(**fields):
    return Scene(change(VIEW, desk=DeskView(**fields)), Status("LIVE PAPER"))


def test_a_position_beside_the_pane():
    """Sixty NO bought at 34 in YES terms: 66 paid, worth 63."""
    one = held("M", "range", "E", -60, 34, 37, (0.35, 0.37, 0.39), (-1.8, 0, 0))
    event = EventView("E", "BTC 3pm", dollars(-40), 0, (one,), ())
    text_ = words(side.lines(desk(events=(event,)), 42, 40))
    assert "N   60   66   63  -1.80" in text_


def test_orders_and_fills_beside_the_pane():
    resting = order("desk-1", "M", "range", side=ASK, price=8300, left=5 * QTY, ahead=7 * QTY)
    fill = FillView(NOW, "desk-2", "desk", "M", "range", ASK, 9050, 3 * QTY, "queue", "fifo", 0, 0)
    text_ = words(side.lines(desk(working=(resting,), fills=(fill,)), 42, 40))
    assert "N@17     5      7" in text_
    assert "N@9.5     3" in text_


def test_a_position_on_the_desk():
    cells = [cell for cell, _ in desk_rows.positions(DeskView(events=POSITIONS), NOW)[2].cells]
    assert cells[1:7] == ["NO", "60", "66", "63", "63", "61-63-65"]


def strip(**fields):
    one = change(NO_TICKET, **fields)
    scene = Scene(change(VIEW, tickets=(one,)), Status("LIVE PAPER"), ticket=one)
    return words(lines(scene, 100, whole=True))


def test_the_strip_of_a_no_ticket():
    """Its book is NO's: bid 17 for what is asked at 83, and what moved did so for NO."""
    told = strip(since_bid=-200, since_fair=-0.015)
    assert "BUY NO 40 @ 17c" in told
    assert " NO 17x150 | 20x310 " in told
    assert "since raised: NO bid +2  fair +1.5" in told


def test_a_ticket_under_the_best_bid_of_its_side_says_so():
    """Nothing rests at its own price, yet whoever bids more is filled first."""
    assert "behind 310  Pfill" in strip(queue=310 * QTY)
    assert "behind 0 2c under  Pfill" in strip(queue=0, ask=8100)
    assert "under" not in strip(queue=0, ask=8500)
    assert "under" not in strip(queue=0, ask=8100, ask_qty=0)
    one = ticket(bid=8700, queue=0)
    assert "behind 0 1c under" in words(lines(Scene(VIEW, Status("LIVE PAPER"), ticket=one), 80, whole=True))


def test_the_strip_of_a_yes_ticket():
    one = ticket(since_bid=-200, since_fair=-0.015)
    told = words(lines(Scene(VIEW, Status("LIVE PAPER"), ticket=one), 100, whole=True))
    assert " YES 86x240 | 88x90 " in told
    assert "since raised: YES bid -2  fair -1.5" in told


def form(keys=()):
    made = OrderForm(next(row for row in ROWS if row.ticker == MARKET), "desk", print)
    for key in keys:
        made.press(key)
    return made, words(made.lines(Scene(VIEW, Status("LIVE PAPER")), 70, 20))


def test_an_order_by_hand_begins_with_the_rows_own_side():
    made, told = form()
    assert (made.side, made.price.text, made.yes_price()) == (ASK, "17", 8300)
    assert "NO 17/20" in told
    assert "edge +10.0c  LOW +6.0c" in told


def test_the_other_side_has_its_own_price_and_book():
    made, told = form(["space"])
    assert (made.side, made.price.text, made.yes_price()) == (BID, "80", 8000)
    assert "YES 80/83" in told
    assert form(["space", "space"])[0].price.text == "17"


def test_a_price_that_was_typed_stays():
    made, _ = form(["down", "1", "5", "up", "space"])
    assert (made.side, made.price.text) == (BID, "15")


def test_what_crosses_is_told_on_its_own_side():
    _, told = form(["down", "2", "0"])
    assert "crosses the book NO 17/20" in told
    assert "crosses" not in form(["down", "1", "9"])[1]


def edit(price, levels=None):
    """A NO order at 17 with 7 before it, given another price."""
    resting = order("desk-1", MARKET, "x", side=ASK, price=8300, ahead=7 * QTY, level=9 * QTY)
    found = None if levels is None else change(DETAIL, row=change(DETAIL.row, ticker=MARKET), levels=levels)
    view = change(VIEW, desk=DeskView(working=(resting,)), detail=found)
    made = EditForm(resting, "desk", print)
    made.price.text = price
    return words(made.lines(Scene(view, Status("LIVE PAPER")), 70, 20))


def test_an_edit_shows_its_sides_book_and_price():
    told = edit("17")
    assert "BUY NO 120 @ 17c" in told
    assert "book NO 17/20" in told


LEVELS = (Level(8400, 0, 55 * QTY), Level(8300, 0, 9 * QTY), Level(8000, 310 * QTY, 0))


@pytest.mark.parametrize(
    ("price", "levels", "behind"),
    [
        ("16", LEVELS, "55"),
        ("18", LEVELS, "0"),
        ("18", None, "0"),
        ("16", None, "not known"),
        ("20", LEVELS, "0"),
    ],
)
def test_what_an_edit_gives_up(price, levels, behind):
    assert f"gives up behind 7 for behind {behind}" in edit(price, levels)


def test_the_detail_says_whose_prices_they_are():
    one = row(MARKET, "x", bid=80, ask=83, fair=(68, 73, 77), side=ASK, price=83, edge=10, low=6, ev=0.88)
    told = words(market.document(change(DETAIL, row=one), NOW, 90, 40))
    assert "YES 80/83  fair 68.0-73.0-77.0  N@17 edge +10.0" in told


@given(st.integers(1, PRICE - 1), st.integers(1, PRICE - 1))
def test_a_book_seen_from_no_and_turned_again_is_the_book(bid, ask):
    near, far = text.own_top(ASK, bid, ask).removeprefix("NO ").split("/")
    assert (near, far) == (text.cents(PRICE - ask), text.cents(PRICE - bid))
    assert text.own_top(ASK, PRICE - ask, PRICE - bid) == f"NO {text.bid_ask(bid, ask)}"


def test_nothing_held_rests_or_filled_is_said():
    told = words(side.lines(Scene(View(), Status("LIVE PAPER")), 42, 40))
    assert [word for word in ("nothing held", "nothing rests", "none yet") if word in told] == [
        "nothing held",
        "nothing rests",
        "none yet",
    ]

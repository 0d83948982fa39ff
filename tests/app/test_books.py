"""The Books screen: a line a game with what sportsbooks say of it, and below the books on the game under the cursor."""

import pytest
from app_sample import DAY, HOUR, MINUTE, NOW, STATUS, change
from books_sample import BOOKS, FEW, GAMES, HALF, LEAD, LINES, NFL, NOBODY, OLD, TONIGHT, VIEW_OF_ODDS, odds
from game_sample import DEN, DETAILS
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import pane_text, press, show_pane

from cockpit.app.panes import books_rows as rows
from cockpit.app.text import CUT
from cockpit.domain.books import ODDS, BooksView
from cockpit.domain.status import FeedLine
from cockpit.domain.units import PRICE, SECOND

EVIL = "\x1b[31m[red]X\x07\u202e\r\n\x9b2J\u200b\t東京 é" + "W" * 300


async def opened(desk):
    desk.link.games = dict(DETAILS)
    return await show_pane(desk, "Books")


def quoted(*games, **fields):
    return change(VIEW_OF_ODDS, books=change(BOOKS, games=games, **fields))


def names(pane):
    return [key.split()[1][:3] for key in (row.key for row in pane.grid.rows)]


def counts(desk):
    pane = desk.app.frame.plain_pane
    return [text for part in pane.counts(desk.app.scene) for text, _ in part.line if text]


# ---------------------------------------------------------------------- the pane


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_games_and_their_books(run, snapshot, size):
    async with run(VIEW_OF_ODDS, size=size) as desk:
        await opened(desk)
        snapshot(f"books-{size[0]}x{size[1]}", desk.text())


@pytest.mark.parametrize("width", [80, 92, 120, 140, 160, 200])
async def test_every_width_has_what_matters(run, width):
    async with run(VIEW_OF_ODDS, size=(width, 40)) as desk:
        pane = await opened(desk)
        assert all(
            pane.grid.room(key) for key in ("game", "when", "top", "books", "n", "ours", "buys", "edge")
        )
        assert all(pane.below.room(column.key) for column in rows.BOOKS)


@pytest.mark.parametrize(
    ("name", "books", "feeds"),
    [
        ("none", BooksView(), ()),
        ("never-heard", BooksView(), (FeedLine("sportsbook.theoddsapi", 0, 0),)),
        ("nothing", BooksView(heard_ns=NOW - 5 * MINUTE, left=3, used=497), ()),
        ("stale", BooksView(heard_ns=NOW - 3 * HOUR, left=0, used=500), ()),
        ("old", change(BOOKS, games=(OLD,), heard_ns=NOW - 3 * HOUR), ()),
    ],
)
async def test_states(run, snapshot, name, books, feeds):
    async with run(change(VIEW_OF_ODDS, books=books), change(STATUS, feeds=feeds)) as desk:
        await opened(desk)
        snapshot(f"books-{name}", pane_text(desk) + desk.row(2) + "\n")


async def test_empty_states_say_what_to_do(run):
    async with run(change(VIEW_OF_ODDS, books=BooksView())) as desk:
        await opened(desk)
        assert "no odds: set [sportsbook] and a key in the environment" in desk.text()
        await press(desk, "w")
        assert "w why: nothing to explain here" in desk.text()
        assert not desk.app.scene.target.market


@pytest.mark.parametrize(
    ("left", "used", "told"),
    [
        (412, 88, "credits left 412, used 88"),
        (1_412, None, "credits left 1,412"),
        (0, 500, "NO CREDITS LEFT, used 500"),
        (None, 88, "credits used 88"),
    ],
)
async def test_what_asking_still_costs(run, left, used, told):
    async with run(quoted(*GAMES, left=left, used=used)) as desk:
        await opened(desk)
        assert told in counts(desk)


async def test_a_budget_nobody_tells_is_not_told(run):
    async with run(quoted(*GAMES, left=None, used=None)) as desk:
        await opened(desk)
        assert "credits" not in desk.row(2)


# ---------------------------------------------------------------------- the books below


async def test_the_books_are_those_on_the_game_under_the_cursor(run):
    async with run(VIEW_OF_ODDS) as desk:
        await opened(desk)
        assert "books on LAL@DEN" in pane_text(desk)
        assert "P(DEN)" in pane_text(desk)
        await press(desk, "j")
        assert "books on CHA@OKC" in pane_text(desk)
        assert "betonlineag" not in pane_text(desk)
        await press(desk, "j", "j")
        assert "books on UTA@POR" in pane_text(desk)
        assert "no book has this game" in pane_text(desk)


async def test_the_books_have_their_rows_where_they_are_asked_for(run, snapshot):
    async with run(VIEW_OF_ODDS) as desk:
        pane = await opened(desk)
        assert "polymarket" not in pane_text(desk)
        await press(desk, "v")
        shown = pane_text(desk)
        assert all(line.book in shown for line in LINES)
        assert pane.grid.size.height == 5
        snapshot("books-asked-for", shown)
        await press(desk, "j", "j", "j", "j")
        assert ">  DAL@SAS" in pane_text(desk)
        await press(desk, "v")
        assert pane.grid.size.height > 5


async def test_american_odds_where_there_is_room(run):
    for width, told in ((139, False), (140, True)):
        async with run(VIEW_OF_ODDS, size=(width, 40)) as desk:
            await opened(desk)
            assert ("2.95  +195" in pane_text(desk)) is told
            assert "2.95" in pane_text(desk)


@pytest.mark.parametrize(
    ("odds_", "european", "american"),
    [
        (19_500, "1.95", "-105"),
        (20_000, "2.00", "+100"),
        (25_000, "2.50", "+150"),
        (14_065, "1.41", "-246"),
        (10_100, "1.01", "-10000"),
        (1_010_000, "101.00", "+10000"),
        (19_091, "1.91", "-110"),
        (10_000, "1.00", "-"),
        (0, "0.00", "-"),
    ],
)
def test_odds_two_ways(odds_, european, american):
    assert rows.decimal_odds(odds_) == european
    assert rows.american_odds(odds_) == american


@given(st.integers(ODDS + 100, 100 * ODDS))
def test_american_odds_say_the_same(odds_):
    told = int(rows.american_odds(odds_))
    again = ODDS + told * ODDS / 100 if told > 0 else ODDS + 100 * ODDS / -told
    assert abs(again - odds_) <= 51 if told > 0 else abs(again / odds_ - 1) < 0.006


def test_what_is_not_counted_says_why():
    told = {
        row.key: (row.cells[-1][0], row.role) for row in (rows.book(line, american=False) for line in LINES)
    }
    assert told["fanduel"] == ("", "text")
    assert told["betonlineag"] == ("stale: not counted", "stale")
    assert told["kalshi"] == ("exchange: not counted", "dim")
    assert told["polymarket"] == ("exchange, stale: not counted", "stale")


# ---------------------------------------------------------------------- a game


def cells(game, played=None, room=20):
    made = rows.row(game, played, 0.05, NOW, room)
    assert len(made.cells) == len(rows.GAMES)
    return dict(zip((column.key for column in rows.GAMES), made.cells, strict=True)), made.role


def test_a_game():
    shown, role = cells(HALF, rows.on_board(HALF, VIEW_OF_ODDS.board))
    assert {key: text for key, (text, _) in shown.items()} == {
        "mark": "T", "game": "LAL@DEN\t58-55", "league": "nba", "when": "HALF", "top": "58/60", "books": "65-67-68", "n": "4",
        "ours": "64", "gap": "+8", "buys": "K DEN@58", "edge": "+6.4", "age": "4s",
    }  # fmt: skip
    assert (role, shown["edge"][1], shown["when"][1]) == ("text", "good", "accent")


@pytest.mark.parametrize(
    ("game", "told"),
    [(HALF, "65-67-68"), (FEW, "only 2"), (NFL, "only 1"), (OLD, "stale"), (NOBODY, "none")],
)
def test_where_there_is_no_consensus_a_word_says_why(game, told):
    assert cells(game)[0]["books"][0] == told


@pytest.mark.parametrize(
    ("game", "top", "gap"),
    [
        (HALF, "58/60", "+8"),
        (TONIGHT, "79/--", "-"),
        (change(TONIGHT, ask=PRICE), "79/--", "-"),
        (change(HALF, bid=0), "--/60", "-"),
        (NFL, "-", "-"),
        (FEW, "32/34", "-"),
    ],
)
def test_a_side_nobody_offers_is_a_dash(game, top, gap):
    shown, _ = cells(game)
    assert (shown["top"][0], shown["gap"][0]) == (top, gap)


def test_an_edge_that_is_not_to_be_believed_is_not_praised():
    assert cells(OLD)[0]["edge"] == ("+20.0", "dim")
    assert cells(OLD)[1] == "doubt"
    assert not rows.clears(OLD, 0.05)
    assert rows.clears(HALF, 0.05)
    assert not rows.clears(TONIGHT, 0.05)


def test_scores_need_their_room():
    played = rows.on_board(LEAD, VIEW_OF_ODDS.board)
    assert cells(LEAD, played, 14)[0]["game"][0] == "BOS@NYK\t88-101"
    assert cells(LEAD, played, 13)[0]["game"][0] == "BOS@NYK"


@pytest.mark.parametrize(
    ("game", "told"),
    [
        (HALF, "HALF"),
        (LEAD, "Q4 4:11"),
        (change(HALF, start_ns=NOW - DAY), "begun"),
        (change(HALF, league="wnba"), "begun"),
        (NFL, "Sun 2:52p"),
        (odds("BOS", "MIA"), "6:52p"),
    ],
)
def test_the_clock_is_that_of_the_board(game, told):
    assert rows.when(game, rows.on_board(game, VIEW_OF_ODDS.board), NOW) == told


def test_two_games_of_one_name_are_none():
    board = VIEW_OF_ODDS.board
    twice = change(board, games=(*board.games, change(board.games[0], id="again")))
    assert rows.on_board(HALF, board) is not None
    assert rows.on_board(HALF, twice) is None


@given(st.sampled_from(GAMES), st.integers(0, 40))
def test_a_row_has_a_cell_a_column(game, room):
    shown, role = cells(game, rows.on_board(game, VIEW_OF_ODDS.board), room)
    assert role
    assert all(dress for _, dress in shown.values())


# ---------------------------------------------------------------------- order, filter, keys


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], "LAL CHA BOS UTA DAL KC MIA"),
        (["s"], "MIA BOS LAL CHA UTA DAL KC"),
        (["s", "s"], "BOS CHA DAL KC LAL MIA UTA"),
    ],
)
async def test_orders(run, keys, found):
    """By edge, what is not to be believed last; by time; by name."""
    async with run(VIEW_OF_ODDS) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        assert [name.removesuffix("B") for name in names(pane)] == found.split()


async def test_edges_move_rows_only_now_and_then(run):
    better = change(TONIGHT, edge=0.2)
    async with run(quoted(HALF, TONIGHT)) as desk:
        pane = await opened(desk)
        for late, first in ((1, "LAL"), (3, "CHA")):
            await desk.show(change(quoted(HALF, better), ts=NOW + late * SECOND))
            assert names(pane)[0] == first


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("nfl", "KCB"),
        ("half den", "LAL"),
        ("pinnacle nba", "LAL BOS"),
        ("BEGUN", ""),
        ("nothing like it", ""),
    ],
)
async def test_the_filter(run, needle, found):
    async with run(VIEW_OF_ODDS) as desk:
        pane = await opened(desk)
        pane.find(needle)
        await desk.settle()
        assert names(pane) == found.split()
        if not found:
            assert f"nothing contains '{needle.casefold()}'" in desk.text()
            assert not pane.below.display


async def test_keys_act_on_the_market_of_the_order(run):
    async with run(VIEW_OF_ODDS) as desk:
        await opened(desk)
        target = desk.app.scene.target
        assert (target.market, target.event, target.game) == (DEN, "KXNBAGAME-26DEC01LALDEN", "nba LALDEN")
        await press(desk, "j")
        assert desk.app.scene.target.market == "okc"
        await press(desk, "o")
        assert "CHA@OKC OKC" in desk.text()


async def test_the_detail_is_that_of_the_game(run):
    async with run(VIEW_OF_ODDS) as desk:
        await opened(desk)
        await press(desk, "j", "j", "enter")
        assert desk.link.focus[-1] == "nba BOSNYK"
        assert "P(NYK)" in pane_text(desk)


async def test_why(run, snapshot):
    async with run(VIEW_OF_ODDS, size=(80, 40)) as desk:
        await opened(desk)
        await press(desk, "w")
        snapshot("books-why", desk.text())
        shown = desk.text()
        assert "median of 4 books, their margins taken out four ways: 65.2-66.8-68.3% DEN" in shown
        assert "exchanges, not counted: kalshi, polymarket" in shown
        assert "stale, not counted: betonlineag, polymarket" in shown
        assert "our own model: 63.8%, -3.0 from the books" in shown
        assert "proposed: see the ticket" in " ".join(shown.split())
        await press(desk, "j")
        assert "edge +5.0 at the books' worst, net of the maker fee, works already" in " ".join(
            desk.text().split()
        )
        await press(desk, "j", "j")
        assert "no consensus: 0 fresh books, three are needed" in desk.text()
        assert "no venue lists it" in desk.text()
        await press(desk, "j")
        assert "no consensus: 2 fresh books" in desk.text()
        assert "no order to reckon with" in desk.text()
        await press(desk, "j")
        assert "no consensus: 1 fresh book, three are needed" in desk.text()


# ---------------------------------------------------------------------- text from outside


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
@pytest.mark.parametrize("keys", [(), ("w",), ("v",), ("/",)], ids=str)
async def test_names_obey_nothing_and_break_nothing(run, size, keys):
    bad = change(HALF, away=EVIL, home=EVIL, league=EVIL, team=EVIL,
                 lines=(change(LINES[0], book=EVIL), *LINES[1:]))  # fmt: skip
    async with run(quoted(bad, TONIGHT), size=size) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        shown = desk.text()
        assert all(char.isascii() or char == CUT for char in shown)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert all(len(row) <= size[0] for row in shown.splitlines())
        assert pane.grid.room("edge")
        assert pane.below.room("chance")


async def test_letters_only(run, monkeypatch):
    async with run(VIEW_OF_ODDS, ascii_only=True) as desk:
        monkeypatch.setattr(type(desk.app.console), "encoding", "ascii")
        await opened(desk)
        await press(desk, "v")
        assert pane_text(desk).replace(CUT, "~").isascii()


async def test_every_theme(run):
    async with run(VIEW_OF_ODDS) as desk:
        pane = await opened(desk)
        await press(desk, "T")
        assert pane.grid.skin is pane.below.skin is desk.app.skin


async def test_it_fills_a_size_it_grows_to(run):
    async with run(VIEW_OF_ODDS) as desk:
        pane = await opened(desk)
        await desk.pilot.resize_terminal(140, 40)
        await desk.settle()
        assert pane.grid.size.height + pane.below.size.height <= pane.size.height
        assert len(pane.below.rows) == len(LINES)

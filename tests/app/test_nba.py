"""The NBA screen: a line a game, the rules, what is claimed for them, and one game in full."""

import pytest
from app_sample import DAY, HOUR, MINUTE, NOW, change
from game_sample import (
    AFTER,
    BEFORE,
    BOARD,
    BOARDED,
    CLAIMS,
    DEN,
    DETAIL,
    DETAILS,
    DONE,
    GAMES,
    HALF,
    LATE,
    LATE_AGAIN,
    NYK,
    OFF_TODAY,
    RULES,
    TOMORROW,
    TONIGHT,
    claim,
    flags,
    game,
    line,
    played,
)
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import VIEW, pane_text, press, show_pane

from cockpit.app import text
from cockpit.app.line import length
from cockpit.app.panes import game as one
from cockpit.app.panes import nba_claims, nba_rows, quotes
from cockpit.domain.games import BoardView, Chance, GameView, Phase, RuleFlag, VenueLine
from cockpit.domain.units import SECOND


async def opened(desk, details=DETAILS):
    desk.link.games = dict(details)
    return await show_pane(desk, "NBA")


def boarded(*games, **fields):
    return change(BOARDED, board=change(BOARD, games=games, **fields))


def words(lines):
    return ["".join(text for text, _ in line) for line in lines]


# ---------------------------------------------------------------------- the pane


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_the_board(run, snapshot, size):
    async with run(BOARDED, size=size) as desk:
        await opened(desk)
        snapshot(f"nba-{size[0]}x{size[1]}", desk.text())


@pytest.mark.parametrize(
    ("name", "board"),
    [
        ("never-heard", BoardView()),
        ("nothing", BoardView(heard_ns=NOW - 200 * SECOND)),
        ("no-games-today", change(BOARD, games=(TOMORROW,), heard_ns=NOW - 8 * MINUTE)),
        ("silent", change(BOARD, games=(LATE_AGAIN, DONE), heard_ns=NOW - 94 * SECOND, claims=CLAIMS[:2])),
    ],
)
async def test_states(run, snapshot, name, board):
    async with run(change(BOARDED, board=board)) as desk:
        await opened(desk)
        snapshot(f"nba-{name}", pane_text(desk) + desk.row(2) + "\n")


async def test_the_claims_when_they_are_asked_for(run, snapshot):
    async with run(BOARDED) as desk:
        pane = await opened(desk)
        assert "claims" not in pane_text(desk).partition("--")[0]
        assert "v claims" in pane.legend()
        await press(desk, "v", "j", "j", "j", "j")
        snapshot("nba-claims", pane_text(desk))
        assert "CHA@OKC" in desk.text()
        await press(desk, "v")
        assert "homeUnderdog+P" not in desk.text()


async def test_few_games_leave_the_claims_room(run):
    async with run(boarded(HALF, LATE)) as desk:
        await opened(desk)
        assert "homeUnderdog+P" in desk.text()


async def test_why(run, snapshot):
    async with run(BOARDED, size=(80, 32)) as desk:
        await opened(desk)
        await press(desk, "w")
        shown = desk.text()
        assert "lateGameLeader on: buys NYK, the model agrees; a lane holds it" in shown
        assert "Kalshi: NYK@93 LOW +2.1, LOW under 5c" in shown
        assert "seconds left 4:11" in shown
        await press(desk, "j")
        assert "Kalshi: DEN@58 LOW +3.2, proposed: see the ticket" in desk.text()
        await press(desk, "j")
        assert "not priced: its message is 94s old" in desk.text()
        await press(desk, "j", "j")
        assert "not priced: two games on one key: 2 and 4 December" in desk.text()
        await press(desk, "k")
        snapshot("nba-why", desk.text())


@pytest.mark.parametrize(
    ("keys", "first", "names"),
    [
        ([], "BOS@NYK", "BOS LAL MIA CHA DAL PHI UTA"),
        (["s"], "LAL@DEN", "LAL BOS CHA MIA DAL PHI UTA"),
        (["s", "s"], "PHI@ATL", "PHI BOS LAL MIA CHA UTA DAL"),
        (["s", "s", "s"], "BOS@NYK", "BOS LAL MIA CHA DAL PHI UTA"),
    ],
)
async def test_orders(run, keys, first, names):
    """Live first; by edge; by time: the postponed one was to begin tonight."""
    async with run(BOARDED) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        assert [row.key.split()[1][:3] for row in pane.grid.rows] == names.split()
        assert first in pane_text(desk).splitlines()[1]


async def test_edges_move_rows_only_now_and_then(run):
    async with run(BOARDED) as desk:
        pane = await opened(desk)
        await press(desk, "s")
        better = change(LATE, venues=(change(LATE.venues[0], low=0.09),))
        desk.link.shown = change(boarded(better, HALF), ts=NOW)
        await desk.settle()
        assert pane.grid.rows[0].key == LATE.id
        desk.link.shown = change(boarded(LATE, HALF), ts=NOW + SECOND)
        await desk.settle()
        assert pane.grid.rows[0].key == LATE.id
        desk.link.shown = change(boarded(LATE, HALF), ts=NOW + 3 * SECOND)
        await desk.settle()
        assert pane.grid.rows[0].key == HALF.id


@pytest.mark.parametrize(
    ("needle", "found"),
    [
        ("den", {"nba LALDEN"}),
        ("lategameleader on", {"nba BOSNYK"}),
        ("pre okc", {"nba CHAOKC"}),
        ("final", {"nba PHIATL"}),
        ("nothing like it", set()),
    ],
)
async def test_the_filter(run, needle, found):
    async with run(BOARDED) as desk:
        pane = await opened(desk)
        pane.find(needle)
        await desk.settle()
        assert {row.key for row in pane.grid.rows} == found
        if not found:
            assert f"nothing contains '{needle}'" in desk.text()


async def test_keys_act_on_the_market_of_the_best_edge(run):
    async with run(BOARDED) as desk:
        await opened(desk)
        target = desk.app.scene.target
        assert (target.market, target.event, target.game) == (NYK, "KXNBAGAME-26DEC01BOSNYK", LATE.id)
        await press(desk, "j")
        assert desk.app.scene.target.market == DEN
        await press(desk, "o")
        assert "LAL@DEN DEN" in desk.text()


def test_the_best_edge_is_one_to_believe():
    doubtful = line("K", 50, 52, "a", team="DEN", price=50, low=0.2, mark="!")
    sound = line("P", 50, 52, "b", team="LAL", price=48, low=-0.01)
    assert nba_rows.best(game("LAL", "DEN", venues=(doubtful, sound))) == sound
    assert nba_rows.best(game("LAL", "DEN", venues=(doubtful,))) == doubtful
    assert nba_rows.market(game("LAL", "DEN", venues=(line("K", 50, 52, "k"), line("P", 50, 52)))) == "k"
    assert nba_rows.market(game("LAL", "DEN")) == ""


async def test_nothing_under_the_cursor(run):
    async with run(boarded()) as desk:
        pane = await opened(desk)
        assert pane.target().market == pane.target().game == ""
        await press(desk, "w")
        assert "w why: nothing to explain here" in desk.text()


async def test_every_theme(run):
    async with run(BOARDED) as desk:
        pane = await opened(desk)
        await press(desk, "T")
        assert pane.grid.skin is pane.below.skin is desk.app.skin


@given(st.sampled_from(GAMES), st.integers(0, 24))
def test_a_row_has_a_cell_a_column(found, room):
    made = nba_rows.row(found, 0.05, NOW, room)
    assert len(made.cells) == len(nba_rows.COLUMNS)
    assert all(role for _, role in made.cells)


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("found", "stands", "score"),
    [
        (LATE, "Q4 4:11", "88-101"),
        (game("A", "B", period=1, clock_ms=720_000), "Q1 12:00", "0-0"),
        (game("A", "B", period=4, clock_ms=900, home_score=99), "Q4 0:00", "0-99"),
        (HALF, "HALF", "58-55"),
        (game("A", "B", Phase.BREAK, period=1), "END 1", "0-0"),
        (game("A", "B", Phase.BREAK, period=5), "END OT", "0-0"),
        (game("A", "B", period=5, clock_ms=130_000), "OT 2:10", "0-0"),
        (LATE_AGAIN, "2OT 0:29", "121-119"),
        (TONIGHT, "7:30p", ""),
        (TOMORROW, "Wed 7:52p", ""),
        (game("A", "B", Phase.PRE, start_ns=NOW + 6 * DAY), "Mon 2:52p", ""),
        (game("A", "B", Phase.PRE, start_ns=NOW + 7 * DAY), "Dec 8 2:52p", ""),
        (game("A", "B", Phase.PRE, start_ns=NOW - 15 * HOUR), "Nov 30 11:52p", ""),
        (game("A", "B", Phase.PRE, start_ns=NOW - 14 * HOUR), "12:52a", ""),
        (game("A", "B", Phase.PRE, start_ns=NOW - 3 * HOUR), "11:52a", ""),
        (game("A", "B", Phase.FINAL, period=4, away_score=90, home_score=91), "FINAL", "90-91"),
        (DONE, "F/OT", "112-118"),
        (game("A", "B", Phase.FINAL, period=6), "F/2OT", "0-0"),
        (OFF_TODAY, "PPD", ""),
        (game("A", "B", Phase.VOID, detail="Canceled"), "CANC", ""),
    ],
)
def test_where_a_game_stands(found, stands, score):
    assert nba_rows.state(found, NOW) == stands
    assert nba_rows.score(found) == score


@pytest.mark.parametrize(
    ("scores", "period", "clock_s", "shown"),
    [
        ((101, 99), 4, 719, "101-99\tQ4 11:59"),
        ((101, 100), 4, 719, "101-100\tQ4 11m"),
        ((101, 100), 4, 599, "101-100\tQ4 9:59"),
        ((121, 119), 5, 299, "121-119\tOT 4:59"),
        ((121, 119), 6, 299, "121-119\tO2 4:59"),
    ],
)
def test_score_and_clock_keep_within_their_column(scores, period, clock_s, shown):
    found = game("A", "B", period=period, clock_ms=clock_s * 1000, away_score=scores[0], home_score=scores[1])
    cell = nba_rows.row(found, 0.05, NOW, 20).cells[2][0]
    assert cell == shown
    assert len(cell) <= nba_rows.CLOCK


@pytest.mark.parametrize(
    ("before", "mid", "arrow"),
    [(0.5, 0.53, "^"), (0.5, 0.47, "v"), (0.5, 0.51, "="), (0.5, 0.49, "="), (None, 0.5, "")],
)
def test_where_the_chance_went(before, mid, arrow):
    assert nba_rows.trend(change(HALF, before=before, chance=Chance(mid - 0.1, mid, mid + 0.1))) == arrow


def test_what_is_not_certain_is_never_printed_so():
    assert quotes.band(Chance(0.0004, 0.003, 0.02)) == "1-1-2"
    assert quotes.band(Chance(0.98, 0.997, 0.9999)) == "98-99-99"
    assert quotes.band(Chance(0.0, 0.5, 1.0)) == "0-50-100"


@pytest.mark.parametrize(
    ("spread", "words"),
    [(-6.5, "DEN-6.5"), (6.5, "LAL-6.5"), (-12.0, "DEN-12"), (0.0, "PK"), (None, "-")],
)
def test_the_line_is_told_of_the_favourite(spread, words):
    assert nba_rows.spread(change(HALF, spread=spread)) == words


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"venues": (line("K", 1, 2, mark="W"), line("P", 1, 2, mark="T"))}, "T"),
        ({"venues": (line("K", 1, 2, mark="P"), line("P", 1, 2, mark="?"))}, "?"),
        ({"venues": (line("K", 1, 2, mark="P"),), "trouble": "sides differ"}, "!"),
        ({"venues": (line("K", 1, 2, mark="P"), line("P", 1, 2, mark="W"))}, "P"),
        ({"stale": True}, "z"),
        ({"stale": True, "phase": Phase.FINAL}, ""),
        ({}, ""),
    ],
)
def test_marks(fields, sign):
    assert nba_rows.mark(change(game("A", "B"), **fields)) == sign


@pytest.mark.parametrize(
    ("told", "cell"),
    [
        ({"on": True, "model": True}, ("U", "accent")),
        ({"on": True}, ("u", "text")),
        ({}, (".", "dim")),
        ({"held": True}, ("P", "own")),
        ({"on": True, "held": True}, ("P", "own")),
    ],
)
def test_a_flag_is_a_letter(told, cell):
    made = nba_rows.row(game("A", "B", flags=flags(told)), 0.05, NOW, 7)
    at = next(i for i, column in enumerate(nba_rows.COLUMNS) if column.key == RULES[0])
    assert made.cells[at] == cell


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        (RuleFlag("r", on=False, why="no line"), "off: no line"),
        (RuleFlag("r", on=False, why="no line", held=True), "off: no line; a lane holds it"),
        (RuleFlag("r", on=True, model=True, team="DEN"), "on: buys DEN, the model agrees"),
        (RuleFlag("r", on=True, team="DEN", veto="no fair value"), "on: buys DEN; the model: no fair value"),
        (RuleFlag("r", on=True, team="DEN"), "on: buys DEN; the model: does not agree"),
    ],
)
def test_rules_in_words(flag, words):
    assert nba_rows.told(flag)[0] == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0s"), (99, "99s"), (100, "1m"), (7199, "119m"), (7200, "2h"), (200_000, "2d")]
)
def test_ages(seconds, words):
    assert text.short_age(seconds * SECOND) == words


# ---------------------------------------------------------------------- claims


def test_what_is_claimed_stands_beside_what_was_measured():
    cells = dict(zip((c.key for c in nba_claims.COLUMNS), nba_claims.row(CLAIMS[0]).cells, strict=True))
    told = {key: text for key, (text, _) in cells.items()}
    assert told == {
        "rule": "homeUnderdog", "claimed": "46.2%", "won": "18/39", "rate": "46%", "interval": "32-61", "entry": "33.1",
        "model": "35.2", "brier": "0.241", "net": "+4.20", "open": "1", "verdict": "unproven", "said": "n not published",
    }  # fmt: skip
    assert cells["verdict"][1] == "text"


def test_a_lane_without_games_says_nothing():
    cells = nba_claims.row(claim("favoriteFade", model=True, verdict="")).cells
    assert [text for text, _ in cells] == ["favoriteFade+P", "-", "0/0", *["-"] * 6, "0", "-", ""]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("homeUnderdog", "claimed 46.2%; n not published"),
        ("favoriteFade", "claimed 35.9%; n not published; contrary to the published favourite-longshot bias"),
        ("lateGameLeader", "no win rate claimed; n not published"),
        ("other", ""),
    ],
)
def test_a_claim_is_told_with_what_it_rests_on(rule, words):
    assert nba_claims.noted(CLAIMS, rule) == words


# ---------------------------------------------------------------------- one game


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_a_game_in_full(run, snapshot, size):
    async with run(BOARDED, size=size) as desk:
        await opened(desk)
        await press(desk, "enter")
        assert desk.link.focus[-1] == LATE.id
        snapshot(f"game-{size[0]}x{size[1]}", pane_text(desk))
        await press(desk, "G")
        snapshot(f"game-end-{size[0]}x{size[1]}", pane_text(desk))
        await press(desk, "enter")
        assert "P(home)" in desk.text()


@pytest.mark.parametrize(("name", "found"), [("before", BEFORE), ("after", AFTER)])
async def test_a_game_to_come_and_one_that_is_over(run, snapshot, name, found):
    async with run(boarded(found.game), size=(80, 40)) as desk:
        await opened(desk)
        await press(desk, "enter")
        snapshot(f"game-{name}", pane_text(desk))


async def test_the_cursor_takes_the_detail_along(run):
    async with run(BOARDED, size=(200, 60)) as desk:
        await opened(desk)
        beside = desk.app.frame.beside
        assert "P(NYK)" in words(beside.page.lines)[1]
        await press(desk, "j", "j", "j")
        assert "P(OKC)" in words(beside.page.lines)[1]
        assert (
            "CHA@OKC"
            in words(beside.counts(desk.app.scene)[0:1][0:1] and [beside.counts(desk.app.scene)[0].line])[0]
        )
        await show_pane(desk, "Edges")
        assert "P(OKC)" not in "\n".join(words(beside.page.lines))


async def test_letters_where_there_are_no_dots(run, monkeypatch):
    async with run(BOARDED) as desk:
        monkeypatch.setattr(type(desk.app.console), "encoding", "ascii")
        await opened(desk)
        await press(desk, "enter")
        assert pane_text(desk).isascii()
        assert "P Polymarket K Kalshi x both f fair" in pane_text(desk)


@given(st.sampled_from([DETAIL, BEFORE, AFTER]), st.integers(30, 220), st.integers(8, 60))
def test_no_row_is_too_long(found, width, height):
    lines = one.document(BOARDED, found, width, height)
    assert all(length(each) <= width for each in lines)


def test_what_matters_most_comes_first():
    """Before a game its line and the rules, in it score and prices, after it the score; nothing is left out but rules."""
    order = {}
    for name, found in (("before", BEFORE), ("now", DETAIL), ("after", AFTER)):
        rows = words(one.document(BOARDED, found, 100, 40))
        heads = ("LINE", "VENUES", "RULES", "CHANCE", "VALUE", "         1 ")
        at = {
            head: next(
                (
                    i
                    for i, row in enumerate(rows)
                    if row.lstrip().startswith(head.strip()) and (head.strip() != "1" or "  T" in row)
                ),
                -1,
            )
            for head in heads
        }
        order[name] = [head.strip() for head, i in sorted(at.items(), key=lambda each: each[1]) if i >= 0]
    assert order == {
        "before": ["LINE", "VENUES", "RULES", "CHANCE", "VALUE"],
        "now": ["1", "VENUES", "CHANCE", "RULES", "LINE", "VALUE"],
        "after": ["1", "CHANCE", "LINE", "VENUES", "VALUE"],
    }


def test_the_lead_runs_under_the_chance():
    rows = words(one.document(BOARDED, DETAIL, 100, 40))
    leads = next(row for row in rows if row.lstrip().startswith("lead +"))
    assert leads.split()[1] == "+0"
    assert leads.split()[-1] == f"{DETAIL.points[-1].lead:+d}"


def test_hours_before_a_game_are_not_drawn_once_it_is_on():
    early = change(played(1)[0], ts=NOW - 9 * HOUR)
    found = change(DETAIL, points=(early, *DETAIL.points))
    assert one.document(BOARDED, found, 100, 40) == one.document(BOARDED, DETAIL, 100, 40)
    coming = change(BEFORE, points=(early, *BEFORE.points))
    assert one.document(BOARDED, coming, 100, 40) != one.document(BOARDED, BEFORE, 100, 40)
    alone = change(DETAIL, points=(early,))
    assert "nothing to draw yet" not in "\n".join(words(one.document(BOARDED, alone, 100, 40)))


def test_a_game_nobody_knows_much_about():
    bare = change(
        AFTER,
        game=game("A", "B", stale=True, age_ns=200 * SECOND, flags=()),
        away_periods=(),
        home_periods=(),
    )
    rows = "\n".join(words(one.document(VIEW, bare, 80, 30)))
    for words_ in (
        "NOT PRICED: its message is 3m old",
        "no venue lists it",
        "nothing to draw yet",
        "no book's line is known",
        "no model of ours values this game now",
    ):
        assert words_ in rows
    wrong = change(bare, game=change(bare.game, trouble="sides differ"))
    assert "NOT PRICED: sides differ" in "\n".join(words(one.document(VIEW, wrong, 80, 30)))


def test_the_sample_is_the_boards_own_kind():
    assert all(isinstance(each, GameView) for each in GAMES)
    assert all(isinstance(each, VenueLine) for each in LATE.venues)
    assert played(3)[0].ts < played(3)[-1].ts
    assert TONIGHT.phase is Phase.PRE

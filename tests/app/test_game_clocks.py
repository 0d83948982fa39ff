"""What is left of a market that pays a game's winner is the game's, not the time to a distant close."""

import pytest
from app_sample import DAY, DESK, NOW, change, row
from game_sample import BOARDED, DONE, HALF, LATE, LATE_AGAIN, OFF_TODAY, TOMORROW, TONIGHT, game
from pane_sample import VIEW as FULL
from pane_sample import pane_text, press, show_pane

from cockpit.app.panes import desk_rows, nba_rows
from cockpit.domain.games import Phase
from cockpit.domain.units import BID

CLOSE = 13 * DAY
LISTED = tuple(
    row(f"KX-{found.home}", f"{found.away}@{found.home} {found.home}", f"E-{found.home}", bid=50, ask=52, left_ns=CLOSE,
        game=found.id, **fields)
    for found, fields in (
        (HALF, {"fair": (60, 64, 67), "side": BID, "price": 50, "edge": 14, "low": 10, "ev": 2.0, "lot": 50, "mark": "T"}),
        (LATE, {"mark": "W"}), (LATE_AGAIN, {"mark": "z"}), (TONIGHT, {}), (TOMORROW, {}), (DONE, {}), (OFF_TODAY, {}),
    )
)  # fmt: skip
UNKNOWN = row("KX-NONE", "AAA@BBB BBB", "E-BBB", bid=50, ask=52, left_ns=CLOSE, game="nba AAABBB")
VIEW_OF_GAMES = change(BOARDED, rows=(*LISTED, UNKNOWN, *BOARDED.rows[:1]))


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_edges_tell_the_games_clock(run, snapshot, size):
    async with run(VIEW_OF_GAMES, size=size) as desk:
        await desk.settle()
        snapshot(f"edges-games-{size[0]}x{size[1]}", desk.text())


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (HALF, "HALF"),
        (LATE, "Q4 4:11"),
        (LATE_AGAIN, "O2 0:29"),
        (TONIGHT, "7:30p"),
        (TOMORROW, "Wed"),
        (change(TOMORROW, start_ns=NOW + 11 * DAY), "Dec 12"),
        (DONE, "F/OT"),
        (OFF_TODAY, "PPD"),
        (game("A", "B", period=1, clock_ms=720_000), "Q1 12m"),
        (game("A", "B", period=5, clock_ms=130_000), "OT 2:10"),
        (game("A", "B", Phase.BREAK, period=6), "END 2OT"),
        (game("A", "B", Phase.FINAL, period=6), "F/2OT"),
    ],
)
def test_clocks_of_seven_cells(found, told):
    assert nba_rows.clock(found, NOW) == told
    assert len(told) <= nba_rows.BRIEF


async def test_what_is_not_on_the_board_keeps_its_close(run):
    async with run(VIEW_OF_GAMES) as desk:
        lines = {line.split("@")[0].split()[-1]: line for line in pane_text(desk).splitlines() if "@" in line}
        assert "13d" in lines["AAA"]
        assert "HALF" in lines["LAL"]
        assert "13d" not in lines["LAL"]


async def test_by_what_is_left_a_game_that_is_on_comes_first(run):
    async with run(VIEW_OF_GAMES) as desk:
        pane = desk.app.frame.plain_pane
        await press(desk, "s", "s", "s")
        assert pane.sort == "left"
        found = [each.key.removeprefix("KX-") for each in pane.grid.rows]
        assert found == ["DEN", "NYK", "ORL", "KXBTCD-26DEC0115-T84000", "OKC", "SAS", "NONE", "ATL", "POR"]


async def test_the_desk_tells_it_too(run):
    held = [each for event in FULL.desk.events for each in event.positions if "NBAGAME" in each.market]
    listed = tuple(row(each.market, each.label, each.event, game=LATE.id) for each in held)
    view = change(FULL, board=BOARDED.board, rows=(*FULL.rows[:1], *listed))
    async with run(view) as desk:
        await show_pane(desk, "Desk")
        line = next(line for line in pane_text(desk).splitlines() if "BOS@NYK BOS" in line)
        assert line.endswith("Q4 4:11")


def test_legs_of_one_game_share_its_clock():
    event = DESK.events[0]
    clocks = {leg.market: "HALF" for leg in event.positions}
    told = [each.cells[-1][0] for each in desk_rows.positions(change(DESK, events=(event,)), NOW, clocks)]
    assert told == ["HALF", "HALF", "HALF"]
    clocks[event.positions[0].market] = "Q3 4:11"
    told = [each.cells[-1][0] for each in desk_rows.positions(change(DESK, events=(event,)), NOW, clocks)]
    assert told == ["", "Q3 4:11", "HALF"]


def test_a_settlement_still_says_its_state():
    event = DESK.events[1]
    held = change(event, positions=(change(event.positions[0], state="determined"),))
    (made,) = desk_rows.positions(change(DESK, events=(held,)), NOW, {event.positions[0].market: "FINAL"})
    assert made.cells[-1] == ("determined", "warn")

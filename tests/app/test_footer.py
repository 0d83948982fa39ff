"""The last row: what works now, as much of it as there is room for."""

import pytest
from app_sample import DESK, REPLAYING, STATUS, VIEW, SamplePlayer, change

from cockpit.app.chrome import footer
from cockpit.app.keys import HINDSIGHT, Keymap
from cockpit.app.line import length
from cockpit.app.scene import Scene, Target
from cockpit.app.text import CUT
from cockpit.domain.commands import Kill, Lease, Present, Resume
from cockpit.domain.status import Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import View

EVERY = frozenset({"filter", "sort", "why", "detail"})
KEYMAP = Keymap()


def scene(**fields):
    ticket = VIEW.tickets[0]
    usual = {"ticket": ticket, "serves": EVERY, "target": Target(ticket.market, VIEW.rows[0].event)}
    return Scene(fields.pop("view", VIEW), STATUS, **(usual | fields))


def shown(at, width=80):
    return "".join(text for text, _ in footer(KEYMAP, at, width))


def test_with_a_ticket_its_keys_come_first():
    line = shown(scene())
    assert line.startswith("a approve r rej e edit n next w why u unw U flat o ord Ent det")
    assert line.endswith("? help !! KILL")
    assert f" {CUT} " in line


def test_without_one_the_market_comes_first():
    bare = change(VIEW, tickets=(), desk=change(DESK, events=(), working=()))
    line = shown(scene(view=bare, ticket=None))
    assert line.startswith("w why o order Ent detail / find s sort v P&L")
    assert "n next" in line


def test_keys_left_out_leave_their_sign():
    assert CUT not in shown(scene(), 200)
    assert CUT in shown(scene(), 60)


def test_it_fits_and_ends_with_help_and_kill():
    at = scene()
    for width in range(30, 200):
        assert length(footer(KEYMAP, at, width)) <= width
        assert shown(at, width).endswith("? help !! KILL")


def test_more_room_never_shows_less():
    keys = [[role for _, role in footer(KEYMAP, scene(), width)].count("key") for width in range(40, 200)]
    assert keys == sorted(keys)


def test_a_cancel_outlives_the_looks():
    at = scene(target=Target("KXETHD-26DEC0115-T3020"))
    assert "x cxl" in shown(at)
    assert "x cxl" in shown(at, 62)
    assert "sort" not in shown(at, 62)


def test_replay_keys_stand_in_the_replays_own_bar():
    assert "space" not in shown(scene(replay=True), 200)


# ---------------------------------------------------------------------------------------------- hindsight


async def test_the_desks_past_cannot_be_changed(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer()) as desk:
        assert desk.row(23).endswith("? help")
        for key in ("!", "L", "R"):
            await desk.press(key)
            assert HINDSIGHT in desk.text()
        await desk.press("!", "!")
        assert not [sent for sent in desk.link.sent if isinstance(sent, Kill | Resume | Lease)]


async def test_nobody_is_at_the_wheel_of_the_past(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer()) as desk:
        await desk.press("j", "k")
        desk.now += 9 * SECOND
        await desk.press("j")
        assert not desk.link.of(Present)


async def test_a_recorded_kill_cannot_be_resumed(run):
    async with run(change(VIEW, killed=True), REPLAYING, player=SamplePlayer()) as desk:
        assert "RESUME" not in desk.row(23)
        assert "KILLED" in desk.row(0)


async def test_a_small_screen_of_the_past_has_no_kill(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer(), size=(60, 20)) as desk:
        assert "KILL" not in desk.text()


@pytest.mark.parametrize("pane", ["1", "2", "3", "4", "5", "6", "7", "9"])
async def test_a_pane_without_rows_offers_nothing_of_a_row(run, pane):
    async with run(View(), Status("LIVE PAPER")) as desk:
        await desk.press(pane)
        offered = desk.row(-1).split("  ")[0]
        assert not [word for word in ("why", "detail", "find", "sort") if word in offered]
        await desk.press("w")
        assert "w why: nothing to explain here" in desk.text()


async def test_what_is_open_can_be_closed_when_its_rows_are_gone(run):
    async with run() as desk:
        await desk.press("w")
        assert desk.app.frame.boxes["why"].display
        await desk.show(View())
        await desk.press("w")
        assert not desk.app.frame.boxes["why"].display


async def test_a_filter_that_leaves_nothing_can_be_changed(run):
    async with run() as desk:
        await desk.press("/", *"qqq", "enter")
        assert "/ find" in desk.row(-1)
        assert "s sort" not in desk.row(-1)


@pytest.mark.parametrize("keys", [("o",), (",",), ("?",), ("L",), ("ctrl+p",)], ids=str)
@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_a_dialog_leaves_no_scraps_of_the_rows_it_covers(run, keys, size):
    async with run(size=size) as desk:
        await desk.press(*keys)
        rows = desk.text().splitlines()
        beside = desk.app.frame.query_one("#panes").region.right
        top = next(i for i, row in enumerate(rows) if row.lstrip().startswith("+- "))
        end = next(i for i, row in enumerate(rows) if i > top and row.lstrip().startswith("+--"))
        left = rows[top].index("+")
        right = rows[end].index("+", left + 1) + 1
        for row in rows[top : end + 1]:
            assert not row[:left].strip()
            assert not row[right:beside].strip()
        assert rows[-1].split() == ["Esc", "leave", "!!", "KILL"]

"""What stands where at which size."""

import pytest
from app_sample import change
from pane_sample import DETAIL, LIVE, VIEW, show_pane

from cockpit.app.text import CUT


def explain(desk):
    """Have the link tell all about any market it is asked for."""
    desk.link.view = lambda focus="": change(VIEW, detail=DETAIL) if focus else VIEW


SIZES = [(80, 24), (120, 30), (140, 40), (160, 50), (200, 60), (240, 70)]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("title", ["Edges", "Desk", "Feeds"])
async def test_enter_opens_the_detail_at_every_width(run, size, title):
    """Again closes it; while it is open it scrolls and has the pane's place."""
    async with run(VIEW, LIVE, size=size) as desk:
        pane = await show_pane(desk, title)
        if title == "Desk":
            await desk.press("j")
        await desk.press("enter")
        await desk.settle()
        frame = desk.app.frame
        assert frame.beside.display
        assert not frame.query_one("#panes").display
        assert frame.beside.keyed
        await desk.press("enter")
        await desk.settle()
        assert frame.query_one("#panes").display
        assert pane.display


async def test_beside_it_ends_with_what_enter_shows(run):
    async with run(VIEW, LIVE, size=(160, 34)) as desk:
        explain(desk)
        await desk.settle()
        beside = desk.app.frame.beside
        shown = [row[beside.region.x : beside.region.right] for row in desk.text().splitlines()]
        assert any(f"{CUT} " in row and "more rows in the detail" in row for row in shown)
        await desk.press("enter")
        await desk.settle()
        await desk.press("G")
        await desk.settle()
        assert "only BRTI counts" in desk.text()


async def test_the_desk_stays_where_it_is(run):
    async with run(VIEW, LIVE, size=(200, 60)) as desk:
        side = desk.app.frame.boxes["side"].region
        await desk.press("enter")
        await desk.settle()
        assert desk.app.frame.boxes["side"].region == side
        assert side.right == 200


@pytest.mark.parametrize("title", ["Lab", "Feeds"])
async def test_panes_without_money_keep_the_desk_beside_them_where_there_is_room(run, title):
    for size, whole in (((80, 24), False), ((140, 28), False), ((140, 40), True), ((200, 60), True)):
        async with run(VIEW, LIVE, size=size) as desk:
            await show_pane(desk, title)
            text, boxes = desk.text(), desk.app.frame.boxes
            assert boxes["spots"].display is whole
            assert boxes["side"].display is whole
            assert boxes["money"].display is whole
            assert text.count("DAY net +34.84 mid") == (2 if whole else 1)
            assert ("WORKING" in text) is whole
            assert desk.app.frame.strip.region.height == (4 if whole else 1)


async def test_the_desk_shows_its_money_once(run):
    async with run(VIEW, LIVE, size=(200, 60)) as desk:
        await show_pane(desk, "Desk")
        assert desk.text().count("DAY ") == 1
        assert desk.app.frame.boxes["spots"].display


async def test_a_terminal_of_letters(run):
    async with run(VIEW, LIVE, ascii_only=True) as desk:
        explain(desk)
        await desk.press("enter")
        await desk.settle()
        assert "x both" in desk.text()
        assert desk.text().replace(CUT, "").isascii()
        assert desk.app.ascii_only
    async with run(VIEW, LIVE) as desk:
        explain(desk)
        await desk.press("enter")
        await desk.settle()
        assert not desk.text().replace(CUT, "").isascii()


async def test_no_limit_is_a_dash(run):
    view = change(VIEW, desk=change(VIEW.desk, loss_left=None))
    async with run(view, LIVE) as desk:
        assert "| loss left -" in desk.row(21)
        await show_pane(desk, "Desk")
        assert "| loss left -" in desk.text()

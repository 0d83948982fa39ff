"""What every pane does with nothing, with what is old, with dead feeds, with little room and with a lot of it."""

import msgspec
import pytest
from app_sample import NOW, change
from books_sample import VIEW_OF_ODDS
from mention_sample import SCHEDULE
from pair_sample import HEDGE, SPREADS
from pane_sample import LANES, LIVE, QUIET, VIEW, show_pane
from weather_sample import WEATHER

from cockpit.app.frame import LEAST
from cockpit.app.panes.registry import PANES
from cockpit.app.text import CUT
from cockpit.domain.status import Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import View

TITLES = [spec.title for spec in PANES]
SIZES = [(80, 24), (120, 30), (140, 40), (200, 60)]
FULL = change(
    VIEW_OF_ODDS, schedule=SCHEDULE, weather=WEATHER, spreads=SPREADS, lanes=LANES, desk=VIEW.desk, notes=VIEW.notes
)  # fmt: skip
"""Something in every pane."""
LONG_AGO_NS = 3 * 3_600 * SECOND
OLD = {"age_ns": 900 * SECOND, "heard_ns": NOW - LONG_AGO_NS, "stale": True, "mark": "z"}


def aged(value, key=""):
    """The same view with everything in it old."""
    if isinstance(value, dict):
        return {name: aged(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [aged(each, key) for each in value]
    return OLD.get(key, value)


STALE = msgspec.convert(aged(msgspec.to_builtins(FULL)), View)
LATE = change(
    LIVE, feeds=tuple(change(feed, note="silent for 900 s", age_ns=OLD["age_ns"]) for feed in LIVE.feeds)
)
DOWN = change(LIVE, feeds=tuple(change(feed, up=False, note="connection refused") for feed in LIVE.feeds))
MUTE = Status("LIVE PAPER")


def certain(value, key=""):
    """The same view, every chance as good as sure: three figures of three cells."""
    if isinstance(value, dict):
        if key in ("fair", "chance"):
            return value | {"low": 0.994, "mid": 0.996, "high": 1.0}
        return {name: certain(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [certain(each, key) for each in value]
    return {"said_low": 0.994, "said_mid": 0.996, "said_high": 1.0}.get(key, value)


def rows_of(desk):
    """The rows of the pane, without what stands beside it."""
    region = desk.app.frame.plain_pane.region
    return [row[region.x : region.right] for row in desk.text().splitlines()[region.y : region.bottom]]


def fits(desk):
    width, height = desk.app.size
    rows = desk.text().splitlines()
    return len(rows) <= height and all(len(row) <= width for row in rows)


@pytest.mark.parametrize("title", [title for title in TITLES if title != "Lab"])
async def test_nothing_yet(run, snapshot, title):
    """Empty is designed: each says what is missing, and nobody shouts."""
    async with run(QUIET, MUTE) as desk:
        pane = await show_pane(desk, title)
        snapshot(f"nothing-{title.lower()}", desk.text())
        assert any(row.strip() for row in rows_of(desk)[1:])
        assert desk.app.scene.ticket is None
        assert not pane.target().market


@pytest.mark.parametrize("title", [title for title in TITLES if title != "Lab"])
async def test_all_is_old(run, snapshot, title):
    async with run(STALE, LATE) as desk:
        await show_pane(desk, title)
        snapshot(f"old-{title.lower()}", desk.text())
        assert "K 15m!" in desk.text()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("title", TITLES)
async def test_every_source_is_down(run, title, size):
    async with run(FULL, DOWN, size=size) as desk:
        await show_pane(desk, title)
        (feeds,) = (row for row in desk.text().splitlines() if row.startswith("FEED"))
        assert feeds.count(" DOWN") >= 3
        assert fits(desk)


@pytest.mark.parametrize("status", [MUTE, DOWN], ids=["mute", "down"])
async def test_the_first_panes_say_why_they_are_empty(run, status):
    why = "every source is down" if status is DOWN else "no source has spoken yet"
    async with run(QUIET, status) as desk:
        for title in ("Edges", "Spreads"):
            await show_pane(desk, title)
            assert any(why in row for row in rows_of(desk))


@pytest.mark.parametrize("title", TITLES)
async def test_too_small_and_large_again(run, title):
    """Nothing breaks at any size, the kill is always told, and what comes back is what was there."""
    async with run(FULL, LIVE) as desk:
        await show_pane(desk, title)
        before = desk.text()
        for size in (
            (60, 15),
            (40, 10),
            (20, 5),
            (20, 3),
            (14, 2),
            (1, 1),
            (79, 60),
            (200, 23),
            (300, 90),
            LEAST,
        ):
            await desk.pilot.resize_terminal(*size)
            await desk.settle()
            assert fits(desk)
            if size[0] >= 14 and (size[0] < LEAST[0] or size[1] < LEAST[1]):
                assert "!! KILL" in desk.text()
                assert (" LIVE PAPER " in desk.text()) is (size[1] > 4)
        assert desk.text() == before


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("title", TITLES)
async def test_a_size_shows_what_it_shows_from_the_start(run, title, size):
    async with run(FULL, LIVE, size=size) as desk:
        await show_pane(desk, title)
        fresh = desk.text()
    async with run(FULL, LIVE, size=(230, 66)) as desk:
        await show_pane(desk, title)
        for each in ((90, 24), (40, 10), size):
            await desk.pilot.resize_terminal(*each)
            await desk.settle()
        await desk.settle()
        assert desk.text() == fresh


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("title", ["Edges", "NBA", "Mentions", "Books", "Weather", "Desk"])
async def test_figures_are_never_cut(run, title, size):
    """A name may be; half a number is another number."""
    view = msgspec.convert(certain(msgspec.to_builtins(FULL)), View)
    async with run(view, LIVE, size=size) as desk:
        await show_pane(desk, title)
        for row in rows_of(desk):
            before = row.partition(CUT)[0].rpartition(" ")[2]
            assert not (CUT in row and before.replace("-", "").isdigit()), row


async def test_a_screen_too_small_tells_what_waits_and_what_is_loud(run, snapshot):
    async with run(change(FULL, tickets=(HEDGE,)), LIVE, size=(60, 15)) as desk:
        snapshot("small-60x15", desk.text())
    async with run(change(FULL, killed=True), LIVE, size=(60, 15)) as desk:
        assert " KILLED " in desk.row(0)
        assert "R resumes" in desk.text()
    many = tuple(change(FULL.tickets[0], id=f"D-{i}") for i in range(20))
    async with run(change(FULL, tickets=many), LIVE, size=(60, 12)) as desk:
        assert f"{CUT} " in desk.row(10)
        assert " more" in desk.row(10)
        assert desk.row(11).startswith("FEED")


async def test_a_width_that_came_without_an_event_is_found(run):
    """A busy terminal: the table has its place and was never told so."""
    async with run() as desk:
        pane = await show_pane(desk, "Edges")
        whole = pane.grid._plan
        pane.grid._for, pane.grid._plan = 0, whole[:1]
        await desk.settle()
        assert pane.grid._plan == whole

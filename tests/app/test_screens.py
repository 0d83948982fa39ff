"""Whole screens as text, and what must hold on every one of them."""

import pytest
from app_sample import DESK, EMPTY, NOTES, NOW, REPLAYING, ROWS, STATUS, TICKETS, VIEW, SamplePlayer, change

from cockpit.app.frame import LEAST
from cockpit.app.text import CUT

SIZES = [(80, 24), (140, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_edges_with_a_ticket(run, snapshot, size):
    async with run(size=size) as desk:
        text = desk.text()
    snapshot(f"edges-{size[0]}x{size[1]}", text)
    rows = text.splitlines()
    assert len(rows) == size[1]
    assert all(len(row) <= size[0] for row in rows)


STATES = {
    "empty": (EMPTY, change(STATUS, keyed=False, feeds=(), recording="")),
    "refused": (change(VIEW, tickets=TICKETS[1:]), STATUS),
    "no-side": (change(VIEW, tickets=TICKETS[2:]), STATUS),
    "no-ticket": (change(VIEW, tickets=()), STATUS),
    "killed": (change(VIEW, killed=True), STATUS),
    "killed-no-ticket": (change(VIEW, killed=True, tickets=()), STATUS),
    "away": (change(VIEW, away=True, tickets=()), STATUS),
    "doubt": (change(VIEW, rows=tuple(change(row, mark="?", flags=("DOUBT",)) for row in ROWS), tickets=()), STATUS),
    "stale": (change(VIEW, rows=tuple(change(row, mark="z", flags=("STALE",)) for row in ROWS), tickets=()), STATUS),
    "polled": (change(VIEW, rows=tuple(change(row, flags=(*row.flags, "POLLED")) for row in ROWS)), STATUS),
    "replay": (VIEW, REPLAYING),
    "synthetic": (VIEW, change(STATUS, keyed=False, mode="DEMO", synthetic=True)),
    "ended": (VIEW, change(STATUS, fault="journal: disk full")),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
async def test_states(run, snapshot, state):
    view, status = STATES[state]
    async with run(view, status, player=SamplePlayer() if status.playback else None) as desk:
        snapshot(f"state-{state}", desk.text())


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("help", ["?"]),
        ("help-end", ["?", "G"]),
        ("why", ["w"]),
        ("order", ["o", "down", "8", "7"]),
        ("edit", ["e"]),
        ("lease", ["L"]),
        ("flatten", ["U"]),
        ("palette", ["ctrl+p", "t", "h", "e", "m"]),
        ("filter", ["/", "e", "t", "h"]),
        ("fees", ["v"]),
        ("next", ["n", "n"]),
        ("sort-name", ["s", "s", "s", "s"]),
        ("kill-once", ["!"]),
    ],
)
async def test_after_keys(run, snapshot, name, keys):
    async with run() as desk:
        await desk.press(*keys)
        snapshot(f"key-{name}", desk.text())


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (40, 10), (20, 4)], ids=str)
async def test_too_small_still_says_what_matters(run, snapshot, size):
    async with run(size=size) as desk:
        text = desk.text()
    snapshot(f"small-{size[0]}x{size[1]}", text)
    assert "KILL" in text


async def test_growing_back_shows_all_again(run):
    async with run(size=(60, 20)) as desk:
        assert "needs" in desk.text()
        await desk.pilot.resize_terminal(*LEAST)
        await desk.settle()
        assert "TICKET 1/3" in desk.text()
        assert "BTC >84,000 3pm" in desk.row(4)


@pytest.mark.parametrize("size", [(170, 45), (100, 30), (80, 24)], ids=str)
async def test_another_size_shows_what_it_shows_from_the_start(run, size):
    async with run(size=size) as desk:
        fresh = desk.text()
    async with run(size=(120, 26)) as desk:
        await desk.pilot.resize_terminal(*size)
        await desk.settle()
        assert desk.text() == fresh


async def test_nothing_long_is_cut_without_its_sign(run):
    """Long names, many feeds and large sums: each row fits, and says so when something is missing."""
    long = tuple(
        change(row, label=f"{row.label} with a very long name that does not fit anywhere") for row in ROWS
    )
    ticket = change(TICKETS[0], label="a very long name " * 5, refusal="a long reason " * 10)
    feeds = tuple(change(STATUS.feeds[0], source=f"source{i}.ws") for i in range(30))
    desk_view = change(DESK, net=10**17, net_liquidation=-(10**17), cash=10**17, at_risk=10**17)
    view = change(VIEW, rows=long, tickets=(ticket,), desk=desk_view, spots=VIEW.spots * 5)
    async with run(view, change(STATUS, feeds=feeds)) as desk:
        rows = desk.text().splitlines()
    assert all(len(row) <= 80 for row in rows)
    cut = [y for y, row in enumerate(rows) if CUT in row]
    assert {1, 4, 17, 20, 22} <= set(cut)
    assert "BUY YES 100 @ 86c" in rows[17]
    assert "NOT ARMED" in rows[17]
    assert rows[23].endswith("? help !! KILL")


async def test_foreign_text_cannot_shift_the_columns(run):
    wild = "x\x1b[31m\u202e東京🎉≥5\x00\n\u0301"
    view = change(VIEW, rows=(change(ROWS[0], label=wild),), tickets=(change(TICKETS[0], label=wild),))
    async with run(view) as desk:
        text = desk.text()
    assert "\x1b" not in text
    assert all(char.isascii() or char == CUT for char in text)
    assert desk is not None
    assert text.splitlines()[4].endswith("240")


async def test_a_refused_command_is_told_at_once(run):
    async with run() as desk:
        await desk.press("o", "enter", "enter", "enter")
        note = change(NOTES[0], n=3, kind="refused", text="order cap: 86.00 of 50.00", loud=False)
        await desk.show(change(VIEW, notes=(*NOTES, note)))
        assert desk.row(16) == " order cap: 86.00 of 50.00"


async def test_tall_screens_keep_the_legend_beside_the_message(run):
    async with run(size=(100, 30)) as desk:
        await desk.press("!")
        rows = desk.text().splitlines()
    at = next(y for y, row in enumerate(rows) if row.startswith("-- edge"))
    assert "again within 2 s" in rows[at + 1]


async def test_the_clock_is_new_york(run):
    async with run() as desk:
        assert desk.row(0).endswith("14:52:07 ET")
        await desk.show(change(VIEW, ts=NOW + 3_600_000_000_000))
        assert desk.row(0).endswith("15:52:07 ET")

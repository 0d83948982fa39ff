"""Feeds: is everything coming in, and why is nothing quoted?"""

import pytest
from app_sample import STATUS, SamplePlayer, change
from pane_sample import (
    FEEDS,
    LIVE,
    NOTES,
    QUIET,
    REPLAYING,
    VIEW,
    WHYS,
    pane_text,
    press,
    show_pane,
)

from cockpit.app.line import length
from cockpit.app.panes import feeds
from cockpit.app.scene import Scene, Target
from cockpit.app.text import CUT
from cockpit.domain.view import Note

SIZES = [(80, 24), (140, 40), (200, 60)]
REASONED = change(VIEW, rows=WHYS)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_feeds(run, snapshot, size):
    async with run(REASONED, LIVE, size=size) as desk:
        await show_pane(desk, "Feeds")
        snapshot(f"feeds-{size[0]}x{size[1]}", pane_text(desk))


@pytest.mark.parametrize(
    ("name", "view", "status"),
    [
        ("empty", QUIET, change(STATUS, keyed=False, feeds=(), recording="", name="")),
        ("replay", change(REASONED, no_trades=True), change(REPLAYING, synthetic=True)),
        (
            "killed",
            change(REASONED, killed=True, away=True, tickets=()),
            change(LIVE, fault="journal: disk full"),
        ),
    ],
)
async def test_states(run, snapshot, name, view, status):
    async with run(view, status, player=SamplePlayer() if status.playback else None) as desk:
        await show_pane(desk, "Feeds")
        snapshot(f"feeds-{name}", pane_text(desk))


async def test_the_log_is_filtered(run):
    async with run(VIEW, LIVE) as desk:
        pane = await show_pane(desk, "Feeds")
        await press(desk, "/", *"doubt", "enter")
        text = pane_text(desk)
        assert "book in doubt, gap of 3" in text
        assert "D-41" not in text
        assert "'doubt'" in pane.legend()
        await press(desk, "/", *"zzz", "enter")
        assert "nothing contains 'doubtzzz'" in pane_text(desk)
        await press(desk, "escape")
        assert "D-41" in pane_text(desk)
        await press(desk, "/", *"gap", "space", *"doubt", "enter")
        assert "book in doubt, gap of 3" in pane_text(desk)
        assert "D-41" not in pane_text(desk)


async def test_a_note_is_about_its_market(run):
    async with run(VIEW, LIVE) as desk:
        pane = await show_pane(desk, "Feeds")
        assert pane.target() == Target(NOTES[-1].market, VIEW.rows[0].event)
        await press(desk, "j")
        assert pane.target() == Target()
        newer = Note(95, NOTES[-1].ts, "info", "something new")
        await desk.show(change(VIEW, notes=(*NOTES, newer)))
        assert pane.notes.selected == "93"


async def test_the_money_line_turns_to_the_rules(run):
    async with run(VIEW, LIVE) as desk:
        await show_pane(desk, "Feeds")
        assert pane_text(desk).startswith("DAY net +34.84")
        await press(desk, "v")
        assert pane_text(desk).startswith(
            "ALL NET: cross -4.10 tail +29.75 FIFO +34.84 touch +61.20 | flat fees +35.12"
        )


async def test_many_sources_leave_the_log_some_rows(run):
    many = tuple(change(FEEDS[0], source=f"source{i}.ws") for i in range(40))
    async with run(VIEW, change(LIVE, feeds=many)) as desk:
        await show_pane(desk, "Feeds")
        rows = pane_text(desk).splitlines()
    assert rows[1].startswith("v")
    log = next(i for i, row in enumerate(rows) if "LOG" in row)
    assert len(rows) - 1 - log >= 4


# ---------------------------------------------------------------------------------------------- words


def said(view, fault=""):
    return ["".join(text for text, _ in part.line) for part in feeds.quotes(view, fault=fault)]


def test_every_market_has_a_reason_the_commonest_first():
    words = said(REASONED)
    assert words[0] == "3 tickets waiting"
    assert words[1] == "9 of 12 markets not proposed:"
    assert words[2].startswith("3 low side of the band has no edge")
    counts = [int(word.split()[0]) for word in words[2:]]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 9


def test_reasons_are_found_where_the_engine_gives_none():
    words = " | ".join(said(change(VIEW, tickets=())))
    assert "0 tickets waiting" in words
    for reason in (
        "LOW under 5c",
        "book in doubt",
        "fair value stale",
        "no model of ours",
        "no side worth buying",
    ):
        assert reason in words


def test_what_stops_everything_comes_first():
    words = said(change(VIEW, killed=True, away=True), fault="journal: disk full")
    assert [word.split(":")[0] for word in words[:3]] == ["SESSION ENDED", "KILLED", "AWAY"]


def test_reasons_that_do_not_fit_show_a_sign():
    rows = tuple(
        change(VIEW.rows[6], ticker=str(i), why=f"a reason of its own, number {i}") for i in range(40)
    )
    lines = feeds.facts(Scene(change(VIEW, rows=rows), LIVE), 80)
    assert all(length(line) <= 80 for line in lines)
    assert lines[-1][-1][0] == CUT


def test_a_source_that_is_down_says_so_in_words():
    up, down, late = (feeds._source(feed) for feed in (FEEDS[0], FEEDS[4], FEEDS[3]))
    assert [row.cells[1][0] for row in (up, down, late)] == ["up", "DOWN", "up !"]

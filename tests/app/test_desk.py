"""The desk: what it prints, what its cursor means to keys, and how it shares its rows."""

import re

import pytest
from app_sample import EVENT, STATUS, SamplePlayer, change, dollars, order
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import (
    BTC,
    DESK,
    ETH,
    FILLS,
    LANES,
    LIVE,
    NOTES,
    NOW,
    POSITIONS,
    QUIET,
    REPLAYING,
    VIEW,
    WORKING,
    pane_text,
    press,
    rung,
    show_pane,
)

from cockpit.app import cells
from cockpit.app.cells import COUNTED, VALUATIONS, following
from cockpit.app.line import length
from cockpit.app.panes import desk_rows
from cockpit.app.scene import Scene, Target
from cockpit.app.text import CUT
from cockpit.app.widgets import payoff
from cockpit.app.widgets.block import share_rows
from cockpit.domain.commands import CancelOrder, Flatten, Unwind
from cockpit.domain.units import SECOND
from cockpit.domain.view import DeskView, Note, RungView

SIZES = [(80, 24), (140, 40), (200, 60)]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_desk(run, snapshot, size):
    async with run(VIEW, size=size) as desk:
        await show_pane(desk, "Desk")
        snapshot(f"desk-{size[0]}x{size[1]}", pane_text(desk))


@pytest.mark.parametrize(
    ("name", "view", "status", "keys"),
    [
        ("empty", QUIET, STATUS, []),
        ("fills", VIEW, STATUS, ["G"]),
        ("tail", VIEW, STATUS, ["v", "v"]),
        ("hindsight", VIEW, REPLAYING, []),
        ("no-trades", change(VIEW, no_trades=True, desk=change(DESK, by_rule=(dollars(-4.1), None, None, None))), STATUS, ["v"]),
    ],
)  # fmt: skip
async def test_states(run, snapshot, name, view, status, keys):
    async with run(view, status, player=SamplePlayer() if status.playback else None) as desk:
        await show_pane(desk, "Desk")
        await press(desk, *keys)
        snapshot(f"desk-{name}", pane_text(desk))


async def test_why_of_an_order_is_its_story(run, snapshot):
    async with run(VIEW) as desk:
        pane = await show_pane(desk, "Desk")
        await press(desk, *["j"] * 5, "w")
        assert pane.target().order == "desk-40"
        snapshot("desk-why", "\n".join(desk.text().splitlines()[1:-1]) + "\n")


class TestTheCursor:
    async def test_it_goes_through_positions_orders_and_fills(self, run):
        async with run(VIEW) as desk:
            pane = await show_pane(desk, "Desk")
            seen = [pane.target()]
            for _ in range(14):
                await desk.press("j")
                if pane.target() != seen[-1]:
                    seen.append(pane.target())
            assert seen[0] == Target(event=EVENT)
            assert seen[1] == Target(BTC, EVENT)
            assert [target.order for target in seen if target.order] == [o.id for o in WORKING]
            assert Target(ETH) in seen
            await desk.press("g")
            assert pane.target() == seen[0]

    async def test_only_one_row_is_marked(self, run):
        async with run(VIEW) as desk:
            pane = await show_pane(desk, "Desk")
            for key in ["j"] * 12:
                await press(desk, key)
                assert sum(row.startswith(">") for row in pane_text(desk).splitlines()) == 1
            assert pane.positions.cursor == pane.working.cursor == 0

    async def test_unwind_and_flatten_act_on_the_position(self, run):
        async with run(VIEW) as desk:
            await show_pane(desk, "Desk")
            await press(desk, "j", "u")
            desk.wait(1_000)
            (sent,) = desk.link.of(Unwind)
            assert sent.market == BTC
            await press(desk, "U", "y")
            desk.wait(1_000)
            assert [command.event for command in desk.link.of(Flatten)] == [EVENT]

    async def test_cancel_and_edit_act_on_the_order(self, run):
        async with run(VIEW) as desk:
            await show_pane(desk, "Desk")
            await press(desk, *["j"] * 6, "x")
            desk.wait(1_000)
            assert [command.order for command in desk.link.of(CancelOrder)] == ["desk-38"]
            await press(desk, "e")
            assert "desk-38" in desk.text()
            assert desk.app.dialog is not None

    async def test_it_stays_on_its_order(self, run):
        async with run(VIEW) as desk:
            pane = await show_pane(desk, "Desk")
            await press(desk, *["j"] * 6)
            assert pane.target().order == "desk-38"
            fewer = change(DESK, working=WORKING[1:], events=POSITIONS[:1])
            await desk.show(change(VIEW, desk=fewer))
            assert pane.target().order == "desk-38"
            await desk.show(change(VIEW, desk=change(DESK, working=())))
            assert pane.target() == Target(event=EVENT)

    async def test_the_newest_fill_is_seen_while_the_cursor_is_elsewhere(self, run):
        async with run(VIEW) as desk:
            await show_pane(desk, "Desk")
            newer = change(FILLS[0], ts=NOW, order="desk-99")
            await desk.show(change(VIEW, desk=change(DESK, fills=(newer, *FILLS))))
            assert "desk-99" in pane_text(desk)

    async def test_the_detail_key_on_an_event_is_about_its_first_leg(self, run):
        async with run(VIEW) as desk:
            await show_pane(desk, "Desk")
            await press(desk, "enter")
            assert desk.app.scene.target.market == BTC


# ---------------------------------------------------------------------------------------------- figures


def cells_of(rows, key):
    row = next(row for row in rows if row.key == key)
    return {column.key: text for column, (text, _) in zip(desk_rows.POSITIONS, row.cells, strict=True)}


def test_a_short_position_is_told_as_the_no_it_holds():
    cells = cells_of(desk_rows.positions(DESK, NOW), f"position {POSITIONS[0].positions[1].market}")
    assert (cells["side"], cells["qty"], cells["avg"], cells["mid"], cells["fair"]) == (
        "NO",
        "60",
        "66",
        "63",
        "63",
    )
    assert cells["band"] == "61-63-65"
    assert cells["what"] == " 84,250-84,500"


def test_a_settlement_state_stands_where_its_time_stood():
    cells = cells_of(desk_rows.positions(DESK, NOW), f"position {POSITIONS[2].positions[0].market}")
    assert cells["settles"] == "disputed"
    assert cells["mid"] == "18.5"


def test_an_event_sums_its_legs_and_does_not_guess():
    legs = POSITIONS[0].positions
    blind = change(POSITIONS[0], positions=(legs[0], change(legs[1], open=None, mid2=None)))
    rows = desk_rows.positions(change(DESK, events=(POSITIONS[0],)), NOW)
    assert cells_of(rows, f"event {EVENT}")["open"] == "+2.40"
    rows = desk_rows.positions(change(DESK, events=(blind,)), NOW)
    assert cells_of(rows, f"event {EVENT}")["open"] == "-"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"state": "sent", "live_ns": 0}, "sent"),
        ({"state": "cancelling"}, "cxl"),
        ({"state": "working", "ahead": 0}, "ok"),
        ({"state": "working", "expires_ns": 0}, "ok"),
        ({"state": "working", "live_ns": NOW - 5 * SECOND, "ahead": 10, "entry_ahead": 10}, "ok"),
        ({"state": "working", "live_ns": NOW - 100 * SECOND, "ahead": 50, "entry_ahead": 100}, "ok"),
        ({"state": "working", "live_ns": NOW - 100 * SECOND, "ahead": 60, "entry_ahead": 100}, "slow"),
        ({"state": "working", "live_ns": NOW - 100 * SECOND, "ahead": 5, "entry_ahead": 5}, "slow"),
    ],
)
def test_an_order_is_slow_when_its_queue_outlasts_it(fields, state):
    usual = {"expires_ns": NOW + 100 * SECOND}
    assert desk_rows.order_state(order("o", BTC, "x", **(usual | fields)), NOW) == state


def test_settlements_stand_among_the_fills_with_their_newest_word():
    told = (
        Note(1, NOW - 60 * SECOND, "settled", "BTC >1 2pm determined at 100c: +12.30", "A"),
        Note(2, NOW - 50 * SECOND, "settled", "ETH >1 2pm determined at 0c: -4.00", "B"),
        Note(3, NOW - 10 * SECOND, "settled", "BTC >1 2pm final at 100c: +12.30", "A"),
    )
    rows = [row for row in desk_rows.fills(DESK, told) if row.key.startswith("settled")]
    texts = [[text for text, _ in row.cells] for row in rows]
    assert [(t[2], t[4], t[5]) for t in texts] == [
        ("Y=100", "BTC >1 2pm\t+12.30", "final"),
        ("Y=0", "ETH >1 2pm\t-4.00", "prov."),
    ]
    assert rows[0].key == "settled A"


def test_fills_keep_their_names_when_newer_ones_come():
    old = desk_rows.fill_keys(FILLS)
    assert len(set(old)) == len(FILLS)
    assert desk_rows.fill_keys((change(FILLS[0], ts=NOW), *FILLS))[1:] == old


@pytest.mark.parametrize(
    ("headline", "names"),
    [
        ("fifo", "cross tail FIFO touch flat fees"),
        ("tail", "cross TAIL fifo touch flat fees"),
        ("", "cross tail fifo touch flat fees"),
        ("mixed", "cross tail fifo touch flat fees (rules mixed)"),
    ],
)
def test_rules_that_count_are_in_capitals(headline, names):
    lanes = (change(LANES[1], headline="touch"), change(LANES[0], headline=headline))
    parts = cells.by_rule(Scene(change(VIEW, lanes=lanes), LIVE))
    words = " ".join("".join(text for text, _ in item.line) for item in parts)
    assert " ".join(re.sub(r"[+-][0-9.]+|\|", "", words).split()) == names


async def test_the_day_comes_before_all_days(run):
    async with run(VIEW, LIVE) as desk:
        await show_pane(desk, "Desk")
        first = pane_text(desk).splitlines()[0]
    assert first.startswith("DAY +34.84 liq +27.09 | ALL real +31.42")
    assert "NET +134.84" in first


def test_the_net_is_counted_one_way_after_the_other():
    seen = [COUNTED]
    while len(seen) < 7:
        seen.append(following(seen[-1], [DESK]))
    assert [valuation.name for valuation in seen] == ["net", "cross", "tail", "fifo", "touch", "flat", "net"]
    assert [valuation.net(DESK) for valuation in seen[:2]] == [DESK.net, DESK.by_rule[0]]
    bare = change(DESK, by_rule=(None, None, None, None))
    assert following(COUNTED, [bare]).name == "flat"


def test_every_legend_fits_the_narrowest_screen():
    assert all(len(valuation.words) <= 77 for valuation in VALUATIONS)


# ---------------------------------------------------------------------------------------------- payoff ladder


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (84_000 * 10**8, "84,000"),
        (8_399_999_000_000, "84,000"),
        (84_000 * 10**8 - 1, "84,000"),
        (301_651_000_000, "3,016.51"),
        (13_774_000_000, "137.74"),
        (58_990_000, "0.5899"),
        (-5 * 10**8, "-5"),
    ],
)
def test_a_rung_ends_at_its_strike(value, words):
    assert payoff.strike(value) == words


def test_rungs_have_names():
    names = [payoff.rung_label(r) for r in POSITIONS[0].rungs]
    assert names == ["<84,000", "to 84,250", "to 84,500", "above"]
    assert payoff.rung_label(RungView(None, None, "", 0)) == "always"
    assert payoff.rung_label(RungView(None, None, "none of these", 0)) == "none of these"


MANY = change(
    POSITIONS[0],
    rungs=tuple(
        rung(84_000 + 100 * i if i else None, 84_100 + 100 * i, -9.5 if i == 13 else 4.25, here=i == 4)
        for i in range(16)
    ),
)


@given(st.integers(70, 200))
def test_a_ladder_too_long_keeps_the_worst_and_ours_and_says_so(width):
    line = payoff.row(MANY, width)
    words = "".join(text for text, _ in line)
    assert length(line) <= width
    assert "*to 84,500 +4.25" in words
    assert "to 85,400 -9.50" in words
    assert CUT in words


@given(st.integers(0, 30), st.integers(40, 120))
def test_bars_fit(height, width):
    lines = payoff.bars(MANY, width, height)
    assert len(lines) <= max(height, 0)
    assert all(length(line) <= width for line in lines)


def test_bars_say_their_sign_without_colour():
    words = ["".join(text for text, _ in line) for line in payoff.bars(POSITIONS[0], 80, 10)]
    assert words[1].endswith("-" * 24)
    assert words[2].strip().startswith("* to 84,250")
    assert words[2].endswith("+44.10 " + "+" * 10)


@given(st.integers(0, 60), st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), min_size=1, max_size=5))
def test_rows_are_shared_out(total, parts):
    wants, least = [want for want, _ in parts], [low for _, low in parts]
    shares = share_rows(total, wants, least)
    assert sum(shares) == min(total, sum(wants))
    assert all(0 <= share <= want for share, want in zip(shares, wants, strict=True))
    if sum(map(min, wants, least)) <= total:
        assert all(share >= min(want, low) for share, want, low in zip(shares, wants, least, strict=True))


async def test_what_does_not_fit_says_so(run):
    long = change(
        WORKING[0], id="desk-1234567890", label="a very long name " * 4, left=10**16, entry_ahead=10**17
    )
    huge = change(
        DESK,
        net=10**17,
        net_liquidation=-(10**17),
        realised=10**17,
        cash=10**18,
        at_risk=10**18,
        working=(long,),
    )
    async with run(change(VIEW, desk=huge)) as desk:
        await show_pane(desk, "Desk")
        rows = pane_text(desk).splitlines()
    assert all(len(row) <= 80 for row in rows)
    assert CUT in rows[0]
    assert any(CUT in row for row in rows if "a very long" in row)


async def test_a_change_paints_its_own_cells_only(run):
    async with run(VIEW) as desk:
        pane = await show_pane(desk, "Desk")
        regions = []
        boxes = (pane.head, pane.positions, pane.payoff, pane.working, pane.fills)
        for box in boxes:
            box.refresh = lambda *found, **_: regions.extend(found)
        orders = (change(WORKING[0], ahead=WORKING[0].ahead - 10**6), *WORKING[1:])
        desk.link.shown = change(VIEW, desk=change(DESK, working=orders))
        desk.app.pull()
        assert [(region.height, region.width) for region in regions] == [(1, 1)]
        regions.clear()
        desk.app.pull()
        assert regions == []


def test_notes_without_a_market_settle_too():
    (row,) = desk_rows.fills(DeskView(), (change(NOTES[0], market="", text="odd words"),))
    assert [text for text, _ in row.cells][4] == "odd words\t"

"""The Lab: lanes side by side, and no more said than the events allow."""

import pytest
from app_sample import SamplePlayer, change
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import LANES, NO_TRADES, QUIET, REPLAYING, VIEW, pane_text, press, show_pane

from cockpit.app.line import length, part
from cockpit.app.panes import lab_rows as lab
from cockpit.app.text import CUT
from cockpit.domain.lab import FamilyView, LaneView, Versus, Waits, WinRate
from cockpit.domain.units import MONEY
from cockpit.models.proportions import wilson

SIZES = [(80, 24), (140, 40), (200, 60)]


def versus(b, state, mean, a="V11", question="version", n=44, **fields):
    said = "cannot tell yet" if state in ("collecting", "no difference yet") else state
    span = (mean - 0.9, mean + 0.9) if n >= 30 else (None, None)
    return Versus(
        question,
        a,
        b,
        n,
        30,
        mean,
        *span,
        21.5 if said == state else 1.13,
        0.04,
        0.2,
        state,
        said,
        1_250,
        None,
        **fields,
    )


VERSIONS = (
    versus("V14", "no difference yet", 0.12),
    versus("V15-tight", "B better", 2.5, missing=("not better under the cross rule",)),
    versus("desk", "collecting", -0.4, a="mirror", question="what choice added", n=6),
    versus("mirror", "A better", -1.25, question="what delay cost"),
)
AGAINST = change(
    VIEW, versions=VERSIONS, lanes=(change(LANES[0], waits=Waits(36, 9, 12.4, 0.21, 0.25)), *LANES[1:])
)


@pytest.mark.parametrize(
    ("name", "size", "keys"),
    [("desk", (80, 24), []), ("mirror", (80, 24), ["j"]), ("base", (80, 24), ["j"] * 3), ("chosen", (80, 24), ["G"]),
     ("wide", (140, 40), ["j"] * 4)],
)  # fmt: skip
async def test_lanes_against_each_other(run, snapshot, name, size, keys):
    async with run(AGAINST, size=size) as desk:
        await show_pane(desk, "Lab")
        await press(desk, *keys)
        snapshot(f"lab-against-{name}", pane_text(desk))


def test_the_net_is_told_by_family_where_there_are_two():
    families = (FamilyView("crypto", 1230 * MONEY // 100, 4), FamilyView("games", -MONEY, 1))
    assert " of it  crypto +12.30 n=4ev  games -1.00 n=1ev" in words(change(LANES[0], families=families))
    assert "of it" not in words(change(LANES[0], families=families[:1]))


def test_a_stop_is_said_by_name():
    stop = versus("V14", "stop", -14.0)
    assert lab.decided(stop) == "stop V14: it loses"
    assert lab.roles(stop) == "alert"
    assert lab.versus_cell("V14", [stop]) == ("-14.00 stop", "alert")
    assert lab.versus_cell("V11", [stop]) == ("-", "dim")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_lab(run, snapshot, size):
    async with run(VIEW, size=size) as desk:
        await show_pane(desk, "Lab")
        snapshot(f"lab-{size[0]}x{size[1]}", pane_text(desk))


@pytest.mark.parametrize(
    ("name", "view", "keys"),
    [
        ("empty", QUIET, []),
        ("losing", VIEW, ["j", "j", "j"]),
        ("failed", VIEW, ["G"]),
        ("flat", VIEW, ["v"] * 5),
        ("no-trades", change(VIEW, lanes=NO_TRADES, no_trades=True), ["G", "k", "k"]),
    ],
)
async def test_states(run, snapshot, name, view, keys):
    async with run(view) as desk:
        await show_pane(desk, "Lab")
        await press(desk, *keys)
        snapshot(f"lab-{name}", pane_text(desk))


async def test_all_about_a_lane_fits_the_narrowest_replay(run):
    async with run(VIEW, REPLAYING, player=SamplePlayer()) as desk:
        await show_pane(desk, "Lab")
        money, text = pane_text(desk).split("\n", 1)
    assert money.startswith("WHAT-IF DAY net +34.84 mid +27.09 liq | then +34.84 |")
    assert " marks  1 s -0.5c" in text
    assert CUT not in text.partition("LANE desk")[2]


async def test_the_lane_under_the_cursor_is_explained(run):
    async with run(VIEW) as desk:
        pane = await show_pane(desk, "Lab")
        assert "LANE desk" in pane_text(desk)
        await press(desk, "j")
        assert pane.grid.selected == "mirror"
        assert "LANE mirror" in pane_text(desk)
        await desk.show(change(VIEW, lanes=LANES[1:]))
        assert "LANE mirror" in pane_text(desk)


async def test_many_lanes_scroll_and_leave_the_detail_its_rows(run):
    many = tuple(change(LANES[3], name=f"V{i}") for i in range(30))
    async with run(change(VIEW, lanes=many)) as desk:
        await show_pane(desk, "Lab")
        await press(desk, "G")
        text = pane_text(desk)
    assert text.splitlines()[1].startswith("^")
    assert "LANE V29" in text
    assert " marks " in text


async def test_the_net_changes_its_name_with_its_meaning(run):
    async with run(VIEW) as desk:
        pane = await show_pane(desk, "Lab")
        await press(desk, "v")
        head, first = pane_text(desk).splitlines()[1:3]
        assert head.split()[-2:] == ["cross", "verdict"]
        assert "-4.10" in first
        assert pane.legend().startswith("cross:")


# ---------------------------------------------------------------------------------------------- words


def test_no_verdict_is_said_calmly():
    assert lab.verdict(LANES[0]) == ("cannot tell yet", "dim")
    assert lab.verdict(LANES[3]) == ("losing", "bad")
    assert lab.verdict(change(LANES[3], verdict="earning")) == ("earning", "good")
    assert lab.verdict(LANES[5]) == ("failed", "alert")
    assert lab.verdict(LaneView("new", "", True)) == ("-", "dim")


def test_fill_rates_of_rules_that_cannot_be_known_are_not_zero():
    assert lab.fill_rates(LANES[0]) == "3/12/14*/40"
    assert lab.fill_rates(change(LANES[0], headline="tail")) == "3/12*/14/40"
    assert lab.fill_rates(LANES[3]) == "6/20/22/51"
    assert lab.fill_rates(change(NO_TRADES[0], headline="cross")) == "3*/-/-/-"
    assert lab.fill_rates(LANES[2]) == "-"


def words(lane, width=80, no_trades=False):
    return "\n".join(
        "".join(text for text, _ in line) for line in lab.about(lane, width, no_trades=no_trades)
    )


def test_counts_say_how_many_events_stand_behind_them():
    text = words(LANES[0])
    assert "cannot tell yet: 6 settled events of the 30 it takes" in text
    assert "filled cross 3%  tail 12%  FIFO 14%  touch 40%" in text
    assert "n=6ev" in text
    assert "4 of 6 67%" in text
    one = change(LANES[0], events=1, win=WinRate(1, 1, 0.2, 1.0))
    assert "1 settled event of the 30 it takes\n" in words(one)
    assert "losing: 44 settled events\n" in words(LANES[3])
    assert "break-even -" in words(one)


def test_pnl_by_rule_is_no_bracket():
    assert "not a bracket" in words(LANES[0])
    assert "rules are mixed" in words(LANES[3])
    assert "no trade stream: only cross" in words(NO_TRADES[0], no_trades=True)


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.floats(0, 1))
def test_the_ruler_keeps_its_order(counts, even):
    n, wins = counts
    low, high = wilson(wins, n)
    line = lab.ruler(WinRate(wins, n, low, high, even))
    marks = "".join(text for text, _ in line[1:-1])
    assert len(marks) == lab.SCALE + 1
    assert marks.count("B") == 1
    without = "".join(text for text, _ in lab.ruler(WinRate(wins, n, low, high))[1:-1])
    seen = without.index("o")
    assert all(sign in "(=" for sign in without[max(without.find("("), 0) : seen] if sign != "-")
    assert ")" not in without[:seen]
    assert "(" not in without[seen:]
    assert length(line) <= 80


@given(st.integers(60, 250), st.sampled_from(LANES))
def test_nothing_about_a_lane_is_too_long(width, lane):
    lines = lab.about(lane, width, no_trades=False)
    assert all(length(line) <= width for line in lines)
    if width >= 80 and not lane.failed:
        assert CUT not in words(lane, width)


async def test_legends_fit(run):
    async with run(VIEW) as desk:
        pane = await show_pane(desk, "Lab")
        assert len(pane.legend()) <= 77
        await desk.show(change(VIEW, no_trades=True))
        assert "no trade stream" in pane.legend()
        assert len(pane.legend()) <= 77


def test_before_anything_has_settled_little_is_said():
    new = versus("V14", "collecting", None, n=0)
    assert lab.against("V14", [new]) == [part("less V11: no event has settled", "dim")]
    assert lab.against("V11", [new]) == []

"""Everything about one market: the ladder, the chart, the explanation, our orders' stories."""

import pytest
from app_sample import ROWS, change
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import BARE, BTC, DETAIL, LEVELS, NOW, VIEW, pane_text, press, show_pane, walk
from textual.geometry import Region

from cockpit.app.line import length
from cockpit.app.panes import market
from cockpit.app.text import CUT, clean
from cockpit.app.theme import load
from cockpit.app.widgets import chart
from cockpit.app.widgets.ladder import ladder, rungs
from cockpit.app.widgets.line_box import LineBox
from cockpit.domain.units import QTY, SECOND
from cockpit.domain.view import Band, Level, Point


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


def explain(desk, found=DETAIL):
    """Have the engine tell this detail of whatever market is asked for."""
    link = desk.link
    link.view = lambda focus="": change(link.shown, detail=found) if focus else link.shown


async def opened(desk, found=DETAIL):
    explain(desk, found)
    await show_pane(desk, "Edges")
    await press(desk, "enter")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_alone(run, snapshot, size):
    async with run(VIEW, size=size) as desk:
        await opened(desk)
        snapshot(f"detail-{size[0]}x{size[1]}", pane_text(desk))


async def test_beside_the_pane(run, snapshot):
    async with run(VIEW, size=(200, 60)) as desk:
        explain(desk)
        for _ in range(3):
            await desk.settle()
        region = desk.app.frame.beside.region
        rows = [row[region.x :] for row in desk.text().splitlines()[region.y : region.bottom]]
    snapshot("detail-200x60", "\n".join(rows) + "\n")
    assert "Bitcoin price above" in rows[0]


@pytest.mark.parametrize(("name", "keys"), [("end", ["G"]), ("page", ["pagedown", "k"])])
async def test_it_scrolls(run, snapshot, name, keys):
    async with run(VIEW) as desk:
        await opened(desk)
        await press(desk, *keys)
        snapshot(f"detail-{name}", pane_text(desk))


async def test_a_market_nobody_knows_much_about(run, snapshot):
    async with run(VIEW) as desk:
        await opened(desk, BARE)
        snapshot("detail-bare", pane_text(desk))


async def test_another_market_is_read_from_its_top(run):
    async with run(VIEW) as desk:
        await opened(desk)
        await press(desk, "G")
        pane = desk.app.frame.beside
        assert pane.first > 0
        explain(desk, BARE)
        await desk.settle()
        assert pane.first == 0


async def test_it_closes_where_it_opened(run):
    async with run(VIEW) as desk:
        await opened(desk)
        assert "VALUE" in desk.text()
        assert desk.app.scene.target.market == BTC
        await press(desk, "enter")
        assert "VALUE" not in desk.text()


async def test_letters_where_there_are_no_dots(run, monkeypatch):
    async with run(VIEW) as desk:
        monkeypatch.setattr(type(desk.app.console), "encoding", "ascii")
        await opened(desk)
        assert pane_text(desk).replace(CUT, "").isascii()
        assert "a ask b bid x both" in pane_text(desk)


# ---------------------------------------------------------------------------------------------- explanation


@given(st.integers(30, 220), st.integers(8, 60))
def test_no_row_is_too_long(width, height):
    lines = market.document(DETAIL, NOW, width, height)
    assert all(length(line) <= width for line in lines)


def test_a_story_stands_under_its_order():
    words = plain(market.document(DETAIL, NOW, 100, 30))
    at = next(i for i, row in enumerate(words) if "desk-28" in row)
    assert "50 cancelled" in words[at]
    assert "behind 500 when it arrived" in words[at + 1]
    live = next(row for row in words if "desk-41" in row and "sent" in row)
    assert "left 100 behind 240 of 240" in live


# ---------------------------------------------------------------------------------------------- ladder


def test_the_ladder_has_the_band_on_its_price_axis():
    found = rungs(LEVELS, Band(0.91, 0.94, 0.97))
    assert [r.price for r in found] == sorted((r.price for r in found), reverse=True)
    assert {r.band: r.price for r in found if r.band not in ("", "|")} == {
        "hi": 9700,
        "fair": 9400,
        "lo": 9100,
    }
    assert {r.price for r in found if r.band == "|"} == {9600, 9500}
    assert all(r.band == "" for r in rungs(LEVELS, None))


def test_a_band_narrower_than_the_levels_is_still_told():
    found = rungs((Level(5000, QTY, 0),), Band(0.5, 0.5, 0.5))
    assert sorted(r.band for r in found) == ["fair", "hi", "lo"]


def test_best_prices_and_our_orders():
    words = plain(ladder(DETAIL, 50, 30))
    assert any(row.startswith("    240*    86") and row.endswith("100<240 desk-41") for row in words)
    assert any("88 *    90" in row for row in words)
    narrow = plain(ladder(DETAIL, 36, 30))
    assert any(row.endswith("100<240") for row in narrow)


@given(st.integers(2, 20))
def test_a_short_ladder_keeps_the_touch_and_our_orders(height):
    words = plain(ladder(DETAIL, 50, height))
    assert len(words) <= height
    if height >= 4:
        assert any("240*" in row for row in words)
        assert any("* " in row and "90" in row for row in words)
    if 4 <= height <= 15:
        assert any(row.startswith(CUT) for row in words)
        assert any("fair" in row for row in words[1:]) or height < 5


def test_an_empty_book_says_so():
    assert "no book" in plain(ladder(BARE, 50, 10))[1]


# ---------------------------------------------------------------------------------------------- chart


def picture(points, own=(), width=60, height=14, **more):
    return chart.chart(points, own, width, height, **more)


@given(
    st.lists(st.tuples(st.integers(0, 9900), st.integers(0, 9999), st.floats(0, 1)), min_size=1, max_size=60),
    st.integers(1, 40),
    st.integers(0, 400),
    st.integers(4, 40),
    st.lists(st.integers(1, 9999), max_size=3),
    st.booleans(),
)
def test_any_market_fits_its_frame(values, seconds, width, height, own, dots):
    points = [
        Point(NOW + i * seconds * SECOND, bid, ask, max(mid - 0.02, 0), mid, min(mid + 0.02, 1))
        for i, (bid, ask, mid) in enumerate(values)
    ]
    lines = picture(points, own, width, height, dots=dots)
    assert len(lines) == (height if lines else 0)
    assert all(length(line) <= width for line in lines)


def test_lines_lie_in_order_and_the_axis_tells_the_prices():
    flat = [Point(NOW + i * SECOND, 4000, 6000) for i in range(100)]
    words = plain(picture(flat, height=18, dots=False))
    rows = {sign: [y for y, row in enumerate(words[:-2]) if sign in row[chart.AXIS :]] for sign in "ab"}
    assert len(rows["a"]) == len(rows["b"]) == 1
    assert rows["a"] < rows["b"]
    assert words[rows["a"][0]].startswith("   60- ")
    assert words[rows["b"][0]].startswith("   40- ")


def test_an_empty_side_leaves_a_hole():
    points = [Point(NOW + i * SECOND, 4000, 0 if 20 <= i < 60 else 5000) for i in range(100)]
    (asks,) = [row for row in plain(picture(points, dots=False)) if "aaa" in row]
    assert "aaa" + " " * 20 + "a" in asks


def test_a_new_second_changes_the_last_cells_only():
    before, after = (picture(walk(n)[:600] if n == 600 else walk(700)[:n], height=14) for n in (350, 351))
    assert plain(before)[-1] == plain(after)[-1]
    changed = [
        (x, y)
        for y, (a, b) in enumerate(zip(plain(before)[:-2], plain(after)[:-2], strict=True))
        for x, (was, now) in enumerate(zip(a, b, strict=True))
        if was != now
    ]
    assert len({x for x, _ in changed}) <= 1


def test_our_orders_point_at_their_price():
    words = plain(picture(walk(300), [8600]))
    assert any(row.startswith("   86> ") for row in words)
    assert "own order" in words[-1]
    assert "own order" not in plain(picture(walk(300)))[-1]


def test_the_axis_tells_when():
    words = plain(picture(walk(300), width=70))
    assert words[-2].split() == ["14:47:05", "10", "s", "a", "cell", "14:52:06"]


def test_the_oldest_go_when_the_picture_is_full():
    lines = picture([Point(NOW + i * 400 * SECOND, 4000, 6000) for i in range(300)], width=30, dots=False)
    assert plain(lines)[-2].split()[-1] != "14:52:07"
    assert all(length(line) <= 30 for line in lines)


def test_without_points_or_room():
    assert "no chart yet" in plain(picture(()))[0]
    assert picture(walk(5), width=15) == []
    assert picture(walk(5), height=3) == []


# ---------------------------------------------------------------------------------------------- dots on the screen


def test_foreign_text_is_cleaned_and_dots_are_not():
    assert clean("a⠒東\x1b⣿") == "a⠒??⣿"


async def test_dots_that_differ_are_painted_again(run):
    async with run(VIEW) as desk:
        box = LineBox(load(None)[0]["dark"])
        await desk.app.screen.mount(box)
        await desk.settle()
        box.put([(("ab⠒⠒⠒ ", "bid"),)])
        seen = []
        box.refresh = lambda *regions, **_: seen.extend(regions)
        box.put([(("ab⠒⣿⠒ ", "bid"),)])
        assert seen == [Region(3, 0, 1, 1)]
        assert box.render_line(0).text.startswith("ab⠒⣿⠒")
        seen.clear()
        box.put([(("ab⠒⣿⠒ ", "bid"),)])
        assert seen == []


async def test_a_quiet_market_paints_nothing(run):
    async with run(VIEW) as desk:
        await opened(desk)
        seen = []
        desk.app.frame.beside.page.refresh = lambda *regions, **_: seen.extend(regions)
        desk.app.pull()
        assert seen == []
        row = change(ROWS[0], ev=1.30)
        explain(desk, change(DETAIL, row=row))
        desk.app.pull()
        assert [(region.height, region.width) for region in seen] == [(1, 2)]

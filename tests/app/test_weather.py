"""The Weather screen: stations' days that open and fold, a line a bracket, and one day in full."""

import pytest
from app_sample import DAY, HOUR, MINUTE, NOW, change
from hypothesis import given
from hypothesis import strategies as st
from pane_sample import VIEW, pane_text, press, show_pane
from weather_sample import (
    B43,
    B45,
    CORRECTED,
    DALLAS,
    DENVER,
    LISTED,
    MIAMI,
    NEW_YORK,
    PENDING,
    STATIONS,
    TOMORROW,
    VIEW_OF_DAYS,
    WEATHER,
    YESTERDAY,
    bracket,
    day,
)

from cockpit.app.line import length
from cockpit.app.panes import station as one
from cockpit.app.panes import weather_rows as rows
from cockpit.app.panes import weather_words as words
from cockpit.app.text import CUT
from cockpit.domain.units import BID, SECOND
from cockpit.domain.weather import WeatherView

EVIL = "\x1b[31m[red]X\x07\u202e\r\n\x9b2J\u200b\t東京 é" + "W" * 300
NAMES = {"KXLOWTMIA-26DEC01": "miami", "KXHIGHNY-26DEC01": "ny", "KDFW-DAY": "dallas", "KDEN-DAY": "denver",
         "KXHIGHNY-26DEC02": "tomorrow", "KXHIGHLAX-26NOV30": "la", "KXHIGHCHI-26NOV30": "chicago", "KXHIGHAUS-26NOV30": "austin"}  # fmt: skip


async def opened(desk):
    usual = desk.link.view
    desk.link.view = lambda focus="": change(desk.link.shown, detail=LISTED) if focus == B43 else usual(focus)
    return await show_pane(desk, "Weather")


def watched(*stations, **fields):
    return change(VIEW_OF_DAYS, weather=change(WEATHER, stations=stations, **fields))


def days(pane):
    return [NAMES[row.key] for row in pane.grid.rows if row.key in NAMES]


def on(pane):
    """The day and the bracket's degrees under the cursor."""
    place = pane.here
    return NAMES[place.group.id], place.member.label if place.member else ""


def plain(lines):
    return ["".join(text for text, _ in line) for line in lines]


# ---------------------------------------------------------------------- the pane


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60)], ids=str)
async def test_days_and_brackets(run, snapshot, size):
    async with run(VIEW_OF_DAYS, size=size) as desk:
        await opened(desk)
        snapshot(f"weather-{size[0]}x{size[1]}", desk.text())


@pytest.mark.parametrize("width", [80, 92, 120, 140, 160, 200])
async def test_every_width_has_what_matters(run, width):
    async with run(VIEW_OF_DAYS, size=(width, 40)) as desk:
        pane = await opened(desk)
        assert all(pane.grid.room(key) for key in ("mark", "bracket", "top", "chance", "bar", "buys", "low"))
        inside = pane.grid.size.width - 1
        assert all(length(row.whole) <= inside for row in pane.grid.rows)


@pytest.mark.parametrize(
    ("name", "weather"),
    [
        ("none", WeatherView()),
        ("nothing", WeatherView(heard_ns=NOW - 5 * MINUTE)),
        ("never-heard", WeatherView((DENVER, DALLAS))),
        ("stale", WeatherView((MIAMI, DENVER), NOW - 5 * HOUR)),
    ],
)
async def test_states(run, snapshot, name, weather):
    async with run(change(VIEW_OF_DAYS, weather=weather)) as desk:
        await opened(desk)
        snapshot(f"weather-{name}", pane_text(desk) + desk.row(2) + "\n")


async def test_where_nothing_is_watched_it_says_what_to_do(run):
    async with run(VIEW) as desk:
        await opened(desk)
        told = "no weather markets watched: add series such as KXHIGHNY to kalshi.series and a contact to [weather]"
        assert told in " ".join(desk.text().split())
        await press(desk, "w")
        assert "w why: nothing to explain here" in desk.text()
        await press(desk, "enter")
        assert not desk.app.scene.target.station


# ---------------------------------------------------------------------- opening and folding


async def test_the_soonest_two_are_open(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        assert days(pane) == ["miami", "ny", "dallas", "denver", "tomorrow", "la", "austin", "chicago"]
        assert {key.partition(" / ")[0] for key in (row.key for row in pane.grid.rows) if " / " in key} == {
            MIAMI.id, NEW_YORK.id,
        }  # fmt: skip


async def test_what_is_open_does_not_go_by_the_sort(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        await press(desk, "s", "s")
        assert days(pane)[0] == "austin"
        shown = {pane.items[row.key].group.id for row in pane.grid.rows if " / " in row.key}
        assert shown == {MIAMI.id, NEW_YORK.id}


async def test_the_detail_key_folds_and_opens_on_a_heading(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        await press(desk, "enter")
        assert on(pane) == ("miami", "")
        assert "60-61" not in pane_text(desk)
        assert pane_text(desk).splitlines()[1].startswith(">? + Miami KMIA low Dec 1")
        await press(desk, "enter")
        assert "60-61" in pane_text(desk)
        assert not desk.app._detail
        await press(desk, "G", "enter")
        assert "settled" not in pane_text(desk)
        assert "YES" in pane_text(desk)


async def test_a_folded_day_counts_what_clears(run):
    async with run(VIEW_OF_DAYS, size=(140, 40)) as desk:
        await opened(desk)
        assert "1 LOW>=5" in pane_text(desk)
        await press(desk, "j", "j", "j", "j", "j", "enter")
        assert pane_text(desk).count("1 LOW>=5") == 2


async def test_a_day_does_not_fold_under_the_cursor_when_it_ends(run):
    async with run(watched(NEW_YORK, MIAMI, TOMORROW)) as desk:
        pane = await opened(desk)
        await press(desk, *"jjjjjj")
        assert on(pane) == ("ny", "41-42")
        await desk.show(watched(change(NEW_YORK, report="final", reported=44), MIAMI, TOMORROW))
        assert on(pane) == ("ny", "41-42")
        assert days(pane) == ["miami", "tomorrow", "ny"]
        await press(desk, "g")
        assert not [row.key for row in pane.grid.rows if row.key.startswith(f"{NEW_YORK.id} /")]


async def test_where_its_bracket_is_gone_the_cursor_stays_in_the_day(run):
    async with run(watched(MIAMI, NEW_YORK)) as desk:
        pane = await opened(desk)
        await press(desk, "j", "j", "j")
        assert on(pane) == ("miami", ">=62")
        await desk.show(watched(change(MIAMI, brackets=MIAMI.brackets[:1]), NEW_YORK))
        assert on(pane) == ("miami", "")
        await desk.show(watched(NEW_YORK))
        assert on(pane)[0] == "ny"
        await desk.show(watched())
        assert pane.here is None


async def test_what_it_settles_on_has_a_row_where_there_is_room(run):
    for size, told in (((80, 24), False), ((140, 40), True)):
        async with run(VIEW_OF_DAYS, size=size) as desk:
            pane = await opened(desk)
            assert ("rules: If the highest temperature in Central Park" in pane_text(desk)) is told
            if told:
                await press(desk, "j")
                assert on(pane) == ("miami", "")
                await press(desk, "enter")
                assert "60-61" not in pane_text(desk)


# ---------------------------------------------------------------------- order, filter, keys


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], "miami ny dallas denver tomorrow la austin chicago"),
        (["s"], "tomorrow ny miami dallas denver la austin chicago"),
        (["s", "s"], "austin chicago dallas denver la miami ny tomorrow"),
        (["s", "s", "s"], "miami ny dallas denver tomorrow la austin chicago"),
    ],
)
async def test_orders(run, keys, found):
    """By time, what is over last; by the best LOW; by city."""
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        assert days(pane) == found.split()


async def test_brackets_stay_by_degrees(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        await press(desk, "s")
        shown = [
            pane.items[row.key].member for row in pane.grid.rows if row.key.startswith(f"{NEW_YORK.id} /")
        ]
        assert [each.label for each in shown] == [each.label for each in NEW_YORK.brackets]


async def test_edges_move_days_only_now_and_then(run):
    better = change(MIAMI, brackets=(change(MIAMI.brackets[0], low=0.3), *MIAMI.brackets[1:]))
    async with run(watched(MIAMI, NEW_YORK)) as desk:
        pane = await opened(desk)
        await press(desk, "s")
        for late, first in ((1, "ny"), (3, "miami")):
            await desk.show(change(watched(better, NEW_YORK), ts=NOW + late * SECOND))
            assert days(pane)[0] == first


@pytest.mark.parametrize(
    ("needle", "found", "brackets"),
    [
        ("york", ["ny", "tomorrow"], 6),
        ("low miami", ["miami"], 3),
        ("43-44", ["ny"], 1),
        ("york >=51", ["tomorrow"], 1),
        ("final", ["chicago"], 0),
        ("no station", ["dallas"], 0),
        ("nothing like it", [], 0),
    ],
)
async def test_the_filter(run, needle, found, brackets):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        pane.find(needle)
        await desk.settle()
        assert days(pane) == found
        assert len([row for row in pane.grid.rows if " / " in row.key]) == brackets
        if not found:
            assert f"nothing contains '{needle}'" in desk.text()


async def test_keys_act_on_the_bracket(run):
    async with run(VIEW_OF_DAYS) as desk:
        await opened(desk)
        target = desk.app.scene.target
        assert (target.market, target.event, target.station) == ("", MIAMI.id, MIAMI.id)
        await press(desk, *"jjjjjjj")
        target = desk.app.scene.target
        assert (target.market, target.event, target.station) == (B43, NEW_YORK.id, NEW_YORK.id)
        await press(desk, "o")
        assert "New York high 43-44" in desk.text()


async def test_why(run, snapshot):
    async with run(VIEW_OF_DAYS, size=(80, 40)) as desk:
        await opened(desk)
        await press(desk, *"jjjjjjjjj", "w")
        assert desk.app.scene.target.market == B43
        snapshot("weather-why", desk.text())
        shown = " ".join(desk.text().split())
        assert "WHY 43-44 of New York KNYC high Dec 1" in shown
        assert "ncep_nbm_conus 44.8+0.2 52% ecmwf_ifs 46.1-0.4 31%" in shown
        assert "order: YES@22 LOW +5.3, proposed: see the ticket" in shown
        await press(desk, "j")
        assert "order: NO@50 LOW +3.6, low side of the band has no edge" in desk.text()
        await press(desk, "g")
        assert "rules: no report is named that we know" in desk.text()
        await press(desk, "G", "enter", "G")
        assert "settled yes" in desk.text()


async def test_why_a_day_is_not_priced(run):
    async with run(watched(DALLAS, DENVER), size=(80, 40)) as desk:
        await opened(desk)
        await press(desk, "w")
        assert "NOT PRICED: the rules name no station we know" in desk.text()
        assert "rules: Accuweather" in desk.text()
        await press(desk, "j", "j")
        assert "not priced: no fair value now" in desk.text()
        assert "no forecast heard" in desk.text()
        assert "order: nothing to reckon with" in desk.text()


# ---------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (NEW_YORK, "- New York KNYC high Dec 1  so far 43  now 43.9 12m  45.1 +-1.8  S1.1  intraday 43  ends 14h"),
        (DENVER, "- Denver KDEN high Dec 1  NOT PRICED: no fresh forecast  no report  ends 16h"),
        (TOMORROW, "- New York KNYC high Dec 2  50.2 +-3.1  S2.2  no report  begins 14h"),
        (YESTERDAY, "- Chicago KMDW high Nov 30  so far 33  FINAL 33  over"),
        (CORRECTED, "- Austin KAUS high Nov 30  so far 72  corrected 71  over"),
        (PENDING, "- Los Angeles KLAX high Nov 30  so far 66  66.2 +-0.5  S0.0  intraday 66  over"),
        (day("X", "KX", hours=3), "- X KX high Dec 1  no reading  no forecast  no report  ends 3h00"),
        (day("X", "KX", day="soon", hours=30, reading=50.04, reading_ns=NOW - 3 * HOUR), "- X KX high soon  now 50.0 3h  no forecast  no report  begins 6h00"),
    ],
)  # fmt: skip
def test_headings(found, told):
    made = rows.heading("k", found, NOW, 120, 0.05, opened=True, noted=True)
    assert plain([made.whole])[0].strip() == told
    assert made.role == ("dim" if found in (YESTERDAY, CORRECTED) else "text")


def test_a_heading_that_is_short_of_room_gives_up_its_gaps_before_its_words():
    made = plain([rows.heading("k", NEW_YORK, NOW, 79, 0.05, opened=True).whole])[0]
    assert made == "  - New York KNYC high Dec 1 so far 43 now 43.9 12m 45.1 +-1.8 S1.1 intraday 43"


def test_the_source_stands_behind_where_it_fits():
    wide = plain([rows.heading("k", NEW_YORK, NOW, 220, 0.05, opened=False).whole])[0]
    assert wide.endswith(f"ends 14h  {NEW_YORK.source}")
    less = plain([rows.heading("k", NEW_YORK, NOW, 150, 0.05, opened=False).whole])[0]
    assert less.endswith(CUT)
    assert "  If the highest" in less


@given(st.sampled_from(STATIONS), st.integers(0, 200), st.booleans(), st.booleans())
def test_a_heading_fills_its_width_at_most(found, width, is_open, noted):
    made = rows.heading("k", found, NOW, width, 0.05, opened=is_open, noted=noted)
    assert length(made.whole) <= max(width, 4)
    assert length(rows.note("k", found, width).whole) <= max(width, 4)


@pytest.mark.parametrize(
    ("age", "ends", "told", "role"),
    [
        (12 * MINUTE, 3, "now 43.9 12m", "text"),
        (91 * MINUTE, 3, "now 43.9 91m!", "warn"),
        (91 * MINUTE, 30, "now 43.9 91m", "text"),
        (12 * MINUTE, -1, "", "text"),
    ],
)
def test_a_reading_is_late_only_while_the_day_is_on(age, ends, told, role):
    found = change(NEW_YORK, reading_ns=NOW - age, ends_ns=NOW + ends * HOUR)
    assert words.reading(found, NOW).line[0] == (told, role)


@pytest.mark.parametrize(
    ("heard", "told"),
    [(NOW - HOUR, "forecasts 60m"), (NOW - 9 * HOUR, "forecasts 9h!"), (0, "no forecast heard")],
)
def test_how_old_forecasts_are(heard, told):
    assert words.forecast_age(change(NEW_YORK, forecast_ns=heard), NOW).line[0][0] == told


def cells(found, *, room=20, most=0.5, dots=False):
    made = rows.row("k", found, 0.05, most, room, dots=dots)
    assert len(made.cells) == len(rows.COLUMNS)
    return dict(zip((column.key for column in rows.COLUMNS), made.cells, strict=True)), made.role


def test_a_bracket():
    shown, role = cells(NEW_YORK.brackets[2])
    assert {key: text for key, (text, _) in shown.items()} == {
        "mark": "T", "bracket": "  43-44", "top": "22/25", "chance": "27-31-36", "bar": "#########|###       ",
        "buys": "YES@22", "edge": "+9", "low": "+5", "age": "1s",
    }  # fmt: skip
    assert (shown["low"][1], role) == ("good", "text")


def test_the_other_side_is_bought_at_its_own_price():
    assert cells(NEW_YORK.brackets[3])[0]["buys"][0] == "NO@50"


@pytest.mark.parametrize(
    ("found", "chance", "bar", "role"),
    [
        (bracket("1-2", 40, 60), ("-", "dim"), "          |         ", "text"),
        (bracket("1-2", None, 60, chance=(20, 25, 30)), ("20-25-30", "band"), "#####               ", "text"),
        (
            bracket("1-2", 40, 60, chance=(20, 25, 30), mark="?"),
            ("20-25-30", "band"),
            "#####               ",
            "doubt",
        ),
        (bracket("1-2", 40, 60, mark="z"), ("stale", "warn"), "          |         ", "stale"),
        (bracket("1-2", 40, 60, chance=(20, 25, 30), settled="yes"), ("YES", "title"), "", "dim"),
        (bracket("1-2", 40, 60, settled="no"), ("NO", "text"), "", "dim"),
        (bracket("1-2", None, None), ("-", "dim"), "", "text"),
    ],
)
def test_brackets_nobody_knows_all_of(found, chance, bar, role):
    shown, dress = cells(found, most=1.0)
    assert (shown["chance"], shown["bar"][0], dress) == (chance, bar, role)


def test_an_edge_that_is_not_to_be_believed_is_not_praised():
    shown, _ = cells(bracket("1-2", 40, 60, edge=15, low=13, side=BID, price=40, mark="!"))
    assert (shown["edge"], shown["low"], shown["buys"]) == (("+15", "dim"), ("+13", "dim"), ("YES@40", "dim"))


def test_a_side_that_cannot_be_reckoned_has_no_edge():
    shown, _ = cells(bracket("1-2", 40, 60, edge=5, low=3, side=0))
    assert [shown[key][0] for key in ("buys", "edge", "low")] == ["-", "-", "-"]


def test_the_longest_bar_is_the_largest_chance_of_anybody():
    assert words.tallest(NEW_YORK.brackets) == pytest.approx(0.485)
    assert words.tallest(MIAMI.brackets) == pytest.approx(0.44)
    assert words.tallest(()) == 1.0


def test_the_better_order_is_one_to_believe():
    doubtful = bracket("1-2", 1, 2, side=BID, low=20, mark="!")
    sound = bracket("3-4", 1, 2, side=BID, low=1)
    none = bracket("5-6", 1, 2, low=30)
    assert words.best(day("X", "KX", doubtful, sound, none)) == sound
    assert words.best(day("X", "KX", none)) is None


# ---------------------------------------------------------------------- one day


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
async def test_a_bracket_in_full(run, snapshot, size):
    async with run(VIEW_OF_DAYS, size=size) as desk:
        pane = await opened(desk)
        while desk.app.scene.target.market != B43:
            await press(desk, "j")
        await press(desk, "enter")
        assert desk.link.focus[-1] != B43
        snapshot(f"station-{size[0]}x{size[1]}", pane_text(desk))
        await press(desk, "G")
        snapshot(f"station-end-{size[0]}x{size[1]}", pane_text(desk))
        assert "detail of New York KNYC high Dec 1" in plain(
            [desk.app.frame.beside.counts(desk.app.scene)[0].line]
        )
        await press(desk, "enter")
        assert on(pane) == ("ny", "43-44")


async def test_the_detail_beside_follows_the_cursor(run):
    async with run(VIEW_OF_DAYS, size=(200, 60)) as desk:
        await opened(desk)
        beside = desk.app.frame.beside
        assert plain(beside.page.lines)[0] == "Miami KMIA low Dec 1"
        while desk.app.scene.target.market != B43:
            await press(desk, "j")
        assert plain(beside.page.lines)[0] == "New York KNYC high Dec 1"
        assert "MARKET of 43-44" in plain(beside.page.lines)
        await press(desk, "j")
        assert desk.app.scene.target.market == B45
        assert "MARKET of 43-44" not in plain(beside.page.lines)
        await show_pane(desk, "Edges")
        assert "New York KNYC high Dec 1" not in plain(beside.page.lines)


@given(st.sampled_from(STATIONS), st.integers(30, 220), st.integers(8, 60), st.booleans())
def test_no_row_is_too_long(found, width, height, dots):
    view = change(VIEW_OF_DAYS, detail=LISTED)
    assert all(length(each) <= width for each in one.document(view, found, width, height, dots=dots))
    for each in (None, *found.brackets):
        assert all(length(line) <= width for line in one.why(found, each, view, width))


def test_a_day_tells_all_its_forecasts_and_brackets():
    shown = plain(one.document(VIEW_OF_DAYS, NEW_YORK, 130, 40))
    assert all(any(each.label in row for row in shown) for each in NEW_YORK.brackets)
    assert " ncep_nbm_conus    44.8  +0.2  52%" in shown
    assert " ecmwf_ifs         46.1  -0.4  31%" in shown
    assert f" {NEW_YORK.source}" in shown


async def test_the_detail_of_a_bracket_is_the_same_from_any_pane(run):
    async with run(change(VIEW_OF_DAYS, rows=VIEW_OF_DAYS.rows[-2:])) as desk:
        await opened(desk)
        pane = await show_pane(desk, "Edges")
        pane.find("43-44")
        await press(desk, "enter")
        shown = pane_text(desk)
        assert shown.startswith("New York KNYC high Dec 1")
        assert "FORECASTS degrees, bias here, weight" in shown


def test_numbers_of_degrees_are_degrees():
    shown = plain(one.document(change(VIEW_OF_DAYS, detail=LISTED), NEW_YORK, 130, 40))
    at = shown.index("VALUE where P(pays) comes from")
    told = " mean 45.1  sigma 1.8  apart 1.1  reached 43  hours to peak 0.6  last reading 43.9  P 31.4%  band half +-4.5%"
    assert shown[at + 1] == told
    assert not [row for row in shown if "w 0.52" in row or "180" in row]
    bare = plain(one.document(change(VIEW_OF_DAYS, detail=change(LISTED, explanation=())), NEW_YORK, 130, 40))
    assert "VALUE  no model of ours values this bracket now" in bare


def test_a_report_that_is_out_is_no_trouble():
    assert words.trouble(YESTERDAY) == ""
    assert words.trouble(DENVER) == "no fresh forecast"
    assert "NOT PRICED" not in "".join(plain(one.why(YESTERDAY, None, VIEW_OF_DAYS, 100)))


def test_a_day_nobody_knows_much_about():
    shown = plain(one.document(VIEW, day("X", "KX"), 100, 40))
    assert "BRACKETS  none listed" in shown
    assert "FORECASTS  no forecast heard" in shown
    assert " no report is named that we know" in shown


# ---------------------------------------------------------------------- text from outside


@pytest.mark.parametrize("size", [(80, 24), (140, 40)], ids=str)
@pytest.mark.parametrize("keys", [(), ("w",), ("j", "w"), ("j", "enter"), ("enter",)], ids=str)
async def test_names_obey_nothing_and_break_nothing(run, size, keys):
    bad = change(
        NEW_YORK, id=EVIL, city=EVIL, station=EVIL, day=EVIL, source=EVIL, trouble=EVIL, report=EVIL, forecasts=((EVIL, 1.0, 0.0, 1.0),),
        brackets=(change(NEW_YORK.brackets[2], label=EVIL, settled=EVIL), *NEW_YORK.brackets[3:]),
    )  # fmt: skip
    async with run(watched(bad, change(MIAMI, ends_ns=NOW + DAY)), size=size) as desk:
        pane = await opened(desk)
        await press(desk, *keys)
        shown = desk.text()
        assert all(char.isascii() or char == CUT or "\u2800" <= char <= "\u28ff" for char in shown)
        assert all(char.isprintable() or char == "\n" for char in shown)
        assert all(len(row) <= size[0] for row in shown.splitlines())
        assert "X??" in shown
        assert pane.grid.room("low")


async def test_letters_where_there_are_no_dots(run, monkeypatch):
    async with run(VIEW_OF_DAYS, size=(80, 60), ascii_only=True) as desk:
        monkeypatch.setattr(type(desk.app.console), "encoding", "ascii")
        await opened(desk)
        shown = pane_text(desk)
        assert shown.replace(CUT, "~").isascii()
        assert "########|" in shown
        await press(desk, "j", "j", "enter")
        assert pane_text(desk).replace(CUT, "~").isascii()
        assert "########|" in pane_text(desk)


async def test_every_theme(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        await press(desk, "T")
        assert pane.grid.skin is desk.app.skin


async def test_bars_fill_a_size_it_grows_to(run):
    async with run(VIEW_OF_DAYS) as desk:
        pane = await opened(desk)
        before = pane.grid.room("bar")
        await desk.pilot.resize_terminal(140, 40)
        await desk.settle()
        assert pane.grid.room("bar") > before
        longest = max(len(row.cells[4][0].rstrip()) for row in pane.grid.rows if row.cells)
        assert longest == pane.grid.room("bar")

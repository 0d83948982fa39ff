"""The grid: what it shows, what it repaints, where its cursor goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App

from cockpit.app.text import CUT
from cockpit.app.theme import load
from cockpit.app.widgets.live_grid import Column, LiveGrid, Row, _pad

THEME = load()[0]["dark"]
COLUMNS = (
    Column("name", "name", 6, flex=True),
    Column("price", "price", 5, "right", most=8),
    Column("size", "size", 5, "right", 2),
    Column("note", "note", 8, "left", 3),
)


def rows(n, **changed):
    return [
        Row(
            f"k{i}",
            ((f"name {i}", "text"), (str(i), "good"), (changed.get(f"k{i}", "10"), "text"), ("", "dim")),
        )
        for i in range(n)
    ]


class Only(App[None]):
    """A grid and nothing else, which notes what it repaints."""

    def __init__(self) -> None:
        super().__init__(ansi_color=True)
        self.grid = LiveGrid(THEME, COLUMNS, empty="no rows")
        self.grid.styles.height = "1fr"
        self.painted = []

    def compose(self):
        yield self.grid

    def on_mount(self) -> None:
        refresh = self.grid.refresh

        def noted(*regions, **options):
            self.painted.extend(regions or ["all"])
            return refresh(*regions, **options)

        self.grid.refresh = noted

    def text(self):
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]


@pytest.fixture
def start():
    from contextlib import asynccontextmanager

    @asynccontextmanager
    async def run(size=(40, 6), n=20):
        app = Only()
        async with app.run_test(size=size) as pilot:
            app.grid.put(rows(n))
            await pilot.pause()
            app.painted.clear()
            yield app, pilot

    return run


async def test_what_it_shows(start):
    async with start() as (app, _):
        assert app.text() == [
            "vname               price  size note",
            ">name 0                 0    10",
            " name 1                 1    10",
            " name 2                 2    10",
            " name 3                 3    10",
            " name 4                 4    10",
        ]
        app.grid.act("bottom")
        assert app.text()[0].startswith("^name")
        assert app.text()[-1].startswith(">name 19")


async def test_unchanged_and_unseen_rows_are_not_repainted(start):
    async with start() as (app, _):
        app.grid.put(rows(20))
        app.grid.put(rows(20, k15="99"))
        assert app.painted == []
        app.grid.put(rows(20, k1="12", k15="99"))
        (region,) = app.painted
        assert (region.y, region.height) == (2, 1)
        assert region.width == 1


async def test_all_changes_leave_in_one_refresh_of_their_cells(start):
    async with start() as (app, _):
        app.grid.put(rows(20, k0="1", k3="7"))
        assert len(app.painted) == 2
        assert all(region.height == 1 and region.width <= 2 for region in app.painted)


async def test_the_name_gives_way_before_a_figure_is_cut(start):
    async with start((12, 6)) as (app, _):
        assert app.text()[:2] == ["vname  price", f">name{CUT}     0"]


async def test_columns_that_grew_are_narrow_again_at_another_width(start):
    """What had to be wide on a wide screen may have other texts on a narrow one."""
    async with start((40, 6)) as (app, pilot):
        wide = [row._replace(cells=(row.cells[0], ("12345678", "text"), *row.cells[2:])) for row in rows(20)]
        app.grid.put(wide)
        app.grid.put(rows(20))
        assert app.grid.room("price") == 8
        await pilot.resize_terminal(41, 6)
        app.grid.put(rows(20))
        assert app.grid.room("price") == 5
        app.grid.put(wide)
        assert app.grid.room("price") == 8


async def test_low_tiers_go_first_when_narrow(start):
    async with start((20, 6)) as (app, _):
        assert app.text()[0].split() == ["vname", "price", "size"]
    async with start((14, 6)) as (app, pilot):
        assert app.text()[0].split() == ["vname", "price"]
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        assert app.text()[0].split() == ["vname", "price", "size", "note"]


async def test_a_column_grows_for_its_texts_and_stays(start):
    async with start() as (app, _):
        assert app.grid.room("price") == 5
        app.grid.put([Row("a", (("a", "text"), ("1234567", "text"), ("", "text"), ("", "text")))])
        assert app.grid.room("price") == 7
        app.grid.put([Row("a", (("a", "text"), ("123456789", "text"), ("", "text"), ("", "text")))])
        assert f"1234567{CUT}" in app.text()[1]
        app.grid.put(rows(3))
        assert app.grid.room("price") == 8


async def test_a_heading_stands_across_all_columns(start):
    async with start() as (app, _):
        room = app.grid.room("price")
        heading = Row("h", (), "dim", (("one ", "accent"), ("x" * 200, "text")))
        app.grid.put([heading, *rows(3)])
        assert app.grid.selected == "k0"
        app.grid.act("up")
        assert app.text()[1] == f">one {'x' * (app.grid.size.width - 6)}{CUT}"
        assert app.grid.lines[1][1] == ("one ", "selection/accent")
        app.grid.act("down")
        assert app.text()[1].startswith(" one x")
        assert app.grid.lines[1][1] == ("one ", "dim/accent")
        assert app.grid.room("price") == room
        app.grid.put([Row("h", (), "dim", (("two", "text"),)), *rows(3)])
        assert app.text()[1] == " two"
        assert app.grid.selected == "k0"


def test_a_column_without_width_is_away_until_a_row_has_something_in_it():
    grid = LiveGrid(THEME, (Column("name", "name", 6), Column("rare", "rare", 0, most=4)))
    grid.put([Row("a", (("a", "text"), ("", "text")))])
    assert not grid.room("rare")
    grid.put([Row("a", (("a", "text"), ("12345", "text")))])
    assert grid.room("rare") == 4


async def test_the_cursor_follows_its_row(start):
    async with start() as (app, _):
        app.grid.act("down")
        app.grid.act("down")
        assert app.grid.selected == "k2"
        app.grid.put(list(reversed(rows(20))))
        assert app.grid.selected == "k2"
        assert app.text()[5].startswith(">name 2") or any(line.startswith(">name 2") for line in app.text())
        app.grid.put([row for row in reversed(rows(20)) if row.key != "k2"])
        assert app.grid.cursor == 17
        assert app.grid.selected == "k1"


async def test_nothing_and_less_than_nothing(start):
    async with start(n=0) as (app, _):
        assert app.text()[1] == "  no rows"
        assert app.grid.selected == ""
        for action in ("up", "down", "page_up", "page_down", "top", "bottom"):
            assert app.grid.act(action)
        assert not app.grid.act("fly")
        app.grid.put(rows(2))
        assert app.grid.selected == "k0"
        app.grid.put([])
        assert app.text()[1:3] == ["  no rows", ""]


@pytest.mark.parametrize("action", ["page_down", "bottom", "page_up", "top"])
async def test_paging_stays_inside(start, action):
    async with start(n=7) as (app, _):
        for _ in range(3):
            app.grid.act(action)
        assert app.grid.cursor == (6 if action in ("page_down", "bottom") else 0)
        assert 0 <= app.grid.top <= 2


@given(st.text(max_size=20), st.integers(1, 20), st.sampled_from(["left", "right"]))
def test_a_cell_fills_its_column_exactly(raw, width, align):
    assert len(_pad(raw, width, align)) == width


def test_what_stands_after_a_tab_stays():
    assert _pad("a long name\tDOUBT", 12, "left") == f"a lon{CUT} DOUBT"
    assert _pad("a\tDOUBT", 12, "left") == "a      DOUBT"
    assert _pad("a\tDOUBT", 4, "left") == "a   "

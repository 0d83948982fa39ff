"""Rows of the Weather pane: a heading a station's day, a line a bracket."""

from cockpit.app import text
from cockpit.app.line import Line, Part, fit, length, part
from cockpit.app.panes import quotes
from cockpit.app.panes import weather_words as words
from cockpit.app.panes.folds import BEGIN, begin
from cockpit.app.panes.quotes import DOWN, MARKS
from cockpit.app.widgets.bar import bar
from cockpit.app.widgets.live_grid import Cell, Column, Row
from cockpit.domain.weather import BracketView, StationView

COLUMNS = (
    Column("mark", "", 1),
    Column("bracket", "degrees", 10, most=14),
    Column("top", "bi/as", 5, "right", most=9),
    Column("chance", "P(pays)", 8, "right", most=10),
    Column("bar", "ours, |: the market", 10, "left", 2, most=40, flex=True),
    Column("buys", "buys", 7, "left", most=9),
    Column("edge", "edge", 4, "right", 1, most=5),
    Column("low", "LOW", 3, "right", most=5),
    Column("age", "age", 3, "right", 3, most=4),
)
"""Prices are of YES, that the report lies in the bracket, but for what is bought."""
SOURCE = 40
"""Cells from which the words for the source of settlement are worth a beginning."""


def heading(
    key: str,
    station: StationView,
    now: int,
    width: int,
    threshold: float,
    *,
    opened: bool,
    noted: bool = False,
) -> Row:
    """A day: where, what was read, what is expected, what the report says; further words where there is room.

    Args:
        key: of the row.
        station: whose day it is.
        now: ns UTC.
        width: cells of the row.
        threshold: low-side edge a proposal needs, dollars.
        opened: whether its brackets follow.
        noted: whether a row of its own says what it settles on.
    """
    mark = quotes.loudest(bracket.mark for bracket in station.brackets)
    mark = "" if opened and station.brackets else mark
    parts, room = _told(station, now, threshold, opened=opened), max(width - BEGIN, 0)
    line = fit(parts, room)
    if length(line) < min(length(fit(parts, room, " ")), room):
        line = fit(parts, room, " ")
    spare = room - length(line) - 2
    if station.source and not noted and spare >= SOURCE:
        line = (*line, ("  ", "text"), (text.cut(station.source, spare), "dim"))
    return Row(key, (), "dim" if words.over(station) else "text", (*begin(mark, opened=opened), *line))


def _told(station: StationView, now: int, threshold: float, *, opened: bool) -> list[Part]:
    law = words.law(station)
    low = sum(quotes.clears(each, threshold) for each in station.brackets if each.side)
    trouble, missing = words.trouble(station), not law and words.standing(station, now) == 0
    return [
        part(words.place(station), "title" if words.on(station, now) else "text"),
        words.so_far(station),
        words.reading(station, now),
        part(law, "band"),
        part(words.apart(station) if law else "", "dim", 1),
        part(
            f"NOT PRICED: {trouble}" if trouble else "no forecast" if missing else "",
            "warn",
        ),
        words.report(station),
        part(f"{low} LOW>={text.probability(threshold)}" if low and not opened else "", "good", 1),
        part(words.time_left(station, now), "dim", 2),
    ]


def note(key: str, station: StationView, width: int) -> Row:
    """Below an open heading: what it settles on."""
    words_ = text.cut(f"rules: {words.source(station)}", max(width - BEGIN, 0))
    return Row(key, (), "dim", ((" " * BEGIN, "text"), (words_, "dim")))


def row(key: str, bracket: BracketView, threshold: float, most: float, room: int, *, dots: bool) -> Row:
    """A bracket: prices, chance, bar, the better order.

    Args:
        key: of the row.
        bracket: of the day.
        threshold: low-side edge a proposal needs, dollars.
        most: the chance that fills the bar.
        room: cells of the bar.
        dots: the bar in braille; else in letters.
    """
    return Row(
        key,
        (
            (bracket.mark or " ", MARKS.get(bracket.mark, "text")),
            (f"  {text.clean(bracket.label).strip()}", "text"),
            (text.bid_ask(bracket.bid, bracket.ask), quotes.believed(bracket.mark)),
            _chance(bracket),
            (_bar(bracket, most, room, dots=dots), "band"),
            quotes.buys_cell(words.bought(bracket), bracket.mark),
            *quotes.edge_cells(bracket if bracket.side else None, threshold),
            (text.short_age(bracket.age_ns), "dim"),
        ),
        "dim" if bracket.settled else DOWN.get(bracket.mark, "text"),
    )


def _chance(bracket: BracketView) -> Cell:
    if bracket.settled:
        return words.chance(bracket), "title" if bracket.settled == "yes" else "text"
    if bracket.chance is None:
        return ("stale", "warn") if bracket.mark == quotes.STALE else (text.NONE, "dim")
    return words.chance(bracket), "band"


def _bar(bracket: BracketView, most: float, room: int, *, dots: bool) -> str:
    """Our chance as a bar, the market's middle as a mark on it; nothing once it is settled."""
    mid = words.middle(bracket)
    if bracket.settled or (bracket.chance is None and mid is None):
        return ""
    ours = bracket.chance.mid if bracket.chance is not None else 0.0
    return bar(ours / most, None if mid is None else mid / most, room, dots=dots)


def table(station: StationView, room: int, *, dots: bool) -> list[Line]:
    """A row a bracket with its bar, where there are no columns: what stands in the detail."""
    most = words.tallest(station.brackets)
    wide = max((len(text.clean(each.label).strip()) for each in station.brackets), default=0)
    rows: list[Line] = []
    for each in station.brackets:
        own, role = _chance(each)
        rows.append(
            (
                (f" {each.mark or ' '} ", MARKS.get(each.mark, "text")),
                (f"{text.clean(each.label).strip():<{wide}} {text.bid_ask(each.bid, each.ask):>7} ", "text"),
                (f"{own:>8} ", role),
                (_bar(each, most, max(room - wide - 24, 0), dots=dots), "band"),
            )
        )
    return rows

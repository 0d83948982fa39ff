"""Everything about one station's day: what it settles on, what was read, what models say, all brackets; then one's market."""

from cockpit.app import cells, text
from cockpit.app.line import Line, Part, crop, part, wrap
from cockpit.app.panes import market, quotes, reasons, weather_rows
from cockpit.app.panes import weather_words as words
from cockpit.domain.view import Detail, View
from cockpit.domain.weather import BracketView, StationView


def bracket_of(station: StationView, name: str) -> BracketView | None:
    """The bracket of a market; None where there is none."""
    return next((each for each in station.brackets if name and each.market == name), None)


def of_view(view: View, name: str) -> StationView | None:
    """A station's day by the venue's event, else that of the market in the detail; None where there is none."""
    market_ = view.detail.row.ticker if view.detail is not None else ""
    days = view.weather.stations
    found = next((each for each in days if name and each.id == name), None)
    return found or next((each for each in days if bracket_of(each, market_) is not None), None)


# ---------------------------------------------------------------------------------------------- why


def why(station: StationView, bracket: BracketView | None, view: View, width: int) -> list[Line]:
    """In a few rows: the day, its forecasts, and what stands against an order on the bracket."""
    name = f"{text.clean(bracket.label)} of " if bracket is not None else ""
    lines = [*wrap(f"WHY {name}{words.place(station)}", width, 1, "title", "")]
    lines += _state(station, view.ts, width)
    lines += _forecasts(station, view.ts, width)
    lines += wrap(f"rules: {words.source(station)}", width, 3, "dim")
    if bracket is None:
        return lines
    if bracket.settled:
        return [*lines, *wrap(f"settled {text.clean(bracket.settled)}", width, 1)]
    if bracket.chance is None:
        lines += wrap("not priced: no fair value now", width, 1, "warn")
    told = next((row.why for row in view.rows if row.ticker == bracket.market), "")
    return [*lines, *wrap(quotes.offer(bracket, "order", words.bought(bracket), told), width, 2)]


def _state(station: StationView, now: int, width: int) -> list[Line]:
    """Where the day stands, in the heading's own words."""
    law = words.law(station)
    expected: Line = (("expected ", "dim"), (law, "band"), (" F" if law else "none", "dim"))
    parts = [
        part(words.time_left(station, now)),
        words.so_far(station),
        words.reading(station, now),
        Part(expected),
        part(f"models apart {station.spread:.1f}" if station.spread is not None else "", "dim"),
        words.report(station),
    ]
    rows = cells.flow([each for each in parts if each.line[0][0]], width)
    trouble = words.trouble(station)
    return [*rows, *(wrap(f"NOT PRICED: {trouble}", width, 2, "alert") if trouble else ())]


def _forecasts(station: StationView, now: int, width: int) -> list[Line]:
    """Every model's degrees, its bias here, and its weight."""
    return cells.flow([words.forecast_age(station, now), *words.models(station)], width)


# ---------------------------------------------------------------------------------------------- the document


def document(view: View, station: StationView, width: int, height: int, *, dots: bool = True) -> list[Line]:
    """All rows there are: the day, its brackets, its forecasts, its source; then the market in the detail.

    Args:
        view: what there is to see.
        station: the day.
        width: cells there are.
        height: rows of a page.
        dots: pictures in braille; else in letters.
    """
    rows = [
        crop(((words.place(station), "accent"),), width),
        *_state(station, view.ts, width),
        *_brackets(station, width, dots=dots),
        *_models(station, view.ts, width),
        crop((("SETTLES", "header"), (" by its rules", "dim")), width),
        *wrap(words.source(station), width, 4),
    ]
    found = view.detail
    if found is None or bracket_of(station, found.row.ticker) is None:
        return rows
    return [*rows, *_market(found, station, view, width, height, dots=dots)]


def _brackets(station: StationView, width: int, *, dots: bool) -> list[Line]:
    """The whole distribution against the market's."""
    if not station.brackets:
        return [crop((("BRACKETS", "header"), ("  none listed", "dim")), width)]
    head: Line = (
        ("BRACKETS", "header"),
        (" P(pays) low-mid-high, the bar ours, the mark the market's", "dim"),
    )
    rows = weather_rows.table(station, width, dots=dots)
    return [crop(head, width), *(crop(each, width) for each in rows)]


def _models(station: StationView, now: int, width: int) -> list[Line]:
    """A row a model."""
    age = words.forecast_age(station, now)
    if not station.forecasts:
        return [crop((("FORECASTS", "header"), ("  ", "dim"), *age.line), width)]
    wide = max(len(text.clean(name)) for name, *_ in station.forecasts)
    rows: list[Line] = [
        crop((("FORECASTS", "header"), (" degrees, bias here, weight  ", "dim"), *age.line), width)
    ]
    for name, degrees, bias, weight in station.forecasts:
        line: Line = (
            (f" {text.clean(name):<{wide}} ", "text"),
            (f"{degrees:>6.1f} {bias:>+5.1f} ", "text"),
            (f"{weight * 100:>3.0f}%", "band"),
        )
        rows.append(crop(line, width))
    return rows


def _value(found: Detail, station: StationView, width: int) -> list[Line]:
    """Where the bracket's value comes from; what the forecasts are stands above."""
    told = {name for name, *_ in station.forecasts}
    pairs = [(name, value) for name, value in found.explanation if name.partition(" w ")[0] not in told]
    if not pairs:
        return [crop((("VALUE", "header"), ("  no model of ours values this bracket now", "dim")), width)]
    return [
        crop((("VALUE", "header"), (" where P(pays) comes from", "dim")), width),
        *reasons.lines(pairs, width),
    ]


def _market(
    found: Detail, station: StationView, view: View, width: int, height: int, *, dots: bool
) -> list[Line]:
    """The bracket's market: ladder, chart, its fair value, our orders, terms, its rules in full."""
    bracket = bracket_of(station, found.row.ticker)
    name = text.clean(bracket.label) if bracket is not None else ""
    head: Line = (("MARKET", "header"), (f" of {name}", "dim"))
    return [
        *_value(found, station, width),
        crop(head, width),
        *market.document(found, view.ts, width, height, dots=dots, valued=False),
    ]

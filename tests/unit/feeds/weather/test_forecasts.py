"""Forecasts of both sources: hours cut into climate days, also where clocks change."""

import json
from collections import Counter
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.weather import Forecast
from cockpit.feeds.weather import grid, openmeteo
from cockpit.feeds.weather.numbers import HOUR_NS

from .payloads import (  # noqa: TID252  the tests are no package
    NY,
    T0,
    at,
    gridded,
    hourly,
    modelled,
    values,
)

START = NY.starts("2027-07-16")
DAY = [20.0 + (n if n < 15 else 30 - n) for n in range(24)]
"""Warmest at 15 hours, coldest in the first."""


def squares(now: int = T0, **series: Any) -> list[Forecast]:
    return grid.read(json.dumps(gridded(**series)).encode(), NY, now)


def models(
    body: dict[str, Any], asked: list[str], now: int = T0, census: Counter[str] | None = None
) -> list[Forecast]:
    return openmeteo.read(json.dumps(body).encode(), NY, asked, now, Counter() if census is None else census)


# ---------------------------------------------------------------------------------------------- the grid


def test_hours_make_a_climate_day() -> None:
    (found,) = squares(temperature=hourly(START, DAY))
    assert found == Forecast("nws", "KNYC", "2027-07-16", 9500, 6800, START + 15 * HOUR_NS)


def test_intervals_are_spread_over_their_hours() -> None:
    spread = values(("2027-07-16T05:00:00+00:00/PT10H", 20), ("2027-07-16T15:00:00+00:00/P1DT2H", 31.5))
    (found,) = squares(temperature=spread)
    assert (found.high, found.low, found.peak_ns) == (8870, 6800, START + 10 * HOUR_NS)


def test_a_day_that_is_not_whole_is_told_by_its_maximum_alone() -> None:
    assert squares(temperature=hourly(START + 8 * HOUR_NS, DAY[8:])) == []
    maximum = values(("2027-07-16T12:00:00+00:00/PT13H", 36.1))
    (found,) = squares(temperature=hourly(START + 8 * HOUR_NS, DAY[8:]), maxTemperature=maximum)
    assert found == Forecast("nws", "KNYC", "2027-07-16", 9698, None)


def test_a_maximum_between_the_hours_is_higher_than_they() -> None:
    maximum = values(("2027-07-16T12:00:00+00:00/PT13H", 35.6))
    assert squares(temperature=hourly(START, DAY), maxTemperature=maximum)[0].high == 9608
    lower = values(("2027-07-16T12:00:00+00:00/PT13H", 30))
    assert squares(temperature=hourly(START, DAY), maxTemperature=lower)[0].high == 9500


def test_a_nights_minimum_counts_where_it_falls_behind_midnight() -> None:
    night = values(("2027-07-16T00:00:00+00:00/PT14H", 19))
    assert squares(temperature=hourly(START, DAY), minTemperature=night)[0].low == 6620
    before = [15.0, 14.0, 14.5, 15.0, 19.0]
    warming = hourly(START - 5 * HOUR_NS, before + DAY)
    night = values(("2027-07-16T00:00:00+00:00/PT14H", 14))
    assert squares(temperature=warming, minTemperature=night)[0].low == 6800, "it fell the evening before"
    evening = [*DAY[:20], 12.0, 12.0, 12.0, 12.0]
    assert squares(temperature=hourly(START, evening), minTemperature=night)[0].low == 5360


def test_fahrenheit_is_read_as_it_stands() -> None:
    told = hourly(START, [70.5] * 24, uom="wmoUnit:degF")
    assert squares(temperature=told)[0].high == 7050


def test_a_grid_that_is_old_is_not_believed() -> None:
    with pytest.raises(ValueError, match="hours ago"):
        squares(T0 + 13 * HOUR_NS, temperature=hourly(START, DAY))


@pytest.mark.parametrize(
    "time",
    [
        "2027-07-16T05:00:00+00:00",
        "2027-07-16T05:00:00+00:00/P",
        "2027-07-16T05:00:00+00:00/PT999H",
        "soon/PT1H",
        "/PT1H",
    ],
)
def test_an_interval_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(ValueError, match=r"interval|RFC"):
        squares(temperature=values((time, 20)))


def test_a_square_is_named_as_its_address_writes_it() -> None:
    told = {
        "properties": {
            "gridId": "OKX",
            "gridX": 33,
            "gridY": 37,
            "forecastGridData": "https://elsewhere.test/",
        }
    }
    assert grid.square(json.dumps(told).encode()) == "OKX/33,37"
    for wrong in ({"gridId": "../x"}, {"gridX": -1}):
        with pytest.raises(ValueError, match="square"):
            grid.square(json.dumps({"properties": told["properties"] | wrong}).encode())


# ---------------------------------------------------------------------------------------------- models


def test_each_model_and_day_is_one_forecast() -> None:
    start = at("2027-07-15T00:00:00+00:00")
    one = [60.0 + (n % 24) for n in range(120)]
    body = modelled(start, 120, temperature_2m_one=one, temperature_2m_two=[each + 1.3 for each in one])
    found = models(body, ["one", "two"])
    assert [(each.model, each.day) for each in found] == [
        (name, f"2027-07-{day}") for name in ("one", "two") for day in (16, 17, 18)
    ]
    assert found[0] == Forecast("one", "KNYC", "2027-07-16", 8300, 6000, at("2027-07-16T23:00:00+00:00"))
    assert found[3].high == 8430


def test_one_model_has_no_name_of_its_own() -> None:
    body = modelled(START, 24, temperature_2m=[70.0] * 24)
    assert [each.model for each in models(body, ["only"])] == ["only"]
    assert models(body, ["one", "two"]) == []


def test_a_day_with_a_missing_hour_is_not_told() -> None:
    temps = [70.0] * 48
    body = modelled(
        START, 48, temperature_2m_short=[*temps[:30], *([None] * 18)], temperature_2m_none=[None] * 48
    )
    census: Counter[str] = Counter()
    assert [(each.model, each.day) for each in models(body, ["short", "none"], census=census)] == [
        ("short", "2027-07-16")
    ]
    assert census == {"model:none says nothing": 1}


@pytest.mark.parametrize(
    ("day", "first"),
    [("2027-03-14", "2027-03-14T05:00:00+00:00"), ("2027-11-07", "2027-11-07T05:00:00+00:00")],
)
def test_days_on_which_clocks_change_have_24_hours_from_standard_midnight(day: str, first: str) -> None:
    start = at(first)
    temps = [50.0] * 24
    temps[0], temps[23] = 40.0, 70.0
    body = modelled(start - HOUR_NS, 26, temperature_2m=[20.0, *temps, 90.0])
    (found,) = models(body, ["m"], start + 12 * HOUR_NS)
    assert found == Forecast("m", "KNYC", day, 7000, 4000, start + 23 * HOUR_NS)


def test_celsius_is_turned() -> None:
    body = modelled(START, 24, temperature_2m=[21.7] * 24)
    body["hourly_units"]["temperature_2m"] = "\u00b0C"
    assert models(body, ["m"])[0].high == 7106


def test_a_refusal_says_why() -> None:
    with pytest.raises(FeedError, match="no such model"):
        models({"error": True, "reason": "no such model"}, ["m"])


@pytest.mark.parametrize(
    "change",
    [
        {"utc_offset_seconds": -14_400},
        {"hourly": {}},
        {"hourly": {"time": ["noon"]}},
        {"hourly": {"time": [], "temperature_2m": [1.0]}},
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        models(modelled(START, 24, temperature_2m=[70.0] * 24) | change, ["m"])

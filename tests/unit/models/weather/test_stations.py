"""Stations by series and by rules, and their days in standard time, on days when clocks change too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.newyork import is_day
from cockpit.domain.units import SECOND
from cockpit.models.weather.stations import (
    BY_ICAO,
    FIRST,
    STATIONS,
    by_rules,
    by_series,
    climate_day,
    day_ends,
)

ZONES = {
    "KNYC": "America/New_York", "KMDW": "America/Chicago", "KMIA": "America/New_York", "KAUS": "America/Chicago",
    "KLAX": "America/Los_Angeles", "KDEN": "America/Denver", "KPHL": "America/New_York", "KBOS": "America/New_York",
    "KDCA": "America/New_York", "KSEA": "America/Los_Angeles", "KSFO": "America/Los_Angeles",
    "KLAS": "America/Los_Angeles", "KMSY": "America/Chicago", "KATL": "America/New_York", "KMSP": "America/Chicago",
    "KPHX": "America/Phoenix", "KDFW": "America/Chicago", "KHOU": "America/Chicago", "KOKC": "America/Chicago",
    "KSAT": "America/Chicago",
}  # fmt: skip
NY = BY_ICAO["KNYC"]
DAILY = "If the highest temperature recorded {} for July 16, 2027 as reported by the National Weather Service's Climatological Report (Daily), is greater than 91\u00b0, then the market resolves to Yes."


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * SECOND


def test_twenty_stations_with_forty_series() -> None:
    assert len(STATIONS) == len(BY_ICAO) == len({each.cli for each in STATIONS}) == 20
    names = [name for each in STATIONS for name in each.series]
    assert len(names) == len(set(names)) == 40
    assert [each.cli for each in FIRST] == ["NYC", "MDW", "MIA", "AUS", "LAX", "DEN", "PHL"]


@pytest.mark.parametrize("station", STATIONS, ids=lambda each: each.icao)
def test_offsets_are_each_zones_standard_time(station) -> None:  # type: ignore[no-untyped-def]
    winter = datetime(2027, 1, 15, tzinfo=ZoneInfo(ZONES[station.icao]))
    assert winter.utcoffset() == timedelta(hours=station.offset_h)
    assert 24 < station.lat < 49
    assert -125 < station.lon < -66
    assert all(len(str(each).partition(".")[2]) <= 4 for each in (station.lat, station.lon))


def test_series_name_their_station() -> None:
    assert by_series("KXHIGHNY") is by_series("KXLOWTNYC") is NY
    assert by_series("KXHIGHTHOU") is BY_ICAO["KHOU"]
    assert by_series("KXTEMPNYCH") is None
    assert by_series("KXBTCD") is None


@pytest.mark.parametrize(
    ("where", "icao"),
    [
        ("in Central Park, New York", "KNYC"),
        ("at Chicago Midway, IL", "KMDW"),
        ("at Miami International Airport", "KMIA"),
        ("in Austin Bergstrom", "KAUS"),
        ("in Los Angeles Airport, CA", "KLAX"),
        ("in Denver, CO", "KDEN"),
        ("at Washington, D.C.", "KDCA"),
        ("at Chicago", "KMDW"),
        ("by KSEA", "KSEA"),
        ("in CLIOKC", "KOKC"),
        ("at https://forecast.weather.gov/product.php?site=HGX&product=CLI&issuedby=HOU", "KHOU"),
        ("in New York City's Central Park (CLINYC)", "KNYC"),
    ],
)
def test_rules_name_the_station(where: str, icao: str) -> None:
    found = by_rules(DAILY.format(where))
    assert found is not None
    assert found.icao == icao


@pytest.mark.parametrize(
    "text",
    [
        "",
        DAILY.format("in Reykjavik"),
        DAILY.format("at LaGuardia Airport, New York City"),
        DAILY.format("at Chicago O'Hare, IL"),
        DAILY.format("in Austin (Camp Mabry)"),
        DAILY.format("at Houston Intercontinental (CLIIAH)"),
        DAILY.format("in Dallas (KDAL)"),
        DAILY.format("in Boston or in Denver"),
        DAILY.format("at KORD, Chicago"),
        DAILY.format("in New York") + " The source is Wunderground.",
        "If the temperature recorded at Austin, TX for Jul 16, 2027 9 PM EDT as reported by The Weather Company (for coordinates KAUS), is above 79.99\u00b0",
    ],
)
def test_rules_that_name_none_or_two_or_another_reporter_name_no_station(text: str) -> None:
    assert by_rules(text) is None


def test_a_city_is_no_part_of_a_word() -> None:
    assert by_rules("as seen in the Bostonian") is None
    assert by_rules("a New Yorker's guess") is None


def test_in_summer_a_day_begins_at_one_by_the_wall() -> None:
    assert climate_day(at("2027-07-16T00:30:00-04:00"), NY) == "2027-07-15"
    assert climate_day(at("2027-07-16T01:00:00-04:00"), NY) == "2027-07-16"
    assert day_ends("2027-07-16", NY) == at("2027-07-17T01:00:00-04:00")
    assert climate_day(at("2027-01-16T00:00:00-05:00"), NY) == "2027-01-16"
    assert day_ends("2027-01-16", NY) == at("2027-01-17T00:00:00-05:00")


@pytest.mark.parametrize("day", ["2027-03-14", "2027-11-07"])
@pytest.mark.parametrize(
    "station", [each for each in STATIONS if each.icao != "KPHX"], ids=lambda each: each.icao
)
def test_days_on_which_clocks_change_are_as_long_as_others(day: str, station) -> None:  # type: ignore[no-untyped-def]
    zone = ZoneInfo(ZONES[station.icao])
    begins, ends = station.starts(day), day_ends(day, station)
    assert ends - begins == 86_400 * SECOND
    wall = [datetime.fromtimestamp(each // SECOND, UTC).astimezone(zone) for each in (begins, ends)]
    assert (wall[0].hour, wall[1].hour) == ((0, 1) if day < "2027-06" else (1, 0))
    assert climate_day(begins, station) == climate_day(ends - 1, station) == day
    assert climate_day(begins - 1, station) < day < climate_day(ends, station)


def test_phoenix_never_changes_its_clocks() -> None:
    phoenix = BY_ICAO["KPHX"]
    assert phoenix.starts("2027-07-16") == at("2027-07-16T00:00:00-07:00")


@given(st.integers(0, 4_000_000_000), st.sampled_from(STATIONS))
def test_every_time_lies_within_its_day(seconds: int, station) -> None:  # type: ignore[no-untyped-def]
    ts = seconds * SECOND
    day = climate_day(ts, station)
    assert station.starts(day) <= ts < day_ends(day, station)
    following = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    assert station.starts(following) == day_ends(day, station)


@pytest.mark.parametrize(
    ("ts", "day"),
    [(-(10**30), "0001-01-01"), (10**30, "9999-12-31"), (2**63 - 1, "2262-04-11"), (-62_135_596_800 * SECOND, "0001-01-01")],
)  # fmt: skip
def test_times_before_and_after_all_dates_have_the_first_and_the_last_day(ts: int, day: str) -> None:
    assert climate_day(ts, NY) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [("2028-02-29", True), ("2026-02-29", False), ("20260115", False), ("2026-W01-1", False), ("", False)],
)
def test_a_day_is_an_iso_date_as_we_write_it(text: str, found: bool) -> None:
    assert is_day(text) is found


def test_what_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        day_ends("tomorrow", NY)

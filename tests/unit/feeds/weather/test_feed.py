"""The feed as a whole: what it asks for and how often, what it tells once, what it survives, what it remembers."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ClimateReported, TemperatureForecast, TemperatureRead
from cockpit.feeds.base import Feed, Frame, Poll, Venue
from cockpit.feeds.weather.feed import MODELS, WeatherFeed
from cockpit.models.weather.stations import STATIONS

from .payloads import (  # noqa: TID252  the tests are no package
    AFTERNOON,
    HOUR,
    METEO,
    MORNING,
    NWS,
    NY,
    T0,
    Sky,
    at,
    gridded,
    hourly,
    listed,
    modelled,
    observations,
    observed,
    product,
    values,
)

START = NY.starts("2027-07-16")
FRESH = "/stations/KNYC/observations?limit=4"
WHOLE = "/stations/KNYC/observations?start=2027-07-16T05%3A00%3A00Z&limit=400"
POINT = "/points/40.779,-73.9692"
LIST = "/products/types/CLI/locations/NYC"
SQUARE = {"properties": {"gridId": "OKX", "gridX": 33, "gridY": 37}}
DAYS = modelled(START, 72, temperature_2m_one=[70.0] * 72, temperature_2m_two=[71.0] * 72)
SHAPES: tuple[tuple[str, str, Any], ...] = (
    ("weather.nws", FRESH, observations(observed("2027-07-16T16:51:00+00:00", 33, "X RMK T03280194 10339 20244"))),
    ("weather.nws", POINT, SQUARE),
    ("weather.nws", "/gridpoints/OKX/33,37", gridded(temperature=hourly(START, [20.5] * 24), maxTemperature=values(("2027-07-16T12:00:00+00:00/PT13H", 30.1)))),
    ("weather.nws", LIST, listed(("aaaaaaaa-0000", "2027-07-16T06:31:00+00:00"))),
    ("weather.nws", "/products/aaaaaaaa-0000", product(MORNING)),
    ("weather.openmeteo", "/v1/forecast?latitude=40.779&longitude=-73.9692&models=one,two", DAYS),
)  # fmt: skip


def urls(sky: Sky) -> dict[str, int]:
    return {each.url: each.every_ns for each in sky.feed.requests() if isinstance(each, Poll)}


# ---------------------------------------------------------------------------------------------- asking


def test_it_is_a_feed_and_no_venue() -> None:
    feed: Feed = WeatherFeed(stations=STATIONS)
    assert not isinstance(feed, Venue)
    assert (feed.name, feed.budget.per_s, feed.budget.burst) == ("weather", 1.0, 1.0)
    assert feed.requests() == feed.asks() == feed.outgoing("weather.nws") == []


def test_without_a_contact_the_weather_service_is_not_asked_and_that_is_said() -> None:
    sky = Sky(contact="")
    assert [each.source for each in sky.feed.requests()] == ["weather.openmeteo"]
    assert sky.feed.census == {"nws:not asked without a contact": 1}
    assert sky.nws(FRESH, observations(observed("2027-07-16T16:51:00+00:00")))
    assert sky.feed.asks() == []


def test_every_question_says_who_asks() -> None:
    sky = Sky()
    asked = [each for each in sky.feed.requests() if each.source == "weather.nws"]
    assert asked
    assert all(
        isinstance(each, Poll) and each.headers == (("user-agent", "cockpit (desk@example.org)"),)
        for each in asked
    )


def test_models_are_asked_for_in_one_question_and_in_utc() -> None:
    (url,) = urls(Sky(contact=""))
    assert url.startswith(f"{METEO}/v1/forecast?latitude=40.779&longitude=-73.9692&hourly=temperature_2m&")
    assert "timezone=GMT" in url
    assert "past_days=1&forecast_days=4" in url
    assert url.endswith(f"models={','.join(MODELS)}")
    assert urls(Sky(contact="", models=())) == {}


def test_the_grid_is_asked_for_once_its_square_is_known_wherever_the_answer_points() -> None:
    sky = Sky()
    assert not any("gridpoints" in each for each in urls(sky))
    assert (
        sky.nws(
            POINT,
            {"properties": SQUARE["properties"] | {"forecastGridData": "https://evil.test/gridpoints/A/1,1"}},
        )
        == []
    )
    assert urls(sky)[f"{NWS}/gridpoints/OKX/33,37"] == HOUR


@pytest.mark.parametrize(("hour", "minutes"), [(5, 10), (13, 10), (14, 60), (4, 60), (20, 60)])
def test_reports_are_awaited_from_standard_midnight_to_nine(hour: int, minutes: int) -> None:
    sky = Sky()
    assert f"{NWS}{LIST}" not in urls(sky), "the time is not known yet"
    sky.now = at(f"2027-07-16T{hour:02}:30:00Z")
    sky.nws(FRESH, observations())
    assert urls(sky)[f"{NWS}{LIST}"] == minutes * HOUR // 60


def test_stations_are_asked_for_once_each_and_only_those_wanted() -> None:
    sky = Sky(wanted=("KMIA", "KMIA", "KXXX", "KNYC"))
    asked = [each for each in urls(sky) if "observations" in each]
    assert asked == [f"{NWS}/stations/{each}/observations?limit=4" for each in ("KMIA", "KNYC")]


# ---------------------------------------------------------------------------------------------- readings


def test_the_day_so_far_is_asked_for_once() -> None:
    sky = Sky()
    told = sky.nws(FRESH, observations(observed("2027-07-16T16:55:00+00:00")))
    assert [type(each) for each in told] == [TemperatureRead]
    (ask,) = sky.feed.asks()
    assert ask.url == f"{NWS}/stations/KNYC/observations?start=2027-07-16T05%3A00%3A00Z&limit=400"
    assert (ask.every_ns, sky.feed.asks()) == (0, [])
    path = ask.url.removeprefix(NWS)
    day = [observed(f"2027-07-16T{hour:02}:51:00+00:00", 15 + hour) for hour in range(5, 17)]
    assert len(sky.nws(path, observations(*reversed(day)))) == 12
    assert sky.feed.asks() == []


def test_a_reading_is_told_once_and_again_where_it_is_changed() -> None:
    sky = Sky()
    first = observed("2027-07-16T16:55:00+00:00", 30)
    (told,) = sky.nws(FRESH, observations(first))
    assert isinstance(told, TemperatureRead)
    assert (told.source, told.reading.temp) == ("weather.nws", 8600)
    assert sky.nws(FRESH, observations(first)) == []
    assert len(sky.nws(FRESH, observations(observed("2027-07-16T16:55:00+00:00", 31)))) == 1
    late = observed("2027-07-16T16:51:00+00:00", 30, "K RMK T02980194")
    assert len(sky.nws(FRESH, observations(first, late))) == 2, "one came late, one is changed back"
    assert sky.nws(FRESH, b"", st=304) == []


def test_after_a_gap_what_was_missed_is_asked_for() -> None:
    sky = Sky()
    sky.nws(FRESH, observations(observed("2027-07-16T12:00:00+00:00")))
    sky.nws(WHOLE, observations(observed("2027-07-16T12:00:00+00:00")))
    sky.feed.asks()
    newest = [observed(f"2027-07-16T16:{minute}:00+00:00") for minute in (55, 50, 45, 40)]
    assert len(sky.nws(FRESH, observations(*newest))) == 4
    assert "start=2027-07-16T12%3A00%3A00Z" in sky.feed.asks()[0].url
    sky.nws(WHOLE, observations(*newest))
    assert sky.nws(FRESH, observations(observed("2027-07-16T12:00:00+00:00"))) == [], (
        "older ones are not told again"
    )


def test_what_was_missed_is_asked_for_until_it_comes_and_nothing_of_it_is_lost() -> None:
    """Of a station that reads once an hour, the newest four reach back as far as readings are kept."""
    sky = Sky()
    hours = [observed(f"2027-07-16T{hour:02}:51:00+00:00", hour) for hour in range(5, 17)]
    assert len(sky.nws(FRESH, observations(*hours[-4:]))) == 4
    (first,) = sky.feed.asks()
    assert sky.nws(FRESH, observations(*hours[-4:])) == []
    assert sky.feed.asks() == [first]
    assert len(sky.nws(WHOLE, observations(*hours))) == 8
    assert sky.nws(FRESH, observations(*hours[-4:])) == []
    assert sky.feed.asks() == []


def test_what_never_comes_is_not_asked_for_for_ever() -> None:
    sky = Sky()
    sky.nws(FRESH, observations(observed("2027-07-16T16:51:00+00:00")))
    sky.now += 40 * HOUR
    sky.nws(FRESH, observations(observed("2027-07-18T08:51:00+00:00")))
    sky.feed.asks()
    sky.nws(FRESH, observations(observed("2027-07-18T08:51:00+00:00")))
    assert sky.feed.asks() == []


# ---------------------------------------------------------------------------------------------- reports


def test_new_reports_are_asked_for_the_newest_first_and_told_once() -> None:
    sky = Sky()
    assert (
        sky.nws(
            LIST,
            listed(
                ("old-old-0000", "2027-07-14T06:31:00+00:00"),
                ("yesterday-00", "2027-07-16T06:31:00+00:00"),
                ("afternoon-00", "2027-07-16T16:34:00+00:00"),
            ),
        )
        == []
    )
    assert [each.url for each in sky.feed.asks()] == [
        f"{NWS}/products/afternoon-00",
        f"{NWS}/products/yesterday-00",
    ]
    (told,) = sky.nws("/products/yesterday-00", product(MORNING, name="yesterday-00"))
    assert isinstance(told, ClimateReported)
    assert (told.report.day, told.report.high, told.report.final) == ("2027-07-15", 91, True)
    assert sky.nws("/products/yesterday-00", product(MORNING, name="yesterday-00")) == []
    sky.now += 2 * 60 * 10**9
    sky.nws(LIST, listed(("yesterday-00", "2027-07-16T06:31:00+00:00")))
    assert sky.feed.asks() == []


def test_a_report_that_was_not_answered_is_asked_for_again_a_few_times() -> None:
    sky = Sky()
    found = 0
    for _ in range(10):
        sky.nws(LIST, listed(("yesterday-00", "2027-07-16T06:31:00+00:00")))
        found += len(sky.feed.asks())
        with pytest.raises(FeedError, match="503"):
            sky.nws("/products/yesterday-00", {}, st=503)
        sky.now += 2 * 60 * 10**9
    assert found == 4


def test_a_correction_counts_and_an_older_report_does_not() -> None:
    sky = Sky()
    corrected = MORNING.replace("160631", "161205 CCA").replace("MAXIMUM         91", "MAXIMUM         92")
    (told,) = sky.nws("/products/bbbbbbbb-1", product(corrected, "2027-07-16T12:05:00+00:00"))
    assert isinstance(told, ClimateReported)
    assert (told.report.high, told.report.correction) == (92, True)
    assert sky.nws("/products/aaaaaaaa-1", product(MORNING)) == []
    (within,) = sky.nws("/products/cccccccc-1", product(AFTERNOON, "2027-07-16T16:34:00+00:00"))
    assert isinstance(within, ClimateReported)
    assert not within.report.final


def test_a_station_without_reports_is_no_fault() -> None:
    sky = Sky()
    assert sky.nws(LIST, listed()) == []
    assert sky.feed.asks() == []


# ---------------------------------------------------------------------------------------------- forecasts


def test_a_forecast_is_told_where_it_is_news() -> None:
    sky = Sky()
    told = sky.meteo(DAYS)
    assert all(isinstance(each, TemperatureForecast) and each.source == "weather.openmeteo" for each in told)
    assert len(told) == 6
    assert sky.meteo(DAYS) == []
    changed = modelled(
        START, 72, temperature_2m_one=[70.0] * 48 + [70.1] * 24, temperature_2m_two=[71.0] * 72
    )
    (news,) = sky.meteo(changed)
    assert isinstance(news, TemperatureForecast)
    assert (news.forecast.model, news.forecast.day, news.forecast.high) == ("one", "2027-07-18", 7010)


def test_a_forecast_that_stands_is_told_again_every_two_hours() -> None:
    sky = Sky()
    assert len(sky.meteo(DAYS)) == 6
    told = []
    for _ in range(8):
        sky.now += HOUR // 2
        told.append(len(sky.meteo(DAYS)))
    assert told == [0, 0, 0, 6, 0, 0, 0, 6]


def test_the_grid_keeps_what_it_said_of_hours_that_are_past() -> None:
    sky = Sky()
    sky.nws(POINT, SQUARE)
    grid = "/gridpoints/OKX/33,37"
    (first,) = sky.nws(grid, gridded(temperature=hourly(START, [20.0] * 12 + [30.0] * 12)))
    assert isinstance(first, TemperatureForecast)
    maximum = values(("2027-07-16T12:00:00+00:00/PT13H", 31))
    (later,) = sky.nws(
        grid, gridded(temperature=hourly(START + 14 * HOUR, [30.0] * 10), maxTemperature=maximum)
    )
    assert isinstance(later, TemperatureForecast)
    assert (later.forecast.high, later.forecast.low) == (8780, 6800)
    assert later.forecast.peak_ns == first.forecast.peak_ns


def test_a_refusal_of_models_says_why() -> None:
    sky = Sky()
    with pytest.raises(FeedError, match="HTTP 400: no such model"):
        sky.meteo({"error": True, "reason": "no such model"}, st=400)


# ---------------------------------------------------------------------------------------------- the whole


@pytest.mark.parametrize(
    ("source", "url", "status"),
    [
        ("weather.elsewhere", f"{NWS}{FRESH}", 200),
        ("weather.nws", f"{NWS}{FRESH}", 0),
        ("weather.nws", f"{NWS}{FRESH}", 403),
        ("weather.nws", f"{NWS}/stations/KXXX/observations", 200),
        ("weather.openmeteo", f"{METEO}/v1/forecast?latitude=1&longitude=2", 200),
    ],
)
def test_what_is_none_of_ours_or_refused_is_a_feed_error(source: str, url: str, status: int) -> None:
    sky = Sky()
    with pytest.raises(FeedError):
        sky.hear(source, url, {}, status)


def test_other_paths_are_counted() -> None:
    sky = Sky()
    assert sky.nws("/alerts/active", {}) == []
    assert sky.nws("/gridpoints/BOX/1,2", gridded()) == []
    assert sky.feed.census == {"url:alerts/active": 1, "grid:of no station: BOX/1,2": 1}


def test_memory_goes_on_where_it_was() -> None:
    sky, other = Sky(), Sky()
    for source, path, body in SHAPES:
        sky.hear(source, f"{NWS if source == 'weather.nws' else METEO}{path}", body)
    assert msgspec.json.decode(sky.feed.memory())
    other.feed.recall(sky.feed.memory())
    assert other.feed.memory() == sky.feed.memory()
    assert urls(other) == urls(sky)
    for source, path, body in SHAPES:
        assert other.hear(source, f"{NWS if source == 'weather.nws' else METEO}{path}", body) == []
    with pytest.raises(msgspec.MsgspecError):
        other.feed.recall(b"[]")


def test_a_recording_is_read_without_anything_having_been_asked() -> None:
    sky = Sky(contact="", wanted=())
    told = [
        each
        for source, path, body in SHAPES
        for each in sky.hear(source, f"{NWS if source == 'weather.nws' else METEO}{path}", body)
    ]
    assert len(told) == 1 + 1 + 1 + 6
    assert sky.feed.requests() == sky.feed.asks() == []


def offer(source: str, path: str, data: bytes) -> None:
    """A fresh feed, which knows the square, makes events of bytes or refuses them with a FeedError."""
    sky = Sky()
    sky.nws(POINT, SQUARE)
    try:
        told = sky.hear(source, f"{NWS if source == 'weather.nws' else METEO}{path}", data)
    except FeedError:
        return
    for each in told:
        assert isinstance(each, TemperatureRead | TemperatureForecast | ClimateReported)
        if isinstance(each, TemperatureForecast):
            assert all(type(n) in (int, type(None)) for n in (each.forecast.high, each.forecast.low))
        if isinstance(each, TemperatureRead):
            assert type(each.reading.temp) is int
    sky.feed.recall(sky.feed.memory())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHAPES), st.data())
def test_mutated_and_truncated_answers_give_events_or_a_feed_error(
    shape: tuple[str, str, Any], data: st.DataObject
) -> None:
    source, path, body = shape
    whole = bytearray(json.dumps(body).encode())
    if data.draw(st.booleans()):
        offer(source, path, bytes(whole[: data.draw(st.integers(0, len(whole) - 1))]))
        return
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(32, 126))
    offer(source, path, bytes(whole))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHAPES), st.data())
def test_values_of_other_kinds_give_events_or_a_feed_error(
    shape: tuple[str, str, Any], data: st.DataObject
) -> None:
    source, path, body = shape
    spoilt = json.loads(json.dumps(body))
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(spoilt, data)
    offer(source, path, json.dumps(spoilt).encode())


WRONG = st.sampled_from(
    [None, "", "x", 0, -1, 10**30, 1.5, [], {}, True, "NaN", "9999-99-99T99:99:99Z", [None]]
).map(copy.deepcopy)


def spoil(node: Any, data: st.DataObject) -> None:
    """Replace one value somewhere below."""
    while isinstance(node, dict | list) and node:
        keys = sorted(node) if isinstance(node, dict) else range(len(node))
        key = data.draw(st.sampled_from(list(keys)))
        child = node[key]
        if not isinstance(child, dict | list) or not child or data.draw(st.integers(0, 3)) == 0:
            node[key] = data.draw(WRONG)
            return
        node = child


def test_frames_with_other_payloads_are_refused() -> None:
    feed = WeatherFeed(stations=STATIONS)
    for frame in (
        Frame(0, T0, "weather.nws", x="hello", u=f"{NWS}{FRESH}"),
        Frame(0, T0, "weather.nws", b="AAAA", u=f"{NWS}{FRESH}"),
    ):
        with pytest.raises(FeedError):
            feed.receive(frame)

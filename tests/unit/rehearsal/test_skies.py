"""Weather in the rehearsal world: a day's high by its law, brackets as Kalshi lists them, told in the sources' shapes."""

import asyncio
import itertools
import json

import msgspec
import numpy as np
import pytest

from cockpit.domain.events import MarketListed, TemperatureForecast, TemperatureRead
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.domain.weather import DEGREE
from cockpit.engine.reached import floor
from cockpit.engine.views.weather import Weather as WeatherView
from cockpit.feeds.base import Frame
from cockpit.feeds.weather import openmeteo
from cockpit.models.weather.brackets import bracket_of
from cockpit.rehearsal.courier import KALSHI_WS
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.profiles import AFTERNOON, BTC, DEMO, Profile
from cockpit.rehearsal.skies import listing, telling
from cockpit.rehearsal.skies.day import HOUR_NS, MINUTE_NS, STEPS, Day
from cockpit.rehearsal.stands.worlds import Continued
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames, write_session
from cockpit.runtime import replay
from cockpit.runtime.feeds import recorded
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.session import run
from cockpit.settings.tree import Settings

PROFILE = Profile(name="weather", assets=(BTC,), ladders=(), spot_rate=0.2, weather=AFTERNOON)
START = 1_796_327_550 * SECOND
"""3 December 2026, 14:52:30 in New York."""


def drawn(seed):
    return Day(AFTERNOON, START, Draws(np.random.default_rng(seed)))


@pytest.fixture(scope="module")
def told():
    """A world's events, as the program's own feeds read its frames."""
    world = World(4, 9.0, PROFILE)
    receivers = recorded(())
    events = []
    for n, each in enumerate(frames(world), start=1):
        receive = receivers.get(each.source)
        status = None if each.url is None else 200
        events += receive(Frame(n, each.t, each.source, msgspec.Raw(each.payload), u=each.url, st=status))
    assert not receivers.census()
    return world, events


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """The engine after a recording of the demo with its weather."""
    path = tmp_path_factory.mktemp("skies") / "weather.jsonl.zst"
    world = write_session(path, 4, 4.0, profile=PROFILE)
    file = SessionFile(path)
    session = replay.session(file, replay.engine(file, Settings().with_lanes(("probe",))), None)
    asyncio.run(run(session, replay.batches(file)))
    assert not session.faults
    return world, session.engine


# ---------------------------------------------------------------------------------------------- the day


def test_the_high_comes_out_as_often_as_its_law_says():
    days = [drawn(seed) for seed in range(500)]
    for place in range(6):
        chances = [day.chance(*listing.ladder(day.middle)[place], START) for day in days]
        paid = 0
        for day in days:
            low, high = listing.ladder(day.middle)[place]
            paid += (low is None or day.high >= low) and (high is None or day.high <= high)
        spread = sum(c * (1 - c) for c in chances) ** 0.5
        assert abs(paid - sum(chances)) < 4 * spread + 1


@pytest.mark.parametrize("seed", range(12))
def test_six_brackets_hold_every_degree_once(seed):
    day = drawn(seed)
    found = [bracket_of(listing.market(day, each)) for each in listing.ladder(day.middle)]
    assert [(each.low, each.high) for each in found] == [tuple(each) for each in listing.ladder(day.middle)]
    for below, above in itertools.pairwise(found):
        assert below.high + 1 == above.low
    for minute in (0, 5, 60, STEPS):
        at = START + minute * MINUTE_NS
        assert sum(day.chance(*each, at) for each in listing.ladder(day.middle)) == pytest.approx(1.0)


@pytest.mark.parametrize("seed", range(12))
def test_what_was_reached_never_falls_and_nothing_below_it_pays(seed):
    day = drawn(seed)
    reached = [day.reached(START + n * MINUTE_NS) for n in range(60)]
    assert reached == sorted(reached)
    assert day.chance(None, reached[0] - 1, START) == 0.0
    assert day.chance(reached[0], None, START) == 1.0
    assert day.expected(START) > reached[0]
    assert day.high >= reached[-1]
    at = START + STEPS * MINUTE_NS
    assert round(day.chance(day.high, day.high, at)) == 1


# ---------------------------------------------------------------------------------------------- what is told


def test_observations_are_read_as_they_were_made(told):
    world, events = told
    day = world.sky.day
    readings = [each.reading for each in events if isinstance(each, TemperatureRead)]
    assert {each.station for each in readings} == {"KNYC"}
    assert all(each.trusted for each in readings)
    exact = [each for each in readings if each.exact]
    assert len(exact) == 15  # one an hour since midnight
    for each in readings:
        most = 0.1 if each.exact else 1.0
        assert abs(each.temp / DEGREE - day.temperature(each.at_ns)) < most
    inside = {each.at_ns for each in readings if each.at_ns > world.start - 5 * MINUTE_NS}
    assert len(inside) >= 3  # new ones come while it runs


def test_models_stand_around_what_is_expected_and_one_is_too_warm(told):
    world, events = told
    forecasts = [each.forecast for each in events if isinstance(each, TemperatureForecast)]
    today = {each.model: each.high / DEGREE for each in forecasts if each.day == world.sky.day.name}
    expected = world.sky.day.expected(world.start)
    assert len(today) == 6
    assert {model: round(high - expected, 1) for model, high in today.items()} == pytest.approx(
        dict(AFTERNOON.models), abs=0.11
    )
    assert sum(abs(high - expected) > 1.5 for high in today.values()) == 1
    assert len(forecasts) == 18  # this day and the next two
    peak = {each.peak_ns for each in forecasts if each.day == world.sky.day.name}
    assert all(abs(at - world.start) < 2 * HOUR_NS for at in peak)


def test_questions_are_those_our_feed_asks():
    day = drawn(1)
    assert telling.models_url(day) == openmeteo.url(
        "https://api.open-meteo.com", day.station, [name for name, _ in AFTERNOON.models]
    )
    assert telling.newest(day, START).url == "https://api.weather.gov/stations/KNYC/observations?limit=4"


def test_cold_tenths_are_told_with_their_sign():
    day = drawn(1)
    day._walk = [each - 60.0 for each in day._walk]
    body = json.loads(telling.earlier(day, START).body)
    for each in body["features"]:
        said = each["properties"]
        assert said["temperature"]["value"] < 0
        assert said["rawMessage"].endswith(f"T1{-round(said['temperature']['value'] * 10):03d}")


# ---------------------------------------------------------------------------------------------- the engine


def test_the_engine_joins_all_six_to_the_station_and_prices_them_together(replayed):
    world, engine = replayed
    weather = engine.pricer.weather
    assert not weather.troubles
    key = ("KNYC", world.sky.day.name, False)
    assert weather.days == {key: sorted(world.sky.floors)}
    fairs = [engine.state.markets[name].fair for name in world.sky.floors]
    assert sum(each.mid for each in fairs) == pytest.approx(1.0)
    for name, each in zip(world.sky.floors, fairs, strict=True):
        assert each.mid == pytest.approx(world.fair(name, world.end), abs=0.3)
    assert floor(engine.state.skies, *key[:2], low=False) <= world.sky.day.reached(world.end)


def test_the_screen_has_a_station_with_six_quoted_brackets(replayed):
    world, engine = replayed
    (station,) = WeatherView(engine).weather().stations
    assert (station.city, station.station, station.report) == ("New York", "KNYC", "none")
    assert station.trouble == ""
    assert station.reading == pytest.approx(world.sky.day.temperature(station.reading_ns), abs=1.0)
    assert station.mu == pytest.approx(world.sky.day.expected(world.start), abs=1.0)
    assert len(station.brackets) == 6
    assert all(each.chance is not None and not each.settled for each in station.brackets)
    assert all(each.ask is not None for each in station.brackets)
    assert "National Weather Service" in station.source or "Climatological" in station.source


# ---------------------------------------------------------------------------------------------- the world


def test_makers_quote_near_the_true_chance_and_nothing_settles(told):
    world, events = told
    assert {each.market.ticker for each in events if isinstance(each, MarketListed)} == set(world.sky.floors)
    for each in world.sky.floors.values():
        top = each.top()
        assert each.open
        assert each.market.close_ns > world.end + HOUR_NS
        assert abs((top.bid + top.ask) / 2 / 10_000 - each.worth(world.end)) < 0.12
    truth = world.truth()["weather"]
    assert len(truth["pays"]) == 1
    assert truth["high"] == world.sky.day.high


def test_with_weather_everyone_else_does_the_same():
    """All that is not of the weather: the same messages, a few of them behind one of it, and the same truth."""
    alone, both = World(22, 2.5, msgspec.structs.replace(DEMO, weather=None)), World(22, 2.5, DEMO)

    def other(arrival):
        told = arrival.payload + (arrival.url or "").encode()
        return not arrival.source.startswith("weather") and b"KXHIGHNY" not in told

    def plain(arrival):
        """A frame without its place in its channel's order."""
        told = arrival.payload
        if arrival.source == KALSHI_WS:
            told = json.loads(told) | {"seq": 0}
        return arrival.source, arrival.url, told

    before = list(frames(alone))
    after = [each for each in frames(both) if other(each)]
    assert all(other(each) for each in before)
    assert [plain(a) for a in after] == [plain(a) for a in before]
    moved = [abs(a.t - b.t) for a, b in zip(before, after, strict=True)]
    assert sum(each > MILLISECOND // 10 for each in moved) < len(moved) // 100
    truth = both.truth()
    assert truth.pop("weather")
    assert truth == alone.truth()


def test_a_world_without_weather_has_none_and_worlds_without_end_neither():
    assert World(3, 2.5, msgspec.structs.replace(PROFILE, weather=None)).sky is None
    close = (START // (900 * SECOND) + 1) * 900 * SECOND
    assert Continued(3, START, close, DEMO, None).sky is None


def test_a_brackets_chance_can_be_asked_for():
    world = World(5, 3.0, PROFILE)
    for name, each in world.sky.floors.items():
        assert world.fair(name, world.start) == each.worth(world.start)
    with pytest.raises(KeyError):
        world.fair("KXHIGHNY-NONE", world.start)

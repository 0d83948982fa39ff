"""Stations' days in the engine: joined by the rules' own station, priced together, floored by what was reached, learnt from."""

import msgspec
import pytest

from cockpit.domain.events import (
    BookSnapshot,
    ClimateReported,
    MarketListed,
    TemperatureForecast,
    TemperatureRead,
    Tick,
)
from cockpit.domain.markets import Market, MarketStatus
from cockpit.domain.units import QTY, SECOND, UNDERLYING
from cockpit.domain.weather import Forecast, Reading, Report
from cockpit.engine.config import EngineConfig
from cockpit.engine.engine import Engine, restore
from cockpit.engine.reached import floor
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.engine.weather import NO_FORECAST, NO_STATION, OTHER_STATION, REPORTED, terms_of
from cockpit.models.weather.stations import by_series, day_ends

DAY = "2026-07-15"
NY = by_series("KXHIGHNY")
ENDS = day_ends(DAY, NY)
HOUR = 3_600 * SECOND
T0 = ENDS - 16 * HOUR  # eight in the morning, standard time
RULES = (
    "If the highest temperature recorded in Central Park, New York for July 15, 2026 as reported by the National Weather "
    "Service's Climatological Report (Daily), is {} then the market resolves to Yes."
)
LADDER = (
    ("T88", "less", None, 88), ("B88.5", "between", 88, 89), ("B90.5", "between", 90, 91),
    ("B92.5", "between", 92, 93), ("T93", "greater", 93, None),
)  # fmt: skip


def market(suffix, kind, floor, cap, *, series="KXHIGHNY", rules=RULES):
    return Market(
        f"{series}-26JUL15-{suffix}", "kalshi", event=f"{series}-26JUL15", series=series,
        title="Highest temperature in NYC", status=MarketStatus.ACTIVE, close_ns=ENDS + HOUR, strike_type=kind,
        floor=None if floor is None else floor * UNDERLYING, cap=None if cap is None else cap * UNDERLYING, rules=rules,
    )  # fmt: skip


class Station:
    """An engine with a ladder of Central Park's; hours from T0."""

    def __init__(self):
        self.engine = Engine(EngineConfig())
        self.watch = Watch(self.engine)
        self.now = T0
        for each in LADDER:
            listed = market(*each)
            self.engine.process(MarketListed(self.now, listed))
            self.engine.process(BookSnapshot(self.now, 0, listed.ticker, ((1_800, QTY),), ((2_200, QTY),)))

    def at(self, hours):
        until = T0 + int(hours * HOUR)
        while self.now < until:
            self.now = min(until, self.now + 30 * SECOND)
            self.engine.process(Tick(self.now))
        return self

    def forecast(self, model="gfs", high=90.6, low=75.0, day=DAY):
        told = Forecast(model, NY.icao, day, round(high * 100), round(low * 100))
        self.engine.process(TemperatureForecast(self.now, "openmeteo", told))
        return self

    def read(self, degrees, **more):
        reading = Reading(NY.icao, self.now, round(degrees * 100), **more)
        self.engine.process(TemperatureRead(self.now, "nws", reading))
        return self

    def report(self, high, *, final=False, low=70, day=DAY, correction=False):
        told = Report(NY.icao, day, high, low, self.now, final, correction)
        self.engine.process(ClimateReported(self.now, "nws", told))
        return self

    def fairs(self):
        states = self.engine.state.markets
        return [None if (f := states[market(*each).ticker].fair) is None else f.mid for each in LADDER]

    def floor(self, *, low=False):
        return floor(self.engine.state.skies, NY.icao, DAY, low=low)

    def day(self):
        return view(self.engine, self.watch).weather.stations[0]


@pytest.fixture
def station():
    return Station()


def test_a_ladder_is_priced_together(station):
    station.forecast().forecast("icon", 90.0).at(0.02)
    fairs = station.fairs()
    assert sum(fairs) == pytest.approx(1.0)
    assert max(fairs) == fairs[2]
    shown = station.day()
    assert [each.label for each in shown.brackets] == ["<=87", "88-89", "90-91", "92-93", ">=94"]
    assert shown.city == "New York"
    assert 90.0 <= shown.mu <= 90.6
    assert {name for name, *_ in shown.forecasts} == {"gfs", "icon"}
    assert "Climatological" in shown.source


def test_without_a_forecast_nothing_is_priced_and_an_old_one_is_none(station):
    station.at(0.02)
    assert station.fairs() == [None] * 5
    station.forecast().at(13.5)
    assert station.fairs() == [None] * 5
    assert station.day().trouble == NO_FORECAST


def test_what_was_reached_is_a_floor(station):
    station.forecast().read(91.4, exact=True).at(0.02)
    fairs = station.fairs()
    assert fairs[0] == fairs[1] == 0.0
    assert sum(fairs) == pytest.approx(1.0)
    assert station.day().reached == 91


def test_a_reading_in_whole_degrees_celsius_may_be_a_degree_off(station):
    station.forecast().read(89.6).at(0.02)  # 32 degrees Celsius: 31.5 to 32.5
    assert station.day().reached == 89
    station.now += SECOND
    station.read(89.6, trusted=False, high6=10_500).at(0.04)
    assert station.day().reached == 89


def test_six_hours_that_reach_into_the_day_before_say_nothing_of_this_one(station):
    station.now = ENDS - 21 * HOUR  # three in the morning
    station.forecast().read(75.2, exact=True, high6=9_500)
    assert station.floor() == 75
    station.now = ENDS - 12 * HOUR
    station.read(80.0, exact=True, high6=9_300)
    assert station.floor() == 93


def test_past_its_peak_a_day_does_little_more(station):
    station.forecast().read(90.2, exact=True).at(4)
    before = station.fairs()[2]
    station.at(9).forecast(high=90.7).read(90.0, exact=True).at(10)
    assert station.fairs()[2] > before
    assert station.fairs()[2] > 0.85


def test_an_intraday_report_is_never_final(station):
    station.forecast().report(92).at(0.02)
    assert station.day().report == "intraday"
    assert station.day().reached == 92
    assert station.fairs()[3] > 0.5


def test_a_final_report_ends_the_pricing_and_a_correction_is_named(station):
    station.forecast().at(0.02).report(91, final=True).at(0.05)
    assert station.fairs() == [None] * 5
    assert (station.day().report, station.day().reported, station.day().trouble) == ("final", 91, REPORTED)
    station.now += SECOND
    station.report(92, final=True, correction=True)
    assert (station.day().report, station.day().reported) == ("corrected", 92)


def test_a_late_intraday_report_does_not_undo_a_final_one(station):
    station.forecast().report(91, final=True)
    station.now += HOUR
    station.report(88)
    assert station.engine.state.skies.reports[f"KNYC {DAY}"].high == 91


def test_models_learn_from_each_final_report_once(station):
    for _ in range(2):
        station.forecast(high=88.0, day="2026-07-16").report(91, final=True, day="2026-07-16")
    skill = station.engine.state.skies.skills["KNYC high gfs"]
    assert (skill.n, skill.bias) == (1, pytest.approx(3.0))
    assert station.engine.state.skies.skills["KNYC low gfs"].bias == pytest.approx(-5.0)


def test_a_model_is_judged_by_what_it_told_before_the_peak(station):
    station.forecast("hrrr", 95.0).forecast("ecmwf", 91.5).at(7).forecast("hrrr", 94.0)
    station.at(14).forecast("hrrr", 91.0).forecast("late", 91.0).report(91, final=True)
    skills = station.engine.state.skies.skills
    assert skills["KNYC high hrrr"].bias == pytest.approx(-3.0)
    assert skills["KNYC high ecmwf"].bias == pytest.approx(-0.5)
    assert "KNYC high late" not in skills
    assert not any("low" in name for name in skills), "the night was over before anybody foretold it"


def test_what_a_model_told_counts_however_old_it_is(station):
    station.forecast(high=88.0, day="2026-07-16").at(40)
    station.report(91, final=True, low=None, day="2026-07-16")
    assert station.engine.state.skies.skills["KNYC high gfs"].bias == pytest.approx(3.0)
    station.report(91, final=True, low=74, day="2026-07-16", correction=True)
    assert station.engine.state.skies.skills["KNYC low gfs"].bias == pytest.approx(-1.0), (
        "a low that came late"
    )


def test_a_day_without_a_forecast_keeps_what_it_reached_and_what_was_reported(station):
    station.read(91.4, exact=True).report(90, final=True, day="2026-07-14").at(0.1)
    assert station.floor() == 91
    assert station.engine.state.skies.reports["KNYC 2026-07-14"].high == 90
    station.now += 5 * 24 * HOUR
    station.engine.process(Tick(station.now))
    station.now += 120 * SECOND
    station.engine.process(Tick(station.now))
    skies = station.engine.state.skies
    assert not any((skies.reached, skies.reports, skies.learnt, skies.ahead))
    station.report(91, final=True)
    assert not skies.reports, "told again of a day that was let go"


@pytest.mark.parametrize(
    ("where", "day"), [("KXXX", DAY), ("a b", DAY), ("KNYC", "2026-02-30"), ("KNYC", "9999-12-31")]
)
def test_what_is_of_no_station_and_of_no_day_is_not_kept(station, where, day):
    now = station.now
    for each in (
        TemperatureForecast(now, "x", Forecast("gfs", where, day, 9_000, 7_000)),
        ClimateReported(now, "x", Report(where, day, 90, 70, now)),
        TemperatureRead(now, "x", Reading(where, 2**63 - 1, 9_000)),
    ):
        station.engine.process(each)
    station.at(0.1)
    skies = station.engine.state.skies
    assert not any((skies.forecasts, skies.reports, skies.reached, skies.ahead, skies.readings))


def test_a_reading_counts_before_any_market_is_listed():
    engine = Engine(EngineConfig())
    engine.process(TemperatureRead(T0, "nws", Reading(NY.icao, T0, 9_500, exact=True)))
    assert floor(engine.state.skies, NY.icao, DAY, low=False) == 95


def test_a_ticker_of_an_impossible_day_is_not_joined():
    listed = msgspec.structs.replace(market(*LADDER[0]), ticker="KXHIGHNY-26FEB30-T88")
    assert terms_of(listed) == (None, "no degrees or no day")


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (market(*LADDER[1], rules="As measured at LaGuardia Airport."), NO_STATION),
        (market(*LADDER[1], rules="the highest temperature recorded at Chicago Midway, IL"), OTHER_STATION),
        (market("X", "structured", None, None), "no degrees or no day"),
    ],
)
def test_markets_that_are_not_joined(listed, why):
    assert terms_of(listed) == (None, why)


def test_what_is_no_temperature_is_nothing_to_us():
    assert terms_of(market(*LADDER[1], series="KXBTCD")) == (None, "")


def test_lows_go_by_the_low(station):
    low = msgspec.structs.replace(
        market("B74.5", "between", 74, 75, series="KXLOWTNYC", rules=RULES.replace("highest", "lowest"))
    )
    station.engine.process(MarketListed(station.now, low))
    station.forecast().read(73.9, exact=True).at(0.05)
    assert station.engine.state.markets[low.ticker].fair.mid > 0.5
    assert terms_of(low)[0].low


def test_the_same_from_a_state_that_was_kept(station):
    station.forecast().forecast(high=89, day="2026-07-14").read(85.0, exact=True).report(84)
    station.at(0.5).report(90, final=True, day="2026-07-14").read(84.2, high6=8_600).at(0.6)
    other = Station()
    other.engine = Engine(station.engine.config, restore(station.engine.opening()))
    other.watch, other.now = Watch(other.engine), station.now
    assert station.engine.opening() == other.engine.opening()
    for each in (station, other):
        each.forecast("icon", 91.5).read(88.3, exact=True).at(2).report(91, final=True).at(2.1)
    assert station.engine.opening() == other.engine.opening()

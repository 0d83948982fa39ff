"""What a model is judged by: the last it told before the day's peak, and before its trough."""

import pytest

from cockpit.domain.units import SECOND
from cockpit.domain.weather import Forecast, Report
from cockpit.engine import lessons
from cockpit.engine.shelf import Ahead, Skies
from cockpit.models.weather.stations import BY_ICAO

NY = BY_ICAO["KNYC"]
DAY = "2026-07-15"
START = NY.starts(DAY)
HOUR = 3_600 * SECOND


def tell(skies, hour, high, low=None, *, model="gfs", peak=0):
    told = Forecast(model, NY.icao, DAY, high, low, START + int(peak * HOUR) if peak else 0)
    skies.forecasts[f"{NY.icao} {DAY} {model}"] = told
    lessons.foretold(skies, told, START + int(hour * HOUR))


def test_the_peak_is_the_middle_one_of_those_told_within_the_day():
    skies = Skies()
    assert lessons.peak(skies, NY.icao, DAY, low=False) == START + int(15.5 * HOUR)
    for model, hour in (("a", 13), ("b", 14), ("c", 18), ("d", 30), ("e", -1)):
        tell(skies, 1, 9_000, model=model, peak=hour)
    assert lessons.peak(skies, NY.icao, DAY, low=False) == START + 14 * HOUR
    assert lessons.peak(skies, NY.icao, DAY, low=True) == START + 6 * HOUR


def test_the_last_before_each_is_kept():
    skies = Skies()
    tell(skies, -12, 9_000, 7_000)
    tell(skies, 5, 9_100, 7_100)
    tell(skies, 12, 9_200, 7_200)
    tell(skies, 13, None, 7_300)
    tell(skies, 16, 9_300, 7_400)
    assert skies.ahead == {f"KNYC {DAY} gfs": Ahead(9_200, 7_100)}


def test_a_peak_that_comes_early_ends_it_early():
    skies = Skies()
    tell(skies, 9, 9_000, peak=11)
    tell(skies, 12, 9_300, peak=11)
    assert skies.ahead[f"KNYC {DAY} gfs"].high == 9_000


def test_each_model_learns_once_and_only_its_own():
    skies = Skies()
    tell(skies, -1, 9_000, 7_000, model="a")
    tell(skies, -1, 9_400, 7_100, model="a b")
    told = Report(NY.icao, DAY, 92, 70, START + 30 * HOUR, final=True)
    for _ in range(2):
        lessons.learn(skies, told)
    assert {name: (each.n, each.bias) for name, each in skies.skills.items()} == {
        "KNYC high a": (1, pytest.approx(2.0)),
        "KNYC high a b": (1, pytest.approx(-2.0)),
        "KNYC low a": (1, pytest.approx(0.0)),
        "KNYC low a b": (1, pytest.approx(-1.0)),
    }

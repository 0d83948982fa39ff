"""What a day has reached: in any order, corrected, across midnight, by readings that are rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.domain.weather import Reading, Report
from cockpit.engine import reached
from cockpit.engine.shelf import Skies
from cockpit.models.weather.stations import BY_ICAO

NY = BY_ICAO["KNYC"]
DAY = "2026-07-15"
START = NY.starts(DAY)
HOUR = 3_600 * SECOND


def read(skies, hour, temp, **more):
    told = Reading(NY.icao, START + int(hour * HOUR), temp, **({"exact": True} | more))
    reached.read(skies, told, NY)


def report(skies, hour, high=None, low=None):
    reached.report(skies, Report(NY.icao, DAY, high, low, START + int(hour * HOUR)))


def both(skies):
    return tuple(reached.floor(skies, NY.icao, DAY, low=low) for low in (False, True))


def test_nothing_was_reached():
    assert both(Skies()) == (None, None)


@given(
    st.permutations(
        [(7, 7_000), (9, 8_500), (13, 9_300), (14, 9_100), (15, 9_300), (16, 8_000), (17, 6_920), (18, 8_000)]
    )
)
def test_the_order_in_which_readings_come_makes_no_difference(readings):
    skies, straight = Skies(), Skies()
    for hour, temp in readings:
        read(skies, hour, temp)
    for hour, temp in sorted(readings):
        read(straight, hour, temp)
    assert both(skies) == (93, 69)
    assert skies.reached == straight.reached


def test_a_correction_takes_back_what_it_corrects_and_leaves_the_others():
    skies = Skies()
    for hour, temp in ((12, 9_000), (13, 9_900), (14, 9_100)):
        read(skies, hour, temp)
    read(skies, 13, 7_900)
    assert both(skies) == (91, 79)
    read(skies, 13, 9_050)
    assert both(skies) == (91, 90)
    read(skies, 14, 9_100, trusted=False)
    assert both(skies) == (91, 90), "90.5 is 91"
    read(skies, 13, 9_050, trusted=False)
    assert both(skies) == (90, 90)


def test_a_report_of_the_day_replaces_what_was_read_before_it():
    skies = Skies()
    read(skies, 13, 9_900)
    report(skies, 16, 92, 70)
    assert both(skies) == (92, 70)
    read(skies, 15, 9_700)
    assert both(skies) == (92, 70), "a reading from before it that comes late"
    read(skies, 17, 9_300)
    assert both(skies) == (93, 70)
    report(skies, 18, 94)
    assert both(skies) == (94, 70), "its low is missing"
    report(skies, 16.5, 99, 60)
    assert both(skies) == (94, 60), "of each kind the newest counts"
    report(skies, 18, 93, 69)
    assert both(skies) == (93, 69), "corrected"


@pytest.mark.parametrize("six", [{"high6": 9_500}, {"low6": 6_000}, {"high6": 9_500, "low6": 6_000}])
@pytest.mark.parametrize(("exact", "found"), [(True, (75, 75)), (False, (74, 76))])
def test_six_hours_across_midnight_say_nothing_and_the_reading_itself_does(six, exact, found):
    skies = Skies()
    read(skies, 0.9, 7_500, exact=exact, **six)
    assert both(skies) == found
    assert {name.split(" ")[1] for name in skies.reached} == {DAY}


def test_six_hours_that_lie_in_the_day_count_each_alone():
    skies = Skies()
    read(skies, 6, 7_500, high6=7_800)
    read(skies, 12, 7_600, exact=False, low6=7_400)
    assert both(skies) == (78, 74)


@given(st.integers(-15_000, 15_000))
def test_degrees_round_as_the_weather_service_rounds(temp):
    found = reached.whole(temp)
    assert -50 <= temp - 100 * found < 50


def test_few_readings_of_a_day_are_kept():
    skies = Skies()
    for minute in range(288):
        read(skies, minute / 12, 7_000 + minute)
    assert both(skies) == (73, 70)
    assert all(len(each.marks) == reached.MARKS for each in skies.reached.values())

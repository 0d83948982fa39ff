"""Readings: tenths where a message tells them, six-hour extremes, quality letters, units."""

import json
from collections import Counter
from typing import Any

import pytest

from cockpit.domain.weather import Reading
from cockpit.feeds.weather.observations import read

from .payloads import T0, at, observations, observed  # noqa: TID252  the tests are no package

WHEN = "2027-07-16T16:51:00+00:00"
METAR = "KNYC 161651Z AUTO 18006KT 10SM CLR 33/19 A3002 RMK AO2 SLP162 T03280194"
SIX = "KNYC 161751Z AUTO 18006KT 10SM CLR 33/19 A3002 RMK AO2 PK WND 28033/1522 SLP162 P0001 60001 T03280194 10339 20244 402440339 53012"


def readings(*features: dict[str, Any], census: Counter[str] | None = None) -> list[Reading]:
    data = json.dumps(observations(*features)).encode()
    return read(data, "KNYC", T0 + 10**13, Counter() if census is None else census)


def one(value: Any = 33, raw: str = "", qc: str = "V", unit: str = "wmoUnit:degC") -> Reading | None:
    found = readings(observed(WHEN, value, raw, qc, unit))
    return found[0] if found else None


def test_tenths_come_from_the_message() -> None:
    assert one(33, METAR) == Reading("KNYC", at(WHEN), 9104, exact=True)
    assert one(None, METAR) == Reading("KNYC", at(WHEN), 9104, exact=True)
    assert one(-1, METAR.replace("T03280194", "T10061017")) == Reading("KNYC", at(WHEN), 3092, exact=True)


def test_whole_degrees_were_rounded_and_fractions_were_not() -> None:
    assert one(22) == Reading("KNYC", at(WHEN), 7160)
    assert one(15.600000000000023) == Reading("KNYC", at(WHEN), 6008, exact=True)
    assert one(71.6, unit="wmoUnit:degF") == Reading("KNYC", at(WHEN), 7160)


def test_six_hours_stand_in_groups_of_their_own() -> None:
    assert one(33, SIX) == Reading("KNYC", at(WHEN), 9104, True, high6=9302, low6=7592)
    before = SIX.replace("RMK", "RKM")
    assert one(33, before) == Reading("KNYC", at(WHEN), 9140), "groups count behind RMK only"
    assert one(33, SIX.replace("10339", "11039")) == Reading("KNYC", at(WHEN), 9104, True)


@pytest.mark.parametrize("letter", ["V", "S", "C", "qc:V"])
def test_what_passed_is_trusted(letter: str) -> None:
    assert one(qc=letter) == Reading("KNYC", at(WHEN), 9140)


@pytest.mark.parametrize("letter", ["Z", "T", "", None])
def test_what_nobody_looked_at_is_kept_but_not_trusted(letter: Any) -> None:
    assert one(qc=letter) == Reading("KNYC", at(WHEN), 9140, trusted=False)


@pytest.mark.parametrize("letter", ["X", "Q", "B", "qc:X"])
def test_what_failed_is_dropped(letter: str) -> None:
    census: Counter[str] = Counter()
    assert readings(observed(WHEN, qc=letter), census=census) == []
    assert census == {f"quality:{letter[-1]}": 1}


@pytest.mark.parametrize("unit", ["wmoUnit:degC", "unit:degC", "degC"])
def test_units_are_spelt_in_three_ways(unit: str) -> None:
    assert one(25, unit=unit) == Reading("KNYC", at(WHEN), 7700)


def test_nothing_is_told_where_nothing_was_read() -> None:
    census: Counter[str] = Counter()
    assert readings(observed(WHEN, None), census=census) == []
    assert census == {"observation:no temperature": 1}
    assert readings() == []


def test_answers_are_told_oldest_first_and_one_that_cannot_be_read_spares_the_others() -> None:
    census: Counter[str] = Counter()
    later, broken = "2027-07-16T16:55:00+00:00", observed("yesterday")
    assert [each.at_ns for each in readings(observed(later), broken, observed(WHEN), census=census)] == [
        at(WHEN),
        at(later),
    ]
    assert sum(census.values()) == 1


@pytest.mark.parametrize(
    ("value", "unit"), [(25, "wmoUnit:K"), (250, "degC"), (-120, "degC"), ("NaN", "degC"), (25, None)]
)
def test_what_is_no_temperature_is_refused(value: Any, unit: Any) -> None:
    with pytest.raises(ValueError, match=r"temperature|number"):
        readings(observed(WHEN, value, unit=unit))


def test_a_time_to_come_is_none() -> None:
    census: Counter[str] = Counter()
    data = json.dumps(observations(observed("2027-07-16T18:00:00+00:00"))).encode()
    assert read(data, "KNYC", T0, census) == []
    assert census == {"observation:of another time": 1}


def test_the_latest_alone_is_read_as_well() -> None:
    data = json.dumps(observed(WHEN)).encode()
    assert read(data, "KNYC", T0, Counter()) == [Reading("KNYC", at(WHEN), 7700)]
    with pytest.raises(ValueError, match="neither"):
        read(b"{}", "KNYC", T0, Counter())

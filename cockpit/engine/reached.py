"""What a station's day has reached: floors of its high and ceilings of its low, from readings in whatever order they come.

Only readings in tenths of a degree, six-hour extremes and the day's own intraday report are taken as they stand: a reading in
whole degrees Celsius counts half a degree Celsius short. A reading told again replaces what was told of its time, so that a
correction may lower a floor too; a report issued within the day replaces all readings from before it.
"""

from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE, Reading, Report
from cockpit.engine.shelf import Reached, Skies
from cockpit.models.weather.stations import Station, climate_day

HALF_C = 90
"""1/100 degree Fahrenheit: half a degree Celsius, by which a whole reading may be off."""
SIX_HOURS_NS = 6 * 3_600 * SECOND
MARKS = 6
"""Readings kept of a day and kind: what is left when the farthest of them are corrected."""


def floor(skies: Skies, station: str, day: str, *, low: bool) -> int | None:
    """The whole degree a day's high is sure of, or for ``low`` the one its low will not exceed; None where nothing is."""
    known = skies.reached.get(_key(station, day, low))
    if known is None:
        return None
    told = [degree for degree, _ in known.marks[:1]] + (
        [known.reported] if known.reported is not None else []
    )
    return (min(told) if low else max(told)) if told else None


def read(skies: Skies, reading: Reading, station: Station) -> None:
    """A reading, or a correction of one."""
    day = climate_day(reading.at_ns, station)
    for low in (False, True):
        key = _key(station.icao, day, low)
        known = skies.reached.get(key)
        if known is None and not reading.trusted:
            continue
        if known is None:
            known = skies.reached[key] = Reached()
        others = [each for each in known.marks if each[1] != reading.at_ns]
        counts = reading.trusted and not (known.reported is not None and reading.at_ns <= known.issued_ns)
        mine = [(_degree(reading, station, low=low), reading.at_ns)] if counts else []
        known.marks = _farthest([*others, *mine], low=low)


def report(skies: Skies, told: Report) -> None:
    """A report issued within its day."""
    for low, degree in ((False, told.high), (True, told.low)):
        if degree is None:
            continue
        known = skies.reached.setdefault(_key(told.station, told.day, low), Reached())
        if known.reported is not None and told.issued_ns < known.issued_ns:
            continue
        known.reported, known.issued_ns = degree, told.issued_ns
        known.marks = [each for each in known.marks if each[1] > told.issued_ns]


def _degree(reading: Reading, station: Station, *, low: bool) -> int:
    """The whole degree that a reading is sure of; six hours that reach into the day before say nothing of this one."""
    sure = reading.temp if reading.exact else reading.temp + (HALF_C if low else -HALF_C)
    six = reading.low6 if low else reading.high6
    day = climate_day(reading.at_ns, station)
    if six is not None and climate_day(reading.at_ns - SIX_HOURS_NS, station) == day:
        sure = min(sure, six) if low else max(sure, six)
    return whole(sure)


def _farthest(marks: list[tuple[int, int]], *, low: bool) -> list[tuple[int, int]]:
    """The order they were told in makes no difference: of equals the newest are kept."""
    return sorted(marks, key=lambda each: (each[0] if low else -each[0], -each[1]))[:MARKS]


def whole(temp: int) -> int:
    """The whole degree a temperature rounds to, halves up. Source: the NWS rounds halves up."""
    return (temp + DEGREE // 2) // DEGREE


def _key(station: str, day: str, low: bool) -> str:
    return f"{station} {day} {'low' if low else 'high'}"

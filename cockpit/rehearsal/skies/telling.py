"""Who tells of a day: the weather service's observations, and several models' hours as Open-Meteo answers.

Between the hours a thermometer is told in whole degrees Celsius; once an hour a METAR's remarks tell tenths. An answer
holds what was made two minutes ago and earlier, the newest first.
"""

import math
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from cockpit.domain.units import SECOND
from cockpit.rehearsal.happenings import Happening, Heard
from cockpit.rehearsal.skies.day import HOUR_NS, MINUTE_NS, Day, below_peak, full

NWS, SITE = "https://api.weather.gov", "https://api.open-meteo.com/v1/forecast"
NWS_SOURCE, SITE_SOURCE = "weather.nws", "weather.openmeteo"
EVERY_NS = 120 * SECOND
LATE_NS = 2 * MINUTE_NS
NEWEST = 4
DAYS = 5
"""Yesterday, the day, and three to come."""


class Thermometer:
    """Asks for a station's newest observations every two minutes."""

    pit = None

    def __init__(self, day: Day, emit: Callable[[Happening], None]) -> None:
        self._day = day
        self._emit = emit

    def act(self, now: int) -> int | None:
        """Ask once."""
        self._emit(newest(self._day, now))
        return now + EVERY_NS


def newest(day: Day, now: int) -> Heard:
    """The newest four observations."""
    times = day.readings(now - HOUR_NS, now - LATE_NS)[-NEWEST:]
    return _answer(day, now, f"limit={NEWEST}", times)


def earlier(day: Day, now: int) -> Heard:
    """The hourly observations of the day so far."""
    times = [at for at in day.readings(day.midnight, now - LATE_NS) if full(at)]
    start = f"{_utc(day.midnight):%Y-%m-%dT%H%%3A%M%%3A%SZ}"
    return _answer(day, now, f"start={start}&limit=400", times)


def _answer(day: Day, now: int, query: str, times: list[int]) -> Heard:
    url = f"{NWS}/stations/{day.station.icao}/observations"
    body = {
        "type": "FeatureCollection",
        "features": [_observation(day, at, url) for at in reversed(times)],
    }
    return Heard(now, NWS_SOURCE, f"{url}?{query}", msgspec.json.encode(body))


def _observation(day: Day, at: int, url: str) -> dict[str, object]:
    icao = day.station.icao
    tenths = math.floor((day.temperature(at) - 32.0) * 50.0 / 9.0 + 0.5)
    whole = math.floor(tenths / 10 + 0.5)
    stamp = f"{_utc(at):%Y-%m-%dT%H:%M:%S+00:00}"
    raw = ""
    if full(at):
        sign = int(tenths < 0)
        raw = f"METAR {icao} {_utc(at):%d%H%M}Z AUTO 10SM CLR RMK AO2 T{sign}{abs(tenths):03d}"
    told: dict[str, object] = {
        "station": f"{NWS}/stations/{icao}",
        "timestamp": stamp,
        "rawMessage": raw,
        "textDescription": "Clear",
        "temperature": {
            "unitCode": "wmoUnit:degC",
            "value": tenths / 10 if raw else whole,
            "qualityControl": "V",
        },
    }
    return {
        "id": f"{url}/{stamp}",
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [day.station.lon, day.station.lat]},
        "properties": told,
    }


def models(day: Day, now: int) -> Heard:
    """What each model says of the hours from yesterday on."""
    first = now // (24 * HOUR_NS) * 24 * HOUR_NS - 24 * HOUR_NS
    hours = [first + n * HOUR_NS for n in range(24 * DAYS)]
    names = [f"temperature_2m_{name}" for name, _ in day.spec.models]
    series = {
        name: [_modelled(day, at, now, off) for at in hours]
        for name, (_, off) in zip(names, day.spec.models, strict=True)
    }
    body = {
        "latitude": day.station.lat,
        "longitude": day.station.lon,
        "utc_offset_seconds": 0,
        "timezone": "GMT",
        "timezone_abbreviation": "GMT",
        "hourly_units": {"time": "iso8601", **dict.fromkeys(names, "°F")},
        "hourly": {"time": [f"{_utc(at):%Y-%m-%dT%H:%M}" for at in hours], **series},
    }
    return Heard(now, SITE_SOURCE, models_url(day), msgspec.json.encode(body))


def models_url(day: Day) -> str:
    """The question for all models of a station."""
    asked = ",".join(name for name, _ in day.spec.models)
    return (
        f"{SITE}?latitude={day.station.lat}&longitude={day.station.lon}&hourly=temperature_2m"
        f"&temperature_unit=fahrenheit&timezone=GMT&past_days=1&forecast_days={DAYS - 1}&models={asked}"
    )


def _modelled(day: Day, at: int, now: int, off: float) -> float:
    """A model's temperature of an hour, to a tenth: a plain day below the high it expects."""
    number, into = divmod(at - day.midnight, 24 * HOUR_NS)
    high = day.expected(now) if number == 0 else day.others[number]
    return round(high + off - below_peak(into / HOUR_NS), 1)


def _utc(ts: int) -> datetime:
    return datetime.fromtimestamp(ts // SECOND, UTC)

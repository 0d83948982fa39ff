"""Open-Meteo: hourly temperatures of several models at a station, in UTC, cut into its climate days by us.

With several models each series is named by its model ("temperature_2m_ncep_nbm_conus"), with one it is not. A day is told
where all its 24 hours are: a model that ends before, or begins later, says nothing of it. The highest hour is below the true
high by half a degree to a degree, which is left to the bias. Data: Open-Meteo.com, CC BY 4.0.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from urllib.parse import urlencode

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.weather import Forecast
from cockpit.feeds.census import tally
from cockpit.feeds.weather.numbers import HOUR_NS, minute, temperature, whole_day
from cockpit.feeds.weather.places import Place, point

DAYS = 3
PATH = "/v1/forecast"
_NAME = "temperature_2m"
_DAY_NS = 24 * HOUR_NS
_LONGEST = 24 * 30


class Answer(msgspec.Struct, frozen=True):
    """GET /v1/forecast; ``error`` with a reason where it was refused."""

    error: bool = False
    reason: str = ""
    utc_offset_seconds: int = 0
    hourly_units: dict[str, str] = {}
    hourly: dict[str, msgspec.Raw] = {}


_answer = msgspec.json.Decoder(Answer).decode
_times = msgspec.json.Decoder(list[str]).decode
_values = msgspec.json.Decoder(list[Decimal | None]).decode


def url(site: str, place: Place, models: Sequence[str]) -> str:
    """The question for one station: yesterday to three days on, which holds three climate days west of Greenwich."""
    lat, lon = point(place)
    fields = {
        "latitude": lat,
        "longitude": lon,
        "hourly": _NAME,
        "temperature_unit": "fahrenheit",
        "timezone": "GMT",
        "past_days": 1,
        "forecast_days": DAYS + 1,
        "models": ",".join(models),
    }
    return f"{site}{PATH}?{urlencode(fields, safe=',')}"


def reason(data: bytes | msgspec.Raw) -> str:
    """Why it was refused, in the source's words; empty where it does not say."""
    try:
        return "".join(c if c.isprintable() else "?" for c in _answer(data).reason[:120])
    except (ValueError, RecursionError):
        return ""


def read(
    data: bytes | msgspec.Raw, place: Place, asked: Sequence[str], now: int, census: Counter[str]
) -> list[Forecast]:
    """What each model says of today and the next two days of a station.

    Args:
        data: the answer.
        place: the station.
        asked: the models of the question.
        now: ns UTC, which tells today.
        census: counts models that say nothing.

    Raises:
        FeedError: when the source refused.
        ValueError: when it cannot be read.
    """
    body = _answer(data)
    if body.error:
        raise FeedError(f"Open-Meteo: {reason(data) or 'refused'}")
    if body.utc_offset_seconds:
        raise ValueError("hours that are not UTC")
    hours = [minute(each) for each in _times(body.hourly.get("time", msgspec.Raw(b"null")))]
    if len(hours) > _LONGEST:
        raise ValueError(f"{len(hours)} hours")
    found: list[Forecast] = []
    for name, raw in sorted(body.hourly.items()):
        model = _model(name, asked)
        if not model:
            continue
        temps = _temps(hours, _values(raw), body.hourly_units.get(name, ""))
        days = list(_days(model, place, temps, now))
        found += days
        if not days:
            tally(census, "model", f"{model} says nothing")
    return found


def _model(name: str, asked: Sequence[str]) -> str:
    """Whose series it is; empty for no series of temperatures."""
    if name == _NAME:
        return asked[0] if len(asked) == 1 else ""
    return name.removeprefix(f"{_NAME}_") if name.startswith(f"{_NAME}_") else ""


def _temps(hours: list[int], values: list[Decimal | None], unit: str) -> dict[int, int]:
    """Temperatures by hour. Raises ValueError."""
    if len(values) != len(hours):
        raise ValueError(f"{len(values)} values of {len(hours)} hours")
    return {
        at: temperature(value, unit)
        for at, value in zip(hours, values, strict=True)
        if value is not None
    }  # fmt: skip


def _days(model: str, place: Place, temps: Mapping[int, int], now: int) -> Iterable[Forecast]:
    start = place.starts(place.day(now))
    for n in range(DAYS):
        span = whole_day(temps, start + n * _DAY_NS)
        if span is not None:
            day = place.day(start + n * _DAY_NS)
            yield Forecast(model, place.icao, day, span.high, span.low, span.warmest_ns)

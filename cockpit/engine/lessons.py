"""What models are worth at a station: each is judged by what it told last before the day's peak (its trough, for lows).

A forecast told again in the evening knows the day already: judged by that one, a model would seem to have no bias.
"""

from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE, Forecast, Report
from cockpit.engine.shelf import Ahead, Skies
from cockpit.models.weather.blend import Skill
from cockpit.models.weather.stations import BY_ICAO, day_ends

HOUR_NS = 3_600 * SECOND
DAY_NS = 24 * HOUR_NS
PEAK_H, TROUGH_H = 15.5, 6.0
"""Standard hours of a day's warmest and coldest moment, where no forecast says: a judgement."""


def peak(skies: Skies, station: str, day: str, *, low: bool) -> int:
    """When the day is warmest (coldest), ns UTC: the middle one of those told, else by the clock.

    Raises:
        KeyError: for a station we do not know.
        ValueError: for what is no ISO date.
    """
    ends = day_ends(day, BY_ICAO[station])
    if not low:
        prefix = f"{station} {day} "
        told = sorted(
            f.peak_ns
            for name, f in skies.forecasts.items()
            if name.startswith(prefix) and ends - DAY_NS <= f.peak_ns < ends
        )
        if told:
            return told[len(told) // 2]
    return ends - int((24.0 - (TROUGH_H if low else PEAK_H)) * HOUR_NS)


def foretold(skies: Skies, forecast: Forecast, now: int) -> None:
    """A forecast came: it is what the model is judged by, unless the day's peak is past."""
    name = f"{forecast.station} {forecast.day} {forecast.model}"
    high, low = (
        now < peak(skies, forecast.station, forecast.day, low=kind) and told is not None
        for kind, told in ((False, forecast.high), (True, forecast.low))
    )
    if not high and not low:
        return
    known = skies.ahead.setdefault(name, Ahead())
    known.high = forecast.high if high else known.high
    known.low = forecast.low if low else known.low


def learn(skies: Skies, report: Report) -> None:
    """A day is over: each model's error on it, once."""
    prefix = f"{report.station} {report.day} "
    for kind, seen in (("high", report.high), ("low", report.low)):
        if seen is None or prefix + kind in skies.learnt:
            continue
        skies.learnt[prefix + kind] = True
        for name, ahead in skies.ahead.items():
            told = ahead.high if kind == "high" else ahead.low
            if told is not None and name.startswith(prefix):
                key = f"{report.station} {kind} {name.removeprefix(prefix)}"
                skies.skills.setdefault(key, Skill()).learn(told / DEGREE, float(seen))

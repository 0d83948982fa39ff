"""Stations' days on the beat: forecasts, readings and reports become one law a day, and its brackets are priced together.

A market is joined to the station its own rules name, to the day of its ticker, and to degrees by its strikes. What was reached
so far is a floor (a ceiling, for lows) that only readings in tenths of a degree, six-hour extremes and the day's own
intraday report may raise: a reading in whole degrees Celsius may be a degree off. A final report teaches each model its
bias and ends the pricing: what is left is for the venue to settle.
"""

import math
from bisect import insort
from collections.abc import Callable

import msgspec

from cockpit.domain.events import ClimateReported, TemperatureForecast, TemperatureRead
from cockpit.domain.markets import Market
from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE, Reading, Report
from cockpit.engine.state import MarketState, State
from cockpit.models.fair import Fair, WeatherOutlook
from cockpit.models.match.dates import ticker_date
from cockpit.models.weather.blend import Blend, Skill, blend
from cockpit.models.weather.brackets import Bracket, bracket_of, price
from cockpit.models.weather.stations import Station, by_rules, by_series, climate_day, day_ends

STEP_NS = 30 * SECOND
"""Brackets are priced this often, and after news."""
OLD_NS = 13 * 3_600 * SECOND
"""A forecast nobody has changed for so long does not count: models run every six hours, and now and then say the same."""
KEPT_NS = 4 * 86_400 * SECOND
HOUR_NS = 3_600 * SECOND
PEAK_H, TROUGH_H = 15.5, 6.0
"""Standard hours of a day's warmest and coldest moment, where no forecast says: a judgement."""
PAST_SIGMA = 1.0
"""Degrees: what a day can still do two hours after its peak."""
HALF_C = 0.9
"""Degrees Fahrenheit: half a degree Celsius, by which a whole reading may be off."""
OTHER_STATION = "the rules name another station"
NO_STATION = "the rules name no station we know"
NO_FORECAST = "no fresh forecast"
REPORTED = "the report is out"


class Terms(msgspec.Struct, frozen=True):
    """What one market pays on."""

    station: Station
    day: str
    low: bool
    bracket: Bracket


class Weather:
    """Keeps what is known of stations, and prices brackets on their days."""

    def __init__(self, state: State, put: Callable[[MarketState, Fair | None], None]) -> None:
        self._state = state
        self._put = put
        self.terms: dict[str, Terms] = {}
        """By market."""
        self.troubles: dict[str, str] = {}
        """Temperature markets that are not joined, and why."""
        self._days: dict[tuple[str, str, bool], list[str]] = {}
        """Markets of a station's day, by ticker: (station, day, low)."""
        for m in state.markets.values():
            self.listed(m)

    # ------------------------------------------------------------------ inputs

    def take(self, event: TemperatureRead | TemperatureForecast | ClimateReported) -> None:
        """Take one input."""
        skies = self._state.skies
        skies.heard_ns, skies.priced = event.ts, 0
        match event:
            case TemperatureForecast(ts, _, forecast):
                name = f"{forecast.station} {forecast.day} {forecast.model}"
                skies.forecasts[name], skies.told[name] = forecast, ts
            case TemperatureRead(_, _, reading):
                self._read(reading)
            case ClimateReported(_, _, report):
                self._reported(report)

    def _read(self, reading: Reading) -> None:
        known = self._state.skies.readings.get(reading.station)
        if known is not None and known.at_ns >= reading.at_ns:
            return
        self._state.skies.readings[reading.station] = reading
        if not reading.trusted:
            return
        highs = [reading.high6] if reading.high6 is not None else []
        lows = [reading.low6] if reading.low6 is not None else []
        if reading.exact:
            highs.append(reading.temp)
            lows.append(reading.temp)
        else:
            highs.append(reading.temp - int(HALF_C * DEGREE))
            lows.append(reading.temp + int(HALF_C * DEGREE))
        self._reach(reading, max(highs), min(lows))

    def _reach(self, reading: Reading, high: int, low: int) -> None:
        """Raise the floor of the day's high, lower the ceiling of its low; six hours may reach into the day before."""
        station = next((t.station for t in self.terms.values() if t.station.icao == reading.station), None)
        if station is None:
            return
        day = climate_day(reading.at_ns, station)
        if reading.high6 is not None and climate_day(reading.at_ns - 6 * HOUR_NS, station) != day:
            high, low = (reading.temp, reading.temp) if reading.exact else (high, low)
            if not reading.exact:
                return
        self._raise(reading.station, day, _whole(high), _whole(low))

    def _raise(self, station: str, day: str, high: int, low: int) -> None:
        reached = self._state.skies.reached
        top, bottom = f"{station} {day} high", f"{station} {day} low"
        reached[top] = max(high, reached.get(top, high))
        reached[bottom] = min(low, reached.get(bottom, low))

    def _reported(self, report: Report) -> None:
        """The newest final report counts; one of its own day only says what was reached."""
        skies, name = self._state.skies, f"{report.station} {report.day}"
        known = skies.reports.get(name)
        if known is None or (report.final, report.issued_ns) >= (known.final, known.issued_ns):
            skies.reports[name] = report
        if report.final:
            self._learn(report)
        elif report.high is not None and report.low is not None:
            self._raise(report.station, report.day, report.high, report.low)

    def _learn(self, report: Report) -> None:
        """Each model's error on a day that is over, once."""
        skies, name = self._state.skies, f"{report.station} {report.day}"
        if name in skies.learnt:
            return
        skies.learnt[name] = True
        for key, forecast in skies.forecasts.items():
            if not key.startswith(f"{name} "):
                continue
            for kind, told, seen in (("high", forecast.high, report.high), ("low", forecast.low, report.low)):
                if told is not None and seen is not None:
                    skill = skies.skills.setdefault(f"{report.station} {kind} {forecast.model}", Skill())
                    skill.learn(told / DEGREE, float(seen))

    def listed(self, m: MarketState) -> None:
        """A market's record was taken over: it may be on a temperature."""
        ticker = m.market.ticker
        self._drop(ticker)
        if m.settled is not None or m.market.venue != "kalshi":
            return
        found, why = terms_of(m.market)
        if found is None:
            if why:
                self.troubles[ticker] = why
            return
        self.terms[ticker] = found
        insort(self._days.setdefault((found.station.icao, found.day, found.low), []), ticker)

    def ended(self, ticker: str) -> None:
        """A market settled, or was let go."""
        self._drop(ticker)

    def _drop(self, ticker: str) -> None:
        self.troubles.pop(ticker, None)
        known = self.terms.pop(ticker, None)
        if known is not None:
            key = (known.station.icao, known.day, known.low)
            self._days[key].remove(ticker)
            if not self._days[key]:
                del self._days[key]

    def forget(self) -> None:
        """Let go of days long past; what they taught stays."""
        skies, now = self._state.skies, self._state.now
        for name in [name for name, told in skies.told.items() if told < now - KEPT_NS]:
            del skies.forecasts[name], skies.told[name]
        days = {name.split(" ")[1] for name in skies.forecasts}
        for kept in (skies.reached, skies.reports, skies.learnt):
            for name in [name for name in kept if name.split(" ")[1] not in days]:
                del kept[name]

    # ------------------------------------------------------------------ the beat

    @property
    def days(self) -> dict[tuple[str, str, bool], list[str]]:
        """Markets of each station's day that is listed."""
        return self._days

    def beat(self) -> None:
        """Price every ladder now and then, and after news."""
        step, skies = self._state.now // STEP_NS, self._state.skies
        if step == skies.priced or not self._days:
            return
        skies.priced = step
        for key in sorted(self._days):
            tickers = self._days[key]
            outlook = self.outlook(*key)
            found = price([self.terms[t].bracket for t in tickers], outlook) if outlook is not None else []
            for i, ticker in enumerate(tickers):
                m = self._state.markets.get(ticker)
                if m is not None and not m.closed:
                    m.stale = outlook is None and self.trouble(*key) == NO_FORECAST
                    self._put(m, found[i] if outlook is not None else None)

    def fair(self, ticker: str) -> Fair | None:
        """A bracket's value at this very moment; changes nothing."""
        known = self.terms.get(ticker)
        outlook = self.outlook(known.station.icao, known.day, known.low) if known is not None else None
        return price([known.bracket], outlook)[0] if known is not None and outlook is not None else None

    def trouble(self, station: str, day: str, low: bool) -> str:
        """Why a station's day is not priced; empty where it is."""
        report = self._state.skies.reports.get(f"{station} {day}")
        if report is not None and report.final:
            return REPORTED
        return "" if self.blend(station, day, low) is not None else NO_FORECAST

    def blend(self, station: str, day: str, low: bool) -> Blend | None:
        """The fresh forecasts of a station's day as one law, before what was reached."""
        skies, now = self._state.skies, self._state.now
        kind = "low" if low else "high"
        told = {}
        for name, each in skies.forecasts.items():
            value = each.low if low else each.high
            fits = each.station == station and each.day == day and value is not None
            if fits and value is not None and now - skies.told[name] <= OLD_NS:
                told[each.model] = value / DEGREE
        skills = {model: skill for model in told if (skill := skies.skills.get(f"{station} {kind} {model}"))}
        lead = (self._peak(station, day, low=low) - now) / HOUR_NS
        return blend(told, skills, max(0.0, lead))

    def outlook(self, station: str, day: str, low: bool) -> WeatherOutlook | None:
        """A station's day as it is priced now; None where it is not."""
        skies, now = self._state.skies, self._state.now
        report = skies.reports.get(f"{station} {day}")
        made = self.blend(station, day, low)
        if made is None or (report is not None and report.final):
            return None
        reached = skies.reached.get(f"{station} {day} {'low' if low else 'high'}")
        mu, sigma, error = made.mu, made.sigma, max(made.error, 0.3)
        since = (now - self._peak(station, day, low=low)) / HOUR_NS
        if reached is not None and since > 0.0:
            # past its peak a day does little more: the law closes in on what was reached
            share = min(1.0, since / 2.0)
            mu += share * ((max(mu, float(reached)) if low else min(mu, float(reached))) - mu)
            sigma += share * (PAST_SIGMA - sigma)
        reading = skies.readings.get(station)
        oldest = min(
            (skies.told[n] for n, f in skies.forecasts.items() if f.station == station and f.day == day),
            default=now,
        )
        return WeatherOutlook(
            mu=mu,
            sigma=max(sigma, 0.3),
            mu_error=error,
            reached=reached,
            low=low,
            spread=made.spread,
            lead_h=max(0.0, -since),
            age_s=(now - oldest) / SECOND,
            models=len(made.parts),
            spot=reading.temp / DEGREE if reading is not None else 0.0,
            source=station,
        )

    def _peak(self, station: str, day: str, *, low: bool) -> int:
        """When the day is warmest (coldest), ns UTC."""
        if not low:
            told = [
                f.peak_ns
                for f in self._state.skies.forecasts.values()
                if f.station == station and f.day == day and f.peak_ns
            ]
            if told:
                return sorted(told)[len(told) // 2]
        where = next((t.station for t in self.terms.values() if t.station.icao == station), None)
        if where is None:
            return self._state.now
        return day_ends(day, where) - int((24.0 - (TROUGH_H if low else PEAK_H)) * HOUR_NS)


def terms_of(market: Market) -> tuple[Terms | None, str]:
    """What a market pays on, where that is a temperature of a station we know; else None, and why if it is one at all."""
    series = by_series(market.series or market.ticker.partition("-")[0])
    if series is None:
        return None, ""
    bracket, when = bracket_of(market), ticker_date(market.ticker)
    if bracket is None or not when.day:
        return None, "no degrees or no day"
    text = f"{market.rules} {market.rules_secondary}".strip()
    named = by_rules(text) if text else series
    if named is None:
        return None, NO_STATION
    if named.icao != series.icao:
        return None, OTHER_STATION
    name = market.series or market.ticker
    return Terms(named, f"{when.year}-{when.month:02}-{when.day:02}", "LOW" in name, bracket), ""


def explain(fair: Fair, made: Blend | None) -> tuple[tuple[str, float], ...]:
    """How a bracket's value came about, as (name, number) pairs in reading order."""
    found = fair.outlook
    if not isinstance(found, WeatherOutlook):
        return ()
    parts = [] if made is None else [
        (f"{name} w {weight:.2f}", told + bias) for name, told, bias, weight in made.parts
    ]  # fmt: skip
    reached = [("reached", float(found.reached))] if found.reached is not None else []
    return (
        *parts, ("mean", found.mu), ("sigma", found.sigma), ("apart", found.spread), *reached,
        ("hours to peak", found.lead_h), ("last reading", found.spot), ("P", fair.mid), ("band half", 1.5 * fair.error),
    )  # fmt: skip


def _whole(temp: int) -> int:
    """The whole degree a temperature rounds to, halves up. Source: the NWS rounds halves up."""
    return math.floor(temp / DEGREE + 0.5)

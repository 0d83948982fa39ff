"""Stations' days on the beat: forecasts, readings and reports become one law a day, and its brackets are priced together.

A market is joined to the station its own rules name, to the day of its ticker, and to degrees by its strikes. What was reached
so far is a floor, or a ceiling for lows (`cockpit.engine.reached`). A final report teaches each model its bias
(`cockpit.engine.lessons`) and ends the pricing: what is left is for the venue to settle.
"""

from bisect import insort
from collections.abc import Callable, Iterator

import msgspec

from cockpit.domain.events import ClimateReported, TemperatureForecast, TemperatureRead
from cockpit.domain.markets import Market
from cockpit.domain.newyork import is_day
from cockpit.domain.units import SECOND
from cockpit.domain.weather import DEGREE, Reading, Report
from cockpit.engine import lessons, reached
from cockpit.engine.state import MarketState, State
from cockpit.models.fair import Fair, WeatherOutlook
from cockpit.models.match.dates import ticker_date
from cockpit.models.weather.blend import Blend, blend
from cockpit.models.weather.brackets import Bracket, bracket_of, price
from cockpit.models.weather.stations import BY_ICAO, Station, by_rules, by_series

STEP_NS = 30 * SECOND
"""Brackets are priced this often, and after news."""
OLD_NS = 13 * 3_600 * SECOND
"""A forecast nobody has told for so long does not count: models run every six hours, and one misses a run now and then."""
KEPT_NS = 4 * 86_400 * SECOND
"""How long a day is kept."""
AHEAD_NS = 16 * 86_400 * SECOND
"""No forecast looks farther."""
HOUR_NS = 3_600 * SECOND
PAST_SIGMA = 1.0
"""Degrees: what a day can still do two hours after its peak."""
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
        """Take one input; of a station we do not know, or of a time that is not near, nothing is kept."""
        skies = self._state.skies
        skies.heard_ns, skies.priced = event.ts, 0
        match event:
            case TemperatureForecast(ts, _, forecast) if self._near(forecast.station, forecast.day):
                name = f"{forecast.station} {forecast.day} {forecast.model}"
                skies.forecasts[name], skies.told[name] = forecast, ts
                lessons.foretold(skies, forecast, ts)
            case TemperatureRead(_, _, reading):
                self._read(reading)
            case ClimateReported(_, _, report) if self._near(report.station, report.day):
                self._reported(report)
            case _:
                pass

    def _near(self, station: str, day: str) -> bool:
        """Whether it is a station of ours, and a day neither let go nor far ahead."""
        where, now = BY_ICAO.get(station), self._state.now
        return (
            where is not None and is_day(day) and where.day(now - KEPT_NS) <= day <= where.day(now + AHEAD_NS)
        )

    def _read(self, reading: Reading) -> None:
        """The newest is the last one; each counts for what its day has reached, also one that was missed and comes late."""
        skies, station = self._state.skies, BY_ICAO.get(reading.station)
        if station is None or not -KEPT_NS <= reading.at_ns - self._state.now <= HOUR_NS:
            return
        known = skies.readings.get(reading.station)
        if known is None or reading.at_ns >= known.at_ns:
            skies.readings[reading.station] = reading
        reached.read(skies, reading, station)

    def _reported(self, report: Report) -> None:
        """The newest final report counts; one of its own day only says what was reached."""
        skies, name = self._state.skies, f"{report.station} {report.day}"
        known = skies.reports.get(name)
        if known is None or (report.final, report.issued_ns) >= (known.final, known.issued_ns):
            skies.reports[name] = report
        if report.final:
            lessons.learn(skies, report)
        else:
            reached.report(skies, report)

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
        skies, horizon = self._state.skies, self._state.now - KEPT_NS
        for name in [name for name, told in skies.told.items() if told < horizon]:
            del skies.forecasts[name], skies.told[name]
        for kept in (skies.ahead, skies.reached, skies.reports, skies.learnt):
            for name in [name for name in kept if _past(name, horizon)]:
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
        skies, kind = self._state.skies, "low" if low else "high"
        told = {model: value / DEGREE for model, value, _ in self._fresh(station, day, low=low)}
        skills = {model: skill for model in told if (skill := skies.skills.get(f"{station} {kind} {model}"))}
        lead = (lessons.peak(skies, station, day, low=low) - self._state.now) / HOUR_NS
        return blend(told, skills, max(0.0, lead))

    def oldest(self, station: str, day: str, low: bool) -> int:
        """When the oldest forecast that counts was told, ns UTC; 0 for none."""
        return min((told for _, _, told in self._fresh(station, day, low=low)), default=0)

    def _fresh(self, station: str, day: str, *, low: bool) -> Iterator[tuple[str, int, int]]:
        """Forecasts that count: model, 1/100 degree, when it was told."""
        skies, prefix, since = self._state.skies, f"{station} {day} ", self._state.now - OLD_NS
        for name, each in skies.forecasts.items():
            value = each.low if low else each.high
            if name.startswith(prefix) and value is not None and skies.told[name] >= since:
                yield each.model, value, skies.told[name]

    def outlook(self, station: str, day: str, low: bool) -> WeatherOutlook | None:
        """A station's day as it is priced now; None where it is not."""
        skies, now = self._state.skies, self._state.now
        report = skies.reports.get(f"{station} {day}")
        made = self.blend(station, day, low)
        if made is None or (report is not None and report.final):
            return None
        far = reached.floor(skies, station, day, low=low)
        mu, sigma, error = made.mu, made.sigma, max(made.error, 0.3)
        since = (now - lessons.peak(skies, station, day, low=low)) / HOUR_NS
        if far is not None and since > 0.0:
            # past its peak a day does little more: the law closes in on what was reached
            share = min(1.0, since / 2.0)
            mu += share * ((max(mu, float(far)) if low else min(mu, float(far))) - mu)
            sigma += share * (PAST_SIGMA - sigma)
        reading = skies.readings.get(station)
        return WeatherOutlook(
            mu=mu,
            sigma=max(sigma, 0.3),
            mu_error=error,
            reached=far,
            low=low,
            spread=made.spread,
            lead_h=max(0.0, -since),
            age_s=(now - self.oldest(station, day, low)) / SECOND,
            models=len(made.parts),
            spot=reading.temp / DEGREE if reading is not None else 0.0,
            source=station,
        )


def terms_of(market: Market) -> tuple[Terms | None, str]:
    """What a market pays on, where that is a temperature of a station we know; else None, and why if it is one at all."""
    series = by_series(market.series or market.ticker.partition("-")[0])
    if series is None:
        return None, ""
    bracket, when = bracket_of(market), ticker_date(market.ticker)
    day = f"{when.year:04}-{when.month:02}-{when.day:02}"
    if bracket is None or not is_day(day):
        return None, "no degrees or no day"
    text = f"{market.rules} {market.rules_secondary}".strip()
    named = by_rules(text) if text else series
    if named is None:
        return None, NO_STATION
    if named.icao != series.icao:
        return None, OTHER_STATION
    name = market.series or market.ticker
    return Terms(named, day, "LOW" in name, bracket), ""


def explain(fair: Fair, made: Blend | None) -> tuple[tuple[str, float], ...]:
    """How a bracket's value came about, as (name, number) pairs in reading order."""
    found = fair.outlook
    if not isinstance(found, WeatherOutlook):
        return ()
    parts = [] if made is None else [
        (f"{name} w {weight:.2f}", told + bias) for name, told, bias, weight in made.parts
    ]  # fmt: skip
    far = [("reached", float(found.reached))] if found.reached is not None else []
    return (
        *parts, ("mean", found.mu), ("sigma", found.sigma), ("apart", found.spread), *far,
        ("hours to peak", found.lead_h), ("last reading", found.spot), ("P", fair.mid), ("band half", 1.5 * fair.error),
    )  # fmt: skip


def _past(name: str, horizon: int) -> bool:
    """Whether a "station day ..." was over before a time (ns UTC)."""
    station, day = name.split(" ", 2)[:2]
    return day < BY_ICAO[station].day(horizon)

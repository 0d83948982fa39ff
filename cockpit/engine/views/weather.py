"""Stations' days on one screen: what was forecast, read and reported, and each bracket's price beside our chance."""

from cockpit.domain.units import PRICE
from cockpit.domain.weather import DEGREE, BracketView, DegreeChance, StationView, WeatherView
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.gate import silence
from cockpit.engine.reached import floor
from cockpit.engine.state import MarketState
from cockpit.engine.views.games import marks_of
from cockpit.models.fair import WeatherOutlook
from cockpit.models.weather.brackets import Bracket
from cockpit.models.weather.stations import day_ends
from cockpit.strategies.edges import Edge, best


class Weather:
    """Builds the view over one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._weather = engine.pricer.weather
        self._marks = marks_of(engine)

    def weather(self) -> WeatherView:
        """All days with markets, the soonest to end first."""
        found = [self._station(key, tickers) for key, tickers in self._weather.days.items()]
        found.sort(key=lambda each: (each.ends_ns, each.city, each.lowest))
        return WeatherView(tuple(found), self._engine.state.skies.heard_ns)

    def _station(self, key: tuple[str, str, bool], tickers: list[str]) -> StationView:
        station, day, low = key
        engine, skies = self._engine, self._engine.state.skies
        terms = self._weather.terms[tickers[0]]
        made = self._weather.blend(station, day, low)
        outlook = self._weather.outlook(station, day, low)
        report = skies.reports.get(f"{station} {day}")
        reading = skies.readings.get(station)
        market = engine.state.markets[tickers[0]].market
        ordered = sorted(tickers, key=lambda t: _first(self._weather.terms[t].bracket))
        reported = None if report is None else report.low if low else report.high
        word = "none" if report is None else "intraday" if not report.final else "final"
        return StationView(
            id=market.event,
            city=terms.station.city,
            station=station,
            day=day,
            lowest=low,
            brackets=tuple(self._bracket(engine.state.markets[t]) for t in ordered),
            reached=floor(skies, station, day, low=low),
            reading=reading.temp / DEGREE if reading is not None else None,
            reading_ns=reading.at_ns if reading is not None else 0,
            mu=outlook.mu if outlook is not None else None,
            sigma=outlook.sigma if outlook is not None else None,
            spread=made.spread if made is not None else None,
            forecasts=made.parts if made is not None else (),
            forecast_ns=self._weather.oldest(station, day, low),
            report="corrected" if report is not None and report.correction and report.final else word,
            reported=reported,
            ends_ns=day_ends(day, terms.station),
            source=_source(market.rules),
            trouble=self._weather.trouble(station, day, low),
        )

    def _bracket(self, m: MarketState) -> BracketView:
        engine, ticker = self._engine, m.market.ticker
        edge = self._edge(m)
        fair = m.fair if m.fair is not None and isinstance(m.fair.outlook, WeatherOutlook) else None
        paid = m.settled[1] if m.settled is not None else None
        mark = "?" if m.doubt else self._marks.get(ticker, "")
        return BracketView(
            label=label(self._weather.terms[ticker].bracket),
            market=ticker,
            bid=m.book.bid,
            ask=m.book.ask,
            age_ns=engine.state.now - max(m.book_ns, engine.state.heard.get(m.market.venue, 0)),
            chance=DegreeChance(fair.low, fair.mid, fair.high) if fair is not None else None,
            side=edge.side if edge is not None else 0,
            price=edge.price if edge is not None else 0,
            edge=edge.edge if edge is not None else None,
            low=edge.low if edge is not None else None,
            mark=mark or ("!" if edge is not None and edge.implausible else "z" if m.stale else ""),
            settled="yes" if paid == PRICE else "no" if paid == 0 else "",
        )

    def _edge(self, m: MarketState) -> Edge | None:
        engine = self._engine
        if m.fair is None or not m.tradable or silence(engine.state, engine.config, m):
            return None
        mine = engine.snaps.mine(engine.state.lanes[DESK], engine.version, m.market.ticker)
        return best(engine.snaps.snap(m), mine)


def label(bracket: Bracket) -> str:
    """Degrees as a row says them: ``31-32``, ``<=28``, ``>=37``."""
    if bracket.low is None:
        return f"<={bracket.high}"
    if bracket.high is None:
        return f">={bracket.low}"
    return f"{bracket.low}-{bracket.high}" if bracket.low != bracket.high else f"{bracket.low}"


def _first(bracket: Bracket) -> float:
    return float("-inf") if bracket.low is None else bracket.low


def _source(rules: str) -> str:
    """Where the market's own rules say it settles: the sentence that names the report."""
    sentences = rules.replace("?", ".").split(". ")
    return next((each.strip() for each in sentences if "Climatological" in each or "NWS" in each), "")[:200]

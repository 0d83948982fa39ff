"""What was told of each station: an answer repeats most of the one before it, and only news is told.

Reports are asked for by the lists that name them: all of the last day and a half that were not read, the newest first, and
again a few times when an answer fails.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from cockpit.domain.units import SECOND
from cockpit.domain.weather import Forecast, Reading, Report
from cockpit.feeds.weather.climate import Product
from cockpit.feeds.weather.numbers import HOUR_NS

KEPT_NS = 3 * HOUR_NS
"""How long a reading is kept, to tell it again where it is changed; older ones are not told again."""
OWED_NS = 36 * HOUR_NS
"""How long what was missed is asked for, and readings are kept until it has come."""
TOLD_NS = 2 * HOUR_NS
"""A forecast that stands is told again so often, so that whoever hears of it knows how old it is."""
PRODUCT_NS = 36 * HOUR_NS
PRODUCTS = 6
"""Reports of one list asked for at most."""
TRIES = 4
AGAIN_NS = 60 * SECOND


class Asked(msgspec.Struct):
    """One report's text, by its product's name."""

    issued: int
    tries: int = 0
    read: bool = False
    again: int = 0
    """Not to be asked for before, ns UTC."""


class Known(msgspec.Struct):
    """All stations."""

    now: int = 0
    squares: dict[str, str] = {}
    """The grid's square of each station."""
    readings: dict[str, dict[int, Reading]] = {}
    """Told of late, by station and time."""
    floor: dict[str, int] = {}
    """By station: up to here everything was told, ns UTC."""
    owed: dict[str, int] = {}
    """By station: since when readings were missed, and have not come yet, ns UTC."""
    forecasts: dict[str, Forecast] = {}
    """As told last, by "station model day"."""
    told: dict[str, int] = {}
    """When each was, ns UTC."""
    products: dict[str, Asked] = {}
    reports: dict[str, Report] = {}
    """As told last, by "station day"."""

    def fresh(self, station: str, found: Iterable[Reading]) -> list[Reading]:
        """Readings that are new, or not what was told."""
        told = self.readings.setdefault(station, {})
        floor = self.floor.get(station, 0)
        news = [each for each in found if each.at_ns > floor and told.get(each.at_ns) != each]
        told.update((each.at_ns, each) for each in news)
        newest = max(told, default=0)
        kept = OWED_NS if station in self.owed else KEPT_NS
        old = [at for at in told if at <= newest - kept]
        self.floor[station] = max([floor, *old])
        for at in old:
            del told[at]
        return news

    def newest(self, station: str) -> int:
        """When a station's newest reading was made; 0 for none."""
        return max(self.readings.get(station, ()), default=0)

    def missing(self, station: str, since: int) -> int:
        """Readings are missing from a time on (ns UTC); since when, with what is owed already."""
        return self.owed.setdefault(station, since)

    def news(self, forecast: Forecast) -> Forecast | None:
        """A forecast as it is to be told; None where it was told of late and has not changed. What it does not say any more, it had said."""
        key = f"{forecast.station} {forecast.model} {forecast.day}"
        told = self.forecasts.get(key)
        if told is not None:
            forecast = replace(
                forecast,
                high=told.high if forecast.high is None else forecast.high,
                low=told.low if forecast.low is None else forecast.low,
                peak_ns=forecast.peak_ns or told.peak_ns,
            )
        if forecast == told and self.now - self.told.get(key, 0) < TOLD_NS:
            return None
        self.forecasts[key], self.told[key] = forecast, self.now
        return forecast

    def reported(self, report: Report) -> bool:
        """Whether a report is news: another than the one told last of its day, and not issued before it."""
        key = f"{report.station} {report.day}"
        told = self.reports.get(key)
        if told is not None and (told == report or report.issued_ns < told.issued_ns):
            return False
        self.reports[key] = report
        return True

    def wanted(self, listed: Iterable[Product], issued: Iterable[int]) -> list[str]:
        """Which reports of a list are to be asked for now, the newest first."""
        recent = sorted(
            ((at, each.id) for each, at in zip(listed, issued, strict=True) if at > self.now - PRODUCT_NS),
            reverse=True,
        )
        names: list[str] = []
        for at, name in recent[:PRODUCTS]:
            asked = self.products.setdefault(name, Asked(at))
            if not asked.read and asked.tries < TRIES and asked.again <= self.now:
                asked.tries, asked.again = asked.tries + 1, self.now + AGAIN_NS
                names.append(name)
        return names

    def forget(self) -> None:
        """Let go of days that are over, and of reports that no list names any more."""
        yesterday = (date(1970, 1, 1) + timedelta(days=self.now // (24 * HOUR_NS) - 2)).isoformat()
        for key in [k for k, each in self.forecasts.items() if each.day < yesterday]:
            del self.forecasts[key]
            self.told.pop(key, None)
        for key in [k for k, since in self.owed.items() if since < self.now - OWED_NS]:
            del self.owed[key]
        for key in [k for k, one in self.reports.items() if one.issued_ns < self.now - 2 * PRODUCT_NS]:
            del self.reports[key]
        for name in [n for n, asked in self.products.items() if asked.issued < self.now - 2 * PRODUCT_NS]:
            del self.products[name]

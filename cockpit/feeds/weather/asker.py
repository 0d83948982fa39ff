"""What is asked of both sources, and how often.

    observations   5 min      the newest four; those of the day so far once, and after a gap those that were missed
    reports       10 min      from midnight to nine in standard time, when the day's are issued; hourly otherwise
    a report       once       when a list names one that is new
    grid          60 min      its square daily: squares change
    Open-Meteo    30 min      all models of a station in one question

The weather service refuses whoever does not say who asks: without a contact it is not asked. It publishes no limit; the
feed's budget is one question a second for both.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll
from cockpit.feeds.weather import openmeteo
from cockpit.feeds.weather.numbers import HOUR_NS
from cockpit.feeds.weather.places import Place, point

MINUTE_NS = 60 * SECOND
READ_NS = 5 * MINUTE_NS
REPORTS_NS, REPORTS_SELDOM_NS = 10 * MINUTE_NS, HOUR_NS
ISSUED_UNTIL_H = 9
"""The hour in standard time until which a day's reports are awaited."""
GRID_NS = HOUR_NS
SQUARE_NS = 24 * HOUR_NS
MODELS_NS = 30 * MINUTE_NS
NEWEST = 4
"""Observations in one question: most stations make one in five minutes, and one an hour tells tenths."""
MOST = 400
"""Observations of a day asked for at most."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Asker:
    """Writes the questions.

    Args:
        name: of the feed.
        nws: address of the weather service.
        site: address of Open-Meteo.
        contact: who asks, as the weather service wants it; empty does not ask it.
        models: of Open-Meteo; none does not ask it.
    """

    def __init__(self, name: str, nws: str, site: str, contact: str, models: Sequence[str]) -> None:
        self.nws_source = f"{name}.nws"
        self.models_source = f"{name}.openmeteo"
        self._nws = nws
        self._site = site
        self._agent = (("user-agent", f"cockpit ({contact})"),)
        self.asks_nws = bool(contact)
        self._models = tuple(models)

    def polls(self, places: Iterable[Place], squares: dict[str, str], now: int) -> list[Poll]:
        """The standing questions; reports are asked for once the time is known."""
        found: list[Poll] = []
        for place in places:
            if self.asks_nws:
                found += self._of(place, squares.get(place.icao, ""), now)
            if self._models:
                url = openmeteo.url(self._site, place, self._models)
                found.append(Poll(self.models_source, url, MODELS_NS))
        return found

    def _of(self, place: Place, square: str, now: int) -> Iterator[Poll]:
        yield self._poll(f"/stations/{place.icao}/observations?limit={NEWEST}", READ_NS)
        yield self._poll(f"/points/{','.join(point(place))}", SQUARE_NS)
        if square:
            yield self._poll(f"/gridpoints/{square}", GRID_NS)
        if now:
            hour = (now // HOUR_NS + place.offset_h) % 24
            every = REPORTS_NS if hour < ISSUED_UNTIL_H else REPORTS_SELDOM_NS
            yield self._poll(f"/products/types/CLI/locations/{place.cli}", every)

    def readings(self, place: Place, since: int) -> Poll:
        """Observations of a station from a time on, once."""
        stamp = f"{_EPOCH + timedelta(seconds=since // SECOND):%Y-%m-%dT%H:%M:%SZ}"
        return self._poll(f"/stations/{place.icao}/observations?start={quote(stamp)}&limit={MOST}", 0)

    def product(self, name: str) -> Poll:
        """One report's text, once."""
        return self._poll(f"/products/{name}", 0)

    def _poll(self, path: str, every: int) -> Poll:
        return Poll(self.nws_source, f"{self._nws}{path}", every, headers=self._agent)

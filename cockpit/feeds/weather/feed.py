"""The weather feed: stations' readings, their climate reports, and what models expect of their days."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import SplitResult, parse_qs, urlsplit

import msgspec

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ClimateReported, Event, TemperatureForecast, TemperatureRead
from cockpit.domain.weather import Forecast
from cockpit.feeds.base import Budget, Frame, Poll, Request, payload
from cockpit.feeds.census import tally
from cockpit.feeds.exact import rfc3339
from cockpit.feeds.weather import climate, grid, observations, openmeteo
from cockpit.feeds.weather.asker import NEWEST, Asker
from cockpit.feeds.weather.known import Known
from cockpit.feeds.weather.places import Place, Places

NWS = "https://api.weather.gov"
OPEN_METEO = "https://api.open-meteo.com"
MODELS = (
    "ncep_nbm_conus",
    "ncep_hrrr_conus",
    "ncep_gfs_global",
    "ecmwf_ifs025",
    "icon_seamless",
    "cmc_gem_seamless",
)
"""Open-Meteo's names of what is asked for by default."""

_NAME = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)
_MEMORY = msgspec.json.Decoder(Known)
_listing = msgspec.json.Decoder(climate.Listing).decode
_product = msgspec.json.Decoder(climate.Product).decode

Data = bytes | msgspec.Raw


class WeatherFeed:
    """Sans-I/O reader; a `cockpit.feeds.base.Feed` for frames of ``NAME.nws`` and ``NAME.openmeteo``.

    Args:
        name: of the feed, and of its sources.
        stations: whose frames are read.
        wanted: ICAO codes of those that are asked for; none asks for nothing.
        contact: who asks, an address the weather service may write to; empty does not ask it.
        models: Open-Meteo's, by its names.
        nws: address of the weather service.
        site: address of Open-Meteo.
    """

    def __init__(
        self,
        name: str = "weather",
        *,
        stations: Iterable[Place],
        wanted: Iterable[str] = (),
        contact: str = "",
        models: Sequence[str] = MODELS,
        nws: str = NWS,
        site: str = OPEN_METEO,
    ) -> None:
        self.name = name
        self.census: Counter[str] = Counter()
        self.budget = Budget(1.0, 1.0)
        self._places = Places(stations)
        named = dict.fromkeys(wanted)
        self._wanted = tuple(self._places.by_icao[each] for each in named if each in self._places.by_icao)
        self._asker = Asker(name, nws, site, contact, models)
        self._known = Known()
        self._asks: list[Poll] = []
        self._polls = self._standing()
        if self._wanted and not self._asker.asks_nws:
            tally(self.census, "nws", "not asked without a contact")

    # ------------------------------------------------------------------ what is asked for

    def requests(self) -> list[Request]:
        """Everything that is asked again and again."""
        return list(self._polls)

    def asks(self) -> list[Poll]:
        """Reports and missed readings, each once."""
        asks, self._asks = self._asks, []
        return asks

    def outgoing(self, source: str = "") -> list[bytes]:
        """Nothing: there is no socket."""
        return []

    def reset(self, source: str = "") -> None:
        """Polls have no state."""

    def _standing(self) -> list[Poll]:
        return self._asker.polls(self._wanted, self._known.squares, self._known.now)

    # ------------------------------------------------------------------ what is heard

    def receive(self, frame: Frame) -> Sequence[Event]:
        """What is news in an answer.

        Raises:
            FeedError: when it cannot be read, or the source refused.
        """
        if frame.s not in (self._asker.nws_source, self._asker.models_source):
            raise FeedError(f"{self.name} does not read frames of {frame.s!r}")
        self._known.now = max(self._known.now, frame.t)
        try:
            return self._read(frame)
        except (ValueError, RecursionError, OverflowError) as error:
            raise FeedError(f"{frame.s}: {error}") from error
        finally:
            self._known.forget()
            self._polls = self._standing()

    def _read(self, frame: Frame) -> list[Event]:
        status = 200 if frame.st is None else frame.st
        if status == 304:
            return []
        data = frame.d or payload(frame)
        if not status:
            raise FeedError(f"{frame.s}: not answered: {bytes(data)[:80].decode(errors='replace')}")
        if status != 200:
            why = openmeteo.reason(data) if frame.s == self._asker.models_source else ""
            raise FeedError(f"{frame.s}: HTTP {status}{': ' if why else ''}{why}")
        url = urlsplit(frame.u or "")
        if frame.s == self._asker.models_source:
            return self._models(frame.t, url, data)
        return self._service(frame.t, url, data)

    def _service(self, ts: int, url: SplitResult, data: Data) -> list[Event]:
        """An answer of the weather service, told apart by the URL's path."""
        parts = [part for part in url.path.split("/") if part]
        readers: tuple[tuple[str, int, Callable[[int, SplitResult, str, Data], list[Event]]], ...] = (
            ("stations", 1, self._readings),
            ("locations", 1, self._listed),
            ("points", 1, self._square),
            ("gridpoints", 2, self._grid),
            ("products", 1, self._report),
        )
        for word, count, read in readers:
            at = parts.index(word) + 1 if word in parts else 0
            if at and len(parts) >= at + count and not (word == "products" and parts[at] == "types"):
                return read(ts, url, "/".join(parts[at : at + count]), data)
        tally(self.census, "url", "/".join(parts[:2]) or "missing")
        return []

    def _readings(self, ts: int, url: SplitResult, icao: str, data: Data) -> list[Event]:
        """Readings; where none of the newest was known, those between are asked for, until they come."""
        place = self._place(self._places.by_icao.get(icao), icao)
        found = observations.read(data, icao, ts, self.census)
        before = self._known.newest(icao)
        known = self._known.readings.get(icao, {})
        apart = len(found) >= NEWEST and not any(each.at_ns in known for each in found)
        whole = "start" in parse_qs(url.query)
        if not whole and (not before or apart or icao in self._known.owed):
            since = self._known.missing(icao, max(before, place.starts(place.day(ts))))
            if self._asker.asks_nws:
                self._asks.append(self._asker.readings(place, since))
        news = self._known.fresh(icao, found)
        if whole:
            self._known.owed.pop(icao, None)
        return [TemperatureRead(ts, self._asker.nws_source, each) for each in news]

    def _listed(self, ts: int, url: SplitResult, cli: str, data: Data) -> list[Event]:
        """A list of reports: those not read yet are asked for."""
        del ts, url
        self._place(self._places.by_cli.get(cli), cli)
        products = [msgspec.json.decode(each, type=climate.Product) for each in _listing(data).graph[:100]]
        products = [each for each in products if _NAME.fullmatch(each.id)]
        names = self._known.wanted(products, [rfc3339(each.issuance_time) for each in products])
        if self._asker.asks_nws:
            self._asks += [self._asker.product(name) for name in names]
        return []

    def _report(self, ts: int, url: SplitResult, name: str, data: Data) -> list[Event]:
        """One report's text."""
        del url
        product = _product(data)
        found = climate.read(product, self._places, self.census)
        asked = self._known.products.get(name)
        if asked is not None:
            asked.read = True
        return [
            ClimateReported(ts, self._asker.nws_source, each) for each in found if self._known.reported(each)
        ]

    def _square(self, ts: int, url: SplitResult, where: str, data: Data) -> list[Event]:
        """Which square of the grid a station lies in."""
        del ts, url
        lat, _, lon = where.partition(",")
        place = self._place(self._places.at(lat, lon), where)
        self._known.squares[place.icao] = grid.square(data)
        return []

    def _grid(self, ts: int, url: SplitResult, square: str, data: Data) -> list[Event]:
        """The weather service's own forecast."""
        del url
        found: list[Event] = []
        for icao, its in self._known.squares.items():
            place = self._places.by_icao.get(icao)
            if its == square and place is not None:
                found += self._told(ts, self._asker.nws_source, grid.read(data, place, ts))
        if square not in self._known.squares.values():
            tally(self.census, "grid", f"of no station: {square}")
        return found

    def _models(self, ts: int, url: SplitResult, data: Data) -> list[Event]:
        """Open-Meteo's forecasts of one station."""
        query = parse_qs(url.query, max_num_fields=50)
        lat, lon, models = (query.get(name, [""])[-1] for name in ("latitude", "longitude", "models"))
        place = self._place(self._places.at(lat, lon), f"{lat},{lon}")
        asked = [each for each in models.split(",") if each]
        found = openmeteo.read(data, place, asked, ts, self.census)
        return list(self._told(ts, self._asker.models_source, found))

    def _told(self, ts: int, source: str, found: Iterable[Forecast]) -> Iterator[Event]:
        for each in found:
            news = self._known.news(each)
            if news is not None:
                yield TemperatureForecast(ts, source, news)

    def _place(self, found: Place | None, name: str) -> Place:
        """The station. Raises ValueError for one that is none of ours."""
        if found is None:
            raise ValueError(f"not a station of ours: {name[:40]!r}")
        return found

    # ------------------------------------------------------------------ memory

    def memory(self) -> bytes:
        """What was told of each station, and the time."""
        return msgspec.json.encode(self._known)

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told.

        Raises:
            msgspec.MsgspecError: for anything else.
        """
        self._known = _MEMORY.decode(memory)
        self._polls = self._standing()

"""The session's table of sources: which feed reads which frames. A new source is one line here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from cockpit.domain.events import Event
from cockpit.feeds.base import Feed, Frame, Venue
from cockpit.feeds.candles import CandlesFeed
from cockpit.feeds.corpus import CorpusFeed
from cockpit.feeds.espn.feed import EspnFeed
from cockpit.feeds.kalshi.feed import KalshiFeed, Wants
from cockpit.feeds.polymarket.feed import PolymarketFeed
from cockpit.feeds.polymarket_us.feed import PolymarketUsFeed
from cockpit.feeds.schedule.calendars import Calendar
from cockpit.feeds.schedule.feed import ScheduleFeed
from cockpit.feeds.sportsbook.feed import SportsbookFeed
from cockpit.feeds.sportsbook.feed import Wants as OddsWants
from cockpit.feeds.spot.binance_us import BinanceUsFeed
from cockpit.feeds.spot.coinbase import CoinbaseFeed
from cockpit.feeds.spot.deribit import DeribitFeed
from cockpit.feeds.spot.kraken import KrakenFeed
from cockpit.feeds.temperatures import TemperaturesFeed
from cockpit.feeds.tops import TopsFeed
from cockpit.feeds.weather.feed import WeatherFeed
from cockpit.models.teams import TEAMS
from cockpit.models.weather.stations import FIRST, STATIONS, by_series
from cockpit.settings.tree import Settings

_TEAMS = tuple(each for teams in TEAMS.values() for each in teams)

Receive = Callable[[Frame], Sequence[Event]]


class Receivers:
    """Feeds by frame source, looked up once per frame."""

    def __init__(self, feeds: Mapping[str, Feed]) -> None:
        self.feeds = dict(feeds)
        self._by_source: dict[str, Receive | None] = {}

    def replace(self, feeds: Mapping[str, Feed]) -> None:
        """Go on with these feeds, which know nothing yet."""
        self.feeds = dict(feeds)
        self._by_source.clear()

    def get(self, source: str) -> Receive | None:
        """What reads frames of a source such as "kalshi.ws"; None when nothing does."""
        found = self._by_source.get(source)
        if found is None and source not in self._by_source:
            feed = self.feeds.get(source.partition(".")[0])
            found = self._by_source[source] = feed.receive if feed is not None else None
        return found

    def census(self) -> Counter[str]:
        """What all feeds tolerated, by name."""
        total: Counter[str] = Counter()
        for name, feed in self.feeds.items():
            total.update({f"{name} {what}": n for what, n in feed.census.items()})
        return total

    def resnapshot(self, venue: str, market: str) -> None:
        """Ask a venue for a fresh book of a market; one nobody has listed yet is asked for everywhere."""
        for name, feed in self._venues():
            if venue in ("", name):
                feed.resnapshot(market)

    def reset(self, source: str) -> None:
        """A connection (such as "kalshi.ws") starts anew, and its sequence numbers with it."""
        feed = self.feeds.get(source.partition(".")[0])
        if feed is not None:
            feed.reset(source)

    def lost(self, source: str, ts: int) -> Sequence[Event]:
        """A connection ended: what cannot be believed any more."""
        feed = self.feeds.get(source.partition(".")[0])
        return feed.lost(source, ts) if isinstance(feed, Venue) else ()

    def keep(self, markets: Mapping[str, Iterable[str]]) -> None:
        """Markets by venue that must stay watched."""
        for name, feed in self._venues():
            feed.keep(markets.get(name, ()))

    def missed(self, markets: Mapping[str, Iterable[str]], since: int) -> None:
        """Nobody listened since ``since`` (ns UTC) in these markets, by venue."""
        for name, feed in self._venues():
            feed.missed(markets.get(name, ()), since)

    def memory(self) -> bytes:
        """What the feeds remember of their frames and go by, as one JSON object."""
        return msgspec.json.encode({name: msgspec.Raw(feed.memory()) for name, feed in self.feeds.items()})

    def recall(self, memory: bytes) -> None:
        """Go on from what `memory` told. Raises msgspec's errors for anything else."""
        for name, told in msgspec.json.decode(memory, type=dict[str, msgspec.Raw]).items():
            if name in self.feeds:
                self.feeds[name].recall(bytes(told))

    def _venues(self) -> Iterator[tuple[str, Venue]]:
        return ((name, feed) for name, feed in self.feeds.items() if isinstance(feed, Venue))


def recorded(capabilities: Sequence[str]) -> Receivers:
    """Every feed there is, to read a recording; they ask for nothing."""
    feeds: list[Feed] = [
        KalshiFeed(use_yes_price="use_yes_price" in capabilities),
        PolymarketFeed(),
        PolymarketUsFeed(),
        CoinbaseFeed(),
        KrakenFeed(),
        BinanceUsFeed(),
        DeribitFeed(),
        EspnFeed(teams=_TEAMS),
        ScheduleFeed(),
        CorpusFeed(),
        WeatherFeed(stations=STATIONS),
        SportsbookFeed(teams=_TEAMS),
        TopsFeed(),
        TemperaturesFeed(),
        CandlesFeed(),
    ]
    return Receivers({feed.name: feed for feed in feeds})


def wanted(settings: Settings, *, keyed: bool, secrets: Iterable[str] = ()) -> dict[str, Feed]:
    """The feeds a live run asks for, by name; ``secrets`` names the keys there are besides Kalshi's."""
    feeds: list[Feed] = []
    kalshi = settings.kalshi
    if kalshi.on:
        wants = Wants(
            rest=kalshi.rest,
            socket=kalshi.socket,
            series=kalshi.series,
            markets=kalshi.markets,
            watch=kalshi.watch,
            reads_per_s=kalshi.reads_per_s,
            keyed=keyed,
            account=keyed and kalshi.account,
        )
        feeds.append(KalshiFeed(use_yes_price=kalshi.use_yes_price, wants=wants))
    feeds += [*_polymarkets(settings), *_spots(settings)]
    if settings.espn.on:
        feeds.append(EspnFeed(teams=_TEAMS, site=settings.espn.site, leagues=settings.espn.leagues))
    if settings.schedule.on:
        feeds.append(ScheduleFeed(calendars=_calendars(settings)))
    feeds.append(CorpusFeed())
    if settings.weather.on:
        feeds.append(_weather(settings))
    if settings.sportsbook.on:
        feeds.append(_sportsbook(settings, tuple(secrets)))
    return {feed.name: feed for feed in feeds}


def _weather(settings: Settings) -> WeatherFeed:
    """The stations of the settings: those named, those Kalshi's series are read at, or the first."""
    weather = settings.weather
    watched = (by_series(each) for each in settings.kalshi.series)
    stations = weather.stations or tuple(each.icao for each in watched if each is not None)
    return WeatherFeed(
        stations=STATIONS,
        wanted=stations or tuple(each.icao for each in FIRST),
        contact=weather.contact,
        models=weather.models,
        nws=weather.nws,
        site=weather.openmeteo,
    )


def _sportsbook(settings: Settings, secrets: tuple[str, ...]) -> SportsbookFeed:
    """The services of odds whose keys there are."""
    books, optic = settings.sportsbook, settings.sportsbook.opticodds
    wants = OddsWants(
        keys=secrets,
        sports=books.sports,
        regions=books.regions,
        markets=books.markets,
        every_min=books.every_min,
        keep=books.keep,
        site=books.site,
        optic=optic.on,
        optic_site=optic.site,
        optic_leagues=optic.leagues,
        optic_books=optic.books,
        optic_every_min=optic.every_min,
    )
    return SportsbookFeed(teams=_TEAMS, wants=wants, fields=optic.fields, words=optic.words)


def _calendars(settings: Settings) -> list[Calendar]:
    """The calendars of the settings."""
    schedule = settings.schedule
    return [
        Calendar(name, each.url, each.form, each.speaker, schedule.noise)
        for name, each in schedule.calendars.items()
    ]


def _polymarkets(settings: Settings) -> list[Feed]:
    """Both Polymarkets: the international one, and the one in the United States."""
    com, us = settings.polymarket, settings.polymarket_us
    feeds: list[Feed] = []
    if com.on:
        feeds.append(
            PolymarketFeed(
                gamma=com.gamma,
                clob=com.clob,
                data=com.data,
                socket=com.socket,
                tags=com.tags,
                events=com.events,
                watch=com.watch,
            )
        )
    if us.on:
        feeds.append(
            PolymarketUsFeed(
                gateway=us.gateway,
                categories=us.categories,
                watch=us.watch,
                index=us.index,
                assets=settings.spot.assets,
            )
        )
    return feeds


def _spots(settings: Settings) -> list[Feed]:
    """The spot exchanges, and options' implied volatility."""
    spot = settings.spot
    feeds: list[Feed] = []
    if spot.coinbase:
        feeds.append(CoinbaseFeed(spot.assets, socket=spot.coinbase_socket, rest=spot.coinbase_rest))
    if spot.kraken:
        feeds.append(KrakenFeed(spot.assets, socket=spot.kraken_socket, rest=spot.kraken_rest))
    if spot.binance_us:
        feeds.append(BinanceUsFeed(spot.assets, socket=spot.binance_us_socket, rest=spot.binance_us_rest))
    if spot.deribit:
        feeds.append(DeribitFeed(spot.assets, socket=spot.deribit_socket, rest=spot.deribit_rest))
    return feeds

"""Where prices come from: venues and exchanges, what is watched there, and how often they are asked."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from cockpit.feeds.schedule.calendars import DOCUMENTED, Form
from cockpit.settings.part import Part

Url = Annotated[
    str, Field(pattern=r"^(https|wss)://[^\s@?#]+[^\s@?#/]$|^(http|ws)://127\.0\.0\.1:\d+[^\s@?#]*$")
]
"""Encrypted, without anything secret in it; plain only to this very machine."""
CalendarUrl = Annotated[
    str,
    Field(pattern=r"^https://[^\s@#]+$|^http://127\.0\.0\.1:\d+[^\s@#]*$|^file:///[^\s?#]+$", max_length=500),
]
"""The same with a query, or a file by its absolute path; it is recorded as it stands, so nothing secret in it either."""
Names = tuple[Annotated[str, Field(pattern=r"^[\w./:-]{1,120}$")], ...]
Watch = Annotated[int, Field(ge=1, le=500)]


class KalshiSettings(Part):
    """Kalshi: what to watch, and the key if there is one."""

    on: bool = True
    rest: Url = "https://external-api.kalshi.com/trade-api/v2"
    socket: Url = "wss://external-api-ws.kalshi.com/trade-api/ws/v2"
    series: Names = (
        "KXBTCD",
        "KXBTC",
        "KXBTC15M",
        "KXETHD",
        "KXETH15M",
        "KXSOL15M",
        "KXNBAGAME",
        "KXNFLGAME",
    )
    """Series whose open events are found and watched."""
    markets: Names = ()
    """Markets to watch besides."""
    watch: Watch = 60
    """Most markets watched at once: the soonest to be decided, nearest to the money; games and the rest by halves."""
    reads_per_s: Annotated[int, Field(ge=1, le=200)] = 10
    """Most REST questions a second."""
    use_yes_price: bool = False
    """How the socket is asked to price NO levels; both read the same."""
    key_id: Annotated[str, Field(max_length=100)] = ""
    """The key's id; the environment's COCKPIT_KALSHI_KEY_ID comes first."""
    key_file: str = ""
    """Path of the private key (PEM, mode 0600); the environment's COCKPIT_KALSHI_KEY_FILE comes first."""
    account: bool = True
    """With a key: whether the account is mirrored (read only)."""


class PolymarketSettings(Part):
    """Polymarket.com, read without a key."""

    on: bool = True
    gamma: Url = "https://gamma-api.polymarket.com"
    clob: Url = "https://clob.polymarket.com"
    data: Url = "https://data-api.polymarket.com"
    socket: Url = "wss://ws-subscriptions-clob.polymarket.com/ws/market"
    tags: Names = ("crypto", "nba", "nfl")
    """Slugs of tags whose open events are found and watched."""
    events: Names = ()
    """Slugs of events to watch besides."""
    watch: Watch = 60


class PolymarketUsSettings(Part):
    """Polymarket US: its public data, and the settlement index each second."""

    on: bool = True
    gateway: Url = "https://gateway.polymarket.us"
    categories: Names = ("crypto",)
    watch: Watch = 6
    """Most books polled in turn; the venue bears about one question in ten seconds."""
    index: bool = True
    """Whether the settlement index's history is polled."""


class EspnSettings(Part):
    """Scores, clocks and book lines: public, without a key."""

    on: bool = True
    site: Url = "https://site.api.espn.com"
    leagues: tuple[Literal["nba", "nfl"], ...] = ("nba", "nfl")
    lag_s: Annotated[int, Field(ge=0, le=120)] = 10
    """Seconds between a basket and the message of it: what a band allows for. Not measured."""
    stale_s: Annotated[int, Field(ge=5, le=300)] = 30
    """Age of a live game's last message beyond which no fair value stands."""


class CalendarSettings(Part):
    """One calendar."""

    url: CalendarUrl
    form: Form
    speaker: Annotated[str, Field(pattern=r"^(?:[a-z][a-z .'-]{0,39})?$")] = ""
    """Surname, small letters: whose words it is all about; empty where it is of many."""


CalendarName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]


class ScheduleSettings(Part):
    """Calendars of speeches, meetings and broadcasts. The two by default are unofficial as feeds, and unverified."""

    on: bool = True
    noise: bool = False
    """Whether pool calls, lids and the like of the president's day are told."""
    calendars: dict[CalendarName, CalendarSettings] = Field(
        default_factory=lambda: {
            each.name: CalendarSettings(url=each.url, form=each.form, speaker=each.speaker)
            for each in DOCUMENTED
        }
    )
    """By a name of one's own; what stands in a settings file takes the place of all."""

    @field_validator("calendars")
    @classmethod
    def _once(cls, told: dict[str, CalendarSettings]) -> dict[str, CalendarSettings]:
        """One address is one calendar."""
        urls = [each.url for each in told.values()]
        twice = next((url for url in urls if urls.count(url) > 1), None)
        if twice is not None:
            raise ValueError(f"two calendars have the address {twice}")
        return told


class MentionsSettings(Part):
    """Words said: the record of what was said before."""

    corpus: str = ""
    """Path of the record; empty is corpus.sqlite3 beside the profile's journal."""
    transcripts: bool = False
    """Whether what transcripts say counts in base rates: P(said) is not P(said | listed)."""


class SpotSettings(Part):
    """Spot exchanges and option-implied volatility: public, without keys."""

    assets: Names = ("BTC", "ETH", "SOL")
    coinbase: bool = True
    kraken: bool = True
    binance_us: bool = True
    deribit: bool = True
    coinbase_socket: Url = "wss://ws-feed.exchange.coinbase.com"
    coinbase_rest: Url = "https://api.exchange.coinbase.com"
    kraken_socket: Url = "wss://ws.kraken.com/v2"
    kraken_rest: Url = "https://api.kraken.com"
    binance_us_socket: Url = "wss://stream.binance.us:9443"
    binance_us_rest: Url = "https://api.binance.us"
    deribit_socket: Url = "wss://www.deribit.com/ws/api/v2"
    deribit_rest: Url = "https://www.deribit.com/api/v2"

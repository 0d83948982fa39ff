"""Settings: one tree of plain values, read from TOML, checked, and turned into the engine's configuration.

Unknown keys and wrong types are refused with the file and the key named. Money is dollars, times are in the unit
their name says. Nothing secret ever stands in here: keys are paths or environment variables, read elsewhere.
"""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import platformdirs
import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from cockpit.domain.errors import SettingsError
from cockpit.domain.fees import Rounding
from cockpit.domain.units import MILLISECOND, MONEY, SECOND
from cockpit.engine.config import DESK, DeskConfig, EngineConfig, LaneConfig
from cockpit.engine.risk import Caps
from cockpit.strategies.versions import VERSIONS

Milliseconds = Annotated[int, Field(ge=0, le=60_000)]
Dollars = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=6)]


class _Part(BaseModel):
    """A part of the tree: no unknown keys, no changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SimulatorSettings(_Part):
    """How resting orders are simulated."""

    entry_latency_ms: Milliseconds = 250
    cancel_latency_ms: Milliseconds = 250
    by_order_share: Annotated[int, Field(ge=50, le=100)] = 80
    """Per cent of cancels that must match exactly one known order for fifo to be the headline rule."""


class BookSettings(_Part):
    """When a book is doubted, and what follows."""

    crossed_ms: Milliseconds = 250
    doubt_cancel_s: Annotated[int, Field(ge=0, le=600)] = 2


class FeeSettings(_Part):
    """Rounding quanta of the venue's fees, in dollars."""

    trade_quantum: Dollars = Decimal("0.0001")
    balance_quantum: Dollars = Decimal("0.0001")
    rebate_must_exceed: bool = False
    """Whether gathered rounding must exceed a quantum, not just reach it, before it is paid back."""


class CapSettings(_Part):
    """The most that may be lost, in dollars."""

    order: Dollars = Decimal(100)
    market: Dollars = Decimal(250)
    event: Dollars = Decimal(500)
    total: Dollars = Decimal(2000)


def _known(versions: tuple[str, ...]) -> tuple[str, ...]:
    for version in versions:
        if version not in VERSIONS:
            raise ValueError(f"no strategy version {version!r}; known: {', '.join(sorted(VERSIONS))}")
    return versions


Versions = Annotated[tuple[str, ...], AfterValidator(_known)]


class DeskSettings(_Part):
    """What a person is offered, and the rules of the wheel."""

    strategies: Versions = ("V15",)
    """Versions whose intents become tickets."""
    threshold_cents: Annotated[Decimal, Field(ge=0, le=50)] = Decimal(5)
    """Low-side edge a ticket needs, cents a contract."""
    bankroll: Dollars = Decimal(10_000)
    """What sizes are shares of, in dollars."""
    event_share: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.04")
    """Most of the bankroll that sizes may put at risk in one event."""
    day_loss: Dollars | None = Decimal(250)
    """The most the desk may lose in a New York day, in dollars; absent is no limit."""
    ticket_s: Annotated[int, Field(ge=1, le=3_600)] = 30
    """How long a ticket stands."""
    again_s: Annotated[int, Field(ge=0, le=3_600)] = 60
    """How long after a refusal the same is not proposed again."""
    shown_ms: Annotated[int, Field(ge=150, le=5_000)] = 150
    """How long terms must have been on screen before they can be approved."""
    pause_ms: Annotated[int, Field(ge=250, le=5_000)] = 750
    """How long the approve key must have been still: longer than your keyboard waits before it repeats."""
    away_min: Annotated[int, Field(ge=0, le=1_440)] = 10
    """Minutes without a key after which nobody is at the wheel; 0 never."""
    fair_stale_s: Annotated[int, Field(ge=1, le=60)] = 5
    """Age of the spot price beyond which no fair value stands."""
    mirror: bool = True
    """Whether a mirror lane approves every ticket at your own measured delay."""


class ScreenSettings(_Part):
    """How the screen looks and calls."""

    theme: str = ""
    """A theme by name; empty is what suits the terminal."""
    fps: Annotated[int, Field(ge=1, le=30)] = 4
    """Redraws a second; a key paints at once."""
    ascii: bool = False
    """Charts in letters, for fonts without braille."""
    hook: tuple[str, ...] = ()
    """A command and its arguments, run on an alert with the alert's kind and text added; no shell."""
    keys: dict[str, str] = {}
    """Action -> key, instead of the usual one."""


class LabSettings(_Part):
    """The shadow lanes."""

    lanes: Versions = ("V11", "V14", "V15")


Url = Annotated[
    str, Field(pattern=r"^(https|wss)://[^\s@?#]+[^\s@?#/]$|^(http|ws)://127\.0\.0\.1:\d+[^\s@?#]*$")
]
"""Encrypted, without anything secret in it; plain only to this very machine."""
Names = tuple[Annotated[str, Field(pattern=r"^[\w./:-]{1,120}$")], ...]
Watch = Annotated[int, Field(ge=1, le=500)]


class KalshiSettings(_Part):
    """Kalshi: what to watch, and the key if there is one."""

    on: bool = True
    rest: Url = "https://external-api.kalshi.com/trade-api/v2"
    socket: Url = "wss://external-api-ws.kalshi.com/trade-api/ws/v2"
    series: Names = ("KXBTCD", "KXBTC", "KXBTC15M", "KXETHD", "KXETH15M", "KXSOL15M")
    """Series whose open events are found and watched."""
    markets: Names = ()
    """Markets to watch besides."""
    watch: Watch = 60
    """Most markets watched at once: the soonest to close, nearest to the money."""
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


class PolymarketSettings(_Part):
    """Polymarket.com, read without a key."""

    on: bool = True
    gamma: Url = "https://gamma-api.polymarket.com"
    clob: Url = "https://clob.polymarket.com"
    data: Url = "https://data-api.polymarket.com"
    socket: Url = "wss://ws-subscriptions-clob.polymarket.com/ws/market"
    tags: Names = ("crypto",)
    """Slugs of tags whose open events are found and watched."""
    events: Names = ()
    """Slugs of events to watch besides."""
    watch: Watch = 60


class PolymarketUsSettings(_Part):
    """Polymarket US: its public data, and the settlement index each second."""

    on: bool = True
    gateway: Url = "https://gateway.polymarket.us"
    categories: Names = ("crypto",)
    watch: Watch = 6
    """Most books polled in turn; the venue bears about one question in ten seconds."""
    index: bool = True
    """Whether the settlement index's history is polled."""


class SpotSettings(_Part):
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


class RecordSettings(_Part):
    """Where a live run is recorded, and when a new file is begun."""

    folder: str = ""
    """Empty is the user's data folder."""
    rotate_mb: Annotated[int, Field(ge=1, le=100_000)] = 256
    rotate_min: Annotated[int, Field(ge=1, le=1_440)] = 60
    keep_free_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 500
    """Space on the disk below which `check` and the screen warn."""


class Settings(_Part):
    """The whole tree."""

    profile: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = "default"
    beat_ms: Annotated[int, Field(ge=10, le=10_000)] = 250
    simulator: SimulatorSettings = SimulatorSettings()
    books: BookSettings = BookSettings()
    fees: FeeSettings = FeeSettings()
    caps: CapSettings = CapSettings()
    desk: DeskSettings = DeskSettings()
    lab: LabSettings = LabSettings()
    screen: ScreenSettings = ScreenSettings()
    kalshi: KalshiSettings = KalshiSettings()
    polymarket: PolymarketSettings = PolymarketSettings()
    polymarket_us: PolymarketUsSettings = PolymarketUsSettings()
    spot: SpotSettings = SpotSettings()
    record: RecordSettings = RecordSettings()

    def with_lanes(self, lanes: tuple[str, ...]) -> "Settings":
        """The same settings with other shadow lanes.

        Raises:
            SettingsError: for a name that is no strategy version.
        """
        return read(self.plain() | {"lab": {"lanes": list(lanes)}}, "--lanes")

    def without_desk(self) -> "Settings":
        """The same settings with nothing proposed: for runs that only carry out orders."""
        desk = self.desk.model_copy(update={"strategies": (), "mirror": False})
        return self.model_copy(update={"desk": desk})

    def without_away(self) -> "Settings":
        """The same settings with nobody watched for: a film's time is not a person's."""
        return self.model_copy(update={"desk": self.desk.model_copy(update={"away_min": 0})})

    def wearing(self, other: "Settings") -> "Settings":
        """The same settings with another's screen."""
        return self.model_copy(update={"screen": other.screen})

    def plain(self) -> dict[str, Any]:
        """The tree as plain JSON values."""
        return self.model_dump(mode="json")

    def public(self) -> dict[str, Any]:
        """The same for a session's header: without what points to a key, and without the screen.

        A person's own hook command may hold a token, and no recording needs to know how a screen looked.
        """
        return self.model_dump(mode="json", exclude={"kalshi": {"key_id", "key_file"}, "screen": True})

    def toml(self) -> str:
        """The tree as TOML, which has no word for nothing: what is absent is left out."""
        return tomli_w.dumps(_present(self.plain()))

    def engine(self, *, no_trades: bool = False, polled: tuple[str, ...] = ()) -> EngineConfig:
        """The engine's configuration.

        Args:
            no_trades: whether the session has no trade stream at all.
            polled: venues whose books are polled.
        """
        desk = Caps(
            *(_money(cap) for cap in (self.caps.order, self.caps.market, self.caps.event, self.caps.total))
        )
        lanes = [LaneConfig(DESK, "", desk)]
        lanes += [LaneConfig(name, name, Caps() if name == "probe" else desk) for name in self.lab.lanes]
        return EngineConfig(
            lanes=tuple(lanes),
            beat_ns=self.beat_ms * MILLISECOND,
            entry_latency_ns=self.simulator.entry_latency_ms * MILLISECOND,
            cancel_latency_ns=self.simulator.cancel_latency_ms * MILLISECOND,
            doubt_cancel_ns=self.books.doubt_cancel_s * SECOND,
            crossed_ns=self.books.crossed_ms * MILLISECOND,
            by_order_share=self.simulator.by_order_share,
            no_trades=no_trades,
            polled=polled,
            fair_stale_ns=self.desk.fair_stale_s * SECOND,
            desk=self._desk(),
            rounding=Rounding(
                _money(self.fees.trade_quantum),
                _money(self.fees.balance_quantum),
                self.fees.rebate_must_exceed,
            ),
        )

    def _desk(self) -> DeskConfig:
        desk = self.desk
        return DeskConfig(
            strategies=desk.strategies,
            threshold=float(desk.threshold_cents) / 100,
            bankroll=_money(desk.bankroll),
            event_share=float(desk.event_share),
            day_loss=None if desk.day_loss is None else _money(desk.day_loss),
            shown_ns=desk.shown_ms * MILLISECOND,
            pause_ns=desk.pause_ms * MILLISECOND,
            life_ns=desk.ticket_s * SECOND,
            rejected_ns=desk.again_s * SECOND,
            away_ns=desk.away_min * 60 * SECOND,
            mirror=desk.mirror and bool(desk.strategies),
        )


def read(values: dict[str, Any], source: str) -> Settings:
    """Settings from plain values.

    Raises:
        SettingsError: naming ``source`` and each key that is wrong.
    """
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'settings'}: "
            f"{'unknown key' if fault['type'] == 'extra_forbidden' else fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(f"{source}: {faults}") from None


def load(path: Path | None = None) -> Settings:
    """Settings from a TOML file; the defaults where the usual file does not exist.

    Args:
        path: a file that must exist, or None for the user's own.

    Raises:
        SettingsError: when the file cannot be read or a key is wrong; the message names both.
    """
    where = path or usual_path()
    try:
        text = where.read_text(encoding="utf-8")
    except FileNotFoundError:
        if path is None:
            return Settings()
        raise SettingsError(f"{where}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{where}: {error}") from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{where}: {error}") from None
    return read(values, str(where))


def usual_path() -> Path:
    """Where the user's settings file lives on this system."""
    return Path(platformdirs.user_config_dir("cockpit")) / "config.toml"


def data_dir() -> Path:
    """Where sessions, journals and locks live on this system."""
    return Path(platformdirs.user_data_dir("cockpit"))


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _present(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }


def _money(dollars: Decimal) -> int:
    return int(dollars * MONEY)

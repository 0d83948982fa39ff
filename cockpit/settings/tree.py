"""The whole tree. Unknown keys and wrong types are refused with the source and the key named.

Money is dollars, times are in the unit their name says. Nothing secret ever stands in here: keys are paths or
environment variables, read elsewhere.
"""

from decimal import Decimal
from typing import Annotated, Any

import tomli_w
from msgspec.structs import replace
from pydantic import Field, ValidationError

from cockpit.domain.commands import SetLimits
from cockpit.domain.errors import SettingsError
from cockpit.domain.fees import Rounding
from cockpit.domain.units import MILLISECOND, MONEY, PRICE, QTY, SECOND
from cockpit.engine.config import DESK, DeskConfig, EngineConfig, GamesConfig, LaneConfig
from cockpit.engine.limits import WHOLE
from cockpit.engine.risk import Caps
from cockpit.settings.desk import (
    BookSettings,
    CapSettings,
    DeskSettings,
    FeeSettings,
    LabSettings,
    ScreenSettings,
    SimulatorSettings,
    SpreadSettings,
)
from cockpit.settings.part import Part
from cockpit.settings.sportsbook import SportsbookSettings
from cockpit.settings.venues import (
    EspnSettings,
    KalshiSettings,
    MentionsSettings,
    PolymarketSettings,
    PolymarketUsSettings,
    ScheduleSettings,
    SpotSettings,
)
from cockpit.settings.weather import WeatherSettings
from cockpit.strategies.spreads.legs import PARAMS


class RecordSettings(Part):
    """Where a live run is recorded, and when a new file is begun."""

    folder: str = ""
    """Empty is the user's data folder."""
    rotate_mb: Annotated[int, Field(ge=1, le=100_000)] = 256
    rotate_min: Annotated[int, Field(ge=1, le=1_440)] = 60
    keep_free_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 500
    """Space on the disk below which `check` and the screen warn."""


class Settings(Part):
    """The whole tree."""

    profile: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")] = "default"
    beat_ms: Annotated[int, Field(ge=10, le=10_000)] = 250
    simulator: SimulatorSettings = SimulatorSettings()
    books: BookSettings = BookSettings()
    fees: FeeSettings = FeeSettings()
    caps: CapSettings = CapSettings()
    desk: DeskSettings = DeskSettings()
    spreads: SpreadSettings = SpreadSettings()
    lab: LabSettings = LabSettings()
    screen: ScreenSettings = ScreenSettings()
    kalshi: KalshiSettings = KalshiSettings()
    polymarket: PolymarketSettings = PolymarketSettings()
    polymarket_us: PolymarketUsSettings = PolymarketUsSettings()
    spot: SpotSettings = SpotSettings()
    espn: EspnSettings = EspnSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    mentions: MentionsSettings = MentionsSettings()
    weather: WeatherSettings = WeatherSettings()
    sportsbook: SportsbookSettings = SportsbookSettings()
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

        A person's own hook command may hold a token, no recording needs to know how a screen looked, and an address a
        weather service may write to is the person's own.
        """
        return self.model_dump(
            mode="json",
            exclude={
                "kalshi": {"key_id", "key_file"},
                "weather": {"contact"},
                "sportsbook": {"key_file": True, "opticodds": {"key_file"}},
                "screen": True,
            },
        )

    def toml(self) -> str:
        """The tree as TOML, which has no word for nothing: what is absent is left out."""
        return tomli_w.dumps(_present(self.plain()))

    def limits(self) -> SetLimits:
        """The desk's limits, as the command that sets them while a session runs."""
        desk, caps = self.desk, self.caps
        return SetLimits(
            0, int(desk.threshold_cents * PRICE / 100), _money(desk.bankroll), int(desk.event_share * WHOLE),
            None if desk.day_loss is None else _money(desk.day_loss),
            _money(caps.order), _money(caps.market), _money(caps.event), _money(caps.total), desk.strategies,
        )  # fmt: skip

    def engine(self, *, no_trades: bool = False, polled: tuple[str, ...] = ()) -> EngineConfig:
        """The engine's configuration.

        Args:
            no_trades: whether the session has no trade stream at all.
            polled: venues whose books are polled.
        """
        told = self.limits()
        desk = Caps(told.order, told.market, told.event, told.total)
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
            spreads=replace(
                PARAMS,
                max_age_ns=self.spreads.quote_age_s * SECOND,
                size=self.spreads.size * QTY,
                rho=self.spreads.fills_rho,
            ),
            games=replace(GamesConfig(), live_ns=self.espn.stale_s * SECOND, lag_ns=self.espn.lag_s * SECOND),
            rounding=Rounding(
                _money(self.fees.trade_quantum),
                _money(self.fees.balance_quantum),
                self.fees.rebate_must_exceed,
            ),
        )

    def _desk(self) -> DeskConfig:
        desk, limits = self.desk, self.limits()
        return DeskConfig(
            strategies=limits.strategies,
            threshold=limits.threshold / PRICE,
            bankroll=limits.bankroll,
            event_share=limits.event_share / WHOLE,
            day_loss=limits.day_loss,
            shown_ns=desk.shown_ms * MILLISECOND,
            pause_ns=desk.pause_ms * MILLISECOND,
            life_ns=desk.ticket_s * SECOND,
            rejected_ns=desk.again_s * SECOND,
            away_ns=desk.away_min * 60 * SECOND,
            mirror=desk.mirror and bool(desk.strategies),
            spreads=self.spreads.propose and bool(desk.strategies),
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


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _present(value) if isinstance(value, dict) else value
        for key, value in values.items()
        if value is not None
    }


def _money(dollars: Decimal) -> int:
    return int(dollars * MONEY)

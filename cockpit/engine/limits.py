"""The desk's limits in force: the configuration's, until a person sets others.

They hold for the desk and for the lanes that follow it. A shadow lane keeps what it started with, so that what it is
compared by stays one thing.
"""

from cockpit.domain.commands import SetLimits
from cockpit.domain.units import MONEY_DIGITS, PRICE, PRICE_DIGITS, decimal
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.risk import Caps
from cockpit.engine.state import State
from cockpit.strategies.versions import known

NONE = "none"
"""No limit, or no name."""
SHARE_DIGITS = 6
WHOLE = 10**SHARE_DIGITS
"""All of the bankroll, in millionths."""
MOST = PRICE // 2
"""The highest threshold, price units: fifty cents."""


class Limits:
    """Over the engine's state. Dollars, money units, and shares of 1, as in `cockpit.engine.config.DeskConfig`."""

    threshold: float
    bankroll: int
    event_share: float
    day_loss: int | None
    strategies: tuple[str, ...]
    caps: Caps
    spreads: bool
    """Whether two-leg trades are proposed: never where nothing is."""

    def __init__(self, state: State, config: EngineConfig) -> None:
        self._state = state
        self._config = config
        self._read()

    @property
    def now(self) -> SetLimits:
        """All of them, as the command that would set them."""
        return self._state.limits or _begun(self._config)

    def set(self, command: SetLimits) -> None:
        """From here on these hold."""
        self._state.limits = command
        self._read()

    def _read(self) -> None:
        told, desk = self._state.limits, self._config.desk
        if told is None:
            self.threshold, self.bankroll, self.event_share = desk.threshold, desk.bankroll, desk.event_share
            self.day_loss, self.strategies, self.spreads = desk.day_loss, desk.strategies, desk.spreads
            self.caps = _caps(self._config)
            return
        self.threshold, self.event_share = told.threshold / PRICE, told.event_share / WHOLE
        self.bankroll, self.day_loss = told.bankroll, told.day_loss
        self.strategies, self.spreads = told.strategies, desk.spreads and bool(told.strategies)
        self.caps = Caps(told.order, told.market, told.event, told.total)


def wrong(command: SetLimits) -> str:
    """Why limits cannot be set so; empty when they can."""
    if not 0 <= command.threshold <= MOST:
        return "the threshold is from 0 to 50 cents"
    if not 0 < command.event_share <= WHOLE:
        return "the share of an event is above 0 and 1 at most"
    sums = (command.bankroll, command.day_loss, command.order, command.market, command.event, command.total)
    if any(each is not None and each <= 0 for each in sums):
        return "bankroll, day loss and caps are above 0"
    if len(set(command.strategies)) < len(command.strategies):
        return "a strategy version is named twice"
    other = next((name for name in command.strategies if not known(name)), None)
    return "" if other is None else f"no strategy version {other!r}"


def changes(before: SetLimits, after: SetLimits) -> list[tuple[str, str, str]]:
    """What differs: (name in the settings, value before, value after), both in the settings' units."""
    was, now = told(before), told(after)
    return [(name, was[name], now[name]) for name in was if was[name] != now[name]]


def told(limits: SetLimits) -> dict[str, str]:
    """Each limit by its name in the settings, in the settings' units."""
    return {
        "desk.threshold_cents": decimal(limits.threshold, PRICE_DIGITS - 2),
        "desk.day_loss": _dollars(limits.day_loss),
        "desk.bankroll": _dollars(limits.bankroll),
        "desk.event_share": decimal(limits.event_share, SHARE_DIGITS),
        "desk.strategies": " ".join(limits.strategies) or NONE,
        "caps.order": _dollars(limits.order),
        "caps.market": _dollars(limits.market),
        "caps.event": _dollars(limits.event),
        "caps.total": _dollars(limits.total),
    }


def _dollars(value: int | None) -> str:
    return NONE if value is None else decimal(value, MONEY_DIGITS)


def _caps(config: EngineConfig) -> Caps:
    return next((lane.caps for lane in reversed(config.lanes) if lane.name == DESK), Caps())


def _begun(config: EngineConfig) -> SetLimits:
    desk, caps = config.desk, _caps(config)
    return SetLimits(
        0, round(desk.threshold * PRICE), desk.bankroll, round(desk.event_share * WHOLE), desk.day_loss,
        caps.order, caps.market, caps.event, caps.total, desk.strategies,
    )  # fmt: skip

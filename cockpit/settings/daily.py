"""What a trader changes in a day, as a screen shows it: one row a setting, each value as the words a person types."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from cockpit.domain.commands import SetLimits
from cockpit.domain.errors import SettingsError
from cockpit.engine.limits import NONE, told
from cockpit.settings.tree import Settings, read
from cockpit.settings.written import Value


class Daily(NamedTuple):
    """One setting."""

    name: str
    """As in the file: part and key."""
    limit: str
    """The field of `SetLimits` that has it, and it counts at once; empty counts from the next start."""
    brief: str
    meaning: str
    names: bool = False
    """Whether it is a list of names."""


DAILY = (
    Daily("desk.threshold_cents", "threshold", "cents, LOW",
          "low-side edge a ticket needs, cents; tickets and orders of versions are taken back under half of it. A version's own gate holds besides (V15 asks 5)"),
    Daily("desk.day_loss", "day_loss", "$ a NY day",
          "the most the desk may lose in a New York day, dollars, open loss at liquidation. A day already stopped stays stopped"),
    Daily("desk.bankroll", "bankroll", "$ to size by", "what sizes are shares of, dollars: 2 % a market, and desk.event_share an event"),
    Daily("desk.event_share", "event_share", "per event",
          "most of the bankroll that sizes may put at risk in one event, of 1."),
    Daily("desk.strategies", "strategies", "who proposes",
          "versions whose intents become tickets. One taken off leaves no ticket and no working order; positions stay",
          names=True),
    Daily("caps.order", "order", "$ an order", "the most one order may lose, dollars. What rests stays: only what is new is refused"),
    Daily("caps.market", "market", "$ a market", "the most one market may lose, dollars. What rests stays: only what is new is refused"),
    Daily("caps.event", "event", "$ an event", "the most one event may lose, dollars. What rests stays: only what is new is refused"),
    Daily("caps.total", "total", "$ in all", "the most that may be lost in all, dollars. What rests stays: only what is new is refused"),
    Daily("kalshi.series", "", "watched", "series of Kalshi whose open events are found and watched", names=True),
    Daily("polymarket.tags", "", "watched", "tags of Polymarket whose open events are found and watched", names=True),
    Daily("spot.assets", "", "watched", "underlyings whose spot price is followed", names=True),
)  # fmt: skip
"""Shadow lanes keep the caps and the bankroll they started with: what they are compared by stays one thing."""
BY_NAME = {each.name: each for each in DAILY}
_PLAIN = re.compile(r" *[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+) *")
"""A number as people write one. Whatever else could be read as one ("1e3", "1_0") is more likely a slip than meant."""


def words(settings: Settings) -> dict[str, str]:
    """Every row's value as a person types it."""
    limits = told(settings.limits())
    return {each.name: limits[each.name] if each.limit else _text(settings, each) for each in DAILY}


def typed(settings: Settings, changes: Mapping[str, str]) -> Settings:
    """The settings with what a person typed.

    Raises:
        SettingsError: naming each key that is wrong.
    """
    slips = [name for name, text in changes.items() if not BY_NAME[name].names and not _PLAIN.fullmatch(text)]
    if slips:
        raise SettingsError(f"typed: {', '.join(slips)}: plain digits are wanted, with at most one point")
    plain = settings.plain()
    for name, text in changes.items():
        part, _, key = name.partition(".")
        plain[part][key] = _names(text) if BY_NAME[name].names else _number(text)
    return read(plain, "typed")


def limits(before: SetLimits, settings: Settings, names: Mapping[str, str]) -> SetLimits:
    """Limits with some of them, by name, as settings have them."""
    after = settings.limits()
    fields = [BY_NAME[name].limit for name in names if BY_NAME[name].limit]
    return replace(before, ts=0, **{field: getattr(after, field) for field in fields})


def value(settings: Settings, name: str) -> Value:
    """A setting as it is written in a file."""
    found: Any = _value(settings, name)
    if isinstance(found, tuple):
        return list(found)
    assert isinstance(found, Decimal)
    return int(found) if found == found.to_integral_value() else float(found)


def _value(settings: Settings, name: str) -> Any:
    part, _, key = name.partition(".")
    return getattr(getattr(settings, part), key)


def _text(settings: Settings, row: Daily) -> str:
    return " ".join(_value(settings, row.name)) or NONE


def _number(text: str) -> str:
    """The number typed; nothing below nothing is nothing."""
    return text if text.strip(" +-0.") else "0"


def _names(text: str) -> list[str]:
    found = text.replace(",", " ").split()
    return [] if found == [NONE] else found

"""How the desk, its simulator, its lanes and its screen behave."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from cockpit.domain.errors import SettingsError
from cockpit.settings.part import Part
from cockpit.strategies.probe import Probe
from cockpit.strategies.versions import version

Milliseconds = Annotated[int, Field(ge=0, le=60_000)]
Dollars = Annotated[Decimal, Field(gt=0, max_digits=14, decimal_places=6)]


class SimulatorSettings(Part):
    """How resting orders are simulated."""

    entry_latency_ms: Milliseconds = 250
    cancel_latency_ms: Milliseconds = 250
    by_order_share: Annotated[int, Field(ge=50, le=100)] = 80
    """Per cent of cancels that must match exactly one known order for fifo to be the headline rule."""


class BookSettings(Part):
    """When a book is doubted, and what follows."""

    crossed_ms: Milliseconds = 250
    doubt_cancel_s: Annotated[int, Field(ge=0, le=600)] = 2


class FeeSettings(Part):
    """Rounding quanta of the venue's fees, in dollars."""

    trade_quantum: Dollars = Decimal("0.0001")
    balance_quantum: Dollars = Decimal("0.0001")
    rebate_must_exceed: bool = False
    """Whether gathered rounding must exceed a quantum, not just reach it, before it is paid back."""


class CapSettings(Part):
    """The most that may be lost, in dollars."""

    order: Dollars = Decimal(100)
    market: Dollars = Decimal(250)
    event: Dollars = Decimal(500)
    total: Dollars = Decimal(2000)


def _known(versions: tuple[str, ...]) -> tuple[str, ...]:
    for i, name in enumerate(versions):
        try:
            version(name)
        except SettingsError as error:
            raise ValueError(str(error)) from None
        if name in versions[:i]:
            raise ValueError(f"{name} is named twice")
    return versions


def _meant(versions: tuple[str, ...]) -> tuple[str, ...]:
    other = next((name for name in versions if isinstance(version(name), Probe)), None)
    if other is not None:
        raise ValueError(f"{other} proves fills only: for lanes, not the desk")
    return versions


Versions = Annotated[tuple[str, ...], AfterValidator(_known)]


class DeskSettings(Part):
    """What a person is offered, and the rules of the wheel."""

    strategies: Annotated[Versions, AfterValidator(_meant)] = ("V15",)
    """Versions whose intents become tickets."""
    threshold_cents: Annotated[Decimal, Field(ge=0, le=50, decimal_places=2)] = Decimal(5)
    """Low-side edge a ticket needs, cents a contract."""
    bankroll: Dollars = Decimal(10_000)
    """What sizes are shares of, in dollars."""
    event_share: Annotated[Decimal, Field(gt=0, le=1, decimal_places=6)] = Decimal("0.04")
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


class SpreadSettings(Part):
    """Two venues asking the same question."""

    propose: bool = True
    """Whether tickets of two resting legs are raised for confirmed pairs."""
    size: Annotated[int, Field(ge=1, le=100_000)] = 10
    """Most contracts rested on each leg."""
    quote_age_s: Annotated[int, Field(ge=1, le=60)] = 2
    """Age of either quote beyond which a gap is none."""
    fills_rho: Annotated[float, Field(ge=-1, le=1)] = -0.3
    """Correlation of the two legs' fills: the price runs from one order as it reaches the other."""


class ScreenSettings(Part):
    """How the screen looks and calls."""

    theme: str = ""
    """A theme by name; empty is what suits the terminal."""
    fps: Annotated[int, Field(ge=1, le=30)] = 4
    """Redraws a second; a key paints at once."""
    ascii: bool = False
    """Charts in letters, for fonts without braille."""
    hook: tuple[str, ...] = ()
    """A command and its arguments, run on an alert with the alert's kind and text added; no shell."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Action -> key, instead of the usual one."""


class LabSettings(Part):
    """The shadow lanes."""

    lanes: Versions = (
        "V11", "V14", "V15", "homeUnderdog", "homeUnderdog+P", "favoriteFade", "favoriteFade+P", "lateGameLeader",
        "lateGameLeader+P", "yesBias",
    )  # fmt: skip

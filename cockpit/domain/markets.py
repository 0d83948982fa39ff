"""What can be traded: markets, the events that group them, and the series that set their fees."""

from enum import StrEnum

import msgspec

from cockpit.domain.units import MONEY, PRICE, QTY


class MarketStatus(StrEnum):
    """Where a market stands in its life (Kalshi's words; other venues are mapped onto them)."""

    INITIALIZED = "initialized"
    INACTIVE = "inactive"
    ACTIVE = "active"
    CLOSED = "closed"
    DETERMINED = "determined"
    DISPUTED = "disputed"
    AMENDED = "amended"
    FINALIZED = "finalized"
    UNKNOWN = "unknown"


class SettlementState(StrEnum):
    """How firm a settlement is. P&L is provisional until FINAL or VOID."""

    DETERMINED = "determined"
    DISPUTED = "disputed"
    AMENDED = "amended"
    FINAL = "final"
    VOID = "void"


class PriceBand(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Prices from ``start`` to ``end`` (both included) move in multiples of ``step``; price units."""

    start: int
    end: int
    step: int


CENT_GRID = (PriceBand(0, PRICE, 100),)
"""The grid of a market whose own grid is not known: whole cents."""


class FeeSchedule(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Fee terms a venue states market by market: a contract at P is charged ``rate * (P(1-P)) ** exponent``."""

    rate: int = 0
    """In 1e-4: a crypto market's 0.07 is 700."""
    exponent: int = 1
    taker_only: bool = True
    rebate_rate: int = 0
    """Share of the takers' fees that the venue hands to makers, in 1e-4; never ours before it is paid."""
    quantum: int = MONEY // 100_000
    """What a fee is rounded to, money units."""
    nearest: bool = False
    """Whether to the nearest quantum, half to even, rather than down."""


class Market(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One YES/NO contract. Times are ns UTC (0 = not known), strikes 1e-8, prices price units."""

    ticker: str
    venue: str
    event: str = ""
    series: str = ""
    title: str = ""
    subtitle: str = ""
    kind: str = "binary"
    status: MarketStatus = MarketStatus.UNKNOWN
    open_ns: int = 0
    close_ns: int = 0
    expected_ns: int = 0
    """When the venue expects the result (sports: close_ns is only a backstop)."""
    strike_type: str = ""
    floor: int | None = None
    cap: int | None = None
    custom: tuple[tuple[str, str], ...] = ()
    """The venue's own strike fields (team, word), sorted by name."""
    grid: tuple[PriceBand, ...] = CENT_GRID
    lot: int = QTY // 100
    """Smallest fill, in quantity units."""
    result: str = ""
    value: int | None = None
    """What one YES pays, in price units, once the venue states it."""
    expiration: int | None = None
    """The number the result was decided on (an index average, a temperature), 1e-8."""
    rules: str = ""
    rules_secondary: str = ""
    fee_waiver_ns: int = 0
    shard: int = 0
    least: int = 0
    """Smallest order the venue lets rest, in quantity units."""
    fees: FeeSchedule | None = None
    """The market's own fee terms, where the venue states them with it."""
    clear_ns: int = 0
    """When the venue takes every resting order back (the start of a game); 0 never."""


class EventGroup(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A venue's "event": the markets that settle on one outcome."""

    ticker: str
    venue: str
    series: str = ""
    title: str = ""
    subtitle: str = ""
    exclusive: bool = False
    """At most one of its markets pays YES."""
    collateral: str = ""
    """The venue's netting rule: MECNET, DIRECNET or none."""
    strike_ns: int = 0


class Series(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A venue's family of events, which carries the fee terms."""

    ticker: str
    venue: str
    title: str = ""
    category: str = ""
    frequency: str = ""
    fee_type: str = ""
    fee_multiplier: int = 0
    """In 1e-4 (RATIO)."""


def on_grid(grid: tuple[PriceBand, ...], price: int) -> bool:
    """Whether an order may be priced here: strictly inside 0..1 and on a step of its band.

    Source: Kalshi ``price_ranges``; at a shared edge either band's step will do.
    """
    if not 0 < price < PRICE:
        return False
    return any(b.start <= price <= b.end and (price - b.start) % b.step == 0 for b in grid)


def tick_below(grid: tuple[PriceBand, ...], price: int) -> int:
    """The size of the step just below a price, in price units (one cent where no band holds it)."""
    for band in grid:
        if band.start < price <= band.end:
            return band.step
    return 100


def tick_above(grid: tuple[PriceBand, ...], price: int) -> int:
    """The size of the step just above a price, in price units (one cent where no band holds it)."""
    for band in grid:
        if band.start <= price < band.end:
            return band.step
    return 100

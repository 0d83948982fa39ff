"""One market as a leg of a spread, and the two directions a pair can be bought in.

A market is one book in YES terms: buying NO at q is selling YES at 1 - q. A direction names the side taken on A; the
side on B follows from it and from the polarity (+1: both say YES to the same thing, -1: one says YES where the other
says NO), so that the two contracts bought pay one dollar between them whatever happens:

    direction   on A        on B, polarity +1   on B, polarity -1
    BUY         buys YES    buys NO             buys YES
    SELL        buys NO     buys YES            buys NO
"""

from enum import StrEnum

import msgspec

from cockpit.domain.fees import FeeTerms, Rounding
from cockpit.domain.markets import CENT_GRID, PriceBand
from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY, RATIO, SECOND

SAME = 1
"""Polarity of two markets that pay YES together."""
OPPOSITE = -1
"""Polarity of two markets of which exactly one pays YES."""

DAY_NS = 86_400 * SECOND

Levels = tuple[tuple[int, int], ...]
"""(price, quantity) best first, price and quantity units, in YES terms."""


class Direction(StrEnum):
    """Which way round a pair is bought, by what it does on A."""

    BUY = "buy"
    SELL = "sell"

    def sides(self, polarity: int) -> tuple[int, int]:
        """The sides (BID buys YES, ASK buys NO) on A and on B."""
        side = BID if self is Direction.BUY else ASK
        return side, -side * polarity


class Leg(msgspec.Struct, frozen=True, gc=False):
    """One market as it can be traded now. Prices in price units, quantities in quantity units, times ns UTC."""

    market: str
    venue: str
    bids: Levels
    """YES bids, best first; as deep as the caller cares to look."""
    asks: Levels
    terms: FeeTerms
    quote_ns: int
    """When something last said that this book stands."""
    grid: tuple[PriceBand, ...] = CENT_GRID
    least: int = 0
    """Smallest order the venue lets rest."""
    lot: int = QTY // 100
    """Step of an order's quantity."""
    settle_ns: int = 0
    """When the result is expected (or the close, where that is not known); 0 unknown."""
    fill: float = 0.25
    """Probability that an order resting here is filled while it rests."""
    adverse: float = 0.01
    """Expected adverse selection of a fill, dollars a contract."""
    cash: int = 1 << 62
    """Money units that can be spent at its venue."""


class Params(msgspec.Struct, frozen=True):
    """What a spread is reckoned with. All ours and settable; where a source gave the number it is named."""

    sizes: tuple[int, ...] = (10 * QTY, 100 * QTY, 1_000 * QTY)
    """Quantities of the size curve, ascending."""
    max_age_ns: int = 2 * SECOND
    """Both quotes must be no older than this at once; else the gap is a stale one."""
    size: int = 10 * QTY
    """Most contracts rested on each leg."""
    share: int = RATIO
    """Share of the cash at each venue that one pair may lock, in 1e-4."""
    rho: float = -0.3
    """Correlation of the two fills: the price runs away from one order as it reaches the other."""
    hold: float = 0.9
    """Probability that a hedge is still there after the human's delay, until lifetimes have been recorded."""
    hurdle: float = 0.08
    """What the money would earn a year elsewhere."""
    payout: tuple[tuple[str, int], ...] = (
        ("kalshi", 3_600 * SECOND),
        ("polymarket", 3 * 3_600 * SECOND),
        ("polymarket_us", 3_600 * SECOND),
    )
    """From the expected result to the money, ns: Kalshi's settlement timer of an hour; UMA's two hours of challenge on
    Polymarket and an hour to propose; an hour where nothing is stated."""
    slowest_ns: int = DAY_NS
    """The same at a venue that is not in the table."""
    shortest_ns: int = 3_600 * SECOND
    """Nothing is taken to lock money for less."""
    quantum: int = Rounding().trade
    """What a quadratic fee is rounded up to at each level, money units."""

    def delay(self, venue: str) -> int:
        """From the expected result to the money at a venue, ns."""
        return next((ns for name, ns in self.payout if name == venue), self.slowest_ns)


PARAMS = Params()


class Basis(StrEnum):
    """How two contracts' settlements differ, worst last."""

    OPERATOR = "operator"
    """Same source; another rounding, another operator at the boundary."""
    SOURCE = "source"
    """Different sources of the number."""
    HOUR = "hour"
    """Different cut-off instants or averaging windows."""
    VOID = "void"
    """Different rules for a tie, a postponement, a cancellation."""
    UNSURE = "unsure"
    """Something about them could not be read: a spread, never called an arbitrage."""


class Haircuts(msgspec.Struct, frozen=True):
    """What each difference is feared to cost, money units a contract. There is no data behind the numbers: settable."""

    identical: int = MONEY // 400
    operator: int = MONEY // 100
    """A tick of boundary mass."""
    source: int = MONEY // 50
    hour: int = 3 * MONEY // 100
    void: int = 3 * MONEY // 100


class Haircut(msgspec.Struct, frozen=True, gc=False):
    """What the settlement basis of a pair takes off its net."""

    each: int
    """Money units a contract."""
    badge: str = "identical"
    """The differences in words, or "identical"."""
    modelled: bool = False
    """Whether a model stands behind part of it."""
    sure: bool = True
    """Whether everything was read: without it nothing here is called an arbitrage."""


def other(side: int, price: int) -> int:
    """What a contract of a side costs at a YES price, price units, fees apart."""
    return price if side == BID else PRICE - price

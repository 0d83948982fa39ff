"""Where one of Polymarket's markets trades: its ticks, its sizes, and what its listing says of it."""

import math

import msgspec

from cockpit.domain.markets import Market, PriceBand
from cockpit.domain.units import PRICE, QTY
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.pit import LOT, Floor, quotable
from cockpit.rehearsal.polymarket.depth import CENT, EDGE, TENTH
from cockpit.rehearsal.polymarket.names import Names
from cockpit.rehearsal.polymarket.terms import Terms

VENUE = "polymarket"
LEAST = 5
"""Shares: the smallest order that may rest."""
_A_STEP = 4
"""Ticks of a tenth of a cent that people move by."""
_APART = 50.0
"""Price units in which a maker counts how far its quote is from where it should be."""


class TokenFloor(Floor):
    """A market of two tokens, of which the first is YES. ``number`` is what its ids are made of."""

    def __init__(self, market: Market, terms: Terms, number: int) -> None:
        self.terms = terms
        self.number = number
        super().__init__(market, before=0)

    @property
    def names(self) -> Names:
        """What its listing calls it."""
        raise NotImplementedError

    def pays(self) -> bool:
        """Whether the first token is paid."""
        raise NotImplementedError

    def final(self) -> str:
        """The number a listing says it settled on; "" where there is none."""
        return ""

    # ------------------------------------------------------------------ ticks and sizes

    @property
    def tick(self) -> int:
        """The tick, price units."""
        return self.market.grid[0].step

    @property
    def edgy(self) -> bool:
        """Whether it has come so near to an end that a cent is too coarse."""
        top = self.top()
        return self.tick == CENT and not EDGE <= (top.bid + top.ask) // 2 <= PRICE - EDGE

    def refine(self) -> None:
        """Trade in tenths of a cent from now on."""
        self.market = msgspec.structs.replace(self.market, grid=grid_of(TENTH))
        self.exchange.grid = self.market.grid
        self.prices = quotable(self.market.grid)

    def step(self, price: int, ticks: int) -> int | None:
        """The price so many steps up: where ticks are fine, people move by several."""
        return super().step(price, ticks if self.tick == CENT else ticks * _A_STEP)

    def ticks(self, low: int, high: int) -> int:
        """How far two prices are apart, in half cents."""
        return round((high - low) / _APART)

    def size(self, draws: Draws) -> int:
        """An order's size: mostly whole shares, often round, never below the least."""
        if draws.uniform() < 0.4:
            return (10, 20, 25, 50, 100, 100, 200, 500)[draws.below(8)] * QTY
        shares = math.exp(3.4 + 1.1 * draws.normal())
        if draws.uniform() < 0.6:
            return max(LEAST, min(8_000, int(shares))) * QTY
        return max(LEAST * QTY, min(8_000 * QTY, int(shares * 100) * LOT))


def grid_of(tick: int) -> tuple[PriceBand, ...]:
    """A grid of one tick, price units."""
    return (PriceBand(0, PRICE, tick),)

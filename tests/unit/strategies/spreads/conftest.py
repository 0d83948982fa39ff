"""Legs told in cents and contracts, and fee terms by their rates."""

from typing import Any

import pytest

from cockpit.domain.fees import CURVE, FeeTerms
from cockpit.domain.markets import FeeSchedule
from cockpit.domain.units import QTY, RATIO, SECOND
from cockpit.strategies.spreads.legs import Leg, Params

T = 1_800_000_000 * SECOND
DAY = 86_400 * SECOND


class Build:
    """Prices in cents, quantities in contracts, times in seconds after T."""

    T, DAY = T, DAY
    exact = Params(quantum=1, payout=(("kalshi", 0), ("polymarket", 0)))
    """Fees are not rounded, and the money comes with the result."""

    @staticmethod
    def kalshi(rate: int = 700, *, makers: bool = False) -> FeeTerms:
        """Quadratic with a taker's rate in 1e-4; makers pay a quarter of it or nothing."""
        kind = "quadratic_with_maker_fees" if makers else "quadratic"
        return FeeTerms(kind, rate * RATIO // 700, "assumed")

    @staticmethod
    def curve(rate: int = 300, quantum: int = 1) -> FeeTerms:
        """A market's own schedule, takers only, rate in 1e-4."""
        return FeeTerms(CURVE, rate * RATIO // 700, "market record", FeeSchedule(rate, quantum=quantum))

    @staticmethod
    def leg(bids: Any, asks: Any, terms: FeeTerms, venue: str = "kalshi", **more: Any) -> Leg:
        def levels(side: Any) -> Any:
            return tuple((round(price * 100), round(qty * QTY)) for price, qty in side)

        told = {"quote_ns": T, "settle_ns": T + 30 * DAY, **more}
        return Leg(f"{venue}-m", venue, levels(bids), levels(asks), terms, **told)

    def pair(self, a: float, b: float, here: FeeTerms, there: FeeTerms, qty: float = 1000) -> tuple[Leg, Leg]:
        """YES of A to be had at ``a`` and NO of B at ``b``, or rested for at these."""
        return (
            self.leg([(a - 5, qty)], [(a, qty)], here),
            self.leg([(100 - b, qty)], [(105 - b, qty)], there, "polymarket"),
        )


@pytest.fixture(scope="session")
def build() -> Build:
    return Build()

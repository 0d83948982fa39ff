"""Claimed against realised edge: what a lane said its fills were worth, and what they came to.

The unit is the event. Its claim is the mean edge claimed for the fills that count, weighted by quantity; what it
realised is the lane's P&L in the event's markets per contract traded, after fees. The slope is that of realised on
claimed edge through the origin, each event weighted by its quantity: 1 is an honest claim, 0 an empty one.
"""

from collections.abc import Iterable

import msgspec

from cockpit.domain.units import MONEY, QTY

Z95 = 1.959963984540054


class Score(msgspec.Struct):
    """One event of one lane: what was traded (quantity units), and its claims (dollars, summed over contracts)."""

    qty: int = 0
    claim: float = 0.0

    def add(self, qty: int, claim: float) -> None:
        """Count one fill of ``qty`` quantity units for which ``claim`` dollars a contract were claimed."""
        self.qty += qty
        self.claim += claim * qty / QTY


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """One settled event: contracts traded, dollars claimed, dollars realised after fees."""

    contracts: float
    claimed: float
    realised: float


class Verdict(msgspec.Struct, frozen=True):
    """Settled events together: edges in dollars a contract; None while there are none."""

    n: int
    claimed: float | None
    realised: float | None
    slope: float | None
    wins: int
    losses: int
    average_win: int
    average_loss: int
    """Money units, both positive."""

    @property
    def break_even(self) -> float | None:
        """The win rate at which wins and losses of these sizes earn nothing."""
        total = self.average_win + self.average_loss
        return self.average_loss / total if total and self.wins and self.losses else None


def verdict(outcomes: Iterable[Outcome]) -> Verdict:
    """Sum up settled events."""
    found = [o for o in outcomes if o.contracts > 0]
    contracts = sum(o.contracts for o in found)
    wins = [o.realised for o in found if o.realised > 0]
    losses = [-o.realised for o in found if o.realised < 0]
    scale = sum(o.claimed * o.claimed / o.contracts for o in found)
    product = sum(o.claimed * o.realised / o.contracts for o in found)
    return Verdict(
        n=len(found),
        claimed=sum(o.claimed for o in found) / contracts if contracts else None,
        realised=sum(o.realised for o in found) / contracts if contracts else None,
        slope=product / scale if scale > 0 and len(found) > 1 else None,
        wins=len(wins),
        losses=len(losses),
        average_win=round(sum(wins) / len(wins) * MONEY) if wins else 0,
        average_loss=round(sum(losses) / len(losses) * MONEY) if losses else 0,
    )


def wilson(wins: int, n: int, z: float = Z95) -> tuple[float, float] | None:
    """The Wilson score interval of a share; None for no trials.

    Source: Wilson 1927, J. Amer. Statist. Assoc. 22.
    """
    if not n:
        return None
    share, square = wins / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * (share * (1 - share) / n + square / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)

"""Claimed against realised edge: what a lane said its fills were worth, and what they came to.

The unit is the event. Its claim is the mean edge claimed for the fills that count, weighted by quantity; what it
realised is the lane's P&L in the event's markets per contract traded, after fees. The slope is that of realised on
claimed edge through the origin, each event weighted by its quantity: 1 is an honest claim, 0 an empty one.
"""

from collections.abc import Iterable

import msgspec

from cockpit.domain.units import MONEY, PRICE, QTY
from cockpit.engine.ledger import Position


class Score(msgspec.Struct):
    """One event of one lane: what was traded (quantity units), its claims and what was paid (dollars, summed)."""

    qty: int = 0
    claim: float = 0.0
    paid: float = 0.0
    """With fees: each contract costs its price on the side bought."""
    judged: int = 0
    """The quantity of fills whose order had a fair value; a claim of exactly nothing has none."""
    prob: float = 0.0
    """What those took for the probability of the side bought, summed over contracts."""

    def add(self, qty: int, claim: float, paid: float) -> None:
        """Count a fill of ``qty`` quantity units at ``claim`` and ``paid`` dollars a contract."""
        contracts = qty / QTY
        self.qty += qty
        self.claim += claim * contracts
        self.paid += paid * contracts
        if claim:
            self.judged += qty
            self.prob += (claim + paid) * contracts

    def outcome(self, positions: Iterable[Position]) -> "Outcome":
        """The same, once its markets have settled: what the positions in them came to."""
        realised, decided = 0, True
        for held in positions:
            realised += held.net
            decided = decided and not held.void and held.value in (0, PRICE)
        traded = self.qty / QTY
        said = self.prob / (self.judged / QTY) if self.judged else None
        paid = self.paid / traded if traded else 0.0
        return Outcome(traded, self.claim, realised / MONEY, paid, said, decided)


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """One settled event: contracts traded, dollars claimed, dollars realised after fees."""

    contracts: float
    claimed: float
    realised: float
    paid: float = 0.0
    """Mean price of a contract with its fee, dollars: the win rate that breaks even."""
    prob: float | None = None
    """Mean probability that was taken for that of the side bought."""
    decided: bool = True
    """Whether it was won or lost: not called off, nor shared."""


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

"""Claimed against realised edge: what a lane said its fills were worth, and what they came to.

The unit is the event: everything that settles on one outcome, on every venue. Its claim is the mean edge claimed for
the fills that count, weighted by quantity; what it realised is the lane's P&L in its markets per contract traded, after
fees. The slope is that of realised on claimed edge through the origin, each event weighted by its quantity: 1 is an
honest claim, 0 an empty one.
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from cockpit.domain.units import MONEY, PRICE, QTY
from cockpit.engine.ledger import Position


class Money(NamedTuple):
    """Money units."""

    net: int = 0
    fees: int = 0
    flat_fees: int = 0

    def plus(self, other: "Money") -> "Money":
        """Both together."""
        return Money(self.net + other.net, self.fees + other.fees, self.flat_fees + other.flat_fees)

    def less(self, other: "Money") -> "Money":
        """What came since."""
        return Money(self.net - other.net, self.fees - other.fees, self.flat_fees - other.flat_fees)


class Booked(msgspec.Struct):
    """What markets came to, money units: net of fees, venue fees, flat fees."""

    net: int = 0
    fees: int = 0
    flat_fees: int = 0
    decided: bool = True
    """Whether each was won or lost: not called off, nor shared."""
    settled_ns: int = 0
    """When the last settlement was heard."""

    def add(self, held: Position, settled_ns: int) -> None:
        """Count a market that has settled."""
        self.net += held.net
        self.fees += held.fees
        self.flat_fees += held.flat_fees
        flat = (
            held.value < 0 and not held.qty
        )  # closed by hand, and never settled: its result is known all the same
        self.decided = self.decided and not held.void and (flat or held.value in (0, PRICE))
        self.settled_ns = max(self.settled_ns, settled_ns)


class Score(msgspec.Struct):
    """One event of one lane: what was traded (quantity units), its claims and what was paid (dollars, summed)."""

    family: str = ""
    qty: int = 0
    claim: float = 0.0
    paid: float = 0.0
    """With fees: each contract costs its price on the side bought."""
    judged: int = 0
    """The quantity of fills whose order had a fair value; a claim of exactly nothing has none."""
    prob: float = 0.0
    """What those took for the probability of the side bought, summed over contracts."""
    markets: list[str] = msgspec.field(default_factory=list)
    """Traded and not let go."""
    past: Booked = msgspec.field(default_factory=Booked)
    """What those came to that were."""
    whole: bool = True
    """Whether every fill in it may be judged; what polled books filled may not, and half an event is no result."""
    began_ns: int = 0
    last_ns: int = 0
    """First and last fill."""
    due_ns: int = 0
    """When the last of its markets was to be decided, as known when it was traded."""

    def touch(self, market: str, now: int, due_ns: int, *, judged: bool) -> None:
        """Note a fill in a market of the event."""
        if market not in self.markets:
            self.markets.append(market)
        self.began_ns, self.last_ns = self.began_ns or now, now
        self.due_ns = max(self.due_ns, due_ns)
        self.whole = self.whole and judged

    def add(self, qty: int, claim: float, paid: float) -> None:
        """Count a judged fill of ``qty`` quantity units at ``claim`` and ``paid`` dollars a contract."""
        contracts = qty / QTY
        self.qty += qty
        self.claim += claim * contracts
        self.paid += paid * contracts
        if claim:
            self.judged += qty
            self.prob += (claim + paid) * contracts

    def let_go(self, market: str, held: Position | None, settled_ns: int) -> None:
        """A market is forgotten."""
        if market in self.markets:
            self.markets.remove(market)
            if held is None or held.qty:
                self.whole = False
            if held is not None:
                self.past.add(held, settled_ns)

    def outcome(self, markets: Iterable[tuple[Position, int]] = ()) -> "Outcome":
        """The event once all of it has settled, with its markets still known and when each of these settled."""
        booked = msgspec.structs.replace(self.past)
        for held, settled_ns in markets:
            booked.add(held, settled_ns)
        traded = self.qty / QTY
        return Outcome(
            contracts=traded,
            claimed=self.claim,
            realised=booked.net / MONEY,
            paid=self.paid / traded if traded else 0.0,
            prob=self.prob / (self.judged / QTY) if self.judged else None,
            decided=booked.decided,
            family=self.family,
            settled_ns=booked.settled_ns,
            net=booked.net,
            fees=booked.fees,
            flat_fees=booked.flat_fees,
            whole=self.whole and self.qty > 0,
            began_ns=self.began_ns,
            last_ns=self.last_ns,
            due_ns=self.due_ns,
        )


class Outcome(msgspec.Struct, frozen=True, gc=False, array_like=True):
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
    family: str = ""
    settled_ns: int = 0
    net: int = 0
    """``realised`` in money units."""
    fees: int = 0
    flat_fees: int = 0
    whole: bool = True
    """Whether it is a result; else it only keeps the money of an event of which a part may not be judged."""
    began_ns: int = 0
    last_ns: int = 0
    """First and last fill."""
    due_ns: int = 0
    """When the last of its markets was to be decided, as known when it was traded."""

    def plus(self, other: "Outcome") -> "Outcome":
        """Both together: one event traded again after it was counted, or in another session."""
        contracts = self.contracts + other.contracts
        paid = self.paid * self.contracts + other.paid * other.contracts
        return Outcome(
            contracts=contracts,
            claimed=self.claimed + other.claimed,
            realised=(self.net + other.net) / MONEY,
            paid=paid / contracts if contracts else 0.0,
            prob=_mean(self, other),
            decided=self.decided and other.decided,
            family=self.family,
            settled_ns=max(self.settled_ns, other.settled_ns),
            net=self.net + other.net,
            fees=self.fees + other.fees,
            flat_fees=self.flat_fees + other.flat_fees,
            whole=self.whole and other.whole,
            began_ns=min(self.began_ns, other.began_ns),
            last_ns=max(self.last_ns, other.last_ns),
            due_ns=max(self.due_ns, other.due_ns),
        )


def _mean(one: Outcome, other: Outcome) -> float | None:
    """The probability taken by both, weighted by contracts; None where either took none."""
    contracts = one.contracts + other.contracts
    if one.prob is None or other.prob is None or not contracts:
        return None
    return (one.prob * one.contracts + other.prob * other.contracts) / contracts


class Verdict(msgspec.Struct, frozen=True):
    """Settled events together: edges in dollars a contract; None while there are none."""

    n: int
    claimed: float | None
    realised: float | None
    slope: float | None
    decided: int
    """Of them won, lost or closed before: not called off, nor shared."""
    wins: int
    losses: int
    """Of the decided ones."""
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
    decided = [o.realised for o in found if o.decided]
    wins = [each for each in decided if each > 0]
    losses = [-each for each in decided if each < 0]
    scale = sum(o.claimed * o.claimed / o.contracts for o in found)
    product = sum(o.claimed * o.realised / o.contracts for o in found)
    return Verdict(
        n=len(found),
        claimed=sum(o.claimed for o in found) / contracts if contracts else None,
        realised=sum(o.realised for o in found) / contracts if contracts else None,
        slope=product / scale if scale > 0 and len(found) > 1 else None,
        decided=len(decided),
        wins=len(wins),
        losses=len(losses),
        average_win=round(sum(wins) / len(wins) * MONEY) if wins else 0,
        average_loss=round(sum(losses) / len(losses) * MONEY) if losses else 0,
    )

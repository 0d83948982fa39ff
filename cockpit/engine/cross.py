"""What is kept across venues: two-leg trades, what was acknowledged, how far the venues stood apart, who leads."""

import msgspec

from cockpit.models.leads.record import LeadRecord
from cockpit.models.leads.trial import LeadResult
from cockpit.strategies.spreads.opportunities import Opportunities


class TradeLeg(msgspec.Struct):
    """One ticket of a two-leg trade. Domain units."""

    trade: str
    index: int
    """0 for the pair's A, 1 for its B."""
    side: int
    price: int
    hedge: bool = False
    """Raised for a leg that was left naked."""
    filled: int = 0


def _none() -> list[int]:
    return [0, 0]


class PairTrade(msgspec.Struct):
    """Two legs approved together. Lists are by leg: A, then B."""

    pair: str
    direction: str
    markets: tuple[str, str]
    sides: tuple[int, int]
    legs: list[str] = msgspec.field(default_factory=list)
    """Tickets, the two legs first, hedges after them."""
    filled: list[int] = msgspec.field(default_factory=_none)
    paid: list[int] = msgspec.field(default_factory=_none)
    """What that cost, money units."""
    closed: list[int] = msgspec.field(default_factory=_none)
    """Of what was filled, what other orders of the desk have closed again."""
    naked: int = 0
    """Quantity held on one leg alone, as of the last look."""
    lead: int = 0
    """Index of the leg that has more."""
    since_ns: int = 0
    """Since when; 0 while it is not."""
    stuck: str = ""
    """Why no hedge can be proposed, as a person was told."""

    @property
    def imbalance(self) -> tuple[int, int]:
        """Index of the leg that holds more, and how much more."""
        more = (self.filled[0] - self.closed[0]) - (self.filled[1] - self.closed[1])
        return (0, more) if more >= 0 else (1, -more)

    def average(self, index: int) -> int:
        """What a contract of a leg cost, price units; 0 before the first fill."""
        return self.paid[index] // self.filled[index] if self.filled[index] else 0


class Gaps(msgspec.Struct):
    """How far two middles stood apart, summed over pair-seconds; price units."""

    seconds: int = 0
    total: int = 0


class Basis(msgspec.Struct, array_like=True):
    """What B's logit is usually above A's: samples of the last half hour, and their median."""

    ts: list[int] = msgspec.field(default_factory=list)
    x: list[float] = msgspec.field(default_factory=list)
    usual: float = 0.0


class Moved(msgspec.Struct, array_like=True):
    """A market's middle, and since when it has been that; twice price units, ns UTC."""

    mid2: int
    ts: int


class Testing(msgspec.Struct):
    """A lead test that runs: on what, and since when (ns UTC)."""

    key: str
    record: LeadRecord
    since_ns: int


class Cross(msgspec.Struct):
    """All of it."""

    trades: dict[str, PairTrade] = msgspec.field(default_factory=dict)
    legs: dict[str, TradeLeg] = msgspec.field(default_factory=dict)
    """By ticket."""
    numbered: int = 0
    asked: dict[str, str] = msgspec.field(default_factory=dict)
    """What confirmations stand under -> the changed rules a person was told of."""
    disagree: dict[str, int] = msgspec.field(default_factory=dict)
    """Pair -> by how much its books could be crossed when both were last fresh, price units; none where not at all."""
    acknowledged: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    """Pair -> how much of that a person has seen, and when it was last so (ns UTC)."""
    gaps: Gaps = msgspec.field(default_factory=Gaps)
    moved: dict[str, Moved] = msgspec.field(default_factory=dict)
    """Markets of pairs by ticker."""
    bases: dict[str, Basis] = msgspec.field(default_factory=dict)
    """By pair."""
    leads: dict[str, LeadRecord] = msgspec.field(default_factory=dict)
    """By what a confirmation stands under: a market pair may live an hour, its series for ever."""
    results: dict[str, LeadResult] = msgspec.field(default_factory=dict)
    testing: Testing | None = None
    opportunities: Opportunities = msgspec.field(default_factory=Opportunities)

    found: list[str] = msgspec.field(default_factory=list)
    """Pairs there are, so that a run taken up has the same."""
    chosen: dict[str, str] = msgspec.field(default_factory=dict)
    """By what a confirmation stands under: the pair whose middles are noted, the nearest to one half."""
    missing: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """By the same: what was missing, at the last second, before the lead may be followed."""

    def fill(self, ticket: str, market: str, side: int, price: int, qty: int) -> None:
        """A desk order was filled: it was a leg's, or one that closes what a leg holds, or neither. Price of its side."""
        leg = self.legs.get(ticket)
        if leg is not None:
            trade = self.trades[leg.trade]
            leg.filled += qty
            trade.filled[leg.index] += qty
            trade.paid[leg.index] += qty * price
            return
        for trade in self.trades.values():
            for i in (0, 1):
                if trade.markets[i] == market and trade.sides[i] == -side:
                    trade.closed[i] = min(trade.filled[i], trade.closed[i] + qty)

    def covers(self, ticket: str) -> bool:
        """Whether a ticket's order closes what another leg left naked."""
        leg = self.legs.get(ticket)
        if leg is None:
            return False
        trade = self.trades[leg.trade]
        return leg.hedge or (trade.naked > 0 and leg.index != trade.lead)

    def rewind(self, ahead: int) -> None:
        """Time was ``ahead`` ns too far: what was seen of prices is of a time that has not come; trades stay."""
        self.moved.clear()
        self.bases.clear()
        self.leads.clear()
        self.results.clear()
        self.missing.clear()
        self.disagree.clear()
        self.testing = None
        self.opportunities = Opportunities(log=self.opportunities.log)
        for trade in self.trades.values():
            trade.since_ns = max(0, trade.since_ns - ahead)

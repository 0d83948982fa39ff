"""What is kept across venues: two-leg trades, what was acknowledged, how far the venues stood apart, who leads."""

import msgspec

from cockpit.models.leads.record import LeadRecord
from cockpit.models.leads.trial import LeadResult
from cockpit.strategies.spreads.opportunities import Opportunities


class TradeLeg(msgspec.Struct):
    """One ticket of a two-leg trade, and what its order has filled. Domain units."""

    trade: str
    index: int
    """0 for the pair's A, 1 for its B."""
    market: str
    side: int
    price: int
    qty: int
    filled: int = 0
    hedge: bool = False
    """Raised for a leg that was left naked."""


class PairTrade(msgspec.Struct):
    """Two legs approved together."""

    pair: str
    direction: str
    legs: list[str] = msgspec.field(default_factory=list)
    """Tickets, hedges last."""
    naked: int = 0
    """Quantity filled on one leg alone."""
    lead: int = 0
    """Index of the leg that has more."""
    since_ns: int = 0
    """Since when; 0 while it is not."""
    total_ns: int = 0
    """How long it was in all, before that."""
    stuck: str = ""
    """Why no hedge can be proposed, as a person was told."""


class Gaps(msgspec.Struct):
    """How far two middles stood apart, summed over pair-seconds; price units."""

    seconds: int = 0
    total: int = 0


class Basis(msgspec.Struct, array_like=True):
    """What B's logit is usually above A's: samples of the last half hour, and their median."""

    ts: list[int] = msgspec.field(default_factory=list)
    x: list[float] = msgspec.field(default_factory=list)


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
    acknowledged: dict[str, int] = msgspec.field(default_factory=dict)
    """Pair -> the gap a person has acknowledged, price units with its sign."""
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

    def rewind(self, ahead: int) -> None:
        """Time was ``ahead`` ns too far: what was seen of prices is of a time that has not come; trades stay."""
        self.moved.clear()
        self.bases.clear()
        self.leads.clear()
        self.results.clear()
        self.testing = None
        self.opportunities = Opportunities(log=self.opportunities.log)
        for trade in self.trades.values():
            trade.since_ns = max(0, trade.since_ns - ahead)

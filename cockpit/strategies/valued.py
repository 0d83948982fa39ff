"""V14 and V15: rest only where a probability score and the expected value of the order say so.

V14 knows the market's mid and its trend: it chooses the side of the better maker's EV. V15 adds our own fair value:
the side is the one with the better edge on the low side of the band, which must clear the threshold, and the score's
two gates must hold as well. Both hold an order until its reason is half gone, so that a flicker costs no place in
the queue. The parameters no owner has named are ours and settable.
"""

from collections.abc import Sequence

import msgspec

from cockpit.domain.units import ASK, BID, PRICE
from cockpit.strategies.base import WHOLE, Intent, Mine, Place, Reason, Snap, Working
from cockpit.strategies.edges import (
    DUST,
    LIMITS,
    NEAR_CLOSE,
    Edge,
    Limits,
    best,
    edge_of,
    entry,
    fair_edge,
    guards,
    maker_fee,
    prefers_bid,
    quote_price,
)
from cockpit.strategies.quoting import (
    BOUND,
    NO_PRICE,
    NO_SIZE,
    RESTING,
    TTL_NS,
    Wish,
    cancels,
    freed,
    steer,
)
from cockpit.strategies.score import Blend, blended, blended_se, logistic, logit, score
from cockpit.strategies.sizing import CAPS, Caps, kelly, size
from cockpit.strategies.trend import SPEEDS, Speeds, Trend, follow, log_odds, strength

NO_FAIR = "no fair value"
STALE = "fair value stale"
LITTLE_EDGE = "edge under the threshold"
LITTLE_EV = "EV under the gate"
LITTLE_SCORE = "score under the gate"
TOO_GOOD = "implausible edge"
EDGE_GONE = "edge gone"

_CLOSING = Reason(NEAR_CLOSE)
_STALE = Reason(STALE)


class Belief(msgspec.Struct, frozen=True, gc=False):
    """p* as its log odds, their standard error, and the trend that went in."""

    x: float
    se: float
    z: float


class Valued(msgspec.Struct, frozen=True):
    """Rests one order where it is worth it. The defaults are V14.

    What it holds it holds to settlement; an order worth resting on the other side nets against it.
    """

    blend: Blend = Blend()
    theta: float = 0.002
    """Least maker's EV of an order by p*, dollars a contract. Ours."""
    gate: float = 0.60
    """Least score P(p > c). Ours."""
    threshold: float | None = None
    """Least edge on the low side of the fair-value band, dollars a contract; None: fair values are not looked at."""
    shrink: float = 1.0
    """Standard errors p* is lowered by before Kelly, where there is no band. Ours."""
    ttl_ns: int = TTL_NS
    limits: Limits = LIMITS
    speeds: Speeds = SPEEDS
    caps: Caps = CAPS

    @property
    def memory(self) -> type[Trend]:
        """What it remembers about one market."""
        return Trend

    def decide(self, snap: Snap, mine: Mine, memory: Trend) -> tuple[Trend, Sequence[Intent]]:
        """Keep, move, take back or place the one order this market is worth."""
        why = guards(snap, self.limits)
        if why:
            return memory, self._guarded(why, snap, mine) if mine.orders else ()
        memory = follow(memory, snap.ts, log_odds(snap.bid + snap.ask), self.speeds)
        if not mine.orders:
            wanted = self._wanted(snap, mine, memory, None)
            return memory, () if isinstance(wanted, str) else (wanted,)
        return memory, steer(
            mine.orders,
            lambda order: self._lapse(snap, mine, memory, order),
            lambda keep: self._wanted(snap, mine, memory, keep),
        )

    def wish(self, snap: Snap, mine: Mine, memory: Trend) -> Wish:
        """What it would rest in this market if nothing of its own did, or the name of what stands against it."""
        why = guards(snap, self.limits)
        if why:
            return why
        memory = follow(memory, snap.ts, log_odds(snap.bid + snap.ask), self.speeds)
        return self._wanted(snap, mine, memory, None)

    def belief(self, snap: Snap, trend: Trend) -> Belief:
        """p* at this snap. Needs a book with two sides; without a fair value its weight is the market's."""
        market = log_odds(snap.bid + snap.ask, 1)
        z = strength(trend, self.speeds)
        fair = snap.fair
        if fair is None or not self.blend.w:
            return Belief(blended(self.blend, market, market, z), blended_se(self.blend, 0.0), z)
        return Belief(blended(self.blend, logit(fair.mid), market, z), blended_se(self.blend, fair.se), z)

    # ------------------------------------------------------------------ what rests

    def _guarded(self, why: str, snap: Snap, mine: Mine) -> Sequence[Intent]:
        """With a guard down nothing is placed; orders go back near the close, or when their fair value says so."""
        if why == NEAR_CLOSE:
            return cancels(mine.orders, _CLOSING)
        if self.threshold is None:
            return ()
        return steer(mine.orders, lambda order: self._faded(snap, mine, order), lambda _keep: why)

    def _lapse(self, snap: Snap, mine: Mine, trend: Trend, order: Working) -> Reason | None:
        """Why an order is no longer wanted where it rests: its reason is half gone."""
        if self.threshold is not None:
            return self._faded(snap, mine, order)
        edge = self._scored(snap, mine, order.side, order.price, self.belief(snap, trend))
        return _gone(EDGE_GONE, edge) if edge.ev < self.theta / 2 - DUST else None

    def _faded(self, snap: Snap, mine: Mine, order: Working) -> Reason | None:
        fair = snap.fair
        if fair is None or self.threshold is None:
            return _STALE
        edge = fair_edge(fair, snap.fees, order.side, order.price, mine.odds)
        if edge.low < self.threshold / 2 - DUST:
            return _gone(EDGE_GONE, edge)
        return _gone(TOO_GOOD, edge) if edge.implausible else None

    # ------------------------------------------------------------------ what is wanted

    def _wanted(self, snap: Snap, mine: Mine, trend: Trend, keep: Working | None) -> Wish:
        """The order the gates let through, on the side of the one it would replace if there is one."""
        if keep is not None and quote_price(snap, keep.side) == keep.price:
            return RESTING
        if self.threshold is None:
            belief = self.belief(snap, trend)
            edge = shown = self._better(snap, mine, belief, keep)
        else:
            shown = self._valued(snap, mine, keep)
            why = self._unfit(snap, shown)
            if why or shown is None:
                return why
            belief = self.belief(snap, trend)
            edge = self._scored(snap, mine, shown.side, shown.price, belief)
        if edge is None or shown is None:
            return NO_PRICE
        return self._gated(snap, mine, belief, edge, shown, keep)

    def _gated(
        self, snap: Snap, mine: Mine, belief: Belief, edge: Edge, shown: Edge, keep: Working | None
    ) -> Wish:
        """The score's gates and the size. ``edge`` is against p*, ``shown`` against what the version values by."""
        if edge.implausible:
            return TOO_GOOD
        if edge.ev < self.theta - DUST:
            return LITTLE_EV
        price, side = edge.price, edge.side
        cost = (price if side == BID else PRICE - price) / PRICE + edge.fee
        sure = score(side * belief.x, cost, belief.se)
        if sure < self.gate:
            return LITTLE_SCORE
        low = shown.low + cost
        qty, bound = size(low, side, price, edge.fee, mine, self.caps, mine.room + freed(keep))
        if not qty:
            return NO_SIZE
        numbers = (
            *self._fair_numbers(snap, edge),
            ("edge", shown.edge), ("low", shown.low), ("ev", shown.ev), ("fee", edge.fee),
            ("fill", mine.odds.fill), ("adverse", mine.odds.adverse), ("n", mine.odds.n),
            ("p*", logistic(belief.x)), ("se", belief.se), ("z", belief.z), ("score", sure),
            ("kelly", kelly(low, cost)), (BOUND + bound, qty // WHOLE),
        )  # fmt: skip
        return Place(side, price, qty, self.ttl_ns, Reason(self._code, numbers))

    @property
    def _code(self) -> str:
        return "score" if self.threshold is None else "fair value"

    def _fair_numbers(self, snap: Snap, edge: Edge) -> tuple[tuple[str, int | float], ...]:
        fair = snap.fair
        if fair is None or self.threshold is None:
            return ()
        return ("fair low", fair.low), ("fair mid", fair.mid), ("fair high", fair.high), ("ev*", edge.ev)

    def _valued(self, snap: Snap, mine: Mine, keep: Working | None) -> Edge | None:
        """The edge against the fair value, on the better side or on that of the order to replace."""
        fair = snap.fair
        if fair is None or keep is None:
            return best(snap, mine)
        price = quote_price(snap, keep.side)
        return None if price is None else fair_edge(fair, snap.fees, keep.side, price, mine.odds)

    def _unfit(self, snap: Snap, edge: Edge | None) -> str:
        """What the rule for every ticket has against an edge; empty where it passes."""
        if snap.fair is None:
            return NO_FAIR
        if edge is None:
            return NO_PRICE
        if self.threshold is None or entry(edge, self.threshold):
            return ""
        return TOO_GOOD if edge.implausible else LITTLE_EDGE if edge.low < self.threshold else LITTLE_EV

    def _better(self, snap: Snap, mine: Mine, belief: Belief, keep: Working | None) -> Edge | None:
        """The edge against p* on the side of the better EV, or on that of the order to replace."""
        sides = (BID, ASK) if keep is None else (keep.side,)
        edges = [
            self._scored(snap, mine, side, price, belief)
            for side in sides
            if (price := quote_price(snap, side)) is not None
        ]
        if len(edges) < 2:
            return edges[0] if edges else None
        buy, sell = edges
        return buy if prefers_bid(buy.ev, sell.ev, snap.bid + snap.ask) else sell

    def _scored(self, snap: Snap, mine: Mine, side: int, price: int, belief: Belief) -> Edge:
        """The edge at a price against p*; its low side is p* lowered by its standard error."""
        x = side * belief.x
        fee = maker_fee(snap.fees, price)
        return edge_of(side, price, logistic(x), logistic(x - self.shrink * belief.se), fee, mine.odds)


def _gone(code: str, edge: Edge) -> Reason:
    return Reason(code, (("edge", edge.edge), ("low", edge.low), ("ev", edge.ev)))

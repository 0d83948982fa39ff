"""The documented bias of mention markets as a baseline that can be tested: sell YES, as a maker.

People buy that a word will be said more than it is: a YES bias remains in mention markets after everything about their
life is accounted for (Deleep et al. 2026), and takers lose most in media and world events (Becker 2026). The rule knows
neither word nor price beyond a range: it sells ten contracts of YES at the ask, once a market, before the event begins, and
holds to settlement. What it comes to is what the bias is worth to a maker; a version that knows base rates must beat it.
"""

from collections.abc import Sequence

import msgspec

from cockpit.domain.mentions import Stage
from cockpit.domain.units import ASK, PRICE, SECOND
from cockpit.strategies.base import WHOLE, Intent, Mine, Place, Reason, Snap, Working
from cockpit.strategies.edges import LIMITS, Limits, guards, maker_fee, quote_price
from cockpit.strategies.quoting import BOUND, NO_PRICE, NO_SIZE, RESTING, Wish, freed, steer
from cockpit.strategies.sizing import CAPS, Caps, fixed_size

NO_PHRASE = "no phrase"
BEGUN = "the event has begun"
NO_START = "no known start"
WEEK = "no single event"
FAR_OUT = "price outside the range"
HELD = "held"
TTL_NS = 600 * SECOND
"""Ten minutes: nothing hurries before an event, and moving loses the place."""


class Sold(msgspec.Struct, frozen=True, gc=False):
    """What it remembers of a market: whether anything was sold."""

    sold: bool = False


class YesBias(msgspec.Struct, frozen=True):
    """Sells YES once in each mention market."""

    low: int = 1_000
    """Lowest YES middle, price units: ten cents. Ours."""
    high: int = 9_000
    """Highest, price units. Ours."""
    qty: int = 10 * WHOLE
    """Quantity units."""
    limits: Limits = LIMITS
    caps: Caps = CAPS

    @property
    def memory(self) -> type[Sold]:
        """What it remembers about one market."""
        return Sold

    def decide(self, snap: Snap, mine: Mine, memory: Sold) -> tuple[Sold, Sequence[Intent]]:
        """Keep, move or take back the one order, or place it."""
        if mine.qty and not memory.sold:
            memory = Sold(sold=True)
        why = HELD if memory.sold else self.against(snap)
        if not mine.orders:
            wanted = why or self._wanted(snap, mine, None)
            return memory, () if isinstance(wanted, str) else (wanted,)
        over = self._begun(snap)
        return memory, steer(
            mine.orders,
            lambda _: Reason(over) if over else None,
            lambda keep: why or self._wanted(snap, mine, keep),
        )

    def against(self, snap: Snap) -> str:
        """The first thing that stands against an order; empty where there is none."""
        return self._begun(snap) or guards(snap, self.limits) or self._range(snap)

    def _begun(self, snap: Snap) -> str:
        """What ends a resting order: what is left of one that was filled in part stays until then."""
        if snap.phrase is None:
            return NO_PHRASE
        if snap.phrase.kind == "week":
            return WEEK
        if not snap.phrase.begins_ns:
            return NO_START
        return "" if snap.phrase.stage in (Stage.ANNOUNCED, Stage.SOON) else BEGUN

    def _range(self, snap: Snap) -> str:
        return "" if 2 * self.low <= snap.bid + snap.ask <= 2 * self.high else FAR_OUT

    def _wanted(self, snap: Snap, mine: Mine, keep: Working | None) -> Wish:
        price = quote_price(snap, ASK)
        if price is None:
            return NO_PRICE
        if keep is not None and keep.price == price:
            return RESTING
        fee = maker_fee(snap.fees, price)
        qty, bound = fixed_size(self.qty, ASK, price, fee, mine, self.caps, mine.room + freed(keep))
        if not qty:
            return NO_SIZE
        numbers = (("mid", (snap.bid + snap.ask) / (2 * PRICE)), ("fee", fee), (BOUND + bound, qty // WHOLE))
        return Place(ASK, price, qty, TTL_NS, Reason("YES bias", numbers))

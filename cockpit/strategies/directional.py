"""V10 to V12: follow the underlying's move at the contract nearest to the money, with no fair value.

V10 is the direction alone, V11 lets the market's own trend veto it, V12 sizes by volatility and stops out. Each is
one set of parameters over the same decision. The parameters no owner has named are ours and settable.
"""

import math
from collections.abc import Sequence

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.strategies.atr import Bars, mark
from cockpit.strategies.base import WHOLE, Intent, Mine, Place, Reason, Snap, Working
from cockpit.strategies.edges import LIMITS, NEAR_CLOSE, Limits, guards, maker_fee, quote_price
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
from cockpit.strategies.sizing import CAPS, FIXED, VOLATILITY, Caps, fixed_size
from cockpit.strategies.stops import Held, Stops, too_late, watch
from cockpit.strategies.trend import AGAINST, SPEEDS, Speeds, Trend, allows, follow, log_odds, strength

LOOK_BACK_S = 300.0
"""Span of ``Snap.move``, seconds."""
_ROOT = math.sqrt(LOOK_BACK_S / 31_536_000.0)

PAYS_UP = {"greater": BID, "greater_or_equal": BID, "less": ASK, "less_or_equal": ASK}
"""The side a rise of the underlying favours, by Kalshi's ``strike_type``. A range has no direction: it is not here."""

NO_MOVE = "no move"
STOPPED = "stopped out"
EXIT = "passive exit, may not fill"

_CLOSING = Reason(NEAR_CLOSE)
_FLIPPED = Reason("direction flipped")
_STOPPED = Reason(STOPPED)
_FLAT = Reason("position closed")


class DirectionalMemory(msgspec.Struct, frozen=True, gc=False):
    """What it remembers about one market; V10 nothing, V11 the trend, V12 all three."""

    trend: Trend = Trend()
    bars: Bars = Bars()
    held: Held = Held()


class Directional(msgspec.Struct, frozen=True):
    """Buys the side the underlying's last five minutes favour. The defaults are V10."""

    threshold: float = 0.5
    """Least move, in standard deviations of five minutes. The definition of V10; the number is ours."""
    qty: int = 10 * WHOLE
    """Fixed size, and the most held on a side. Ours."""
    z0: float | None = None
    """The trend may stand this many standard deviations against the side bought; None: it is not asked."""
    sigma_ref: float | None = None
    """Volatility of the logit, a square-root second, up to which the size is full; None: it is not scaled."""
    stops: Stops | None = None
    ttl_ns: int = TTL_NS
    limits: Limits = LIMITS
    speeds: Speeds = SPEEDS
    caps: Caps = CAPS

    @property
    def memory(self) -> type[DirectionalMemory]:
        """What it remembers about one market."""
        return DirectionalMemory

    def decide(
        self, snap: Snap, mine: Mine, memory: DirectionalMemory
    ) -> tuple[DirectionalMemory, Sequence[Intent]]:
        """Rest on the side the move favours; hold while there is no move; give a stopped position up."""
        why = guards(snap, self.limits)
        if why:
            return memory, cancels(mine.orders, _CLOSING) if why == NEAR_CLOSE else ()
        before, memory = memory.held, self._learn(snap, mine, memory)
        held = memory.held
        if held.out:
            return memory, self._leave(snap, mine, memory)
        if before.out and not held.side:
            return memory, cancels(mine.orders, _FLAT)
        side = self.direction(snap)
        if not side:
            return memory, ()
        against = self._against(side, memory)
        if not mine.orders:
            wanted = against or self._entry(snap, mine, memory, side, None)
            return memory, () if isinstance(wanted, str) else (wanted,)

        def lapse(order: Working) -> Reason | None:
            if order.side != side:
                return _FLIPPED
            return Reason(AGAINST, (("z", strength(memory.trend, self.speeds)),)) if against else None

        return memory, steer(
            mine.orders, lapse, lambda keep: against or self._entry(snap, mine, memory, side, keep)
        )

    def wish(self, snap: Snap, mine: Mine, memory: DirectionalMemory) -> Wish:
        """What it would rest in this market if nothing of its own did, or the name of what stands against it."""
        why = guards(snap, self.limits)
        if why:
            return why
        memory = self._learn(snap, mine, memory)
        if memory.held.out:
            return STOPPED
        side = self.direction(snap)
        if not side:
            return NO_MOVE
        return self._against(side, memory) or self._entry(snap, mine, memory, side, None)

    def direction(self, snap: Snap) -> int:
        """The side the underlying's move favours: BID, ASK, or 0 for none.

        None where the move is small against its volatility or unknown, where the contract is not the nearest to the
        money, and where it pays inside a range or on something that is not a level.
        """
        move = snap.move
        if move is None or not snap.nearest or snap.vol <= 0.0:
            return 0
        if abs(move) < self.threshold * snap.vol * _ROOT:
            return 0
        up = PAYS_UP.get(snap.market.strike_type, 0)
        return up if move > 0.0 else -up

    def _against(self, side: int, memory: DirectionalMemory) -> str:
        if self.z0 is None or allows(strength(memory.trend, self.speeds), side, self.z0):
            return ""
        return AGAINST

    def _entry(
        self, snap: Snap, mine: Mine, memory: DirectionalMemory, side: int, keep: Working | None
    ) -> Wish:
        """The order to rest on the side, unless one rests there or nothing may be added."""
        price = quote_price(snap, side)
        if price is None:
            return NO_PRICE
        if keep is not None and keep.price == price:
            return RESTING
        fee = maker_fee(snap.fees, price)
        want, bound = self._scaled(memory)
        qty, bound = fixed_size(want, side, price, fee, mine, self.caps, mine.room + freed(keep), bound)
        if not qty:
            return NO_SIZE
        reason = Reason("underlying's move", self._numbers(snap, mine, memory, fee, qty, bound))
        return Place(side, price, qty, self.ttl_ns, reason)

    def _scaled(self, memory: DirectionalMemory) -> tuple[int, str]:
        """The size before caps: full up to the reference volatility, less in proportion above it."""
        var, ref = memory.trend.var, self.sigma_ref
        if ref is None or not var or var <= ref * ref:
            return self.qty, FIXED
        return int(self.qty * ref / math.sqrt(var)) // WHOLE * WHOLE, VOLATILITY

    def _numbers(
        self, snap: Snap, mine: Mine, memory: DirectionalMemory, fee: float, qty: int, bound: str
    ) -> tuple[tuple[str, int | float], ...]:
        trend = memory.trend
        numbers: list[tuple[str, int | float]] = [
            ("move", snap.move or 0.0),
            ("needed", self.threshold * snap.vol * _ROOT),
            ("fee", fee),
            ("fill", mine.odds.fill),
            ("adverse", mine.odds.adverse),
            ("n", mine.odds.n),
        ]
        if self.z0 is not None:
            numbers.append(("z", strength(trend, self.speeds)))
        if self.sigma_ref is not None:
            numbers.append(("sigma", math.sqrt(trend.var or 0.0)))
        if self.stops is not None:
            numbers.append(("atr", memory.bars.atr / PRICE))
        numbers.append((BOUND + bound, qty // WHOLE))
        return tuple(numbers)

    def _learn(self, snap: Snap, mine: Mine, memory: DirectionalMemory) -> DirectionalMemory:
        """Take the mid in; only what the version looks at is kept."""
        if self.z0 is None and self.sigma_ref is None and self.stops is None:
            return memory
        mid2 = snap.bid + snap.ask
        trend = follow(memory.trend, snap.ts, log_odds(mid2), self.speeds)
        stops = self.stops
        if stops is None:
            return DirectionalMemory(trend)
        bars = mark(memory.bars, snap.ts, mid2 / 2, stops.n)
        return DirectionalMemory(trend, bars, watch(stops, snap, mine, bars, memory.held))

    def _leave(self, snap: Snap, mine: Mine, memory: DirectionalMemory) -> Sequence[Intent]:
        """Rest the whole position for sale as a maker, and nothing else."""
        if self.stops is None or too_late(self.stops, snap):
            return cancels(mine.orders, _CLOSING)
        side = -memory.held.side

        def wish(keep: Working | None) -> Wish:
            price = quote_price(snap, side)
            if price is None:
                return NO_PRICE
            if keep is not None and keep.price == price:
                return RESTING
            qty = abs(mine.qty) // snap.market.lot * snap.market.lot
            if not qty:
                return NO_SIZE
            return Place(side, price, qty, self.ttl_ns, _exit_reason(snap, mine, memory))

        return steer(mine.orders, lambda order: None if order.side == side else _STOPPED, wish)


def _exit_reason(snap: Snap, mine: Mine, memory: DirectionalMemory) -> Reason:
    held = memory.held
    return Reason(
        EXIT,
        (
            ("stop", held.stop / PRICE),
            ("entry", mine.average / PRICE),
            ("best", held.best / PRICE),
            ("atr", memory.bars.atr / PRICE),
            ("held s", (snap.ts - held.since) / SECOND),
            ("fee", maker_fee(snap.fees, snap.ask if held.side == BID else snap.bid)),
        ),
    )

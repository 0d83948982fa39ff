"""V13: V12, and where another venue is known to lead, its word on the side.

    y       = logit(other mid) - logit(own mid) - what that usually is
    trigger : |y| m (1 - m) >= two ticks + the maker's fee, m the own mid;
              the other mid moved within three lags, and the own has not moved since;
              both books two-sided, no wider than five cents, the other quote and its venue fresh
    side    = sign(y)
    p       = logistic(logit(own mid) + kappa y)

|y| m (1 - m) is the gap in dollars, to first order. V11's veto and V12's size and stops stand as they are. Without the
trigger it is V12, and says why it stands down: in its memory, and in the reason of what it places all the same.
"""

from collections.abc import Sequence

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.markets import tick_above
from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.strategies.base import Intent, Lead, Mine, Place, Reason, Snap, Working
from cockpit.strategies.directional import Directional, DirectionalMemory
from cockpit.strategies.edges import DUST, maker_fee, quote_price
from cockpit.strategies.quoting import Wish
from cockpit.strategies.score import logistic
from cockpit.strategies.trend import log_odds

FOLLOWED = "other venue's lead"
STANDS_DOWN = "no lead: "
"""A reason's number of this name and why says that the lead was not followed; its value is the logits it was."""

NO_PAIR = "no other venue"
OTHER_EMPTY = "other book one-sided"
OTHER_WIDE = "other spread wide"
OWN_WIDE = "own spread wide"
OTHER_OLD = "other quote old"
OTHER_SILENT = "other venue not heard"
NO_LAG = "no lag"
NOT_MOVED = "other has not moved"
OWN_MOVED = "own price has moved since"
LITTLE_GAP = "gap under two ticks and fee"


class LeadMemory(DirectionalMemory, frozen=True, gc=False):
    """What V12 remembers, and why the lead was not followed at the last look; empty when it was."""

    why: tuple[str, ...] = ()


class Leading(Directional, frozen=True):
    """Takes the side of a venue that leads, as long as its lead lasts. All numbers but V12's are below, settable."""

    ticks: int = 2
    """Least gap, in ticks of the own grid above the fee: a tick each way is the books' own coarseness. Ours."""
    lags: int = 3
    """The other mid must have moved within this many lags. Ours."""
    max_wide: int = 500
    """Widest spread of either book, price units: five cents. Ours."""
    other_age_ns: int = 2 * SECOND
    """Oldest other quote, ns. Ours."""
    other_silence_ns: int = 10 * SECOND
    """Longest silence of the other venue, ns: its heartbeat. Ours."""

    @property
    def memory(self) -> type[LeadMemory]:
        """What it remembers about one market."""
        return LeadMemory

    def decide(
        self, snap: Snap, mine: Mine, memory: DirectionalMemory
    ) -> tuple[DirectionalMemory, Sequence[Intent]]:
        """V12's decision, on the side of the lead while there is one."""
        after, intents = super().decide(snap, mine, memory)
        return LeadMemory(after.trend, after.bars, after.held, self.stands_down(snap)), intents

    def direction(self, snap: Snap) -> int:
        """The side of the lead where it is to be followed, else that of the underlying's move."""
        lead = snap.lead
        if lead is None or self.stands_down(snap):
            return super().direction(snap)
        return BID if lead.y > 0.0 else ASK

    def stands_down(self, snap: Snap) -> tuple[str, ...]:
        """Why the lead is not followed, everything that stands against it; empty where it is.

        What must be known of the series comes first; what is only so at this moment is told where that is known.
        """
        lead = snap.lead
        if lead is None:
            return (NO_PAIR,)
        return lead.why or (*self._stale(snap, lead), *self._untriggered(snap, lead))

    def _stale(self, snap: Snap, lead: Lead) -> list[str]:
        """What is wrong with the two books."""
        why = []
        if not EMPTY_BID < lead.other_bid < lead.other_ask < EMPTY_ASK:
            why.append(OTHER_EMPTY)
        elif lead.other_ask - lead.other_bid > self.max_wide:
            why.append(OTHER_WIDE)
        if snap.ask - snap.bid > self.max_wide:
            why.append(OWN_WIDE)
        if snap.ts - lead.other_ns > self.other_age_ns:
            why.append(OTHER_OLD)
        if snap.ts - lead.heard_ns > self.other_silence_ns:
            why.append(OTHER_SILENT)
        return why

    def _untriggered(self, snap: Snap, lead: Lead) -> list[str]:
        """What the trigger lacks."""
        why = []
        if lead.lag_ns <= 0:
            why.append(NO_LAG)
        elif snap.ts - lead.moved_ns > self.lags * lead.lag_ns:
            why.append(NOT_MOVED)
        if lead.own_moved_ns >= lead.moved_ns:
            why.append(OWN_MOVED)
        if self._gap(snap, lead) < self._needed(snap, lead) - DUST:
            why.append(LITTLE_GAP)
        return why

    def _gap(self, snap: Snap, lead: Lead) -> float:
        """Dollars a contract that the other venue is ahead, to first order."""
        m = (snap.bid + snap.ask) / (2 * PRICE)
        return abs(lead.y) * m * (1.0 - m)

    def _needed(self, snap: Snap, lead: Lead) -> float:
        side = BID if lead.y > 0.0 else ASK
        price = quote_price(snap, side)
        tick = tick_above(snap.market.grid, snap.bid)
        return self.ticks * tick / PRICE + maker_fee(snap.fees, snap.bid if price is None else price)

    def _entry(
        self, snap: Snap, mine: Mine, memory: DirectionalMemory, side: int, keep: Working | None
    ) -> Wish:
        """V12's order, with what the lead had to do with it in its reason."""
        wish = super()._entry(snap, mine, memory, side, keep)
        lead = snap.lead
        if not isinstance(wish, Place) or lead is None:
            return wish
        why = self.stands_down(snap)
        *numbers, bound = wish.reason.numbers
        if why:
            said = [(f"{STANDS_DOWN}{each}", lead.y) for each in why]
            reason = Reason(wish.reason.code, (*numbers, *said, bound))
        else:
            reason = Reason(FOLLOWED, (*numbers, *self._said(snap, lead, wish), bound))
        return msgspec.structs.replace(wish, reason=reason)

    def _said(self, snap: Snap, lead: Lead, place: Place) -> tuple[tuple[str, float], ...]:
        """What the lead says: the gap, what was needed, and the probability and edge it comes to on the side bought."""
        p = logistic(place.side * (log_odds(snap.bid + snap.ask, 1) + lead.kappa * lead.y))
        cost = (place.price if place.side == BID else PRICE - place.price) / PRICE
        return (
            ("y", lead.y),
            ("gap", self._gap(snap, lead)),
            ("gap needed", self._needed(snap, lead)),
            ("lag s", lead.lag_ns / SECOND),
            ("p lead", p),
            ("edge", p - cost - maker_fee(snap.fees, place.price)),
        )

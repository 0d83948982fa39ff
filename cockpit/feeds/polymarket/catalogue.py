"""Every market the venue was heard to list, and what of it has been told.

A market is told of once something is heard of it on the socket, or once it was asked for by its own id; the thousands
that are merely listed are kept for choosing among. What several sources say of the same terms (Gamma's cache, the
matching engine's own answer, the socket) is settled by the newest word: Gamma's counts as one only when it changes.
"""

from collections import Counter
from collections.abc import Container, Sequence

import msgspec
from msgspec.structs import replace

from cockpit.domain.events import Event, EventListed, MarketListed, MarketSettled
from cockpit.domain.markets import EventGroup, FeeSchedule, Market, PriceBand, SettlementState
from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.polymarket.listing import Listing
from cockpit.feeds.polymarket.outcome import Settled

KEEP_FINAL_NS = 3_600 * SECOND
"""How long a market is kept after its end when its outcome is final."""
KEEP_TOLD_NS = 14 * 86_400 * SECOND
"""The same for one whose outcome is still open: disputes take days."""
KEEP_NS = 86_400 * SECOND
"""The same for one that was never told of."""


class Known(msgspec.Struct):
    """One market: its newest listing, newer words on its terms, and what was told of it."""

    listing: Listing
    grid: tuple[PriceBand, ...] | None = None
    fees: FeeSchedule | None = None
    least: int | None = None
    settled: Settled | None = None
    told: Market | None = None
    told_settled: Settled | None = None

    @property
    def market(self) -> Market:
        """The market by the newest words."""
        base = self.listing.market
        return replace(
            base,
            grid=base.grid if self.grid is None else self.grid,
            fees=base.fees if self.fees is None else self.fees,
            least=base.least if self.least is None else self.least,
        )

    @property
    def final(self) -> bool:
        """Whether the outcome is known for good."""
        return self.settled is not None and self.settled[0] is SettlementState.FINAL


class Catalogue:
    """Markets by condition, tokens by id."""

    def __init__(self, census: Counter[str]) -> None:
        self._census = census
        self.known: dict[str, Known] = {}
        self.tokens: dict[str, tuple[str, bool]] = {}
        """Token to its market's condition, and whether it is YES."""
        self._groups: dict[str, EventGroup] = {}
        """Events as told."""

    def memory(self, watched: Container[str]) -> tuple[dict[str, Known], dict[str, EventGroup]]:
        """What `recall` goes on from: markets told of, and those that may be heard of next."""
        kept = {
            name: known for name, known in self.known.items() if known.told is not None or name in watched
        }
        return kept, self._groups

    def recall(self, known: dict[str, Known], groups: dict[str, EventGroup]) -> None:
        """Go on from these."""
        self.known, self._groups = known, groups
        self.tokens = {}
        for name, each in known.items():
            self._index(name, each.listing)

    # ------------------------------------------------------------------ what is said

    def take(self, ts: int, listing: Listing, *, asked: bool = False) -> list[Event]:
        """A listing was read; ``asked`` is one that was asked for by its id, and is told of."""
        name = listing.market.ticker
        known = self.known.get(name)
        if known is None:
            known = self.known[name] = Known(listing)
        else:
            self._update(known, listing)
        self._index(name, listing)
        self._conclude(known, listing.settled)
        return self._tell(ts, known) if asked or known.told is not None else []

    def _index(self, name: str, listing: Listing) -> None:
        self.tokens[listing.yes] = (name, True)
        self.tokens[listing.no] = (name, False)

    def _update(self, known: Known, listing: Listing) -> None:
        """A newer listing. What it does not repeat (its event, an opening price) still holds; what it changes is news."""
        before, now = known.listing.market, listing.market
        if not now.event:
            now = replace(
                now,
                event=before.event,
                series=before.series,
                custom=before.custom,
                close_ns=before.close_ns,
                subtitle=before.subtitle,
            )
            listing.group = known.listing.group
            listing.starts_ns = known.listing.starts_ns
        if now.floor is None and now.cap is None:
            now = replace(now, strike_type=before.strike_type, floor=before.floor, cap=before.cap)
        if now.expiration is None:
            now = replace(now, expiration=before.expiration)
        known.grid = known.grid if now.grid == before.grid else None
        known.fees = known.fees if now.fees == before.fees else None
        known.least = known.least if now.least == before.least else None
        listing.market = now
        known.listing = listing

    def heard(self, ts: int, name: str) -> list[Event]:
        """Something was heard of a market: it is told of, if it was not."""
        known = self.known[name]
        return self._tell(ts, known) if known.told is None else []

    def stepped(self, ts: int, name: str, grid: tuple[PriceBand, ...]) -> list[Event]:
        """A market's price grid, by the socket or a book."""
        known = self.known[name]
        known.grid = grid
        return self._tell(ts, known) if known.told is not None else []

    def terms(
        self, ts: int, name: str, grid: tuple[PriceBand, ...] | None, least: int | None, fees: FeeSchedule
    ) -> list[Event]:
        """The matching engine's own terms, None for what it leaves out; what makers get back it does not say."""
        known = self.known.get(name)
        if known is None:
            return []
        stated = known.market
        known.grid = known.grid if grid is None else grid
        known.least = known.least if least is None else least
        known.fees = replace(fees, rebate_rate=stated.fees.rebate_rate if stated.fees else 0)
        if known.market != stated:
            tally(self._census, "terms", "differ from the listing")
        return self._tell(ts, known) if known.told is not None else []

    def resolved(self, ts: int, name: str, value: int) -> list[Event]:
        """The socket told the outcome."""
        known = self.known[name]
        self._conclude(known, (SettlementState.FINAL, value))
        return self._tell(ts, known) if known.told is not None else []

    @staticmethod
    def _conclude(known: Known, settled: Settled | None) -> None:
        """Take a word on the outcome; one that only knows less than the last is old."""
        if settled is None:
            return
        state, value = settled
        before = known.settled
        if before is not None and state is not SettlementState.FINAL:
            if before[0] is SettlementState.FINAL and value in (None, before[1]):
                return
            if value is None and state is SettlementState.DETERMINED:
                return
        known.settled = settled

    # ------------------------------------------------------------------ what is told

    def _tell(self, ts: int, known: Known) -> list[Event]:
        """What of a market has not been told, or has changed since."""
        events: list[Event] = []
        group, market = known.listing.group, known.market
        if group.ticker and self._groups.get(group.ticker) != group:
            self._groups[group.ticker] = group
            events.append(EventListed(ts, group))
        if known.told != market:
            known.told = market
            events.append(MarketListed(ts, market))
        if known.settled is not None and known.told_settled != known.settled:
            known.told_settled = known.settled
            state, value = known.settled
            events.append(MarketSettled(ts, market.ticker, state, value, market.expiration))
        return events

    # ------------------------------------------------------------------ what is over

    def forget(self, now: int) -> Sequence[str]:
        """Let go of markets that ended long ago; their names."""
        gone = [name for name, known in self.known.items() if _over(known, now)]
        for name in gone:
            listing = self.known.pop(name).listing
            self.tokens.pop(listing.yes, None)
            self.tokens.pop(listing.no, None)
        if gone:
            used = {known.listing.group.ticker for known in self.known.values()}
            self._groups = {ticker: group for ticker, group in self._groups.items() if ticker in used}
        return gone


def _over(known: Known, now: int) -> bool:
    keep = KEEP_TOLD_NS if known.told is not None else KEEP_NS
    return 0 < known.listing.end_ns < now - (KEEP_FINAL_NS if known.final else keep)

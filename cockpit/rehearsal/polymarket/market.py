"""One market and its life: trading, proposed, resolved; its prints, and its prices minute by minute."""

from collections import deque

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.rehearsal.polymarket.depth import CENT, TENTH, Depth, Levels
from cockpit.rehearsal.polymarket.names import Event, Names, condition_of, question_of, tokens_of
from cockpit.rehearsal.polymarket.terms import GAME, SPEECH, UPDOWN, Terms

TRADING, PROPOSED, RESOLVED = range(3)
MINUTE_NS = 60 * SECOND
KEPT_DEALS = 2_000
KEPT_MINUTES = 2_880
_FIRST_MARKET, _FIRST_EVENT = 5_400_000, 1_150_000
OTHER_TAPE = "0123"
"""A print whose id ends so is told on the other token's tape."""


class Deal(msgspec.Struct, frozen=True, gc=False):
    """A print as one token's tape has it: ``side`` BID when its taker bought that token; ``ts`` ns UTC."""

    yes: bool
    side: int
    price: int
    size: int
    ts: int
    transaction: str


class Ids(msgspec.Struct, frozen=True):
    """A market's ids: the listing's, the condition's, the oracle's question's, and those of its two tokens."""

    market: str
    condition: str
    question: str
    tokens: tuple[str, str]
    """YES first."""


def ids_of(number: int, ticker: str) -> Ids:
    """Ids of a market that was made up: by its number, and by what it is about."""
    condition = condition_of(ticker)
    return Ids(str(_FIRST_MARKET + number), condition, question_of(ticker), tokens_of(condition))


def event_id(number: int) -> str:
    """The id of an event that was made up."""
    return str(_FIRST_EVENT + number)


class Group:
    """An event, with its markets in the order they were listed."""

    def __init__(self, id: str, event: Event) -> None:  # noqa: A002  the venue's word
        self.id = id
        self.event = event
        self.markets: list[Market] = []

    @property
    def closed(self) -> bool:
        """Whether every market is resolved."""
        return all(market.phase == RESOLVED for market in self.markets)

    @property
    def close_ns(self) -> int:
        """When its markets end, ns UTC."""
        return max(market.terms.close_ns for market in self.markets)

    @property
    def open_ns(self) -> int:
        """When its markets began, ns UTC."""
        return min(market.terms.open_ns for market in self.markets)


class Market:
    """One market. Prices are price units of its YES (or Up) token, sizes hundredths of a share."""

    def __init__(self, ids: Ids, names: Names, terms: Terms, group: Group, book: Depth, now: int) -> None:
        self.id = ids.market
        self.terms = terms
        self.names = names
        self.group = group
        self.condition = ids.condition
        self.question_id = ids.question
        self.tokens = ids.tokens
        self.book = book
        self.listed_ns = now
        self.phase = TRADING
        self.closed_ns = 0
        self.paid: int | None = None
        """What YES is paid, price units, once it has been proposed."""
        self.final = ""
        """The price it settled on, as text."""
        self.deals: deque[Deal] = deque(maxlen=KEPT_DEALS)
        self.last = ""
        """The last print's price on whichever token it was, as text."""
        self.turnover = 0
        """Price units times hundredths of a share."""
        self.minutes: deque[tuple[int, int]] = deque(maxlen=KEPT_MINUTES)
        """Unix second and price of YES, once a minute."""
        self.minute = -1

    def token(self, *, yes: bool) -> str:
        """The id of one of its tokens."""
        return self.tokens[0 if yes else 1]

    def outcome(self, *, yes: bool) -> str:
        """The label of one of its tokens."""
        return self.names.outcomes[0 if yes else 1]

    # ------------------------------------------------------------------ its end

    def propose(self, value: int | None) -> None:
        """The oracle was told what YES is paid, price units; None when that was left open."""
        if self.phase == TRADING:
            self.phase = PROPOSED
        self.paid = value if value is not None else self.paid

    def resolve(self, now: int) -> bool:
        """It is paid, at ``now`` (ns UTC); False when it was before, or nobody has said how much."""
        if self.phase == RESOLVED or self.paid is None:
            return False
        self.phase, self.closed_ns = RESOLVED, now
        self.book.clear()
        return True

    # ------------------------------------------------------------------ prices

    def top(self, *, yes: bool = True) -> tuple[int, int]:
        """A token's best bid and ask; 0 and a dollar where there are none."""
        bid, ask = self.book.bid, self.book.ask
        return (bid, ask) if yes else (PRICE - ask, PRICE - bid)

    def sides(self, *, yes: bool) -> tuple[Levels, Levels]:
        """A token's bids and asks, the best last; NO mirrors YES."""
        bids, asks = self.book.levels(BID), self.book.levels(ASK)
        return (bids, asks) if yes else (_mirrored(asks), _mirrored(bids))

    def sample(self, ts: int) -> None:
        """Note what YES costs, once a minute."""
        self.minute = ts // MINUTE_NS
        if self.phase != RESOLVED and not self.book.empty:
            self.minutes.append((ts // SECOND, self.book.mid))

    def worth(self) -> int:
        """What a listing says YES is worth, price units: the middle of its book, or what it pays."""
        if self.phase == RESOLVED and self.paid is not None:
            return self.paid
        return PRICE // 2 if self.book.empty else self.book.mid

    def note(self, deal: Deal, last: str) -> None:
        """A print; ``last`` is its price as text."""
        self.deals.append(deal)
        self.last = last
        self.turnover += deal.price * deal.size


def deal_of(side: int, price: int, size: int, ts: int, identity: str, transaction: str) -> Deal:
    """A print of YES as one token's tape has it, which may be the other's.

    Args:
        side: BID when the taker bought YES.
        price: of YES.
        size: hundredths of a share.
        ts: ns UTC.
        identity: the print's id, which says on whose tape it is.
        transaction: its hash.
    """
    if identity[-1:] and identity[-1] in OTHER_TAPE:
        return Deal(False, -side, PRICE - price, size, ts, transaction)
    return Deal(True, side, price, size, ts, transaction)


def tick_of(family: str) -> int:
    """The tick a family's markets begin with."""
    return CENT if family in (UPDOWN, GAME, SPEECH) else TENTH


def _mirrored(levels: Levels) -> Levels:
    return [(PRICE - price, size) for price, size in levels]

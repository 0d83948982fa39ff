"""One market and its life: trading, proposed, resolved; its prints, and its prices minute by minute."""

from collections import deque

import msgspec

from cockpit.domain.units import ASK, BID, PRICE, SECOND
from cockpit.rehearsal.stands.polymarket.names import (
    Event,
    Names,
    condition_of,
    names_of,
    question_of,
    tokens_of,
    transaction_of,
)
from cockpit.rehearsal.stands.polymarket.reader import Print
from cockpit.rehearsal.stands.polymarket.shadow import CENT, TENTH, Shadow
from cockpit.rehearsal.stands.polymarket.terms import UPDOWN, Terms

TRADING, PROPOSED, RESOLVED = range(3)
MINUTE_NS = 60 * SECOND
KEPT_DEALS = 2_000
KEPT_MINUTES = 2_880
_FIRST_MARKET, _FIRST_EVENT = 5_400_000, 1_150_000
_OTHER_TAPE = "0123"
"""A print whose id ends so is told on the other token's tape."""

Levels = list[tuple[int, int]]


class Deal(msgspec.Struct, frozen=True, gc=False):
    """A print as one token's tape has it: ``side`` BID when its taker bought that token; ``ts`` ns UTC."""

    yes: bool
    side: int
    price: int
    size: int
    ts: int
    transaction: str


class Group:
    """An event, with its markets in the order they were listed."""

    def __init__(self, number: int, event: Event) -> None:
        self.id = str(_FIRST_EVENT + number)
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

    def __init__(self, number: int, terms: Terms, group: Group, shadow: Shadow, now: int) -> None:
        self.id = str(_FIRST_MARKET + number)
        self.terms = terms
        self.names: Names = names_of(terms)
        self.group = group
        self.condition = condition_of(terms.ticker)
        self.question_id = question_of(terms.ticker)
        self.tokens = tokens_of(self.condition)
        self.book = shadow
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

    def deal(self, printed: Print, ts: int) -> Deal | None:
        """A print of theirs as one here; None when its price has no place here."""
        price = self.book.place(-printed.taker, printed.price)
        if price is None:
            return None
        other = printed.trade_id[-1:] in _OTHER_TAPE and bool(printed.trade_id)
        found = Deal(
            yes=not other,
            side=-printed.taker if other else printed.taker,
            price=PRICE - price if other else price,
            size=self.book.scaled(printed.size),
            ts=ts,
            transaction=transaction_of(printed.trade_id or str(ts)),
        )
        self.deals.append(found)
        self.turnover += found.price * found.size
        return found


def tick_of(family: str) -> int:
    """The tick a family's markets begin with."""
    return CENT if family == UPDOWN else TENTH


def _mirrored(levels: Levels) -> Levels:
    return [(PRICE - price, size) for price, size in levels]

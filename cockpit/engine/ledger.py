"""One lane's account: cash, positions and P&L, in exact integers.

A position is signed net YES: buying NO at q is selling YES at 1 - q, and the two net. Cost is average cost. Fees are
expensed at the fill. Settlement is a state: each announcement re-books the market to its newest value, and P&L is
provisional until the state is final or void. The identity that always holds:

    cash = -sum(side * price * qty) - fees + sum(settlement payments)
    realised + open at value = cash + position at value
"""

from collections.abc import Mapping

import msgspec

from cockpit.domain.book import Book
from cockpit.domain.events import MarketSettled
from cockpit.domain.fees import FeeTerms, Rounding, fill_fee, flat_fee, trade_fee
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import ASK, BID, PRICE
from cockpit.engine.queue import RULES


class RuleBook(msgspec.Struct):
    """What one rule's fills in one market came to: net YES, its cost at average price, traded money, and fees."""

    qty: int = 0
    cost: int = 0
    cash: int = 0
    fees: int = 0
    flat: int = 0


class Position(msgspec.Struct):
    """One market of one lane. ``cost`` is the money tied to the open quantity at average price (signed)."""

    qty: int = 0
    cost: int = 0
    realised: int = 0
    """Before fees, from closing trades and settlement."""
    fees: int = 0
    flat_fees: int = 0
    traded: int = 0
    """Quantity filled, both directions."""
    settled_qty: int = 0
    """Net YES that a settlement has paid out."""
    settled_cost: int = 0
    void: bool = False
    """Whether that settlement paid back the cost instead of a value; a later word without one leaves it so."""
    state: str = ""
    value: int = -1
    """What one YES pays (price units); -1 while not settled."""
    rules: list[RuleBook] = msgspec.field(default_factory=lambda: [RuleBook() for _ in RULES])

    @property
    def open(self) -> bool:
        """Whether quantity is held that no settlement has paid."""
        return self.qty != 0

    @property
    def net(self) -> int:
        """Realised P&L after venue fees."""
        return self.realised - self.fees

    @property
    def provisional(self) -> bool:
        """Whether the booked settlement may still change."""
        return self.value >= 0 and self.state not in (SettlementState.FINAL, SettlementState.VOID)


class Past(msgspec.Struct):
    """What markets came to that have been let go, money units; ``rules`` is net P&L by fill rule."""

    markets: int = 0
    realised: int = 0
    fees: int = 0
    flat_fees: int = 0
    traded: int = 0
    rules: list[int] = msgspec.field(default_factory=lambda: [0 for _ in RULES])


class Account(msgspec.Struct):
    """The money of one lane."""

    cash: int = 0
    past: Past = msgspec.field(default_factory=Past)
    positions: dict[str, Position] = msgspec.field(default_factory=dict)
    rebate_estimate: int = 0
    """What the venues may pay makers for these fills: a guess beside the P&L, in no other figure."""

    def position(self, market: str) -> Position:
        """The position of a market, made on first use."""
        found = self.positions.get(market)
        if found is None:
            found = self.positions[market] = Position()
        return found

    def trade(
        self, market: str, side: int, price: int, qty: int, fee: int, flat: int, rebate: int = 0
    ) -> Position:
        """Book one fill that counts: average-cost position, realised P&L on what it closes, fees expensed.

        ``rebate`` is an estimate, and moves no money.
        """
        held = self.position(market)
        held.qty, held.cost, realised = net_in(held.qty, held.cost, side, price, qty)
        held.realised += realised
        held.traded += qty
        held.fees += fee
        held.flat_fees += flat
        self.cash -= side * price * qty + fee
        self.rebate_estimate += rebate
        return held

    def settle(self, event: MarketSettled) -> Position | None:
        """Book a settlement state; a changed value takes back the old payment first. None: nothing held here.

        A VOID market pays back what its open quantity cost.
        """
        held = self.positions.get(event.ticker)
        if held is None:
            return None
        if event.value is None and event.state != SettlementState.VOID:
            held.state = event.state
            return held
        self._take_back(held)
        void = event.state == SettlementState.VOID
        paid = held.cost if void else held.qty * (event.value or 0)
        held.realised += paid - held.cost
        self.cash += paid
        held.settled_qty, held.settled_cost = held.qty, held.cost
        held.qty = held.cost = 0
        held.void = void
        held.state = event.state
        held.value = 0 if event.value is None else event.value
        return held

    def _take_back(self, held: Position) -> None:
        """Undo the payment of an earlier settlement of this market."""
        if not held.settled_qty:
            return
        paid = held.settled_cost if held.void else held.settled_qty * held.value
        held.realised -= paid - held.settled_cost
        self.cash -= paid
        held.qty, held.cost = held.settled_qty, held.settled_cost
        held.settled_qty = held.settled_cost = 0

    @property
    def realised(self) -> int:
        """Realised P&L before fees."""
        return self.past.realised + sum(p.realised for p in self.positions.values())

    @property
    def fees(self) -> int:
        """Venue fees paid."""
        return self.past.fees + sum(p.fees for p in self.positions.values())

    @property
    def flat_fees(self) -> int:
        """What the flat fee model would have taken."""
        return self.past.flat_fees + sum(p.flat_fees for p in self.positions.values())

    @property
    def booked(self) -> int:
        """Realised P&L after fees."""
        return self.realised - self.fees

    def forget(self, market: str) -> Position | None:
        """Let go of a market that has settled for good; what it came to stays in the totals. None: nothing held."""
        held = self.positions.pop(market, None)
        if held is not None:
            past = self.past
            past.markets += 1
            past.realised += held.realised
            past.fees += held.fees
            past.flat_fees += held.flat_fees
            past.traded += held.traded
            for rule in range(len(RULES)):
                past.rules[rule] += rule_pnl(held, rule, None) or 0
        return held

    def net(self, marks: Mapping[str, "Mark"]) -> int:
        """Fee-adjusted P&L with open positions at their marks (at cost where no book is known)."""
        return self.booked + sum(open_at_mid(p, marks.get(name)) for name, p in self.positions.items())


def net_in(held: int, cost: int, side: int, price: int, qty: int) -> tuple[int, int, int]:
    """Net a fill into a position at average cost: its new quantity and cost, and what the fill realised."""
    direction = 1 if held > 0 else -1
    closing = min(abs(held), qty) if held * side < 0 else 0
    share = cost * closing // abs(held) if closing else 0
    opening = qty - closing
    return (
        held + side * qty,
        cost - share + side * price * opening,
        direction * price * closing - share,
    )


class Mark(msgspec.Struct, frozen=True, gc=False):
    """What a market shows now, and twice the last mid that was valid (None: there was none)."""

    book: Book
    last2: int | None = None

    def price2(self, qty: int) -> int:
        """Twice the price at which net YES ``qty`` is marked, price units.

        The mid of a two-sided book. When a side has gone, the last valid mid, but no better than the side that is
        left; without one, the worse of both sides, an empty bid being 0 and an empty ask a dollar.
        """
        book = self.book
        mid2 = book.mid2
        if mid2 is not None:
            return mid2
        if self.last2 is None:
            return 2 * (min(book.bid, book.ask) if qty > 0 else max(book.bid, book.ask))
        return min(self.last2, 2 * book.ask) if qty > 0 else max(self.last2, 2 * book.bid)


def open_at_mid(held: Position, mark: Mark | None) -> int:
    """Unrealised P&L of a position at its mark, money units; 0 where no book is known at all."""
    if mark is None or not held.qty:
        return 0
    return held.qty * mark.price2(held.qty) // 2 - held.cost


def open_at_liquidation(held: Position, book: Book, terms: FeeTerms, rounding: Rounding) -> int:
    """Unrealised P&L if the position were closed now: walked through the book, less the taker fee per level.

    What the book cannot take fetches nothing (a bid of 0, an ask of one dollar). Money units.
    """
    left = abs(held.qty)
    selling = held.qty > 0
    value = 0
    for price, size in book.top(BID if selling else ASK, left and len(book.bids) + len(book.asks)):
        qty = min(left, size)
        fee = trade_fee(terms, price, qty, maker=False, quantum=rounding.trade)
        value += (price * qty if selling else -price * qty) - fee
        left -= qty
        if not left:
            break
    return value - (0 if selling else left * PRICE) - held.cost


def book_rule(
    rules: RuleBook,
    terms: FeeTerms,
    rounding: Rounding,
    side: int,
    price: int,
    qty: int,
    carry: int,
) -> tuple[int, int, int]:
    """Book a maker fill under one rule; (venue fee, flat fee, rounding carried on), money units."""
    fee, carry = fill_fee(terms, rounding, side, price, qty, carry, maker=True)
    flat = flat_fee(qty, maker=True)
    rules.qty, rules.cost, _ = net_in(rules.qty, rules.cost, side, price, qty)
    rules.cash -= side * price * qty
    rules.fees += fee
    rules.flat += flat
    return fee, flat, carry


def rule_pnl(held: Position, rule: int, mark: Mark | None) -> int | None:
    """P&L of one rule's fills in a market, net of venue fees: at settlement, else at the mark.

    None while neither is known and the rule holds something.
    """
    booked = held.rules[rule]
    if held.value >= 0:
        return booked.cash + (booked.cost if held.void else booked.qty * held.value) - booked.fees
    if not booked.qty:
        return booked.cash - booked.fees
    if mark is None:
        return None
    return booked.cash + booked.qty * mark.price2(booked.qty) // 2 - booked.fees

"""One account in exact integers: the worked example, every settlement state, and the cash identity."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.book import Book
from cockpit.domain.events import MarketSettled
from cockpit.domain.fees import FeeTerms, Rounding, flat_fee, rebate_estimate
from cockpit.domain.markets import FeeSchedule, SettlementState
from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY, RATIO, fixed
from cockpit.engine.ledger import (
    Account,
    Mark,
    Position,
    RuleBook,
    book_rule,
    open_at_liquidation,
    open_at_mid,
    rule_pnl,
)

M = "KXTEST-1"
TAKER = FeeTerms("quadratic", RATIO, "assumed")
CENTS = Rounding(trade=MONEY // 100)
State = SettlementState


def money(text: str) -> int:
    return fixed(text, 10)


def settled(state: SettlementState, value: int | None) -> MarketSettled:
    return MarketSettled(1, M, state, value)


def worked() -> tuple[Account, Position]:
    """Buy 10 YES @ .40 (fee .17), then 4 NO @ .55 (fee .07), which nets."""
    account = Account()
    account.trade(M, BID, 4000, 10 * QTY, money("0.17"), 0)
    held = account.trade(M, ASK, PRICE - 5500, 4 * QTY, money("0.07"), 0)
    return account, held


def book(bids: dict[int, int], asks: dict[int, int]) -> Book:
    made = Book()
    made.replace(bids.items(), asks.items())
    return made


class TestWorkedExample:
    """The numbers of the reference: cash -2.44, realised +.20, and what follows."""

    def test_cash_and_realised(self) -> None:
        account, held = worked()
        assert account.cash == money("-2.44")
        assert (held.qty, held.cost) == (6 * QTY, money("2.40"))
        assert held.realised == account.realised == money("0.20")
        assert held.fees == account.fees == money("0.24")
        assert held.net == money("-0.04")
        assert held.traded == 14 * QTY

    def test_unrealised_at_the_mid(self) -> None:
        account, held = worked()
        shown = book({4600: 100 * QTY}, {4800: 100 * QTY})
        assert open_at_mid(held, Mark(shown)) == money("0.42")
        assert account.net({M: Mark(shown)}) == money("0.38")
        assert account.net({}) == money("-0.04")

    @pytest.mark.parametrize(
        ("rounding", "value"), [(CENTS, "0.25"), (Rounding(), "0.2556"), (Rounding(trade=1), "0.255672")]
    )
    def test_liquidation_at_the_bid_less_the_taker_fee(self, rounding: Rounding, value: str) -> None:
        """6 @ .46 less .07 * 6 * .46 * .54 = .104328: +.25 to the cent, +.2556 to our quantum."""
        _, held = worked()
        shown = book({4600: 100 * QTY}, {4800: 100 * QTY})
        assert open_at_liquidation(held, shown, TAKER, rounding) == money(value)

    @pytest.mark.parametrize(("value", "total"), [(PRICE, "3.56"), (0, "-2.44"), (3_700, "-0.22")])
    def test_settlement(self, value: int, total: str) -> None:
        """YES, NO, and a scalar of .37 (6 * .37 - 2.44)."""
        account, held = worked()
        assert account.settle(settled(State.FINAL, value)) is held
        assert account.cash == held.net == money(total)
        assert (held.qty, held.cost, held.open) == (0, 0, False)


class TestSettlementStates:
    """Settlement is a state: each word re-books the market, and only the last one stands."""

    def test_determined_amended_final(self) -> None:
        account, held = worked()
        account.settle(settled(State.DETERMINED, PRICE))
        assert (account.cash, held.provisional) == (money("3.56"), True)
        account.settle(settled(State.DISPUTED, None))
        assert (account.cash, held.provisional) == (money("3.56"), True)
        account.settle(settled(State.AMENDED, 0))
        assert (account.cash, held.provisional) == (money("-2.44"), True)
        account.settle(settled(State.FINAL, 0))
        assert (account.cash, held.provisional) == (money("-2.44"), False)
        assert held.net == account.cash

    def test_a_state_alone_pays_nothing(self) -> None:
        account, held = worked()
        account.settle(settled(State.DETERMINED, None))
        assert (account.cash, held.qty, held.provisional) == (money("-2.44"), 6 * QTY, False)
        assert held.state == State.DETERMINED

    def test_void_pays_back_what_is_open(self) -> None:
        """The 2.40 tied to six contracts comes back; what the round trip earned, and the fees, stay."""
        account, held = worked()
        account.settle(settled(State.VOID, None))
        assert account.cash == held.net == money("-0.04")
        assert not held.provisional

    def test_a_void_that_is_disputed_and_then_decided(self) -> None:
        account, held = worked()
        account.settle(settled(State.VOID, None))
        account.settle(settled(State.DISPUTED, None))
        assert (account.cash, held.provisional) == (money("-0.04"), True)
        account.settle(settled(State.FINAL, PRICE))
        assert account.cash == held.net == money("3.56")

    def test_void_after_a_value(self) -> None:
        account, held = worked()
        account.settle(settled(State.DETERMINED, PRICE))
        account.settle(settled(State.VOID, None))
        assert account.cash == held.net == money("-0.04")

    def test_a_market_never_held_is_not_booked(self) -> None:
        account = Account()
        assert account.settle(settled(State.FINAL, PRICE)) is None
        assert account == Account()


class TestLiquidation:
    """Walked through the book, the fee level by level."""

    def test_fees_are_charged_per_level(self) -> None:
        """200 bought back over .55 x 40, .56 x 100, .58 x 200: fee 3.44092, not 3.442656 at the average."""
        account = Account()
        held = account.trade(M, ASK, 6000, 200 * QTY, 0, 0)
        shown = book({}, {5500: 40 * QTY, 5600: 100 * QTY, 5800: 200 * QTY})
        got = open_at_liquidation(held, shown, TAKER, Rounding(trade=1))
        assert got == money("120") - 200 * money("0.564") - money("3.44092")

    def test_what_the_book_cannot_take_is_worth_nothing(self) -> None:
        account = Account()
        long = account.trade(M, BID, 4000, 10 * QTY, 0, 0)
        thin = book({4600: 4 * QTY}, {4700: 4 * QTY})
        free = FeeTerms("quadratic", 0, "assumed")
        assert open_at_liquidation(long, thin, free, Rounding()) == money("1.84") - money("4")
        short = Account().trade(M, ASK, 4000, 10 * QTY, 0, 0)
        assert open_at_liquidation(short, thin, free, Rounding()) == money("4") - money("1.88") - money("6")

    @pytest.mark.parametrize(("side", "loss"), [(BID, "-4"), (ASK, "-6")])
    def test_without_a_book_all_is_lost(self, side: int, loss: str) -> None:
        held = Account().trade(M, side, 4000, 10 * QTY, 0, 0)
        assert open_at_liquidation(held, Book(), TAKER, Rounding()) == money(loss)
        assert open_at_mid(held, Mark(Book())) == money(loss)
        assert open_at_mid(held, None) == 0

    @pytest.mark.parametrize(
        ("bids", "asks", "long", "short"),
        [({3000: QTY}, {}, "-1", "-6"), ({}, {9000: QTY}, "-4", "-5"), ({5000: QTY}, {4000: QTY}, "0", "-1")],
    )
    def test_a_side_that_is_gone_flatters_nobody(
        self, bids: dict[int, int], asks: dict[int, int], long: str, short: str
    ) -> None:
        shown = book(bids, asks)
        assert open_at_mid(Account().trade(M, BID, 4000, 10 * QTY, 0, 0), Mark(shown)) == money(long)
        assert open_at_mid(Account().trade(M, ASK, 4000, 10 * QTY, 0, 0), Mark(shown)) == money(short)

    @pytest.mark.parametrize(
        ("bids", "asks", "long", "short"),
        [
            ({3000: QTY}, {}, "1", "-1"),
            ({6000: QTY}, {}, "1", "-2"),
            ({}, {4500: QTY}, "0.50", "-1"),
            ({}, {}, "1", "-1"),
        ],
    )
    def test_the_last_mid_holds_no_better_than_the_side_that_is_left(
        self, bids: dict[int, int], asks: dict[int, int], long: str, short: str
    ) -> None:
        mark = Mark(book(bids, asks), 10_000)
        assert open_at_mid(Account().trade(M, BID, 4000, 10 * QTY, 0, 0), mark) == money(long)
        assert open_at_mid(Account().trade(M, ASK, 4000, 10 * QTY, 0, 0), mark) == money(short)

    def test_flat_is_worth_nothing(self) -> None:
        held = Position()
        shown = book({4600: QTY}, {4700: QTY})
        assert open_at_liquidation(held, shown, TAKER, Rounding()) == open_at_mid(held, Mark(shown)) == 0

    @given(st.sampled_from((BID, ASK)), st.integers(1, 99), st.integers(1, 98), st.integers(1, 40))
    def test_never_more_than_the_mid(self, side: int, at: int, bid: int, count: int) -> None:
        held = Account().trade(M, side, at * 100, count * QTY, 0, 0)
        shown = book({bid * 100: 20 * QTY}, {(bid + 1) * 100: 20 * QTY})
        assert open_at_liquidation(held, shown, TAKER, Rounding()) <= open_at_mid(held, Mark(shown))


TRADES = st.lists(
    st.tuples(
        st.sampled_from((BID, ASK)),
        st.integers(1, PRICE - 1),
        st.integers(1, 500).map(lambda lots: lots * (QTY // 100)),
        st.integers(0, MONEY // 10),
    ),
    max_size=12,
)
WORDS = st.lists(
    st.one_of(
        st.builds(settled, st.sampled_from((State.DETERMINED, State.AMENDED, State.FINAL)), st.integers(0, PRICE)),
        st.builds(settled, st.sampled_from((State.DETERMINED, State.DISPUTED)), st.none()),
        st.builds(settled, st.just(State.VOID), st.none()),
    ),
    max_size=6,
)  # fmt: skip


class TestIdentity:
    """cash = -sum(side * price * qty) - fees + payments, and what is realised and open adds up to it."""

    @given(TRADES, st.integers(0, PRICE))
    def test_cash_is_the_sum_of_flows(self, trades: list[tuple[int, int, int, int]], value: int) -> None:
        account = Account()
        flow = net = 0
        for side, price, qty, fee in trades:
            held = account.trade(M, side, price, qty, fee, 0)
            flow -= side * price * qty + fee
            net += side * qty
            assert (account.cash, held.qty) == (flow, net)
            assert held.net + held.qty * value - held.cost == account.cash + held.qty * value
            assert (held.cost == 0) if not held.qty else (0 <= held.cost // held.qty <= PRICE)

    @given(TRADES, WORDS, st.integers(0, PRICE))
    def test_only_the_last_word_stands(
        self, trades: list[tuple[int, int, int, int]], words: list[MarketSettled], value: int
    ) -> None:
        """However often a settlement changes, the account is the one that heard the last word only."""
        account, plain = Account(), Account()
        for side, price, qty, fee in trades:
            account.trade(M, side, price, qty, fee, 0)
            plain.trade(M, side, price, qty, fee, 0)
        cash, held = plain.cash, plain.positions.get(M)
        open_qty, cost = (held.qty, held.cost) if held else (0, 0)
        for word in words:
            account.settle(word)
        last = next((w for w in reversed(words) if w.value is not None or w.state == State.VOID), None)
        if last is not None:
            plain.settle(last)
            paid = cost if last.state == State.VOID else open_qty * (last.value or 0)
            assert plain.cash == cash + paid
        assert account.cash == plain.cash
        assert account.realised - account.fees == plain.realised - plain.fees
        assert account.net({}) == account.cash + (cost if last is None else 0)
        final = settled(State.FINAL, value)
        account.settle(final)
        assert account.cash == cash + open_qty * value

    @given(TRADES)
    def test_a_round_trip_realises_what_average_cost_says(
        self, trades: list[tuple[int, int, int, int]]
    ) -> None:
        """Against the same rule in exact fractions: off by less than a money unit per closing trade."""
        account = Account()
        qty, average, realised, closed = 0, Fraction(0), Fraction(0), 0
        for side, price, count, fee in trades:
            account.trade(M, side, price, count, fee, 0)
            closing = min(abs(qty), count) if qty * side < 0 else 0
            realised += -side * closing * (price - average)
            closed += closing > 0
            opening = count - closing
            held = qty + side * closing
            if opening:
                average = (abs(held) * average + opening * price) / (abs(held) + opening)
            qty = held + side * opening
        assert abs(account.realised - realised) <= closed


class TestRuleBooks:
    """Each rule's fills in a book of their own."""

    def rules(self, fills: list[tuple[int, int, int]]) -> Position:
        held = Position()
        carry = 0
        for side, price, qty in fills:
            terms = FeeTerms("quadratic_with_maker_fees", RATIO, "assumed")
            fee, flat, carry = book_rule(held.rules[2], terms, Rounding(), side, price, qty, carry)
            assert flat == flat_fee(qty, maker=True)
            held.fees += fee
        return held

    def test_settled_open_and_marked(self) -> None:
        held = self.rules([(BID, 4000, 10 * QTY), (ASK, 4500, 4 * QTY)])
        assert held.rules[2].qty == 6 * QTY
        assert held.rules[2].cash == money("-2.20")
        assert held.rules[2].fees == held.fees == money("0.0420") + money("0.0174")
        assert rule_pnl(held, 2, None) is None
        assert (
            rule_pnl(held, 2, Mark(book({4600: QTY}, {4800: QTY})))
            == money("-2.20") + money("2.82") - held.fees
        )
        held.value, held.state = PRICE, State.FINAL
        assert rule_pnl(held, 2, None) == money("3.80") - held.fees
        assert rule_pnl(held, 0, None) == 0
        assert held.rules[0] == RuleBook()

    def test_a_market_with_terms_of_its_own(self) -> None:
        """Makers pay nothing; closing pays the taker's fee, level by level."""
        terms = FeeTerms("curve", RATIO, "market record", FeeSchedule(700, rebate_rate=2_000))
        held = Position()
        assert book_rule(held.rules[2], terms, Rounding(), BID, 4000, 10 * QTY, 7) == (0, money("0.03"), 7)
        account = Account()
        held = account.trade(M, BID, 4000, 10 * QTY, 0, 0, rebate_estimate(terms, 4000, 10 * QTY))
        assert account.rebate_estimate == money("0.0336")
        assert (account.cash, account.fees, account.realised) == (money("-4.00"), 0, 0)
        value = open_at_liquidation(held, book({3900: 10 * QTY}, {}), terms, Rounding())
        assert value == money("-0.10") - money("0.16653")

    def test_flat_needs_no_mark(self) -> None:
        held = self.rules([(BID, 4000, QTY), (ASK, 4500, QTY)])
        assert rule_pnl(held, 2, None) == money("0.05") - held.fees

    @given(
        TRADES,
        st.sampled_from([settled(State.FINAL, PRICE), settled(State.FINAL, 0), settled(State.AMENDED, 42)]),
    )
    def test_the_counting_rule_agrees_with_the_account(
        self, trades: list[tuple[int, int, int, int]], word: MarketSettled
    ) -> None:
        account = Account()
        held = account.position(M)
        carry = 0
        for side, price, qty, _ in trades:
            fee, flat, carry = book_rule(held.rules[2], TAKER, Rounding(), side, price, qty, carry)
            account.trade(M, side, price, qty, fee, flat)
        assert rule_pnl(held, 2, Mark(Book())) == account.cash + min(0, held.rules[2].qty) * PRICE
        account.settle(word)
        assert rule_pnl(held, 2, None) == account.cash == held.net

    def test_void_under_a_rule_agrees_with_the_account(self) -> None:
        account = Account()
        held = account.position(M)
        for side, price, qty in ((BID, 4000, 10 * QTY), (ASK, 4500, 4 * QTY)):
            book_rule(held.rules[2], TAKER, Rounding(), side, price, qty, 0)
            account.trade(M, side, price, qty, 0, 0)
        account.settle(settled(State.VOID, None))
        assert rule_pnl(held, 2, None) == account.cash == money("0.20")

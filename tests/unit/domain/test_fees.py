"""Fees against every published number, and against the formula in exact fractions."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fees import (
    FALLBACK,
    Dated,
    FeeTable,
    FeeTerms,
    Rounding,
    fill_fee,
    flat_fee,
    kalshi_fee,
    kalshi_trade_fee,
    polymarket_fee,
    rebate_estimate,
    scheduled_fee,
    trade_fee,
)
from cockpit.domain.markets import FeeSchedule, Market
from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY, RATIO, fixed, price, qty

CENT = MONEY // 100
TENTH_OF_MILLI = MONEY // 10_000
MICRO = MONEY // 1_000_000

PLAIN = FeeTerms("quadratic", RATIO, "assumed")
MAKERS = FeeTerms("quadratic_with_maker_fees", RATIO, "assumed")
COMBO = FeeTerms("quadratic_with_combo_maker_fees", RATIO, "assumed")

PRICES = st.integers(1, PRICE - 1)
QTYS = st.integers(1, 100_000).map(lambda lots: lots * (QTY // 100))
SIDES = st.sampled_from((BID, ASK))
TERMS = st.builds(
    FeeTerms,
    st.sampled_from(("quadratic", "quadratic_with_maker_fees", "quadratic_with_combo_maker_fees", "new")),
    st.sampled_from((0, RATIO // 2, RATIO, 3 * RATIO)),
    st.just("assumed"),
)
ROUNDINGS = st.builds(
    Rounding, st.sampled_from((MICRO, TENTH_OF_MILLI, CENT)), st.sampled_from((TENTH_OF_MILLI, CENT)), st.booleans()
)  # fmt: skip


def money(text: str) -> int:
    return fixed(text, 10)


class TestRaw:
    """The quadratic formula before any rounding: a quantum of one money unit."""

    @pytest.mark.parametrize(
        ("at", "raw"),
        [
            ("0.01", "0.000693"),
            ("0.05", "0.003325"),
            ("0.10", "0.0063"),
            ("0.20", "0.0112"),
            ("0.30", "0.0147"),
            ("0.40", "0.0168"),
            ("0.50", "0.0175"),
        ],
    )
    def test_per_contract(self, at: str, raw: str) -> None:
        assert kalshi_trade_fee(PLAIN, price(at), QTY, maker=False, quantum=1) == money(raw)
        assert 4 * kalshi_trade_fee(MAKERS, price(at), QTY, maker=True, quantum=1) == money(raw)
        assert 2 * kalshi_trade_fee(COMBO, price(at), QTY, maker=True, quantum=1) == money(raw)
        assert kalshi_trade_fee(PLAIN, price(at), QTY, maker=True, quantum=1) == 0

    @pytest.mark.parametrize(
        ("count", "at", "fee"),
        [("1", "0.055", "0.00363825"), ("1", "0.52", "0.017472"), ("4", "0.5", "0.07")],
    )
    def test_examples(self, count: str, at: str, fee: str) -> None:
        assert kalshi_trade_fee(PLAIN, price(at), qty(count), maker=False, quantum=1) == money(fee)

    @given(TERMS, PRICES, QTYS, st.booleans())
    def test_it_is_the_same_from_the_no_side(self, terms: FeeTerms, at: int, count: int, maker: bool) -> None:
        assert kalshi_trade_fee(terms, at, count, maker=maker, quantum=1) == kalshi_trade_fee(
            terms, PRICE - at, count, maker=maker, quantum=1
        )

    @given(
        PRICES,
        QTYS,
        st.sampled_from((0, RATIO // 2, RATIO)),
        st.sampled_from((1, MICRO, TENTH_OF_MILLI, CENT)),
    )
    def test_it_is_rounded_up_and_by_less_than_a_quantum(
        self, at: int, count: int, ratio: int, quantum: int
    ) -> None:
        p = Fraction(at, PRICE)
        raw = Fraction(7, 100) * Fraction(ratio, RATIO) * Fraction(count, QTY) * p * (1 - p) * MONEY
        fee = kalshi_trade_fee(
            FeeTerms("quadratic", ratio, "assumed"), at, count, maker=False, quantum=quantum
        )
        assert fee == ceil(raw / quantum) * quantum

    @given(PRICES, QTYS)
    def test_an_unknown_fee_type_charges_makers(self, at: int, count: int) -> None:
        unknown = FeeTerms("cubic", RATIO, "assumed")
        for maker in (True, False):
            fee = kalshi_trade_fee(unknown, at, count, maker=maker, quantum=1)
            assert fee == kalshi_trade_fee(MAKERS, at, count, maker=maker, quantum=1) > 0

    def test_recorded_rounding_to_a_tenth_of_a_milli(self) -> None:
        for at, fee in (("0.52", "0.0175"), ("0.99", "0.0007")):
            assert kalshi_trade_fee(PLAIN, price(at), QTY, maker=False, quantum=TENTH_OF_MILLI) == money(fee)

    @pytest.mark.parametrize(
        ("at", "taker", "maker"),
        [
            ("0.05", "0.34", "0.09"),
            ("0.10", "0.63", "0.16"),
            ("0.25", "1.32", "0.33"),
            ("0.35", "1.60", "0.40"),
            ("0.45", "1.74", "0.44"),
            ("0.50", "1.75", "0.44"),
        ],
    )
    def test_legacy_cents_for_a_hundred(self, at: str, taker: str, maker: str) -> None:
        assert kalshi_trade_fee(PLAIN, price(at), 100 * QTY, maker=False, quantum=CENT) == money(taker)
        assert kalshi_trade_fee(MAKERS, price(at), 100 * QTY, maker=True, quantum=CENT) == money(maker)


class TestBalance:
    """What the member's balance loses, and what comes back."""

    @pytest.mark.parametrize(
        ("count", "at", "side", "trade", "rounding", "balance"),
        [
            ("1", "0.055", BID, "0.0037", "0.0013", "-0.06"),
            ("3", "0.055", BID, "0.0110", "0.0040", "-0.18"),
            ("1", "0.50", BID, "0.0175", "0.0025", "-0.52"),
            ("100", "0.35", BID, "1.5925", "0.0075", "-36.60"),
            ("100", "0.35", ASK, "1.5925", "0.0075", "33.40"),
        ],
    )
    def test_a_single_fill_to_the_cent(
        self, count: str, at: str, side: int, trade: str, rounding: str, balance: str
    ) -> None:
        rounds = Rounding(trade=TENTH_OF_MILLI, balance=CENT)
        fee, carry = kalshi_fee(PLAIN, rounds, side, price(at), qty(count), 0, maker=False)
        assert (fee, carry) == (money(trade) + money(rounding), money(rounding))
        assert -side * price(at) * qty(count) - fee == money(balance)

    def test_the_documented_example_of_a_non_direct_member(self) -> None:
        """1 @ 0.055: trade 0.003639, rounding 0.001361, charged 0.005000."""
        rounds = Rounding(trade=MICRO, balance=CENT)
        fee, carry = kalshi_fee(PLAIN, rounds, BID, price("0.055"), QTY, 0, maker=False)
        assert (fee, carry) == (money("0.005"), money("0.001361"))

    def test_the_documented_accumulator(self) -> None:
        """Excess .004, .004, .004: the third fill refunds .010 and carries .002."""
        rounds = Rounding(trade=TENTH_OF_MILLI, balance=CENT)
        carry, seen = 0, []
        for _ in range(3):
            fee, carry = kalshi_fee(PLAIN, rounds, BID, price("0.35"), QTY, carry, maker=False)
            seen.append((fee, carry))
        assert seen == [
            (money("0.020"), money("0.004")),
            (money("0.020"), money("0.008")),
            (money("0.010"), money("0.002")),
        ]

    @pytest.mark.parametrize(
        ("at", "strict", "fees"),
        [
            ("0.50", True, ".02 .02 .02 .02 .01 .02 .02 .02 .01 .02"),
            ("0.50", False, ".02 .02 .02 .01 .02 .02 .02 .01 .02 .02"),
            ("0.10", True, ".01 .01 .00 .01 .01 .00 .01 .01 .00 .01"),
            ("0.35", True, ".02 .02 .01 .02 .02 .01 .02 .01 .02 .02"),
            ("0.35", False, ".02 .02 .01 .02 .01 .02 .02 .01 .02 .01"),
            ("0.055", True, ".005 .005 .005 .005 .005 .005 .005 .005 .005 .005"),
        ],
    )
    def test_ten_single_lots(self, at: str, strict: bool, fees: str) -> None:
        """Totals .18, .18, .07, .17, .16; at .055 a whole cent never comes back, for no fill has paid one."""
        rounds = Rounding(trade=TENTH_OF_MILLI, balance=CENT, strict=strict)
        carry, paid = 0, []
        for _ in range(10):
            fee, carry = kalshi_fee(PLAIN, rounds, BID, price(at), QTY, carry, maker=False)
            paid.append(fee)
        assert paid == [money("0" + text) for text in fees.split()]

    def test_makers_who_pay_nothing_still_round(self) -> None:
        rounds = Rounding(trade=MICRO, balance=CENT)
        fee, carry = kalshi_fee(PLAIN, rounds, BID, price("0.055"), QTY, 0, maker=True)
        assert fee == carry == money("0.005")
        assert kalshi_fee(PLAIN, Rounding(), BID, price("0.055"), QTY, 0, maker=True) == (0, 0)

    @given(TERMS, ROUNDINGS, st.booleans(), st.lists(st.tuples(SIDES, PRICES, QTYS), min_size=1, max_size=12))
    def test_an_order_pays_its_trade_fees_and_what_it_still_carries(
        self, terms: FeeTerms, rounds: Rounding, maker: bool, fills: list[tuple[int, int, int]]
    ) -> None:
        carry = trades = fees = 0
        for side, at, count in fills:
            before = carry
            trade = kalshi_trade_fee(terms, at, count, maker=maker, quantum=rounds.trade)
            fee, carry = kalshi_fee(terms, rounds, side, at, count, before, maker=maker)
            assert fee >= 0
            assert carry >= 0
            change = -side * at * count - fee
            assert change % rounds.balance == 0
            without = kalshi_fee(terms, rounds, side, at, count, 0, maker=maker)[0]
            assert fee <= without
            assert 0 <= without - trade < rounds.balance
            trades, fees = trades + trade, fees + fee
        assert fees == trades + carry

    @given(ROUNDINGS, PRICES, QTYS, st.booleans())
    def test_buying_no_is_charged_as_selling_yes(
        self, rounds: Rounding, at: int, count: int, maker: bool
    ) -> None:
        """A contract is a whole dollar, so the two balances differ by whole cents only."""
        sale, _ = kalshi_fee(MAKERS, rounds, ASK, at, count, 0, maker=maker)
        trade = kalshi_trade_fee(MAKERS, PRICE - at, count, maker=maker, quantum=rounds.trade)
        change = -(PRICE - at) * count - trade
        assert sale == trade + change - floor(Fraction(change, rounds.balance)) * rounds.balance


class TestOtherModels:
    """Polymarket's curve and the flat rule."""

    def test_polymarket_example(self) -> None:
        assert polymarket_fee(price("0.65"), 10 * QTY, 700, maker=False) == money("0.15925")
        assert polymarket_fee(price("0.65"), 10 * QTY, 700, maker=True) == 0

    @given(PRICES, QTYS, st.sampled_from((0, 300, 400, 500, 700, 720)), st.sampled_from((1, 2)))
    def test_polymarket_rounds_down_to_its_precision(
        self, at: int, count: int, rate: int, exponent: int
    ) -> None:
        p = Fraction(at, PRICE)
        raw = Fraction(count, QTY) * Fraction(rate, RATIO) * (p * (1 - p)) ** exponent
        assert polymarket_fee(at, count, rate, exponent, maker=False) == floor(raw * 100_000) * (
            MONEY // 100_000
        )

    def test_the_flat_rule_is_cents_a_contract_at_any_price(self) -> None:
        assert flat_fee(100 * QTY, maker=True) == money("0.30")
        assert flat_fee(100 * QTY, maker=False) == money("1.20")

    def test_the_flat_rule_is_the_average_of_the_formula(self) -> None:
        """1.17 and 0.29 cents over uniform prices."""
        prices = range(50, PRICE, 100)
        taker = [kalshi_trade_fee(PLAIN, at, QTY, maker=False, quantum=1) for at in prices]
        maker = [kalshi_trade_fee(MAKERS, at, QTY, maker=True, quantum=1) for at in prices]
        assert round(sum(taker) / len(taker) / CENT, 2) == 1.17
        assert round(sum(maker) / len(maker) / CENT, 2) == 0.29


SCHEDULES = st.builds(
    FeeSchedule,
    st.sampled_from((0, 300, 400, 500, 695, 700, 720)),
    st.sampled_from((0, 1, 2)),
    st.booleans(),
    st.sampled_from((0, 1_500, 2_000, 2_500)),
    st.sampled_from((MONEY // 100_000, CENT)),
    st.booleans(),
)


def stated(schedule: FeeSchedule) -> FeeTerms:
    return FeeTable().terms(Market(ticker="0x1", venue="polymarket", fees=schedule), 10)


class TestStatedByTheMarket:
    """Venues whose markets carry their own fee terms."""

    def test_cents_a_share_of_todays_rates(self) -> None:
        """Source: the rates of October 2026 at 5, 10, 25 and 50 cents."""
        for rate, cents in (
            (700, (0.33, 0.63, 1.31, 1.75)),
            (500, (0.24, 0.45, 0.94, 1.25)),
            (400, (0.19, 0.36, 0.75, 1.00)),
        ):
            told = [
                scheduled_fee(FeeSchedule(rate), at, 1_000 * QTY, maker=False) / 1_000 / CENT
                for at in (500, 1_000, 2_500, 5_000)
            ]
            assert [round(each, 2) for each in told] == [pytest.approx(each, abs=0.006) for each in cents]

    def test_to_the_nearest_cent_half_to_even(self) -> None:
        """The venue's own example: a thousand at one half come to 17.375, which is 17.38; 10 000 at .0062 to 17.36."""
        exchange = FeeSchedule(695, quantum=CENT, nearest=True)
        assert scheduled_fee(exchange, 5_000, 1_000 * QTY, maker=False) == money("17.38")
        assert scheduled_fee(
            FeeSchedule(500, quantum=CENT, nearest=True), 5_000, 1_000 * QTY, maker=False
        ) == money("12.50")
        half = FeeSchedule(100, quantum=CENT, nearest=True)
        assert [scheduled_fee(half, 5_000, n * QTY, maker=False) for n in (2, 6, 10)] == [
            0,
            2 * CENT,
            2 * CENT,
        ]

    @given(SCHEDULES, PRICES, QTYS, st.booleans())
    def test_by_the_formula(self, schedule: FeeSchedule, at: int, count: int, maker: bool) -> None:
        p = Fraction(at, PRICE)
        raw = Fraction(count, QTY) * Fraction(schedule.rate, RATIO) * (p * (1 - p)) ** schedule.exponent
        units = raw * MONEY / schedule.quantum
        fee = (round(units) if schedule.nearest else floor(units)) * schedule.quantum
        charged = 0 if maker and schedule.taker_only else fee
        terms = stated(schedule)
        assert trade_fee(terms, at, count, maker=maker, quantum=7) == charged
        assert trade_fee(terms, PRICE - at, count, maker=maker, quantum=7) == charged
        assert fill_fee(terms, Rounding(), BID, at, count, 5, maker=maker) == (charged, 5)
        assert 0 <= rebate_estimate(terms, at, count) <= fee
        assert rebate_estimate(terms, at, count) == fee * schedule.rebate_rate // RATIO

    def test_a_rebate_is_a_share_of_the_takers_fee(self) -> None:
        """A hundred at one half: 1.75 dollars, of which a fifth."""
        crypto = stated(FeeSchedule(700, rebate_rate=2_000))
        assert rebate_estimate(crypto, 5_000, 100 * QTY) == money("0.35")
        assert rebate_estimate(MAKERS, 5_000, 100 * QTY) == 0

    @given(SCHEDULES.filter(lambda schedule: schedule.exponent == 1), PRICES, QTYS, st.booleans())
    def test_who_knows_only_the_quadratic_is_not_far_off(
        self, schedule: FeeSchedule, at: int, count: int, maker: bool
    ) -> None:
        terms = stated(schedule)
        plain = kalshi_trade_fee(terms, at, count, maker=maker, quantum=1)
        near = trade_fee(terms, at, count, maker=maker, quantum=1)
        assert abs(plain - near) <= schedule.quantum + plain // RATIO * 2

    @given(PRICES, QTYS, SIDES, st.booleans(), ROUNDINGS)
    def test_other_venues_are_charged_as_before(
        self, at: int, count: int, side: int, maker: bool, rounds: Rounding
    ) -> None:
        assert fill_fee(MAKERS, rounds, side, at, count, 3, maker=maker) == kalshi_fee(
            MAKERS, rounds, side, at, count, 3, maker=maker
        )
        assert trade_fee(MAKERS, at, count, maker=maker, quantum=10) == kalshi_trade_fee(
            MAKERS, at, count, maker=maker, quantum=10
        )

    def test_the_market_comes_before_every_table(self) -> None:
        table = FeeTable()
        table.add("series", "KXFED", Dated(0, "quadratic", RATIO))
        market = Market(ticker="M", venue="polymarket", series="KXFED", fees=FeeSchedule(), fee_waiver_ns=99)
        terms = table.terms(market, 10)
        assert (terms.kind, terms.multiplier, terms.source) == ("curve", 0, "market record")
        assert stated(FeeSchedule(700)).multiplier == RATIO
        assert stated(FeeSchedule(700, taker_only=False)).kind == "curve_with_maker_fees"


class TestTable:
    """Whose word counts, and from when."""

    MARKET = Market(ticker="KXFED-26DEC-T3", venue="kalshi", event="KXFED-26DEC", series="KXFED")

    def test_precedence(self) -> None:
        table = FeeTable()
        assert table.terms(self.MARKET, 10) == FeeTerms("quadratic_with_maker_fees", RATIO, "fallback table")
        table.add("series", "KXFED", Dated(0, "quadratic", 5_000))
        assert table.terms(self.MARKET, 10) == FeeTerms("quadratic", 5_000, "series record")
        table.add("event", "KXFED-26DEC", Dated(5, "quadratic_with_combo_maker_fees", 0))
        assert table.terms(self.MARKET, 10) == FeeTerms(
            "quadratic_with_combo_maker_fees", 0, "event override"
        )
        waived = Market(
            ticker="KXFED-1", venue="kalshi", event="KXFED-26DEC", series="KXFED", fee_waiver_ns=11
        )
        assert table.terms(waived, 10) == FeeTerms("quadratic", 0, "waiver")
        assert table.terms(waived, 11).source == "event override"

    def test_an_unknown_series_is_assumed_plain(self) -> None:
        market = Market(ticker="KXNEW-1", venue="kalshi", series="KXNEW")
        assert FeeTable().terms(market, 10) == FeeTerms("quadratic", RATIO, "assumed")

    def test_terms_begin_at_their_moment(self) -> None:
        table = FeeTable()
        table.add("series", "KXFED", Dated(100, "quadratic_with_maker_fees", RATIO))
        table.add("series", "KXFED", Dated(50, "quadratic", RATIO))
        assert table.terms(self.MARKET, 49).source == "fallback table"
        assert table.terms(self.MARKET, 50).kind == table.terms(self.MARKET, 99).kind == "quadratic"
        assert table.terms(self.MARKET, 100).kind == "quadratic_with_maker_fees"

    def test_a_later_word_on_the_same_moment_wins(self) -> None:
        table = FeeTable()
        for ratio in (RATIO, 5_000):
            table.add("series", "KXFED", Dated(0, "quadratic", ratio))
        assert table.terms(self.MARKET, 10).multiplier == 5_000
        assert len(table.series["KXFED"]) == 1

    def test_a_cleared_override_gives_the_series_its_word_back(self) -> None:
        table = FeeTable()
        table.add("series", "KXFED", Dated(0, "quadratic", RATIO))
        table.add("event", "KXFED-26DEC", Dated(10, "quadratic_with_maker_fees", RATIO))
        table.add("event", "KXFED-26DEC", Dated(20, None, None))
        assert [table.terms(self.MARKET, ts).source for ts in (9, 10, 20)] == [
            "series record",
            "event override",
            "series record",
        ]

    @pytest.mark.parametrize(
        ("kind", "ratio", "terms"),
        [
            ("quadratic", None, ("quadratic", 5_000)),
            (None, 0, ("quadratic_with_maker_fees", 0)),
            ("new", 7, ("new", 7)),
        ],
    )
    def test_an_override_may_name_one_of_the_two(
        self, kind: str | None, ratio: int | None, terms: tuple[str, int]
    ) -> None:
        table = FeeTable()
        table.add("series", "KXFED", Dated(0, "quadratic_with_maker_fees", 5_000))
        table.add("event", "KXFED-26DEC", Dated(0, kind, ratio))
        assert table.terms(self.MARKET, 10) == FeeTerms(*terms, source="event override")

    def test_a_record_without_a_multiplier_has_the_fallbacks(self) -> None:
        table = FeeTable()
        table.add("series", "KXMLBGAME", Dated(0, "quadratic", None))
        market = Market(ticker="KXMLBGAME-1", venue="kalshi", series="KXMLBGAME")
        assert table.terms(market, 10) == FeeTerms("quadratic", RATIO // 2, "series record")

    def test_an_override_of_one_event_leaves_its_sisters_alone(self) -> None:
        table = FeeTable()
        table.add("event", "KXFED-26DEC", Dated(0, "quadratic", 0))
        sister = Market(ticker="KXFED-27JAN-T3", venue="kalshi", event="KXFED-27JAN", series="KXFED")
        assert table.terms(sister, 10).source == "fallback table"

    @given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), max_size=8), st.integers(0, 25))
    def test_the_last_begun_row_rules(self, rows: list[tuple[int, int]], ts: int) -> None:
        table = FeeTable()
        for start, ratio in rows:
            table.add("series", "KXFED", Dated(start, "quadratic", ratio))
        begun = {start: ratio for start, ratio in rows if start <= ts}
        terms = table.terms(self.MARKET, ts)
        assert terms.multiplier == (begun[max(begun)] if begun else RATIO)

    @pytest.mark.parametrize(
        ("series", "kind", "ratio"),
        [
            ("KXBTCD", "quadratic", RATIO),
            ("KXBTC15M", "quadratic", RATIO),
            ("KXNBAGAME", "quadratic_with_maker_fees", RATIO),
            ("KXMLBGAME", "quadratic_with_maker_fees", RATIO // 2),
            ("KXMLBKS", "quadratic", RATIO // 2),
            ("KXCPI", "quadratic_with_maker_fees", RATIO),
            ("KXBTCY", "quadratic", 0),
        ],
    )
    def test_the_fallback_is_what_was_read(self, series: str, kind: str, ratio: int) -> None:
        assert FALLBACK[series] == (kind, ratio)


def test_a_record_polled_all_day_stays_one_row() -> None:
    table = FeeTable()
    for ts in range(100):
        table.observe("event", "E", Dated(ts, "quadratic", 5_000))
    table.observe("event", "E", Dated(200, "quadratic", 10_000))
    table.observe("event", "E", Dated(300, "quadratic", 5_000))
    assert [row.from_ns for row in table.events["E"]] == [0, 200, 300]

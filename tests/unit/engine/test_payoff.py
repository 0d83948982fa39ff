"""The payoff ladder: the desk's worked example, the edges of strikes, and exclusive groups."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import Market
from cockpit.domain.units import PRICE, QTY, UNDERLYING, fixed
from cockpit.engine.payoff import Holding, Rung, ladder, pays, worst

KINDS = ("greater", "greater_or_equal", "less", "less_or_equal", "between")


def money(text: str) -> int:
    return fixed(text, 10)


def strike(kind: str, floor: str | None = None, cap: str | None = None, **more: object) -> Market:
    return Market(
        ticker=f"KX-{kind}-{floor}-{cap}-{more}",
        venue="kalshi",
        strike_type=kind,
        floor=None if floor is None else fixed(floor, 8),
        cap=None if cap is None else fixed(cap, 8),
        **more,  # type: ignore[arg-type]
    )


def yes(market: Market, count: int, cents: float) -> Holding:
    return Holding(market, count * QTY, round(count * cents * 100) * QTY)


def no(market: Market, count: int, cents: float) -> Holding:
    """A NO bought at ``cents``: a YES sold at a dollar less that."""
    return Holding(market, -count * QTY, -round(count * (100 - cents) * 100) * QTY)


def payoffs(holdings: list[Holding], *, exclusive: bool = False) -> list[int]:
    return [rung.pnl for rung in ladder(holdings, exclusive=exclusive)]


class TestNumeric:
    """Strikes cut one axis into cells."""

    def test_two_legs_of_the_desk(self) -> None:
        """YES 150 >84,000 @ 84.2 and NO 60 84,250-84,500 @ 66: -105.9 | +44.1 | -15.9 | +44.1."""
        legs = [
            yes(strike("greater", "84000"), 150, 84.2),
            no(strike("between", "84250", "84499.99"), 60, 66.0),
        ]
        assert payoffs(legs) == [money(text) for text in ("-105.9", "44.1", "-15.9", "44.1")]
        rungs = ladder(legs, exclusive=True)
        cent = UNDERLYING // 100
        assert [(rung.low, rung.high) for rung in rungs] == [
            (None, fixed("84000", 8)),
            (fixed("84000", 8) + 1, fixed("84250", 8) - 1),
            (fixed("84250", 8), fixed("84500", 8) - cent),
            (fixed("84500", 8) - cent + 1, None),
        ]
        assert worst(legs, exclusive=True) == money("-105.9")

    def test_the_three_legs_of_a_spread(self) -> None:
        """Each leg alone can lose all; together the worst is far less than the sum."""
        legs = [yes(strike("greater", "100"), 10, 60), no(strike("greater", "200"), 10, 70)]
        assert payoffs(legs) == [money(text) for text in ("-3", "7", "-3")]
        assert sum(worst([leg], exclusive=False) for leg in legs) == money("-13")

    @pytest.mark.parametrize(
        ("kind", "below", "at", "above"),
        [
            ("greater", False, False, True),
            ("greater_or_equal", False, True, True),
            ("less", True, False, False),
            ("less_or_equal", True, True, False),
        ],
    )
    def test_thresholds(self, kind: str, below: bool, at: bool, above: bool) -> None:
        market = strike(kind, "85", "85")
        edge = fixed("85", 8)
        assert [pays(market, edge + step) for step in (-1, 0, 1)] == [below, at, above]
        rungs = ladder([yes(market, 1, 40)], exclusive=False)
        assert len(rungs) == 2
        won = [rung for rung in rungs if rung.pnl > 0]
        assert [(rung.low is None, rung.high is None) for rung in won] == [(below, above)]

    def test_between_is_inclusive_at_both_ends(self) -> None:
        market = strike("between", "88", "89")
        values = ("87.99999999", "88", "88.5", "89", "89.00000001")
        assert [pays(market, fixed(v, 8)) for v in values] == [False, True, True, True, False]
        assert payoffs([yes(market, 1, 40)]) == [money(text) for text in ("-0.4", "0.6", "-0.4")]

    def test_a_strike_at_zero(self) -> None:
        assert payoffs([yes(strike("greater_or_equal", "0"), 1, 40)]) == [money("-0.4"), money("0.6")]

    def test_a_full_ladder_of_brackets_is_a_sure_thing(self) -> None:
        """YES of every bracket for 95 cents in all pays a dollar wherever it ends."""
        whole = [
            yes(strike("less", cap="80"), 1, 30),
            yes(strike("between", "80", "81"), 1, 40),
            yes(strike("greater", "81"), 1, 25),
        ]
        assert set(payoffs(whole, exclusive=True)) == {money("0.05")}

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS), st.integers(-4, 4), st.integers(0, 3), st.integers(-3, 3), st.integers(0, 99)
            ),
            min_size=1,
            max_size=5,
        )
    )  # fmt: skip
    def test_every_outcome_is_on_exactly_one_rung(self, legs: list[tuple[str, int, int, int, int]]) -> None:
        """Brute force over outcomes at, just below and just above every strike."""
        holdings = []
        for kind, low, width, count, cents in legs:
            market = Market(
                ticker=f"{kind}{low}{width}", venue="kalshi", strike_type=kind, floor=low, cap=low + width
            )
            holdings.append(Holding(market, count * QTY, count * cents * 100 * QTY))
        rungs = ladder(holdings, exclusive=False)
        lowest = []
        for outcome in range(-8, 12):
            here = [
                r
                for r in rungs
                if (r.low is None or r.low <= outcome) and (r.high is None or outcome <= r.high)
            ]
            assert len(here) == 1
            pnl = sum((PRICE * h.qty if pays(h.market, outcome) else 0) - h.cost for h in holdings)
            assert here[0].pnl == pnl
            lowest.append(pnl)
        assert worst(holdings, exclusive=False) == min(lowest)
        assert {rung.pnl for rung in rungs} == set(lowest)


class TestNamed:
    """Teams, words, decisions: each its own outcome."""

    A, B, C = (Market(ticker=name, venue="kalshi", strike_type="structured") for name in "ABC")

    def test_two_exclusive_nos_lock_thirty_cents(self) -> None:
        """NO .60 and NO .70 of an exclusive pair: at most one pays YES, so one NO always pays."""
        legs = [no(self.A, 1, 60), no(self.B, 1, 70)]
        assert worst(legs, exclusive=True) == money("-0.3")
        assert payoffs(legs, exclusive=True) == [money("-0.3"), money("-0.3"), money("0.7")]

    def test_the_same_two_can_both_lose_when_not_exclusive(self) -> None:
        legs = [no(self.A, 1, 60), no(self.B, 1, 70)]
        assert worst(legs, exclusive=False) == money("-1.3")
        assert payoffs(legs) == [money("-1.3"), money("0.7")]

    def test_none_of_them_may_win(self) -> None:
        legs = [yes(self.A, 10, 40), yes(self.B, 10, 50)]
        rungs = ladder(legs, exclusive=True)
        assert rungs[-1] == Rung(None, None, "none of these", money("-9"))
        assert [(rung.label, rung.pnl) for rung in rungs[:-1]] == [("A", money("1")), ("B", money("1"))]

    @given(st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 99)), min_size=1, max_size=3), st.booleans())
    def test_worst_is_the_worst_of_all_ways_to_end(
        self, legs: list[tuple[int, int]], exclusive: bool
    ) -> None:
        markets = (self.A, self.B, self.C)
        holdings = [Holding(m, n * QTY, n * c * 100 * QTY) for m, (n, c) in zip(markets, legs, strict=False)]
        ways = [outcome for outcome in range(2 ** len(holdings)) if not exclusive or outcome.bit_count() <= 1]
        pnl = [
            sum((PRICE * h.qty if way >> i & 1 else 0) - h.cost for i, h in enumerate(holdings))
            for way in ways
        ]
        assert worst(holdings, exclusive=exclusive) == min(pnl)
        assert max(payoffs(holdings, exclusive=exclusive)) == max(pnl)

    def test_one_numeric_among_named_is_named(self) -> None:
        legs = [yes(self.A, 1, 40), yes(strike("greater", "100"), 1, 50)]
        assert worst(legs, exclusive=False) == money("-0.9")

    def test_a_strike_type_without_its_strike_is_named(self) -> None:
        legs = [yes(strike("greater"), 1, 40), yes(strike("less"), 1, 40), yes(strike("between", "1"), 1, 40)]
        assert payoffs(legs) == [money("-1.2"), money("1.8")]

    def test_a_working_order_fills_when_that_hurts(self) -> None:
        """It adds what it can lose in each way to end, and never what it could earn."""
        held = yes(self.A, 10, 40)
        buy, sale = (
            Holding(h.market, h.qty, h.cost, maybe=True) for h in (yes(self.A, 5, 50), no(self.A, 5, 45))
        )
        assert payoffs([held, buy]) == [money("-6.5"), money("6")]
        assert payoffs([held, sale]) == [money("-4"), money("3.75")]
        assert worst([buy, sale], exclusive=True) == money("-2.5")

    @given(
        st.lists(st.tuples(st.integers(0, 2), st.integers(-5, 5), st.integers(1, 99)), max_size=4),
        st.booleans(),
    )
    def test_worst_is_the_worst_over_which_orders_fill(
        self, legs: list[tuple[int, int, int]], exclusive: bool
    ) -> None:
        """Against every subset of the working orders; the first leg is held for sure."""
        all_of = [
            Holding((self.A, self.B, self.C)[m], n * QTY, n * c * 100 * QTY, maybe=i > 0)
            for i, (m, n, c) in enumerate(legs)
        ]
        lows = []
        for chosen in range(2 ** len(all_of)):
            filled = [
                Holding(h.market, h.qty, h.cost)
                for i, h in enumerate(all_of)
                if not h.maybe or chosen >> i & 1
            ]
            lows.append(worst(filled, exclusive=exclusive))
        assert worst(all_of, exclusive=exclusive) == min(lows)

    def test_two_teams_with_spreads_share_no_axis(self) -> None:
        """ "SAS by over 3.5" and "OKC by over 3.5": in a close game both fail, so YES + NO is no hedge."""
        teams = [strike("greater", "3.5", custom=(("team", name),)) for name in ("SAS", "OKC")]
        legs = [yes(teams[0], 1, 40), no(teams[1], 1, 60)]
        assert worst(legs, exclusive=False) == money("-1")


def test_nothing_held() -> None:
    assert ladder([], exclusive=True) == []
    assert worst([], exclusive=False) == 0

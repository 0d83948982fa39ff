"""What may be sent: the market, the terms, the lane's own orders and the caps, in that order."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.book import Book
from cockpit.domain.markets import CENT_GRID, EventGroup, Market, MarketStatus
from cockpit.domain.units import ASK, BID, PRICE, QTY, fixed
from cockpit.engine.queue import FIFO, Own
from cockpit.engine.risk import ApprovedOrder, Caps, Exposure, Refused, Terms, approve, cost
from cockpit.engine.state import Lane, MarketState, State

NOW = 1_000
A, B = "KXTEST-A", "KXTEST-B"


def money(text: str) -> int:
    return fixed(text, 10)


def market(name: str, **more: object) -> MarketState:
    listed = Market(ticker=name, venue="kalshi", event="E", status=MarketStatus.ACTIVE, grid=CENT_GRID)
    book = Book()
    book.replace([(4000, QTY)], [(4200, QTY)])
    return MarketState(replace(listed, **more), book, has_book=True, listed=True)


def state(*markets: MarketState, exclusive: bool = False) -> State:
    made = State(now=NOW, markets={m.market.ticker: m for m in markets or (market(A), market(B))})
    made.lanes["desk"] = Lane("desk")
    made.groups["E"] = EventGroup("E", "kalshi", exclusive=exclusive)
    return made


def terms(
    side: int = BID, price: int = 4000, count: float = 10, name: str = A, lots: int | None = None
) -> Terms:
    return Terms("desk", name, side, price, round(count * QTY) if lots is None else lots, 0)


def working(side: int, price: int, count: int, name: str = A, *, live: bool = True, left: int = 0) -> Own:
    own = Own(
        id=f"desk-{side}-{price}-{name}", lane="desk", market=name, side=side, price=price, qty=count * QTY,
        rule=FIFO, sent_ns=1, live_ns=2 if live else 0,
    )  # fmt: skip
    own.left = [left * QTY] * 4
    return own


def reason(made: State, wanted: Terms, caps: Caps = Caps(), own: list[Own] | None = None) -> str:  # noqa: B008
    answer = approve(made, wanted, Exposure(made, made.lane(wanted.lane), own or [], caps))
    return answer.reason if isinstance(answer, Refused) else ""


class TestMarket:
    """No order where it could not rest."""

    def test_what_passes_is_stamped(self) -> None:
        made = state()
        none = Exposure(made, made.lane("desk"), [], Caps())
        assert approve(made, terms(), none) == ApprovedOrder(terms(), NOW)

    @pytest.mark.parametrize(
        ("spoil", "why"),
        [
            (lambda s: s.markets.pop(A), "unknown market"),
            (lambda s: setattr(s.markets[A], "closed", True), "market closed"),
            (lambda s: setattr(s.markets[A], "market", replace(s.markets[A].market, close_ns=NOW)), "market closed"),
            (lambda s: setattr(s.markets[A], "has_book", False), "book unknown"),
            (lambda s: setattr(s.markets[A], "doubt", "gap"), "book in doubt: gap"),
            (
                lambda s: setattr(s.markets[A], "market", replace(s.markets[A].market, status=MarketStatus.INACTIVE)),
                "market inactive",
            ),
            (lambda s: s.trading.update(kalshi=False), "venue paused"),
        ],
    )  # fmt: skip
    def test_what_does_not(self, spoil: Callable[[State], object], why: str) -> None:
        made = state()
        spoil(made)
        assert reason(made, terms()) == why

    def test_a_close_to_come_and_an_unlisted_market_are_fine(self) -> None:
        made = state(market(A, close_ns=NOW + 1))
        assert not reason(made, terms())
        made.markets[A].listed = False
        made.markets[A].market = replace(made.markets[A].market, status=MarketStatus.UNKNOWN)
        made.trading["polymarket"] = False
        assert not reason(made, terms())


class TestTerms:
    """Whole lots, on the grid, a side there is, and never against oneself."""

    @pytest.mark.parametrize("lots", [0, -QTY, 1, QTY // 100 + 1])
    def test_lots(self, lots: int) -> None:
        assert reason(state(), terms(lots=lots)) == "quantity is not a whole number of lots"

    @pytest.mark.parametrize(("count", "least"), [(4.99, 5 * QTY), (0.5, QTY * 3 // 4)])
    def test_the_least_a_venue_lets_rest(self, count: float, least: int) -> None:
        words = {5 * QTY: "5", QTY * 3 // 4: "0.75"}[least]
        small = state(market(A, least=least))
        assert reason(small, terms(count=count)) == f"below the venue's least size of {words}"
        assert reason(small, terms(count=5)) == ""

    @pytest.mark.parametrize("price", [0, PRICE, -100, 4050])
    def test_grid(self, price: int) -> None:
        assert reason(state(), terms(price=price)) == "price off the grid"

    @pytest.mark.parametrize("side", [0, 2, -2])
    def test_sides(self, side: int) -> None:
        assert reason(state(), terms(side=side)) == "neither a bid nor an ask"

    @pytest.mark.parametrize(
        ("side", "price", "refused"),
        [(BID, 4200, True), (BID, 4300, True), (BID, 4100, False), (ASK, 3900, True), (ASK, 3800, True), (ASK, 4000, False)],
    )  # fmt: skip
    def test_own_orders(self, side: int, price: int, refused: bool) -> None:
        own = [working(-side, 4200 if side == BID else 3900, 5, left=5)]
        assert reason(state(), terms(side=side, price=price), own=own) == "crosses an own order" * refused

    def test_the_other_market_does_not_count(self) -> None:
        assert not reason(state(), terms(BID, 4300), own=[working(ASK, 4200, 5, B, left=5)])


class TestCaps:
    """Cost per order; worst outcome per market, per event and in all."""

    @pytest.mark.parametrize(("side", "text"), [(BID, "4"), (ASK, "6")])
    def test_what_an_order_can_lose(self, side: int, text: str) -> None:
        assert cost(side, 4000, 10 * QTY) == money(text)
        assert not reason(state(), terms(side), Caps(order=money(text)))
        assert reason(state(), terms(side), Caps(order=money(text) - 1)) == "order cap"

    def test_market_counts_position_and_working_orders(self) -> None:
        made = state()
        made.lanes["desk"].account.trade(A, BID, 4000, 5 * QTY, 0, 0)
        own = [working(BID, 3900, 9, left=4)]
        assert not reason(made, terms(), Caps(market=money("7.56")), own)
        assert reason(made, terms(), Caps(market=money("7.56") - 1), own) == "market cap"

    def test_an_order_on_its_way_counts_in_full(self) -> None:
        own = [working(BID, 3900, 9, live=False)]
        assert not reason(state(), terms(), Caps(market=money("7.51")), own)
        assert reason(state(), terms(), Caps(market=money("7.51") - 1), own) == "market cap"

    def test_closing_needs_no_room(self) -> None:
        made = state()
        made.lanes["desk"].account.trade(A, BID, 4000, 10 * QTY, 0, 0)
        assert not reason(made, terms(ASK, 4200), Caps(market=0, event=0, total=0))

    def test_an_exclusive_event_nets(self) -> None:
        """Held NO .60 can lose 6; a NO .70 of an exclusive sister adds nothing to that, else it adds 7."""
        for exclusive, worst in ((True, "6"), (False, "13")):
            made = state(exclusive=exclusive)
            made.lanes["desk"].account.trade(A, ASK, 4000, 10 * QTY, 0, 0)
            assert not reason(made, terms(ASK, 3000, 10, B), Caps(event=money(worst)))
            short = reason(made, terms(ASK, 3000, 10, B), Caps(event=money(worst) - 1))
            assert short == ("" if exclusive else "event cap")

    def test_total_adds_up_events(self) -> None:
        made = state(market(A, event="E"), market(B, event="F"))
        made.lanes["desk"].account.trade(B, BID, 5000, 10 * QTY, 0, 0)
        assert not reason(made, terms(), Caps(total=money("9")))
        assert reason(made, terms(), Caps(total=money("9") - 1)) == "total cap"
        assert not reason(made, terms(), Caps(event=money("4")))

    def test_a_lane_has_caps_of_its_own(self) -> None:
        made = state()
        made.lanes["other"] = Lane("other")
        made.lanes["other"].account.trade(A, BID, 5000, 100 * QTY, 0, 0)
        assert not reason(made, terms(), Caps(market=money("4"), event=money("4"), total=money("4")))

    def test_quotes_on_both_sides_do_not_hide_each_other(self) -> None:
        """Buy 50 @ 40 and sell 50 @ 60 rest: if only the buy fills, 20 can be lost, and 4 more make it 24."""
        own = [working(BID, 4000, 50, left=50), working(ASK, 6000, 50, left=50)]
        assert reason(state(), terms(BID, 4000, 10), Caps(market=money("20"))) == ""
        assert reason(state(), terms(BID, 4000, 10), Caps(market=money("20")), own) == "market cap"

    @given(
        st.sampled_from((BID, ASK)),
        st.integers(1, 99),
        st.integers(1, 50),
        st.lists(st.tuples(st.sampled_from((BID, ASK)), st.integers(1, 99), st.integers(1, 50)), max_size=4),
        st.integers(0, 60),
    )
    def test_passing_the_market_cap_means_losing_no_more_than_it_or_than_before(
        self, side: int, cents: int, count: int, held: list[tuple[int, int, int]], cap: int
    ) -> None:
        made = state()
        account = made.lanes["desk"].account
        for s, c, n in held:
            account.trade(A, s, c * 100, n * QTY, 0, 0)
        position = account.position(A)
        ways = [
            (position.qty * end - position.cost, side * count * QTY * (end - cents * 100))
            for end in (0, PRICE)
        ]
        before = -min(pnl for pnl, _ in ways)
        after = -min(pnl + min(0, more) for pnl, more in ways)
        wanted = terms(side, cents * 100, count)
        exposure = Exposure(made, made.lane(wanted.lane), [], Caps(market=money(str(cap))))
        answer = approve(made, wanted, exposure)
        assert isinstance(answer, ApprovedOrder) == (after <= max(money(str(cap)), before))

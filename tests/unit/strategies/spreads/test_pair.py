"""A pair reckoned: worked nets, both directions, polarity, ages, and what a maker's two legs come to."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import CENT_GRID
from cockpit.domain.units import ASK, BID, MILLISECOND, MONEY, PRICE, QTY, SECOND
from cockpit.strategies.spreads.legs import OPPOSITE, PARAMS, SAME, Direction, Haircut, Leg
from cockpit.strategies.spreads.pair import Spread, mid_gap, spread
from cockpit.strategies.spreads.rest import pair_size

NONE = Haircut(0)


def reckon(build: Any, a: Leg, b: Leg, polarity: int = SAME, haircut: Haircut = NONE, **more: Any) -> Spread:
    params = msgspec.structs.replace(build.exact, **more)
    return spread(a, b, polarity, haircut, build.T, params)


@pytest.mark.parametrize(
    ("a", "b", "rates", "net", "roi", "by_days"),
    [
        (44, 50, (0, 0), 0.060000, 0.06383, (7.77, 0.777, 0.129)),
        (44, 50, (700, 300), 0.035252, 0.03654, (4.45, 0.445, 0.074)),
        (44, 53, (700, 300), 0.005279, 0.00531, (0.646, 0.065, 0.011)),
        (47, 50, (700, 700), -0.004937, None, None),
        (90, 7, (700, 400), 0.021096, 0.02155, (2.62, 0.262, 0.044)),
    ],
)
def test_worked_takers(
    build: Any, a: float, b: float, rates: Any, net: float, roi: Any, by_days: Any
) -> None:
    """YES at a here, NO at b there: net a contract, return, and simple annual returns over 3, 30 and 180 days."""
    legs = build.pair(a, b, build.kalshi(rates[0]), build.curve(rates[1]))
    way = reckon(build, *legs).buy
    assert way.gap == round((100 - a - b) * 100)
    assert way.net == pytest.approx(net * MONEY, abs=1e-6 * MONEY)
    assert way.taker.nets == (way.net, way.net, way.net)
    assert way.arbitrage is (net > 0)
    if roi is None:
        assert (way.taker.size, way.taker.profit, way.taker.clear) == (0, 0, 0)
        return
    assert way.taker.size == way.taker.clear == 1000 * QTY
    assert way.taker.profit == way.taker.gain == 1000 * way.net
    assert way.taker.capital == 1000 * (MONEY - way.net)
    assert way.taker.roi == pytest.approx(roi, abs=1e-5)
    for days, annual in zip((3, 30, 180), by_days, strict=True):
        dated = [msgspec.structs.replace(leg, settle_ns=build.T + days * build.DAY) for leg in legs]
        found = reckon(build, *dated)
        assert found.days == days
        assert found.buy.taker.annual == pytest.approx(annual, abs=5e-4, rel=1e-3)


def test_worked_makers(build: Any) -> None:
    """Both resting at .44 and .53, makers paying .0175 here and nothing there."""
    a = build.leg([(44, 100)], [(47, 100)], build.kalshi(makers=True))
    b = build.leg([(45, 100)], [(47, 100)], build.curve(), "polymarket")
    maker = reckon(build, a, b).buy.maker
    assert maker is not None
    assert (maker.price_a, maker.price_b) == (4400, 4700)
    assert maker.net == pytest.approx(0.025688 * MONEY, abs=1e-6 * MONEY)
    assert maker.roi == pytest.approx(0.02637, abs=1e-5)
    assert maker.annual == pytest.approx(0.321, abs=1e-3)
    assert maker.over_hurdle == pytest.approx(0.025688 - 0.974312 * 0.08 * 30 / 365, abs=1e-6)
    assert (maker.size, maker.bound) == (10 * QTY, "size")
    assert maker.capital == 10 * (MONEY - maker.net)
    assert maker.per_day == pytest.approx(0.25688 / 30, abs=1e-6)
    assert maker.naked == 10 * 53 * 100 * QTY
    assert maker.loss_a == pytest.approx(0.03 + 0.07 * 0.44 * 0.56 + 0.01)
    assert maker.loss_b == pytest.approx(0.02 + 0.03 * 0.47 * 0.53 + 0.01)


def test_a_maker_s_expectation_is_over_both_one_or_neither_filled(build: Any) -> None:
    """Chances of .5 and .4, losses of 2 and 2.5 cents, a net of 4: worked out to -.3 cent, or -.92 if they avoid
    each other."""
    free = build.kalshi(0)
    a = build.leg([(46, 9)], [(47, 9)], free, fill=0.5, adverse=0.01)
    b = build.leg([(48, 9)], [(50, 9)], free, "polymarket", fill=0.4, adverse=0.005)
    for rho, ev in ((0.0, -0.003), (-0.3, -0.009246)):
        maker = reckon(build, a, b, rho=rho).buy.maker
        assert maker is not None
        assert maker.net == 4 * MONEY // 100
        assert maker.ev == pytest.approx(ev, abs=1e-6)
        assert maker.pays_from is not None
        assert maker.pays_from > 0.04
    assert maker.p_both == pytest.approx(0.2 - 0.3 * 0.06**0.5)


def test_resting_the_thin_leg_and_hedging(build: Any) -> None:
    """Filled half the time; 9 times of 10 it nets 2.5 cents, else it loses 3: .975 cent, and no ticket ever."""
    free = build.kalshi(0)
    thin = build.leg([(46, 1)], [(48, 1)], free, fill=0.5, adverse=0.01)
    deep = build.leg([(48.5, 90)], [(50, 90)], free, "polymarket")
    found = reckon(build, thin, deep)
    assert found.buy.hedged == pytest.approx(0.00975)
    assert reckon(build, deep, thin).sell.hedged == pytest.approx(0.00975)
    assert reckon(build, msgspec.structs.replace(thin, bids=()), deep).buy.hedged is None


def test_the_curve_says_where_depth_ends(build: Any) -> None:
    a = build.leg([(40, 10)], [(44, 50), (45, 60)], build.kalshi(0))
    b = build.leg([(50, 500)], [(52, 10)], build.curve(0), "polymarket")
    taker = reckon(build, a, b, haircut=Haircut(MONEY // 100)).buy.taker
    cents = [None if net is None else net / MONEY * 100 for net in taker.nets]
    assert cents == [6.0, 5.5, None]
    assert taker.after == (5 * MONEY // 100, MONEY * 45 // 1000, None)
    assert (taker.size, taker.clear) == (110 * QTY, 110 * QTY)
    assert taker.profit == (50 * 6 + 60 * 5) * MONEY // 100
    assert taker.gain == (50 * 5 + 60 * 4) * MONEY // 100


def test_a_haircut_stops_earlier(build: Any) -> None:
    a = build.leg([(40, 10)], [(44, 50), (45, 60)], build.kalshi(0))
    b = build.leg([(50, 500)], [(52, 10)], build.curve(0), "polymarket")
    way = reckon(build, a, b, haircut=Haircut(MONEY * 55 // 1000)).buy
    assert (way.taker.size, way.taker.clear) == (110 * QTY, 50 * QTY)
    assert way.taker.gain == 50 * MONEY // 200
    assert way.arbitrage
    wide = reckon(build, a, b, haircut=Haircut(MONEY * 6 // 100)).buy
    assert (wide.taker.clear, wide.taker.gain, wide.arbitrage) == (0, 0, False)


def test_rounded_fees_take_a_tiny_profit_away(build: Any) -> None:
    """A hundredth of a contract at .50 and .48: .02 cent less a fee of .0175, which is charged as .02."""
    a = build.leg([], [(50, 0.01)], build.kalshi())
    b = build.leg([(52, 0.01)], [], build.curve(0), "polymarket")
    exact, rounded = (
        reckon(build, a, b, quantum=q, sizes=(QTY // 100,)).buy.taker for q in (1, MONEY // 10_000)
    )
    assert (exact.size, exact.profit) == (QTY // 100, 25 * MONEY // 1_000_000)
    assert (rounded.nets, rounded.size, rounded.profit, rounded.capital) == ((0,), 0, 0, 0)


@pytest.mark.parametrize(
    ("polarity", "direction", "sides"),
    [
        (SAME, Direction.BUY, (BID, ASK)),
        (SAME, Direction.SELL, (ASK, BID)),
        (OPPOSITE, Direction.BUY, (BID, BID)),
        (OPPOSITE, Direction.SELL, (ASK, ASK)),
    ],
)
def test_sides(polarity: int, direction: Direction, sides: tuple[int, int]) -> None:
    assert direction.sides(polarity) == sides


def mirrored(leg: Leg) -> Leg:
    return msgspec.structs.replace(
        leg,
        bids=tuple((PRICE - price, qty) for price, qty in leg.asks),
        asks=tuple((PRICE - price, qty) for price, qty in leg.bids),
    )


CENTS = st.integers(1, 99)


@st.composite
def books(draw: Any, build: Any, venue: str) -> Leg:
    bid = draw(st.integers(1, 97))
    ask = draw(st.integers(bid + 1, 98))
    qty = st.integers(1, 2000)
    bids = [(bid - k, draw(qty)) for k in range(draw(st.integers(0, 3))) if bid - k > 0]
    asks = [(ask + k, draw(qty)) for k in range(draw(st.integers(0, 3))) if ask + k < 100]
    terms = draw(
        st.sampled_from([build.kalshi(), build.kalshi(makers=True), build.curve(300, MONEY // 100_000)])
    )
    return build.leg(bids, asks, terms, venue)


@given(st.data(), st.sampled_from([SAME, OPPOSITE]))
def test_telling_b_from_its_other_side_changes_nothing(build: Any, data: Any, polarity: int) -> None:
    a, b = data.draw(books(build, "kalshi")), data.draw(books(build, "polymarket"))
    here = spread(a, b, polarity, Haircut(1), build.T)
    there = spread(a, mirrored(b), -polarity, Haircut(1), build.T)
    for one, other in ((here.buy, there.buy), (here.sell, there.sell)):
        assert one.side_b == -other.side_b
        assert (one.gap, one.net, one.taker) == (other.gap, other.net, other.taker)
        if one.maker is None or other.maker is None:
            assert one.maker is other.maker is None
        else:
            assert msgspec.structs.replace(other.maker, price_b=one.maker.price_b) == one.maker
    assert here.mid_gap == there.mid_gap
    assert here.best == there.best


@given(st.data(), st.sampled_from([SAME, OPPOSITE]))
def test_naming_the_legs_the_other_way_turns_the_directions(build: Any, data: Any, polarity: int) -> None:
    a, b = data.draw(books(build, "kalshi")), data.draw(books(build, "polymarket"))
    here, there = (spread(*legs, polarity, NONE, build.T) for legs in ((a, b), (b, a)))
    for one in (here.buy, here.sell):
        other = there.buy if there.buy.side_a == one.side_b else there.sell
        assert other.side_b == one.side_a
        assert (one.gap, one.net, one.taker) == (other.gap, other.net, other.taker)


@given(st.data())
def test_a_profit_is_what_is_left_whatever_happens(build: Any, data: Any) -> None:
    """YES or NO, the two contracts pay a dollar: the profit is the same and never below nothing."""
    a, b = data.draw(books(build, "kalshi")), data.draw(books(build, "polymarket"))
    found = spread(a, b, SAME, Haircut(MONEY // 100), build.T)
    for way in (found.buy, found.sell):
        taker, maker = way.taker, way.maker
        assert taker.profit == PRICE * taker.size - taker.capital
        assert 0 <= taker.gain <= taker.profit
        assert taker.clear <= taker.size
        assert way.arbitrage is (taker.gain > 0)
        if maker is not None:
            kept = PRICE * maker.size - maker.capital
            assert 0 <= kept - maker.net * maker.size // QTY <= maker.size // QTY + 1
            assert maker.naked <= maker.capital
            # Post-only: neither leg crosses its own book.
            for leg, side, price in ((a, way.side_a, maker.price_a), (b, way.side_b, maker.price_b)):
                assert price < leg.asks[0][0] if side == BID and leg.asks else True
                assert price > leg.bids[0][0] if side == ASK and leg.bids else True


def test_mid_gap_has_a_sign_and_a_polarity(build: Any) -> None:
    a = build.leg([(44, 1)], [(46, 1)], build.kalshi())
    b = build.leg([(50, 1)], [(51, 1)], build.kalshi(), "polymarket")
    assert mid_gap(a, b, SAME) == 550
    assert mid_gap(b, a, SAME) == -550
    assert mid_gap(a, b, OPPOSITE) == 450
    assert mid_gap(a, mirrored(b), OPPOSITE) == 550
    assert mid_gap(a, msgspec.structs.replace(b, asks=()), SAME) is None


@pytest.mark.parametrize(
    ("ages", "stale"), [((0, 0), False), ((2, 2), False), ((2.001, 0), True), ((0, 9), True)]
)
def test_a_gap_between_two_moments_is_none(build: Any, ages: Any, stale: bool) -> None:
    quoted = [build.T - round(age * SECOND / MILLISECOND) * MILLISECOND for age in ages]
    legs = [
        msgspec.structs.replace(leg, quote_ns=ns)
        for leg, ns in zip(build.pair(44, 50, build.kalshi(), build.curve()), quoted, strict=True)
    ]
    found = reckon(build, *legs)
    assert found.stale is stale
    assert found.buy.arbitrage is not stale
    assert (found.age_a, found.age_b) == tuple(build.T - ns for ns in quoted)


def test_what_is_not_sure_is_never_an_arbitrage(build: Any) -> None:
    legs = build.pair(44, 50, build.kalshi(), build.curve())
    assert not reckon(build, *legs, haircut=Haircut(0, "unsure", sure=False)).buy.arbitrage


def test_the_better_way(build: Any) -> None:
    free = build.kalshi(0)
    takes = reckon(build, *build.pair(44, 50, free, free))
    assert takes.best is Direction.BUY
    assert takes.way is takes.buy
    low = build.leg([(40, 9)], [(41, 9)], free, "polymarket")
    high = build.leg([(42, 9)], [(46, 9)], free)
    assert reckon(build, high, low).best is Direction.SELL
    rests = build.leg([(41, 9)], [(48, 9)], free, "polymarket")
    assert reckon(build, high, rests).best is Direction.BUY
    empty = msgspec.structs.replace(high, bids=(), asks=())
    found = reckon(build, empty, low)
    assert (found.buy.gap, found.buy.net, found.buy.maker, found.mid_gap) == (None, None, None, None)
    assert found.buy.taker.nets == (None, None, None)


# ---------------------------------------------------------------------- sizes


@pytest.mark.parametrize(
    ("here", "there", "params", "size", "bound"),
    [
        ({}, {}, {}, 10, "size"),
        ({}, {}, {"size": 3 * QTY}, 3, "size"),
        ({"cash": 2 * MONEY}, {}, {}, 4.54, "cash kalshi"),
        ({"cash": 2 * MONEY, "lot": QTY}, {}, {}, 4, "cash kalshi"),
        ({"lot": QTY}, {"cash": 2 * MONEY}, {}, 3, "cash polymarket"),
        ({"cash": 4 * MONEY}, {}, {"share": 5_000}, 4.54, "cash kalshi"),
        ({"lot": 3 * QTY}, {"lot": 2 * QTY}, {}, 6, "size"),
        ({}, {"least": 5 * QTY}, {}, 10, "size"),
        ({}, {"least": 5 * QTY}, {"size": 4 * QTY}, 0, "smallest order"),
        ({"cash": 2 * MONEY}, {"least": 5 * QTY}, {}, 0, "cash kalshi"),
        ({"cash": 0}, {}, {}, 0, "cash kalshi"),
    ],
)
def test_sizes(build: Any, here: Any, there: Any, params: Any, size: float, bound: str) -> None:
    """44 cents here and 53 there, free: cash, lots of both venues, their smallest orders."""
    a = build.leg([(44, 100)], [(47, 100)], build.kalshi(0), **here)
    b = build.leg([(45, 100)], [(47, 100)], build.curve(0), "polymarket", **there)
    maker = reckon(build, a, b, **params).buy.maker
    assert maker is not None
    assert (maker.size, maker.bound) == (round(size * QTY), bound)
    assert maker.capital == round(size * 97 * 100) * MONEY // 10_000
    assert maker.net == 3 * MONEY // 100
    assert (maker.naked > 0) is (size > 0)


@pytest.mark.parametrize(
    ("depth", "size", "bound"), [(None, 10, "size"), (25, 10, "size"), (7.005, 7, "depth")]
)
def test_where_depth_counts_it_binds(build: Any, depth: Any, size: float, bound: str) -> None:
    a, b = build.pair(44, 53, build.kalshi(0), build.curve(0))
    a = msgspec.structs.replace(a, lot=QTY)
    most = None if depth is None else round(depth * QTY)
    assert pair_size(a, b, (4400, 4700), (4400, 5300), build.exact, most) == (size * QTY, bound)


def test_nobody_rests_off_the_grid_or_on_a_crossed_book(build: Any) -> None:
    b = build.leg([(45, 100)], [(47, 100)], build.curve(), "polymarket")
    odd = build.leg([(44.5, 100)], [(47, 100)], build.kalshi())
    assert odd.grid == CENT_GRID
    assert reckon(build, odd, b).buy.maker is None
    assert reckon(build, odd, b).sell.maker is not None
    crossed = build.leg([(48, 100)], [(47, 100)], build.kalshi())
    assert reckon(build, crossed, b).buy.maker is None


def test_fees_at_rest_are_those_of_the_size(build: Any) -> None:
    """A fee of .4312 cent a contract is rounded up once for ten, not for each."""
    a = build.leg([(44, 100)], [(47, 100)], build.kalshi(makers=True))
    b = build.leg([(45, 100)], [(47, 100)], build.curve(), "polymarket")
    maker = spread(a, b, SAME, NONE, build.T, PARAMS).buy.maker
    assert maker is not None
    assert maker.fee == round(0.00432 * MONEY)
    assert maker.capital == 10 * (MONEY - maker.net) == 97_432 * MONEY // 10_000

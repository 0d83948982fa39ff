import math
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING_DIGITS, fixed
from cockpit.models.brackets import Contract, contract, explain, price
from cockpit.models.fair import BAND, SE_FLOOR, Outlook

INF = math.inf
CLOSE = 1_796_328_000_000_000_000
OUTLOOK = Outlook(
    mean=84_213.0, sd=380.0, tail=8, spot=84_213.0, source="BRTI", age_s=0.4, vol=0.42, vol_error=0.18,
    left_s=3600.0, theta_s=3560.5, index_error=2.5, age_error=4.0, tail_error=0.6, residual=0.005,
)  # fmt: skip


def market(strike_type, floor=None, cap=None, series="KXBTC", **fields):
    return Market(
        f"{series}-X",
        "kalshi",
        series=series,
        close_ns=fields.pop("close_ns", CLOSE),
        strike_type=strike_type,
        floor=None if floor is None else fixed(floor, UNDERLYING_DIGITS),
        cap=None if cap is None else fixed(cap, UNDERLYING_DIGITS),
        **fields,
    )


def ladder(low=83_000, high=85_400, step=100):
    inner = [Contract("BTC", a - 0.005, a + step - 0.005, CLOSE) for a in range(low, high, step)]
    below, above = Contract("BTC", -INF, low - 0.005, CLOSE), Contract("BTC", high - 0.005, INF, CLOSE)
    return [below, *inner, above]


def above(strike):
    return Contract("BTC", strike, INF, CLOSE)


# ---------------------------------------------------------------- contracts


@pytest.mark.parametrize(
    ("record", "low", "high"),
    [
        (market("greater", "92799.99"), 92_799.995, INF),
        (market("greater_or_equal", "83950.62", series="KXBTC15M"), 83_950.615, INF),
        (market("between", "52200", "52299.99"), 52_199.995, 52_299.995),
        (market("less", cap="50700"), -INF, 50_699.995),
        (market("less_or_equal", cap="50699.99"), -INF, 50_699.995),
        (market("greater", "79.9999", series="KXSOLD"), 79.99995, INF),
        (market("greater", "137.74", series="KXSOLD"), 137.74005, INF),
        (market("greater", "79.99", series="KXSOLD"), 79.995, INF),
        (market("greater_or_equal", "77.599", series="KXSOL15M"), 77.59895, INF),
        (market("greater", "0.0699999", series="KXDOGED"), 0.06999995, INF),
        (market("greater_or_equal", "0.0725048", series="KXDOGE15M"), 0.07250475, INF),
        (market("greater_or_equal", "77.5", series="KXSOL15M", custom=(("round_digits", "2"),)), 77.495, INF),
    ],
)
def test_strikes(record, low, high):
    found = contract(record)
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))
    assert found.close_ns == CLOSE


def test_asset():
    assert contract(market("greater", "79.9999", series="KXSOLD")).asset == "SOL"


def test_series_of_a_bare_ticker():
    record = Market(
        "KXETHD-26SEP2516-T3019.99", "kalshi", close_ns=CLOSE, strike_type="greater", floor=301_999_000_000
    )
    assert contract(record).asset == "ETH"


@pytest.mark.parametrize(
    "record",
    [
        market("greater", "10", series="KXNBAGAME"),
        market("greater", "150000", series="KXBTCMAXY"),
        market("greater_or_equal", series="KXBTC15M"),
        market("greater", cap="10"),
        market("less", "10"),
        market("between", "10"),
        market("structured", "10", "20"),
        market("", "10"),
        market("greater", "92799.99", close_ns=0),
    ],
)
def test_what_cannot_be_priced(record):
    assert contract(record) is None


def test_neighbours_share_an_edge_exactly():
    low = contract(market("between", "52200", "52299.99"))
    high = contract(market("between", "52300", "52399.99"))
    top = contract(market("greater", "52399.99"))
    bottom = contract(market("less", cap="52200"))
    assert bottom.high == low.low
    assert low.high == high.low
    assert high.high == top.low


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize("tail", [0, 4, 6, 8])
@given(mean=st.floats(70_000, 100_000), sd=st.floats(0.01, 20_000))
def test_a_ladder_sums_to_one(tail, mean, sd):
    fairs = price(msgspec.structs.replace(OUTLOOK, mean=mean, sd=sd, tail=tail), ladder())
    assert math.fsum(fair.mid for fair in fairs) == pytest.approx(1.0, abs=1e-12)


@given(st.lists(st.floats(-10.0, 200_000.0), min_size=2, max_size=30), st.sampled_from([0, 4, 6, 8]))
def test_thresholds_fall(strikes, tail):
    outlook = msgspec.structs.replace(OUTLOOK, tail=tail)
    fairs = price(outlook, [above(strike) for strike in sorted(strikes)])
    assert all(high.mid <= low.mid + 1e-15 for low, high in pairwise(fairs))


@given(
    st.permutations([*ladder()[:12], above(84_000.0), above(84_500.0)]),
    st.floats(0, 1), st.floats(0, 2_000), st.floats(0, 2_000), st.floats(0, 0.2),
)  # fmt: skip
def test_bands_hold_their_mid(contracts, vol_error, index_error, age_error, residual):
    outlook = msgspec.structs.replace(
        OUTLOOK,
        sd=math.hypot(380.0, index_error),
        vol_error=vol_error,
        index_error=index_error,
        age_error=age_error,
        residual=residual,
    )
    for fair in price(outlook, contracts):
        assert 0.0 <= fair.low <= fair.mid <= fair.high <= 1.0
        assert fair.se >= SE_FLOOR
        assert math.isfinite(fair.se)


def test_order_does_not_matter():
    contracts = ladder()
    straight = price(OUTLOOK, contracts)
    assert price(OUTLOOK, contracts[::-1]) == straight[::-1]
    assert [price(OUTLOOK, [each])[0] for each in contracts] == straight


def test_a_range_is_the_difference_of_thresholds():
    low, high, between = price(
        OUTLOOK, [above(84_000.0), above(84_500.0), Contract("BTC", 84_000.0, 84_500.0, CLOSE)]
    )
    assert between.mid == pytest.approx(low.mid - high.mid)


def test_certain_below_zero():
    assert price(OUTLOOK, [above(0.0), above(-5.0)])[0].mid == 1.0


@given(st.floats(1e-7, 1e7), st.sampled_from([0, 4, 6, 8]))
def test_rounding_leaves_no_mid_outside(sd, tail):
    """A Student's distribution may round to a hair beyond 0 or 1 far out."""
    for fair in price(msgspec.structs.replace(OUTLOOK, sd=sd, tail=tail), [*ladder(), above(1e-3)]):
        assert 0.0 <= fair.low <= fair.mid <= fair.high <= 1.0


def test_no_contracts():
    assert price(OUTLOOK, []) == []


def test_a_known_settlement_value():
    known = Outlook(mean=84_213.0, sd=0.0)
    yes, no = price(known, [above(84_212.995), above(84_213.995)])
    assert (yes.low, yes.mid, yes.high) == (1.0, 1.0, 1.0)
    assert (no.low, no.mid, no.high) == (0.0, 0.0, 0.0)
    assert yes.se == SE_FLOOR


def test_against_simulation():
    """The share of simulated lognormal settlement values in each bracket."""
    outlook = msgspec.structs.replace(OUTLOOK, tail=0)
    rng = np.random.default_rng(3)
    v2 = math.log1p((outlook.sd / outlook.mean) ** 2)
    draws = outlook.mean * np.exp(math.sqrt(v2) * rng.standard_normal(200_000) - v2 / 2)
    for each, fair in zip(ladder(), price(outlook, ladder()), strict=True):
        share = float(np.mean((draws >= each.low) & (draws < each.high)))
        assert abs(share - fair.mid) <= 4 * math.sqrt(max(fair.mid * (1 - fair.mid), 1e-5) / len(draws))


# ---------------------------------------------------------------- bands


def half(outlook, each):
    fair = price(outlook, [each])[0]
    return (fair.high - fair.low) / 2


def only(**errors):
    none = dict.fromkeys(("vol_error", "index_error", "age_error", "tail_error", "residual"), 0.0)
    return msgspec.structs.replace(OUTLOOK, **{**none, **errors})


@pytest.mark.parametrize("strike", [83_700.0, 84_100.0, 84_213.0, 84_500.0])
def test_a_small_shift_is_the_shift_of_the_price(strike):
    """Half the band of an index error is what moving the mean by 1.5 of it does."""
    error = 5.0
    outlook = only(index_error=error)
    moved = price(msgspec.structs.replace(outlook, mean=outlook.mean + BAND * error), [above(strike)])[0]
    assert half(outlook, above(strike)) == pytest.approx(
        abs(moved.mid - price(outlook, [above(strike)])[0].mid), rel=0.05
    )


@pytest.mark.parametrize("strike", [83_500.0, 83_900.0, 84_500.0, 85_000.0])
def test_a_volatility_error_is_the_stretch_of_the_law(strike):
    error = 0.02
    outlook = only(vol_error=error)
    wider = price(msgspec.structs.replace(outlook, sd=outlook.sd * (1 + BAND * error)), [above(strike)])[0]
    assert half(outlook, above(strike)) == pytest.approx(
        abs(wider.mid - price(outlook, [above(strike)])[0].mid), rel=0.05
    )


def test_at_the_money_the_index_matters_and_volatility_does_not():
    money, far = above(84_213.0), above(84_213.0 + 380.0)
    assert half(only(vol_error=0.2), money) < 0.002
    assert half(only(vol_error=0.2), far) > 0.05
    assert half(only(index_error=10.0), money) > 0.015
    assert half(only(index_error=10.0), money) > half(only(index_error=10.0), far)


def test_a_bracket_around_the_money_feels_a_shift_too():
    """To first order nothing happens to it; the second order is what is left."""
    centred = Contract("BTC", 84_163.0, 84_263.0, CLOSE)
    outlook = only(index_error=200.0)
    assert 0.001 < half(outlook, centred) < half(outlook, above(84_213.0))


def test_a_residual_is_left_for_the_certain():
    fair = price(OUTLOOK, [above(80_000.0)])[0]
    assert fair.mid > 0.99
    assert fair.low < fair.mid - 0.005


def test_an_error_as_large_as_the_law_says_nothing():
    """In the last seconds on a proxy alone: anything is possible at the money."""
    outlook = only(index_error=20.0)
    blind = msgspec.structs.replace(outlook, sd=20.1)
    assert half(blind, above(84_213.0)) > 0.4


# ---------------------------------------------------------------- explanations


def test_explanation():
    each = Contract("BTC", 84_300.0, 84_400.0, CLOSE)
    fair = price(OUTLOOK, [each])[0]
    told = dict(explain(fair, each))
    assert told["spot"] == 84_213.0
    assert told["effective seconds"] == 3560.5
    assert told["prints known"] == 0.0
    assert told["P t8"] == fair.mid
    assert told["P normal"] != told["P t8"]
    assert told["z low"] == pytest.approx((84_300 - 84_213) / 380, abs=0.01)
    assert told["z high"] > told["z low"]
    causes = [value for name, value in told.items() if name.startswith("band ")]
    assert len(causes) == 5
    assert (fair.high - fair.low) / 2 == pytest.approx(math.hypot(*causes), rel=1e-3)


def test_an_open_end_has_one_edge():
    fair = price(OUTLOOK, [above(84_300.0)])[0]
    names = [name for name, _ in explain(fair, above(84_300.0))]
    assert "z low" in names
    assert "z high" not in names


def test_a_normal_law_names_no_tail():
    fair = price(msgspec.structs.replace(OUTLOOK, tail=0), [above(84_300.0)])[0]
    assert dict(explain(fair, above(84_300.0)))["P"] == fair.mid


def of_venue(custom, venue="polymarket_us", series="btc-above-hourly", strike="greater_or_equal"):
    return msgspec.structs.replace(market(strike, floor="85000", series=series), venue=venue, custom=custom)


def test_polymarket_us_settles_on_the_same_mean_and_is_priced():
    found = contract(of_venue((("family", "above"), ("index", "BRTI"), ("round_digits", "2"))))
    assert found == Contract("BTC", 84_999.995, INF, CLOSE)


@pytest.mark.parametrize(
    ("venue", "custom"),
    [
        ("polymarket", (("family", "above"), ("index", "BRTI"))),
        ("polymarket_us", (("family", "touch"), ("index", "BRTI"))),
        ("polymarket_us", (("family", "above"), ("index", "NASDAQ"))),
        ("polymarket_us", ()),
    ],
)
def test_what_settles_otherwise_is_not(venue, custom):
    assert contract(of_venue(custom, venue)) is None

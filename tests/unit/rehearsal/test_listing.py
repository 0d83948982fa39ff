"""The invented markets: tickers in the true grammar, strikes that leave no gap."""

import pytest

from cockpit.domain.markets import CENT_GRID
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.listing import TAPERED_GRID, Ladder, board, strike, target_text
from cockpit.rehearsal.profiles import CLOSE_NS
from cockpit.rehearsal.value import pays

CENT = UNDERLYING // 100


def test_tickers_follow_the_venues_grammar() -> None:
    ladder = Ladder("BTC", 100 * UNDERLYING, above=3, between=2, updown=True)
    listed = board(ladder, 84_030 * UNDERLYING, 83_990 * UNDERLYING, CLOSE_NS)
    assert [market.ticker for market in listed.markets] == [
        "KXBTCD-26DEC0315-T83899.99",
        "KXBTCD-26DEC0315-T83999.99",
        "KXBTCD-26DEC0315-T84099.99",
        "KXBTC-26DEC0315-T83900",
        "KXBTC-26DEC0315-B83950",
        "KXBTC-26DEC0315-B84050",
        "KXBTC-26DEC0315-T84099.99",
        "KXBTC15M-26DEC031500-00",
        "KXBTC15M-26DEC031515-15",
    ]
    assert [series.ticker for series in listed.series] == ["KXBTCD", "KXBTC", "KXBTC15M"]
    assert [event.exclusive for event in listed.events] == [False, True, True, True]
    assert {market.grid for market in listed.markets} == {CENT_GRID, TAPERED_GRID}
    assert all(market.ticker.startswith(f"{market.event}-") for market in listed.markets)


@pytest.mark.parametrize(
    "cents", [8_389_999, 8_390_000, 8_399_999, 8_400_000, 8_409_999, 8_410_000, 1, 99_999_999]
)
def test_exactly_one_market_of_a_range_ladder_pays(cents: int) -> None:
    ladder = Ladder("BTC", 100 * UNDERLYING, between=2)
    listed = board(ladder, 84_030 * UNDERLYING, 0, CLOSE_NS)
    assert sum(pays(market, cents * CENT) for market in listed.markets) == 1


def test_a_threshold_pays_from_the_next_dollar_on() -> None:
    (market,) = board(Ladder("BTC", 100 * UNDERLYING, above=1), 84_030 * UNDERLYING, 0, CLOSE_NS).markets
    assert market.subtitle == "$84,000 or above"
    assert not pays(market, 84_000 * UNDERLYING - CENT)
    assert pays(market, 84_000 * UNDERLYING)


def test_an_up_down_market_pays_at_its_target() -> None:
    target = 84_001_37 * CENT
    first, following = board(Ladder("BTC", UNDERLYING, updown=True), 0, target, CLOSE_NS).markets
    assert pays(first, target)
    assert not pays(first, target - CENT)
    assert (first.subtitle, following.subtitle) == ("Target Price: $84,001.37", "Target Price: TBD")
    assert following.open_ns == first.close_ns == CLOSE_NS
    assert following.close_ns - following.open_ns == 900 * SECOND


def test_a_later_ladder_closes_later_and_the_quarter_hour_does_not() -> None:
    ladder = Ladder("BTC", 500 * UNDERLYING, above=1, updown=True, later_h=26)
    later, updown, _ = board(ladder, 84_030 * UNDERLYING, 0, CLOSE_NS).markets
    assert later.ticker == "KXBTCD-26DEC0417-T83999.99"
    assert later.close_ns - CLOSE_NS == 26 * 3600 * SECOND
    assert later.open_ns == CLOSE_NS - 3600 * SECOND
    assert updown.close_ns == CLOSE_NS


def test_strikes_of_small_steps_keep_their_decimals() -> None:
    listed = board(Ladder("SOL", UNDERLYING // 4, above=1, between=1), 138_30 * CENT, 0, CLOSE_NS)
    assert [market.ticker.rpartition("-")[2] for market in listed.markets] == [
        "T138.24",
        "T138.25",
        "B138.375",
        "T138.49",
    ]
    assert [market.series for market in listed.markets] == ["KXSOLD", "KXSOLE", "KXSOLE", "KXSOLE"]


@pytest.mark.parametrize(("units", "number"), [(84_000 * UNDERLYING, 84_000), (13_824 * CENT, 138.24)])
def test_a_strike_is_the_venues_json_number(units: int, number: float) -> None:
    assert strike(units) == number
    assert isinstance(strike(units), type(number))


def test_an_unknown_target_is_to_be_determined() -> None:
    assert target_text(None) == "Target Price: TBD"

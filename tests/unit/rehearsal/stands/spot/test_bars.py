"""Minute bars: drawn before the first price, traded after it."""

import math
from itertools import pairwise
from statistics import pstdev

import pytest
from echoing import T0
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import YEAR_S
from cockpit.rehearsal.stands.spot.bars import DRAWN, MINUTE_S, Bars, drawn, joined, vol_of, widened

MINUTE = T0 // SECOND // MINUTE_S * MINUTE_S
PRICE = 84_213 * UNDERLYING


@pytest.fixture(scope="module")
def past():
    return drawn("BTC", PRICE, MINUTE, "coinbase", 1.0)


def test_they_end_at_the_first_price_minute_by_minute(past):
    assert len(past) == DRAWN
    assert past[-1].close == PRICE
    assert [bar.start for bar in past] == list(range(MINUTE - DRAWN * MINUTE_S, MINUTE, MINUTE_S))
    for before, bar in pairwise(past):
        assert bar.open == before.close
        assert 0 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
        assert (bar.volume > 0) == (bar.trades > 0)
        assert bar.close % (UNDERLYING // 100) == 0


@pytest.mark.parametrize("coin", ["BTC", "ETH", "SOL"])
def test_they_have_the_worlds_volatility(coin):
    price = {"BTC": 84_000, "ETH": 3_000, "SOL": 138}[coin] * UNDERLYING
    moves = []
    for n in range(6):
        bars = drawn(coin, price, MINUTE - n * 86_400, "x", 1.0)
        moves += [math.log(b.close / a.close) for a, b in pairwise(bars)]
    yearly = pstdev(moves) * math.sqrt(YEAR_S / MINUTE_S)
    assert yearly == pytest.approx(vol_of(coin), rel=0.15)


def test_every_venue_has_one_path_and_its_own_volumes(past):
    other = drawn("BTC", PRICE, MINUTE, "kraken", 1.0)
    assert [bar.volume for bar in other] != [bar.volume for bar in past]
    both = [(a, b) for a, b in zip(past, other, strict=True) if a.trades and b.trades]
    assert len(both) > 0.95 * DRAWN
    same = sum(a.close == b.close for a, b in both)
    assert same == len(both)
    assert drawn("BTC", PRICE, MINUTE, "coinbase", 1.0) == past


def test_some_minutes_are_without_a_trade(past):
    quiet = [bar for bar in past if not bar.trades]
    assert 0 < len(quiet) < 40
    assert all(bar.open == bar.high == bar.low == bar.close for bar in quiet)
    thin = drawn("BTC", PRICE, MINUTE, "binance_us", 0.05)
    assert sum(not bar.trades for bar in thin) > len(quiet)


def test_trades_make_the_bars_that_follow():
    bars = Bars("BTC", "coinbase")
    bars.trade(PRICE, 5, T0)
    bars.trade(PRICE + 300, 7, T0 + SECOND)
    bars.trade(PRICE - 100, 1, T0 + 2 * SECOND)
    last = bars.upto(T0 + 3 * SECOND)[-1]
    assert (last.open, last.high, last.low, last.close) == (PRICE, PRICE + 300, PRICE - 100, PRICE - 100)
    assert (last.volume, last.trades, last.start) == (13, 3, MINUTE)
    later = bars.upto(T0 + 200 * SECOND)
    assert [bar.trades for bar in later[-4:]] == [3, 0, 0, 0]
    assert later[-1].close == PRICE - 100


def test_without_a_price_there_is_nothing():
    bars = Bars("BTC", "coinbase")
    assert bars.upto(T0) == []
    assert bars.day(T0).close == 0


def test_the_day_is_all_of_it_in_one():
    bars = Bars("BTC", "coinbase")
    bars.anchor(PRICE, T0)
    for n in range(5):
        bars.trade(PRICE + n, 10, T0 + n * 30 * SECOND)
        now = bars.upto(T0 + n * 30 * SECOND)
        day = bars.day(T0 + n * 30 * SECOND)
        assert day == joined(now, now[0].start)


@given(st.sampled_from([300, 900, 3_600, 86_400]))
def test_wider_bars_hold_the_same(width):
    minutes = drawn("ETH", 3_000 * UNDERLYING, MINUTE, "x", 1.0)
    wide = widened(minutes, width)
    assert all(bar.start % width == 0 for bar in wide)
    assert sum(bar.volume for bar in wide) == sum(bar.volume for bar in minutes)
    assert max(bar.high for bar in wide) == max(bar.high for bar in minutes)
    assert wide[-1].close == minutes[-1].close
    assert widened(minutes, MINUTE_S) == minutes

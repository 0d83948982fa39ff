import math
from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from cockpit.domain.units import MILLISECOND, SECOND, UNDERLYING
from cockpit.models.brackets import contract, price
from cockpit.models.digitals import YEAR_S
from cockpit.models.spot import MOST_BARS, Underlying
from cockpit.models.volatility import Bar
from cockpit.rehearsal.listing import Ladder, board
from cockpit.rehearsal.path import Path, paths
from cockpit.rehearsal.profiles import BTC
from cockpit.rehearsal.value import fair

T0 = 1_796_327_100 * SECOND
CLOSE = T0 + 900 * SECOND
COINBASE, KRAKEN, DERIBIT = "coinbase BTC-USD", "kraken BTC-USD", "deribit BTC-USD"


def index(known, second, value, lag_ms=300, **means):
    """An index print of a whole second after T0, received ``lag_ms`` later."""
    moment = T0 + second * SECOND
    known.index_tick(moment + lag_ms * MILLISECOND, moment, value, **means)


def spoken(seconds=120, value=84_000.0, basis=0.0):
    """An underlying with index and proxy side by side for a while; the proxy ``basis`` dollars above."""
    known = Underlying("BTC")
    for second in range(seconds):
        known.tick(COINBASE, T0 + second * SECOND - 50 * MILLISECOND, value + basis)
        index(known, second, value)
    return known


def last(seconds=120):
    return T0 + (seconds - 1) * SECOND


# ---------------------------------------------------------------- the spot


def test_nothing_heard():
    known = Underlying("BTC")
    assert known.spot(T0) is None
    assert known.outlook(T0, CLOSE) is None
    assert known.change(T0, 60 * SECOND) is None


def test_an_unknown_asset():
    with pytest.raises(KeyError):
        Underlying("PEPE")


def test_the_index_speaks_for_itself():
    spot = spoken(basis=5.0).spot(last() + 700 * MILLISECOND)
    assert (spot.price, spot.source, spot.error) == (84_000.0, "BRTI", 0.0)
    assert spot.age_ns == 700 * MILLISECOND


def test_a_proxy_stands_in_for_a_silent_index():
    known = spoken(basis=5.0)
    now = last() + 5 * SECOND
    known.tick(COINBASE, now, 84_105.0)
    spot = known.spot(now)
    assert spot.source == "PROXY coinbase"
    assert spot.price == pytest.approx(84_100.0, abs=0.3)
    assert spot.age_ns == 0
    assert 0 < spot.error < 5.0


def test_a_proxy_alone_has_the_prior_error():
    known = Underlying("BTC")
    known.tick(COINBASE, T0, 84_000.0)
    spot = known.spot(T0)
    assert spot.price == 84_000.0
    assert spot.error == pytest.approx(84_000.0 * 0.4e-4 * math.sqrt(2))


def test_an_old_index_is_better_than_an_older_proxy():
    known = spoken()
    spot = known.spot(last() + 20 * SECOND)
    assert spot.source == "BRTI"
    assert spot.age_ns == 20 * SECOND


def test_a_wild_proxy_is_ignored():
    known = Underlying("BTC")
    for second in range(40):
        known.tick(COINBASE, T0 + second * SECOND, 84_000.0)
        known.tick(KRAKEN, T0 + second * SECOND, 84_001.0)
    now = T0 + 40 * SECOND
    known.tick(KRAKEN, now, 84_001.0)
    known.tick(COINBASE, now, 60_000.0)
    assert known.spot(now).source == "PROXY kraken"


def test_several_proxies_stand_in_together():
    known = Underlying("BTC")
    known.tick(COINBASE, T0, 84_000.0)
    known.tick(KRAKEN, T0, 84_004.0)
    known.tick(DERIBIT, T0, 84_002.0)
    spot = known.spot(T0)
    assert spot.source == "PROXY mean of 3"
    assert spot.price == pytest.approx(84_002.0, abs=0.1)
    assert spot.error < 84_000.0 * 0.4e-4 * math.sqrt(2)


def test_proxies_are_corrected_before_they_are_averaged():
    """Sixty dollars apart, and yet of one mind."""
    known = Underlying("BTC")
    for second in range(300):
        now = T0 + second * SECOND - 50 * MILLISECOND
        known.tick(COINBASE, now, 84_060.0)
        known.tick(KRAKEN, now, 84_000.0)
        index(known, second, 84_010.0)
    now = last(300) + 5 * SECOND
    for key, told in ((COINBASE, 84_070.0), (KRAKEN, 84_010.0)):
        known.tick(key, now, told)
    spot = known.spot(now)
    assert spot.price == pytest.approx(84_020.0, abs=0.5)
    assert spot.error < 2.5
    coinbase, kraken = known.sources(now)
    assert (coinbase.price, coinbase.basis) == (84_070.0, pytest.approx(-50.0, abs=1.5))
    assert kraken.basis == pytest.approx(10.0, abs=0.5)
    assert coinbase.weight + kraken.weight == pytest.approx(1.0)


def test_sources_of_one_who_went_astray_and_one_who_fell_silent():
    known = Underlying("BTC")
    for second in range(60):
        for key in (COINBASE, KRAKEN, DERIBIT):
            known.tick(key, T0 + second * SECOND, 84_000.0)
    for second in range(60, 100):
        known.tick(COINBASE, T0 + second * SECOND, 84_001.0)
        known.tick(KRAKEN, T0 + second * SECOND, 84_500.0)
    coinbase, kraken, deribit = known.sources(T0 + 99 * SECOND)
    assert (coinbase.weight, kraken.weight, deribit.weight) == (1.0, 0.0, 0.0)
    assert (kraken.stale, deribit.stale) == (False, True)
    assert kraken.away == pytest.approx(499.0)
    assert Underlying("BTC").sources(T0) == ()


def test_the_volatility_of_several_proxies_is_that_of_their_mean():
    """Each of three shows the path with a bounce of its own, which no return is."""
    known, rng = Underlying("BTC"), np.random.default_rng(6)
    steps = rng.standard_normal(7200) * 0.6 / math.sqrt(YEAR_S)
    for second, value in enumerate((84_000.0 * np.exp(np.cumsum(steps))).tolist()):
        for i, key in enumerate((COINBASE, KRAKEN, DERIBIT)):
            known.tick(key, T0 + second * SECOND + i, value + float(rng.normal(0.0, 1.0)))
    assert known.vol.estimate(T0 + 7200 * SECOND).sigma == pytest.approx(0.6, rel=0.12)
    assert known.level == pytest.approx(value, abs=3.0)


def test_a_wild_print_of_one_of_several_is_no_return():
    """Within the very second it is printed, before anyone is asked who is wrong; nor does it stand in for a print."""
    calm, wild = Underlying("BTC"), Underlying("BTC")
    for second in range(120):
        for each in (calm, wild):
            for i, key in enumerate((COINBASE, KRAKEN, DERIBIT)):
                each.tick(key, T0 + second * SECOND + i, 84_000.0 + second % 3)
    now = T0 + 120 * SECOND
    for each in (calm, wild):
        each.tick(COINBASE, now, 84_000.0)
    wild.tick(KRAKEN, now + 1, 60_000.0)
    wild.tick(COINBASE, now + 2, 84_000.5)
    for each in (calm, wild):
        for second in range(121, 250):
            each.tick(COINBASE, T0 + second * SECOND, 84_000.0 + second % 3)
            each.tick(DERIBIT, T0 + second * SECOND, 84_000.0 + second % 3)
    later = T0 + 250 * SECOND
    assert wild.vol.estimate(later).sigma == pytest.approx(calm.vol.estimate(later).sigma, rel=0.1)
    assert min(wild.stand_ins.values()) > 83_990.0


def test_other_assets_are_not_listened_to():
    known = Underlying("BTC")
    known.tick("coinbase ETH-USD", T0, 3_000.0)
    assert known.spot(T0) is None


def test_a_clock_ahead_of_ours_makes_no_negative_age():
    known = Underlying("BTC")
    known.index_tick(T0, T0 + 400 * MILLISECOND, 84_000.0)
    assert known.spot(T0).age_ns == 0


def test_an_absurd_clock_is_not_believed():
    known = Underlying("BTC")
    known.index_tick(T0, T0 - 3600 * SECOND, 84_000.0)
    assert known.spot(T0 + SECOND).age_ns == SECOND
    known.index_tick(T0 + SECOND, 0, 84_001.0)
    assert known.index_second == T0 // SECOND + 1


def test_a_late_print_changes_no_spot():
    known = spoken()
    index(known, 60, 99_000.0)
    assert known.spot(last() + SECOND).price == 84_000.0


# ---------------------------------------------------------------- the window


def walked(known, until, start=0):
    """Index prints of 84,000 plus the second, up to a second after T0."""
    for second in range(start, until + 1):
        index(known, second, 84_000.0 + second)
    return known


def test_the_mean_joins_known_prints_and_spot():
    known = walked(Underlying("BTC"), 869)
    outlook = known.outlook(T0 + 869 * SECOND + 300 * MILLISECOND, CLOSE)
    out = [84_000.0 + second for second in range(841, 870)]
    assert outlook.known == 29
    assert outlook.mean == pytest.approx((sum(out) + 31 * 84_869.0) / 60)
    assert outlook.index_error == 0.0
    assert outlook.source == "BRTI"


@pytest.mark.parametrize(("second", "known"), [(840, 0), (841, 1), (899, 59), (900, 60)])
def test_which_prints_count(second, known):
    """The sixty of (close - 60 s, close]."""
    outlook = walked(Underlying("BTC"), second).outlook(T0 + second * SECOND + 300 * MILLISECOND, CLOSE)
    assert outlook.known == known


def test_all_prints_out_is_the_settlement():
    outlook = walked(Underlying("BTC"), 900).outlook(CLOSE + 300 * MILLISECOND, CLOSE)
    assert outlook.mean == pytest.approx(84_000.0 + np.arange(841, 901).mean())
    assert outlook.sd < 0.001


def test_the_venues_own_mean_stands_for_prints_missed():
    """Started in the middle of the window: what was before is in the mean the venue tells."""
    known = walked(Underlying("BTC"), 868, start=866)
    before = walked(Underlying("BTC"), 868)
    mean = float(np.mean([84_000.0 + second for second in range(841, 870)]))
    for each in (known, before):
        index(each, 869, 84_869.0, mean_60s=84_800.0, window_mean=mean)
    now = T0 + 869 * SECOND + 500 * MILLISECOND
    assert known.outlook(now, CLOSE).mean == pytest.approx(before.outlook(now, CLOSE).mean)
    assert known.outlook(now, CLOSE).index_error == 0.0


def test_prints_missed_and_untold_are_doubt():
    known = walked(Underlying("BTC"), 869, start=860)
    index(known, 870, 84_870.0, mean_60s=84_840.5)
    outlook = known.outlook(T0 + 870 * SECOND + 300 * MILLISECOND, CLOSE)
    assert outlook.known == 30
    assert outlook.mean == pytest.approx(
        (19 * 84_840.5 + sum(84_000.0 + s for s in range(860, 871)) + 30 * 84_870.0) / 60
    )
    assert outlook.index_error > 1.0


def test_a_proxy_stands_in_for_prints():
    """No index at all: whole seconds are filled with the proxy, and its error stays with them."""
    known = Underlying("BTC")
    for tenth in range(8_700):
        known.tick(COINBASE, T0 + tenth * SECOND // 10, 84_000.0 + tenth / 10)
    now = T0 + 870 * SECOND
    known.tick(COINBASE, now, 84_870.0)
    outlook = known.outlook(now, CLOSE)
    assert outlook.known == 30
    expected = (sum(84_000.0 + s - 0.1 for s in range(841, 871)) + 30 * 84_870.0) / 60
    assert outlook.mean == pytest.approx(expected, abs=0.01)
    assert outlook.index_error == pytest.approx(known.spot(now).error)


def test_a_gap_in_the_index_is_filled_by_the_proxy():
    known = Underlying("BTC")
    for second in range(800, 871):
        known.tick(COINBASE, T0 + second * SECOND - MILLISECOND, 84_000.0 + second)
        if not 850 <= second < 855:
            index(known, second, 84_000.0 + second)
    outlook = known.outlook(T0 + 870 * SECOND + 300 * MILLISECOND, CLOSE)
    assert outlook.mean == pytest.approx(
        (sum(84_000.0 + s for s in range(841, 871)) + 30 * 84_870.0) / 60, abs=0.2
    )
    assert 0.0 < outlook.index_error < 1.0


def test_five_readings_a_second_count_once():
    """The print of a second is the one stamped with it."""
    known = Underlying("BTC")
    for fifth in range(840 * 5, 870 * 5 + 5):
        ex = T0 + fifth * SECOND // 5
        known.index_tick(ex + 100 * MILLISECOND, ex, 84_000.0 + fifth / 5)
    outlook = known.outlook(T0 + 870 * SECOND + 950 * MILLISECOND, CLOSE)
    assert outlook.known == 30
    known_sum = sum(84_000.0 + s for s in range(841, 871))
    assert outlook.mean == pytest.approx((known_sum + 30 * 84_870.8) / 60)


def polled(known, first, last, value):
    """The prints of some seconds, told together a second after the last."""
    now = T0 + (last + 1) * SECOND
    for second in range(first, last + 1):
        known.index_tick(now, T0 + second * SECOND, value(second))


def test_a_polled_index_fills_the_window_and_teaches_the_basis():
    """A dozen prints at a time, up to a dozen seconds late, five dollars below the proxy."""
    known = Underlying("BTC")
    for second in range(600, 870):
        known.tick(COINBASE, T0 + second * SECOND - MILLISECOND, 84_005.0 + second / 10)
        if second % 12 == 11:
            polled(known, second - 11, second, lambda s: 84_000.0 + s / 10)
    now = T0 + 869 * SECOND + 500 * MILLISECOND
    outlook = known.outlook(now, CLOSE)
    assert outlook.source == "PROXY coinbase"
    assert outlook.known == 29
    exact = sum(84_000.0 + s / 10 for s in range(841, 870))
    assert outlook.mean == pytest.approx((exact + 31 * 84_086.9) / 60, abs=0.3)
    assert 0 < outlook.index_error < 3.0


def test_late_prints_are_no_returns():
    """The proxy has told of the move already; the late index moves no volatility."""
    known = spoken()
    for second in range(120, 180):
        known.tick(COINBASE, T0 + second * SECOND, 84_000.0)
    before = msgspec.json.encode(known.vol)
    known.index_tick(T0 + 180 * SECOND, T0 + 150 * SECOND, 84_300.0)
    assert msgspec.json.encode(known.vol) == before


def test_an_index_alone_is_heard_however_late():
    known = Underlying("BTC")
    for second in range(0, 600, 12):
        polled(known, second, second + 11, lambda s: 84_000.0 * math.exp(2e-4 * math.sin(s)))
    assert known.vol.squares.fast.n > 20


# ---------------------------------------------------------------- what follows


def test_volatility_of_the_index():
    known = Underlying("BTC")
    rng = np.random.default_rng(4)
    value = 84_000.0
    for second in range(3600):
        value *= math.exp(0.6 / math.sqrt(YEAR_S) * rng.standard_normal())
        index(known, second, value)
    assert known.vol.estimate(T0 + 3600 * SECOND).sigma == pytest.approx(0.6, rel=0.15)
    assert known.vol.prior == 0.42


def test_volatility_does_not_see_the_change_of_speaker():
    """The proxy is 60 dollars beside the index; taking over from it is no return of 60 dollars."""
    known = spoken(seconds=300, basis=60.0)
    before = dict(known.vol.estimate(last(300)).parts)["ewma"]
    for second in range(300, 600):
        known.tick(COINBASE, T0 + second * SECOND, 84_060.0)
    assert dict(known.vol.estimate(T0 + 600 * SECOND).parts)["ewma"] < before


def test_change():
    known = walked(Underlying("BTC"), 600)
    now = T0 + 600 * SECOND + 300 * MILLISECOND
    assert known.change(now, 300 * SECOND) == pytest.approx(math.log(84_600 / 84_292), abs=2e-4)
    assert known.change(now, 700 * SECOND) is None


def test_change_over_a_silence_is_not_known():
    known = walked(walked(Underlying("BTC"), 100), 600, start=500)
    assert known.change(T0 + 600 * SECOND, 300 * SECOND) is None


def test_implied_volatility_reaches_long_outlooks():
    known = spoken()
    now = last() + SECOND
    before = known.outlook(now, now + 86_400 * SECOND)
    known.imply(now, 1.2)
    assert known.outlook(now, now + 86_400 * SECOND).vol > before.vol * 1.5
    assert known.outlook(now, now + 600 * SECOND).vol == before.vol


def test_an_expiry_is_implied_for_what_it_is_near():
    known = spoken()
    now = last() + SECOND
    known.imply(now, 1.2)
    index_only = known.outlook(now, now + 86_400 * SECOND).vol
    known.imply(now, 0.6, expiry_ns=now + 86_400 * SECOND)
    assert known.outlook(now, now + 86_400 * SECOND).vol < 0.75 * index_only


# ---------------------------------------------------------------- candles


def candles(hours, sigma, end=T0, seed=5):
    """Minutes of a path up to ``end``."""
    rng = np.random.default_rng(seed)
    prices = 84_000.0 * np.exp(np.cumsum(rng.standard_normal(hours * 3600) * sigma / math.sqrt(YEAR_S)))
    parts = prices.reshape(-1, 60)
    first = end - len(parts) * 60 * SECOND
    return [
        Bar(first + (i + 1) * 60 * SECOND, 60, *map(float, (part[0], part.max(), part.min(), part[-1])))
        for i, part in enumerate(parts)
    ]


def live(known, start_s, seconds):
    for second in range(start_s, start_s + seconds):
        known.tick(COINBASE, T0 + second * SECOND, 84_000.0)


def test_the_volatility_of_the_hours_before_is_known_at_the_start():
    known = Underlying("BTC")
    known.tick(COINBASE, T0, 84_000.0)
    assert known.outlook(T0, CLOSE).vol == pytest.approx(0.42)
    for bar in candles(5, 0.9):
        known.bar(COINBASE, T0 + SECOND // 2, bar)
    known.tick(COINBASE, T0 + SECOND, 84_000.0)
    outlook = known.outlook(T0 + SECOND, CLOSE)
    assert outlook.vol == pytest.approx(0.9, rel=0.12)
    assert outlook.vol_error < 0.2
    assert not known.bars


def ewma_after(order, waits):
    """The volatility after candles of several proxies at once, each of another level, and some seconds."""
    known = Underlying("BTC")
    live(known, 0, 2)
    for key, sigma in order:
        for bar in candles(5, sigma):
            known.bar(key, T0 + SECOND + 1, bar)
    live(known, 2, waits)
    return dict(known.vol.estimate(T0 + 20 * SECOND).parts).get("ewma", 0.0)


def test_the_best_of_those_who_answer_seeds():
    assert ewma_after([(DERIBIT, 1.5), (KRAKEN, 1.2), (COINBASE, 0.8)], 2) == pytest.approx(0.8, rel=0.15)
    assert ewma_after([(DERIBIT, 1.5), (KRAKEN, 0.8)], 8) == pytest.approx(0.8, rel=0.15)
    assert ewma_after([(DERIBIT, 0.8)], 8) == pytest.approx(0.8, rel=0.15)


def test_the_best_is_waited_for():
    assert ewma_after([(KRAKEN, 0.8)], 3) == 0.0


def test_a_second_answer_changes_nothing():
    known = Underlying("BTC")
    live(known, 0, 2)
    for bar in candles(5, 0.8):
        known.bar(COINBASE, T0 + SECOND, bar)
    live(known, 2, 2)
    before = msgspec.json.encode(known.vol)
    for key in (COINBASE, KRAKEN):
        for bar in candles(12, 2.0):
            known.bar(key, T0 + 4 * SECOND, bar)
    assert msgspec.json.encode(known.vol) == before
    assert not known.bars


def test_candles_of_others_are_not_taken():
    known = Underlying("BTC")
    live(known, 0, 2)
    for bar in candles(5, 0.8):
        known.bar("coinbase ETH-USD", T0 + SECOND, bar)
    assert not known.bars


def test_candles_alone_are_taken_too():
    """No price has come yet: the next second's candle is what makes time pass."""
    known = Underlying("BTC")
    *bars, late = candles(5, 0.8)
    for bar in bars:
        known.bar(COINBASE, T0, bar)
    known.bar(COINBASE, T0 + SECOND, late)
    assert known.vol.estimate(T0 + SECOND).sigma == pytest.approx(0.8, rel=0.15)
    assert known.spot(T0 + SECOND) is None


def test_an_outage_is_filled_by_candles():
    known = Underlying("BTC")
    live(known, 0, 600)
    live(known, 2400, 2)
    for bar in candles(1, 0.9, end=T0 + 2400 * SECOND):
        known.bar(COINBASE, T0 + 2401 * SECOND, bar)
    quiet = known.vol.estimate(T0 + 2402 * SECOND).sigma
    live(known, 2402, 1)
    assert known.vol.estimate(T0 + 2403 * SECOND).sigma > 1.5 * quiet


def test_the_number_of_candles_kept_is_bounded():
    known = Underlying("BTC")
    live(known, 0, 2)
    for bar in candles(20, 0.8):
        known.bar(COINBASE, T0 + SECOND, bar)
    assert len(known.bars[COINBASE]) == MOST_BARS
    again = msgspec.json.decode(msgspec.json.encode(known), type=Underlying)
    assert again == known
    for each in (known, again):
        live(each, 2, 2)
    assert again == known


def test_memory_is_bounded():
    known = spoken(seconds=1_500)
    assert len(known.prints) < 150
    assert len(known.stand_ins) < 150
    assert len(known.samples) <= 62


def test_the_state_restores_exactly():
    known = spoken(seconds=400, basis=3.0)
    known.tick(KRAKEN, last(400), 84_001.0)
    again = msgspec.json.decode(msgspec.json.encode(known), type=Underlying)
    assert again == known
    now = T0 + 401 * SECOND
    for each in (known, again):
        each.tick(COINBASE, now, 84_010.0)
        each.tick(KRAKEN, now + 1, 84_009.0)
        each.tick(COINBASE, now + 2, 84_011.0)
        index(each, 402, 84_008.0)
    assert again == known
    assert again.outlook(now + 2 * SECOND, CLOSE) == known.outlook(now + 2 * SECOND, CLOSE)


# ---------------------------------------------------------------- against a world whose truth is known


def moments(path: Path, known: Underlying, told: bool) -> Iterator[int]:
    """Feed a path as the world shows it; now and then a moment to look at it."""
    for now in range(path.start, CLOSE, SECOND // 10):
        known.tick(COINBASE, now, path.on(0, now))
        if now % SECOND == 300 * MILLISECOND and told:
            second = now // SECOND * SECOND
            known.index_tick(now, second, path.index(second) / UNDERLYING)
        if now % (11 * SECOND) == 300 * MILLISECOND and now > path.start + 60 * SECOND:
            yield now


@pytest.mark.parametrize("told", [True, False])
def test_fair_values_of_a_known_world(told):
    """Mids are near the truth, the more so the nearer the volatility; bands hold it about as often as they say."""
    misses, held = [], []
    for seed in range(2):
        path = paths((BTC,), T0, CLOSE + SECOND, np.random.default_rng(seed))["BTC"]
        middle = path.index(T0 + 450 * SECOND)
        markets = board(Ladder("BTC", 100 * UNDERLYING, above=3, between=4), middle, 0, CLOSE).markets
        contracts = [contract(market) for market in markets]
        known = Underlying("BTC")
        for now in moments(path, known, told):
            for market, ours in zip(markets, price(known.outlook(now, CLOSE), contracts), strict=True):
                true = fair(market, path, now)
                misses.append(abs(ours.mid - true))
                held.append(ours.low - 1e-9 <= true <= ours.high + 1e-9)
    assert np.mean(misses) < 0.035
    assert np.mean(held) > 0.85

"""Crypto across venues: the index against a candle, a strike against its neighbour, an hour against another."""

import msgspec
import pytest
from matchlistings import BRTI_RULES, five_pm, kalshi, kalshi_btc, pm, pm_btc, related, units, us_btc

from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation


def field(found, name):
    return next(each for each in found.differences if each.field == name)


def test_kalshi_and_polymarket_us_on_one_index_one_minute_and_one_strike_are_identical():
    found = related(kalshi_btc(), us_btc())
    assert (found.relation, found.polarity, found.twin) == (Relation.IDENTICAL, 1, False)
    assert field(found, "source").verdict == field(found, "window").verdict == "same"
    told = field(found, "terms")
    assert (told.a, told.b, told.verdict) == ("> 84,249.99", ">= 84,250", "same")


def test_the_index_against_an_exchanges_candle_is_a_twin_and_no_identity():
    found = related(kalshi_btc(), pm_btc())
    assert (found.relation, found.polarity, found.twin) == (Relation.OVERLAP, 1, True)
    assert field(found, "source").verdict == field(found, "window").verdict == "differs"


def test_one_value_at_the_boundary_is_a_twin_and_no_identity():
    strict = us_btc(strike_type="greater")
    found = related(kalshi_btc(), strict)
    assert (found.relation, found.twin) == (Relation.SUPERSET, True)
    assert related(strict, kalshi_btc()).relation is Relation.SUBSET


@pytest.mark.parametrize(("other", "why"), [({"hour": 12}, "observed"), ({"day": 6}, "period")])
def test_another_hour_or_day_is_another_question(other, why):
    found = related(kalshi_btc(), us_btc(**other))
    assert (found.relation, found.twin) == (Relation.UNKNOWN, False)
    assert why in found.refusal


def test_another_strike_of_one_index_and_minute_is_nested_and_no_twin():
    found = related(kalshi_btc(), us_btc("85250"))
    assert (found.relation, found.twin) == (Relation.SUPERSET, False)
    across = related(kalshi_btc(), pm_btc("85250"))
    assert (across.relation, across.twin) == (Relation.OVERLAP, False)


def test_below_a_strike_is_the_complement_of_at_or_above_it():
    below = us_btc(strike_type="less", floor=None, cap=units(84250))
    found = related(kalshi_btc(), below)
    assert (found.relation, found.polarity, found.twin) == (Relation.COMPLEMENT, -1, False)


def test_below_and_above_one_strike_that_leave_the_strike_out_are_near_opposites():
    below = us_btc(strike_type="less", floor=None, cap=units(84250))
    found = related(us_btc(strike_type="greater"), msgspec.structs.replace(below, venue="kalshi", ticker="k"))
    assert (found.relation, found.polarity, found.twin) == (Relation.DISJOINT, -1, True)


def test_ranges_of_two_venues_by_both_their_bounds():
    band = {"strike_type": "between", "floor": units(84200), "cap": units(84299.99)}
    ours, theirs = kalshi_btc(**band), us_btc(**band)
    assert related(ours, theirs).relation is Relation.IDENTICAL
    above = us_btc(strike_type="between", floor=units(84300), cap=units(84399.99))
    assert related(ours, above).relation is Relation.DISJOINT


def test_a_ticker_and_a_close_that_name_different_hours_are_refused():
    market = kalshi_btc(close_ns=five_pm(hour=16))
    assert "different hours" in read(market).doubt
    assert related(market, us_btc(hour=16)).relation is Relation.UNKNOWN


def test_a_repeated_hour_is_told_apart_by_the_close():
    """On 7 Nov 2027 New York has 1 am twice; the ticker cannot say which, the close can."""
    first = 1_825_563_600 * 10**9
    for close in (first, first + 3_600 * 10**9):
        market = kalshi_btc(title="", close_ns=close)
        market = msgspec.structs.replace(market, ticker="KXBTCD-27NOV0701-T84249.99")
        contract = read(market)
        assert (contract.instant_ns, contract.doubt) == (close, "")


def test_a_kalshi_threshold_without_its_fields_is_read_from_the_ticker():
    bare = kalshi_btc(strike_type="", floor=None, close_ns=0)
    contract = read(bare)
    assert (contract.low, contract.comparator, contract.instant_ns) == (units(84249.99), ">", five_pm())


def test_a_ladder_without_a_strike_is_refused():
    assert read(pm_btc(strike_type="", floor=None)).doubt
    assert read(kalshi_btc("84249.99", strike_type="functional", floor=None)).doubt


def window(market, horizon="15m", beat="84000", **custom):
    fields = dict(market.custom) | {"family": "updown", "horizon": horizon} | custom
    return msgspec.structs.replace(
        market, custom=tuple(sorted(fields.items())), strike_type="greater_or_equal", floor=units(float(beat))
    )


def quarter(**terms):
    stated = {"close_ns": five_pm(), "strike_type": "greater_or_equal"} | terms
    return kalshi("BTC price up in next 15 mins?", "KXBTC15M-27JAN051700-00", **stated)


def test_a_quarter_of_an_hour_up_or_down_on_one_index_is_identical_its_opening_price_known_or_not():
    ours = quarter(floor=units(84000))
    found = related(ours, window(us_btc()))
    assert found.relation is Relation.IDENTICAL
    assert related(quarter(), window(us_btc())).relation is Relation.IDENTICAL


def test_windows_that_opened_at_different_prices_are_twins_at_most():
    found = related(quarter(floor=units(84000)), window(us_btc(), beat="84001"))
    assert (found.relation, found.twin) == (Relation.OVERLAP, True)


def test_windows_of_another_length_or_another_source_are_no_identity():
    assert related(quarter(), window(us_btc(), horizon="1h")).relation is Relation.UNKNOWN
    stream = window(pm_btc(), settles="chainlink btc-usd twap60")
    found = related(quarter(), stream)
    assert (found.relation, found.twin) == (Relation.OVERLAP, True)
    assert read(stream).window_s == 60


def test_a_window_is_no_threshold():
    assert related(quarter(floor=units(84250)), us_btc()).relation is Relation.UNKNOWN


@pytest.mark.parametrize(
    ("title", "scope", "instant"),
    [
        ("Bitcoin Up or Down - January 5, 4:45PM-5:00PM ET", "15m", five_pm()),
        ("Bitcoin Up or Down - January 5, 4PM ET", "1h", five_pm()),
        ("Bitcoin Up or Down - January 4, 11:45PM-12:00AM ET", "15m", five_pm(hour=0)),
    ],
)
def test_windows_by_their_titles(title, scope, instant):
    contract = read(pm(title, expected_ns=five_pm()))
    assert (contract.measure, contract.scope, contract.instant_ns) == ("up or down", scope, instant)


def test_a_daily_threshold_by_its_words_is_at_noon_only_where_the_rules_say_so():
    title = "Will the price of Bitcoin be above $84,250 on January 5?"
    rules = 'The Binance 1 minute candle for BTC/USDT 12:00 in the ET timezone (noon) on that day, "Close".'
    silent, told = read(pm(title, expected_ns=five_pm())), read(pm(title, expected_ns=five_pm(), rules=rules))
    assert (silent.period, silent.instant_ns, silent.source) == ("2027-01-05", 0, "")
    assert (told.instant_ns, told.source) == (five_pm(hour=12), "binance BTC/USDT 1m")


def test_touching_a_price_is_another_question_than_ending_there():
    touch = read(pm("Will Bitcoin reach $150,000 in January 2027?"))
    dip = read(pm("Will Bitcoin dip to $60k in January 2027?"))
    assert (touch.measure, touch.scope, touch.low, touch.period) == (
        "touch",
        "high",
        units(150_000),
        "2027-01",
    )
    assert (dip.scope, dip.high) == ("low", units(60_000))


def test_what_else_is_asked_of_a_coin_is_read_by_its_words():
    assert read(pm("Will Bitcoin be banned in Ruritania in 2027?")).family == "text"


def test_rules_that_say_otherwise_than_the_series_make_a_twin():
    for there, instead, odd in (
        ("CF Benchmarks' Bitcoin Real-Time Index (BRTI)", "Coinbase's last price", "source"),
        ("sixty seconds", "30 seconds", "window"),
        ("sixty seconds", "thirty seconds", "window"),
    ):
        changed = kalshi_btc(rules=BRTI_RULES.replace(there, instead))
        found = related(changed, us_btc())
        assert (found.relation, found.twin) == (Relation.OVERLAP, True)
        assert field(found, odd).verdict != "same"

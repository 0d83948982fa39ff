"""What a confirmation covers, and when it is asked for again."""

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from matchlistings import five_pm, kalshi, kalshi_btc, pm, pm_btc, units, us_btc

from cockpit.models.match.read import read
from cockpit.models.match.rules import pair_key, rules_hash

TEXT = (
    "If the simple average of the sixty seconds of CF Benchmarks' Bitcoin Real-Time Index (BRTI) before {clock} is above "
    "{strike} at {clock} on {date}, then the market resolves to Yes. Prints within 60 seconds are weighed alike."
)
THEIRS = "Resolves on the mean of the 60 seconds before {clock} on {date}; at least ${round} pays."


def hour(h):
    return f"{h % 12 or 12} {'AM' if h < 12 else 'PM'} EST"


def pair(strike=84249, h=17, day=5, ours=TEXT, theirs=THEIRS):
    text = f"{strike}.99"
    words = {"clock": hour(h), "strike": text, "date": f"Jan {day}, 2027", "round": f"{strike + 1:,}"}
    a = kalshi_btc(text, h, day, rules=ours.format(**words))
    b = us_btc(str(strike + 1), h, day, rules=theirs.format(**words))
    return a, b


def hashed(a, b):
    return rules_hash(a, b, read(a), read(b))


@given(st.integers(10_000, 199_998), st.integers(0, 23), st.integers(1, 28))
@example(84_249, 12, 12)
def test_only_strike_date_and_hour_differ_between_markets_of_a_series(strike, h, day):
    assert hashed(*pair(strike, h, day)) == hashed(*pair())
    keys = {pair_key(*map(read, each)) for each in (pair(strike, h, day), pair())}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("60 seconds", "30 seconds"),
        ("sixty seconds", "thirty seconds"),
        ("CF Benchmarks", "Coinbase"),
        ("above", "at least"),
        ("resolves to Yes.", "resolves to Yes. "),
        ("simple average", "median"),
    ],
)
def test_any_other_change_asks_again(there, instead):
    a, b = pair()
    assert there in a.rules
    assert hashed(*pair(ours=TEXT.replace(there, instead))) != hashed(a, b)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from("abcxyz 0123456789.,;"))
def test_any_edit_of_the_words_asks_again(at, letter):
    edited = TEXT[:at] + letter + TEXT[at + 1 :]
    assume(edited != TEXT)
    assume(all(edited.count(field) == TEXT.count(field) for field in ("{clock}", "{strike}", "{date}")))
    assert hashed(*pair(ours=edited)) != hashed(*pair())


@given(st.text(max_size=40), st.text(max_size=40))
def test_texts_do_not_run_into_each_other(x, y):
    assume(x and "\x00" not in x + y)
    a, b = pair()
    one = msgspec.structs.replace(a, rules=x + y, rules_secondary="")
    two = msgspec.structs.replace(a, rules=y, rules_secondary=x)
    assume((one.rules, "") != (two.rules, two.rules_secondary))
    ca, cb = read(a), read(b)
    assert rules_hash(one, b, ca, cb) != rules_hash(two, b, ca, cb)


def test_a_strike_of_sixty_does_not_hide_the_window():
    words = "Mean of the last 60 seconds; above $60 pays."
    a = kalshi_btc("59.99", floor=units(60), rules=words)
    thirty = kalshi_btc("29.99", floor=units(30), rules=words.replace("60", "30"))
    b, c = us_btc("60"), us_btc("30")
    assert hashed(a, b) != hashed(thirty, c)


def test_the_same_whichever_comes_first():
    a, b = pair()
    ca, cb = read(a), read(b)
    assert rules_hash(a, b, ca, cb) == rules_hash(b, a, cb, ca)
    assert pair_key(ca, cb) == pair_key(cb, ca)


def test_what_the_key_of_a_series_tells_apart():
    a, b = map(read, pair())
    keys = {
        pair_key(a, b),
        pair_key(a, read(pm_btc())),
        pair_key(a, read(us_btc(strike_type="greater"))),
        pair_key(a, read(us_btc(series="btc-above-1d"))),
    }
    assert len(keys) == 4
    assert pair_key(a, b).startswith("KXBTCD~btc-above-1h price identical")
    assert "source" in pair_key(a, read(pm_btc()))


def test_other_families_are_confirmed_market_by_market():
    a = kalshi("Will Olga Brandt be arrested before Jan 2028?", "KXARREST-28JAN-OBRA", rules="x 2028")
    b = pm("Olga Brandt arrested before 2028?", rules="y")
    ca, cb = read(a), read(b)
    assert pair_key(ca, cb) == "KXARREST-28JAN-OBRA~0xabc"
    later = msgspec.structs.replace(a, rules="x 2029")
    assert rules_hash(later, b, ca, cb) != rules_hash(a, b, ca, cb)


def test_noon_as_polymarket_writes_it_is_the_hour():
    words = "Binance BTC/USDT 12:00 in the ET timezone (noon) on January {d}."
    keys = set()
    for d in (5, 6):
        a = kalshi_btc(hour=12, day=d, close_ns=five_pm(d, 12), rules="")
        b = pm_btc(hour=12, day=d, rules=words.format(d=d))
        keys.add(hashed(a, b))
    assert len(keys) == 1

"""What a confirmation covers, and when it is asked for again."""

import re

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


ROUND = "Mean of the {n} prints before {clock} on {date}; above ${strike} pays, at least {n} prints, within {n} business days."


@pytest.mark.parametrize(
    "counted",
    ["60 seconds", "60-second window", "60 sec", "60 s", "(60) seconds", "60 one-second prints", "60 consecutive values",
     "60 min", "60 RTI updates", "60 exchanges", "60 business days", "60 hr", "60 basis points", "rule 60", "60:00", "UTC-60"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["the average of ", "at least ", "more than ", "between "])
def test_what_is_counted_is_no_strike(head, counted):
    words = f"Above $60 pays; {head}{counted}"
    a = kalshi_btc("60", rules=words)
    thirty = kalshi_btc("30", rules=words.replace("60", "30"))
    assert hashed(a, us_btc("60")) != hashed(thirty, us_btc("30"))


RULES = (
    "If the simple average of the sixty (60) seconds of the index before 5 PM EST is above 84249.99 at 5 PM EST on Jan 5, 2027, "
    "of 12 exchanges, then Yes. Reviewed within 5 business days, until 6 PM ET, by table 3 of 2026, to 2 decimals."
)
OWN = {"84249.99", "5 PM", "Jan 5, 2027"}
NUMBER = re.compile(r"84249\.99|5 PM|Jan 5, 2027|[0-9]+|EST|ET")
OTHERS = [m.span() for m in NUMBER.finditer(RULES) if m[0] not in OWN]


@given(st.sampled_from(OTHERS), st.sampled_from(["1", "7", "15", "60", "84249.99", "EDT", "UTC", "", "5 PM"]))
def test_any_other_number_or_zone_asks_again(span, instead):
    edited = f"{RULES[: span[0]]}{instead}{RULES[span[1] :]}"
    assume(edited != RULES)
    b = us_btc()
    assert hashed(kalshi_btc(rules=edited), b) != hashed(kalshi_btc(rules=RULES), b)


@given(st.integers(20, 198), st.integers(20, 198), st.integers(1, 23))
def test_counts_that_run_along_with_the_strike_are_seen(strike, other, h):
    assume(strike != other)

    def of(n):
        words = ROUND.format(n=n, strike=n, clock=hour(h), date="Jan 5, 2027")
        return hashed(kalshi_btc(str(n), h, rules=words), us_btc(str(n), h))

    assert of(strike) != of(other)


def test_weather_texts_of_a_series_hash_alike_but_for_what_is_no_degree():
    def of(low, day, words):
        rules = f"If the highest temperature in Central Park for Dec {day:02}, 2027 is greater than {low}\u00b0, Yes. {words}"
        title = f"Highest temperature in NYC on Dec {day}, 2027?"
        terms = {"strike_type": "greater", "floor": units(low), "rules": rules}
        a = kalshi(title, f"KXHIGHNY-27DEC{day:02}-T{low}", **terms)
        return hashed(
            a, pm(f"Highest temperature in New York City on Dec {day}, 2027: {low + 1}\u00b0F or higher")
        )

    assert of(40, 1, "") == of(51, 12, "")
    assert of(-5, 1, "") == of(40, 1, "")
    assert of(5, 1, "Within 5 business days.") != of(7, 1, "Within 7 business days.")
    assert of(5, 1, "From 5:00 UTC.") != of(7, 1, "From 7:00 UTC.")
    assert of(5, 1, "Higher than -5.") != of(7, 1, "Higher than -7.")


def test_a_listing_beside_itself_is_hashed():
    a = kalshi_btc()
    assert rules_hash(a, us_btc(), read(a), read(us_btc())) != rules_hash(a, a, read(a), read(a))


def test_a_placeholder_in_a_text_is_no_literal():
    words = "Above 84249.99 at the close."
    a, forged = kalshi_btc(rules=words), kalshi_btc(rules=words.replace("84249.99", "\x00low\x00"))
    assert hashed(a, us_btc()) != hashed(forged, us_btc())

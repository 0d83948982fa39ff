"""Any listing is read; nothing heavy is loaded for it."""

import subprocess
import sys
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matchlistings import kalshi, pm

from cockpit.domain.markets import EventGroup, Market
from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation, compare
from cockpit.models.match.rules import rules_hash

MIXED = (
    "Will the Fed cut rates by 25 bps Bitcoin above $100k on May 5, 2027 12PM ET? House seat TX-17 Democrats win "
    'before 2028 CPI 0.3% Q2 GDP say "tariff" 5+ times NYC high temperature 41° or higher Lakers vs. Celtics not '
    "up or down O/U 224.5 (-3.5) Senate primary who first round between 5 and 9 - : \x00 É 日本 2027-02-31 \u0663 \u20ac5 -$5 4.20"
)
WORDS = st.lists(st.sampled_from(MIXED.split(" ")), max_size=14).map(" ".join)
TICKERS = st.sampled_from(
    ["", "x", "KXBTCD-27JAN0525-T1", "KXBTC15M-27FEB302561-00", "KXNBAGAME-27JAN15AAABBB-CCC", "KXFEDDECISION-27OCT-C1",
     "KXHOUSERACE-ZZ99-26-Q", "KXHIGHNY-27FEB30-B1", "KXNBASPREAD-27JAN15OKCSAS-SAS4"]
)  # fmt: skip


@st.composite
def markets(draw):
    ticker = draw(TICKERS)
    edge = st.none() | st.integers(-(10**14), 10**14)
    return Market(
        ticker=ticker,
        venue=draw(st.sampled_from(("kalshi", "polymarket", "polymarket_us"))),
        series=ticker.partition("-")[0],
        title=draw(WORDS | st.text(max_size=60)),
        subtitle=draw(WORDS),
        rules=draw(WORDS),
        strike_type=draw(st.sampled_from(("", "greater", "less", "between", "custom"))),
        floor=draw(edge),
        cap=draw(edge),
        custom=draw(
            st.sampled_from(
                ((), (("family", "above"),), (("asset", "BTC"), ("family", "touch"), ("settles", "x")))
            )
        ),
        close_ns=draw(st.sampled_from((0, 1_800_000_000 * 10**9))),
        expected_ns=draw(st.sampled_from((0, 1_800_000_000 * 10**9))),
    )


@given(markets(), markets())
def test_any_listing_is_read_and_any_two_compared(a, b):
    found = compare(read(a), read(b))
    assert (found.relation is Relation.UNKNOWN) == bool(found.refusal)
    assert not (found.accepted and found.twin)


@given(markets())
def test_a_market_is_its_own_question_or_refused(market):
    found = compare(read(market), read(market))
    assert found.relation in (Relation.IDENTICAL, Relation.UNKNOWN, Relation.OVERLAP)
    assert found.polarity in (0, 1)


def test_several_markets_at_once_are_refused():
    assert read(kalshi("yes Over 8.5 runs scored,yes Minnesota", "KXMVECROSS-S1-2")).doubt


def test_nothing_heavy_is_loaded():
    code = (
        "import sys, cockpit.models.match.index, cockpit.models.match.read, cockpit.models.match.rules\n"
        "print(sorted({'numpy', 'rapidfuzz', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


LONG = "9" * 5_000


@pytest.mark.parametrize(
    "market",
    [
        pm("Will Bitcoin reach $1.123456789 by May 5, 2027?"),
        pm("Will Bitcoin reach \u0663\u0664 by May 5, 2027?"),
        pm("Will Bitcoin hit \u20ac100,000 in 2027?"),
        pm("Lakers vs. Celtics: O/U 224.123456789123"),
        pm("Lakers vs Celtics: Lakers wins by over \u0663 points"),
        pm("Spread: Lakers (-5.123456789123) vs Celtics"),
        pm(f"Will the Fed cut rates by {LONG} bps at the December 2027 meeting?"),
        pm(f"Will the Fed cut rates by {LONG[:300]} bps at the December 2027 meeting?"),
        pm(f'Will Trump say "tariff" {LONG[:300]}+ times on May 5 2027?'),
        pm("Bitcoin above 1 on May 5, 2027", custom=(("asset", "BTC"), ("family", "above"), ("settles", "x twap\u00b2"))),
        pm("Bitcoin above 1", custom=(("asset", "BTC"), ("family", "above"), ("index", "x"), ("round_digits", "\u00b2"))),
        pm("Bitcoin above 1", custom=(("asset", "BTC"), ("family", "above"), ("index", "x"), ("round_digits", LONG))),
        pm("Will X win in May?", expected_ns=10**30, open_ns=-1, clear_ns=10**30),
        kalshi("Bitcoin price", "KXBTCD-27MAR1017-T1.123456789"),
        kalshi("Bitcoin price", "KXBTCD-27MAR1017-T60", rules=f"the {LONG} seconds"),
        kalshi("Fed", f"KXFEDDECISION-27FEB-H{LONG[:400]}"),
        kalshi("Boston vs New York Y Winner?", "KXMLBGAME-27JUL049999BOSNYY-NYY", subtitle="New York Y"),
    ],
    ids=range(17),
)  # fmt: skip
def test_odd_numbers_raise_nothing(market):
    contract = read(market)
    assert compare(contract, contract).confidence <= 1
    assert rules_hash(market, market, contract, contract)


HUGE = 100_000


@pytest.mark.parametrize(
    "piece",
    ["9", " ", "a ", "vs ", "a vs b ", "recorded at the a ", "will the a win ", '"', "(", "1,", "5 to "],
)
def test_long_texts_take_no_longer_than_their_length(piece):
    text = piece * (HUGE // len(piece))
    began = perf_counter()
    for head in ("Lakers vs. Celtics ", "Highest temperature in NYC ", "Will Trump say ", ""):
        market = kalshi(head + text, "KXHIGHNY-27DEC01-T40", subtitle=text, rules=text, rules_secondary=text)
        group = EventGroup("1", "kalshi", title=text, subtitle=text)
        contract = read(market, group)
        rules_hash(market, market, contract, contract)
        read(pm(head + text[: 1_000 - len(head)], rules=text))
    assert perf_counter() - began < 4


def test_a_title_too_long_to_read_is_refused_and_blanks_count_as_one():
    assert "1,000 characters" in read(pm("Will it rain? " * 100)).doubt
    spaced = pm("Will   Ana Ruiz\n be arrested" + " " * 5_000 + "in 2027?")
    assert compare(read(kalshi("Will Ana Ruiz be arrested in 2027?")), read(spaced)).accepted

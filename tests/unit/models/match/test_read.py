"""Any listing is read; nothing heavy is loaded for it."""

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st
from matchlistings import kalshi

from cockpit.domain.markets import Market
from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation, compare

MIXED = (
    "Will the Fed cut rates by 25 bps Bitcoin above $100k on May 5, 2027 12PM ET? House seat TX-17 Democrats win "
    'before 2028 CPI 0.3% Q2 GDP say "tariff" 5+ times NYC high temperature 41° or higher Lakers vs. Celtics not '
    "up or down O/U 224.5 (-3.5) Senate primary who first round between 5 and 9 - : \x00 É 日本 2027-02-31"
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

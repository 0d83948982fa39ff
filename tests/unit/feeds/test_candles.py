"""Minute candles of mention markets: listings, closing prices and results, whole or refused."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventListed, MarketListed, MarketSettled, Quote
from cockpit.domain.markets import SettlementState
from cockpit.domain.units import PRICE
from cockpit.feeds.base import Frame
from cockpit.feeds.candles import LISTED, MINUTES, RESULTS, CandlesFeed
from cockpit.models.mentions.speeches import phrase_of

EVENT = {
    "day": "2026-03-04", "event_ticker": "KXTRUMPMENTION-26MAR04", "title": "What will Trump say during his rally in Ohio?",
    "markets": [
        {"ticker": "KXTRUMPMENTION-26MAR04-CRY", "word": "Crypto / Bitcoin"},
        {"ticker": "KXTRUMPMENTION-26MAR04-TAR", "word": "Tariff (5+ times)"},
    ],
}  # fmt: skip
MINUTE = {
    "ticker": "KXTRUMPMENTION-26MAR04-CRY", "end_period_ts": "1772600000", "yes_bid_close": "41",
    "yes_ask_close": "44.5", "volume": "",
}  # fmt: skip
PAID = {"results": {"KXTRUMPMENTION-26MAR04-CRY": "yes", "KXTRUMPMENTION-26MAR04-TAR": "no"}}
FRAMES = {LISTED: EVENT, MINUTES: MINUTE, RESULTS: PAID}


def read(source, row, feed=None):
    raw = row if isinstance(row, bytes) else json.dumps(row).encode()
    return list((feed or CandlesFeed()).receive(Frame(1, 1_000, source, msgspec.Raw(raw))))


def test_an_event_lists_its_phrases():
    group, *markets = read(LISTED, EVENT)
    assert isinstance(group, EventListed)
    assert (group.group.title, group.group.series) == (EVENT["title"], "KXTRUMPMENTION")
    assert all(isinstance(each, MarketListed) for each in markets)
    crypto, tariff = (phrase_of(each.market, group.group) for each in markets)
    assert (crypto.speaker, crypto.day, crypto.label, crypto.least) == (
        "trump", "2026-03-04", "Crypto / Bitcoin", 1,
    )  # fmt: skip
    assert tariff.least == 5


@pytest.mark.parametrize(
    ("bid", "ask", "told"),
    [
        ("41", "44.5", (4_100, 4_450)),
        ("0", "100", (EMPTY_BID, EMPTY_ASK)),
        ("", "7", (EMPTY_BID, 700)),
        ("93", "", (9_300, EMPTY_ASK)),
        ("93", "0", (9_300, EMPTY_ASK)),
    ],
)
def test_a_minute_is_a_top_without_sizes(bid, ask, told):
    (quote,) = read(MINUTES, MINUTE | {"yes_bid_close": bid, "yes_ask_close": ask})
    assert quote == Quote(1_000, 0, MINUTE["ticker"], told[0], 0, told[1], 0)


def test_a_minute_without_a_price_is_counted():
    feed = CandlesFeed()
    assert read(MINUTES, MINUTE | {"yes_bid_close": "", "yes_ask_close": ""}, feed) == []
    assert feed.census == {"minute without a price": 1}


def test_results_settle_for_good():
    crypto, tariff = PAID["results"]
    assert read(RESULTS, PAID) == [
        MarketSettled(1_000, crypto, SettlementState.FINAL, PRICE),
        MarketSettled(1_000, tariff, SettlementState.FINAL, 0),
    ]


@pytest.mark.parametrize(
    ("source", "row"),
    [
        (LISTED, {}),
        (LISTED, EVENT | {"event_ticker": ""}),
        (LISTED, EVENT | {"markets": [{"ticker": "A", "word": ""}]}),
        (MINUTES, MINUTE | {"yes_bid_close": "101"}),
        (MINUTES, MINUTE | {"yes_bid_close": "44.5"}),
        (MINUTES, MINUTE | {"yes_bid_close": "a few"}),
        (MINUTES, MINUTE | {"yes_bid_close": "NaN"}),
        (MINUTES, MINUTE | {"ticker": ""}),
        (RESULTS, {"results": {"A": "void"}}),
        ("candles.other", MINUTE),
    ],
)
def test_frames_that_are_none(source, row):
    with pytest.raises(FeedError):
        read(source, row)


@given(st.sampled_from(sorted(FRAMES)), st.integers(0, 400), st.binary(max_size=3))
def test_a_broken_frame_is_refused_and_nothing_else(source, at, put):
    raw = json.dumps(FRAMES[source]).encode()
    with suppress(FeedError):
        read(source, raw[: at % len(raw)] + put + raw[at % len(raw) + len(put) :])


def test_nothing_is_kept():
    feed = CandlesFeed()
    read(LISTED, EVENT, feed)
    assert feed.memory() == b"null"
    feed.recall(b"null")
    with pytest.raises(msgspec.MsgspecError):
        feed.recall(b"[1]")

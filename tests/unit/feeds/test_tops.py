"""Rows of pairs by shape: listings once, quotes without sizes, and nothing that nobody quoted. All rows are invented."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import EventListed, MarketListed, Quote
from cockpit.domain.units import PRICE, SECOND
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.tops import CPI, CUP, MACRO, SOURCE, TopsFeed, derived

T = 1_800_000_000 * SECOND
QUOTED = "real_ask"


def frame(row: Any) -> Frame:
    raw = row if isinstance(row, bytes) else json.dumps(row).encode()
    return Frame(1, T, SOURCE, msgspec.Raw(raw))


def macro(**more: Any) -> dict[str, Any]:
    row = {
        "schema_version": MACRO, "captured_at": "2027-01-15T08:00:00+00:00", "family": "fed_decision",
        "meeting": "2027-03", "bucket": "hike_25",
        "kalshi": {"ticker": "KXFEDDECISION-27MAR-H25", "yes_bid": 0.11, "yes_ask": 0.13, "no_bid": 0.87,
                   "no_ask": 0.89, "price_source_tag": QUOTED},
        "polymarket": {"market_id": "777001", "event_id": "5501", "best_bid": 0.121, "best_ask": 0.128,
                       "book_fetch_ok": True, "price_source_tag": QUOTED},
    }  # fmt: skip
    return merged(row, more)


def cup(**more: Any) -> dict[str, Any]:
    row = {
        "schema_version": CUP, "captured_at": "2027-01-15T08:00:00+00:00", "round": "semifinals", "team": "Atlantis",
        "kalshi": {"ticker": "KXWCROUND-30SEMI-ATL", "yes_bid": 0.4, "yes_ask": 0.42, "price_source_tag": QUOTED},
        "polymarket": {"market_id": "88", "event_id": "9", "best_bid": 0.41, "best_ask": 0.43,
                       "price_source_tag": QUOTED},
    }  # fmt: skip
    return merged(row, more)


def cpi(**more: Any) -> dict[str, Any]:
    row = {
        "schema_version": CPI, "captured_at": "2027-01-15T08:00:00+00:00", "family": "cpi", "period": "2027-02",
        "series": "cpi_core_mom", "bucket_kind": "exact", "bucket_value": 0.3, "prob_gap": -0.01,
        "kalshi": {"event_ticker": "KXCPICORE-27FEB", "derived_prob": 0.31000000000000005,
                   "price_source_tag": "synthetic"},
        "polymarket": {"market_id": "61", "event_id": "6", "best_bid": 0.3, "best_ask": 0.33,
                       "book_fetch_ok": True, "price_source_tag": QUOTED},
    }  # fmt: skip
    return merged(row, more)


def merged(row: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    for key, value in more.items():
        row[key] = {**row[key], **value} if isinstance(value, dict) else value
    return row


def markets(events: Any) -> list[Any]:
    return [event.market for event in events if isinstance(event, MarketListed)]


def quotes(events: Any) -> list[Quote]:
    return [event for event in events if isinstance(event, Quote)]


def test_it_is_a_feed_that_asks_for_nothing() -> None:
    feed: Feed = TopsFeed()
    assert (feed.requests(), feed.asks(), feed.outgoing(SOURCE)) == ([], [], [])
    feed.reset(SOURCE)


def test_a_row_lists_both_markets_and_quotes_them() -> None:
    events = TopsFeed().receive(frame(macro()))
    assert [type(event).__name__ for event in events] == [
        "EventListed", "MarketListed", "Quote", "EventListed", "MarketListed", "Quote",
    ]  # fmt: skip
    assert quotes(events) == [
        Quote(T, 0, "KXFEDDECISION-27MAR-H25", 1100, 0, 1300, 0),
        Quote(T, 0, "777001", 1210, 0, 1280, 0),
    ]
    here, there = markets(events)
    assert (here.venue, here.event, here.series) == ("kalshi", "KXFEDDECISION-27MAR", "KXFEDDECISION")
    assert (there.venue, there.event, there.least) == ("polymarket", "5501", 5_000_000)
    assert here.title == "Fed decision in March 2027: hike of 25 bps"
    assert there.title == "Fed increases interest rates by 25 bps after March 2027 meeting?"
    assert not here.rules
    assert not there.rules
    assert here.custom == there.custom == (("bucket", "hike_25"), ("meeting", "2027-03"))
    assert (there.fees.rate, there.fees.taker_only) == (500, True)
    assert all(event.group.exclusive for event in events if isinstance(event, EventListed))


@pytest.mark.parametrize(
    ("bucket", "here", "there"),
    [
        ("hike_50plus", "hike of more than 25 bps", "Fed increases interest rates by 50+ bps"),
        ("no_change", "no change", "No change in Fed interest rates"),
        ("cut_25", "cut of 25 bps", "Fed decreases interest rates by 25 bps"),
        ("cut_50plus", "cut of more than 25 bps", "Fed decreases interest rates by 50+ bps"),
    ],
)
def test_buckets_in_words(bucket: str, here: str, there: str) -> None:
    one, other = markets(TopsFeed().receive(frame(macro(bucket=bucket))))
    assert one.title == f"Fed decision in March 2027: {here}"
    assert other.title == f"{there} after March 2027 meeting?"


def test_a_cup_in_words() -> None:
    events = TopsFeed().receive(frame(cup()))
    here, there = markets(events)
    assert here.title == there.title == "Will Atlantis reach the semifinals of the 2030 FIFA World Cup?"
    assert here.custom == (("round", "semifinals"), ("team", "Atlantis"))
    assert there.fees.rate == 300
    assert not any(event.group.exclusive for event in events if isinstance(event, EventListed))


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [("exact", 0.3, "0.3%"), ("floor", 0.0, "0.0% or lower"), ("ceiling", 0.6, "0.6% or higher")],
)
def test_what_was_derived_is_passed_over(kind: str, value: float, words: str) -> None:
    feed = TopsFeed()
    events = feed.receive(frame(cpi(bucket_kind=kind, bucket_value=value)))
    (there,) = markets(events)
    assert there.venue == "polymarket"
    assert there.title == f"Will Core CPI month over month be {words} in February 2027?"
    assert quotes(events) == [Quote(T, 0, "61", 3000, 0, 3300, 0)]
    assert feed.census == {"derived quote": 1}
    assert derived(json.dumps(cpi(), separators=(",", ":")).encode())
    assert not derived(json.dumps(macro()).encode())
    assert feed.receive(frame(cpi(polymarket={"price_source_tag": "synthetic"}))) == []
    assert feed.census == {"derived quote": 3}


def test_markets_are_listed_once_and_after_a_restart_not_again() -> None:
    feed = TopsFeed()
    feed.receive(frame(macro()))
    other = macro(
        bucket="cut_25", kalshi={"ticker": "KXFEDDECISION-27MAR-C25"}, polymarket={"market_id": "777002"}
    )
    events = feed.receive(frame(other))
    assert [market.ticker for market in markets(events)] == ["KXFEDDECISION-27MAR-C25", "777002"]
    assert len(events) == 4
    again = TopsFeed()
    again.recall(feed.memory())
    assert [type(event) for event in again.receive(frame(macro()))] == [Quote, Quote]
    assert again.memory() == feed.memory()
    with pytest.raises(msgspec.MsgspecError):
        again.recall(b'{"met":1}')


@pytest.mark.parametrize(
    ("side", "bid", "ask"),
    [
        ({"yes_bid": 0.0, "yes_ask": 0.01}, 0, 100),
        ({"yes_bid": 0.99, "yes_ask": 1.0}, 9900, PRICE),
        ({"yes_bid": None, "yes_ask": None}, 0, PRICE),
        ({"yes_bid": 0.5, "yes_ask": 0.0}, 5000, PRICE),
        ({"yes_bid": 0.29, "yes_ask": 0.3}, 2900, 3000),
    ],
)
def test_an_empty_side(side: Any, bid: int, ask: int) -> None:
    assert quotes(TopsFeed().receive(frame(macro(kalshi=side))))[0] == Quote(
        T, 0, "KXFEDDECISION-27MAR-H25", bid, 0, ask, 0
    )


def test_a_book_that_was_not_fetched_is_not_quoted() -> None:
    feed = TopsFeed()
    missing = {"book_fetch_ok": False, "best_bid": None, "best_ask": None}
    events = feed.receive(frame(macro(polymarket=missing)))
    assert len(markets(events)) == 2
    assert [quote.market for quote in quotes(events)] == ["KXFEDDECISION-27MAR-H25"]
    assert feed.census == {"book not fetched": 1}


@pytest.mark.parametrize(
    "row",
    [
        b"[]", b"{}", b"nonsense", b'{"schema_version":"polymarket_macro_pairs.v1"}',
        macro(schema_version="polymarket_macro_pairs.v9"), macro(bucket="sideways"), macro(meeting="2027"),
        macro(meeting="2027-13"), macro(meeting="March"), macro(kalshi={"yes_bid": 1.01}),
        macro(kalshi={"yes_bid": -0.01}), macro(kalshi={"ticker": ""}), macro(polymarket={"market_id": 5}),
        cup(team=""), cup(round=""), cup(kalshi={"ticker": "KXWCROUND"}), cpi(series="cpi_lunar"),
        cpi(bucket_value=None), cpi(bucket_kind="about"), cpi(period=""),
    ],
)  # fmt: skip
def test_what_is_no_row_is_refused_whole(row: Any) -> None:
    feed = TopsFeed()
    with pytest.raises(FeedError, match="pair row"):
        feed.receive(frame(row))
    assert feed.memory() == b"[]"


def splice(at: int, junk: bytes) -> bytes:
    row = json.dumps(macro()).encode()
    return row[:at] + junk + row[at + len(junk) :]


@given(st.binary(max_size=60) | st.builds(splice, st.integers(0, 400), st.binary(max_size=3)))
def test_a_damaged_row_gives_events_or_feed_error(raw: bytes) -> None:
    try:
        events = TopsFeed().receive(frame(raw))
    except FeedError:
        return
    for quote in quotes(events):
        assert 0 <= quote.bid <= PRICE
        assert 0 < quote.ask <= PRICE

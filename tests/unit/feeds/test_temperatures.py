"""Captures of temperature markets: rules, books, reports and results, whole or refused."""

import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    BookSnapshot,
    ClimateReported,
    MarketListed,
    MarketSettled,
    SeriesListed,
    TemperatureForecast,
)
from cockpit.domain.units import PRICE, QTY, UNDERLYING
from cockpit.feeds.base import Frame
from cockpit.feeds.temperatures import SOURCE, TemperaturesFeed

META = {
    "schema_version": "weather_series_meta.v1", "series": "KXHIGHNY", "title": "Highest temperature in NYC",
    "rules_primary": "the highest temperature recorded in Central Park", "rules_secondary": "", "fee_type": "quadratic",
    "fee_multiplier": 1,
}  # fmt: skip
BOOK = {
    "schema_version": "weather_books.v1", "ticker": "KXHIGHNY-26JUL15-B88.5", "series": "KXHIGHNY",
    "strike_type": "between", "floor_strike": 88, "cap_strike": 89, "close_time": "2026-07-16T04:59:00Z",
    "yes_bids": [[0.41, 10.5], [0.4, 3]], "no_bids": [[0.55, 20]], "yes_sub_title": "88 to 89",
}  # fmt: skip
ACTUAL = {
    "schema_version": "weather_actuals.v1", "cli_station": "KNYC", "target_day": "2026-07-15",
    "actuals": {"high": {"cli": 89.0}, "low": {"cli": 71.0}},
    "settled_markets": {"events": [{"results": {"KXHIGHNY-26JUL15-B88.5": "yes", "KXHIGHNY-26JUL15-T93": "void"}}]},
}  # fmt: skip


def read(*rows, feed=None):
    feed = feed or TemperaturesFeed()
    return [
        e
        for i, row in enumerate(rows)
        for e in feed.receive(Frame(i, 1_000 + i, SOURCE, msgspec.Raw(json.dumps(row).encode())))
    ]


def test_a_market_is_listed_once_with_its_series_rules_and_its_book_each_time():
    series, listed, book, again = read(META, BOOK, BOOK)
    assert isinstance(series, SeriesListed)
    assert isinstance(listed, MarketListed)
    assert (listed.market.rules, listed.market.floor, listed.market.cap) == (
        META["rules_primary"], 88 * UNDERLYING, 89 * UNDERLYING,
    )  # fmt: skip
    assert isinstance(book, BookSnapshot)
    assert book.bids == ((4_100, 10 * QTY + QTY // 2), (4_000, 3 * QTY))
    assert book.asks == ((4_500, 20 * QTY),)
    assert again.bids == book.bids


def test_a_report_its_persistence_and_the_results():
    report, following, settled = read(ACTUAL)
    assert isinstance(report, ClimateReported)
    assert (report.report.high, report.report.low, report.report.final) == (89, 71, True)
    assert isinstance(following, TemperatureForecast)
    assert (following.forecast.day, following.forecast.high) == ("2026-07-16", 8_900)
    assert isinstance(settled, MarketSettled)
    assert settled.value == PRICE


def test_what_was_read_is_kept():
    feed = TemperaturesFeed()
    read(META, BOOK, feed=feed)
    other = TemperaturesFeed()
    other.recall(feed.memory())
    assert len(read(BOOK, feed=other)) == 1


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"schema_version": "other.v1"},
        BOOK | {"yes_bids": [[1.2, 1]]},
        BOOK | {"floor_strike": 900},
        BOOK | {"close_time": "soon"},
        ACTUAL | {"target_day": "2026-02-30"},
        ACTUAL | {"actuals": {"high": {"cli": 89.5}}},
        META | {"fee_multiplier": -1},
    ],
)
def test_rows_that_are_none(row):
    with pytest.raises(FeedError):
        read(row)


@given(st.sampled_from([META, BOOK, ACTUAL]), st.integers(0, 400), st.binary(max_size=3))
def test_a_broken_row_is_refused_and_nothing_else(row, at, put):
    raw = json.dumps(row).encode()
    broken = raw[: at % len(raw)] + put + raw[at % len(raw) + len(put) :]
    with suppress(FeedError):
        TemperaturesFeed().receive(Frame(1, 1, SOURCE, msgspec.Raw(broken)))

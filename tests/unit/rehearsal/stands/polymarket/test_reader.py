"""Reading the stage's Kalshi frames."""

import json

import pytest
from polystall import CLOSE, LADDER, WINDOW, record

from cockpit.domain.units import ASK, BID, SECOND, UNDERLYING
from cockpit.rehearsal.polymarket.terms import grouped
from cockpit.rehearsal.stands.polymarket.reader import (
    Book,
    Delta,
    Life,
    Print,
    Reading,
    Record,
    answer,
    fact,
    hundredths,
)
from cockpit.rehearsal.stands.polymarket.terms import family_of, paid, terms_of


def framed(kind, **msg):
    return json.dumps({"type": kind, "sid": 2, "seq": 9, "msg": msg}).encode()


def test_a_no_level_is_told_in_yes_terms():
    made = {"market_ticker": "M", "price_dollars": "0.3000", "delta_fp": "-12.50"}
    assert fact(framed("orderbook_delta", side="no", **made)) == Delta("M", ASK, 7_000, -1_250)
    assert fact(framed("orderbook_delta", side="yes", **made)) == Delta("M", BID, 3_000, -1_250)


def test_a_whole_book_and_a_side_that_is_left_out():
    told = fact(framed("orderbook_snapshot", market_ticker="M", yes_dollars_fp=[["0.1000", "3.00"]]))
    assert told == Book("M", ((1_000, 300),), ())


def test_prints_but_no_blocks():
    body = {
        "market_ticker": "M", "trade_id": "x", "yes_price_dollars": "0.2500", "count_fp": "4.00",
        "taker_book_side": "ask",
    }  # fmt: skip
    assert fact(framed("trade", **body)) == Print("M", "x", 2_500, 400, ASK)
    assert fact(framed("trade", is_block_trade=True, **body)) is None


def test_news_of_a_market_and_an_index_print():
    told = fact(framed("market_lifecycle_v2", market_ticker="M", event_type="determined", result="no"))
    assert told == Life("M", "determined", None, 0)
    told = fact(framed("market_lifecycle_v2", market_ticker="M", event_type="x", floor_strike=84_213.5))
    assert told == Life("M", "x", 8_421_350_000_000, None)
    half = fact(framed("market_lifecycle_v2", market_ticker="M", event_type="x", settlement_value="0.5000"))
    assert half.value == 5_000
    index = fact(framed("cfbenchmarks_value", index_id="BRTI", data='{"time":1796000001000,"value":"1.5"}'))
    assert index == Reading("BRTI", 1_796_000_001, "1.5")


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"\xff", b"[]", b'{"type":"ticker","msg":{}}', b'{"type":"trade"}', b'{"type":"ok","msg":[]}',
        framed("orderbook_delta", market_ticker="M", side="yes", price_dollars="1.5", delta_fp="1.00"),
        framed("orderbook_delta", market_ticker="M", side="yes", price_dollars="0.5", delta_fp="1.005"),
        framed("cfbenchmarks_value", index_id="BRTI", data="{"),
        framed("subscribed", channel="trade"),
    ],
)  # fmt: skip
def test_what_says_nothing_yields_nothing(payload):
    assert fact(payload) is None


def test_counts_in_hundredths():
    assert [hundredths(text) for text in ("3", "3.5", "-0.05", "12.3400")] == [300, 350, -5, 1_234]


def test_answers_hold_records_and_books():
    single = answer(json.dumps({"market": record(LADDER)}).encode(), "")
    assert [each.ticker for each in single.records] == [LADDER]
    event = {"event": {"event_ticker": "E"}, "markets": [record(LADDER), record(WINDOW), {"no": "ticker"}]}
    assert len(answer(json.dumps(event).encode(), "").records) == 2
    nested = {"events": [{"markets": [record(WINDOW)]}]}
    assert [each.ticker for each in answer(json.dumps(nested).encode(), "").records] == [WINDOW]
    sides = {"yes_dollars": [["0.1000", "1.00"]], "no_dollars": None}
    url = f"https://kalshi/markets/{LADDER}/orderbook?depth=5"
    assert answer(json.dumps({"orderbook_fp": sides}).encode(), url).books == (
        Book(LADDER, ((1_000, 100),), ()),
    )
    several = {"orderbooks": [{"ticker": "M", "orderbook_fp": sides}, {"ticker": "N", "orderbook_fp": {"yes_dollars": [["2", "1"]]}}]}  # fmt: skip
    assert [book.ticker for book in answer(json.dumps(several).encode(), "").books] == ["M"]
    assert answer(b"<html>", "").records == ()


def test_terms_of_each_family():
    assert family_of("KXSOLE-26NOV2920-B1") == ("SOL", "range")
    assert family_of("KXHIGHNY-26NOV29-T50") == ("", "")
    window = terms_of(Record(**{k: v for k, v in record(WINDOW).items() if k != "event_ticker"}))
    assert (window.asset, window.family, window.low, window.close_ns) == ("BTC", "updown", None, CLOSE)
    assert window.open_ns == CLOSE - 900 * SECOND
    ladder = next(iter(answer(json.dumps({"market": record(LADDER)}).encode(), "").records))
    assert terms_of(ladder).low == 84_200 * UNDERLYING, "more than a cent below is at least"
    tail = record("KXBTC-26NOV2920-T84000", strike_type="less", floor_strike=None, cap_strike=84_000)
    below = terms_of(next(iter(answer(json.dumps({"market": tail}).encode(), "").records)))
    assert (below.low, below.high) == (None, 8_399_999_000_000)


def test_a_record_whose_times_cannot_be_read_has_no_terms():
    assert terms_of(Record(LADDER, open_time="soon", close_time="later")) is None
    assert terms_of(Record("KXFED-26DEC-T4.00")) is None


def test_what_yes_is_paid():
    assert paid(Record("M", result="yes")) == 10_000
    assert paid(Record("M", result="no", settlement_value_dollars="0.2500")) == 2_500
    assert paid(Record("M")) is None
    assert paid(Record("M", settlement_value_dollars="odd")) is None


def test_strikes_as_people_write_them():
    assert [grouped(v * UNDERLYING // 4) for v in (4 * 84_200, 553)] == ["84,200", "138.25"]

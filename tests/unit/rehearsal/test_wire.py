"""Kalshi's frames: read back with plain json, compared with the documented shapes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import ASK, BID, MONEY, PRICE, QTY, UNDERLYING
from cockpit.rehearsal.wire import CHANNELS, Reading, Socket, Stamps, Top, contracts, dollars

TS = 1_796_327_580_123_450_000
"""2026-12-03 19:53:00.12345 UTC."""
C = QTY


@pytest.fixture
def socket() -> Socket:
    return Socket({"A": "id-a", "B": "id-b"})


def read(frame: bytes) -> Any:
    return json.loads(frame)


def test_every_channel_is_acknowledged_under_its_own_sid(socket: Socket) -> None:
    assert [read(socket.subscribed(sid)) for sid in (1, 2)] == [
        {"type": "subscribed", "id": 1, "msg": {"channel": "orderbook_delta", "sid": 1}},
        {"type": "subscribed", "id": 2, "msg": {"channel": "trade", "sid": 2}},
    ]
    assert len(CHANNELS) == 5


def test_a_snapshot_prices_no_bids_in_no_terms_lowest_first(socket: Socket) -> None:
    frame = read(socket.snapshot("A", [(4700, 3 * C), (4600, 10 * C)], [(5200, 2 * C), (5500, C // 2)]))
    assert frame == {
        "type": "orderbook_snapshot",
        "sid": 1,
        "seq": 1,
        "msg": {
            "market_ticker": "A",
            "market_id": "id-a",
            "yes_dollars_fp": [["0.4600", "10.00"], ["0.4700", "3.00"]],
            "no_dollars_fp": [["0.4500", "0.50"], ["0.4800", "2.00"]],
        },
    }


def test_an_empty_side_has_no_key(socket: Socket) -> None:
    assert set(read(socket.snapshot("A", [], []))["msg"]) == {"market_ticker", "market_id"}
    assert "no_dollars_fp" not in read(socket.snapshot("A", [(100, C)], []))["msg"]


@pytest.mark.parametrize(("side", "name", "text"), [(BID, "yes", "0.4700"), (ASK, "no", "0.5300")])
def test_a_delta_is_priced_in_its_own_sides_terms(socket: Socket, side: int, name: str, text: str) -> None:
    assert read(socket.delta("A", side, 4700, -3 * C, TS)) == {
        "type": "orderbook_delta",
        "sid": 1,
        "seq": 1,
        "msg": {
            "market_ticker": "A",
            "market_id": "id-a",
            "price_dollars": text,
            "delta_fp": "-3.00",
            "side": name,
            "ts": "2026-12-03T19:53:00.12345Z",
            "ts_ms": 1_796_327_580_123,
        },
    }


@pytest.mark.parametrize(("taker", "outcome", "book"), [(BID, "yes", "bid"), (ASK, "no", "ask")])
def test_a_trade_names_the_takers_own_side(socket: Socket, taker: int, outcome: str, book: str) -> None:
    assert read(socket.trade("B", 300, 777 * C // 100, taker, TS, "t-1")) == {
        "type": "trade",
        "sid": 2,
        "seq": 1,
        "msg": {
            "trade_id": "t-1",
            "market_ticker": "B",
            "yes_price_dollars": "0.0300",
            "no_price_dollars": "0.9700",
            "count_fp": "7.77",
            "taker_side": outcome,
            "taker_outcome_side": outcome,
            "taker_book_side": book,
            "is_block_trade": False,
            "ts": 1_796_327_580,
            "ts_ms": 1_796_327_580_123,
        },
    }


def test_a_block_trade_says_so(socket: Socket) -> None:
    assert read(socket.trade("A", 5000, C, BID, TS, "t", block=True))["msg"]["is_block_trade"] is True


def test_a_ticker_has_no_sequence_and_states_an_empty_side_by_its_size(socket: Socket) -> None:
    top = Top(0, 0, PRICE, 0, 5500, C, 12 * C, 4 * C, 7 * MONEY)
    frame = read(socket.ticker("A", top, TS))
    assert "seq" not in frame
    assert frame["msg"] == {
        "market_id": "id-a",
        "market_ticker": "A",
        "price_dollars": "0.5500",
        "yes_bid_dollars": "0.0000",
        "yes_ask_dollars": "1.0000",
        "yes_bid_size_fp": "0.00",
        "yes_ask_size_fp": "0.00",
        "last_trade_size_fp": "1.00",
        "volume_fp": "12.00",
        "open_interest_fp": "4.00",
        "dollar_volume": 7,
        "dollar_open_interest": 4,
        "ts": 1_796_327_580,
        "ts_ms": 1_796_327_580_123,
        "time": "2026-12-03T19:53:00.12345Z",
    }


def test_one_counter_runs_over_all_markets_of_a_sid(socket: Socket) -> None:
    frames = [
        socket.snapshot("A", [], []),
        socket.snapshot("B", [], []),
        socket.delta("A", BID, 100, C, TS),
        socket.trade("A", 100, C, BID, TS, "t"),
        socket.delta("B", BID, 100, C, TS),
        socket.lifecycle("A", "determined", {"result": "yes"}),
    ]
    assert [(read(f)["sid"], read(f)["seq"]) for f in frames] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (1, 4),
        (4, 1),
    ]


def test_a_lifecycle_message_carries_the_fields_of_its_type(socket: Socket) -> None:
    msg = read(socket.lifecycle("A", "settled", {"settled_ts": 5}))["msg"]
    assert msg == {"market_ticker": "A", "event_type": "settled", "settled_ts": 5}


def test_an_index_reading_states_its_trailing_and_its_window_mean(socket: Socket) -> None:
    ts = 1_796_327_955_000_000_000
    reading = Reading(
        "BRTI", 2, ts, 6_576_603 * UNDERLYING // 100, (10 * UNDERLYING, 3), (UNDERLYING, 15, ts)
    )
    msg = read(socket.index(reading, ts + 81_000_000))["msg"]
    assert json.loads(msg["data"]) == {
        "type": "value",
        "time": 1_796_327_955_000,
        "id": "BRTI",
        "value": "65766.03",
    }
    assert (msg["index_id"], msg["received_at"]) == ("BRTI", 1_796_327_955_081)
    assert msg["avg_60s_data"] == {
        "value": "3.33333333",
        "window_size": 3,
        "window_start_ts_ms": 1_796_327_895_000,
        "window_end_ts_exclusive": 1_796_327_955_000,
    }
    assert msg["last_60s_windowed_average_15min"]["value"] == "0.06666667"


def test_outside_the_last_minute_there_is_no_window_and_without_prints_the_value_stands_in(
    socket: Socket,
) -> None:
    reading = Reading("BRTI", 2, 0, UNDERLYING, (UNDERLYING, 0), None)
    msg = read(socket.index(reading, 0))["msg"]
    assert "last_60s_windowed_average_15min" not in msg
    assert (msg["avg_60s_data"]["value"], msg["avg_60s_data"]["window_size"]) == ("1.00000000", 0)


@pytest.mark.parametrize(
    ("ts", "text"),
    [
        (TS, "2026-12-03T19:53:00.12345Z"),
        (TS // 10**9 * 10**9, "2026-12-03T19:53:00Z"),
        (TS // 10**9 * 10**9 + 1000, "2026-12-03T19:53:00.000001Z"),
    ],
)
def test_stamps_cut_trailing_zeros(ts: int, text: str) -> None:
    stamps = Stamps()
    assert stamps.text(ts) == text
    assert stamps.text(ts) == text


@given(st.integers(0, PRICE), st.integers(-(10**12), 10**12))
def test_prices_and_counts_are_exact_text(price: int, lots: int) -> None:
    whole, _, part = dollars(price).partition(".")
    assert (int(whole) * PRICE + int(part), len(part)) == (price, 4)
    text = contracts(lots * (QTY // 100))
    whole, _, part = text.lstrip("-").partition(".")
    assert len(part) == 2
    assert (int(whole) * 100 + int(part)) * (-1 if text.startswith("-") else 1) == lots

from typing import Any

import pytest

from cockpit.domain.account import RealFill, RealOrder, RealPosition
from cockpit.domain.errors import FeedError
from cockpit.domain.events import (
    AccountFills,
    AccountOrders,
    AccountPositions,
    BookDelta,
    BookDoubt,
    BookSnapshot,
    IndexTick,
    Quote,
    Trade,
)
from cockpit.domain.units import ASK, BID

MS = 1_000_000
EX = 1_780_000_000_123 * MS


def test_a_snapshot_becomes_one_book_in_yes_terms(exchange: Any) -> None:
    message = exchange.snapshot(
        yes_dollars_fp=[["0.4600", "10.00"], ["0.4700", "3.50"]], no_dollars_fp=[["0.4800", "0.01"]]
    )
    assert exchange.tell(message) == (
        BookSnapshot(1_000, 0, "KXA-1", ((4_600, 10_000_000), (4_700, 3_500_000)), ((5_200, 10_000),)),
    )


def test_an_omitted_side_is_empty(exchange: Any) -> None:
    assert exchange.tell(exchange.snapshot()) == (BookSnapshot(1_000, 0, "KXA-1", (), ()),)
    message = exchange.snapshot(ticker="KXB-1", seq=2, no_dollars_fp=[["0.4800", "2.00"]])
    assert exchange.tell(message) == (BookSnapshot(1_000, 0, "KXB-1", (), ((5_200, 2_000_000),)),)


@pytest.mark.parametrize(("side", "sign", "price"), [("yes", BID, 4_700), ("no", ASK, 5_300)])
def test_a_delta_of_either_side(exchange: Any, side: str, sign: int, price: int) -> None:
    exchange.tell(exchange.snapshot())
    assert exchange.tell(exchange.delta(side=side), t=7) == (
        BookDelta(7, EX, "KXA-1", sign, price, -3_000_000),
    )


def test_yes_priced_no_levels_are_taken_as_they_stand(yes_priced: Any) -> None:
    snapshot = yes_priced.snapshot(no_dollars_fp=[["0.5200", "2.00"]])
    assert yes_priced.tell(snapshot)[0].asks == ((5_200, 2_000_000),)
    assert yes_priced.tell(yes_priced.delta(side="no", price_dollars="0.5200"))[0].price == 5_200


@pytest.mark.parametrize(
    ("stamps", "ex"),
    [
        ({"ts_ms": None, "ts": "2026-06-11T06:31:29.957081Z"}, 1_781_159_489_957_081_000),
        ({"ts_ms": None, "ts": 1_781_159_489}, 1_781_159_489_000_000_000),
        ({"ts_ms": None}, 0),
        ({"ts_ms": 1_781_159_489_957, "ts": "nonsense is not read"}, 1_781_159_489_957_000_000),
    ],
)
def test_the_exchanges_time_falls_back(exchange: Any, stamps: dict[str, Any], ex: int) -> None:
    exchange.tell(exchange.snapshot())
    (delta,) = exchange.tell(exchange.delta(**stamps))
    assert delta.ex == ex


def test_a_trade(exchange: Any) -> None:
    assert exchange.tell(exchange.trade(), t=9) == (
        Trade(9, EX, "KXA-1", 3_600, 136_000_000, ASK, id="t1", block=False, backfill=False),
    )


def test_a_block_trade_is_marked(exchange: Any) -> None:
    (trade,) = exchange.tell(exchange.trade(is_block_trade=True))
    assert trade.block


def test_a_trade_told_twice_counts_once(exchange: Any) -> None:
    exchange.tell(exchange.trade(seq=1, trade_id="x"))
    assert exchange.tell(exchange.trade(seq=2, trade_id="x")) == ()
    assert exchange.tell(exchange.trade(seq=3, trade_id="y")) != ()
    assert exchange.feed.census["trade:duplicate"] == 1


def test_two_markets_share_one_counter(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    exchange.tell(exchange.snapshot("KXB-1", seq=2))
    for seq, ticker in enumerate(("KXA-1", "KXB-1", "KXA-1"), 3):
        (event,) = exchange.tell(exchange.delta(ticker, seq=seq))
        assert event.market == ticker


def test_answers_take_numbers_of_the_same_counter(exchange: Any) -> None:
    exchange.tell(exchange.subscribed("orderbook_delta", 1))
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    assert exchange.tell(exchange.ok(1, 2, "KXA-1", "KXB-1")) == ()
    exchange.tell(exchange.snapshot("KXB-1", seq=3))
    (event,) = exchange.tell(exchange.delta("KXA-1", seq=4))
    assert isinstance(event, BookDelta)


def test_a_gap_is_told_before_the_frames_own_events_and_books_are_asked_for(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    exchange.tell(exchange.snapshot("KXB-1", seq=2))
    exchange.sent()
    gap = "missed 3 to 3"
    assert exchange.tell(exchange.delta("KXA-1", seq=4), t=5) == (
        BookDoubt(5, "KXA-1", gap),
        BookDoubt(5, "KXB-1", gap),
    )
    (command,) = exchange.sent()
    assert command["cmd"] == "update_subscription"
    assert command["params"] == {
        "sids": [1],
        "action": "get_snapshot",
        "market_tickers": ["KXA-1", "KXB-1"],
    }
    assert exchange.sent() == []


def test_deltas_of_a_doubted_book_wait_for_its_snapshot(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    exchange.tell(exchange.delta("KXA-1", seq=3))
    assert exchange.tell(exchange.delta("KXA-1", seq=4)) == ()
    reply = {**exchange.snapshot("KXA-1", seq=5), "id": 9}
    assert [type(e) for e in exchange.tell(reply)] == [BookSnapshot]
    assert [type(e) for e in exchange.tell(exchange.delta("KXA-1", seq=6))] == [BookDelta]
    assert exchange.feed.census["dropped:delta in doubt"] == 2


def test_a_gap_on_a_snapshot_gives_doubts_then_the_book(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    exchange.tell(exchange.snapshot("KXB-1", seq=2))
    events = exchange.tell(exchange.snapshot("KXB-1", seq=9))
    assert [(type(e), getattr(e, "market", "")) for e in events] == [
        (BookDoubt, "KXA-1"),
        (BookDoubt, "KXB-1"),
        (BookSnapshot, "KXB-1"),
    ]


def test_an_unreadable_delta_shows_as_a_gap_with_the_next_frame(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    with pytest.raises(FeedError, match="outside"):
        exchange.tell(exchange.delta(seq=2, price_dollars="1.5000"))
    (doubt,) = exchange.tell(exchange.delta(seq=3))
    assert doubt == BookDoubt(1_000, "KXA-1", "missed 2 to 2")


def test_a_gap_on_the_trade_sid_doubts_the_books_and_keeps_the_print(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    exchange.tell(exchange.trade(seq=1))
    events = exchange.tell(exchange.trade(seq=3), t=4)
    assert events[0] == BookDoubt(4, "KXA-1", "trades missed")
    assert isinstance(events[1], Trade)
    assert exchange.tell(exchange.delta(seq=2)) == ()
    assert exchange.sent()[0]["params"]["action"] == "get_snapshot"


def test_repeated_frames_are_dropped(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    exchange.tell(exchange.delta(seq=2))
    assert exchange.tell(exchange.delta(seq=2)) == ()
    exchange.tell(exchange.trade(seq=1))
    exchange.tell(exchange.trade(seq=2))
    assert exchange.tell(exchange.trade(seq=2, trade_id="other")) == ()
    assert exchange.feed.census["seq:duplicate"] == 2


def test_a_new_connection_starts_quietly(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    exchange.tell(exchange.delta(seq=2))
    exchange.feed.reset()
    assert [type(e) for e in exchange.tell(exchange.snapshot(seq=1))] == [BookSnapshot]
    assert [type(e) for e in exchange.tell(exchange.delta(seq=2))] == [BookDelta]
    assert not exchange.feed.census


def test_a_delta_before_its_snapshot_is_doubted_once(exchange: Any) -> None:
    exchange.tell(exchange.subscribed("orderbook_delta", 1))
    assert exchange.tell(exchange.delta(seq=1)) == (BookDoubt(1_000, "KXA-1", "no snapshot yet"),)
    assert exchange.tell(exchange.delta(seq=2)) == ()


def test_a_stream_that_was_going_before_is_passed_on(exchange: Any) -> None:
    assert [type(e) for e in exchange.tell(exchange.delta(seq=40))] == [BookDelta]
    assert [type(e) for e in exchange.tell(exchange.delta(seq=41))] == [BookDelta]
    assert [type(e) for e in exchange.tell(exchange.delta(seq=43))] == [BookDoubt]


def test_a_delta_without_a_number_is_applied(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    assert [type(e) for e in exchange.tell(exchange.delta(seq=0))] == [BookDelta]


@pytest.mark.parametrize("code", [10, 25])
def test_an_ended_subscription_doubts_its_books_and_asks_again(exchange: Any, code: int) -> None:
    exchange.tell(exchange.subscribed("orderbook_delta", 1))
    exchange.tell(exchange.snapshot(seq=1))
    error = {"type": "error", "id": 0, "sid": 1, "seq": 2, "msg": {"code": code, "msg": "over"}}
    assert exchange.tell(error, t=3) == (BookDoubt(3, "KXA-1", f"subscription ended: error {code}"),)
    (command,) = exchange.sent()
    assert command["params"] == {
        "channels": ["orderbook_delta"],
        "market_tickers": ["KXA-1"],
        "use_yes_price": False,
    }
    assert exchange.feed.census[f"error:{code}"] == 1


def test_a_subscription_that_ends_again_and_again_is_let_go(exchange: Any) -> None:
    for sid in range(1, 10):
        exchange.tell(exchange.snapshot(sid=sid, seq=1))
        exchange.tell({"type": "error", "sid": sid, "msg": {"code": 10, "msg": "over"}})
    assert len(exchange.sent()) == 3


def test_an_end_without_sid_doubts_the_named_or_all(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("KXA-1", seq=1))
    exchange.tell(exchange.snapshot("KXB-1", seq=2))
    named = {"type": "error", "msg": {"code": 25, "msg": "slow", "market_ticker": "KXB-1"}}
    assert [e.market for e in exchange.tell(named)] == ["KXB-1"]
    several = {"type": "error", "msg": {"code": 25, "msg": "slow", "market_tickers": ["KXA-1"]}}
    assert [e.market for e in exchange.tell(several)] == ["KXA-1"]
    assert [e.market for e in exchange.tell({"type": "error", "msg": {"code": 25}})] == ["KXA-1", "KXB-1"]


def test_other_errors_are_counted_only(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    assert exchange.tell({"type": "error", "id": 5, "msg": {"code": 8, "msg": "Unknown channel name"}}) == ()
    assert exchange.tell({"type": "error", "id": 5, "sid": 1, "seq": 2, "msg": {"code": 13}}) == ()
    assert [type(e) for e in exchange.tell(exchange.delta(seq=3))] == [BookDelta]
    assert exchange.feed.census == {"error:8": 1, "error:13": 1}


def test_lists_and_goodbyes_are_understood(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    assert exchange.tell({"type": "ok", "id": 4, "msg": [{"channel": "trade", "sid": 2}]}) == ()
    assert exchange.tell({"type": "ok", "id": 4, "sid": 1, "seq": 2}) == ()
    (doubt,) = exchange.tell({"type": "unsubscribed", "id": 3, "sid": 1, "seq": 3})
    assert (doubt.market, doubt.reason) == ("KXA-1", "no longer watched")
    assert exchange.tell(exchange.snapshot(seq=1)) != ()
    assert not exchange.feed.census


def test_a_market_that_comes_back_is_believed_from_its_next_snapshot_on(exchange: Any) -> None:
    exchange.tell(exchange.snapshot("A", seq=1))
    exchange.tell(exchange.snapshot("B", seq=2))
    (doubt,) = exchange.tell(exchange.ok(1, 3, "B"))
    assert (doubt.market, doubt.reason) == ("A", "no longer watched")
    assert exchange.feed.lost("kalshi.ws", 5)[0].market == "B"
    exchange.tell(exchange.snapshot("B", seq=4))
    assert exchange.tell(exchange.ok(1, 5, "A", "B")) == ()
    assert [type(e) for e in exchange.tell(exchange.delta("A", seq=6))] == [BookDoubt]
    assert [type(e) for e in exchange.tell(exchange.snapshot("A", seq=7))] == [BookSnapshot]
    assert [type(e) for e in exchange.tell(exchange.delta("A", seq=8))] == [BookDelta]


def test_a_ticker_that_is_none_is_passed_over(exchange: Any) -> None:
    for name in ("KX\x1b[2J", "K" * 101, ""):
        message = {"market_ticker": name, "event_type": "activated"}
        assert exchange.tell({"type": "market_lifecycle_v2", "sid": 9, "seq": 0, "msg": message}) == ()
    assert exchange.feed.census == {"unreadable:not a ticker": 3}


TICKER = {
    "market_ticker": "KXA-1",
    "price_dollars": "0.4800",
    "yes_bid_dollars": "0.4500",
    "yes_ask_dollars": "0.5300",
    "yes_bid_size_fp": "300.00",
    "yes_ask_size_fp": "150.00",
    "last_trade_size_fp": "25.00",
    "volume_fp": "33896.00",
    "open_interest_fp": "20422.00",
    "ts_ms": 1_780_000_000_123,
}


def test_a_ticker(exchange: Any) -> None:
    assert exchange.tell({"type": "ticker", "sid": 11, "msg": TICKER}) == (
        Quote(
            ts=1_000,
            ex=EX,
            market="KXA-1",
            bid=4_500,
            bid_qty=300_000_000,
            ask=5_300,
            ask_qty=150_000_000,
            last=4_800,
            last_qty=25_000_000,
            volume=33_896_000_000,
            open_interest=20_422_000_000,
        ),
    )


def test_the_settlement_index_with_its_means(exchange: Any) -> None:
    body = {
        "index_id": "BRTI",
        "received_at": 1_780_000_000_150,
        "data": '{"type":"value","id":"BRTI","time":1780000000123,"value":"68000.12"}',
        "avg_60s_data": {"value": "68000.12000001", "window_size": 3},
    }
    message = {"type": "cfbenchmarks_value", "sid": 5, "seq": 42, "msg": body}
    tick = IndexTick(1_000, EX, "BRTI", 6_800_012_000_000, 6_800_012_000_001, None)
    assert exchange.tell(message) == (tick,)
    body["last_60s_windowed_average_15min"] = {"value": "68000.23", "window_size": 14}
    (event,) = exchange.tell({**message, "seq": 43})
    assert event.window_mean == 6_800_023_000_000
    assert exchange.tell({**message, "seq": 43}) == ()


def test_the_fast_index_and_the_commodity_price(exchange: Any) -> None:
    stamps = {"source_ts_ms": 1_780_000_000_123, "received_at": 1_780_000_000_150}
    fast = {"index_id": "BRTI", "value_usd": "68000.12000000", **stamps}
    oil = {"underlying_ticker": "Commodities.Oil/USD", "value_usd": "82.12345", **stamps}
    assert exchange.tell({"type": "cfbenchmarks_value_5hz", "sid": 6, "seq": 1, "msg": fast}) == (
        IndexTick(1_000, EX, "BRTI", 6_800_012_000_000),
    )
    assert exchange.tell({"type": "pyth_value", "sid": 7, "seq": 1, "msg": oil}) == (
        IndexTick(1_000, EX, "Commodities.Oil/USD", 8_212_345_000),
    )


ACCOUNT = {
    "fill": {
        "trade_id": "t",
        "order_id": "o",
        "market_ticker": "KXA-1",
        "is_taker": False,
        "yes_price_dollars": "0.7500",
        "outcome_side": "yes",
        "count_fp": "278.00",
        "fee_cost": "0.010000",
    },
    "user_order": {
        "order_id": "o",
        "ticker": "KXA-1",
        "status": "resting",
        "yes_price_dollars": "0.3500",
        "fill_count_fp": "0.00",
        "outcome_side": "no",
        "remaining_count_fp": "10.00",
    },
    "market_position": {"user_id": "u", "market_ticker": "KXA-1", "position_fp": "-100.00"},
}


@pytest.mark.parametrize("kind", sorted(ACCOUNT))
def test_the_accounts_own_frames_are_events(exchange: Any, kind: str) -> None:
    (event,) = exchange.tell({"type": kind, "sid": 13, "msg": ACCOUNT[kind]})
    told = {
        "fill": AccountFills(
            event.ts, "kalshi", (RealFill("t", "o", "KXA-1", BID, 7_500, 278_000_000, 100_000_000, False),)
        ),
        "user_order": AccountOrders(
            event.ts, "kalshi", (RealOrder("o", "KXA-1", ASK, 3_500, 10_000_000, 10_000_000),), whole=False
        ),
        "market_position": AccountPositions(
            event.ts, "kalshi", (RealPosition("KXA-1", -100_000_000),), whole=False
        ),
    }
    assert event == told[kind]
    body = dict(ACCOUNT[kind])
    body.popitem()
    body.popitem()
    with pytest.raises(FeedError, match=r"missing required field|side"):
        exchange.tell({"type": kind, "sid": 13, "msg": body})


def test_an_unknown_type_is_counted_and_keeps_its_number(exchange: Any) -> None:
    exchange.tell(exchange.snapshot(seq=1))
    assert exchange.tell({"type": "weather_report", "sid": 1, "seq": 2, "msg": {"a": 1}}) == ()
    assert [type(e) for e in exchange.tell(exchange.delta(seq=3))] == [BookDelta]
    assert exchange.feed.census == {"type:weather_report": 1}


def test_unknown_fields_are_counted_on_the_first_frame_and_each_256th_after(exchange: Any) -> None:
    exchange.tell({**exchange.snapshot(), "extra": 1})
    for seq in range(2, 2 + 257):
        exchange.tell(exchange.delta(seq=seq, novelty=1))
    assert exchange.feed.census == {"field:message.extra": 1, "field:orderbook_delta.novelty": 2}


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"null",
        b"[]",
        b'"orderbook_delta"',
        b"{}",
        b'{"type":7}',
        b'{"type":"orderbook_delta"}',
        b'{"type":"orderbook_delta","sid":1,"seq":2,"msg":null}',
        b'{"type":"trade","sid":1,"seq":2,"msg":{"market_ticker":"A"}}',
        b'{"type":"ticker","sid":1,"msg":{"market_ticker":"A"}}',
        b'{"type":"subscribed","id":1}',
        b'{"type":"weather","sid":"one"}',
        b"<html>",
        b'{"type":"ok"} trailing',
        b"[" * 100_000,
    ],
)
def test_nonsense_is_a_feed_error(exchange: Any, message: bytes) -> None:
    with pytest.raises(FeedError):
        exchange.tell(message)


@pytest.mark.parametrize(
    "change",
    [
        {"price_dollars": "1.0001"},
        {"price_dollars": "-0.0100"},
        {"price_dollars": "0.00001"},
        {"price_dollars": "half"},
        {"price_dollars": 0.47},
        {"price_dollars": None},
        {"delta_fp": "many"},
        {"delta_fp": "0.0000001"},
        {"delta_fp": -3},
        {"side": "maybe"},
        {"side": "bid"},
        {"ts_ms": "soon"},
        {"ts_ms": -1},
        {"ts_ms": 10**15},
        {"ts_ms": None, "ts": "yesterday"},
        {"market_ticker": 7},
    ],
)
def test_a_delta_out_of_shape_is_a_feed_error(exchange: Any, change: dict[str, Any]) -> None:
    exchange.tell(exchange.snapshot())
    with pytest.raises(FeedError):
        exchange.tell(exchange.delta(**change))


@pytest.mark.parametrize(
    "levels",
    [
        [["0.4600", "0.00"]],
        [["0.4600", "-1.00"]],
        [["1.4600", "1.00"]],
        [["0.46001", "1.00"]],
        [["0.4600", "x"]],
        [["0.4600"]],
        [["0.4600", "1.00", "2.00"]],
        [[0.46, 1]],
        [0.46],
        "0.46",
        {"0.46": "1.00"},
    ],
)
@pytest.mark.parametrize("side", ["yes_dollars_fp", "no_dollars_fp"])
def test_a_snapshot_out_of_shape_is_a_feed_error(exchange: Any, side: str, levels: Any) -> None:
    with pytest.raises(FeedError):
        exchange.tell(exchange.snapshot(**{side: levels}))
    assert exchange.tell(exchange.snapshot()) != ()

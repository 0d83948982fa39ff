"""The socket: subscriptions, sequence numbers, commands and their errors."""

import json

import pytest
from stall import A, B, Stall, rebuilt, say, shown

from cockpit.domain.units import ASK, BID
from cockpit.rehearsal.stands.kalshi.session import Rules


@pytest.fixture
def stall():
    made = Stall()
    made.snapshot(A, yes=[(0.46, 5), (0.47, 10)], no=[(0.50, 7)])
    made.snapshot(B, yes=[(0.20, 3)])
    return made


def types(frames):
    return [(frame["type"], frame.get("sid"), frame.get("seq")) for frame in frames]


def test_each_channel_is_acknowledged_with_a_sid_of_its_own(stall):
    session, ear = stall.session()
    frames = say(session, ear, "subscribe", 7, channels=["orderbook_delta", "trade"], market_tickers=[A, B])
    assert frames[0] == {"type": "subscribed", "id": 7, "msg": {"channel": "orderbook_delta", "sid": 1}}
    assert types(frames[1:3]) == [("orderbook_snapshot", 1, 1), ("orderbook_snapshot", 1, 2)]
    assert frames[3] == {"type": "subscribed", "id": 7, "msg": {"channel": "trade", "sid": 2}}
    assert frames[1]["msg"]["yes_dollars_fp"] == [["0.4600", "5.00"], ["0.4700", "10.00"]]
    assert frames[1]["msg"]["no_dollars_fp"] == [["0.5000", "7.00"]]
    assert "no_dollars_fp" not in frames[2]["msg"], "an empty side's key is left out"


def test_two_markets_share_one_count_and_data_have_lanes(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta", "trade"], market_tickers=[A, B])
    ear.lanes.clear()
    stall.delta(BID, 0.47, 5)
    stall.delta(BID, 0.20, -1, ticker=B)
    stall.sold(0.47, 3)
    assert types(ear.drain()) == [
        ("orderbook_delta", 1, 3),
        ("orderbook_delta", 1, 4),
        ("orderbook_delta", 1, 5),
        ("trade", 2, 1),
    ]
    assert ear.lanes == [1, 1, 1, 2]


def test_other_markets_are_not_told(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta"], market_ticker=B)
    stall.delta(BID, 0.47, 5)
    assert ear.drain() == []


def test_yes_prices_turn_the_no_side_round(stall):
    session, ear = stall.session()
    frames = say(
        session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A], use_yes_price=True
    )
    assert frames[1]["msg"]["no_dollars_fp"] == [["0.5000", "7.00"]]
    stall.delta(ASK, 0.52, 4)
    (told,) = ear.drain()
    assert (told["msg"]["side"], told["msg"]["price_dollars"]) == ("no", "0.5200")
    other, heard = stall.session()
    frames = say(other, heard, "subscribe", channels=["orderbook_delta"], market_tickers=[A])
    assert frames[1]["msg"]["no_dollars_fp"] == [["0.4800", "4.00"], ["0.5000", "7.00"]]
    stall.delta(ASK, 0.52, -4)
    assert heard.drain()[0]["msg"]["price_dollars"] == "0.4800"


def test_a_second_subscribe_merges_and_is_answered_ok(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", 1, channels=["orderbook_delta"], market_tickers=[A])
    frames = say(session, ear, "subscribe", 2, channels=["orderbook_delta"], market_tickers=[A, B])
    assert frames[0] == {"type": "ok", "id": 2, "sid": 1, "seq": 2, "msg": {"market_tickers": [A, B]}}
    assert [frame["msg"].get("market_ticker") for frame in frames[1:]] == [B], "no book that is held"
    assert types(frames[1:]) == [("orderbook_snapshot", 1, 3)]


def test_markets_come_and_go(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A])
    frames = say(session, ear, "update_subscription", 5, sids=[1], action="add_markets", market_tickers=[B])
    assert types(frames) == [("ok", 1, 2), ("orderbook_snapshot", 1, 3)]
    frames = say(session, ear, "update_subscription", 6, sid=1, action="delete_markets", market_tickers=[A])
    assert frames[0]["msg"] == {"market_tickers": [B]}
    stall.delta(BID, 0.47, 5)
    assert ear.drain() == []


def test_a_book_asked_for_carries_the_commands_id_and_goes_on_counting(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A, B])
    frames = say(session, ear, "update_subscription", 9, sids=[1], action="get_snapshot", market_tickers=[A])
    assert [(f["type"], f["id"], f["seq"], f["msg"]["market_ticker"]) for f in frames] == [
        ("orderbook_snapshot", 9, 3, A)
    ]


def test_unsubscribe_and_list(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["trade", "ticker"])
    assert say(session, ear, "list_subscriptions", 4) == [
        {"type": "ok", "id": 4, "msg": [{"channel": "trade", "sid": 1}, {"channel": "ticker", "sid": 2}]}
    ]
    frames = say(session, ear, "unsubscribe", 3, sids=[1, 9])
    assert frames[0] == {"type": "unsubscribed", "id": 3, "sid": 1, "seq": 1}
    assert frames[1]["msg"]["code"] == 7
    stall.sold(0.47, 1)
    assert ear.drain() == []


def test_replies_may_be_counted_apart():
    stall = Stall(Rules(control_seq=False))
    stall.snapshot(A, yes=[(0.47, 1)])
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A])
    (reply,) = say(session, ear, "update_subscription", sids=[1], action="delete_markets", market_tickers=[B])
    stall.delta(BID, 0.47, 1)
    assert (reply["seq"], ear.drain()[0]["seq"]) == (1, 2)


def test_empty_sides_can_be_sent():
    stall = Stall(Rules(empty_sides=True))
    stall.snapshot(A)
    session, ear = stall.session()
    frames = say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A])
    assert (frames[1]["msg"]["yes_dollars_fp"], frames[1]["msg"]["no_dollars_fp"]) == ([], [])


def test_a_missing_side_is_a_fault(stall):
    stall.venue.control.set("missing-side")
    session, ear = stall.session()
    frames = say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=[A])
    assert "no_dollars_fp" not in frames[1]["msg"]
    assert "yes_dollars_fp" in frames[1]["msg"]


def test_a_market_nobody_knows_yet_gets_its_book_when_it_comes(stall):
    session, ear = stall.session()
    frames = say(session, ear, "subscribe", channels=["orderbook_delta"], market_tickers=["KXNEW-1-X"])
    assert types(frames) == [("subscribed", None, None)]
    stall.snapshot("KXNEW-1-X")
    assert types(ear.drain()) == [("orderbook_snapshot", 1, 1)]
    stall.delta(BID, 0.10, 1, ticker="KXNEW-1-X")
    assert types(ear.drain()) == [("orderbook_delta", 1, 2)]


def test_tickers_have_no_number_and_can_come_at_once(stall):
    msg = {"market_ticker": A, "market_id": "m", "price_dollars": "0.4700", "volume_fp": "12.00"}
    stall.ws("ticker", msg)
    session, ear = stall.session()
    frames = say(session, ear, "subscribe", channels=["ticker"], send_initial_snapshot=True)
    assert types(frames) == [("subscribed", None, None), ("ticker", 1, None)]
    stall.ws("ticker", msg)
    assert types(ear.drain()) == [("ticker", 1, None)]


def index(value):
    return {"index_id": value, "received_at": 1, "data": "{}"}


def test_indices_are_chosen_by_name(stall):
    session, ear = stall.session()
    assert say(session, ear, "subscribe", channels=["cfbenchmarks_value"])[0]["msg"]["code"] == 24
    say(session, ear, "subscribe", channels=["cfbenchmarks_value"], index_ids=["BRTI"])
    stall.ws("cfbenchmarks_value", index("BRTI"))
    stall.ws("cfbenchmarks_value", index("ETHUSD_RTI"))
    assert [frame["msg"]["index_id"] for frame in ear.drain()] == ["BRTI"]
    frames = say(
        session, ear, "update_subscription", sids=[1], action="subscribe_indices", index_ids=["ETHUSD_RTI"]
    )
    assert frames[0]["msg"] == {"index_ids": ["BRTI", "ETHUSD_RTI"]}
    say(session, ear, "update_subscription", sids=[1], action="unsubscribe_indices", index_ids=["BRTI"])
    frames = say(session, ear, "update_subscription", sids=[1], action="indexlist")
    assert frames[0]["msg"] == {"index_ids": ["ETHUSD_RTI"]}
    say(session, ear, "subscribe", channels=["cfbenchmarks_value"], index_ids=["all"])
    stall.ws("cfbenchmarks_value", index("SOLUSD_RTI"))
    assert len(ear.drain()) == 1


def test_lifecycle_is_told_of_all_markets(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["market_lifecycle_v2"])
    stall.list("KXTEST-26DEC02-C", yes_sub_title="C")
    stall.list("KXTEST-26DEC02-C", floor_strike=4, strike_type="greater")
    stall.ws("market_lifecycle_v2", {"market_ticker": A, "event_type": "determined", "result": "yes"})
    stall.ws("event_fee_update", {"event_ticker": "KXTEST-26DEC01", "fee_type_override": None})
    told = ear.drain()
    assert [frame["msg"].get("event_type") for frame in told] == [
        "created",
        "metadata_updated",
        "determined",
        None,
    ]
    assert [frame["type"] for frame in told][-1] == "event_fee_update"
    assert [frame["seq"] for frame in told] == [1, 2, 3, 4]
    assert told[1]["msg"]["floor_strike"] == 4


SUB = {"channels": ["orderbook_delta"], "market_tickers": [A]}


@pytest.mark.parametrize(
    ("cmd", "params", "code"),
    [
        ("subscribe", {}, 2),
        ("subscribe", {"market_tickers": [A]}, 3),
        ("subscribe", {"channels": ["ticker_v2"]}, 8),
        ("subscribe", {"channels": ["orderbook_delta"]}, 14),
        ("subscribe", {"channels": ["trade"], "market_ticker": A, "market_tickers": [A]}, 11),
        ("subscribe", {"channels": ["trade"], "market_tickers": [1]}, 11),
        ("subscribe", SUB | {"use_yes_price": "yes"}, 11),
        ("unsubscribe", {"x": 1}, 4),
        ("unsubscribe", {"sids": ["1"]}, 11),
        ("update_subscription", {"sids": [1, 2], "action": "add_markets"}, 12),
        ("update_subscription", {"sids": [9], "action": "add_markets"}, 7),
        ("update_subscription", {"sids": [1], "market_tickers": [A]}, 15),
        ("update_subscription", {"sids": [1], "action": "explode", "market_tickers": [A]}, 13),
        ("update_subscription", {"sids": [1], "action": "add_markets"}, 14),
        ("update_subscription", {"sids": [1], "action": "indexlist"}, 13),
        ("update_subscription", {"sids": [2], "action": "get_snapshot", "market_tickers": [A]}, 13),
        ("fly", {"a": 1}, 5),
    ],
)
def test_commands_that_are_refused(stall, cmd, params, code):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["orderbook_delta", "trade"], market_tickers=[A])
    (error,) = say(session, ear, cmd, 5, **params)
    assert (error["type"], error["id"], error["msg"]["code"]) == ("error", 5, code)
    assert error["msg"]["msg"]


def test_an_error_about_a_sid_has_a_number_of_its_count(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", **SUB)
    (error,) = say(session, ear, "update_subscription", sids=[1], action="explode")
    assert (error["sid"], error["seq"]) == (1, 2)
    assert json.loads(session.overflow())["msg"]["code"] == 25


def test_what_cannot_be_read_is_refused(stall):
    session, ear = stall.session()
    for raw in (b"nonsense", b"\xff", b"[]", b'{"id":"one","cmd":"subscribe"}'):
        session.command(raw)
    assert [frame["msg"]["code"] for frame in ear.drain()] == [1] * 4


def test_too_many_commands_a_second(stall):
    session, ear = stall.session()
    for _ in range(10_000):
        session.command(b'{"cmd":"list_subscriptions"}')
    ear.drain()
    assert say(session, ear, "list_subscriptions")[0]["msg"]["code"] == 27
    stall.clock.pass_(1)
    assert say(session, ear, "list_subscriptions")[0]["type"] == "ok"


async def test_own_orders_are_size_changes_to_everyone(stall):
    session, ear = stall.session()
    channels = ["orderbook_delta", "trade", "fill", "user_orders", "market_positions"]
    heard = say(session, ear, "subscribe", channels=channels, market_tickers=[A])
    order = await stall.resting(price="0.4800", count="4.00", client_order_id="mine")
    frames = ear.drain()
    assert types(frames) == [("user_order", 4, None), ("orderbook_delta", 1, 2)]
    assert frames[0]["msg"]["status"] == "resting"
    assert (frames[1]["msg"]["delta_fp"], frames[1]["msg"]["client_order_id"]) == ("4.00", "mine")
    stall.delta(ASK, 0.48, 3)
    told = ear.drain()
    assert [frame["type"] for frame in told] == [
        "orderbook_delta",
        "trade",
        "fill",
        "market_position",
        "user_order",
    ]
    fill = told[2]["msg"]
    assert (fill["order_id"], fill["is_taker"], fill["count_fp"], fill["post_position_fp"]) == (
        order, False, "3.00", "3.00",
    )  # fmt: skip
    assert told[4]["msg"]["last_update_reason"] == "Trade"
    book = rebuilt([*heard, *frames, *told])
    assert {side: dict(levels) for side, levels in shown(stall.state).items()}[BID] == dict(book["yes"])

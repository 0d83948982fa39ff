"""The life of an order, from request to end, with its place in the queue."""

import pytest
from stall import A, B, Stall, say, shown

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.rehearsal.stands.kalshi.gate import PREFIX
from cockpit.rehearsal.stands.kalshi.venue import CASH

ORDERS = "portfolio/events/orders"


@pytest.fixture
def stall():
    made = Stall()
    made.snapshot(A, yes=[(0.46, 20), (0.47, 50)], no=[(0.50, 30), (0.52, 40)])
    return made


def asks(stall):
    return shown(stall.state)[ASK]


def bids(stall):
    return shown(stall.state)[BID]


async def test_an_order_rests_moves_up_and_is_filled(stall):
    order = await stall.resting()
    assert await stall.queue(order) == "50.00"
    stall.delta(BID, 0.47, 25)
    stall.sold(0.47, 30)
    assert await stall.queue(order) == "20.00"
    stall.sold(0.47, 26)
    told = await stall.look(order)
    assert (told["status"], told["fill_count_fp"], told["remaining_count_fp"]) == ("resting", "6.00", "4.00")
    assert told["maker_fill_cost_dollars"] == "2.820000"
    stall.sold(0.47, 4)
    told = await stall.look(order)
    assert (told["status"], told["fill_count_fp"], told["remaining_count_fp"]) == (
        "executed",
        "10.00",
        "0.00",
    )
    fills = (await stall.get("portfolio/fills", order_id=order))["fills"]
    assert [fill["count_fp"] for fill in fills] == ["4.00", "6.00"]
    assert {fill["is_taker"] for fill in fills} == {False}
    assert fills[0]["fill_id"] == fills[0]["trade_id"] != fills[1]["fill_id"]
    assert fills[0]["fee_cost"] == "0.000000", "makers pay nothing in this series"


async def test_the_answer_to_a_new_order(stall):
    status, body = await stall.order(client_order_id="one")
    assert status == 201
    assert body == {
        "order_id": body["order_id"], "client_order_id": "one", "fill_count": "0.00",
        "remaining_count": "10.00", "ts_ms": stall.clock.at // 1_000_000,
    }  # fmt: skip


async def test_a_taker_pays_its_fee_and_the_book_is_eaten(stall):
    status, body = await stall.order(price="0.5000", count="35.00", time_in_force="immediate_or_cancel")
    assert (status, body["fill_count"], body["remaining_count"]) == (201, "35.00", "0.00")
    # 40 at 0.48 are there; 0.07 x 35 x 0.48 x 0.52 dollars, up to a hundredth of a cent
    assert (body["average_fill_price"], body["average_fee_paid"]) == ("0.4800", "0.0174")
    assert asks(stall) == [("0.4800", "5.00"), ("0.5000", "30.00")]
    trades = (await stall.get("markets/trades", ticker=A))["trades"]
    assert [(t["count_fp"], t["taker_book_side"]) for t in trades] == [("35.00", "bid")]
    order = await stall.look(body["order_id"])
    assert (order["status"], order["taker_fees_dollars"]) == ("executed", "0.611600")
    balance = await stall.get("portfolio/balance")
    assert balance["balance_dollars"] == "982.5884"
    position = (await stall.get("portfolio/positions"))["market_positions"][0]
    assert (position["position_fp"], position["market_exposure_dollars"]) == ("35.00", "16.800000")


async def test_what_an_immediate_order_leaves_is_cancelled(stall):
    _, body = await stall.order(price="0.4800", count="50.00", time_in_force="immediate_or_cancel")
    assert (body["fill_count"], body["remaining_count"]) == ("40.00", "0.00")
    assert (await stall.look(body["order_id"]))["status"] == "canceled"


async def test_a_resting_remainder_of_a_taker(stall):
    _, body = await stall.order(price="0.4800", count="50.00")
    assert (body["fill_count"], body["remaining_count"]) == ("40.00", "10.00")
    assert bids(stall)[0] == ("0.4800", "10.00")


async def test_all_or_nothing(stall):
    status, body = await stall.order(price="0.4800", count="41.00", time_in_force="fill_or_kill")
    assert (status, body["error"]["code"]) == (409, "fill_or_kill_insufficient_resting_volume")
    status, body = await stall.order(price="0.5000", count="70.00", time_in_force="fill_or_kill")
    assert (status, body["fill_count"]) == (201, "70.00")


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"price": "0.4750"}, 400, "invalid_price"),
        ({"price": "1.0000"}, 400, "invalid_price"),
        ({"price": "0.00"}, 400, "invalid_price"),
        ({"price": "a lot"}, 400, "invalid_price"),
        ({"count": "0.00"}, 400, "invalid_order_size"),
        ({"count": "1.001"}, 400, "invalid_order_size"),
        ({"count": "-1"}, 400, "invalid_order_size"),
        ({"count": "3000.00"}, 400, "insufficient_balance"),
        ({"ticker": "KXNOTHING"}, 404, "market_not_found"),
        ({"exchange_index": 3}, 404, "market_not_found"),
        ({"side": "yes"}, 400, "invalid_parameters"),
        ({"time_in_force": "day"}, 400, "invalid_parameters"),
        ({"reduce_only": True}, 400, "invalid_parameters"),
        ({"post_only": True, "time_in_force": "fill_or_kill"}, 400, "invalid_parameters"),
        ({"expiration_time": 1_000_000_000}, 400, "invalid_parameters"),
        ({"expiration_time": 9_000_000_000, "time_in_force": "fill_or_kill"}, 400, "invalid_parameters"),
        ({"order_group_id": "nobody"}, 400, "invalid_order_group"),
    ],
)
async def test_orders_that_are_refused(stall, more, status, code):
    got, body = await stall.order(**more)
    assert (got, body["error"]["code"]) == (status, code)
    assert not (await stall.get("portfolio/orders"))["orders"]


async def test_numbers_are_refused_in_the_venues_words(stall):
    status, body = await stall.order(count=10)
    assert status == 400
    assert body == {
        "code": "bad_request",
        "message": "bad request",
        "details": "json: cannot unmarshal number into Go struct field CreateOrderV2Request.count of type string",
    }
    for body in (b"nonsense", b"[]"):
        status, told = await stall.ask("POST", ORDERS, body)
        assert (status, told["code"]) == (400, "bad_request")
    status, told = await stall.ask("POST", ORDERS, {"ticker": A})
    assert told["error"]["details"] == "missing field: side"


async def test_post_only_is_refused_when_it_would_cross(stall):
    status, body = await stall.order(price="0.4800", post_only=True)
    assert status == 400
    assert body == {
        "error": {"code": "invalid_order", "message": "invalid order", "details": "post only cross"}
    }
    status, _ = await stall.order(side="ask", price="0.4800", post_only=True)
    assert status == 201


async def test_a_clients_id_is_taken_for_ever(stall):
    order = await stall.resting(client_order_id="once")
    assert (await stall.ask("DELETE", f"{ORDERS}/{order}", market_ticker=A))[0] == 200
    status, body = await stall.order(client_order_id="once")
    assert (status, body) == (
        409, {"error": {"code": "order_already_exists", "message": "order already exists"}},
    )  # fmt: skip


async def test_meeting_oneself(stall):
    await stall.resting(side="ask", price="0.4700", self_trade_prevention_type="maker", count="60.00")
    # the ask took the bids at 0.47 and rests with the other ten
    assert asks(stall)[0] == ("0.4700", "10.00")
    status, body = await stall.order(price="0.4700", count="5.00")
    assert (status, body["fill_count"], body["remaining_count"]) == (201, "0.00", "0.00")
    assert asks(stall)[0] == ("0.4700", "10.00")
    status, body = await stall.order(price="0.4800", count="5.00", self_trade_prevention_type="maker")
    assert body["fill_count"] == "5.00"
    assert asks(stall)[0] == ("0.4800", "35.00"), "the own ask gave way"


async def test_cancel_and_the_404_of_whatever_is_gone(stall):
    order = await stall.resting(client_order_id="c")
    status, body = await stall.ask("DELETE", f"{ORDERS}/{order}", market_ticker=A)
    assert status == 200
    assert (body["order_id"], body["client_order_id"], body["reduced_by"]) == (order, "c", "10.00")
    assert bids(stall)[0] == ("0.4700", "50.00")
    filled = (await stall.order(price="0.48", count="1", time_in_force="fill_or_kill"))[1]["order_id"]
    for gone in (order, filled, "nobody"):
        status, body = await stall.ask("DELETE", f"{ORDERS}/{gone}", market_ticker=A)
        assert (status, body) == (404, {"error": {"code": "not_found", "message": "not found"}})
    assert (await stall.ask("GET", f"portfolio/orders/{order}/queue_position"))[0] == 404


async def test_without_its_market_an_order_is_looked_for_on_shard_0():
    stall = Stall(shard=2, cash=CASH)
    order = await stall.resting()
    assert (await stall.ask("DELETE", f"{ORDERS}/{order}"))[0] == 404
    assert (await stall.ask("DELETE", f"{ORDERS}/{order}", exchange_index=2))[0] == 200


async def test_collateral_is_per_shard():
    stall = Stall(shard=2, cash=((0, 10**13), (2, 10**10)))
    assert (await stall.order(count="3.00"))[1]["error"]["code"] == "insufficient_balance"
    await stall.resting(count="2.00")
    assert (await stall.order(count="1.00"))[0] == 400, "what rests holds money back"
    value = await stall.get("portfolio/summary/total_resting_order_value")
    assert value["total_resting_order_value"] == 94


async def test_a_decrease_keeps_the_place(stall):
    order = await stall.resting()
    stall.delta(BID, 0.47, 25)
    path = f"{ORDERS}/{order}/decrease"
    status, body = await stall.ask("POST", path, {"reduce_by": "4.00", "market_ticker": A})
    assert (status, body["remaining_count"]) == (200, "6.00")
    status, body = await stall.ask("POST", path, {"reduce_to": "2", "market_ticker": A})
    assert body["remaining_count"] == "2.00"
    assert await stall.queue(order) == "50.00"
    assert bids(stall)[0] == ("0.4700", "77.00")
    for wrong in ({}, {"reduce_by": "1", "reduce_to": "1"}):
        status, body = await stall.ask("POST", path, wrong)
        assert (status, body["error"]["code"]) == (400, "invalid_parameters")
    status, body = await stall.ask("POST", path, {"reduce_to": "0"})
    assert (status, body["remaining_count"]) == (200, "0.00")
    assert (await stall.look(order))["status"] == "canceled"


async def amend(stall, order, **more):
    body = {"ticker": A, "side": "bid", "price": "0.4700", "count": "10.00"} | more
    return await stall.ask("POST", f"{ORDERS}/{order}/amend", body)


async def test_an_amend_keeps_the_place_only_for_less(stall):
    order = await stall.resting()
    stall.delta(BID, 0.47, 25)
    assert (await amend(stall, order, count="6.00"))[1]["remaining_count"] == "6.00"
    assert await stall.queue(order) == "50.00"
    assert (await amend(stall, order, count="8.00"))[1]["remaining_count"] == "8.00"
    assert await stall.queue(order) == "75.00"
    await amend(stall, order, price="0.4600", count="8.00", updated_client_order_id="new")
    assert await stall.queue(order) == "20.00"
    told = await stall.look(order)
    assert (told["client_order_id"], told["yes_price_dollars"], told["initial_count_fp"]) == (
        "new",
        "0.4600",
        "8.00",
    )


async def test_an_amend_can_trade(stall):
    order = await stall.resting()
    status, body = await amend(stall, order, price="0.4800", count="45.00")
    assert (status, body["fill_count"], body["remaining_count"]) == (200, "40.00", "5.00")
    status, body = await amend(stall, order, price="0.4800", count="40.00")
    assert (status, body["error"]["code"]) == (400, "invalid_order_size")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ticker": B}, "order_ticker_mismatch"),
        ({"side": "ask"}, "order_side_mismatch"),
        ({"client_order_id": "other"}, "order_id_and_client_order_id_mismatch"),
        ({"price": "0.4750"}, "invalid_price"),
        ({"count": "9999.00"}, "insufficient_balance"),
        ({"price": "0.4800"}, "invalid_order"),
    ],
)
async def test_amends_that_are_refused_change_nothing(stall, more, code):
    order = await stall.resting(client_order_id="mine", post_only=True)
    before = await stall.look(order)
    status, body = await amend(stall, order, **more)
    assert (status, body["error"]["code"]) == (400, code)
    assert await stall.look(order) == before


async def test_an_expiry_ends_an_order_and_can_be_taken_away(stall):
    at = stall.clock.at // SECOND + 5
    short, long = await stall.resting(expiration_time=at), await stall.resting(expiration_time=at)
    assert (await amend(stall, long, expiration_time=0))[0] == 200
    assert "expiration_time" not in await stall.look(long)
    stall.clock.pass_(6)
    assert (await stall.look(short))["status"] == "canceled"
    assert (await stall.look(long))["status"] == "resting"


async def test_after_the_close_nothing_can_be_done(stall):
    order = await stall.resting()
    stall.clock.pass_(3_601)
    assert (await stall.get(f"markets/{A}"))["market"]["status"] == "closed"
    assert (await stall.look(order))["status"] == "canceled"
    for method, path, body in (
        ("POST", ORDERS, {"ticker": A, "side": "bid", "price": "0.47", "count": "1",
                          "time_in_force": "good_till_canceled", "self_trade_prevention_type": "maker"}),
        ("DELETE", f"{ORDERS}/{order}", None),
        ("POST", f"{ORDERS}/{order}/decrease", {"reduce_by": "1"}),
    ):  # fmt: skip
        status, told = await stall.ask(method, path, body)
        assert (status, told["error"]["code"]) == (409, "MARKET_INACTIVE")


async def test_reduce_only_never_opens(stall):
    ioc = {"time_in_force": "immediate_or_cancel", "reduce_only": True}
    assert (await stall.order(side="ask", price="0.46", **ioc))[1]["fill_count"] == "0.00"
    await stall.order(price="0.48", count="3", time_in_force="immediate_or_cancel")
    assert (await stall.order(side="ask", price="0.46", count="9", **ioc))[1]["fill_count"] == "3.00"
    assert (await stall.get("portfolio/positions", count_filter="position"))["market_positions"] == []


async def test_batches_answer_for_each_item(stall):
    good = {"ticker": A, "side": "bid", "price": "0.45", "count": "1", "time_in_force": "good_till_canceled",
            "self_trade_prevention_type": "maker"}  # fmt: skip
    status, body = await stall.ask(
        "POST", f"{ORDERS}/batched", {"orders": [good, good | {"price": "0.455"}, {"x": 1}]}
    )
    assert status == 201
    first, second, third = body["orders"]
    assert first["remaining_count"] == "1.00"
    assert [row["error"]["code"] for row in (second, third)] == ["invalid_price", "invalid_parameters"]
    orders = [{"order_id": first["order_id"], "market_ticker": A}, {"order_id": "nobody"}, {}]
    status, body = await stall.ask("DELETE", f"{ORDERS}/batched", {"orders": orders})
    assert status == 200
    assert [row["reduced_by"] for row in body["orders"]] == ["1.00", "0.00", "0.00"]
    assert body["orders"][1]["error"]["code"] == "not_found"


async def test_cancelling_all(stall):
    await stall.resting()
    await stall.resting(side="ask", price="0.6000")
    assert await stall.ask("DELETE", ORDERS) == (204, None)
    assert (await stall.get("portfolio/orders", status="resting"))["orders"] == []
    assert len((await stall.get("portfolio/orders", status="canceled"))["orders"]) == 2


async def test_reading_orders_by_page_and_filter(stall):
    made = [await stall.resting(price=f"0.{40 + n}00") for n in range(5)]
    seen, cursor = [], ""
    while True:
        page = await stall.get("portfolio/orders", limit=2, cursor=cursor)
        seen += [order["order_id"] for order in page["orders"]]
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == made[::-1]
    queue = (await stall.get("portfolio/orders/queue_positions", market_tickers=A))["queue_positions"]
    assert {row["order_id"] for row in queue} == set(made)
    assert (await stall.get("portfolio/orders", event_ticker="KXTEST-26DEC01"))["orders"]
    assert not (await stall.get("portfolio/orders", ticker=B))["orders"]
    assert (await stall.ask("GET", "portfolio/orders", status="open"))[0] == 400
    assert (await stall.ask("GET", "portfolio/orders/queue_positions"))[0] == 400


async def test_a_settlement_pays_and_closes_the_position(stall):
    await stall.order(price="0.4800", count="10", time_in_force="immediate_or_cancel")
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["market_positions"])
    stall.clock.pass_(3_610)
    stall.ws("market_lifecycle_v2", {"market_ticker": A, "event_type": "determined", "result": "yes",
                                     "settlement_value": "1.0000"})  # fmt: skip
    assert (await stall.get("portfolio/settlements"))["settlements"] == []
    stall.ws(
        "market_lifecycle_v2", {"market_ticker": A, "event_type": "settled", "settled_ts": 1_796_003_700}
    )
    (row,) = (await stall.get("portfolio/settlements"))["settlements"]
    assert (row["market_result"], row["revenue"], row["value"], row["yes_total_cost_dollars"]) == (
        "yes", 1000, 100, "4.800000",
    )  # fmt: skip
    assert ear.drain()[-1]["msg"]["realized_pnl_dollars"] == "5.200000"
    assert (await stall.get("portfolio/positions"))["market_positions"] == []
    assert len((await stall.get("portfolio/positions", settlement_status="settled"))["market_positions"]) == 1
    assert (await stall.get(f"markets/{A}"))["market"]["status"] == "finalized"


async def test_the_no_side_closes_against_the_yes_side(stall):
    await stall.order(side="ask", price="0.4600", count="10", time_in_force="immediate_or_cancel")
    position = (await stall.get("portfolio/positions"))["market_positions"][0]
    assert (position["position_fp"], position["market_exposure_dollars"]) == ("-10.00", "5.300000")
    before = (await stall.get("portfolio/balance"))["balance_dollars"]
    await stall.order(price="0.4800", count="15", time_in_force="immediate_or_cancel")
    position = (await stall.get("portfolio/positions"))["market_positions"][0]
    assert (position["position_fp"], position["realized_pnl_dollars"]) == ("5.00", "-0.100000")
    after = (await stall.get("portfolio/balance"))["balance_dollars"]
    # ten pairs give ten dollars back, fifteen contracts cost 0.48 each, and the fee
    assert float(after) - float(before) == pytest.approx(10 - 15 * 0.48 - 0.2621, abs=1e-9)


async def test_the_removed_endpoints_say_so(stall):
    status, body = await stall.ask("POST", "portfolio/orders", {})
    assert status == 410
    assert "/portfolio/events/orders" in body["error"]["message"]


async def test_a_small_tier_runs_out_of_tokens_without_retry_after():
    from cockpit.rehearsal.stands.asked import make_asked
    from cockpit.rehearsal.stands.kalshi.gate import Limits

    stall = Stall(limits=Limits())
    statuses = [(await stall.ask("GET", "exchange/status", signed=False))[0] for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    answer = await stall.venue.answer(make_asked("GET", f"{PREFIX}/markets", {}))
    assert (answer.status, answer.body) == (429, b'{"error":"too many requests"}')
    assert "Retry-After" not in dict(answer.headers)
    stall.clock.pass_(0.1)
    assert (await stall.ask("GET", "exchange/status"))[0] == 200

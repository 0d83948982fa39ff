"""Order groups."""

import pytest
from stall import A, Stall, say

from cockpit.domain.units import BID

GROUPS = "portfolio/order_groups"


@pytest.fixture
def stall():
    made = Stall()
    made.snapshot(A, yes=[(0.47, 5)])
    made.delta(BID, 0.47, 100)
    return made


async def group(stall, **limit):
    status, body = await stall.ask("POST", f"{GROUPS}/create", limit or {"contracts_limit": 10})
    assert status == 201
    return body["order_group_id"]


async def test_too_much_in_fifteen_seconds_ends_its_orders_until_it_is_reset(stall):
    session, ear = stall.session()
    say(session, ear, "subscribe", channels=["order_group_updates"])
    made = await group(stall)
    order = await stall.resting(count="30.00", order_group_id=made, price="0.4800")
    stall.delta(-BID, 0.48, 8)
    stall.clock.pass_(16)
    stall.delta(-BID, 0.48, 8)
    assert (await stall.look(order))["status"] == "resting", "never more than ten in the window"
    stall.delta(-BID, 0.48, 3)
    stall.clock.pass_(0.1)
    assert (await stall.look(order))["status"] == "canceled"
    assert (await stall.order(order_group_id=made))[1]["error"]["code"] == "invalid_order_group"
    assert (await stall.ask("PUT", f"{GROUPS}/{made}/reset"))[0] == 200
    assert (await stall.order(order_group_id=made))[0] == 201
    assert [frame["msg"]["event_type"] for frame in ear.drain()] == ["created", "triggered", "reset"]


async def test_its_life_by_hand(stall):
    made = await group(stall, contracts_limit_fp="2.50")
    order = await stall.resting(order_group_id=made)
    assert (await stall.get(f"{GROUPS}/{made}"))["orders"] == [order]
    assert (await stall.ask("PUT", f"{GROUPS}/{made}/limit", {"contracts_limit": 7}))[0] == 200
    rows = (await stall.get(GROUPS))["order_groups"]
    assert [(row["id"], row["contracts_limit_fp"]) for row in rows] == [(made, "7.00")]
    assert (await stall.ask("PUT", f"{GROUPS}/{made}/trigger"))[0] == 200
    assert (await stall.look(order))["status"] == "canceled"
    assert (await stall.ask("DELETE", f"{GROUPS}/{made}"))[0] == 200
    assert (await stall.ask("GET", f"{GROUPS}/{made}"))[0] == 404
    assert (await stall.ask("POST", f"{GROUPS}/create", {"contracts_limit": 0}))[0] == 400

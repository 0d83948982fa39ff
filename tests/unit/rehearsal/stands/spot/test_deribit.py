"""Deribit: calls, heartbeats, indices, and a surface of options."""

import math
import re

import pytest
from echoing import T0
from hypothesis import given
from hypothesis import strategies as st
from spotstall import Stall, kraken_ticker, match, ticker

from cockpit.domain.units import UNDERLYING
from cockpit.rehearsal.stands.asked import make_asked
from cockpit.rehearsal.stands.spot.deribit import DVOL_EVERY, DeribitStand
from cockpit.rehearsal.stands.spot.surface import black, expiries, implied, summary


def call(method, number=1, **params):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


@pytest.fixture
def stall():
    made = Stall(DeribitStand)
    made.play(match(), ticker(), kraken_ticker(), ticker("SOL-USD", "138.20", "138.22"))
    return made


def test_the_index_is_between_the_exchanges(stall):
    wire = stall.client("/ws/api/v2", call("public/subscribe", channels=["deribit_price_index.btc_usd"]))
    first, told = wire.drain()
    assert first["method"] == "subscription"
    assert first["params"]["data"]["price"] == pytest.approx((84_000 + 84_010.5) / 2)
    assert (told["id"], told["result"]) == (1, ["deribit_price_index.btc_usd"])
    wire.session.beat()
    assert wire.drain()[0]["params"]["channel"] == "deribit_price_index.btc_usd"
    stall.say(wire, call("public/unsubscribe", channels=["deribit_price_index.btc_usd"]))
    wire.drain()
    wire.session.beat()
    assert wire.drain() == []


def test_volatility_comes_every_few_seconds(stall):
    wire = stall.client("/ws/api/v2", call("public/subscribe", channels=["deribit_volatility_index.btc_usd"]))
    wire.drain()
    for _ in range(2 * DVOL_EVERY):
        wire.session.beat()
    told = wire.drain()
    assert len(told) == 2
    assert 30 < told[0]["params"]["data"]["volatility"] < 60
    stall.say(wire, call("public/unsubscribe_all"))
    assert wire.drain()[0]["result"] == "ok"


@pytest.mark.parametrize(
    "channel",
    [
        "deribit_price_index.sol_usd",
        "deribit_volatility_index.sol_usdc",
        "deribit_price_index.foo_usd",
        "book.BTC",
    ],
)
def test_one_unknown_channel_spoils_a_request(stall, channel):
    channels = ["deribit_price_index.btc_usd", channel]
    (told,) = stall.client("/ws/api/v2", call("public/subscribe", channels=channels)).drain()
    assert told["error"]["code"] == -32602
    (fine, _) = stall.client(
        "/ws/api/v2", call("public/subscribe", channels=["deribit_price_index.sol_usdc"])
    ).drain()
    assert fine["params"]["data"]["price"] == 138.21


def test_who_does_not_answer_a_test_request_is_dropped(stall):
    wire = stall.client("/ws/api/v2", call("public/set_heartbeat", interval=10))
    assert wire.drain()[0]["result"] == "ok"
    for _ in range(10):
        wire.session.beat()
    assert [each["params"]["type"] for each in wire.drain()] == ["heartbeat", "test_request"]
    stall.say(wire, call("public/test", 2))
    assert wire.drain()[0]["result"]["version"]
    for _ in range(10):
        wire.session.beat()
    assert wire.closed is None
    for _ in range(10):
        wire.session.beat()
    assert wire.closed


def test_heartbeats_can_be_turned_off_and_not_be_too_quick(stall):
    wire = stall.client(
        "/ws/api/v2", call("public/set_heartbeat", interval=10), call("public/disable_heartbeat")
    )
    wire.drain()
    for _ in range(40):
        wire.session.beat()
    assert wire.drain() == []
    for interval in (9, "10", None):
        stall.say(wire, call("public/set_heartbeat", interval=interval))
        assert wire.drain()[0]["error"]["code"] == -32602


def test_other_calls(stall):
    wire = stall.client(
        "/ws/api/v2", call("public/get_time"), call("private/buy"), call("public/subscribe"), b"{"
    )
    time, unknown, params, malformed = wire.drain()
    assert time["result"] == stall.clock() // 1_000_000
    assert unknown["error"]["code"] == -32601
    assert params["error"]["data"]["param"] == "channels"
    assert malformed["error"]["code"] == -32700
    stall.stand.left(wire.session)


async def test_a_summary_of_options(stall):
    _, told = await stall.get("/api/v2/public/get_book_summary_by_currency", currency="BTC", kind="option")
    rows = told["result"]
    assert len({row["instrument_name"] for row in rows}) == len(rows)
    assert all(re.fullmatch(r"BTC-\d{1,2}[A-Z]{3}\d\d-\d+-[CP]", row["instrument_name"]) for row in rows)
    assert len({row["instrument_name"].split("-")[1] for row in rows}) >= 5
    for row in rows:
        assert 30 < row["mark_iv"] < 90
        assert row["underlying_price"] == pytest.approx(84_005, rel=0.02)
        assert 0 <= (row["bid_price"] or 0) <= row["mark_price"] <= row["ask_price"]
    _, usdc = await stall.get("/api/v2/public/get_book_summary_by_currency", currency="USDC", kind="option")
    assert {row["instrument_name"].split("-")[0] for row in usdc["result"]} == {"SOL_USDC"}
    _, eth = await stall.get("/api/v2/public/get_book_summary_by_currency", currency="ETH", kind="option")
    assert eth["result"] == [], "no price was told yet"
    _, futures = await stall.get("/api/v2/public/get_book_summary_by_currency", currency="BTC", kind="future")
    assert futures["result"] == []


async def test_past_volatility(stall):
    now = stall.clock() // 1_000_000
    query = {"currency": "BTC", "start_timestamp": now - 3_600_000, "end_timestamp": now, "resolution": "60"}
    _, told = await stall.get("/api/v2/public/get_volatility_index_data", **query)
    rows = told["result"]["data"]
    assert len(rows) == 61
    assert all(low <= min(o, c) <= max(o, c) <= high for _, o, high, low, c in rows)
    for bad in ({"currency": "SOL"}, {"resolution": "5"}, {"start_timestamp": "x"}):
        status, told = await stall.get("/api/v2/public/get_volatility_index_data", **(query | bad))
        assert (status, told["error"]["code"]) == (400, -32602)


async def test_other_answers(stall):
    _, told = await stall.get("/api/v2/public/get_index_price", index_name="btc_usd")
    assert told["result"]["index_price"] == pytest.approx(84_005.25)
    assert (await stall.get("/api/v2/public/get_index_price", index_name="x"))[0] == 400
    assert (await stall.get("/api/v2/public/get_book_summary_by_currency", currency="XRP"))[0] == 400
    assert (await stall.get("/api/v2/public/none"))[0] == 400
    assert (await stall.stand.greet(make_asked("GET", "/ws", {}))).status == 404
    assert b"too_many_requests" in stall.stand.denial(429).body


# ---------------------------------------------------------------------- the surface


@given(st.integers(T0, T0 + 400 * 86_400 * 10**9))
def test_expiries_lie_ahead_at_eight(now):
    days = expiries(now)
    assert days == sorted(set(days))
    assert all(day.hour == 8 and day.timestamp() * 1e9 > now for day in days)
    assert 4 <= len(days) <= 6


@given(st.floats(-0.3, 0.3), st.floats(0.001, 0.3))
def test_volatilities_are_plausible(moneyness, years):
    assert 0.25 < implied("BTC", years, moneyness) < 0.8
    assert implied("BTC", years, -0.1) > implied("BTC", years, 0.1)


@given(st.floats(0.8, 1.25), st.floats(0.01, 0.5))
def test_calls_and_puts_are_at_par(ratio, deviation):
    call_, put = (black(100.0, 100.0 * ratio, deviation, call=call) for call in (True, False))
    assert call_ - put == pytest.approx(100.0 - 100.0 * ratio, abs=1e-9)
    assert max(0.0, 100.0 - 100.0 * ratio) - 1e-9 <= call_ <= 100.0


def test_at_the_money_a_call_costs_what_the_rule_of_thumb_says():
    assert black(100.0, 100.0, 0.05, call=True) == pytest.approx(
        100.0 * 0.05 / math.sqrt(2 * math.pi), rel=1e-3
    )


def test_strikes_of_small_coins_have_a_letter_for_the_point():
    names = {row["instrument_name"] for row in summary("XRP", int(2.31 * UNDERLYING), T0)}
    assert any(re.fullmatch(r"XRP_USDC-\w+-\d+d\d+-[CP]", name) for name in names)

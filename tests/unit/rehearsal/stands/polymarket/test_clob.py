"""The matching engine's answers, and the data API's."""

import json

import pytest
from polystall import LADDER, OTHER, WINDOW, hash_of, traded


@pytest.fixture
def stall():
    made = traded()
    for n, taker in enumerate(("bid", "ask", "bid", "ask")):
        made.clock.pass_(30)
        made.trade(
            WINDOW, "0.4500" if taker == "bid" else "0.4000", "2.00", taker, f"t{n}-{'f' if n < 3 else '0'}"
        )
    return made


async def test_a_book_with_its_hash(stall):
    market = stall.market(WINDOW)
    for token in market.tokens:
        status, book = await stall.get("clob/book", token_id=token)
        assert status == 200
        assert book["hash"] == hash_of(book)
        assert book["timestamp"] == str(stall.clock() // 1_000_000)
        assert (book["min_order_size"], book["tick_size"], book["neg_risk"]) == ("5", "0.01", False)
    _, books = await stall.post("clob/books", [{"token_id": token} for token in (*market.tokens, "77")])
    assert [book["asset_id"] for book in books] == list(market.tokens)


async def test_prices_of_a_token_agree_with_its_book(stall):
    yes, no = stall.market(WINDOW).tokens
    bid, ask = (price / 10_000 for price in stall.market(WINDOW).top())
    assert float((await stall.get("clob/midpoint", token_id=yes))[1]["mid"]) == pytest.approx((bid + ask) / 2)
    assert float((await stall.get("clob/price", token_id=yes, side="BUY"))[1]["price"]) == bid
    assert float((await stall.get("clob/price", token_id=yes, side="sell"))[1]["price"]) == ask
    assert float((await stall.get("clob/spread", token_id=no))[1]["spread"]) == pytest.approx(ask - bid)
    both = [{"token_id": token} for token in (yes, no)]
    _, mids = await stall.post("clob/midpoints", both)
    assert float(mids[yes]) + float(mids[no]) == pytest.approx(1)
    _, spreads = await stall.post("clob/spreads", both)
    assert spreads[yes] == spreads[no]
    sides = [{"token_id": no, "side": side} for side in ("BUY", "SELL")]
    _, prices = await stall.post("clob/prices", sides)
    assert float(prices[no]["BUY"]) == pytest.approx(1 - ask)
    assert float(prices[no]["SELL"]) == pytest.approx(1 - bid)


async def test_the_last_trade_of_a_token_is_on_its_own_tape(stall):
    yes, no = stall.market(WINDOW).tokens
    assert (await stall.get("clob/last-trade-price", token_id=yes))[1]["side"] == "BUY"
    _, lasts = await stall.post("clob/last-trades-prices", [{"token_id": yes}, {"token_id": no}])
    assert [each["token_id"] for each in lasts] == [yes, no]
    # the newest print is the other token's, and stands in the books of both
    _, book = await stall.get("clob/book", token_id=yes)
    assert float(book["last_trade_price"]) == float(lasts[1]["price"])
    assert len(book["last_trade_price"]) == 5
    fresh = stall.market(LADDER).tokens[0]
    assert (await stall.get("clob/last-trade-price", token_id=fresh))[1] == {"price": "0.5", "side": ""}


async def test_terms(stall):
    market = stall.market(WINDOW)
    yes = market.tokens[0]
    assert (await stall.get("clob/tick-size", token_id=yes))[1] == {"minimum_tick_size": 0.01}
    assert (await stall.get("clob/neg-risk", token_id=yes))[1] == {"neg_risk": False}
    assert (await stall.get("clob/fee-rate", token_id=yes))[1] == {"base_fee": 1000}
    _, terms = await stall.get(f"clob/clob-markets/{market.condition}")
    assert terms["t"] == [{"t": yes, "o": "Up"}, {"t": market.tokens[1], "o": "Down"}]
    assert (terms["mts"], terms["mos"], terms["fd"]) == (0.01, 5, {"r": 0.07, "e": 1, "to": True})
    assert terms["ao"] is True
    _, owner = await stall.get(f"clob/markets-by-token/{yes}")
    assert owner["condition_id"] == market.condition
    _, body = await stall.get(f"clob/markets/{market.condition}")
    assert [token["winner"] for token in body["tokens"]] == [False, False]


async def test_a_resolved_market_has_a_winner_and_no_book(stall):
    market = stall.market(WINDOW)
    stall.settle(WINDOW, "no")
    assert (await stall.get("clob/book", token_id=market.tokens[0]))[0] == 404
    assert (await stall.post("clob/books", [{"token_id": market.tokens[0]}]))[1] == []
    _, body = await stall.get(f"clob/markets/{market.condition}")
    assert [token["winner"] for token in body["tokens"]] == [False, True]
    assert body["closed"] is True
    assert "ao" not in (await stall.get(f"clob/clob-markets/{market.condition}"))[1]


async def test_price_history_is_a_point_a_minute(stall):
    yes, no = stall.market(LADDER).tokens
    for n in range(10):
        stall.clock.pass_(30)
        stall.delta(LADDER, "yes", "0.3000", f"{n + 1}.00")
    _, told = await stall.get("clob/prices-history", market=yes, interval="1h")
    times = [point["t"] for point in told["history"]]
    assert len(times) >= 5
    assert len({t // 60 for t in times}) == len(times)
    assert times == sorted(times)
    _, other = await stall.get("clob/prices-history", market=no, interval="max", fidelity=1)
    assert other["history"][0]["p"] + told["history"][0]["p"] == pytest.approx(1)
    _, coarse = await stall.get("clob/prices-history", market=yes, interval="1d", fidelity=60)
    assert len(coarse["history"]) <= 2
    _, part = await stall.get("clob/prices-history", market=yes, startTs=times[1], endTs=times[2] + 1)
    assert [point["t"] for point in part["history"]] == times[1:3]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("book", {}, 400),
        ("book", {"token_id": "x"}, 400),
        ("book", {"token_id": "12"}, 404),
        ("price", {"token_id": "YES", "side": "BUY"}, 400),
        ("clob-markets/0x0", {}, 404),
        ("markets/0x0", {}, 404),
        ("markets-by-token/1", {}, 404),
        ("prices-history", {"market": "1", "interval": "1h"}, 400),
        ("nothing", {}, 404),
    ],
)
async def test_refusals(stall, path, query, status):
    assert (await stall.get(f"clob/{path}", **query))[0] == status


async def test_more_refusals(stall):
    yes = stall.market(WINDOW).tokens[0]
    assert (await stall.get("clob/price", token_id=yes, side="HOLD"))[1] == {"error": "Invalid side"}
    assert (await stall.get("clob/midpoint", token_id=stall.market(OTHER).tokens[0]))[0] == 404
    for body in ({}, [], [{"id": 1}], [{"token_id": "1"}] * 501):
        assert (await stall.post("clob/books", body))[0] == 400
    for query in ({"interval": "2h"}, {}, {"interval": "1h", "fidelity": "x"}):
        assert (await stall.get("clob/prices-history", market=yes, **query))[0] == 400


async def test_health(stall):
    assert (await stall.get("clob/ok"))[1] == "OK"
    assert (await stall.get("clob/time"))[1] == stall.clock() // 1_000_000_000
    assert (await stall.get("data/"))[1] == {"data": "OK"}


# ---------------------------------------------------------------------- the data API


async def test_prints_newest_first(stall):
    market = stall.market(WINDOW)
    _, rows = await stall.get("data/trades", market=market.condition, limit=10)
    times = [row["timestamp"] for row in rows]
    assert len(rows) == 4
    assert times == sorted(times, reverse=True)
    assert {type(row["price"]) for row in rows} == {float}
    assert (rows[0]["asset"], rows[0]["outcome"], rows[0]["outcomeIndex"]) == (market.tokens[1], "Down", 1)
    assert len({row["transactionHash"] for row in rows}) == 4
    _, page = await stall.get("data/trades", limit=2, offset=1)
    assert page == rows[1:3]
    _, bought = await stall.get("data/trades", side="SELL")
    assert {row["side"] for row in bought} == {"SELL"}
    assert (await stall.get("data/trades", market="0x0"))[1] == []
    assert (await stall.get("data/trades", offset=20_000))[0] == 400
    assert (await stall.get("data/trades", limit="x"))[0] == 400


async def test_prints_in_an_envelope_page_by_page(stall):
    market, seen, cursor = stall.market(WINDOW), [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        _, page = await stall.get("data/v2/trades", condition_id=market.condition, limit=3, **more)
        seen += page["data"]
        assert page["pagination"]["has_more"] is (page["pagination"]["next_cursor"] is not None)
        cursor = page["pagination"]["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == 4
    assert {"token_id", "condition_id", "proxy_wallet", "transaction_hash"} <= seen[0].keys()
    assert (await stall.get("data/v2/trades", cursor="%"))[0] == 400
    assert (await stall.get("data/v2/trades", event_id=market.group.id))[1]["data"] == seen


async def test_history_in_an_envelope(stall):
    yes = stall.market(WINDOW).tokens[0]
    now = stall.clock() // 1_000_000_000
    _, page = await stall.get("data/v2/prices-history", token_id=yes, interval="1h")
    assert page["data"]
    assert page["data"][0]["resolution_seconds"] == 60
    _, asof = await stall.get("data/v2/prices-history", token_id=yes, as_of=now)
    assert asof["data"] == page["data"][-1:]
    _, since = await stall.get("data/v2/prices-history", token_id=yes, start=now - 30)
    assert len(since["data"]) <= 2
    for query in (
        {},
        {"interval": "1h", "start": 1},
        {"interval": "9h"},
        {"interval": "1h", "bucket_seconds": 5},
    ):
        assert (await stall.get("data/v2/prices-history", token_id=yes, **query))[0] == 400
    assert (await stall.get("data/v2/prices-history", token_id="5", interval="1h"))[1]["data"] == []


async def test_a_missing_side_is_missing_here_too(stall):
    from cockpit.rehearsal.stands.faults import Faults

    stall.control.set(Faults(missing_side=True))
    _, book = await stall.get("clob/book", token_id=stall.market(WINDOW).tokens[0])
    assert book["asks"] == []
    assert json.dumps(book["bids"]) != "[]"

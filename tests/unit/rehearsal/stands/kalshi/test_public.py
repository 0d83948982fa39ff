"""What anyone may read."""

import pytest
from echoing import T0
from stall import HOUR, A, B, Stall

from cockpit.domain.units import ASK, BID, SECOND
from cockpit.rehearsal.wire import Stamps

REQUIRED = """
ticker event_ticker market_type yes_sub_title no_sub_title created_time updated_time open_time close_time
latest_expiration_time settlement_timer_seconds status yes_bid_dollars yes_bid_size_fp yes_ask_dollars yes_ask_size_fp
no_bid_dollars no_ask_dollars last_price_dollars volume_fp volume_24h_fp result can_close_early open_interest_fp
notional_value_dollars previous_yes_bid_dollars previous_yes_ask_dollars previous_price_dollars settlement_bounds_type
expiration_value rules_primary rules_secondary price_level_structure price_ranges
"""
NOW = T0 // SECOND


@pytest.fixture
def stall():
    return Stall()


async def test_the_exchange(stall):
    status = await stall.get("exchange/status", signed=False)
    assert (status["exchange_active"], status["trading_active"]) == (True, True)
    week = (await stall.get("exchange/schedule"))["schedule"]["standard_hours"][0]
    assert len(week["thursday"]) == 2
    assert len(week["friday"]) == 1
    assert "as_of_time" in await stall.get("exchange/user_data_timestamp")
    assert (await stall.get("series/fee_changes"))["series_fee_change_arr"] == []
    assert (await stall.get("events/fee_changes"))["cursor"] == ""
    for empty in ("events/multivariate", "structured_targets", "incentive_programs", "historical/cutoff"):
        await stall.get(empty)
    assert (await stall.ask("GET", "milestones"))[0] == 400
    await stall.get("milestones", limit=100)


async def test_a_market_is_whole_even_when_only_a_frame_has_named_it(stall):
    stall.delta(BID, 0.20, 5, ticker="KXBARE-26DEC01-X")
    market = (await stall.get("markets/KXBARE-26DEC01-X"))["market"]
    assert not [name for name in REQUIRED.split() if name not in market]
    assert (market["event_ticker"], market["yes_bid_dollars"], market["yes_ask_dollars"]) == (
        "KXBARE-26DEC01", "0.2000", "1.0000",
    )  # fmt: skip
    assert market["yes_ask_size_fp"] == "0.00"
    event = await stall.get("events/KXBARE-26DEC01")
    assert event["event"]["series_ticker"] == "KXBARE"
    assert (await stall.get("series/KXBARE"))["series"]["fee_type"] == "quadratic"


async def test_quotes_and_totals_are_the_live_ones(stall):
    stall.snapshot(A, yes=[(0.46, 3), (0.47, 10)], no=[(0.50, 7)])
    stall.ws(
        "ticker",
        {"market_ticker": A, "price_dollars": "0.4800", "volume_fp": "9.00", "open_interest_fp": "4.00"},
    )
    stall.trade(0.49, 1, ASK)
    market = (await stall.get(f"markets/{A}"))["market"]
    told = {
        key: market[key]
        for key in ("yes_bid_dollars", "yes_bid_size_fp", "no_ask_dollars", "yes_ask_dollars")
    }
    assert told == {
        "yes_bid_dollars": "0.4700", "yes_bid_size_fp": "10.00", "no_ask_dollars": "0.5300",
        "yes_ask_dollars": "0.5000",
    }  # fmt: skip
    assert (market["last_price_dollars"], market["volume_fp"], market["open_interest_fp"]) == (
        "0.4900", "9.00", "4.00",
    )  # fmt: skip


async def test_books_hold_bids_only_best_last(stall):
    stall.snapshot(A, yes=[(0.45, 1), (0.46, 3), (0.47, 10)], no=[(0.49, 2), (0.50, 7)])
    book = (await stall.get(f"markets/{A}/orderbook"))["orderbook_fp"]
    assert book == {
        "yes_dollars": [["0.4500", "1.00"], ["0.4600", "3.00"], ["0.4700", "10.00"]],
        "no_dollars": [["0.4900", "2.00"], ["0.5000", "7.00"]],
    }
    shallow = (await stall.get(f"markets/{A}/orderbook", depth=1))["orderbook_fp"]
    assert shallow == {"yes_dollars": [["0.4700", "10.00"]], "no_dollars": [["0.5000", "7.00"]]}
    for depth in (0, -4):
        assert (await stall.get(f"markets/{A}/orderbook", depth=depth))["orderbook_fp"] == book
    many = (await stall.get("markets/orderbooks", tickers=[A, B, "KXNOBODY"]))["orderbooks"]
    assert [row["ticker"] for row in many] == [A, B]
    assert many[1]["orderbook_fp"] == {"yes_dollars": [], "no_dollars": []}
    assert (await stall.ask("GET", f"markets/{A}/orderbook", depth=101))[0] == 400
    assert (await stall.ask("GET", "markets/orderbooks"))[0] == 400
    assert (await stall.ask("GET", "markets/KXNOBODY/orderbook"))[0] == 404


async def pages(stall, path, key, **query):
    found, cursor = [], ""
    while True:
        page = await stall.get(path, cursor=cursor, **query)
        found.append(page[key])
        cursor = page["cursor"]
        if not cursor:
            return found


async def test_paging_markets_and_a_foreign_cursor(stall):
    for n in range(3):
        stall.list(f"KXTEST-26DEC02-{n}")
    found = await pages(stall, "markets", "markets", limit=2)
    assert [len(page) for page in found] == [2, 2, 1]
    assert len({market["ticker"] for page in found for market in page}) == 5
    for cursor in ("garbage", "YXQ6eA==", "%%%"):
        assert len((await stall.get("markets", cursor=cursor, limit=2))["markets"]) == 2


async def test_limits_are_refused_in_the_validators_words(stall):
    status, body = await stall.ask("GET", "markets", limit=1001)
    assert status == 400
    assert body["msg"].startswith("Parameter validation failed for GetMarkets: ")
    assert "'Limit' failed on the 'lte' tag" in body["msg"]
    assert (await stall.ask("GET", "events", limit=201))[0] == 400
    assert (await stall.ask("GET", "markets/trades", limit=0))[0] == 400
    assert (await stall.ask("GET", "markets", limit="many"))[0] == 400


async def test_filters(stall):
    stamps = Stamps()
    stall.list("KXLATE-26DEC02-X", open_time=stamps.text(T0 + HOUR), close_time=stamps.text(T0 + 2 * HOUR),
               status="initialized")  # fmt: skip
    stall.list("KXGONE-26DEC02-X", close_time=stamps.text(T0 - SECOND))

    async def found(**query):
        return [market["ticker"] for market in (await stall.get("markets", **query))["markets"]]

    assert await found(status="open") == [A, B]
    assert await found(status="unopened") == ["KXLATE-26DEC02-X"]
    assert await found(status="closed") == ["KXGONE-26DEC02-X"]
    assert await found(status="settled") == []
    assert await found(series_ticker="KXTEST", mve_filter="exclude") == [A, B]
    assert await found(event_ticker="KXLATE-26DEC02") == ["KXLATE-26DEC02-X"]
    assert await found(tickers=f"{B},KXNOBODY") == [B]
    assert await found(mve_filter="only") == []
    assert await found(min_close_ts=NOW + 1, max_close_ts=NOW + 3_600) == [A, B]
    stall.clock.pass_(3_600)
    assert "KXLATE-26DEC02-X" in await found(status="open"), "opening is told by the clock alone"


@pytest.mark.parametrize(
    "query",
    [
        {"status": "active"},
        {"status": "open,closed"},
        {"mve_filter": "yes"},
        {"status": "open", "min_close_ts": 5},
        {"min_close_ts": 5, "min_created_ts": 5},
        {"min_updated_ts": 5},
        {"min_close_ts": "soon"},
    ],
)
async def test_filters_that_do_not_go_together(stall, query):
    status, body = await stall.ask("GET", "markets", **query)
    assert status == 400
    assert body["msg"]


async def test_events_and_their_markets(stall):
    stall.rest("/trade-api/v2/events/KXNEW-1", {
        "event": {"event_ticker": "KXNEW-1", "series_ticker": "KXNEW", "title": "New", "strike_date": "2026-12-01T00:00:00Z"},
        "markets": [{"ticker": "KXNEW-1-A", "event_ticker": "KXNEW-1"}],
    })  # fmt: skip
    body = await stall.get("events/KXNEW-1")
    assert [market["ticker"] for market in body["markets"]] == ["KXNEW-1-A"]
    assert "strike_period" not in body["event"]
    nested = await stall.get("events/KXNEW-1", with_nested_markets="true")
    assert (len(nested["event"]["markets"]), nested["markets"]) == (1, [])
    assert (await stall.ask("GET", "events/NOBODY"))[0] == 404
    found = (await stall.get("events", series_ticker="KXTEST", status="open", with_nested_markets="true"))[
        "events"
    ]
    assert [(event["event_ticker"], len(event["markets"])) for event in found] == [("KXTEST-26DEC01", 2)]
    assert (await stall.get("events", status="settled"))["events"] == []
    assert [len(page) for page in await pages(stall, "events", "events", limit=1)] == [1, 1]
    stall.rest(
        "/trade-api/v2/series/KXNEW", {"series": {"ticker": "KXNEW", "title": "N", "category": "Crypto"}}
    )
    assert (await stall.get("series/KXNEW"))["series"]["title"] == "N"
    assert len((await stall.get("series", category="Crypto"))["series"]) == 2
    assert (await stall.get("series", category="Sports"))["series"] == []
    assert (await stall.ask("GET", "series/KXNOBODY"))[0] == 404


async def test_trades_newest_first_with_places_that_stay(stall):
    for n in range(5):
        stall.clock.pass_(1)
        stall.trade(0.40 + n / 100, 1 + n, BID, ticker=A if n % 2 else B)
    first = await stall.get("markets/trades", limit=2)
    stall.trade(0.60, 9, BID)
    rest = await stall.get("markets/trades", limit=100, cursor=first["cursor"])
    assert [trade["count_fp"] for trade in first["trades"] + rest["trades"]] == [
        "5.00", "4.00", "3.00", "2.00", "1.00",
    ]  # fmt: skip
    assert rest["cursor"] == ""
    one = (await stall.get("markets/trades", ticker=A, min_ts=NOW + 4, max_ts=NOW + 4))["trades"]
    assert [(t["yes_price_dollars"], t["no_price_dollars"], t["taker_outcome_side"]) for t in one] == [
        ("0.4300", "0.5700", "yes")
    ]
    assert one[0]["created_time"].endswith("Z")


async def test_block_trades_are_told_apart(stall):
    stall.snapshot(A, yes=[(0.47, 10)])
    order = await stall.resting()
    stall.trade(0.30, 500, ASK, is_block_trade=True)
    assert (await stall.look(order))["fill_count_fp"] == "0.00"
    assert len((await stall.get("markets/trades", is_block_trade="true"))["trades"]) == 1
    assert (await stall.get("markets/trades", is_block_trade="false"))["trades"] == []


async def candles(stall, **query):
    body = await stall.get(
        f"series/KXTEST/markets/{A}/candlesticks",
        **{"start_ts": NOW - 3_600, "end_ts": NOW + 7_200, "period_interval": 1, **query},
    )
    return body["candlesticks"]


async def test_candles_of_trades_and_quotes(stall):
    stall.clock.at = T0 // (60 * SECOND) * 60 * SECOND
    minute = stall.clock.at // SECOND
    stall.snapshot(A, yes=[(0.47, 10)], no=[(0.50, 7)])
    for price in (0.47, 0.49, 0.46):
        stall.trade(price, 2, ASK)
    stall.clock.pass_(180)
    stall.delta(BID, 0.48, 1)
    one, two = await candles(stall)
    assert (one["end_period_ts"], two["end_period_ts"]) == (minute + 60, minute + 240)
    assert one["volume_fp"] == "6.00"
    price = one["price"]
    assert [price[f"{key}_dollars"] for key in ("open", "low", "high", "close", "mean", "min", "max")] == [
        "0.4700", "0.4600", "0.4900", "0.4600", "0.4733", "0.4600", "0.4900",
    ]  # fmt: skip
    assert "previous_dollars" not in price
    assert two["price"] == {"previous_dollars": "0.4600"}, "nothing traded"
    assert (two["yes_bid"]["open_dollars"], two["yes_bid"]["close_dollars"]) == ("0.4700", "0.4800")
    assert len(await candles(stall, period_interval=60)) in (1, 2)
    (before, _) = await candles(stall, start_ts=minute + 100, include_latest_before_start="true")
    assert before == one
    assert await candles(stall, start_ts=minute + 300) == []
    many = await stall.get("markets/candlesticks", market_tickers=f"{A},{B}", start_ts=NOW - 60, end_ts=NOW + 600,
                           period_interval=1)  # fmt: skip
    assert [(row["market_ticker"], len(row["candlesticks"])) for row in many["markets"]] == [(A, 2), (B, 0)]


@pytest.mark.parametrize("query", [{"period_interval": 5}, {"end_ts": 1}, {"start_ts": NOW - 400_000}])
async def test_candles_that_are_refused(stall, query):
    base = {"start_ts": NOW - 60, "end_ts": NOW, "period_interval": 1}
    assert (await stall.ask("GET", f"series/KXTEST/markets/{A}/candlesticks", **(base | query)))[0] == 400
    assert (await stall.ask("GET", f"series/KXOTHER/markets/{A}/candlesticks", **base))[0] == 404


async def test_unknown_paths_and_methods(stall):
    assert (await stall.ask("GET", "nothing"))[0] == 404
    assert (await stall.ask("PATCH", "markets"))[0] == 405


async def test_a_recording_of_polls_alone_fills_books_trades_and_settlements(stall):
    book = {"orderbook_fp": {"yes_dollars": [["0.4700", "10.00"]], "no_dollars": None}}
    stall.rest(f"https://example.invalid/trade-api/v2/markets/{A}/orderbook?depth=5", book)
    stall.rest("/x/markets/orderbooks", {"orderbooks": [{"ticker": B, **book}]})
    trade = {"trade_id": "x", "ticker": A, "yes_price_dollars": "0.4700", "count_fp": "4.00",
             "taker_book_side": "ask", "created_time": Stamps().text(T0)}  # fmt: skip
    order = await stall.resting(price="0.4800")
    for _ in range(2):
        stall.rest("/x/markets/trades", {"trades": [{**trade, "trade_id": None, "count_fp": 3}, trade]})
    assert (await stall.get(f"markets/{A}/orderbook"))["orderbook_fp"]["yes_dollars"][0] == [
        "0.4700",
        "10.00",
    ]
    assert (await stall.get(f"markets/{B}"))["market"]["yes_bid_dollars"] == "0.4700"
    assert [t["created_time"] for t in (await stall.get("markets/trades"))["trades"]] == [Stamps().text(T0)]
    assert (await stall.look(order))["fill_count_fp"] == "4.00"
    stall.rest("/x", {"market": {"ticker": A, "status": "finalized", "result": "no"}})
    assert (await stall.get("portfolio/settlements"))["settlements"][0]["revenue"] == 0

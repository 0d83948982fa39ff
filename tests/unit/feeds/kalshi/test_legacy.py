from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import BookDelta, BookSnapshot, Quote, Trade
from cockpit.domain.units import ASK, BID
from cockpit.feeds.kalshi import legacy


def test_a_cents_book_of_the_socket(exchange: Any) -> None:
    message = exchange.snapshot(yes=[[8, 300], [22, 333]], no=[[54, 20]])
    assert exchange.tell(message) == (
        BookSnapshot(1_000, 0, "KXA-1", ((800, 300_000_000), (2_200, 333_000_000)), ((4_600, 20_000_000),)),
    )


def test_dollar_pairs_with_whole_counts_win_over_cents(exchange: Any) -> None:
    message = exchange.snapshot(yes=[[8, 300]], yes_dollars=[["0.0850", 300]], no=None)
    assert exchange.tell(message)[0].bids == ((850, 300_000_000),)


def test_todays_sides_win_over_old_ones(exchange: Any) -> None:
    message = exchange.snapshot(yes_dollars_fp=[["0.0850", "300.00"]], yes=[[8, 300]], no=[[54, 20]])
    (book,) = exchange.tell(message)
    assert book.bids == ((850, 300_000_000),)
    assert book.asks == ()


@pytest.mark.parametrize("side", [[[8]], [[8, 1.5]], [["8", 300]], 7, [[101, 300]], [[8, 0]]])
def test_an_old_book_out_of_shape_is_a_feed_error(exchange: Any, side: Any) -> None:
    with pytest.raises(FeedError):
        exchange.tell(exchange.snapshot(yes=side))


def _delta(seq: int = 2, **body: Any) -> dict[str, Any]:
    return {"type": "orderbook_delta", "sid": 1, "seq": seq, "msg": {"market_ticker": "KXA-1", **body}}


def test_a_cents_delta(exchange: Any) -> None:
    exchange.tell(exchange.snapshot())
    message = _delta(price=96, delta=-54, side="yes", ts="2026-01-20T20:44:01Z")
    assert exchange.tell(message) == (
        BookDelta(1_000, 1_768_941_841_000_000_000, "KXA-1", BID, 9_600, -54_000_000),
    )
    (event,) = exchange.tell(_delta(seq=3, price=30, price_dollars="0.3050", delta=2, side="no"))
    assert (event.side, event.price) == (ASK, 6_950)
    assert exchange.feed.census["legacy:orderbook_delta"] == 2


@pytest.mark.parametrize(
    "body",
    [
        {"price": 96, "delta": "-54", "side": "yes"},
        {"price": 960, "delta": -54, "side": "yes"},
        {"delta": -54, "side": "yes"},
        {"price": 96, "delta": -54, "side": "up"},
        {"price": 96, "price_dollars": 0.96, "delta_fp": "-54.00", "delta": -54, "side": "yes"},
    ],
)
def test_an_old_delta_out_of_shape_is_a_feed_error(exchange: Any, body: dict[str, Any]) -> None:
    exchange.tell(exchange.snapshot())
    with pytest.raises(FeedError):
        exchange.tell(_delta(**body))


def test_a_cents_trade(exchange: Any) -> None:
    body = {
        "market_ticker": "KXA-1",
        "yes_price": 36,
        "no_price": 64,
        "count": 136,
        "taker_side": "no",
        "ts": 1_768_941_841,
    }
    assert exchange.tell({"type": "trade", "sid": 2, "seq": 1, "msg": body}) == (
        Trade(1_000, 1_768_941_841_000_000_000, "KXA-1", 3_600, 136_000_000, ASK),
    )


def test_a_cents_ticker(exchange: Any) -> None:
    body = {"market_ticker": "KXA-1", "price": 48, "yes_bid": 45, "yes_ask": 53, "volume": 10, "ts": 1}
    assert exchange.tell({"type": "ticker", "sid": 2, "msg": body}) == (
        Quote(1_000, 1_000_000_000, "KXA-1", 4_500, 0, 5_300, 0, last=4_800, volume=10_000_000),
    )


def test_a_cents_book_by_rest(exchange: Any) -> None:
    url = "/trade-api/v2/markets/KXA-1/orderbook"
    (book,) = exchange.answer(url, {"orderbook": {"yes": [[47, 3]], "no": None}})
    assert book == BookSnapshot(1_000, 0, "KXA-1", ((4_700, 3_000_000),), ())
    assert exchange.feed.census["legacy:orderbook"] == 1
    with pytest.raises(FeedError):
        exchange.answer(url, {"orderbook": {"yes": [["47", 3]]}})


def test_cents_trades_and_bars_by_rest(exchange: Any) -> None:
    old = {"trade_id": "a", "ticker": "KXA-1", "yes_price": 36, "count": 5, "taker_side": "yes"}
    (trade,) = exchange.answer("/markets/trades?ticker=KXA-1", {"trades": [old], "cursor": ""})
    assert (trade.price, trade.qty, trade.taker) == (3_600, 5_000_000, BID)
    quad = {"open": 10, "high": 30, "low": 5, "close": 20}
    bar = {"end_period_ts": 60, "yes_bid": quad, "yes_ask": quad, "price": quad, "volume": 7}
    (candle,) = exchange.answer(
        "/series/KXA/markets/KXA-1/candlesticks?period_interval=1", {"ticker": "KXA-1", "candlesticks": [bar]}
    )
    assert candle.trade == (1_000, 3_000, 500, 2_000)
    assert candle.volume == 7_000_000


def test_a_cents_settlement(exchange: Any) -> None:
    market = exchange.market(status="finalized", result="scalar", settlement_value=37)
    assert exchange.answer("/markets/X", {"market": market})[1].value == 3_700
    with pytest.raises(FeedError, match="outside"):
        exchange.answer("/markets/X", {"market": {**market, "settlement_value": 370}})


def test_dollars() -> None:
    assert [legacy.dollars(cents) for cents in (0, 7, 47, 100)] == ["0.0000", "0.0700", "0.4700", "1.0000"]

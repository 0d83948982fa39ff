from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotBar, SpotTick
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.spot.coinbase import CoinbaseFeed

from .mangled import events_or_refusal, mutated  # noqa: TID252  the tests are no package

EX = 1_778_501_851_334_380_000

MATCH = {
    "type": "match",
    "trade_id": 10,
    "maker_order_id": "m",
    "taker_order_id": "t",
    "side": "sell",
    "size": "0.00513",
    "price": "81117.21",
    "product_id": "BTC-USD",
    "sequence": 5,
    "time": "2026-05-11T12:17:31.334380Z",
}

TICKER = {
    "type": "ticker",
    "sequence": 6,
    "product_id": "BTC-USD",
    "price": "81117.21",
    "best_bid": "81117.20",
    "best_bid_size": "1.0",
    "best_ask": "81117.22",
    "best_ask_size": "1.0",
    "side": "buy",
    "time": "2026-05-11T12:17:31.334380Z",
    "trade_id": 10,
    "last_size": "0.00513",
}


@pytest.fixture
def feed() -> CoinbaseFeed:
    return CoinbaseFeed()


def _tell(feed: CoinbaseFeed, message: Any, **change: Any) -> Sequence[SpotTick]:
    data = message if isinstance(message, bytes) else msgspec.json.encode({**message, **change})
    return feed.receive(Frame(n=1, t=7, s="coinbase.ws", d=msgspec.Raw(data)))


def test_a_match_names_the_maker_so_the_taker_is_on_the_other_side(feed: CoinbaseFeed) -> None:
    assert _tell(feed, MATCH) == (SpotTick(7, EX, "coinbase", "BTC-USD", 8_111_721_000_000, 513_000, BID),)
    (sold,) = _tell(feed, MATCH, trade_id=11, side="buy")
    assert sold.taker == ASK


def test_a_match_recorded_without_size_and_side(feed: CoinbaseFeed) -> None:
    bare = {key: MATCH[key] for key in ("product_id", "trade_id", "price", "time")}
    (tick,) = _tell(feed, {"type": "last_match", **bare})
    assert (tick.qty, tick.taker, tick.price, tick.ex) == (0, 0, 8_111_721_000_000, EX)


def test_a_match_told_again_counts_once(feed: CoinbaseFeed) -> None:
    _tell(feed, MATCH)
    feed.reset()
    assert _tell(feed, MATCH, type="last_match") == ()
    assert len(_tell(feed, MATCH, trade_id=11)) == 1
    assert len(_tell(feed, MATCH, trade_id=3, product_id="ETH-USD")) == 1
    assert feed.census == {"match:duplicate": 1}


def test_a_ticker_alone_carries_the_trade(feed: CoinbaseFeed) -> None:
    assert _tell(feed, TICKER) == (
        SpotTick(
            7,
            EX,
            "coinbase",
            "BTC-USD",
            8_111_721_000_000,
            513_000,
            BID,
            bid=8_111_720_000_000,
            ask=8_111_722_000_000,
        ),
    )


def test_beside_matches_a_ticker_is_a_top_of_book(feed: CoinbaseFeed) -> None:
    _tell(feed, MATCH)
    (tick,) = _tell(feed, TICKER)
    assert (tick.qty, tick.taker, tick.bid) == (0, 0, 8_111_720_000_000)


def test_a_first_ticker_without_trades(feed: CoinbaseFeed) -> None:
    (tick,) = _tell(feed, {"type": "ticker", "product_id": "BTC-USD", "price": "1.5", "best_bid": "0"})
    assert (tick.qty, tick.taker, tick.bid, tick.ask, tick.ex) == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "subscriptions", "channels": [{"name": "matches", "product_ids": ["BTC-USD"]}]},
        {"type": "heartbeat", "sequence": 90, "last_trade_id": 20, "product_id": "BTC-USD"},
    ],
)
def test_answers_and_heartbeats_say_nothing(feed: CoinbaseFeed, message: Any) -> None:
    assert _tell(feed, message) == ()
    assert not feed.census


def test_refusals_and_unknown_types_are_counted(feed: CoinbaseFeed) -> None:
    assert _tell(feed, {"type": "error", "message": "Failed to subscribe", "reason": "no product"}) == ()
    assert _tell(feed, {"type": "l2update", "product_id": "BTC-USD", "changes": []}) == ()
    assert feed.census == {"error:Failed to subscribe: no product": 1, "type:l2update": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"price": "0"},
        {"price": "-1"},
        {"price": 81117.21},
        {"price": "high"},
        {"size": "-1"},
        {"time": "noon"},
        {"product_id": None},
        {"trade_id": "10"},
    ],
)
def test_a_match_out_of_shape_is_a_feed_error(feed: CoinbaseFeed, change: dict[str, Any]) -> None:
    with pytest.raises(FeedError):
        _tell(feed, MATCH, **change)
    assert len(_tell(feed, MATCH)) == 1


def test_the_subscription_goes_out_once_per_connection(feed: CoinbaseFeed) -> None:
    as_feed: Feed = feed
    assert [request.url for request in as_feed.requests()] == ["wss://ws-feed.exchange.coinbase.com"]
    (message,) = map(msgspec.json.decode, feed.outgoing())
    assert message == {
        "type": "subscribe",
        "product_ids": ["BTC-USD"],
        "channels": ["matches", "ticker", "heartbeat"],
    }
    assert feed.outgoing() == []
    feed.reset()
    assert len(feed.outgoing()) == 1


@pytest.mark.parametrize("message", [MATCH, TICKER])
def test_every_truncation_is_a_feed_error(feed: CoinbaseFeed, message: dict[str, Any]) -> None:
    whole = msgspec.json.encode(message)
    for end in range(len(whole)):
        with pytest.raises(FeedError):
            _tell(feed, whole[:end])


@given(mutated(msgspec.json.encode(MATCH), msgspec.json.encode(TICKER)))
def test_mutations_give_ticks_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _tell(CoinbaseFeed(), data))


# ---------------------------------------------------------------- candles

MINUTE = 1_778_501_820
"""12:17:00, the minute that was running at `NOW`."""
NOW = (MINUTE + 31) * SECOND
CANDLES = (
    b"[[1778501820,81100,81120.5,81110,81117.21,0.5],[1778501760,81090.01,81115,81100,81110,1.25],"
    b"[1778501640,81080,81101,81090,81100,2e-8]]"
)
URL = "https://api.exchange.coinbase.com/products/BTC-USD/candles?granularity=60"


def _answer(
    feed: CoinbaseFeed, data: bytes, url: str | None = URL, status: int | None = 200
) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=NOW, s="coinbase.rest", d=msgspec.Raw(data), u=url, st=status))


def test_candles_are_finished_ones_oldest_first(feed: CoinbaseFeed) -> None:
    older, newer = _answer(feed, CANDLES)
    assert older == SpotBar(
        NOW, "coinbase", "BTC-USD", (MINUTE - 120) * SECOND, 60,
        8_109_000_000_000, 8_110_100_000_000, 8_108_000_000_000, 8_110_000_000_000, 2,
    )  # fmt: skip
    assert (newer.end, newer.open, newer.close) == (MINUTE * SECOND, 8_110_000_000_000, 8_111_000_000_000)
    assert newer.low == 8_109_001_000_000


def test_candles_are_asked_for_once_and_after_an_outage() -> None:
    feed = CoinbaseFeed(["BTC", "ETH-USD"])
    asks = feed.asks()
    assert [poll.url for poll in asks] == [URL, URL.replace("BTC", "ETH")]
    assert all(poll.source == "coinbase.rest" and not poll.every_ns for poll in asks)
    assert feed.asks() == []
    for minutes, asked in ((0, 0), (2, 0), (6, 2), (7, 0)):
        match = msgspec.json.encode({**MATCH, "trade_id": 100 + minutes})
        feed.receive(Frame(n=1, t=NOW + minutes * 60 * SECOND, s="coinbase.ws", d=msgspec.Raw(match)))
        feed.receive(
            Frame(n=1, t=NOW + minutes * 60 * SECOND, s="coinbase.ws", d=msgspec.Raw(b'{"type":"heartbeat"}'))
        )
        assert len(feed.asks()) == asked


def test_an_unchanged_answer_says_nothing(feed: CoinbaseFeed) -> None:
    assert _answer(feed, b"", status=304) == []


@pytest.mark.parametrize(
    ("data", "url", "status"),
    [
        (b'{"message":"NotFound"}', URL, 404),
        (b"<html>", URL, 200),
        (b"timed out", URL, 0),
        (CANDLES, None, 200),
        (CANDLES, "https://api.exchange.coinbase.com/products/BTC-USD/trades", 200),
        (CANDLES, URL.replace("60", "300"), 200),
        (CANDLES.replace(b"1778501640", b"9999999999"), URL, 200),
        (CANDLES.replace(b"81090,", b"-81090,"), URL, 200),
    ],
)
def test_other_answers_are_feed_errors(feed: CoinbaseFeed, data: bytes, url: str | None, status: int) -> None:
    with pytest.raises(FeedError, match=r"coinbase\.rest"):
        _answer(feed, data, url, status)


def test_every_truncated_answer_is_a_feed_error(feed: CoinbaseFeed) -> None:
    for end in range(len(CANDLES)):
        with pytest.raises(FeedError):
            _answer(feed, CANDLES[:end])


@given(mutated(CANDLES))
def test_mutated_answers_give_bars_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _answer(CoinbaseFeed(), data))

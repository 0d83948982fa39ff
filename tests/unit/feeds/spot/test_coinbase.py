from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotTick
from cockpit.domain.units import ASK, BID
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.spot.coinbase import CoinbaseFeed

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


@given(st.data())
def test_mutations_give_ticks_or_a_feed_error(data: st.DataObject) -> None:
    whole = msgspec.json.encode(data.draw(st.sampled_from([MATCH, TICKER])))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    patch = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([b"null", b"1e999", b'"NaN"', b"[]"])))
    try:
        ticks = _tell(CoinbaseFeed(), whole[:start] + patch + whole[end:])
    except FeedError:
        return
    assert all(isinstance(tick, SpotTick) for tick in ticks)

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotTick
from cockpit.domain.units import ASK, BID
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.spot.kraken import KrakenFeed

TRADES = (
    b'{"channel":"trade","type":"update","data":['
    b'{"symbol":"BTC/USD","side":"buy","price":81117.2,"qty":0.00513001,"ord_type":"limit","trade_id":5,'
    b'"timestamp":"2026-05-11T12:17:31.334380Z"},'
    b'{"symbol":"XBT/USD","side":"sell","price":81117.10000,"qty":1e-8,"ord_type":"market","trade_id":6,'
    b'"timestamp":"2026-05-11T12:17:31.334381Z"}]}'
)
TICKER = (
    b'{"channel":"ticker","type":"snapshot","data":[{"symbol":"ETH/USD","bid":2000.11,"bid_qty":1.0,"ask":2000.12,'
    b'"ask_qty":2.5,"last":2000.1,"volume":100.0,"vwap":2001.0,"low":1990.0,"high":2010.0,"change":1.0}]}'
)
EX = 1_778_501_851_334_380_000


@pytest.fixture
def feed() -> KrakenFeed:
    return KrakenFeed()


def _tell(feed: KrakenFeed, data: bytes) -> Sequence[SpotTick]:
    return feed.receive(Frame(n=1, t=7, s="kraken.ws", d=msgspec.Raw(data)))


def test_trades_are_exact_and_in_order(feed: KrakenFeed) -> None:
    assert _tell(feed, TRADES) == [
        SpotTick(7, EX, "kraken", "BTC-USD", 8_111_720_000_000, 513_001, BID),
        SpotTick(7, EX + 1_000, "kraken", "BTC-USD", 8_111_710_000_000, 1, ASK),
    ]


def test_trades_told_again_count_once(feed: KrakenFeed) -> None:
    _tell(feed, TRADES)
    feed.reset()
    assert _tell(feed, TRADES.replace(b'"update"', b'"snapshot"')) == []
    assert len(_tell(feed, TRADES.replace(b'"trade_id":6', b'"trade_id":7'))) == 1
    assert feed.census == {"trade:duplicate": 3}


def test_a_ticker_is_a_top_of_book(feed: KrakenFeed) -> None:
    assert _tell(feed, TICKER) == [
        SpotTick(7, 0, "kraken", "ETH-USD", 200_010_000_000, bid=200_011_000_000, ask=200_012_000_000)
    ]


@pytest.mark.parametrize(
    "data",
    [
        b'{"channel":"heartbeat"}',
        b'{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2"}]}',
        b'{"method":"subscribe","result":{"channel":"ticker","symbol":"BTC/USD"},"success":true,"req_id":1}',
        b'{"method":"pong","req_id":2}',
    ],
)
def test_answers_and_heartbeats_say_nothing(feed: KrakenFeed, data: bytes) -> None:
    assert _tell(feed, data) == []
    assert not feed.census


def test_refusals_outages_and_unknown_channels_are_counted(feed: KrakenFeed) -> None:
    _tell(feed, b'{"method":"subscribe","success":false,"error":"Currency pair not supported","req_id":1}')
    _tell(feed, b'{"channel":"status","data":[{"system":"maintenance"}]}')
    _tell(feed, b'{"channel":"ohlc","type":"update","data":[]}')
    assert feed.census == {
        "error:Currency pair not supported": 1,
        "status:maintenance": 1,
        "type:ohlc": 1,
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"channel":"trade"}',
        b'{"channel":"trade","data":{}}',
        b'{"channel":"trade","data":[{"symbol":"BTC/USD","price":0,"qty":1}]}',
        b'{"channel":"trade","data":[{"symbol":"BTC/USD","price":1,"qty":-1}]}',
        b'{"channel":"trade","data":[{"symbol":"BTC/USD","price":"NaN","qty":1}]}',
        b'{"channel":"trade","data":[{"symbol":"BTC/USD","price":1e999,"qty":1}]}',
        b'{"channel":"trade","data":[{"symbol":"BTC/USD","price":1,"qty":1,"timestamp":"noon"}]}',
        b'{"channel":"ticker","data":[{"symbol":"BTC/USD","bid":1}]}',
        b'{"channel":"ticker","data":[{"symbol":"BTC/USD","last":1,"bid":-1}]}',
    ],
)
def test_nonsense_is_a_feed_error(feed: KrakenFeed, data: bytes) -> None:
    with pytest.raises(FeedError):
        _tell(feed, data)


def test_subscriptions_go_out_once_per_connection() -> None:
    feed = KrakenFeed(["BTC-USD", "ETH-USD"])
    as_feed: Feed = feed
    assert [request.url for request in as_feed.requests()] == ["wss://ws.kraken.com/v2"]
    ticker, trade = (msgspec.json.decode(each) for each in feed.outgoing())
    symbols = ["BTC/USD", "ETH/USD"]
    assert ticker["params"] == {
        "channel": "ticker",
        "symbol": symbols,
        "event_trigger": "bbo",
        "snapshot": True,
    }
    assert trade["params"] == {"channel": "trade", "symbol": symbols, "snapshot": False}
    assert [ticker["req_id"], trade["req_id"]] == [1, 2]
    assert feed.outgoing() == []
    feed.reset()
    assert len(feed.outgoing()) == 2


@pytest.mark.parametrize("whole", [TRADES, TICKER])
def test_every_truncation_is_a_feed_error(feed: KrakenFeed, whole: bytes) -> None:
    for end in range(len(whole)):
        with pytest.raises(FeedError):
            _tell(feed, whole[:end])


@given(st.data())
def test_mutations_give_ticks_or_a_feed_error(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([TRADES, TICKER]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    patch = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([b"null", b"1e999", b'"NaN"', b"[]"])))
    try:
        ticks = _tell(KrakenFeed(), whole[:start] + patch + whole[end:])
    except FeedError:
        return
    assert all(isinstance(tick, SpotTick) for tick in ticks)

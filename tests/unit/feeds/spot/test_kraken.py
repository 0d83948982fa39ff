from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotBar, SpotTick
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.feeds.base import Feed, Frame
from cockpit.feeds.spot.kraken import KrakenFeed

from .mangled import events_or_refusal, mutated  # noqa: TID252  the tests are no package

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


@given(mutated(TRADES, TICKER))
def test_mutations_give_ticks_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _tell(KrakenFeed(), data))


# ---------------------------------------------------------------- candles

MINUTE = 1_778_501_820
NOW = (MINUTE + 65) * SECOND
OHLC = (
    b'{"error":[],"result":{"XXBTZUSD":['
    b'[1778501700,"81090.0","81101.0","81080.5","81100.0","81095.1","1.25000000",14],'
    b'[1778501760,"81100.0","81100.0","81100.0","81100.0","0.0","0.00000000",0],'
    b'[1778501820,"81100.0","81110.0","81100.0","81110.0","81105.3","0.00000001",2],'
    b'[1778501880,"81110.0","81112.0","81110.0","81111.0","81110.9","0.40000000",3]],"last":1778501820}}'
)
URL = "https://api.kraken.com/0/public/OHLC?pair=XBTUSD&interval=1"


def _answer(feed: KrakenFeed, data: bytes, url: str | None = URL, status: int | None = 200) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=NOW, s="kraken.rest", d=msgspec.Raw(data), u=url, st=status))


def test_candles_without_the_unfinished_one_and_fillers(feed: KrakenFeed) -> None:
    assert _answer(feed, OHLC) == [
        SpotBar(NOW, "kraken", "BTC-USD", (MINUTE - 60) * SECOND, 60,
                8_109_000_000_000, 8_110_100_000_000, 8_108_050_000_000, 8_110_000_000_000, 125_000_000),
        SpotBar(NOW, "kraken", "BTC-USD", (MINUTE + 60) * SECOND, 60,
                8_110_000_000_000, 8_111_000_000_000, 8_110_000_000_000, 8_111_000_000_000, 1),
    ]  # fmt: skip
    assert feed.census == {"candle:without a trade": 1}


def test_the_last_row_is_unfinished_whatever_our_clock_says(feed: KrakenFeed) -> None:
    late = Frame(n=1, t=NOW + 3600 * SECOND, s="kraken.rest", d=msgspec.Raw(OHLC), u=URL, st=200)
    assert [bar.end for bar in feed.receive(late)] == [(MINUTE - 60) * SECOND, (MINUTE + 60) * SECOND]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("asset", "old", "pair"),
    [("BTC", "XBTUSD", "BTC-USD"), ("ETH", "ETHUSD", "ETH-USD"), ("DOGE", "XDGUSD", "DOGE-USD")],
)
def test_old_names_of_pairs(asset: str, old: str, pair: str) -> None:
    (poll,) = KrakenFeed([asset]).asks()
    assert poll.url == f"https://api.kraken.com/0/public/OHLC?pair={old}&interval=1"
    answer = OHLC.replace(b"XXBTZUSD", old.encode())
    for feed in (KrakenFeed([asset]), KrakenFeed(["SOL"])):
        bars = _answer(feed, answer, poll.url)
        assert [bar.symbol for bar in bars] == [pair, pair]


@pytest.mark.parametrize(
    ("data", "url", "status"),
    [
        (b'{"error":["EGeneral:Too many requests"]}', URL, 200),
        (b"<html>", URL, 502),
        (b"connection refused", URL, 0),
        (OHLC, None, 200),
        (OHLC, URL.replace("OHLC", "Ticker"), 200),
        (OHLC, URL.replace("interval=1", "interval=5"), 200),
        (OHLC, URL.replace("XBTUSD", "XBTEUR"), 200),
        (OHLC.replace(b'"81090.0"', b'"NaN"'), URL, 200),
        (OHLC.replace(b'"81090.0"', b'"-81090.0"'), URL, 200),
        (OHLC.replace(b"1778501700", b"99999999999"), URL, 200),
    ],
)
def test_other_answers_are_feed_errors(feed: KrakenFeed, data: bytes, url: str | None, status: int) -> None:
    with pytest.raises(FeedError, match=r"kraken\.rest"):
        _answer(feed, data, url, status)


def test_every_truncated_answer_is_a_feed_error(feed: KrakenFeed) -> None:
    for end in range(len(OHLC)):
        with pytest.raises(FeedError):
            _answer(feed, OHLC[:end])


@given(mutated(OHLC))
def test_mutated_answers_give_bars_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _answer(KrakenFeed(), data))

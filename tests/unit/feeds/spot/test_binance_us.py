from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given

from cockpit.domain.errors import FeedError
from cockpit.domain.events import SpotBar, SpotTick
from cockpit.domain.units import ASK, BID, SECOND
from cockpit.feeds.base import Feed, Frame, Socket
from cockpit.feeds.spot.binance_us import BinanceUsFeed

from .mangled import events_or_refusal, mutated  # noqa: TID252  the tests are no package

MINUTE = 1_778_501_820
NOW = (MINUTE + 65) * SECOND
TRADE = (
    b'{"stream":"btcusd@trade","data":{"e":"trade","E":1778501851340,"s":"BTCUSD","t":41,"p":"81117.2100",'
    b'"q":"0.00513000","T":1778501851334,"m":true,"M":true}}'
)
TOP = b'{"stream":"btcusd@bookTicker","data":{"u":9001,"s":"BTCUSD","b":"81110.00","B":"0.2","a":"81121.01","A":"0.1"}}'
KLINE = (
    b'{"stream":"btcusd@kline_1m","data":{"e":"kline","E":1778501880010,"s":"BTCUSD","k":{"t":1778501820000,'
    b'"T":1778501879999,"s":"BTCUSD","i":"1m","o":"81100.00","c":"81110.00","h":"81120.00","l":"81090.50",'
    b'"v":"0.31000000","n":7,"x":true,"q":"25000.0","V":"0.1","Q":"8000.0"}}}'
)
KLINES = (
    b'[[1778501700000,"81090.0","81101.0","81080.5","81100.0","1.25000000",1778501759999,"1.0",14,"0.1","0.1","0"],'
    b'[1778501760000,"81100.0","81100.0","81100.0","81100.0","0.00000000",1778501819999,"0.0",0,"0","0","0"],'
    b'[1778501820000,"81100.0","81110.0","81100.0","81110.0","0.00000001",1778501879999,"0.1",2,"0","0","0"],'
    b'[1778501880000,"81110.0","81112.0","81110.0","81111.0","0.40000000",1778501939999,"0.1",3,"0","0","0"]]'
)
URL = "https://api.binance.us/api/v3/klines?symbol=BTCUSD&interval=1m&limit=720"


@pytest.fixture
def feed() -> BinanceUsFeed:
    return BinanceUsFeed()


def _tell(feed: BinanceUsFeed, data: bytes) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=7, s="binance_us.ws", d=msgspec.Raw(data)))


def _answer(
    feed: BinanceUsFeed, data: bytes, url: str | None = URL, status: int | None = 200
) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=NOW, s="binance_us.rest", d=msgspec.Raw(data), u=url, st=status))


def test_a_trade_whose_buyer_was_the_maker_was_a_sale(feed: BinanceUsFeed) -> None:
    ex = 1_778_501_851_334_000_000
    assert _tell(feed, TRADE) == (SpotTick(7, ex, "binance_us", "BTC-USD", 8_111_721_000_000, 513_000, ASK),)
    (bought,) = _tell(feed, TRADE.replace(b'"m":true', b'"m":false').replace(b'"t":41', b'"t":42'))
    assert bought.taker == BID


def test_trades_told_again_count_once(feed: BinanceUsFeed) -> None:
    _tell(feed, TRADE)
    feed.reset("binance_us.ws")
    assert _tell(feed, TRADE) == ()
    assert feed.census == {"trade:duplicate": 1}


def test_a_top_of_book_is_worth_its_middle(feed: BinanceUsFeed) -> None:
    (tick,) = _tell(feed, TOP)
    assert tick == SpotTick(
        7,
        0,
        "binance_us",
        "BTC-USD",
        8_111_550_500_000,
        bid=8_111_000_000_000,
        ask=8_112_101_000_000,
    )


def test_half_a_book_has_no_middle(feed: BinanceUsFeed) -> None:
    assert _tell(feed, TOP.replace(b'"81110.00"', b'"0.00"')) == ()
    assert feed.census == {"book:one-sided": 1}


def test_a_kline_is_told_when_it_is_over(feed: BinanceUsFeed) -> None:
    assert _tell(feed, KLINE.replace(b'"x":true', b'"x":false')) == []
    assert _tell(feed, KLINE) == [
        SpotBar(7, "binance_us", "BTC-USD", (MINUTE + 60) * SECOND, 60,
                8_110_000_000_000, 8_112_000_000_000, 8_109_050_000_000, 8_111_000_000_000, 31_000_000)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "counted"),
    [
        (b'{"result":null,"id":1}', {}),
        (b'{"error":{"code":2,"msg":"Invalid request"},"id":1}', {"error:2: Invalid request": 1}),
        (b'{"e":"serverShutdown","E":1778501851340}', {"type:serverShutdown": 1}),
        (b'{"stream":"!server","data":{"e":"serverShutdown","E":1778501851340}}', {"type:serverShutdown": 1}),
        (b'{"stream":"btcusd@depth","data":{"lastUpdateId":1}}', {"type:depth": 1}),
    ],
)  # fmt: skip
def test_what_is_no_price_is_counted(feed: BinanceUsFeed, data: bytes, counted: dict[str, int]) -> None:
    assert _tell(feed, data) == ()
    assert feed.census == counted


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"stream":"btcusd@trade"}',
        TRADE.replace(b"BTCUSD", b"BTCEUR"),
        TRADE.replace(b'"BTCUSD"', b'"USD"'),
        TRADE.replace(b"81117.2100", b"0"),
        TRADE.replace(b"1778501851334", b"-1"),
        TRADE.replace(b"1778501851334", b"99999999999999"),
        TOP.replace(b"81110.00", b"-81110.00"),
        KLINE.replace(b'"1m"', b'"5m"'),
        KLINE.replace(b"81090.50", b"NaN"),
    ],
)
def test_nonsense_is_a_feed_error(feed: BinanceUsFeed, data: bytes) -> None:
    with pytest.raises(FeedError, match=r"binance_us\.ws"):
        _tell(feed, data)


def test_the_url_names_the_streams() -> None:
    feed = BinanceUsFeed(["BTC", "ETH-USD"], socket="wss://example.test:9443", rest="https://example.test")
    as_feed: Feed = feed
    (socket,) = as_feed.requests()
    assert isinstance(socket, Socket)
    assert socket.url == (
        "wss://example.test:9443/stream?streams=btcusd@trade/btcusd@bookTicker/btcusd@kline_1m"
        "/ethusd@trade/ethusd@bookTicker/ethusd@kline_1m"
    )
    assert feed.outgoing("binance_us.ws") == []
    assert [poll.url for poll in feed.asks()] == [
        "https://example.test/api/v3/klines?symbol=BTCUSD&interval=1m&limit=720",
        "https://example.test/api/v3/klines?symbol=ETHUSD&interval=1m&limit=720",
    ]


def test_what_may_be_shed_stands_near_the_beginning(feed: BinanceUsFeed) -> None:
    (socket,) = feed.requests()
    assert isinstance(socket, Socket)
    assert any(mark in TOP[:64] for mark in socket.light)
    assert any(mark in KLINE[:64] for mark in socket.light)
    assert not any(mark in TRADE[:64] for mark in socket.light)


def test_klines_without_the_unfinished_one_and_fillers(feed: BinanceUsFeed) -> None:
    older, newer = _answer(feed, KLINES)
    assert older == SpotBar(
        NOW, "binance_us", "BTC-USD", (MINUTE - 60) * SECOND, 60,
        8_109_000_000_000, 8_110_100_000_000, 8_108_050_000_000, 8_110_000_000_000, 125_000_000,
    )  # fmt: skip
    assert (newer.end, newer.volume) == ((MINUTE + 60) * SECOND, 1)


@pytest.mark.parametrize(
    ("data", "url", "status"),
    [
        (b'{"code":-1121,"msg":"Invalid symbol."}', URL, 400),
        (b'{"code":-1121,"msg":"Invalid symbol."}', URL, 200),
        (b"", URL, 0),
        (KLINES, None, 200),
        (KLINES, URL.replace("1m", "5m"), 200),
        (KLINES, URL.replace("BTCUSD", "ETHBTC"), 200),
    ],
)
def test_other_answers_are_feed_errors(
    feed: BinanceUsFeed, data: bytes, url: str | None, status: int
) -> None:
    with pytest.raises(FeedError, match=r"binance_us\.rest"):
        _answer(feed, data, url, status)


@pytest.mark.parametrize("whole", [TRADE, TOP, KLINE])
def test_every_truncation_is_a_feed_error(feed: BinanceUsFeed, whole: bytes) -> None:
    for end in range(len(whole)):
        with pytest.raises(FeedError):
            _tell(feed, whole[:end])


def test_every_truncated_answer_is_a_feed_error(feed: BinanceUsFeed) -> None:
    for end in range(len(KLINES)):
        with pytest.raises(FeedError):
            _answer(feed, KLINES[:end])


@given(mutated(TRADE, TOP, KLINE))
def test_mutations_give_events_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _tell(BinanceUsFeed(), data))


@given(mutated(KLINES))
def test_mutated_answers_give_bars_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _answer(BinanceUsFeed(), data))

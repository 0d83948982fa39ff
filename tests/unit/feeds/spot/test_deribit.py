from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given

from cockpit.domain.errors import FeedError
from cockpit.domain.events import ImpliedVol, SpotTick
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Feed, Frame, Poll, Socket
from cockpit.feeds.spot.deribit import DeribitFeed

from .mangled import events_or_refusal, mutated  # noqa: TID252  the tests are no package

NOW = 1_778_501_851_000_000_000
"""11 May 2026, 12:17 UTC."""
EX = 1_778_501_850_900_000_000
DAY = 86_400 * SECOND
PRICE = (
    b'{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_price_index.btc_usd",'
    b'"data":{"timestamp":1778501850900,"price":81117.21,"index_name":"btc_usd"}}}'
)
DVOL = (
    b'{"jsonrpc":"2.0","method":"subscription","params":{"channel":"deribit_volatility_index.btc_usd",'
    b'"data":{"timestamp":1778501850900,"volatility":45.17,"index_name":"btc_usd"}}}'
)
ASKED = b'{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}}'
BEAT = b'{"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}}'
ANSWER = b'{"jsonrpc":"2.0","id":11,"result":["deribit_price_index.btc_usd"],"usIn":1,"usOut":2,"usDiff":1}'


def _row(name: str, iv: float | None, forward: float | None) -> dict[str, Any]:
    row = {
        "instrument_name": name, "mark_price": 0.04, "mark_iv": iv, "underlying_price": forward,
        "underlying_index": "SYN.BTC-12MAY26", "open_interest": 12.5, "creation_timestamp": EX // 10**6,
    }  # fmt: skip
    return {key: value for key, value in row.items() if value is not None}


SUMMARY = msgspec.json.encode(
    {
        "jsonrpc": "2.0",
        "result": [
            _row("BTC-12MAY26-82000-P", 41.0, 81_250.0),
            _row("BTC-12MAY26-81000-C", 40.0, 81_250.0),
            _row("BTC-12MAY26-81000-P", 40.0, 81_250.0),
            _row("BTC-29MAY26-81000-C", 44.5, 81_000.0),
        ],
        "usIn": 1,
        "usOut": 2,
        "usDiff": 1,
        "testnet": False,
    }
)
URL = "https://www.deribit.com/api/v2/public/get_book_summary_by_currency?currency=BTC&kind=option"


@pytest.fixture
def feed() -> DeribitFeed:
    return DeribitFeed()


def _tell(feed: DeribitFeed, data: bytes) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=NOW, s="deribit.ws", d=msgspec.Raw(data)))


def _answer(feed: DeribitFeed, data: bytes, status: int | None = 200) -> Sequence[Any]:
    return feed.receive(Frame(n=1, t=NOW, s="deribit.rest", d=msgspec.Raw(data), u=URL, st=status))


def test_a_price_index_is_a_further_proxy(feed: DeribitFeed) -> None:
    assert _tell(feed, PRICE) == (SpotTick(NOW, EX, "deribit", "BTC-USD", 8_111_721_000_000),)
    (tick,) = _tell(feed, PRICE.replace(b"btc_usd", b"sol_usdc"))
    assert tick.symbol == "SOL-USDC"


def test_a_volatility_index_is_per_cent_over_thirty_days(feed: DeribitFeed) -> None:
    assert _tell(feed, DVOL) == (ImpliedVol(NOW, EX, "deribit", "BTC-USD", 45_170_000, 30 * DAY),)


@pytest.mark.parametrize("level", [b"0.4517", b"0", b"4517.0"])
def test_a_volatility_that_is_no_per_cent_is_left_out(feed: DeribitFeed, level: bytes) -> None:
    assert _tell(feed, DVOL.replace(b"45.17", level)) == ()
    assert feed.census == {"volatility:out of range": 1}


def test_a_test_request_is_answered_once(feed: DeribitFeed) -> None:
    feed.outgoing("deribit.ws")
    for message in (BEAT, ASKED, ASKED):
        assert _tell(feed, message) == ()
    assert [msgspec.json.decode(each) for each in feed.outgoing("deribit.ws")] == [
        {"jsonrpc": "2.0", "id": 2, "method": "public/test", "params": {}}
    ]
    assert feed.outgoing("deribit.ws") == []
    assert not feed.census


def test_heartbeats_and_one_subscription_for_each_index() -> None:
    feed = DeribitFeed(["BTC", "SOL-USD"], socket="wss://example.test/ws", rest="https://example.test/api")
    as_feed: Feed = feed
    calls = [msgspec.json.decode(each) for each in as_feed.outgoing("deribit.ws")]
    assert [(call["method"], call["params"]) for call in calls] == [
        ("public/set_heartbeat", {"interval": 30}),
        ("public/subscribe", {"channels": ["deribit_price_index.btc_usd"]}),
        ("public/subscribe", {"channels": ["deribit_price_index.sol_usdc"]}),
        ("public/subscribe", {"channels": ["deribit_volatility_index.btc_usd"]}),
    ]
    assert len({call["id"] for call in calls}) == 4
    feed.reset("deribit.rest")
    assert feed.outgoing("deribit.ws") == []
    feed.reset("deribit.ws")
    assert feed.outgoing("deribit.rest") == []
    assert len(feed.outgoing("deribit.ws")) == 4


def test_the_socket_and_a_summary_a_minute_of_each_currency() -> None:
    socket, *summaries = DeribitFeed(["BTC", "SOL", "XRP", "ETH"]).requests()
    assert isinstance(socket, Socket)
    assert socket.url == "wss://www.deribit.com/ws/api/v2"
    assert PRICE[:64].find(socket.light[0]) > 0
    assert all(message.startswith(socket.pulse) for message in (BEAT, ASKED, ANSWER))
    assert not PRICE.startswith(socket.pulse)
    assert [(poll.url, poll.every_ns) for poll in summaries if isinstance(poll, Poll)] == [
        (URL.replace("currency=BTC", f"currency={each}"), 60 * SECOND) for each in ("BTC", "USDC", "ETH")
    ]
    assert DeribitFeed().asks() == []


def test_answers_say_nothing_and_refusals_are_counted(feed: DeribitFeed) -> None:
    assert _tell(feed, ANSWER) == ()
    assert not feed.census
    _tell(feed, b'{"jsonrpc":"2.0","id":12,"error":{"code":-32602,"message":"Invalid params"}}')
    _tell(feed, b'{"jsonrpc":"2.0","method":"server_notice","params":{}}')
    _tell(feed, PRICE.replace(b"deribit_price_index", b"ticker"))
    _tell(feed, PRICE.replace(b"btc_usd", b"ada_usdc"))
    assert feed.census == {
        "error:-32602: Invalid params": 1,
        "type:server_notice": 1,
        "channel:ticker.btc_usd": 1,
        "channel:deribit_price_index.ada_usdc": 1,
    }


def test_a_summary_tells_the_money_of_each_expiry(feed: DeribitFeed) -> None:
    """A quarter of the way from 81,000 to 82,000; the later expiry stands on its strike."""
    first, second = (1_778_572_800 * SECOND, 1_780_041_600 * SECOND)
    assert _answer(feed, SUMMARY) == [
        ImpliedVol(NOW, EX, "deribit", "BTC-USD", 40_250_000, first - NOW, first),
        ImpliedVol(NOW, EX, "deribit", "BTC-USD", 44_500_000, second - NOW, second),
    ]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b'{"jsonrpc":"2.0","error":{"code":10028,"message":"too_many_requests"}}', 200),
        (b'{"jsonrpc":"2.0"}', 200),
        (b"", 200),
        (b"<html>", 502),
        (b"timed out", 0),
        (SUMMARY.replace(b"81250.0", b"-81250.0"), 200),
        (SUMMARY.replace(b"1778501850900", b"-5"), 200),
    ],
)
def test_other_answers_are_feed_errors(feed: DeribitFeed, data: bytes, status: int) -> None:
    with pytest.raises(FeedError, match=r"deribit\.rest"):
        _answer(feed, data, status)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        PRICE.replace(b"81117.21", b"0"),
        PRICE.replace(b"81117.21", b"null"),
        PRICE.replace(b"1778501850900", b"1e30"),
        DVOL.replace(b"45.17", b'"NaN"'),
    ],
)
def test_nonsense_is_a_feed_error(feed: DeribitFeed, data: bytes) -> None:
    with pytest.raises(FeedError, match=r"deribit\.ws"):
        _tell(feed, data)


def test_there_is_nothing_to_remember(feed: DeribitFeed) -> None:
    again = DeribitFeed()
    again.recall(feed.memory())
    assert _tell(again, PRICE) == _tell(feed, PRICE)


@pytest.mark.parametrize("whole", [PRICE, DVOL, ASKED])
def test_every_truncation_is_a_feed_error(feed: DeribitFeed, whole: bytes) -> None:
    for end in range(len(whole)):
        with pytest.raises(FeedError):
            _tell(feed, whole[:end])


def test_every_truncated_answer_is_a_feed_error(feed: DeribitFeed) -> None:
    for end in range(len(SUMMARY)):
        with pytest.raises(FeedError):
            _answer(feed, SUMMARY[:end])


@given(mutated(PRICE, DVOL, ASKED, ANSWER))
def test_mutations_give_events_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _tell(DeribitFeed(), data))


@given(mutated(SUMMARY))
def test_mutated_answers_give_events_or_a_feed_error(data: bytes) -> None:
    events_or_refusal(lambda: _answer(DeribitFeed(), data))

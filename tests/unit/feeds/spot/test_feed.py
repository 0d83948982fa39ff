"""What all spot feeds share."""

import msgspec
import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Feed, Frame, Socket, Venue
from cockpit.feeds.spot.binance_us import BinanceUsFeed
from cockpit.feeds.spot.coinbase import CoinbaseFeed
from cockpit.feeds.spot.deribit import DeribitFeed
from cockpit.feeds.spot.feed import SpotFeed, pairs
from cockpit.feeds.spot.kraken import KrakenFeed
from cockpit.models.assets import ASSETS, by_proxy

EVERY = [CoinbaseFeed, KrakenFeed, BinanceUsFeed, DeribitFeed]
FIRST = b'{"type":"match","product_id":"BTC-USD","trade_id":7,"price":"81117.21"}'


def match(at_s: int, data: bytes = FIRST) -> Frame:
    return Frame(n=1, t=at_s * SECOND, s="coinbase.ws", d=msgspec.Raw(data))


def test_pairs() -> None:
    assert pairs(["BTC", "ETH-USDT", "BTC-USD"]) == ["BTC-USD", "ETH-USDT"]


@pytest.mark.parametrize("kind", EVERY)
def test_every_one_is_a_feed_and_no_venue(kind: type[SpotFeed]) -> None:
    feed: Feed = kind()
    assert not isinstance(feed, Venue)
    sockets = [each for each in feed.requests() if isinstance(each, Socket)]
    assert [socket.source for socket in sockets] == [f"{feed.name}.ws"]
    assert feed.budget.burst >= len(feed.asks())
    assert feed.requests() == feed.requests()


@pytest.mark.parametrize("kind", EVERY)
def test_names_are_ones_the_models_know(kind: type[SpotFeed]) -> None:
    """What a feed calls itself is what makes its prices proxies."""
    names = {key.partition(" ")[0] for asset in ASSETS.values() for key in asset.proxies}
    assert kind().name in names


def test_a_bar_and_a_tick_go_by_the_same_pair() -> None:
    feed = CoinbaseFeed(["BTC"])
    (tick,) = feed.receive(match(100))
    assert by_proxy(f"{tick.source} {tick.symbol}") is ASSETS["BTC"]


def test_subscribing_again_is_for_the_sockets_connection_only() -> None:
    feed = CoinbaseFeed()
    assert len(feed.outgoing("coinbase.ws")) == 1
    feed.reset("coinbase.rest")
    assert feed.outgoing("coinbase.ws") == []
    feed.reset("coinbase.ws")
    assert feed.outgoing("coinbase.rest") == []
    assert len(feed.outgoing("coinbase.ws")) == 1


def test_memory_goes_on() -> None:
    feed, again, other = CoinbaseFeed(), CoinbaseFeed(), CoinbaseFeed()
    feed.receive(match(100))
    again.recall(feed.memory())
    assert again.receive(match(101)) == ()
    assert len(other.receive(match(101))) == 1
    with pytest.raises(msgspec.MsgspecError):
        again.recall(b"[]")


def test_a_payload_in_another_wrapping() -> None:
    frame = Frame(n=1, t=7, s="coinbase.ws", x=FIRST.decode())
    assert len(CoinbaseFeed().receive(frame)) == 1
    with pytest.raises(FeedError):
        CoinbaseFeed().receive(Frame(n=1, t=7, s="coinbase.ws"))

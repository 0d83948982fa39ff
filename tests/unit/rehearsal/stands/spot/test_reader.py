"""Reading the stage's spot frames."""

import json

import pytest
from spotstall import kraken_ticker, kraken_trade, match, ticker

from cockpit.domain.units import ASK, BID, UNDERLYING
from cockpit.rehearsal.courier import COINBASE_WS, KRAKEN_WS
from cockpit.rehearsal.stands.spot.reader import Top, Trade, facts

TS = 1_795_999_999_987_654_000


def read(frame):
    source, body = frame
    return facts(source, json.dumps(body).encode())


def test_a_match_names_the_maker():
    (trade,) = read(match())
    assert trade == Trade("coinbase", "BTC", 84_000 * UNDERLYING, UNDERLYING // 2, BID, TS)
    assert read(match(side="buy"))[0].taker == ASK
    (bare,) = read(match(size=None, time=""))
    assert (bare.size, bare.ts) == (UNDERLYING // 1_000, 0)


def test_a_top_of_book():
    (top,) = read(ticker())
    assert (top.bid, top.ask) == (8_399_999_000_000, 8_400_001_000_000)
    assert (top.bid_size, top.ask_size) == (150_000_000, 250_000_000)


def test_kraken_speaks_in_numbers_and_names_the_taker():
    (trade,) = read(kraken_trade())
    assert trade == Trade("kraken", "BTC", 8_401_050_000_000, 25_000_000, BID, TS)
    (top,) = read(kraken_ticker("ETH/USD", 3000.01, 3000.02))
    assert isinstance(top, Top)
    assert (top.coin, top.bid) == ("ETH", 300_001_000_000)


@pytest.mark.parametrize(
    ("source", "payload"),
    [
        (COINBASE_WS, b"{"), (COINBASE_WS, b'{"type":"subscriptions","channels":[]}'),
        (COINBASE_WS, b'{"type":"match","product_id":"BTC-EUR","price":"1"}'),
        (COINBASE_WS, b'{"type":"match","product_id":"BTC-USD","price":"1","time":"soon"}'),
        (KRAKEN_WS, b'{"channel":"heartbeat"}'), (KRAKEN_WS, b'{"channel":"trade","data":[{"symbol":"BTC/EUR"}]}'),
        ("kalshi.ws", b"{}"),
    ],
)  # fmt: skip
def test_what_says_nothing_yields_nothing(source, payload):
    assert facts(source, payload) == ()

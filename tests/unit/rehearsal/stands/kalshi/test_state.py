"""A whole world through the stand-in: what the socket tells adds up to what REST shows and to the tape itself."""

import json
from itertools import islice

from stall import Stall, rebuilt, say

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.kalshi.reader import Body, body, fact
from cockpit.rehearsal.stands.worlds import chain

START = 1_796_310_000 * SECOND // (900 * SECOND) * 900 * SECOND + 300 * SECOND


async def test_socket_rest_and_tape_agree():
    stall = Stall(markets=())
    frames = list(islice(chain(4, START), 2_500))
    half = len(frames) // 2
    for arrival in frames[:half]:
        stall.clock.at = max(stall.clock.at, arrival.t)
        stall.venue.take(arrival)
    markets = (await stall.get("markets", limit=1000))["markets"]
    tickers = [market["ticker"] for market in markets if market["status"] == "active"]
    assert len(tickers) > 10
    session, ear = stall.session()
    heard = say(session, ear, "subscribe", channels=["orderbook_delta", "trade"], market_tickers=tickers)
    for arrival in frames[half:]:
        stall.clock.at = max(stall.clock.at, arrival.t)
        stall.venue.take(arrival)
    heard += ear.drain()
    for sid in (1, 2):
        numbers = [frame["seq"] for frame in heard if frame.get("sid") == sid]
        assert numbers == list(range(1, len(numbers) + 1))
    told = [json.loads(arrival.payload) for arrival in frames if arrival.source == "kalshi.ws"]
    for ticker in tickers:
        book = rebuilt(heard, ticker)
        assert book == rebuilt(told, ticker)
        shown = (await stall.get(f"markets/{ticker}/orderbook"))["orderbook_fp"]
        assert dict(shown["yes_dollars"]) == book["yes"]
        assert dict(shown["no_dollars"]) == book["no"]
    prints = {frame["msg"]["trade_id"] for frame in told if frame["type"] == "trade"}
    listed = (await stall.get("markets/trades", limit=1000))["trades"]
    assert {trade["trade_id"] for trade in listed} == prints


def test_frames_that_cannot_be_read_are_nothing():
    assert fact(b"nonsense") is None
    assert fact(b"\xff") is None
    assert fact(b'{"type":"orderbook_delta","msg":{"market_ticker":"A"}}') is None
    assert (
        fact(
            b'{"type":"orderbook_delta","msg":{"market_ticker":"A","price_dollars":"x","delta_fp":"1","side":"yes"}}'
        )
        is None
    )
    assert fact(b'{"type":"subscribed","msg":{}}') is None
    assert body(b"<html>") == Body()

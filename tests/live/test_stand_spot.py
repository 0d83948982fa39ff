"""The spot stand-ins over real sockets."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
import websockets

from cockpit.domain.units import SECOND
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands.faults import Control, Faults
from cockpit.rehearsal.stands.spot import binance, coinbase, deribit, kraken
from cockpit.rehearsal.stands.table import STANDS, troupe
from cockpit.rehearsal.stands.worlds import chain

START = 1_796_000_100 * SECOND // (900 * SECOND) * 900 * SECOND + 60 * SECOND
MAKERS = {
    "coinbase": coinbase.made,
    "kraken": kraken.made,
    "binance_us": binance.made,
    "deribit": deribit.made,
}


@pytest.fixture(scope="module")
def frames():
    """The spot frames of half a minute of a world."""
    told = takewhile(lambda arrival: arrival.t < START + 30 * SECOND, chain(7, START, CRYPTO))
    return [arrival for arrival in told if not arrival.source.startswith("kalshi")]


class Venue:
    """One stand, played to by hand."""

    def __init__(self, stand, frames, clock):
        self.stand = stand
        self.places = stand.places()
        self._frames = iter(frames)
        self._clock = clock

    def play(self, count):
        for _ in range(count):
            arrival = next(self._frames, None)
            if arrival is None:
                return
            self._clock[0] = max(self._clock[0], arrival.t)
            self.stand.take(arrival)

    def connect(self, path=""):
        return websockets.connect(self.places["socket"] + path, compression=None, close_timeout=0.05)


@asynccontextmanager
async def opened(name, frames, *, beat_s=0.01, **more):
    clock = [START]
    control = Control(time.time_ns)
    stand, _ = MAKERS[name](control, lambda: clock[0], Path(), beat_s=beat_s, **more)
    async with stand:
        venue = Venue(stand, frames, clock)
        venue.control = control
        venue.play(60)
        yield venue


async def heard(socket, until):
    """Messages up to the one that fits."""
    told = []
    async with asyncio.timeout(5):
        while True:
            told.append(json.loads(await socket.recv()))
            if until(told[-1]):
                return told


async def answer(venue, path, **params):
    async with httpx.AsyncClient(base_url=venue.places["rest"]) as http:
        return (await http.get(path, params=params)).json()


async def test_coinbase(frames):
    async with opened("coinbase", frames) as venue, venue.connect() as socket:
        said = {
            "type": "subscribe",
            "product_ids": ["BTC-USD", "ETH-USD"],
            "channels": ["matches", "ticker", "heartbeat"],
        }
        await socket.send(json.dumps(said))
        told = await heard(socket, lambda each: each["type"] == "heartbeat")
        assert told[0]["type"] == "subscriptions"
        assert {each["type"] for each in told[1:]} >= {"last_match", "ticker"}
        venue.play(40)
        (*_, match) = await heard(socket, lambda each: each["type"] == "match")
        rows = await answer(venue, f"/products/{match['product_id']}/candles", granularity=60)
        assert float(match["price"]) == pytest.approx(rows[0][4], rel=1e-3)
        assert len(rows) == 300


async def test_coinbase_drops_who_does_not_subscribe(frames):
    async with opened("coinbase", frames) as venue:
        async with venue.connect() as socket:
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 5)


async def test_kraken(frames):
    async with opened("kraken", frames) as venue, venue.connect() as socket:
        status = json.loads(await socket.recv())
        assert status["channel"] == "status"
        for channel in ("ticker", "trade"):
            params = {"channel": channel, "symbol": ["BTC/USD"], "snapshot": True}
            await socket.send(json.dumps({"method": "subscribe", "params": params, "req_id": 1}))
        told = await heard(socket, lambda each: each.get("channel") == "heartbeat")
        assert [each.get("type") for each in told if "data" in each] == ["snapshot", "snapshot"]
        await socket.send('{"method":"ping","req_id":5}')
        assert (await heard(socket, lambda each: each.get("method") == "pong"))[-1]["req_id"] == 5
        rows = (await answer(venue, "/0/public/OHLC", pair="XBTUSD", interval=1))["result"]["XXBTZUSD"]
        assert len(rows) == 720


async def test_binance_pings_and_streams(frames):
    async with opened("binance_us", frames, ping_s=0.01) as venue:
        streams = "/".join(f"btcusd@{kind}" for kind in ("trade", "bookTicker", "kline_1m"))
        async with venue.connect(f"/stream?streams={streams}") as socket:
            await heard(socket, lambda each: each["stream"] == "btcusd@kline_1m")
            venue.play(200)
            told = await heard(socket, lambda each: each["stream"] == "btcusd@trade")
            assert "btcusd@bookTicker" in {each["stream"] for each in told}
        rows = await answer(venue, "/api/v3/klines", symbol="BTCUSD", interval="1m", limit=1000)
        assert len(rows) == 1_000


async def test_deribit_answers_and_drops_who_does_not(frames):
    async with opened("deribit", frames, beat_s=0.002) as venue, venue.connect() as socket:
        beat = {"jsonrpc": "2.0", "id": 1, "method": "public/set_heartbeat", "params": {"interval": 10}}
        channels = ["deribit_price_index.btc_usd", "deribit_volatility_index.btc_usd"]
        both = {"jsonrpc": "2.0", "id": 2, "method": "public/subscribe", "params": {"channels": channels}}
        for message in (beat, both):
            await socket.send(json.dumps(message))
        told = await heard(socket, lambda each: each.get("params", {}).get("type") == "test_request")
        assert {each["params"]["channel"] for each in told if each.get("method") == "subscription"} == set(
            channels
        )
        with pytest.raises(websockets.ConnectionClosed):
            await heard(socket, lambda each: False)
        rows = (await answer(venue, "/public/get_book_summary_by_currency", currency="BTC", kind="option"))[
            "result"
        ]
        assert len(rows) > 100


@pytest.mark.parametrize("name", sorted(MAKERS))
async def test_the_servers_faults_reach_every_venue(frames, name):
    async with opened(name, frames, beat_s=5.0) as venue:
        venue.control.set(Faults(status=429, retry_after_s=3))
        async with httpx.AsyncClient(base_url=venue.places["rest"]) as http:
            refused = await http.get("/x")
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
            assert refused.json()
        venue.control.set("none")
        path = "/ws" if name == "binance_us" else ""
        async with venue.connect(path) as socket:
            while not venue.stand.server.wires:
                await asyncio.sleep(0.01)
            venue.control.act("drop-all")
            with pytest.raises(websockets.ConnectionClosed):
                await heard(socket, lambda each: False)


async def test_the_whole_troupe_has_its_places(tmp_path):
    now = time.time_ns()
    async with troupe(iter(()), lambda: now, tmp_path) as running:
        assert set(running.places) == set(STANDS)
        wanted = {
            "polymarket": {"gamma", "clob", "data", "socket"},
            "polymarket_us": {"gateway"},
            **{name: {"socket", "rest"} for name in MAKERS},
        }
        for name, names in wanted.items():
            assert set(running.places[name]) == names
        urls = [url for place in running.places.values() for url in place.values() if "://" in url]
        assert all(url.split("://")[1].startswith("127.0.0.1:") for url in urls)

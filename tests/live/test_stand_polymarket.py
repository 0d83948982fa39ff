"""The Polymarket stand-ins over real sockets: a client that keeps its own books, and whole lives of markets."""

import asyncio
import json
import socket
import time
from contextlib import asynccontextmanager
from hashlib import sha1
from itertools import takewhile

import httpx
import pytest
import websockets

from cockpit.domain.units import SECOND
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands.faults import PROFILES, Control, Faults
from cockpit.rehearsal.stands.polymarket.venue import Polymarket
from cockpit.rehearsal.stands.polymarket_us.gate import Pace
from cockpit.rehearsal.stands.polymarket_us.venue import PolymarketUs
from cockpit.rehearsal.stands.shifting import recorded
from cockpit.rehearsal.stands.stage import Stage
from cockpit.rehearsal.stands.table import troupe
from cockpit.rehearsal.stands.worlds import chain
from cockpit.rehearsal.write import write_session

QUARTER = 900 * SECOND
_SHIFT = 60 * SECOND - time.time_ns() % QUARTER
START = 1_796_000_100 * SECOND // QUARTER * QUARTER + 60 * SECOND
HASHED = ("market", "asset_id", "timestamp", "hash", "bids", "asks", "min_order_size", "tick_size", "neg_risk", "last_trade_price")  # fmt: skip


def clock():
    """A clock that showed a minute past a quarter hour when these tests began: no market closes under them."""
    return time.time_ns() + _SHIFT


class Client:
    """A reader of its own: books by token, and what contradicted them."""

    def __init__(self):
        self.books = {}
        self.kinds = set()
        self.wrong = 0
        self.heard = 0
        self.arrays = 0

    def read(self, frame):
        if frame == "PONG":
            self.kinds.add("PONG")
            return
        told = json.loads(frame)
        self.arrays += isinstance(told, list)
        for each in told if isinstance(told, list) else [told]:
            self.heard += 1
            self.kinds.add(each["event_type"])
            getattr(self, f"on_{each['event_type']}", lambda each: None)(each)

    def on_book(self, told):
        sides = {"BUY": told["bids"], "SELL": told["asks"]}
        self.books[told["asset_id"]] = {
            side: {level["price"]: level["size"] for level in levels} for side, levels in sides.items()
        }
        if "tick_size" in told:
            self.wrong += hash_of(told) != told["hash"]

    def on_price_change(self, told):
        tops = {}
        for each in told["price_changes"]:
            if each["asset_id"] not in self.books:
                continue
            side = self.books[each["asset_id"]][each["side"]]
            if each["size"] == "0":
                side.pop(each["price"], None)
            else:
                side[each["price"]] = each["size"]
            tops[each["asset_id"]] = (float(each["best_bid"]), float(each["best_ask"]))
        for token, top in tops.items():
            self.wrong += self.top(token) != top

    def top(self, token):
        sides = self.books[token]
        bid = max(map(float, sides["BUY"]), default=0.0)
        return bid, min(map(float, sides["SELL"]), default=1.0)


def hash_of(book):
    """By the venue's recipe."""
    told = {key: book[key] for key in HASHED} | {"hash": ""}
    return sha1(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


class Open:
    """A running troupe and what a client of Polymarket needs of it."""

    def __init__(self, running, http, venue=None):
        self.running = running
        self.http = http
        self.venue = venue or next(each for each in running.stage.audience if each.name == "polymarket")
        self.places = self.venue.places()
        self.control = self.venue.control

    async def get(self, api, path, **params):
        answer = await self.http.get(f"{self.places[api]}/{path}", params=params)
        return answer.json()

    async def tokens(self):
        """Every token that is listed, as soon as there are any."""
        while not (markets := await self.get("gamma", "markets", limit=500)):
            await asyncio.sleep(0.01)
        return [token for market in markets for token in json.loads(market["clobTokenIds"])]

    @asynccontextmanager
    async def client(self, tokens, **more):
        usual = {"compression": None, "max_size": None, "close_timeout": 0.05}
        async with websockets.connect(self.places["socket"], **usual, **more) as wire:
            first = {"type": "market", "assets_ids": tokens, "custom_feature_enabled": True}
            await wire.send(json.dumps(first))
            yield wire

    async def standing(self, tokens):
        """Books by REST, in the form a client keeps them."""
        told = await self.http.post(f"{self.places['clob']}/books", json=[{"token_id": t} for t in tokens])
        reader = Client()
        for book in told.json():
            assert hash_of(book) == book["hash"]
            reader.on_book(book)
        return reader.books


@asynccontextmanager
async def opened(folder, frames=None, *, faults=PROFILES["none"], seconds=3600, rate=0.0, speed=1.0):
    """The troupe on a world that ends after so many seconds of it, or on other frames."""
    now = clock()
    if frames is None:
        frames = takewhile(lambda arrival: arrival.t < now + seconds * SECOND, chain(7, now, CRYPTO))
    async with troupe(frames, clock, folder, faults=faults, rate=rate, speed=speed) as running:
        async with httpx.AsyncClient(timeout=20) as http:
            yield Open(running, http)


async def hear(wire, client, until):
    async with asyncio.timeout(20):
        while not until():
            client.read(await wire.recv())


@asynccontextmanager
async def played(frames, **faults):
    """A venue played to by hand: it has listed its markets, and the rest of the frames is to come."""
    now = [frames[0].t]
    control = Control(clock, Faults(**faults))
    venue = Polymarket(control, lambda: now[0])

    async def play(count):
        for arrival in [frames.pop(0) for _ in range(min(count, len(frames)))]:
            now[0] = max(now[0], arrival.t)
            venue.take(arrival)
        await asyncio.sleep(0)

    async with venue, httpx.AsyncClient(timeout=20) as http:
        await play(600)
        yield Open(None, http, venue), play


async def listen(venue, play, frames, tokens):
    """What a client has heard when all frames are played."""
    client = Client()
    async with venue.client(tokens) as wire:
        while frames:
            await play(25)
        await wire.send("PING")
        await hear(wire, client, lambda: "PONG" in client.kinds)
    return client


@pytest.fixture
def frames():
    """Half a minute of a world."""
    return list(takewhile(lambda arrival: arrival.t < START + 30 * SECOND, chain(7, START, CRYPTO)))


async def test_a_clients_books_are_the_venues(frames):
    async with played(frames) as (venue, play):
        tokens = await venue.tokens()
        client = await listen(venue, play, frames, tokens)
        assert client.kinds >= {"PONG", "book", "price_change", "last_trade_price", "best_bid_ask"}
        assert client.wrong == 0
        assert client.heard > 200
        assert client.arrays > 5
        books = await venue.standing(tokens)
        assert sum(bool(side) for book in books.values() for side in book.values()) > 20
        assert client.books == books


async def test_lost_frames_show_in_the_best_prices(frames):
    async with played(frames, lose=3) as (venue, play):
        client = await listen(venue, play, frames, await venue.tokens())
        assert client.wrong > 0


async def test_a_load_test_waits_for_a_slow_reader(frames):
    now = [frames[0].t]
    venue = Polymarket(Control(clock), lambda: now[0], limit=400_000, sndbuf=32_768)
    stage = Stage(frames, time.time_ns, rate=1e9)
    stage.audience.append(venue)
    async with venue, httpx.AsyncClient(timeout=20) as http, asyncio.TaskGroup() as group:
        while stage.played < 600:
            stage.play()
        opened_ = Open(None, http, venue)
        tokens = await opened_.tokens()
        small = socket.create_connection(("127.0.0.1", venue.server.port))
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
        client = Client()
        async with opened_.client(tokens, sock=small, max_queue=2) as wire:
            await wire.send("PING")
            playing = group.create_task(stage.run())
            async with asyncio.timeout(20):
                while not venue.congested:
                    await asyncio.sleep(0)
            assert stage.played < len(frames)
            await hear(wire, client, playing.done)
            await wire.send("PING")
            client.kinds.clear()
            await hear(wire, client, lambda: "PONG" in client.kinds)
        assert client.wrong == 0
        assert client.books == await opened_.standing(tokens)


async def test_subscriptions_change_while_it_runs(tmp_path):
    async with opened(tmp_path) as venue:
        first, second, *_ = await venue.tokens()
        client = Client()
        async with venue.client([first]) as wire:
            await hear(wire, client, lambda: first in client.books)
            await wire.send(json.dumps({"operation": "subscribe", "assets_ids": [second]}))
            await hear(wire, client, lambda: second in client.books)
            await wire.send(json.dumps({"operation": "unsubscribe", "assets_ids": [first, second]}))
            await wire.send("PING")
            await hear(wire, client, lambda: "PONG" in client.kinds)
        teller = next(
            each for each in venue.running.stage.audience if getattr(each, "name", "") == "polymarket"
        )
        async with asyncio.timeout(5):
            while teller.state.teller.sessions:
                await asyncio.sleep(0.01)


async def test_every_market_ends_as_kalshis_does(tmp_path):
    path = tmp_path / "world.jsonl.zst"
    write_session(path, 5, 2.6)
    async with opened(tmp_path, recorded(path, clock()), rate=1e6) as venue:
        tokens = await venue.tokens()
        client = Client()
        async with venue.client(tokens) as wire:
            await hear(wire, client, lambda: "market_resolved" in client.kinds)
        closed = []
        while len(closed) < 9:
            closed = await venue.get("gamma", "markets", closed="true", limit=500)
            await asyncio.sleep(0.02)
        kalshi = venue.running.places["kalshi"]["rest"]
        told = (await venue.http.get(f"{kalshi}/markets", params={"limit": 1000, "status": "settled"})).json()
        paid = {market["ticker"]: market["result"] for market in told["markets"]}
        for body in closed:
            market = venue.venue.state.markets[body["conditionId"]]
            outcome = {"yes": ["1", "0"], "no": ["0", "1"]}[paid[market.terms.ticker]]
            assert json.loads(body["outcomePrices"]) == outcome
            assert body["umaResolutionStatus"] == "resolved"
        assert {json.loads(body["outcomePrices"])[0] for body in closed} == {"0", "1"}


@pytest.mark.parametrize(
    ("name", "status", "kind"),
    [
        ("rest-429-after", 429, "text/plain"),
        ("rest-5xx", 503, "application/json"),
        ("rest-html", 502, "text/html"),
    ],
)
async def test_answers_fail_in_the_venues_way(tmp_path, name, status, kind):
    async with opened(tmp_path) as venue:
        await venue.tokens()
        venue.control.set(name)
        answers = [await venue.http.get(f"{venue.places['clob']}/time") for _ in range(2)]
        (failed,) = [answer for answer in answers if answer.status_code != 200]
        assert failed.status_code == status
        assert failed.headers["content-type"].startswith(kind)
        if name == "rest-429-after":
            assert "retry-after" in failed.headers


async def test_a_dropped_client_comes_back_to_whole_books(tmp_path):
    async with opened(tmp_path) as venue:
        tokens = await venue.tokens()
        async with venue.client(tokens) as wire:
            client = Client()
            await hear(wire, client, lambda: len(client.books) == len(tokens))
            venue.control.act("reset-all")
            with pytest.raises(websockets.ConnectionClosed):
                await hear(wire, client, lambda: False)
        async with venue.client(tokens) as wire:
            again = Client()
            await hear(wire, again, lambda: len(again.books) == len(tokens))


# ---------------------------------------------------------------------- Polymarket US


async def test_the_index_is_the_worlds_second_by_second(tmp_path):
    frames = list(takewhile(lambda arrival: arrival.t < START + 40 * SECOND, chain(7, START, CRYPTO)))
    truth = {}
    for arrival in frames:
        if arrival.source == "kalshi.ws" and b"cfbenchmarks_value" in arrival.payload[:40]:
            told = json.loads(json.loads(arrival.payload)["msg"]["data"])
            truth.setdefault(told["id"], {})[told["time"] // 1000] = told["value"]
    venue = PolymarketUs(Control(clock), lambda: START + 40 * SECOND, Pace(every_s=0.5))
    for arrival in frames:
        venue.take(arrival)
    async with venue, httpx.AsyncClient(base_url=venue.places()["gateway"]) as http:
        first = START // SECOND
        params = {
            "assets": ["crypto:btc", "crypto:eth"],
            "from": first,
            "to": 0,
            "bucket": "ASSET_PRICE_BUCKET_1S",
        }
        series = (await http.get("/v1/asset-prices/history", params=params)).json()["series"]
        for each, index in zip(series, ("BRTI", "ETHUSD_RTI"), strict=True):
            told = {c["timestamp"]: c["close"] for c in each["candles"] if c["tickCount"]}
            assert told == truth[index]
            assert len(told) >= 39
        markets = (await http.get("/v1/markets", params={"categories": "crypto", "limit": 100})).json()[
            "markets"
        ]
        assert {market["assetPriceTerms"]["marketType"].rpartition("TYPE_")[2] for market in markets} == {
            "UP_DOWN", "ABOVE_BELOW", "RANGE",
        }  # fmt: skip
        book = (await http.get(f"/v1/markets/{markets[0]['slug']}/book")).json()["marketData"]
        assert book["bids"]
        answers = [await http.get("/v1/events") for _ in range(5)]
        assert answers[-1].status_code == 429
        assert answers[-1].text.startswith("<html>")
        assert answers[-1].headers["retry-after"] == "10"

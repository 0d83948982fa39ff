"""The Kalshi stand-in over real sockets, in this process and as a child of it."""

import asyncio
import base64
import json
import signal
import stat
import sys
import time
from contextlib import asynccontextmanager
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
import websockets
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands.faults import PROFILES, Faults
from cockpit.rehearsal.stands.kalshi.gate import throw_away_key
from cockpit.rehearsal.stands.kalshi.venue import KEY_ID
from cockpit.rehearsal.stands.table import troupe
from cockpit.rehearsal.stands.worlds import chain
from cockpit.rehearsal.write import write_session

SOCKET = "/trade-api/ws/v2"
QUARTER = 900 * SECOND
_SHIFT = 60 * SECOND - time.time_ns() % QUARTER


def clock():
    """A clock that showed a minute past a quarter hour when these tests began: no market closes under them."""
    return time.time_ns() + _SHIFT


def signer(key_file):
    """Headers by method and path, as a client makes them."""
    key = load_pem_private_key(key_file, None)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)

    def headers(method, path, at=None):
        stamp = str((clock() if at is None else at) // MILLISECOND)
        text = f"{stamp}{method}{path}".encode()
        raw = key.sign(text, pss, hashes.SHA256()) if hasattr(key, "key_size") else key.sign(text)
        return {
            "KALSHI-ACCESS-KEY": KEY_ID,
            "KALSHI-ACCESS-TIMESTAMP": stamp,
            "KALSHI-ACCESS-SIGNATURE": base64.b64encode(raw).decode(),
        }

    return headers


class Open:
    """A running troupe and what a client needs of it."""

    def __init__(self, running):
        self.running = running
        self.places = running.places["kalshi"]
        self.control = running.controls["kalshi"]
        self.headers = signer(Path(self.places["key_file"]).read_bytes())

    def connect(self, **more):
        headers = self.headers("GET", SOCKET)
        return websockets.connect(self.places["socket"], additional_headers=headers, compression=None, **more)


@asynccontextmanager
async def opened(folder, *, faults=PROFILES["none"], seconds=3600, rate=0.0):
    """The troupe on a world; it ends after so many seconds of it."""
    now = clock()
    frames = takewhile(lambda arrival: arrival.t < now + seconds * SECOND, chain(7, now, CRYPTO))
    async with troupe(frames, clock, folder, faults=faults, rate=rate) as running:
        yield Open(running)


async def subscribe(socket, channels, **params):
    await socket.send(json.dumps({"id": 1, "cmd": "subscribe", "params": {"channels": channels, **params}}))
    return [json.loads(await socket.recv()) for _ in channels]


async def listed(places):
    async with httpx.AsyncClient() as http:
        answer = await http.get(f"{places['rest']}/markets", params={"status": "open"})
        return [market["ticker"] for market in answer.json()["markets"]]


async def some_markets(venue):
    while not (tickers := await listed(venue.places)):
        await asyncio.sleep(0.01)
    return tickers


async def test_public_by_rest_signed_by_socket(tmp_path):
    async with opened(tmp_path) as venue:
        tickers = await some_markets(venue)
        assert len(tickers) > 10
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(venue.places["socket"])
        assert refusal.value.response.status_code == 401
        async with httpx.AsyncClient() as http:
            path = "/trade-api/v2/portfolio/balance"
            url = f"{venue.places['rest']}/portfolio/balance"
            assert (await http.get(url)).status_code == 401
            assert (await http.get(url, headers=venue.headers("GET", path))).status_code == 200
            late = venue.headers("GET", path, clock() - 30 * SECOND)
            assert (await http.get(url, headers=late)).json()["error"]["code"] == "header_timestamp_expired"
        async with venue.connect() as socket:
            await socket.send(json.dumps({
                "id": 1, "cmd": "subscribe", "params": {"channels": ["orderbook_delta"], "market_tickers": tickers},
            }))  # fmt: skip
            numbers = []
            async for frame in socket:
                told = json.loads(frame)
                numbers.append(told.get("seq"))
                if told["type"] == "orderbook_delta":
                    break
            assert numbers == [None, *range(1, len(tickers) + 2)]


async def test_a_clock_that_is_off_refuses_honest_signatures(tmp_path):
    async with opened(tmp_path, faults=Faults(skew_s=12.0)) as venue:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await venue.connect()
        assert b"header_timestamp_expired" in refusal.value.response.body


async def test_gaps_show_in_the_sequence(tmp_path):
    async with opened(tmp_path, faults=Faults(lose=3), rate=1e6, seconds=30) as venue:
        tickers = await some_markets(venue)
        async with venue.connect() as socket:
            await subscribe(socket, ["orderbook_delta"], market_tickers=tickers)
            told = [json.loads(await socket.recv()) for _ in range(6)]
            assert [frame["seq"] for frame in told] == [1, 2, 4, 5, 7, 8]


async def test_a_load_test_waits_for_its_reader_and_loses_nothing(tmp_path):
    async with opened(tmp_path, rate=1e6) as venue:
        tickers = await some_markets(venue)
        async with venue.connect(max_queue=2, close_timeout=0.05) as socket:
            await subscribe(socket, ["orderbook_delta"], market_tickers=tickers)
            numbers = [json.loads(await socket.recv())["seq"] for _ in range(3_000)]
            assert numbers == list(range(1, 3_001))


# ---------------------------------------------------------------------- as a process


@asynccontextmanager
async def process(*arguments, folder):
    made = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-m", "cockpit.rehearsal.stands", "--folder", str(folder), *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield made
    finally:
        if made.returncode is None:
            made.kill()
        await made.communicate()


async def test_it_says_where_it_is_and_ends_with_its_parent(tmp_path):
    async with process("--seed", "3", "--faults", "flaky", folder=tmp_path) as child:
        places = json.loads(await child.stdout.readline())
        assert set(places["kalshi"]) == {"rest", "socket", "key_id", "key_file"}
        key_file = Path(places["kalshi"]["key_file"])
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600  # noqa: ASYNC240  a key file is small
        assert await listed(places["kalshi"])
        root = places["kalshi"]["rest"].removesuffix("/trade-api/v2")
        async with httpx.AsyncClient() as http:
            told = (await http.get(f"{root}/_control")).json()
        assert told["faults"]["name"] == "flaky"
        child.stdin.close()
        assert await child.wait() == 0
        assert await child.stderr.read() == b""


async def test_a_recording_is_played_until_it_is_told_to_stop(tmp_path):
    path = tmp_path / "world.jsonl.zst"
    write_session(path, 5, 2.6)
    async with process("--session", str(path), "--speed", "4", folder=tmp_path) as child:
        places = json.loads(await child.stdout.readline())["kalshi"]
        async with httpx.AsyncClient() as http:
            answer = await http.get(f"{places['rest']}/markets", params={"limit": 1000})
        closes = {market["close_time"] for market in answer.json()["markets"]}
        # the close was sixty-six seconds into the recording, which begins now
        today = time.strftime("%Y-%m-%d", time.gmtime())
        tomorrow = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86_400))
        assert min(closes)[:10] in (today, tomorrow)
        child.send_signal(signal.SIGTERM)
        assert await child.wait() == 0


async def test_a_recording_that_is_none_ends_with_a_word(tmp_path):
    async with process("--session", str(tmp_path / "none"), folder=tmp_path) as child:
        out, error = await child.communicate()
        assert child.returncode == 3
        assert (out, error.count(b"\n")) == (b"", 1)


def test_a_key_is_made_anew_each_time(tmp_path):
    one, path = throw_away_key(tmp_path, ed25519_key=True)
    two, same = throw_away_key(tmp_path, ed25519_key=True)
    assert path == same
    assert one != two

"""The loopback server: requests, sockets, and what it does to both on purpose."""

import asyncio
import json

import httpx
import pytest
import websockets
from echoing import echoing


async def client(server):
    return await websockets.connect(f"{server.ws}/ws", compression=None)


async def to_the_end(socket):
    heard = []
    try:
        while True:
            heard.append(await socket.recv())
    except websockets.ConnectionClosed as end:
        return [*heard, end.sent.code if end.sent is not None else None]


async def switch(server, **order):
    async with httpx.AsyncClient() as http:
        return await http.post(f"{server.http}/_control", json=order)


async def test_requests_one_after_another_on_one_connection():
    async with echoing() as server, httpx.AsyncClient() as http:
        answer = await http.post(f"{server.http}/a?x=1&x=2&y=", content=b"hello")
        assert answer.json() == {"method": "POST", "query": {"x": ["1", "2"], "y": [""]}, "body": "hello"}
        assert answer.headers["date"] == "Mon, 30 Nov 2026 00:53:20 GMT"
        assert (await http.delete(f"{server.http}/b")).json()["method"] == "DELETE"
        assert len(server.control.links) == 1


async def test_a_body_that_is_too_large_and_a_request_that_is_none():
    async with echoing() as server:
        async with httpx.AsyncClient() as http:
            assert (await http.post(server.http, content=b"x" * 1_000_001)).status_code == 413
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x16\x03\x01 what\r\n\r\n")
        assert (await reader.read(12)) == b"HTTP/1.1 400"
        writer.close()
        await writer.wait_closed()


async def test_a_client_that_waits_to_be_told_to_go_on():
    async with echoing() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        writer.write(head)
        assert (await reader.readline()).startswith(b"HTTP/1.1 100")
        await reader.readline()
        writer.write(b"ok")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()
        await writer.wait_closed()


async def test_a_socket_speaks_and_closes_from_either_side():
    async with echoing() as server:
        async with await client(server) as socket:
            await socket.send("hello")
            assert await socket.recv() == "hello"
            await socket.send(["in", " parts"])
            assert await socket.recv() == "in parts"
        async with await client(server) as socket:
            await socket.send("bye")
            await socket.wait_closed()
            assert socket.close_code == 1000
        assert not server.wires
        assert server.handler.ended == 1


async def test_an_upgrade_is_refused_with_any_answer():
    async with echoing() as server:
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await websockets.connect(f"{server.ws}/private")
        assert refusal.value.response.status_code == 401
        assert json.loads(refusal.value.response.body) == {"error": "who"}


async def test_a_handshake_that_is_none_is_answered():
    async with echoing() as server, httpx.AsyncClient() as http:
        answer = await http.get(
            f"{server.http}/ws", headers={"Upgrade": "websocket", "Connection": "upgrade"}
        )
        assert answer.status_code == 400


async def test_pings_carry_the_venues_word():
    async with echoing(ping=b"heartbeat", ping_s=0.01) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        key = b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
        writer.write(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" + key + b"\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readexactly(11) == b"\x89\x09heartbeat"
        writer.close()
        await writer.wait_closed()


async def test_a_slow_consumer_gets_a_last_word_and_the_door():
    async with echoing(limit=20_000, sndbuf=4_096) as server:
        async with websockets.connect(f"{server.ws}/ws", max_queue=1, compression=None) as socket:
            await socket.send("x")
            await socket.recv()
            wire = server.handler.wires[0]
            wire.farewell = lambda: b"too slow"
            sent = 0
            while wire.open:
                wire.send(b"y" * 5_000, 1)
                sent += 1
                assert sent < 10_000
                await asyncio.sleep(0)
            heard = await to_the_end(socket)
            assert heard[-2:] == ["too slow", 1008]
            assert len(heard) <= sent + 1


async def test_congestion_shows_before_the_end():
    async with echoing(limit=20_000, sndbuf=4_096) as server:
        async with websockets.connect(f"{server.ws}/ws", max_queue=1, compression=None) as socket:
            await socket.send("x")
            await socket.recv()
            assert not server.congested
            wire = server.handler.wires[0]
            while not server.congested:
                wire.send(b"y" * 5_000, 1)
                await asyncio.sleep(0)
            assert wire.open
            assert sum([1 async for _ in _until(socket, wire)]) > 0


async def _until(socket, wire):
    wire.close()
    async for frame in socket:
        yield frame


# ---------------------------------------------------------------------- faults


async def test_the_control_path_switches_and_tells():
    async with echoing() as server:
        answer = await switch(server, faults="gaps")
        assert answer.json() == {"faults": {"name": "gaps", "lose": 200}, "sockets": 0}
        answer = await switch(server, faults={"lose": 3})
        assert server.control.faults.lose == 3
        for wrong in ({"faults": "nonsense"}, {"faults": {"bogus": 1}}, {"action": "explode"}, {"x": 1}):
            answer = await switch(server, **wrong)
            assert answer.status_code == 400
            assert answer.json()["error"]
        assert server.control.faults.lose == 3


async def test_turned_away_after_the_request_but_control_gets_through():
    async with echoing() as server:
        server.control.set("accept-and-drop")
        async with httpx.AsyncClient() as http:
            with pytest.raises(httpx.TransportError):
                await http.get(server.http)
        with pytest.raises((websockets.WebSocketException, ConnectionError, EOFError)):
            await client(server)
        assert (await switch(server, faults="none")).status_code == 200
        async with await client(server) as socket:
            await socket.send("back")
            assert await socket.recv() == "back"


@pytest.mark.parametrize(("action", "error"), [("reset-all", ConnectionResetError), ("drop-all", None)])
async def test_everyone_is_cut_off_but_who_asked(action, error):
    async with echoing() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while not server.control.links:
            await asyncio.sleep(0)
        socket = await client(server)
        assert (await switch(server, action=action)).json()["sockets"] in (0, 1)
        if error is None:
            assert await reader.read() == b""
        else:
            with pytest.raises(error):
                await reader.read()
        await socket.wait_closed()
        assert socket.close_code == 1006
        writer.close()


async def test_half_open_says_nothing_and_hears_nothing_until_it_thaws():
    async with echoing(ping=b"p", ping_s=0.005) as server:
        async with await client(server) as socket:
            await switch(server, action="freeze")
            await socket.send("anyone?")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await socket.recv()
            assert server.wires, "the connection stays"
            await switch(server, action="thaw")
            assert await socket.recv() == "anyone?"


async def test_half_open_comes_with_age():
    async with echoing() as server:
        server.control.set("half-open")
        async with await client(server) as socket:
            await socket.send("1")
            assert await socket.recv() == "1"
            server.clock.pass_(5)
            server.control.tick()
            await socket.send("2")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await socket.recv()
            server.control.set("none")
            assert await socket.recv() == "2"


async def test_silence_keeps_pings_and_replies():
    async with echoing() as server:
        async with await client(server) as socket:
            server.control.set("silence")
            server.clock.pass_(4)
            await socket.send("before")
            assert await socket.recv() == "before"
            server.clock.pass_(1)
            await socket.send("after")
            await (await socket.ping())
            server.handler.wires[0].send(b"reply")
            assert await socket.recv() == "reply"


async def test_strikes_hit_sockets_one_at_a_time():
    async with echoing() as server:
        sockets = [await client(server) for _ in range(3)]
        server.control.set("flaky")
        server.control.tick()
        assert len(server.wires) == 3, "the first strike has yet to come"
        for left in (2, 1, 0):
            server.clock.pass_(1_000)
            server.control.tick()
            while len(server.wires) > left:
                await asyncio.sleep(0)
        assert not server.wires
        for socket in sockets:
            await socket.wait_closed()


async def ask(server, times=1):
    async with httpx.AsyncClient() as http:
        return [await http.get(server.http) for _ in range(times)]


@pytest.mark.parametrize(
    ("name", "statuses", "after"),
    [
        ("rest-429", [200, 429, 200, 429], None),
        ("rest-429-after", [200, 429], "2"),
        ("rest-5xx", [200, 503], None),
        ("rest-401", [401, 401], None),
        ("rest-403", [403], None),
        ("rest-404", [404], None),
    ],
)
async def test_failed_requests(name, statuses, after):
    async with echoing() as server:
        server.control.set(name)
        answers = await ask(server, len(statuses))
        assert [answer.status_code for answer in answers] == statuses
        assert answers[-1].json() == {"denied": statuses[-1]}
        assert answers[-1].headers.get("retry-after") == after


async def test_a_page_of_html():
    async with echoing() as server:
        server.control.set("rest-html")
        fine, page = await ask(server, 2)
        assert fine.status_code == 200
        assert (page.status_code, page.headers["content-type"]) == (502, "text/html")


async def test_slow_answers_and_frames_keep_their_order():
    async with echoing() as server:
        await switch(server, faults={"delay_s": 0.03})
        loop = asyncio.get_running_loop()
        began = loop.time()
        await ask(server)
        assert loop.time() - began >= 0.03
        async with await client(server) as socket:
            for n in range(5):
                await socket.send(str(n))
            assert [await socket.recv() for _ in range(5)] == ["0", "1", "2", "3", "4"]


async def test_a_clock_that_is_off_shows_in_the_date():
    async with echoing() as server:
        server.control.set("clock-skew")
        (answer,) = await ask(server)
        assert answer.headers["date"] == "Mon, 30 Nov 2026 00:53:27 GMT"


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        ({"lose": 2}, ["1", "3", "5"]),
        ({"repeat": 2}, ["1", "2", "2", "3", "4", "4", "5"]),
        ({"swap": 2}, ["1", "3", "2", "5", "4"]),
        ({"cut": 5}, ["1", "2", "3", "4", ""]),
    ],
)
async def test_frame_faults_reach_the_client(faults, expected):
    async with echoing() as server:
        async with await client(server) as socket:
            await switch(server, faults=faults)
            for n in range(1, 6):
                await socket.send(str(n))
            assert [await socket.recv() for _ in expected] == expected


@pytest.mark.parametrize(("faults", "code"), [({"bloat": 1}, 1009), ({"noise": 1}, 1007)])
async def test_frames_no_client_can_take(faults, code):
    async with echoing() as server:
        async with await client(server) as socket:
            await switch(server, faults=faults)
            await socket.send("1")
            assert await to_the_end(socket) == ["1", code]

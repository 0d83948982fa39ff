"""One connection of the loopback server: requests one after another, then perhaps a socket, faults included."""

import asyncio
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol

import h11
import msgspec

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, make_asked, phrase
from cockpit.rehearsal.stands.faults import Control, Faults
from cockpit.rehearsal.stands.switch import CONTROL_PATH, switch
from cockpit.rehearsal.stands.wire import Wire

LARGEST_BODY = 1_000_000
_CHUNK = 65_536
_PAGE = Answer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>", (("Content-Type", "text/html"),))


class Handler(Protocol):
    """A venue as the server sees it."""

    async def answer(self, asked: Asked) -> Answer:
        """Answer a plain request."""
        ...

    async def greet(self, asked: Asked) -> Answer | None:
        """Look at a request to open a socket: None lets it in, an answer refuses it."""
        ...

    async def talk(self, asked: Asked, wire: Wire) -> None:
        """Hold one socket; the socket closes when this returns."""
        ...

    def denial(self, status: int) -> Answer:
        """A failure in the venue's own words, for faults that fail requests."""
        ...


class House(Protocol):
    """What a connection needs of its server."""

    handler: Handler
    control: Control
    ping: bytes | None
    ping_s: float
    limit: int
    wires: set[Wire]
    failing: int
    """Requests counted while requests are failed."""


class Connection:
    """One TCP connection: requests one after another, until it ends or becomes a socket."""

    def __init__(self, server: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._held = bytearray()
        self._gathered = bytearray()
        self.born = 0

    async def run(self) -> None:
        """Serve until the client leaves."""
        links = self._server.control.links
        links.add(self)
        try:
            with suppress(ConnectionError, h11.LocalProtocolError):
                await self._requests()
        finally:
            links.discard(self)
            self._send()
            self._writer.close()
            with suppress(ConnectionError):
                await self._writer.wait_closed()

    # ------------------------------------------------------------------ as faults and the wire see it

    def write(self, data: bytes) -> None:
        """Queue bytes, or hold them back while frozen."""
        if not self._thawed.is_set():
            self._held += data
        else:
            if not self._gathered:
                asyncio.get_running_loop().call_soon(self._send)
            self._gathered += data

    @property
    def unsent(self) -> int:
        """Bytes queued and not yet taken by the network."""
        return len(self._held) + len(self._gathered) + self._writer.transport.get_write_buffer_size()

    def drop(self) -> None:
        """Close without a word."""
        self._end()

    def reset(self) -> None:
        """Close with a TCP reset."""
        if not self._writer.is_closing():
            linger = struct.pack("ii", 1, 0)
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._end()

    def freeze(self) -> None:
        """Neither send nor read."""
        self._thawed.clear()

    def thaw(self) -> None:
        """Send what was held back and read on."""
        self._thawed.set()
        held, self._held = bytes(self._held), bytearray()
        if held:
            self.write(held)

    def _end(self) -> None:
        self._writer.transport.abort()
        self._thawed.set()
        self._held.clear()
        self._gathered.clear()

    def _send(self) -> None:
        """Hand over what was gathered: one system call for all frames of a burst."""
        gathered, self._gathered = self._gathered, bytearray()
        if gathered and not self._writer.is_closing():
            self._writer.write(gathered)

    # ------------------------------------------------------------------ requests

    async def _requests(self) -> None:
        while (asked := await self._request()) is not None:
            faults = self._server.control.faults
            if faults.turn_away and asked.path != CONTROL_PATH:
                self.drop()
                return
            if asked.headers.get("upgrade", "").lower() == "websocket":
                refusal = await self._server.handler.greet(asked)
                if refusal is None:
                    await self._socket(asked)
                    return
                await self._respond(refusal, close=True)
                return
            await self._respond(await self._answer(asked, faults))
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _request(self) -> Asked | None:
        """The next whole request; None when there is none."""
        request: h11.Request | None = None
        body = b""
        try:
            while True:
                event = self._http.next_event()
                if event is h11.NEED_DATA:
                    await self._continue()
                    self._http.receive_data(await self._read())
                elif isinstance(event, h11.Request):
                    request = event
                elif isinstance(event, h11.Data):
                    body += event.data
                    if len(body) > LARGEST_BODY:
                        await self._respond(Answer(413), close=True)
                        return None
                elif isinstance(event, h11.EndOfMessage) and request is not None:
                    return _asked(request, body)
                else:
                    return None
        except h11.RemoteProtocolError as error:
            if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                await self._respond(Answer(error.error_status_hint), close=True)
            return None

    async def _continue(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            hold = h11.InformationalResponse(status_code=100, headers=[])
            self.write(self._http.send(hold) or b"")

    async def _read(self) -> bytes:
        """What arrives next; a frozen connection looks only when it has thawed."""
        data = b"" if self._writer.is_closing() else await self._reader.read(_CHUNK)
        await self._thawed.wait()
        return data

    async def _answer(self, asked: Asked, faults: Faults) -> Answer:
        server = self._server
        if asked.path == CONTROL_PATH:
            return switch(server.control, asked, self)
        if faults.delay_s > 0:
            await asyncio.sleep(faults.delay_s)
        if faults.fails:
            server.failing += 1
            if server.failing % max(1, faults.every) == 0:
                return _failure(server.handler, faults)
        return await server.handler.answer(asked)

    async def _respond(self, answer: Answer, *, close: bool = False) -> None:
        date = datetime.fromtimestamp(self._server.control.now() // SECOND, UTC)
        headers = [
            *answer.headers,
            ("Date", format_datetime(date, usegmt=True)),
            ("Content-Length", str(len(answer.body))),
        ]
        if close:
            headers.append(("Connection", "close"))
        reason = phrase(answer.status).encode()
        events: Iterable[h11.Event] = (
            h11.Response(status_code=answer.status, headers=headers, reason=reason),
            h11.Data(data=answer.body),
            h11.EndOfMessage(),
        )
        for event in events:
            self.write(self._http.send(event) or b"")
        self._send()
        with suppress(ConnectionError):
            await self._writer.drain()

    # ------------------------------------------------------------------ sockets

    async def _socket(self, asked: Asked) -> None:
        server = self._server
        self.born = server.control.clock()
        wire = Wire(asked, self, server.control, server.limit)
        server.control.tick()
        server.wires.add(wire)
        try:
            async with asyncio.TaskGroup() as group:
                talk = group.create_task(self._talk(asked, wire))
                ping = group.create_task(self._ping(wire))
                await self._pump(wire)
                wire.end()
                await talk
                ping.cancel()
        finally:
            server.wires.discard(wire)

    async def _talk(self, asked: Asked, wire: Wire) -> None:
        await self._server.handler.talk(asked, wire)
        wire.close()

    async def _ping(self, wire: Wire) -> None:
        server = self._server
        while server.ping is not None and wire.open:
            await asyncio.sleep(server.ping_s)
            wire.ping(server.ping)

    async def _pump(self, wire: Wire) -> None:
        """Feed the wire until the connection ends."""
        data = self._http.trailing_data[0]
        while True:
            if data:
                wire.feed(data)
            if wire.finished:
                return
            try:
                data = await self._read()
            except ConnectionError:
                return
            if not data:
                wire.feed(b"")
                return


def _asked(request: h11.Request, body: bytes) -> Asked:
    headers: dict[str, str] = {}
    for name, value in request.headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return make_asked(request.method.decode(), request.target.decode("latin-1"), headers, body)


def _failure(handler: Handler, faults: Faults) -> Answer:
    """What a failed request is answered with."""
    if faults.html:
        return _PAGE
    answer = handler.denial(faults.status)
    if faults.retry_after_s >= 0:
        headers = (*answer.headers, ("Retry-After", str(faults.retry_after_s)))
        return msgspec.structs.replace(answer, headers=headers)
    return answer

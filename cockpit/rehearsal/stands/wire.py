"""One WebSocket on the server's side: the library's sans-I/O protocol on a connection that may be spoilt on purpose."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Protocol

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from cockpit.rehearsal.stands.asked import Asked
from cockpit.rehearsal.stands.faults import Control, Link
from cockpit.rehearsal.stands.mangle import Mangler

GRACE_S = 2.0
"""How long a closing client may take to answer before the connection is dropped."""


class WireClosed(Exception):  # noqa: N818  an end, not an error
    """The socket is closed: nothing more can be received."""


class Pipe(Link, Protocol):
    """What a wire writes to: a connection with a bounded buffer of unsent bytes."""

    def write(self, data: bytes) -> None:
        """Queue bytes, or hold them back while frozen."""
        ...

    @property
    def unsent(self) -> int:
        """Bytes queued and not yet taken by the network."""
        ...


class Wire:
    """A socket for a venue to talk on. All messages are text: every venue rehearsed here speaks JSON.

    ``send`` never waits. A client that leaves more than ``limit`` bytes unread is a slow consumer: it gets
    ``farewell`` as its last message, if the venue has set one, and the socket closes.
    """

    def __init__(self, asked: Asked, pipe: Pipe, control: Control, limit: int) -> None:
        self._pipe = pipe
        self._control = control
        self._limit = limit
        self._protocol = ServerProtocol()
        self._mangler = Mangler()
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._parts: list[bytes] = []
        self._ending = False
        self.farewell: Callable[[], bytes] | None = None
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        self._protocol.receive_data(f"GET {asked.target} HTTP/1.1\r\n{lines}\r\n".encode())
        for event in self._protocol.events_received():
            if isinstance(event, Request):
                self._protocol.send_response(self._protocol.accept(event))
        self._flush()

    @property
    def open(self) -> bool:
        """Whether messages may still be sent."""
        return not self._ending and self._protocol.state is State.OPEN

    @property
    def congested(self) -> bool:
        """Whether the client is behind by half of what it may be."""
        return self._pipe.unsent * 2 > self._limit

    def send(self, frame: bytes | str, lane: Hashable = None) -> None:
        """Send a text message; nothing happens on a closed socket.

        Args:
            frame: the text, as UTF-8 if bytes.
            lane: the channel a data frame belongs to; None is for replies, which no fault but a delay touches.
        """
        if not self.open:
            return
        data = frame.encode() if isinstance(frame, str) else frame
        faults = self._control.faults
        if lane is not None:
            if self._control.aged(self._pipe, faults.silent_after_s):
                return
            if faults.touches_frames:
                for each in self._mangler.spoil(faults, data, lane):
                    self._later(each, faults.delay_s)
                return
        self._later(data, faults.delay_s)

    async def recv(self) -> bytes:
        """The next message.

        Raises:
            WireClosed: when there is none to come.
        """
        message = await self._inbox.get()
        if message is None:
            self._inbox.put_nowait(None)
            raise WireClosed
        return message

    def close(self, code: int = CloseCode.NORMAL_CLOSURE, reason: str = "") -> None:
        """Begin to close; the connection ends when the client agrees, or after `GRACE_S`."""
        if self._protocol.state is State.OPEN:
            self._protocol.send_close(code, reason)
            self._flush()
            asyncio.get_running_loop().call_later(GRACE_S, self._pipe.drop)
        self.end()

    def ping(self, payload: bytes) -> None:
        """Send a ping."""
        if self.open:
            self._protocol.send_ping(payload)
            self._flush()

    def end(self) -> None:
        """Nothing more will be received."""
        self._ending = True
        self._inbox.put_nowait(None)

    def feed(self, data: bytes) -> None:
        """Bytes that arrived; b"" when the client has ended."""
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._received(event)
        self._flush()

    @property
    def finished(self) -> bool:
        """Whether the TCP connection may be closed."""
        return self._protocol.state is State.CLOSED or self._protocol.close_expected()

    def _received(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._parts.append(bytes(frame.data))
            if frame.fin:
                self._inbox.put_nowait(b"".join(self._parts))
                self._parts.clear()

    def _later(self, data: bytes, delay_s: float) -> None:
        if delay_s > 0:
            asyncio.get_running_loop().call_later(delay_s, self._put, data)
        else:
            self._put(data)

    def _put(self, data: bytes) -> None:
        if not self.open:
            return
        if self._pipe.unsent > self._limit:
            self._overflow()
            return
        self._protocol.send_text(data)
        self._flush()

    def _overflow(self) -> None:
        if self.farewell is not None:
            self._protocol.send_text(self.farewell())
        self.close(CloseCode.POLICY_VIOLATION, "slow consumer")

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._pipe.write(data)

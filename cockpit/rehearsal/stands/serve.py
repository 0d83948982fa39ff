"""The loopback server every stand-in runs on: HTTP/1.1 and WebSockets on one port, with faults on purpose."""

import asyncio
import socket
from typing import Any, Self

from cockpit.rehearsal.stands.connection import Connection, Handler
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.wire import Wire

HOST = "127.0.0.1"
TICK_S = 0.05


class Server:
    """Serves one venue on 127.0.0.1, as an async context manager.

    Args:
        handler: the venue.
        control: the server's faults and its clock.
        port: 0 takes any free one.
        ping: the payload of the pings sent to each socket; None sends none.
        ping_s: how often.
        limit: bytes a socket's client may leave unread before it counts as slow.
        sndbuf: the kernel's send buffer in bytes; 0 leaves it to the kernel.
    """

    def __init__(
        self,
        handler: Handler,
        control: Control,
        *,
        port: int = 0,
        ping: bytes | None = None,
        ping_s: float = 10.0,
        limit: int = 4 << 20,
        sndbuf: int = 0,
    ) -> None:
        self.handler = handler
        self.control = control
        self.port = port
        self.ping = ping
        self.ping_s = ping_s
        self.limit = limit
        self.wires: set[Wire] = set()
        self.failing = 0
        self._sndbuf = sndbuf
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._listener = await asyncio.start_server(self._accept, HOST, self.port)
        self.port = self._listener.sockets[0].getsockname()[1]
        self._ticker = self._group.create_task(self._tick())
        return self

    async def __aexit__(self, *error: Any) -> None:
        if self._listener is not None:
            self._listener.close()
        self._ticker.cancel()
        for link in list(self.control.links):
            link.drop()
        for task in self._tasks:
            task.cancel()
        # an error of the body stays what it is; only the group's own cancellation is the group's to explain
        own = isinstance(error[1], asyncio.CancelledError)
        await self._group.__aexit__(*(error if own else (None, None, None)))

    @property
    def http(self) -> str:
        """Where it is, for requests."""
        return f"http://{HOST}:{self.port}"

    @property
    def ws(self) -> str:
        """Where it is, for sockets."""
        return f"ws://{HOST}:{self.port}"

    @property
    def congested(self) -> bool:
        """Whether any client is far behind."""
        return any(wire.congested for wire in self.wires)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._sndbuf:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._sndbuf)
        task = self._group.create_task(Connection(self, reader, writer).run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.control.tick()

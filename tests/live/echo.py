"""A venue that says little and a feed that asks for it: what the transport is tried on."""

import asyncio
import contextlib
import time
from collections import Counter
from contextlib import asynccontextmanager

import msgspec

from cockpit.feeds.base import Budget, Frame, Poll, Socket
from cockpit.rehearsal.stands.asked import Answer, json_answer
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import WireClosed
from cockpit.runtime.clock import Clock
from cockpit.runtime.inbox import Inbox
from cockpit.runtime.transport import Transport

CHANNEL = 1


class EchoVenue:
    """Counts who comes, keeps what it is told, and sends what a test says."""

    def __init__(self):
        self.control = Control(time.time_ns)
        self.wires = []
        self.heard = []
        self.asked = []
        self.refuse = None
        self.answers = {}
        self.greeted = 0
        self.hello = [b'{"hello":1}']

    async def answer(self, asked):
        self.asked.append(asked)
        found = self.answers.get(asked.path, json_answer({"path": asked.path}))
        return found(asked) if callable(found) else found

    async def greet(self, asked):
        self.greeted += 1
        self.asked.append(asked)
        return self.refuse

    async def talk(self, asked, wire):
        self.wires.append(wire)
        for each in self.hello:
            wire.send(each, CHANNEL)
        try:
            while True:
                self.heard.append(await wire.recv())
        except WireClosed:
            self.wires.remove(wire)

    def denial(self, status):
        return json_answer({"error": "refused"}, status)

    def say(self, *frames):
        for wire in list(self.wires):
            for frame in frames:
                wire.send(frame, CHANNEL)

    def server(self, **more):
        return Server(self, self.control, **more)


@asynccontextmanager
async def raw(handle):
    """A server of bare bytes: ``handle(reader, writer)`` until the client leaves; its URL. Everything is closed."""
    async with asyncio.TaskGroup() as group:
        tasks = []

        async def hold(reader, writer):
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                await handle(reader, writer)
            writer.transport.abort()

        def begin(reader, writer):
            if over:  # taken in as the server closed: nobody would end it
                writer.transport.abort()
            else:
                tasks.append(group.create_task(hold(reader, writer)))

        over = False
        server = await asyncio.start_server(begin, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            over = True
            for task in tasks:
                task.cancel()


class EchoFeed:
    """Asks for one socket and whatever polls a test names."""

    def __init__(self, server, name="echo", *, socket=True, polls=(), budget=None, **more):
        self.name = name
        self.census = Counter()
        self.budget = budget or Budget(1000.0, 1000.0)
        self.wants = [Socket(f"{name}.ws", f"{server.ws}/ws", **more)] if socket else []
        self.wants += [Poll(f"{name}.rest", f"{server.http}{path}", every) for path, every in polls]
        self.once = []
        self.outbox = []

    def requests(self):
        return list(self.wants)

    def asks(self):
        asked, self.once = self.once, []
        return asked

    def outgoing(self, source):
        sent, self.outbox = self.outbox, []
        return sent


class Rig:
    """A transport at work, and what came out of it."""

    def __init__(self, *feeds, keys=None, clock=None, room=20_000):
        self.clock = clock or Clock()
        self.inbox = Inbox(room)
        feeds = {feed.name: feed for feed in feeds}
        self.transport = Transport(feeds, self.inbox, self.clock, keys=keys, trust_env=False)
        self.frames = []
        self.drain = True

    async def __aenter__(self):
        self.group = asyncio.TaskGroup()
        await self.group.__aenter__()
        self.tasks = [self.group.create_task(self.transport.run()), self.group.create_task(self._pump())]
        return self

    async def __aexit__(self, *error):
        for task in self.tasks:
            task.cancel()
        await self.group.__aexit__(None, None, None)

    async def _pump(self):
        while True:
            await self.inbox.filled(0.01)
            while self.drain and (frame := self.inbox.pop()) is not None:
                self.frames.append(frame)
            self.transport.attend()
            await asyncio.sleep(0.002)

    async def until(self, condition, seconds=10.0):
        async with asyncio.timeout(seconds):
            while not condition():
                await asyncio.sleep(0.002)

    def data(self, source="echo.ws"):
        return [bytes(frame.d) for frame in self.frames if frame.s == source]

    def links(self):
        """Link changes: (up or down, source, why)."""
        told = [msgspec.json.decode(frame.d) for frame in self.frames if frame.s == "link"]
        return [(each["type"], each["feed"], each.get("reason", "")) for each in told]

    def ups(self):
        return sum(1 for kind, _, _ in self.links() if kind == "FeedUp")


__all__ = ["Answer", "EchoFeed", "EchoVenue", "Frame", "Rig", "raw"]

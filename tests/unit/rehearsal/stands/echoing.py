"""A venue that says back what it hears, and a clock that is told the time."""

from contextlib import asynccontextmanager

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer, json_answer
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.serve import Server
from cockpit.rehearsal.stands.wire import WireClosed

T0 = 1_796_000_000 * SECOND


class Hand:
    """A clock moved by hand."""

    def __init__(self, at: int = T0) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += int(seconds * SECOND)


class Echo:
    """Says back each message on channel "echo"; "bye" is answered by closing."""

    def __init__(self) -> None:
        self.wires = []
        self.ended = 0

    async def answer(self, asked):
        return json_answer({"method": asked.method, "query": asked.query, "body": asked.body.decode()})

    async def greet(self, asked):
        return None if asked.path == "/ws" else Answer(401, b'{"error":"who"}')

    async def talk(self, asked, wire):
        self.wires.append(wire)
        try:
            while (message := await wire.recv()) != b"bye":
                wire.send(message, "echo")
        except WireClosed:
            self.ended += 1

    def denial(self, status):
        return json_answer({"denied": status}, status)


@asynccontextmanager
async def echoing(**server):
    clock = Hand()
    echo, control = Echo(), Control(clock)
    async with Server(echo, control, **server) as running:
        running.clock = clock
        yield running

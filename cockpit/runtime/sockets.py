"""One socket held open: connect, listen, keep alive, and begin again when it ends.

Frames go to the inbox as they arrive, before anyone reads them; that the connection was made or lost is a frame too,
in its place among them.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

from cockpit.domain.events import FeedDown, FeedUp
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, Socket
from cockpit.runtime import backoff
from cockpit.runtime.clock import Clock
from cockpit.runtime.inbox import Inbox, Weight

AGENT = "cockpit"
OPEN_S = 10.0
PING_S = 10.0
LARGEST = 8 << 20
"""Bytes of one message; a larger one ends the connection."""
BUFFERED = 64
"""Messages the library keeps while we wait for room."""
GLANCE = 64
"""Bytes of a frame that are looked at to tell what it is."""
OUTBOX = 10_000

Sign = Callable[[str, str], Mapping[str, str]]
"""(method, URL) to the headers that sign it."""


class Unredirected(connect):
    """A connection that follows nobody elsewhere: a signature is for the venue it was made for."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Take a redirect for the refusal it is."""
        return exc


class Silent(Exception):  # noqa: N818  what the connection was
    """No data for too long."""


class Line:
    """Holds one socket open until its task is cancelled."""

    def __init__(
        self,
        want: Socket,
        inbox: Inbox,
        clock: Clock,
        draws: Iterator[float],
        sign: Sign | None = None,
        answered: Callable[[str, Mapping[str, str], int], None] | None = None,
        *,
        trust_env: bool = True,
    ) -> None:
        self._trust_env = trust_env
        self.want = want
        self._inbox = inbox
        self._clock = clock
        self._draws = draws
        self._sign = sign
        self._answered = answered
        """Told a refusal's URL, headers and when it was asked for: they hold the server's time."""
        self._outbox: deque[bytes] = deque()
        self._sending = asyncio.Event()
        self._heard = 0.0
        self.up = False
        self.reconnects = 0

    def send(self, messages: list[bytes]) -> None:
        """Send on the present connection; what is not sent when it ends is forgotten with it."""
        if self.up and messages and len(self._outbox) < OUTBOX:
            self._outbox.extend(messages)
            self._sending.set()

    async def run(self) -> None:
        """Connect, listen, wait, and again."""
        waits = backoff.delays(self._draws)
        told = ""
        while True:
            started = time.monotonic()
            why, least = await self._once()
            if self.up or why != told:
                self._tell(FeedDown(0, self.want.source, why))
            self.up, told = False, why
            if time.monotonic() - started >= backoff.LIVED_S:
                waits, told = backoff.delays(self._draws), ""
            self.reconnects += 1
            await asyncio.sleep(max(next(waits), least))

    async def _once(self) -> tuple[str, float]:
        """One connection from beginning to end: why it ended, and the seconds to wait at least."""
        asked = self._clock.bare()
        try:
            signed = {} if self._sign is None else dict(self._sign("GET", self.want.url))
            async with self._connect(signed) as wire:
                await self._talk(wire)
        except InvalidStatus as error:
            return self._refused(error, asked)
        except Silent as error:
            return str(error), 0.0
        except Exception as error:  # noqa: BLE001  whatever a network or a server makes a library raise: it is told
            return backoff.words(error), 0.0
        return "connection lost", 0.0

    def _connect(self, headers: dict[str, str]) -> "Unredirected":
        return Unredirected(
            self.want.url,
            additional_headers=headers,
            user_agent_header=AGENT,
            open_timeout=OPEN_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            close_timeout=1.0,
            max_size=LARGEST,
            max_queue=BUFFERED,
            compression=None,
            proxy=True if self._trust_env else None,
        )

    def _refused(self, error: InvalidStatus, asked: int) -> tuple[str, float]:
        """The handshake was answered with something else."""
        headers = {name.lower(): value for name, value in error.response.headers.raw_items()}
        if self._answered is not None:
            self._answered(self.want.url, headers, asked)
        status = error.response.status_code
        wait = backoff.asked_to_wait(headers, self._clock.now())
        if wait is None:
            wait = {401: 5.0, 403: backoff.PATIENT_S, 404: backoff.PATIENT_S, 429: 5.0}.get(status, 0.0)
        return backoff.words(error), wait

    async def _talk(self, wire: ClientConnection) -> None:
        """Listen until the connection ends, sending what there is to send."""
        self._outbox.clear()
        self._heard = time.monotonic()
        self.up = True
        self._tell(FeedUp(0, self.want.source))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen(wire))
                group.create_task(self._write(wire))
                group.create_task(self._watch())
                if self.want.ping:
                    group.create_task(self._keep_alive(wire))
        except ExceptionGroup as group_error:
            raise group_error.exceptions[0] from None

    async def _listen(self, wire: ClientConnection) -> None:
        want, inbox, now, light = self.want, self._inbox, self._clock.now, self.want.light
        while True:
            data = await wire.recv(decode=False)
            frame = Frame(0, now(), want.source, msgspec.Raw(data))
            if not data.startswith(want.pulse):
                self._heard = time.monotonic()
            weight = Weight.HEAVY
            if light:
                start = data[:GLANCE]
                if any(mark in start for mark in light):
                    weight = Weight.LIGHT
            if not inbox.offer(frame, weight):
                await inbox.space()
                self._heard = time.monotonic()  # it was we who did not listen

    async def _write(self, wire: ClientConnection) -> None:
        while True:
            while self._outbox:
                await wire.send(self._outbox.popleft(), text=True)
            self._sending.clear()
            await self._sending.wait()

    async def _keep_alive(self, wire: ClientConnection) -> None:
        while True:
            await asyncio.sleep(self.want.ping_ns / SECOND)
            await wire.send(self.want.ping, text=True)

    async def _watch(self) -> None:
        """End a connection that is open and says nothing."""
        quiet = self.want.quiet_ns / SECOND
        while True:
            silent = time.monotonic() - self._heard
            if silent >= quiet and not self._inbox.full:
                raise Silent(f"silent for {quiet:.0f} s")
            await asyncio.sleep(max(0.05, min(quiet - silent, quiet / 4)))

    def _tell(self, change: FeedUp | FeedDown) -> None:
        now = self._clock.now()
        told = msgspec.json.encode(msgspec.structs.replace(change, ts=now))
        self._inbox.offer(Frame(0, now, "link", msgspec.Raw(told)), Weight.HEAVY)

"""The only network: every feed's sockets and polls, held open and begun again, one inbox for all that arrives.

    feed.requests() ──► Line (a socket)   ─┐
                        Polls (HTTP)       ├──► Inbox ──► session
    feed.asks()     ──► Polls, once       ─┘
    feed.outgoing() ──► Line.send

What feeds want is read again after they have taken frames (`Transport.attend`); nothing here knows a venue.
"""

import asyncio
import random
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx

from cockpit.domain.errors import SettingsError
from cockpit.feeds.base import Feed, Poll, Socket
from cockpit.runtime import backoff
from cockpit.runtime.clock import Clock, distance
from cockpit.runtime.inbox import Inbox
from cockpit.runtime.keys import KalshiKey
from cockpit.runtime.polls import Polls
from cockpit.runtime.secrets import Secret
from cockpit.runtime.sockets import AGENT, Line, Sign
from cockpit.runtime.unwaited import Unwaited

MEASURE_S = 3.0
"""How long the first measurement of the clock may take."""


class Transport:
    """Holds what some feeds ask for until its task is cancelled."""

    def __init__(
        self,
        feeds: Mapping[str, Feed],
        inbox: Inbox,
        clock: Clock,
        *,
        keys: Mapping[str, KalshiKey] | None = None,
        secrets: Mapping[str, Secret] | None = None,
        trust_env: bool = True,
    ) -> None:
        self._feeds = feeds
        self._inbox = inbox
        self.clock = clock
        self._keys = keys or {}
        self._secrets = secrets or {}
        self._trust_env = trust_env
        self._draws: Iterator[float] = iter(random.random, None)
        self._lines: dict[Socket, tuple[Line, asyncio.Task[None]]] = {}
        self._polls: dict[str, tuple[Polls, asyncio.Task[None]]] = {}
        self._client: httpx.AsyncClient | None = None
        self._group: asyncio.TaskGroup | None = None
        self._behind: dict[str, int] = {}
        """How far the machine's clock is behind each host's, ns."""
        self.measured = asyncio.Event()
        """Set once the clock has been compared with the servers', or none answered in time."""
        self.corrected = 0
        """Times the clock was corrected."""

    async def run(self) -> None:
        """Measure the clock, then hold everything."""
        asyncio.get_running_loop().set_default_executor(Unwaited())
        async with self._open() as client:
            await self._measure(client)
            self.measured.set()
            async with asyncio.TaskGroup() as group:
                self._client, self._group = client, group
                self._begin()
                try:
                    self.attend()
                    await asyncio.Event().wait()
                finally:
                    self._group = None

    def _begin(self) -> None:
        """Begin to ask for every feed."""
        assert self._group is not None
        assert self._client is not None
        for name, feed in self._feeds.items():
            polls = Polls(
                self._client,
                feed.budget,
                self._inbox,
                self.clock,
                self._draws,
                self._sign(name),
                self._heard,
                self._secrets,
            )
            self._polls[name] = (polls, self._group.create_task(polls.run()))

    def replace(self, feeds: Mapping[str, Feed]) -> None:
        """Let go of everything and begin anew with these feeds."""
        for _, task in (*self._lines.values(), *self._polls.values()):
            task.cancel()
        self._lines.clear()
        self._polls.clear()
        self._feeds = feeds
        if self._group is not None:
            self._begin()
            self.attend()

    def _open(self) -> httpx.AsyncClient:
        """The one HTTP client.

        Raises:
            SettingsError: when the environment names a proxy that cannot be used; it may hold a password, so it is
                not shown.
        """
        try:
            return httpx.AsyncClient(
                timeout=httpx.Timeout(8.0, connect=5.0),
                limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
                headers={"user-agent": AGENT},
                trust_env=self._trust_env,
            )
        except (ValueError, ImportError, httpx.InvalidURL):
            raise SettingsError(
                "the environment names a proxy that cannot be used (ALL_PROXY, HTTPS_PROXY)"
            ) from None

    def attend(self) -> None:
        """Give feeds what they ask for by now: sockets and polls begun or let go, questions asked, messages sent."""
        if self._group is None:
            return
        wanted: dict[Socket, str] = {}
        for name, feed in self._feeds.items():
            requests = feed.requests()
            polls = self._polls[name][0]
            polls.want([each for each in requests if isinstance(each, Poll)])
            polls.ask(feed.asks())
            wanted.update((each, name) for each in requests if isinstance(each, Socket))
        for gone in self._lines.keys() - wanted.keys():
            self._lines.pop(gone)[1].cancel()
        for socket, name in wanted.items():
            self._hold(self._group, socket, name)

    def forget(self) -> None:
        """A new recording begins: ask for whole answers again."""
        for polls, _ in self._polls.values():
            polls.forget()

    def _hold(self, group: asyncio.TaskGroup, socket: Socket, name: str) -> None:
        held = self._lines.get(socket)
        if held is None:
            sign = self._sign(name) if socket.signed else None
            line = Line(
                socket, self._inbox, self.clock, self._draws, sign, self._heard, trust_env=self._trust_env
            )
            self._lines[socket] = (line, group.create_task(line.run()))
        elif held[0].up:
            held[0].send(self._feeds[name].outgoing(socket.source))

    def _sign(self, name: str) -> Sign | None:
        """Signs by the venue's own time: it compares with its clock, not with the right one."""
        key = self._keys.get(name)
        if key is None:
            return None

        def sign(method: str, url: str) -> Mapping[str, str]:
            behind = self._behind.get(urlsplit(url).netloc)
            now = self.clock.now() if not behind else self.clock.bare() + behind
            return key.headers(method, url, now)

        return sign

    # ------------------------------------------------------------------ the clock

    async def _measure(self, client: httpx.AsyncClient) -> None:
        """Ask every host once for its time, all together, and wait no longer than a moment."""
        urls = {_root(each.url) for feed in self._feeds.values() for each in feed.requests()}
        try:
            async with asyncio.timeout(MEASURE_S), asyncio.TaskGroup() as group:
                for url in sorted(urls):
                    group.create_task(self._ask_time(client, url))
        except TimeoutError:
            pass
        self.clock.compare(self._behind.values())

    async def _ask_time(self, client: httpx.AsyncClient, url: str) -> None:
        asked = self.clock.bare()
        try:
            answer = await client.head(url)
        except Exception:  # noqa: BLE001  whatever a network makes a library raise: this host tells no time
            return
        self._note(url, {name.lower(): value for name, value in answer.headers.items()}, asked)

    def _heard(self, url: str, headers: Mapping[str, str], asked: int) -> None:
        """An answer came whose question left at ``asked`` (the machine's own time)."""
        if self._note(url, headers, asked) and self.clock.compare(self._behind.values()):
            self.corrected += 1

    def _note(self, url: str, headers: Mapping[str, str], asked: int) -> bool:
        """Whether an answer's own time says something new; one from a cache is old."""
        told = backoff.http_date(headers.get("date", ""))
        if told is None or "age" in headers:
            return False
        host, behind = urlsplit(url).netloc, distance(told, asked, self.clock.bare())
        if self._behind.get(host) == behind:
            return False
        self._behind[host] = behind
        return True


def _root(url: str) -> str:
    """Where a host tells its time: by HTTP also where it is a socket's."""
    parts = urlsplit(url)
    return f"{parts.scheme.replace('ws', 'http', 1)}://{parts.netloc}/"

"""HTTP questions of one feed: each as often as wanted, within the venue's budget, and the answers as frames.

What was asked once is answered once: by the venue, or, when that fails again and again, by a frame with status 0 that
says why. A standing question that fails is asked again later; when all fail the source is said to be down.

A standing question may also name a file (``file:///...``), which is read beside the loop. Only the settings name such: what
is asked once may come from an answer and is refused, and nothing an answer points to is ever followed.
"""

import asyncio
import heapq
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import msgspec

from cockpit.domain.errors import SettingsError
from cockpit.domain.events import FeedDown, FeedUp
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Budget, Frame, Poll
from cockpit.runtime import backoff
from cockpit.runtime.clock import Clock
from cockpit.runtime.inbox import Inbox, Weight
from cockpit.runtime.secrets import Secret

AT_ONCE = 4
"""Questions under way at the same time."""
TRIES = 3
"""For what is asked once."""
DOWN_AFTER = 2
"""Failures in a row, of any question, before a source that was up is said to be down."""
LARGEST = 32 << 20
LARGEST_FILE = 16 << 20
LONGEST_S = 20.0
"""For one whole answer: a server may send a byte every few seconds for ever."""
TAGGED_FROM_NS = 30 * SECOND
"""Questions asked more often change each time; a tag would only make a lost answer stay lost."""
TAGGED_S = 600.0
TAGGED_TURNS = 6
"""After this long, or so many turns where they are longer, a whole answer is asked for, changed or not."""
KEPT = ("etag", "retry-after", "date", "x-requests-remaining", "x-requests-used")
"""Headers that are recorded."""

Answered = Callable[[str, Mapping[str, str], int], None]
Sign = Callable[[str, str], Mapping[str, str]]


class Bucket:
    """A token bucket, kept by the caller's clock in seconds."""

    def __init__(self, budget: Budget, now: float) -> None:
        self._budget = budget
        self._left = budget.burst
        self._at = now

    def wait(self, cost: float, now: float) -> float:
        """Take ``cost``; the seconds to wait before using it. What costs more than the bucket holds waits for that."""
        budget = self._budget
        self._left = min(budget.burst, self._left + (now - self._at) * budget.per_s)
        self._at = now
        self._left -= min(cost, budget.burst)
        return max(0.0, -self._left / budget.per_s)

    def empty(self) -> None:
        """The venue said that we asked too much."""
        self._left = min(self._left, 0.0)


class Polls:
    """Asks for one feed until its task is cancelled."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        budget: Budget,
        inbox: Inbox,
        clock: Clock,
        draws: Iterator[float],
        sign: Sign | None = None,
        answered: Answered | None = None,
        secrets: Mapping[str, Secret] | None = None,
    ) -> None:
        self._client = client
        self._bucket = Bucket(budget, 0.0)
        self._inbox = inbox
        self._clock = clock
        self._draws = draws
        self._sign = sign
        self._answered = answered
        self._secrets = secrets or {}
        self._standing: dict[Poll, int] = {}
        """What is asked again and again, and which entry of the heap is its own."""
        self._due: list[tuple[float, int, Poll]] = []
        self._once: deque[tuple[Poll, int]] = deque()
        """What is asked once, and the tries it has had."""
        self._count = 0
        self._etags: dict[str, tuple[str, float]] = {}
        """Tag and time of the last whole answer that was kept."""
        self._failed: dict[str, int] = {}
        """Failures in a row, by source."""
        self._tries: dict[str, int] = {}
        """Failures in a row, by URL."""
        self._once_last = False
        self._down: dict[str, str] = {}
        self._up: set[str] = set()
        self._held_until = 0.0
        self._wake = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)

    # ------------------------------------------------------------------ what is wanted

    def want(self, polls: list[Poll]) -> None:
        """What to ask from now on; known questions keep their turn."""
        wanted = dict.fromkeys(polls)
        for gone in self._standing.keys() - wanted.keys():
            del self._standing[gone]
            self._etags.pop(gone.url, None)
            self._tries.pop(gone.url, None)
        now = self._now()
        for poll in wanted:
            if poll not in self._standing:
                self._schedule(poll, now)

    def ask(self, polls: list[Poll]) -> None:
        """Ask these once, before anything else."""
        self._once.extend((poll, 0) for poll in polls)
        if polls:
            self._wake.set()

    def _schedule(self, poll: Poll, at: float) -> None:
        self._count += 1
        self._standing[poll] = self._count
        heapq.heappush(self._due, (at, self._count, poll))
        self._wake.set()

    # ------------------------------------------------------------------ asking

    async def run(self) -> None:
        """Ask what is due, as the budget allows."""
        async with asyncio.TaskGroup() as group:
            while True:
                poll, tries = await self._next()
                await self._room.acquire()
                wait = max(self._bucket.wait(poll.cost, self._now()), self._held_until - self._now())
                if wait > 0:
                    await asyncio.sleep(wait)
                group.create_task(self._one(poll, tries))

    async def _next(self) -> tuple[Poll, int]:
        """The next question to ask, when it is due; tries below 0 mark a standing one."""
        while True:
            now = self._now()
            while self._due and self._standing.get(self._due[0][2]) != self._due[0][1]:
                heapq.heappop(self._due)
            due = bool(self._due) and self._due[0][0] <= now
            if self._once and not (due and self._once_last):  # in turns, so that neither starves the other
                self._once_last = True
                return self._once.popleft()
            if due:
                self._once_last = False
                return heapq.heappop(self._due)[2], -1
            self._wake.clear()
            try:
                async with asyncio.timeout(self._due[0][0] - now if self._due else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _one(self, poll: Poll, tries: int) -> None:
        """Ask one question and see to its next turn."""
        started = self._now()
        try:
            fine, wait = await self._fetch(poll, tries)
        finally:
            self._room.release()
        if poll.every_ns and poll in self._standing:
            usual = started + poll.every_ns / SECOND if fine else 0.0
            self._schedule(poll, max(usual, self._now() + wait))
        elif not fine and not poll.every_ns and tries + 1 < TRIES:
            await asyncio.sleep(wait)
            self._once.append((poll, tries + 1))
            self._wake.set()

    async def _fetch(self, poll: Poll, tries: int) -> tuple[bool, float]:
        """Ask and hand over the answer; whether it was one, and the seconds to wait before asking again."""
        asked = self._clock.bare()
        try:
            async with asyncio.timeout(LONGEST_S):
                status, headers, body = await self._http(poll)
        except Exception as error:  # noqa: BLE001  whatever a network or a server makes a library raise: it is told
            why = backoff.words(error)
            wait = self._failure(poll, why)
            self._etags.pop(poll.url, None)
            if not poll.every_ns and tries + 1 >= TRIES:
                self._hand(poll, 0, {}, why.encode())
            return False, wait
        if self._answered is not None:
            self._answered(poll.url, headers, asked)
        if status in (429, 503) or status >= 500:
            return self._pushed_back(poll, tries, status, headers, body)
        self._fine(poll)
        if self._hand(poll, status, headers, body) and status == 200 and poll.every_ns >= TAGGED_FROM_NS:
            tag = headers.get("etag", "")
            if tag.isascii() and tag.isprintable() and tag:
                self._etags[poll.url] = (tag, self._now())
        return True, backoff.PATIENT_S if status in (403, 404, 410) else 5.0 if status == 401 else 0.0

    async def _http(self, poll: Poll) -> tuple[int, dict[str, str], bytes]:
        """One request and its whole answer; nothing is followed, nothing is decoded."""
        method = "POST" if poll.body else "GET"
        headers = dict(poll.headers)
        if poll.signed and self._sign is not None:
            headers.update(self._sign(method, poll.url))
        if poll.body:
            headers["content-type"] = "application/json"
        tag, since = self._etags.get(poll.url, ("", 0.0))
        if tag and self._now() - since < max(TAGGED_S, TAGGED_TURNS * poll.every_ns / SECOND):
            headers["if-none-match"] = tag
        if poll.url.startswith("file:"):
            if not poll.every_ns:
                raise httpx.UnsupportedProtocol("a file that no setting names")
            return await asyncio.to_thread(_file, poll.url, headers.get("if-none-match", ""))
        secret = self._secret(poll)
        more = secret.extensions(poll.url) if secret is not None else None
        headers |= secret.headers() if secret is not None else {}
        async with self._client.stream(
            method, poll.url, headers=headers, content=poll.body or None, extensions=more
        ) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            parts, size = [], 0
            async for part in answer.aiter_bytes():
                size += len(part)
                if size > LARGEST:
                    raise httpx.DecodingError("too long an answer")
                parts.append(part)
        return answer.status_code, told, b"".join(parts)

    def _secret(self, poll: Poll) -> Secret | None:
        """The key a question names. Raises SettingsError where there is none."""
        if not poll.secret:
            return None
        if poll.secret not in self._secrets:
            raise SettingsError(f"no {poll.secret} key")
        return self._secrets[poll.secret]

    def _pushed_back(
        self, poll: Poll, tries: int, status: int, headers: Mapping[str, str], body: bytes
    ) -> tuple[bool, float]:
        """The venue is overloaded, or we are too fast: nobody asks for a while."""
        wait = self._failure(poll, f"HTTP {status}")
        asked_for = backoff.asked_to_wait(headers, self._clock.now())
        if asked_for is not None:
            wait = asked_for
        if status == 429:
            self._bucket.empty()
            self._held_until = max(self._held_until, self._now() + wait)
        if poll.every_ns or tries + 1 >= TRIES:
            self._hand(poll, status, headers, body)
        return False, wait

    # ------------------------------------------------------------------ telling

    def forget(self) -> None:
        """Ask for whole answers again: whoever reads them begins anew."""
        self._etags.clear()

    def _hand(self, poll: Poll, status: int, headers: Mapping[str, str], body: bytes) -> bool:
        """An answer, as a frame without what is secret; whether it was kept."""
        secret = self._secrets.get(poll.secret)
        if secret is not None:
            headers, body = {name: secret.hidden(each) for name, each in headers.items()}, secret.blank(body)
        kept = {name: headers[name] for name in KEPT if name in headers} or None
        frame = Frame(0, self._clock.now(), poll.source, msgspec.Raw(body), u=poll.url, st=status, h=kept)
        shed = self._inbox.shed[poll.source]
        self._inbox.offer(frame, Weight.POLL if poll.every_ns else Weight.HEAVY)
        return self._inbox.shed[poll.source] == shed

    def _fine(self, poll: Poll) -> None:
        self._failed[poll.source] = 0
        self._tries.pop(poll.url, None)
        if poll.source in self._down or poll.source not in self._up:
            self._down.pop(poll.source, None)
            self._up.add(poll.source)
            self._link(FeedUp(0, poll.source))

    def _failure(self, poll: Poll, why: str) -> float:
        """Count a failure; the seconds to wait."""
        source = poll.source
        failed = self._failed[source] = self._failed.get(source, 0) + 1
        if failed >= (DOWN_AFTER if source in self._up else 1) and self._down.get(source) != why:
            self._down[source] = why
            self._link(FeedDown(0, source, why))
        tries = self._tries[poll.url] = self._tries.get(poll.url, 0) + 1
        waits = backoff.delays(self._draws)
        for _ in range(min(tries, 8) - 1):
            next(waits)
        return next(waits)

    def _link(self, change: FeedUp | FeedDown) -> None:
        now = self._clock.now()
        told = msgspec.json.encode(msgspec.structs.replace(change, ts=now))
        self._inbox.offer(Frame(0, now, "link", msgspec.Raw(told)), Weight.HEAVY)

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def _file(url: str, tag: str) -> tuple[int, dict[str, str], bytes]:
    """A file as an answer: its tag is its size and when it was changed.

    Raises:
        OSError: when it cannot be read.
        httpx.DecodingError: when it is too long, or is no file.
    """
    path = Path(unquote(urlsplit(url).path))
    if not path.is_file():  # a pipe would make the thread wait for ever
        raise FileNotFoundError(2, "No such file", str(path))
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        own = f'"{found.st_size}-{found.st_mtime_ns}"'
        if tag == own:
            return 304, {}, b""
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise httpx.DecodingError("too long a file")
    return 200, {"etag": own}, data

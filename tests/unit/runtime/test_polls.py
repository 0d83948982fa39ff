"""Files as answers: read beside the loop, only where a setting names them, never where an answer points."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import repeat
from pathlib import Path

import httpx
import msgspec
import pytest

from cockpit.domain.events import FeedDown, FeedUp
from cockpit.domain.units import MILLISECOND
from cockpit.feeds.base import Budget, Frame, Poll
from cockpit.runtime import polls
from cockpit.runtime.clock import Clock
from cockpit.runtime.inbox import Inbox
from cockpit.runtime.polls import Polls

SOURCE = "schedule.calendar"
Answer = Callable[[httpx.Request], httpx.Response]


@asynccontextmanager
async def asking(answer: Answer | None = None) -> AsyncIterator[tuple[Polls, Inbox]]:
    """Polls at work against an answer, without a network."""
    transport = httpx.MockTransport(answer or (lambda _: httpx.Response(500)))
    async with httpx.AsyncClient(transport=transport) as client, asyncio.TaskGroup() as group:
        inbox = Inbox()
        made = Polls(client, Budget(1e4, 1e4), inbox, Clock(), repeat(0.01))
        task = group.create_task(made.run())
        try:
            yield made, inbox
        finally:
            task.cancel()


async def heard(inbox: Inbox, n: int) -> list[Frame]:
    """The next frames."""
    found: list[Frame] = []
    async with asyncio.timeout(5):
        while len(found) < n:
            await inbox.filled(1.0)
            while (frame := inbox.pop()) is not None:
                found.append(frame)
    return found


def link(frame: Frame) -> FeedUp | FeedDown:
    told: FeedUp | FeedDown = msgspec.json.decode(frame.d, type=FeedUp | FeedDown)
    return told


async def test_a_file_is_an_answer_and_unchanged_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "TAGGED_FROM_NS", 0)
    path = tmp_path / "my calendar.json"
    path.write_bytes(b'[{"a":1}]')
    async with asking() as (made, inbox):
        made.want([Poll(SOURCE, path.as_uri(), 5 * MILLISECOND)])
        up, first, same = await heard(inbox, 3)
        assert isinstance(link(up), FeedUp)
        assert (first.st, bytes(first.d), first.u) == (200, b'[{"a":1}]', path.as_uri())
        assert (same.st, bytes(same.d)) == (304, b"")
        path.write_bytes(b"[]")
        async with asyncio.timeout(5):
            while bytes((await heard(inbox, 1))[-1].d) != b"[]":
                pass


async def test_whole_answers_are_asked_for_again_after_some_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polls, "TAGGED_FROM_NS", 0)
    monkeypatch.setattr(polls, "TAGGED_S", 0.0)
    path = tmp_path / "a.json"
    path.write_bytes(b"[]")
    async with asking() as (made, inbox):
        made.want([Poll(SOURCE, path.as_uri(), 20 * MILLISECOND)])
        states = [frame.st for frame in (await heard(inbox, 12))[1:]]
    assert states[:2] == [200, 304]
    assert states.count(200) >= 2


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "long"])
async def test_what_is_no_file_is_told(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polls, "LARGEST_FILE", 10)
    path = tmp_path / "x"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "long":
        path.write_bytes(b"1" * 11)
    async with asking() as (made, inbox):
        made.want([Poll(SOURCE, path.as_uri(), 1000 * MILLISECOND)])
        (down,) = await heard(inbox, 1)
    told = link(down)
    assert isinstance(told, FeedDown)
    assert told.reason


async def test_a_file_that_is_asked_for_once_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"marker")
    async with asking() as (made, inbox):
        made.ask([Poll(SOURCE, path.as_uri())])
        frames = await heard(inbox, 2)
    assert frames[-1].st == 0
    assert all(b"marker" not in bytes(frame.d) for frame in frames)


async def test_nothing_an_answer_points_to_is_followed(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_bytes(b"marker")

    def elsewhere(_: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"location": path.as_uri()}, content=b"moved")

    async with asking(elsewhere) as (made, inbox):
        made.want([Poll(SOURCE, "https://calendar.test/a", 1000 * MILLISECOND)])
        frames = await heard(inbox, 2)
    assert (frames[-1].st, bytes(frames[-1].d)) == (302, b"moved")

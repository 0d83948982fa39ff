"""Running the app without a terminal, and screens as text files: ``COCKPIT_UPDATE_SNAPSHOTS=1`` rewrites them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from app_sample import STATUS, VIEW, SampleLink  # noqa: E402  # found beside this file

from cockpit.app.app import CockpitApp  # noqa: E402
from cockpit.app.presses import ALONE_NS  # noqa: E402

SNAPSHOTS = HERE / "snapshots"


SECOND = 1_000_000_000
SYMBOLS = {"space": " "}


class Desk:
    """A running app, its link, a clock that only moves when told to, and a hand for the keys."""

    def __init__(self, view: Any, status: Any, player: Any, options: dict[str, Any]) -> None:
        self.now = 1_000 * SECOND
        self.link = SampleLink(view, status, player)
        self.app = CockpitApp(
            self.link, **({"theme": "dark", "fps": 0.01, "clock": lambda: self.now} | options)
        )
        self.pilot: Any = None

    def tap(self, *keys: str, gap_ms: int = 1_000) -> None:
        """Press keys so far apart and do not wait for what they do."""
        for key in keys:
            self.now += gap_ms * 1_000_000
            event = events.Key(key, SYMBOLS.get(key, key if len(key) == 1 else None))
            event.time = self.now / SECOND
            self.app.on_key(event)

    def wait(self, ms: int) -> None:
        """Let time pass; a press that waited to be alone is done."""
        self.now += ms * 1_000_000
        press = self.app.presses.waiting
        if press is not None and self.now - press.at >= ALONE_NS:
            self.app._in_time(press)

    async def press(self, *keys: str) -> None:
        """Press keys as a person does."""
        for key in keys:
            self.tap(key)
            self.wait(100)
        await self.settle()

    async def show(self, view: Any) -> None:
        """Have the engine somewhere else."""
        self.link.shown = view
        await self.settle()

    async def settle(self) -> None:
        """Pull once more and let the screen take it."""
        self.app.pull()
        for _ in range(3):
            for _ in range(20):
                await asyncio.sleep(0)
            self.app.screen._on_timer_update()
        self.app.pull()

    def text(self) -> str:
        """The screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"

    def row(self, y: int) -> str:
        return self.text().splitlines()[y]


@pytest.fixture
def run() -> Callable[..., Any]:
    """Start the app: ``async with run(view, size=(80, 24)) as desk``."""

    @asynccontextmanager
    async def start(
        view: Any = VIEW,
        status: Any = STATUS,
        *,
        size: tuple[int, int] = (80, 24),
        player: Any = None,
        **options: Any,
    ) -> AsyncIterator[Desk]:
        desk = Desk(view, status, player, options)
        async with desk.app.run_test(size=size) as desk.pilot:
            await desk.settle()
            yield desk

    return start


@pytest.fixture
def snapshot() -> Callable[[str, str], None]:
    """Compare a text with the file of that name."""

    def compare(name: str, text: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        if os.environ.get("COCKPIT_UPDATE_SNAPSHOTS"):
            path.write_text(text)
        assert path.exists(), f"no snapshot {path.name}: run with COCKPIT_UPDATE_SNAPSHOTS=1"
        assert text == path.read_text()

    return compare

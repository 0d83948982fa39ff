"""The venues that can be rehearsed, and all of them running together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, Self

import msgspec

from cockpit.rehearsal.courier import Arrival
from cockpit.rehearsal.stands.espn import venue as espn
from cockpit.rehearsal.stands.faults import NONE, Clock, Control, Faults
from cockpit.rehearsal.stands.kalshi.venue import keyed
from cockpit.rehearsal.stands.polymarket import venue as polymarket
from cockpit.rehearsal.stands.polymarket_us import venue as polymarket_us
from cockpit.rehearsal.stands.spot import binance, coinbase, deribit, kraken
from cockpit.rehearsal.stands.stage import Audience, Stage


class Stand(Audience, Protocol):
    """A stand-in venue: it serves while it is open."""

    def places(self) -> dict[str, str]:
        """Where a client finds it, by what it finds there."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *error: Any) -> None: ...


Make = Callable[[Control, Clock, Path], tuple[Stand, dict[str, str]]]
"""A stand-in from its faults, the stage's clock and a folder for what it hands out; and what else a client needs."""

STANDS: dict[str, Make] = {
    "kalshi": keyed,
    "polymarket": polymarket.made,
    "polymarket_us": polymarket_us.made,
    "coinbase": coinbase.made,
    "kraken": kraken.made,
    "binance_us": binance.made,
    "deribit": deribit.made,
    "espn": espn.made,
}
"""Every venue's stand-in, by name. A new one is one line here."""


class Troupe(msgspec.Struct):
    """What is running: the stage, each venue's faults, and what a client must be told."""

    stage: Stage
    controls: dict[str, Control]
    places: dict[str, dict[str, str]]


@asynccontextmanager
async def troupe(
    frames: Iterator[Arrival],
    clock: Clock,
    folder: Path,
    *,
    faults: Faults = NONE,
    speed: float = 1.0,
    rate: float = 0.0,
) -> AsyncIterator[Troupe]:
    """All stand-ins, open and fed, as a `Troupe`."""
    stage = Stage(frames, clock, speed=speed, rate=rate)
    controls: dict[str, Control] = {}
    places: dict[str, dict[str, str]] = {}
    async with AsyncExitStack() as stack:
        for name, make in STANDS.items():
            controls[name] = Control(clock, faults)
            stand, more = make(controls[name], stage.now, folder)
            await stack.enter_async_context(stand)
            stage.audience.append(stand)
            places[name] = stand.places() | more
        group = await stack.enter_async_context(asyncio.TaskGroup())
        playing = group.create_task(stage.run())
        try:
            yield Troupe(stage, controls, places)
        finally:
            playing.cancel()

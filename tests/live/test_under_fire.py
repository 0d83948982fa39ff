"""A rehearsal without a screen in which a venue dies while tickets are open: what its journal says of it afterwards.

Stand-ins, cockpit and person share one event loop whose time jumps (`warp`): minutes take a second or two.
"""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack, asynccontextmanager
from types import SimpleNamespace

import pytest
from house import verified
from warp import Warped

from cockpit.cli.rehearse import against, stand_in_key
from cockpit.domain.commands import Approve, CancelOrder, Kill, Lease, PlaceManual, Reject, Resume
from cockpit.domain.units import BID, QTY, SECOND
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands import serve, table
from cockpit.rehearsal.stands.faults import Control
from cockpit.rehearsal.stands.stage import Stage
from cockpit.rehearsal.stands.worlds import chain
from cockpit.runtime import live as live_module
from cockpit.runtime import sockets
from cockpit.runtime.clock import Clock
from cockpit.runtime.journal import Journal
from cockpit.runtime.launch import Launch
from cockpit.runtime.opening import REHEARSAL
from cockpit.runtime.profile import Profile
from cockpit.settings.tree import read

START = 1_796_310_000 * SECOND + 240 * SECOND
"""Four minutes into a quarter hour of December 2026."""
SETTINGS = {
    "beat_ms": 250,
    "desk": {"threshold_cents": 0, "ticket_s": 120},
    "lab": {"lanes": ["V15"]},
}
READ_NS = 2 * SECOND


@pytest.fixture(autouse=True)
def _no_other_time(monkeypatch):
    """No other time than the loop's."""
    monkeypatch.setattr(serve, "TICK_S", 1.0)
    steady = SimpleNamespace(monotonic=lambda: asyncio.get_running_loop().time())
    for module in (live_module, sockets):
        monkeypatch.setattr(module, "time", steady)


class Run:
    """A live run, the stand-ins it hears, and a person's hand."""

    def __init__(self, live, stage, stands, wall):
        self.live, self.stage, self.stands, self.wall = live, stage, stands, wall

    @property
    def state(self):
        return self.live._engine.state

    @property
    def standing(self):
        return [t for t in self.state.tickets.values() if t.state == "proposed"]

    async def until(self, condition, seconds=600.0):
        """Let the loop's time pass until something holds."""
        async with asyncio.timeout(seconds):
            while not condition():
                assert not self.live.status().fault, self.live.traceback
                await asyncio.sleep(0.05)

    def order(self, name):
        return self.live._engine.orders.index[name]

    def press(self, ticket):
        self.live.send(Approve(0, ticket.id, ticket.side, ticket.price, ticket.qty, -READ_NS))

    async def kill_stand(self, name):
        """The venue's process is gone: its lines are cut and nothing listens there."""
        stand, stack = self.stands.pop(name)
        self.stage.audience.remove(stand)
        await stack.aclose()

    def down(self):
        return {feed.source for feed in self.live.status().feeds if not feed.up}


async def open_stand(made, stage):
    stand, more = made
    stack = AsyncExitStack()
    await stack.enter_async_context(stand)
    stage.audience.append(stand)
    return (stand, stack), stand.places() | more


@asynccontextmanager
async def rehearsal(folder):
    loop = asyncio.get_running_loop()

    def wall():
        return START + int(loop.time() * SECOND)

    stage = Stage(chain(7, wall(), CRYPTO), wall)
    stands, places = {}, {}
    for name in ("kalshi", "coinbase", "kraken"):
        made = table.STANDS[name](Control(wall), stage.now, folder)
        stands[name], places[name] = await open_stand(made, stage)
    async with asyncio.TaskGroup() as group:
        playing = group.create_task(stage.run())
        settings = await against(read(SETTINGS, "rehearsal"), places)
        launch = Launch(
            settings, mode=REHEARSAL, key=stand_in_key(places), synthetic=True, clock=Clock(wall), trust_env=False
        )  # fmt: skip
        with Profile(settings, root=folder) as profile:
            live = launch.live(profile=profile, reel=launch.reel(profile.sessions))
            running = group.create_task(live.run())
            run = Run(live, stage, stands, wall)
            try:
                yield run
            finally:
                for task in (running, playing):
                    task.cancel()
                await asyncio.wait((running, playing))
                live.close()
    for _, stack in stands.values():
        await stack.aclose()


async def fight(folder):
    """Three tickets are open and an order works when the venue dies; a person tries everything."""
    async with rehearsal(folder) as run:
        live = run.live
        await run.until(lambda: len(run.standing) >= 3)
        first, second, third = run.standing[:3]
        run.press(first)
        live.send(Reject(0, second.id))
        await run.until(lambda: first.order and run.order(first.order).live_ns)
        run.killed_ns = run.state.now
        await run.kill_stand("kalshi")
        await run.until(lambda: not run.standing and not live._engine.gate.own("desk"), 30)
        assert "kalshi.ws" in run.down()
        run.press(third)
        live.send(PlaceManual(0, third.market, BID, 100, QTY))
        live.send(CancelOrder(0, first.order))
        live.send(Lease(0, 1, 100 * QTY, 60 * SECOND))
        live.send(Kill(0))
        live.send(Kill(0))
        live.send(Lease(0, 1, 100 * QTY, 60 * SECOND))
        live.send(PlaceManual(0, third.market, BID, 100, QTY))
        live.send(Resume(0))
        live.send(Resume(0))
        end = run.state.now + 15 * SECOND
        await run.until(lambda: run.state.now > end)
        run.first, run.second, run.third = first, second, third
    return run


def test_the_journal_tells_the_whole_of_it(tmp_path):
    with asyncio.Runner(loop_factory=Warped) as runner:
        run = runner.run(fight(tmp_path))
    (folder,) = (path.parent for path in tmp_path.rglob("journal.sqlite3"))
    with Journal(folder / "journal.sqlite3", read_only=True) as journal:
        assert journal.account() == run.live._engine.opening()
        tickets, orders = journal.tickets("desk"), journal.orders("desk")
        told = [row for row in journal.decisions() if not row.lane]
        alerts = [row.text for row in journal.alerts() if row.kind == "feed"]
    ended = {row.id: (row.state, row.reason) for row in tickets}  # of revisions the last one
    assert ended.pop(run.first.id) == ("approved", "hand")
    assert ended.pop(run.second.id) == ("rejected", "hand")
    assert ended.pop(run.third.id) == ("withdrawn", "book in doubt")
    assert all(state in ("withdrawn", "expired") for state, _ in ended.values())
    assert all(row.ended_ns for row in {row.id: row for row in tickets}.values())
    (order,) = orders
    assert (order.market, order.side, order.price) == (run.first.market, run.first.side, run.first.price)
    assert (order.state, order.reason, order.unfilled) == ("cancelled", "book in doubt", order.qty)
    assert run.killed_ns < order.ended_ns
    assert [(row.kind, row.command, row.reason) for row in told] == [
        ("ticket approved", run.first.id, "hand"),
        ("ticket rejected", run.second.id, "hand"),
        ("command refused", "Approve", f"no ticket {run.third.id}"),
        ("command refused", "PlaceManual", "book in doubt: connection lost"),
        ("command refused", "CancelOrder", f"no order {run.first.order}"),
        ("lease began", "", told[5].reason),
        ("halted", "", "killed"),
        ("lease ended", "", "killed"),
        ("command refused", "Lease", "killed"),
        ("command refused", "PlaceManual", "killed"),
        ("resumed", "", ""),
        ("command refused", "Resume", "not killed"),
    ]  # the second kill came in the same nanosecond: one row
    assert alerts == ["kalshi.ws down: connection lost", "kalshi.rest down: connection refused"]
    notes = Counter(note.kind for note in run.live.view().notes)
    assert (notes["halt"], notes["refused"]) == (3, 6)
    (recording,) = (folder / "sessions").iterdir()
    assert verified(recording).engine.opening() == run.live._engine.opening()

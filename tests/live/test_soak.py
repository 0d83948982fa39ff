"""Hours of a live run, worked through in seconds: nothing grows.

Stand-ins and cockpit share one event loop whose time jumps from one thing to do to the next (`warp`). Seeded worlds
follow each other every quarter hour, lines are cut, recordings are rotated. What hangs on the run is counted by name
once a quarter (`weigh`), at the same moment of each, and so are tasks, files, threads and bytes. What is bounded by a
number is held against a small number here, so that the bound is reached.

An hour and a quarter by default; half a day of all venues and more lanes by

    COCKPIT_BENCH=full pytest tests/live/test_soak.py -s
"""

import asyncio
import gc
import os
import threading
from collections import Counter, deque
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from house import House, verified
from warp import Warped
from weigh import grown, weigh

from cockpit.cli.rehearse import against, stand_in_key
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.engine import metrics, watch
from cockpit.feeds.kalshi import feed as kalshi_feed
from cockpit.feeds.kalshi import numbers as kalshi_numbers
from cockpit.feeds.kalshi import tape as kalshi_tape
from cockpit.feeds.polymarket import catalogue
from cockpit.feeds.polymarket import numbers as polymarket_numbers
from cockpit.feeds.polymarket import tape as polymarket_tape
from cockpit.feeds.polymarket_us import gateway
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.listing import Ladder
from cockpit.rehearsal.profiles import BTC, Profile
from cockpit.rehearsal.stands import serve, table
from cockpit.rehearsal.stands.worlds import chain
from cockpit.runtime import live as live_module
from cockpit.runtime import sockets
from cockpit.runtime.clock import Clock
from cockpit.runtime.journal import Journal
from cockpit.runtime.launch import Launch
from cockpit.runtime.opening import REHEARSAL
from cockpit.runtime.profile import Profile as Place
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import read

FULL = os.environ.get("COCKPIT_BENCH") == "full"
QUARTERS = 48 if FULL else 5
EARLY = 8 if FULL else 2
"""Quarters after which everything has been let go once that will be."""
VENUES = tuple(table.STANDS) if FULL else ("kalshi", "polymarket", "coinbase")
QUARTER_S = 900
CUT_S = 211
"""Between two cuts of all lines."""
START = 1_796_310_000 * SECOND
"""The beginning of a quarter hour in December 2026."""
QUIET_WORLD = Profile(
    name="soak",
    assets=(BTC,),
    ladders=(Ladder("BTC", 100 * UNDERLYING, above=2, between=1, updown=True),),
    makers=(Habits(half=150.0, error=150.0, size=100, pace=10.0),),
    crowding=Crowding(rate=0.05),
    hawk_pace_s=40.0,
    spot_rate=0.08,
)
SETTINGS = {
    "beat_ms": 2_000,
    "kalshi": {"account": FULL},
    "record": {"rotate_min": 10},
    "desk": {"threshold_cents": 0},
    "lab": {"lanes": ["V11", "V14", "V15", "probe"] if FULL else ["V14", "V15"]},
}
BOUNDS = {
    kalshi_numbers: {"LIMIT": 30},
    polymarket_numbers: {"LIMIT": 30},
    kalshi_tape: {"REMEMBERED": 20},
    kalshi_feed: {"REMEMBERED": 20},
    polymarket_tape: {"REMEMBERED": 20, "TAKEN_ALONG": 20},
    metrics: {"KEEP_TIMES": 20, "KEEP_WAITS": 20},
    watch: {"KEEP_NOTES": 20, "KEEP_FILLS": 10, "KEEP_POINTS": 60},
    catalogue: {"KEEP_NS": QUARTER_S * SECOND},
    gateway: {"KEEP_NS": QUARTER_S * SECOND, "KEEP_OPEN_NS": 2 * QUARTER_S * SECOND},
}


MACHINERY = (
    "cockpit.",
    "_asyncio",
    "asyncio",
    "websockets",
    "httpx",
    "httpcore",
    "h11",
    "sqlite3",
    "concurrent",
)
"""Modules whose objects are counted by type: connections, tasks, answers, files."""
PASSING = ("cockpit.rehearsal", "cockpit.runtime.pen", "asyncio.events")
"""Of them not: the stand-ins' own, what a commit reads, and timers, which a loop keeps a while once cancelled."""
MAY_GROW = (
    ".outcomes[]",
    "._journal._heard",
    "._journal._posted",
    "._engine.state.timers[]",
    ".cross.leads[].tracks[]",
    ".cross.opportunities.log[]",
)
"""An outcome of each event that a lane has traded (some ten numbers), what waits to be written at the moment, and timers,
whose number follows what is traded at the moment: those are looked at by what they wait for; the newest points of a
lead-lag record, a thousand a side at most; and the last five hundred gaps between venues."""
KEPT_KINDS = ("cockpit.strategies.spreads.opportunities.Opportunity",)
"""The same gaps, counted by their type."""
BUSY = ("mark", "expire", "cancel", "reduce", "live", "ticket", "mirror", "lease", "doubt")
"""Timers of orders, fills, tickets and doubts; each is due within minutes and gone then."""


class Sample(msgspec.Struct):
    """How much there is of everything."""

    things: Counter[str]
    kinds: Counter[str]
    opening: int
    memory: int
    tasks: int
    files: int
    threads: int
    resident: int
    overdue: int
    """Timers that should have fired."""
    standing: Counter[str]
    """Timers that wait for no order, fill or ticket, by kind."""


class Soak:
    """A live run against stand-ins on a loop whose time jumps."""

    def __init__(self, live, launch, troupe, folder):
        self.live, self.launch, self.troupe, self.folder = live, launch, troupe, folder
        self.samples: list[Sample] = []
        self.cuts = 0
        self.closes: dict[str, int] = {}
        """When every market that was ever there closes, ns UTC."""

    @property
    def state(self):
        return self.live._engine.state

    async def cut_lines(self):
        """Every line, again and again: dropped, then reset."""
        while True:
            await asyncio.sleep(CUT_S)
            self.cuts += 1
            for control in self.troupe.controls.values():
                control.act("reset-all" if self.cuts % 2 else "drop-all")

    async def sample(self):
        """Count, when all lines are up and nothing is on its way."""
        async with asyncio.timeout(60):
            while not all(feed.up for feed in self.live.status().feeds) or len(self.launch.inbox):
                await asyncio.sleep(0.5)
        assert not self.live.status().fault, self.live.traceback
        self.closes |= {name: m.market.close_ns for name, m in self.state.markets.items()}
        gc.collect()
        self.samples.append(
            Sample(
                things=weigh(self.live, self.launch.transport),
                kinds=kinds(),
                opening=len(self.live._engine.opening()),
                memory=len(self.live._receivers.memory()),
                tasks=len(asyncio.all_tasks()),
                files=files(),
                threads=threading.active_count(),
                resident=resident(),
                overdue=sum(due < self.state.now for due, *_ in self.state.timers),
                standing=Counter(kind for _, _, kind, _ in self.state.timers if kind not in BUSY),
            )
        )


def files():
    """Open file descriptors, and the one that looks."""
    return len(list(Path("/proc/self/fd").iterdir()))


def resident():
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def kinds():
    """Objects of the machinery by type, as far as the collector knows them."""
    types = Counter(map(type, gc.get_objects()))
    names = {kind: f"{kind.__module__}.{kind.__qualname__}" for kind in types}
    return Counter(
        {
            name: types[k]
            for k, name in names.items()
            if name.startswith(MACHINERY) and not name.startswith(PASSING)
        }
    )


@asynccontextmanager
async def soaking(folder):
    """The run, from its beginning to its sealed end."""
    loop = asyncio.get_running_loop()

    def wall():
        return START + int(loop.time() * SECOND)

    async with table.troupe(chain(7, wall(), QUIET_WORLD), wall, folder) as troupe:
        settings = await against(read(SETTINGS, "soak"), troupe.places)
        launch = Launch(
            settings, mode=REHEARSAL, key=stand_in_key(troupe.places), synthetic=True, clock=Clock(wall),
            trust_env=False,
        )  # fmt: skip
        with Place(settings, root=folder) as place:
            live = launch.live(profile=place, reel=launch.reel(place.sessions))
            live._engine.orders.ended = deque(maxlen=20)
            soak = Soak(live, launch, troupe, place.folder)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(live.run()), group.create_task(soak.cut_lines())]
                try:
                    yield soak
                finally:
                    for task in tasks:
                        task.cancel()
                    await asyncio.wait(tasks)
                    live.close()


async def soak_through(folder):
    async with soaking(folder) as soak:
        for quarter in range(1, QUARTERS + 1):
            await asyncio.sleep(quarter * QUARTER_S - 60 - asyncio.get_running_loop().time())
            await soak.sample()
        check_state(soak)
    return soak


@pytest.fixture
def _in_small(monkeypatch):
    """Bounds that are reached, and no other time than the loop's."""
    for module, bounds in BOUNDS.items():
        for name, value in bounds.items():
            monkeypatch.setattr(module, name, value)
    monkeypatch.setattr(serve, "TICK_S", 5.0)
    monkeypatch.setattr(live_module, "ATTEND_S", 1.0)
    steady = SimpleNamespace(monotonic=lambda: asyncio.get_running_loop().time())
    for module in (live_module, sockets):
        monkeypatch.setattr(module, "time", steady)
    stands = {name: made for name, made in table.STANDS.items() if name in VENUES}
    monkeypatch.setattr(table, "STANDS", stands)


def most(samples, name):
    return max(getattr(each, name) for each in samples)


def highest(samples, name):
    """The most there was of each thing."""
    high: Counter[str] = Counter()
    for each in samples:
        high |= getattr(each, name)
    return high


def check_state(soak):
    """Nothing is kept of markets that closed long ago, by the engine or by whoever watches it."""
    live, state = soak.live, soak.state
    old = state.now - (2 * QUARTER_S + 120) * SECOND
    assert len(state.markets) >= 5
    assert not [name for name, m in state.markets.items() if not m.listed or 0 < m.market.close_ns < old]
    assert live._watch._points.keys() <= state.markets.keys()
    assert {name for lane in state.lanes.values() for name in lane.account.positions} <= state.markets.keys()
    assert {name for _, name in live._engine.orders.here} <= state.markets.keys()
    assert {m.market.event for m in state.markets.values()} >= state.groups.keys()
    wanted = {each for feed in live._receivers.feeds.values() for each in feed.requests()}
    assert live._transport._lines.keys() <= wanted
    asked = " ".join(each.url for each in wanted)
    gone = [name for name, close_ns in soak.closes.items() if 0 < close_ns < old]
    assert len(gone) >= 5
    assert not [name for name in gone if name in asked]


def check_files(soak):
    """Every recording can be read to its end, the last ones replay to their digests, and the journal agrees."""
    paths = sorted((soak.folder / "sessions").iterdir())
    assert len(paths) >= QUARTERS * QUARTER_S // 600
    assert (
        sum(len(block) for path in paths for block in SessionFile(path).blocks()) > soak.live.session.frames
    )
    for path in paths[-2:]:
        made = verified(path)
    with Journal(soak.folder / "journal.sqlite3", read_only=True) as journal:
        assert journal.account() == made.engine.opening() == soak.live._engine.opening()


@pytest.mark.usefixtures("_in_small")
def test_nothing_grows(tmp_path, capsys):
    with asyncio.Runner(loop_factory=Warped) as runner:
        soak = runner.run(soak_through(tmp_path))
    early, late = soak.samples[EARLY - 1 : 2 * EARLY - 1], soak.samples[-EARLY:]
    with capsys.disabled():
        if FULL:
            tell(soak)
    assert soak.cuts >= QUARTERS * QUARTER_S // CUT_S - 1
    assert soak.launch.inbox.shed == {}
    assert sum(lane.orders for lane in soak.state.lanes.values()) > 20 * QUARTERS
    more = grown(highest(early, "things"), highest(late, "things"))
    assert {name: change for name, change in more.items() if not any(each in name for each in MAY_GROW)} == {}
    more = grown(highest(early, "kinds"), highest(late, "kinds"), least=15)
    assert {kind: change for kind, change in more.items() if kind not in KEPT_KINDS} == {}
    waiting = [max(each.standing.total() for each in samples) for samples in (early, late)]
    assert waiting[1] <= waiting[0] + 20
    for name, spare in (("tasks", 8), ("files", 8), ("threads", 1)):
        assert most(late, name) <= most(early, name) + spare, name
    for name, spare in (("opening", 20_000), ("memory", 20_000), ("resident", 40 << 20)):
        assert most(late, name) <= 1.25 * most(early, name) + spare, name
    assert not [each.overdue for each in soak.samples if each.overdue]
    check_files(soak)


def tell(soak):
    for number, each in enumerate(soak.samples, start=1):
        print(
            f"\nquarter {number}: {sum(each.things.values())} things, account {each.opening} B, feeds {each.memory} B, "
            f"{each.tasks} tasks, {each.files} files, {each.threads} threads, {each.resident / 1e6:.0f} MB, timers {dict(each.standing)}",
            end="",
        )
    print(f"\n{soak.live.session.frames} frames, {soak.cuts} cuts")
    print({name: lane.orders for name, lane in soak.state.lanes.items()})


async def test_a_disk_that_stalls_holds_nothing_up(tmp_path):
    async with House(tmp_path, journal=True) as house:
        await house.warm()
        live, journal = house.live, house.live._journal
        await house.until(lambda: journal.committed() is not None)
        write, stalled, goes_on = journal._pen.write, threading.Event(), threading.Event()

        def stall(entry):
            stalled.set()
            goes_on.wait(10)
            return write(entry)

        journal._pen.write = stall
        await house.until(stalled.is_set)
        frames, before = live.session.frames, live._second
        await house.until(lambda: live._second >= before + 2)
        assert journal.writing
        assert live.session.frames > frames + 20
        assert not live.notes()
        goes_on.set()
        await house.until(lambda: not journal.writing)
    with Journal(tmp_path / "journal", read_only=True) as journal:
        assert journal.account() == live._engine.opening()
        assert journal.committed()[0] == live.session.frames

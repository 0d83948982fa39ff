"""A stand-in Kalshi on loopback and the live mode against it, in one process: what whole runs are tried on."""

import asyncio
import time
from contextlib import AsyncExitStack

import httpx
import msgspec

from cockpit.domain.units import PRICE, SECOND, price, qty
from cockpit.rehearsal.profiles import CRYPTO
from cockpit.rehearsal.stands.faults import NONE, Control
from cockpit.rehearsal.stands.kalshi.venue import keyed
from cockpit.rehearsal.stands.stage import Stage
from cockpit.rehearsal.stands.worlds import chain
from cockpit.runtime.journal import Journal
from cockpit.runtime.keys import KalshiKey, read_private
from cockpit.runtime.launch import Launch
from cockpit.runtime.live import Live
from cockpit.runtime.opening import REHEARSAL
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.replay import batches, check_digests, engine, run_quietly, session
from cockpit.settings.tree import read

SERIES = ["KXBTCD", "KXBTC", "KXBTC15M", "KXETHD", "KXETH15M", "KXSOLD", "KXSOL15M"]


QUARTER = 900 * SECOND
SHIFT = 240 * SECOND - time.time_ns() % QUARTER
"""Runs begin four minutes into a quarter hour, whenever they are made: at its end all markets close."""


def now():
    """The venue's clock."""
    return time.time_ns() + SHIFT


OFF = {
    name: {"on": False}
    for name in ("polymarket", "polymarket_us", "espn", "schedule", "weather", "sportsbook")
} | {"spot": dict.fromkeys(("coinbase", "kraken", "binance_us", "deribit"), False)}
"""Settings of every source but Kalshi: none is asked, so that nothing outside is."""


def settings_for(places, **more):
    kalshi = {"rest": places["rest"], "socket": places["socket"], "series": SERIES, "reads_per_s": 15}
    return read({"kalshi": kalshi} | OFF | more, "test")


class House:
    """The venue and a live run; an async context manager."""

    def __init__(
        self,
        folder,
        *,
        key=True,
        faults=NONE,
        profile=CRYPTO,
        seed=7,
        wall=now,
        record=True,
        journal=False,
        **more,
    ):
        self.folder = folder
        self.use_key = key
        self.control = Control(now, faults)
        self.stage = Stage(chain(seed, now(), profile), now)
        self.wall = wall
        self.record = record
        self.journal = journal
        self.more = more

    async def __aenter__(self):
        self.stack = AsyncExitStack()
        self.venue, told = keyed(self.control, self.stage.now, self.folder)
        await self.stack.enter_async_context(self.venue)
        self.stage.audience.append(self.venue)
        self.group = await self.stack.enter_async_context(asyncio.TaskGroup())
        self.playing = self.group.create_task(self.stage.run())
        self.settings = settings_for(self.venue.places(), **self.more)
        self.key = KalshiKey(told["key_id"], read_private(self.folder / "rehearsal-rsa.pem"))
        key = self.key if self.use_key else None
        from cockpit.runtime.clock import Clock

        launch = Launch(
            self.settings, mode=REHEARSAL, key=key, synthetic=True, clock=Clock(self.wall), trust_env=False
        )
        self.path = self.folder / "run.jsonl.zst"
        reel = launch.reel(self.folder, first=self.path) if self.record else None
        self.live: Live = launch.live(reel=reel)
        if self.journal:
            book = self.stack.enter_context(Journal(self.folder / "journal"))
            self.live._journal = book
            self.live.session._listeners = (*self.live.session._listeners, book.listen)
        self.running = self.group.create_task(self.live.run())
        return self

    async def __aexit__(self, *error):
        for task in (self.running, self.playing):
            task.cancel()
            await asyncio.wait((task,))
        self.live.close()
        await self.stack.__aexit__(None, None, None)

    async def order(self, method, path, body=None):
        """What a person does at the venue, with another program: the cockpit itself sends no order."""
        url = f"{self.venue.places()['rest']}/portfolio/events/orders{path}"
        async with httpx.AsyncClient(trust_env=False) as client:
            answer = await client.request(
                method, url, json=body, headers=self.key.headers(method, url, now())
            )
        return answer.status_code, answer.json() if answer.content else None

    @property
    def state(self):
        return self.live._engine.state

    def sound(self):
        """Open markets whose book is believed."""
        return [name for name, m in self.state.markets.items() if m.tradable and m.has_book and not m.doubt]

    def doubted(self):
        return [name for name, m in self.state.markets.items() if m.doubt]

    async def until(self, condition, seconds=30.0):
        async with asyncio.timeout(seconds):
            while not condition():
                assert not self.live.status().fault, self.live.traceback
                await asyncio.sleep(0.01)

    async def warm(self, n=5):
        await self.until(lambda: len(self.sound()) >= n)

    async def stand_still(self):
        """Play nothing more, and let everything arrive."""
        self.playing.cancel()
        await asyncio.wait((self.playing,))
        await asyncio.sleep(0.3 if self.use_key else 2.5)
        await self.until(lambda: not len(self.live._inbox))

    async def truth(self):
        """The venue's own books, in YES terms."""
        url = f"{self.venue.places()['rest']}/markets/orderbooks"
        async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(10):
            while (
                answer := await client.get(url, params=[("tickers", n) for n in self.sound()])
            ).status_code == 429:
                await asyncio.sleep(0.2)
        books = {}
        for each in answer.json()["orderbooks"]:
            sides = each["orderbook_fp"]
            bids = {price(p): qty(q) for p, q in sides["yes_dollars"]}
            books[each["ticker"]] = (bids, {PRICE - price(p): qty(q) for p, q in sides["no_dollars"]})
        return books

    async def check_books(self):
        """Every book that is believed is the venue's."""
        await self.stand_still()
        truth = await self.truth()
        assert truth
        for name, (bids, asks) in truth.items():
            book = self.state.markets[name].book
            assert (book.bids, book.asks) == (bids, asks), name
        return truth


def verified(path):
    """Replay a recording and hold its digests against it; the session."""
    file = SessionFile(path)
    recorded = read(file.header.settings, "header")
    made = session(file, engine(file, recorded), None, verify=True)
    run_quietly(made, batches(file), None)
    check_digests(made, path)
    return made


def lines(path):
    """Every line of a recording."""
    return [frame for batch in SessionFile(path).blocks() for frame in batch]


__all__ = ["OFF", "House", "lines", "msgspec", "settings_for", "verified"]

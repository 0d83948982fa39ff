"""A live run: what arrives is taken in order, what a person says goes between, and everything is recorded.

    Transport ──► Inbox ──► Session.take ──► engine          (a tick when nothing came for a beat)
                               │
                 recording, journal, views for the screen

`Live` is to the screen what a film is (`cockpit.app.link.Link`); it runs without a screen just as well.
"""

import asyncio
import gc
import time
import traceback
from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from cockpit.domain.commands import Command, Present
from cockpit.domain.effects import Effect
from cockpit.domain.errors import CockpitError, OutputError
from cockpit.domain.status import Status
from cockpit.domain.units import SECOND
from cockpit.domain.view import View
from cockpit.engine.config import DESK
from cockpit.engine.engine import Engine
from cockpit.engine.state import MarketState
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.feeds.base import Feed, Frame
from cockpit.runtime.feeds import Receivers
from cockpit.runtime.gauges import Gauges
from cockpit.runtime.inbox import Inbox
from cockpit.runtime.journal import Journal
from cockpit.runtime.lookup import Lookup
from cockpit.runtime.reel import MEGA, Reel
from cockpit.runtime.session import Session
from cockpit.runtime.transport import Transport
from cockpit.settings.tree import Settings

SLICE_S = 0.005
"""Work done before others may run."""
FEW = 16
"""Frames taken between two looks at the clock."""
ATTEND_S = 0.05
"""How often feeds are asked what they want."""
CATCH_UP_S = 0.02
"""How long a key waits, at most, for what arrived before it."""

AHEAD_NS = 2 * SECOND
"""How far our time may be ahead of the clock before it begins anew; until then it waits."""

_NULL = msgspec.Raw(b"null")


class Live:
    """One live run; see `cockpit.app.link.Link` for who drives it."""

    def __init__(
        self,
        engine: Engine,
        receivers: Receivers,
        transport: Transport,
        inbox: Inbox,
        settings: Settings,
        *,
        standing: Status,
        reel: Reel | None = None,
        journal: Journal | None = None,
        listeners: Sequence[Callable[[Sequence[Effect]], None]] = (),
        remake: Callable[[], Mapping[str, Feed]],
    ) -> None:
        """A run that begins with `run`.

        Args:
            engine: where to go on from.
            receivers: the feeds that read.
            transport: the same feeds' network.
            inbox: what the transport fills.
            settings: for the beat and the disk.
            standing: how it stands before anything is heard; read only, a person's commands are refused.
            reel: the recording; None records nothing.
            journal: the account's book; None, or one that is read only, is not written.
            listeners: who hears all effects.
            remake: makes the feeds anew, for when time begins anew.
        """
        self._settings = settings
        self._remake = remake
        self._standing = standing
        self._inbox = inbox
        self._transport = transport
        self._receivers = receivers
        self._clock = transport.clock
        self._reel = reel
        self._journal = journal if journal is not None and not journal.read_only else None
        self._engine = engine
        self._watch = Watch(engine)
        self._gauges = Gauges()
        hear = [self._watch.take, *listeners]
        if self._journal is not None:
            hear.append(self._journal.listen)
        self.session = Session(engine, receivers, listeners=hear, unrecorded=self._unrecorded)
        if engine.state.now:
            receivers.keep(occupied(engine))
            receivers.missed(occupied(engine), engine.state.now)
        self._lookup = Lookup(settings)
        self._fault = ""
        self.traceback = ""
        """Where a fault of ours came from."""
        self._journal_fault = ""
        self._low = ""
        self._attended = 0.0
        self._second = 0
        self._closed = False

    # ------------------------------------------------------------------ what a screen asks

    @property
    def playback(self) -> None:
        """A live run cannot be played."""
        return

    @property
    def lane(self) -> str:
        """A person's hand is the desk's."""
        return DESK

    def view(self, focus: str = "") -> View:
        """The engine now."""
        return view(self._engine, self._watch, focus=focus)

    def status(self) -> Status:
        """How the run stands."""
        recorder = self._reel.recorder if self._reel is not None else None
        return replace(
            self._standing,
            name=recorder.path.name if recorder is not None else "",
            feeds=self._gauges.lines(self._clock.now(), self.session, self._inbox.shed),
            awaited=self._gauges.awaited(self.sources()),
            recording=self._reel.words() if self._reel is not None else "",
            fault=self._fault,
            notes=self.notes(),
        )

    def notes(self) -> tuple[str, ...]:
        """Standing troubles of the machine, in words."""
        found = list(self._standing.notes)
        if self._reel is not None and self._reel.trouble:
            found.append(f"NOT RECORDED: {self._reel.trouble}")
        found += [each for each in (self._journal_fault, self._lookup.trouble, self._low) if each]
        offset = self._clock.offset
        if offset:
            found.append(f"this machine's clock is {_seconds(offset)} wrong; corrected")
        return tuple(found)

    def markets(self) -> list[MarketState]:
        """Every market heard of."""
        return list(self._engine.state.markets.values())

    def sources(self) -> list[str]:
        """Every source the feeds ask for."""
        wanted = [each.source for feed in self._receivers.feeds.values() for each in feed.requests()]
        return list(dict.fromkeys(wanted))

    def send(self, command: Command) -> None:
        """Carry out what a person said, after everything that arrived before it."""
        if self._closed or self._fault or not self._transport.measured.is_set():
            return
        if self._standing.read_only and not isinstance(command, Present):
            return
        give_up = time.monotonic() + CATCH_UP_S
        while (frame := self._inbox.pop()) is not None:
            self._take(frame)
            if time.monotonic() > give_up:
                break
        else:
            self._tick()
        self.session.say(command)

    # ------------------------------------------------------------------ the loop

    async def run(self) -> None:
        """Run until cancelled; a fault of ours is told and ends the run, not the screen."""
        gc.freeze()  # what is loaded by now stays: to look through it for garbage takes 60 ms each time
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._transport.run())
                group.create_task(self._work())
        except* Exception as errors:  # noqa: BLE001  the outermost place: the screen stays, and says what happened
            error = _first(errors)
            self._broken(error)
        finally:
            gc.unfreeze()

    def _broken(self, error: BaseException) -> None:
        """A fault ends the run: nothing is believed, done or stored any more. What a library says may hold secrets."""
        ours = isinstance(error, CockpitError)
        self._fault = f"{error.title}: {error}" if isinstance(error, CockpitError) else "Internal fault"
        where = "".join(traceback.format_tb(error.__traceback__))
        self.traceback = f"{self._fault} ({type(error).__name__})\n{where}"
        if not ours:
            self._fault += f" ({type(error).__name__})"
        for m in self._engine.state.markets.values():
            m.doubt = m.doubt or "session ended"

    async def _work(self) -> None:
        """Take what arrives, in slices, and do the chores of each second.

        Nothing is stamped before the clock has been compared with the venues'.
        """
        await self._transport.measured.wait()
        self._lookup.open()
        if not self._in_time():
            self._begin_recording()
        beat = self._settings.beat_ms / 1000
        while True:
            await self._inbox.filled(beat)
            if not len(self._inbox):
                self._tick()
            self._slice()
            self._chores()
            await asyncio.sleep(0)

    def _slice(self) -> None:
        """Take frames for a few milliseconds."""
        give_up = time.monotonic() + SLICE_S
        while time.monotonic() < give_up:
            for _ in range(FEW):
                frame = self._inbox.pop()
                if frame is None:
                    return
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        self._gauges.count(frame)
        self.session.take(frame)
        if frame.s == "link":
            self._attended = 0.0

    def _tick(self) -> None:
        """Time passed: an input like any other."""
        self.session.take(Frame(0, self._clock.now(), "tick", _NULL))

    def _chores(self) -> None:
        now = time.monotonic()
        if now - self._attended >= ATTEND_S:
            self._attended = now
            self._transport.attend()
        second = self._clock.now() // SECOND
        if second != self._second:
            self._second = second
            self._in_time()
            self._each_second(second * SECOND)

    def _in_time(self) -> bool:
        """Whether our time had run ahead of the clock, as found right since: it begins anew, in a recording of its own."""
        now = self._clock.now()
        if max(self.session.last_t, self._engine.state.now) - now <= AHEAD_NS:
            return False
        self._inbox.restamp(now)
        self.session.rewind(now)
        feeds = self._remake()
        self._receivers.replace(feeds)
        self._transport.replace(feeds)
        self._begin_recording()
        return True

    def _each_second(self, now: int) -> None:
        self._receivers.keep(occupied(self._engine))
        rows = self._lookup.frame(self._engine.pricer.mentions.wanting(), self._clock.now())
        if rows is not None:
            self._take(rows)
        self._commit()
        reel = self._reel
        if reel is None:
            return
        if reel.due(now):
            self._begin_recording()
        elif reel.recorder is not None:
            try:
                reel.recorder.flush()
            except OutputError as error:
                self.session.record(None)
                self._unrecorded(error)
        if now // SECOND % 10 == 0:
            free, least = reel.free(), self._settings.record.keep_free_mb
            self._low = (
                f"only {free // MEGA} MB free on the disk" if free is not None and free < least * MEGA else ""
            )

    # ------------------------------------------------------------------ recording and the journal

    def _begin_recording(self) -> None:
        """A new file; when it cannot be made the run goes on and it is tried again."""
        if self._reel is None or self._closed:
            return
        now = self._clock.now()
        self._transport.forget()
        try:
            recorder = self._reel.begin(self._engine, now)
        except OutputError as error:
            self.session.record(None)
            self._reel.failed(error, now)
            return
        self.session.record(recorder, now)

    def _unrecorded(self, error: OutputError) -> None:
        if self._reel is not None:
            self._reel.failed(error, self._clock.now())

    def _commit(self) -> None:
        """Write the account; a journal that cannot be written is told of, and tried again each second.

        While the run goes on a disk that is slow must not hold it up: the next second writes more then.
        """
        journal = self._journal
        if journal is None or (journal.writing and not self._closed):
            return
        write = journal.commit if self._closed else journal.post
        try:
            write(self._engine.opening(), self.session.frames, self._engine.state.now)
        except CockpitError as error:
            self._journal_fault = f"NOT JOURNALLED: {error}"
        else:
            self._journal_fault = ""

    def close(self) -> None:
        """Seal everything; more calls do nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            if not self._fault and self._transport.measured.is_set():
                while (frame := self._inbox.pop()) is not None:
                    self._take(frame)
                self._tick()
                self.session.finish()
                self._commit()
        finally:
            self._lookup.close()
            self.session.record(None)


def occupied(engine: Engine) -> dict[str, set[str]]:
    """Markets by venue that stay watched: a lane has an order or an unpaid position there, or its game or speech is on."""
    found: dict[str, set[str]] = {}
    state = engine.state
    open_ = {n for lane in state.lanes.values() for n, p in lane.account.positions.items() if p.open}
    open_.update(engine.pricer.mentions.attended(), engine.pricer.games.attended())
    for name, m in state.markets.items():
        if m.rest.levels or name in open_:
            found.setdefault(m.market.venue, set()).add(name)
    return found


def _first(errors: BaseExceptionGroup) -> BaseException:
    """The first error in a group of groups."""
    error: BaseException = errors
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _seconds(ns: int) -> str:
    return f"{abs(ns) / SECOND:.1f} s"

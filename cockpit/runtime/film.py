"""A recorded session played on the screen: at a pace, with pause, step and seek; the engine cannot tell the difference.

Frames are taken as the playhead passes them, in slices of a few milliseconds so that keys come through. What a person
does meanwhile is an input like any other. Going back starts the session anew and runs it up to the moment wanted, what
the person had done by then included. While nothing is due, a second engine reads ahead and marks where tickets, fills
and doubts will come.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

from cockpit.domain.commands import Command, Kill, Lease, Present, Resume, SetLimits
from cockpit.domain.effects import Effect
from cockpit.domain.errors import CockpitError
from cockpit.domain.status import Playback, Status
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.domain.view import View
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.engine.views.view import view
from cockpit.engine.watch import Watch
from cockpit.feeds.base import Frame
from cockpit.runtime import replay
from cockpit.runtime.gauges import Gauges
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.scout import FEW, Scout, frames_of, marked, span_of
from cockpit.runtime.session import Approvals
from cockpit.settings.tree import Settings

SLICE_NS = 5 * MILLISECOND
"""Work done before others may run."""
IDLE_S = 0.02
"""How long to rest when nothing is due."""
SLOWEST, FASTEST = 0.25, 500.0
STEP_MS = 250


class Film:
    """Plays one session file; see `cockpit.app.link.Link` and `Player` for who drives it."""

    def __init__(
        self,
        file: SessionFile,
        settings: Settings,
        *,
        mode: str,
        hindsight: bool,
        approve: str = Approvals.RECORDED,
        speed: float = 1.0,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._file = file
        self._settings = settings.without_away()
        self._mode = mode
        self._hindsight = hindsight
        self._approve = approve
        self._clock = clock
        self._speed = speed
        self._paused = False
        self._fault = ""
        self._awake = asyncio.Event()
        self._said: list[tuple[int, Command]] = []
        """(frames taken before it, command), to be said again when the session starts anew."""
        self._goal: int | None = None
        """A time to run to at full speed."""
        self._wanted = ""
        """The kind of marker to run to at full speed."""
        self._waiting_words: list[Command] = []
        """What was said meanwhile."""
        self._met = False
        self.start, self.end = span_of(file)
        self._now = self._from = self.start
        self._anchored = clock()
        self._over = False
        self._waiting: Frame | None = None
        self._again: list[tuple[int, Command]] = []
        self._scout = Scout(file, self._settings, approve)
        self._open()

    # ------------------------------------------------------------------ what a screen asks

    @property
    def lane(self) -> str:
        """Whose hand a person's is."""
        return WHAT_IF if self._hindsight else DESK

    @property
    def playback(self) -> "Film":
        """Its own player."""
        return self

    def view(self, focus: str = "") -> View:
        """The engine now."""
        return view(self._session.engine, self._watch, focus=focus, hindsight=self._hindsight)

    def status(self) -> Status:
        """Where the film stands."""
        return Status(
            mode=self._mode,
            synthetic="synthetic" in self._file.header.capabilities,
            hindsight=self._hindsight,
            name=self._file.path.name,
            feeds=self._gauges.lines(self._now, self._session),
            playback=Playback(
                self.start, self.end, self._now, self._speed, self._paused, self._over,
                self._scout.markers, self._scout.done,
            ),
            fault=self._fault,
        )  # fmt: skip

    def send(self, command: Command) -> None:
        """Say something, now; while the film runs to another moment it is said there.

        What is done in hindsight cannot kill, resume or lease: the desk's past stays as it was; nor has a film limits
        of its own.
        """
        if isinstance(command, Present | SetLimits) or (
            self._hindsight and isinstance(command, Kill | Resume | Lease)
        ):
            return
        if self._hurried:
            self._waiting_words.append(command)
        else:
            self._say(command)

    def _say(self, command: Command) -> None:
        self._said.append((self._session.frames, command))
        self._session.say(command)

    # ------------------------------------------------------------------ the player

    def toggle(self) -> None:
        """Pause, or go on."""
        if self._paused:
            self.resume()
        else:
            self.pause()

    def pause(self) -> None:
        """Stand still."""
        self._anchor()
        self._paused = True

    def resume(self) -> None:
        """Go on from here."""
        self._paused = False
        self._anchor()
        self._awake.set()

    def speed(self, factor: float) -> None:
        """Play ``factor`` times as fast as it happened, within bounds."""
        self._anchor()
        self._speed = min(FASTEST, max(SLOWEST, factor))

    def step(self) -> None:
        """One beat on, then stand still."""
        self._paused = True
        if not self._over:
            self._run_to(self._now + STEP_MS * MILLISECOND)

    def seek(self, ts: int) -> None:
        """Go to a time (ns UTC), back or forth."""
        ts = max(self.start, min(ts, self.end))
        if ts < self._now:
            self._open()
        self._run_to(ts)

    @property
    def _hurried(self) -> bool:
        """Whether it runs to a moment or to a marker at full speed."""
        return self._goal is not None or self._wanted != ""

    def next(self, kind: str, back: bool = False) -> None:
        """Go to the next (or last) ticket, fill or doubt; an empty kind is any of them."""
        if back:
            before = [m.ts for m in self._scout.markers if m.ts < self._now - SECOND and kind in ("", m.kind)]
            if before:
                self.seek(before[-1])
            return
        coming = any(m.ts > self._now and kind in ("", m.kind) for m in self._scout.markers)
        if not self._over and (coming or not self._scout.done):
            self._goal, self._wanted, self._met = None, kind or "any", False
            self._awake.set()

    # ------------------------------------------------------------------ the loop

    async def run(self) -> None:
        """Play until cancelled; the end of the file is a place like any other."""
        while True:
            try:
                busy = self.work()
                if not busy and not self._scout.done:
                    self._scout.read(self._clock() + SLICE_NS, self._clock)
            except CockpitError as error:
                self._fault, self._over = f"{error.title}: {error}", True
                self._scout.done = True
                busy = False
            if busy:
                await asyncio.sleep(0)
            elif self._scout.done and (self._paused or self._over):
                self._awake.clear()
                await self._awake.wait()
            else:
                await asyncio.sleep(IDLE_S if self._scout.done else 0.001)

    def work(self) -> bool:
        """Take what is due for a few milliseconds; whether more is due already."""
        hurried = self._hurried
        if self._over or (self._paused and not hurried):
            return self._arrive(hurried=hurried)
        until = self._goal if self._goal is not None else None if self._wanted else self._due()
        give_up = self._clock() + SLICE_NS
        while self._clock() < give_up:
            for _ in range(FEW):
                if not self._take(until):
                    return self._arrive(hurried=hurried)
                if self._wanted and self._met:
                    return self._arrive(hurried=True)
        return True

    def _arrive(self, *, hurried: bool) -> bool:
        """A goal is reached, or nothing more is due."""
        if hurried:
            if self._goal is not None:
                self._now = max(self._now, self._goal)
            self._goal, self._wanted = None, ""
            self._forget_later()
            self._anchor()
            words, self._waiting_words = self._waiting_words, []
            for command in words:
                self._say(command)
        return False

    def _forget_later(self) -> None:
        """What was done after the moment that was gone back to has not been done."""
        if self._again:
            self._said = self._said[: len(self._said) - len(self._again)]
            self._again = []

    def _take(self, until: int | None) -> bool:
        """Take the next frame if it is due; whether one was taken."""
        frame = self._peek()
        if frame is None or (until is not None and frame.t > until):
            return False
        self._waiting = None
        self._session.take(frame)
        self._gauges.count(frame)
        self._now = max(self._now, frame.t)
        while self._again and self._again[0][0] <= self._session.frames:
            self._session.say(self._again.pop(0)[1])
        return True

    def _peek(self) -> Frame | None:
        if self._waiting is None and not self._over:
            self._waiting = next(self._frames, None)
            if self._waiting is None:
                self._over = True
                self._session.finish()
                self._tell_torn()
        return self._waiting

    def _tell_torn(self) -> None:
        """What a damaged or torn file lost stands on the screen."""
        found = self._file.recovered
        if found is not None and found.reason:
            self._fault = f"{found.frames} frames recovered, {found.bytes_dropped} bytes dropped"

    def _due(self) -> int:
        """Where the playhead is by the clock."""
        passed = int((self._clock() - self._anchored) * self._speed)
        self._now = max(self._now, min(self._from + passed, self.end))
        return self._from + passed

    def _run_to(self, ts: int) -> None:
        self._goal, self._wanted = ts, ""
        self._awake.set()

    def _anchor(self) -> None:
        self._from, self._anchored = self._now, self._clock()

    def _open(self) -> None:
        """Start the session from its beginning."""
        made = replay.engine(self._file, self._settings)
        self._watch = Watch(made)
        self._session = replay.session(
            self._file, made, None, listeners=(self._watch.take, self._look), approve=self._approve
        )
        self._gauges = Gauges()
        self._frames = frames_of(self._file)
        self._waiting = None
        self._over = False
        self._fault = ""
        self._again = list(self._said)
        self._now = self.start
        self._anchor()

    def _look(self, effects: Sequence[Effect]) -> None:
        """Whether what is being run to has come."""
        if self._wanted:
            kinds = {kind for effect in effects if (kind := marked(effect))}
            self._met = self._met or (bool(kinds) and (self._wanted == "any" or self._wanted in kinds))

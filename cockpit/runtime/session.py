"""The session: every input passes here once, in order, on its way to the engine; effects are performed.

    frame -> recorder -> feed -> engine -> effects -> digest, journal, listeners

Replay is this same path fed from a file. Newcomers read `run`, then `Session.take`.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b

import msgspec

from cockpit.domain.commands import Approve, Command
from cockpit.domain.effects import DoubtRaised, Effect, Resnapshot, TicketRaised, encode
from cockpit.domain.errors import FeedError, NotVerified, OutputError
from cockpit.domain.events import Event, FeedDown, FeedUp, Tick
from cockpit.domain.units import SECOND
from cockpit.engine.engine import Engine
from cockpit.feeds.base import Frame, payload
from cockpit.runtime.feeds import Receivers
from cockpit.runtime.reader import Line
from cockpit.runtime.recorder import Recorder

YIELD_AFTER = 0.005
"""Seconds of work after which the loop lets others run."""

READ_NS = SECOND
"""How long terms count as read where everything is approved at once."""

TOLD = 20
"""Doubts kept for telling."""

_COMMAND = msgspec.json.Decoder(Command)
_LINK: msgspec.json.Decoder[FeedUp | FeedDown] = msgspec.json.Decoder(FeedUp | FeedDown)

Listener = Callable[[Sequence[Effect]], None]


class Approvals:
    """What a replay does about tickets: the recorded commands, none, or everything approved."""

    RECORDED = "recorded"
    NONE = "none"
    ALL = "all"


class Session:
    """One run of the engine over one stream of frames."""

    def __init__(
        self,
        engine: Engine,
        receivers: Receivers,
        *,
        recorder: Recorder | None = None,
        listeners: Iterable[Listener] = (),
        approve: str = Approvals.RECORDED,
        verify: bool = False,
        unrecorded: Callable[[OutputError], None] | None = None,
    ) -> None:
        """A session; ``unrecorded`` is told when the recording fails, and the session goes on without one."""
        self.engine = engine
        self._unrecorded = unrecorded
        self._receivers = receivers
        self._recorder = recorder
        self._listeners = tuple(listeners)
        self._approve = approve
        self._verify = verify
        self._hash = blake2b(digest_size=32)
        self._t = 0
        self._n = 0
        self._digest_at = 0
        self.frames = 0
        self.events = 0
        self.digests = 0
        """Check lines that agreed."""
        self.faults: Counter[str] = Counter()
        """What could not be read, by source."""
        self.first_fault = ""
        self.backwards = 0
        """Frames stamped earlier than the one before."""
        self.breaks = 0
        """Frames whose number does not follow the one before: lines were lost, repeated or moved."""
        self.doubts: list[DoubtRaised] = []
        """The first doubts, for telling."""
        self.first_t = 0
        self._number = 0
        self._to_approve: list[TicketRaised] = []

    @property
    def digest(self) -> str:
        """BLAKE2b over all effects so far, hex."""
        return self._hash.hexdigest()

    @property
    def last_t(self) -> int:
        """Time of the newest frame, ns UTC."""
        return self._t

    def tolerated(self) -> Counter[str]:
        """What the feeds met and passed over: unknown types, fields and words, repeated frames."""
        return self._receivers.census()

    def take(self, frame: Frame) -> None:
        """Take one frame: stamp it, record it, read it, and let the engine have what it says.

        Raises:
            NotVerified: when verifying and a recorded digest differs.
        """
        if frame.n:
            if self._number and frame.n != self._number + 1:
                self.breaks += 1
            self._number = frame.n
        if frame.s == "digest":
            self._check(frame)
            return
        if frame.t < self._t:
            frame.t = self._t
            self.backwards += 1
        self._t = frame.t
        if not self.frames:
            self.first_t = frame.t
        self.frames += 1
        if self._recorder is not None:
            self._record(self._recorder, frame)
        receive = self._receivers.get(frame.s)
        if receive is None:
            self._other(frame)
            return
        try:
            events = receive(frame)
        except FeedError as error:
            self._fault(frame, str(error))
            return
        for event in events:
            self.process(event)
        if self._to_approve:
            self._approve_all()

    def say(self, command: Command) -> None:
        """Take a command from a person: stamped with the time of the newest input, recorded, carried out.

        An approval's other two times come as distances from now (zero or less), and are made times here.
        """
        now = max(self._t, self.engine.state.now)
        command = stamped(command, now)
        if self._recorder is not None:
            frame = Frame(0, now, "command", msgspec.Raw(msgspec.json.encode(command)))
            self._record(self._recorder, frame)
        self.process(command)

    def _approve_all(self) -> None:
        """Approve what was raised, as inputs of their own: recorded, they replay."""
        while self._to_approve:
            raised = self._to_approve.pop(0)
            self.say(Approve(0, raised.ticket, raised.side, raised.price, raised.qty, -READ_NS))

    def process(self, item: Event | Command | Tick) -> None:
        """Let the engine have one input, and perform what it answers."""
        self.events += 1
        effects = self.engine.process(item)
        if effects:
            self._perform(effects)

    def finish(self) -> None:
        """Run what is due at the end of the input, and seal the recording with its last digest."""
        effects = self.engine.finish()
        if effects:
            self._perform(effects)
        if self._recorder is not None:
            self._guarded(self._write_digest)

    def rewind(self, now: int) -> None:
        """Time was ahead and begins anew at ``now`` (ns UTC); a recording that goes on would not replay: begin another."""
        self.engine.rewind(now)
        self._t = now

    def _perform(self, effects: Sequence[Effect]) -> None:
        self._hash.update(encode(effects))
        for listener in self._listeners:
            listener(effects)
        for effect in effects:
            if isinstance(effect, Resnapshot):
                self._receivers.resnapshot(effect.venue, effect.market)
            elif isinstance(effect, DoubtRaised):
                if len(self.doubts) < TOLD:
                    self.doubts.append(effect)
            elif isinstance(effect, TicketRaised) and self._approve == Approvals.ALL:
                self._to_approve.append(effect)

    # ------------------------------------------------------------------ lines that are not a feed's

    def _other(self, frame: Frame) -> None:
        """Ticks, commands and link changes; anything else is counted and kept."""
        try:
            match frame.s:
                case "tick":
                    self.process(Tick(frame.t))
                case "command":
                    command = _COMMAND.decode(payload(frame))
                    if self._approve == Approvals.RECORDED:
                        self.process(command)
                case "link":
                    self._link(frame.t, _LINK.decode(payload(frame)))
                case "memory":
                    self._receivers.recall(bytes(payload(frame)))
                case _:
                    self._fault(frame, f"no feed reads {frame.s!r}")
        except msgspec.MsgspecError as error:
            self._fault(frame, str(error))

    def _link(self, ts: int, change: FeedUp | FeedDown) -> None:
        """A connection was made or lost: its feed begins anew, or says what cannot be believed now."""
        if isinstance(change, FeedUp):
            self._receivers.reset(change.feed)
        else:
            for doubt in self._receivers.lost(change.feed, ts):
                self.process(doubt)
        self.process(msgspec.structs.replace(change, ts=ts))

    def _fault(self, frame: Frame, why: str) -> None:
        self.faults[frame.s] += 1
        if not self.first_fault:
            self.first_fault = f"frame {frame.n} from {frame.s}: {why}"

    # ------------------------------------------------------------------ recording and checking

    def record(self, recorder: Recorder | None, now: int = 0) -> None:
        """From here on record into this file, which opens with the engine as it is; the file before is sealed.

        What the feeds remember is the new file's first line, so that it replays without the one before; it is stamped
        ``now`` (ns UTC) where nothing has come yet.
        """
        if self._recorder is not None:
            self._sealed(self._recorder)
        self._recorder = recorder
        self._t = self._t or now  # what waits already is not older than the first line, here as in a replay
        self._hash = blake2b(digest_size=32)
        self._n = self._digest_at = 0
        if recorder is not None:
            memory = self._receivers.memory()
            self._receivers.recall(
                memory
            )  # what is not told is forgotten here too: live and replay go on alike
            self._record(recorder, Frame(0, self._t, "memory", msgspec.Raw(memory)))

    def _guarded(self, write: Callable[[Recorder], None]) -> None:
        """Write something, unless the recording fails at it."""
        if self._recorder is not None:
            try:
                write(self._recorder)
            except OutputError as error:
                self._failed(error)

    def _sealed(self, recorder: Recorder) -> None:
        """Write the last digest and close a file; one that cannot be written is told of."""
        try:
            self._write_digest(recorder)
            recorder.close()
        except OutputError as error:
            self._failed(error)

    def _failed(self, error: OutputError) -> None:
        """The recording cannot go on."""
        self._recorder = None
        if self._unrecorded is None:
            raise error
        self._unrecorded(error)

    def _record(self, recorder: Recorder, frame: Frame) -> None:
        try:
            self._write(recorder, frame)
        except OutputError as error:
            self._failed(error)

    def _write(self, recorder: Recorder, frame: Frame) -> None:
        if frame.t >= self._digest_at:
            if self._digest_at:
                self._write_digest(recorder)
            self._digest_at = (frame.t // SECOND + 1) * SECOND
        self._n += 1
        recorder.write(
            self._n, frame.t, frame.s, bytes(payload(frame)), url=frame.u, status=frame.st, headers=frame.h
        )

    def _write_digest(self, recorder: Recorder) -> None:
        upto = self._n
        self._n += 1
        recorder.digest(self._n, self._t, self.digest, upto)

    def _check(self, line: Frame) -> None:
        if not self._verify or not isinstance(line, Line):
            return
        if line.v != self.digest:
            raise NotVerified(
                f"effects differ in the second before t={line.t} (frames up to {line.upto}): "
                f"recorded {str(line.v)[:16]}, replayed {self.digest[:16]}"
            )
        self.digests += 1


def stamped(command: Command, now: int) -> Command:
    """A command made at the keyboard, with its times filled in (ns UTC)."""
    if isinstance(command, Approve):
        return msgspec.structs.replace(
            command, ts=now, shown_ts=now + command.shown_ts, pressed_ts=now + command.pressed_ts
        )
    return msgspec.structs.replace(command, ts=now)


async def run(session: Session, batches: Iterable[Sequence[Frame]]) -> float:
    """Feed batches of frames to a session until they end; seconds from the first frame to the last effect.

    The loop lets others run whenever it has worked for `YIELD_AFTER`.
    """
    started: float | None = None
    worked = 0.0
    for batch in batches:
        now = time.perf_counter()
        if started is None:
            started = worked = now
        elif now - worked > YIELD_AFTER:
            await asyncio.sleep(0)
            worked = time.perf_counter()
        take = session.take
        for frame in batch:
            take(frame)
    session.finish()
    return time.perf_counter() - started if started is not None else 0.0

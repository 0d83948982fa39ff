"""Replay: a recorded session through the same path a live one takes."""

import asyncio
import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from cockpit.domain.errors import FeedError, NotVerified, SessionError, SettingsError
from cockpit.domain.events import Event
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.feeds.base import Frame
from cockpit.runtime.feeds import recorded
from cockpit.runtime.header import make_header
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.recorder import Recorder
from cockpit.runtime.session import Approvals, Listener, Session, run
from cockpit.settings.tree import Settings

Progress = Callable[[int, int], None]


def engine(file: SessionFile, settings: Settings) -> Engine:
    """An engine in the state the session opens with.

    Raises:
        SessionError: when the opening is not a state this program knows.
    """
    words = file.header.capabilities
    config = settings.engine(no_trades="no_trades" in words, polled=polled_of(words))
    try:
        return Engine(config, restore(file.opening))
    except msgspec.MsgspecError as error:
        raise SessionError(f"{file.path}: the opening state cannot be read ({error})") from None


def polled_of(capabilities: Sequence[str]) -> tuple[str, ...]:
    """The venues that a recording's capabilities call polled ("polled:kalshi")."""
    return tuple(word.partition(":")[2] for word in capabilities if word.startswith("polled:"))


def engine_for_orders(file: SessionFile, settings: Settings, latency_ms: int, orders: int) -> Engine:
    """An engine for `cockpit simulate`: the given latency, no lanes, and every order's story kept."""
    latency = latency_ms * MILLISECOND
    config = msgspec.structs.replace(
        settings.with_lanes(())
        .without_desk()
        .engine(
            no_trades="no_trades" in file.header.capabilities, polled=polled_of(file.header.capabilities)
        ),
        entry_latency_ns=latency,
        cancel_latency_ns=latency,
        keep_ended=max(1, orders),
    )
    return Engine(config)


def session(
    file: SessionFile,
    made: Engine,
    recorder: Recorder | None,
    *,
    listeners: Iterable[Listener] = (),
    approve: str = Approvals.RECORDED,
    verify: bool = False,
) -> Session:
    """A session that reads what the file's capabilities say it holds."""
    receivers = recorded(file.header.capabilities)
    return Session(made, receivers, recorder=recorder, listeners=listeners, approve=approve, verify=verify)


def recorder(path: Path, file: SessionFile, settings: Settings, made: Engine) -> Recorder:
    """A recorder for the replay of a session: same capabilities and seed, the settings in force."""
    header = make_header(
        created=time.time_ns(),
        settings=settings.public(),
        seed=file.header.seed,
        clock_offset=file.header.clock_offset,
        capabilities=file.header.capabilities,
    )
    return Recorder(path, header, made.opening())


def batches(file: SessionFile, progress: Progress | None = None) -> Iterator[Sequence[Frame]]:
    """The session's lines; progress is told in bytes of the file."""
    total = file.path.stat().st_size
    index = file.index if progress is not None else []
    for i, batch in enumerate(file.blocks()):
        yield batch
        if progress is not None and i % 64 == 0:
            progress(index[i].offset if i < len(index) else total, total)


def events(file: SessionFile) -> Iterator[Event]:
    """Every event the feeds read in a session; frames they cannot read are passed over."""
    receivers = recorded(file.header.capabilities)
    for batch in file.blocks():
        for frame in batch:
            receive = receivers.get(frame.s)
            if receive is not None:
                try:
                    yield from receive(frame)
                except FeedError:
                    continue


def run_quietly(made: Session, lines: Iterable[Sequence[Frame]], recording: Recorder | None) -> float:
    """Run a session to its end without a screen; seconds from the first frame to the last effect.

    The collector of cycles is off meanwhile: the engine makes none for it to find.
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        return asyncio.run(run(made, lines))
    finally:
        gc.enable()
        gc.unfreeze()
        if recording is not None:
            recording.close()


def lanes_from(made: Engine, lines: Iterable[Sequence[Frame]], start: int) -> Iterator[Sequence[Frame]]:
    """Keep every lane still until a time (ns UTC): what is before it only builds the books."""
    wanted = {name: lane.on for name, lane in made.state.lanes.items()}
    for lane in made.state.lanes.values():
        lane.on = False
    waiting = True
    for batch in lines:
        if waiting and batch and batch[-1].t >= start:
            at = next(i for i, frame in enumerate(batch) if frame.t >= start)
            yield batch[:at]
            for name, on in wanted.items():
                made.state.lanes[name].on = on
            waiting = False
            yield batch[at:]
        else:
            yield batch


def moment(text: str, file: SessionFile) -> int:
    """A time given by a person, in ns UTC: ISO 8601, ns, or +SS / +MM:SS / +HH:MM:SS from the first frame.

    Raises:
        SettingsError: for anything else.
    """
    try:
        if text.startswith("+"):
            seconds = 0
            for part in text[1:].split(":"):
                seconds = seconds * 60 + int(part)
            return next(batch[0].t for batch in file.blocks()) + seconds * SECOND
        if text.isdigit():
            return int(text)
        when = datetime.fromisoformat(text)
    except (ValueError, StopIteration):
        raise SettingsError(f"--from {text!r}: give ISO time, ns, or +MM:SS") from None
    when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
    delta = when - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * SECOND + delta.microseconds * 1_000


def check_versions(file: SessionFile) -> None:
    """Refuse to compare effects of another program.

    Raises:
        NotVerified: naming what differs.
    """
    here = make_header(created=0, settings={})
    theirs = file.header
    for name in ("version", "python", "numpy", "scipy"):
        made, mine = getattr(theirs, name), getattr(here, name)
        if made != mine:
            raise NotVerified(f"{file.path}: recorded with {name} {made}, this is {mine}: not verifiable")


def check_digests(made: Session, path: Path) -> None:
    """Refuse to call a session verified that holds nothing to verify.

    Raises:
        NotVerified: when no digest was met.
    """
    if not made.digests:
        raise NotVerified(f"{path}: no digests in this session: not verifiable")

"""A second engine that reads a session ahead of a film and marks what will come: tickets, fills, doubts."""

from collections.abc import Callable, Iterator, Sequence

from cockpit.domain.effects import DoubtRaised, Effect, OrderFilled, TicketRaised
from cockpit.domain.status import Marker
from cockpit.domain.units import SECOND
from cockpit.engine.config import DESK, WHAT_IF
from cockpit.feeds.base import Frame
from cockpit.runtime import replay
from cockpit.runtime.reader import SessionFile
from cockpit.settings.tree import Settings

FEW = 4
"""Frames taken between two looks at the clock: one that crosses a beat may take a millisecond or more."""


class Scout:
    """Reads a session ahead of the film and marks what will come."""

    def __init__(self, file: SessionFile, settings: Settings, approve: str) -> None:
        made = replay.engine(file, settings)
        self._session = replay.session(file, made, None, listeners=(self._look,), approve=approve)
        self._frames = frames_of(file)
        self._found: dict[tuple[int, str], Marker] = {}
        self.done = False
        self.markers: tuple[Marker, ...] = ()

    def read(self, give_up: int, clock: Callable[[], int]) -> None:
        """Read on until a clock's time."""
        while not self.done and clock() < give_up:
            for _ in range(FEW):
                frame = next(self._frames, None)
                if frame is None:
                    self.done = True
                    break
                self._session.take(frame)
        self.markers = tuple(self._found.values())

    def _look(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            kind = marked(effect)
            if kind:
                self._found.setdefault((effect.ts // SECOND, kind), Marker(effect.ts, kind))


def marked(effect: Effect) -> str:
    """The kind of marker an effect leaves on the seek bar; empty for none."""
    match effect:
        case TicketRaised():
            return "ticket" if effect.rev == 1 else ""
        case OrderFilled():
            return "fill" if effect.counts and effect.lane in (DESK, WHAT_IF) else ""
        case DoubtRaised():
            return "doubt"
        case _:
            return ""


def frames_of(file: SessionFile) -> Iterator[Frame]:
    """Every frame of a file, one by one."""
    for batch in file.blocks():
        yield from batch


def span_of(file: SessionFile) -> tuple[int, int]:
    """First and last time in a file, ns UTC; a file without a time index is read through."""
    if file.index:
        return file.index[0].first_t, file.index[-1].last_t
    times = [frame.t for frame in frames_of(file)]
    return (times[0], times[-1]) if times else (0, 0)

"""How each source of frames is doing: counts, ages and rates, for the feed lines of a screen."""

import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from cockpit.domain.events import FeedDown, FeedUp
from cockpit.domain.status import Awaited, FeedLine
from cockpit.domain.units import SECOND
from cockpit.feeds.base import Frame, payload
from cockpit.runtime.session import Session

RATE_S = 5
"""Seconds a rate is taken over."""
SILENT_NS = 15 * SECOND
"""How long a stream may say nothing before that is remarked on."""
OURS = ("tick", "command", "link", "digest", "memory")
"""Lines that are no feed's."""
_LINK: msgspec.json.Decoder[FeedUp | FeedDown] = msgspec.json.Decoder(FeedUp | FeedDown)


class _Gauge:
    def __init__(self) -> None:
        self.frames = 0
        self.last = 0
        self.seconds: deque[tuple[int, int]] = deque(maxlen=RATE_S + 1)
        """(second, frames counted when it began)."""

    def rate(self, now: int) -> float:
        """Frames a second over the last seconds."""
        first = next(((s, n) for s, n in self.seconds if s >= now // SECOND - RATE_S), None)
        if first is None:
            return 0.0
        return (self.frames - first[1]) / max(1, now // SECOND - first[0] + 1)


class Gauges:
    """One gauge a source."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._gauges: dict[str, _Gauge] = {}
        self._down: dict[str, str] = {}
        """Feeds whose link is down, and why."""
        self._up: set[str] = set()
        self._lost: Counter[str] = Counter()
        """Times a link that stood was lost."""

    def count(self, frame: Frame) -> None:
        """A frame was taken."""
        if frame.s in OURS:
            if frame.s == "link":
                self._link(frame)
            return
        gauge = self._gauges.get(frame.s)
        if gauge is None:
            gauge = self._gauges[frame.s] = _Gauge()
        if frame.st is not None and not 0 < frame.st < 400:  # no answer, or a refusal: nothing was heard
            return
        second = frame.t // SECOND
        if not gauge.seconds or gauge.seconds[-1][0] != second:
            gauge.seconds.append((second, gauge.frames))
        gauge.frames += 1
        gauge.last = frame.t

    def _link(self, frame: Frame) -> None:
        """A link changed; what cannot be read is the session's to tell of."""
        try:
            change = _LINK.decode(payload(frame))
        except msgspec.MsgspecError:
            return
        self._gauges.setdefault(change.feed, _Gauge())
        if isinstance(change, FeedDown):
            self._down[change.feed] = change.reason or "link down"
            self._lost[change.feed] += change.feed in self._up
            self._up.discard(change.feed)
        else:
            self._up.add(change.feed)
            self._down.pop(change.feed, None)

    def lines(
        self, now: int, session: Session, shed: Mapping[str, int] = MappingProxyType({})
    ) -> tuple[FeedLine, ...]:
        """One line a feed, in the order first heard.

        Args:
            now: ns UTC.
            session: whose faults they are.
            shed: frames dropped under overload, by source.
        """
        return tuple(
            FeedLine(
                source=source,
                age_ns=max(0, now - gauge.last) if gauge.last else 0,
                frames=gauge.frames,
                rate=gauge.rate(now),
                faults=session.faults.get(source, 0),
                up=source not in self._down,
                gaps=self._lost[source],
                note=self._note(source, shed.get(source, 0), now - gauge.last if gauge.last else 0),
            )
            for source, gauge in self._gauges.items()
        )

    def awaited(self, wanted: Iterable[str]) -> tuple[Awaited, ...]:
        """Of the sources wanted those that neither spoke nor failed since there are gauges."""
        since_ns = int((time.monotonic() - self._begun) * SECOND)
        silent = (source for source in wanted if source not in self._gauges)
        return tuple(Awaited(source, _doing(source), since_ns) for source in silent)

    def _note(self, source: str, shed: int, age_ns: int) -> str:
        """What is wrong with a source now, or what was left out of it."""
        if source in self._down:
            return self._down[source]
        if source.endswith(".ws") and age_ns > SILENT_NS:
            return f"silent for {age_ns // SECOND} s"
        return f"overload: {shed} frames shed" if shed else ""


def _doing(source: str) -> str:
    return "connecting" if source.endswith(".ws") else "asking"

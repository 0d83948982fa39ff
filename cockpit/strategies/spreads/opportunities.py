"""Opportunities counted once: when a gap opened, how wide and deep it grew, when it closed and why.

A gap that flickers is one gap, and a gap between two quotes of different moments is none. By pair and direction:

    phase      fresh, nets more than 0     fresh, does not             a quote is old
    armed      open a record               -                           "stale gap" where it seems to net; no record
    open       follow it                   fading since now            close "stale gap" -> spent
    fading     open again, same record     5 s of it: close "gone"     close "gone" -> spent
    spent      nothing: the same gap       5 s of it: armed            5 s begin anew

A record that ended for want of quotes is censored: it lasted at least that long. Lifetimes are kept, newest last, and
their survival (Kaplan and Meier 1958) says how likely a gap is still there after a delay.
"""

from bisect import bisect_left, bisect_right
from typing import Literal

import msgspec

from cockpit.domain.units import SECOND
from cockpit.strategies.spreads.legs import Direction

REARM_NS = 5 * SECOND
"""A gap is over when it has netted nothing for this long."""
KEPT = 500
"""Lifetimes kept."""
GONE = "gone"
STALE_GAP = "stale gap"

Phase = Literal["armed", "open", "fading", "spent"]


class Opportunity(msgspec.Struct, array_like=True):
    """One gap, from first to last seen. Times ns UTC."""

    pair: str
    direction: Direction
    first_ns: int
    last_ns: int
    max_net: int
    """Money units a contract."""
    max_size: int
    """Quantity units."""
    reason: str = ""
    """Why it was closed; empty while it is open."""

    @property
    def lifetime_ns(self) -> int:
        """From first to last seen."""
        return self.last_ns - self.first_ns

    @property
    def censored(self) -> bool:
        """Whether it may have lasted longer than was seen."""
        return self.reason != GONE


class Watch(msgspec.Struct, array_like=True):
    """Where one direction of a pair stands."""

    phase: Phase = "armed"
    since: int = 0
    """When it began to net nothing, ns UTC; 0 where it did not."""
    record: Opportunity | None = None
    stale: bool = False
    """Whether it seems to net, by a quote too old to say."""


class Opportunities(msgspec.Struct):
    """The state machine over all pairs and directions; serialisable."""

    watches: dict[str, Watch] = msgspec.field(default_factory=dict)
    log: list[Opportunity] = msgspec.field(default_factory=list)
    """Closed records, oldest first."""
    stale: int = 0
    """Gaps that seemed to net when a quote was too old, counted once each time one began."""

    def note(
        self, pair: str, direction: Direction, net: int | None, size: int, now: int, *, fresh: bool
    ) -> Opportunity | None:
        """Take one direction of a pair in, on every beat.

        Args:
            pair: the pair's name.
            direction: which way round.
            net: of one contract at the touch after fees (and the haircut, where that is asked), money units; None
                where a side is empty, which nets nothing.
            size: quantity units that still net.
            now: ns UTC.
            fresh: whether both quotes are young enough at once.

        Returns:
            The record that this opened, else None.
        """
        watch = self.watches.setdefault(f"{pair} {direction}", Watch())
        if not fresh:
            self._old(watch, net is not None and net > 0)
            return None
        watch.stale = False
        if net is None or net <= 0:
            self._nothing(watch, now)
            return None
        return self._nets(watch, pair, direction, net, size, now)

    def end(self, pair: str, reason: str) -> None:
        """Close what is open in a pair that is no longer watched, and forget it."""
        for direction in Direction:
            watch = self.watches.pop(f"{pair} {direction}", None)
            if watch is not None and watch.record is not None:
                self._close(watch, GONE if watch.phase == "fading" else reason, "armed")

    def open(self) -> list[Opportunity]:
        """Records that are not closed, longest first."""
        found = [watch.record for watch in self.watches.values() if watch.record is not None]
        return sorted(found, key=lambda each: (each.first_ns, each.pair, each.direction))

    def survival(self, after_ns: int) -> tuple[float, int] | None:
        """The share of gaps still there after a delay, and how many were seen to end; None before the first.

        Source: Kaplan & Meier, "Nonparametric estimation from incomplete observations", 1958.
        """
        ends = sorted(each.lifetime_ns for each in self.log if not each.censored)
        if not ends:
            return None
        spans = sorted(each.lifetime_ns for each in self.log)
        share = 1.0
        for end in sorted(set(ends)):
            if end > after_ns:
                break
            ended = bisect_right(ends, end) - bisect_left(ends, end)
            share *= 1.0 - ended / (len(spans) - bisect_left(spans, end))
        return share, len(ends)

    # ------------------------------------------------------------------ the table

    def _nets(
        self, watch: Watch, pair: str, direction: Direction, net: int, size: int, now: int
    ) -> Opportunity | None:
        watch.since = 0
        record = watch.record
        if record is not None:
            watch.phase, record.last_ns = "open", now
            record.max_net, record.max_size = max(record.max_net, net), max(record.max_size, size)
            return None
        if watch.phase == "spent":
            return None
        watch.phase, watch.record = "open", Opportunity(pair, direction, now, now, net, size)
        return watch.record

    def _nothing(self, watch: Watch, now: int) -> None:
        if watch.phase == "armed":
            return
        if not watch.since:
            watch.since = now
            if watch.phase == "open" and watch.record is not None:
                watch.phase, watch.record.last_ns = "fading", now
        if now - watch.since < REARM_NS:
            return
        if watch.record is not None:
            self._close(watch, GONE, "armed")
        watch.phase, watch.since = "armed", 0

    def _old(self, watch: Watch, nets: bool) -> None:
        if watch.record is not None:
            self._close(watch, GONE if watch.phase == "fading" else STALE_GAP, "spent")
        elif watch.phase == "armed":
            self.stale += nets and not watch.stale
            watch.stale = nets
        watch.since = 0

    def _close(self, watch: Watch, reason: str, phase: Phase) -> None:
        record = watch.record
        if record is not None:
            record.reason = reason
            self.log.append(record)
            del self.log[:-KEPT]
        watch.record, watch.phase, watch.since = None, phase, 0

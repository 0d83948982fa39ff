"""The probe: rests at the best on both sides, anew every few seconds. It exists to prove fills, not to earn."""

from collections.abc import Sequence

import msgspec

from cockpit.domain.book import EMPTY_ASK, EMPTY_BID
from cockpit.domain.units import ASK, BID, QTY, SECOND
from cockpit.strategies.base import Intent, Mine, Place, Reason, Snap

_JOIN = Reason("join best")


class ProbeMemory(msgspec.Struct, frozen=True, gc=False):
    """When it quoted last, ns UTC."""

    quoted_ns: int = 0


class Probe(msgspec.Struct, frozen=True):
    """Joins the best bid and the best ask for ``every_ns``, then joins wherever the best is then.

    Each order lives exactly ``every_ns``, so that the four fill rules are compared over the same span.
    """

    qty: int = 10 * QTY
    every_ns: int = 5 * SECOND

    @property
    def memory(self) -> type[ProbeMemory]:
        """What it remembers about one market."""
        return ProbeMemory

    def decide(self, snap: Snap, mine: Mine, memory: ProbeMemory) -> tuple[ProbeMemory, Sequence[Intent]]:
        """Quote both sides of a two-sided book when the last quotes have run out."""
        if snap.ts < memory.quoted_ns + self.every_ns:
            return memory, ()
        if snap.bid == EMPTY_BID or snap.ask == EMPTY_ASK or snap.bid >= snap.ask:
            return memory, ()
        if 0 < snap.left_ns < self.every_ns:
            return memory, ()
        quotes = (
            Place(BID, snap.bid, self.qty, self.every_ns, _JOIN),
            Place(ASK, snap.ask, self.qty, self.every_ns, _JOIN),
        )
        return ProbeMemory(snap.ts), quotes

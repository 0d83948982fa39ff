"""How fast questions are asked: standing ones no faster than the venue bears, prints in turn beside them."""

from collections.abc import Container, Sequence

from msgspec.structs import replace

from cockpit.domain.units import SECOND
from cockpit.feeds.base import Poll

STANDING = (6, 10)
"""The part of the budget that standing questions may take; the rest is for what is asked once."""
OURS = 3
"""Every so many reads one may be for the prints of a market somebody of ours is in."""
OTHERS_NS = 5 * SECOND
"""How often the prints of a market nobody of ours is in are asked for: its tape stays roughly known."""


def stretched(polls: Sequence[Poll], reads_per_s: int) -> list[Poll]:
    """Standing questions, asked more seldom where all of them together are more than the budget bears.

    The stretch goes in quarters, so that questions stay the same while little changes.
    """
    part, whole = STANDING
    asked = sum(each.cost * SECOND * 1_000 // each.every_ns for each in polls if each.every_ns)
    borne = max(1, reads_per_s * 1_000 * part // whole)
    if asked <= borne:
        return list(polls)
    quarters = -(-4 * asked // borne)
    return [
        replace(each, every_ns=each.every_ns * quarters // 4) if each.every_ns else each for each in polls
    ]


class Tapes:
    """Markets whose prints are to be asked for: ours as soon as the budget bears it, the others in a slow round."""

    def __init__(self, reads_per_s: int) -> None:
        self._ours_ns = OURS * SECOND // max(1, reads_per_s)
        self._grown: dict[str, None] = {}
        self._ours_at = 0
        self._others_at = 0

    def grown(self, market: str) -> None:
        """Something was printed there."""
        self._grown.setdefault(market)

    def due(self, now: int, ours: Container[str], watched: Container[str]) -> list[str]:
        """Whose prints to ask for now."""
        found: list[str] = []
        mine = next((name for name in self._grown if name in ours), None)
        if mine is not None and now >= self._ours_at:
            self._ours_at = now + self._ours_ns
            found.append(mine)
        other = next((name for name in self._grown if name not in ours), None)
        if other is not None and now >= self._others_at:
            del self._grown[other]
            if other in watched:
                self._others_at = now + OTHERS_NS
                found.append(other)
        if mine in found:
            self._grown.pop(str(mine), None)
        return found

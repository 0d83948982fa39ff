"""How often a path may be asked: once in so many seconds, after a few at once. Beyond that it is a page of HTML.

Source: measured at one question a second on one book, of which the seventh was refused with ``Retry-After: 10``.
"""

import msgspec

from cockpit.domain.units import SECOND
from cockpit.rehearsal.stands.asked import Answer

RETRY_S = 10
_PAGE = b"<html><head><title>429 Too Many Requests</title></head><body><h1>429 Too Many Requests</h1></body></html>"
TOO_MANY = Answer(429, _PAGE, (("Content-Type", "text/html"), ("Retry-After", str(RETRY_S))))


class Pace(msgspec.Struct, frozen=True):
    """One question in ``every_s`` seconds; ``burst`` of them may come at once, in tenths of a question."""

    every_s: float = 2.0
    burst: int = 35


class Gate:
    """Counts by path, whatever the query."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._levels: dict[str, tuple[int, float]] = {}

    def refusal(self, path: str, now: int) -> Answer | None:
        """The answer to a question that comes too early (``now`` ns UTC); None lets it in."""
        full = self._pace.burst / 10
        at, level = self._levels.get(path, (now, full))
        if self._pace.every_s > 0:
            level = min(full, level + (now - at) / SECOND / self._pace.every_s)
        if level < 1:
            return TOO_MANY
        self._levels[path] = (now, level - 1)
        return None

"""How much a source of odds still answers, and what may be asked of it.

What a month's credits allow is set by how often is asked; what is left is told with every answer. Below a floor nothing is
asked that costs: only, a few times a day, the list that costs nothing, which tells when the account has credits again.
"""

from collections.abc import Mapping

import msgspec

from cockpit.feeds.sportsbook.theoddsapi import LEFT, USED


class Credits(msgspec.Struct):
    """An account's credits as told last."""

    left: int | None = None
    used: int = 0
    heard: bool = False
    """Whether the free list was answered."""
    season: list[str] | None = None
    """Sports that are played now; None where nothing says."""

    def take(self, headers: Mapping[str, str] | None) -> bool:
        """Note what an answer's headers tell; whether they tell anything."""
        left, used = _whole(headers, LEFT), _whole(headers, USED)
        if left is None:
            return False
        self.left, self.used = left, used if used is not None else self.used
        return True

    def allows(self, sport: str, keep: int) -> bool:
        """Whether a sport's odds may be asked for."""
        enough = self.left is None or self.left >= keep
        return self.heard and enough and (self.season is None or sport in self.season)


def _whole(headers: Mapping[str, str] | None, name: str) -> int | None:
    """A header's number of credits; a part of one does not count."""
    text = (headers or {}).get(name, "").strip().partition(".")[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

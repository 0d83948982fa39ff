"""Prints that were missed while nobody listened: asked for by market, until they are answered.

Only markets somebody of ours is in are asked about: there a print may have filled an order. Books wait for the answers,
but no longer than a moment; what is answered after that is told all the same, and moves no queue a book has clamped.
"""

from collections import Counter
from collections.abc import Container

import msgspec

from cockpit.domain.units import SECOND
from cockpit.feeds.census import tally
from cockpit.feeds.kalshi.watch import Watch

HOLD_NS = 3 * SECOND
"""How long books wait for missed prints after a connection is made again."""
AGAIN_NS = 5 * SECOND
"""How soon what was not answered is asked again."""
GIVE_UP_NS = 120 * SECOND
"""How long it is asked again."""
SLACK_NS = 2 * SECOND
"""Prints of different markets may be told out of order by so much; one told twice counts once."""


class Missing(msgspec.Struct):
    """One market's missed prints. Times ns UTC; 0 where not known yet."""

    since: int
    failed_ns: int = 0
    """When the first question failed."""
    again_ns: int = 0
    """When to ask again."""


class Backfill:
    """What is missing, and what is asked for it."""

    def __init__(self, watch: Watch, census: Counter[str]) -> None:
        self._watch = watch
        self._census = census
        self._missing: dict[str, Missing] = {}
        self._asked: dict[str, str] = {}
        """Market by the URL asked for its prints."""
        self._holding = False
        self._patience = 0
        """Until when books wait; 0 before the first frame of the new connection."""

    def lost(self, name: str, since: int) -> None:
        """Nobody listens to a market from ``since`` on, by the venue's clock; what was asked before is of no use now."""
        self._asked = {url: market for url, market in self._asked.items() if market != name}
        known = self._missing.get(name)
        self._missing[name] = Missing(since if known is None else min(since, known.since))

    def ask(self, ours: Container[str]) -> bool:
        """Somebody listens again: ask for what is ours, forget the rest; whether books are to wait."""
        for name in sorted(self._missing):
            if name not in ours:
                del self._missing[name]
            elif name not in self._asked.values():
                self._ask(name)
        self._holding, self._patience = bool(self._asked), 0
        return self._holding

    def _ask(self, name: str) -> None:
        known = self._missing[name]
        known.again_ns = 0
        poll = self._watch.prints(name, known.since)
        self._asked[poll.url] = name
        self._watch.ask(poll)

    def answered(self, url: str, following: str, now: int, *, fine: bool) -> bool:
        """An answer came, and perhaps another page follows; whether books may come now."""
        name = self._asked.pop(url, None)
        known = self._missing.get(name or "")
        if name is not None and known is not None:
            if not fine:
                self._failed(name, known, now)
            elif following:
                self._asked[following] = name
            else:
                del self._missing[name]
        return self._holding and not self._asked and self._release()

    def _failed(self, name: str, known: Missing, now: int) -> None:
        known.failed_ns = known.failed_ns or now
        if now - known.failed_ns < GIVE_UP_NS:
            known.again_ns = now + AGAIN_NS
        else:
            del self._missing[name]
            tally(self._census, "print", "missed for good")

    def pass_time(self, now: int) -> bool:
        """Ask again what is due; whether books have waited long enough."""
        for name, known in self._missing.items():
            if 0 < known.again_ns <= now:
                self._ask(name)
        if not self._holding:
            return False
        self._patience = self._patience or now + HOLD_NS
        return now >= self._patience and self._release()

    def _release(self) -> bool:
        self._holding, self._patience = False, 0
        return True

    @property
    def holding(self) -> bool:
        """Whether books wait."""
        return self._holding

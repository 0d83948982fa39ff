"""What is said at a speech, and when: drawn before it begins, known to nobody who trades until it is said.

Each phrase comes up at a constant rate, with P over the whole speech; so of one that was not said yet, with a share r of the
speech to come, P(said) = 1 - (1 - P)^r.
"""

import math

import msgspec

from cockpit.domain.newyork import local, trading_day
from cockpit.domain.units import SECOND
from cockpit.rehearsal.agents import Crowding, Habits
from cockpit.rehearsal.draws import Draws

MINUTE_NS = 60 * SECOND
MARGIN_NS = 30 * SECOND
"""From the end of a speech to the world's close."""


class Word(msgspec.Struct, frozen=True):
    """A phrase of the list: how it is written, how likely it is said over the whole speech, who lists it."""

    label: str
    chance: float
    tag: str
    """Kalshi's suffix."""
    both: bool = False
    """Whether Polymarket lists it as well."""


class Speech(msgspec.Struct, frozen=True):
    """A speech as frozen data, and who trades its words."""

    place: str
    words: tuple[Word, ...]
    gone_s: float
    """How long before the world it began."""
    minutes: int
    makers: tuple[Habits, ...]
    crowding: Crowding
    hawk_pace_s: float
    nerves_s: float = 4.0
    lead_s: float = 0.0
    """How much earlier Polymarket's traders hear it; below 0 later."""
    events: int = 24
    """Past events in the record that a recording holds."""


class Script:
    """One speech, drawn."""

    def __init__(self, spec: Speech, start: int, close: int, draws: Draws) -> None:
        """``start`` and ``close`` are the world's, ns UTC: a speech is over before it closes."""
        self.spec = spec
        latest = close - MARGIN_NS - spec.minutes * MINUTE_NS
        self.begins = min(start - int(spec.gone_s * SECOND), latest) // MINUTE_NS * MINUTE_NS
        self.ends = self.begins + spec.minutes * MINUTE_NS
        self.said: dict[str, int] = {}
        """When each word that is said comes up."""
        self.words: list[Word] = []
        """Those still open when the world begins."""
        length = self.ends - self.begins
        for word in spec.words:
            rate = -math.log(1.0 - word.chance)
            at = self.begins + int(draws.exponential(1.0) / rate * length)
            if at < start + 20 * SECOND:
                at = start + 20 * SECOND + int(draws.exponential(1.0) / rate * length)
            self.words.append(word)
            if at < self.ends:
                self.said[word.label] = at

    @property
    def day(self) -> str:
        """New York's, as an ISO date."""
        return f"{local(self.begins):%Y-%m-%d}"

    @property
    def midnight(self) -> int:
        """When that day began, ns UTC."""
        return trading_day(self.begins)

    def chance(self, word: Word, now: int) -> float:
        """The true chance that a word is said, as seen at ``now`` (ns UTC)."""
        at = self.said.get(word.label)
        if at is not None and now >= at:
            return 1.0
        left = (self.ends - now) / (self.ends - self.begins)
        return 1.0 - float((1.0 - word.chance) ** min(max(left, 0.0), 1.0))

    def over(self, word: Word) -> int:
        """When a word's outcome is known: when it is said, else at the end; ns UTC."""
        return self.said.get(word.label, self.ends)

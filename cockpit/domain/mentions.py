"""Words said at events: what calendars announce, what was said before, and what a screen may see of it all.

Times are ns UTC, days ISO dates in New York, chances floats, prices price units.
"""

from enum import StrEnum

import msgspec


class Stage(StrEnum):
    """Where an event stands."""

    ANNOUNCED = "announced"
    SOON = "soon"
    LIVE = "live"
    ENDED = "ended"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class Occasion(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One entry of a calendar."""

    id: str
    """The source's own name for it, or a hash of what it says."""
    source: str
    """The calendar, by its name in the settings."""
    title: str
    start_ns: int
    end_ns: int = 0
    """0 where the calendar says none."""
    speaker: str = ""
    """Whose words it is known to be an occasion of, folded surname; empty where the calendar is of many."""
    kind: str = ""
    """The calendar's own: "FOMC", "President Schedule"."""
    location: str = ""
    url: str = ""
    cancelled: bool = False
    all_day: bool = False
    """It has a day and no time: ``start_ns`` is that day's midnight in New York."""
    sure: bool = True
    """Whether its time is stated with a zone; else New York's is assumed."""


class Occurrence(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One phrase at one event that is over: said, or not."""

    day: str
    """ISO date of the event."""
    event: str
    speaker: str
    """Folded surname."""
    kind: str
    """As `cockpit.models.mentions.occasions` names it."""
    phrase: str
    """As `cockpit.models.mentions.rates.key` makes it."""
    said: bool


class EventShare(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """How many of the phrases listed for an event that is over were said."""

    day: str
    event: str
    speaker: str
    kind: str
    said: int
    n: int


# ---------------------------------------------------------------------------------------------- the screen's part


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class PhraseChance(_Part, frozen=True):
    """P(said) at its lowest, middle and highest."""

    low: float
    mid: float
    high: float


class PhraseLine(_Part, frozen=True):
    """What one venue says of a phrase, and what a maker could do there."""

    venue: str
    """K, P or U."""
    market: str
    bid: int
    """Of YES; `cockpit.domain.book.EMPTY_BID` for none."""
    ask: int
    age_ns: int
    side: int = 0
    """BID buys YES, ASK buys NO; 0 where nothing can be reckoned."""
    price: int = 0
    """YES price it would rest at."""
    edge: float | None = None
    low: float | None = None
    mark: str = ""
    """One letter as on Edges."""
    move: float | None = None
    """Change of the middle over five minutes, dollars."""


class PhraseView(_Part, frozen=True):
    """One phrase of an event."""

    label: str
    """As the venue writes it: "Crypto / Bitcoin"."""
    phrase: str
    """Its key."""
    least: int
    """How many times at least; 1 is once."""
    lines: tuple[PhraseLine, ...]
    """Kalshi first."""
    rate: float
    """Base rate at such events."""
    n: int
    """Events behind it."""
    chance: PhraseChance | None
    flags: tuple[str, ...] = ()
    """RULES (the venues count differently), x5 (so many times), POST (written words), BOTH (listed on both)."""
    settled: str = ""
    """yes or no, once it is."""


class SpeechView(_Part, frozen=True):
    """One event with mention markets, or one a calendar announces without any."""

    id: str
    title: str
    speaker: str
    kind: str
    stage: Stage
    start_ns: int
    """0 where nobody says."""
    end_ns: int
    """Stated, or by what such events usually last; 0 where there is no start."""
    clock: str
    """Who says when it begins: venue, calendar, guess; empty for nobody."""
    phrases: tuple[PhraseView, ...]
    venues: tuple[str, ...] = ()
    location: str = ""
    source: str = ""
    """The calendar entry it was found to be, by its calendar's name."""
    moved_ns: int = 0
    """By how much its start was last moved."""
    url: str = ""
    all_day: bool = False
    """It has a day and no time: ``start_ns`` is that day's midnight in New York."""


class PastView(_Part, frozen=True):
    """A phrase at an event of the past."""

    day: str
    event: str
    kind: str
    said: bool


class PhraseDetail(_Part, frozen=True):
    """One phrase in full."""

    speech: SpeechView
    phrase: PhraseView
    past: tuple[PastView, ...]
    """Newest first."""
    explanation: tuple[tuple[str, float], ...]
    rules: tuple[tuple[str, str], ...]
    """What counts by each venue's rules, in words."""


class ScheduleView(_Part, frozen=True):
    """All events: live first, then by start."""

    speeches: tuple[SpeechView, ...] = ()
    known: int = 0
    """Occurrences the base rates are made from."""
    sources: tuple[tuple[str, int], ...] = ()
    """Calendars, and when each was last heard, ns UTC."""

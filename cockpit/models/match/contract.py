"""One venue's market as typed terms, which is what two venues' markets are compared by.

Fields come from the venue's structured fields first and from its words second. A field the venue is silent on stays
empty ("", None, 0), which never counts as agreement. Words that no field accounts for stand in ``rest``, so that
nothing a title says is lost: two contracts are the same only when their rests are the same as well.
"""

import msgspec

UNKNOWN_WINDOW = -1
"""``window_s`` of a venue that does not say whether it takes one observation or a mean."""
NUMBERED = frozenset({">", ">=", "<", "<=", "between"})
"""Comparators whose terms are bounds; ``is`` has a value instead."""


class TypedContract(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What one market pays YES on. Bounds in 1e-8 of the unit, instants ns UTC, windows in seconds."""

    market: str
    venue: str
    family: str = ""
    """crypto, fed, cpi, gdp, jobs, politics, nba, nfl, mlb, nhl, sports, mentions, weather, text."""
    subject: str = ""
    """Who or what is observed: "BTC", "FOMC", "US House TX-17", "NYC", a speaker, a game."""
    measure: str = ""
    """What about it: "price", "up or down", "target rate change", "winner", "says", "high temperature"."""
    scope: str = ""
    """Which variety of the measure: "15m", "core mom", "primary D", "first round", "first half"."""
    period: str = ""
    """What it is about, in the calendar: "2026", "2026-10", "2026-07-01", "2026Q3", "<=2026-12-31"."""
    comparator: str = ""
    low: int | None = None
    high: int | None = None
    low_closed: bool = False
    """Whether the lower bound itself pays YES."""
    high_closed: bool = False
    step: int = 0
    """The settlement value moves in multiples of this, 1e-8 of the unit; 0 not known."""
    value: str = ""
    """What it must be, where the comparator is ``is``: party, team, candidate, word, bucket."""
    count: int = 0
    """How many times at least, where that is asked; 0 where it is not."""
    unit: str = ""
    instant_ns: int = 0
    """When the value is observed, or the window ends; 0 not known."""
    window_s: int = UNKNOWN_WINDOW
    """The averaging window that ends there: 0 a single observation, ``UNKNOWN_WINDOW`` not known."""
    zone: str = ""
    source: str = ""
    rounding: str = ""
    """Decimals the value is rounded to, in words of digits ("2")."""
    void: str = ""
    """What happens when there is no result: "50-50", "fair price", "no", "deferred"."""
    polarity: int = 1
    """+1 YES affirms the proposition, -1 YES denies it."""
    group: str = ""
    """The venue's event, whose markets settle on one outcome."""
    series: str = ""
    exclusive: bool = False
    """Whether at most one value of this question can come true."""
    binary: bool = False
    """Whether exactly one of two values must: a game without a draw."""
    rest: tuple[str, ...] = ()
    """Words that no other field accounts for, sorted."""
    loose: tuple[str, ...] = ()
    """Words that may stand on one side only without changing the question ("award", "official"), sorted."""
    opens_ns: int = 0
    """When the market was opened: what "in 2026" and "before 2027" have in common begins there."""
    doubt: str = ""
    """Why the reading is not to be trusted: the market's own fields contradict each other."""
    confidence: float = 1.0
    """1 typed from structured fields, less from text."""

    @property
    def numbered(self) -> bool:
        """Whether the terms are bounds rather than a value."""
        return self.comparator in NUMBERED

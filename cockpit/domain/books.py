"""Sportsbooks: what each asks for a game, and what a screen may see of all of them together.

Odds are decimal, in 1/10000 (1.95 is 19,500); points 1/100. Teams go by Kalshi's codes. A chance is the home side's.
"""

import msgspec

ODDS = 10_000
"""Odds units in decimal odds of 1."""


class BookPrice(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One book's price of one outcome."""

    book: str
    """The source's key: "fanduel"."""
    market: str
    """h2h, spreads or totals."""
    outcome: str
    """A team's code, Over, Under or Draw."""
    odds: int
    point: int | None = None
    updated_ns: int = 0
    """When the book last said so; 0 where the source does not tell."""
    exchange: bool = False
    """Whether it is an exchange: what trades there is no opinion of a book's, and enters no consensus."""


class BookGame(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One game as a source of odds has it, whole."""

    id: str
    league: str
    start_ns: int
    away: str
    home: str
    prices: tuple[BookPrice, ...]
    titles: tuple[tuple[str, str], ...] = ()
    """Books' names by key."""


# ---------------------------------------------------------------------------------------------- the screen's part


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class BookLineView(_Part, frozen=True):
    """One book on a game's winner."""

    book: str
    home: int
    """Decimal odds, 1/10000."""
    away: int
    low: float
    """The home side's chance by the worst method for its buyer, the middle one, and the best."""
    mid: float
    high: float
    margin: float
    age_ns: int
    stale: bool = False
    exchange: bool = False


class BookGameView(_Part, frozen=True):
    """A game, the books on it, and the venue's price beside."""

    id: str
    league: str
    away: str
    home: str
    start_ns: int
    lines: tuple[BookLineView, ...]
    """Fresh first."""
    n: int
    """Books in the consensus."""
    low: float | None
    mid: float | None
    """The median of the books' chances of the home side; None with fewer than three fresh ones."""
    high: float | None
    venue: str = ""
    """K, P or U: where the better maker's order stands."""
    market: str = ""
    team: str = ""
    """Whom it would buy."""
    price: int = 0
    bid: int = 0
    """The venue's best bid and ask for the home side, price units; 0 for none."""
    ask: int = 0
    edge: float | None = None
    """Of the order against the consensus by the worst method, net of the maker's fee, dollars a contract."""
    mark: str = ""
    ours: float | None = None
    """Our own model's chance of the home side."""


class BooksView(_Part, frozen=True):
    """All games with odds, the best edge first."""

    games: tuple[BookGameView, ...] = ()
    heard_ns: int = 0
    left: int | None = None
    """Questions left in the source's budget; None where it does not say."""
    used: int | None = None

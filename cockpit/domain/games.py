"""Games of a league: what a score feed says of one, and what a screen may see of all.

Teams go by Kalshi's codes, see `cockpit.models.teams`. Scores are whole points, clocks milliseconds, lines 1/100 point,
chances floats. A chance is always the home side's.
"""

from enum import StrEnum

import msgspec

LINE = 100
"""Line units in a point."""


class Phase(StrEnum):
    """Where a game stands."""

    PRE = "pre"
    LIVE = "live"
    BREAK = "break"
    """Between periods, half-time included: the clock stands at the end of ``period``."""
    FINAL = "final"
    VOID = "void"
    """Postponed, cancelled, forfeited: not played, at least not now."""


class GameLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A book's line before the game."""

    provider: str = ""
    spread: int | None = None
    """The home side's, 1/100 point: -650 where home is favoured by 6.5."""
    total: int | None = None
    """1/100 point."""
    home: int | None = None
    """American odds: -220 or +180."""
    away: int | None = None


class Game(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One game as one answer of a source has it."""

    id: str
    """League and the source's own number: "nba 401705718"."""
    league: str
    start_ns: int
    """ns UTC."""
    away: str
    home: str
    phase: Phase
    period: int = 0
    """1 to 4, from 5 on overtimes; 0 before the game."""
    clock_ms: int = 0
    """Left of the period."""
    away_score: int = 0
    home_score: int = 0
    away_periods: tuple[int, ...] = ()
    """Points by period, overtimes after the fourth."""
    home_periods: tuple[int, ...] = ()
    status: str = ""
    """The source's name of it: STATUS_HALFTIME."""
    detail: str = ""
    """The source's words: "3:51 - 4th"."""
    neutral: bool = False
    playoffs: bool = False
    ball: int = 0
    """Who has it: 1 home, -1 away, 0 not known."""
    line: GameLine | None = None
    play: str = ""
    """The last play's number."""
    said: int | None = None
    """The source's own chance of the home side, 1/10000."""


class Played(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A moment of a game that is past, by the source's own wall clock."""

    ts: int
    """ns UTC."""
    period: int
    clock_ms: int
    away_score: int
    home_score: int
    said: int | None = None
    """The source's own chance of the home side then, 1/10000."""


# ---------------------------------------------------------------------------------------------- the screen's part


class _Part(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What all parts share."""


class Chance(_Part, frozen=True):
    """P(home wins) at its lowest, middle and highest."""

    low: float
    mid: float
    high: float


class VenueLine(_Part, frozen=True):
    """What one venue says of a game, in terms of the home side: its price and what a maker could do there."""

    venue: str
    """K, P or U."""
    market: str
    """The market in which the better side is bought."""
    bid: int
    """Best bid for the home side, price units; `cockpit.domain.book.EMPTY_BID` for none."""
    ask: int
    age_ns: int
    team: str = ""
    """Whom the better order buys; empty where nothing can be reckoned."""
    price: int = 0
    """What it pays for a contract of that team, price units."""
    edge: float | None = None
    """Of that, at the middle of the band, net of the maker fee, dollars a contract."""
    low: float | None = None
    """On the worse side of the band."""
    mark: str = ""
    """One letter as on Edges: T ticket, P position, W working, ! blocked, ? doubt."""


class RuleFlag(_Part, frozen=True):
    """Whether one of the three rules asks for this game now."""

    rule: str
    """homeUnderdog, favoriteFade or lateGameLeader."""
    on: bool
    model: bool = False
    """Whether the model agrees."""
    team: str = ""
    """Whom it would buy."""
    why: str = ""
    """What stands against it; empty where it is on."""
    held: bool = False
    """Whether a shadow lane of it holds something here."""
    veto: str = ""
    """What the model has against it, where it is on."""


class GameView(_Part, frozen=True):
    """One line of the board."""

    id: str
    league: str
    away: str
    home: str
    phase: Phase
    start_ns: int
    period: int
    clock_ms: int
    away_score: int
    home_score: int
    detail: str
    chance: Chance | None
    """None where nothing is known, the game is over, or the message is too old."""
    before: float | None
    """The middle five minutes ago."""
    venues: tuple[VenueLine, ...]
    """Kalshi first."""
    spread: float | None
    """The book's home line, points."""
    book: float | None
    """The book's chance of the home side before the game, its margin taken out."""
    provider: str
    flags: tuple[RuleFlag, ...]
    """Three, always in the same order; none once the game is over."""
    age_ns: int
    """Of the last message about it."""
    stale: bool
    fitted: bool
    """Whether recorded games stand behind the model's numbers."""
    trouble: str = ""
    """Why its contracts are not priced: two games on one key, sides that differ."""
    neutral: bool = False


class GamePoint(_Part, frozen=True):
    """A moment of the win-probability chart; prices are the home side's mids, 0 for none."""

    ts: int
    low: float | None
    mid: float | None
    high: float | None
    lead: int
    """Home minus away."""
    kalshi: int = 0
    """Twice the mid, price units."""
    polymarket: int = 0
    said: float | None = None
    """The source's own chance."""


class GameDetail(_Part, frozen=True):
    """One game in full."""

    game: GameView
    points: tuple[GamePoint, ...]
    """Oldest first."""
    away_periods: tuple[int, ...]
    home_periods: tuple[int, ...]
    explanation: tuple[tuple[str, float], ...]
    said: float | None = None
    """The source's own chance of the home side, smoothed over three."""
    source: str = ""
    """Where the model's numbers come from."""
    line_ns: int = 0
    """When the line was heard."""


class Claim(_Part, frozen=True):
    """What somebody claims for a rule, beside what its shadow lane has come to."""

    rule: str
    model: bool
    """The lane that asks the model as well."""
    claimed: float | None
    """Win rate that is claimed; None where none is."""
    claimed_n: str = ""
    """How many games are said to stand behind it, in words."""
    n: int = 0
    """Games settled."""
    wins: int = 0
    low: float | None = None
    high: float | None = None
    """Wilson interval of the win rate, 95 %."""
    entry: float | None = None
    """Mean price paid with its fee, dollars: the win rate that breaks even."""
    said: float | None = None
    """Mean probability of the model at entry."""
    brier: float | None = None
    net: int = 0
    """Fee-adjusted, money units."""
    verdict: str = ""
    """unproven, supported or contradicted."""
    open: int = 0
    """Games it holds something in."""
    source: str = ""
    """Who claims it, in words."""
    note: str = ""
    """What else is known of the claim: what it is contrary to."""


class BoardView(_Part, frozen=True):
    """The board: live games first, then those to come, then those that are over."""

    games: tuple[GameView, ...] = ()
    claims: tuple[Claim, ...] = ()
    """Six: three rules, each alone and with the model."""
    unjoined: int = 0
    """Game markets no game of the score feed is found for."""
    heard_ns: int = 0
    """When the score feed last said anything; 0 never."""

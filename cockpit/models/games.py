"""Games and the contracts on their winners: which belong together, and what a win is worth as of a score message.

A game is a league, a New York date, who is away and who is at home, in this order: the pair can meet twice in two days,
and a title says neither. A Kalshi ticker and a Polymarket slug state all four in codes; a score feed states them by its
own codes and the start. Nothing is joined by words.

The value is the family of `cockpit.models.scoreline`, in terms of the team whose win pays. Its band gets one more cause:
what was scored and is not told yet. A message of age a, from a feed that is itself l seconds behind, hides a lead's
standard deviation of sigma sqrt((a + l) / T), as if the clock had run all the while.
"""

import math
import re
from datetime import date

import msgspec

from cockpit.domain.games import LINE, Game, GameLine, Phase
from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.models import devig, nba, nfl
from cockpit.models.fair import BAND, Fair, GameOutlook
from cockpit.models.match.read import read
from cockpit.models.match.teams import team
from cockpit.models.match.words import fold
from cockpit.models.scoreline import Line, Parameters, State, chance, explain, win
from cockpit.models.teams import Team, by_kalshi, by_polymarket

LEAGUES = ("nba", "nfl")
APART_NS = 6 * 3600 * SECOND
"""How far apart two sources' starts of one game may be."""
LEAST_ERROR = 0.004
"""Standard error no chance goes below, in probability: scores are corrected and last shots reviewed. Ours."""
_TICKER = re.compile(
    r"KX(NBA|NFL)GAME-([0-9]{2})([A-Z]{3})([0-9]{2})(?:[0-9]{4})?([A-Z]{4,6})(?:-([A-Z]{2,3}))?", re.ASCII
)
_SLUG = re.compile(r"\b(nba|nfl)-([a-z]{2,3})-([a-z]{2,3})-(20[0-9]{2}-[0-9]{2}-[0-9]{2})\b", re.ASCII)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"), start=1
    )
}


class Fixture(msgspec.Struct, frozen=True, order=True):
    """One game of a schedule; teams by Kalshi's codes."""

    league: str
    day: str
    """In New York: "2026-02-07"."""
    away: str
    home: str

    @property
    def label(self) -> str:
        """``BOS@NYK``."""
        return f"{self.away}@{self.home}"


class GameContract(msgspec.Struct, frozen=True):
    """A market that pays when one team wins one game."""

    fixture: Fixture
    home: bool
    """Whether YES pays on the home side."""
    start_ns: int = 0
    """When the venue says it begins; 0 where it does not."""

    @property
    def team(self) -> str:
        """Whose win YES pays on."""
        return self.fixture.home if self.home else self.fixture.away


def fixture_of(game: Game) -> Fixture:
    """The game as a fixture: its day is New York's of its start."""
    return Fixture(game.league, f"{local(game.start_ns):%Y-%m-%d}", game.away, game.home)


def fixture_of_ticker(ticker: str) -> tuple[Fixture, str] | None:
    """The fixture of a Kalshi event's or market's ticker, and the code of the team YES is about (empty for none)."""
    found = _TICKER.fullmatch(ticker)
    if found is None:
        return None
    league = found[1].lower()
    pair = _two(league, found[5])
    try:
        day = date(2000 + int(found[2]), _MONTHS[found[3]], int(found[4]))
    except (KeyError, ValueError):
        return None
    if pair is None:
        return None
    return Fixture(league, day.isoformat(), pair[0].code, pair[1].code), found[6] or ""


def _two(league: str, run: str) -> tuple[Team, Team] | None:
    """Two codes written without a gap; None unless exactly one cut makes two teams."""
    cuts = [(by_kalshi(league, run[:i]), by_kalshi(league, run[i:])) for i in (2, 3)]
    found = [(one, other) for one, other in cuts if one is not None and other is not None and one != other]
    return found[0] if len(found) == 1 else None


def contract(market: Market, group: EventGroup | None = None) -> GameContract | None:
    """What a market pays on, where that is the winner of a game of ours; None for anything else, or in doubt.

    The codes say which game; the words are read as well (`cockpit.models.match`) and must agree. Where the ticker does
    not say which team YES is, the outcome's label must name it: "Yes" and "Over" are no teams.
    """
    known = fixture_of_ticker(market.ticker) if market.venue == "kalshi" else _by_slug(market, group)
    if known is None:
        return None
    fixture, named = known
    terms = read(market, group)
    plain = (
        terms.family == fixture.league and terms.measure == "winner" and not terms.doubt and not terms.scope
    )
    if not plain or terms.period not in ("", fixture.day) or (named and terms.value != named):
        return None
    if terms.value not in (fixture.away, fixture.home) or terms.polarity != 1:
        return None
    if not named and _labelled(fixture.league, market.subtitle) != terms.value:
        return None
    return GameContract(fixture, terms.value == fixture.home, terms.instant_ns)


def _labelled(league: str, label: str) -> str:
    """The team an outcome's label begins with: "Thunder", "Thunder - Thunder vs. Spurs"; empty for none."""
    return team(league, fold(label).partition(" - ")[0].partition(":")[0].strip())


def _by_slug(market: Market, group: EventGroup | None) -> tuple[Fixture, str] | None:
    """The fixture of the event's slug, or of a market that is named by its own."""
    found = _SLUG.search(group.subtitle if group is not None else "") or _SLUG.search(market.ticker)
    if found is None:
        return None
    away, home = by_polymarket(found[1], found[2]), by_polymarket(found[1], found[3])
    if away is None or home is None or away == home:
        return None
    return Fixture(found[1], found[4], away.code, home.code), ""


# ---------------------------------------------------------------------------------------------- the value


class Outset(msgspec.Struct, frozen=True):
    """What was known of a game before it began, and the numbers that go with it."""

    line: Line
    numbers: Parameters
    book: float | None = None
    """The home side's chance by the book, its margin taken out."""


def outset(game: Game, line: GameLine | None) -> Outset:
    """The drift of a game: by the moneyline where there is one, else by the spread, else by the home side."""
    spread = line.spread / LINE if line is not None and line.spread is not None else None
    book = moneyline(line)
    if game.league == "nfl":
        found = nfl.outlook(spread, book, neutral=game.neutral, playoffs=game.playoffs)
    else:
        found = nba.outlook(spread, book, neutral=game.neutral)
    return Outset(*found, book)


def moneyline(line: GameLine | None) -> float | None:
    """The home side's chance by a book's two prices, its margin taken out; None unless both are odds of a book."""
    if line is None or line.home is None or line.away is None:
        return None
    try:
        return devig.moneyline(line.home, line.away).mid
    except ValueError:
        return None


def state_of(game: Game) -> State:
    """Score and clock for the model; before the game the whole of it is left."""
    league = nfl if game.league == "nfl" else nba
    if game.phase is Phase.PRE or game.period < 1:
        return State(0.0, league.REGULATION_S)
    left, overtime = league.seconds_left(game.period, game.clock_ms / 1000.0)
    return State(float(game.home_score - game.away_score), left, overtime, game.ball)


def price(game: Game, known: Outset, age_s: float, *, home: bool) -> Fair:
    """What one side's contract is expected to pay, with its band, as of a message so old, the feed's delay included.

    Args:
        game: as the message has it.
        known: before the game.
        age_s: of the message, seconds.
        home: whose win pays; a draw pays one half.
    """
    state, numbers = state_of(game), known.numbers
    found = chance(state, known.line, numbers)
    running = game.phase is Phase.LIVE
    hidden = numbers.sigma * math.sqrt(max(0.0, age_s) / numbers.regulation) if running else 0.0
    error = math.hypot(found.error, hidden * _slope(state, known.line.drift, numbers), LEAST_ERROR)
    mid = found.mid if home else 1.0 - found.mid
    half = BAND * error
    outlook = GameOutlook(
        spot=state.lead if home else -state.lead,
        left_s=state.left,
        overtime=state.overtime,
        drift=known.line.drift if home else -known.line.drift,
        numbers=numbers.name,
        source="ESPN",
        age_s=age_s,
        home=home,
        ball=state.ball,
        line_error=known.line.error,
        lead_error=hidden,
    )
    return Fair(max(0.0, mid - half), mid, min(1.0, mid + half), error, outlook)


def reasons(game: Game, known: Outset, fair: Fair) -> tuple[tuple[str, float], ...]:
    """How a fair value of the home side came about, as (name, number) pairs in reading order."""
    state = state_of(game)
    hidden = fair.outlook.lead_error if isinstance(fair.outlook, GameOutlook) else 0.0
    unseen = BAND * hidden * _slope(state, known.line.drift, known.numbers)
    return (
        *explain(state, known.line, known.numbers),
        ("band unseen", unseen),
        ("message age", fair.outlook.age_s),
        ("games fitted on", float(known.numbers.n)),
    )


def _slope(state: State, drift: float, numbers: Parameters) -> float:
    """Change of P by a point of the lead."""
    if state.left <= 0.0:
        return 0.0
    up = win(msgspec.structs.replace(state, lead=state.lead + 1.0), drift, numbers)
    down = win(msgspec.structs.replace(state, lead=state.lead - 1.0), drift, numbers)
    return (up - down) / 2.0

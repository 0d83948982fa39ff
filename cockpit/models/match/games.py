"""Games of the big leagues: who wins, by how much, how many points, in which game of which day.

The game is the pair of teams and the New York date. The order of the teams says who is at home on one venue and nothing on
another, so that it is no part of the question; which team YES is always is.
"""

import re

import msgspec

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.domain.units import UNDERLYING, UNDERLYING_DIGITS, fixed
from cockpit.models.match.amounts import Bounds, bounded, half_line
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.dates import period_of_day, ticker_date, times
from cockpit.models.match.frame import hints_of
from cockpit.models.match.teams import LEAGUES, code, leagues_of, team
from cockpit.models.match.words import fold, tokens

_TICKER = re.compile(
    r"KX(NBA|NFL|MLB|NHL)(GAME|SPREAD|TOTAL)-\d\d[A-Z]{3}\d\d(?:\d{4})?([A-Z]{4,7})(?:-([A-Z]*)(\d*))?"
)
_VERSUS = re.compile(
    r"(?:^|[:-]\s|\b(?:in|the|win)\s)(?:nba |nfl |mlb |nhl )?(?:the )?([a-z0-9.' ]+?)\s+(?:vs?\.?|@|at)\s+(?:the )?"
    r"([a-z0-9.' ]+?)(?=\s*(?:[:(?,-]|\bon\b|\bwinner\b|\bpro\b|\bprofessional\b|\bgame\b|\bnba\b|\bnfl\b|\bmlb\b|\bnhl\b|\btotal\b|\bo/u\b|\bspread\b|$))"
)
_BEAT = re.compile(
    r"^will (?:the )?([a-z0-9.' ]+?) (?:beat|defeat|win against|win over) (?:the )?([a-z0-9.' ]+?)(?=\s*(?:[(?,]|\bon\b|\bin\b|$))"
)
_WINS = re.compile(r"\bwill (?:the )?([a-z0-9.' ]+?) win\b|(?:^|: )([a-z0-9.' ]+?) (?:wins|to win)\b")
_SPREAD = re.compile(r"\b([a-z0-9.' ]+?)\s*\(([+-]\d+(?:\.\d+)?)\)")
_BY_OVER = re.compile(
    r"(?:^|will (?:the )?|: )([a-z0-9.' ]+?) wins?\b[a-z ]*? by (?:over|more than) (\d+(?:\.\d+)?)"
)
_TOTAL = re.compile(r"\bo/u (\d+(?:\.\d+)?)|\b(over|under) (\d+(?:\.\d+)?)")
_PARTS = re.compile(
    r"\b(?:1h|2h|first half|second half|1st half|2nd half|[1-4]q|1st quarter|first quarter|quarter|first 5|f5|innings?"
    r"|period|overtime|series|team total|points by|rebounds|assists|regulation)\b"
)
_SLUG = re.compile(r"(nba|nfl|mlb|nhl)-([a-z]{2,3})-([a-z]{2,3})-(20\d\d-\d\d-\d\d)")
_GAME_WORDS = re.compile(r" vs?\.? | @ | at |\bbeat\b|\bdefeat\b")
_TIES = frozenset({"nfl"})


class Game(msgspec.Struct, gc=False):
    """What a reading has gathered so far."""

    league: str
    teams: tuple[str, str]
    date: str
    measure: str = ""
    yes: str = ""
    """The team YES is about."""
    limits: Bounds | None = None
    doubt: str = ""
    confidence: float = 0.9


def read_game(market: Market, group: EventGroup | None) -> TypedContract | None:
    """A market on one game as a contract; None for anything else."""
    title = fold(market.title or (group.title if group else ""))
    game = _by_ticker(market, title) if market.venue == "kalshi" else None
    if game is None:
        whole = f"{title} {fold(group.title) if group and title.startswith('spread') else ''}"
        if not _GAME_WORDS.search(whole) or "women" in title or "college" in title:
            return None
        game = _by_words(market, group, title)
    if game is None or _PARTS.search(title):
        return None
    return _contract(market, group, game)


def _by_ticker(market: Market, title: str) -> Game | None:
    """League, teams and date of a Kalshi ticker, and which team or line its market is."""
    m = _TICKER.match(market.ticker)
    if m is None:
        return None
    league, kind = m[1].lower(), m[2]
    teams = _two(league, m[3])
    if teams is None:
        return None
    when = ticker_date(market.ticker)
    game = Game(league, teams, f"{when.year}-{when.month:02}-{when.day:02}", confidence=1.0)
    game.yes = code(league, m[4] or "") if kind != "TOTAL" else ""
    if kind == "GAME":
        game.measure = "winner"
        _check_winner(market, title, game)
    elif market.strike_type in ("", "greater") and market.floor is not None:
        game.measure = "total" if kind == "TOTAL" else "margin"
        game.limits = half_line(">", market.floor)
    else:
        game.doubt = "no line is stated"
    if kind != "TOTAL" and game.yes not in teams:
        game.doubt = "the ticker names no team of the game"
    return game


def _two(league: str, run: str) -> tuple[str, str] | None:
    """Two team codes written without a gap; None unless exactly one cut makes two."""
    found = {(code(league, run[:i]), code(league, run[i:])) for i in (2, 3, 4)}
    whole = [pair for pair in found if all(pair)]
    return whole[0] if len(whole) == 1 else None


def _check_winner(market: Market, title: str, game: Game) -> None:
    """The team named by the words must be the ticker's."""
    m = _WINS.search(title)
    named = {team(game.league, name) for name in (fold(market.subtitle), (m[1] or m[2]) if m else "")} - {""}
    if named - {game.yes}:
        game.doubt = "ticker and words name different teams"


def _by_words(market: Market, group: EventGroup | None, title: str) -> Game | None:
    """A game by its title ("Thunder vs. Spurs"), its slug and its start."""
    m = _VERSUS.search(title) or _BEAT.search(title)
    names = (m[1].strip(), m[2].strip()) if m else _event_names(group) if title.startswith("spread") else None
    if names is None:
        return None
    league = _league(market, group, title, names)
    if not league:
        return None
    teams = (team(league, names[0]), team(league, names[1]))
    if not all(teams) or teams[0] == teams[1]:
        return None
    game = Game(league, teams, _date(market, group, title))
    _question(market, title, game)
    if _left_over(title, names, game):
        game.doubt = game.doubt or "asks something else of the game"
    return game


def _left_over(title: str, names: tuple[str, str], game: Game) -> set[str]:
    """Words that the reading does not account for; of a winner's question, numbers and comparisons as well."""
    words = set(tokens(times(title).text)) - {word for name in names for word in tokens(name)}
    if game.measure != "winner":
        words -= _COMPARED | _spread_words(title)
    return words - _PLAIN


_PLAIN_WORDS = (
    "the will beat defeat win winner wins to at vs v against "
    "point run goal game match spread moneyline on in pro professional basketball football baseball hockey nba nfl mlb nhl "
    "regular season preseason playoff final finals"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())
_COMPARED = frozenset(
    {"over", "under", "above", "more", "than", "by", "o", "u", "total", "combined", "score", "scored"}
)


def _spread_words(title: str) -> set[str]:
    """Numbers, and the team a handicap names."""
    m = _SPREAD.search(title)
    return {word for word in tokens(title) if word[0].isdigit()} | (set(tokens(m[1])) if m else set())


def _event_names(group: EventGroup | None) -> tuple[str, str] | None:
    m = _VERSUS.search(fold(group.title)) if group else None
    return (m[1].strip(), m[2].strip()) if m else None


def _league(market: Market, group: EventGroup | None, title: str, names: tuple[str, str]) -> str:
    """The league: named, or the only one in which both are teams."""
    told = f"{title} {market.series} {group.subtitle if group else ''} {fold(market.rules[:300])}"
    stated = [each for each in leagues_of(*names) if re.search(rf"\b{each}\b", told)]
    possible = stated or leagues_of(*names)
    named = {each for each in LEAGUES if re.search(rf"\b{each}\b", told)} | _trade_names(told)
    if named:
        possible = [each for each in possible if each in named] or [e for e in named if team(e, names[0])]
    return possible[0] if len(possible) == 1 else ""


def _trade_names(told: str) -> set[str]:
    pro = {"pro basketball": "nba", "pro football": "nfl", "pro baseball": "mlb", "pro hockey": "nhl"}
    return {
        league
        for words, league in pro.items()
        if words in told or words.replace("pro", "professional") in told
    }


def _date(market: Market, group: EventGroup | None, title: str) -> str:
    """The New York date: of the start where the venue states it, else of the title, else of the slug."""
    if market.clear_ns:
        return period_of_day(local(market.clear_ns))
    stated = times(title, hints_of(market)).period
    if re.fullmatch(r"20\d\d-\d\d-\d\d", stated):
        return stated
    m = _SLUG.search(group.subtitle) if group else None
    return m[4] if m else ""


def _question(market: Market, title: str, game: Game) -> None:
    """What is asked of the game, and which side YES is."""
    label = fold(market.subtitle).partition(" - ")[0].partition(":")[0].strip()
    labelled = team(game.league, label)
    if spread := _SPREAD.search(title):
        _spread(
            game,
            team(game.league, _last(game.league, spread[1])),
            fixed(spread[2], UNDERLYING_DIGITS),
            labelled,
        )
    elif by := _BY_OVER.search(title):
        game.measure, game.yes = "margin", team(game.league, by[1].strip())
        game.limits = half_line(">", fixed(by[2], UNDERLYING_DIGITS))
    elif total := _TOTAL.search(title):
        side = total[2] or (label if label in ("over", "under") else "")
        game.measure = "total"
        line = fixed(total[1] or total[3], UNDERLYING_DIGITS)
        game.limits = half_line("<" if side == "under" else ">", line)
        if not side:
            game.doubt = "over or under is not stated"
    else:
        wins = _WINS.search(title)
        beats = _BEAT.search(title)
        said = team(game.league, ((wins[1] or wins[2]) if wins else beats[1] if beats else "").strip())
        game.measure, game.yes = "winner", said or labelled or game.teams[0]
        if said and labelled and said != labelled:
            game.doubt = "title and outcome name different teams"
        elif not said and not labelled:
            game.confidence = 0.7  # the venue's rule: the first named is the first outcome
    if game.measure != "total" and game.yes not in game.teams:
        game.doubt = game.doubt or "the team named does not play"


def _last(league: str, words: str) -> str:
    """The longest tail of some words that is a team's name: "spread: spurs" ends in one."""
    parts = words.replace(":", " ").split()
    return next((" ".join(parts[i:]) for i in range(len(parts)) if team(league, " ".join(parts[i:]))), "")


def _spread(game: Game, named: str, line: int, labelled: str) -> None:
    """A handicap: the named team's margin must exceed the line's opposite; the other outcome is the reverse."""
    game.measure, game.yes = "margin", named
    if line % 10**UNDERLYING_DIGITS == 0:
        game.doubt = "a whole line can be a push"
    game.limits = half_line(">" if labelled in ("", named) else "<", -line)


def _contract(market: Market, group: EventGroup | None, game: Game) -> TypedContract:
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family=game.league,
        subject=" ".join(sorted(game.teams)),
        measure=game.measure,
        period=game.date,
        value=game.yes,
        step=UNDERLYING if game.limits else 0,
        unit="points" if game.limits else "",
        void=_void(market),
        group=market.event,
        series=market.series,
        exclusive=game.measure == "winner",
        binary=game.measure == "winner" and game.league not in _TIES,
        opens_ns=market.open_ns,
        doubt=game.doubt,
        confidence=game.confidence,
    )
    return bounded(found, game.limits)


def _void(market: Market) -> str:
    """What a cancelled game pays, where the rules say it plainly."""
    rules = fold(f"{market.rules} {market.rules_secondary}")
    if re.search(r"50-50|50/50", rules):
        return "50-50"
    return "fair price" if re.search(r"fair (?:market )?(?:price|value)|last traded price", rules) else ""

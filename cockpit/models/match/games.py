"""Games of the big leagues: who wins, by how much, how many points, in which game of which day.

The game is the pair of teams and the New York date. The order of the teams says who is at home on one venue and nothing on
another, so that it is no part of the question; which team YES is always is.
"""

import re

from cockpit.domain.markets import EventGroup, Market
from cockpit.domain.newyork import local
from cockpit.domain.units import UNDERLYING
from cockpit.models.match.amounts import bounded, half_line
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.dates import period_of_day, ticker_date, times, wall
from cockpit.models.match.frame import hints_of
from cockpit.models.match.sides import (
    BEAT,
    NTH_GAME,
    PLAIN,
    SPREAD,
    VERSUS,
    WINS,
    Game,
    named_after,
    question,
)
from cockpit.models.match.teams import LEAGUES, code, is_city, leagues_of, team
from cockpit.models.match.words import fold, tokens

_TICKER = re.compile(
    r"KX(NBA|NFL|MLB|NHL)(GAME|SPREAD|TOTAL)-[0-9]{2}[A-Z]{3}[0-9]{2}(?:[0-9]{4})?([A-Z]{4,7})(?:-([A-Z]*)([0-9]*))?"
)
_OTHER_SPORTS = re.compile(
    r"wnba|ncaa|college|\bg[- ]league|summer league|minor league|women|\bmls\b|soccer|cricket|rugby|lacrosse"
    r"|[cuxak]fl\b|\bkhl\b|\bnpb\b|\bkbo\b|\bcfb\b|\bcbb\b|esports?\b|volleyball|softball"
)
"""Leagues whose teams go by the same cities."""
_SERIES = frozenset(f"KX{league.upper()}" for league in LEAGUES)
_PARTS = re.compile(
    r"\b(?:1h|2h|first half|second half|1st half|2nd half|[1-4]q|1st quarter|first quarter|quarter|first 5|f5|innings?"
    r"|period|overtime|series|team total|points by|rebounds|assists|regulation)\b"
)
_SLUG = re.compile(r"(nba|nfl|mlb|nhl)-([a-z]{2,3})-([a-z]{2,3})-(20\d\d-\d\d-\d\d)")
_GAME_WORDS = re.compile(r" vs?\.? | @ | at |\bbeat\b|\bdefeat\b|\bwin (?:against|over)\b")
_TIES = frozenset({"nfl"})


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
    if nth := NTH_GAME.search(title):
        game.nth = f"game {nth[1]}"
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
    if len(when.clock) == 4:
        game.starts_ns = wall(when.year, when.month, when.day, int(when.clock[:2]), int(when.clock[2:]))
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
    m = WINS.search(title)
    named = {team(game.league, name) for name in (fold(market.subtitle), (m[1] or m[2]) if m else "")} - {""}
    if named - {game.yes}:
        game.doubt = "ticker and words name different teams"


def _by_words(market: Market, group: EventGroup | None, title: str) -> Game | None:
    """A game by its title ("Thunder vs. Spurs"), its slug and its start."""
    m = BEAT.search(title) or VERSUS.search(title)
    names = (m[1].strip(), m[2].strip()) if m else _event_names(group) if title.startswith("spread") else None
    if names is None:
        return None
    league = _league(market, group, title, names)
    if not league:
        return None
    teams = (team(league, names[0]), team(league, names[1]))
    if not all(teams) or teams[0] == teams[1]:
        return None
    game = Game(league, teams, _date(market, group, title), starts_ns=market.clear_ns)
    question(market, title, game)
    if _left_over(title, names, game):
        game.doubt = game.doubt or "asks something else of the game"
    return game


def _left_over(title: str, names: tuple[str, str], game: Game) -> set[str]:
    """Words that the reading does not account for; of a winner's question, numbers and comparisons as well."""
    title = NTH_GAME.sub(" ", title)
    words = set(tokens(times(title).text)) - {word for name in names for word in tokens(name)}
    after = named_after(title)
    words -= {*tokens(after)} if team(game.league, after) else set()
    if game.measure != "winner":
        words -= _COMPARED | _spread_words(title)
    return words - PLAIN


_COMPARED = frozenset(
    {"over", "under", "above", "more", "than", "by", "o", "u", "total", "combined", "score", "scored"}
)


def _spread_words(title: str) -> set[str]:
    """Numbers, and the team a handicap names."""
    m = SPREAD.search(title)
    return {word for word in tokens(title) if word.lstrip("-")[0].isdigit()} | (
        set(tokens(m[1])) if m else set()
    )


def _event_names(group: EventGroup | None) -> tuple[str, str] | None:
    m = VERSUS.search(fold(group.title)) if group else None
    return (m[1].strip(), m[2].strip()) if m else None


def _league(market: Market, group: EventGroup | None, title: str, names: tuple[str, str]) -> str:
    """The league: named, or the only one in which both are teams."""
    told = fold(f"{title} {market.series} {group.subtitle if group else ''} {market.rules[:300]}")
    if _OTHER_SPORTS.search(told):
        return ""
    stated = [each for each in leagues_of(*names) if re.search(rf"\b{each}\b", told)]
    possible = stated or leagues_of(*names)
    named = {each for each in LEAGUES if re.search(rf"\b{each}\b", told)} | _trade_names(told)
    if named:
        possible = [each for each in possible if each in named] or [e for e in named if team(e, names[0])]
    elif market.series[:5] not in _SERIES:
        possible = [each for each in possible if not all(is_city(each, name) for name in names)]
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


def _contract(market: Market, group: EventGroup | None, game: Game) -> TypedContract:
    found = TypedContract(
        market=market.ticker,
        venue=market.venue,
        family=game.league,
        subject=" ".join(sorted(game.teams)),
        measure=game.measure,
        scope=game.nth,
        period=game.date,
        instant_ns=game.starts_ns,
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

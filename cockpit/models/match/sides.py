"""What is asked of a game, and which side YES is, by a title's words: winner, margin or total."""

import re

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING
from cockpit.models.match.amounts import Bounds, half_line, number
from cockpit.models.match.dates import times
from cockpit.models.match.teams import team
from cockpit.models.match.words import fold

VERSUS = re.compile(
    r"(?:^|[:-]\s|\b(?:in|the|win)\s)(?:nba |nfl |mlb |nhl )?(?:the )?([a-z0-9.' ]+?)\s+(?:vs?\.?|@|at)\s+(?:the )?"
    r"([a-z0-9.' ]+?)(?=\s*(?:[:(?,-]|\bon\b|\bwinner\b|\bpro\b|\bprofessional\b|\bgame\b|\bnba\b|\bnfl\b|\bmlb\b|\bnhl\b|\btotal\b|\bo/u\b|\bspread\b|$))"
)
BEAT = re.compile(
    r"^will (?:the )?([a-z0-9.' ]+?) (?:beat|defeat|win (?:against|over|vs?\.?|at|@)) (?:the )?([a-z0-9.' ]+?)(?=\s*(?:[(?,]|\bon\b|\bin\b|$))"
)
WINS = re.compile(r"\bwill (?:the )?([a-z0-9.' ]+?) win\b|(?:^|: )([a-z0-9.' ]+?) (?:wins|to win)\b")
NTH_GAME = re.compile(r"\bgame ([0-9])\b")
SPREAD = re.compile(r"\b([a-z0-9.' ]+?)\s*\(([+-]\d+(?:\.\d+)?)\)")
_BY_OVER = re.compile(
    r"(?:^|will (?:the )?|: )([a-z0-9.' ]+?) wins?\b[a-z ]*? by (?:over|more than) (\d+(?:\.\d+)?)"
)
_TOTAL = re.compile(r"\bo/u (\d+(?:\.\d+)?)|\b(over|under) (\d+(?:\.\d+)?)")
_PLAIN_WORDS = (
    "the will beat defeat win winner wins to at vs v against "
    "point run goal game match spread moneyline on in pro professional basketball football baseball hockey nba nfl mlb nhl "
    "regular season preseason playoff final finals"
)
PLAIN = frozenset(_PLAIN_WORDS.split())
_WORD = re.compile(r"[a-z0-9.']+")


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
    nth: str = ""
    """Which game of a pair on one day, or of a series, where the title says so."""
    starts_ns: int = 0
    confidence: float = 0.9


def question(market: Market, title: str, game: Game) -> None:
    """Put into a game what is asked of it, and which side YES is, or what is in doubt; the title is folded."""
    label = fold(market.subtitle).partition(" - ")[0].partition(":")[0].strip()
    labelled = team(game.league, label)
    if spread := SPREAD.search(title):
        _spread(
            game,
            team(game.league, _last(game.league, spread[1])),
            number(spread[2]),
            labelled,
        )
    elif by := _BY_OVER.search(title):
        game.measure, game.yes = "margin", team(game.league, by[1].strip())
        _line(game, ">", number(by[2]))
    elif total := _TOTAL.search(title):
        side = total[2] or (label if label in ("over", "under") else "")
        game.measure = "total"
        _line(game, "<" if side == "under" else ">", number(total[1] or total[3]))
        if not side:
            game.doubt = "over or under is not stated"
    else:
        _winner(market, title, label, game)
    if game.measure != "total" and game.yes not in game.teams:
        game.doubt = game.doubt or "the team named does not play"


def _line(game: Game, sign: str, line: int | None) -> None:
    if line is None:
        game.doubt = "the line is no plain number"
    else:
        game.limits = half_line(sign, line)


def _winner(market: Market, title: str, label: str, game: Game) -> None:
    """Which team must win: the one the title asks for, or the outcome's; without either only Polymarket has a rule.

    There the first team named is the first outcome. A title that names one more thing after the pair is not read so.
    """
    wins, beats = WINS.search(title), BEAT.search(title)
    asked = (wins[1] or wins[2]) if wins else beats[1] if beats else ""
    after = named_after(title)
    said, labelled = team(game.league, asked.strip()) or team(game.league, after), team(game.league, label)
    game.measure, game.yes = "winner", said or labelled or game.teams[0]
    if said and labelled and said != labelled:
        game.doubt = "title and outcome name different teams"
    elif label == "no" or (not said and (asked or after or (not labelled and market.venue == "kalshi"))):
        game.doubt = "which team YES is is not plain"
    elif not said and not labelled:
        game.confidence = 0.7


def named_after(title: str) -> str:
    """What a title names besides its pair: "B" of "A vs. B: B win?", "A vs. B - B", "winner: B"; empty for nothing."""
    m = VERSUS.search(title)
    if m is None or BEAT.search(title):
        return ""
    left = times(NTH_GAME.sub(" ", f"{title[: m.start()]} : {title[m.end() :]}")).text
    return " ".join(word for word in _WORD.findall(left) if word not in PLAIN)


def _last(league: str, words: str) -> str:
    """The longest tail of some words that is a team's name: "spread: spurs" ends in one."""
    parts = words.replace(":", " ").split()
    return next((" ".join(parts[i:]) for i in range(len(parts)) if team(league, " ".join(parts[i:]))), "")


def _spread(game: Game, named: str, line: int | None, labelled: str) -> None:
    """A handicap: the named team's margin must exceed the line's opposite; the other outcome is the reverse."""
    game.measure, game.yes = "margin", named
    if line is None:
        game.doubt = "the line is no plain number"
        return
    if line % UNDERLYING == 0:
        game.doubt = "a whole line can be a push"
    game.limits = half_line(">" if labelled in ("", named) else "<", -line)

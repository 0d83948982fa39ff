"""ESPN's scoreboard as its site API answers it in 2026, with the fields that clients read.

Ids and scores are text, line scores floats; a side is home or away by its flag. Odds stand there before the game only,
as text under `close` (`open` is a placeholder), the situation only while the game is on. In football the situation says
who has the ball, and the last play has a probability, in basketball neither.
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from cockpit.domain.games import Phase
from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.models.teams import Team
from cockpit.rehearsal.games.course import Turn
from cockpit.rehearsal.games.espn_status import status_of
from cockpit.rehearsal.games.names import SPORTS
from cockpit.rehearsal.games.play import Board, Play

Body = dict[str, Any]
SITE = "https://site.api.espn.com"
_UIDS = {"nba": "s:40~l:46", "nfl": "s:20~l:28"}
_LEAGUES = {"nba": ("46", "National Basketball Association"), "nfl": ("28", "National Football League")}
_PROVIDER = {"id": "100", "name": "DraftKings", "priority": 1}
_MARGIN = 1.045
"""Of a book: what the chances of both sides come to."""
_TO_FIVE = 5
_SHARP = 1.15
_AUGUST = 8


class Seen(msgspec.Struct, frozen=True):
    """A game as it is told: its board at a moment that is past, ns UTC."""

    play: Play
    board: Board
    at: int

    @property
    def on(self) -> bool:
        """Whether it has begun and is not over."""
        return self.board.phase in (Phase.LIVE, Phase.BREAK)


def seen(play: Play, at: int) -> Seen:
    """A game as it stood at a moment."""
    return Seen(play, play.at(at), at)


def base(league: str) -> str:
    """Where a league's questions begin."""
    return f"/apis/site/v2/sports/{SPORTS[league]}/{league}"


def scoreboard_url(league: str, ts: int) -> str:
    """The question for a day's games."""
    return f"{SITE}{base(league)}/scoreboard?dates={local(ts):%Y%m%d}"


def minute(ts: int) -> str:
    """A moment (ns UTC) without seconds, as starts are written."""
    return f"{datetime.fromtimestamp(ts // SECOND, UTC):%Y-%m-%dT%H:%MZ}"


def scoreboard(league: str, games: Iterable[Seen], day: str) -> Body:
    """A league's scoreboard; ``day`` as 2026-12-03."""
    events = [event(each) for each in games]
    number, name = _LEAGUES[league]
    head = {"id": number, "name": name, "abbreviation": league.upper(), "slug": league}
    return {
        "leagues": [head],
        "season": {"type": 2, "year": _season(league, datetime.fromisoformat(day))},
        "day": {"date": day},
        "events": events,
        "provider": _PROVIDER,
    }


def event(game: Seen) -> Body:
    """One game."""
    play, tie = game.play, game.play.tie
    status = status_of(play, game.board)
    start = minute(tie.scheduled)
    competition: Body = {
        "id": play.id,
        "date": start,
        "neutralSite": False,
        "competitors": competitors(game),
        "status": status,
        "format": {"regulation": {"periods": play.sport.periods}},
    }
    if game.board.phase is Phase.PRE:
        competition["odds"] = [odds(play)]
    elif game.on and game.board.last is not None:
        competition["situation"] = _situation(game, game.board.last)
    return {
        "id": play.id,
        "date": start,
        "name": f"{full(tie.away)} at {full(tie.home)}",
        "shortName": f"{tie.away.espn} @ {tie.home.espn}",
        "season": season(play),
        "competitions": [competition],
        "status": status,
    }


def full(team: Team) -> str:
    """A team's whole name."""
    return f"{team.city} {team.nick}"


def season(play: Play) -> Body:
    """The season a game is of: basketball's goes by the year it ends in."""
    at = local(play.tie.scheduled)
    return {"year": _season(play.league, at), "type": 2, "slug": "regular-season"}


def _season(league: str, at: datetime) -> int:
    if league == "nba":
        return at.year + (at.month >= _AUGUST)
    return at.year - (at.month < _AUGUST)


def competitors(game: Seen) -> list[Body]:
    """Both sides, home first."""
    tie, (away, home) = game.play.tie, game.board.scores
    return [
        _competitor(game, tie.home, "home", home, game.board.home),
        _competitor(game, tie.away, "away", away, game.board.away),
    ]


def _competitor(game: Seen, team: Team, side: str, score: int, periods: tuple[int, ...]) -> Body:
    body: Body = {
        "id": team.espn_id,
        "homeAway": side,
        "team": {
            "id": team.espn_id,
            "abbreviation": team.espn,
            "displayName": full(team),
        },
        "score": str(score),
    }
    if periods:
        body["linescores"] = [{"value": float(points)} for points in periods]
    if game.board.phase is Phase.FINAL:
        body["winner"] = game.play.home_won == (side == "home")
    return body


# ---------------------------------------------------------------------- plays


def kind_of(league: str, turn: Turn) -> tuple[str, str]:
    """A play's type: its id and words."""
    if league == "nfl":
        return {0: ("52", "Punt"), 3: ("59", "Field Goal Good")}.get(turn.points, ("68", "Rushing Touchdown"))
    named = {0: ("155", "Defensive Rebound"), 1: ("97", "Free Throw 1 of 1"), 3: ("92", "Jump Shot")}
    return named.get(turn.points, ("110", "Driving Layup"))


def last_play(play: Play, turn: Turn) -> Body:
    """A play with what a situation has of it. A miss is told as the rebound, which is the other side's."""
    tie = play.tie
    number, words = kind_of(play.league, turn)
    misses = play.league == "nba" and not turn.points
    team = tie.home if turn.home != misses else tie.away
    return {
        "id": f"{play.id}{turn.number}",
        "type": {"id": number, "text": words},
        "text": f"{team.nick} {words.lower()}",
        "scoreValue": turn.points,
        "team": {"id": team.espn_id},
    }


def _situation(game: Seen, last: Turn) -> Body:
    told = last_play(game.play, last)
    if game.play.league != "nfl":
        return {"lastPlay": told}
    tie = game.play.tie
    said = said_of(game.play.chance(game.at))
    told["probability"] = {
        "tiePercentage": 0.0,
        "homeWinPercentage": said,
        "awayWinPercentage": round(1.0 - said, 4),
        "secondsLeft": 0,
    }
    body: Body = {"lastPlay": told}
    if game.board.phase is Phase.LIVE:
        body["possession"] = (tie.away if last.home else tie.home).espn_id
    return body


def said_of(chance: float) -> float:
    """ESPN's own chance: not the true one, and surer than that."""
    sharp, other = math.pow(chance, _SHARP), math.pow(1.0 - chance, _SHARP)
    return round(sharp / (sharp + other), 3)


# ---------------------------------------------------------------------- odds


def odds(play: Play) -> Body:
    """A book's line before the game."""
    home = play.chance(play.tip - 1)
    favoured = play.spread < 0
    favourite = play.tie.home if favoured else play.tie.away
    details = f"{favourite.espn} -{abs(play.spread):g}" if play.spread else "EVEN"
    return {
        "provider": _PROVIDER,
        "details": details,
        "overUnder": play.total,
        "spread": play.spread,
        "awayTeamOdds": {"favorite": not favoured, "underdog": favoured},
        "homeTeamOdds": {"favorite": favoured, "underdog": not favoured},
        "moneyline": {
            "home": {"close": {"odds": american(home)}, "open": {"odds": "-110"}},
            "away": {"close": {"odds": american(1.0 - home)}, "open": {"odds": "-110"}},
        },
        "pointSpread": {
            "home": {"close": {"line": f"{play.spread:+g}", "odds": "-110"}},
            "away": {"close": {"line": f"{-play.spread:+g}", "odds": "-110"}},
        },
    }


def american(chance: float) -> str:
    """A chance as a book's American odds, its margin in them."""
    stated = min(0.99, chance * _MARGIN)
    if stated >= 0.5:
        return f"-{max(100, _TO_FIVE * round(100 * stated / (1.0 - stated) / _TO_FIVE))}"
    return f"+{max(100, _TO_FIVE * round(100 * (1.0 - stated) / stated / _TO_FIVE))}"

"""ESPN's summary of one game, with what clients read of it: header, lines, plays that scored, its own chances.

Plays have the wall clock of when they were; the chances are joined to them by the play's id, and not every play has one.
"""

from datetime import UTC, datetime
from typing import Any

from cockpit.domain.units import SECOND
from cockpit.rehearsal.games import espn
from cockpit.rehearsal.games.course import MILLIS, Turn
from cockpit.rehearsal.games.espn import SITE, Seen
from cockpit.rehearsal.games.espn_status import period_name, shown, status_of
from cockpit.rehearsal.games.play import Play

Body = dict[str, Any]
_EVERY = 3
"""Of the plays told, every so many have a chance beside them."""


def summary_url(league: str, number: str) -> str:
    """The question for one game."""
    return f"{SITE}{espn.base(league)}/summary?event={number}"


def summary(game: Seen) -> Body:
    """The answer."""
    play = game.play
    told = [turn for turn in play.course.turns[: game.board.turns] if turn.points]
    competition: Body = {
        "id": play.id,
        "date": espn.minute(play.tie.scheduled),
        "neutralSite": False,
        "playByPlaySource": "full",
        "competitors": [_header_side(each) for each in espn.competitors(game)],
        "status": status_of(play, game.board),
    }
    return {
        "header": {"id": play.id, "season": espn.season(play), "competitions": [competition]},
        "pickcenter": [_line(play)],
        "plays": [_play(play, turn) for turn in told],
        "winprobability": [_chance(play, turn) for turn in told[::_EVERY]],
    }


def _header_side(side: Body) -> Body:
    """In a header, points by period are displayed and no more."""
    lines = [{"displayValue": f"{each['value']:g}"} for each in side.get("linescores", ())]
    return side | ({"linescores": lines} if lines else {})


def _line(play: Play) -> Body:
    """The line that closed, with money lines as numbers besides."""
    body = espn.odds(play)
    for side in ("home", "away"):
        price = int(body["moneyline"][side]["close"]["odds"])
        body[f"{side}TeamOdds"]["moneyLine"] = price
    return body


def _play(play: Play, turn: Turn) -> Body:
    left = play.course.length(turn.period) * MILLIS - turn.at
    return espn.last_play(play, turn) | {
        "sequenceNumber": str(turn.number),
        "homeScore": turn.home_score,
        "awayScore": turn.away_score,
        "period": {"number": turn.period, "displayValue": _period(turn.period)},
        "clock": {"displayValue": shown(play.league, left)},
        "scoringPlay": True,
        "wallclock": f"{datetime.fromtimestamp(play.when(turn) // SECOND, UTC):%Y-%m-%dT%H:%M:%SZ}",
    }


def _period(period: int) -> str:
    name = period_name(period)
    return name if "OT" in name else f"{name} Quarter"


def _chance(play: Play, turn: Turn) -> Body:
    said = espn.said_of(play.chance(play.when(turn)))
    return {"homeWinPercentage": said, "tiePercentage": 0.0, "playId": f"{play.id}{turn.number}"}

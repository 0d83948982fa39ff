"""One game of an answer: a scoreboard's event or a summary's header."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

import msgspec

from cockpit.domain.games import Game, Phase
from cockpit.feeds.census import tally
from cockpit.feeds.espn.ball import Ids, ball
from cockpit.feeds.espn.bodies import Competition, Competitor, GameBody, Situation, TeamBody
from cockpit.feeds.espn.numbers import moment, number, within
from cockpit.feeds.espn.odds import Names, line
from cockpit.feeds.espn.status import LONGEST, Stand, stand

MOST_POINTS = 400
"""Of one side; more is nonsense."""
WORDS = 80
"""Characters kept of the source's words."""
AFTER_SEASON = 3
"""Season type of the play-offs. The play-in (5) is none of them: its overtimes are those of the season."""
CHANCE_DIGITS = 4
CERTAIN = 10**CHANCE_DIGITS


class Listed(Protocol):
    """A team as the crosswalk lists it."""

    @property
    def league(self) -> str:
        """Either "nba" or "nfl"."""
        ...

    @property
    def code(self) -> str:
        """Ours, which is Kalshi's."""
        ...

    @property
    def espn(self) -> str:
        """ESPN's abbreviation."""
        ...

    @property
    def espn_id(self) -> str:
        """ESPN's number."""
        ...


class Codes:
    """Team codes by what ESPN calls a team, and what was left out."""

    def __init__(self, teams: Iterable[Listed], census: Counter[str]) -> None:
        listed = list(teams)
        self._named = {(each.league, each.espn): each.code for each in listed}
        self._numbered = {(each.league, each.espn_id): each.code for each in listed}
        self.census = census

    def code(self, league: str, body: TeamBody) -> str | None:
        """By abbreviation, else by number; None, counted, for a team that is none of the league's."""
        found = self._named.get((league, (body.abbreviation or "").upper()))
        found = found or self._numbered.get((league, str(body.id)))
        if found is None:
            tally(self.census, "team", f"{league} {body.abbreviation or body.id}")
        return found


class Sides(msgspec.Struct, frozen=True):
    """The two sides of a game, with their teams."""

    away: Competitor
    home: Competitor
    away_code: str
    home_code: str


def read(body: GameBody, league: str, codes: Codes, offered: list[msgspec.Raw] | None = None) -> Game | None:
    """A game as the body has it.

    None, counted, for one that is none of ours (all-star sides, clubs from abroad) and for one that contradicts itself.

    Args:
        body: of a scoreboard, or a summary's header.
        league: "nba" or "nfl".
        codes: of the teams; its census counts what was left out.
        offered: lines before the game, where they stand elsewhere.

    Raises:
        ValueError: when it cannot be read.
    """
    if not body.competitions:
        raise ValueError("a game without a competition")
    one, census = body.competitions[0], codes.census
    sides = _sides(one, league, codes)
    if sides is None:
        return None
    playoffs = number(body.season.type if body.season else msgspec.Raw(b"")) == AFTER_SEASON
    away, home = _score(sides.away), _score(sides.home)
    where = stand(one.status, league, census, tied=away == home, playoffs=playoffs)
    if where is None:
        return None
    if None in (away, home) and where.phase in (Phase.LIVE, Phase.BREAK, Phase.FINAL):
        raise ValueError("a game without a score")
    start = moment(body.date) or moment(one.date)
    if not start:
        raise ValueError("a game without a start")
    game = Game(
        id=f"{league} {_number(body.id)}",
        league=league,
        start_ns=start,
        away=sides.away_code,
        home=sides.home_code,
        phase=where.phase,
        period=where.period,
        clock_ms=where.clock_ms,
        away_score=away or 0,
        home_score=home or 0,
        away_periods=_periods(sides.away, census),
        home_periods=_periods(sides.home, census),
        status=(one.status.type.name or "")[:WORDS],
        detail=(one.status.type.short_detail or one.status.type.detail or "")[:WORDS],
        neutral=bool(one.neutral_site),
        playoffs=playoffs,
        line=line(offered or _before(one, where), _names(sides), census),
    )
    return _with_play(game, one, sides, where, census)


def _before(one: Competition, where: Stand) -> list[msgspec.Raw] | None:
    """The game's own lines; none while it is played, when they may be those of the moment."""
    return None if where.phase in (Phase.LIVE, Phase.BREAK) else one.odds


def _number(stated: str | int) -> str:
    """ESPN's number of a game. Raises ValueError."""
    text = str(stated)
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise ValueError(f"not a game's number: {text[:40]!r}")
    return text


def _sides(one: Competition, league: str, codes: Codes) -> Sides | None:
    """Home and away by what they are called, never by their order; None where a team is not of the league."""
    by = {each.home_away: each for each in one.competitors or ()}
    if not {"home", "away"} <= by.keys():
        raise ValueError("a game without two sides")
    away, home = by["away"], by["home"]
    away_code, home_code = codes.code(league, away.team), codes.code(league, home.team)
    if away_code is None or home_code is None or away_code == home_code:
        return None
    return Sides(away, home, away_code, home_code)


def _names(sides: Sides) -> Names:
    """What a line's words call the two."""
    return Names(
        sides.away.team.abbreviation or sides.away_code, sides.home.team.abbreviation or sides.home_code
    )


def _score(side: Competitor) -> int | None:
    return within(side.score, 0, MOST_POINTS, "score")


def _periods(side: Competitor, census: Counter[str]) -> tuple[int, ...]:
    """Points by period; none at all where one cannot be read."""
    try:
        found = [
            each
            for one in (side.linescores or ())[:LONGEST]
            if (each := _points(one.value, one.display_value)) is not None
        ]
    except ValueError as error:
        tally(census, "linescores", error)
        return ()
    return tuple(found)


def _points(value: msgspec.Raw, shown: msgspec.Raw) -> int | None:
    found = within(value, 0, MOST_POINTS, "points")
    return within(shown, 0, MOST_POINTS, "points") if found is None else found


def _with_play(game: Game, one: Competition, sides: Sides, where: Stand, census: Counter[str]) -> Game:
    """The same with what its situation says, which is there only while it is on."""
    situation = _situation(one, census)
    if situation is None or where.phase not in (Phase.LIVE, Phase.BREAK):
        return game
    play = situation.last_play
    ids = Ids(str(sides.away.team.id), str(sides.home.team.id))
    said = chance(play.probability.home_win_percentage) if play and play.probability else None
    return msgspec.structs.replace(
        game,
        ball=ball(game.league, situation, ids) if where.phase is Phase.LIVE else 0,
        play=str(play.id)[:40] if play and play.id is not None else "",
        said=said,
    )


def _situation(one: Competition, census: Counter[str]) -> Situation | None:
    if not one.situation or bytes(one.situation) == b"null":
        return None
    try:
        return msgspec.json.decode(one.situation, type=Situation)
    except (ValueError, RecursionError) as error:
        tally(census, "situation", error)
        return None


def chance(raw: msgspec.Raw) -> int | None:
    """ESPN's own chance of the home side in 1/10000; None for none, and for what is no chance."""
    try:
        found = number(raw, CHANCE_DIGITS)
    except ValueError:
        return None
    return found if found is not None and 0 <= found <= CERTAIN else None

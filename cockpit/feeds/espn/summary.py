"""A summary: one game with the line that closed, and what was played of it so far."""

import msgspec
from msgspec.structs import replace

from cockpit.domain.games import Game, Phase, Played
from cockpit.feeds.espn import games, past
from cockpit.feeds.espn.ball import Ids, after
from cockpit.feeds.espn.bodies import GameBody, Play, Status, Summary


class Told(msgspec.Struct, frozen=True):
    """What a summary says."""

    game: Game | None
    """None for one that is none of ours, or contradicts itself."""
    moments: tuple[Played, ...]


def read(body: Summary, league: str, ts: int, codes: games.Codes) -> Told:
    """A summary that came at ``ts`` (ns UTC). Raises ValueError when it cannot be read."""
    census = codes.census
    plays = past.plays(body.plays, census)
    said = past.chances(body.winprobability, census)
    last = plays[-1] if plays else None
    header = _filled(body.header, last)
    game = games.read(header, league, codes, body.pickcenter)
    if game is None:
        return Told(None, ())
    if last is not None and game.phase in (Phase.LIVE, Phase.BREAK):
        game = _played(game, header, last, said)
    return Told(game, past.moments(plays, said, league, ts, census))


def _filled(header: GameBody, last: Play | None) -> GameBody:
    """A header whose status leaves out period and clock stands where its last play does."""
    if not header.competitions or last is None or last.period is None or last.clock is None:
        return header
    one = header.competitions[0]
    if one.status.period or one.status.type.state != "in":
        return header
    status = Status(one.status.type, last.period.number, display_clock=last.clock.display_value)
    return replace(header, competitions=[replace(one, status=status)])


def _played(game: Game, header: GameBody, last: Play, said: dict[str, int]) -> Game:
    """The same with what its last play says, and the chance after the newest play that has one."""
    ball = 0
    if game.league == "nba" and game.phase is Phase.LIVE and header.competitions:
        sides = {each.home_away: str(each.team.id) for each in header.competitions[0].competitors or ()}
        ball = after(last, Ids(sides["away"], sides["home"]))
    newest = next(reversed(said.values()), None)
    play = str(last.id)[:40] if last.id is not None else ""
    return replace(game, play=play, ball=ball, said=newest)

"""Who has the ball. In football it is told; in basketball the last play says it, or nothing does.

A defensive rebound leaves it with that team; a made basket, a turnover and the last free throw of a series, made, give
it to the other; an offensive rebound keeps it. After anything else (fouls, timeouts, misses) it is not known.
"""

import re

import msgspec

from cockpit.feeds.espn.bodies import Play, Situation
from cockpit.feeds.espn.numbers import number

HOME, AWAY, UNKNOWN = 1, -1, 0

_FREE_THROW = re.compile(r"free throw")
_LAST_THROW = re.compile(r"(\d) of (\d)", re.ASCII)
_LOST = re.compile(r"turnover|travel|bad pass|out of bounds|offensive foul|shot clock")


class Ids(msgspec.Struct, frozen=True):
    """ESPN's numbers of the two sides."""

    away: str
    home: str

    def side(self, team: str | int | None) -> int:
        """1 for home, -1 for away, 0 for neither."""
        named = str(team) if team is not None else ""
        return {self.home: HOME, self.away: AWAY}.get(named, UNKNOWN) if named else UNKNOWN


def ball(league: str, situation: Situation, ids: Ids) -> int:
    """1 home, -1 away, 0 not known."""
    if league == "nfl":
        return ids.side(situation.possession)
    return after(situation.last_play, ids) if situation.last_play is not None else UNKNOWN


def after(play: Play, ids: Ids) -> int:
    """Who has the ball after a basketball play."""
    side = ids.side(play.team.id if play.team else None)
    kind = ((play.type.text if play.type else None) or "").casefold()
    if "rebound" in kind:
        return side if "defensive" in kind or "offensive" in kind else UNKNOWN
    if _FREE_THROW.search(kind):
        return -side if _scored(play) and _is_last(kind) else UNKNOWN
    if _LOST.search(kind) or _scored(play):
        return -side
    return UNKNOWN


def _is_last(kind: str) -> bool:
    """Whether a free throw is the last of its series; a technical's gives the ball to whoever had it."""
    match = _LAST_THROW.search(kind)
    return match is not None and match.group(1) == match.group(2) and "technical" not in kind


def _scored(play: Play) -> bool:
    """Whether points were made. The value alone does not say it: a missed throw has one as well."""
    if play.scoring_play is not None:
        return play.scoring_play
    try:
        return (number(play.score_value) or 0) > 0 and "miss" not in (play.text or "").casefold()
    except ValueError:
        return False

"""Whether the rules of `cockpit.strategies.nba` ask for a game now, and what stands against them."""

from collections.abc import Sequence

import msgspec

from cockpit.strategies.base import Snap
from cockpit.strategies.nba import AWAY, BEHIND, FAVOURITE, NAMES, RULES

NO_MARKET = "no market on Kalshi"
WRONG_SIDE = frozenset({AWAY, FAVOURITE, BEHIND})
"""What only says that the game's other market is the one to look at."""


class Flag(msgspec.Struct, frozen=True, gc=False):
    """Whether a rule asks for a game now."""

    rule: str
    on: bool
    model: bool = False
    """Whether the model's arm asks for it too."""
    market: str = ""
    """The market it would buy in, or comes nearest to it in; empty where Kalshi lists none."""
    home: bool | None = None
    """Whether that market's YES is the home side."""
    why: str = ""
    """What stands against the rule; empty where it is on."""
    veto: str = ""
    """What the model has against it, where the rule is on."""


def against(rule: str, snap: Snap, *, model: bool) -> str:
    """The first thing that stands against an arm of a rule in a market; empty when it asks for an order there.

    Raises:
        KeyError: for a rule that is none of `NAMES`.
    """
    return RULES[rule][model].against(snap)


def flags(snaps: Sequence[Snap]) -> tuple[Flag, ...]:
    """The three rules on a game, given the snaps of its markets on Kalshi: of both sides, one or none."""
    return tuple(_flag(rule, snaps) for rule in NAMES)


def _flag(rule: str, snaps: Sequence[Snap]) -> Flag:
    if not snaps:
        return Flag(rule, on=False, why=NO_MARKET)
    found = [(against(rule, snap, model=False), snap) for snap in snaps]
    why, snap = min(found, key=lambda each: (bool(each[0]), each[0] in WRONG_SIDE))
    veto = "" if why else against(rule, snap, model=True)
    home = None if snap.game is None else snap.game.home
    return Flag(rule, not why, not why and not veto, snap.market.ticker, home, why, veto)

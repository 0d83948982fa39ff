"""What is claimed for the rules of `cockpit.strategies.nba`, and what settled games say of it."""

import msgspec

from cockpit.models.proportions import wilson
from cockpit.strategies.nba import FAVORITE_FADE, HOME_UNDERDOG, LATE_GAME_LEADER


class Claimed(msgspec.Struct, frozen=True):
    """What a rule's author claims for it."""

    rule: str
    rate: float | None
    """Share of entries won; None where no figure was given."""
    needed: float | None
    """The share that breaks even, by the author."""
    said: str
    """The claim in words."""
    n: str
    """How many games stand behind it, in words."""
    source: str
    note: str = ""
    """What else is known of it."""


_SOURCE = "Hesom Parhizkar's posts on X, by a summary of February 2026: no code, no dates"
_UNSIZED = "n not published"

CLAIMS: dict[str, Claimed] = {
    HOME_UNDERDOG: Claimed(
        HOME_UNDERDOG, 0.462, 0.35, "home sides at 30-35 cents win 46.2 %, break-even 35 %", _UNSIZED, _SOURCE
    ),
    FAVORITE_FADE: Claimed(
        FAVORITE_FADE, 0.359, 0.25, "favourites of 75 % at -10 to -14 lose 35.9 %, break-even 25 %", _UNSIZED,
        _SOURCE, "contrary to the published favourite-longshot bias",
    ),
    LATE_GAME_LEADER: Claimed(
        LATE_GAME_LEADER, None, None, "leaders by much in period 4 win; no figure", _UNSIZED, _SOURCE
    ),
}  # fmt: skip
"""By rule. A claimed rate is shown beside what was measured and is never used to price or to size."""

UNPROVEN, SUPPORTED, CONTRADICTED = "unproven", "supported", "contradicted"
ENOUGH = 100
"""Games below which nothing is said: a true rate of 46.2 % against 35 % takes 116 to show in four of five tries (one-sided
5 %), 35.9 % against 25 % takes 105, and edges half as large five to twelve times as many."""


def verdict(wins: int, n: int, entry: float | None) -> str:
    """What settled games say of a rule: `UNPROVEN`, `SUPPORTED` or `CONTRADICTED`.

    The question is whether it pays, not whether it pays what was claimed: the Wilson 95 % interval of the win rate must
    lie wholly above or wholly below the break-even, with a hundred games or more. Asked after each game it errs more
    often than once in twenty; one entry a game is presumed.

    Args:
        wins: games won.
        n: games settled.
        entry: mean price paid with its fee, dollars: the win rate that breaks even; None where nothing was bought.
    """
    interval = wilson(wins, n)
    if n < ENOUGH or interval is None or entry is None:
        return UNPROVEN
    if interval[0] > entry:
        return SUPPORTED
    return CONTRADICTED if interval[1] < entry else UNPROVEN

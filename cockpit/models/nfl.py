"""NFL games: the family of `cockpit.models.scoreline` with published numbers. None of them is fitted here.

What is known of them: the margin about the closing line is normal with a standard deviation of 13.86 points over 672
games of 1981, 1983 and 1984 (Stern 1991, The American Statistician 45). That scores come in threes and sevens, who has
the ball and where, and sudden death in overtime are all left out, so the band is wide: `RESIDUAL` is a judgement.
"""

from cockpit.models.scoreline import Line, Parameters, from_moneyline, from_spread, left_of

PERIOD_S = 900.0
REGULATION_S = 3600.0
EXTRA_S = 600.0
"""Of the regular season."""
PERIODS = 4
FITTED = False
"""Whether recorded games stand behind the numbers; the screen says so."""
RESIDUAL = 0.04
HOME = 2.0
"""Points of a home side whose line is not known."""
LINE_ERROR = 1.0

PUBLISHED = Parameters(
    "published, not fitted",
    sigma=13.86,
    regulation=REGULATION_S,
    extra=EXTRA_S,
    draws=True,
    home=HOME,
    line_error=LINE_ERROR,
    residual=RESIDUAL,
    source="Stern 1991",
)
"""The regular season, where an overtime can end level."""

PLAYOFFS = Parameters(
    "published, not fitted",
    sigma=13.86,
    regulation=REGULATION_S,
    extra=PERIOD_S,
    home=HOME,
    line_error=LINE_ERROR,
    residual=RESIDUAL,
    source="Stern 1991",
)
"""Overtimes of a whole period until someone wins."""
_UNKNOWN = 6.0
"""Standard deviation of closing lines about `HOME`, points: what not knowing the line costs."""


def outlook(
    spread: float | None = None,
    moneyline: float | None = None,
    *,
    neutral: bool = False,
    playoffs: bool = False,
) -> tuple[Line, Parameters]:
    """The drift of a game and the numbers that go with it, as `cockpit.models.nba.outlook`.

    Raises:
        ValueError: for a moneyline that is no chance strictly between 0 and 1.
    """
    numbers = PLAYOFFS if playoffs else PUBLISHED
    if moneyline is not None:
        return from_moneyline(moneyline, numbers), numbers
    if spread is not None:
        return from_spread(spread, numbers), numbers
    return Line(0.0 if neutral else HOME, _UNKNOWN), numbers


def seconds_left(period: int, clock: float) -> tuple[float, bool]:
    """Seconds left of regulation, or of the overtime being played, and which of the two.

    Args:
        period: 1 to 4, from 5 on overtimes.
        clock: seconds left of it; what lies outside the period's length is cut to it.

    Raises:
        ValueError: for a period below 1.
    """
    return left_of(period, clock, PERIODS, PERIOD_S, PERIOD_S)

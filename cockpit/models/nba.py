"""NBA games: the numbers of the family in `cockpit.models.scoreline`, and the game's clock.

Which numbers to use: `FITTED` where the line before the game is known, `UNLINED` where it is not; `outlook` chooses.
`PUBLISHED` and `STERN` are there to be compared with.

Where the band's parts come from. Parameters: the covariance of the fit, with games as clusters. Line: `LINE_ERROR`.
Model: `RESIDUAL`. `cockpit.evaluation.nba_fit` makes all of them from a timeline and an odds file; the numbers below are
of the same source:

- n = 3,827 games: 3,729 by quarter scores and closing spread, July 2016 to October 2020 without 22 November 2016 to
  14 November 2017; 98 by play-by-play within those dates, the even half by CRC-32 of the game's name. The other half,
  114 games, took no part, so that it can judge;
- overtime: 929 games of 2007 to 2020 level after four quarters. Favourites win more of them than the drift alone says
  (65 % where the book gives 5 to 10 points): the factor is 1.69, its log likelihood 4.1 above that of 1;
- home: the mean closing line of home sides in those 3,729 games.
"""

import re

from cockpit.models.scoreline import Line, Parameters, from_moneyline, from_spread, left_of

PERIOD_S = 720.0
REGULATION_S = 2880.0
EXTRA_S = 300.0
PERIODS = 4
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}(?:\.\d*)?)", re.ASCII)

HOME = 2.521
"""Points a book gives the home side on average."""
LINE_ERROR = 0.862
"""Standard error of a closing spread, points: root mean square of spread against moneyline over 3,729 games."""
RESIDUAL = 0.03
"""Standard error the model leaves unexplained at 50 %.

Root mean square of what leaders won less what the model says, in standard deviations of an outcome halved, over four
situations of the last quarter (ten up with 5:00 left, five up with 2:00, up one to three within 0:30, ten down at its
start) in 6,135 games of 2021 to 2026 (the counts published with philstead23/nba-win-probability). At the ends of
quarters of 13 seasons nothing beyond chance shows.
"""
_OVERTIME = 1.687
_SOURCE = "quarter scores and closing spreads 2016-2020, play-by-play 2016-2017"

FITTED = Parameters(
    "fitted",
    sigma=16.461,
    beta=0.3628,
    floor=1.460,
    line=1.465,
    overtime=_OVERTIME,
    home=HOME,
    line_error=LINE_ERROR,
    residual=RESIDUAL,
    covariance=(
        (0.620, -0.0468, -0.402, 0.0565),
        (-0.0468, 0.0065, 0.0105, -0.00412),
        (-0.402, 0.0105, 3.72, -0.0262),
        (0.0565, -0.00412, -0.0262, 0.00966),
    ),
    n=3827,
    source=_SOURCE,
)
"""For games whose line is known."""

UNLINED = Parameters(
    "without a line",
    sigma=16.362,
    beta=0.2161,
    floor=1.320,
    line=1.351,
    overtime=_OVERTIME,
    home=HOME,
    residual=RESIDUAL,
    covariance=(
        (0.579, -0.0484, -0.405, 0.0482),
        (-0.0484, 0.00666, 0.0156, -0.00401),
        (-0.405, 0.0156, 3.31, -0.0189),
        (0.0482, -0.00401, -0.0189, 0.0295),
    ),
    n=3827,
    source=f"{_SOURCE}, the spreads left out",
)
"""For games whose line is not known: a lead then says who is the better side too, and less of it is given back."""

PUBLISHED = Parameters(
    "published", sigma=14.65, beta=0.61, floor=4.9, n=636, source="one franchise's games 2016-2024"
)
"""A fit to the play-by-play of one franchise."""

STERN = Parameters("Stern", sigma=13.6, n=636, source="Stern 1994; sigma of the same franchise's games")
"""The plain motion; sigma is the standard deviation of a regulation's margin about the line."""


def outlook(
    spread: float | None = None, moneyline: float | None = None, *, neutral: bool = False
) -> tuple[Line, Parameters]:
    """The drift of a game and the numbers that go with it, from the best of what is known.

    Args:
        spread: home spread, points; negative where home is the favourite.
        moneyline: the home side's chance by the moneyline, the book's margin taken out; preferred.
        neutral: whether the game is on neutral ground; only asked where no line is known.

    Raises:
        ValueError: for a moneyline that is no chance strictly between 0 and 1.
    """
    if moneyline is not None:
        return from_moneyline(moneyline, FITTED), FITTED
    if spread is not None:
        return from_spread(spread, FITTED), FITTED
    return from_spread(0.0 if neutral else -UNLINED.home, UNLINED), UNLINED


def seconds(clock: str) -> float:
    """The seconds a game clock shows: ``"11:46"``, ``"0:29.4"``, and below a minute ``"29.4"``.

    Raises:
        ValueError: for anything else.
    """
    match = _CLOCK.fullmatch(clock)
    if match is None:
        raise ValueError(f"clock {clock!r}: expected M:SS or seconds")
    return 60.0 * int(match[1] or 0) + float(match[2])


def seconds_left(period: int, clock: float) -> tuple[float, bool]:
    """Seconds left of regulation, or of the overtime being played, and which of the two.

    Args:
        period: 1 to 4, from 5 on overtimes.
        clock: seconds left of it; what lies outside the period's length is cut to it.

    Raises:
        ValueError: for a period below 1.
    """
    return left_of(period, clock, PERIODS, PERIOD_S, EXTRA_S)

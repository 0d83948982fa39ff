"""Games made by hand for the tests here: a tie of two teams, a course with as many overtimes as wanted."""

import numpy as np

from cockpit.domain.units import SECOND
from cockpit.models.teams import by_kalshi
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.course import wanted
from cockpit.rehearsal.games.law import SPORTS, Law
from cockpit.rehearsal.games.play import Breaks, Play, Tie

TIP = 1_796_324_400 * SECOND
"""3 December 2026, 19:00 UTC: 2 p.m. in New York."""
NUMBER = "401000017"


def play(league="nba", away="UTA", home="WAS", *, overtimes=0, spread=6.5, seed=3, pace=4.0):
    """A game that was to begin on the minute and begins 40 seconds later."""
    total = 226.0 if league == "nba" else 46.5
    law = Law(SPORTS[league], spread, total, first=True)
    course = wanted(law, Draws(np.random.default_rng(seed)), overtimes)
    tie = Tie(by_kalshi(league, away), by_kalshi(league, home), TIP)
    return Play(NUMBER, tie, (spread, total), course, TIP + 40 * SECOND, pace, Breaks(10.0, 20.0, 15.0))

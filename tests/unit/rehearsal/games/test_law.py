"""The law of a game: what margins and totals look like, and that its chances are exact for it."""

import math
from functools import cache

import numpy as np
import pytest

from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.course import Course, drawn
from cockpit.rehearsal.games.law import LARGEST, NBA, NFL, Law, order

GAMES = 1_500
LEVEL = pytest.approx(1.0, abs=1e-12)


@cache
def law(league: str) -> Law:
    return Law(NBA, 4.5, 226.0, first=True) if league == "nba" else Law(NFL, -3.0, 46.0, first=False)


@cache
def games(league: str) -> tuple[Course, ...]:
    draws = Draws(np.random.default_rng(31))
    return tuple(drawn(law(league), draws) for _ in range(GAMES))


@pytest.mark.parametrize(
    ("league", "mean", "sd", "total", "overtimes"),
    [
        ("nba", -4.5, (13.0, 16.0), (220, 232), (0.01, 0.07)),
        ("nfl", 3.0, (12.0, 15.0), (44, 49), (0.03, 0.12)),
    ],
)
def test_margins_and_totals_are_a_leagues(
    league: str,
    mean: float,
    sd: tuple[float, float],
    total: tuple[float, float],
    overtimes: tuple[float, float],
) -> None:
    found = games(league)
    margins = np.array([each.turns[-1].lead for each in found])
    totals = np.array([each.turns[-1].away_score + each.turns[-1].home_score for each in found])
    longer = np.mean([each.periods > 4 for each in found])
    assert abs(float(np.mean(margins)) - mean) < 3 * 15 / math.sqrt(GAMES)
    assert sd[0] < float(np.std(margins)) < sd[1]
    assert total[0] < float(np.mean(totals)) < total[1]
    assert overtimes[0] < float(longer) < overtimes[1]


@pytest.mark.parametrize("league", ["nba", "nfl"])
@pytest.mark.parametrize("played", [0.0, 0.3, 0.7, 0.95])
def test_chances_are_calibrated(league: str, played: float) -> None:
    """Sums of outcomes less chances, overall and by thirds: within three standard errors of none."""
    one, sport = law(league), law(league).sport
    count = sport.periods * sport.turns
    number = int(count * played)
    said, won = [], []
    for each in games(league):
        lead = each.turns[number - 1].lead if number else 0
        said.append(one.wins(count - number, lead))
        won.append(each.home_won)
    value, paid = np.array(said), np.array(won, float)
    for low, high in ((0.0, 1.0), (0.0, 0.35), (0.35, 0.65), (0.65, 1.0)):
        chosen = (value >= low) & (value <= high)
        spread = math.sqrt(float(np.sum((value * (1 - value))[chosen])))
        assert abs(float(np.sum((paid - value)[chosen]))) <= 3 * spread + 1e-9


def test_overtimes_are_calibrated() -> None:
    """From their beginning, over basketball games that had one."""
    one = Law(NBA, 0.0, 226.0, first=True)
    draws = Draws(np.random.default_rng(7))
    found = [each for each in (drawn(one, draws) for _ in range(4_000)) if each.periods > 4]
    chance = one.wins(NBA.extra, 0, overtime=True)
    won = sum(each.home_won for each in found)
    assert len(found) > 60
    assert abs(won - chance * len(found)) < 3 * math.sqrt(chance * (1 - chance) * len(found))


@pytest.mark.parametrize("sport", [NBA, NFL])
@pytest.mark.parametrize("lead", [-LARGEST, -20, 0, 3, LARGEST])
def test_what_a_turn_brings_sums_to_one(sport, lead: int) -> None:
    one = Law(sport, -12.0, 210.0 if sport is NBA else 41.0, first=True)
    for home in (True, False):
        chances = one.chances(lead, home=home)
        assert sum(chances) == LEVEL
        assert min(chances) > 0


def test_a_chance_is_the_mean_of_those_that_follow() -> None:
    """With 37 turns left the next is the side's that the order says."""
    one = Law(NBA, 2.5, 226.0, first=True)
    owners = [o for period in range(1, 5) for o in order(NBA.turns, home=one.begins(period))]
    home = owners[-37]
    for lead in (-9, 0, 6):
        after = [one.wins(36, lead + (points if home else -points)) for points in NBA.points]
        mean = sum(c * a for c, a in zip(one.chances(lead, home=home), after, strict=True))
        assert one.wins(37, lead) == pytest.approx(mean, abs=1e-12)


def test_a_level_score_at_the_end_goes_to_an_overtime() -> None:
    one = Law(NBA, -6.5, 226.0, first=False)
    assert (one.wins(0, 1), one.wins(0, -1)) == (1.0, 0.0)
    assert one.wins(0, 0) == one.wins(NBA.extra, 0, overtime=True)
    assert 0.5 < one.wins(0, 0) < 0.6
    assert one.wins(0, 0, overtime=True) == pytest.approx(one.wins(0, 0), abs=1e-9)


def test_a_line_is_a_chance() -> None:
    """A home side that gets six and a half points wins about a third of the time; sides change with the sign."""
    under, over = (Law(NBA, spread, 226.0, first=True) for spread in (6.5, -6.5))
    assert 0.30 < under.wins(200, 0) < 0.35
    assert under.wins(200, 0) + over.wins(200, 0) == pytest.approx(1.0, abs=0.01)


def test_leads_are_given_back() -> None:
    """Ten points at the half are seven and a half to nine and a half at the end, on average."""
    one = law("nba")
    plain = Law(NBA, 0.0, 226.0, first=True)
    assert 0.7 < plain.wins(100, 10) < 0.85
    assert plain.wins(100, 10) < plain.wins(20, 10) < plain.wins(4, 10)
    assert one.wins(100, 10) < plain.wins(100, 10)
    assert plain.wins(3, 500) == plain.wins(3, LARGEST) == LEVEL

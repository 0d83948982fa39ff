"""Who meets whom."""

import pytest

from cockpit.models.teams import TEAMS
from cockpit.rehearsal.games.matchups import GROUP, groups, meeting, rounds

LONGEST_DAY = 101
"""Quarter hours of the day on which clocks go back, and the evening."""


@pytest.mark.parametrize("count", [4, 30, 32])
def test_everybody_meets_everybody_once(count: int) -> None:
    found = rounds(count)
    assert all(len({team for pair in each for team in pair}) == count for each in found)
    pairs = {frozenset(pair) for each in found for pair in each}
    assert len(pairs) == count * (count - 1) // 2 == sum(map(len, found))


@pytest.mark.parametrize("count", [30, 32])
def test_groups_are_enough_for_a_day_and_share_no_pair(count: int) -> None:
    found = groups(count)
    assert len(found) >= LONGEST_DAY
    assert all(len({team for pair in group for team in pair}) == 2 * GROUP for group in found)
    pairs = [frozenset(pair) for group in found for pair in group]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("league", ["nba", "nfl"])
def test_no_two_teams_meet_twice_on_one_day(league: str) -> None:
    met = [
        frozenset(each.code for each in meeting(league, 20_790, quarter, number))
        for quarter in range(LONGEST_DAY)
        for number in range(GROUP)
    ]
    assert len(met) == len(set(met))
    home = {meeting(league, 20_790, quarter, 0)[1].code for quarter in range(LONGEST_DAY)}
    assert len(home) > len(TEAMS[league]) // 2


def test_the_next_day_is_another_one() -> None:
    assert meeting("nba", 20_790, 60, 0) != meeting("nba", 20_791, 60, 0)
    assert meeting("nba", 20_790, 60, 0) == meeting("nba", 20_790, 60, 0)

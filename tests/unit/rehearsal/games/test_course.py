"""How one game goes."""

import numpy as np
import pytest

from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.course import drawn, wanted
from cockpit.rehearsal.games.law import NBA, NFL, Law

SPORTS = pytest.mark.parametrize("sport", [NBA, NFL])


def draws(seed: int) -> Draws:
    return Draws(np.random.default_rng(seed))


@SPORTS
@pytest.mark.parametrize("seed", range(6))
def test_clocks_go_on_and_scores_never_fall(sport, seed: int) -> None:
    course = drawn(Law(sport, 1.5, 225.0 if sport is NBA else 46.0, first=True), draws(seed))
    assert [turn.number for turn in course.turns] == list(range(1, len(course.turns) + 1))
    scores = {True: 0, False: 0}
    for before, turn in zip([None, *course.turns], course.turns, strict=False):
        if before is not None:
            assert (turn.period, turn.at) > (before.period, before.at)
        assert 0 < turn.at < course.length(turn.period) * 1000
        scores[turn.home] += turn.points
        assert (turn.away_score, turn.home_score) == (scores[False], scores[True])
        assert turn.points in sport.points
    assert course.turns[-1].lead != 0
    assert course.home_won == (course.turns[-1].lead > 0)


@SPORTS
def test_periods_have_their_turns_and_points(sport) -> None:
    course = wanted(Law(sport, 0.0, 225.0 if sport is NBA else 46.0, first=False), draws(2), 1)
    assert course.periods == 5
    counts = [sum(turn.period == period for turn in course.turns) for period in range(1, 6)]
    assert counts == [sport.turns] * 4 + [sport.extra]
    whole = [course.points(period, len(course.turns)) for period in range(1, 6)]
    last = course.turns[-1]
    assert tuple(map(sum, zip(*whole, strict=True))) == (last.away_score, last.home_score)
    assert course.points(2, course.before(2)) == (0, 0)
    level = course.turns[4 * sport.turns - 1]
    assert level.lead == 0
    assert level.left == 0
    assert course.turns[4 * sport.turns].left == sport.extra - 1


def test_turns_left_count_down_over_the_regulation() -> None:
    course = wanted(Law(NBA, 0.0, 225.0, first=True), draws(3), 0)
    assert [turn.left for turn in course.turns] == list(range(199, -1, -1))


def test_whoever_has_the_first_turn_has_it_again_in_the_last_quarter() -> None:
    course = wanted(Law(NBA, 0.0, 225.0, first=True), draws(4), 0)
    first = [course.turns[course.before(period)].home for period in range(1, 5)]
    assert first == [True, False, False, True]


def test_overtimes_are_drawn_until_they_are_as_asked_for() -> None:
    law = Law(NBA, 0.0, 225.0, first=True)
    assert [wanted(law, draws(1), count).periods for count in (0, 1, 2)] == [4, 5, 6]
    assert wanted(law, draws(1), 1).turns == wanted(law, draws(1), 1).turns
    some = [wanted(law, draws(seed), None).periods for seed in range(60)]
    assert set(some) == {4, 5}


def test_what_never_happens_is_not_looked_for_for_ever() -> None:
    with pytest.raises(ValueError, match="no game with -1 overtimes"):
        wanted(Law(NFL, 0.0, 46.0, first=True), draws(1), -1)

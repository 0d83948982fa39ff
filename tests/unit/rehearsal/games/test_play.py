"""A game on the wall clock."""

import math

import pytest

from cockpit.domain.games import Phase
from cockpit.domain.units import MILLISECOND, SECOND
from cockpit.rehearsal.games.play import Breaks, lasts

from .playing import TIP, play  # noqa: TID252  the tests are no package

BEGINS = TIP + 40 * SECOND


@pytest.mark.parametrize(
    ("after_s", "phase", "period", "clock_ms"),
    [
        (-0.001, Phase.PRE, 0, 0),
        (0, Phase.LIVE, 1, 720_000),
        (90, Phase.LIVE, 1, 360_000),
        (180, Phase.BREAK, 1, 0),
        (189.9, Phase.BREAK, 1, 0),
        (190, Phase.LIVE, 2, 720_000),
        (370, Phase.BREAK, 2, 0),
        (390, Phase.LIVE, 3, 720_000),
        (579, Phase.BREAK, 3, 0),
        (580, Phase.LIVE, 4, 720_000),
        (759.75, Phase.LIVE, 4, 1_000),
        (760, Phase.BREAK, 4, 0),
        (775, Phase.LIVE, 5, 300_000),
        (850, Phase.FINAL, 5, 0),
        (9_000, Phase.FINAL, 5, 0),
    ],
)
def test_game_time_runs_four_times_as_fast_and_stands_between_periods(
    after_s: float, phase: Phase, period: int, clock_ms: int
) -> None:
    """Quarters of 180 wall seconds; ten seconds after each, twenty at the half, fifteen before the overtime."""
    board = play(overtimes=1).at(BEGINS + int(after_s * SECOND))
    assert (board.phase, board.period, board.clock_ms) == (phase, period, clock_ms)
    assert len(board.home) == len(board.away) == period


def test_boards_never_go_back() -> None:
    game = play(overtimes=1)
    before = game.at(BEGINS - SECOND)
    assert before.scores == (0, 0)
    for ts in range(BEGINS, game.final + 2 * SECOND, 700 * MILLISECOND):
        board = game.at(ts)
        assert board.turns >= before.turns
        assert (board.period, -board.clock_ms) >= (
            before.period,
            -before.clock_ms,
        ) or board.phase is Phase.FINAL
        assert all(now >= then for now, then in zip(board.scores, before.scores, strict=True))
        assert (sum(board.away), sum(board.home)) == board.scores
        before = board
    last = game.course.turns[-1]
    assert before.scores == (last.away_score, last.home_score)
    assert before.turns == len(game.course.turns)


def test_the_chance_is_that_of_the_turns_that_are_over() -> None:
    game = play(overtimes=1)
    tip = game.chance(BEGINS)
    assert game.chance(0) == tip == game.law.wins(200, 0)
    for turn in game.course.turns:
        at = game.when(turn)
        regular = turn.period <= 4 and (turn.left or turn.lead)
        if regular:
            assert game.chance(at) == game.law.wins(turn.left, turn.lead)
        elif turn.period > 4 and turn.left:
            assert game.chance(at) == game.law.wins(turn.left, turn.lead, overtime=True)
    level = game.course.turns[199]
    assert game.chance(game.when(level)) == game.law.wins(22, 0, overtime=True)
    assert game.chance(game.final - 1) == game.chance(game.final) == game.home_won
    assert all(0.0 <= game.chance(ts) <= 1.0 for ts in range(BEGINS, game.final, 5 * SECOND))


def test_the_chance_changes_only_with_a_turn() -> None:
    game = play()
    first, second = game.course.turns[:2]
    assert game.chance(game.when(first)) == game.chance(game.when(second) - 1)
    assert not math.isclose(game.chance(game.when(first)), game.chance(game.when(second)))


def test_nobody_knows_of_an_overtime_before_it() -> None:
    """When it is to end: the end of regulation, until there is an overtime."""
    game = play(overtimes=1)
    regulation = BEGINS + 760 * SECOND
    assert game.ends(BEGINS - SECOND) == game.ends(BEGINS + 300 * SECOND) == regulation
    assert game.ends(regulation + 16 * SECOND) == game.final == BEGINS + 850 * SECOND
    assert play().final == play().ends(0) == regulation


@pytest.mark.parametrize("overtimes", [0, 1, 2])
def test_how_long_a_game_takes_is_known_before_it_is_placed(overtimes: int) -> None:
    game = play(overtimes=overtimes)
    assert game.final - game.tip == 760 * SECOND + overtimes * 90 * SECOND
    assert lasts(game.course, 4.0, Breaks(10.0, 20.0, 15.0)) == game.final - game.tip

"""Games placed in a world's time."""

import msgspec
import numpy as np
import pytest

from cockpit.domain.newyork import local
from cockpit.domain.units import SECOND
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.games.fixtures import MARGIN_NS, Fixture, Span, plays, quickened
from cockpit.rehearsal.games.names import event_of, iso_day
from cockpit.rehearsal.profiles import DEMO, GAMES

CLOSE = 1_796_328_000 * SECOND
"""3 December 2026, 20:00 UTC."""
QUARTER = 900 * SECOND
BOUNDED = quickened(DEMO.games)


def drawn(spec, span, seed=1):
    return plays(spec, span, Draws(np.random.default_rng(seed)))


def of(*fixtures, bounded=False):
    return msgspec.structs.replace(GAMES.games, fixtures=fixtures, bounded=bounded)


def test_a_game_begins_so_many_seconds_after_the_world() -> None:
    span = Span(CLOSE - 450 * SECOND, CLOSE)
    (game,), listed = drawn(of(Fixture("nba", tip_s=90.0)), span)
    assert not listed
    assert game.tip == span.start + 90 * SECOND
    assert local(game.tie.scheduled).second == 0
    assert 20 * SECOND <= game.tip - game.tie.scheduled < 80 * SECOND


@pytest.mark.parametrize("left_s", [899, 600, 200, 60])
@pytest.mark.parametrize("seed", range(4))
def test_a_bounded_world_plays_everything_to_its_end(left_s: int, seed: int) -> None:
    span = Span(CLOSE - left_s * SECOND, CLOSE)
    now, listed = drawn(BOUNDED, span, seed)
    assert len(now) + len(listed) == len(BOUNDED.fixtures)
    assert all(span.start < game.final <= CLOSE - MARGIN_NS for game in now)
    assert all(game.final <= span.start or game.tip > CLOSE for game in listed)
    free, _ = drawn(msgspec.structs.replace(BOUNDED, bounded=False), span, seed)
    courses = {game.id: game.course.turns for game in free}
    assert all(game.course.turns == courses[game.id] for game in now)


def test_a_whole_quarter_hour_has_a_game_that_has_not_begun() -> None:
    span = Span(CLOSE - QUARTER + SECOND, CLOSE)
    now, _ = drawn(BOUNDED, span)
    assert sum(game.tip > span.start + 60 * SECOND for game in now) == 1
    assert sum(game.tip < span.start for game in now) == 3


def test_worlds_of_one_day_share_no_pair_but_the_evenings() -> None:
    numbers, events, evening = [], [], set()
    for quarter in range(34):
        span = Span(CLOSE + quarter * QUARTER - 899 * SECOND, CLOSE + quarter * QUARTER)
        now, listed = drawn(BOUNDED, span)
        numbers += [game.id for game in now]
        events += [(iso_day(g.tie), frozenset((g.tie.away.code, g.tie.home.code)), g.league) for g in now]
        evening |= {event_of(game.tie) for game in listed}
    assert len(numbers) == len(set(numbers)) == 4 * 34
    assert len(events) == len(set(events))
    assert len(evening) == 1


def test_the_day_is_that_before_midnight_and_never_mixed() -> None:
    """The world that closes at midnight in New York is of the day before; the next one begins no game before it."""
    midnight = CLOSE + 9 * 3_600 * SECOND
    late, _ = drawn(BOUNDED, Span(midnight - 899 * SECOND, midnight))
    early, _ = drawn(BOUNDED, Span(midnight + SECOND, midnight + QUARTER))
    assert {iso_day(game.tie) for game in late} == {"2026-12-03"}
    assert {iso_day(game.tie) for game in early} == {"2026-12-04"}
    assert min(game.tie.scheduled for game in early) >= midnight


def test_the_evenings_game_is_the_same_all_day_and_gone_when_it_would_begin() -> None:
    games = [
        drawn(BOUNDED, Span(CLOSE + n * QUARTER - 60 * SECOND, CLOSE + n * QUARTER))[1]
        for n in range(-40, 36)
    ]
    evening = [[g for g in listed if g.id.startswith("402")] for listed in games]
    told = [each[0] for each in evening if each]
    assert len({(each.id, event_of(each.tie), each.tip) for each in told}) == 1
    assert local(told[0].tip).hour == 22
    assert evening[0]
    assert not evening[-8]


def test_the_demo_has_an_underdog_at_home_at_a_third() -> None:
    span = Span(CLOSE - 450 * SECOND, CLOSE)
    now, _ = drawn(DEMO.games, span, 22)
    to_come = [game for game in now if game.tip > span.start]
    assert [0.30 < game.chance(span.start) < 0.35 for game in to_come] == [True]
    fourth = now[0].at(span.start)
    assert (fourth.period, now[1].at(span.start).period, now[-1].league) == (4, 2, "nfl")
    assert now[0].final < CLOSE - 120 * SECOND


@pytest.mark.parametrize("seed", range(5))
def test_the_games_world_has_an_overtime_and_settles_within_nine_minutes(seed: int) -> None:
    span = Span(CLOSE - 450 * SECOND, CLOSE)
    now, _ = drawn(GAMES.games, span, seed)
    assert now[0].course.periods == 5
    assert now[0].tip > span.start
    assert now[0].final + 80 * SECOND < CLOSE + GAMES.tail_ns
    assert now[1].at(span.start).period == 3


def test_a_game_that_is_on_stands_where_it_is_said_to() -> None:
    span = Span(CLOSE - 450 * SECOND, CLOSE)
    for league, on in (("nba", (1, 700.0)), ("nba", (3, 30.0)), ("nfl", (2, 1.0)), ("nfl", (4, 899.0))):
        (game,), _ = drawn(
            of(Fixture(league, on=on, pace=3.0, total=46.0 if league == "nfl" else 226.0)), span
        )
        board = game.at(span.start)
        assert board.period == on[0]
        assert abs(board.clock_ms - on[1] * 1_000) < 2


def test_worlds_without_end_are_quicker_and_so_is_everybody() -> None:
    quick = quickened(DEMO.games)
    assert quick.bounded
    assert [each.pace for each in quick.fixtures] == [2 * each.pace for each in DEMO.games.fixtures]
    assert quick.makers[0].pace == DEMO.games.makers[0].pace / 2
    assert quick.crowding.rate == DEMO.games.crowding.rate * 2
    assert quick.nerves_s == DEMO.games.nerves_s / 2
    assert quickened(quick) == quick
    assert quickened(GAMES.games) == msgspec.structs.replace(GAMES.games, bounded=True)

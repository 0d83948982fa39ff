"""Summaries: what was played, and the line that closed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.events import GamePast, GameSeen
from cockpit.domain.games import GameLine, Phase, Played
from cockpit.domain.units import SECOND
from cockpit.feeds.espn.past import MOST

from .payloads import (  # noqa: TID252  the tests are no package
    MINUTE,
    NBA,
    NFL,
    T0,
    Site,
    at,
    event,
    numbers,
    play,
    pre,
    scoreboard,
    status,
    summary,
    words,
)

URL = f"{NBA}/summary?event=401700001"
PLAYS = (
    play(1, "2027-01-16T00:00:00Z", 1, "12:00", 0, 0, "Jumpball"),
    play(2, "2027-01-16T00:00:25Z", 1, "11:40", 0, 2, scoringPlay=True),
    play(3, "2027-01-16T00:00:30Z", 1, "11:35", 0, 2, "Full Timeout"),
    play(4, "2027-01-16T00:00:55Z", 1, "11:10", 3, 2),
    play(5, "2027-01-16T00:01:20Z", 1, "59.9", 3, 2, "Defensive Rebound"),
)


def wall(seconds: int) -> str:
    return f"{datetime(2027, 1, 16, tzinfo=UTC) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"


def test_what_was_played_so_far() -> None:
    site = Site()
    live = at(1, 59.9, 2, 3)
    chances = [(1, 0.5), (2, 0.022), (4, 0.51), (5, 0.52)]
    past, seen = site.answer(summary(live, [numbers()], PLAYS, chances), URL, after=2 * MINUTE)
    assert isinstance(past, GamePast)
    assert past.game == "nba 401700001"
    assert past.moments == (
        Played(T0, 1, 720_000, 0, 0, 5_000),
        Played(T0 + 25 * SECOND, 1, 700_000, 0, 2, 5_000),
        Played(T0 + 55 * SECOND, 1, 670_000, 3, 2, 5_100),
        Played(T0 + 80 * SECOND, 1, 59_900, 3, 2, 5_200),
    )
    assert isinstance(seen, GameSeen)
    assert (seen.game.play, seen.game.said, seen.game.ball) == ("5", 5_200, 1)
    assert seen.game.line == GameLine("B Book", 650, 22_250, 180, -220)


def test_a_status_without_clock_stands_where_its_last_play_does() -> None:
    live = at(1, 0.0, 2, 3)
    live["competitions"][0]["status"] = status("in", None, None, None)
    (_, seen) = Site().answer(summary(live, plays=PLAYS), URL, after=2 * MINUTE)
    assert (seen.game.phase, seen.game.period, seen.game.clock_ms) == (Phase.LIVE, 1, 59_900)


def test_moments_are_thinned_and_in_order() -> None:
    """A football game of four hours, its plays told backwards."""
    site = Site()
    plays = [play(n, wall(10 * n), 1, "1:00", 0, n // 20) for n in range(1, 1_440)]
    game = event(
        away=("DAL", "6"), home=("WSH", "28"), score=("0", "71"), standing=status("in", 4, 1.0, None)
    )
    past, _ = site.answer(
        summary(game, plays=plays[::-1]), f"{NFL}/summary?event=401700001", after=300 * MINUTE
    )
    assert isinstance(past, GamePast)
    assert len(past.moments) <= MOST
    stamps = [each.ts for each in past.moments]
    assert stamps == sorted(set(stamps))
    assert stamps[-1] - stamps[0] > 235 * MINUTE
    assert len(stamps) > MOST * 9 // 10
    assert [each.home_score for each in past.moments] == sorted(each.home_score for each in past.moments)


def test_a_scoring_play_is_kept_before_any_other() -> None:
    plays = [play(n, wall(n), 1, "1:00", 0, 2 if n >= 4 else 0) for n in range(10)]
    past, _ = Site().answer(summary(at(1, 60.0, 2, 0), plays=plays), URL, after=2 * MINUTE)
    assert isinstance(past, GamePast)
    assert [(each.ts - T0) // SECOND for each in past.moments] == [4]


def test_odd_plays_are_left_out() -> None:
    odd: list[Any] = [
        play(6, "soon", 1, "1:00", 3, 2), play(7, wall(90), 0, "1:00", 3, 2), play(8, wall(90), 1, "Half", 3, 2),
        play(9, wall(90), 1, "1:00", -3, 2), play(10, wall(9_999), 1, "1:00", 3, 2), None, [], {"id": []},
        play(11, wall(90), 1, "1:00", 3, 2) | {"period": None}, play(12, wall(90), 1, "1:00", 3, 2) | {"wallclock": None},
    ]  # fmt: skip
    site = Site()
    told = [
        site.answer(summary(at(1, 60.0, 2, 3), plays=plays), URL, after=2 * MINUTE)[0]
        for plays in (PLAYS, [*odd, *PLAYS])
    ]
    assert isinstance(told[1], GamePast)
    assert told[1].moments == told[0].moments  # type: ignore[union-attr]
    assert sum(n for key, n in site.feed.census.items() if key.startswith("play:")) == 6


# ---------------------------------------------------------------------- when one is asked for


def test_a_game_first_seen_live_is_asked_for_once() -> None:
    site = Site()
    for clock in (60.0, 55.0, 50.0):
        site.games(at(1, clock, 2, 3))
    assert site.asked() == [URL]
    assert site.asked() == []


def test_a_game_without_a_moneyline_is_asked_for_half_an_hour_before() -> None:
    site = Site()
    site.games(pre(date="2027-01-16T00:45Z", odds=[words()]), after=0)
    assert site.asked() == []
    site.games(pre(date="2027-01-16T00:45Z", odds=[words()]), after=15 * MINUTE)
    assert site.asked() == [URL]
    site.games(pre(date="2027-01-16T00:45Z"), after=MINUTE)
    site.games(at(1, 700.0, 0, 0), after=30 * MINUTE)
    assert site.asked() == []


def test_one_with_a_moneyline_or_over_is_not_asked_for() -> None:
    site = Site()
    site.games(pre(odds=[numbers()]), event(number="2", standing=status("post", 4)))
    site.games(at(1, 700.0, 0, 0))
    assert site.asked() == []


@pytest.mark.parametrize(
    ("body", "st"), [(b"", 404), (b"<html>", 200), (b"no route", 0), (b'{"header":', 200)]
)
def test_one_that_failed_is_asked_for_again_but_not_for_ever(body: bytes, st: int) -> None:
    site = Site()
    asked = 0
    for n in range(40):
        site.games(at(1, 600.0 - n, 2, 3), after=30 * SECOND)
        for url in site.asked():
            asked += 1
            with pytest.raises(FeedError):
                site.answer(body, url, st)
    assert asked == 5


def test_one_that_was_answered_is_not_asked_for_again() -> None:
    site = Site()
    site.games(at(1, 600.0, 2, 3))
    (url,) = site.asked()
    site.answer(summary(at(1, 600.0, 2, 3)), url)
    site.games(at(1, 500.0, 2, 3), after=10 * MINUTE)
    assert site.asked() == []


# ---------------------------------------------------------------------- beside the scoreboard


def test_a_summary_that_is_behind_still_tells_a_line() -> None:
    site = Site()
    site.games(at(1, 500.0, 2, 3))
    (seen,) = site.answer(summary(at(1, 510.0, 2, 3), [numbers()]), URL)
    assert isinstance(seen, GameSeen)
    assert seen.game.clock_ms == 500_000
    assert seen.game.line == GameLine("B Book", 650, 22_250, 180, -220)
    (later,) = site.answer(scoreboard(at(1, 490.0, 2, 3)))
    assert isinstance(later, GameSeen)
    assert later.game.line == seen.game.line
    assert site.answer(summary(at(1, 510.0, 2, 3)), URL) == []


def test_a_strangers_summary_says_nothing() -> None:
    game = event(away=("EAST", "132374"), home=("WEST", "132375"))
    assert Site().answer(summary(game, [words()], PLAYS), URL) == []

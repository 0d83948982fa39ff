"""What keeps old answers from being told, and what keeps a line."""

from typing import Any

import msgspec
import pytest

from cockpit.domain.events import GameSeen
from cockpit.domain.games import GameLine, Phase
from cockpit.feeds.espn.known import INSISTED, KEPT_NS

from .payloads import (  # noqa: TID252  the tests are no package
    MINUTE,
    NBA,
    Site,
    at,
    event,
    numbers,
    pre,
    status,
    summary,
    words,
)

HALF = event(score=("50", "55"), standing=status("in", 2, 0.0, "0.0", "STATUS_HALFTIME"))
HALF_WITH_ODDS = event(
    score=("50", "55"), standing=status("in", 2, 0.0, "0.0", "STATUS_HALFTIME"), odds=[numbers()]
)
FINAL = event(score=("90", "95"), standing=status("post", 4, 0.0, "0.0"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (at(2, 60.0, 50, 45), at(2, 62.0, 50, 45)),
        (at(2, 60.0, 50, 45), at(2, 62.0, 48, 45)),
        (at(3, 700.0, 50, 45), at(2, 1.0, 50, 45)),
        (HALF, at(2, 300.0, 55, 50)),
        (at(2, 60.0, 50, 45, 100), at(2, 62.0, 50, 45, 100)),
        (at(2, 60.0, 50, 45, 100), at(2, 62.0, 50, 45, 99)),
        (at(1, 700.0, 0, 0), pre()),
        (FINAL, at(4, 3.0, 95, 90)),
    ],
)
def test_a_game_that_goes_back_is_not_told(before: Any, after: Any) -> None:
    site = Site()
    assert len(site.games(before)) == 1
    assert site.games(after) == []
    assert len(site.games(before)) == 1
    assert sum(n for key, n in site.feed.census.items() if key.startswith("stale")) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (at(2, 60.0, 50, 45), at(2, 61.0, 50, 45)),
        (at(2, 60.0, 50, 45), at(2, 62.0, 52, 45)),
        (at(2, 60.0, 50, 45, 100), at(2, 62.0, 50, 45, 101)),
        (at(2, 60.0, 50, 45), at(2, 58.0, 48, 45)),
        (at(2, 60.0, 50, 45), at(3, 719.0, 50, 45)),
        (at(4, 1.0, 90, 90), at(5, 300.0, 90, 90)),
        (HALF, at(3, 720.0, 55, 50)),
        (FINAL, event(standing=status("post", 0, 0.0, None, "STATUS_CANCELED"))),
        (event(standing=status("post", None, None, None, "STATUS_POSTPONED", completed=False)), pre()),
    ],
)
def test_a_game_that_goes_on_or_is_corrected_is_told(before: Any, after: Any) -> None:
    """A second's slip, points, a newer play, points taken back while the clock runs."""
    site = Site()
    site.games(before)
    assert len(site.games(after)) == 1


def test_what_is_insisted_on_is_a_correction() -> None:
    site = Site()
    site.games(at(2, 60.0, 50, 45))
    for _ in range(INSISTED):
        assert site.games(at(2, 90.0, 50, 45)) == []
    (corrected,) = site.games(at(2, 90.0, 50, 45))
    assert corrected.clock_ms == 90_000
    assert site.games(at(2, 95.0, 50, 45)) == []
    (going_on,) = site.games(at(2, 89.0, 50, 45))
    assert going_on.clock_ms == 89_000


def test_old_answers_in_between_do_not_add_up() -> None:
    site = Site()
    for clock in range(600, 500, -10):
        assert len(site.games(at(2, float(clock), 50, 45))) == 1
        assert site.games(at(2, clock + 10.0, 50, 45)) == []


def test_the_line_is_the_newest_until_the_game_begins_and_stands_then() -> None:
    site = Site()
    site.games(pre(odds=[numbers()]))
    (moved,) = site.games(pre(odds=[numbers("UTAH -7.5", 7.5, 200, -240)]))
    assert moved.line == GameLine("B Book", 750, 22_250, 200, -240)
    (gone,) = site.games(pre())
    (shorter,) = site.games(pre(odds=[words("UTAH -8")]))
    assert gone.line == moved.line
    assert shorter.line == GameLine("A Book", 800, 22_900, 200, -240)
    (live,) = site.games(at(1, 700.0, 2, 0, odds=[numbers("TOR -20.5", -20.5, -900, 600)]))
    (later,) = site.games(at(1, 690.0, 2, 0))
    assert live.line == later.line == shorter.line


def test_a_line_that_comes_late_fills_what_was_missing() -> None:
    site = Site()
    site.games(pre(odds=[words()]))
    (live,) = site.games(at(1, 700.0, 2, 0))
    assert live.line == GameLine("A Book", 250, 22_900)
    (asked,) = site.asked()
    (seen,) = site.answer(summary(at(1, 700.0, 2, 0), [numbers()]), asked)
    assert isinstance(seen, GameSeen)
    assert seen.game.line == GameLine("A Book", 250, 22_900, 180, -220)


@pytest.mark.parametrize("on", [at(3, 600.0, 60, 80, odds=[numbers()]), HALF_WITH_ODDS])
def test_a_scoreboard_s_line_in_play_is_no_line_before_the_game(on: Any) -> None:
    """Nor that of a summary's header: only what it lists as the lines before the game."""
    site = Site()
    (live,) = site.games(on)
    assert live.line is None
    (asked,) = site.asked()
    told = summary(on)
    told["header"]["competitions"][0]["odds"] = [numbers()]
    assert all(isinstance(each, GameSeen) and each.game.line is None for each in site.answer(told, asked))
    (seen,) = site.answer(summary(on, [words()]), asked)
    assert isinstance(seen, GameSeen)
    assert seen.game.line == GameLine("A Book", 250, 22_900)
    (later,) = site.games(on)
    assert later.line == seen.game.line


def test_a_game_put_off_keeps_its_number_and_moves() -> None:
    site = Site()
    (first,) = site.games(pre())
    (moved,) = site.games(pre(date="2027-01-18T00:00Z"))
    assert (moved.id, moved.start_ns - first.start_ns) == (first.id, 2 * 1_440 * MINUTE)


def test_what_began_long_ago_is_forgotten() -> None:
    site = Site()
    site.games(FINAL)
    site.games(pre(number="2", date="2027-01-20T00:00Z"), after=KEPT_NS + MINUTE)
    assert list(msgspec.json.decode(site.feed.memory())["known"]) == ["nba 2"]


def test_an_unchanged_answer_tells_its_games_again() -> None:
    site = Site()
    url = f"{NBA}/scoreboard?dates=20270115"
    (told,) = site.games(pre(), url=url)
    (again,) = site.answer(b"", url, st=304)
    assert (again.game, again.ts) == (told, site.t)
    assert site.answer(b"", f"{NBA}/scoreboard?dates=20270116", st=304) == []


def test_overtime_is_further_than_the_end_of_the_fourth() -> None:
    site = Site()
    site.games(at(5, 200.0, 95, 95))
    assert site.games(event(score=("95", "95"), standing=status("in", 4, 0.0, "0.0"))) == []
    (over,) = site.games(event(score=("95", "97"), standing=status("post", 5, 0.0, "0.0")))
    assert over.phase is Phase.FINAL

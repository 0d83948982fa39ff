"""How often what is asked for."""

import pytest

from .payloads import MINUTE, NBA, NFL, T0, Site, at, event, pre, scoreboard, status  # noqa: TID252  the tests are no package

WEEK = "basketball/nba/scoreboard?dates=20270115-20270122&limit=300"
TODAY = "basketball/nba/scoreboard?dates=20270115"
YESTERDAY = "basketball/nba/scoreboard?dates=20270114"


def nba(site: Site) -> dict[str, int]:
    return {url: every for url, every in site.polls().items() if "nba" in url}


def test_before_any_time_is_known_the_undated_scoreboards() -> None:
    assert Site().polls() == {"basketball/nba/scoreboard": 60, "football/nfl/scoreboard": 60}
    assert list(Site(leagues=("nfl", "nhl")).polls()) == ["football/nfl/scoreboard"]


def test_without_games_only_the_week() -> None:
    site = Site()
    site.games()
    assert site.polls() == {WEEK: 1_800, WEEK.replace("basketball/nba", "football/nfl"): 1_800}


@pytest.mark.parametrize(
    ("game", "every"),
    [
        (pre(date="2027-01-16T00:31Z"), 600),
        (pre(date="2027-01-16T00:30Z"), 60),
        (pre(date="2027-01-15T22:00Z"), 60),
        (at(2, 60.0, 10, 10), 5),
        (event(standing=status("in", 2, 0.0, "0.0", "STATUS_HALFTIME")), 5),
        (event(standing=status("post", 4)), 600),
        (event(standing=status("post", None, None, None, "STATUS_POSTPONED", completed=False)), 600),
    ],
)
def test_a_days_games_say_how_often(game: dict[str, object], every: int) -> None:
    site = Site(leagues=("nba",))
    site.games(game, after=0)
    assert site.polls() == {TODAY: every, WEEK: 1_800}


def test_one_live_game_is_enough_and_other_leagues_do_not_mind() -> None:
    site = Site()
    site.games(pre(number="1"), at(1, 60.0, 2, 2, number="2"))
    site.games(pre(away=("DAL", "6"), home=("WSH", "28"), date="2027-01-16T03:00Z"), url=f"{NFL}/scoreboard")
    assert nba(site) == {TODAY: 5, WEEK: 1_800}
    assert site.polls()["football/nfl/scoreboard?dates=20270115"] == 600


def test_a_game_tomorrow_is_asked_for_with_the_week() -> None:
    site = Site(leagues=("nba",))
    site.games(pre(date="2027-01-17T00:00Z"))
    assert site.polls() == {WEEK: 1_800}


def test_yesterdays_games_until_six_in_the_morning() -> None:
    site = Site(leagues=("nba",))
    site.games(at(4, 60.0, 90, 90))
    site.games(at(5, 60.0, 95, 95), after=300 * MINUTE)
    moved = {url.replace("20270115", "20270116"): 1_800 for url in site.polls() if "-" in url}
    assert site.polls()[TODAY] == 5
    assert TODAY.replace("15", "16") not in site.polls()
    assert moved
    site.games(at(5, 30.0, 95, 95), after=359 * MINUTE)
    assert site.polls()[TODAY] == 5
    site.games(at(5, 29.0, 95, 95), after=2 * MINUTE)
    assert list(site.polls()) == [WEEK.replace("15-20270122", "16-20270123")]


def test_yesterdays_games_are_let_go_when_they_are_over() -> None:
    site = Site(leagues=("nba",))
    site.games(at(4, 60.0, 90, 90))
    site.games(event(score=("95", "99"), standing=status("post", 5)), after=300 * MINUTE)
    assert TODAY not in site.polls()


def test_a_live_game_nobody_names_any_more_is_asked_for_less_often() -> None:
    site = Site(leagues=("nba",))
    site.games(at(4, 60.0, 90, 90))
    site.games(pre(number="2", date="2027-01-16T03:00Z"), after=16 * MINUTE)
    assert site.polls()[TODAY] == 60


def test_days_are_new_yorks_in_summer_too() -> None:
    site = Site(leagues=("nba",))
    site.t = T0 + 152 * 1_440 * MINUTE  # 17 June, 0:00 UTC: the 16th, eight in the evening
    site.games(pre(date="2027-06-17T01:00Z"), after=0)
    assert site.polls()["basketball/nba/scoreboard?dates=20270616"] == 600
    assert "basketball/nba/scoreboard?dates=20270616-20270623&limit=300" in site.polls()
    site.answer(scoreboard(), f"{NBA}/scoreboard", after=240 * MINUTE)
    assert "basketball/nba/scoreboard?dates=20270617-20270624&limit=300" in site.polls()

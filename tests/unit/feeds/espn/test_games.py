"""One game of an answer."""

from typing import Any

import pytest

from cockpit.domain.games import Game, Phase
from cockpit.domain.units import SECOND
from cockpit.feeds.espn.games import read
from cockpit.models.teams import TEAMS

from .payloads import T0, body, codes, event, pre, side, status  # noqa: TID252  the tests are no package


def test_a_live_game_in_full() -> None:
    told = event(
        neutralSite=True,
        situation={
            "lastPlay": {
                "id": "401700001413",
                "type": {"id": "155", "text": "Defensive Rebound"},
                "team": {"id": "26"},
                "probability": {"homeWinPercentage": 0.64125, "tiePercentage": 0, "secondsLeft": 0},
            }
        },
        season=3,
    )
    competitors = told["competitions"][0]["competitors"]
    competitors[0]["linescores"] = [{"value": 30.0}, {"value": 21}]
    competitors[1]["linescores"] = [{"displayValue": "25"}, {"value": "22"}]
    assert read(body(told), "nba", codes()) == Game(
        id="nba 401700001", league="nba", start_ns=T0, away="UTA", home="TOR", phase=Phase.LIVE, period=2,
        clock_ms=98_000, away_score=47, home_score=51, away_periods=(25, 22), home_periods=(30, 21),
        status="STATUS_IN_PROGRESS", detail="1:38 - 2", neutral=True, playoffs=True, ball=-1,
        play="401700001413", said=6_412,
    )  # fmt: skip


def test_sides_go_by_what_they_are_called() -> None:
    told = event()
    told["competitions"][0]["competitors"].reverse()
    assert read(body(told), "nba", codes()) == read(body(event()), "nba", codes())


@pytest.mark.parametrize("league", ["nba", "nfl"])
def test_every_team_by_abbreviation_or_number(league: str) -> None:
    teams = TEAMS[league]
    for one, other in zip(teams, [*teams[1:], teams[0]], strict=True):
        known = event(away=(one.espn, "?"), home=("??", other.espn_id))
        found = read(body(known), league, codes())
        assert found is not None
        assert (found.away, found.home) == (one.code, other.code)


def test_strangers_are_left_out_and_counted() -> None:
    crosswalk = codes()
    assert read(body(event(away=("EAST", "132374"), home=("WEST", "132375"))), "nba", crosswalk) is None
    assert crosswalk.census == {"team:nba EAST": 1, "team:nba WEST": 1}
    assert read(body(event(away=("TOR", "28"))), "nba", codes()) is None


@pytest.mark.parametrize(
    ("told", "playoffs"), [(event(season=1), False), (event(season=2), False), (event(season=3), True), (event(season=5), False)]
)  # fmt: skip
def test_the_play_in_is_no_play_off(told: Any, playoffs: bool) -> None:
    found = read(body(told), "nba", codes())
    assert found is not None
    assert found.playoffs is playoffs


def test_a_game_to_come_and_one_put_off_need_no_score() -> None:
    for standing, phase in (
        (status("pre", 0, 0.0, "0.0"), Phase.PRE),
        (status("post", None, None, None, "STATUS_POSTPONED", completed=False), Phase.VOID),
    ):
        found = read(body(event(score=(None, ""), standing=standing)), "nba", codes())
        assert found is not None
        assert (found.phase, found.away_score, found.home_score, found.clock_ms) == (phase, 0, 0, 0)


def test_the_start_may_stand_in_the_competition_and_have_seconds() -> None:
    found = read(body(pre(date="2027-01-16T00:00:30Z") | {"date": None}), "nba", codes())
    assert found is not None
    assert found.start_ns == T0 + 30 * SECOND


def test_no_ball_and_no_play_outside_the_game() -> None:
    situation = {"lastPlay": {"id": "7", "type": {"text": "Defensive Rebound"}, "team": {"id": "26"}}}
    half = status("in", 2, 0.0, "0.0", "STATUS_HALFTIME")
    at_half = read(body(event(standing=half, situation=situation)), "nba", codes())
    over = read(body(event(standing=status("post", 4), situation=situation)), "nba", codes())
    assert at_half is not None
    assert over is not None
    assert (at_half.ball, at_half.play, over.ball, over.play) == (0, "7", 0, "")


@pytest.mark.parametrize("said", [1.2, -0.1, "x", None])
def test_a_chance_that_is_none(said: Any) -> None:
    found = read(
        body(event(situation={"lastPlay": {"id": 7, "probability": {"homeWinPercentage": said}}})),
        "nba",
        codes(),
    )
    assert found is not None
    assert (found.said, found.play) == (None, "7")


@pytest.mark.parametrize(
    "part",
    [
        {"situation": None},
        {"situation": [1]},
        {"situation": {"lastPlay": 3}},
        {"odds": None},
        {"odds": [None, 3]},
    ],
)
def test_odd_odds_and_situations_lose_nothing_else(part: Any) -> None:
    found = read(body(event(**part)), "nba", codes())
    assert found == read(body(event()), "nba", codes())


def test_odd_linescores_are_none_at_all() -> None:
    told = event()
    told["competitions"][0]["competitors"][0]["linescores"] = [{"value": 30}, {"value": "x"}]
    crosswalk = codes()
    found = read(body(told), "nba", crosswalk)
    assert found is not None
    assert found.home_periods == ()
    assert crosswalk.census.total() == 1


@pytest.mark.parametrize(
    "told",
    [
        event(score=("x", "5")), event(score=("-1", "5")), event(score=("401", "5")), event(score=(None, "5")),
        event(number="abc"), event(number="-5"), event(date="TBD"), event(date="2226-01-01T00:00Z"),
        event() | {"competitions": []}, event() | {"competitions": None}, event(date=""),
        event(competitors=[side("home", "TOR", "28")]), event(competitors=[]),
    ],
)  # fmt: skip
def test_what_is_no_game(told: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(body(told), "nba", codes())

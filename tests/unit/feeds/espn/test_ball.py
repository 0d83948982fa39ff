"""Who has the ball."""

from typing import Any

import msgspec
import pytest

from cockpit.feeds.espn.ball import Ids, ball
from cockpit.feeds.espn.bodies import Situation

IDS = Ids(away="26", home="28")


def read(league: str, **told: Any) -> int:
    return ball(league, msgspec.json.decode(msgspec.json.encode(told), type=Situation), IDS)


@pytest.mark.parametrize(
    ("kind", "scoring", "home_has_it"),
    [
        ("Defensive Rebound", False, 1), ("Offensive Rebound", False, 1), ("Jump Shot", True, -1),
        ("Jump Shot", False, 0), ("Bad Pass Turnover", False, -1), ("Traveling", False, -1),
        ("Free Throw - 1 of 2", True, 0), ("Free Throw - 2 of 2", True, -1), ("Free Throw - 2 of 2", False, 0),
        ("Free Throw - Technical 1 of 1", True, 0), ("Full Timeout", False, 0), ("Shooting Foul", False, 0),
        ("Dead Ball Rebound", False, 0),
    ],
)  # fmt: skip
def test_basketball_by_the_last_play(kind: str, scoring: bool, home_has_it: int) -> None:
    for team, sign in (("28", 1), ("26", -1), ("5", 0)):
        last = {"type": {"text": kind}, "scoringPlay": scoring, "team": {"id": team}}
        assert read("nba", lastPlay=last) == sign * home_has_it


def test_a_scoreboards_play_scores_by_its_value() -> None:
    made = {"type": {"text": "Jump Shot"}, "scoreValue": 3, "text": "x makes it", "team": {"id": "28"}}
    assert read("nba", lastPlay=made) == -1
    assert read("nba", lastPlay=made | {"text": "x misses it"}) == 0
    assert read("nba", lastPlay=made | {"scoreValue": "x"}) == 0
    assert (
        read("nba", lastPlay=made | {"team": None})
        == read("nba", lastPlay={"type": None})
        == read("nba")
        == 0
    )


def test_football_is_told() -> None:
    assert [read("nfl", possession=each) for each in ("28", 26, "5", None, "")] == [1, -1, 0, 0, 0]

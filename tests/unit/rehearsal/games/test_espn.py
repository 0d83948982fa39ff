"""Scoreboards as the source writes them."""

import msgspec
import pytest

from cockpit.domain.units import SECOND
from cockpit.rehearsal.games.espn import american, event, said_of, scoreboard, scoreboard_url, seen
from cockpit.rehearsal.games.espn_status import ordinal, period_name, shown

from .playing import NUMBER, TIP, play  # noqa: TID252  the tests are no package

BEGINS = TIP + 40 * SECOND


def told(after_s, **more):
    """A game's competition so many wall seconds after its beginning, as a client decodes it."""
    game = play(**more)
    return msgspec.json.decode(msgspec.json.encode(event(seen(game, BEGINS + int(after_s * SECOND)))))


def status(after_s, **more):
    return told(after_s, **more)["competitions"][0]["status"]


@pytest.mark.parametrize(
    ("after_s", "clock", "display", "period", "kind", "detail", "short"),
    [
        (-1, 0.0, "0.0", 0, ("1", "STATUS_SCHEDULED", "pre", False, "Scheduled"),
         "Thu, December 3rd at 2:00 PM EST", "12/3 - 2:00 PM EST"),
        (90, 360.0, "6:00", 1, ("2", "STATUS_IN_PROGRESS", "in", False, "In Progress"),
         "6:00 - 1st Quarter", "6:00 - 1st"),
        (172.65, 29.4, "29.4", 1, ("2", "STATUS_IN_PROGRESS", "in", False, "In Progress"),
         "29.4 - 1st Quarter", "29.4 - 1st"),
        (185, 0.0, "0.0", 1, ("22", "STATUS_END_PERIOD", "in", False, "End of Period"),
         "End of 1st Quarter", "End of 1st"),
        (375, 0.0, "0.0", 2, ("23", "STATUS_HALFTIME", "in", False, "Halftime"), "Halftime", "Halftime"),
        (765, 0.0, "0.0", 4, ("22", "STATUS_END_PERIOD", "in", False, "End of Period"),
         "End of 4th Quarter", "End of 4th"),
        (800, 200.0, "3:20", 5, ("2", "STATUS_IN_PROGRESS", "in", False, "In Progress"), "3:20 - OT", "3:20 - OT"),
        (850, 0.0, "0.0", 5, ("3", "STATUS_FINAL", "post", True, "Final"), "Final/OT", "Final/OT"),
    ],
)  # fmt: skip
def test_a_status(after_s, clock, display, period, kind, detail, short) -> None:
    number, name, state, completed, words = kind
    assert status(after_s, overtimes=1) == {
        "clock": clock,
        "displayClock": display,
        "period": period,
        "type": {
            "id": number,
            "name": name,
            "state": state,
            "completed": completed,
            "description": words,
            "detail": detail,
            "shortDetail": short,
        },
    }


def test_a_football_clock_has_a_colon_always() -> None:
    assert [shown("nfl", ms) for ms in (0, 29_400, 60_000, 900_000)] == ["0:00", "0:29", "1:00", "15:00"]
    assert [shown("nba", ms) for ms in (0, 40, 29_400, 59_999, 60_000)] == [
        "0.0",
        "0.1",
        "29.4",
        "60.0",
        "1:00",
    ]


def test_words() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 22)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd"
    ]  # fmt: skip
    assert [period_name(n) for n in (1, 4, 5, 6)] == ["1st", "4th", "OT", "2OT"]


def test_before_the_game_there_are_odds_and_no_situation() -> None:
    body = told(-1)
    one = body["competitions"][0]
    assert (body["id"], one["id"], body["date"]) == (NUMBER, NUMBER, "2026-12-03T19:00Z")
    assert (body["name"], body["shortName"]) == ("Utah Jazz at Washington Wizards", "UTAH @ WSH")
    assert body["season"] == {"year": 2027, "type": 2, "slug": "regular-season"}
    assert body["status"] == one["status"]
    assert "situation" not in one
    assert all("linescores" not in side and "winner" not in side for side in one["competitors"])
    assert [(s["homeAway"], s["team"]["id"], s["score"]) for s in one["competitors"]] == [
        ("home", "27", "0"),
        ("away", "26", "0"),
    ]
    (odds,) = one["odds"]
    assert odds["provider"] == {"id": "100", "name": "DraftKings", "priority": 1}
    assert (odds["details"], odds["spread"], odds["overUnder"]) == ("UTAH -6.5", 6.5, 226.0)
    assert odds["awayTeamOdds"] == {"favorite": True, "underdog": False}
    assert "moneyLine" not in odds["homeTeamOdds"]
    assert odds["pointSpread"]["home"]["close"] == {"line": "+6.5", "odds": "-110"}
    home, away = (odds["moneyline"][side]["close"]["odds"] for side in ("home", "away"))
    assert home.startswith("+")
    assert away.startswith("-")


def test_during_the_game_there_is_a_last_play_and_no_odds() -> None:
    for after_s in range(10, 700, 7):
        one = told(after_s)["competitions"][0]
        assert "odds" not in one
        game = play()
        board = game.at(BEGINS + after_s * SECOND)
        assert [int(side["score"]) for side in one["competitors"]] == list(board.scores[::-1])
        assert [v["value"] for v in one["competitors"][0]["linescores"]] == [float(p) for p in board.home]
        last = one["situation"]["lastPlay"]
        assert last["id"] == f"{NUMBER}{board.turns}"
        assert last["scoreValue"] == board.last.points
        assert "probability" not in last
        scorer = "27" if board.last.home == bool(board.last.points) else "26"
        assert last["team"]["id"] == scorer
        assert ("Rebound" in last["type"]["text"]) == (not board.last.points)


def test_in_football_the_situation_knows_the_ball_and_a_chance() -> None:
    game = play("nfl", "JAC", "WAS", spread=-3.0)
    ts = game.when(game.course.turns[3]) + SECOND
    one = event(seen(game, ts))["competitions"][0]
    situation = one["situation"]
    assert situation["possession"] == ("30" if game.course.turns[3].home else "28")
    said = situation["lastPlay"]["probability"]
    assert said["homeWinPercentage"] + said["awayWinPercentage"] == pytest.approx(1.0)
    assert said["secondsLeft"] == 0
    assert one["competitors"][1]["team"]["abbreviation"] == "JAX"
    rest = event(seen(game, game.when(game.course.turns[11]) + 100 * SECOND))["competitions"][0]
    assert rest["status"]["type"]["name"] == "STATUS_IN_PROGRESS"


def test_after_the_game_there_is_a_winner() -> None:
    one = told(5_000)["competitions"][0]
    won = play().home_won
    assert [side["winner"] for side in one["competitors"]] == [won, not won]
    assert "situation" not in one
    assert "odds" not in one


def test_a_scoreboard_is_of_a_league_and_a_day() -> None:
    body = scoreboard("nba", [seen(play(), BEGINS)], "2026-12-03")
    assert body["leagues"][0]["slug"] == "nba"
    assert body["day"] == {"date": "2026-12-03"}
    assert [each["id"] for each in body["events"]] == [NUMBER]
    url = "https://site.api.espn.com/apis/site/v2/sports/basketball/nba/scoreboard?dates=20261203"
    assert scoreboard_url("nba", TIP) == url
    assert scoreboard_url("nfl", TIP + 10 * 3_600 * SECOND).endswith("football/nfl/scoreboard?dates=20261204")


@pytest.mark.parametrize(
    ("chance", "odds"), [(0.5, "-110"), (0.6, "-170"), (0.32, "+200"), (0.4785, "-100"), (0.97, "-9900")]
)
def test_american_odds(chance: float, odds: str) -> None:
    assert american(chance) == odds


def test_what_the_source_says_is_surer_than_the_truth() -> None:
    assert (said_of(0.0), said_of(0.5), said_of(1.0)) == (0.0, 0.5, 1.0)
    assert 0.8 < said_of(0.8) < 0.85
    assert said_of(0.2) == pytest.approx(1.0 - said_of(0.8))

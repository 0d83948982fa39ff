"""One game's summary."""

from cockpit.domain.units import SECOND
from cockpit.rehearsal.games.espn import seen
from cockpit.rehearsal.games.espn_summary import summary, summary_url
from cockpit.rehearsal.polymarket.terms import ns_of

from .playing import NUMBER, TIP, play  # noqa: TID252  the tests are no package

NOW = TIP + 640 * SECOND


def test_a_summary_has_what_was_played_with_its_wall_clock() -> None:
    game = play()
    body = summary(seen(game, NOW))
    board = game.at(NOW)
    plays = body["plays"]
    assert [play["sequenceNumber"] for play in plays] == [
        str(turn.number) for turn in game.course.turns[: board.turns] if turn.points
    ]
    stamps = [ns_of(each["wallclock"]) for each in plays]
    assert stamps == sorted(stamps)
    assert game.tip <= stamps[0]
    assert stamps[-1] <= NOW
    assert (plays[-1]["awayScore"], plays[-1]["homeScore"]) == board.scores
    assert plays[0]["period"] == {"number": 1, "displayValue": "1st Quarter"}
    assert plays[0]["clock"]["displayValue"].startswith("11:")
    assert all(each["scoringPlay"] and each["scoreValue"] > 0 for each in plays)


def test_its_chances_are_joined_by_the_play() -> None:
    body = summary(seen(play(), NOW))
    ids = [each["id"] for each in body["plays"]]
    joined = [each["playId"] for each in body["winprobability"]]
    assert joined == ids[::3]
    assert all(0.0 <= each["homeWinPercentage"] <= 1.0 for each in body["winprobability"])


def test_its_header_stands_as_the_game_does_and_its_line_is_the_one_that_closed() -> None:
    game = play()
    body = summary(seen(game, NOW))
    (one,) = body["header"]["competitions"]
    assert body["header"]["id"] == one["id"] == NUMBER
    assert one["status"]["period"] == 4
    assert one["competitors"][0]["linescores"][0] == {"displayValue": str(game.at(NOW).home[0])}
    (line,) = body["pickcenter"]
    assert line["spread"] == 6.5
    prices = line["homeTeamOdds"]["moneyLine"], line["awayTeamOdds"]["moneyLine"]
    assert prices[0] > 100
    assert prices[1] < -100
    url = f"https://site.api.espn.com/apis/site/v2/sports/basketball/nba/summary?event={NUMBER}"
    assert summary_url("nba", NUMBER) == url

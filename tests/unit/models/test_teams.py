"""The crosswalk of team codes."""

import pytest

from cockpit.models.match.teams import code, team
from cockpit.models.teams import TEAMS, by_espn, by_kalshi, by_odds_file, by_polymarket

SIZES = {"nba": 30, "nfl": 32}


@pytest.mark.parametrize("league", SIZES)
def test_codes_are_complete_and_name_one_team_each(league):
    teams = TEAMS[league]
    assert len(teams) == SIZES[league]
    for field in ("code", "espn", "espn_id"):
        assert len({getattr(each, field) for each in teams}) == len(teams)
    assert len({code for each in teams for code in each.polymarket}) == sum(
        len(each.polymarket) for each in teams
    )


@pytest.mark.parametrize("league", SIZES)
def test_every_code_leads_back(league):
    for each in TEAMS[league]:
        assert by_kalshi(league, each.code) is each
        assert by_espn(league, each.espn) is each
        assert by_odds_file(league, each.espn.lower()) is each
        assert all(by_polymarket(league, code) is each for code in each.polymarket)


@pytest.mark.parametrize(
    ("espn", "kalshi"),
    [("GS", "GSW"), ("NO", "NOP"), ("NY", "NYK"), ("SA", "SAS"), ("UTAH", "UTA"), ("WSH", "WAS")],
)
def test_where_espn_differs(espn, kalshi):
    assert by_espn("nba", espn).code == kalshi
    assert by_kalshi("nba", espn) is None
    assert by_espn("nba", kalshi) is None


def test_the_rams_have_two_polymarket_codes():
    assert by_polymarket("nfl", "la") is by_polymarket("nfl", "lar") is by_espn("nfl", "LAR")


def test_nobody_else():
    assert by_kalshi("nba", "SEA") is None
    assert by_espn("wnba", "NY") is None


@pytest.mark.parametrize("league", SIZES)
def test_titles_and_tickers_mean_the_same_teams(league):
    for each in TEAMS[league]:
        assert code(league, each.code) == each.code
        assert team(league, f"{each.city} {each.nick}".lower()) == each.code

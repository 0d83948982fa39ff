"""Games: who, which day, which side YES is, and what of the game is asked."""

import msgspec
import pytest
from matchlistings import kalshi, pm, related, units

from cockpit.domain.markets import EventGroup
from cockpit.models.match.dates import wall
from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation
from cockpit.models.match.teams import code, leagues_of, team

TIP = wall(2027, 1, 15, 20)
GROUP = EventGroup("777", "polymarket", title="Thunder vs. Spurs", subtitle="nba-okc-sas-2027-01-15")


def winner(side="OKC", subtitle="Oklahoma City", **terms):
    return kalshi(
        "Oklahoma City at San Antonio Winner?", f"KXNBAGAME-27JAN15OKCSAS-{side}", subtitle=subtitle, **terms
    )


def money(label="Thunder", **terms):
    return pm("Thunder vs. Spurs", subtitle=label, clear_ns=TIP, **terms)


def test_the_winner_either_side():
    assert related(winner(), money(), None, GROUP).relation is Relation.IDENTICAL
    assert related(winner("SAS", "San Antonio"), money(), None, GROUP).relation is Relation.COMPLEMENT
    assert related(winner(), money("Spurs"), None, GROUP).relation is Relation.COMPLEMENT


def test_the_first_named_is_yes_where_no_outcome_is_named_and_less_sure():
    found = related(winner(), money(""), None, GROUP)
    assert found.relation is Relation.IDENTICAL
    assert found.confidence < related(winner(), money(), None, GROUP).confidence


def test_the_date_is_new_yorks_and_of_the_start():
    late = msgspec.structs.replace(money(), clear_ns=wall(2027, 1, 15, 22, 30))
    assert read(late, GROUP).period == "2027-01-15"
    unsaid = msgspec.structs.replace(money(), clear_ns=0)
    assert read(unsaid, GROUP).period == "2027-01-15"
    assert read(unsaid, msgspec.structs.replace(GROUP, subtitle="")).period == ""
    next_night = msgspec.structs.replace(money(), clear_ns=wall(2027, 1, 16, 20))
    assert related(winner(), next_night, None, GROUP).relation is Relation.UNKNOWN


def test_a_ticker_and_a_subtitle_of_different_teams_are_refused():
    assert read(winner("OKC", "San Antonio")).doubt
    assert related(winner("OKC", "San Antonio"), money(), None, GROUP).relation is Relation.UNKNOWN


def test_margins_by_line_and_side():
    ours = kalshi(
        "San Antonio wins by over 3.5 points?", "KXNBASPREAD-27JAN15OKCSAS-SAS4",
        strike_type="greater", floor=units(3.5), subtitle="San Antonio wins by over 3.5 points",
    )  # fmt: skip
    covers = pm("Spread: Spurs (-3.5)", subtitle="Spurs", clear_ns=TIP)
    assert related(ours, covers, None, GROUP).relation is Relation.IDENTICAL
    against = pm("Spread: Spurs (-3.5)", subtitle="Thunder", clear_ns=TIP)
    assert related(ours, against, None, GROUP).relation is Relation.COMPLEMENT
    wider = pm("Spread: Spurs (-5.5)", subtitle="Spurs", clear_ns=TIP)
    assert related(ours, wider, None, GROUP).relation is Relation.SUPERSET
    assert related(ours, money(), None, GROUP).relation is Relation.UNKNOWN


def test_totals():
    ours = kalshi(
        "Oklahoma City at San Antonio: Total Points", "KXNBATOTAL-27JAN15OKCSAS-228",
        strike_type="greater", floor=units(227.5), subtitle="Over 227.5 points scored",
    )  # fmt: skip
    over = pm("Thunder vs. Spurs: O/U 227.5", subtitle="Over", clear_ns=TIP)
    assert related(ours, over, None, GROUP).relation is Relation.IDENTICAL
    under = msgspec.structs.replace(over, subtitle="Under")
    assert related(ours, under, None, GROUP).relation is Relation.COMPLEMENT
    assert related(ours, msgspec.structs.replace(over, subtitle=""), None, GROUP).relation is Relation.UNKNOWN
    other = pm("Thunder vs. Spurs: O/U 224.5", subtitle="Over", clear_ns=TIP)
    assert not related(ours, other, None, GROUP).twin


def test_a_half_is_not_the_game():
    half = pm("Thunder vs. Spurs: 1H Moneyline", subtitle="Thunder", clear_ns=TIP)
    assert not related(winner(), half, None, GROUP).accepted


@pytest.mark.parametrize(
    "title",
    [
        "Thunder vs. Spurs: Holmgren over 27.5 points",
        "Thunder vs. Spurs: longest streak over 9.5",
        "Thunder vs. Spurs: race to 20",
    ],
)
def test_what_else_is_asked_of_a_game_is_no_total(title):
    assert read(pm(title, clear_ns=TIP), GROUP).doubt


def test_rules_on_cancelled_games_that_differ_make_a_twin():
    ours = winner(rules_secondary="If the game is cancelled the market resolves to a fair market price.")
    theirs = money(rules="If the game is canceled entirely, this market will resolve 50-50.")
    found = related(ours, theirs, None, GROUP)
    assert (found.relation, found.twin, found.polarity) == (Relation.OVERLAP, True, 1)


def test_a_game_that_may_be_tied_has_no_complement():
    ours = kalshi("Denver at Kansas City Winner?", "KXNFLGAME-27SEP14DENKC-KC", subtitle="Kansas City")
    theirs = pm("Broncos vs. Chiefs", subtitle="Broncos", clear_ns=wall(2027, 9, 14, 20))
    found = related(ours, theirs)
    assert (found.relation, found.polarity) == (Relation.DISJOINT, -1)


@pytest.mark.parametrize(
    ("league", "name", "said"),
    [
        ("nba", "thunder", "OKC"),
        ("nba", "oklahoma city", "OKC"),
        ("nba", "los angeles", ""),
        ("nba", "los angeles l", "LAL"),
        ("nba", "los angeles lakers", "LAL"),
        ("mlb", "chicago ws", "CWS"),
        ("mlb", "chicago c", "CHC"),
        ("mlb", "los angeles a", "LAA"),
        ("mlb", "new york y", "NYY"),
        ("nfl", "new york g", "NYG"),
        ("nhl", "thunder", ""),
    ],
)
def test_team_names(league, name, said):
    assert team(league, name) == said


def test_a_name_of_two_leagues_is_told_by_its_opponent():
    assert leagues_of("kings", "lakers") == ["nba"]
    assert leagues_of("kings", "bruins") == ["nhl"]
    assert code("nba", "gs") == code("nba", "GSW") == "GSW"
    assert code("nba", "XYZ") == ""


@pytest.mark.parametrize(
    "title",
    [
        "Will the Thunder beat the Spurs by more than 5.5?",
        "Will the Thunder beat the Spurs by double digits?",
    ],
)
def test_winning_by_so_much_is_not_winning(title):
    assert not related(winner(), pm(title, subtitle="Thunder", clear_ns=TIP)).accepted


def of_a_day(clock="1305", title="Boston vs New York Y Winner?"):
    return kalshi(title, f"KXMLBGAME-27JUL04{clock}BOSNYY-NYY", subtitle="New York Y")


def test_the_second_game_of_a_day_is_another_one():
    evening = pm(
        "Boston Red Sox vs. New York Yankees", subtitle="New York Yankees", clear_ns=wall(2027, 7, 4, 19, 10)
    )
    assert "observed" in related(of_a_day("1305"), evening).refusal
    assert related(of_a_day("1910"), evening).relation is Relation.IDENTICAL
    assert related(of_a_day("1940"), evening).relation is Relation.IDENTICAL
    unsaid = pm("Boston Red Sox vs. New York Yankees on July 4, 2027", subtitle="New York Yankees")
    assert related(of_a_day("1305"), unsaid).relation is Relation.IDENTICAL


def test_the_number_of_a_game_must_be_the_same():
    def theirs(n):
        return pm(
            f"Boston Red Sox vs. New York Yankees on July 4, 2027: Game {n}", subtitle="New York Yankees"
        )

    ours = of_a_day(title="Boston vs New York Y Game 1 Winner?")
    assert related(ours, theirs(1)).relation is Relation.IDENTICAL
    assert related(ours, theirs(2)).relation is Relation.UNKNOWN
    assert related(of_a_day(), theirs(2)).relation is Relation.UNKNOWN


@pytest.mark.parametrize(
    ("ticker", "rules"),
    [
        ("KXWNBAGAME-27JUN12PHXIND-PHX", ""),
        ("KXNCAAFGAME-27SEP05TEXHOU-TEX", ""),
        ("KXINVENTED-27", "The college football game of that day."),
        ("KXINVENTED-27", ""),
    ],
)
def test_cities_alone_are_teams_of_no_league(ticker, rules):
    titles = (
        "Phoenix vs Indiana on June 12, 2027: Phoenix wins?",
        "Texas vs. Houston on June 12, 2027: Texas wins",
    )
    for title in titles:
        assert read(kalshi(title, ticker, rules=rules)).family not in ("nba", "mlb")


def test_a_stated_league_makes_cities_teams():
    found = read(pm("NBA: Phoenix vs Indiana on June 12, 2027", subtitle="Phoenix"))
    assert (found.family, found.value) == ("nba", "PHX")

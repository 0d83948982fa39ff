"""Questions that no family knows: all that carries meaning must agree."""

import pytest
from matchlistings import kalshi, pm, related

from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will Olga Brandt be arrested before Jan 2028?", "Olga Brandt arrested before 2028?"),
        ("Will Mona Ray release a new album in 2027?", "Will Mona Ray release an album in 2027?"),
        ("Will the Spain win the 2030 Men's World Cup?", "Will Spain win the 2030 FIFA World Cup?"),
        ("Will France qualify for 2030 FIFA World Cup Semifinals?", "Will France reach the Semifinals at the 2030 FIFA World Cup?"),
        ("Will Team Orbit win the 2027 Rio Open?", "Will Orbit win Rio Open 2027?"),
        ("Will Ana Ruiz win the 2027 F1 Drivers Championship?", "Will Ana Ruiz be the 2027 F1 Drivers' Champion?"),
        ("Will Denver win the 2028 Pro Basketball Finals?", "Will the Denver Nuggets win the 2028 NBA Championship?"),
        ("Will Chicago C win the 2028 Pro Baseball Championship?", "Will the Chicago Cubs win the 2028 World Series?"),
        ("Will Atlanta win the 2028 Pro Baseball National League Championship?", "Will Atlanta Braves win the 2028 National League Championship Series?"),
        ("Will Bo Ek lead Pro Baseball in steals for the 2028 regular season?", "Will Bo Ek lead the MLB in stolen bases for the 2028 regular season?"),
    ],
)  # fmt: skip
def test_one_question(a, b):
    found = related(kalshi(a), pm(b))
    assert (found.relation, found.polarity) == (Relation.IDENTICAL, 1), found.refusal
    assert found.confidence < 0.7


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will Ruritania strike Borduria before 2028?", "Will Borduria strike Ruritania before 2028?"),
        ("Will Acme acquire Zenith in 2027?", "Will Acme be acquired by Zenith in 2027?"),
        ("Will Bo Ek be traded to the Hawks in 2027?", "Will Bo Ek be traded from the Hawks in 2027?"),
        ("Will Bo Ek visit Mexico in 2027?", "Will Bo Ek visit New Mexico in 2027?"),
        ("Will Acme sue in 2027?", "Will Acme be sued in 2027?"),
        ("Will 2028 be the hottest year on record?", "Will 2028 be the second-hottest year on record?"),
        ("Will Denver win the 2028 NBA Finals?", "Will Denver win the 2028 NBA Western Conference Finals?"),
        ("Will Bo Ek win AL MVP in 2027?", "Will Bo Ek win NL MVP in 2027?"),
        ("Will Brazil win the 2031 Women's World Cup?", "Will Brazil win the 2031 World Cup?"),
        ("Will Helios launch in 2029?", "Will Helios launch before 2030?"),
        ("Will Helios launch in 2029?", "Will Helios launch in 2030?"),
        ("Will Helios launch in 2029?", "Will Helios launch in June 2029?"),
        ("Will there be more than 4000 cases in 2027?", "Will there be at least 4000 cases in 2027?"),
        ("Will gold close above $5,000 on May 3, 2027?", "Will silver close above $5,000 on May 3, 2027?"),
        ("Will inflation be above 3% in 2027?", "Will core inflation be above 3% in 2027?"),
        ("Will Ada gross over $100m in 2027?", "Will Ada gross over $100m domestically in 2027?"),
        ("Will Helios launch by 2030?", "Will Helios launch before 2030?"),
        ("Will Helios launch?", "Will Helios launch?"),
        ("Who will IPO before 2027?", "OpenAI IPO before 2027?"),
    ],
)
def test_another_question(a, b):
    assert not related(kalshi(a, "KXNONE-X"), pm(b)).accepted


def test_up_and_down_are_opposites():
    a, b = kalshi("Will Acme end 2027 up?"), pm("Will Acme end 2027 down?")
    found = related(a, b)
    assert (found.relation, found.polarity) == (Relation.COMPLEMENT, -1)


def test_not_denies():
    found = related(
        kalshi("Will Ruritania not leave the Pact before 2028?"),
        pm("Will Ruritania leave the Pact before 2028?"),
    )
    assert found.relation is Relation.COMPLEMENT


def test_a_date_in_the_ticker_is_when_a_title_says_nothing():
    full = read(kalshi("Will Bo Ek be the next to leave the council?", "KXOUT-26MAY22-BEK"))
    year = read(kalshi("Will Bo Ek win AL Cy Young?", "KXMLBALCY-27-BEK"))
    assert (full.period, year.period) == ("2026-05-22", "2027")


def test_what_yes_is_counts_where_the_title_leaves_it_out():
    plain = pm("Opening of the Danube Pact summit in 2027", subtitle="Vienna")
    other = pm("Opening of the Danube Pact summit in 2027", subtitle="Prague")
    assert related(plain, other).relation is Relation.UNKNOWN
    assert related(plain, plain).accepted


def test_which_side_yes_is_must_be_named():
    title = "Vancouver vs Houston Winner?"
    home, away = (
        kalshi(title, f"KXMLSGAME-27AUG19VANHOU-{x}", subtitle=name)
        for x, name in (("VAN", "Vancouver"), ("HOU", "Houston"))
    )
    theirs = pm("Vancouver vs. Houston on August 19, 2027", subtitle="Houston")
    assert related(away, theirs).accepted
    assert not related(home, theirs).accepted
    assert read(kalshi(title, "KXMLSGAME-27AUG19VANHOU-X")).doubt


def test_a_season_by_its_second_year_is_no_period():
    told = "The award of the 2026-27 season."
    assert read(kalshi("Will Bo Ek win the MVP?", "KXNFLMVP-27-BEK", rules=told)).period == ""
    assert read(kalshi("Will Bo Ek win the MVP?", "KXNFLMVP-27-BEK")).period == "2027"


def test_a_short_name_that_only_says_when_adds_nothing_to_a_title_that_does():
    assert (
        read(pm("Will Bo Ek resign in 2027?", subtitle="December 31, 2027 - Bo Ek out by...?")).period
        == "2027"
    )
    asked = kalshi("When will Bo Ek resign?", subtitle="Before Jul 1, 2027")
    assert read(asked).period == "<=2027-06-30"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will Ana Ruiz be found not guilty in 2027?", "Will Ana Ruiz be found guilty in 2027?"),
        ("Will Bo Ek announce he is not running before 2028?", "Will Bo Ek announce he is running before 2028?"),
        ("Will the council vote not to confirm Ana Ruiz in 2027?", "Will the council vote to confirm Ana Ruiz in 2027?"),
        ("Will Bo Ek endorse Ana Ruiz over Mira Tors in 2027?", "Will Bo Ek endorse Mira Tors over Ana Ruiz in 2027?"),
        ("Will Denver trade Ruiz for Tors in 2027?", "Will Denver trade Tors for Ruiz in 2027?"),
        ("Will Norland swap Ruiz for Tors in 2027?", "Will Norland swap Tors for Ruiz in 2027?"),
        ("Will Bo Ek visit Rome before Oslo in 2027?", "Will Bo Ek visit Oslo before Rome in 2027?"),
        ("Will the court rule with Bo Ek in 2027?", "Will the court rule for Bo Ek in 2027?"),
        ("Will Orbit have the best AI model in 2027?", "Will Orbit have the second best AI model in 2027?"),
        ("Will Bo Ek win the 2028 NBA scoring title?", "Will Bo Ek win the 2028 NBA scoring Finals?"),
        ("Will Julia Adams win Best Actress at the 2028 Oscars?", "Will Julia Adam win Best Actress at the 2028 Oscars?"),
        ("Which song will top the chart in 2027?", "Which song will top the chart in 2027?"),
    ],
)  # fmt: skip
def test_an_order_or_a_small_word_makes_another_question(a, b):
    assert not related(kalshi(a), pm(b)).accepted
    assert not related(kalshi(b), pm(a)).accepted


@pytest.mark.parametrize(
    ("denied", "said"),
    [("Will Ana Ruiz not win the 2028 Rio Open?", "Will Ana Ruiz win the 2028 Rio Open?"),
     ("Will Ana Ruiz not be arrested in 2027?", "Will Ana Ruiz be arrested in 2027?")],
)  # fmt: skip
def test_not_before_the_first_verb_turns_the_question_round(denied, said):
    assert related(kalshi(denied), pm(said)).relation is Relation.COMPLEMENT
    assert related(kalshi(denied), pm(denied)).relation is Relation.IDENTICAL

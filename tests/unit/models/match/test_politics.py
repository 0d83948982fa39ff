"""Races by ticker and by title."""

import pytest
from matchlistings import kalshi, pm, related, units

from cockpit.models.match.dates import wall
from cockpit.models.match.places import STATES
from cockpit.models.match.politics import ticker_race
from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation


@pytest.mark.parametrize(("name", "code"), STATES.items())
def test_every_state_matches_itself_and_no_other(name, code):
    title = name.title()
    governor = kalshi(f"Will the Democratic party win the governorship in {title}", f"GOVPARTY{code}-26-D")
    theirs = pm(f"Will the Democrats win the {title} governor race in 2026?")
    assert related(governor, theirs).relation is Relation.IDENTICAL
    senate = kalshi(f"Will Republicans win the Senate race in {title}?", f"SENATE{code}-26-R")
    assert related(senate, pm(f"Will the Republicans win the {title} Senate race in 2026?")).accepted
    assert related(governor, senate).relation is Relation.UNKNOWN
    seat = kalshi(f"Will Democratic win the House race for {code}-07?", f"KXHOUSERACE-{code}07-26-D")
    assert related(seat, pm(f"Will the Democratic Party win the {code}-07 House seat in 2026?")).accepted
    other = "TX" if code != "TX" else "CA"
    assert not related(seat, pm(f"Will the Democratic Party win the {other}-07 House seat in 2026?")).accepted


@pytest.mark.parametrize(
    ("ticker", "office", "place", "year", "party"),
    [
        ("KXHOUSERACE-TX17-26-R", "US House", "TX-17", "2026", "republican"),
        ("HOUSEAZ2-26-D", "US House", "AZ-02", "2026", "democrat"),
        ("KXHOUSENC11-26-DEM", "US House", "NC-11", "2026", "democrat"),
        ("HOUSEAKAL-26-R", "US House", "AK-AL", "2026", "republican"),
        ("GOVPARTYNM-26-D", "Governor", "NM", "2026", "democrat"),
        ("KXLTGOVTX-26-GOP", "Lieutenant Governor", "TX", "2026", "republican"),
        ("CONTROLS-2028-R", "US Senate control", "", "2028", "republican"),
        ("KXAZPRIMARY-08D26-JBAR", "US House", "AZ-08", "2026", "democrat"),
    ],
)
def test_tickers(ticker, office, place, year, party):
    race = ticker_race(ticker)
    assert (race.office, race.place, race.year, race.party) == (office, place, year, party)


def test_no_race_in_other_tickers():
    assert ticker_race("KXBTCD-26JUL0104-T58899.99") is None


def test_parties_of_one_race_exclude_each_other():
    ours = kalshi("Will Democratic win the House race for OH-09?", "KXHOUSERACE-OH09-26-D")
    found = related(ours, pm("Will the Republican Party win the OH-09 House seat in 2026?"))
    assert (found.relation, found.polarity) == (Relation.DISJOINT, -1)


@pytest.mark.parametrize(
    ("ticker", "title"),
    [
        ("KXHOUSERACE-OH06-28-D", "Will Democratic win the House race for OH-09?"),
        ("KXHOUSERACE-OH09-28-R", "Will Democratic win the House race for OH-09?"),
        ("KXHOUSERACE-OH09-28-D", "Will Democratic win the House race for OH-09 in 2026?"),
        ("GOVPARTYTX-26-D", "Will the Democratic party win the governorship in Ohio"),
        ("CONTROLH-2028-D", "Will the Democratic party win the Senate in 2028?"),
        ("KXHOUSERACE-OH09-28-D", "Will Alice Keene be the Democratic nominee for OH-09?"),
        ("KXOHPRIMARY-09D28-AKEE", "Will Alice Keene win the House race for OH-09?"),
    ],
)
def test_a_title_that_contradicts_its_ticker_is_refused(ticker, title):
    assert read(kalshi(title, ticker)).doubt


def test_who_is_named_by_the_subtitle_where_the_title_asks_who():
    ours = kalshi(
        "Who will win the 2031 Peruvian presidential election?", "KXPEPRES-31-LMOR", subtitle="Lucia Morante"
    )
    theirs = pm("Will Lucia Morante win the 2031 Peruvian presidential election?")
    assert related(ours, theirs).relation is Relation.IDENTICAL
    bare = kalshi("Who will win the 2031 Peruvian presidential election?", "KXPEPRES-31")
    assert read(bare).doubt


def test_contests_of_one_office_are_different_questions():
    nominee = "Will Alice Keene be the Democratic nominee for NH-01 in 2028?"
    kinds = [
        nominee,
        nominee.replace("Democratic", "Republican"),
        "Will Alice Keene win the NH-01 House race in 2028?",
        "Will Alice Keene win the Democratic primary for NH-01 in 2028?",
        "Will Alice Keene win the NH-01 House race in 2028 by 5-10%?",
        "Will Alice Keene drop out of the NH-01 House race in 2028?",
    ]
    for i, a in enumerate(kinds):
        for j, b in enumerate(kinds):
            assert related(pm(a), pm(b)).accepted is (i == j), (a, b)


def test_districts_in_words():
    a = read(pm("Will a Democrat win Ohio's 9th congressional district election in 2026?"))
    assert a.subject == "US House OH-09"


def test_the_year_of_an_election_that_no_words_state_is_the_one_expected():
    for month in (3, 11):
        theirs = pm("Will the Democrats win the Ohio governor race?", expected_ns=wall(2026, month, 3, 12))
        assert read(theirs).period == "2026"


def test_winning_a_nomination_is_being_the_nominee():
    a = pm("Will Alice Keene win the 2028 Democratic presidential nomination?")
    b = kalshi("Will Alice Keene be the Democratic Presidential nominee in 2028?", "KXPRESNOMD-28-AKEE")
    assert related(a, b).accepted
    assert not related(b, pm("Will Alice Keene win the 2028 US presidential election?")).accepted


@pytest.mark.parametrize(
    "words",
    [
        "Will Democrats win the House and Senate in 2028?",
        "Will Democrats win the White House in 2028?",
        "Will Democrats lose the House in 2028?",
        "Will Democrats win the House popular vote in 2028?",
        "Will Democrats win at least 218 House seats in 2028?",
        "Will Democrats not win the House in 2028?",
    ],
)
def test_other_questions_about_a_chamber(words):
    ours = kalshi("Will the Democratic party win the House in 2028?", "CONTROLH-2028-D")
    found = related(ours, pm(words))
    assert found.relation is not Relation.IDENTICAL
    assert not found.accepted or "not" in words


def test_strike_fields_and_words_that_disagree_are_refused():
    words = {"title": "Will Democrats win at least 218 House seats in 2028?", "ticker": "KXSEATS-28"}
    agree = read(kalshi(**words, strike_type="greater_or_equal", floor=units(218)))
    assert (agree.measure, agree.low, agree.doubt) == ("seats", units(218), "")
    assert read(kalshi(**words, strike_type="greater", floor=units(218))).doubt
    assert read(kalshi(**words, strike_type="greater_or_equal", floor=units(220))).doubt


SEAT = kalshi("Will Democratic win the House race for TX-07?", "KXHOUSERACE-TX07-26-D")


@pytest.mark.parametrize(
    "title",
    [
        "Will the Democratic Party win the TX-07 state House seat?",
        "Will the Democratic Party win the TX-07 state Senate seat?",
        "Will Democrats win Texas's 7th district in the 2026 presidential election?",
        "Will the Democratic Party win the TX-07 House seat first?",
        "Will the Democratic Party win a majority in TX-07 in the 2026 House race?",
    ],
)
def test_another_seat_or_another_way_to_win_it(title):
    assert not related(SEAT, pm(title, expected_ns=wall(2026, 11, 3, 12))).accepted


@pytest.mark.parametrize(
    ("ours", "ticker", "theirs"),
    [
        ("Will Democratic win the House race for TX-07?", "KXHOUSERACE-TX07-26-D",
         "Will a Democrat win Texas's 7th congressional district in 2026?"),
        ("Will Democratic win the House race for NY-17?", "KXHOUSERACE-NY17-26-D",
         "Will a Democrat win New York's 17th congressional district in 2026?"),
        ("Will Democratic win the House race for NY-17?", "KXHOUSERACE-NY17-26-D",
         "Will the Democratic candidate win the NY-17 House seat in 2026?"),
        ("Will Republican win the House race for AK-AL?", "KXHOUSERACE-AKAL-26-R",
         "Will the Republican Party win the AK-01 House seat in 2026?"),
        ("Will Republican win the House race for WY-AL?", "KXHOUSERACE-WYAL-26-R",
         "Will the Republican Party win the Wyoming at-large House seat in 2026?"),
        ("Will the Democratic party win the House in 2026?", "CONTROLH-2026-D",
         "Will the Democratic Party control the House after the 2026 Midterm elections?"),
        ("Will J.D. Vance win the 2028 US presidential election?", "KXPRES-28-JVAN",
         "Will JD Vance win the 2028 US Presidential Election?"),
    ],
)  # fmt: skip
def test_other_wordings_of_one_race(ours, ticker, theirs):
    found = related(kalshi(ours, ticker), pm(theirs))
    assert found.relation is Relation.IDENTICAL, found.refusal


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Will Ana Ruiz win a majority in the 2028 presidential election?", "Will Ana Ruiz win the 2028 presidential election?"),
        ("Will the Reds win a majority in Japan's House of Representatives in 2027?", "Will the Reds win Japan's House of Representatives in 2027?"),
        ("Will Republicans win the House in 2026?", "Will Republicans win the House first in 2026?"),
        ("Will Peters win the 2026 Michigan Senate race?", "Will Peter win the 2026 Michigan Senate race?"),
        ("Will John A. Ruiz win the 2026 Texas Senate race?", "Will John B. Ruiz win the 2026 Texas Senate race?"),
        ("Will Maria Tors be the Democratic nominee for TX-28 in 2026?", "Will Mario Tors be the Democratic nominee for TX-28 in 2026?"),
        ("Which party will win the Senate in 2026?", "Which party will win the Senate in 2026?"),
        ("Which party will win TX-28 in 2026? Republicans", "Which party will win TX-28 in 2026? Democrats"),
    ],
)  # fmt: skip
def test_a_name_or_a_word_apart_is_another_race(a, b):
    assert not related(kalshi(a), pm(b)).accepted

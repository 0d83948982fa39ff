"""What counts as saying a word: case by case, by each venue's rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.mentions.counting import (
    KALSHI,
    KALSHI_WEEK,
    POLYMARKET,
    POLYMARKET_POSTS,
    Counted,
    Medium,
    Outcome,
    Passage,
    count,
    outcome,
    reading,
)
from cockpit.models.mentions.forms import forms, plurals, singulars, words

YES, NO, MAYBE = Outcome.YES, Outcome.NO, Outcome.AMBIGUOUS

# word(s) of the market, what is said, Kalshi, Polymarket
CASES = [
    # the word itself
    ("Biden", "I beat Biden by a lot.", YES, YES),
    ("Biden", "BIDEN! biden?", YES, YES),
    ("Biden", "Nobody was named.", NO, NO),
    ("Biden", "bidden", NO, NO),
    ("China", "They make it in Chinatown.", NO, YES),
    # plural and possessive
    ("Immigrant", "the immigrants came", YES, YES),
    ("Immigrant", "an immigrant's son", YES, YES),
    ("Immigrant", "the immigrants\u2019 sons", YES, YES),
    ("Country", "many countries", YES, YES),
    ("Tariff", "the Tariffs, beautiful", YES, YES),
    ("Tax", "no taxes", YES, YES),
    ("Law and Order", "we want laws and order", YES, YES),
    ("Egg", "the eggs' price", YES, YES),
    ("Woman", "many women", YES, YES),
    ("Child", "the children's future", YES, YES),
    ("Hero", "these heroes", YES, YES),
    ("Boy", "the boys", YES, YES),
    ("Bus", "two buses", YES, YES),
    # other inflections do not
    ("Immigrant", "immigration is down", NO, NO),
    ("Immigration", "immigrants came", NO, NO),
    ("Tariff", "we tariffed them", NO, NO),
    ("Joy", "a joyful day", NO, NO),
    ("Iran", "the Iranian people", NO, NO),
    ("Border", "bordering on madness", NO, NO),
    ("Win", "winning so much", NO, NO),
    ("Terror", "terrorists and terrorism", NO, NO),
    ("Win", "we won", NO, NO),
    # hyphened and open compounds count everywhere
    ("Palestine", "a pro-Palestine march", YES, YES),
    ("Potato", "a couch potato", YES, YES),
    ("Fire", "the fire station", YES, YES),
    ("Trump", "the anti-Trump press", YES, YES),
    # closed compounds
    ("Fire", "a firetruck came", NO, YES),
    ("Joy", "such a killjoy", NO, YES),
    ("Rain", "the rainbow", NO, MAYBE),
    ("Oil", "turmoil everywhere", NO, MAYBE),
    ("Joy", "we enjoy it", NO, NO),
    ("Gold", "a goldmine in the mine", NO, YES),  # what is left is a word of the same speech
    ("Oil", "oilfields", NO, YES),
    # homonyms and other contexts count
    ("ICE", "some ice water, please", YES, YES),
    ("Elon", "at Elon University", YES, YES),
    ("Bill", "Bill is here with a bill", YES, YES),
    # homophones do not
    ("Four", "for you", NO, NO),
    ("Mexico", "New Mexico", YES, YES),
    # numbers
    ("January 6", "on January 6th", YES, MAYBE),
    ("January 6", "on January 6", YES, YES),
    ("100", "the 100th day", YES, MAYBE),
    ("250", "250 years", YES, YES),
    ("250", "2500 years", NO, NO),
    # alternatives
    ("Crypto / Bitcoin", "I love bitcoin", YES, YES),
    ("Crypto / Bitcoin", "cryptocurrency", NO, MAYBE),
    ("Shutdown / Shut Down", "they shut down the government", YES, YES),
    ("ICE / National Guard", "the National Guard", YES, YES),
    ("ICE / National Guard", "the national mood and a guard", NO, NO),
    # several words
    ("Radical Left", "the radical left lunatics", YES, YES),
    ("Radical Left", "left radical", NO, NO),
    ("Epic Fury", "Epic, fury", YES, YES),
    ("Save America Act", "the Save America act's passage", YES, YES),
    # listed in the plural
    ("Tariffs", "a tariff on cars", MAYBE, MAYBE),
    ("Eggs", "egg prices", MAYBE, MAYBE),
    # abbreviations only where listed
    ("United States", "the US", NO, NO),
    ("AI", "artificial intelligence", NO, NO),
    ("AI / Artificial Intelligence", "artificial intelligence", YES, YES),
    ("Warner Bros", "Warner Brothers", NO, NO),
    ("NATO", "N.A.T.O.", NO, NO),
]


def said(text, **more):
    return [Passage(text, "trump", **more)]


def phrases(word):
    return [part.strip() for part in word.split("/")]


@pytest.mark.parametrize(("word", "text", "kalshi", "polymarket"), CASES)
def test_what_counts(word, text, kalshi, polymarket):
    assert outcome(count(said(text), phrases(word), KALSHI, "trump")) == kalshi
    assert outcome(count(said(text), phrases(word), POLYMARKET, "trump")) == polymarket


@pytest.mark.parametrize(
    ("text", "word", "n"),
    [
        ("China, China, China's and pro-China", "China", 4),
        ("Donald Trump and Donald Trump's", "Trump / Donald Trump", 2),
        ("the radical left and the left", "Radical Left / Left", 2),
        ("very very very", "Very Very", 1),
        ("a b a b", "A B", 2),
        ("", "China", 0),
    ],
)
def test_how_often(text, word, n):
    assert count(said(text), phrases(word), KALSHI, "trump") == Counted(n, 0)


@pytest.mark.parametrize(
    ("least", "sure", "doubtful", "comes_out"),
    [
        (1, 1, 0, YES),
        (5, 5, 0, YES),
        (5, 4, 0, NO),
        (5, 4, 1, MAYBE),
        (0, 0, 0, NO),
        (0, 1, 0, YES),
        (3, 0, 3, MAYBE),
    ],
)
def test_so_many_times(least, sure, doubtful, comes_out):
    assert outcome(Counted(sure, doubtful), least) == comes_out


def test_an_event_that_was_not_held_says_no_to_every_word():
    assert outcome(Counted(9, 0), held=False) == NO


@pytest.mark.parametrize(
    ("medium", "kalshi", "week", "polymarket", "posts"),
    [
        (Medium.LIVE, YES, YES, YES, NO),
        (Medium.UPLOAD, MAYBE, YES, YES, NO),
        (Medium.CLIP, NO, MAYBE, YES, NO),
        (Medium.POST, NO, YES, NO, YES),
        (Medium.DOCUMENT, NO, NO, NO, NO),
        (Medium.MACHINE, NO, NO, NO, NO),
    ],
)
def test_how_it_reached_the_public(medium, kalshi, week, polymarket, posts):
    told = [
        outcome(count(said("tariffs", medium=medium), ["Tariff"], rules, "trump"))
        for rules in (KALSHI, KALSHI_WEEK, POLYMARKET, POLYMARKET_POSTS)
    ]
    assert told == [kalshi, week, polymarket, posts]


def test_only_the_speaker_s_words_count_and_nobody_s_are_in_doubt():
    reporter, nobody = Passage("tariffs?", "question"), Passage("tariffs")
    assert outcome(count([reporter], ["Tariff"], KALSHI, "trump")) == NO
    assert outcome(count([nobody], ["Tariff"], KALSHI, "trump")) == MAYBE
    broadcast = reading("kalshi", "KXNFLMENTION", text="What will the announcers say during the game?")
    assert outcome(count([reporter], ["Tariff"], broadcast, "announcers")) == YES


@pytest.mark.parametrize(
    ("venue", "series", "measure", "found"),
    [
        ("kalshi", "KXTRUMPMENTION", "says", KALSHI),
        ("kalshi", "KXTRUMPSAY", "says", KALSHI_WEEK),
        ("kalshi", "KXTRUMPSAYMONTH", "says", KALSHI_WEEK),
        ("polymarket", "", "says", POLYMARKET),
        ("polymarket_us", "", "says", POLYMARKET),
        ("polymarket", "", "posts", POLYMARKET_POSTS),
    ],
)
def test_whose_rules(venue, series, measure, found):
    assert reading(venue, series, measure) == found


def test_forms_by_rule():
    assert forms("egg") == {"egg", "eggs", "egg's", "eggs'", "eggs's"}
    assert plurals("country") == {"countries"}
    assert plurals("key") == {"keys"}
    assert singulars("countries") >= {"country"}
    assert singulars("men") == {"man"}
    assert singulars("congress") == frozenset()
    assert words("don\u2019t, pro-life 6th-graders 1,000") == [
        "don't",
        "pro",
        "life",
        "6th",
        "graders",
        "1,000",
    ]


@given(
    st.text(max_size=200), st.lists(st.text(max_size=20), max_size=4), st.sampled_from([KALSHI, POLYMARKET])
)
def test_any_text_is_counted(text, wanted, rules):
    found = count([Passage(text)], wanted, rules)
    assert found.sure >= 0 <= found.doubtful
    assert found.sure + found.doubtful <= len(words(text))


@given(st.lists(st.sampled_from(["tariff", "tariffs", "china", "very", "fire"]), max_size=30))
def test_more_is_never_less(tokens):
    text = " ".join(tokens)
    once, twice = (count(said(each), ["Tariff"], KALSHI, "trump").sure for each in (text, f"{text}. {text}"))
    assert twice == 2 * once

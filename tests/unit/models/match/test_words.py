"""One spelling for what has several, and none for what differs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.match.words import content, fold, numerals, phrased, tokens


def read(text):
    return content(tokens(phrased(numerals(fold(text)))))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("the U.S. Senate", "the US senate"),
        ("United States", "USA"),
        ("Democrats", "the Democratic Party"),
        ("GOP", "Republicans"),
        ("gubernatorial election", "governor election"),
        ("$1.5 million", "1,500,000"),
        ("$100k", "100,000"),
        ("Luís Inácio", "luis inacio"),
        ("qualify for the Grand Final", "reach the grand finals"),
        ("2nd place", "second place"),
        ("Trump’s cabinet", "trump cabinet"),
        ("3.50%", "3.5%"),
        ("stolen bases", "steals"),
    ],
)
def test_one_spelling(a, b):
    assert read(a) == read(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("hottest year", "second-hottest year"),
        ("visit Mexico", "visit New Mexico"),
        ("traded to", "traded from"),
        ("with a deal", "without a deal"),
        ("before", "after"),
        ("above 5", "below 5"),
        ("first round", "second round"),
        ("5%", "5"),
        ("women", "men and women"),
        ("not", ""),
    ],
)
def test_what_differs_stays_different(a, b):
    assert read(a) != read(b)


def test_letters_of_other_scripts_are_kept():
    assert fold("Москва") != fold("Киев")


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    assert all(read(text))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Grok 4.20", "Grok 4.2"),
        ("GPT-5.10", "GPT-5.1"),
        ("move -5%", "move 5%"),
        ("a move of -$5", "a move of $5"),
        ("Brent at €100", "Brent at $100"),
        ("Brent at £100", "Brent at €100"),
        ("get engaged", "get married"),
        ("Big Ten Tournament", "Big Ten"),
        ("ACC regular season", "ACC tournament"),
        ("a major hurricane", "a hurricane"),
        ("G2", "G2 Ares"),
        ("Donald Trump", "Donald Trump Jr."),
    ],
)
def test_what_another_spelling_would_hide(a, b):
    assert read(a) != read(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("J.D. Vance", "JD Vance"),
        ("Donald Trump", "Trump"),
        ("President Donald J. Trump", "Trump"),
        ("grok 5.0", "grok 5"),
        ("go public", "IPO"),
        ("the Academy Awards", "the Oscars"),
        ("\u0663\u0664 seats", "34 seats"),
        ("Ana & Bo", "Ana and Bo"),
    ],
)
def test_more_spellings_of_one(a, b):
    assert read(a) == read(b)

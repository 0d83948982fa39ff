"""Words said."""

import msgspec
import pytest
from matchlistings import kalshi, pm, related

from cockpit.models.match.dates import wall
from cockpit.models.match.read import read
from cockpit.models.match.relate import Relation

RALLY = 'Will Trump say "Tariff" during Steelworkers Rally on February 9, 2027?'


def ours(word="Tariff", **terms):
    return kalshi(
        "What will Donald Trump say during the Steelworkers Rally?", "KXTRUMPMENTION-27FEB09-TARI",
        subtitle=word, custom=(("Word", word),), **terms,
    )  # fmt: skip


def test_one_word_of_one_speaker_at_one_event():
    found = related(ours(), pm(RALLY))
    assert found.relation is Relation.IDENTICAL
    assert found.confidence < 0.9


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("Tariff", "China"),
        ("Tariff", "Tariff / Duty"),
        ("Trump", "Vance"),
        ("Trump", "Donald Trump Jr"),
        ("say", "post"),
        ("Steelworkers Rally", "Prayer Breakfast"),
        ("February 9", "February 10"),
        ('" during', '" 5+ times during'),
    ],
)
def test_another_question(there, instead):
    assert not related(ours(), pm(RALLY.replace(there, instead))).accepted


def test_counts_and_slashes():
    five = pm(RALLY.replace('" during', '" 5+ times during'))
    assert read(five).count == 5
    assert related(ours("Tariff (5+ times)"), five).relation is Relation.IDENTICAL
    either = pm(RALLY.replace("Tariff", "Duty / Tariff"))
    assert related(ours("Tariff / Duty"), either).relation is Relation.IDENTICAL


def test_an_event_without_words_is_refused():
    bare = msgspec.structs.replace(ours(""), custom=())
    assert related(bare, pm(RALLY)).relation is Relation.UNKNOWN


def test_the_day_is_the_expected_one_where_the_title_has_none():
    bare = RALLY.replace(" on February 9, 2027", "")
    for expected in (wall(2027, 2, 9, 23, 59), 1_801_094_400 * 10**9 + 86_400 * 10**9 * 32):
        market = pm(bare, expected_ns=expected)
        assert read(market).period[:4] == "2027"
    assert read(pm(bare, expected_ns=wall(2027, 2, 9, 23, 59))).period == "2027-02-09"


AT_RALLY = "Will Trump say {} during the rally on May 5, 2027?"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ('"tariff" exactly 5 times', '"tariff" 5+ times'),
        ('"tariff" more than 5 times', '"tariff" 5+ times'),
        ('"tariff" fewer than 5 times', '"tariff" 5+ times'),
        ('"tariff" 5-10 times', '"tariff" 10+ times'),
        ('"tariff" first', '"tariff"'),
        ('"tariff" and "China"', '"tariff" or "China"'),
        ('both "tariff" and "China"', '"tariff" or "China"'),
        ('"tariff" but not "China"', '"tariff" or "China"'),
        ('"tariff" before "China"', '"China" before "tariff"'),
        ('"tariff" more than "China"', '"China" more than "tariff"'),
        ('"stock market"', '"stock markets"'),
        ('"white house"', '"white party house"'),
        ('"Venezuela"', '"Venezuelan"'),
        ("he will not run", "he will run"),
    ],
)
def test_to_the_word_and_to_the_count(a, b):
    assert not related(kalshi(AT_RALLY.format(a)), pm(AT_RALLY.format(b))).accepted
    assert not related(kalshi(AT_RALLY.format(b)), pm(AT_RALLY.format(a))).accepted


@pytest.mark.parametrize(
    "count", ["5+ times", "5 or more times", "at least 5 times", "more than 4 times", "5 times or more"]
)
def test_at_least_so_often(count):
    market = pm(AT_RALLY.format(f'"tariff" {count}'))
    assert read(market).count == 5
    assert related(kalshi(AT_RALLY.format('"tariff" 5+ times')), market).relation is Relation.IDENTICAL


def test_a_tweet_is_no_other_post():
    ours = kalshi('Will Trump tweet "tariff" on May 5, 2027?')
    assert not related(ours, pm('Will Trump post "tariff" on May 5, 2027?')).accepted


def test_a_subtitle_may_hold_another_count():
    exact = msgspec.structs.replace(ours(), subtitle="Tariff (exactly 5 times)")
    assert not related(exact, pm(RALLY)).accepted
    assert not related(exact, pm(RALLY.replace('" during', '" 5+ times during'))).accepted

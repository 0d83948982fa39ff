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

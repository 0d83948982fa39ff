"""Base rates: counted once, only from the past, shrunk, and the recent counting more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.mentions import Occurrence
from cockpit.models.mentions import rates
from cockpit.models.mentions.occasions import kind_of, minutes_of
from cockpit.models.mentions.rates import PRIOR, STRENGTH, Rates, key

DAY = "2026-03-01"


def once(n=0, said=True, *, day="2026-02-01", phrase="biden", kind="rally", speaker="trump"):
    return Occurrence(day, f"E{n}", speaker, kind, phrase, said)


def rate(known, phrase="biden", **more):
    fields = {"speaker": "trump", "kind": "rally", "day": DAY} | more
    return Rates(known).rate(phrase=phrase, **fields)


def test_of_nothing_known_the_prior_is_all():
    found = rate([])
    assert (found.mean, found.n, found.events) == (pytest.approx(PRIOR), 0.0, 0)
    assert found.error == pytest.approx((PRIOR * (1 - PRIOR) / (STRENGTH + 1)) ** 0.5)


@pytest.mark.parametrize(
    ("said", "n", "mean"), [(3, 53, 0.092), (71, 95, 0.727), (0, 0, 0.40), (11, 14, 0.67)]
)
def test_the_published_examples(monkeypatch, said, n, mean):
    """Posterior means (2.4 + k) / (6 + n), with the prior held and nothing forgotten."""
    monkeypatch.setattr(rates, "HALF_LIFE_DAYS", 1e9)
    monkeypatch.setattr(rates, "SPEAKER", 1e9)
    monkeypatch.setattr(rates, "KIND", 1e9)
    known = [once(i, said=i < said) for i in range(n)]
    assert rate(known).mean == pytest.approx(mean, abs=1e-3)


def test_only_what_lies_before_the_day_counts():
    known = [once(1, day="2026-02-28"), once(2, day=DAY), once(3, day="2026-03-02")]
    assert rate(known).events == 1
    assert [each.event for each in Rates(known).past("trump", "biden", DAY)] == ["E1"]


def test_a_phrase_counts_once_an_event():
    assert rate([once(1), once(1)]).events == 1
    assert rate([once(1), once(1, phrase="biden/sleepy joe")], "sleepy joe/biden").events == 1


@pytest.mark.parametrize(
    ("listed", "said", "asked", "known"),
    [
        ("biden", True, "biden/sleepy joe", True),  # said with fewer: said
        ("biden", False, "biden/sleepy joe", False),  # as far as is known
        (
            "biden/sleepy joe",
            True,
            "biden",
            True,
        ),  # perhaps only the other: leaving it out would bend the rate
        ("biden/sleepy joe", False, "biden", False),  # not said with more: not said
        ("biden/sleepy joe", True, "sleepy joe/biden", True),
        ("biden", True, "biden x5", None),
        ("biden x5", False, "biden", None),
        ("level x ray", True, "level x ray", True),  # no count
    ],
)
def test_what_a_list_that_shares_some_says(listed, said, asked, known):
    found = Rates([once(1, said, phrase=listed)]).past("trump", asked, DAY)
    assert [each.said for each in found] == ([] if known is None else [known])


def test_lists_that_deny_all_of_it_together():
    border, wall = once(1, said=False, phrase="border"), once(1, said=False, phrase="wall")
    assert [each.said for each in Rates([border, wall]).past("trump", "border/wall", DAY)] == [False]
    wall = once(1, phrase="wall")
    assert [each.said for each in Rates([border, wall]).past("trump", "border/wall", DAY)] == [True]


def test_two_speakers_at_one_event():
    known = Rates([once(1, speaker="vance", said=False), once(1)])
    assert [known.past(who, "biden", DAY)[0].said for who in ("trump", "vance")] == [True, False]


def test_other_speakers_say_other_words():
    assert rate([once(1)], speaker="powell").events == 0


def test_the_recent_counts_more():
    old, new = once(1, day="2024-03-01"), once(2, said=False, day="2026-02-27")
    turned = [once(1, said=False, day="2024-03-01"), once(2, day="2026-02-27")]
    assert rate([old, new]).mean < rate(turned).mean


def test_one_long_speech_is_one_event_of_its_kind():
    """Thirty words of one rally say no more of rallies than one event may."""
    long = [once(1, phrase=f"word{i}") for i in range(30)]
    short = [once(2, phrase="word")]
    assert rate(long, "other").prior == pytest.approx(rate(short, "other").prior)


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from(["a", "b", "a/b", "c x3"])), max_size=40
    )
)
def test_a_rate_is_a_probability_and_more_said_is_never_less(found):
    known = [once(n, said, phrase=phrase) for n, said, phrase in found]
    before, after = rate(known, "a"), rate([*known, once(99, phrase="a")], "a")
    assert 0.0 < before.mean < 1.0
    assert 0.0 < before.error < 0.5
    assert after.mean >= before.mean


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (["Crypto", "Bitcoin"], ["bitcoin ", "crypto"]),
        (["Tariffs"], ["Tariff"]),
        (["Women"], ["woman"]),
        (["Trump's"], ["trump"]),
        (["AI", "Artificial  Intelligence"], ["artificial intelligence", "AI"]),
    ],
)
def test_one_name_however_it_is_written(one, other):
    assert key(one) == key(other)


def test_names_that_differ():
    assert key(["Tariff"]) != key(["Tariff"], 5)
    assert key(["Congress"]) == "congress"
    assert key(["Immigration"]) != key(["Immigrant"])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("What will Trump say during his rally at the Iowa State Fairgrounds?", "rally"),
        ("What will Trump say during the Press Conference on Crime and Beautification?", "press conference"),
        ("What will Trump say during the Live Airing of his appearance on CNBC's Squawk Box?", "interview"),
        ("What will Trump say during the Next Bilateral Meeting with a Foreign Leader?", "bilateral"),
        ("What will Trump say during his signing of the Presidential Memorandum?", "signing"),
        ("What Will Trump say During The Charlie Kirk Memorial?", "memorial"),
        ("What will Powell say during his press conference?", "press conference"),
        ("What will Karoline Leavitt say during the press briefing?", "briefing"),
        ("What will AAR Corp. say during their next earnings call?", "earnings call"),
        ("What will the announcers say during the Super Bowl?", "broadcast"),
        ("What will Trump say this week?", "week"),
        ("What will Trump say between December 3 and December 10?", "week"),
        ("What will Trump say during his announcement?", "announcement"),
        ("What will Trump say?", "remarks"),
    ],
)
def test_kinds_of_occasion(title, kind):
    assert kind_of(title) == kind
    assert minutes_of(kind) > 0

"""Markets as phrases, events as speeches, calendars' entries as one of them."""

import msgspec
import pytest

from cockpit.domain.markets import Market
from cockpit.domain.mentions import Occasion
from cockpit.models.match.dates import wall
from cockpit.models.mentions.speeches import Speech, entry_of, merged, phrase_of, subject

START = wall(2026, 12, 3, 19)
SPEECH = Speech(
    "E", "What will Trump say during his rally in Ohio?", "trump", "rally", "2026-12-03", ("E",), ("kalshi",)
)


def kalshi(word="Tariff", **terms):
    fields = {
        "series": "KXTRUMPMENTION",
        "title": SPEECH.title,
        "subtitle": word,
        "custom": (("Word", word),),
    }
    return Market("KXTRUMPMENTION-26DEC03-X", "kalshi", event="KXTRUMPMENTION-26DEC03", **(fields | terms))


def entry(title="Remarks at a rally in Ohio", at=START, **more):
    return Occasion(title=title, start_ns=at, **({"id": "1", "source": "factba", "speaker": "trump"} | more))


def test_a_market_as_a_phrase():
    found = phrase_of(kalshi("Crypto / Bitcoin"))
    assert (found.phrase, found.label, found.speaker, found.day) == (
        "bitcoin/crypto", "Crypto / Bitcoin", "trump", "2026-12-03",
    )  # fmt: skip
    assert phrase_of(kalshi("Tariff (5+ times)", custom=())).least == 5


@pytest.mark.parametrize(
    "market",
    [
        Market("KXBTCD-26DEC0315-T84000", "kalshi", series="KXBTCD", title="Bitcoin above 84,000?"),
        Market("0x1", "polymarket", title="Will Trump win Ohio?"),
        kalshi("Event does not qualify"),
        Market(
            "0x2",
            "polymarket",
            title='Will Trump say "-No Qualifying Event-"?',
            subtitle="No Qualifying Event",
        ),
    ],
)
def test_what_is_no_phrase(market):
    assert phrase_of(market) is None


def other(title="What will Trump say during Ohio rally?", **more):
    return msgspec.structs.replace(SPEECH, id="P", title=title, events=("P",), venues=("polymarket",), **more)


def test_one_speech_on_two_venues():
    assert [each.events for each in merged([SPEECH, other()])] == [("E", "P")]


@pytest.mark.parametrize(
    "them",
    [
        other(day="2026-12-04"),
        other(day=""),
        other(speaker="vance"),
        other("What will Trump say during the Oval Office signing?", kind="signing"),
    ],
)
def test_two_speeches(them):
    assert len(merged([SPEECH, them])) == 2


def rally(name, title, venue):
    return msgspec.structs.replace(SPEECH, id=name, title=title, events=(name,), venues=(venue,))


OHIO, IOWA = (
    rally(f"K{i}", f"What will Trump say during his rally in {i}?", "kalshi") for i in ("Ohio", "Iowa")
)


def test_two_events_of_one_venue_are_two_speeches():
    assert len(merged([OHIO, IOWA])) == 2


def test_of_two_that_fit_the_one_that_fits_better():
    found = merged([IOWA, OHIO, rally("P", "What will Trump say during Ohio rally?", "polymarket")])
    assert [each.events for each in found] == [("KIowa",), ("KOhio", "P")]
    found = merged([OHIO, rally("P", "Ohio rally?", "polymarket"), rally("Q", "Iowa rally?", "polymarket")])
    assert sorted(each.events for each in found) == [("KOhio", "P"), ("Q",)]


def test_where_two_fit_alike_they_stay_apart():
    found = merged([OHIO, IOWA, rally("P", "What will Trump say during the rally?", "polymarket")])
    assert len(found) == 3
    found = merged([OHIO, rally("P", "Ohio rally", "polymarket"), rally("Q", "Ohio rally!", "polymarket")])
    assert len(found) == 3


def test_titles_without_a_subject_are_one_by_their_kind():
    plain = msgspec.structs.replace(
        SPEECH, title="What will Trump say during his announcement?", kind="announcement"
    )
    same = msgspec.structs.replace(
        plain, id="P", title="What will Trump say during announcement?", events=("P",), venues=("polymarket",)
    )
    assert subject(plain.title, "trump") == {"announcement"}
    assert len(merged([plain, same])) == 1


def test_a_calendar_s_entry():
    assert entry_of(SPEECH, 0, [entry()]).id == "1"
    assert entry_of(SPEECH, 0, [entry("Rally", location="Columbus, Ohio")]).id == "1"


@pytest.mark.parametrize(
    "them",
    [
        [],
        [entry("Lunch with the Vice President")],
        [entry(speaker="powell")],
        [entry(at=START + 86_400 * 10**9)],
        [entry(), entry(at=START + 3_600 * 10**9, id="2")],
    ],
)
def test_no_entry_or_two_alike_is_none(them):
    assert entry_of(SPEECH, 0, them) is None


def test_the_one_nearest_to_the_venue_s_start():
    both = [entry(), entry(at=START + 3_600 * 10**9, id="2")]
    assert entry_of(SPEECH, START + 3_500 * 10**9, both).id == "2"

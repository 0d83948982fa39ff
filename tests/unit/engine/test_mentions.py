"""Words said in the engine: phrases, speeches of two venues and a calendar, stages, prices, a baseline that sells YES."""

import pytest

from cockpit.domain.effects import Alert, OrderPlaced
from cockpit.domain.events import EventListed, EventScheduled, MarketListed, OccasionsGone, PhrasesTold
from cockpit.domain.markets import EventGroup
from cockpit.domain.mentions import Occurrence, Stage
from cockpit.domain.units import ASK, SECOND
from cockpit.engine.engine import Engine, restore
from cockpit.engine.speeches import CALENDAR, GUESS, VENUE
from cockpit.engine.views.view import view
from cockpit.models.mentions.value import HELD
from tests.unit.engine.spoken import BIDEN, EVENT, PM_TARIFF, START, T0, TARIFF, Hall, listed

HOUR = 3_600


@pytest.fixture
def hall():
    return Hall().list_kalshi().book(TARIFF, 80, 84).book(BIDEN, 50, 54)


def speech(hall):
    return hall.engine.pricer.mentions.speeches[EVENT]


def schedule(hall, focus=""):
    return view(hall.engine, hall.watch, focus=focus)


def test_a_phrase_is_worth_its_base_rate_before_the_event(hall):
    hall.remember().at(5)
    rate = (36 + 6 * 0.5) / 46  # half of the speaker's phrases are said
    assert hall.fair() == pytest.approx(rate * HELD, abs=0.03)
    assert 0.3 < hall.fair(BIDEN) < 0.55  # nothing is known of it
    known, vague = (hall.engine.state.markets[t].fair for t in (TARIFF, BIDEN))
    assert vague.high - vague.low > known.high - known.low


def test_what_is_wanted_of_the_record_is_asked_once(hall):
    wanting = hall.engine.pricer.mentions.wanting
    assert wanting() == {("trump", "tariff"), ("trump", "biden/sleepy joe")}
    hall.remember()
    assert wanting() == {("trump", "biden/sleepy joe")}


@pytest.mark.parametrize(
    ("seconds", "stage"),
    [(0, Stage.ANNOUNCED), (HOUR + 5, Stage.SOON), (2 * HOUR, Stage.LIVE), (2 * HOUR + 5_395, Stage.LIVE),
     (2 * HOUR + 5_405, Stage.ENDED)],
)  # fmt: skip
def test_stages_by_the_venue_s_own_word(hall, seconds, stage):
    hall.starts().at(seconds, step=60)
    assert (speech(hall).stage, speech(hall).clock) == (stage, VENUE)


def test_what_is_left_of_it_is_what_counts(hall):
    hall.remember().starts().at(2 * HOUR + 2_700, step=60)  # half of ninety minutes
    before = (36 + 3) / 46
    assert hall.fair() == pytest.approx(1 - (1 - before) ** 0.5, abs=0.03)
    hall.at(2 * HOUR + 5_500, step=60)
    assert hall.fair() is None


def test_a_start_by_the_calendar_then_by_guess(hall):
    assert speech(hall).clock == GUESS
    assert speech(hall).start_ns == START + 30 * 60 * SECOND
    hall.announce(start_ns=START + 1_800 * SECOND)
    assert (speech(hall).clock, speech(hall).start_ns) == (CALENDAR, START + 1_800 * SECOND)
    assert speech(hall).entry.source == "factba"
    hall.starts()
    assert (speech(hall).clock, speech(hall).start_ns) == (VENUE, START)


@pytest.mark.parametrize(
    "other",
    [
        {"start_ns": START + 86_400 * SECOND},
        {"speaker": "powell"},
        {"title": "The President signs executive orders"},
    ],
)
def test_another_day_speaker_or_occasion_is_not_it(hall, other):
    hall.announce(**other)
    assert speech(hall).entry is None


def test_a_calendar_that_moves_or_drops_it(hall):
    hall.announce().announce(start_ns=START + 1_800 * SECOND)
    found = schedule(hall).schedule.speeches[0]
    assert (found.moved_ns, found.source) == (1_800 * SECOND, "factba")
    hall.send(OccasionsGone(hall.now, "factba", ("r1", "unknown")))
    hall.at(5)
    assert speech(hall).stage is Stage.CANCELLED
    assert hall.fair() is None


def test_a_stage_is_told_once(hall):
    hall.starts().at(2 * HOUR + 60, step=60)
    alerts = [e.text for e in hall.effects if isinstance(e, Alert) and e.kind == "speech"]
    assert alerts == ["LIVE What will Trump say during his rally in Ohio?"]


def test_it_is_listened_to_from_an_hour_before_until_it_is_over(hall):
    attended = hall.engine.pricer.mentions.attended
    hall.starts().at(10)
    assert attended() == []
    hall.at(HOUR + 10, step=60)
    assert set(attended()) == {TARIFF, BIDEN}
    hall.settle(BIDEN, said=True)
    assert attended() == [TARIFF]


def test_settled_when_every_word_is(hall):
    hall.starts().at(2 * HOUR + 60, step=60)
    hall.settle(TARIFF, said=True).settle(BIDEN, said=False).at(2 * HOUR + 70)
    found = schedule(hall).schedule.speeches[0]
    assert found.stage is Stage.SETTLED
    assert {each.label: each.settled for each in found.phrases} == {
        "Tariff": "yes",
        "Biden / Sleepy Joe": "no",
    }


def test_two_venues_side_by_side_and_one_as_the_other_s_sentiment(hall):
    hall.remember().at(5)
    alone = hall.fair()
    hall.list_polymarket().book(PM_TARIFF, 28, 30).at(10)
    found = schedule(hall).schedule.speeches
    assert len(found) == 1
    phrase = next(each for each in found[0].phrases if each.phrase == "tariff")
    assert [line.venue for line in phrase.lines] == ["K", "P"]
    assert phrase.flags == ("BOTH", "RULES")
    assert found[0].venues == ("K", "P")
    assert hall.fair() < alone
    assert hall.fair(PM_TARIFF) == pytest.approx(alone, abs=0.05)  # Kalshi's 82 cents agree with the record


def test_another_speech_of_the_day_is_another(hall):
    hall.list_polymarket("What will Trump say during the Oval Office signing?")
    assert len(hall.engine.pricer.mentions.speeches) == 2


def test_detail_of_a_phrase(hall):
    hall.remember(said=3, of=5).at(5)
    found = schedule(hall, TARIFF).phrase
    assert [each.said for each in found.past].count(True) == 3
    assert [each.day for each in found.past] == sorted((each.day for each in found.past), reverse=True)
    assert dict(found.explanation)["events"] == 5
    assert found.rules[0][0] == "K"
    assert "closed compounds do not" in found.rules[0][1]
    assert schedule(hall, TARIFF).detail.explanation == found.explanation


def test_a_calendar_s_entry_without_markets_is_shown(hall):
    hall.announce("FOMC press conference", source="fed", id="f", speaker="", start_ns=START + 86_400 * SECOND)
    found = schedule(hall).schedule.speeches
    assert [(each.title, each.phrases, each.stage) for each in found[1:]] == [
        ("FOMC press conference", (), Stage.ANNOUNCED)
    ]


def test_the_baseline_sells_yes_once_before_it_begins():
    hall = Hall(lanes=("yesBias",), entry_latency_ns=0).list_kalshi().book(TARIFF, 80, 84).book(BIDEN, 2, 5)
    hall.starts().at(5)
    placed = [e for e in hall.effects if isinstance(e, OrderPlaced)]
    assert [(e.market, e.side, e.price) for e in placed] == [(TARIFF, ASK, 8_300)]
    hall.at(2 * HOUR + 30, step=30)
    assert not hall.engine.state.lanes["yesBias"].working


def test_the_same_from_a_state_that_was_kept():
    one = Hall(lanes=("yesBias", "V15")).list_kalshi().book(TARIFF, 60, 64).remember().announce().at(15)
    other = Hall(lanes=("yesBias", "V15"))
    other.engine = Engine(one.engine.config, restore(one.engine.opening()))
    other.watch, other.t = type(one.watch)(other.engine), one.t
    one.effects.clear()
    for each in (one, other):
        each.at(40).starts().list_polymarket().book(PM_TARIFF, 70, 72).book(TARIFF, 61, 64)
        each.at(2 * HOUR + 60, step=60).settle(TARIFF, said=True).at(2 * HOUR + 120)
    assert one.effects == other.effects
    assert one.engine.opening() == other.engine.opening()
    assert one.engine.state.now > T0


def copy(hall):
    """Another hall with an engine restored from this one's."""
    other = Hall()
    other.engine = Engine(hall.engine.config, restore(hall.engine.opening()))
    other.watch, other.t = type(hall.watch)(other.engine), hall.t
    return other


@pytest.mark.parametrize("moment", [10, 11, 12.25, 14.75])
def test_a_restored_engine_is_the_same_engine_at_any_beat(hall, moment):
    hall.remember().announce().at(moment, step=0.25)
    other = copy(hall)
    assert other.engine.opening() == hall.engine.opening()
    for each in (hall, other):
        each.at(moment + 12, step=0.25)
    assert other.engine.opening() == hall.engine.opening()


def test_without_a_start_nothing_is_known_on_its_own_day_and_it_is_over_the_day_after():
    hall = Hall(lanes=("yesBias",), entry_latency_ns=0)
    hall.list_kalshi(expected_ns=START + 86_400 * SECOND, close_ns=START + 14 * 86_400 * SECOND)
    hall.book(TARIFF, 60, 64).remember().at(10)
    assert (speech(hall).stage, speech(hall).clock, hall.fair()) == (Stage.ANNOUNCED, "", None)
    hall.at(86_400, step=600).book(TARIFF, 60, 64).at(86_410)
    assert (speech(hall).stage, hall.fair()) == (Stage.ENDED, None)
    assert not [e for e in hall.effects if isinstance(e, OrderPlaced)]


def test_a_guessed_start_sells_nothing():
    hall = Hall(lanes=("yesBias",), entry_latency_ns=0).list_kalshi().book(TARIFF, 60, 64).at(10)
    assert speech(hall).clock == GUESS
    assert not [e for e in hall.effects if isinstance(e, OrderPlaced)]


def test_two_events_of_one_venue_have_their_own_hours(hall):
    second = "KXTRUMPMENTIONB-26DEC03"
    title = "What will Trump say during his rally in Iowa?"
    hall.send(EventListed(hall.now, EventGroup(second, "kalshi", series="KXTRUMPMENTIONB", title=title)))
    market = listed(f"{second}-TARI", "Tariff", event=second, series="KXTRUMPMENTIONB", title=title)
    hall.send(MarketListed(hall.now, market))
    hall.book(market.ticker, 80, 84)
    hall.starts().send(EventScheduled(hall.now, "kalshi", (second,), START + 4 * HOUR * SECOND))
    hall.remember().at(4 * HOUR, step=60)
    assert (hall.fair(), hall.fair(f"{second}-TARI")) == (None, pytest.approx(0.82, abs=0.05))


def test_the_record_as_it_was_told_last_counts(hall):
    rates = lambda: hall.engine.pricer.mentions.rates.past("trump", "tariff", "2027-01-01")  # noqa: E731
    hall.remember(said=3, of=5)
    assert sum(each.said for each in rates()) == 3
    hall.remember(said=4, of=6)
    assert (sum(each.said for each in rates()), len(rates())) == (4, 6)


def test_what_was_said_of_phrases_that_are_gone_is_let_go():
    hall = Hall().list_kalshi().remember().remember("other word")
    hall.engine.pricer.mentions.forget()
    words = hall.engine.state.words
    assert {each.phrase for each in words.occurrences} == {"tariff"}
    assert words.asked == {"trump|tariff": True}


def test_a_title_told_later_is_the_title(hall):
    assert speech(hall).speech.kind == "rally"
    group = EventGroup(EVENT, "kalshi", series="KXTRUMPMENTION", title="What will Trump say at the signing?")
    hall.send(EventListed(hall.now, group))
    assert speech(hall).speech.kind == "signing"
    assert copy(hall).engine.opening() == hall.engine.opening()


@pytest.mark.parametrize("day", ["2026-02-30", "", "x"])
def test_days_there_are_not_teach_nothing(hall, day):
    hall.send(
        PhrasesTold(
            hall.now,
            (("trump", "tariff"),),
            (Occurrence(day, "E", "trump", "rally", "tariff", said=True),),
            (),
        )
    )
    hall.at(5)
    assert not hall.engine.state.words.occurrences

"""A speech in the rehearsal world: words said by their law, listed as both venues do, settled as they were."""

import msgspec
import numpy as np
import pytest

from cockpit.domain.events import (
    EventListed,
    EventScheduled,
    MarketListed,
    MarketSettled,
    OccasionSeen,
    PhrasesTold,
)
from cockpit.domain.units import PRICE, SECOND
from cockpit.feeds.base import Frame
from cockpit.models.mentions.speeches import phrase_of
from cockpit.rehearsal.draws import Draws
from cockpit.rehearsal.profiles import PROFILES
from cockpit.rehearsal.speech.listing import key_of
from cockpit.rehearsal.speech.script import MARGIN_NS, Script
from cockpit.rehearsal.stands.worlds import chain
from cockpit.rehearsal.world import World
from cockpit.rehearsal.write import frames
from cockpit.runtime.feeds import recorded

SPEC = PROFILES["speech"].speech
START = 1_796_327_460 * SECOND
CLOSE = START + 450 * SECOND


def script(seed):
    return Script(SPEC, START, CLOSE, Draws(np.random.default_rng(seed)))


@pytest.fixture(scope="module")
def told():
    """A whole world's events, as the program's own feeds read its frames."""
    world = World(4, 9.0, PROFILES["speech"])
    receivers = recorded(())
    events = []
    for n, each in enumerate(frames(world), start=1):
        receive = receivers.get(each.source)
        status = None if each.url is None else 200
        events += receive(Frame(n, each.t, each.source, msgspec.Raw(each.payload), u=each.url, st=status))
    assert not {name for name in receivers.census() if "unreadable" in name}
    return world, events


def test_words_are_said_as_often_as_their_law_says():
    scripts = [script(seed) for seed in range(600)]
    for word in SPEC.words:
        expected = scripts[0].chance(word, START + 20 * SECOND)
        said = sum(word.label in each.said for each in scripts) / len(scripts)
        assert abs(said - expected) < 4 * (expected * (1 - expected) / len(scripts)) ** 0.5 + 0.005, (
            word.label
        )


def test_a_chance_falls_until_the_word_is_said_and_is_sure_from_then_on():
    for seed in range(40):
        each = script(seed)
        assert each.begins < START < each.ends <= CLOSE - MARGIN_NS
        for word in SPEC.words:
            chances = [each.chance(word, START + s * SECOND) for s in range(0, 460, 10)]
            before = [c for c in chances if c < 1.0]
            assert before == sorted(before, reverse=True)
            assert chances[-1] == float(word.label in each.said)


def test_both_venues_list_what_our_program_reads_as_the_same_phrase(told):
    _, events = told
    groups = {each.group.ticker: each.group for each in events if isinstance(each, EventListed)}
    listed = {each.market.ticker: each.market for each in events if isinstance(each, MarketListed)}
    phrases = [p for m in listed.values() if (p := phrase_of(m, groups.get(m.event))) is not None]
    by_venue = {venue: {p.phrase for p in phrases if p.venue == venue} for venue in ("kalshi", "polymarket")}
    assert by_venue["kalshi"] == {key_of(word.label) for word in SPEC.words}
    assert by_venue["polymarket"] == {key_of(word.label) for word in SPEC.words if word.both}
    assert {p.speaker for p in phrases} == {"trump"}
    assert len({p.day for p in phrases}) == 1


def test_when_it_begins_is_told_by_venue_and_calendar_and_the_record_by_itself(told):
    world, events = told
    begins = world.hall.script.begins
    assert begins in {each.start_ns for each in events if isinstance(each, EventScheduled)}
    assert begins in {each.occasion.start_ns for each in events if isinstance(each, OccasionSeen)}
    rows = [each for each in events if isinstance(each, PhrasesTold)]
    assert len(rows) == 1
    assert {phrase for _, phrase in rows[0].phrases} == {key_of(word.label) for word in SPEC.words}


def test_words_settle_as_they_were_said_on_both_venues(told):
    world, events = told
    ends = {
        each.ticker: each.value
        for each in events
        if isinstance(each, MarketSettled) and each.value is not None
    }
    floors, tokens = world.staged
    for name, floor in floors.items():
        assert ends[name] == (PRICE if floor.said else 0)
    for name, token in tokens.items():
        assert ends[name] == (PRICE if token.pays() else 0)
    assert world.truth()["speech"]["said"]


def test_worlds_without_end_have_a_speech_each_under_names_of_their_own():
    names = set()
    start = 1_796_327_100 * SECOND
    for each in chain(3, start, PROFILES["speech"]):
        if each.t > start + 2_000 * SECOND:
            break
        if each.source == "kalshi.rest" and "/events/KXTRUMPMENTION" in (each.url or ""):
            names.add(each.url)
    assert len(names) == 3

"""The feed as a whole: what is told once, what has moved, what is gone; what it refuses and what it remembers."""

import json
import time
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.errors import FeedError
from cockpit.domain.events import OccasionSeen, OccasionsGone
from cockpit.domain.mentions import Occasion
from cockpit.feeds.base import Feed, Frame, Poll
from cockpit.feeds.schedule.calendars import DOCUMENTED, EVERY_NS
from cockpit.feeds.schedule.feed import LARGEST, ScheduleFeed

from .sheets import (  # noqa: TID252  the tests are no package
    HOUR,
    MINUTE,
    T0,
    Desk,
    atom,
    gone,
    meeting,
    row,
    rss,
    utc,
    vcalendar,
    vevent,
)

FILLER = row("2027-01-14", "08:00:00", "over by now")
REMARKS = row("2027-01-16", "14:00:00", "Remarks")
LUNCH = row("2027-01-16", "12:00:00", "Lunch")


def test_what_is_asked_for() -> None:
    feed: Feed = ScheduleFeed(calendars=DOCUMENTED)
    polls = feed.requests()
    assert [(each.url, each.every_ns) for each in polls if isinstance(each, Poll)] == [
        (each.url, EVERY_NS[each.form]) for each in DOCUMENTED
    ]
    assert all(each.source == "schedule.calendar" for each in polls)
    assert (feed.asks(), feed.outgoing("schedule.calendar")) == ([], [])


def test_each_entry_is_told_once() -> None:
    desk = Desk()
    assert [each.title for each in desk.seen([REMARKS, LUNCH])] == ["Lunch", "Remarks"]
    assert desk.pull([REMARKS, LUNCH]) == [OccasionsGone(desk.now, "mine", ())]
    assert [each.title for each in desk.seen([row("2027-01-17", None, "More"), REMARKS, LUNCH])] == ["More"]
    assert desk.pull(b"", st=304) == [OccasionsGone(desk.now, "mine", ())]


def test_an_entry_that_moves_keeps_its_name() -> None:
    desk = Desk()
    (first,) = desk.seen([REMARKS])
    (moved,) = desk.seen([REMARKS | {"time": "15:30:00"}])
    assert (moved.id, moved.start_ns) == (first.id, first.start_ns + 90 * MINUTE)
    assert desk.seen([REMARKS | {"time": "15:30:00"}]) == []
    (untimed,) = desk.seen([REMARKS | {"time": None}])
    assert (untimed.id, untimed.all_day) == (first.id, True)
    (back,) = desk.seen([REMARKS])
    assert back == first
    other_day = desk.pull([REMARKS | {"date": "2027-01-18"}])
    assert gone(other_day) == (first.id,)
    assert isinstance(other_day[0], OccasionSeen)
    assert other_day[0].occasion.id != first.id


def test_an_entry_put_off_after_its_hour_is_the_same() -> None:
    desk = Desk()
    (first,) = desk.seen([REMARKS])
    (moved,) = desk.seen([REMARKS | {"time": "17:00:00"}], after=26 * HOUR)
    assert moved.id == first.id


def test_of_two_alike_the_nearest_moved() -> None:
    desk = Desk()
    late = REMARKS | {"time": "19:00:00"}
    early, evening = desk.seen([late, REMARKS])
    (moved,) = desk.seen([late | {"time": "18:30:00"}, REMARKS])
    assert moved.id == evening.id
    again = desk.seen([late | {"time": "18:30:00"}, late, REMARKS])
    assert len(again) == 1
    assert again[0].id not in (early.id, evening.id)
    assert desk.seen([late | {"time": "18:30:00"}, late, REMARKS]) == []


def test_what_is_gone_before_its_time_is_told_and_what_is_over_is_not() -> None:
    desk = Desk()
    remarks, lunch = sorted(desk.seen([REMARKS, LUNCH]), key=lambda each: each.title, reverse=True)
    assert gone(desk.pull([REMARKS])) == (lunch.id,)
    assert gone(desk.pull([REMARKS])) == ()
    assert gone(desk.pull([FILLER], after=30 * HOUR)) == ()
    assert remarks.start_ns < desk.now
    assert [each.title for each in desk.seen([row("2027-01-17", "14:00:00", "Back")])] == ["Back"]


def test_a_day_without_a_time_is_gone_until_it_is_over() -> None:
    desk = Desk()
    (day,) = desk.seen([row("2027-01-15", None, "Visit")])
    assert gone(desk.pull([FILLER])) == (day.id,)
    desk.seen([row("2027-01-15", None, "Visit")])
    assert gone(desk.pull([FILLER], after=13 * HOUR)) == ()


def test_what_was_called_off_is_told_once() -> None:
    desk = Desk("ics", "")
    event = ("UID:a", "DTSTART:20270120T150000Z", "SUMMARY:Hearing")
    assert [each.cancelled for each in desk.seen(vcalendar(vevent(*event)))] == [False]
    off = vcalendar(vevent(*event, "STATUS:CANCELLED"))
    assert [(each.id, each.cancelled) for each in desk.seen(off)] == [("a", True)]
    assert desk.seen(off) == []
    assert gone(desk.pull(vcalendar())) == ()


def test_an_entry_of_a_calendar_with_names_moves_by_its_name() -> None:
    desk = Desk("ics", "")
    desk.pull(vcalendar(vevent("UID:a", "DTSTART:20270120T150000Z", "SUMMARY:Hearing")))
    told = desk.pull(vcalendar(vevent("UID:a", "DTSTART:20270122T150000Z", "SUMMARY:Hearing, new room")))
    assert [each.occasion.start_ns for each in told if isinstance(each, OccasionSeen)] == [
        utc("2027-01-22T15:00:00")
    ]
    assert gone(told) == ()


def test_days_come_into_sight_and_go_out_of_it() -> None:
    desk = Desk()
    rows = [row("2027-02-15", "10:00:00", "in a month"), REMARKS]
    assert [each.title for each in desk.seen(rows)] == ["Remarks"]
    assert [each.title for each in desk.seen(rows, after=24 * HOUR)] == ["in a month"]
    desk.pull(rows, after=5 * 24 * HOUR)
    kept = json.loads(desk.feed.memory())["shelves"]["mine"]["told"]
    assert [each["title"] for each in kept.values()] == ["in a month"]


def test_two_calendars_keep_two_entries() -> None:
    one, other = Desk(), Desk("json")
    feed = ScheduleFeed(calendars=[one.calendar, msgspec.structs.replace(other.calendar, name="other")])
    bodies: tuple[tuple[str, Any], ...] = (
        (one.calendar.url, [REMARKS]),
        (other.calendar.url, [{"title": "Remarks", "start": "2027-01-16T14:00"}]),
    )
    told = [
        each.occasion.source
        for url, body in bodies
        for each in feed.receive(
            Frame(0, T0, "schedule.calendar", msgspec.Raw(json.dumps(body).encode()), u=url)
        )
        if isinstance(each, OccasionSeen)
    ]
    assert told == ["mine", "other"]


# ---------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("more", "why"),
    [({"st": 403}, "HTTP 403"), ({"st": 0}, "not answered: broken"), ({"st": 200}, "calendar mine")],
)
def test_refusals_are_told_in_words(more: dict[str, int], why: str) -> None:
    with pytest.raises(FeedError, match=why):
        Desk().pull(b"broken", **more)


def test_other_frames_are_not_read() -> None:
    with pytest.raises(FeedError, match="does not read"):
        ScheduleFeed().receive(Frame(0, T0, "espn.site"))


@pytest.mark.parametrize("form", ["factba", "fed", "ics", "rss", "json"])
def test_what_is_too_long_is_refused_at_once(form: str) -> None:
    started = time.perf_counter()
    with pytest.raises(FeedError, match="calendar mine"):
        Desk(form).pull(b"[" + b" " * LARGEST)
    assert time.perf_counter() - started < 2.0


def test_an_answer_without_a_row_is_no_calendar_and_calls_nothing_off() -> None:
    desk = Desk()
    desk.pull([REMARKS])
    for body in (b"[]", b'{"events":[]}', b"{}", b"null"):
        with pytest.raises(FeedError):
            desk.pull(body)
    assert gone(desk.pull([REMARKS])) == ()


SHAPES: tuple[tuple[str, bytes], ...] = (
    ("factba", json.dumps([REMARKS, LUNCH]).encode()),
    ("fed", b"\xef\xbb\xbf" + json.dumps({"events": [meeting("2027-01", "26, 27"), meeting("2027-02", "3")]}).encode()),
    ("json", json.dumps([{"title": "x", "start": "2027-01-20T10:00Z", "end": "2027-01-20T11:00Z"}]).encode()),
    (
        "ics",
        vcalendar(
            vevent("UID:w", "DTSTART;TZID=America/New_York:20270106T090000", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=9",
                   "EXDATE;TZID=America/New_York:20270118T090000", "DURATION:PT1H", "SUMMARY:weekly"),
            vevent("UID:w", "RECURRENCE-ID;TZID=America/New_York:20270125T090000", "DTSTART:20270125T150000Z"),
            vevent("UID:d", "DTSTART;VALUE=DATE:20270121", "DTEND;VALUE=DATE:20270122", "SUMMARY:day"),
            head="X-WR-TIMEZONE:Europe/London\r\nBEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\n"
            "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
        ),
    ),
    ("rss", rss("<title>A talk</title><pubDate>Wed, 20 Jan 2027 15:00:00 GMT</pubDate><guid>2</guid>",
                "<title>January 23, 2027 at 2 p.m.</title><ev:startdate>2027-01-22T10:00</ev:startdate>")),
    ("rss", atom("<title>A hearing</title><id>urn:1</id><updated>2027-01-20T15:00:00Z</updated>")),
)  # fmt: skip


def sound(form: str, data: bytes) -> None:
    """Occasions within the days that are read, or a FeedError; nothing else."""
    desk = Desk(form)
    desk.pull(SHAPES[0][1]) if form == "factba" else None
    try:
        events = desk.pull(data)
    except FeedError:
        return
    gone(events)
    for each in events[:-1]:
        assert isinstance(each, OccasionSeen)
        one = each.occasion
        assert msgspec.json.decode(msgspec.json.encode(one), type=Occasion) == one
        assert utc("2027-01-14T05:00:00") <= one.start_ns < utc("2027-02-15T05:00:00")
        assert one.end_ns == 0 or one.end_ns > one.start_ns
        assert one.title.isprintable()
        assert len(one.title) <= 300
        assert one.id


@pytest.mark.parametrize(("form", "data"), SHAPES)
def test_the_shapes_are_sound(form: str, data: bytes) -> None:
    assert Desk(form).seen(data)
    sound(form, data)


@pytest.mark.parametrize(("form", "data"), SHAPES)
def test_cut_off_anywhere(form: str, data: bytes) -> None:
    for end in range(0, len(data), 1 if form in ("factba", "fed", "json") else 7):
        sound(form, data[:end])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    shape=st.sampled_from(SHAPES),
    edits=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 6), st.binary(max_size=6)), max_size=6),
)
def test_edited_anywhere(shape: tuple[str, bytes], edits: list[tuple[int, int, bytes]]) -> None:
    form, data = shape
    for at, cut, put in edits:
        place = at % (len(data) + 1)
        data = data[:place] + put + data[place + cut :]
    sound(form, data)


@settings(max_examples=40, deadline=None)
@given(form=st.sampled_from(["factba", "fed", "ics", "rss", "json"]), data=st.binary(max_size=200))
def test_anything(form: str, data: bytes) -> None:
    sound(form, data)


# ---------------------------------------------------------------------------------------------- speed and memory


def test_a_long_record_is_read_quickly_and_told_once() -> None:
    rows = [
        REMARKS,
        LUNCH,
        *(row(f"2026-{12 - i // 280:02}-{1 + i % 28:02}", "10:00:00", f"Event {i}") for i in range(2_800)),
    ]
    data = json.dumps(rows).encode()
    desk = Desk()
    best = 1.0
    told = desk.pull(data)
    for _ in range(3):
        started = time.perf_counter()
        assert desk.pull(data) == [OccasionsGone(desk.now, "mine", ())]
        best = min(best, time.perf_counter() - started)
    assert len(told) == 3
    assert best < 0.25  # a twentieth of it on an idle machine; the figure itself is no test


def test_what_it_remembers_goes_on_elsewhere() -> None:
    desk = Desk()
    (first,) = desk.seen([REMARKS])
    desk.pull([REMARKS | {"time": "15:30:00"}])
    other = ScheduleFeed()
    other.recall(desk.feed.memory())
    assert other.memory() == desk.feed.memory()
    assert other.requests() == []
    desk.feed = other
    assert desk.seen([REMARKS | {"time": "15:30:00"}]) == []
    assert [each.id for each in desk.seen([REMARKS])] == [first.id]
    with pytest.raises(msgspec.MsgspecError):
        other.recall(b"[]")


def test_memory_adds_nothing_to_what_is_asked_for() -> None:
    feed = ScheduleFeed(calendars=DOCUMENTED)
    feed.recall(Desk().feed.memory())
    assert [each.url for each in feed.requests()] == [each.url for each in DOCUMENTED]

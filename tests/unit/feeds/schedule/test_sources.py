"""Each form of calendar: what its rows come to."""

import json
from typing import Any

import pytest

from cockpit.domain.errors import FeedError
from cockpit.domain.mentions import Occasion
from cockpit.feeds.schedule.feed import ScheduleFeed

from .sheets import (  # noqa: TID252  the tests are no package
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

# ---------------------------------------------------------------------------------------------- factba


def test_a_president_s_day() -> None:
    rows = [
        row("2027-03-01", "10:00:00", "too far ahead"),
        row("2027-01-16", "14:30:00", "The President delivers <b>remarks</b> &amp; takes\x1b[2J questions",
            url="https://factba.test/x"),
        row("2027-01-16", None, "The President visits somewhere"),
        row("2027-01-16", "09:00:00", "In-Town Pool Call Time", type="Pool Report Schedule"),
        row("2027-01-16", "11:00:00", "Executive Time"),
        row("2027-01-16", "19:00:00", "Full lid called"),
        row("2027-01-16", "13:00:00", "Press Briefing", type="Briefing Schedule:"),
        row("2027-01-16", "13:00:00", "Press Briefing", type="Briefing Schedule"),
        row("2027-01-13", "13:00:00", "over"),
    ]  # fmt: skip
    told = Desk().seen(rows)
    assert [each.title for each in told] == [
        "The President visits somewhere",
        "Press Briefing",
        "The President delivers remarks & takes [2J questions",
    ]
    day, briefing, remarks = told
    assert (day.all_day, day.start_ns) == (True, utc("2027-01-16T05:00:00"))
    assert (briefing.kind, briefing.start_ns) == ("Briefing Schedule", utc("2027-01-16T18:00:00"))
    assert remarks == Occasion(
        id=remarks.id, source="mine", title=remarks.title, start_ns=utc("2027-01-16T19:30:00"), speaker="trump",
        kind="President Schedule", location="Invented Hall", url="https://factba.test/x", sure=False,
    )  # fmt: skip
    assert len({each.id for each in told}) == 3


def test_noise_where_it_is_wanted() -> None:
    rows = [row("2027-01-16", "11:00:00", "Executive Time")]
    assert [each.title for each in Desk(noise=True).seen(rows)] == ["Executive Time"]
    assert Desk().seen(rows) == []


def test_an_object_around_the_rows_and_rows_that_cannot_be_read() -> None:
    desk = Desk()
    rows = [row("2027-01-16", "11:00:00", "Remarks"), row("2027-01-16", "25:00:00", "Nonsense"), 5]
    assert [each.title for each in desk.seen({"events": rows})] == ["Remarks"]
    assert (
        gone(desk.pull({"events": [5, row("2027-01-14", "11:00:00", "x")]})) == ()
    )  # missing or unread: not known
    assert sum(n for what, n in desk.feed.census.items() if what.startswith("unreadable")) == 3


def test_clock_changes_between_days() -> None:
    desk = Desk()
    desk.now = utc("2027-03-12T17:00:00")
    rows = [row("2027-03-15", "09:00:00", "b"), row("2027-03-13", "09:00:00", "a")]
    assert [each.start_ns for each in desk.seen(rows)] == [
        utc("2027-03-13T14:00:00"),
        utc("2027-03-15T13:00:00"),
    ]


# ---------------------------------------------------------------------------------------------- fed


def test_the_fed_s_days() -> None:
    rows = [
        meeting("2027-01", "27"),
        meeting("2027-02", "2, 3", "FOMC Meeting"),
        meeting("2027-01", "26-27*", "FOMC Meeting two"),
        meeting("", "12", "archive"),
        meeting("2027-01", "5, 19, 26", "Money Stock", type="Statistical Releases", time="1:00 p.m."),
        meeting(
            "2027-01", "20", "Speech - Chair Somebody", type="Speeches", time="", link="https://fed.test/a"
        ),
    ]
    body = b"\xef\xbb\xbf" + json.dumps({"events": rows}).encode()
    told = Desk("fed", "").seen(body)
    assert [(each.title, each.start_ns, each.all_day) for each in told] == [
        ("Money Stock", utc("2027-01-19T18:00:00"), False),
        ("Speech - Chair Somebody", utc("2027-01-20T05:00:00"), True),
        ("Money Stock", utc("2027-01-26T18:00:00"), False),
        *sorted(
            [
                ("FOMC Meeting", utc("2027-01-27T19:00:00"), False),
                ("FOMC Meeting two", utc("2027-01-27T19:00:00"), False),
            ],
            key=lambda each: next(o.id for o in told if o.title == each[0]),
        ),
        ("FOMC Meeting", utc("2027-02-03T19:00:00"), False),
    ]
    assert {each.kind for each in told} == {"FOMC", "Statistical Releases", "Speeches"}
    assert {each.speaker for each in told} == {""}
    assert all(each.sure for each in told)
    assert {each.url for each in told} == {"https://fed.test/a", "https://fed.test/invented.htm"}


@pytest.mark.parametrize(
    "bad", [{"days": "0"}, {"days": "31-32"}, {"days": "x"}, {"time": "26:00"}, {"days": "1" * 5000}]
)
def test_a_fed_row_that_cannot_be_read_is_counted(bad: dict[str, Any]) -> None:
    desk = Desk("fed", "")
    assert len(desk.seen({"events": [meeting("2027-01", "27"), meeting("2027-01", "28") | bad]})) == 1
    assert any(what.startswith("unreadable") for what in desk.feed.census)


# ---------------------------------------------------------------------------------------------- plain lists


def test_a_list_of_one_s_own() -> None:
    rows = [
        {"title": "A debate", "start": "2027-01-20T21:00:00-05:00", "end": "2027-01-20T23:00:00-05:00",
         "speaker": "Vance", "kind": "debate", "location": "there", "url": "https://a.test/b", "id": 7},
        {"title": "A day", "start": "2027-01-21"},
        {"title": "A guess", "start": "2027-01-22T10:00", "end": "2027-01-22T09:00", "cancelled": True},
        {"title": "Later", "start": "2028-01-22T10:00"},
    ]  # fmt: skip
    debate, day, guess = Desk("json", "trump").seen(rows)
    assert debate == Occasion(
        "7", "mine", "A debate", utc("2027-01-21T02:00:00"), utc("2027-01-21T04:00:00"), "vance", "debate", "there",
        "https://a.test/b",
    )  # fmt: skip
    assert (day.all_day, day.sure, day.speaker) == (True, True, "trump")
    assert (guess.sure, guess.end_ns, guess.cancelled) == (False, 0, True)
    assert Desk("json").seen([]) == []
    with pytest.raises(FeedError, match="no entry can be read"):
        Desk("json").pull([{"title": "x", "start": "soon"}])


# ---------------------------------------------------------------------------------------------- iCalendar


def test_zones_days_and_lengths() -> None:
    body = vcalendar(
        vevent("UID:a", "DTSTART;TZID=America/Chicago:20270120T090000", "DURATION:PT90M", "SUMMARY:A \\, B",
               "LOCATION:Some\r\n where", "URL:https://a.test", "CATEGORIES:Hearing,Other"),
        vevent("UID:b", "DTSTART:20270120T090000", "SUMMARY:floats"),
        vevent("UID:c", "DTSTART;VALUE=DATE:20270121", "DTEND;VALUE=DATE:20270123", "SUMMARY:two days"),
        vevent("UID:d", "DTSTART:20270122T140000Z", "DTEND:20270122T150000Z", "SUMMARY:utc", "STATUS:CANCELLED"),
        vevent("UID:e", "DTSTART;TZID=Nowhere:20270123T090000", "SUMMARY:unknown zone"),
        vevent("UID:f", "DTSTART:20270620T090000", "SUMMARY:far"),
    )  # fmt: skip
    told = {each.id: each for each in Desk("ics", "").seen(body)}
    assert set(told) == set("abcde")
    a, b, c, d, e = (told[name] for name in "abcde")
    assert (a.start_ns, a.end_ns) == (utc("2027-01-20T15:00:00"), utc("2027-01-20T16:30:00"))
    assert (a.title, a.location, a.url, a.kind, a.sure) == (
        "A , B",
        "Somewhere",
        "https://a.test",
        "Hearing",
        True,
    )
    assert (b.start_ns, b.sure) == (utc("2027-01-20T14:00:00"), False)
    assert (c.all_day, c.start_ns, c.end_ns) == (True, utc("2027-01-21T05:00:00"), utc("2027-01-23T05:00:00"))
    assert (d.cancelled, d.sure) == (True, True)
    assert (e.start_ns, e.sure) == (utc("2027-01-23T14:00:00"), False)


def test_a_calendar_s_own_zone_is_for_what_floats() -> None:
    events = [vevent("UID:b", "DTSTART:20270120T090000"), vevent("UID:c", "DTSTART:20270120T090000Z")]
    told = Desk("ics").seen(vcalendar(*events, head="X-WR-TIMEZONE:Europe/London\r\n"))
    assert [(each.id, each.start_ns, each.sure) for each in told] == [
        ("b", utc("2027-01-20T09:00:00"), False),
        ("c", utc("2027-01-20T09:00:00"), True),
    ]
    desk = Desk("ics")
    (told_b, _) = desk.seen(vcalendar(*events, head="X-WR-TIMEZONE:../../etc/passwd\r\n"))[::-1]
    assert (told_b.id, told_b.start_ns) == ("b", utc("2027-01-20T14:00:00"))
    assert desk.feed.census["zone:../../etc/passwd"] == 1


def test_rules_over_a_clock_change_with_exceptions() -> None:
    desk = Desk("ics")
    desk.now = utc("2027-03-10T17:00:00")
    zone = "TZID=America/New_York"
    body = vcalendar(
        vevent("UID:w", f"DTSTART;{zone}:20200106T090000", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE", "SUMMARY:twice a week",
               f"EXDATE;{zone}:20270317T090000"),
        vevent("UID:w", f"RECURRENCE-ID;{zone}:20270322T090000", f"DTSTART;{zone}:20270322T110000", "SUMMARY:late"),
        vevent("UID:w", f"RECURRENCE-ID;{zone}:20270324T090000", f"DTSTART;{zone}:20270324T090000", "SUMMARY:off",
               "STATUS:CANCELLED"),
    )  # fmt: skip
    told = {each.start_ns: each for each in desk.seen(body)}
    assert utc("2027-03-10T14:00:00") in told
    assert utc("2027-03-15T13:00:00") in told
    assert utc("2027-03-17T13:00:00") not in told
    assert told[utc("2027-03-22T15:00:00")].title == "late"
    assert told[utc("2027-03-22T15:00:00")].id == f"w/{utc('2027-03-22T13:00:00') // 10**9}"
    assert told[utc("2027-03-24T13:00:00")].cancelled
    assert max(told) < utc("2027-04-11T04:00:00")
    assert len(told) == 8


def test_the_newest_sequence_stands() -> None:
    body = vcalendar(
        vevent("UID:a", "DTSTART:20270120T090000Z", "SEQUENCE:2", "SUMMARY:new"),
        vevent("UID:a", "DTSTART:20270121T090000Z", "SEQUENCE:1", "SUMMARY:old"),
    )
    assert [each.title for each in Desk("ics").seen(body)] == ["new"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;BYMINUTE=1,2", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYYEARDAY=400", "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6", "FREQ=NEVER", "",
    ],
)  # fmt: skip
def test_rules_without_end_or_sense_are_not_followed(rule: str) -> None:
    desk = Desk("ics")
    body = vcalendar(
        vevent("UID:bomb", "DTSTART:20200101T000000Z", f"RRULE:{rule}"),
        vevent("UID:fine", "DTSTART:20270120T000000Z"),
    )
    assert [each.id for each in desk.seen(body)] == ["fine"]
    assert desk.feed.census["dropped:an entry that repeats too often"] == 1


def test_rules_from_long_ago_share_a_budget() -> None:
    desk = Desk("ics")
    old = [vevent(f"UID:{i}", "DTSTART:19000101T000000Z", "RRULE:FREQ=DAILY") for i in range(6)]
    assert 0 < len({each.id.partition("/")[0] for each in desk.seen(vcalendar(*old))}) < 6


def test_a_broken_entry_spares_the_others_and_nothing_is_called_gone() -> None:
    desk = Desk("ics")
    fine = vevent("UID:a", "DTSTART:20270120T090000Z")
    also = vevent("UID:b", "DTSTART:20270121T090000Z")
    assert [each.id for each in desk.seen(vcalendar(fine, also))] == ["a", "b"]
    broken = vevent("UID:b", "DTSTART;VALUE=DATE-TIME:20270121T990000Z")
    assert gone(desk.pull(vcalendar(fine, broken))) == ()
    assert gone(desk.pull(vcalendar(fine))) == ("b",)


def test_alarms_have_names_of_their_own() -> None:
    alarm = (
        "BEGIN:VALARM",
        "UID:alarm",
        "TRIGGER:-PT15M",
        "ACTION:DISPLAY",
        "DTSTART:20200101T000000Z",
        "END:VALARM",
    )
    body = vcalendar(vevent(*alarm, "UID:a", "DTSTART:20270120T090000Z", "SUMMARY:x"))
    assert [each.id for each in Desk("ics").seen(body)] == ["a"]


# ---------------------------------------------------------------------------------------------- RSS and Atom


def test_announcements_of_what_is_to_come() -> None:
    body = rss(
        "<title>News of today</title><pubDate>Fri, 15 Jan 2027 10:00:00 GMT</pubDate><guid>1</guid>",
        "<title>A talk</title><pubDate>Wed, 20 Jan 2027 15:00:00 GMT</pubDate><guid>2</guid>"
        "<link>https://a.test/2</link><category>Speech</category>",
        "<title>By its own date</title><dc:date>2027-01-21T10:00:00-05:00</dc:date><guid>3</guid>",
        "<title>By the module</title><ev:startdate>2027-01-22T10:00</ev:startdate><ev:enddate>2027-01-22T12:00"
        "</ev:enddate><ev:location>Town</ev:location><pubDate>Fri, 15 Jan 2027 10:00:00 GMT</pubDate><guid>4</guid>",
        "<title>Remarks on January 23, 2027 at 2:00 p.m. ET</title><guid>5</guid>",
        "<title>Recap of January 3, 2027</title><guid>6</guid>",
        "<title>Next year: January 3, 2028</title><guid>7</guid>",
        "<title>Today, January 15: all day</title><guid>8</guid>",
        "<title>Feb 31 is no day</title><guid>9</guid>",
    )
    told = {each.id: each for each in Desk("rss", "").seen(body)}
    assert set(told) == {"2", "3", "4", "5", "8"}
    assert (told["2"].start_ns, told["2"].kind, told["2"].url) == (
        utc("2027-01-20T15:00:00"),
        "Speech",
        "https://a.test/2",
    )
    assert told["3"].start_ns == utc("2027-01-21T15:00:00")
    assert (told["4"].start_ns, told["4"].end_ns) == (utc("2027-01-22T15:00:00"), utc("2027-01-22T17:00:00"))
    assert (told["4"].location, told["4"].sure) == ("Town", False)
    assert (told["5"].start_ns, told["5"].sure) == (utc("2027-01-23T19:00:00"), True)
    assert told["8"].all_day


def test_atom_and_items_that_drop_out() -> None:
    desk = Desk("rss", "")
    entry = "<title>A hearing</title><id>urn:1</id><updated>2027-01-20T15:00:00Z</updated>"
    assert [each.id for each in desk.seen(atom(entry))] == ["urn:1"]
    other = "<title>More</title><id>urn:2</id><published>2027-01-21T15:00:00Z</published>"
    assert gone(desk.pull(atom(other))) == ()
    assert desk.seen(atom(entry, other)) == []


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><rss><channel>&b;</channel></rss>'
OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
)


@pytest.mark.parametrize(
    "data",
    [
        BOMB,
        OUTSIDE,
        OUTSIDE.replace(b"ENTITY", b"entity"),
        BOMB.decode().encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-ENTITY',
        b'<?xml version="1.0" encoding="cp037"?><rss/>',
        b"<html><body>Sorry</body></html>",
        b"",
        b"no markup",
        b"<" * 100_000,
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(FeedError, match="calendar mine"):
        Desk("rss").pull(data)


def test_an_outside_definition_is_never_fetched() -> None:
    """The suite's guard on sockets stands; and no file is read into a title."""
    item = b"<item><title>January 20, 2027 &x; %x;</title><guid>1</guid></item>"
    body = (
        b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss version="2.0"><channel>' + item + b"</channel></rss>"
    )
    told = Desk("rss").seen(body)
    assert all("root" not in each.title for each in told)


# ---------------------------------------------------------------------------------------------- without the libraries


@pytest.mark.parametrize(
    ("form", "module", "body"),
    [
        ("ics", "icalendar", vcalendar()),
        ("ics", "recurring_ical_events", vcalendar()),
        ("rss", "feedparser", rss()),
    ],
)
def test_a_library_that_is_missing_is_told(
    monkeypatch: pytest.MonkeyPatch, form: str, module: str, body: bytes
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(FeedError, match=r"pip install 'cockpit\[schedule\]'"):
        Desk(form).pull(body)


def test_an_address_nobody_named_is_the_documented_calendar_s_or_refused() -> None:
    desk = Desk()
    desk.calendar = desk.calendar.__class__("x", "http://127.0.0.1:1/rss/calendar-full.json?x=1", "factba")
    (told,) = desk.seen([row("2027-01-16", "14:30:00", "Remarks")])
    assert (told.source, told.speaker) == ("trump", "trump")
    desk.calendar = desk.calendar.__class__("x", "https://a.test/other", "factba")
    with pytest.raises(FeedError, match="no calendar has the address"):
        desk.pull([])
    assert ScheduleFeed().requests() == []

"""Times as calendars write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.feeds.schedule.times import Clock, When, clock, in_words, midnight, moment, wall

from .sheets import SECOND, utc  # noqa: TID252  the tests are no package

NEW_YORK = ZoneInfo("America/New_York")
DAYS = st.dates(date(2007, 3, 1), date(2090, 1, 1))


@given(DAYS, st.integers(0, 23), st.integers(0, 59))
def test_wall_clocks_agree_with_the_zone_s_own_table(day: date, hour: int, minute: int) -> None:
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=NEW_YORK)
    if at.astimezone(UTC).astimezone(NEW_YORK).hour == hour:  # an hour that is skipped has no answer
        assert wall(day, Clock(hour, minute)) == int(at.timestamp()) * SECOND


@pytest.mark.parametrize(
    ("day", "hour", "want"),
    [
        (date(2027, 3, 13), 9, "2027-03-13T14:00:00"),
        (date(2027, 3, 14), 1, "2027-03-14T06:00:00"),
        (date(2027, 3, 14), 2, "2027-03-14T07:00:00"),  # skipped: three o'clock
        (date(2027, 3, 14), 9, "2027-03-14T13:00:00"),
        (date(2027, 11, 7), 1, "2027-11-07T05:00:00"),  # twice: the first
        (date(2027, 11, 7), 2, "2027-11-07T07:00:00"),
    ],
)
def test_the_days_clocks_change(day: date, hour: int, want: str) -> None:
    assert wall(day, Clock(hour, 0)) == utc(want)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("09:00:00", Clock(9, 0)), ("9:00 AM", Clock(9, 0)), ("2:00 p.m.", Clock(14, 0)), ("12:15 a.m.", Clock(0, 15)),
        ("12:00 PM", Clock(12, 0)), ("2 p.m. ET", Clock(14, 0)), ("at noon", Clock(12, 0)), ("14:30", Clock(14, 30)),
        ("", None), ("TBD", None), ("2027", None),
    ],
)  # fmt: skip
def test_times_of_day(text: str, want: Clock | None) -> None:
    assert clock(text) == want


@pytest.mark.parametrize("text", ["24:00", "9:60", "13:00 pm", "0:30 a.m."])
def test_no_clock_shows_these(text: str) -> None:
    with pytest.raises(ValueError, match="no such time"):
        clock(text)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("2027-01-16T14:00:00Z", When(utc("2027-01-16T14:00:00"))),
        ("2027-01-16T14:00:00.123456789-05:00", When(utc("2027-01-16T19:00:00"))),
        ("2027-07-16 14:00", When(utc("2027-07-16T18:00:00"), sure=False)),
        ("2027-01-16", When(utc("2027-01-16T05:00:00"), all_day=True)),
    ],
)
def test_iso(text: str, want: When) -> None:
    assert moment(text) == want


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2027-13-01", "2027-02-30T10:00", "9999-01-01", "0001-01-01T00:00Z"]
)
def test_no_iso(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Remarks on January 20, 2027 at 2:00 p.m. ET", When(utc("2027-01-20T19:00:00"))),
        ("Remarks on Jan. 20 at 14:00", When(utc("2027-01-20T19:00:00"), sure=False)),
        ("Live 2027-01-20: a hearing", When(utc("2027-01-20T05:00:00"), all_day=True)),
        ("Live 2027-01-20T10:00Z: a hearing", When(utc("2027-01-20T10:00:00"))),
        ("Wrap of January 3", When(utc("2028-01-03T05:00:00"), all_day=True)),
        ("March of the penguins", None),
        ("Marchers 12 days on", None),
    ],
)
def test_words(text: str, want: When | None) -> None:
    assert in_words(text, date(2027, 1, 15)) == want


@given(DAYS)
def test_midnight_begins_the_day(day: date) -> None:
    at = midnight(day) // SECOND
    assert datetime.fromtimestamp(at, NEW_YORK).date() == day
    assert datetime.fromtimestamp(at - 1, NEW_YORK).date() == day - timedelta(days=1)

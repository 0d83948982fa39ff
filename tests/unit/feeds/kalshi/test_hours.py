from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from cockpit.domain.units import SECOND
from cockpit.feeds.kalshi.bodies import Schedule
from cockpit.feeds.kalshi.hours import hours

WHOLE = [{"open_time": "00:00", "close_time": "00:00"}]
DAYS = ("monday", "tuesday", "wednesday", "friday", "saturday", "sunday")
THURSDAY = [{"open_time": "05:00", "close_time": "00:00"}, {"open_time": "00:00", "close_time": "03:00"}]


def schedule(windows=(), **days):
    entry = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2027-01-01T00:00:00Z", **days}
    body = {"schedule": {"standard_hours": [entry], "maintenance_windows": list(windows)}}
    return msgspec.json.decode(msgspec.json.encode(body), type=Schedule).schedule


def at(*when):
    return (
        int((datetime(*when, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)) * SECOND
    )


def test_thursday_three_to_five_eastern_is_the_only_pause():
    told = hours(at(2026, 11, 23, 12), schedule(thursday=THURSDAY, **dict.fromkeys(DAYS, WHOLE)))
    assert told.venue == "kalshi"
    assert told.pauses == ((at(2026, 11, 26, 8), at(2026, 11, 26, 10)),)


def test_the_pause_follows_daylight_time():
    told = hours(at(2026, 7, 1, 12), schedule(thursday=THURSDAY, **dict.fromkeys(DAYS, WHOLE)))
    assert told.pauses[0] == (at(2026, 7, 2, 7), at(2026, 7, 2, 9))


def test_maintenance_adds_and_touching_spans_are_one():
    window = {"start_datetime": "2026-11-26T09:30:00Z", "end_datetime": "2026-11-26T11:00:00Z"}
    told = hours(at(2026, 11, 23, 12), schedule([window], thursday=THURSDAY, **dict.fromkeys(DAYS, WHOLE)))
    assert told.pauses == ((at(2026, 11, 26, 8), at(2026, 11, 26, 11)),)


def test_a_closed_day_is_a_pause_and_a_day_nobody_speaks_of_is_none():
    told = hours(at(2026, 11, 23, 12), schedule(wednesday=[], thursday=WHOLE))
    assert told.pauses == ((at(2026, 11, 25, 5), at(2026, 11, 26, 5)),)


def test_what_is_over_is_left_out():
    told = hours(at(2026, 11, 26, 12), schedule(thursday=THURSDAY))
    assert told.pauses == ((at(2026, 12, 3, 8), at(2026, 12, 3, 10)),)


@pytest.mark.parametrize("bad", ["25:00", "noon", ""])
def test_a_time_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match=r"time|not"):
        hours(at(2026, 11, 23, 12), schedule(thursday=[{"open_time": bad, "close_time": "00:00"}]))

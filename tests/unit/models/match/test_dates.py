"""What titles say of time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.match.dates import Hints, ticker_date, times, wall

AUTUMN = Hints(expected_ns=1_822_000_000 * SECOND)
"""Late September 2027."""


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("arrested before 2027?", "<=2026-12-31"),
        ("arrested before jan 2027?", "<=2026-12-31"),
        ("arrested before january 1, 2027?", "<=2026-12-31"),
        ("arrested by december 31, 2026?", "<=2026-12-31"),
        ("arrested by end of 2026?", "<=2026-12-31"),
        ("arrested by the end of 2026?", "<=2026-12-31"),
        ("arrested before the end of 2026?", "<=2026-12-31"),
        ("arrested before july 2026?", "<=2026-06-30"),
        ("arrested before july 15, 2026?", "<=2026-07-14"),
        ("arrested by july 15, 2026?", "<=2026-07-15"),
        ("arrested by 2027?", "by 2027"),
        ("leave before 2026-02-01t15:00:00.000z?", "<=2026-01-31"),
        ("in 2026", "2026"),
        ("in june 2026", "2026-06"),
        ("on jun 5, 2026", "2026-06-05"),
        ("on 5 june 2026", "2026-06-05"),
        ("on june 5th, 2026", "2026-06-05"),
        ("on 2026-06-05", "2026-06-05"),
        ("in q3 2026", "2026Q3"),
        ("in the third quarter of 2026", "2026Q3"),
        ("this week december 15-21, 2026", "2026-12-15..2026-12-21"),
        ("december 29-january 4, 2027", "2026-12-29..2027-01-04"),
        ("in the 2026-27 season", "2026/27"),
        ("in may", "2027-05"),
        ("in january", "2028-01"),
        ("the 2026 f1 season, by december 31, 2026", "<=2026-12-31"),
        ("in 2026 or 2028", "2026+2028"),
        ("rates may rise", ""),
        ("a march on rome", ""),
        ("nothing", ""),
    ],
)
def test_periods(text, period):
    assert times(text, AUTUMN).period == period


def test_a_month_without_a_year_and_without_a_hint_stays_without_one():
    assert times("in may").period == "--05"
    assert times("in may", Hints(year=2026, month=5)).period == "2026-05"


def test_a_date_that_does_not_exist_is_left_in_the_text():
    told = times("by february 30, 2026")
    assert told.period == ""
    assert "february" in told.text


@pytest.mark.parametrize(
    ("ticker", "said"),
    [
        ("KXBTCD-26JUL0104-T58899.99", (2026, 7, 1, "04")),
        ("KXBTC15M-26SEP251500-00", (2026, 9, 25, "1500")),
        ("KXNBAGAME-26OCT20OKCSAS-OKC", (2026, 10, 20, "")),
        ("KXFEDDECISION-26OCT-H0", (2026, 10, 0, "")),
        ("KXHOUSERACE-TX17-26-R", (2026, 0, 0, "")),
        ("CONTROLH-2028-D", (2028, 0, 0, "")),
        ("KXCS2-IEMCOL26-FAL", (2026, 0, 0, "")),
        ("KXWCROUND-26SEMI-FRA", (2026, 0, 0, "")),
        ("KXNEXT-45JAN01-MARA", (2045, 1, 1, "")),
        ("KXNONE-ABC", (0, 0, 0, "")),
    ],
)
def test_ticker_dates(ticker, said):
    found = ticker_date(ticker)
    assert (found.year, found.month, found.day, found.clock) == said


@given(st.integers(0, 60 * 24 * 365 * 8))
def test_new_yorks_wall_clock(minutes):
    at = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(minutes=minutes)
    zone = at.replace(tzinfo=ZoneInfo("America/New_York"))
    found = wall(at.year, at.month, at.day, at.hour, at.minute)
    back = datetime.fromtimestamp(found // SECOND, ZoneInfo("America/New_York")).replace(tzinfo=None)
    if back == at:
        assert found == int(zone.timestamp()) * SECOND
    else:  # the hour that spring skips
        assert at.month == 3
        assert at.hour == 2


@given(st.text(max_size=80))
def test_any_text_is_read(text):
    times(text.lower())


def test_no_such_day_has_no_instant():
    assert wall(2027, 2, 30, 12) == 0


def test_by_a_quarter_is_not_in_it():
    found = {
        times(f"deliver {when} q2 2027").period for when in ("in", "by", "by the end of", "at the end of")
    }
    assert found == {"2027Q2", "by 2027Q2", "by end of 2027Q2", "end of 2027Q2"}

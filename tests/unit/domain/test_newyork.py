from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.newyork import hour, local, offset, trading_day
from cockpit.domain.units import SECOND

NY = ZoneInfo("America/New_York")


def ns(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * SECOND  # type: ignore[arg-type, misc]


@given(st.integers(ns(2007, 3, 12), ns(2037, 12, 31)))
def test_agrees_with_the_zone_table(ts: int) -> None:
    there = datetime.fromtimestamp(ts // SECOND, NY)
    assert local(ts) == there.replace(tzinfo=None)
    midnight = there.replace(hour=0, minute=0, second=0)
    assert trading_day(ts) == int(midnight.timestamp()) * SECOND


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ((2026, 12, 3, 20, 0), "3pm"),
        ((2026, 7, 3, 19, 15), "3:15pm"),
        ((2026, 12, 3, 5, 0), "12am"),
        ((2026, 12, 3, 17, 5), "12:05pm"),
    ],
)
def test_hours_as_people_say_them(when: tuple[int, ...], text: str) -> None:
    assert hour(ns(*when)) == text


@pytest.mark.parametrize(
    "ts", [-(2**63), 2**63 - 1, -(10**20), 10**20, ns(9999, 12, 31), -62_135_596_800 * SECOND]
)
def test_a_time_no_calendar_holds_is_cut_to_one_that_does(ts: int) -> None:
    assert 1 <= local(ts).year <= 9999
    assert offset(ts) in (-18_000, -14_400)
    assert hour(ts).endswith("m")
    trading_day(ts)


def test_the_clock_changes() -> None:
    assert [offset(ns(2026, 3, 8, 6, 59)), offset(ns(2026, 3, 8, 7))] == [-18_000, -14_400]
    assert [offset(ns(2026, 11, 1, 5, 59)), offset(ns(2026, 11, 1, 6))] == [-14_400, -18_000]

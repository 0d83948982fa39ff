from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.feeds.exact import LATEST_S, instant, nearest, rfc3339

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("2026-06-11T06:31:29.957081Z", 1_781_159_489_957_081_000),
        ("2026-06-11T06:31:29.123456789Z", 1_781_159_489_123_456_789),
        ("2026-06-11T08:31:29+02:00", 1_781_159_489_000_000_000),
        ("2026-06-11T02:01:29.000000001-04:30", 1_781_159_489_000_000_001),
        ("0001-01-01T00:00:00Z", 0),
    ],
)
def test_times_are_exact(text: str, ns: int) -> None:
    assert rfc3339(text) == ns


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-06-11",
        "2026-06-11T06:31:29",
        "2026-06-11 06:31:29Z",
        "2026-13-11T06:31:29Z",
        "2026-02-30T06:31:29Z",
        "2026-06-11T25:31:29Z",
        "2026-06-11T06:31:29.Z",
        "2026-06-11T06:31:29.1234567890Z",
        "2026-06-11T06:31:29Z ",
        "٢٠٢٦-06-11T06:31:29Z",
        "2200-01-01T00:00:00Z",
    ],
)
def test_other_text_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|month|day|hour|range"):
        rfc3339(text)


@given(st.integers(0, 4_102_000_000_000_000), st.integers(0, 999))
def test_times_come_back(micros: int, nanos: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    text = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}{nanos:03d}Z"
    assert rfc3339(text) == micros * 1_000 + nanos


def test_instants_take_seconds_text_and_nothing() -> None:
    assert instant(1_781_159_489) == 1_781_159_489 * SECOND
    assert instant("1970-01-01T00:00:02Z") == 2 * SECOND
    assert instant(None) == 0
    assert instant("") == 0


@pytest.mark.parametrize("seconds", [-1, LATEST_S + 1, 1_781_159_489_957])
def test_instants_out_of_range_are_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="out of range"):
        instant(seconds)


@pytest.mark.parametrize(
    ("text", "digits", "count"),
    [
        ("92799.99", 8, 9_279_999_000_000),
        ("1E+3", 8, 100_000_000_000),
        ("-0.5", 4, -5_000),
        ("0.00005", 4, 0),
        ("0.00015", 4, 2),
        ("0.000151", 4, 2),
        ("-0.00016", 4, -2),
        ("0.1000000000000000055511151231257827", 8, 10_000_000),
    ],
)
def test_nearest_rounds_only_what_is_finer(text: str, digits: int, count: int) -> None:
    assert nearest(Decimal(text), digits) == count


@given(st.integers(-(10**20), 10**20), st.integers(0, 8))
def test_nearest_is_exact_within_the_unit(count: int, places: int) -> None:
    assert nearest(Decimal(count).scaleb(-places), 8) == count * 10 ** (8 - places)


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+999999", "1E-999999", "1" * 61])
def test_nearest_refuses_what_is_no_count(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        nearest(Decimal(text), 8)

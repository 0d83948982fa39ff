"""Numbers as numbers and as text."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.feeds.espn.numbers import moment, number, scaled, shown_clock, text_of, within


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'"47"', "47"), (b"47", "47"), (b" -6.5 ", "-6.5"), (b'" OFF "', "OFF"), (b"null", ""), (b"", ""),
        (b"true", ""), (b"{}", ""), (b"[1]", ""), (b"1e3", "1e3"), (b"12345678901234", ""),
    ],
)  # fmt: skip
def test_text(raw: bytes, text: str) -> None:
    assert text_of(msgspec.Raw(raw)) == text


@pytest.mark.parametrize(
    ("raw", "digits", "value"),
    [
        (b"6.5", 2, 650), (b'"-11.5"', 2, -1_150), (b'"+410"', 0, 410), (b"-115.0", 0, -115), (b"98", 3, 98_000),
        (b"0.0", 3, 0), (b"29.4", 3, 29_400), (b"1e2", 0, 100), (b'""', 0, None), (b"null", 0, None),
    ],
)  # fmt: skip
def test_numbers_are_exact(raw: bytes, digits: int, value: int | None) -> None:
    assert number(msgspec.Raw(raw), digits) == value


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-", "1.2.3", "x", "1e999", "٣", "1" * 13])
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        scaled(text, 2)


def test_limits() -> None:
    assert within(msgspec.Raw(b"400"), 0, 400, "score") == 400
    with pytest.raises(ValueError, match="score out of range"):
        within(msgspec.Raw(b'"-1"'), 0, 400, "score")


def test_times_with_and_without_seconds() -> None:
    at = 1_786_293_000 * SECOND
    assert (
        moment("2026-08-09T16:30Z")
        == moment("2026-08-09T16:30:00Z")
        == moment("2026-08-09T12:30-04:00")
        == at
    )
    assert moment(None) == moment("") == 0
    with pytest.raises(ValueError, match="not an RFC 3339 time"):
        moment("TBD")


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1:38", 98_000), ("29.4", 29_400), ("0.0", 0), ("0:00", 0), ("12:00", 720_000), ("5", 5_000),
        ("", None), (None, None), ("Half", None), ("-1:00", None), (":30", None),
    ],
)  # fmt: skip
def test_displayed_clocks(text: str | None, ms: int | None) -> None:
    assert shown_clock(text) == ms


@given(st.binary(max_size=30))
def test_any_bytes_are_a_number_nothing_or_refused(data: bytes) -> None:
    try:
        value = number(msgspec.Raw(data), 2)
    except ValueError:
        return
    assert value is None or type(value) is int

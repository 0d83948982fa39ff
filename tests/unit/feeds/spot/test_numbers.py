from decimal import Decimal

import pytest

from cockpit.feeds.spot.numbers import count, milliseconds, moment, positive


def test_text_and_decimals_are_exact() -> None:
    assert count("81117.21") == count(Decimal("81117.21")) == 8_111_721_000_000
    assert count("0.00000001") == count(Decimal("1E-8")) == 1
    assert count(None) == count("") == count("0") == 0


@pytest.mark.parametrize("value", ["-1", Decimal(-1), "1e3", Decimal("NaN"), "0.000000001"])
def test_what_is_no_count_is_refused(value: str | Decimal) -> None:
    with pytest.raises(ValueError, match=r"negative|number|decimal|finer"):
        count(value)


@pytest.mark.parametrize("value", ["0", "0.0", Decimal(0), Decimal("1E-9")])
def test_prices_are_above_zero(value: str | Decimal) -> None:
    with pytest.raises(ValueError, match="not above zero"):
        positive(value)


def test_a_missing_time_is_zero() -> None:
    assert moment(None) == 0
    assert moment("1970-01-01T00:00:01.000000001Z") == 1_000_000_001


def test_milliseconds() -> None:
    assert milliseconds(1_778_501_850_900) == 1_778_501_850_900_000_000
    for value in (-1, 4_102_444_800_001):
        with pytest.raises(ValueError, match="out of range"):
            milliseconds(value)

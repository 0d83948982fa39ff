"""Prices, sizes and times as text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import PRICE, PRICE_DIGITS, QTY_DIGITS, decimal
from cockpit.feeds.polymarket import numbers
from cockpit.feeds.polymarket.numbers import Numbers, Prices, Quantities, millis, moment, price_of, qty_of


@pytest.mark.parametrize(
    ("text", "units"), [(".48", 4_800), ("0.48", 4_800), ("1", PRICE), ("0.0025", 25), ("0", 0)]
)
def test_prices(text: str, units: int) -> None:
    assert Prices()[text] == units


@pytest.mark.parametrize("text", ["", ".", "1.01", "-0.1", "0.00001", "1e-2", "NaN", "½"])
def test_what_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Prices()[text]


@given(st.integers(0, PRICE))
def test_every_price_is_read_back_with_or_without_its_zero(units: int) -> None:
    text = decimal(units, PRICE_DIGITS)
    prices = Prices()
    assert prices[text] == prices[text.removeprefix("0") if text != "0" else text] == units
    assert price_of(Decimal(text)) == units


@given(st.integers(1, 10**15))
def test_every_size_is_read_back(units: int) -> None:
    text = decimal(units, QTY_DIGITS)
    assert Numbers().size(text) == units == qty_of(Decimal(text))


@pytest.mark.parametrize("text", ["-1", "0", "0.0000001", ""])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Numbers().size(text)


def test_tables_begin_anew_when_they_are_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "LIMIT", 2)
    prices, sizes = Prices(), Quantities()
    for text in ("0.1", "0.2", "0.3", "0.1"):
        assert prices[text] == round(float(text) * PRICE)
        assert sizes[text] == round(float(text) * 10**6)
        assert len(prices) <= 2


@pytest.mark.parametrize(
    ("told", "ns"),
    [
        ("1800000000123", 1_800_000_000_123_000_000),
        (1_800_000_000_123, 1_800_000_000_123_000_000),
        ("", 0),
        (None, 0),
    ],
)
def test_milliseconds(told: str | int | None, ns: int) -> None:
    assert millis(told) == ns


@pytest.mark.parametrize("told", ["soon", "-1", "1.5", "9" * 30, 10**18, -5, "١"])
def test_what_is_no_time(told: str | int) -> None:
    with pytest.raises(ValueError, match=r"."):
        millis(told)


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("2027-01-15 09:00:00+00", 1_800_003_600),
        ("2027-01-15 09:00:00.5+00:00", 1_800_003_600.5),
        ("2027-01-15 04:00:00-05", 1_800_003_600),
        ("2027-01-15T09:00:00Z", 1_800_003_600),
        ("", 0),
        (None, 0),
    ],
)
def test_times_of_listings(text: str | None, second: float) -> None:
    assert moment(text) == int(second * 10**9)


@pytest.mark.parametrize("text", ["2027-01-15", "2027-13-15 09:00:00+00", "soon"])
def test_what_is_no_time_of_a_listing(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(text)

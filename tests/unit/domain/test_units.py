"""Exact text in, exact integers, the same text out; and what is not plain decimal text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import (
    MONEY,
    PRICE,
    PRICE_DIGITS,
    QTY,
    QTY_DIGITS,
    RATIO,
    UNDERLYING,
    UNDERLYING_DIGITS,
    contracts,
    decimal,
    dollars,
    fixed,
    price,
    qty,
)

DIGITS = st.integers(0, 12)


@pytest.mark.parametrize(
    ("text", "digits", "value"),
    [
        ("0.4700", 4, 4_700),
        ("0.055", 4, 550),
        ("3.00", 6, 3_000_000),
        ("0.01", 6, 10_000),
        ("-54.00", 6, -54_000_000),
        ("-0.5", 2, -50),
        ("0", 4, 0),
        ("-0", 4, 0),
        ("007", 0, 7),
        ("84213.4", 8, 8_421_340_000_000),
        ("0.015930", 10, 159_300_000),
        ("1.50000000000000", 1, 15),
        ("9" * 30, 0, int("9" * 30)),
    ],
)
def test_plain_decimal_text(text: str, digits: int, value: int) -> None:
    assert fixed(text, digits) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-",
        "1.",
        ".5",
        "+1",
        "--1",
        "1e3",
        "1E-2",
        " 1",
        "1 ",
        "1\n",
        "1_000",
        "1,000",
        "0x10",
        "1.2.3",
        "1.-2",
        "nan",
        "inf",
        "-Infinity",
        "\u0661",  # Arabic-indic one
        "1.\u0665",
        "\u00b2",  # superscript two: isdigit() is true of it
        "\uff11",  # full-width one
        "one",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a plain decimal"):
        fixed(text, 4)


@pytest.mark.parametrize(("text", "digits"), [("0.00001", 4), ("1.5", 0), ("0.00000010", 6), ("-0.055", 2)])
def test_a_non_zero_digit_beyond_the_unit_is_refused(text: str, digits: int) -> None:
    with pytest.raises(ValueError, match="finer than"):
        fixed(text, digits)


@given(st.integers(-(10**24), 10**24), DIGITS)
def test_printed_text_parses_to_the_same_number(value: int, digits: int) -> None:
    assert fixed(decimal(value, digits), digits) == value


@given(st.integers(-(10**24), 10**24), DIGITS, st.integers(0, 12))
def test_text_is_exact_and_shows_the_places_asked_for(value: int, digits: int, places: int) -> None:
    text = decimal(value, digits, places)
    assert Decimal(text) == Decimal(value).scaleb(-digits)
    assert len(text.partition(".")[2]) >= places
    trimmed = decimal(value, digits)
    assert not (trimmed.partition(".")[2] and trimmed.endswith("0"))


@given(st.decimals(-(10**9), 10**9, places=6, allow_nan=False))
def test_parsing_agrees_with_decimal_arithmetic(value: Decimal) -> None:
    assert fixed(f"{value:f}", 6) == int(value.scaleb(6))


@given(st.text(max_size=8))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        value = fixed(text, 4)
    except ValueError:
        return
    assert Decimal(text).scaleb(4) == value
    assert set(text) <= set("-.0123456789")


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("1", PRICE), ("1.0000", PRICE), ("0.5", 5_000)])
def test_prices_lie_between_nothing_and_a_dollar(text: str, value: int) -> None:
    assert price(text) == value


@pytest.mark.parametrize("text", ["1.0001", "-0.0001", "2"])
def test_prices_outside_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"outside 0\.\.1"):
        price(text)


def test_quantities_are_signed() -> None:
    assert qty("-3.25") == -3_250_000


def test_the_units_fit_together() -> None:
    """Price times quantity is money; the digits say what the constants say."""
    assert PRICE * QTY == MONEY
    assert 10**PRICE_DIGITS == PRICE == RATIO
    assert 10**QTY_DIGITS == QTY
    assert 10**UNDERLYING_DIGITS == UNDERLYING
    assert price("0.055") * qty("3") == fixed("0.165", 10)
    assert dollars(price("0.47") * qty("2")) == pytest.approx(0.94)
    assert contracts(qty("0.01")) == pytest.approx(0.01)

"""Amounts as text, and the fee."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import MONEY, PRICE, QTY
from cockpit.rehearsal.stands.kalshi.money import amount, cents, count_of, fee


@pytest.mark.parametrize(
    ("price", "qty", "kind", "multiplier", "maker", "expected"),
    [
        (5200, 1.00, "quadratic", 1, False, "0.0175"),
        (9900, 1.00, "quadratic", 1, False, "0.0007"),
        (550, 1.00, "quadratic", 1, False, "0.0037"),
        (5000, 100.00, "quadratic", 0.5, False, "0.8750"),
        (5000, 100.00, "quadratic", 1, True, "0.0000"),
        (5000, 100.00, "quadratic_with_maker_fees", 1, True, "0.4375"),
        (5000, 100.00, "quadratic_with_combo_maker_fees", 1, True, "0.8750"),
        (5000, 100.00, "quadratic", 0, False, "0.0000"),
    ],
)
def test_fees(price, qty, kind, multiplier, maker, expected):
    assert amount(fee(kind, multiplier, price, int(qty * QTY), maker=maker)) == expected


@given(st.integers(1, PRICE - 1), st.integers(1, 10**6))
def test_a_fee_is_rounded_up_and_the_same_on_both_sides(price, lots):
    exact = 0.07 * (lots / 100) * price / PRICE * (1 - price / PRICE)
    made = fee("quadratic", 1, price, lots * QTY // 100, maker=False) / MONEY
    assert -1e-9 < made - exact < 1e-4 + 1e-9
    assert made == fee("quadratic", 1, PRICE - price, lots * QTY // 100, maker=False) / MONEY


def test_amounts_are_cut_towards_zero():
    assert amount(980_186_500_000) == "98.0186"
    assert amount(-15_000, 6) == "-0.000001"
    assert amount(0, 6) == "0.000000"
    assert (cents(980_186_500_000), cents(-980_186_500_000)) == (9801, -9801)


def test_counts_have_two_decimals_at_most():
    assert [count_of(text) for text in ("1", "1.5", "0.01")] == [QTY, 3 * QTY // 2, QTY // 100]
    for text in ("", "0", "-1", "1.001", "1e3", "one"):
        with pytest.raises(ValueError, match=r"not a|finer"):
            count_of(text)

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import PRICE
from cockpit.feeds.kalshi import numbers
from cockpit.feeds.kalshi.numbers import Numbers


def _numbers(*, use_yes_price: bool = False) -> Numbers:
    return Numbers(Counter(), use_yes_price=use_yes_price)


@given(st.integers(0, PRICE))
def test_no_prices_mirror_yes_prices(units: int) -> None:
    text = f"{units // PRICE}.{units % PRICE:04d}"
    tables = _numbers()
    assert tables.yes[text] == units
    assert tables.no[text] == PRICE - units
    assert tables.yes[text] == units  # the second time from the table


def test_the_sockets_no_prices_follow_what_was_asked_for() -> None:
    assert _numbers().asks["0.4800"] == 5_200
    assert _numbers(use_yes_price=True).asks["0.4800"] == 4_800


@pytest.mark.parametrize(
    "text", ["", "-0.1000", "1.0001", "0.00001", "1e-2", "abc", "NaN", " 0.5", "0,5", "٠.٥"]
)
def test_what_is_no_price_is_refused_and_not_remembered(text: str) -> None:
    tables = _numbers()
    for table in (tables.yes, tables.no):
        with pytest.raises(ValueError, match=r"decimal|finer|outside"):
            table[text]
        assert text not in table


@pytest.mark.parametrize("text", ["0.00", "-1.00"])
def test_sizes_are_above_zero(text: str) -> None:
    with pytest.raises(ValueError, match="not a size"):
        _numbers().size(text)


def test_levels_are_priced_and_sized() -> None:
    tables = _numbers()
    assert tables.levels([("0.4600", "10.00"), ("0.4700", "0.01")], tables.yes) == (
        (4_600, 10_000_000),
        (4_700, 10_000),
    )
    assert tables.levels(None, tables.yes) == ()


def test_tables_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "LIMIT", 4)
    tables = _numbers()
    for count in range(1, 20):
        assert tables.qty[f"{count}.00"] == count * 1_000_000
        assert tables.yes[f"0.{count:02d}"] == count * 100
        assert tables.no[f"0.{count:02d}"] == PRICE - count * 100
        assert max(len(tables.qty), len(tables.yes), len(tables.no)) <= 4

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import ImpliedVol
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.feeds.spot.options import LEAST, MOST, Option, at_the_money, instrument

NOW = int(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()) * SECOND
HOUR = 3600 * SECOND
SYMBOLS = {"BTC": "BTC-USD", "SOL_USDC": "SOL-USDC"}


def option(name: str, iv: str | None, forward: str | None = "90000") -> Option:
    return Option(name, iv and Decimal(iv), forward and Decimal(forward), NOW // 10**6)  # type: ignore[arg-type]


def told(*options: Option) -> list[ImpliedVol]:
    return at_the_money(NOW, "deribit", options, SYMBOLS, Counter())


@pytest.mark.parametrize(
    ("name", "base", "day", "strike"),
    [
        ("BTC-28NOV26-90000-C", "BTC", datetime(2026, 11, 28, 8, tzinfo=UTC), 90_000 * UNDERLYING),
        ("ETH-1JAN27-3500-P", "ETH", datetime(2027, 1, 1, 8, tzinfo=UTC), 3_500 * UNDERLYING),
        ("XRP_USDC-28FEB28-2d25-P", "XRP_USDC", datetime(2028, 2, 28, 8, tzinfo=UTC), 225_000_000),
    ],
)
def test_names(name: str, base: str, day: datetime, strike: int) -> None:
    assert instrument(name) == (base, int(day.timestamp()) * SECOND, strike)


@pytest.mark.parametrize(
    "name",
    ["", "BTC-PERPETUAL", "BTC-28NOV26", "BTC-31NOV26-90000-C", "BTC-28NOW26-90000-C", "BTC-28NOV26-0-C",
     "BTC-28NOV26-90000-X", "btc-28nov26-90000-c", "BTC-28NOV26-90000-C ", "BTC-028NOV26-90000-C", "BTC-2٨NOV26-1-C"],
)  # fmt: skip
def test_other_names(name: str) -> None:
    assert instrument(name) is None


def test_the_strikes_around_the_forward_are_what_counts() -> None:
    (level,) = told(
        option("BTC-27NOV26-80000-C", "70"),
        option("BTC-27NOV26-89000-C", "42"),
        option("BTC-27NOV26-93000-P", "38"),
        option("BTC-27NOV26-99000-P", "65"),
    )
    assert level.sigma == 41_000_000
    assert level.expiry - NOW == level.tenor_ns == 20 * HOUR


def test_calls_and_puts_of_a_strike_are_averaged() -> None:
    (level,) = told(option("BTC-27NOV26-90000-C", "41"), option("BTC-27NOV26-90000-P", "40"))
    assert level.sigma == 40_500_000


def test_each_coin_and_expiry_soonest_first() -> None:
    levels = told(
        option("SOL_USDC-27NOV26-140-C", "70.125", "140"),
        option("BTC-4DEC26-90000-C", "45"),
        option("BTC-27NOV26-90000-C", "40"),
    )
    assert [(level.symbol, level.sigma) for level in levels] == [
        ("BTC-USD", 40_000_000),
        ("BTC-USD", 45_000_000),
        ("SOL-USDC", 70_125_000),
    ]


@pytest.mark.parametrize(
    "options",
    [
        (option("BTC-26NOV26-90000-C", "40"),),
        (option("BTC-26MAR27-90000-C", "40"),),
        (option("BTC_USDC-27NOV26-90000-C", "40"),),
        (option("BTC-27NOV26-90000-C", "0.40"),),
        (option("BTC-27NOV26-90000-C", "1000.1"),),
        (option("BTC-27NOV26-90000-C", None),),
        (option("BTC-27NOV26-90000-C", "40", None),),
        (option("BTC-27NOV26-91000-C", "40"), option("BTC-27NOV26-95000-C", "40")),
        (option("BTC-27NOV26-80000-C", "40"), option("BTC-27NOV26-99000-C", "40")),
    ],
    ids=["over", "far", "settled otherwise", "a fraction", "wild", "no level", "no forward", "above", "too wide"],
)  # fmt: skip
def test_what_says_nothing_of_the_money(options: tuple[Option, ...]) -> None:
    assert told(*options) == []


def test_what_cannot_be_used_is_counted() -> None:
    census: Counter[str] = Counter()
    options = [
        option("BTC-PERPETUAL", "40"),
        option("BTC-27NOV26-90000-C", "0.4"),
        option("BTC-27NOV26-90000-P", None),
    ]
    at_the_money(NOW, "deribit", options, SYMBOLS, census)
    assert census == {"instrument:unreadable": 1, "option:out of range": 1, "option:without a volatility": 1}


@given(
    st.lists(
        st.tuples(st.integers(80, 100), st.decimals(0, 1_100, places=2)), min_size=1, max_size=12
    )
)  # fmt: skip
def test_the_level_lies_within_those_told(rows: list[tuple[int, Decimal]]) -> None:
    """Whatever strikes there are, none makes a level that no option has."""
    options = [Option(f"BTC-27NOV26-{strike}000-C", iv, Decimal("90123.5"), 5) for strike, iv in rows]
    sound = [int(iv * 1_000_000) for _, iv in rows if LEAST <= int(iv * 1_000_000) <= MOST]
    for level in at_the_money(NOW, "deribit", options, SYMBOLS, Counter()):
        assert min(sound) <= level.sigma <= max(sound)

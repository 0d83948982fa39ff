"""Every recorded fill of a real account, charged again: the fee must be the recorded one to the last digit."""

import json
from pathlib import Path
from typing import Any

import pytest

from cockpit.domain.fees import FeeTable, FeeTerms, Rounding, kalshi_fee, kalshi_trade_fee
from cockpit.domain.markets import Market
from cockpit.domain.units import ASK, BID, MONEY, MONEY_DIGITS, QTY, RATIO, fixed, price, qty

Fill = dict[str, Any]


@pytest.fixture(scope="module")
def fills(shared: Path) -> list[Fill]:
    path = shared / "kalshi_api_fixtures" / "fixtures" / "portfolio_fills_redacted.json"
    if not path.is_file():
        pytest.skip(f"no recorded fills at {path}")
    recorded: list[Fill] = json.loads(path.read_text())["payload"]["fills"]
    return recorded


def terms_of(fill: Fill) -> FeeTerms:
    ticker = fill["ticker"]
    market = Market(ticker=ticker, venue="kalshi", series=ticker.partition("-")[0])
    return FeeTable().terms(market, fill["ts"] * 1_000_000_000)


def charge(fill: Fill, rounding: Rounding, carry: int) -> tuple[int, int]:
    side = BID if fill["book_side"] == "bid" else ASK
    return kalshi_fee(
        terms_of(fill), rounding, side, price(fill["yes_price_dollars"]), qty(fill["count_fp"]), carry,
        maker=not fill["is_taker"],
    )  # fmt: skip


def test_all_recorded_fees_are_exact(fills: list[Fill]) -> None:
    """Carry is kept per order, oldest fill first; the recording lists the newest first."""
    carry: dict[str, int] = {}
    wrong = []
    for fill in reversed(fills):
        order = fill["order_id"]
        fee, carry[order] = charge(fill, Rounding(), carry.get(order, 0))
        if fee != fixed(fill["fee_cost"], MONEY_DIGITS):
            wrong.append((fill["ticker"], fill["fee_cost"], fee / MONEY))
    assert not wrong
    assert len(fills) == 33


def test_the_recording_tells_the_models_apart(fills: list[Fill]) -> None:
    """The match above is no accident: cent balances miss most fills, trade fees to a micro-dollar at least one."""

    def exact(rounding: Rounding) -> int:
        return sum(charge(fill, rounding, 0)[0] == fixed(fill["fee_cost"], MONEY_DIGITS) for fill in fills)

    assert exact(Rounding(balance=MONEY // 100)) < len(fills) // 2
    assert exact(Rounding(trade=MONEY // 1_000_000)) < len(fills)
    assert exact(Rounding(trade=MONEY // 100)) < len(fills) // 2


def test_the_recording_has_what_makes_it_a_test(fills: list[Fill]) -> None:
    """Fractional contracts, half rates from the fallback table, both book sides, and balance rounding."""
    assert any(qty(fill["count_fp"]) % QTY for fill in fills)
    assert {fill["book_side"] for fill in fills} == {"bid", "ask"}
    sources = {terms_of(fill).source for fill in fills}
    assert sources == {"fallback table", "assumed"}
    assert {terms_of(fill).multiplier for fill in fills} == {RATIO // 2, RATIO}
    rounded = [
        fill
        for fill in fills
        if fixed(fill["fee_cost"], MONEY_DIGITS)
        > kalshi_trade_fee(
            terms_of(fill), price(fill["yes_price_dollars"]), qty(fill["count_fp"]), maker=False,
            quantum=Rounding().trade,
        )
    ]  # fmt: skip
    assert rounded

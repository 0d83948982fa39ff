from typing import Any

import msgspec
import pytest

from cockpit.domain.account import RealFill
from cockpit.domain.events import AccountFills
from cockpit.domain.units import ASK, BID
from cockpit.feeds.kalshi.account import fills
from cockpit.feeds.kalshi.settlements import Settlement, read_settlements

FILL = {
    "fill_id": "f",
    "trade_id": "t",
    "order_id": "o",
    "ticker": "KXA-1",
    "market_ticker": "KXA-1",
    "outcome_side": "yes",
    "book_side": "bid",
    "count_fp": "1.00",
    "yes_price_dollars": "0.5200",
    "no_price_dollars": "0.4800",
    "is_taker": True,
    "fee_cost": "0.017500",
    "created_time": "1970-01-01T00:00:01.5Z",
    "ts": 1,
    "side": "no",
    "action": "sell",
}


def _fills(**change: Any) -> tuple[RealFill, ...]:
    event = fills(5, msgspec.json.encode({"fills": [{**FILL, **change}], "cursor": ""}))
    assert isinstance(event, AccountFills)
    return event.fills


def test_a_fill() -> None:
    assert _fills() == (RealFill("t", "o", "KXA-1", BID, 5_200, 1_000_000, 175_000_000, True, 1_500_000_000),)


@pytest.mark.parametrize(
    ("change", "side"),
    [
        ({"outcome_side": "no"}, ASK),
        ({"outcome_side": None, "book_side": "ask"}, ASK),
        ({"outcome_side": None, "book_side": None, "action": "sell", "side": "no"}, BID),
        ({"outcome_side": None, "book_side": None, "action": "buy", "side": "no"}, ASK),
    ],
)
def test_the_side_by_the_best_word(change: dict[str, Any], side: int) -> None:
    assert _fills(**change)[0].side == side


def test_what_is_not_stated_falls_back() -> None:
    (fill,) = _fills(trade_id=None, created_time=None)
    assert (fill.id, fill.ex) == ("f", 1_000_000_000)


@pytest.mark.parametrize(
    "change",
    [
        {"fee_cost": "free"},
        {"fee_cost": "0.00000000001"},
        {"count_fp": 1},
        {"yes_price_dollars": "1.1"},
        {"ticker": None},
        {"outcome_side": None, "book_side": None, "action": None},
    ],
)
def test_a_fill_out_of_shape_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        _fills(**change)


SETTLEMENT = {
    "ticker": "KXA-1",
    "event_ticker": "KXA",
    "market_result": "no",
    "yes_count_fp": "10.00",
    "yes_total_cost_dollars": "0.400000",
    "no_count_fp": "2.50",
    "no_total_cost_dollars": "1.250000",
    "revenue": 250,
    "settled_time": "1970-01-01T00:00:02Z",
    "fee_cost": "0.026900",
    "value": 37,
}


def test_a_settlement() -> None:
    assert read_settlements(msgspec.json.encode({"settlements": [SETTLEMENT]})) == [
        Settlement(
            ticker="KXA-1",
            event="KXA",
            result="no",
            value=3_700,
            yes_qty=10_000_000,
            yes_cost=4_000_000_000,
            no_qty=2_500_000,
            no_cost=12_500_000_000,
            revenue=25_000_000_000,
            fee=269_000_000,
            settled=2_000_000_000,
        )
    ]


def test_a_bare_settlement() -> None:
    body = {"settlements": [{"ticker": "KXA-1", "market_result": "scalar"}]}
    (bare,) = read_settlements(msgspec.json.encode(body))
    assert (bare.value, bare.yes_qty, bare.revenue, bare.fee, bare.settled) == (None, 0, 0, 0, 0)

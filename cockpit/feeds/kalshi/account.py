"""The account's own fills and settlements, as REST states them; no event carries them."""

import msgspec

from cockpit.domain.units import MONEY_DIGITS, PRICE, QTY, fixed, price, qty
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.wire import Seconds, Struct

CENT_MONEY = PRICE * QTY // 100
"""One cent in money units."""

_POSITIONED = {("buy", "yes"): "yes", ("sell", "no"): "yes", ("buy", "no"): "no", ("sell", "yes"): "no"}
_BOOK = {"bid": "yes", "ask": "no"}


class Fill(msgspec.Struct, frozen=True, gc=False):
    """One fill: YES price units, quantity units, fee in money units (1e-10 dollar), time in ns UTC."""

    ticker: str
    price: int
    qty: int
    is_taker: bool
    fee: int
    side: str
    """Which outcome the fill was for, "yes" (bought YES or sold NO) or "no"; "" when not stated."""
    order_id: str
    trade_id: str
    created: int


class Settlement(msgspec.Struct, frozen=True, gc=False):
    """One settled position: quantity units, money in 1e-10 dollar, time in ns UTC."""

    ticker: str
    event: str
    result: str
    value: int | None
    """What one YES paid, in price units."""
    yes_qty: int
    yes_cost: int
    no_qty: int
    no_cost: int
    revenue: int
    fee: int
    settled: int


class _Fill(Struct):
    ticker: str
    yes_price_dollars: str
    count_fp: str
    is_taker: bool
    order_id: str
    fee_cost: str
    trade_id: str | None = None
    fill_id: str | None = None
    outcome_side: str | None = None
    book_side: str | None = None
    side: str | None = None
    action: str | None = None
    created_time: Seconds = None
    ts: Seconds = None


class _Settlement(Struct):
    ticker: str
    market_result: str
    event_ticker: str | None = None
    yes_count_fp: str | None = None
    yes_total_cost_dollars: str | None = None
    no_count_fp: str | None = None
    no_total_cost_dollars: str | None = None
    revenue: int = 0
    fee_cost: str | None = None
    value: int | None = None
    settled_time: Seconds = None


class _Fills(Struct):
    fills: list[_Fill]


class _Settlements(Struct):
    settlements: list[_Settlement]


_fills = msgspec.json.Decoder(_Fills).decode
_settlements = msgspec.json.Decoder(_Settlements).decode


def read_fills(body: bytes | msgspec.Raw) -> list[Fill]:
    """The fills of a ``GET /portfolio/fills`` body, in wire order.

    Raises:
        ValueError: when the body is of another shape or a number in it cannot be.
    """
    return [_fill(each) for each in _fills(body).fills]


def _fill(each: _Fill) -> Fill:
    return Fill(
        ticker=each.ticker,
        price=price(each.yes_price_dollars),
        qty=_quantity(each.count_fp),
        is_taker=each.is_taker,
        fee=_money(each.fee_cost),
        side=_word(each),
        order_id=each.order_id,
        trade_id=each.trade_id or each.fill_id or "",
        created=instant(each.created_time) or instant(each.ts),
    )


def _word(each: _Fill) -> str:
    stated = each.outcome_side or _BOOK.get(each.book_side or "")
    return stated or _POSITIONED.get((each.action or "", each.side or ""), "")


def read_settlements(body: bytes | msgspec.Raw) -> list[Settlement]:
    """The settlements of a ``GET /portfolio/settlements`` body, in wire order.

    Raises:
        ValueError: when the body is of another shape or a number in it cannot be.
    """
    return [_settlement(each) for each in _settlements(body).settlements]


def _settlement(each: _Settlement) -> Settlement:
    return Settlement(
        ticker=each.ticker,
        event=each.event_ticker or "",
        result=each.market_result,
        value=None if each.value is None else each.value * (PRICE // 100),
        yes_qty=_quantity(each.yes_count_fp),
        yes_cost=_money(each.yes_total_cost_dollars),
        no_qty=_quantity(each.no_count_fp),
        no_cost=_money(each.no_total_cost_dollars),
        revenue=each.revenue * CENT_MONEY,
        fee=_money(each.fee_cost),
        settled=instant(each.settled_time),
    )


def _money(text: str | None) -> int:
    return fixed(text, MONEY_DIGITS) if text else 0


def _quantity(text: str | None) -> int:
    return qty(text) if text else 0

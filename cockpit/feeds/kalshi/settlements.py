"""The account's own settlements, as REST states them; no event carries them: markets tell how they settled."""

from collections import Counter

import msgspec

from cockpit.domain.units import MONEY_DIGITS, PRICE, QTY, fixed, qty
from cockpit.feeds.exact import instant
from cockpit.feeds.kalshi.items import converted, decoded
from cockpit.feeds.kalshi.wire import Seconds, Struct

CENT_MONEY = PRICE * QTY // 100
"""One cent in money units."""


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


class _Settlements(Struct):
    settlements: list[_Settlement]


def read_settlements(body: bytes | msgspec.Raw, census: Counter[str] | None = None) -> list[Settlement]:
    """The settlements of a ``GET /portfolio/settlements`` body, in wire order; those out of shape are counted.

    Raises:
        ValueError: when the body is of another shape, or nothing in it can be read.
    """
    counts = Counter() if census is None else census
    told, _ = decoded(body, _Settlements, counts)
    return converted(told.settlements, _settlement, counts)[0]


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

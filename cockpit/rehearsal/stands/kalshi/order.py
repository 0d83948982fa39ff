"""One own order as data, a wish to change it, and how REST and the socket tell of it."""

from typing import Any

import msgspec

from cockpit.domain.units import MILLISECOND, PRICE
from cockpit.rehearsal.stands.kalshi.account import USER, sides
from cockpit.rehearsal.stands.kalshi.book import Own
from cockpit.rehearsal.stands.kalshi.errors import Refused, nested
from cockpit.rehearsal.stands.kalshi.money import amount
from cockpit.rehearsal.stands.kalshi.requests import Create
from cockpit.rehearsal.wire import Stamps, contracts, dollars


class Order(msgspec.Struct):
    """One own order through its whole life; times ns UTC, ``expires`` 0 for never."""

    id: str
    terms: Create
    shard: int
    event: str
    created: int
    updated: int
    client_id: str
    price: int
    initial: int
    left: int
    expires: int = 0
    filled: int = 0
    status: str = "resting"
    own: Own | None = None
    costs: dict[bool, int] = {}
    """Money units spent, as taker (True) and as maker."""
    fees: dict[bool, int] = {}


class Amend(msgspec.Struct, frozen=True):
    """A wish to change an order: ``qty`` is filled and left together, ``expires`` 0 takes the expiry away."""

    ticker: str
    side: int
    price: int
    qty: int
    client_id: str = ""
    updated_client_id: str = ""
    expires: int | None = None


def check_same(order: Order, wish: Amend) -> None:
    """Check that a wish names the order it is about; raises Refused."""
    if wish.ticker != order.terms.ticker:
        raise Refused(nested(400, "order_ticker_mismatch"))
    if wish.side != order.terms.side:
        raise Refused(nested(400, "order_side_mismatch"))
    if wish.client_id and wish.client_id != order.client_id:
        raise Refused(nested(400, "order_id_and_client_order_id_mismatch"))


_STAMPS = Stamps()


def order_body(order: Order) -> dict[str, Any]:
    """An order as REST tells it."""
    body = {
        "order_id": order.id,
        "user_id": USER,
        "client_order_id": order.client_id,
        "ticker": order.terms.ticker,
        **sides(order.terms.side),
        "type": "limit",
        "status": order.status,
        "yes_price_dollars": dollars(order.price),
        "no_price_dollars": dollars(PRICE - order.price),
        "fill_count_fp": contracts(order.filled),
        "remaining_count_fp": contracts(order.left),
        "initial_count_fp": contracts(order.initial),
        **_spent(order),
        "created_time": _STAMPS.text(order.created),
        "last_update_time": _STAMPS.text(order.updated),
        "self_trade_prevention_type": order.terms.stp,
        "cancel_order_on_pause": order.terms.on_pause,
        "subaccount_number": order.terms.subaccount,
        "exchange_index": order.shard,
    }
    if order.expires:
        body["expiration_time"] = _STAMPS.text(order.expires)
    return body | ({"order_group_id": order.terms.group} if order.terms.group else {})


def order_message(order: Order, reason: str) -> dict[str, Any]:
    """An order as the socket tells it."""
    body = {
        key: value
        for key, value in order_body(order).items()
        if not key.endswith("_time")
        and key not in ("type", "no_price_dollars", "action", "cancel_order_on_pause")
    }
    body |= {
        "created_ts_ms": order.created // MILLISECOND,
        "last_updated_ts_ms": order.updated // MILLISECOND,
    }
    if order.expires:
        body["expiration_ts_ms"] = order.expires // MILLISECOND
    return body | ({"last_update_reason": reason} if reason else {})


def _spent(order: Order) -> dict[str, str]:
    return {
        "taker_fill_cost_dollars": amount(order.costs[True], 6),
        "maker_fill_cost_dollars": amount(order.costs[False], 6),
        "taker_fees_dollars": amount(order.fees[True], 6),
        "maker_fees_dollars": amount(order.fees[False], 6),
    }

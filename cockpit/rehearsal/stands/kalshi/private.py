"""What only the account may: its money, positions, fills and orders, and writing orders."""

from collections import defaultdict
from typing import Any

import msgspec

from cockpit.domain.units import MILLISECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.kalshi.account import Position
from cockpit.rehearsal.stands.kalshi.errors import NOT_FOUND, Refused, invalid
from cockpit.rehearsal.stands.kalshi.gate import COSTS, DEFAULT_COST, Limits
from cockpit.rehearsal.stands.kalshi.listing import ns_of
from cockpit.rehearsal.stands.kalshi.money import amount, cents
from cockpit.rehearsal.stands.kalshi.order import Amend, Order, order_body
from cockpit.rehearsal.stands.kalshi.requests import (
    SIDES,
    chosen,
    counted,
    create_of,
    fields_of,
    needed,
    priced,
)
from cockpit.rehearsal.stands.kalshi.routes import Routes, limit_of, page, span_of, whole
from cockpit.rehearsal.stands.kalshi.state import State
from cockpit.rehearsal.wire import contracts

_ORDERS = "portfolio/events/orders"
_AMEND: dict[str, type] = {
    "ticker": str, "side": str, "price": str, "count": str, "client_order_id": str,
    "updated_client_order_id": str, "expiration_time": int, "exchange_index": int,
}  # fmt: skip
_DECREASE: dict[str, type] = {
    "reduce_by": str, "reduce_to": str, "exchange_index": int, "market_ticker": str,
}  # fmt: skip
_CANCEL: dict[str, type] = {"order_id": str, "subaccount": int, "exchange_index": int, "market_ticker": str}
LEGACY = "this endpoint has been removed: use /portfolio/events/orders"


class Private:
    """Answers about the account, and order requests."""

    def __init__(self, state: State, limits: Limits, routes: Routes) -> None:
        self._state = state
        self._limits = limits
        for method, path, act in (
            ("GET", "portfolio/balance", self._balance),
            ("GET", "portfolio/positions", self._positions),
            ("GET", "portfolio/fills", self._fills),
            ("GET", "portfolio/settlements", self._settlements),
            ("GET", "portfolio/summary/total_resting_order_value", self._resting_value),
            ("GET", "portfolio/orders", self._orders),
            ("GET", "portfolio/orders/queue_positions", self._queue_positions),
            ("GET", "portfolio/orders/*", self._order),
            ("GET", "portfolio/orders/*/queue_position", self._queue_position),
            ("POST", "portfolio/orders", self._legacy),
            ("DELETE", "portfolio/orders/*", self._legacy),
            ("GET", "account/limits", self._account_limits),
            ("GET", "account/endpoint_costs", self._costs),
            ("POST", _ORDERS, self._create),
            ("DELETE", _ORDERS, self._cancel_all),
            ("POST", f"{_ORDERS}/batched", self._create_many),
            ("DELETE", f"{_ORDERS}/batched", self._cancel_many),
            ("DELETE", f"{_ORDERS}/*", self._cancel),
            ("POST", f"{_ORDERS}/*/amend", self._amend),
            ("POST", f"{_ORDERS}/*/decrease", self._decrease),
        ):
            routes.add(method, path, act)

    # ------------------------------------------------------------------ reading

    def _balance(self, asked: Asked) -> Answer:
        state = self._state
        return json_answer(state.account.balance(state.portfolio_value(), state.now()))

    def _positions(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetPositions", 100, 1000)
        account, wanted = self._state.account, asked.first("settlement_status") or "unsettled"
        if wanted not in ("unsettled", "settled", "all"):
            raise Refused(invalid("GetPositions", "SettlementStatus", "oneof"))
        counts = asked.listed("count_filter")
        found = [
            position
            for position in account.positions.values()
            if asked.first("ticker") in ("", position.ticker)
            and asked.first("event_ticker") in ("", position.event)
            and (wanted == "all" or position.settled == (wanted == "settled"))
            and ("position" not in counts or position.qty)
            and ("total_traded" not in counts or position.traded)
        ]
        positions, cursor = page(found, asked, limit)
        events: defaultdict[str, list[Position]] = defaultdict(list)
        for position in positions:
            events[position.event].append(position)
        body = {
            "market_positions": [account.market_position(position) for position in positions],
            "event_positions": [account.event_position(event, held) for event, held in events.items()],
            "cursor": cursor,
        }
        return json_answer(body)

    def _fills(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetFills", 100, 1000)
        account, (first, last) = self._state.account, span_of(asked, "GetFills")
        found = [
            fill
            for fill in account.fills
            if asked.first("ticker") in ("", fill.ticker)
            and asked.first("order_id") in ("", fill.order)
            and first <= fill.ts <= last
        ]
        fills, cursor = page(found[::-1], asked, limit)
        return json_answer({"fills": [account.fill_body(fill) for fill in fills], "cursor": cursor})

    def _settlements(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetSettlements", 100, 1000)
        first, last = span_of(asked, "GetSettlements")
        found = [
            each
            for each in reversed(self._state.account.settlements)
            if asked.first("ticker") in ("", each["ticker"])
            and asked.first("event_ticker") in ("", each["event_ticker"])
            and first <= ns_of(each["settled_time"]) <= last
        ]
        settlements, cursor = page(found, asked, limit)
        return json_answer({"settlements": settlements, "cursor": cursor})

    def _resting_value(self, asked: Asked) -> Answer:
        state = self._state
        held = {shard: state.orders.reserved(shard) for shard in sorted(state.account.cash)}
        breakdown = [{"exchange_index": shard, "balance": amount(money)} for shard, money in held.items()]
        total = cents(sum(held.values()))
        return json_answer({"total_resting_order_value": total, "resting_order_value_breakdown": breakdown})

    def _orders(self, asked: Asked) -> Answer:
        limit = limit_of(asked, "GetOrders", 100, 1000)
        first, last = span_of(asked, "GetOrders")
        status, events = asked.first("status"), asked.listed("event_ticker")
        if status not in ("", "resting", "canceled", "executed"):
            raise Refused(invalid("GetOrders", "Status", "oneof"))
        found = [
            order
            for order in reversed(self._state.orders.all.values())
            if asked.first("ticker") in ("", order.terms.ticker)
            and (not events or order.event in events)
            and status in ("", order.status)
            and first <= order.created <= last
        ]
        orders, cursor = page(found, asked, limit)
        return json_answer({"orders": [order_body(order) for order in orders], "cursor": cursor})

    def _order(self, asked: Asked, identity: str) -> Answer:
        order = self._state.orders.all.get(identity)
        return NOT_FOUND if order is None else json_answer({"order": order_body(order)})

    def _queue_position(self, asked: Asked, identity: str) -> Answer:
        order = self._state.orders.all.get(identity)
        if order is None or order.status != "resting":
            return NOT_FOUND
        return json_answer({"queue_position_fp": contracts(self._state.orders.ahead(order))})

    def _queue_positions(self, asked: Asked) -> Answer:
        tickers, event = asked.listed("market_tickers"), asked.first("event_ticker")
        if not tickers and not event:
            raise Refused(invalid("GetOrderQueuePositions", "MarketTickers", "required_without"))
        orders = self._state.orders
        found = [
            {
                "order_id": order.id,
                "market_ticker": order.terms.ticker,
                "queue_position_fp": contracts(orders.ahead(order)),
            }
            for order in orders.resting()
            if (not tickers or order.terms.ticker in tickers) and event in ("", order.event)
        ]
        return json_answer({"queue_positions": found})

    def _account_limits(self, asked: Asked) -> Answer:
        limits = self._limits
        buckets = {
            name: {"refill_rate": refill, "bucket_capacity": capacity}
            for name, (refill, capacity) in (("read", limits.read), ("write", limits.write))
        }
        return json_answer({"usage_tier": limits.tier, **buckets, "grants": []})

    def _costs(self, asked: Asked) -> Answer:
        costs = [{"method": method, "path": path, "cost": cost} for method, path, cost in COSTS]
        return json_answer({"default_cost": DEFAULT_COST, "endpoint_costs": costs})

    # ------------------------------------------------------------------ writing

    def _create(self, asked: Asked) -> Answer:
        return json_answer(self._created(asked.body), 201)

    def _created(self, body: bytes) -> dict[str, Any]:
        state = self._state
        order = state.orders.create(create_of(body), state.now())
        return {
            **_told(order),
            "fill_count": contracts(order.filled),
            "remaining_count": contracts(order.left),
        }

    def _create_many(self, asked: Asked) -> Answer:
        rows = [self._tried(self._created, item) for item in _items(asked.body)]
        return json_answer({"orders": rows}, 201)

    def _cancel(self, asked: Asked, identity: str) -> Answer:
        shard = whole(asked, "exchange_index", -1, "CancelOrder")
        return json_answer(self._cancelled(identity, asked.first("market_ticker"), shard))

    def _cancel_many(self, asked: Asked) -> Answer:
        def act(item: bytes) -> dict[str, Any]:
            known = fields_of(item, "BatchCancelOrdersV2RequestOrder", _CANCEL)
            needed(known, ("order_id",))
            shard = int(str(known.get("exchange_index", -1)))
            return self._cancelled(str(known["order_id"]), str(known.get("market_ticker", "")), shard)

        rows = [
            {"reduced_by": "0.00", **_named(item), **self._tried(act, item)} for item in _items(asked.body)
        ]
        return json_answer({"orders": rows})

    def _cancel_all(self, asked: Asked) -> Answer:
        state = self._state
        for order in state.orders.resting():
            state.orders.cancel(order.id, state.now())
        return Answer(204, b"", ())

    def _cancelled(self, identity: str, ticker: str, shard: int) -> dict[str, Any]:
        state = self._state
        left = state.orders.cancel(identity, state.now(), self._shard(ticker, shard))
        order = state.orders.all[identity]
        return {**_told(order), "reduced_by": contracts(left)}

    def _amend(self, asked: Asked, identity: str) -> Answer:
        known = fields_of(asked.body, "AmendOrderV2Request", _AMEND)
        needed(known, ("ticker", "side", "price", "count"))
        expires = known.get("expiration_time")
        wish = Amend(
            ticker=str(known["ticker"]),
            side=SIDES[chosen(known, "side", tuple(SIDES))],
            price=priced(str(known["price"])),
            qty=counted(str(known["count"])),
            client_id=str(known.get("client_order_id", "")),
            updated_client_id=str(known.get("updated_client_order_id", "")),
            expires=None if expires is None else int(str(expires)),
        )
        order = self._state.orders.amend(identity, wish, self._state.now())
        counts = {"fill_count": contracts(order.filled), "remaining_count": contracts(order.left)}
        return json_answer({**_told(order), **counts})

    def _decrease(self, asked: Asked, identity: str) -> Answer:
        known = fields_of(asked.body, "DecreaseOrderV2Request", _DECREASE)
        by = counted(str(known["reduce_by"])) if "reduce_by" in known else None
        to = counted(str(known["reduce_to"]), zero=True) if "reduce_to" in known else None
        shard = self._shard(str(known.get("market_ticker", "")), int(str(known.get("exchange_index", -1))))
        order = self._state.orders.decrease(identity, by, to, self._state.now(), shard)
        return json_answer({**_told(order, average=False), "remaining_count": contracts(order.left)})

    def _legacy(self, asked: Asked, identity: str = "") -> Answer:
        return json_answer({"error": {"code": "endpoint_deprecated", "message": LEGACY}}, 410)

    def _shard(self, ticker: str, given: int) -> int:
        """Where an order is looked for: the shard given, else the named market's, else shard 0."""
        if given >= 0:
            return given
        market = self._state.listing.markets.get(ticker)
        return market.shard if market is not None else 0

    @staticmethod
    def _tried(act: Any, item: bytes) -> dict[str, Any]:
        """One item of a batch: its result, or its error beside nothing else."""
        try:
            done: dict[str, Any] = act(item)
        except Refused as refused:
            error = msgspec.json.decode(refused.answer.body)
            return {"error": error.get("error", error)}
        return done


def _told(order: Order, *, average: bool = True) -> dict[str, Any]:
    """What every answer about an order has: ids, the time, and averages once it has traded."""
    body: dict[str, Any] = {"order_id": order.id, "ts_ms": order.updated // MILLISECOND}
    if order.client_id:
        body["client_order_id"] = order.client_id
    if average and order.filled:
        spent, fees = sum(order.costs.values()), sum(order.fees.values())
        mean = spent // order.filled
        price = mean if order.terms.side > 0 else 10_000 - mean
        body["average_fill_price"] = amount(price * 1_000_000)
        body["average_fee_paid"] = amount(fees * 1_000_000 // order.filled)
    return body


def _items(body: bytes) -> list[bytes]:
    known = fields_of(body, "BatchOrdersV2Request", {"orders": list})
    needed(known, ("orders",))
    orders = known["orders"]
    assert isinstance(orders, list)
    return [msgspec.json.encode(order) for order in orders]


def _named(item: bytes) -> dict[str, str]:
    try:
        return {"order_id": str(fields_of(item, "", {"order_id": str}).get("order_id", ""))}
    except Refused:
        return {"order_id": ""}

"""Order groups: when one's contracts matched within 15 seconds exceed its limit, its orders end until it is reset."""

from collections import deque

import msgspec

from cockpit.domain.units import QTY, SECOND
from cockpit.rehearsal.stands.asked import Answer, Asked, json_answer
from cockpit.rehearsal.stands.kalshi.errors import NOT_FOUND, Refused, nested
from cockpit.rehearsal.stands.kalshi.requests import counted, fields_of
from cockpit.rehearsal.stands.kalshi.routes import Routes
from cockpit.rehearsal.stands.kalshi.state import State
from cockpit.rehearsal.wire import contracts

WINDOW_NS = 15 * SECOND
_LIMIT: dict[str, type] = {
    "contracts_limit": int, "contracts_limit_fp": str, "subaccount": int, "exchange_index": int,
}  # fmt: skip


class Group(msgspec.Struct):
    """One group; ``limit`` in quantity units, ``matched`` as (ns UTC, quantity)."""

    id: str
    limit: int
    shard: int
    triggered: bool = False
    matched: deque[tuple[int, int]] = msgspec.field(default_factory=deque)

    def match(self, now: int, qty: int) -> bool:
        """Count what was matched; whether the limit is exceeded by it."""
        self.matched.append((now, qty))
        while self.matched[0][0] <= now - WINDOW_NS:
            self.matched.popleft()
        return sum(each for _, each in self.matched) > self.limit


class Groups:
    """All groups and their endpoints. It watches the fills and ends a triggered group's orders."""

    def __init__(self, state: State, routes: Routes) -> None:
        self._state = state
        self._groups: dict[str, Group] = {}
        state.watchers.append(self)
        state.orders.groups = self._open
        base = "portfolio/order_groups"
        routes.add("POST", f"{base}/create", self._create)
        routes.add("GET", base, self._list)
        routes.add("GET", f"{base}/*", self._one)
        routes.add("DELETE", f"{base}/*", self._delete)
        routes.add("PUT", f"{base}/*/reset", self._reset)
        routes.add("PUT", f"{base}/*/trigger", self._trigger)
        routes.add("PUT", f"{base}/*/limit", self._limit)

    # ------------------------------------------------------------------ as the state sees it

    def filled(self, group: str, qty: int, now: int) -> None:
        """An order of a group was filled."""
        found = self._groups.get(group)
        if found is not None and found.match(now, qty) and not found.triggered:
            found.triggered = True
            self._told("triggered", found)

    def advance(self, now: int) -> None:
        """End the orders of triggered groups."""
        for group in self._groups.values():
            if group.triggered:
                for order in self._orders(group):
                    self._state.orders.cancel(order, now)

    def _open(self, identity: str) -> bool:
        """Whether an order may join a group."""
        group = self._groups.get(identity)
        return group is not None and not group.triggered

    # ------------------------------------------------------------------ endpoints

    def _create(self, asked: Asked) -> Answer:
        known = fields_of(asked.body, "CreateOrderGroupRequest", _LIMIT)
        number = len(self._groups) + 1
        shard = max(0, int(str(known.get("exchange_index", 0))))
        group = Group(f"{number:08x}-0000-4000-9000-{number:012x}", _limit_of(known), shard)
        self._groups[group.id] = group
        self._told("created", group)
        return json_answer({"order_group_id": group.id, "subaccount": 0, "exchange_index": shard}, 201)

    def _list(self, asked: Asked) -> Answer:
        rows = [{"id": group.id, **_body(group)} for group in self._groups.values()]
        return json_answer({"order_groups": rows})

    def _one(self, asked: Asked, identity: str) -> Answer:
        group = self._known(identity)
        return json_answer({**_body(group), "orders": self._orders(group)})

    def _delete(self, asked: Asked, identity: str) -> Answer:
        group = self._known(identity)
        for order in self._orders(group):
            self._state.orders.cancel(order, self._state.now())
        del self._groups[identity]
        self._told("deleted", group)
        return json_answer({})

    def _reset(self, asked: Asked, identity: str) -> Answer:
        group = self._known(identity)
        group.triggered = False
        group.matched.clear()
        self._told("reset", group)
        return json_answer({})

    def _trigger(self, asked: Asked, identity: str) -> Answer:
        group = self._known(identity)
        group.triggered = True
        self._told("triggered", group)
        self.advance(self._state.now())
        return json_answer({})

    def _limit(self, asked: Asked, identity: str) -> Answer:
        group = self._known(identity)
        group.limit = _limit_of(fields_of(asked.body, "UpdateOrderGroupLimitRequest", _LIMIT))
        self._told("limit_updated", group)
        return json_answer({})

    def _known(self, identity: str) -> Group:
        group = self._groups.get(identity)
        if group is None:
            raise Refused(NOT_FOUND)
        return group

    def _orders(self, group: Group) -> list[str]:
        return [order.id for order in self._state.orders.resting() if order.terms.group == group.id]

    def _told(self, event: str, group: Group) -> None:
        msg = {
            "event_type": event,
            "order_group_id": group.id,
            "contracts_limit_fp": contracts(group.limit),
            "ts_ms": self._state.now() // 1_000_000,
        }
        self._state.tell("order_group_updates", "", msgspec.json.encode(msg))


def _limit_of(known: dict[str, object]) -> int:
    """The limit, stated one way or the other; raises Refused."""
    whole, text = known.get("contracts_limit"), known.get("contracts_limit_fp")
    if text is not None:
        return counted(str(text))
    if not isinstance(whole, int) or whole < 1:
        raise Refused(nested(400, "invalid_parameters", details="contracts_limit is required"))
    return whole * QTY


def _body(group: Group) -> dict[str, object]:
    return {
        "contracts_limit_fp": contracts(group.limit),
        "is_auto_cancel_enabled": True,
        "exchange_index": group.shard,
    }

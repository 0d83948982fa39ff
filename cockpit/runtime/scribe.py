"""From effects to changes of the journal's tables.

What no effect tells is kept here: how many fills an order has had under each rule, which numbers them, and which
orders work, so that one that no longer does, and was not cancelled, is known to be filled.
"""

from collections import Counter
from collections.abc import Iterable
from typing import assert_never

from cockpit.domain.effects import (
    Alert,
    AwayBegan,
    AwayEnded,
    CommandDone,
    CommandRefused,
    DoubtCleared,
    DoubtRaised,
    Effect,
    LaneFailed,
    LeaseBegan,
    LeaseEnded,
    LimitSet,
    MarketBooked,
    OrderCancelled,
    OrderFilled,
    OrderLive,
    OrderPlaced,
    OrderReduced,
    OrderRejected,
    PositionChanged,
    QueueCompared,
    Resnapshot,
    RiskHalt,
    RiskResumed,
    Subscribe,
    TicketDecided,
    TicketExpired,
    TicketRaised,
    TicketWithdrawn,
)
from cockpit.domain.orders import OrderState, TicketState
from cockpit.domain.units import MONEY, SECOND
from cockpit.engine.config import WHAT_IF
from cockpit.engine.queue import RULES
from cockpit.engine.state import State
from cockpit.runtime import tables

Change = tuple[str, tuple[int | str | bytes, ...]]
"""A statement of `cockpit.runtime.tables` and its values."""


class Scribe:
    """Writes down one run's effects, from a state on."""

    def __init__(self, state: State | None) -> None:
        self.working: set[str] = set()
        """Orders that have not ended under their own rule, as far as effects tell."""
        self._ordinals: dict[str, Counter[str]] = {}
        if state is None:
            return
        for lane in state.lanes.values():
            self.working.update(lane.working)
        for m in state.markets.values():
            for order in m.rest.orders():
                self._ordinals[order.id] = Counter(RULES[fill.rule] for fill in order.fills)

    @property
    def numbered(self) -> frozenset[str]:
        """Orders whose fills are numbered."""
        return frozenset(self._ordinals)

    def forget(self, orders: Iterable[str]) -> None:
        """No fill will come for these any more."""
        for order in orders:
            self._ordinals.pop(order, None)

    def changes(self, effect: Effect) -> list[Change]:
        """What an effect changes. Doubts and requests to venues are in the recording; hindsight is nowhere."""
        if getattr(effect, "lane", "") == WHAT_IF:
            return []
        match effect:
            case OrderPlaced() | OrderLive() | OrderRejected() | OrderCancelled():
                return [self._order(effect)]
            case OrderFilled():
                return [self._fill(effect)]
            case OrderReduced(_, _, order, qty):
                return [(tables.REDUCED, (order, qty))]
            case PositionChanged(ts, lane, market, qty, cash, realised, fees):
                position = (tables.POSITION, (lane, market, qty, realised, fees, ts))
                return [position, (tables.CASH, (lane, cash, ts))]
            case MarketBooked(ts, lane, market, state, value, pnl):
                return [(tables.SETTLED, (ts, lane, market, state, value, pnl))]
            case TicketRaised(ts, lane, ticket, market, side, price, qty, expires, _, _):
                return [(tables.RAISED, (ticket, lane, market, side, price, qty, ts, expires))]
            case TicketWithdrawn(ts, ticket, reason):
                return [(tables.TICKET_ENDED, (ticket, TicketState.WITHDRAWN.value, ts, reason))]
            case TicketExpired(ts, ticket):
                return [(tables.TICKET_ENDED, (ticket, TicketState.EXPIRED.value, ts, ""))]
            case TicketDecided(ts, ticket, decision, by, _):
                return [
                    (tables.TICKET_ENDED, (ticket, decision, ts, by)),
                    _decision(ts, f"ticket {decision}", command=ticket, reason=by),
                ]
            case LeaseBegan(ts, ticks, risk, until):
                return [_decision(ts, "lease began", reason=_lease(ticks, risk, until - ts))]
            case LeaseEnded(ts, reason):
                return [_decision(ts, "lease ended", reason=reason)]
            case LimitSet(ts, name, was, now):
                return [_decision(ts, "limit set", command=name, reason=f"{was} -> {now}")]
            case AwayBegan(ts):
                return [_decision(ts, "away")]
            case AwayEnded(ts):
                return [_decision(ts, "back")]
            case CommandRefused(ts, command, reason, orphan, _):
                return [_decision(ts, "command refused", command=command, reason=reason, orphan=orphan)]
            case CommandDone(ts, command, what, lane, market):
                return [_decision(ts, "command done", lane=lane, market=market, command=command, reason=what)]
            case RiskHalt(ts, reason):
                return [_decision(ts, "halted", reason=reason)]
            case RiskResumed(ts):
                return [_decision(ts, "resumed")]
            case LaneFailed(ts, lane, error):
                return [(tables.ALERTED, (ts, "lane failed", f"{lane}: {error}"))]
            case Alert(ts, kind, text):
                return [(tables.ALERTED, (ts, kind, text))]
            case QueueCompared(ts, venue, order, market, side, price, reported, fifo, tail):
                return [(tables.COMPARED, (ts, venue, order, market, side, price, reported, fifo, tail))]
            case DoubtRaised() | DoubtCleared() | Subscribe() | Resnapshot():
                return []
            case _:
                assert_never(effect)

    def _order(self, effect: OrderPlaced | OrderLive | OrderRejected | OrderCancelled) -> Change:
        """A step in an order's life; one that was refused before it had a number is a decision."""
        name = effect.order
        match effect:
            case OrderPlaced(ts, lane, _, market, side, price, qty, rule, live_ns, ticket):
                self._ordinals[name] = Counter()
                self.working.add(name)
                return tables.PLACED, (name, lane, market, side, price, qty, rule, ts, live_ns, ticket)
            case OrderLive(ts, _, _, ahead):
                return tables.LIVE, (name, ts, ahead)
            case OrderRejected(ts, lane, "", market, reason):
                return _decision(ts, "order refused", lane=lane, market=market, reason=reason)
            case OrderRejected(ts, _, _, _, reason):
                self._forget(name)
                return tables.ENDED, (name, OrderState.REFUSED.value, ts, reason, 0)
            case OrderCancelled(ts, _, _, _, reason, left):
                self._forget(name)
                return tables.ENDED, (name, OrderState.CANCELLED.value, ts, reason, left)
            case _:
                assert_never(effect)

    def _forget(self, order: str) -> None:
        self.working.discard(order)
        self._ordinals.pop(order, None)

    def _fill(self, effect: OrderFilled) -> Change:
        numbered = self._ordinals.setdefault(effect.order, Counter())
        ordinal = numbered[effect.rule]
        numbered[effect.rule] += 1
        return tables.FILLED, (
            effect.ts, effect.lane, effect.order, effect.market, effect.side, effect.price, effect.qty,
            effect.rule, effect.cause, effect.counts, effect.gap, effect.fee, ordinal,
        )  # fmt: skip


def _lease(ticks: int, risk: int, span_ns: int) -> str:
    """A lease's terms: dollars, and minutes from when it began."""
    return f"{ticks} ticks, ${risk / MONEY:,.2f} at risk, for {span_ns / SECOND / 60:g} min"


def _decision(
    ts: int,
    kind: str,
    *,
    lane: str = "",
    market: str = "",
    command: str = "",
    reason: str = "",
    orphan: bool = False,
) -> Change:
    return tables.DECIDED, (ts, kind, lane, market, command, reason, orphan)

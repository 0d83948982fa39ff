"""What has settled for good is folded into totals and let go, so that a run may last for weeks.

An event goes as a whole, when each of its markets is final (or void), nobody rests or waits in any of them, and a
quarter of an hour has passed. A market that closed two days ago and was never settled goes too, if nobody holds it;
and one that was never quoted and that nobody has told of for a quarter of an hour.
"""

from heapq import heapify

from cockpit.domain.markets import SettlementState
from cockpit.domain.units import SECOND
from cockpit.engine.clusters import let_go
from cockpit.engine.fair import Pricer
from cockpit.engine.pairs import Pairs
from cockpit.engine.queue import GHOST
from cockpit.engine.state import Lane, MarketState, State

AFTER_NS = 900 * SECOND
ABANDONED_NS = 2 * 86_400 * SECOND

OF_MARKETS = ("close", "clear", "doubt")
"""Kinds of timers that name a market."""

_FINAL = (SettlementState.FINAL, SettlementState.VOID)


def forget(state: State, pricer: Pricer, pairs: Pairs) -> None:
    """Let go of what is over; pricer and pairs are told of each market."""
    events: dict[str, list[str]] = {}
    for name, m in state.markets.items():
        events.setdefault(m.market.event or name, []).append(name)
    waiting = {mark.market for mark in state.marks.values()} | {t.market for t in state.tickets.values()}
    waiting |= {order.market for order in state.sent.values()}
    waiting |= {market for trade in state.cross.trades.values() for market in trade.markets}
    gone: set[str] = set()
    for event, names in events.items():
        if all(_over(state, name, pricer) and name not in waiting for name in names):
            _let_go(state, event, names, pricer)
            gone.update(names)
    for name in sorted(gone):
        pairs.ended(name)
    pricer.games.forget()
    pricer.mentions.forget()
    pricer.sportsbooks.forget()
    pricer.weather.forget()
    if gone:
        _forget_timers(state, gone)


def _over(state: State, name: str, pricer: Pricer) -> bool:
    """Whether nothing more can come of a market."""
    m = state.markets[name]
    if any(order.lane != GHOST for order in m.rest.orders()) or any(
        (p := lane.account.positions.get(name)) and p.open for lane in state.lanes.values()
    ):
        return False
    if (
        not m.has_book
        and m.quote is None
        and pricer.contract(name) is None
        and state.now - m.listed_ns >= AFTER_NS
    ):
        return True  # told of once, among all the exchange's, and never again
    if m.settled is not None and m.settled[0] in _FINAL:
        return state.now - m.settled_ns >= AFTER_NS
    return m.closed and 0 < m.market.close_ns <= state.now - ABANDONED_NS


def _let_go(state: State, event: str, names: list[str], pricer: Pricer) -> None:
    for lane in state.lanes.values():
        _fold(lane, [state.markets[name] for name in names])
    gone = set(names)
    for name in names:
        pricer.ended(state.markets.pop(name))
    state.groups.pop(event, None)
    state.warned = [each for each in state.warned if each != event]
    state.changed = [each for each in state.changed if each not in gone]


def _forget_timers(state: State, gone: set[str]) -> None:
    """Nothing waits for a market that was let go: its close may be days ahead, and it may be met again before."""
    state.timers = [each for each in state.timers if each[2] not in OF_MARKETS or each[3] not in gone]
    heapify(state.timers)


def _fold(lane: Lane, markets: list[MarketState]) -> None:
    """A lane's result in an event becomes part of the totals."""
    for m in markets:
        let_go(lane, m)
    gone = tuple(f" {m.market.ticker}" for m in markets)
    for key in [key for key in lane.memory if key.endswith(gone)]:
        del lane.memory[key]

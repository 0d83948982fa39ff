"""Who is at the wheel, and what the desk may still do: kill, lease, the away rule, the day's loss, caps nearly reached.

    kill       stops approvals and cancels desk orders, until Resume; survives a restart
    lease      lets the desk approve and re-price within bounds, and ends by itself
    away       begins when no key was pressed for so long: ends the lease and all proposals, cancels desk orders
    day loss   stops what opens risk until the next New York day; closing is always allowed

Only somebody who once was at the wheel can leave it: without a `Present` the away rule sleeps.
"""

from collections.abc import Callable

from cockpit.domain.commands import Kill, Lease, Resume
from cockpit.domain.effects import (
    Alert,
    AwayBegan,
    AwayEnded,
    Effect,
    LeaseBegan,
    LeaseEnded,
    RiskHalt,
    RiskResumed,
)
from cockpit.domain.newyork import trading_day
from cockpit.engine.config import DESK, EngineConfig
from cockpit.engine.gate import Gate
from cockpit.engine.ledger import open_at_liquidation, open_at_mid
from cockpit.engine.orders import Orders
from cockpit.engine.payoff import worst
from cockpit.engine.queue import Own
from cockpit.engine.risk import by_event, holdings
from cockpit.engine.state import LeaseState, State
from cockpit.engine.terms import Terms
from cockpit.engine.tickets import Tickets

NEARLY = 80
"""Per cent of a cap at which a person is told."""
DAY_LOSS = "day loss limit"


class Wheel:
    """Over the engine's state."""

    def __init__(
        self,
        state: State,
        config: EngineConfig,
        orders: Orders,
        gate: Gate,
        tickets: Tickets,
        emit: Callable[[Effect], None],
    ) -> None:
        self._state = state
        self._config = config
        self._orders = orders
        self._gate = gate
        self._tickets = tickets
        self._emit = emit

    # ------------------------------------------------------------------ kill

    def kill(self, command: Kill) -> None:
        """Cancel every desk order and stop approvals."""
        self._state.killed = True
        self._emit(RiskHalt(command.ts, "killed"))
        self.end_lease("killed")
        self._tickets.withdraw_all("killed")
        self.cancel_lane(DESK, "killed")

    def resume(self, command: Resume) -> str:
        """Allow approvals again; the reason if nothing had stopped them."""
        if not self._state.killed:
            return "not killed"
        self._state.killed = False
        self._resumed(command.ts)
        return ""

    def _resumed(self, ts: int) -> None:
        """One stop ended: what stops still is told again."""
        self._emit(RiskResumed(ts))
        still = "killed" if self._state.killed else self._state.halt
        if still:
            self._emit(RiskHalt(ts, still))

    def cancel_lane(self, lane: str, reason: str, market: str = "") -> None:
        """Cancel a lane's orders, or those of one market."""
        for order in self._working(lane):
            if market in ("", order.market):
                self._orders.request_cancel(order, reason)

    # ------------------------------------------------------------------ lease

    def lease(self, command: Lease) -> str:
        """Begin a lease, or end the one in force; the reason if it cannot begin."""
        if command.for_ns <= 0 or command.risk <= 0:
            if self._state.lease is None:
                return "no lease"
            self.end_lease("ended by hand")
            return ""
        if self._state.killed:
            return "killed"
        if not self._gate.limits.strategies:
            return "no strategy raises tickets on the desk"
        self.end_lease("another begins")
        until = command.ts + command.for_ns
        self._state.lease = LeaseState(max(0, command.ticks), command.risk, until)
        self._orders.timer(until, "lease", "")
        self._emit(LeaseBegan(command.ts, max(0, command.ticks), command.risk, until))
        return ""

    def end_lease(self, reason: str) -> None:
        """End the lease in force, if any: what its orders leave unused is no later lease's."""
        if self._state.lease is not None:
            self._state.lease = None
            for order in self._orders.index.values():
                order.leased = 0
            self._emit(LeaseEnded(self._state.now, reason))

    def lease_due(self) -> None:
        """A lease's time may be up."""
        lease = self._state.lease
        if lease is not None and lease.until_ns <= self._state.now:
            self.end_lease("its time is up")

    # ------------------------------------------------------------------ away

    def present(self) -> None:
        """Somebody is at the wheel; from now on it is watched."""
        if not self._config.desk.away_ns:
            return
        state = self._state
        state.seen_ns = state.now
        if state.away:
            state.away = False
            self._emit(AwayEnded(state.now))
        if not state.away_timer:
            state.away_timer = True
            self._orders.timer(state.now + self._config.desk.away_ns, "away", "")

    def noticed(self) -> None:
        """A person said something, and so is there; whoever never was is still not watched for."""
        if self._state.seen_ns:
            self.present()

    def away_due(self) -> None:
        """Nobody may have pressed a key for so long."""
        state = self._state
        state.away_timer = False
        if state.away:
            return
        due = state.seen_ns + self._config.desk.away_ns
        if state.now < due:
            state.away_timer = True
            self._orders.timer(due, "away", "")
            return
        state.away = True
        self._emit(AwayBegan(state.now))
        self.end_lease("nobody at the wheel")
        self._tickets.withdraw_all("nobody at the wheel")
        self.cancel_lane(DESK, "nobody at the wheel")

    # ------------------------------------------------------------------ the day, and the caps

    def watch(self) -> None:
        """Once a second: the day's loss, and caps nearly reached."""
        state = self._state
        self._value()
        start = trading_day(state.now)
        if start != state.day.start:
            self._new_day(start)
        limit = self._gate.limits.day_loss
        over = limit is not None and self.day_liquidation() <= -limit
        state.over = state.over + 1 if over else 0
        if over and not state.halt and state.over >= self._config.desk.over_s:
            state.halt = DAY_LOSS
            self._emit(RiskHalt(state.now, DAY_LOSS))
            self.end_lease(DAY_LOSS)
            self._tickets.withdraw_all(DAY_LOSS)
            self._cancel_opening()
        self._warn()

    def day_liquidation(self) -> int:
        """What the desk came to since midnight in New York were it closed now, fees included; money units.

        A market whose book is not believed now, or shows one side only, counts as when it last was.
        """
        return self._liquidation() - self._state.day.base

    def _value(self) -> None:
        """Note what closing each position would come to, where its book can be believed."""
        state = self._state
        held = {name: p for name, p in state.lanes[DESK].account.positions.items() if p.qty}
        for name, position in held.items():
            m = state.markets[name]
            if m.book.two_sided and not m.doubt and not m.closed:
                terms = state.fees.terms(m.market, state.now)
                state.worth[name] = open_at_liquidation(position, m.book, terms, self._config.rounding)
        for name in [name for name in state.worth if name not in held]:
            del state.worth[name]

    def _liquidation(self) -> int:
        """Realised P&L of the desk less fees, and its open positions as last valued."""
        state = self._state
        return state.lanes[DESK].account.booked + sum(state.worth.values())

    def _net(self) -> int:
        state = self._state
        account = state.lanes[DESK].account
        open_ = sum(open_at_mid(p, state.markets[name].mark) for name, p in account.positions.items())
        return account.booked + open_

    def _new_day(self, start: int) -> None:
        state = self._state
        state.day.start = start
        state.day.base, state.day.net, state.over = self._liquidation(), self._net(), 0
        if state.halt == DAY_LOSS:
            state.halt = ""
            self._resumed(state.now)

    def _cancel_opening(self) -> None:
        """Take back every desk order that is not closing a position."""
        for order in self._working(DESK):
            terms = Terms(DESK, order.market, order.side, order.price, order.remaining, 0)
            if not self._gate.closes(terms, order) and not self._state.cross.covers(order.ticket):
                self._orders.request_cancel(order, DAY_LOSS)

    def _warn(self) -> None:
        """Tell once of each event whose cap is nearly reached."""
        cap = self._gate.caps_of(DESK).event
        desk = self._state.lanes[DESK]
        if cap is None or not (desk.working or any(p.qty for p in desk.account.positions.values())):
            return
        held = holdings(self._state, desk, self._gate.own(DESK))
        near = [
            event
            for event, exclusive, group in by_event(self._state, held)
            if -worst(group, exclusive=exclusive) * 100 >= cap * NEARLY
        ]
        for event in near:
            if event not in self._state.warned:
                self._emit(Alert(self._state.now, "cap", f"{event}: {NEARLY} % of the event cap is at risk"))
        self._state.warned = near

    def _working(self, lane: str) -> list[Own]:
        return self._gate.own(lane) if lane in self._state.lanes else []

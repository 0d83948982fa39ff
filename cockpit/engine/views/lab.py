"""The Lab: what each lane's orders came to, under each rule and both fee models, event by event."""

from cockpit.domain.lab import FamilyView, LaneView, WinRate
from cockpit.domain.units import PRICE, QTY
from cockpit.engine.config import WHAT_IF
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import open_at_mid, rule_pnl
from cockpit.engine.metrics import Markout
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.scorecard import Verdict
from cockpit.engine.state import Lane
from cockpit.models.proportions import wilson
from cockpit.models.verdicts import LEAST, alone


def lanes(engine: Engine) -> tuple[LaneView, ...]:
    """All lanes, the desk first."""
    return tuple(lane_view(engine, lane) for lane in engine.state.lanes.values())


def lane_view(engine: Engine, lane: Lane) -> LaneView:
    """One lane."""
    metrics, known = lane.metrics, range(CROSS + 1 if engine.config.no_trades else len(RULES))
    record = engine.results.record(lane)
    traded = sum(score.qty for score in lane.score.values())
    net = lane_net(engine, lane)
    fees = lane.account.fees
    return LaneView(
        name=lane.name,
        strategy=lane.strategy or ", ".join(engine.gate.limits.strategies),
        on=lane.on and (lane.name in engine.running or lane.name == WHAT_IF),
        failed=lane.failed,
        proposed=metrics.tickets,
        sent=metrics.sent,
        accepted=metrics.accepted,
        rejected=metrics.rejected,
        filled=tuple(metrics.fill_rate_qty(i) if i in known else None for i in range(len(RULES))),
        orders_filled=metrics.orders_counted,
        net=net,
        rebates=lane.account.rebate_estimate,
        flat=net + fees - lane.account.flat_fees,
        by_rule=tuple(rule_net(engine, lane, i) if i in known else None for i in range(len(RULES))),
        fees=fees,
        claimed=record.claimed,
        realised=record.realised,
        slope=record.slope,
        events=record.n,
        claimed_open=sum(s.claim for s in lane.score.values()) / (traded / QTY) if traded else None,
        traded=traded,
        win=_win_rate(record),
        markouts=_markouts(metrics.headline),
        headline=_headline(engine, lane),
        enough=LEAST,
        working=len(lane.working),
        verdict=_said(engine, lane),
        families=_families(engine, lane),
        waits=engine.results.waits(lane, engine.orders),
    )


def lane_net(engine: Engine, lane: Lane) -> int:
    """Fee-adjusted P&L with open positions at the mid, money units."""
    markets = engine.state.markets
    held = lane.account.positions.items()
    return lane.account.booked + sum(open_at_mid(p, markets[name].mark) for name, p in held)


def rule_net(engine: Engine, lane: Lane, rule: int) -> int | None:
    """P&L of one rule's fills, net of fees, money units; None while a market it holds has no value."""
    total = lane.account.past.rules[rule]
    for name, held in lane.account.positions.items():
        pnl = rule_pnl(held, rule, engine.state.markets[name].mark)
        if pnl is None:
            return None
        total += pnl
    return total


def _families(engine: Engine, lane: Lane) -> tuple[FamilyView, ...]:
    found, events = engine.results.by_family(lane), engine.results.events(lane)
    return tuple(FamilyView(name, money.net, events.get(name, 0)) for name, money in sorted(found.items()))


def _win_rate(record: Verdict) -> WinRate:
    interval = wilson(record.wins, record.decided)
    return WinRate(
        wins=record.wins,
        n=record.decided,
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        break_even=record.break_even,
        average_win=record.average_win,
        average_loss=record.average_loss,
    )


def _markouts(found: list[Markout]) -> tuple[float | None, float | None, float | None]:
    one, ten, sixty = (None if out.mean is None else out.mean / PRICE for out in found)
    return one, ten, sixty


def _headline(engine: Engine, lane: Lane) -> str:
    """The rule that counts for a lane's newest orders."""
    orders = [*engine.orders.index.values(), *engine.orders.ended]
    rules = {RULES[order.rule] for order in orders if order.lane == lane.name}
    return "mixed" if len(rules) > 1 else next(iter(rules), "")


def _said(engine: Engine, lane: Lane) -> str:
    """The verdict in words, valid however often it is looked at; none is the usual one."""
    if lane.failed:
        return "failed"
    return alone(engine.results.own(lane))

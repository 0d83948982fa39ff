"""What a run came to, as one plain object (`cockpit replay --headless --json`) and as text for people.

Fill counts are orders with any fill under a rule: they are ordered, cross <= tail <= fifo <= touch. P&L is not, and
stands for the rule that counts. A rule that the input cannot show is None, never 0. Money is dollars.
"""

from collections.abc import Callable
from typing import Any

from cockpit.domain.units import MONEY, PRICE, QTY, SECOND
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import Account, open_at_liquidation, rule_pnl
from cockpit.engine.metrics import HORIZONS, Metrics, kaplan_meier
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.state import Lane, State
from cockpit.runtime.session import Session


def summary(session: Session, seconds: float) -> dict[str, Any]:
    """The whole run."""
    engine = session.engine
    state = engine.state
    return {
        "frames": session.frames,
        "events": session.events,
        "markets": len(state.markets),
        "seconds": round(seconds, 6),
        "frames_per_second": round(session.frames / seconds) if seconds else None,
        "digest": session.digest,
        "doubts": state.doubts,
        "orphan_commands": state.orphans,
        "doubted": [{"ts_ns": d.ts, "market": d.market, "reason": d.reason} for d in session.doubts],
        "unreadable": dict(session.faults),
        "tolerated": dict(session.tolerated()),
        "no_trades": engine.config.no_trades,
        "lanes": {lane.name: lane_summary(engine, lane) for lane in state.lanes.values()},
        "spreads": spreads(state),
        "queue": {name: evidence(state, name) for name in state.markets},
    }


def spreads(state: State) -> dict[str, Any]:
    """How far pairs of two venues stood apart, a second each, and the gaps that would have netted something."""
    gaps, found = state.cross.gaps, state.cross.opportunities
    lived = sorted(each.lifetime_ns / SECOND for each in found.log)
    return {
        "pair_seconds": gaps.seconds,
        "average": gaps.total / gaps.seconds / PRICE if gaps.seconds else None,
        "gaps": len(found.log) + len(found.open()),
        "median_lifetime": lived[len(lived) // 2] if lived else None,
    }


def lane_summary(engine: Engine, lane: Lane) -> dict[str, Any]:
    """One lane: counts, fills and quantities by rule, and fee-adjusted P&L."""
    metrics = lane.metrics
    account = lane.account
    hidden = RULES[CROSS + 1 :] if engine.config.no_trades else ()

    def by_rule(value: Callable[[int], object]) -> dict[str, object]:
        return {rule: None if rule in hidden else value(i) for i, rule in enumerate(RULES)}

    marks = {name: m.mark for name, m in engine.state.markets.items()}
    return {
        "tickets": metrics.tickets,
        "orders": metrics.accepted,
        "rejected": metrics.rejected,
        "fills": by_rule(lambda i: metrics.orders_filled[i]),
        "qty": by_rule(lambda i: metrics.qty_filled[i] / QTY),
        "gap_fills": metrics.gap_fills,
        "edge_per_trade": edge_per_trade(account),
        "fill_rate": metrics.orders_counted / metrics.accepted if metrics.accepted else None,
        "fill_rate_qty": by_rule(metrics.fill_rate_qty),
        "median_seconds_to_fill": by_rule(lambda i: median_to_fill(metrics, i)),
        "pnl_net": account.net(marks) / MONEY,
        "pnl_liquidation": liquidation(engine, account) / MONEY,
        "pnl_by_rule": by_rule(lambda i: rule_total(engine, account, i)),
        "fees": account.fees / MONEY,
        "fees_flat": account.flat_fees / MONEY,
        "markouts": by_rule(lambda i: [_dollars(m.mean) for m in metrics.markouts[i]]),
        "open": sum(1 for p in account.positions.values() if p.open),
        "provisional": sum(1 for p in account.positions.values() if p.provisional),
        "failed": lane.failed or None,
    }


def edge_per_trade(account: Account) -> float | None:
    """Realised edge: net P&L per contract over markets that have settled; None before the first."""
    settled = [p for p in account.positions.values() if p.value >= 0 and p.traded]
    past = account.past
    traded = past.traded + sum(p.traded for p in settled)
    net = past.realised - past.fees + sum(p.net for p in settled)
    return net / MONEY / (traded / QTY) if traded else None


def liquidation(engine: Engine, account: Account) -> int:
    """Fee-adjusted P&L in money units were everything open closed now, as a taker, into the books."""
    total = account.past.realised - account.past.fees
    for name, held in account.positions.items():
        m = engine.state.markets[name]
        terms = engine.state.fees.terms(m.market, engine.state.now)
        total += held.net + open_at_liquidation(held, m.book, terms, engine.config.rounding)
    return total


def median_to_fill(metrics: Metrics, rule: int) -> float | None:
    """Median seconds from live to first fill, orders that ended unfilled being censored; None if under half fill."""
    steps = kaplan_meier(metrics.times[rule])
    return next((time / SECOND for time, survival, _ in steps if survival <= 0.5), None)


def rule_total(engine: Engine, account: Account, rule: int) -> float | None:
    """P&L of one rule's fills, net of fees; None while a market it holds has no value."""
    total = account.past.rules[rule]
    for name, held in account.positions.items():
        pnl = rule_pnl(held, rule, engine.state.markets[name].mark)
        if pnl is None:
            return None
        total += pnl
    return total / MONEY


def evidence(state: State, market: str) -> dict[str, object]:
    """How far a market shows itself order by order: cancels that matched exactly one known order."""
    unique, cancels = state.markets[market].rest.tape.evidence.counts()
    return {"cancels": cancels, "by_order": unique / cancels if cancels else None}


def _dollars(price: float | None) -> float | None:
    return None if price is None else price / PRICE


# ---------------------------------------------------------------------------------------------- for people


def text(out: dict[str, Any]) -> str:
    """The run as lines of text, at most 80 wide; unknown is ``-``."""
    lines = [
        f"{out['frames']:,} frames, {out['events']:,} events, {out['markets']} market(s) "
        f"in {out['seconds']:.2f} s ({out['frames_per_second'] or 0:,}/s)",
        f"doubts {out['doubts']}  orphan commands {out['orphan_commands']}  digest {out['digest'][:16]}",
    ]
    apart = out["spreads"]
    if apart["pair_seconds"]:
        lines.append(
            f"two venues stood {_cents(apart['average']).lstrip('+')} c apart on average over "
            f"{apart['pair_seconds']:,} pair-seconds; {apart['gaps']} gap(s) beyond fees and basis"
        )
    for name, lane in out["lanes"].items():
        if lane["orders"] or lane["rejected"] or lane["failed"]:
            lines += ["", *_lane_text(name, lane)]
    return "\n".join(lines)


def _lane_text(name: str, lane: dict[str, Any]) -> list[str]:
    spans = [f"m{horizon // SECOND}s c" for horizon in HORIZONS]
    heads = ["orders", "contracts", "P&L $", *spans]
    rows = [
        f"{name}: {lane['orders']} orders, {lane['rejected']} refused, {lane['open']} position(s) open",
        f"  fee-adjusted P&L {lane['pnl_net']:+.2f} $ at mid, {lane['pnl_liquidation']:+.2f} $ if closed now; "
        f"fees {lane['fees']:.2f} $",
        f"  edge per settled contract {_cents(lane['edge_per_trade'])} c, filled "
        f"{_share(lane['fill_rate'])} of orders",
        f"  {'rule':<6}" + "".join(f"{head:>11}" for head in heads),
    ]
    for rule in RULES:
        marks = lane["markouts"][rule] or [None] * len(HORIZONS)
        cells = [
            _number(lane["fills"][rule], "d"),
            _number(lane["qty"][rule], ",.2f"),
            _number(lane["pnl_by_rule"][rule], "+.2f"),
            *(_cents(mark) for mark in marks),
        ]
        rows.append(f"  {rule:<6}" + "".join(f"{cell:>11}" for cell in cells))
    return rows if not lane["failed"] else [*rows, f"  off: {lane['failed']}"]


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _cents(value: float | None) -> str:
    return "-" if value is None else f"{value * 100:+.2f}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"

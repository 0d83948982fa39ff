"""What a run came to, as one plain object (`cockpit replay --headless --json`).

Fill counts are orders with any fill under a rule: they are ordered, cross <= tail <= fifo <= touch. P&L is not, and
stands for the rule that counts. A rule that the input cannot show is None, never 0.
"""

from cockpit.domain.units import MONEY, QTY
from cockpit.engine.engine import Engine
from cockpit.engine.ledger import Account, rule_pnl
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.state import Lane, State
from cockpit.runtime.session import Session


def summary(session: Session, seconds: float) -> dict[str, object]:
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
        "unreadable": dict(session.faults),
        "no_trades": engine.config.no_trades,
        "lanes": {lane.name: lane_summary(engine, lane) for lane in state.lanes.values()},
        "queue": {name: evidence(state, name) for name in state.markets},
    }


def lane_summary(engine: Engine, lane: Lane) -> dict[str, object]:
    """One lane: counts, fills and quantities by rule, and fee-adjusted P&L in dollars."""
    metrics = lane.metrics
    account = lane.account
    shown = [engine.config.no_trades is False or rule == CROSS for rule in range(len(RULES))]
    books = {name: m.book for name, m in engine.state.markets.items()}
    return {
        "tickets": metrics.tickets,
        "orders": metrics.accepted,
        "rejected": metrics.rejected,
        "fills": {r: metrics.orders_filled[i] if shown[i] else None for i, r in enumerate(RULES)},
        "qty": {r: metrics.qty_filled[i] / QTY if shown[i] else None for i, r in enumerate(RULES)},
        "edge_per_trade": edge_per_trade(account),
        "fill_rate": metrics.orders_counted / metrics.accepted if metrics.accepted else None,
        "pnl_net": account.net(books) / MONEY,
        "pnl_by_rule": {r: rule_total(engine, account, i) if shown[i] else None for i, r in enumerate(RULES)},
        "fees": account.fees / MONEY,
        "fees_flat": sum(p.flat_fees for p in account.positions.values()) / MONEY,
        "markouts": {
            r: [m.mean / 10_000 if m.mean is not None else None for m in metrics.markouts[i]]
            if shown[i]
            else None
            for i, r in enumerate(RULES)
        },
        "open": sum(1 for p in account.positions.values() if p.open),
        "failed": lane.failed or None,
    }


def edge_per_trade(account: Account) -> float | None:
    """Realised edge: net P&L in dollars per contract over markets that have settled; None before the first."""
    settled = [p for p in account.positions.values() if p.value >= 0 and p.traded]
    traded = sum(p.traded for p in settled)
    return sum(p.net for p in settled) / MONEY / (traded / QTY) if traded else None


def rule_total(engine: Engine, account: Account, rule: int) -> float | None:
    """P&L of one rule's fills in dollars, net of fees; None while a market it holds has no value."""
    total = 0
    for name, held in account.positions.items():
        m = engine.state.markets.get(name)
        pnl = rule_pnl(held, rule, m.mid2 if m is not None else None)
        if pnl is None:
            return None
        total += pnl
    return total / MONEY


def evidence(state: State, market: str) -> dict[str, object]:
    """How far a market shows itself order by order: cancels that matched exactly one known order."""
    unique, cancels = state.markets[market].rest.tape.evidence()
    return {"cancels": cancels, "by_order": unique / cancels if cancels else None}

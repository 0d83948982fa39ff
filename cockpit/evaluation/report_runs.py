"""What one run left behind, raw: of a recorded session replayed, or of the journal's account."""

from collections import Counter
from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.units import MONEY
from cockpit.engine.engine import Engine, restore
from cockpit.engine.metrics import ENDED, FILLED, Markout
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.results import unsettled
from cockpit.engine.scorecard import Outcome
from cockpit.engine.state import Lane
from cockpit.engine.views.lab import lane_net, rule_net
from cockpit.evaluation.calibration import Scored, scored
from cockpit.evaluation.report_cells import Cell
from cockpit.evaluation.report_watch import Declined, Watch, Watched
from cockpit.models.match.families import ALL
from cockpit.models.verdicts import drawdown
from cockpit.runtime import replay
from cockpit.runtime.feeds import recorded
from cockpit.runtime.journal import Journal
from cockpit.runtime.reader import SessionFile
from cockpit.runtime.tables import TicketRow
from cockpit.settings.tree import Settings

JOURNAL = "journal"


class Source(msgspec.Struct, frozen=True):
    """Where a run's figures are from; times ns UTC."""

    name: str
    first_ns: int
    last_ns: int
    frames: int
    digest: str
    capabilities: tuple[str, ...]


class Run(msgspec.Struct):
    """One run."""

    source: Source
    strategies: dict[str, str]
    """By lane."""
    cells: dict[tuple[str, str], Cell]
    """By lane and family; `ALL` is the engine's own total."""
    nets: dict[str, dict[str, Outcome]]
    """By lane and settled cluster."""
    waiting: dict[str, set[str]]
    """By lane: events traded in that had not settled when the run ended."""
    clusters: dict[str, int]
    """Clusters that settled, and when."""
    equity: dict[str, list[tuple[int, float]]]
    spreads: list[tuple[float, int]]
    gap_seconds: int
    gap_total: int
    """Of the pairs' distances, price units."""
    calibration: list[Scored]
    tickets: list[Declined]
    values: dict[str, int]
    places: dict[str, tuple[str, str]]


def run_session(file: SessionFile, settings: Settings, told: replay.Progress | None, *, fresh: bool) -> Run:
    """Replay a session as it was, and take everything down.

    Args:
        file: the session.
        settings: in force, lanes included.
        told: progress in bytes.
        fresh: whether what its opening already holds is left out: another file of the same run has told it.
    """
    made = replay.engine(file, settings)
    before = {name: total(made, lane, []) for name, lane in made.state.lanes.items()} if fresh else {}
    watch = Watch(made)
    session = Watched(made, recorded(file.header.capabilities), listeners=(watch.take,))
    session.watch, made.on_beat = watch, watch.look
    replay.run_quietly(session, replay.batches(file, told), None)
    watch.finish()
    source = Source(
        file.path.name,
        session.first_t,
        session.last_t,
        session.frames,
        session.digest,
        file.header.capabilities,
    )
    return _run(made, watch, source, before)


def _run(made: Engine, watch: Watch, source: Source, before: dict[str, Cell]) -> Run:
    state, gathering = made.state, watch.gathering
    cells = dict(watch.cells)
    for name, lane in state.lanes.items():
        for family, (net, fees, flat) in gathering.by_family(lane).items():
            cell = cells.setdefault((name, family), Cell())
            cell.net, cell.fees, cell.flat_fees = net, fees, flat
        for outcome in gathering.by_cluster(lane).values():
            cells.setdefault((name, outcome.family), Cell()).outcomes.append(outcome)
        times = [t for (owner, _), cell in cells.items() if owner == name for t in cell.times]
        whole = total(made, lane, times)
        levels = [level for _, level in watch.equity.get(name, ())]
        if levels or source.name != JOURNAL:
            whole.drawdown = drawdown([b - a for a, b in zip([0.0, *levels], levels, strict=False)])
        if name in before:
            whole = less(whole, before[name])
        cells[name, ALL] = whole
    for cell in cells.values():
        cell.known = CROSS + 1 if made.config.no_trades else len(RULES)
    clusters: dict[str, int] = {}
    for ticker, ns in watch.settled_ns.items():
        clusters.setdefault(gathering.place(ticker)[1], ns)
    gaps = state.cross.gaps
    return Run(
        source=source,
        strategies={name: lane.strategy for name, lane in state.lanes.items()},
        cells=cells,
        nets={name: gathering.by_cluster(lane) for name, lane in state.lanes.items()},
        waiting={name: unsettled(lane, made.results.of(lane)) for name, lane in state.lanes.items()},
        clusters=clusters,
        equity=watch.equity,
        spreads=watch.spreads,
        gap_seconds=gaps.seconds,
        gap_total=gaps.total,
        calibration=scored(watch.observations.found.values(), watch.values),
        tickets=list(watch.tickets.values()),
        values=watch.values,
        places=gathering.placed,
    )


def total(made: Engine, lane: Lane, times: list[tuple[int, int]]) -> Cell:
    """A lane's whole count, as the Lab pane's view takes it."""
    metrics, account = lane.metrics, lane.account
    return Cell(
        orders=metrics.accepted,
        filled=metrics.orders_counted,
        accepted_qty=metrics.accepted_qty,
        qty_filled=list(metrics.qty_filled),
        times=times,
        markouts=[msgspec.structs.replace(each) for each in metrics.headline],
        outcomes=list(made.results.of(lane).values()),
        net=lane_net(made, lane),
        fees=account.fees,
        flat_fees=account.flat_fees,
        by_rule=[rule_net(made, lane, i) for i in range(len(RULES))],
    )


def less(cell: Cell, before: Cell) -> Cell:
    """What a cell counted since."""
    past = Counter(before.outcomes)
    outcomes = []
    for each in cell.outcomes:
        if past[each]:
            past[each] -= 1
        else:
            outcomes.append(each)
    return Cell(
        orders=cell.orders - before.orders,
        filled=cell.filled - before.filled,
        accepted_qty=cell.accepted_qty - before.accepted_qty,
        qty_filled=[a - b for a, b in zip(cell.qty_filled, before.qty_filled, strict=True)],
        times=cell.times,
        markouts=[
            Markout(a.total - b.total, a.qty - b.qty, a.n - b.n, a.missing - b.missing)
            for a, b in zip(cell.markouts, before.markouts, strict=True)
        ],
        outcomes=outcomes,
        net=cell.net - before.net,
        fees=cell.fees - before.fees,
        flat_fees=cell.flat_fees - before.flat_fees,
        by_rule=[
            None if a is None or b is None else a - b
            for a, b in zip(cell.by_rule, before.by_rule, strict=True)
        ],
        drawdown=cell.drawdown,
    )


def run_journal(path: Path, settings: Settings) -> Run:
    """The paper account as the journal last held it.

    Raises:
        InputError: when there is none, or it cannot be read.
    """
    if not path.exists():
        raise InputError(f"{path}: no journal; it is written by live runs")
    with Journal(path, read_only=True) as journal:
        account, committed = journal.account(), journal.committed()
        if account is None or committed is None:
            raise InputError(f"{path}: no account in this journal yet")
        try:
            made = Engine(settings.engine(), restore(account))
        except msgspec.MsgspecError as error:
            raise InputError(f"{path}: its account is not one of this version's ({error})") from None
        watch = Watch(made)
        watch.tickets = {f"{row.id} {row.raised_ns}": _row(row) for row in journal.tickets()}
        watch.look()
        watch.equity = {name: equity(journal, name) for name in made.state.lanes}
        run = _run(made, watch, Source(JOURNAL, 0, committed[1], 0, "", ()), {})
        for name in run.strategies:
            run.cells[name, ALL].times = times(journal, name)
    return run


def _row(row: TicketRow) -> Declined:
    return Declined(row.market, row.side, row.price, row.qty, 0.0, row.state)


def equity(journal: Journal, lane: str) -> list[tuple[int, float]]:
    """A lane's P&L after fees in dollars as its markets settled, the last word on each: (ns UTC, dollars)."""
    latest: dict[str, int] = {}
    line = []
    for row in journal.settlements(lane):
        latest[row.market] = row.pnl
        line.append((row.ts, sum(latest.values()) / MONEY))
    return line


def times(journal: Journal, lane: str) -> list[tuple[int, int]]:
    """A lane's times to first fill, from its orders and fills; what still rests is left out."""
    first: dict[str, int] = {}
    for fill in journal.fills(lane):
        if fill.counts:
            first.setdefault(fill.order, fill.ts)
    return [
        (first.get(order.id, order.ended_ns) - order.live_ns, FILLED if order.id in first else ENDED)
        for order in journal.orders(lane)
        if order.live_ns and (order.ended_ns or order.id in first)
    ]

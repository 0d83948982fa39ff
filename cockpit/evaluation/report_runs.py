"""What one run left behind, raw: of a recorded session replayed, or of the journal's account."""

from pathlib import Path

import msgspec

from cockpit.domain.errors import InputError
from cockpit.domain.orders import TicketState
from cockpit.domain.units import MONEY
from cockpit.engine.config import DESK, MIRROR
from cockpit.engine.counted import Told
from cockpit.engine.engine import Engine, restore
from cockpit.engine.metrics import ENDED, FILLED, Markout
from cockpit.engine.queue import CROSS, RULES
from cockpit.engine.scorecard import Money
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
from cockpit.strategies.edges import maker_fee

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
    proposes: tuple[str, ...]
    """The desk's strategies, as they were at the end."""
    cells: dict[tuple[str, str], Cell]
    """By lane and family; `ALL` is the engine's own total."""
    told: dict[str, Told]
    """By lane: its settled events, those it waits for, and when it ran."""
    known: dict[str, frozenset[str]]
    """By lane: events that had settled before the run began."""
    goes_on: bool
    """Whether other files tell what was before: what had settled then is not this run's."""
    now: int
    """When it ended, ns UTC."""
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
    before = _before(made)
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
    return _run(made, watch, source, before, goes_on=fresh)


class Before(msgspec.Struct, frozen=True):
    """What a run begins with."""

    totals: dict[str, Cell]
    """By lane."""
    families: dict[tuple[str, str], Money]
    """By lane and family."""
    known: dict[str, frozenset[str]]
    """Settled events, by lane."""


def _before(made: Engine) -> Before:
    lanes = made.state.lanes
    return Before(
        totals={name: total(made, lane, []) for name, lane in lanes.items()},
        families={
            (name, family): money
            for name, lane in lanes.items()
            for family, money in made.results.by_family(lane).items()
        },
        known={name: frozenset(made.results.told(lane).results) for name, lane in lanes.items()},
    )


def _run(made: Engine, watch: Watch, source: Source, before: Before, *, goes_on: bool) -> Run:
    state, gathering = made.state, watch.gathering
    cells = dict(watch.cells)
    for name, lane in state.lanes.items():
        for family, money in made.results.by_family(lane).items():
            was = before.families.get((name, family), Money()) if goes_on else Money()
            cell = cells.setdefault((name, family), Cell())
            cell.net, cell.fees, cell.flat_fees = money.less(was)
        times = [t for (owner, _), cell in cells.items() if owner == name for t in cell.times]
        whole = total(made, lane, times)
        levels = [level for _, level in watch.equity.get(name, ())]
        if levels or source.name != JOURNAL:
            whole.drawdown = drawdown([b - a for a, b in zip([0.0, *levels], levels, strict=False)])
        if goes_on and name in before.totals:
            whole = less(whole, before.totals[name])
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
        proposes=tuple(made.gate.limits.strategies),
        cells=cells,
        told={name: made.results.told(lane) for name, lane in state.lanes.items()},
        known=before.known,
        goes_on=goes_on,
        now=state.now,
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
        net=lane_net(made, lane),
        fees=account.fees,
        flat_fees=account.flat_fees,
        by_rule=[rule_net(made, lane, i) for i in range(len(RULES))],
    )


def less(cell: Cell, before: Cell) -> Cell:
    """What a cell counted since."""
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
        watch.tickets = declined(journal, made)
        watch.look()
        watch.values = settled(journal) | watch.values
        watch.equity = {name: equity(journal, name) for name in made.state.lanes}
        run = _run(made, watch, Source(JOURNAL, 0, committed[1], 0, "", ()), _before(made), goes_on=False)
        for name in run.strategies:
            run.cells[name, ALL].times = times(journal, name)
    return run


def declined(journal: Journal, made: Engine) -> dict[str, Declined]:
    """Proposals as last raised, how they ended, and what the mirror lane's orders for them came to.

    Orders of before the journal knew whose they were are nobody's. As in a replay, what a polled book filled is not
    counted.
    """
    found = {row.id: _row(row, made) for row in journal.tickets(DESK)}
    tickets = {}
    for order in journal.orders(MIRROR):
        ticket = found.get(order.ticket)
        if ticket is not None:
            ticket.mirrored += order.qty
            m = made.state.markets.get(order.market)
            if m is None or m.market.venue not in made.config.polled:
                tickets[order.id] = ticket
    for fill in journal.fills(MIRROR):
        ticket = tickets.get(fill.order)
        if ticket is not None and fill.counts:
            ticket.filled += fill.qty
            ticket.paid += fill.side * fill.price * fill.qty + fill.fee
    return found


def _row(row: TicketRow, made: Engine) -> Declined:
    m = made.state.markets.get(row.market)
    fee = None if m is None else maker_fee(made.state.fees.terms(m.market, row.raised_ns), row.price)
    end = "waiting" if row.state == TicketState.PROPOSED else row.state
    return Declined(row.market, row.side, row.price, row.qty, fee, end)


def settled(journal: Journal) -> dict[str, int]:
    """What one YES paid, price units, of every market that anybody held: the last word on each."""
    latest = {row.market: row.value for row in journal.settlements()}
    return {market: value for market, value in latest.items() if value >= 0}


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

"""The report: every lane by family of markets, lanes against each other, proposals that were declined, calibration.

One value holds all of it; the page, the JSON and the tables are three ways to write it down.
"""

import math
from collections.abc import Mapping, Sequence

import msgspec

from cockpit.domain.lab import AIM, Versus
from cockpit.domain.newyork import trading_day
from cockpit.domain.units import MONEY, PRICE, QTY
from cockpit.engine.counted import NOBODY, Told, counted
from cockpit.engine.scorecard import Outcome
from cockpit.evaluation.bins import Bin
from cockpit.evaluation.calibration import AHEAD, Calibration, calibrations, reliability
from cockpit.evaluation.report_cells import Cell, Figures, figures
from cockpit.evaluation.report_pairs import Cells, comparisons, of_family, settled, together
from cockpit.evaluation.report_runs import JOURNAL, Run, Source
from cockpit.evaluation.report_watch import Declined
from cockpit.evaluation.serial import by_day
from cockpit.models.match.families import ALL, FAMILIES
from cockpit.models.verdicts import BOUND, EARNING, LEAST, LOSING, NOTHING_SAID, alone

SEED = 20_261_203
POINTS = 400
"""Most points of a line over time."""
NOT_COMPUTED = (
    "how proposals of two legs would have been filled: the mirror lane takes none",
    "assets that settle at one instant count as different events, though they move together",
)
OF_JOURNAL = (
    "of the journal: P&L between settlements, events of proposals whose market was let go, spreads and calibration, "
    "which need the recorded sessions",
)


class LaneFamily(msgspec.Struct, frozen=True):
    """One lane in one family."""

    lane: str
    strategy: str
    family: str
    figures: Figures


class Daily(msgspec.Struct, frozen=True):
    """One lane by New York day of settlement, dollars a day; no interval below forty days."""

    lane: str
    days: int
    mean: float
    low: float | None
    high: float | None


class Decision(msgspec.Struct, frozen=True):
    """Proposals to the desk that ended one way: as if each had been filled, and as the mirror lane's orders were."""

    end: str
    tickets: int
    settled: int
    """Whose market has."""
    events: int
    """Theirs, as far as they are known."""
    edge: float | None
    """Dollars a contract after the maker's fee had each been filled at its price and held, weighted by quantity."""
    mirrored: int
    """How many the mirror lane sent, at the person's usual delay."""
    fill_rate: float | None
    """Of their quantity, under the rule that counts."""
    filled_edge: float | None
    """Dollars a contract of what was filled, after fees, held to settlement; of settled markets."""
    verdict: str
    """On what the mirror's orders came to; it takes thirty events."""


class Spreads(msgspec.Struct, frozen=True):
    """How far pairs of two venues stood apart."""

    pair_seconds: int
    average: float | None
    """Dollars."""
    cents: dict[str, int]
    """Looks by whole cents of distance: "3" is from 3 up to 4."""


class Report(msgspec.Struct, frozen=True):
    """All of it. Dollars, dollars a contract, shares of 1, seconds; times ns UTC."""

    sources: list[Source]
    aim: float
    enough: int
    lanes: list[LaneFamily]
    comparisons: list[Versus]
    compared: int
    """Questions asked: each is one more look at luck."""
    days: list[Daily]
    decisions: list[Decision]
    spreads: Spreads
    calibration: list[Calibration]
    reliability: dict[str, list[Bin]]
    """By seconds before the close."""
    equity: dict[str, list[tuple[int, float]]]
    claims: dict[str, list[tuple[float, float]]]
    """By lane: (claimed, realised) dollars a contract of each settled event."""
    not_computed: list[str]


def report(runs: Sequence[Run], *, bound: float = BOUND) -> Report:
    """Put runs together, in the order they began."""
    strategies: dict[str, str] = {}
    for run in runs:
        strategies.update(run.strategies)
    told = {lane: together(runs, lane) for lane in strategies}
    cells = _cells(runs, told)
    observed = list({(s.cluster, s.ahead): s for run in runs for s in run.calibration}.values())
    pairs = comparisons(runs, cells, strategies, told, bound)
    return Report(
        sources=[run.source for run in runs],
        aim=AIM,
        enough=LEAST,
        lanes=[
            LaneFamily(lane, strategies[lane], family, figures(cells[lane, family]))
            for lane in strategies
            for family in (ALL, *FAMILIES)
            if (lane, family) in cells
        ],
        comparisons=pairs,
        compared=len(pairs),
        days=_days(runs, {lane: settled(mine) for lane, mine in told.items()}),
        decisions=_decisions(runs),
        spreads=_spreads(runs),
        calibration=calibrations(observed),
        reliability={str(ahead): found for ahead in AHEAD if (found := reliability(observed, ahead))},
        equity=_equity(runs),
        claims={
            lane: [(o.claimed / o.contracts, o.realised / o.contracts) for o in cell.outcomes if o.contracts]
            for (lane, family), cell in cells.items()
            if family == ALL and cell.outcomes
        },
        not_computed=[*NOT_COMPUTED, *(OF_JOURNAL if any(r.source.name == JOURNAL for r in runs) else ())],
    )


def _cells(runs: Sequence[Run], told: Mapping[str, Told]) -> Cells:
    """Counts of all runs added up, and the events of each lane and family."""
    cells: Cells = {}
    for run in runs:
        for key, cell in run.cells.items():
            if key in cells:
                cells[key].add(cell)
            else:
                cells[key] = cell
    now = max((run.now for run in runs), default=0)
    for lane, mine in told.items():
        families = dict.fromkeys(each.family for each in mine.results.values() if each.whole)
        for family in (ALL, *families):
            cell = cells.setdefault((lane, family), Cell())
            part = of_family(mine, family)
            cell.outcomes = settled(part)
            cell.counted = tuple(each.a for each in counted(part, NOBODY, now))
    return cells


def _days(runs: Sequence[Run], events: Mapping[str, Sequence[Outcome]]) -> list[Daily]:
    """Settled results by day, days without a trade included; days depend on each other, so blocks are resampled."""
    import numpy as np

    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    all_days = sorted({trading_day(ns) for run in runs for ns in run.clusters.values()})
    out = []
    for lane, results in events.items():
        nets = dict.fromkeys(all_days, 0.0)
        for result in results:
            day = trading_day(result.settled_ns)
            nets[day] = nets.get(day, 0.0) + result.realised
        if results:
            values = [nets[day] for day in sorted(nets)]
            found = by_day(values, rng)
            low, high = (None, None) if found is None else (found.low, found.high)
            out.append(Daily(lane, len(values), math.fsum(values) / len(values), low, high))
    return out


def _decisions(runs: Sequence[Run]) -> list[Decision]:
    """Proposals by how they ended."""
    values = {ticker: value for run in runs for ticker, value in run.values.items()}
    places = {ticker: place for run in runs for ticker, place in run.places.items()}
    found = [ticket for run in runs for ticket in run.tickets]
    out = []
    for end in dict.fromkeys(ticket.end for ticket in found):
        mine = [t for t in found if t.end == end]
        known = [t for t in mine if t.market in values]
        events = {places[t.market][1] for t in known if t.market in places}
        sent = [t for t in mine if t.mirrored]
        total = sum(t.mirrored for t in sent)
        out.append(
            Decision(
                end=end,
                tickets=len(mine),
                settled=len(known),
                events=len(events),
                edge=_edge(known, values),
                mirrored=len(sent),
                fill_rate=sum(t.filled for t in sent) / total if total else None,
                filled_edge=_filled_edge(known, values),
                verdict=_worth(known, values, places),
            )
        )
    return out


def _edge(tickets: Sequence[Declined], values: Mapping[str, int]) -> float | None:
    """Dollars a contract had each been filled at its price; of those whose fee is known."""
    priced = [(t, t.fee) for t in tickets if t.fee is not None]
    qty = sum(t.qty for t, _ in priced)
    worth = math.fsum((t.side * (values[t.market] - t.price) / PRICE - fee) * t.qty for t, fee in priced)
    return worth / qty if qty else None


def _filled_edge(tickets: Sequence[Declined], values: Mapping[str, int]) -> float | None:
    """Dollars a contract of what the mirror's orders were filled for."""
    filled = sum(t.filled for t in tickets)
    return math.fsum(_came_to(t, values) for t in tickets) / (filled / QTY) if filled else None


def _came_to(ticket: Declined, values: Mapping[str, int]) -> float:
    """Dollars that the mirror's fills for a proposal came to, held to settlement."""
    return (ticket.side * values[ticket.market] * ticket.filled - ticket.paid) / MONEY


def _worth(
    tickets: Sequence[Declined], values: Mapping[str, int], places: Mapping[str, tuple[str, str]]
) -> str:
    """Whether approving them all would have been worth it, event by event; one whose event is not known says nothing."""
    events: dict[str, float] = {}
    for ticket in tickets:
        if ticket.filled and ticket.market in places:
            cluster = places[ticket.market][1]
            events[cluster] = events.get(cluster, 0.0) + _came_to(ticket, values)
    return {EARNING: "worth it", LOSING: "not worth it"}.get(alone(tuple(events.values())), NOTHING_SAID)


def _spreads(runs: Sequence[Run]) -> Spreads:
    seconds, total = sum(run.gap_seconds for run in runs), sum(run.gap_total for run in runs)
    cents: dict[int, int] = {}
    for run in runs:
        for distance, weight in run.spreads:
            cents[int(distance)] = cents.get(int(distance), 0) + weight
    average = total / seconds / PRICE if seconds else None
    return Spreads(seconds, average, {str(cent): cents[cent] for cent in sorted(cents)})


def _equity(runs: Sequence[Run]) -> dict[str, list[tuple[int, float]]]:
    """Lines over time, one after the other, thinned to what a picture can show."""
    found: dict[str, list[tuple[int, float]]] = {}
    for run in runs:
        for lane, line in run.equity.items():
            found.setdefault(lane, []).extend(line)
    return {lane: thin(line) for lane, line in found.items()}


def thin(line: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """At most `POINTS` of a line's points, its last one always."""
    step = max(1, math.ceil(len(line) / POINTS))
    kept = line[::step]
    return kept if not line or kept[-1] == line[-1] else [*kept, line[-1]]

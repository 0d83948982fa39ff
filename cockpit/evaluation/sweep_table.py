"""What a sweep says: each parameter set against the version as it is, on the same settlement clusters.

Every parameter set tried counts, also those of earlier sweeps in the same file: the best of many worthless ones looks
good. P-values are anytime, adjusted by Holm over them; the deflated Sharpe ratio asks what the best of so many would
have shown by chance.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cockpit.evaluation.best import Best, best
from cockpit.evaluation.grid import shown
from cockpit.evaluation.trials import Row
from cockpit.models.selection import deflated, holm, moments
from cockpit.models.verdicts import A_BETTER, B_BETTER, BOUND, LEAST, NOTHING_SAID, STOP, Verdict, judge

SEED = 20_261_203


_WORDS = {A_BETTER: "worse", B_BETTER: "better", STOP: STOP}


class Line(msgspec.Struct, frozen=True):
    """One parameter set over all sessions. Dollars."""

    trial: str
    parameters: str
    """In a person's units."""
    sessions: int
    events: int
    """Settled clusters it traded in."""
    net: float
    orders: int
    verdict: Verdict | None
    """Against the version as it is, on every settled cluster; None for the version itself."""
    adjusted: float | None
    """Anytime p-value, adjusted by Holm."""
    deflated: float | None
    """The deflated Sharpe ratio of its clusters; None where there are too few."""
    failed: str


class Table(msgspec.Struct, frozen=True):
    """All of it; ``tried`` counts the parameter sets beside the version itself, dropped ones included."""

    strategy: str
    tried: int
    lines: list[Line]
    best: Best | None
    """Whether the best of this sweep's sets beats the version as it is; None below thirty events."""


def table(rows: Sequence[Row], everything: Iterable[Row], *, bound: float = BOUND) -> Table:
    """The table of one sweep's rows.

    Args:
        rows: of this sweep, the version itself among them.
        everything: all rows of the results file, for the count of what was tried.
        bound: dollars an event's difference is scaled by.
    """
    strategy = rows[0].strategy
    by_trial: dict[str, list[Row]] = {}
    for row in rows:
        by_trial.setdefault(row.trial, []).append(row)
    tried = {row.trial for row in everything if row.strategy == strategy} | set(by_trial)
    clusters = _clusters(rows)
    nets = {trial: _nets(mine, clusters) for trial, mine in by_trial.items()}
    verdicts = _verdicts(nets, strategy, bound)
    adjusted = dict(zip(verdicts, holm([v.p for v in verdicts.values()]), strict=True))
    sharpes = {trial: found for trial, net in nets.items() if (found := moments(net)) is not None}
    spread = _variance([found[0] for found in sharpes.values()])
    lines = []
    for trial, mine in by_trial.items():
        sharpe = sharpes.get(trial)
        lines.append(
            Line(
                trial=trial,
                parameters=shown(trial),
                sessions=len({row.session for row in mine}),
                events=len({cluster for row in mine for cluster in row.events}),
                net=math.fsum(row.net for row in mine),
                orders=sum(row.orders for row in mine),
                verdict=verdicts.get(trial),
                adjusted=adjusted.get(trial),
                deflated=None if sharpe is None else _deflated(sharpe, len(clusters), len(tried), spread),
                failed=next((row.failed for row in mine if row.failed), ""),
            )
        )
    return Table(strategy, len(tried - {strategy}), lines, _best(nets, strategy))


def _clusters(rows: Iterable[Row]) -> list[str]:
    """Every cluster that settled and that no set still waits for, in the order they did: half a comparison is none."""
    rows = list(rows)
    open_ = {cluster for row in rows for cluster in row.open}
    when: dict[str, int] = {}
    for row in rows:
        for cluster, ns in row.settled.items():
            when[cluster] = min(ns, when.get(cluster, ns))
        for cluster in row.events:
            when.setdefault(cluster, 0)
    return sorted(when.keys() - open_, key=lambda cluster: (when[cluster], cluster))


def _nets(rows: Iterable[Row], clusters: Sequence[str]) -> list[float]:
    """Dollars by cluster, over all sessions it was traded in; nothing where it was not."""
    found = dict.fromkeys(clusters, 0.0)
    for row in rows:
        for cluster, event in row.events.items():
            if cluster in found:
                found[cluster] += event.net
    return list(found.values())


def _verdicts(nets: Mapping[str, Sequence[float]], base: str, bound: float) -> dict[str, Verdict]:
    if base not in nets:
        return {}
    before = nets[base]
    return {
        trial: judge([b - a for a, b in zip(before, net, strict=True)], bound=bound, own=net)
        for trial, net in nets.items()
        if trial != base
    }


def _best(nets: Mapping[str, Sequence[float]], base: str) -> Best | None:
    import numpy as np

    if base not in nets:
        return None
    rng = np.random.default_rng(SEED)  # noqa: TID251  the one place where the resampling's seed enters
    before = nets[base]
    return best(
        [[b - a for a, b in zip(before, net, strict=True)] for trial, net in nets.items() if trial != base],
        rng,
    )


def _deflated(found: tuple[float, float, float], periods: int, tried: int, spread: float) -> float | None:
    ratio, skew, kurtosis = found
    if periods < LEAST:
        return None
    try:
        return deflated(ratio, periods, skew, kurtosis, tried, spread)
    except ValueError:
        return None


def _variance(values: Sequence[float]) -> float:
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((x - mean) ** 2 for x in values) / (len(values) - 1)


def text(found: Table) -> str:
    """The table for people; unknown is ``-``."""
    rows = [
        ("parameters", "sess", "ev", "orders", "net $", "e", "p adj", "DSR", "verdict"),
        *(_cells(line) for line in found.lines),
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if i in (0, len(row) - 1) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    many = f"{found.tried} parameter set{'s' * (found.tried != 1)} of {found.strategy} tried in all, besides its own"
    return "\n".join([*lines, many, *_chosen(found.best)])


def _chosen(found: Best | None) -> list[str]:
    """The best of these against luck; nothing where there are too few events for it."""
    if found is None:
        return []
    said = (
        f"{len(found.better)} better by the stepwise test at 5 %"
        if found.better
        else "none better by the stepwise test"
    )
    return [
        f"the best of these against the version as it is: p {found.superior:.3f} (SPA), {found.reality_check:.3f} "
        f"(reality check); {said}"
    ]


def _cells(line: Line) -> tuple[str, ...]:
    verdict = line.verdict
    return (
        line.parameters,
        str(line.sessions),
        str(line.events),
        str(line.orders),
        f"{line.net:+.2f}",
        "-" if verdict is None else f"{verdict.evidence:.2f}",
        "-" if line.adjusted is None else f"{line.adjusted:.3f}",
        "-" if line.deflated is None else f"{line.deflated:.2f}",
        f"failed: {line.failed}"
        if line.failed
        else "-"
        if verdict is None
        else _said(verdict, line.adjusted),
    )


def _said(verdict: Verdict, adjusted: float | None) -> str:
    """What may be said when several were looked at."""
    state = verdict.under(adjusted / verdict.p if adjusted is not None and verdict.p else 1.0)
    return _WORDS.get(state, NOTHING_SAID)

"""The figures of a report: raw counts of one lane in one family of markets, and what follows from them.

Counts of several sessions add up; ratios are taken at the end, by the functions the Lab pane's figures come from, so
that the two agree to the last digit.
"""

from collections.abc import Iterable

import msgspec

from cockpit.domain.lab import AIM
from cockpit.domain.units import MONEY, PRICE, SECOND
from cockpit.engine.metrics import FILLED, HORIZONS, Markout, kaplan_meier, waits_of
from cockpit.engine.queue import RULES
from cockpit.engine.scorecard import Outcome, verdict
from cockpit.models.proportions import wilson
from cockpit.models.verdicts import alone


def _ints() -> list[int]:
    return [0] * len(RULES)


def _marks() -> list[Markout]:
    return [Markout() for _ in HORIZONS]


class Cell(msgspec.Struct):
    """One lane in one family, as counted. Money and quantities in domain units."""

    orders: int = 0
    """Accepted by the venue."""
    filled: int = 0
    """Of these with any fill that counts."""
    accepted_qty: int = 0
    qty_filled: list[int] = msgspec.field(default_factory=_ints)
    known: int = len(RULES)
    """Rules that the sessions can show, from the first on."""
    times: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """Per order ns from its arrival to its first fill that counts, or to its end, and which of these it was."""
    markouts: list[Markout] = msgspec.field(default_factory=_marks)
    """Of fills that count, by horizon."""
    outcomes: list[Outcome] = msgspec.field(default_factory=list)
    """Settled events, in the order they did."""
    counted: tuple[float, ...] = ()
    """Dollars of those that count for a verdict, in its order."""
    net: int = 0
    fees: int = 0
    flat_fees: int = 0
    by_rule: list[int | None] = msgspec.field(default_factory=lambda: [None] * len(RULES))
    """Net by fill rule, of whole lanes only; None where it is not known."""
    drawdown: float | None = None
    """Dollars; the largest of any session. None where P&L over time is not known."""

    def add(self, other: "Cell") -> None:
        """Add another session's counts."""
        self.orders += other.orders
        self.filled += other.filled
        self.accepted_qty += other.accepted_qty
        self.qty_filled = [a + b for a, b in zip(self.qty_filled, other.qty_filled, strict=True)]
        self.known = min(self.known, other.known)
        self.times = [*self.times, *other.times]
        for mine, theirs in zip(self.markouts, other.markouts, strict=True):
            mine.total += theirs.total
            mine.qty += theirs.qty
            mine.n += theirs.n
            mine.missing += theirs.missing
        self.net += other.net
        self.fees += other.fees
        self.flat_fees += other.flat_fees
        pairs = zip(self.by_rule, other.by_rule, strict=True)
        self.by_rule = [None if a is None or b is None else a + b for a, b in pairs]
        falls = [each for each in (self.drawdown, other.drawdown) if each is not None]
        self.drawdown = max(falls, default=None)


class Figures(msgspec.Struct, frozen=True):
    """What a cell comes to. Dollars, dollars a contract, seconds, shares of 1; None where nothing is known."""

    orders: int
    filled: int
    fill_rate: dict[str, float | None]
    """Of quantity, by rule."""
    seconds_to_fill: float | None
    """Kaplan-Meier median under the rule that counts."""
    filled_by: dict[str, float | None]
    """Share of orders filled within ten and sixty seconds, being taken back first counted as what it is: Aalen-Johansen."""
    survival: list[tuple[float, float, float]]
    """(seconds, share not yet filled, its standard error)."""
    markouts: dict[str, float | None]
    """At 1, 10 and 60 s; at settlement after fees, and less what was closed before."""
    markouts_n: dict[str, int]
    """Fills behind them, events at settlement."""
    events: int
    claimed: float | None
    realised: float | None
    """Edge per trade: mean realised edge of a contract, after fees."""
    slope: float | None
    to_aim: float | None
    """Edge per trade less the aim of five cents."""
    decided: int
    """Events won or lost: not called off."""
    wins: int
    win_rate: float | None
    win_low: float | None
    win_high: float | None
    break_even: float | None
    average_win: float
    average_loss: float
    net: float
    flat: float
    fees: float
    by_rule: dict[str, float | None]
    """Net by fill rule, of whole lanes: not a bracket, as fills that come only on a cross are the most adverse."""
    drawdown: float | None
    """Largest fall of P&L from its best point, looked at every five seconds."""
    verdict: str


def figures(cell: Cell) -> Figures:
    """The figures of a cell."""
    record = verdict(cell.outcomes)
    interval = wilson(record.wins, record.decided)
    steps = kaplan_meier([(span, how == FILLED) for span, how in cell.times])
    waits = waits_of(cell.times)
    names = [f"{horizon // SECOND} s" for horizon in HORIZONS]
    means = [None if m.mean is None else m.mean / PRICE for m in cell.markouts]
    return Figures(
        orders=cell.orders,
        filled=cell.filled,
        fill_rate={
            rule: cell.qty_filled[i] / cell.accepted_qty if cell.accepted_qty and i < cell.known else None
            for i, rule in enumerate(RULES)
        },
        seconds_to_fill=waits.median_s,
        filled_by={"10 s": waits.by_10s, "60 s": waits.by_60s},
        survival=[(t / SECOND, survival, error) for t, survival, error in steps],
        markouts=dict(zip(names, means, strict=True)) | {"settlement": _settled(cell.outcomes)},
        markouts_n={name: m.n for name, m in zip(names, cell.markouts, strict=True)}
        | {"settlement": record.n},
        events=record.n,
        claimed=record.claimed,
        realised=record.realised,
        slope=record.slope,
        to_aim=None if record.realised is None else record.realised - AIM,
        wins=record.wins,
        decided=record.decided,
        win_rate=record.wins / record.decided if record.decided else None,
        win_low=interval[0] if interval else None,
        win_high=interval[1] if interval else None,
        break_even=record.break_even,
        average_win=record.average_win / MONEY,
        average_loss=record.average_loss / MONEY,
        net=cell.net / MONEY,
        flat=(cell.net + cell.fees - cell.flat_fees) / MONEY,
        fees=cell.fees / MONEY,
        by_rule={
            rule: None if (net := cell.by_rule[i]) is None or i >= cell.known else net / MONEY
            for i, rule in enumerate(RULES)
        },
        drawdown=cell.drawdown,
        verdict=alone(cell.counted),
    )


def _settled(outcomes: Iterable[Outcome]) -> float | None:
    """Mean of settlement value less price of what was traded, dollars a contract, after fees and netting."""
    found = [o for o in outcomes if o.contracts > 0]
    contracts = sum(o.contracts for o in found)
    return sum(o.realised for o in found) / contracts if contracts else None

"""What a lane's orders came to: fill rates, time to fill, mark-outs. Counts and exact integers; ratios at the end.

Time to fill is censored: an order that ended unfilled tells only that it would have taken longer. Mark-outs are
``side * (mid at t + h - fill price)``; with no valid mid they are missing, not zero.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import msgspec

from cockpit.domain.lab import Waits
from cockpit.domain.units import SECOND
from cockpit.engine.queue import RULES, Fill, Own

HORIZONS = (1 * SECOND, 10 * SECOND, 60 * SECOND)
ADVERSE = 1
"""The horizon adverse selection is measured at."""
KEEP_TIMES = 5_000
"""Enough for a distribution, and little enough to be stored each second."""
KEEP_WAITS = 500
"""Looked at with every picture."""

RESTING, FILLED, ENDED = 0, 1, 2
"""How a wait ended: not yet, by a fill, or by the order being taken back, expired or closed."""


class Markout(msgspec.Struct):
    """Mark-outs of one rule at one horizon: summed in half price units times quantity."""

    total: int = 0
    qty: int = 0
    n: int = 0
    missing: int = 0

    def add(self, side: int, price: int, qty: int, mid2: int | None) -> None:
        """Count one fill's mark-out against twice the mid, or as missing."""
        if mid2 is None:
            self.missing += 1
            return
        self.total += side * (mid2 - 2 * price) * qty
        self.qty += qty
        self.n += 1

    @property
    def mean(self) -> float | None:
        """Mean mark-out per contract in price units, weighted by quantity."""
        return self.total / 2 / self.qty if self.qty else None


def _four_ints() -> list[int]:
    return [0] * len(RULES)


def _four_lists() -> list[list[tuple[int, bool]]]:
    return [[] for _ in RULES]


def _markouts() -> list[list[Markout]]:
    return [[Markout() for _ in HORIZONS] for _ in RULES]


class Metrics(msgspec.Struct):
    """One lane's counters; lists are by rule index."""

    tickets: int = 0
    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    ended: int = 0
    accepted_qty: int = 0
    orders_filled: list[int] = msgspec.field(default_factory=_four_ints)
    """Orders with any fill."""
    qty_filled: list[int] = msgspec.field(default_factory=_four_ints)
    orders_counted: int = 0
    """Orders with any fill under their own rule."""
    gap_fills: int = 0
    times: list[list[tuple[int, bool]]] = msgspec.field(default_factory=_four_lists)
    """Per ended order: ns from live to first fill or to its end, and whether it filled."""
    markouts: list[list[Markout]] = msgspec.field(default_factory=_markouts)
    """By rule, then by horizon (`HORIZONS`)."""
    done_qty: int = 0
    """Quantity of accepted orders that have ended under their own rule, and how much of it was filled."""
    done_filled: int = 0
    done_orders: int = 0
    waits: list[tuple[int, int]] = msgspec.field(default_factory=list)
    """Per order under its own rule, the newest `KEEP_WAITS`: ns from live to its first fill (`FILLED`), or to its
    end without one (`ENDED`)."""
    adverse: int = 0
    """How far the mid went against us from the order's arrival to ten seconds after its fill: half price units
    times quantity, over the fills that count."""
    adverse_qty: int = 0
    headline: list[Markout] = msgspec.field(default_factory=lambda: [Markout() for _ in HORIZONS])
    """Of the fills that count, by horizon."""

    def live(self, order: Own) -> None:
        """An order was accepted by the venue."""
        self.accepted += 1
        self.accepted_qty += order.qty

    def fill(self, order: Own, fill: Fill, *, gap: bool) -> None:
        """An order was filled under one rule; this fill, and others of the same event, are in ``order.fills``."""
        if next(f for f in order.fills if f.rule == fill.rule) is fill:
            self.orders_filled[fill.rule] += 1
            if fill.rule == order.rule:
                self.orders_counted += 1
                self._waited(fill.ts - order.live_ns, FILLED)
        self.qty_filled[fill.rule] += fill.qty
        self.gap_fills += gap

    def done(self, order: Own) -> None:
        """An accepted order ended under its own rule."""
        self.done_orders += 1
        self.done_qty += order.qty
        self.done_filled += order.qty - order.remaining
        if not any(fill.rule == order.rule for fill in order.fills):
            self._waited(order.ended_ns - order.live_ns, ENDED)

    def _waited(self, span: int, how: int) -> None:
        self.waits.append((span, how))
        del self.waits[:-KEEP_WAITS]

    def drift(self, against2: int, qty: int) -> None:
        """Count how far (twice price units) the mid went against one fill that counts."""
        self.adverse += against2 * qty
        self.adverse_qty += qty

    def end(self, order: Own) -> None:
        """An accepted order ended for good, under every rule."""
        self.ended += 1
        for rule, times in enumerate(self.times):
            first = next((f.ts for f in order.fills if f.rule == rule), None)
            if len(times) < KEEP_TIMES:
                span = (order.ended_ns if first is None else first) - order.live_ns
                times.append((span, first is not None))

    def fill_rate_qty(self, rule: int) -> float | None:
        """Share of accepted quantity filled under a rule."""
        return self.qty_filled[rule] / self.accepted_qty if self.accepted_qty else None


def kaplan_meier(times: Sequence[tuple[int, bool]]) -> list[tuple[int, float, float]]:
    """Survival of "not yet filled": (time, S, Greenwood standard error) at each fill time.

    Args:
        times: per order the observed span and whether it ended in a fill (False: censored).
    """
    out: list[tuple[int, float, float]] = []
    survival, variance = 1.0, 0.0
    at_risk = len(times)
    for time, group in groupby(sorted(times), itemgetter(0)):
        here = [event for _, event in group]
        fills = sum(here)
        if fills:
            survival *= 1 - fills / at_risk
            if at_risk > fills:
                variance += fills / (at_risk * (at_risk - fills))
            out.append((time, survival, survival * variance**0.5))
        at_risk -= len(here)
    return out


def cumulative_incidence(times: Sequence[tuple[int, int]], kind: int) -> list[tuple[int, float]]:
    """Aalen-Johansen: probability that ``kind`` has happened by a time, with other kinds competing.

    Args:
        times: per order the span and what ended it: 0 censored, else a kind (1 fill, 2 cancel, ...).
        kind: the kind asked for.
    """
    out: list[tuple[int, float]] = []
    survival, total = 1.0, 0.0
    at_risk = len(times)
    for time, group in groupby(sorted(times), itemgetter(0)):
        here = [what for _, what in group]
        mine, ended = here.count(kind), len(here) - here.count(0)
        if mine:
            total += survival * mine / at_risk
            out.append((time, total))
        survival *= 1 - ended / at_risk
        at_risk -= len(here)
    return out


def waits_of(times: list[tuple[int, int]]) -> Waits:
    """How long orders waited; (ns, how it ended)."""
    steps = kaplan_meier([(span, how == FILLED) for span, how in times])
    filled = cumulative_incidence(times, FILLED)
    return Waits(
        n=len(times),
        filled=sum(how == FILLED for _, how in times),
        median_s=next((t / SECOND for t, survival, _ in steps if survival <= 0.5), None),
        by_10s=_by(filled, 10) if times else None,
        by_60s=_by(filled, 60) if times else None,
    )


def _by(incidence: list[tuple[int, float]], seconds: int) -> float:
    return max((share for t, share in incidence if t <= seconds * SECOND), default=0.0)

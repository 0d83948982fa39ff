"""Versions against each other on the same settled events: one difference an event, adjusted for how many were asked.

The desk is compared with the lane that approves everything at the person's delay (what choice added), and that with
the version that proposes (what delay cost).
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cockpit.domain.lab import Versus
from cockpit.models.selection import deflated, holm, moments, sample_size
from cockpit.models.verdicts import BOUND, CANNOT_TELL, LEAST, NOTHING_SAID, judge

BASE = "V15"
"""The numbered version others are compared with, where it runs; else the first of them."""
LEAST_RATIO = 0.003
"""Of a mean to its deviation, below which no number of events is named: it would be a million."""
_NUMBERED = re.compile(r"V\d+")
VERSION, CHOICE, DELAY, HINDSIGHT = "version", "what choice added", "what delay cost", "in hindsight"


class Hands(NamedTuple):
    """Lanes that carry out commands."""

    desk: str
    """What a person approved."""
    mirror: str
    """Everything that was proposed, at the person's usual delay."""
    hindsight: str
    """What is done while a recording plays."""


Asked = tuple[str, str, str]
"""Question, A, B."""
Moments = tuple[float, float, float] | None
"""Sharpe ratio, skewness, kurtosis."""
Pair = tuple[float, float]
"""One event: dollars of A and of B."""


def questions(strategies: Mapping[str, str], hands: Hands, proposes: Sequence[str] = ()) -> list[Asked]:
    """Each version with the one it is a change of, and the desk's own.

    A version with other parameters is compared with the plain one, a rule with a veto with the rule, the numbered
    versions with `BASE` (or the first of them). Rules for other markets are compared with none of those: a difference
    between what trades bitcoin and what trades games answers nothing.

    Args:
        strategies: by lane; empty for lanes that only carry out commands.
        hands: the names of those.
        proposes: the desk's strategies; what delay costs can be told only where it is one, with a lane of its own.
    """
    lane_of: dict[str, str] = {}
    for lane, strategy in strategies.items():
        if strategy:
            lane_of.setdefault(strategy, lane)
    first = next((lane for strategy, lane in lane_of.items() if _NUMBERED.match(strategy)), "")
    base = lane_of.get(BASE, first)
    asked = []
    for lane, strategy in strategies.items():
        other = _compared(strategy, lane_of) or (base if _NUMBERED.match(strategy) else "")
        if other and other != lane:
            asked.append((VERSION, other, lane))
    if hands.desk in strategies and hands.mirror in strategies:
        asked.append((CHOICE, hands.mirror, hands.desk))
    if hands.mirror in strategies and len(proposes) == 1 and proposes[0] in lane_of:
        asked.append((DELAY, lane_of[proposes[0]], hands.mirror))
    if hands.desk in strategies and hands.hindsight in strategies:
        asked.append((HINDSIGHT, hands.desk, hands.hindsight))
    return asked


def _compared(strategy: str, lane_of: Mapping[str, str]) -> str:
    """The lane of the version that another is a change of: same name without parameters, or without a veto."""
    plain = strategy.partition("[")[0]
    found = lane_of.get(plain, "") if plain != strategy else ""
    return found or lane_of.get(plain.partition("+")[0], "") * ("+" in plain)


def compare(asked: Iterable[tuple[str, str, str, Sequence[Pair]]], bound: float = BOUND) -> list[Versus]:
    """Each question on its events; what stands against a change is left open.

    Args:
        asked: question, A, B, and the events that count for both in an order fixed before they were known.
        bound: what differences are scaled by, dollars; fixed before looking.
    """
    table = list(asked)
    verdicts = [
        judge([b - a for a, b in pairs], bound=bound, own=[b for _, b in pairs]) for *_, pairs in table
    ]
    adjusted = holm([v.p for v in verdicts])
    sharpes = [moments([b for _, b in pairs]) for *_, pairs in table]
    out = []
    for (question, a, b, pairs), v, p, sharpe in zip(table, verdicts, adjusted, sharpes, strict=True):
        state = v.under(p / v.p if v.p else 1.0)
        low, high = v.interval or (None, None)
        out.append(
            Versus(
                question=question, a=a, b=b, n=v.n, enough=LEAST, mean=v.mean, low=low, high=high, e=v.evidence, p=v.p,
                adjusted=p, state=state, verdict=NOTHING_SAID if state in CANNOT_TELL else state,
                takes=_takes([y - x for x, y in pairs]), deflated=_sure(sharpe, sharpes, v.n),
            )
        )  # fmt: skip
    return out


def _sure(sharpe: Moments, among: Sequence[Moments], periods: int) -> float | None:
    """The deflated Sharpe ratio of one of several; None for too few events."""
    if sharpe is None or periods < LEAST:
        return None
    ratios = [each[0] for each in among if each is not None]
    mean = math.fsum(ratios) / len(ratios)
    variance = math.fsum((r - mean) ** 2 for r in ratios) / max(1, len(ratios) - 1)
    ratio, skew, kurtosis = sharpe
    try:
        return deflated(ratio, periods, skew, kurtosis, len(ratios), variance)
    except ValueError:
        return None


def _takes(differences: Sequence[float]) -> int | None:
    """None where it would be more than any desk will see."""
    found = moments(differences)
    if found is None or abs(found[0]) < LEAST_RATIO:
        return None
    return sample_size(1.0, abs(found[0]))

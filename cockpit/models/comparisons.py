"""Versions against each other on the same settled events: one difference an event, adjusted for how many were asked.

The desk is compared with the lane that approves everything at the person's delay (what choice added), and that with
the version that proposes (what delay cost).
"""

import math
import re
from collections.abc import Mapping, Sequence

from cockpit.domain.lab import Versus
from cockpit.models.selection import deflated, holm, moments, sample_size
from cockpit.models.sequential import LEVEL
from cockpit.models.verdicts import BOUND, CANNOT_TELL, LEAST, NOTHING_SAID, STOP, judge

BASE = "V15"
"""The numbered version others are compared with, where it runs; else the first of them."""
_NUMBERED = re.compile(r"V\d+")
VERSION, CHOICE, DELAY, HINDSIGHT = "version", "what choice added", "what delay cost", "in hindsight"


Nets = Mapping[str, Mapping[str, float]]
"""Dollars by lane and settled event."""


def questions(
    strategies: Mapping[str, str], desk: str, mirror: str, hindsight: str
) -> list[tuple[str, str, str]]:
    """(question, A, B): each version with the one it is a change of, and the desk's own.

    A version with other parameters is compared with the plain one, a rule with a veto with the rule, the numbered
    versions with `BASE` (or the first of them). Rules for other markets are compared with none of those: a difference
    between what trades bitcoin and what trades games answers nothing.

    Args:
        strategies: by lane; empty for lanes that only carry out commands.
        desk: the lane of what a person approved.
        mirror: the lane that approved everything.
        hindsight: the lane of what is done while a recording plays.
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
    if desk in strategies and mirror in strategies:
        asked.append((CHOICE, mirror, desk))
        if base:
            asked.append((DELAY, base, mirror))
    if desk in strategies and hindsight in strategies:
        asked.append((HINDSIGHT, desk, hindsight))
    return asked


def _compared(strategy: str, lane_of: Mapping[str, str]) -> str:
    """The lane of the version that another is a change of: same name without parameters, or without a veto."""
    plain = strategy.partition("[")[0]
    found = lane_of.get(plain, "") if plain != strategy else ""
    return found or lane_of.get(plain.partition("+")[0], "") * ("+" in plain)


def compare(
    asked: Sequence[tuple[str, str, str]], nets: Nets, order: Sequence[str], bound: float = BOUND
) -> list[Versus]:
    """Each question on every settled event; what stands against a change is left open.

    Args:
        asked: (question, A, B).
        nets: dollars by lane and event; an event a lane did not trade counts nothing for it.
        order: all events, in the order they settled.
        bound: what differences are scaled by, dollars; fixed before looking.
    """
    lanes = dict.fromkeys(lane for _, a, b in asked for lane in (a, b))
    series = {lane: [nets.get(lane, {}).get(event, 0.0) for event in order] for lane in lanes}
    differences = [[y - x for x, y in zip(series[a], series[b], strict=True)] for _, a, b in asked]
    verdicts = [judge(d, bound=bound, own=series[b]) for (_, _, b), d in zip(asked, differences, strict=True)]
    adjusted = holm([v.p for v in verdicts])
    sharpes = {b: found for _, _, b in asked if (found := moments(series[b]))}
    out = []
    for (question, a, b), d, v, p in zip(asked, differences, verdicts, adjusted, strict=True):
        state = v.state if p <= LEVEL or v.state == STOP else v.cautious
        low, high = v.interval or (None, None)
        sure = _sure(sharpes, b, len(order))
        out.append(
            Versus(
                question=question, a=a, b=b, n=v.n, enough=LEAST, mean=v.mean, low=low, high=high, e=v.evidence, p=v.p,
                adjusted=p, state=state, verdict=NOTHING_SAID if state in CANNOT_TELL else state, takes=_takes(d),
                deflated=sure,
            )
        )  # fmt: skip
    return out


def _sure(sharpes: Mapping[str, tuple[float, float, float]], lane: str, periods: int) -> float | None:
    """The deflated Sharpe ratio of one of several; None for too few events."""
    if lane not in sharpes or periods < LEAST:
        return None
    ratios = [ratio for ratio, _, _ in sharpes.values()]
    mean = math.fsum(ratios) / len(ratios)
    variance = math.fsum((r - mean) ** 2 for r in ratios) / max(1, len(ratios) - 1)
    ratio, skew, kurtosis = sharpes[lane]
    try:
        return deflated(ratio, periods, skew, kurtosis, len(ratios), variance)
    except ValueError:
        return None


def _takes(differences: Sequence[float]) -> int | None:
    found = moments(differences)
    return None if found is None or not found[0] else sample_size(1.0, abs(found[0]))

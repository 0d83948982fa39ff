"""What must be known before another venue's price may be followed: every condition, in words a trader reads."""

import math

import msgspec

from cockpit.models.leads.record import LeadRecord
from cockpit.models.leads.trial import LeadResult

HOUR_S = 3_600.0


class GateParams(msgspec.Struct, frozen=True):
    """The gate's numbers. All ours, settable; what stands behind each is said beside it."""

    recorded_s: float = 8 * HOUR_S
    """Joint recording of the last seven days: a working day's worth, so that not one mood of the market decides."""
    changes: int = 300
    """On each side: a correlation of .1 then stands out of its own noise of one over the root of n."""
    llr: float = 1.2
    """Simulated with a true lag of 2 s: 1.7 to 1.8 where it can be found, 1.02 where it cannot, 1.23 on whole cents."""
    gain: float = 0.01
    """Least rho at the lag over rho at none: the peak is flat, and a peak at 0 leads nobody."""
    clock: float = 3.0
    """Least lag, in errors of the two clocks: below it the lag may be the clocks'."""
    reaction_s: float = 0.25
    """Added to our own order latency: a beat passes before anything is decided."""
    held: int = 4
    """Sessions with the test's sign, of the newest ``sessions``."""
    sessions: int = 5
    age_s: float = 24 * HOUR_S
    """Oldest test that is believed."""


GATE = GateParams()


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """Everything the gate looks at."""

    recorded_s: float
    """Joint recording of the last seven days, seconds."""
    changes_x: int
    changes_y: int
    result: LeadResult | None = None
    """The newest test; None before the first."""
    age_s: float = 0.0
    """Its age, seconds."""
    held: int = 0
    """Of the newest tested sessions, how many have its sign."""
    sessions: int = 0
    """How many were looked at."""
    clock_s: float | None = None
    """Error of the lag between the two venues' clocks, seconds; None unknown."""
    latency_s: float | None = None
    """95th percentile of our own order latency, seconds; None unknown."""


def evidence(
    record: LeadRecord,
    result: LeadResult | None,
    now: int,
    clock_s: float | None,
    latency_s: float | None,
    params: GateParams = GATE,
) -> Evidence:
    """Gather what the gate looks at; ``now`` in ns UTC, clock error and latency in seconds."""
    held, sessions = record.held(1, params.sessions)
    return Evidence(
        recorded_s=record.joint_s,
        changes_x=record.n_x,
        changes_y=record.n_y,
        result=result,
        age_s=0.0 if result is None else (now - result.tested_ns) / 1e9,
        held=held,
        sessions=sessions,
        clock_s=clock_s,
        latency_s=latency_s,
    )


def gate(found: Evidence, params: GateParams = GATE) -> tuple[str, ...]:
    """Every condition that is not met, in words; empty where the lead may be followed."""
    why = []
    if found.recorded_s < params.recorded_s:
        why.append(f"{_down(found.recorded_s / HOUR_S, 1)} of {params.recorded_s / HOUR_S:g} h recorded")
    changes = min(found.changes_x, found.changes_y)
    if changes < params.changes:
        why.append(f"{changes} of {params.changes} changes")
    if found.result is None:
        return (*why, "not tested")
    return (*why, *_tested(found, found.result, params))


def _tested(found: Evidence, result: LeadResult, params: GateParams) -> list[str]:
    why = []
    if result.llr < params.llr:
        why.append(f"LLR {_down(result.llr, 2)} under {params.llr:g}")
    if result.lag_s <= 0.0:
        why.append("Kalshi leads" if result.lag_s < 0.0 else "no lag")
    if result.rho - result.rho0 < params.gain:
        why.append(f"correlation gains {_down(result.rho - result.rho0, 3)} of {params.gain:g}")
    if not result.llr > result.llr_null95:
        why.append("not above chance")
    why += _timely(found, result.lag_s, params) if result.lag_s > 0.0 else []
    if found.held < params.held:
        why.append(f"sign held in {found.held} of {params.sessions} sessions")
    if found.age_s > params.age_s:
        why.append(f"test {math.ceil(found.age_s / HOUR_S)} h old")
    return why


def _timely(found: Evidence, lag: float, params: GateParams) -> list[str]:
    """Whether the lag is longer than what could feign it and than what it takes to act on it."""
    why = []
    if found.clock_s is None:
        why.append("clock error unknown")
    elif lag < params.clock * found.clock_s:
        why.append(f"lag {lag:.2g} s under {params.clock:g}x clock error")
    if found.latency_s is None:
        why.append("own latency unknown")
    elif lag < found.latency_s + params.reaction_s:
        why.append(f"lag {lag:.2g} s under own {found.latency_s + params.reaction_s:.2g} s")
    return why


def _down(value: float, digits: int) -> str:
    """A number rounded down: what falls short must not read as if it did not."""
    scale = 10**digits
    return f"{math.floor(value * scale) / scale:.{digits}f}"

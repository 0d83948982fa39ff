"""What a pair's settlement basis is taken to cost: from the terms that differ, and from a model where one exists.

A model: A settles on S, B on S + b, of one strike K, b normal around zero. Neither contract bought pays where S and S + b
lie on different sides of K the wrong way round, which for YES of A and NO of B is

    q0 = integral over s < K of f(s) P(b > K - s)

with f the density of S, and its mirror image for the other direction; the greater of the two is taken. (Where b is small
beside the spread of S both are f(K) sd(b) / sqrt(2 pi).) Of a bracket it is the sum over the edges. b has the part of the
two sources, and where only one of them is a mean over T seconds the part of the diffusion within: sd(S) per root second
times sqrt(T / 3) (a Brownian path's end less its mean over T). What both pay is not counted on.
"""

import math

import msgspec

from cockpit.domain.units import UNDERLYING
from cockpit.models.brackets import Contract
from cockpit.models.fair import Outlook
from cockpit.models.match.contract import UNKNOWN_WINDOW, TypedContract
from cockpit.models.match.fields import DIFFERS
from cockpit.models.match.relate import Comparison
from cockpit.strategies.spreads.legs import Basis, Haircut
from cockpit.strategies.spreads.payoff import haircut

SOURCES = 0.001
"""Standard deviation between two sources of one price, of the price: a tenth of a per cent, as a dollar coin may stand off. Ours."""
YEAR_S = 365 * 86_400
REACH = 4.0
"""Standard deviations of the difference that are integrated over."""
STEPS = 16

FIELDS = {
    "source": Basis.SOURCE,
    "rounding": Basis.OPERATOR,
    "terms": Basis.OPERATOR,
    "window": Basis.HOUR,
    "instant": Basis.HOUR,
    "void": Basis.VOID,
}
"""Which difference a field of two contracts makes."""
FEARED_SILENT = frozenset({"source", "void"})
"""Fields on which one venue's silence is feared like a difference; where both are silent a person has judged."""
BADGES = {
    Basis.UNSURE: "?",
    Basis.SOURCE: "SRC",
    Basis.HOUR: "AVG",
    Basis.VOID: "VOID",
    Basis.OPERATOR: "EDGE",
}
"""In a few letters, the one that says most first."""


def basis_of(how: Comparison) -> frozenset[Basis]:
    """How two contracts' settlements differ, as far as their terms say."""
    exact = {"terms"} if how.accepted else set()  # bounds told differently, that no value falls between
    found = {
        FIELDS[each.field]
        for each in how.differences
        if each.field in FIELDS.keys() - exact
        and (each.verdict == DIFFERS or (each.field in FEARED_SILENT and bool(each.a) != bool(each.b)))
    }
    return frozenset(found if how.polarity else found | {Basis.UNSURE})


def badge(how: Comparison) -> str:
    """The differences in a few letters: SAME, or SRC, AVG, EDGE, VOID."""
    found = basis_of(how)
    return "+".join(word for each, word in BADGES.items() if each in found) or "SAME"


def settlement(
    how: Comparison,
    terms: tuple[TypedContract, TypedContract],
    contract: Contract | None,
    outlook: Outlook | None,
) -> Haircut:
    """What a pair's settlement basis takes off.

    Args:
        how: how the two compare.
        terms: the two contracts.
        contract: what A pays on, where a model of ours covers it.
        outlook: that model's view of the settlement value.
    """
    found = basis_of(how)
    if contract is None or outlook is None or not found & {Basis.SOURCE, Basis.HOUR, Basis.OPERATOR}:
        return haircut(found)
    q0 = one_sided(contract, outlook, spread_of(terms, outlook, sources=Basis.SOURCE in found), gap_of(terms))
    rest = found - {Basis.SOURCE, Basis.HOUR}
    made = haircut(rest | {Basis.OPERATOR}, q0)
    return msgspec.structs.replace(made, badge=haircut(found).badge)


def one_sided(contract: Contract, outlook: Outlook, sd: float, gap: float) -> float:
    """Probability that neither pays, though they ask the same: q0, over the contract's edges, in the worse direction.

    Args:
        contract: the edges, dollars.
        outlook: mean and standard deviation of the settlement value, dollars.
        sd: of the difference between the two settlement values, dollars.
        gap: dollars between the two contracts' own edges.
    """
    edges = [edge for edge in (contract.low, contract.high) if math.isfinite(edge) and edge > 0.0]
    return min(1.0, sum(_either_side(edge, outlook, sd, gap) for edge in edges))


def _either_side(edge: float, outlook: Outlook, sd: float, gap: float) -> float:
    """The mass that ends on one side of an edge while the other value ends on the other; the greater of both ways."""
    return max(_crossing(edge, outlook, sd, gap, 1.0), _crossing(edge, outlook, sd, gap, -1.0))


def _crossing(edge: float, outlook: Outlook, sd: float, gap: float, way: float) -> float:
    """Integral of f(edge + way u) P(difference > u - gap) over u > 0, by Simpson's rule."""
    reach = REACH * sd + gap
    if reach <= 0.0 or outlook.sd <= 0.0:
        return 0.0
    step = reach / STEPS
    total = 0.0
    for i in range(STEPS + 1):
        u = i * step
        weight = 1.0 if i in (0, STEPS) else 4.0 if i % 2 else 2.0
        past = 0.5 * math.erfc((u - gap) / (sd * math.sqrt(2.0))) if sd > 0.0 else float(u <= gap)
        total += weight * _density(edge + way * u, outlook) * past
    return total * step / 3.0


def _density(value: float, outlook: Outlook) -> float:
    """The settlement value's density, one over dollars."""
    z = (value - outlook.mean) / outlook.sd
    return math.exp(-0.5 * z * z) / (outlook.sd * math.sqrt(2.0 * math.pi))


def spread_of(terms: tuple[TypedContract, TypedContract], outlook: Outlook, *, sources: bool) -> float:
    """Standard deviation of the difference between two settlement values, dollars."""
    a, b = (max(0, each.window_s) for each in terms)
    unknown = UNKNOWN_WINDOW in (terms[0].window_s, terms[1].window_s)
    window = 60 if unknown else abs(a - b)
    per_root_s = outlook.spot * outlook.vol / math.sqrt(YEAR_S)
    own = outlook.mean * SOURCES if sources else 0.0
    return math.hypot(own, per_root_s * math.sqrt(window / 3.0))


def gap_of(terms: tuple[TypedContract, TypedContract]) -> float:
    """Dollars between the two contracts' own bounds."""
    a, b = terms
    return sum(
        abs(one - other) / UNDERLYING
        for one, other in ((a.low, b.low), (a.high, b.high))
        if one is not None and other is not None
    )

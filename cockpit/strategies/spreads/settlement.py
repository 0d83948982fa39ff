"""What a pair's settlement basis is taken to cost: from the terms that differ, and from a model where one exists.

A model: A settles on S, B on S + b, of one strike K. Only one pays where S and S + b lie on different sides of K. With f
the density of S at K and b small beside the spread of S,

    q0 = f(K) E[max(b, 0)] = f(K) sd(b) / sqrt(2 pi)      (b normal around zero)

is the probability that neither contract bought pays, in either direction, and of a bracket the sum over its edges. b
has the part of the two sources, and where only one of them is a mean over T seconds the part of the diffusion within:
sd(S) per root second times sqrt(T / 3) (a Brownian path's end less its mean over T). What both pay is not counted on.
"""

import math

import msgspec

from cockpit.domain.units import UNDERLYING
from cockpit.models.brackets import Contract, Outlook
from cockpit.models.match.contract import UNKNOWN_WINDOW, TypedContract
from cockpit.models.match.fields import DIFFERS
from cockpit.models.match.relate import Comparison
from cockpit.strategies.spreads.legs import Basis, Haircut
from cockpit.strategies.spreads.payoff import haircut

SOURCES = 0.001
"""Standard deviation between two sources of one price, of the price: a tenth of a per cent, as a dollar coin may stand off. Ours."""
YEAR_S = 365 * 86_400

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
    """Probability that neither pays, though they ask the same: q0, over the contract's edges.

    Args:
        contract: the edges, dollars.
        outlook: mean and standard deviation of the settlement value, dollars.
        sd: of the difference between the two settlement values, dollars.
        gap: dollars between the two contracts' own edges.
    """
    width = sd / math.sqrt(2.0 * math.pi) + gap
    edges = [edge for edge in (contract.low, contract.high) if math.isfinite(edge) and edge > 0.0]
    return min(1.0, sum(_density(edge, outlook, sd) * width for edge in edges))


def _density(edge: float, outlook: Outlook, sd: float) -> float:
    """The settlement value's density at an edge, one over dollars: no narrower than the difference itself."""
    spread = math.hypot(outlook.sd, sd)
    if spread <= 0.0:
        return 0.0
    z = (edge - outlook.mean) / spread
    return math.exp(-0.5 * z * z) / (spread * math.sqrt(2.0 * math.pi))


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

"""How two venues' contracts relate: field by field, and as the sets of outcomes on which each pays YES.

The rule. Hard keys (what is observed, when, against which bound or value) must be stated by both venues and agree;
one that differs makes it another question, one that is silent makes the pair UNKNOWN. Soft keys (source, averaging,
rounding, void rule) that contradict leave the same question with a settlement basis: OVERLAP, ``twin``. Soft keys on
which a venue is silent leave IDENTICAL with less confidence, and stand in ``differences`` for the person who confirms;
except where the source is the question (an index, a weather station), where silence makes it a twin only.
"""

from enum import StrEnum

import msgspec

from cockpit.models.match import bounds
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.fields import DIFFERS, HARD, SILENT, SOFT, Difference, difference
from cockpit.models.match.names import DOUBTFUL, alike
from cockpit.models.match.names import SAME as NAMES_SAME


class Relation(StrEnum):
    """How the outcomes on which A pays YES relate to those on which B does."""

    IDENTICAL = "identical"
    COMPLEMENT = "complement"
    SUBSET = "subset"
    """A pays YES only where B does."""
    SUPERSET = "superset"
    OVERLAP = "overlap"
    DISJOINT = "disjoint"
    UNKNOWN = "unknown"


__all__ = ["Comparison", "Difference", "Relation", "compare"]

EXACT = frozenset({Relation.IDENTICAL, Relation.COMPLEMENT})
"""Relations on which two legs cancel out whatever happens."""


class Comparison(msgspec.Struct, frozen=True, gc=False):
    """What compares two contracts; see the module for the rule."""

    a: str
    b: str
    relation: Relation
    polarity: int = 0
    """+1 YES of A goes with YES of B, -1 YES of A goes with NO of B, 0 not known."""
    twin: bool = False
    """The same question on another basis: source, averaging, rounding, void rule or a boundary value differ."""
    differences: tuple[Difference, ...] = ()
    """Every field, same or not, in the order a person reads them."""
    confidence: float = 0.0
    refusal: str = ""
    """Why the relation is not known; empty where it is."""

    @property
    def accepted(self) -> bool:
        """Whether the two pay alike, or exactly opposite, as far as both speak."""
        return self.relation in EXACT


class _Case(msgspec.Struct, gc=False):
    """A comparison in the making."""

    a: TypedContract
    b: TypedContract
    fields: tuple[Difference, ...]
    basis: tuple[str, ...]
    """Soft keys that contradict, or are silent where they must not be."""
    silent: int
    """Soft keys on which a venue says nothing."""


_CRUCIAL = {"crypto": ("source", "window"), "weather": ("source",)}
"""Soft keys that are the question itself in a family: silence there makes a twin, not an identity."""
_OPTIONAL = frozenset({"scope", "unit", "count", "other words"})
"""Hard keys that both may leave out."""
_QUIET = 0.97
"""What each silent soft key leaves of the confidence."""


def compare(a: TypedContract, b: TypedContract) -> Comparison:
    """How A relates to B; never raises."""
    fields = difference(a, b)
    refusal = _refusal(a, b, fields)
    if refusal:
        return Comparison(a.market, b.market, Relation.UNKNOWN, differences=fields, refusal=refusal)
    crucial = _CRUCIAL.get(a.family, ())
    soft = [each for each in fields if each.field in SOFT]
    basis = tuple(
        each.field
        for each in soft
        if each.verdict == DIFFERS or (each.verdict == SILENT and each.field in crucial)
    )
    silent = sum(each.verdict == SILENT for each in soft)
    case = _Case(a, b, fields, basis, silent)
    return _by_bounds(case) if a.numbered else _by_value(case)


def _refusal(a: TypedContract, b: TypedContract, fields: tuple[Difference, ...]) -> str:
    """Why the two cannot be compared as sets; empty where they can."""
    for c in (a, b):
        if c.doubt:
            return f"{c.venue}: {c.doubt}"
    for each in fields:
        if each.field not in HARD:
            continue
        if each.verdict == DIFFERS:
            return f"another {each.field}: {each.a} / {each.b}"
        if each.verdict == SILENT and not (each.field in _OPTIONAL and each.a == each.b == ""):
            who = " and ".join(side.venue for side, text in ((a, each.a), (b, each.b)) if not text)
            return f"{who} does not state the {each.field}"
    if a.numbered != b.numbered or not (a.comparator and b.comparator):
        return "one asks for a number, the other for a name"
    return ""


def _by_bounds(case: _Case) -> Comparison:
    """Sets of numbers, of one and the same thing."""
    a, b = case.a, case.b
    if a.value != b.value and (not (a.value and b.value) or _likeness(a, b) != NAMES_SAME):
        return _unknown(case, f"another value: {a.value or 'none'} / {b.value or 'none'}")
    if bounds.same(a, b):
        return _exact(case, a.polarity * b.polarity)
    if bounds.complementary(a, b):
        return _exact(case, -a.polarity * b.polarity)
    if a.polarity < 0 or b.polarity < 0:
        return _unknown(case, "a range asked in the negative")
    lies = Relation(bounds.order(a, b))
    if lies is Relation.DISJOINT:
        beside = bounds.one_value_from_complementary(a, b)
        return _made(case, Relation.OVERLAP if case.basis else lies, -1, twin=beside)
    twin = bounds.one_value_apart(a, b)
    return _made(case, Relation.OVERLAP if case.basis else lies, 1, twin=twin)


def _by_value(case: _Case) -> Comparison:
    a, b = case.a, case.b
    sign = a.polarity * b.polarity
    likeness = _likeness(a, b) if a.value and b.value else DOUBTFUL
    if likeness == NAMES_SAME:
        return _exact(case, sign)
    if likeness == DOUBTFUL:
        return _unknown(case, f"in doubt whether {a.value or 'nothing'} is {b.value or 'nothing'}")
    if a.binary and b.binary:
        return _exact(case, -sign)
    if a.exclusive and b.exclusive and sign > 0 and a.polarity > 0:
        return _made(case, Relation.OVERLAP if case.basis else Relation.DISJOINT, -1, twin=False)
    return _unknown(case, f"another value: {a.value} / {b.value}")


_OF_PEOPLE = frozenset(
    {"winner", "nominee", "primary winner", "finish", "win", "lead", "nominate", "leave", "resign", "run"}
    | {"be arrest", "be charge", "be indict", "be convict", "be nominate", "be appoint", "be confirm"}
)
"""Measures whose value is somebody; elsewhere a word more or less in a value makes another value."""


def _likeness(a: TypedContract, b: TypedContract) -> str:
    """Whether two values are one: as names where somebody is asked for, else to the word."""
    found = alike(a.value, b.value)
    if found == NAMES_SAME and a.value != b.value and a.measure not in _OF_PEOPLE:
        return DOUBTFUL
    return found


def _exact(case: _Case, sign: int) -> Comparison:
    """One question: exact where nothing contradicts, else a twin on another basis."""
    if case.basis:
        return _made(case, Relation.OVERLAP, sign, twin=True)
    return _made(case, Relation.IDENTICAL if sign > 0 else Relation.COMPLEMENT, sign, twin=False)


def _made(case: _Case, relation: Relation, sign: int, *, twin: bool) -> Comparison:
    trust = min(case.a.confidence, case.b.confidence) * _QUIET**case.silent
    return Comparison(case.a.market, case.b.market, relation, sign, twin, case.fields, trust)


def _unknown(case: _Case, why: str) -> Comparison:
    return Comparison(case.a.market, case.b.market, Relation.UNKNOWN, differences=case.fields, refusal=why)

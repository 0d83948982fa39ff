"""Relations as sets, both ways round; silence and contradiction."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.match import bounds
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.relate import Relation, compare

ASKED = {
    "family": "cpi",
    "subject": "us",
    "measure": "rate",
    "scope": "core mom",
    "period": "2027-05",
    "unit": "%",
}
MIRROR = {Relation.SUBSET: Relation.SUPERSET, Relation.SUPERSET: Relation.SUBSET}


def contract(venue="kalshi", **terms):
    return TypedContract(market=f"{venue}-1", venue=venue, **(ASKED | terms))


def half(sign, value, venue="kalshi", **terms):
    low = sign[0] == ">"
    closed = sign.endswith("=")
    ends = {"low": value, "low_closed": closed} if low else {"high": value, "high_closed": closed}
    return contract(venue, comparator=sign, **(ends | terms))


def test_a_strict_bound_and_the_next_value_are_one_set_on_a_known_grid_only():
    above, least = half(">", 30, step=10), half(">=", 40, "polymarket", step=10)
    assert compare(above, least).relation is Relation.IDENTICAL
    blind = msgspec.structs.replace(above, step=0), msgspec.structs.replace(least, step=0)
    assert compare(*blind).relation is Relation.SUPERSET
    assert compare(above, blind[1]).relation is Relation.IDENTICAL


def test_one_strike_under_two_operators_is_a_twin_and_nested():
    found = compare(half(">", 30, step=10), half(">=", 30, "polymarket", step=10))
    assert (found.relation, found.polarity, found.twin) == (Relation.SUBSET, 1, True)


def test_complement_and_near_complement():
    above = half(">", 30)
    exact = compare(above, half("<=", 30, "polymarket"))
    assert (exact.relation, exact.polarity) == (Relation.COMPLEMENT, -1)
    gap = compare(above, half("<", 30, "polymarket"))
    assert (gap.relation, gap.polarity, gap.twin) == (Relation.DISJOINT, -1, True)
    both = compare(half(">=", 30), half("<=", 30, "polymarket"))
    assert (both.relation, both.twin) == (Relation.OVERLAP, False)


def test_silence_is_no_agreement_on_what_is_asked():
    ours = half(">", 30)
    for name in ("subject", "measure", "period"):
        quiet = half(">", 30, "polymarket", **{name: ""})
        found = compare(ours, quiet)
        assert (found.relation, found.twin) == (Relation.UNKNOWN, False)
        assert found.refusal == f"polymarket does not state the {name}"
        both = compare(half(">", 30, **{name: ""}), quiet)
        assert both.relation is Relation.UNKNOWN


def test_what_neither_needs_to_state_may_be_left_out_by_both_but_not_by_one():
    ours, theirs = half(">", 30, scope=""), half(">", 30, "polymarket", scope="")
    assert compare(ours, theirs).relation is Relation.IDENTICAL
    assert compare(ours, half(">", 30, "polymarket")).relation is Relation.UNKNOWN


def test_soft_keys_silent_lower_the_confidence_and_contradicting_make_a_twin():
    ours = half(">", 30, source="BLS", void="no")
    same = compare(ours, half(">", 30, "polymarket", source="BLS", void="no"))
    silent = compare(ours, half(">", 30, "polymarket"))
    other = compare(ours, half(">", 30, "polymarket", source="BLS", void="50-50"))
    assert same.relation is silent.relation is Relation.IDENTICAL
    assert same.confidence > silent.confidence
    assert "source" in {each.field for each in silent.differences if each.verdict == "silent"}
    assert (other.relation, other.polarity, other.twin) == (Relation.OVERLAP, 1, True)


def test_where_the_source_is_the_question_its_silence_makes_a_twin():
    ours = half(">", 30, family="weather", source="Central Park")
    found = compare(ours, half(">", 30, "polymarket", family="weather"))
    assert (found.relation, found.twin) == (Relation.OVERLAP, True)


def value(what, venue="kalshi", **terms):
    return contract(venue, comparator="is", value=what, **({"unit": ""} | terms))


def test_values_and_what_their_question_allows():
    assert compare(value("democrat"), value("democrat", "polymarket")).relation is Relation.IDENTICAL
    assert compare(value("democrat"), value("republican", "polymarket")).relation is Relation.UNKNOWN
    race = {"exclusive": True}
    found = compare(value("democrat", **race), value("republican", "polymarket", **race))
    assert (found.relation, found.polarity) == (Relation.DISJOINT, -1)
    game = {"exclusive": True, "binary": True}
    found = compare(value("okc", **game), value("sas", "polymarket", **game))
    assert (found.relation, found.polarity) == (Relation.COMPLEMENT, -1)


def test_a_denial_is_the_complement_of_what_it_denies():
    found = compare(value("up"), value("up", "polymarket", polarity=-1))
    assert (found.relation, found.polarity) == (Relation.COMPLEMENT, -1)
    assert compare(value("up", polarity=-1), value("up", "polymarket", polarity=-1)).polarity == 1


def test_a_part_of_a_name_is_in_doubt_and_doubt_refuses():
    found = compare(value("bolsonaro"), value("flavio bolsonaro", "polymarket"))
    assert found.relation is Relation.UNKNOWN
    assert "doubt" in found.refusal
    assert compare(value("a", doubt="torn"), value("a", "polymarket")).refusal == "kalshi: torn"


def test_a_number_is_no_name():
    assert compare(half(">", 30, unit=""), value("up", "polymarket")).relation is Relation.UNKNOWN


def test_in_a_year_and_by_its_end_are_one_only_for_markets_that_opened_within_it():
    inside = 1_800_000_000 * 10**9  # January 2027
    before = inside - 86_400 * 60 * 10**9
    ours, theirs = value("x", period="2027"), value("x", "polymarket", period="<=2027-12-31")
    assert compare(ours, theirs).relation is Relation.UNKNOWN
    opened = [msgspec.structs.replace(each, opens_ns=inside) for each in (ours, theirs)]
    assert compare(*opened).relation is Relation.IDENTICAL
    early = msgspec.structs.replace(opened[1], opens_ns=before)
    assert compare(opened[0], early).relation is Relation.UNKNOWN


@st.composite
def sets(draw, venue):
    step = draw(st.sampled_from((0, 5)))
    low, high = draw(st.none() | st.integers(-50, 50)), draw(st.none() | st.integers(-50, 50))
    if low is not None and high is not None and low > high:
        low, high = high, low
    closed = st.booleans()
    low_closed, high_closed = (True, True) if low == high else (draw(closed), draw(closed))
    return contract(
        venue,
        comparator="between",
        low=low,
        high=high,
        low_closed=low is not None and low_closed,
        high_closed=high is not None and high_closed,
        step=step,
    )


@given(sets("kalshi"), sets("polymarket"))
def test_the_other_way_round_is_the_mirror(a, b):
    there, back = compare(a, b), compare(b, a)
    assert back.relation is MIRROR.get(there.relation, there.relation)
    assert (there.polarity, there.twin, there.refusal) == (back.polarity, back.twin, back.refusal)


def member(c, x):
    if c.step and x % c.step:
        return None
    above = c.low is None or x > c.low or (x == c.low and c.low_closed)
    below = c.high is None or x < c.high or (x == c.high and c.high_closed)
    return above and below


@given(sets("kalshi"), sets("polymarket"))
def test_relations_hold_value_by_value(a, b):
    """On a grid both know, or on none, whole numbers are witnesses against a wrong relation."""
    if a.step != b.step:
        return
    relation = compare(a, b).relation
    xs = range(-70, 71) if not a.step else range(-70, 71, a.step)
    pairs = [(member(a, x), member(b, x)) for x in xs]
    if relation is Relation.IDENTICAL:
        assert all(x == y for x, y in pairs)
    if relation is Relation.COMPLEMENT:
        assert all(x != y for x, y in pairs)
    if relation is Relation.SUBSET:
        assert all(y or not x for x, y in pairs)
    if relation is Relation.DISJOINT:
        assert not any(x and y for x, y in pairs)
    if a.step and bounds.same(a, b):
        assert all(x == y for x, y in pairs)


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [((30, 30), (30, 40), "subset"), ((10, 20), (15, 30), "overlap"), ((10, 20), (30, 40), "disjoint")],
)
def test_bands(a, b, said):
    made = [
        contract(venue, comparator="between", low=low, high=high, low_closed=True, high_closed=True)
        for venue, (low, high) in zip(("kalshi", "polymarket"), (a, b), strict=True)
    ]
    assert compare(*made).relation == said

"""What a settlement basis costs: by the terms that differ, and by a model where one prices the contract."""

import math

import msgspec
import numpy as np
import pytest

from cockpit.domain.units import MONEY, UNDERLYING
from cockpit.models.brackets import Contract
from cockpit.models.fair import Outlook
from cockpit.models.match.contract import TypedContract
from cockpit.models.match.relate import Comparison, Difference, Relation
from cockpit.strategies.spreads.legs import Basis, Haircuts
from cockpit.strategies.spreads.settlement import (
    badge,
    basis_of,
    gap_of,
    one_sided,
    settlement,
    spread_of,
)

OUTLOOK = Outlook(mean=84_000.0, sd=400.0, spot=84_000.0, vol=0.45)
ABOVE = Contract("BTC", 84_000.0, math.inf, 0)
TERMS = TypedContract("a", "kalshi", low=84_000 * UNDERLYING, window_s=60)


def how(*differences, polarity=1):
    return Comparison(
        "a", "b", Relation.OVERLAP, polarity, True, tuple(Difference(*each) for each in differences)
    )


@pytest.mark.parametrize(
    ("differences", "found", "told"),
    [
        ((), set(), "SAME"),
        ((("source", "BRTI", "BRTI", "same"),), set(), "SAME"),
        ((("source", "BRTI", "binance", "differs"),), {Basis.SOURCE}, "SRC"),
        ((("source", "BRTI", "", "silent"),), {Basis.SOURCE}, "SRC"),
        ((("source", "", "", "silent"), ("void", "", "", "silent")), set(), "SAME"),
        ((("window", "60 s", "one", "differs"), ("source", "x", "y", "differs")), {Basis.SOURCE, Basis.HOUR}, "SRC+AVG"),
        ((("terms", "> 3", ">= 3", "differs"), ("void", "no", "50-50", "differs")), {Basis.OPERATOR, Basis.VOID}, "VOID+EDGE"),
        ((("subject", "BTC", "BTC", "same"), ("window", "60 s", "", "silent")), set(), "SAME"),
    ],
)  # fmt: skip
def test_fields_say_what_differs(differences, found, told):
    assert basis_of(how(*differences)) == found
    assert badge(how(*differences)) == told


def test_bounds_no_value_falls_between_are_no_difference():
    told = (("terms", "> 84,299.99", ">= 84,300", "differs"),)
    assert basis_of(msgspec.structs.replace(how(*told), relation=Relation.IDENTICAL)) == set()
    assert basis_of(how(*told)) == {Basis.OPERATOR}


def test_a_pair_of_no_known_polarity_is_unsure():
    assert basis_of(how(polarity=0)) == {Basis.UNSURE}


def test_without_a_model_the_table_speaks():
    cut = settlement(how(("source", "x", "y", "differs")), (TERMS, TERMS), None, None)
    assert (cut.each, cut.modelled, cut.badge) == (Haircuts().source, False, "source")
    assert settlement(how(), (TERMS, TERMS), ABOVE, OUTLOOK).each == Haircuts().identical


def test_with_a_model_the_basis_costs_what_it_may_lose():
    other = msgspec.structs.replace(TERMS, window_s=0)
    differences = (("source", "x", "y", "differs"), ("window", "60 s", "one", "differs"))
    near = settlement(how(*differences), (TERMS, other), ABOVE, OUTLOOK)
    far = settlement(how(*differences), (TERMS, other), Contract("BTC", 90_000.0, math.inf, 0), OUTLOOK)
    assert near.modelled
    assert near.badge == "source, hour"
    assert 0.02 < near.each / MONEY < 0.045  # 84 dollars of sources and 30 of averaging, at the money
    assert far.each == Haircuts().identical


def test_a_void_rule_costs_on_top_of_a_model():
    differences = (("source", "x", "y", "differs"), ("void", "no", "50-50", "differs"))
    with_void = settlement(how(*differences), (TERMS, TERMS), ABOVE, OUTLOOK)
    without = settlement(how(differences[0]), (TERMS, TERMS), ABOVE, OUTLOOK)
    assert with_void.each - without.each == Haircuts().void


@pytest.mark.parametrize("sd", [40.0, 200.0, 400.0])
@pytest.mark.parametrize("strike", [83_200.0, 83_800.0, 84_000.0, 84_500.0])
def test_the_formula_is_what_happens(strike, sd):
    """Two settlement values drawn, their difference independent of the first: how often only one pays, the worse way."""
    draw = np.random.default_rng(4)
    n = 400_000
    first = 84_000.0 + 400.0 * draw.standard_normal(n)
    second = first + sd * draw.standard_normal(n)
    seen = max(np.mean((first >= strike) & (second < strike)), np.mean((first < strike) & (second >= strike)))
    said = one_sided(Contract("BTC", strike, math.inf, 0), OUTLOOK, sd, 0.0)
    assert said == pytest.approx(seen, abs=4 * math.sqrt(seen / n) + 0.003 * seen)


def test_a_bracket_has_two_edges():
    one = one_sided(Contract("BTC", 83_900.0, math.inf, 0), OUTLOOK, 40.0, 0.0)
    two = one_sided(Contract("BTC", -math.inf, 84_100.0, 0), OUTLOOK, 40.0, 0.0)
    assert one_sided(Contract("BTC", 83_900.0, 84_100.0, 0), OUTLOOK, 40.0, 0.0) == pytest.approx(one + two)


def test_nothing_known_costs_at_most_everything():
    still = msgspec.structs.replace(OUTLOOK, sd=0.0)
    assert one_sided(ABOVE, still, 0.0, 0.0) == 0.0
    assert one_sided(ABOVE, OUTLOOK, 0.0, 1e4) == pytest.approx(0.5, abs=0.05)


def test_a_window_one_venue_is_silent_about_counts_as_the_usual_one():
    unknown = TypedContract("b", "polymarket")
    same = spread_of((TERMS, TERMS), OUTLOOK, sources=False)
    assert same == 0.0
    per_root_s = 84_000.0 * 0.45 / math.sqrt(365 * 86_400)
    assert spread_of((TERMS, unknown), OUTLOOK, sources=False) == pytest.approx(per_root_s * math.sqrt(20))


def test_bounds_that_differ_are_a_gap():
    other = msgspec.structs.replace(TERMS, low=84_001 * UNDERLYING)
    assert gap_of((TERMS, other)) == pytest.approx(1.0)
    assert gap_of((TERMS, TypedContract("b", "polymarket"))) == 0.0

"""Time, basis and legging: worked numbers, bounds, and the haircut of each difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fees import FeeTerms
from cockpit.domain.units import MONEY, RATIO, SECOND
from cockpit.strategies.spreads.legs import DAY_NS, PARAMS, Basis, Leg
from cockpit.strategies.spreads.payoff import (
    annual,
    both_ev,
    expected,
    haircut,
    hedge_ev,
    over_hurdle,
    p_both,
    payout_days,
    pays_from,
)

T = 1_800_000_000 * SECOND
TERMS = FeeTerms("quadratic", RATIO, "assumed")


@pytest.mark.parametrize(("days", "net"), [(1, 0.00021), (30, 0.0064), (180, 0.0383)])
def test_the_hurdle(days: float, net: float) -> None:
    """A capital of .97 at 8 % a year."""
    assert -over_hurdle(0.0, 0.97, 0.08, days) == pytest.approx(net, abs=5e-5)
    assert over_hurdle(0.03, 0.97, 0.08, days) == pytest.approx(0.03 - net, abs=5e-5)


def test_annual_is_simple() -> None:
    assert annual(0.06383, 30) == pytest.approx(0.777, abs=5e-4)


@pytest.mark.parametrize(
    ("q0", "alone", "with_q2"),
    [(0.005, 0.025, 0.0275), (0.01, 0.020, 0.025), (0.02, 0.010, 0.020), (0.05, -0.020, 0.005)],
)
def test_the_basis_takes_its_probability_off(q0: float, alone: float, with_q2: float) -> None:
    assert expected(0.030, q0) == pytest.approx(alone)
    assert expected(0.030, q0, q0 / 2) == pytest.approx(with_q2)
    assert expected(0.030, 0.030) == 0.0


@pytest.mark.parametrize(("rho", "ev"), [(0.0, -0.003), (-0.3, -0.009246)])
def test_two_resting_legs(rho: float, ev: float) -> None:
    assert both_ev(0.5, 0.4, rho, 0.04, 0.02, 0.025) == pytest.approx(ev, abs=1e-6)


@pytest.mark.parametrize("rho", [0.0, -0.3, 0.5])
def test_where_two_resting_legs_begin_to_pay(rho: float) -> None:
    least = pays_from(0.5, 0.4, rho, 0.02, 0.025)
    assert least is not None
    assert both_ev(0.5, 0.4, rho, least, 0.02, 0.025) == pytest.approx(0.0, abs=1e-12)
    assert pays_from(0.2, 0.2, -1.0, 0.02, 0.02) is None


def test_a_hedge_as_a_taker() -> None:
    assert hedge_ev(0.5, 0.9, 0.025, 0.03) == pytest.approx(0.00975)


P = st.floats(0.0, 1.0)


@given(P, P, st.floats(-1.0, 1.0))
def test_both_are_filled_no_more_often_than_each(p_a: float, p_b: float, rho: float) -> None:
    joint = p_both(p_a, p_b, rho)
    assert max(0.0, p_a + p_b - 1.0) <= joint + 1e-12
    assert joint <= min(p_a, p_b)
    assert joint == p_both(p_b, p_a, rho)


@pytest.mark.parametrize(
    ("differences", "q0", "ticks", "cents", "badge", "modelled", "sure"),
    [
        ((), None, 1, 0.25, "identical", False, True),
        ((), 0.3, 1, 0.25, "identical", False, True),
        ((Basis.OPERATOR,), None, 1, 1.0, "operator", False, True),
        ((Basis.OPERATOR,), None, 3, 3.0, "operator", False, True),
        ((Basis.OPERATOR,), 0.004, 3, 0.4, "operator", True, True),
        ((Basis.OPERATOR,), 0.0, 3, 0.25, "operator", True, True),
        ((Basis.SOURCE,), None, 1, 2.0, "source", False, True),
        ((Basis.SOURCE,), 0.5, 1, 2.0, "source", False, True),
        ((Basis.HOUR,), None, 1, 3.0, "hour", False, True),
        ((Basis.HOUR,), 0.01, 1, 3.0, "hour", True, True),
        ((Basis.HOUR,), 0.08, 1, 8.0, "hour", True, True),
        ((Basis.VOID,), None, 1, 3.0, "void", False, True),
        ((Basis.VOID, Basis.SOURCE), None, 1, 5.0, "source, void", False, True),
        ((Basis.HOUR, Basis.SOURCE), 0.04, 1, 6.0, "source, hour", True, True),
        ((Basis.UNSURE,), None, 1, 0.25, "unsure", False, False),
        ((Basis.UNSURE, Basis.VOID), None, 1, 3.0, "void, unsure", False, False),
    ],
)
def test_haircuts(
    differences: tuple[Basis, ...],
    q0: float | None,
    ticks: int,
    cents: float,
    badge: str,
    modelled: bool,
    sure: bool,
) -> None:
    found = haircut(differences, q0, ticks)
    assert found.each == round(cents * MONEY / 100)
    assert (found.badge, found.modelled, found.sure) == (badge, modelled, sure)


@pytest.mark.parametrize(
    ("venue", "settles", "days"),
    [
        ("polymarket", 3.0, 3.0 + 3 / 24),
        ("polymarket", 0.0, 1.0 + 1 / 24),
        ("kalshi", 2.0, 2.0 + 1 / 24),
        ("elsewhere", 2.0, 3.0),
    ],
)
def test_days_run_to_the_money_on_the_slower_venue(venue: str, settles: float, days: float) -> None:
    a = Leg("a", "kalshi", (), (), TERMS, T, settle_ns=T + DAY_NS)
    b = Leg("b", venue, (), (), TERMS, T, settle_ns=T + round(settles * DAY_NS))
    assert payout_days(a, b, T, PARAMS) == pytest.approx(days)


def test_days_are_not_told_without_dates_and_never_nought() -> None:
    a = Leg("a", "kalshi", (), (), TERMS, T, settle_ns=T - DAY_NS)
    assert payout_days(a, a, T, PARAMS) == 1 / 24
    assert payout_days(a, Leg("b", "kalshi", (), (), TERMS, T), T, PARAMS) is None

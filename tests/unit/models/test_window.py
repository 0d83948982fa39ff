import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.units import SECOND
from cockpit.models.brackets import Contract, price
from cockpit.models.digitals import YEAR_S, averaged_digital_inside
from cockpit.models.volatility import VolEstimate
from cockpit.models.window import Known, Spot, excess_kurtosis, settle, tail

CLOSE = 1_796_000_400 * SECOND
S, SIGMA = 85_000.0, 0.50
VOL = VolEstimate(SIGMA, 0.2)


def spot(age_s=0.0, error=0.0, value=S):
    return Spot(value, "BRTI", int(age_s * SECOND), error)


def at(left_s, seen=0, **fields):
    known = Known(seen, fields.pop("total", seen * S), fields.pop("estimated", 0))
    return settle(CLOSE - int(left_s * SECOND), CLOSE, spot(**fields), VOL, known)


def normal(outlook, strike):
    """P(A > strike) without fat tails."""
    plain = msgspec.structs.replace(outlook, tail=0)
    return price(plain, [Contract("BTC", strike, math.inf, CLOSE)])[0].mid


@pytest.mark.parametrize(("left", "seen"), [(900, 0), (120, 0), (60, 0), (45, 15), (30, 30), (15, 45)])
@pytest.mark.parametrize("offset", [-60.0, -5.0, 0.0, 8.0, 90.0])
def test_prices_agree_with_the_closed_form(left, seen, offset):
    outlook = at(left, seen, total=seen * (S - 20))
    first = left - 59 if seen == 0 else 1.0
    closed = averaged_digital_inside(S, S + offset, SIGMA, first, seen * (S - 20), seen)
    assert normal(outlook, S + offset) == pytest.approx(closed, abs=2e-4)


@pytest.mark.parametrize(
    ("left", "seen", "theta"),
    [(900, 0, 860.503), (60, 0, 20.503), (45, 15, 8.72), (30, 30, 2.63), (15, 45, 0.344), (5, 55, 0.0153)],
)
def test_effective_seconds(left, seen, theta):
    outlook = at(left, seen)
    assert outlook.theta_s == pytest.approx(theta, rel=3e-3)
    assert outlook.sd == pytest.approx(S * SIGMA * math.sqrt(theta / YEAR_S), rel=3e-3)
    assert outlook.known == seen
    assert outlook.left_s == left


def test_an_old_spot_has_more_left_to_diffuse():
    """Seen 10 s ago, the spot diffuses 10 s longer; what its age does is told apart."""
    fresh, old = at(300), at(300, age_s=10)
    assert old.theta_s == pytest.approx(fresh.theta_s)
    assert old.sd == pytest.approx(S * SIGMA * math.sqrt((fresh.theta_s + 10) / YEAR_S), rel=1e-4)
    assert old.age_error == pytest.approx(S * SIGMA * math.sqrt(10 / YEAR_S), rel=1e-6)
    assert fresh.age_error == 0.0


def test_a_late_print_is_not_waited_for_twice():
    """Half a second after a print came due that nobody has seen yet: one second of diffusion to it, not one and a half."""
    outlook = at(28.5, 30, age_s=1.5)
    assert outlook.sd == pytest.approx(S * SIGMA * math.sqrt(2.63 / YEAR_S), rel=3e-3)


def test_the_index_error_fades_with_the_prints_to_come():
    before, inside = at(300, error=8.0), at(30, 30, error=8.0)
    assert before.index_error == pytest.approx(8.0)
    assert inside.index_error == pytest.approx(4.0)
    assert before.sd > at(300).sd


def test_estimated_prints_carry_the_error_on():
    assert at(30, 30, error=8.0, estimated=30).index_error == pytest.approx(8.0)


def test_all_prints_out():
    outlook = at(-2, 60, total=60 * (S + 3))
    assert outlook.mean == pytest.approx(S + 3)
    assert outlook.sd < 0.001
    assert outlook.left_s == 0.0
    low, high = price(
        outlook, [Contract("BTC", S + 2, math.inf, CLOSE), Contract("BTC", S + 4, math.inf, CLOSE)]
    )
    assert (low.mid, high.mid) == (1.0, 0.0)


def test_the_last_prints_leave_more_unexplained():
    assert at(2, 58).residual > at(30, 30).residual > 0


@given(st.floats(-50, 50))
def test_nothing_jumps_at_the_start_of_the_window(offset):
    """The first print equals the spot: the moment before it and the moment after agree."""
    before = settle(CLOSE - 59 * SECOND - 1, CLOSE, spot(), VOL, Known())
    after = settle(CLOSE - 59 * SECOND, CLOSE, spot(), VOL, Known(1, S))
    assert normal(before, S + offset) == pytest.approx(normal(after, S + offset), abs=1e-4)
    assert before.mean == pytest.approx(after.mean)


def test_tails_are_fatter_the_less_is_known():
    sure, unsure = VolEstimate(SIGMA, 0.15), VolEstimate(SIGMA, 0.5)
    assert tail(excess_kurtosis(sure.error, 900)) == 8
    assert tail(excess_kurtosis(unsure.error, 900)) == 4
    assert tail(excess_kurtosis(0.35, 900)) == 6
    assert tail(excess_kurtosis(0.15, 5)) == 4


def test_kurtosis_of_a_mixture():
    """A volatility known to 0 and constant but for its forecast error, far from the close."""
    assert excess_kurtosis(0.0, 1e9) == pytest.approx(3 * (math.exp(4 * 0.25**2) - 1), rel=1e-6)

"""Information and component shares by worked numbers, and what holds of them always."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.models.leads.shares import shares


def test_worked_numbers() -> None:
    found = shares((-0.02, 0.10), ((1.0, 0.3), (0.3, 1.2)))
    assert found.first == pytest.approx((0.961986, 0.038014), abs=1e-6)
    assert found.second == pytest.approx((0.791952, 0.208048), abs=1e-6)
    assert found.mid == pytest.approx((0.876969, 0.123031), abs=1e-6)
    assert found.component == pytest.approx((0.833333, 0.166667), abs=1e-6)


def test_a_price_that_alone_does_not_adjust_has_it_all() -> None:
    found = shares((0.0, 0.2), ((1.0, 0.0), (0.0, 1.0)))
    assert found.first == found.second == found.mid == found.component == (1.0, 0.0)


SPEED = st.floats(0.01, 1.0)


@given(SPEED, SPEED, st.floats(0.1, 5.0), st.floats(0.1, 5.0), st.floats(-0.95, 0.95))
def test_they_are_shares_and_have_no_favourite(p: float, q: float, a: float, d: float, rho: float) -> None:
    b = rho * (a * d) ** 0.5
    found = shares((-p, q), ((a, b), (b, d)))
    for pair in (found.first, found.second, found.mid, found.component):
        assert sum(pair) == pytest.approx(1.0)
        assert min(pair) >= 0.0
    turned = shares((-q, p), ((d, b), (b, a)))
    assert turned.mid == pytest.approx((found.mid[1], found.mid[0]))
    assert turned.component == pytest.approx((found.component[1], found.component[0]))
    if rho > 0:
        assert found.first[0] >= found.second[0] - 1e-12


@pytest.mark.parametrize(
    ("alpha", "omega"),
    [
        ((0.0, 0.0), ((1.0, 0.0), (0.0, 1.0))),
        ((0.1, 0.1), ((1.0, 0.0), (0.0, 1.0))),
        ((-0.1, 0.1), ((1.0, 0.2), (0.3, 1.0))),
        ((-0.1, 0.1), ((1.0, 2.0), (2.0, 1.0))),
        ((-0.1, 0.1), ((0.0, 0.0), (0.0, 1.0))),
    ],
)
def test_what_has_no_shares(alpha: tuple[float, float], omega: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(ValueError, match=r"covariance|trend"):
        shares(alpha, omega)  # type: ignore[arg-type]

"""What a position costs and must win at, and what a fill came to after adverse selection: worked numbers."""

import pytest

from cockpit.domain.fees import FeeTerms, trade_fee
from cockpit.domain.units import BID, MONEY, PRICE, QTY, RATIO
from cockpit.engine.metrics import Markout, Metrics

TERMS = FeeTerms("quadratic", RATIO, "test")
CHARGED = FeeTerms("quadratic_with_maker_fees", RATIO, "test")


@pytest.mark.parametrize(("p", "worth"), [(0.62, 0.052675), (0.58, 0.012675)])
def test_a_takers_break_even(p, worth):
    """At 55 cents: .567325 with the fee, before rounding."""
    cost = 0.55 + trade_fee(TERMS, 5_500, QTY, maker=False, quantum=1) / MONEY
    assert cost == pytest.approx(0.567325)
    assert p - cost == pytest.approx(worth)


@pytest.mark.parametrize(
    ("mid2", "markout", "adverse", "net"),
    [(8_100, 0.5, 0.5, 0.08), (7_800, -1.0, 2.0, -1.42), (7_400, -3.0, 4.0, -3.42)],
)
def test_a_fill_after_adverse_selection_and_fee(mid2, markout, adverse, net):
    """Bought at 40 with the mid at 41 before: mark-out is the half spread less adverse selection."""
    found, lane = Markout(), Metrics()
    found.add(BID, 4_000, QTY, mid2)
    lane.drift(BID * (8_200 - mid2), QTY)
    assert found.mean is not None
    assert found.mean / 100 == pytest.approx(markout)
    assert lane.adverse / 2 / lane.adverse_qty / 100 == pytest.approx(adverse)
    assert found.mean / 100 == pytest.approx(1.0 - adverse)
    fee = trade_fee(CHARGED, 4_000, QTY, maker=True, quantum=1) / MONEY
    assert fee == pytest.approx(0.0042)
    assert found.mean / PRICE - fee == pytest.approx(net / 100)

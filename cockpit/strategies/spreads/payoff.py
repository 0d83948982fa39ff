"""What a net is worth: time, hurdle, settlement basis, and the chance that only one leg is filled.

    net / contract = 1 - a - b - fees         (YES at a here, NO at b there, one event)
    annual         = ROI * 365 / d            simple; d to the payout on the slower venue, not to the close
    over hurdle    = net - K r d / 365
    expected       = net - q0 + q2            neither pays with q0, both with q2, which is not counted on
    p_AB           = p_A p_B + rho sqrt(p_A (1 - p_A) p_B (1 - p_B))
    EV resting     = p_AB net - (p_A - p_AB) L_A - (p_B - p_AB) L_B
    EV hedged      = p_fill (h net - (1 - h) L)

p_AB is the joint probability of two Bernoulli variables of correlation rho, held within what their margins allow
(the bounds of Frechet and Hoeffding).
"""

import math
from collections.abc import Collection

from cockpit.domain.units import MONEY
from cockpit.strategies.spreads.legs import DAY_NS, Basis, Haircut, Haircuts, Leg, Params

HAIRCUTS = Haircuts()
YEAR_DAYS = 365


def annual(roi: float, days: float) -> float:
    """A return simply annualised."""
    return roi * YEAR_DAYS / days


def over_hurdle(net: float, capital: float, rate: float, days: float) -> float:
    """A net less what its capital would earn elsewhere until the payout; in the unit of both."""
    return net - capital * rate * days / YEAR_DAYS


def expected(net: float, q0: float, q2: float = 0.0) -> float:
    """A net after the settlement basis, dollars a contract: neither pays with probability q0, both with q2."""
    return net - q0 + q2


def p_both(p_a: float, p_b: float, rho: float) -> float:
    """Probability that both orders are filled."""
    joint = p_a * p_b + rho * math.sqrt((p_a * (1.0 - p_a)) * (p_b * (1.0 - p_b)))
    return min(max(joint, p_a + p_b - 1.0, 0.0), p_a, p_b)


def both_ev(p_a: float, p_b: float, rho: float, net: float, loss_a: float, loss_b: float) -> float:
    """Expected value of two resting legs, in the unit of ``net`` and the losses of a leg left alone."""
    joint = p_both(p_a, p_b, rho)
    return joint * net - (p_a - joint) * loss_a - (p_b - joint) * loss_b


def pays_from(p_a: float, p_b: float, rho: float, loss_a: float, loss_b: float) -> float | None:
    """The net at which two resting legs are worth nothing, in the unit of the losses; None where both are never filled."""
    joint = p_both(p_a, p_b, rho)
    return ((p_a - joint) * loss_a + (p_b - joint) * loss_b) / joint if joint > 0.0 else None


def hedge_ev(p_fill: float, hold: float, net: float, loss: float) -> float:
    """Expected value of resting one leg and taking the other when it fills: information, never a ticket.

    Args:
        p_fill: probability that the resting leg is filled.
        hold: probability that the hedge is still there after the delay, a human's included.
        net: of maker on one side and taker on the other.
        loss: of the leg when the hedge is gone.
    """
    return p_fill * (hold * net - (1.0 - hold) * loss)


def payout_days(a: Leg, b: Leg, now: int, params: Params) -> float | None:
    """Days to the money on the slower venue; None where either has no date."""
    if not a.settle_ns or not b.settle_ns:
        return None
    paid = max(a.settle_ns + params.delay(a.venue), b.settle_ns + params.delay(b.venue))
    return max(paid - now, params.shortest_ns) / DAY_NS


def haircut(
    differences: Collection[Basis],
    q0: float | None = None,
    ticks: int = 1,
    table: Haircuts = HAIRCUTS,
) -> Haircut:
    """What differing settlement takes off, all differences summed: more than both together they cannot cost.

    A model's q0, the probability that the outcome falls between the two boundaries or instants, stands for the
    differences of operator and of hour; another instant costs the table's amount at least.

    Args:
        differences: how the two settle differently; none is "identical".
        q0: probability that neither contract bought pays, from a model; None where there is none.
        ticks: width of the boundary in ticks, where only the operator or rounding differs.
        table: what each difference costs where no model says.
    """
    if not differences:
        return Haircut(table.identical)
    modelled = q0 is not None and (Basis.OPERATOR in differences or Basis.HOUR in differences)
    if modelled:
        each = math.ceil((q0 or 0.0) * MONEY)
        if Basis.HOUR in differences:
            each = max(each, table.hour)
    else:
        each = ticks * table.operator * (Basis.OPERATOR in differences) + table.hour * (
            Basis.HOUR in differences
        )
    each += table.source * (Basis.SOURCE in differences) + table.void * (Basis.VOID in differences)
    badge = ", ".join(basis for basis in Basis if basis in differences)
    return Haircut(max(each, table.identical), badge, modelled, Basis.UNSURE not in differences)

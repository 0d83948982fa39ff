"""Price discovery shares from an error-correction model: reports, not live (it needs dense ticks on one grid).

Two prices of one thing, y_t = (y1, y2), beta = (1, -1), alpha the speeds of adjustment, Omega the covariance of the
innovations. The common trend weighs them by the vector orthogonal to alpha, (alpha_2, -alpha_1):

    Gonzalo-Granger component share     alpha_perp / sum(alpha_perp)
    Hasbrouck information share j       ([alpha_perp' F]_j)^2 / (alpha_perp' Omega alpha_perp),  F = chol(Omega)

F depends on which price is put first, so both orders and their mean are told. Sources: J. Hasbrouck, "One security, many
markets", Journal of Finance 1995; J. Gonzalo and C. Granger, "Estimation of common long-memory components in cointegrated
systems", 1995.
"""

import math

import msgspec

Two = tuple[float, float]
"""The first price's share and the second's."""


class Shares(msgspec.Struct, frozen=True):
    """Shares of two prices in their common trend; each pair comes to one."""

    first: Two
    """Information shares with the first price in front: its greatest."""
    second: Two
    """With the second in front: the first's least."""
    mid: Two
    component: Two
    """Gonzalo and Granger's; may lie outside 0..1 where a price moves away from the other."""


def shares(alpha: Two, omega: tuple[Two, Two]) -> Shares:
    """Both kinds of share.

    Args:
        alpha: speeds of adjustment of the two prices to their difference, first minus second.
        omega: covariance of the innovations.

    Raises:
        ValueError: when neither price adjusts, when both do alike, or when omega is no covariance.
    """
    one, two = alpha[1], -alpha[0]
    (a, b), (c, d) = omega
    if a <= 0.0 or d <= 0.0 or b != c or a * d - b * b < 0.0:
        raise ValueError("not a covariance")
    total = one + two
    if not total or not (one * one * a + 2.0 * one * two * b + two * two * d):
        raise ValueError("no common trend")
    front = _information(one, two, a, b, d)
    back = _information(two, one, d, b, a)
    behind = back[1], back[0]
    mid = (front[0] + behind[0]) / 2.0, (front[1] + behind[1]) / 2.0
    return Shares(front, behind, mid, (one / total, two / total))


def _information(one: float, two: float, a: float, b: float, d: float) -> Two:
    """Hasbrouck's shares with the price of weight ``one`` in front."""
    f = math.sqrt(a)
    low, rest = b / f, math.sqrt(d - b * b / a)
    first, second = (one * f + two * low) ** 2, (two * rest) ** 2
    return first / (first + second), second / (first + second)

"""Standardised laws with fat tails: Student t with an even number of degrees of freedom, scaled to unit variance.

For even nu the distribution function is algebraic (Abramowitz & Stegun 26.7.4): with c2 = (nu - 2) / (z^2 + nu - 2)
and q = sign(z) sqrt(1 - c2) = z sqrt(c2 / (nu - 2)),

    F(z) = 1/2 + q/2 (1 + c2/2 + 3/8 c2^2 + 5/16 c2^3 + ...)        nu/2 terms
    f(z) = K c2^((nu + 1)/2),   K = Gamma((nu + 1)/2) / (Gamma(nu/2) sqrt(pi (nu - 2)))

A law is named by its ``tail``: nu, or 0 for the normal. Each is a function of z that gives all a price and its band
need of an edge at once, an `Edge`.
"""

import math
from collections.abc import Callable

Edge = tuple[float, float, float, float]
"""At z: the distribution F, the density f, z f, and z (3 - z^2) f.

Moving the mean changes F by f, stretching the law by z f, and excess kurtosis k by about k/24 of the last (the
Edgeworth series; Kolassa 2006).
"""

ROOT_HALF = math.sqrt(0.5)
DENSITY_NORMAL = 1.0 / math.sqrt(2.0 * math.pi)
_ROOT_SIXTH = math.sqrt(1.0 / 6.0)


def _peak(nu: int) -> float:
    return math.gamma((nu + 1) / 2) / (math.gamma(nu / 2) * math.sqrt(math.pi * (nu - 2)))


_PEAK4, _PEAK6, _PEAK8 = _peak(4), _peak(6), _peak(8)


def normal(z: float) -> Edge:
    """The standard normal."""
    z2 = z * z
    f = DENSITY_NORMAL * math.exp(-0.5 * z2)
    zf = z * f
    return 0.5 * math.erfc(-z * ROOT_HALF), f, zf, (3.0 - z2) * zf


def student4(z: float) -> Edge:
    """The unit-variance Student t with 4 degrees of freedom."""
    z2 = z * z
    c2 = 2.0 / (z2 + 2.0)
    root = math.sqrt(c2)
    f = _PEAK4 * c2 * c2 * root
    zf = z * f
    return 0.5 + 0.5 * z * root * ROOT_HALF * (1.0 + 0.5 * c2), f, zf, (3.0 - z2) * zf


def student6(z: float) -> Edge:
    """The unit-variance Student t with 6 degrees of freedom."""
    z2 = z * z
    c2 = 4.0 / (z2 + 4.0)
    root = math.sqrt(c2)
    f = _PEAK6 * c2 * c2 * c2 * root
    zf = z * f
    return 0.5 + 0.25 * z * root * (1.0 + c2 * (0.5 + 0.375 * c2)), f, zf, (3.0 - z2) * zf


def student8(z: float) -> Edge:
    """The unit-variance Student t with 8 degrees of freedom."""
    z2 = z * z
    c2 = 6.0 / (z2 + 6.0)
    root = math.sqrt(c2)
    f = _PEAK8 * c2 * c2 * c2 * c2 * root
    zf = z * f
    series = 1.0 + c2 * (0.5 + c2 * (0.375 + 0.3125 * c2))
    return 0.5 + 0.5 * z * root * _ROOT_SIXTH * series, f, zf, (3.0 - z2) * zf


LAWS: dict[int, Callable[[float], Edge]] = {0: normal, 4: student4, 6: student6, 8: student8}
"""The laws there are, by tail."""

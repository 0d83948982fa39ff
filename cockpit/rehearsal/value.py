"""What a market of the rehearsal world is truly worth, from the path that will decide it.

The settlement value A is the mean of the 60 index prints in (close - 60 s, close]. Seen from now, the prints that are
out are known; the others are the price now plus Brownian noise. With m prints to come, the first in d seconds, and
v the variance of the price per second,

    mean A = (sum of known + m S) / 60
    var  A = v (m^2 d + (m - 1) m (2 m - 1) / 6) / 60^2

because the sum over all pairs of min(t_i, t_j) of times d, d + 1, ... is that bracket. A is treated as normal and the
volatility as staying where it is: over the minutes of a session both errors are far below a tenth of a cent.
A market pays on A rounded to cents, so a strike moves by half a cent towards the price that still rounds to it.
"""

import math

from cockpit.domain.markets import Market
from cockpit.domain.units import SECOND, UNDERLYING
from cockpit.rehearsal.path import YEAR_S, Path

PRINTS = 60
_HALF_CENT = 0.005


def outlook(path: Path, now: int, close: int) -> tuple[float, float]:
    """Mean and standard deviation (dollars) of the settlement value, as seen at ``now`` (ns UTC)."""
    first = close - (PRINTS - 1) * SECOND
    total, known = 0.0, 0
    if now >= first:
        units, known = path.window(first, min(now, close))
        total = units / UNDERLYING
    left = PRINTS - known
    price = path.at(now)
    if left == 0:
        return total / PRINTS, 0.0
    wait = (first + known * SECOND - now) / SECOND
    spread = left * left * wait + (left - 1) * left * (2 * left - 1) / 6.0
    per_second = (price * path.vol_at(now)) ** 2 / YEAR_S
    return (total + left * price) / PRINTS, math.sqrt(per_second * spread) / PRINTS


def fair(market: Market, path: Path, now: int) -> float:
    """The probability that a market pays, as seen at ``now``; its strikes are known."""
    mean, sd = outlook(path, now, market.close_ns)
    low, high = bounds(market)
    return _below(high, mean, sd) - _below(low, mean, sd)


def bounds(market: Market) -> tuple[float, float]:
    """The settlement values (dollars, before rounding to cents) that pay: low included, high not."""
    floor = -math.inf if market.floor is None else market.floor / UNDERLYING
    cap = math.inf if market.cap is None else market.cap / UNDERLYING
    if market.strike_type == "greater":
        return floor + _HALF_CENT, math.inf
    if market.strike_type == "greater_or_equal":
        return floor - _HALF_CENT, math.inf
    if market.strike_type == "less":
        return -math.inf, cap - _HALF_CENT
    return floor - _HALF_CENT, cap + _HALF_CENT


def pays(market: Market, value: int) -> bool:
    """Whether a market pays YES on a settlement value (1e-8 dollars, whole cents)."""
    floor, cap = market.floor, market.cap
    if market.strike_type == "greater":
        return floor is not None and value > floor
    if market.strike_type == "greater_or_equal":
        return floor is not None and value >= floor
    if market.strike_type == "less":
        return cap is not None and value < cap
    return floor is not None and cap is not None and floor <= value <= cap


def _below(level: float, mean: float, sd: float) -> float:
    """P(A < level)."""
    if math.isinf(level):
        return 1.0 if level > 0 else 0.0
    if sd == 0.0:
        return 1.0 if mean < level else 0.0
    return 0.5 * math.erfc((mean - level) / (sd * math.sqrt(2.0)))

"""What brackets on a day's high (or low) are worth: whole degrees, what was seen so far, all of a city together.

The report states y, a whole degree. With T normal,

    P(lo <= y <= hi) = Phi((hi + 1/2 - mu) / s) - Phi((lo - 1/2 - mu) / s)

A day that has reached M ends at M or above: all of the law below M + 1/2 falls on y = M, and is not spread over what lies
above. The official number may still exceed everything that was read by a degree, since it is made from means that no
message shows, so a share of what lies on M is moved to M + 1. Lows are the same with all signs turned.
"""

import math
from collections.abc import Sequence

import msgspec

from cockpit.domain.markets import Market
from cockpit.domain.units import UNDERLYING
from cockpit.models.digitals import norm_cdf
from cockpit.models.fair import BAND, Fair, WeatherOutlook

SLIP = 0.12
"""Chance that the official high is a degree above the highest reading, while the report is out. A judgement."""
RESIDUAL = 0.025
"""Standard error the model leaves unexplained at one half, in probability."""
SIGMA_ERROR = 0.12
"""Relative standard error of sigma."""


class Bracket(msgspec.Struct, frozen=True):
    """The whole degrees that pay, both ends included; None is open."""

    low: int | None
    high: int | None


def bracket_of(market: Market) -> Bracket | None:
    """A market's degrees by its strikes; None where it has none, or they are no whole degrees.

    Source: Kalshi's temperature series: ``between`` includes both ends, ``greater`` and ``less`` do not.
    """
    floor, cap = _degrees(market.floor), _degrees(market.cap)
    match market.strike_type:
        case "between" if floor is not None and cap is not None:
            return Bracket(math.ceil(floor), math.floor(cap))
        case "greater" if floor is not None:
            return Bracket(math.floor(floor) + 1, None)
        case "greater_or_equal" if floor is not None:
            return Bracket(math.ceil(floor), None)
        case "less" if cap is not None:
            return Bracket(None, math.ceil(cap) - 1)
        case "less_or_equal" if cap is not None:
            return Bracket(None, math.floor(cap))
        case _:
            return None


def pays(bracket: Bracket, value: int) -> bool:
    """Whether a bracket pays on a report's whole degree."""
    return (bracket.low is None or value >= bracket.low) and (bracket.high is None or value <= bracket.high)


def below(degree: int, mu: float, sigma: float, reached: int | None = None) -> float:
    """P(y <= degree) of a high, where the day has reached a whole degree or None is known."""
    p = norm_cdf((degree + 0.5 - mu) / sigma)
    if reached is None:
        return p
    if degree < reached:
        return 0.0
    if degree == reached:
        return p * (1.0 - SLIP)
    return p


def chance(
    bracket: Bracket, mu: float, sigma: float, reached: int | None = None, *, low: bool = False
) -> float:
    """The probability that a bracket pays; ``low`` where the day's lowest temperature decides."""
    if low:
        turned = Bracket(_turn(bracket.high), _turn(bracket.low))
        return chance(turned, -mu, sigma, _turn(reached))
    up = 1.0 if bracket.high is None else below(bracket.high, mu, sigma, reached)
    down = 0.0 if bracket.low is None else below(bracket.low - 1, mu, sigma, reached)
    return max(0.0, up - down)


def price(
    brackets: Sequence[Bracket],
    outlook: WeatherOutlook,
) -> list[Fair]:
    """Fair values of all brackets of one station's day, which sum to one where the brackets tile."""
    mu, sigma, low = outlook.mu, outlook.sigma, outlook.low
    shifted = [
        [chance(each, mu + step * outlook.mu_error, sigma, outlook.reached, low=low) for each in brackets]
        for step in (1.0, -1.0)
    ]
    scaled = [
        [chance(each, mu, sigma * (1.0 + step * SIGMA_ERROR), outlook.reached, low=low) for each in brackets]
        for step in (1.0, -1.0)
    ]
    found = []
    for i, each in enumerate(brackets):
        mid = chance(each, mu, sigma, outlook.reached, low=low)
        error = math.hypot(
            (shifted[0][i] - shifted[1][i]) / 2.0,
            (scaled[0][i] - scaled[1][i]) / 2.0,
            2.0 * RESIDUAL * math.sqrt(max(0.0, mid * (1.0 - mid))),
        )
        half = BAND * error
        found.append(Fair(max(0.0, mid - half), mid, min(1.0, mid + half), error, outlook))
    return found


def _degrees(strike: int | None) -> float | None:
    return None if strike is None else strike / UNDERLYING


def _turn(degree: int | None) -> int | None:
    return None if degree is None else -degree

"""The settlement window: from a spot, a volatility and the prints that are out to the law of the settlement mean.

The mean A of n = 60 one-second prints, the last at the close, splits into the k that are out, whose sum P is known, and
the m = n - k to come, which diffuse from the spot S as of the moment it was seen:

    E[A]   = (P + m S) / n
    Var[A] = (m/n)^2 S^2 (exp(sigma^2 psi / year) - 1)  +  (weight * e)^2
    psi    = d + (m - 1)(2 m - 1) / (6 m)

d is the time from the moment of the spot to the first print to come, so that an old spot has more left to diffuse; e is
the error of a spot that is not the index's own, common to all prints it stands for. Source: the venue's rules (the
simple mean of the 60 prints of the last minute) and Levy 1992.
"""

import math

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.digitals import PRINTS, YEAR_S, effective_seconds
from cockpit.models.fair import Outlook
from cockpit.models.volatility import VolEstimate

RESIDUAL = 0.005
"""Standard error of a probability the model leaves unexplained: half a cent."""
LAST_PRINTS = 3
"""With so few prints to come the clock, the rounding and the print's own lag decide: the residual is doubled."""
FORECAST_ERROR = 0.25
"""Deviation of log volatility over the next quarter to whole hour around what the last hour's returns foretell; from
a day of one-second bitcoin prices, sampling noise taken out."""
JUMP_S = 45.0
"""Excess kurtosis of returns times their span: 3 over 15 s."""
EXCESS_ERROR = 0.5
"""Relative standard error of an excess kurtosis."""
MOST_EXCESS = 3.0
"""Beyond this it counts as this for the band: the series it enters is good for no more."""
_LEAST_SD = 1e-9
"""Least standard deviation, relative to the price."""


class Spot(msgspec.Struct, frozen=True, gc=False):
    """The settlement index now, as well as it is known."""

    price: float
    source: str
    """The index by name where it speaks itself, else ``"PROXY coinbase"``."""
    age_ns: int
    error: float
    """Standard error in dollars of a price that is not the index's own; 0 where the index itself is fresh."""


class Known(msgspec.Struct, frozen=True, gc=False):
    """The prints of a window that are out: how many, their sum in dollars, and how many of those are estimates."""

    prints: int = 0
    total: float = 0.0
    estimated: int = 0
    missing_error: float = 0.0
    """Standard error of the sum from prints nobody here saw, dollars."""


def excess_kurtosis(vol_error: float, seconds: float) -> float:
    """Excess kurtosis of a price after ``seconds``, given a volatility with relative standard error ``vol_error``.

    A normal whose volatility is itself uncertain, log-normally with deviation s, has kurtosis 3 exp(4 s^2): s joins the
    error of the volatility and what volatility does until the close. Jumps add to it the sooner the close is, as the
    returns that make the sum up become few. Source: Clark 1973, the mixture of normals.
    """
    return 3.0 * math.expm1(4.0 * (vol_error**2 + FORECAST_ERROR**2)) + JUMP_S / max(seconds, 1.0)


def tail(excess: float) -> int:
    """The Student t with an excess kurtosis nearest to this: 6 / (nu - 4). Source: Praetz 1972."""
    freedom = 4.0 + 6.0 / excess
    if freedom < 5.0:
        return 4
    return 6 if freedom < 7.0 else 8


def settle(
    now: int,
    close_ns: int,
    seen: Spot,
    vol: VolEstimate,
    known: Known,
) -> Outlook:
    """The law of the mean of the 60 prints up to ``close_ns``, as of ``now`` (ns UTC).

    Args:
        now: the moment asked for.
        close_ns: the last print's moment.
        seen: the price the prints to come start from.
        vol: the volatility they diffuse with.
        known: the prints that are out.
    """
    left = PRINTS - known.prints
    share = left / PRINTS
    first_ns = close_ns - (left - 1) * SECOND
    age = seen.age_ns / SECOND
    since_spot = max(0.0, (first_ns - now) / SECOND + age)
    psi = effective_seconds(since_spot, left)
    aged = min(age, since_spot)
    weight = (left + known.estimated) / PRINTS
    excess = excess_kurtosis(vol.error, psi)
    index_error = math.hypot(weight * seen.error, known.missing_error / PRINTS)
    diffusion = share * seen.price * math.sqrt(math.expm1(vol.sigma**2 * psi / YEAR_S))
    sd = math.hypot(diffusion, index_error)
    return Outlook(
        mean=(known.total + left * seen.price) / PRINTS,
        sd=max(sd, _LEAST_SD * seen.price),
        tail=tail(excess) if left else 0,
        spot=seen.price,
        source=seen.source,
        age_s=age,
        vol=vol.sigma,
        vol_error=vol.error,
        left_s=max(0.0, (close_ns - now) / SECOND),
        theta_s=share * share * (psi - aged),
        known=known.prints,
        index_error=index_error,
        age_error=share * seen.price * vol.sigma * math.sqrt(aged / YEAR_S),
        tail_error=EXCESS_ERROR * min(excess, MOST_EXCESS) if left else 0.0,
        residual=RESIDUAL * (2.0 if left <= LAST_PRINTS else 1.0),
    )

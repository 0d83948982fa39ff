"""Who wins a game from score and clock: Brownian motion of the lead, corrected. The family of `nba` and `nfl`.

With L the lead (home minus away, points), r the seconds left, T those of regulation, tau = r/T and mu the drift:

    m = L (1 - beta tau) + mu tau            a lead is partly given back
    s = sqrt(sigma^2 tau + f)                the end is wilder than its seconds say
    P(home wins) = (1 - q) Phi((m - 1/2)/s) + q Phi((m + 1/2)/s)

which is P(lead > 1/2) + q P(level), scores being whole. q is the home side's chance in overtime, itself the same motion
over E seconds of it: q = Phi(k mu sqrt(E/T) / sigma). In overtime tau = r/T too, the drift is k mu, and a level end
leads to another overtime.

Where games can be drawn, P is what a contract on the winner is expected to pay: P(win) + P(draw)/2, a draw being worth
one half to either side. A level end of overtime is then 1/2, and q = (Phi((n - 1/2)/t) + Phi((n + 1/2)/t)) / 2 with n
and t the mean and standard deviation of the overtime's own lead. So both sides' prices always come to 1.

Sources: Stern 1994, J. Amer. Statist. Assoc. 89 (the motion; beta = f = 0); Gabel & Redner 2012, J. Quant. Anal. Sports
8 (leads are pulled back); the floor f stands for the fouls, timeouts and long shots of the last minute.

The band has three causes, added in quadrature: the parameters' own errors (`Parameters.covariance`), the line's
(`Line.error`), and what the model leaves unexplained (`Parameters.residual`, largest at 50 %).
"""

import math
from typing import TYPE_CHECKING

import msgspec

from cockpit.models.digitals import norm_cdf
from cockpit.models.fair import BAND

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

FREE = ("sigma", "beta", "floor", "line")
"""What a fit moves, in the order of `Parameters.covariance`."""
_STEP = 1e-4
_HALVINGS = 60
_WIDE = 9.0
"""Drifts are looked for this many standard deviations to either side."""
BALL_S = 60.0
BALL_POINTS = 0.5
"""What having the ball is worth in the last minute, points.

Source: level games with under 30 seconds left are won by the side with the ball in 61 % of 352, without in 47 % of 356.
"""


class Parameters(msgspec.Struct, frozen=True):
    """One set of numbers of the family."""

    name: str
    sigma: float
    """Standard deviation of the lead over a regulation, points."""
    beta: float = 0.0
    """Share of a lead that would be given back over a whole regulation."""
    floor: float = 1e-9
    """f, points squared."""
    line: float = 1.0
    """Drift of a point of the line, points."""
    overtime: float = 1.0
    """k: how much more the drift counts in overtime."""
    regulation: float = 2880.0
    """T, seconds."""
    extra: float = 300.0
    """E, seconds of an overtime."""
    draws: bool = False
    """Whether a game still level after overtime ends so, and pays one half to either side."""
    home: float = 0.0
    """Mean line of home sides, points: what stands in where no line is known."""
    line_error: float = 0.0
    """Standard error of a line, points of the line."""
    residual: float = 0.0
    """Standard error the model leaves unexplained where P is 1/2, in probability; it shrinks with sqrt(P (1 - P))."""
    covariance: tuple[tuple[float, ...], ...] = ()
    """Of sigma, beta, floor and line; empty where no fit of ours stands behind them."""
    n: int = 0
    """Games behind the numbers."""
    source: str = ""


class Line(msgspec.Struct, frozen=True):
    """What was known before the game: the home side's drift and its standard error, points on sigma's scale."""

    drift: float = 0.0
    error: float = 0.0


class State(msgspec.Struct, frozen=True, gc=False):
    """A moment of a game, seen from the home side."""

    lead: float
    """Home minus away, points."""
    left: float
    """Seconds left of regulation, or of the overtime being played."""
    overtime: bool = False
    ball: int = 0
    """Who has the ball: 1 home, -1 away, 0 not known."""


class Chance(msgspec.Struct, frozen=True, gc=False):
    """P(home wins), draws counted half, with its band, 0 <= low <= mid <= high <= 1, and the errors behind it."""

    low: float
    mid: float
    high: float
    parameters: float
    line: float
    residual: float

    @property
    def error(self) -> float:
        """Standard error of mid; the band is `cockpit.models.fair.BAND` of it to either side, cut at 0 and 1."""
        return math.sqrt(self.parameters**2 + self.line**2 + self.residual**2)


def from_spread(spread: float, parameters: Parameters) -> Line:
    """The drift of a home spread in points, negative where home is the favourite, as books quote it."""
    return Line(-spread * parameters.line, parameters.line_error * parameters.line)


def from_moneyline(p: float, parameters: Parameters) -> Line:
    """The drift at which the game begins at ``p``, the home side's moneyline without the book's margin.

    Raises:
        ValueError: unless 0 < p < 1.
    """
    if not 0.0 < p < 1.0:
        raise ValueError(f"a chance strictly between 0 and 1, not {p}")
    start = State(0.0, parameters.regulation)
    high = _WIDE * math.sqrt(parameters.sigma**2 + parameters.floor)
    low = -high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if win(start, middle, parameters) < p else (low, middle)
    return Line((low + high) / 2.0, parameters.line_error * parameters.line)


def overtime_win(drift: float, parameters: Parameters) -> float:
    """q: P(home wins) of a game that goes to overtime; where it can end level there, P(win) + P(draw)/2."""
    tau = parameters.extra / parameters.regulation
    mean, spread = parameters.overtime * drift * tau, parameters.sigma * math.sqrt(tau)
    if not parameters.draws:
        return norm_cdf(mean / spread)
    return (norm_cdf((mean - 0.5) / spread) + norm_cdf((mean + 0.5) / spread)) / 2.0


def win(state: State, drift: float, parameters: Parameters) -> float:
    """P(home wins), a draw counted half. At 0 seconds the score decides; a level one goes to overtime, or is a draw.

    Args:
        state: score and clock; seconds below 0 count as 0.
        drift: mu, points on sigma's scale.
        parameters: the numbers.
    """
    drawn = parameters.draws and state.overtime
    level = 0.5 if drawn else overtime_win(drift, parameters)
    if state.left <= 0.0:
        return level if state.lead == 0.0 else float(state.lead > 0.0)
    tau = state.left / parameters.regulation
    pull = drift * (parameters.overtime if state.overtime else 1.0)
    mean = state.lead * (1.0 - parameters.beta * tau) + pull * tau
    if state.left < BALL_S:
        mean += BALL_POINTS * state.ball
    spread = math.sqrt(parameters.sigma**2 * tau + parameters.floor)
    below, above = norm_cdf((mean - 0.5) / spread), norm_cdf((mean + 0.5) / spread)
    return (1.0 - level) * below + level * above


def chance(state: State, line: Line, parameters: Parameters) -> Chance:
    """P(home wins) with its band."""
    mid = win(state, line.drift, parameters)
    spread = 2.0 * math.sqrt(mid * (1.0 - mid))
    out = Chance(
        low=mid,
        mid=mid,
        high=mid,
        parameters=_parameter_error(state, line.drift, parameters),
        line=abs(_drift_slope(state, line.drift, parameters)) * line.error,
        residual=parameters.residual * spread,
    )
    half = BAND * out.error
    return msgspec.structs.replace(out, low=max(0.0, mid - half), high=min(1.0, mid + half))


def explain(state: State, line: Line, parameters: Parameters) -> tuple[tuple[str, float], ...]:
    """How a chance came about, as (name, number) pairs in reading order; the band's numbers are half-widths alone."""
    found = chance(state, line, parameters)
    plain = Parameters("plain", parameters.sigma, regulation=parameters.regulation, extra=parameters.extra)
    return (
        ("lead", state.lead),
        ("seconds left", state.left),
        ("drift", line.drift),
        ("sigma", parameters.sigma),
        ("given back", parameters.beta * state.left / parameters.regulation),
        ("floor", parameters.floor),
        ("P overtime", overtime_win(line.drift, parameters)),
        ("P plain", win(state, line.drift, plain)),
        ("P", found.mid),
        ("band parameters", BAND * found.parameters),
        ("band line", BAND * found.line),
        ("band model", BAND * found.residual),
    )


def _drift_slope(state: State, drift: float, parameters: Parameters) -> float:
    up, down = win(state, drift + _STEP, parameters), win(state, drift - _STEP, parameters)
    return (up - down) / (2.0 * _STEP)


def _parameter_error(state: State, drift: float, parameters: Parameters) -> float:
    """Standard error of P from those of the fitted numbers, to first order."""
    if not parameters.covariance:
        return 0.0
    slopes = [_slope(state, drift, parameters, name) for name in FREE]
    rows = zip(slopes, parameters.covariance, strict=True)
    square = sum(a * b * each for a, row in rows for b, each in zip(slopes, row, strict=True))
    return math.sqrt(max(0.0, square))


def _slope(state: State, drift: float, parameters: Parameters, name: str) -> float:
    """Change of P by one of the fitted numbers; the drift moves with ``line``."""
    if name == "line":
        return _drift_slope(state, drift, parameters) * drift / parameters.line
    value = getattr(parameters, name)
    up = msgspec.structs.replace(parameters, **{name: value + _STEP})
    return (win(state, drift, up) - win(state, drift, parameters)) / _STEP


def win_array(
    lead: "ArrayLike",
    left: "ArrayLike",
    drift: "ArrayLike",
    parameters: Parameters,
    overtime: "ArrayLike" = False,
) -> "Floats":
    """`win` of many states at once, by arrays that broadcast: points, seconds, points, and whether in overtime."""
    import numpy as np
    from scipy.special import ndtr

    lead, extra = np.asarray(lead, dtype=float), np.asarray(overtime, dtype=bool)
    tau = np.maximum(np.asarray(left, dtype=float), 0.0) / parameters.regulation
    drift = np.asarray(drift, dtype=float)
    level = _overtime_wins(drift, parameters)
    if parameters.draws:
        level = np.where(extra, 0.5, level)
    pull = drift * np.where(extra, parameters.overtime, 1.0)
    mean = lead + tau * (pull - parameters.beta * lead)
    spread = np.sqrt(parameters.sigma**2 * tau + parameters.floor)
    below = ndtr((mean - 0.5) / spread)
    live = below + level * (ndtr((mean + 0.5) / spread) - below)
    over = np.where(lead == 0.0, level, lead > 0.0)
    return np.asarray(np.where(tau > 0.0, live, over), dtype=float)


def _overtime_wins(drift: "Floats", parameters: Parameters) -> "Floats":
    """`overtime_win` of many drifts at once."""
    from scipy.special import ndtr

    tau = parameters.extra / parameters.regulation
    mean, spread = parameters.overtime * tau * drift, parameters.sigma * math.sqrt(tau)
    half = 0.5 * parameters.draws
    found: Floats = (ndtr((mean - half) / spread) + ndtr((mean + half) / spread)) / 2.0
    return found


def left_of(period: int, clock: float, periods: int, period_s: float, extra_s: float) -> tuple[float, bool]:
    """Seconds left of regulation, or of the overtime being played, and which of the two.

    Args:
        period: from 1 on; those after the last of regulation are overtimes.
        clock: seconds left of it; what lies outside the period's length is cut to it.
        periods: of regulation.
        period_s: length of one, seconds.
        extra_s: length of an overtime.

    Raises:
        ValueError: for a period below 1.
    """
    if period < 1:
        raise ValueError(f"period {period}: expected 1 or more")
    if period > periods:
        return min(max(clock, 0.0), extra_s), True
    return (periods - period) * period_s + min(max(clock, 0.0), period_s), False

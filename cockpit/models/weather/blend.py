"""Several forecasts of one station's high (or low) as one normal law, each set right by its own past there.

    bias b_k   exponentially weighted mean of (observed - forecast), pulled to 0 by n / (n + 10)
    var  v_k   the same of the squared error that is left
    weight     1 / v_k^POWER, as a share
    mu         sum of w_k (f_k + b_k)
    sigma^2    c + d S^2, S^2 the weighted variance of the f_k + b_k: forecasts that disagree know less;
               never under (r + (1 - r) sum of w_k^2) times the sum of w_k v_k, r the correlation of models' errors:
               few models, and models of which little is known yet, are trusted no more than their own past

Source of the form: ensemble model output statistics (Gneiting et al. 2005, Mon. Weather Rev. 133). c and d are those that
minimise the mean CRPS over the days before 2024 of twenty stations (`cockpit evaluate weather`); that archive strings
together each model's newest runs, so they hold for the last hours before the day, and `LEADS` widens them for longer ones.
All temperatures in degrees Fahrenheit.
"""

import math
from collections.abc import Mapping

import msgspec

POWER = 3.0
"""How sharply weights follow past errors."""
ALPHA_BIAS, ALPHA_VAR = 0.05, 0.02
"""Weights of the newest day, once there are enough of them."""
SHRINK = 10.0
FIRST_VAR = 9.0
"""Degrees squared, before anything is known of a model at a station."""
LEAST_VAR = 0.25
C, D = 1.27, 0.93
"""Degrees squared, and per degree squared."""
ALIKE = 0.3
"""r: how far models err together. Ours: between 0.2 and 0.5 the CRPS on 2024 differs by 0.0014."""
LEADS = ((12.0, 1.0), (24.0, 1.3), (36.0, 1.5), (48.0, 1.75), (72.0, 2.2), (120.0, 3.0))
"""(hours from the forecast to the warmest hour, factor on sigma): a judgement, until forecasts of our own are recorded."""


class Skill(msgspec.Struct):
    """What one model has been worth at one station."""

    bias: float = 0.0
    var: float = FIRST_VAR
    n: int = 0

    @property
    def shrunk(self) -> float:
        """The bias, pulled to nothing while few days are known."""
        return self.bias * self.n / (self.n + SHRINK)

    def learn(self, forecast: float, observed: float) -> None:
        """A day has settled."""
        left = observed - forecast - self.shrunk
        self.bias += max(ALPHA_BIAS, 1.0 / (self.n + 1)) * (observed - forecast - self.bias)
        self.var += max(ALPHA_VAR, 1.0 / (self.n + 5)) * (left * left - self.var)
        self.n += 1


class Blend(msgspec.Struct, frozen=True):
    """One station's day as a normal law, and what it was made from."""

    mu: float
    sigma: float
    spread: float
    """S: how far the forecasts are apart once each is set right."""
    error: float
    """Standard error of mu: biases are learnt from so many days."""
    parts: tuple[tuple[str, float, float, float], ...]
    """(model, forecast, bias, weight), the heaviest first."""
    least: float = 0.0
    """What sigma squared is at least, before its lead widens it."""


def blend(
    forecasts: Mapping[str, float],
    skills: Mapping[str, Skill],
    lead_h: float = 0.0,
    law: tuple[float, float] = (C, D),
) -> Blend | None:
    """Forecasts by model as one law; None without any.

    Args:
        forecasts: degrees, by model.
        skills: of the station.
        lead_h: hours until the day's warmest hour.
        law: c and d.
    """
    if not forecasts:
        return None
    known = {name: skills.get(name) or Skill() for name in sorted(forecasts)}
    raw = {name: max(each.var, LEAST_VAR) ** -POWER for name, each in known.items()}
    total = math.fsum(raw.values())
    weights = {name: each / total for name, each in raw.items()}
    right = {name: forecasts[name] + known[name].shrunk for name in known}
    mu = math.fsum(weights[name] * right[name] for name in known)
    square = math.fsum(weights[name] * (right[name] - mu) ** 2 for name in known)
    factor = widened(lead_h)
    parts = sorted(
        ((name, forecasts[name], known[name].shrunk, weights[name]) for name in known),
        key=lambda each: (-each[3], each[0]),
    )
    error = math.sqrt(
        math.fsum(weights[name] ** 2 * known[name].var / (known[name].n + 1.0) for name in known)
    )
    own = math.fsum(weights[name] * known[name].var for name in known)
    least = own * (ALIKE + (1.0 - ALIKE) * math.fsum(each * each for each in weights.values()))
    sigma = factor * math.sqrt(max(law[0] + law[1] * square, least))
    return Blend(mu, sigma, math.sqrt(square), error, tuple(parts), least)


def widened(lead_h: float) -> float:
    """The factor on sigma of a forecast so many hours ahead, straight between the table's lines."""
    before_h, before = 0.0, LEADS[0][1]
    for hours, factor in LEADS:
        if lead_h <= hours:
            share = (lead_h - before_h) / (hours - before_h) if hours > before_h else 1.0
            return before + max(0.0, share) * (factor - before)
        before_h, before = hours, factor
    return LEADS[-1][1]


def crps(mu: float, sigma: float, observed: float) -> float:
    """Continuous ranked probability score of a normal law, degrees: lower is better. Source: Gneiting et al. 2005."""
    z = (observed - mu) / sigma
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return sigma * (z * math.erf(z / math.sqrt(2.0)) + 2.0 * density - 1.0 / math.sqrt(math.pi))

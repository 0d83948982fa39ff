"""The probability score: our view and the market's blended in logits, and how surely it beats a cost.

    logit p* = w logit p_model + (1 - w) logit p_market + beta_z z + beta_y y
    se ** 2  = w ** 2 se_model ** 2 + s0 ** 2
    score    = Phi((logit p* - logit c) / se) = P(p > c)

z is the market's trend, y another venue's lead (`Snap.lead` has it; beta_y is 0 until it has been fitted). For a maker the cost
c is the price rested at plus the fee. Fitting w, beta_z and beta_y is a logistic regression on these logits; a weight
of the market near 1 says there is no edge.
"""

import math

import msgspec

_ROOT_HALF = math.sqrt(0.5)
_FLOOR = 1e-6


class Blend(msgspec.Struct, frozen=True):
    """Weights of the blend. All ours, settable, until fitted."""

    w: float = 0.0
    """Weight of our own fair value against the market's mid."""
    beta_z: float = 0.05
    """Logits for each standard deviation of trend."""
    beta_y: float = 0.0
    """Logits for each logit another venue leads by."""
    s0: float = 0.10
    """Standard error of the blend that no input accounts for, logits."""


def logit(p: float) -> float:
    """Log odds of a probability, held off 0 and 1 by 1e-6."""
    p = min(max(p, _FLOOR), 1.0 - _FLOOR)
    return math.log(p) - math.log(1.0 - p)


def logistic(x: float) -> float:
    """The probability of log odds; no overflow at either end."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def blended(blend: Blend, model: float, market: float, z: float = 0.0, y: float = 0.0) -> float:
    """Logit p*, from the logits of the model and the market, the trend and the lead."""
    return blend.w * model + (1.0 - blend.w) * market + blend.beta_z * z + blend.beta_y * y


def blended_se(blend: Blend, model_se: float) -> float:
    """Standard error of logit p*."""
    return math.hypot(blend.w * model_se, blend.s0)


def score(x: float, cost: float, se: float) -> float:
    """P(p > c): how surely log odds x beat an all-in cost in dollars."""
    if cost >= 1.0:
        return 0.0
    if cost <= 0.0:
        return 1.0
    if se <= 0.0:
        return 1.0 if x > logit(cost) else 0.0
    return 0.5 * math.erfc((logit(cost) - x) / se * _ROOT_HALF)

"""What a phrase's market is worth: its base rate, the time left to say it, and another venue's price as sentiment.

On the logit scale the base rate and the other venue's middle are weighed by their precisions, 1 / se^2. The base rate's
error is the beta posterior's; the other price's is what its book is wide, and what two venues' rules may differ by.

Of an event under way only what is left counts: words come at a constant rate, so that of P before it, with a share r of it
left and the phrase not said,

    P(left) = 1 - (1 - P)^r

That it was not said is taken from the market being open: said, it would have been decided. An event that may not be held
pays no on every word, so P is multiplied by the chance that it is.
"""

import math

from cockpit.models.fair import BAND, Fair, MentionOutlook
from cockpit.models.mentions.rates import Rate

SENTIMENT = 0.45
"""Standard error, in logits, of another venue's middle as ours where the rules are the same. Ours."""
OTHER_RULES = 0.9
"""The same where the rules are known to differ or were not compared."""
HELD = 0.97
"""Chance that a scheduled event is held at all. Ours, until recordings say."""
RESIDUAL = 0.05
"""Standard error the model leaves unexplained at one half, in probability. Ours."""
_EDGE = 1e-4


def value(
    rate: Rate,
    *,
    left: float = 1.0,
    held: float = HELD,
    other: float | None = None,
    other_width: float = 0.0,
    same_rules: bool = False,
    age_s: float = 0.0,
) -> Fair:
    """The probability that a phrase is said in what is left of an event, with its band.

    Args:
        rate: its base rate at such events.
        left: share of the event to come, 1 before it and 0 at its end.
        held: chance that the event is held; 1 once it is under way.
        other: another venue's middle as a probability; None where there is none.
        other_width: how wide its book is, dollars.
        same_rules: whether a person confirmed that both venues' rules are the same.
        age_s: of the other venue's quote, seconds.
    """
    left = min(max(left, 0.0), 1.0)
    base = held * (1.0 - (1.0 - rate.mean) ** left)
    se = rate.error / max(rate.mean * (1.0 - rate.mean), 1e-3)
    x, weight = _logit(base), 1.0 / (se * se + 1e-6)
    if other is not None and _EDGE < other < 1.0 - _EDGE:
        wide = 0.5 * other_width / max(other * (1.0 - other), 1e-3)
        other_se = math.hypot(SENTIMENT if same_rules else OTHER_RULES, wide)
        both = weight + 1.0 / (other_se * other_se)
        x = (x * weight + _logit(other) / (other_se * other_se)) / both
        share, weight = weight / both, both
    else:
        share = 1.0
    mid = 1.0 / (1.0 + math.exp(-x)) if left > 0.0 else 0.0
    spread = mid * (1.0 - mid)
    error = math.hypot(math.sqrt(1.0 / weight) * spread, 2.0 * RESIDUAL * math.sqrt(spread))
    half = BAND * error
    outlook = MentionOutlook(
        rate=rate.mean, said=rate.said, n=rate.n, events=rate.events, prior=rate.prior, left=left, held=held,
        other=other, own_share=share, age_s=age_s,
    )  # fmt: skip
    return Fair(max(0.0, mid - half), mid, min(1.0, mid + half), error, outlook)


def explain(fair: Fair) -> tuple[tuple[str, float], ...]:
    """How a value came about, as (name, number) pairs in reading order; nothing for one of another model."""
    found = fair.outlook
    if not isinstance(found, MentionOutlook):
        return ()
    numbers = [
        ("said", found.said), ("events", float(found.events)), ("weighed", found.n), ("shrunk to", found.prior),
        ("base rate", found.rate), ("P held", found.held), ("left of it", found.left),
    ]  # fmt: skip
    if found.other is not None:
        numbers += [("other venue", found.other), ("base's share", found.own_share)]
    return (*numbers, ("P", fair.mid), ("band half", BAND * fair.error))


def _logit(p: float) -> float:
    p = min(max(p, _EDGE), 1.0 - _EDGE)
    return math.log(p / (1.0 - p))

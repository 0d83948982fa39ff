"""The spot exchanges that stand in for a settlement index: how far each is from it, and what they come to together.

While the index speaks, each proxy's relative distance from it (its basis) is learned: a weighted mean and spread, shrunk
to the asset's prior. When the index is silent, the fresh proxies, corrected, are combined:

    price = sum w x,    w ~ f(z) (1 - age / limit) / doubt^2

x is a proxy's corrected price, doubt the standard error of its basis and of what it moved since. f takes out those that
are alone far from the rest: 1 near the median, falling to 0 at `OUTLIER_SIGMA` (Hampel 1974). Our own last price has a
vote in the median; two who disagree with nobody to judge between them are both kept. All of it fades gradually, so that
no price jumps because a source falls silent or goes astray. The error of the price is the largest of

    the errors of the bases, `COMMON` of their variance shared          sqrt(c (sum w e)^2 + (1 - c) sum (w e)^2)
    the spread of those kept                                            sqrt(sum w (x - price)^2)
    the distance of any one kept, so far as its own doubt does not explain it
    the distance from the median of those asked
"""

import math
from collections.abc import Sequence

import msgspec

from cockpit.domain.units import SECOND
from cockpit.models.assets import Asset
from cockpit.models.digitals import YEAR_S

FRESH_NS = 30 * SECOND
"""An older proxy is not used while a fresher one speaks."""
PAIRED_NS = 2 * SECOND
"""A price this old is no measure of the distance from an index print."""
ANCHOR_NS = 60 * SECOND
"""A price of our own this old helps no more to tell who is wrong."""
QUARREL = 2.0
"""So many votes only quarrel; a third judges between them."""
OUTLIER_SIGMA = 5.0
"""A proxy this many standard deviations from the median of the fresh ones is ignored; from half of it, it weighs less."""
COMMON = 0.5
"""The share of the variance of the bases that is taken to be the same for all: they stand beside one and the same index."""
EXPLAINED = 1.0
"""A distance of this many doubts is what one expects; at one more it is disagreement, and error in full."""
HALF_LIFE_S = 120.0
"""Half-life of what is learned of a basis."""
FORGET_S = 1800.0
"""Half-life of it once the index is silent."""
SPREAD_PRIOR = 20.0
"""Prints the prior spread of the basis is worth."""
MEAN_PRIOR = 3.0
"""Prints the prior mean of the basis, zero, is worth."""
MARKS = 30
"""Whole seconds of a proxy that are kept to be compared with index prints; polled ones come a quarter minute late."""


class Basis(msgspec.Struct):
    """How far the index is from one proxy, relative to the price: weighted mean and square, and their weight."""

    mean: float = 0.0
    square: float = 0.0
    weight: float = 0.0
    ts: int = 0

    def learn(self, ts: int, distance: float) -> None:
        """Take index / proxy - 1 as of ``ts``."""
        keep = 0.5 ** ((ts - self.ts) / SECOND / HALF_LIFE_S) if self.weight else 0.0
        total = keep * self.weight + 1.0
        step = 1.0 / total
        before = self.mean
        self.mean += step * (distance - before)
        self.square += step * ((distance - before) * (distance - self.mean) - self.square)
        self.weight, self.ts = total, ts

    def guess(self, now: int, prior_sd: float) -> tuple[float, float]:
        """Mean and standard deviation of the relative distance now, shrunk to the prior as it ages."""
        weight = self.weight * 0.5 ** ((now - self.ts) / SECOND / FORGET_S)
        variance = (weight * self.square + SPREAD_PRIOR * prior_sd**2) / (weight + SPREAD_PRIOR)
        trust = weight / (weight + MEAN_PRIOR)
        return self.mean * trust, math.sqrt(variance + ((1.0 - trust) * prior_sd) ** 2)


class Proxy(msgspec.Struct):
    """A spot exchange's last word on the underlying."""

    price: float = 0.0
    ts: int = 0
    basis: Basis = msgspec.field(default_factory=Basis)
    marks: list[tuple[int, float]] = []
    """(whole second, price then) of the last seconds, oldest first: what index prints are compared with."""

    def mark(self, second: int) -> None:
        """Note the price as of a whole second, unless it is too old to be the price then."""
        if second * SECOND - self.ts <= PAIRED_NS:
            self.marks.append((second, self.price))
            if len(self.marks) > MARKS:
                del self.marks[0]

    def at(self, second: int) -> float:
        """The price noted for a whole second, 0 where none was."""
        return next((price for when, price in reversed(self.marks) if when == second), 0.0)


class Voice(msgspec.Struct, frozen=True, gc=False):
    """A proxy's price corrected by its basis, in dollars."""

    key: str
    price: float
    factor: float
    """What the proxy's own price was multiplied by."""
    age_ns: int
    error: float
    """Standard error of the basis."""
    doubt: float
    """Standard error of basis and age together."""


class Blend(msgspec.Struct, frozen=True, gc=False):
    """What stands in for the index: those who are believed, together."""

    price: float
    age_ns: int
    """The mean age of what it is made of, by weight."""
    error: float
    """Standard error as the settlement index, age apart, dollars."""
    doubt: float
    """Standard error of the bases and ages together, disagreement apart."""
    weights: dict[str, float]
    """By key, of those believed; they sum to one."""


def voices(asset: Asset, proxies: dict[str, Proxy], now: int) -> list[Voice]:
    """Each proxy that has spoken, corrected, in the asset's order."""
    out = []
    for key, prior in asset.proxies.items():
        proxy = proxies.get(key)
        if proxy is None:
            continue
        mean, sd = proxy.basis.guess(now, prior)
        age = now - proxy.ts
        if age < 0:
            age = 0
        factor = 1.0 + mean
        price = proxy.price * factor
        drift = diffusion(asset, age)
        out.append(Voice(key, price, factor, age, price * sd, price * math.sqrt(sd * sd + drift * drift)))
    return out


def diffusion(asset: Asset, age_ns: int) -> float:
    """How far a price moves over an age, relative: one standard deviation at the asset's prior volatility."""
    return asset.vol_prior * math.sqrt(age_ns / SECOND / YEAR_S)


def blend(heard: Sequence[Voice], anchor: Voice | None = None) -> Blend | None:
    """What those who are fresh come to together; when none is, the freshest of them all.

    Args:
        heard: from `voices`.
        anchor: a recent price of our own, which helps to tell who is wrong.

    Returns:
        None when nobody has spoken.
    """
    fresh = [each for each in heard if each.age_ns < FRESH_NS] or sorted(heard, key=_age)[:1]
    if not fresh:
        return None
    if len(fresh) == 1:
        only = fresh[0]
        return Blend(only.price, only.age_ns, only.error, only.doubt, {only.key: 1.0})
    votes = [_vote(each.age_ns, FRESH_NS) for each in fresh]
    judges = fresh
    if anchor is not None and anchor.age_ns < ANCHOR_NS:
        judges, votes = [*fresh, anchor], [*votes, _vote(anchor.age_ns, ANCHOR_NS)]
    total = sum(votes)
    quorum = min(1.0, total - QUARREL)
    if quorum <= 0.0:
        return _together(fresh, [1.0] * len(fresh), 0.0, 0.0)
    centre = _median([each.price for each in judges], votes, total)
    doubt = _median([each.doubt for each in judges], votes, total)
    trust = [1.0 - quorum * (1.0 - _trust(each, centre, doubt)) for each in fresh]
    return _together(fresh, trust if any(trust) else [1.0] * len(fresh), centre, quorum)


def _vote(age_ns: int, limit_ns: int) -> float:
    """What an opinion counts among the others: whole to half the age at which it counts no more."""
    return min(1.0, 2.0 - 2.0 * age_ns / limit_ns)


def _median(values: list[float], votes: list[float], total: float) -> float:
    """The value in the middle of more than two votes, none above one: linear between the middles of neighbours."""
    if total == len(votes):
        values = sorted(values)
        return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2.0
    half, below, place, before = total / 2.0, 0.0, 0.0, 0.0
    for value, vote in sorted(zip(values, votes, strict=True)):
        middle = below + vote / 2.0
        if middle >= half:
            return before + (value - before) * (half - place) / (middle - place)
        place, before, below = middle, value, below + vote
    return before


def _trust(voice: Voice, centre: float, doubt: float) -> float:
    """1 near the median, 0 far away, between the two in proportion; the median's own doubt is the middle one."""
    sigmas = abs(voice.price - centre) / math.sqrt(voice.doubt * voice.doubt + doubt * doubt)
    return max(0.0, min(1.0, 2.0 - 2.0 * sigmas / OUTLIER_SIGMA))


def _together(fresh: list[Voice], trust: list[float], centre: float, quorum: float) -> Blend:
    """The weighted mean of the fresh voices that are trusted at all."""
    parts = [
        (each, t * (1.0 - each.age_ns / FRESH_NS) / (each.doubt * each.doubt))
        for each, t in zip(fresh, trust, strict=True)
        if t > 0.0
    ]
    total = sum(part for _, part in parts)
    kept = [(each, part / total) for each, part in parts]
    prices = [each.price for each, _ in kept]
    price = min(max(sum(w * each.price for each, w in kept), min(prices)), max(prices))
    age = spread = error = errors = doubt = doubts = apart = 0.0
    for each, w in kept:
        away = abs(each.price - price)
        unexplained = away / each.doubt - EXPLAINED
        if unexplained > 0.0:
            apart = max(apart, away * min(1.0, unexplained))
        age += w * each.age_ns
        spread += w * away * away
        error += w * each.error
        errors += (w * each.error) ** 2
        doubt += w * each.doubt
        doubts += (w * each.doubt) ** 2
    own = math.sqrt(COMMON * error * error + (1.0 - COMMON) * errors)
    return Blend(
        price,
        round(age),
        max(own, math.sqrt(spread), apart, quorum * abs(price - centre)),
        math.sqrt(COMMON * doubt * doubt + (1.0 - COMMON) * doubts),
        {each.key: w for each, w in kept},
    )


def _age(voice: Voice) -> int:
    return voice.age_ns


class Source(msgspec.Struct, frozen=True):
    """One proxy as a person wants to see it; dollars."""

    name: str
    price: float
    """Its own, not corrected."""
    age_ns: int
    basis: float
    """What is added to it to make it the index."""
    error: float
    """Standard error of that."""
    away: float
    """How far, corrected, it is from what all come to."""
    weight: float
    """In that, 0 to 1; 0 is not believed."""
    stale: bool
    """Whether it has been silent for too long to count."""


def sources(heard: Sequence[Voice], believed: Blend) -> tuple[Source, ...]:
    """Everyone who has spoken, those who do not count among them."""
    out = []
    for each in heard:
        own, weight = each.price / each.factor, believed.weights.get(each.key, 0.0)
        stale = not weight and each.age_ns >= FRESH_NS
        name = each.key.partition(" ")[0]
        away = each.price - believed.price
        out.append(Source(name, own, each.age_ns, each.price - own, each.error, away, weight, stale))
    return tuple(out)
